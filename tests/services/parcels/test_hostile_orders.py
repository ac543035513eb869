"""What nobody should order of parcels and their links: refused in a sentence, and nobody is in another's way (rows 55-57)."""

from decimal import Decimal

import pytest

from models.parcels import ParcelHeadLink
from services.engine.cycle import acts
from services.engine.cycle_orders import StartUpdate
from services.engine.refusals import NotFound, Rejected
from services.parcels.head_links import AnswerLink, ClaimParcel, OfferParcel, claim_parcel, decline_link, offer_parcel
from services.parcels.project_links import AssignParcel, assign_parcel
from tests.land import Land
from tests.services.parcels.test_row_55 import ask, number, offer, perform, proof

_NUMBERS = ("NaN", "sNaN", "Infinity", "-Infinity", "1e400", "1e18", "-5", "1e-400", "0.000001", "33." + "3" * 28)


@pytest.mark.row(55)
@pytest.mark.parametrize("typed", _NUMBERS)
def test_a_share_that_is_none(land: Land, typed: str) -> None:
    parcel = land.parcel()
    with pytest.raises(Rejected) as refused:
        perform(land, offer_parcel, "pdchu01", OfferParcel(parcel, land.companies["H-1"], Decimal(typed)))
    assert [one.field for one in refused.value.findings] == ["share"]
    order = ClaimParcel("310115", number(land, parcel), proof(land, "shenpu01"), Decimal(typed))
    with pytest.raises(Rejected) as refused:
        perform(land, claim_parcel, "shenpu01", order)
    assert [one.field for one in refused.value.findings] == ["share"]


@pytest.mark.row(57)
@pytest.mark.parametrize("typed", _NUMBERS)
def test_a_part_that_is_none(land: Land, typed: str) -> None:
    parcel = land.parcel(head="H-1")
    with pytest.raises(Rejected) as refused:
        perform(land, assign_parcel, "shenpu_admin", AssignParcel(parcel, land.companies["P-1"], Decimal(typed)))
    assert [one.field for one in refused.value.findings] == ["part_area"]


@pytest.mark.row(55)
@pytest.mark.parametrize("words", ["字数足够\ud800", "字数足够\x00", "\u202e字数足够", "长" * 100_000])
def test_words_nobody_can_read(land: Land, words: str) -> None:
    parcel = land.parcel()
    with pytest.raises(Rejected):
        perform(land, offer_parcel, "pdchu01", OfferParcel(parcel, land.companies["H-1"], Decimal(50), words))
    link = offer(land, parcel)
    with pytest.raises(Rejected):
        perform(land, decline_link, "shenpu01", AnswerLink(link, words))
    assert land.market.row(ParcelHeadLink, link).answered_at is None


@pytest.mark.row(56)
def test_whom_a_parcel_is_offered_to_reads_it_and_has_no_word_about_it(land: Land) -> None:
    """A draft begun by him nobody else could see, and while it is open nobody else could begin one."""
    parcel = land.parcel()
    offer(land, parcel, "H-2")
    view = ask(land, acts("parcel").record, "jianghai01", parcel)
    assert view.ways == frozenset()
    with pytest.raises(NotFound):
        perform(land, acts("parcel").update, "jianghai01", StartUpdate(parcel, "现场情况有变化"))
    assert perform(land, acts("parcel").update, "pdchu01", StartUpdate(parcel, "现场情况有变化")).version == 1

"""The property register over HTTP: titles, persons, restrictions, and changes since yesterday."""

from datetime import date
from decimal import Decimal

import pytest

from models.house import HouseCategory, ProofKind, RestrictionKind, RoomKind
from services.ports.answers import AnswerState, Title, TitleQuestion
from services.ports.systems import PROPERTY_REGISTER, Systems
from tests.integrations.conftest import Control
from tests.integrations.tables import (
    CHEN,
    COMMON,
    LEASED,
    LEASING_FIRM,
    PLAIN,
    PUBLIC,
    RENEWED_NEW,
    RENEWED_OLD,
    SEVERAL,
    STRANGER,
    TO_SEIZE,
    TO_SELL,
    ZHAO,
    ZHOU,
    limit_cert,
    status_cert,
)


def title(systems: Systems, cert_no: str, room_no: str = "") -> Title:
    answer = systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(cert_no, room_no))
    assert answer.value is not None, answer
    return answer.value


def test_a_title_is_told_in_our_words(systems: Systems) -> None:
    found = title(systems, PLAIN)
    assert (found.cert_no, found.house_code, found.room_no) == (PLAIN, "31011500000000000001", "101室")
    assert (found.category, found.proof_kind) == (HouseCategory.OWNED, ProofKind.A1)
    assert (found.build_area, found.inner_area, found.design_use) == (Decimal("88.50"), Decimal("70.10"), "居住")
    assert (found.district_code, found.street_code, found.share_kind) == ("310115", "310115005", "SOLE")
    assert (found.registered_on, found.floor_no, found.floor_total) == (date(2021, 5, 6), 3, 18)
    assert [(holder.name, holder.id_type, holder.id_no) for holder in found.holders] == [(CHEN[0], "11", CHEN[1])]


def test_an_answer_names_its_source_and_the_time_of_its_data(systems: Systems) -> None:
    answer = systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(PLAIN))
    assert (answer.state, answer.source) == (AnswerState.HIT, "不动产登记")
    assert answer.at is not None
    assert answer.at.utcoffset() is not None
    assert answer.value is not None
    assert answer.value.as_of == answer.at


def test_rooms_of_the_plan_keep_their_kind(systems: Systems) -> None:
    rooms = {room.label: (room.kind, room.usable_area) for room in title(systems, PLAIN).rooms}
    assert rooms == {
        "A": (RoomKind.BEDROOM, Decimal("14.2")),
        "B": (RoomKind.BEDROOM, Decimal("11.6")),
        "T": (RoomKind.HALL, Decimal("13.0")),
        "K": (RoomKind.KITCHEN, Decimal("5.5")),
        "W": (RoomKind.BATH, Decimal("4.1")),
        "Y": (RoomKind.BALCONY, Decimal("4.0")),
        "C": (RoomKind.STORAGE, Decimal("2.2")),
    }


@pytest.mark.row(4)
@pytest.mark.parametrize(
    "typed",
    ["沪(2021)浦字不动产权第012345号", " 沪（2021）浦字不动产权第 012345 号 ", "沪(２０２１)浦字不动产权第012345号"],
)
def test_brackets_and_blanks_do_not_matter(systems: Systems, typed: str) -> None:
    assert title(systems, typed).cert_no == PLAIN


@pytest.mark.row(10)
def test_old_and_new_number_of_one_unit_lead_to_the_present_title(systems: Systems) -> None:
    assert title(systems, RENEWED_OLD) == title(systems, RENEWED_NEW)
    assert title(systems, RENEWED_OLD).cert_no == RENEWED_NEW


def test_earlier_number_kept_on_the_title_itself_is_found(systems: Systems) -> None:
    assert title(systems, "沪房地浦字(2009)第090001号").cert_no == "沪（2024）浦字不动产权第090001号"


@pytest.mark.row(4)
def test_certificate_over_several_flats_asks_for_the_room(systems: Systems) -> None:
    answer = systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(SEVERAL))
    assert (answer.state, answer.note) == (AnswerState.MISS, "多户")


@pytest.mark.row(4)
@pytest.mark.parametrize("room", ["202室", "202", "1号202室"])
def test_room_chooses_among_several_flats(systems: Systems, room: str) -> None:
    assert title(systems, SEVERAL, room).room_no == "202室"


@pytest.mark.parametrize("cert_no", ["沪（2021）浦字不动产权第999999号", PUBLIC])
def test_unknown_number_and_public_housing_are_missed(systems: Systems, cert_no: str) -> None:
    answer = systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(cert_no))
    assert (answer.state, answer.note) == (AnswerState.MISS, "")


def test_a_room_that_is_not_there_is_missed(systems: Systems) -> None:
    assert systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(SEVERAL, "909室")).missed


def test_co_owners_are_all_told(systems: Systems) -> None:
    found = title(systems, COMMON)
    assert {(holder.id_no, holder.share) for holder in found.holders} == {
        (CHEN[1], Decimal(50)),
        (ZHOU[1], Decimal(50)),
    }
    assert found.share_kind == "SHARES"


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("正常", []),
        ("抵押", []),
        ("查封", [RestrictionKind.SEIZURE]),
        ("异议登记", [RestrictionKind.DISPUTE]),
        ("预告登记", [RestrictionKind.OTHER]),
        ("违法建筑", [RestrictionKind.ILLEGAL]),
        ("D级危房", [RestrictionKind.DANGER]),
    ],
)
def test_status_becomes_a_restriction(systems: Systems, status: str, kinds: list[RestrictionKind]) -> None:
    found = title(systems, status_cert(status))
    assert [restriction.kind for restriction in found.restrictions] == kinds
    assert found.mortgaged is (status == "抵押")
    assert all(restriction.source for restriction in found.restrictions)


@pytest.mark.parametrize("kind", ["EXPROPRIATION", "GROUP_LETTING", "POLICY"])
def test_restriction_of_a_fixture_is_told(systems: Systems, kind: str) -> None:
    assert [restriction.kind for restriction in title(systems, limit_cert(kind)).restrictions] == [kind]


@pytest.mark.parametrize(
    ("cert_no", "proof"),
    [("沪(2025)浦字不动产证明第090002号", ProofKind.A2), ("沪商品房预售合同浦字2025第090003号", ProofKind.A3)],
)
def test_presale_titles_are_told_with_their_proof(systems: Systems, cert_no: str, proof: ProofKind) -> None:
    found = title(systems, cert_no)
    assert (found.category, found.proof_kind) == (HouseCategory.PRESALE, proof)


def test_cancelled_certificate_says_when_it_ended(systems: Systems) -> None:
    assert title(systems, "沪房地浦字（2006）第090005号").ended_on == date(2021, 8, 12)


def test_authorised_lessor_holds_a_mandate(systems: Systems) -> None:
    assert title(systems, LEASED).mandates == (LEASING_FIRM,)


@pytest.mark.row(10)
def test_former_owner_finds_the_flat_with_his_period(systems: Systems) -> None:
    answer = systems.at(PROPERTY_REGISTER).titles_of_person("310104198807219039")
    assert answer.value is not None
    (former,) = answer.value[0].former_holders
    assert (former.since, former.until) == (date(2009, 3, 10), date(2024, 5, 20))


def test_every_title_of_a_person_is_told(systems: Systems) -> None:
    answer = systems.at(PROPERTY_REGISTER).titles_of_person(ZHOU[1])
    assert answer.value is not None
    assert {found.cert_no for found in answer.value} == {COMMON, LEASED}


def test_person_without_any_title_is_missed(systems: Systems) -> None:
    assert systems.at(PROPERTY_REGISTER).titles_of_person(STRANGER[1]).missed


@pytest.mark.row(4)
def test_seizure_since_the_last_question_is_told_at_once(systems: Systems, control: Control) -> None:
    before = systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(TO_SEIZE))
    assert before.value is not None
    assert before.value.restrictions == ()
    control("property_register", "change", cert_no=TO_SEIZE, set={"limit_status": "查封"}).raise_for_status()
    after = systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(TO_SEIZE))
    assert after.value is not None
    assert [restriction.kind for restriction in after.value.restrictions] == [RestrictionKind.SEIZURE]
    assert after.at is not None
    assert before.at is not None
    assert after.at > before.at


def test_sold_flat_keeps_its_former_owner_until_the_day_of_transfer(systems: Systems, control: Control) -> None:
    control(
        "property_register", "change", cert_no=TO_SELL, set={"owners": "/".join(STRANGER), "reg_date": "2026-03-02"}
    ).raise_for_status()
    found = title(systems, TO_SELL)
    assert [holder.id_no for holder in found.holders] == [STRANGER[1]]
    assert [(holder.id_no, holder.until) for holder in found.former_holders] == [(ZHAO[1], date(2026, 3, 2))]
    assert found.last_transfer_on == date(2026, 3, 2)
    assert systems.at(PROPERTY_REGISTER).titles_of_person(ZHAO[1]).hit


def test_change_of_an_unknown_column_or_title_is_refused(systems: Systems, control: Control) -> None:
    assert control("property_register", "change", cert_no=PLAIN, set={"planted": "x"}).status_code == 422
    assert control("property_register", "change", cert_no=PLAIN, set={"reg_date": "昨天"}).status_code == 422
    assert control("property_register", "change", cert_no=PLAIN, set={"floor_area": "大"}).status_code == 422
    assert control("property_register", "change", cert_no="无此证", set={"room": "1"}).status_code == 404


def test_mismatch_on_demand_names_another_holder(systems: Systems, control: Control) -> None:
    control("property_register", "faults", fault="mismatch", times=1)
    assert CHEN[1] not in {holder.id_no for holder in title(systems, PLAIN).holders}
    assert CHEN[1] in {holder.id_no for holder in title(systems, PLAIN).holders}


def test_miss_on_demand_hides_a_title(systems: Systems, control: Control) -> None:
    control("property_register", "faults", fault="miss", match=PLAIN)
    assert systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(PLAIN)).missed
    assert systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(COMMON)).hit

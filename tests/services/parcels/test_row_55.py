"""总公司地块关联: offered or claimed, confirmed by the other side; shares, crossings, races, release (row 55)."""

from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from models.alerts import Alert, AlertGrade
from models.land_codes import LinkSide, LinkVerb
from models.parcels import Parcel, ParcelHeadLink
from models.records import PactState
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.kind_listing import list_of
from services.engine.kinds import KINDS
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.parcels.head_links import (
    AnswerLink,
    ClaimParcel,
    OfferParcel,
    cancel_link,
    claim_parcel,
    confirm_link,
    decline_link,
    offer_parcel,
    release_link,
)
from services.parcels.link_choices import UNLINKED, Claimable, claimable, heads
from services.parcels.link_views import HEAD_LINKS, link_steps
from services.parcels.parcel_watches import watch_offers
from services.parcels.proofs import KeepProof, keep_proof, open_proof
from tests.files_made import png
from tests.land import Land
from tests.world import at_once

pytestmark = pytest.mark.row(55)


def perform(land: Land, act: Any, login: str, order: Any) -> Any:
    return land.market.world.door.perform(act, land.market.caller(login), order)


def ask(land: Land, query: Any, login: str, order: Any) -> Any:
    return land.market.world.door.ask(query, land.market.caller(login), order)


def offer(land: Land, parcel: UUID, head: str = "H-1", share: str = "100", login: str = "pdchu01") -> UUID:
    link: UUID = perform(land, offer_parcel, login, OfferParcel(parcel, land.companies[head], Decimal(share)))
    return link


def number(land: Land, parcel: UUID) -> str:
    return str(land.market.row(Parcel, parcel).parcel_no)


def claim(land: Land, parcel: UUID, login: str = "shenpu01", share: str = "100") -> UUID:
    order = ClaimParcel("310115", number(land, parcel), proof(land, login), Decimal(share))
    link: UUID = perform(land, claim_parcel, login, order)
    return link


def proof(land: Land, login: str) -> UUID:
    made: UUID = perform(land, keep_proof, login, KeepProof("成交确认书.png", png()))
    return made


def state(land: Land, link: UUID) -> PactState:
    found: PactState = land.market.row(ParcelHeadLink, link).state
    return found


def holder(land: Land, parcel: UUID) -> UUID | None:
    found: UUID | None = land.market.row(Parcel, parcel).head_company_id
    return found


def sees(land: Land, login: str, parcel: UUID) -> bool:
    try:
        ask(land, acts("parcel").record, login, parcel)
    except NotFound:
        return False
    return True


def test_an_offer_holds_once_the_head_company_confirms(land: Land) -> None:
    parcel = land.parcel()
    link = offer(land, parcel)
    assert (state(land, link), holder(land, parcel)) == (PactState.OFFERED, None)
    perform(land, confirm_link, "shenpu01", AnswerLink(link))
    assert (state(land, link), holder(land, parcel)) == (PactState.CONFIRMED, land.market.shenpu)
    assert sees(land, "shenpu01", parcel)
    assert not sees(land, "jianghai01", parcel)


def test_a_claim_holds_once_the_authority_confirms(land: Land) -> None:
    parcel = land.parcel()
    link = claim(land, parcel)
    assert not sees(land, "shenpu01", parcel)
    perform(land, confirm_link, "pdchu01", AnswerLink(link))
    assert (state(land, link), holder(land, parcel)) == (PactState.CONFIRMED, land.market.shenpu)
    verbs = [step.verb for step in ask(land, link_steps, "shenpu01", link)]
    assert verbs == [LinkVerb.CLAIMED, LinkVerb.CONFIRMED]
    assert [step.verb for step in ask(land, link_steps, "pdchu01", link)] == verbs
    # Of the authority a head company is told the office; its own people are named, and masked to the authority.
    ours, theirs = ask(land, link_steps, "shenpu01", link)
    assert (ours.by, theirs.by, bool(theirs.unit)) == ("章可心", "", True)
    assert [step.by for step in ask(land, link_steps, "pdchu01", link)] == ["章*心", "夏初"]


def test_a_claim_needs_proof_and_the_exact_number(land: Land) -> None:
    parcel = land.parcel()
    with pytest.raises(Rejected) as refused:
        perform(land, claim_parcel, "shenpu01", ClaimParcel("310115", number(land, parcel)))
    assert [one.field for one in refused.value.findings] == ["proof_id"]
    paper = proof(land, "shenpu01")
    for district, typed in (("310115", number(land, parcel)[:-1]), ("310104", number(land, parcel)), ("310115", "%")):
        with pytest.raises(NotFound):
            perform(land, claim_parcel, "shenpu01", ClaimParcel(district, typed, paper))
    with pytest.raises(NotFound):
        perform(land, claim_parcel, "jianghai01", ClaimParcel("310115", number(land, parcel), paper))


def test_two_heads_claim_one_parcel_and_the_authority_decides(land: Land) -> None:
    parcel = land.parcel()
    ours, theirs = claim(land, parcel), claim(land, parcel, "jianghai01")
    lines = ask(land, HEAD_LINKS.query, "pdchu01", ListRows({"text": number(land, parcel)})).lines
    assert {line.id for line in lines} == {ours, theirs}
    assert [line.rivals for line in lines] == [1, 1]
    mine = ask(land, HEAD_LINKS.query, "shenpu01", ListRows({"text": number(land, parcel)}))
    assert [(line.id, line.rivals) for line in mine.lines] == [(ours, 0)]
    assert ask(land, open_proof, "pdchu01", ours).content == png()
    with pytest.raises(NotFound):
        ask(land, open_proof, "jianghai01", ours)
    perform(land, confirm_link, "pdchu01", AnswerLink(theirs))
    with pytest.raises(Rejected) as refused:
        perform(land, confirm_link, "pdchu01", AnswerLink(ours))
    assert [one.code for one in refused.value.findings] == ["PAR-07"]
    perform(land, decline_link, "pdchu01", AnswerLink(ours, "成交确认书的竞得人不是贵公司"))
    assert (state(land, ours), state(land, theirs)) == (PactState.DECLINED, PactState.CONFIRMED)
    assert holder(land, parcel) == land.market.jianghai


@pytest.mark.parametrize(("second", "refused"), [("0.5", False), ("40", False), ("40.01", True), ("50", True)])
def test_shares_of_a_joint_bid_never_pass_the_whole(land: Land, second: str, refused: bool) -> None:
    parcel = land.parcel()
    perform(land, confirm_link, "shenpu01", AnswerLink(offer(land, parcel, share="60")))
    if refused:
        with pytest.raises(Rejected) as told:
            offer(land, parcel, "H-2", second)
        assert [one.code for one in told.value.findings] == ["PAR-07"]
        return
    perform(land, confirm_link, "jianghai01", AnswerLink(offer(land, parcel, "H-2", second)))
    assert sees(land, "shenpu01", parcel)
    assert sees(land, "jianghai01", parcel)
    assert holder(land, parcel) == land.market.shenpu


def test_of_two_claims_that_pass_the_whole_together_only_one_is_confirmed(land: Land) -> None:
    parcel = land.parcel()
    links = [claim(land, parcel, share="60"), claim(land, parcel, "jianghai01", share="50")]
    door, handlers = land.market.world.door, [land.market.caller("pdchu01"), land.market.caller("shichu01")]
    results = at_once(
        [partial(door.perform, confirm_link, who, AnswerLink(link)) for link, who in zip(links, handlers, strict=True)]
    )
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, Rejected) for result in results) == 1
    assert sorted(str(state(land, link)) for link in links) == ["CONFIRMED", "OFFERED"]


@pytest.mark.parametrize("share", ["0", "-1", "100.01"])
def test_a_share_is_a_part_of_the_whole(land: Land, share: str) -> None:
    with pytest.raises(Rejected):
        offer(land, land.parcel(), share=share)


def test_claim_and_offer_of_one_pair_that_cross_are_a_confirmation(land: Land) -> None:
    offered = land.parcel()
    first = offer(land, offered)
    order = ClaimParcel("310115", number(land, offered))
    assert perform(land, claim_parcel, "shenpu01", order) == first
    claimed = land.parcel()
    second = claim(land, claimed)
    assert offer(land, claimed) == second
    assert [state(land, first), state(land, second)] == [PactState.CONFIRMED, PactState.CONFIRMED]
    assert ask(land, link_steps, "shenpu01", first)[-1].verb is LinkVerb.CROSSED


def test_claim_and_offer_at_one_moment_are_one_confirmed_link(land: Land) -> None:
    parcel = land.parcel()
    door, paper = land.market.world.door, proof(land, "shenpu01")
    handler, head = land.market.caller("pdchu01"), land.market.caller("shenpu01")
    claiming = ClaimParcel("310115", number(land, parcel), paper)
    offering = OfferParcel(parcel, land.market.shenpu)
    results = at_once(
        [lambda: door.perform(offer_parcel, handler, offering), lambda: door.perform(claim_parcel, head, claiming)]
    )
    assert len(set(results)) == 1, results
    assert state(land, results[0]) is PactState.CONFIRMED


def test_a_crossing_with_another_share_is_no_confirmation(land: Land) -> None:
    parcel = land.parcel()
    link = claim(land, parcel, share="60")
    with pytest.raises(Conflict) as refused:
        offer(land, parcel, share="50")
    assert "60%" in refused.value.message
    assert state(land, link) is PactState.OFFERED


def test_an_offer_to_another_head_waits_beside_a_claim(land: Land) -> None:
    parcel = land.parcel()
    ours = claim(land, parcel)
    theirs = offer(land, parcel, "H-2")
    assert [state(land, one) for one in (ours, theirs)] == [PactState.OFFERED, PactState.OFFERED]


def test_confirming_twice_is_refused(land: Land) -> None:
    link = offer(land, land.parcel())
    perform(land, confirm_link, "shenpu01", AnswerLink(link))
    with pytest.raises(Conflict):
        perform(land, confirm_link, "shenpu_admin", AnswerLink(link))


def test_who_offers_does_not_answer_and_who_answers_does_not_cancel(land: Land) -> None:
    link = offer(land, land.parcel())
    for login in ("pdchu01", "shichu01"):
        with pytest.raises(NotAllowed):
            perform(land, confirm_link, login, AnswerLink(link))
    with pytest.raises(NotAllowed):
        perform(land, cancel_link, "shenpu01", AnswerLink(link))
    perform(land, cancel_link, "pdchu01", AnswerLink(link))
    assert state(land, link) is PactState.CANCELLED
    # It may be offered anew.
    assert offer(land, land.market.row(ParcelHeadLink, link).parcel_id) != link


def test_a_claim_is_taken_back_by_its_head(land: Land) -> None:
    link = claim(land, land.parcel())
    perform(land, cancel_link, "shenpu_admin", AnswerLink(link))
    with pytest.raises(Conflict):
        perform(land, confirm_link, "pdchu01", AnswerLink(link))


def test_a_refusal_has_a_reason(land: Land) -> None:
    link = offer(land, land.parcel())
    with pytest.raises(Rejected):
        perform(land, decline_link, "shenpu01", AnswerLink(link, "不是"))
    perform(land, decline_link, "shenpu01", AnswerLink(link, "本公司未竞得该地块"))
    assert ask(land, link_steps, "pdchu01", link)[-1].words == "本公司未竞得该地块"


def test_a_link_is_not_released_while_a_project_stands_on_it(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    link = ask(land, HEAD_LINKS.query, "shenpu01", ListRows({"text": number(land, parcel)})).lines[0].id
    project = land.project("P-1", parcel=parcel)
    assigned = land.link_company(parcel, "P-1", project=project)
    with pytest.raises(Rejected) as refused:
        perform(land, release_link, "pdchu01", AnswerLink(link, "土地已经收回了"))
    assert [one.code for one in refused.value.findings] == ["PAR-10"]
    assert assigned


def test_a_released_parcel_is_nobodys(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    link = ask(land, HEAD_LINKS.query, "shenpu01", ListRows({"text": number(land, parcel)})).lines[0].id
    with pytest.raises(NotAllowed):
        perform(land, release_link, "shenpu01", AnswerLink(link, "本公司退出该地块"))
    perform(land, release_link, "pdchu01", AnswerLink(link, "土地使用权已收回"))
    assert (state(land, link), holder(land, parcel)) == (PactState.RELEASED, None)
    assert not sees(land, "shenpu01", parcel)


def test_of_a_joint_bid_the_other_head_stays(land: Land) -> None:
    parcel = land.parcel()
    land.link_head(parcel, "H-1", "60")
    land.link_head(parcel, "H-2", "40")
    link = ask(land, HEAD_LINKS.query, "shenpu01", ListRows({"text": number(land, parcel)})).lines[0].id
    perform(land, release_link, "pdchu01", AnswerLink(link, "联合体成员退出"))
    assert holder(land, parcel) == land.market.jianghai
    assert not sees(land, "shenpu01", parcel)
    assert sees(land, "jianghai01", parcel)


def test_a_parcel_voided_while_an_offer_is_open_ends_the_offer(land: Land) -> None:
    parcel = land.parcel()
    link = offer(land, parcel)
    perform(land, acts("parcel").void, "pdshen01", Void(parcel, "登记重复，予以作废"))
    assert state(land, link) is PactState.EXPIRED
    assert ask(land, link_steps, "shenpu01", link)[-1].verb is LinkVerb.PARCEL_VOIDED
    with pytest.raises(Conflict):
        perform(land, confirm_link, "shenpu01", AnswerLink(link))
    with pytest.raises(Conflict):
        offer(land, parcel, "H-2")


def test_a_linked_parcel_is_not_voided(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    with pytest.raises(Conflict) as refused:
        perform(land, acts("parcel").void, "pdshen01", Void(parcel, "登记重复，予以作废"))
    assert "解除关联" in refused.value.message


def test_another_districts_parcel_is_not_there(land: Land) -> None:
    parcel = land.parcel()
    link = offer(land, parcel)
    with pytest.raises(NotFound):
        offer(land, parcel, "H-2", login="xhchu01")
    with pytest.raises(NotFound):
        perform(land, release_link, "xhchu01", AnswerLink(link, "与本区无关的关联"))
    for act in (confirm_link, decline_link, cancel_link):
        for login in ("xhchu01", "jianghai01"):
            with pytest.raises(NotFound):
                perform(land, act, login, AnswerLink(link, "与本公司无关的关联"))
    with pytest.raises(NotFound):
        ask(land, link_steps, "jianghai01", link)
    with pytest.raises(NotFound):
        perform(land, confirm_link, "shenpu01", AnswerLink(uuid4()))


def test_only_admitted_heads_are_offered_land(land: Land) -> None:
    parcel = land.parcel()
    with pytest.raises(NotFound):
        perform(land, offer_parcel, "pdchu01", OfferParcel(parcel, land.market.binjiang))
    names = list(ask(land, heads, "pdchu01", "").values())
    assert "申浦置业集团有限公司" in names
    assert "江海城市开发有限公司" in names


def test_nobody_answers_and_it_is_told_and_ends(land: Land) -> None:
    link = offer(land, land.parcel())
    world = land.market.world

    def alert() -> Alert | None:
        found: Alert | None = world.read(
            lambda work: work.session.exec(
                select(Alert).where(Alert.subject_id == link, Alert.rule_code == "PAR-08")
            ).first()
        )
        return found

    for day, grade in (((2027, 3, 12), None), ((2027, 3, 15), AlertGrade.BLUE), ((2027, 3, 29), AlertGrade.YELLOW)):
        world.stand_at(*day)
        world.door.perform(watch_offers, SYSTEM, None)
        told = alert()
        assert (told.grade if told else None) == grade
    expires = land.market.row(ParcelHeadLink, link).expires_on
    world.stand_at(expires.year, expires.month, expires.day)
    world.door.perform(watch_offers, SYSTEM, None)
    assert state(land, link) is PactState.OFFERED
    world.let_pass(days=1)
    world.door.perform(watch_offers, SYSTEM, None)
    assert state(land, link) is PactState.EXPIRED
    ended = alert()
    assert ended is not None
    assert ended.open_key is None


def test_parcels_nobody_holds_whole_are_found(land: Land) -> None:
    free, joint, taken = land.parcel(), land.parcel(), land.parcel(head="H-1")
    land.link_head(joint, "H-1", "60")

    def found(parcel: UUID) -> list[Decimal]:
        page = ask(land, UNLINKED.query, "pdchu01", ListRows({"text": number(land, parcel)}))
        return [line.held for line in page.lines if line.id == parcel]

    assert [found(free), found(joint), found(taken)] == [[Decimal(0)], [Decimal(60)], []]
    elsewhere = ask(land, UNLINKED.query, "xhchu01", ListRows({"text": number(land, free)}))
    assert elsewhere.lines == ()


def test_what_may_be_claimed_tells_no_more_than_was_announced(land: Land) -> None:
    parcel = land.parcel()
    said = ask(land, claimable, "jianghai01", Claimable("310115", number(land, parcel)))
    assert (said.free, said.mine, said.offered_to_me) == (Decimal(100), False, False)
    assert not any("price" in name or "contract" in name for name in vars(said))


@pytest.mark.parametrize(
    "order",
    [
        ListRows(paging=Paging(sort="mac")),
        ListRows(paging=Paging(size=0)),
        ListRows(paging=Paging(page=0)),
        ListRows({"state": "X"}),
        ListRows({"district": "1"}),
    ],
)
def test_lists_refuse_what_no_page_offers(land: Land, order: ListRows) -> None:
    with pytest.raises(Rejected):
        ask(land, HEAD_LINKS.query, "pdchu01", order)
    with pytest.raises(Rejected):
        ask(land, UNLINKED.query, "pdchu01", order)


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "_", "<script>", "华" * 60])
def test_a_search_takes_anything(land: Land, text: str) -> None:
    assert ask(land, HEAD_LINKS.query, "pdchu01", ListRows({"text": text})).lines == ()
    assert ask(land, list_of(KINDS["parcel"]).query, "pdchu01", ListRows({"text": text})).lines == ()


def test_two_competing_heads_find_no_row_of_each_other(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    offer(land, land.parcel())
    claim(land, land.parcel())
    theirs = ask(land, HEAD_LINKS.query, "jianghai01", ListRows(paging=Paging(size=200))).lines
    assert {line.head for line in theirs} <= {"江海城市开发有限公司"}
    listed = ask(land, list_of(KINDS["parcel"]).query, "jianghai01", ListRows(paging=Paging(size=200)))
    assert parcel not in {line.id for line in listed.lines}
    assert all(line.offered_side in LinkSide for line in theirs)

"""Row 1: applications are taken in once, merged, decided once, and the library learns every state in order."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models.one_stop import StopCorrection, StopGroup, StopMatch, StopMessage, StopStep
from models.one_stop_codes import MatchVerdict, MessageOutcome, StopAct, StopState
from models.tenancy import ContractParty, GovCase, LeaseFiling
from models.tenancy_codes import ApplicantSide, CaseState, Side
from services.engine.callers import SYSTEM
from services.engine.orders import Reasoned
from services.one_stop.case_view import one_case
from services.one_stop.hand import MergeCases, merge_by_hand, part_by_hand
from services.one_stop.intake import TakeMessage
from services.one_stop.listings import CASES
from services.one_stop.pushed import Failed, keep_failed, sweep
from tests.services.one_stop.portal import NEW, Portal, person
from tests.services.tenancy.counter import Person, somebody

pytestmark = pytest.mark.row(1)


def _steps(portal: Portal, case_no: str) -> list[StopStep]:
    case_id = portal.case(case_no).id
    return list(portal.world.read(lambda work: work.rows(StopStep, StopStep.case_id == case_id, by=StopStep.position)))


def test_a_message_delivered_twice_is_one(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    flat = portal.counter.free_flat()
    message = portal.message(
        form=portal.lease(flat, (tenant,)), applicant={**person(tenant), "role": "LESSEE"}, papers=NEW
    )
    first, second = portal.take(message), portal.take(message)
    kept = portal.world.read(lambda work: work.rows(StopMessage, StopMessage.msg_id == message["msg_id"]))
    assert first == second
    assert [(one.deliveries, one.outcome) for one in kept] == [(2, MessageOutcome.APPLIED)]
    assert portal.states(message["case_no"]) == ["ACCEPTED"]


def test_an_older_state_or_version_changes_nothing(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    form = portal.lease(portal.counter.free_flat(), (tenant,))
    case = portal.apply(form, tenant, papers=NEW, empty=("CONTRACT",))
    portal.further(case, "SUPPLEMENT", form=form, applicant={**person(tenant), "role": "LESSEE"}, papers=NEW)
    stale = portal.take(portal.message("STATE", case_no=case, version=1, library_status="CORRECTION"))
    cheap = {**form, "rent_amount": "1.00"}
    older = portal.take(portal.message(case_no=case, version=1, form=cheap, applicant=person(tenant), papers=NEW))
    assert (stale.outcome, older.outcome) == (MessageOutcome.NO_EFFECT, MessageOutcome.OUTDATED)
    assert (portal.states(case), str(portal.case(case).month_rent)) == (["ACCEPTED"], "5200.00")


def test_the_newest_version_wins_whatever_the_order(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    form = portal.lease(portal.counter.free_flat(), (tenant,))
    applicant = {**person(tenant), "role": "LESSEE"}
    first = portal.message(form=form, applicant=applicant, papers=NEW, empty=("CONTRACT",))
    case = first["case_no"]
    portal.take(portal.message("SUPPLEMENT", case_no=case, version=2, form=form, applicant=applicant, papers=NEW))
    portal.take(first)
    assert (portal.states(case), portal.case(case).corrections) == (["ACCEPTED"], 0)
    gone = portal.message(form=form, applicant=applicant, papers=NEW)
    portal.take(portal.message("WITHDRAW", case_no=gone["case_no"], version=2))
    portal.take(gone)
    assert portal.states(gone["case_no"]) == ["WITHDRAWN"]


def test_a_merged_group_is_decided_once_and_all_get_one_number_once(portal: Portal) -> None:
    flat, tenants = portal.counter.free_flat(), portal.tenants()
    form = portal.lease(flat, tenants)
    typed = {**form, "rent_amount": "5,200", "house": {**form["house"], "title_cert_no": f" {flat.cert_no} "}}
    landlord = portal.apply(form, flat.owners[0], "LESSOR", accept_center_code="310104")
    cases = [landlord, *(portal.apply(typed, one) for one in tenants)]
    assert portal.states(*cases) == ["GROUPED"] * 3
    portal.decide()
    portal.decide()
    assert portal.states(*cases) == ["DONE"] * 3
    (number,) = portal.filing_nos(*cases)
    filings = portal.world.read(lambda work: work.rows(LeaseFiling, LeaseFiling.filing_no == number))
    assert [one.side for one in filings] == [ApplicantSide.BOTH]
    received = [one for one in portal.send_states() if one["case_no"] in cases]
    done = [one for one in received if one["state"] == "办结"]
    assert sorted(one["case_no"] for one in done) == sorted(cases)
    assert {(one["filing_no"], one["times"]) for one in done} == {(number, 1)}
    gov = portal.world.read(lambda work: work.rows(GovCase, col(GovCase.case_no).in_(cases)))
    assert {(one.state, one.filing_id) for one in gov} == {(CaseState.DONE, filings[0].id)}


def test_two_rents_are_no_merge_but_a_suggestion_with_the_field(portal: Portal) -> None:
    flat, tenants = portal.counter.free_flat(), portal.tenants()
    form = portal.lease(flat, tenants)
    one, two = portal.apply(form, tenants[0]), portal.apply({**form, "rent_amount": "5300.00"}, tenants[1])
    portal.decide()
    assert portal.states(one, two) == ["INTERCEPTED"] * 2
    case = portal.case(one)
    assert (case.codes, case.group_id) == ("F13", None)
    group = portal.world.read(lambda work: work.session.get_one(StopGroup, case.suggestion_id))
    assert (group.suggested, group.conflict_fields) == (True, "rent_amount")
    matches = portal.world.read(lambda work: work.rows(StopMatch, StopMatch.case_id == portal.case(two).id))
    assert [one.verdict for one in matches] == [MatchVerdict.SUGGESTED]
    assert matches[0].facts.json()["other"]["rent_amount"] == "5200.00"
    view = portal.world.door.ask(one_case, portal.world.caller("shi01"), case.id)
    assert [peer.differing for peer in view.contradicting] == [("租金",)]


def test_what_was_stopped_by_a_contradiction_goes_on_when_the_other_withdraws(portal: Portal) -> None:
    flat, tenants = portal.counter.free_flat(), portal.tenants()
    form = portal.lease(flat, tenants)
    one, two = portal.apply(form, tenants[0]), portal.apply({**form, "rent_amount": "5300.00"}, tenants[1])
    portal.decide()
    portal.further(two, "WITHDRAW")
    portal.decide()
    assert portal.states(one, two) == ["DONE", "WITHDRAWN"]


def test_of_three_tenants_one_withdraws_between_merging_and_deciding(portal: Portal) -> None:
    flat, tenants = portal.counter.free_flat(), portal.tenants(3)
    form = portal.lease(flat, tenants)
    cases = [portal.apply(form, one) for one in tenants]
    assert portal.states(*cases) == ["GROUPED"] * 3
    portal.further(cases[1], "WITHDRAW")
    portal.decide()
    assert portal.states(*cases) == ["DONE", "WITHDRAWN", "DONE"]
    assert len(portal.filing_nos(cases[0], cases[2])) == 1
    assert portal.further(cases[0], "WITHDRAW").outcome is MessageOutcome.REFUSED
    assert portal.case(cases[1]).group_id == portal.case(cases[0]).group_id


def test_a_group_of_one_after_a_split_is_decided_by_itself(portal: Portal) -> None:
    flat, tenants = portal.counter.free_flat(), portal.tenants()
    cases = [portal.apply(portal.lease(flat, tenants), one) for one in tenants]
    city = portal.world.caller("shi01")
    portal.world.door.perform(part_by_hand, city, Reasoned(portal.case(cases[1]).id, "经核实不是同一份合同"))
    assert portal.states(*cases) == ["ACCEPTED"] * 2
    portal.decide()
    assert portal.states(*cases) == ["DONE", "RETURNED"]
    assert portal.case(cases[1]).codes == "F01 F02"


def test_a_clerk_merges_what_the_system_only_suggested(portal: Portal) -> None:
    flat, tenants = portal.counter.free_flat(), portal.tenants()
    form = portal.lease(flat, tenants)
    one, two = portal.apply(form, tenants[0]), portal.apply({**form, "rent_amount": "5300.00"}, tenants[1])
    portal.decide()
    city = portal.world.caller("shi01")
    portal.world.door.perform(merge_by_hand, city, MergeCases(portal.case(two).id, one, "双方到窗口确认租金为5200元"))
    assert portal.states(one, two) == ["GROUPED"] * 2
    portal.decide()
    assert portal.states(one, two) == ["DONE"] * 2
    view = portal.world.door.ask(one_case, city, portal.case(two).id)
    assert [line.reason for line in view.verdicts if line.by_hand] == ["双方到窗口确认租金为5200元"]


def test_an_applicant_of_a_returned_case_may_apply_anew(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    form = portal.lease(portal.counter.free_flat(), (tenant,))
    short = portal.apply({**form, "end_date": form["start_date"][:8] + "28"}, tenant)
    portal.decide()
    assert (portal.states(short), portal.case(short).codes) == (["RETURNED"], "T03")
    again = portal.apply(form, tenant)
    portal.decide()
    assert portal.states(again) == ["DONE"]


@pytest.mark.parametrize(
    ("file", "missing"),
    [
        ({"size": 0}, "文件为空"),
        ({"size": 21 * 1024 * 1024}, "文件超过20MB"),
        ({"file_name": "合同.exe"}, "文件类型"),
        ({"file_name": "合同"}, "文件类型"),
    ],
)
def test_a_file_that_is_empty_too_large_or_of_another_type_counts_as_missing(
    portal: Portal, file: dict[str, Any], missing: str
) -> None:
    (tenant,) = portal.tenants(1)
    message = portal.message(
        form=portal.lease(portal.counter.free_flat(), (tenant,)),
        applicant={**person(tenant), "role": "LESSEE"},
        papers=("APPLICATION", "ID", "TITLE"),
    )
    message["attachments"].append({"material": "CONTRACT", "file_name": "合同.pdf", "size": 4096, **file})
    portal.take(message)
    view = portal.world.door.ask(one_case, portal.world.caller("shi01"), portal.case(message["case_no"]).id)
    assert (view.state, view.codes) == (StopState.CORRECTION, "F08")
    assert [line.label for line in view.materials if missing in line.note] == ["租赁合同"]


def test_one_notice_lists_everything_and_closes_after_thirty_days(portal: Portal) -> None:
    flat = portal.counter.free_flat()
    wrong = Person("李静", "310101199901010013")
    case = portal.apply(portal.lease(flat, (wrong,)), flat.owners[0], "LESSOR", papers=("APPLICATION", "ID"))
    notices = portal.world.read(lambda work: work.rows(StopCorrection, StopCorrection.case_id == portal.case(case).id))
    assert [(one.codes, one.gaps) for one in notices] == [("F08 P02", "CONTRACT TITLE")]
    portal.world.stand_at(2027, 3, 31)
    portal.run("one_stop.time_out")
    assert portal.states(case) == ["CORRECTION"]
    portal.world.stand_at(2027, 4, 1)
    portal.run("one_stop.time_out")
    assert portal.states(case) == ["CLOSED_TIMEOUT"]


def test_a_rare_name_is_filed_and_a_private_use_character_becomes_the_real_one_or_is_asked_about(
    portal: Portal,
) -> None:
    people = [somebody("𠮷野"), somebody("李\ue863"), somebody("李\uf8ff")]
    cases = [portal.apply(portal.lease(portal.counter.free_flat(), (one,)), one) for one in people]
    portal.decide()
    assert portal.states(*cases) == ["DONE", "DONE", "CORRECTION"]
    assert portal.case(cases[2]).codes == "P02"
    contracts = [portal.case(one).contract_id for one in cases[:2]]
    names = portal.world.read(
        lambda work: {
            one.name.plain
            for one in work.rows(
                ContractParty, col(ContractParty.contract_id).in_(contracts), ContractParty.side == Side.LESSEE
            )
        }
    )
    assert names == {"𠮷野", "李䶮"}


def test_two_hours_of_a_library_that_is_down_lose_nothing_and_keep_the_order(portal: Portal) -> None:
    flat, tenants = portal.counter.free_flat(), portal.tenants()
    form = portal.lease(flat, tenants)
    before = portal.apply(form, tenants[0])
    portal.send_states()
    applicant = {**person(tenants[1]), "role": "LESSEE"}
    first = portal.message(form=form, applicant=applicant, papers=NEW, empty=("CONTRACT",))
    portal.feed(first)
    portal.feed(
        portal.message("SUPPLEMENT", case_no=first["case_no"], version=2, form=form, applicant=applicant, papers=NEW)
    )
    portal.world.fault("one_stop", "down")
    assert not sweep(portal.world.door).answered
    portal.decide()
    for _ in range(12):
        portal.world.let_pass(minutes=10)
        portal.run("outbox.send")
    portal.world.heal()
    assert sweep(portal.world.door).taken == 2
    assert sweep(portal.world.door).taken == 0
    # The first tenant's lease was decided meanwhile: who comes later is told so.
    portal.decide()
    portal.world.let_pass(hours=1)
    received = portal.send_states()
    of_first = [one["state"] for one in received if one["case_no"] == before]
    of_second = [one["state"] for one in received if one["case_no"] == first["case_no"]]
    assert (of_first, of_second) == (["受理", "办结"], ["补正", "受理", "退回"])


def test_a_message_that_cannot_be_read_is_kept_and_stops_no_other(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    broken = {**portal.message(), "kind": "NOTHING", "version": "one"}
    portal.feed(broken)
    good = portal.message(
        form=portal.lease(portal.counter.free_flat(), (tenant,)),
        applicant={**person(tenant), "role": "LESSEE"},
        papers=NEW,
    )
    portal.feed(good)
    sweep(portal.world.door)
    kept = portal.world.read(lambda work: work.only(StopMessage, StopMessage.msg_id == broken["msg_id"]))
    assert (kept.outcome, kept.note) == (MessageOutcome.REFUSED, "报文内容不合约定：kind、version")
    assert portal.states(good["case_no"]) == ["ACCEPTED"]


def test_a_message_that_cannot_be_taken_in_is_kept_and_the_feed_goes_on(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    applicant = {**person(tenant), "role": "LESSEE"}
    form = portal.lease(portal.counter.free_flat(), (tenant,))
    strange = portal.message(case_no="YWTB\x00X", form=form, applicant=applicant, papers=NEW)
    broken = portal.message(form=form, applicant={**applicant, "name": "李\ud800"}, papers=NEW)
    good = portal.message(form=form, applicant=applicant, papers=NEW)
    assert {portal.take(strange).outcome, portal.take(broken).outcome} == {MessageOutcome.REFUSED}
    portal.world.door.perform(keep_failed, SYSTEM, Failed(TakeMessage(good), "OperationalError"))
    portal.run("one_stop.take_failed")
    kept = portal.world.read(lambda work: {one.msg_id: one for one in work.rows(StopMessage)})
    outcomes = [kept[one["msg_id"]].outcome for one in (strange, broken, good)]
    assert outcomes == [MessageOutcome.REFUSED, MessageOutcome.REFUSED, MessageOutcome.APPLIED]
    assert portal.states(good["case_no"]) == ["ACCEPTED"]


def test_a_silent_licence_library_is_no_gap(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    form = portal.lease(portal.counter.free_flat(), (tenant,))
    portal.world.fault("licence_library", "down")
    case = portal.apply(form, tenant, papers=("APPLICATION", "TITLE", "CONTRACT"))
    named = portal.apply(
        portal.lease(portal.counter.free_flat(), (tenant,)),
        tenant,
        papers=("APPLICATION", "TITLE", "CONTRACT"),
        e_licence_refs=[{"material": "ID", "licence_no": "DZ1"}],
    )
    assert portal.states(case, named) == ["RECEIVED", "ACCEPTED"]
    portal.world.heal()
    portal.world.let_pass(minutes=2)
    portal.run("one_stop.check_again")
    assert portal.states(case)[0] in ("ACCEPTED", "CORRECTION")


def test_the_log_says_who_when_what_and_how_long(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    case = portal.apply(portal.lease(portal.counter.free_flat(), (tenant,)), tenant)
    portal.decide()
    portal.send_states()
    steps = _steps(portal, case)
    acts = [one.act for one in steps]
    assert acts[:2] == [StopAct.RECEIVE, StopAct.ACCEPT]
    assert {StopAct.JUDGE, StopAct.DECIDE, StopAct.SEND} <= set(acts)
    assert all(one.actor == "系统" for one in steps)
    assert [one.position for one in steps] == list(range(1, len(steps) + 1))
    assert all(one.answer.startswith("BJ") for one in steps if one.act is StopAct.SEND)
    view = portal.world.door.ask(one_case, portal.world.caller("shi01"), portal.case(case).id)
    assert {line.answer for line in view.steps if line.act == StopAct.JUDGE.label} == {"通过"}
    assert dict(view.fields)["租金"].endswith(".00 元／月")


def test_raw_messages_are_sealed(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    case = portal.apply(portal.lease(portal.counter.free_flat(), (tenant,)), tenant)
    with portal.world.door.database.read() as session:
        rows = session.connection().execute(
            sa.text("SELECT body FROM stop_message WHERE case_no = :case_no"), {"case_no": case}
        )
        stored = [str(row[0]) for row in rows]
    assert stored
    assert all(tenant.id_no not in body and tenant.name not in body for body in stored)


def test_the_list_shows_open_cases_of_the_house_and_of_the_accepting_office(portal: Portal) -> None:
    flat, tenants = portal.counter.free_flat("310104"), portal.tenants(1)
    case = portal.apply(portal.lease(flat, tenants), tenants[0], accept_center_code="310104")
    mine = portal.world.listed(CASES, "xuhui01", number=case)
    others = portal.world.listed(CASES, "pudong01", number=case)
    assert [line.case_no for line in mine.lines] == [case]
    assert (mine.lines[0].age, mine.lines[0].state, list(others.lines)) == (0, StopState.ACCEPTED, [])


def test_an_unknown_certificate_is_stopped_for_review_not_lost(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    form = portal.lease(portal.counter.free_flat(), (tenant,))
    form["house"]["title_cert_no"] = "沪（2021）浦字不动产权第999999号"
    case = portal.apply(form, tenant)
    portal.decide()
    assert (portal.states(case), portal.case(case).codes) == (["INTERCEPTED"], "H01")
    gov = portal.world.read(lambda work: work.session.exec(select(GovCase).where(GovCase.case_no == case)).one())
    assert gov.state is CaseState.INTERCEPTED

"""Row 29: the bureau of the district decides in three working days, waives what was listed and runs all else again."""

from typing import Any

import pytest
from sqlmodel import col

from models.documents import IssuedDocument, PaperKind
from models.house import RestrictionKind
from models.sealed import Sealed
from models.verification import ForcedVerification
from models.verification_codes import OPEN_FORCED, CodeState, ForcedState, VerificationState
from services.engine.jobs import run_job
from services.engine.listings import ListRows
from services.engine.notices import my_notices
from services.engine.orders import OneRow
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.verification.forced_review import (
    SayForced,
    escalate_forced,
    step_back_forced,
    take_forced,
    undo_forced,
    withdraw_forced,
)
from services.verification.forced_views import FORCED_REVIEWS, view_forced
from services.verification.notices import issue_notice
from services.verification.restrictions import NoteRestriction, note_restriction
from tests.services.verification.firm import Firms
from tests.services.verification.forced import BUREAU, OTHER_BUREAU, WINDOW, Forced
from tests.world import at_once

pytestmark = pytest.mark.row(29)


@pytest.fixture
def forced(firms: Firms) -> Forced:
    return Forced(firms)


def test_an_agreed_review_gives_the_code_at_once(forced: Forced) -> None:
    made = forced.applied()
    done = forced.decide(made)
    row = forced.row(made)
    code = forced.firms.code(done.code_no)
    assert (row.state, code.state, code.forced, code.valid_from) == (
        ForcedState.DONE,
        CodeState.VALID,
        True,
        forced.firms.today,
    )
    assert forced.firms.request(row.verification_id).state is VerificationState.PASSED


def test_a_refusal_is_taken_back_until_its_notice_is_made(forced: Forced) -> None:
    made, reason = forced.applied(), "登记信息没有变更记录，材料不能证明权利人身份"
    forced.decide(made, agree=False, opinion=reason)
    assert forced.ask(view_forced, BUREAU, made.id).may_undo
    forced.perform(undo_forced, BUREAU, OneRow(made.id))
    row = forced.row(made)
    assert (row.state, row.opinion) == (ForcedState.ACCEPTED, None)
    assert forced.firms.request(row.verification_id).state is VerificationState.REVIEWING
    forced.decide(made, agree=False, opinion=reason)
    forced.perform(issue_notice, BUREAU, row.verification_id)
    with pytest.raises(Conflict, match="以本记录为依据"):
        forced.perform(undo_forced, BUREAU, OneRow(made.id))


def test_a_refusal_is_written_and_printed(forced: Forced) -> None:
    made = forced.applied()
    reason = "登记信息没有变更记录，材料不能证明权利人身份"
    assert forced.decide(made, agree=False, opinion=reason).state is ForcedState.REFUSED
    row = forced.row(made)
    assert row.opinion is not None
    assert row.opinion.json() == reason
    assert forced.firms.request(row.verification_id).state is VerificationState.FAILED_FINAL
    notice = forced.perform(issue_notice, BUREAU, row.verification_id)
    papers = forced.firms.world.read(lambda work: work.session.get(IssuedDocument, notice.paper_id))
    assert papers.kind is PaperKind.VERIFICATION_NOTICE
    assert isinstance(papers.page, Sealed)
    assert papers.page.json()["page"]["result"] == "不通过（强制核验未同意）"


def test_what_waits_for_review_stands_before_what_is_done(forced: Forced) -> None:
    forced.decide(forced.applied(), agree=False, opinion="材料不能证明权利人身份，登记没有变更")
    forced.applied()
    states = [line.state for line in forced.ask(FORCED_REVIEWS.query, BUREAU, ListRows({}, Paging(size=200))).lines]
    waits = [state in OPEN_FORCED for state in states]
    assert waits == sorted(waits, reverse=True)
    assert len(set(waits)) == 2


def test_the_reviewer_sees_request_and_register_side_by_side_with_the_scans(forced: Forced) -> None:
    flat = forced.flat()
    made = forced.applied(flat)
    view = forced.ask(view_forced, BUREAU, made.id)
    beside = {one.label: (one.requested, one.registered) for one in view.beside}
    assert beside["权利人"][0] == "别*"
    assert beside["权利人"][1] != beside["权利人"][0]
    assert beside["证件号码"][0] == beside["证件号码"][1]
    assert flat.owners[0].name not in str(view)
    assert (len(view.scans), view.originals[0]) == (1, "强制核验申请书")
    assert view.reasons[0].startswith("H02")
    with pytest.raises(NotFound):
        forced.ask(view_forced, OTHER_BUREAU, made.id)


@pytest.mark.parametrize("words", ["", "   ", "不同意", "材料不全，不予同意"])
def test_a_refusal_without_ten_characters_is_none(forced: Forced, words: str) -> None:
    made = forced.applied()
    with pytest.raises(Rejected, match="不少于10个字"):
        forced.decide(made, agree=False, opinion=words)
    assert forced.row(made).state is ForcedState.ACCEPTED


def test_what_was_not_waived_is_run_again(forced: Forced) -> None:
    flat = forced.flat()
    made = forced.applied(flat)
    order = NoteRestriction(flat.line["house_id"], RestrictionKind.EXPROPRIATION, forced.firms.today)
    forced.perform(note_restriction, BUREAU, order)
    done = forced.decide(made)
    assert done.state is ForcedState.ACCEPTED
    assert "H02" not in {one.code for one in done.findings}
    assert "H08" in {one.code for one in done.findings}
    assert forced.firms.request(forced.row(made).verification_id).state is VerificationState.REVIEWING


def test_a_house_filed_meanwhile_is_not_passed(forced: Forced) -> None:
    flat = forced.flat()
    made = forced.applied(flat)
    forced.firms.counter.filed(flat)
    done = forced.decide(made)
    assert "V02" in {one.code for one in done.findings}
    assert forced.row(made).state is ForcedState.ACCEPTED


def test_a_reviewer_of_another_district_finds_nothing(forced: Forced) -> None:
    made = forced.applied()
    with pytest.raises(NotFound):
        forced.decide(made, login=OTHER_BUREAU)


def test_the_clerk_who_took_it_in_does_not_decide(forced: Forced) -> None:
    made = forced.applied()
    clerk = forced.firms.world.caller(BUREAU).account_id
    forced.firms.world.rewrite(ForcedVerification, col(ForcedVerification.id) == made.id, clerk_id=clerk)
    with pytest.raises(NotAllowed, match="本人受理"):
        forced.decide(made)


def test_a_task_open_with_one_reviewer_waits_for_him(forced: Forced) -> None:
    made = forced.applied()
    other = forced.firms.world.caller(OTHER_BUREAU).account_id
    now = forced.firms.world.door.clock.now()
    forced.firms.world.rewrite(ForcedVerification, col(ForcedVerification.id) == made.id, taken_by=other, taken_at=now)
    with pytest.raises(Conflict, match="已于10:00打开"):
        forced.perform(take_forced, BUREAU, made.id)
    with pytest.raises(Conflict):
        forced.decide(made)
    forced.firms.world.let_pass(minutes=31)
    forced.perform(take_forced, BUREAU, made.id)
    assert forced.decide(made).state is ForcedState.DONE


def test_a_second_opinion_is_another_reviewers(forced: Forced) -> None:
    made = forced.applied()
    forced.perform(escalate_forced, BUREAU, SayForced(made.id, "权属情况复杂，请复审"))
    assert forced.row(made).state is ForcedState.ESCALATED
    with pytest.raises(NotAllowed, match="另一位"):
        forced.decide(made)
    first = forced.firms.world.caller(OTHER_BUREAU).account_id
    forced.firms.world.rewrite(ForcedVerification, col(ForcedVerification.id) == made.id, reviewer_id=first)
    assert forced.decide(made).state is ForcedState.DONE
    assert forced.row(made).second_reviewer_id is not None


def test_a_second_reviewer_gives_an_application_back_to_its_first_review(forced: Forced) -> None:
    made = forced.applied()
    forced.perform(escalate_forced, BUREAU, SayForced(made.id, "权属情况复杂，请复审"))
    first = forced.firms.world.caller(OTHER_BUREAU).account_id
    forced.firms.world.rewrite(ForcedVerification, col(ForcedVerification.id) == made.id, reviewer_id=first)
    forced.perform(step_back_forced, BUREAU, SayForced(made.id, "请先查清权属变更的时间"))
    row = forced.row(made)
    assert (row.state, row.reviewer_id, row.opinion) == (ForcedState.ACCEPTED, None, None)
    assert forced.decide(made).state is ForcedState.DONE
    assert forced.row(made).second_reviewer_id is None


def test_the_third_day_is_a_working_day_and_the_day_after_it_is_told(forced: Forced) -> None:
    """1 October 2026 begins a week of holidays: what came on 29 September is due after it."""
    forced.firms.world.stand_at(2026, 9, 29)
    made = forced.applied()
    assert made.due_on is not None
    due = made.due_on
    assert due.isoformat() == "2026-10-09"
    forced.firms.world.stand_at(due.year, due.month, due.day)
    run_job(forced.firms.world.door, "forced.watch")
    assert not forced.row(made).overdue
    forced.firms.world.stand_at(due.year, due.month, due.day + 1)
    run_job(forced.firms.world.door, "forced.watch")
    run_job(forced.firms.world.door, "forced.watch")
    assert forced.row(made).overdue
    for login in (BUREAU, "shi01"):
        told = [
            one for one in forced.ask(my_notices, login, 200) if made.apply_no in one.body and "超期" in one.subject
        ]
        assert len(told) == 1


@pytest.mark.both_engines
def test_a_decision_and_a_withdrawal_at_once_leave_one_of_them(forced: Forced) -> None:
    made = forced.applied()

    def decide() -> Any:
        try:
            return forced.decide(made)
        except Conflict:
            return None

    def withdraw() -> Any:
        try:
            forced.perform(withdraw_forced, WINDOW, SayForced(made.id, "申请人撤回申请"))
        except Conflict:
            return None
        return "withdrawn"

    done = [one for one in at_once([decide, withdraw]) if one is not None]
    assert len(done) == 1
    state = forced.firms.request(forced.row(made).verification_id).state
    assert state is (VerificationState.FAILED if done == ["withdrawn"] else VerificationState.PASSED)

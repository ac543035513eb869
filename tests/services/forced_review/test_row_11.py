"""Row 11: what the rules intercepted is decided by people: named rules waived, a number at once, or a written reason."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import col

from models.documents import IssuedDocument, PaperState
from models.forced_review import Capacity, ForcedReview, ReviewState
from models.tenancy import CheckItem, LeaseContract
from models.tenancy_codes import (
    CancelMode,
    CancelReason,
    CancelState,
    CaseState,
    ContractState,
    FilingState,
    FilingWay,
)
from services.documents.print_log import PrintPaper, print_paper
from services.documents.rendition import render_paper
from services.engine.callers import SYSTEM
from services.engine.jobs import run_job
from services.engine.notices import my_notices
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.forced_review.applications import (
    ApplyReview,
    Handed,
    apply_review,
    withdraw_review,
)
from services.forced_review.decisions import (
    escalate_review,
    take_review,
    undo_review,
)
from services.forced_review.stopped_case import FindCase, find_case
from services.forced_review.views import view_review
from services.tenancy.cancellation import CancelLease, cancel_lease
from services.tenancy.contracts import void_contract
from tests.services.forced_review.reviews import (
    BUREAU,
    GROUNDS,
    OTHER,
    OTHER_BUREAU,
    OTHER_STREET,
    REVIEWER,
    STREET,
    TAKER,
    WHY,
    Reviews,
)
from tests.services.tenancy.counter import somebody
from tests.world import at_once

pytestmark = pytest.mark.row(11)


# Passing


def test_a_passed_review_gives_the_number_at_once_with_the_waiver_in_the_file(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    assert stopped.decision.outcome.value == "INTERCEPT"
    done = reviews.decide(reviews.applied(stopped), opinion="更名证明属实，同意")
    filing = reviews.counter.filing(done.filing_id)  # type: ignore[arg-type]
    assert (done.state, done.filing_no, done.waived) == (ReviewState.DONE, filing.filing_no, ("H02",))
    assert (filing.way, filing.waived_codes, reviews.case(stopped).state) == (FilingWay.FORCED, "H02", CaseState.DONE)
    notice = dict(reviews.papers(filing.id))["住房租赁合同备案通知书"]
    assert "H02 出租人是登记的权利人" in notice["waived"]
    assert reviews.counter.contract(stopped.contract_id).state is ContractState.EFFECTIVE


def test_the_run_keeps_what_was_waived_for_the_audit(reviews: Reviews) -> None:
    made = reviews.applied()
    done = reviews.decide(made)
    run = reviews.counter.filing(done.filing_id).check_run_id  # type: ignore[arg-type]
    items = reviews.world.read(lambda work: work.rows(CheckItem, CheckItem.run_id == run, CheckItem.result == "WAIVED"))
    assert [(one.code, one.evidence is not None) for one in items] == [("H02", True)]


def test_the_opinion_says_rule_material_and_reviewer(reviews: Reviews) -> None:
    made = reviews.applied()
    reviews.decide(made, opinion="更名证明属实，同意")
    papers = dict(reviews.papers(made.id))
    assert set(papers) == {"强制核验申请书", "收件清单", "受理回执", "强制核验审核意见书"}
    said = papers["强制核验审核意见书"]
    assert [(one["code"], one["result"]) for one in said["reasons"]] == [("H02", "豁免")]
    assert (said["opinion"], said["reviewer"]) == ("更名证明属实，同意", "陆伟")


def test_what_was_handed_over_the_counter_is_listed_with_its_pages_and_the_originals_given_back(
    reviews: Reviews,
) -> None:
    order = reviews.order(reviews.stopped())
    none = replace(order, materials=tuple(replace(one, pages=0) for one in order.materials))
    with pytest.raises(Rejected, match="请填写页数：强制核验申请书"):
        reviews.perform(apply_review, TAKER, none)
    counted = replace(order, materials=tuple(replace(one, pages=place) for place, one in enumerate(order.materials, 2)))
    made = reviews.perform(apply_review, TAKER, counted)
    said = dict(reviews.papers(made.id))["收件清单"]
    lines = [tuple(one[key] for key in ("name", "pages", "original", "kept")) for one in said["items"]]
    assert lines[0] == ("强制核验申请书", "2", "收取", "原件")
    assert lines[1] == ("申请人身份证件", "3", "已核对，当场退还", "—")
    assert {line[2:] for line in lines[2:]} == {("已核对，当场退还", "扫描件")}
    pages = sum(range(2, 2 + len(lines)))
    assert said["total"] == f"材料 {len(lines)} 项，共 {pages} 页；退还原件 {len(lines) - 1} 项"
    assert said["case"]["clerk"] == reviews.world.caller(TAKER).name


@pytest.mark.parametrize(
    ("changes", "words"), [({}, "均可申请强制核验"), ({"house": {"build_area": "1.00"}}, "均可申请强制核验")]
)
def test_the_slip_offers_the_review_that_the_desk_can_do(reviews: Reviews, changes: dict[str, Any], words: str) -> None:
    stopped = reviews.stopped(**changes)
    slip = dict(reviews.papers(stopped.case_id))["系统拦截告知书"]
    assert words in slip["review"]
    assert "3个工作日" in slip["review"]
    assert all(one["review"] for one in slip["reasons"])


# Refusing


def test_a_refusal_is_written_and_returns_the_case(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    with pytest.raises(Rejected, match="不少于10个字"):
        reviews.decide(made, agree=False, opinion="材料不全")
    assert reviews.decide(made, agree=False, opinion=GROUNDS).state is ReviewState.REFUSED
    assert reviews.case(stopped).state is CaseState.RETURNED
    assert dict(reviews.papers(made.id))["强制核验审核意见书"]["opinion"] == GROUNDS


def test_a_refusal_is_taken_back_within_its_minute_with_its_paper_unless_that_was_printed(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    first = reviews.decide(made, agree=False, opinion=GROUNDS).paper_id
    assert first is not None
    reviews.world.door.perform(render_paper, SYSTEM, first)
    assert reviews.ask(view_review, REVIEWER, made.id).may_undo
    assert not reviews.ask(view_review, TAKER, made.id).may_undo
    assert "只能撤销本人" in reviews.refused(undo_review, TAKER, OneRow(made.id))
    reviews.perform(undo_review, REVIEWER, OneRow(made.id))
    assert (reviews.row(made).state, reviews.case(stopped).state) == (ReviewState.ACCEPTED, CaseState.INTERCEPTED)
    assert reviews.world.read(lambda work: work.session.get_one(IssuedDocument, first).state) is PaperState.REPLACED
    paper_id = reviews.decide(made, agree=False, opinion=GROUNDS).paper_id
    assert paper_id is not None
    reviews.world.door.perform(render_paper, SYSTEM, paper_id)
    reviews.perform(print_paper, REVIEWER, PrintPaper(paper_id))
    assert "已经打印" in reviews.refused(undo_review, REVIEWER, OneRow(made.id))


def test_nobody_hears_of_a_refusal_that_was_taken_back(reviews: Reviews) -> None:
    made = reviews.applied()

    def told() -> int:
        return sum(one.subject == "备案强制核验办结" for one in reviews.ask(my_notices, BUREAU, 200))

    before = told()
    reviews.decide(made, agree=False, opinion=GROUNDS)
    reviews.perform(undo_review, REVIEWER, OneRow(made.id))
    reviews.world.let_pass(seconds=61)
    assert told() == before
    reviews.decide(made)
    assert "没有可以撤销的审核决定" in reviews.refused(undo_review, REVIEWER, OneRow(made.id))


def test_a_second_application_after_a_refusal_needs_new_material(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    reviews.decide(reviews.applied(stopped), agree=False, opinion=GROUNDS)
    with pytest.raises(Rejected, match="须提交新的材料"):
        reviews.applied(stopped)
    again = reviews.applied(stopped, turn=7)
    assert reviews.row(again).attempt == 2
    assert reviews.decide(again).state is ReviewState.DONE


# Who may apply, and for what


def test_hard_and_forceable_reasons_together_are_not_offered(reviews: Reviews) -> None:
    stopped = reviews.stopped(start="2027-03-01", end="2027-03-10")
    assert reviews.case(stopped).state is CaseState.RETURNED
    with pytest.raises(Rejected, match="T03"):
        reviews.sheet(stopped)
    with pytest.raises(Rejected, match="不能强制核验"):
        reviews.applied(stopped)


def test_a_part_held_by_another_filing_is_freed_by_cancelling_first(reviews: Reviews) -> None:
    flat = reviews.counter.free_flat("310115")
    reviews.counter.filed(flat)
    reviews.world.let_pass(days=70)
    stopped = reviews.stopped(flat=flat)
    assert "F01" in {one.code for one in stopped.decision.findings}
    with pytest.raises(Rejected, match="原备案注销后"):
        reviews.sheet(stopped)


def test_a_material_out_of_date_is_refused(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    order = reviews.order(stopped)
    late = tuple(
        Handed(one.name, one.code, one.original, date(2027, 2, 28) if one.code else None, one.file_id)
        for one in order.materials
    )
    with pytest.raises(Rejected, match="已于2027-02-28失效"):
        reviews.perform(
            apply_review, TAKER, ApplyReview(stopped.case_id, Capacity.PARTY, WHY, late, "甲", stopped.landlord.id_no)
        )


@pytest.mark.parametrize(("left_out", "words"), [("强制核验申请书", "还需提交"), ("权利人与出租人关系证明", "H02")])
def test_every_missing_material_is_told_by_its_reason(reviews: Reviews, left_out: str, words: str) -> None:
    stopped = reviews.stopped()
    order = reviews.order(stopped)
    kept = tuple(one for one in order.materials if one.name != left_out)
    refused = reviews.refused(apply_review, TAKER, ApplyReview(**{**vars(order), "materials": kept}))
    assert left_out in refused
    assert words in refused


def test_a_stranger_does_not_apply(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    with pytest.raises(NotAllowed, match="不是该合同的当事人"):
        reviews.applied(stopped, applicant_id_no=somebody().id_no)
    with pytest.raises(NotAllowed, match="授权委托书"):
        reviews.perform(
            apply_review,
            TAKER,
            reviews.order(stopped, capacity=Capacity.AGENT, materials=reviews.order(stopped).materials),
        )


def test_a_case_of_another_office_opens_by_its_number_and_a_party(reviews: Reviews) -> None:
    stopped = reviews.stopped(OTHER)
    with pytest.raises(NotFound):
        reviews.sheet(stopped, STREET)
    with pytest.raises(NotFound):
        reviews.perform(find_case, STREET, FindCase(stopped.decision.case_no, somebody().id_no))
    found = reviews.perform(find_case, STREET, FindCase(stopped.decision.case_no, stopped.tenant.id_no))
    assert found == stopped.case_id
    assert [one.code for one in reviews.sheet(stopped, STREET).stops] == ["H02"]


def test_only_one_review_of_a_case_is_open(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    with pytest.raises(Conflict, match=made.apply_no):
        reviews.applied(stopped)


def test_a_case_that_lay_intercepted_is_taken_up(reviews: Reviews) -> None:
    """Months later: what stops it today counts, not what was written then."""
    stopped = reviews.stopped(end="2028-12-31")
    reviews.world.let_pass(days=120)
    assert [one.code for one in reviews.sheet(stopped).stops] == ["H02"]
    assert reviews.decide(reviews.applied(stopped)).state is ReviewState.DONE


# Reviewing


def test_the_clerk_who_took_it_in_does_not_decide(reviews: Reviews) -> None:
    made = reviews.applied()
    with pytest.raises(NotAllowed, match="本人受理"):
        reviews.decide(made, TAKER)
    assert reviews.row(made).state is ReviewState.ACCEPTED


@pytest.mark.parametrize("login", [OTHER, OTHER_BUREAU, OTHER_STREET])
def test_another_district_finds_nothing(reviews: Reviews, login: str) -> None:
    made = reviews.applied()
    with pytest.raises(NotFound):
        reviews.decide(made, login)


def test_only_rules_of_the_application_are_waived(reviews: Reviews) -> None:
    made = reviews.applied()
    with pytest.raises(Rejected, match="不在申请复核的规则内"):
        reviews.decide(made, waive=("H02", "H07"))
    with pytest.raises(Rejected, match="T03"):
        reviews.decide(made, waive=("T03",))


def test_a_rule_that_may_not_be_forced_is_never_waived(reviews: Reviews) -> None:
    """Even if an application came to name it."""
    made = reviews.applied()
    reviews.world.rewrite(ForcedReview, col(ForcedReview.id) == made.id, codes="F01,H02,H05")
    for code in ("F01", "H05"):
        with pytest.raises(Rejected, match="不得豁免"):
            reviews.decide(made, waive=("H02", code))


def test_what_was_not_waived_is_run_again(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    reviews.register(stopped.flat, limit_status="查封")
    done = reviews.decide(made)
    assert (done.state, {one.code for one in done.findings}) == (ReviewState.ACCEPTED, {"H07"})
    assert reviews.case(stopped).state is CaseState.INTERCEPTED
    reviews.register(stopped.flat, limit_status="正常")
    assert reviews.decide(made).state is ReviewState.DONE


def test_a_silent_source_waits(reviews: Reviews) -> None:
    made = reviews.applied()
    reviews.world.fault("property_register", "error")
    with pytest.raises(Conflict, match="没有应答"):
        reviews.decide(made)
    assert reviews.row(made).state is ReviewState.ACCEPTED


def test_a_rule_mended_meanwhile_is_not_waived(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    reviews.release(stopped)
    done = reviews.decide(made)
    filing = reviews.counter.filing(done.filing_id)  # type: ignore[arg-type]
    assert (done.waived, filing.way, filing.waived_codes) == ((), FilingWay.COMBINED, "")
    assert reviews.row(made).closed_note == "审核时原因已消失，自动通过"


def test_a_reason_gone_before_applying_passes_by_itself(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    reviews.release(stopped)
    made = reviews.perform(apply_review, TAKER, reviews.order(stopped, codes=()))
    assert (made.state, made.filing_no[:2]) == (ReviewState.DONE, "BA")
    assert reviews.row(made).closed_note == "申请时原因已消失，自动通过"


def test_a_lease_cancelled_meanwhile_is_not_filed(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    reviews.perform(void_contract, TAKER, Reasoned(stopped.contract_id, "双方不再出租"))
    assert reviews.row(made).state is ReviewState.CLOSED
    with pytest.raises(Conflict, match="已终止"):
        reviews.decide(made)
    assert reviews.case(stopped).state is CaseState.WITHDRAWN


def test_approving_and_cancelling_at_once_leave_one_outcome(reviews: Reviews) -> None:
    """Whoever holds the house first: a filing that is then cancelled or stands, or a lease that is over and not filed."""
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    for person in (stopped.landlord, stopped.tenant):
        reviews.counter.show_document(stopped.contract_id, person.id_no, reviews.world.caller(TAKER))
    numbers = (stopped.landlord.id_no, stopped.tenant.id_no)
    today = reviews.world.door.clock.today()
    order = CancelLease(
        stopped.contract_id, CancelMode.BOTH, CancelReason.EARLY_BOTH, today, numbers, agreement_digest="a1" * 32
    )
    approved, cancelled = at_once([lambda: reviews.decide(made), lambda: reviews.perform(cancel_lease, TAKER, order)])
    contract, case, row = reviews.counter.contract(stopped.contract_id), reviews.case(stopped), reviews.row(made)
    assert not isinstance(cancelled, Exception), cancelled
    assert cancelled.state is CancelState.APPROVED
    assert contract.state is ContractState.TERMINATED
    if isinstance(approved, Exception):
        assert isinstance(approved, Conflict)
        assert (case.state, row.state) == (CaseState.WITHDRAWN, ReviewState.CLOSED)
    else:
        assert (case.state, row.state) == (CaseState.DONE, ReviewState.DONE)
        assert reviews.counter.filing(approved.filing_id).state is FilingState.CANCELLED


def test_what_was_left_open_by_an_ended_lease_is_closed_at_night(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    reviews.world.rewrite(LeaseContract, col(LeaseContract.id) == stopped.contract_id, state=ContractState.VOID)
    assert run_job(reviews.world.door, "forced_review.watch")
    assert reviews.row(made).state is ReviewState.CLOSED


def test_a_task_open_with_one_reviewer_waits_for_him(reviews: Reviews) -> None:
    made = reviews.applied()
    other = reviews.world.caller(OTHER).account_id
    now = reviews.world.door.clock.now()
    reviews.world.rewrite(ForcedReview, col(ForcedReview.id) == made.id, taken_by=other, taken_at=now)
    with pytest.raises(Conflict, match="已于10:00打开"):
        reviews.perform(take_review, REVIEWER, OneRow(made.id))
    reviews.world.let_pass(minutes=31)
    reviews.perform(take_review, REVIEWER, OneRow(made.id))
    assert reviews.decide(made).state is ReviewState.DONE


def test_an_escalated_review_is_the_bureaus(reviews: Reviews) -> None:
    made = reviews.applied()
    reviews.perform(escalate_review, REVIEWER, Reasoned(made.id, "权属情况复杂，请区局审核"))
    with pytest.raises(NotAllowed):
        reviews.decide(made)
    assert reviews.decide(made, BUREAU).state is ReviewState.DONE
    row = reviews.row(made)
    assert (row.reviewer_id, row.second_reviewer_id) == (
        reviews.world.caller(REVIEWER).account_id,
        reviews.world.caller(BUREAU).account_id,
    )


def test_the_person_takes_it_back_and_may_come_again(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    reviews.perform(withdraw_review, TAKER, Reasoned(made.id, "当事人暂不办理"))
    assert (reviews.row(made).state, reviews.case(stopped).state) == (ReviewState.WITHDRAWN, CaseState.INTERCEPTED)
    assert reviews.applied(stopped).state is ReviewState.ACCEPTED


def test_on_day_four_it_is_overdue_and_told_once(reviews: Reviews) -> None:
    """Taken in on Monday 1 March: due on Thursday the 4th."""
    made = reviews.applied()
    assert made.due_on == date(2027, 3, 4)
    before = len(reviews.ask(my_notices, BUREAU, 200))
    for day in (4, 5, 6):
        reviews.world.stand_at(2027, 3, day)
        assert run_job(reviews.world.door, "forced_review.watch")
        assert reviews.row(made).overdue is (day > 4)
    told = [one for one in reviews.ask(my_notices, BUREAU, 200) if made.apply_no in one.body]
    assert len(told) == 1
    assert len(reviews.ask(my_notices, BUREAU, 200)) > before

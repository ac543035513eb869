"""The cycle: what each verb asks for, leaves behind, and refuses (market 3.1-3.3)."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.audit import AuditEvent
from models.engine import Notice
from models.records import RevisionState, RevisionStep, StepVerdict
from services.engine.callers import Scope
from services.engine.cycle_orders import Save, StartUpdate, Submit, Void
from services.engine.cycle_queue import QUEUE
from services.engine.findings import Severity
from services.engine.list_bulk import AT_ONCE
from services.engine.listings import BulkRows, ListRows, RowResult
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.ports.answers import hit, silent
from tests.services.engine.records.desk import COLLEAGUE, MAKER, REASON, REVIEWER, SECOND, Desk, codes
from tests.services.engine.records.kinds_made import OUTSIDE


def test_everything_wrong_is_told_at_once(desk: Desk) -> None:
    begun = desk.begun(name="  ", land="0", price="２０００", begun_on="2027-02-30", floors="3.5")
    refused = desk.refused("submit", MAKER, Submit(begun.revision_id, begun.version))
    assert isinstance(refused, Rejected)
    told = {(one.code, one.field) for one in refused.findings}
    assert told == {
        ("REQ", "name"),
        ("REQ", "where"),
        ("FMT", "begun_on"),
        ("FMT", "floors"),
        ("SITE-01", "land"),
        ("SITE-02", "price"),
    }
    assert desk.state(begun) is RevisionState.DRAFT


def test_what_cannot_be_read_is_kept_as_typed(desk: Desk) -> None:
    begun = desk.begun()
    found = desk.save(begun, {"name": "甲地", "begun_on": "明年春天", "land": "一百"})
    assert [(one.code, one.field) for one in found] == [("FMT", "land"), ("FMT", "begun_on")]
    view = desk.view(begun.revision_id)
    assert (view.values["begun_on"], view.values["land"]) == ("明年春天", "一百")
    assert codes(view.findings) == ["FMT", "FMT"]


@pytest.mark.parametrize("reason", ["", "偏高", "    "])
def test_a_warning_asks_for_a_reason(desk: Desk, reason: str) -> None:
    begun = desk.begun(**desk.whole(price="5000"))
    order = Submit(begun.revision_id, begun.version, {"SITE-02": reason})
    assert "理由" in desk.refused("submit", MAKER, order).message
    desk.do("submit", MAKER, replace(order, reasons={"SITE-02": "含配套设施费"}))
    view = desk.view(begun.revision_id, REVIEWER)
    assert view.reasons == {"SITE-02": "含配套设施费"}
    assert [(one.code, one.severity) for one in view.findings] == [("SITE-02", Severity.WARN)]


def test_what_a_silent_source_leaves_open_goes_on_marked(desk: Desk) -> None:
    OUTSIDE.seized = silent("测试系统")
    begun = desk.submitted()
    found = desk.view(begun.revision_id, REVIEWER).findings
    assert [(one.code, one.severity) for one in found] == [("SITE-03", Severity.PENDING)]


@pytest.mark.both_engines
def test_approval_asks_and_judges_again(desk: Desk) -> None:
    begun = desk.submitted()
    asked, OUTSIDE.seized = OUTSIDE.asked, hit("测试系统", True)
    refused = desk.refused("approve", REVIEWER, desk.decide(begun.revision_id))
    assert codes(refused.findings) == ["SITE-03"]
    assert OUTSIDE.asked == asked + 1
    assert desk.row(begun) is None
    OUTSIDE.seized = hit("测试系统", False)
    desk.approve(begun.revision_id)
    assert desk.row(begun) is not None


@pytest.mark.both_engines
def test_a_name_taken_meanwhile_stops_the_approval(desk: Desk) -> None:
    first = desk.submitted()
    name = desk.view(first.revision_id, REVIEWER).values["name"]
    second = desk.submitted(name=name)
    desk.approve(first.revision_id)
    refused = desk.refused("approve", REVIEWER, desk.decide(second.revision_id))
    assert codes(refused.findings) == ["SITE-04"]


def test_the_number_is_drawn_once_and_stays(desk: Desk) -> None:
    begun = desk.begun()
    assert desk.view(begun.revision_id).record_no == ""
    desk.do("submit", MAKER, Submit(begun.revision_id, 1))
    number = desk.view(begun.revision_id).record_no
    assert number.startswith("MS310115270301")
    desk.do("withdraw", MAKER, desk.one(begun))
    desk.do("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    desk.approve(begun.revision_id)
    row = desk.row(begun)
    assert row is not None
    assert row.record_no == number
    assert desk.view(desk.update(begun.record_id).revision_id).record_no == number


def test_withdrawn_until_a_reviewer_has_opened_it(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("withdraw", MAKER, desk.one(begun))
    assert desk.state(begun) is RevisionState.DRAFT
    with pytest.raises(NotFound):
        desk.view(begun.revision_id, REVIEWER)
    desk.do("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    desk.do("take", REVIEWER, desk.one(begun))
    assert isinstance(desk.refused("withdraw", MAKER, desk.one(begun)), Conflict)
    assert "withdraw" not in desk.view(begun.revision_id).ways


def test_a_returned_version_goes_on_in_the_office_that_wrote_it(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("send_back", REVIEWER, desk.decide(begun.revision_id))
    order = Submit(begun.revision_id, desk.view(begun.revision_id).version)
    elsewhere = replace(desk.who(MAKER), unit_id=uuid4())
    assert isinstance(desk.refused("submit", elsewhere, order), NotAllowed)
    assert desk.state(begun) is RevisionState.RETURNED
    desk.do("submit", MAKER, order)


@pytest.mark.both_engines
def test_two_reviewers_do_not_collide(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("take", REVIEWER, desk.one(begun))
    held = desk.view(begun.revision_id, REVIEWER)
    assert held.mine
    assert {"release", "approve", "send_back", "reject"} <= held.ways
    told = desk.refused("take", SECOND, desk.one(begun)).message
    assert desk.market.world.read(lambda work: held.holder) in told
    assert isinstance(desk.refused("approve", SECOND, desk.decide(begun.revision_id, SECOND)), Conflict)
    assert isinstance(desk.refused("release", SECOND, desk.one(begun)), Conflict)
    desk.market.world.let_pass(minutes=31)
    desk.do("take", SECOND, desk.one(begun))
    assert isinstance(desk.refused("approve", REVIEWER, desk.decide(begun.revision_id)), Conflict)
    desk.do("release", SECOND, desk.one(begun))
    desk.approve(begun.revision_id)


@pytest.mark.parametrize("verb", ["send_back", "reject"])
@pytest.mark.parametrize("words", ["", "不行", "    \n  "])
def test_a_return_and_a_refusal_ask_for_words(desk: Desk, verb: str, words: str) -> None:
    begun = desk.submitted()
    refused = desk.refused(verb, REVIEWER, desk.decide(begun.revision_id, opinion=words))
    assert isinstance(refused, Rejected)
    assert desk.state(begun) is RevisionState.SUBMITTED


def test_returned_with_fields_pointed_at(desk: Desk) -> None:
    begun = desk.submitted()
    order = replace(desk.decide(begun.revision_id, opinion="请补充联系人"), fields=("keeper", "parts.1.part_no"))
    desk.do("send_back", REVIEWER, order)
    view = desk.view(begun.revision_id)
    assert (view.state, view.opinion, view.pointed) == (
        RevisionState.RETURNED,
        "请补充联系人",
        ("keeper", "parts.1.part_no"),
    )
    assert view.editable
    told = desk.market.world.read(
        lambda work: work.session.exec(select(Notice).where(Notice.object_id == begun.revision_id)).all()
    )
    assert [notice.to_unit for notice in told] == [desk.who(MAKER).unit_id]


def test_refused_for_good(desk: Desk) -> None:
    begun = desk.effective()
    again = desk.update(begun.record_id)
    desk.save(again, desk.whole(name="不会生效的名称"))
    desk.do("submit", MAKER, Submit(again.revision_id, desk.view(again.revision_id).version))
    desk.do("reject", REVIEWER, desk.decide(again.revision_id, opinion="与规划不符"))
    row = desk.row(begun)
    assert row is not None
    assert (row.version_no, row.name == "不会生效的名称") == (1, False)
    # Its number stays used, and another update may begin.
    assert desk.view(desk.update(begun.record_id).revision_id).version_no == 3


def test_every_step_is_kept_and_told_to_the_audit(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("send_back", REVIEWER, desk.decide(begun.revision_id, opinion="请补充材料"))
    desk.do("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    desk.approve(begun.revision_id)
    steps = desk.market.world.read(
        lambda work: work.session.exec(
            select(RevisionStep).where(RevisionStep.revision_id == begun.revision_id).order_by(col(RevisionStep.id))
        ).all()
    )
    verdicts = [step.verdict for step in steps]
    assert verdicts == [StepVerdict.SUBMITTED, StepVerdict.RETURNED, StepVerdict.SUBMITTED, StepVerdict.APPROVED]
    told = desk.market.world.read(
        lambda work: work.session.exec(
            select(AuditEvent.act).where(AuditEvent.object_id == str(begun.revision_id)).order_by(col(AuditEvent.seq))
        ).all()
    )
    assert {"made_site.begin", "made_site.submit", "made_site.send_back", "made_site.effective"} <= set(told)


def test_only_the_office_that_drafts_goes_on_with_it(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("send_back", REVIEWER, desk.decide(begun.revision_id, opinion="请补充材料"))
    # The district drafts such records too, and sees this one; it is not the district's.
    version = desk.view(begun.revision_id, "pdchu01").version
    refused = desk.refused("save", "pdchu01", Save(begun.revision_id, version, desk.whole()))
    assert isinstance(refused, NotAllowed)
    desk.do("save", COLLEAGUE, Save(begun.revision_id, version, desk.whole()))


def test_a_reviewer_of_another_district_finds_nothing(desk: Desk) -> None:
    begun = desk.submitted()
    for verb in ("approve", "send_back", "reject"):
        order = replace(desk.decide(begun.revision_id, opinion="材料不齐全"))
        assert isinstance(desk.refused(verb, "xhshen01", order), NotFound)


def test_a_reviewer_over_another_district_has_no_word_though_he_sees_it(desk: Desk) -> None:
    begun = desk.submitted()
    here = desk.who("pdchu01")
    there = replace(here, scopes=(*here.scopes, Scope(Role.DIST_REVIEWER, ScopeKind.DISTRICT, "310104")))
    assert isinstance(desk.refused("approve", there, desk.decide(begun.revision_id)), NotAllowed)


def test_who_drafts_for_the_authority_does_not_review_it(desk: Desk) -> None:
    begun = desk.begun(REVIEWER, **desk.whole())
    desk.do("submit", REVIEWER, Submit(begun.revision_id, begun.version))
    view = desk.view(begun.revision_id, REVIEWER)
    assert view.bar
    assert "approve" not in view.ways
    assert isinstance(desk.refused("approve", REVIEWER, desk.decide(begun.revision_id)), NotAllowed)
    desk.approve(begun.revision_id, SECOND)


def approve_many(desk: Desk, ids: tuple[UUID, ...], versions: dict[UUID, int] | None = None) -> tuple[RowResult, ...]:
    order = BulkRows("records.approve", ids, versions=versions or {})
    return desk.market.world.door.perform(QUEUE.each, desk.who(REVIEWER), order)


@pytest.mark.both_engines
def test_several_are_passed_one_by_one(desk: Desk) -> None:
    sound, marked = desk.submitted(), desk.submitted(reasons={"SITE-02": "含配套设施费"}, price="5000")
    foreign = desk.submitted(where="310104")
    ids = (sound.revision_id, marked.revision_id, foreign.revision_id)
    results = approve_many(desk, ids)
    assert [one.done for one in results] == [True, False, False]
    assert desk.row(sound) is not None
    assert desk.row(marked) is None


def test_what_was_changed_since_the_list_was_read_is_not_passed_with_it(desk: Desk) -> None:
    """Ticked, then withdrawn, filled in anew and handed in again: nobody has looked at that."""
    begun, other = desk.submitted(), desk.submitted()
    order = ListRows(paging=Paging(size=200))
    lines = desk.market.world.door.ask(QUEUE.query, desk.who(REVIEWER), order).lines
    shown = {one.id: one.version for one in lines}
    desk.do("withdraw", MAKER, desk.one(begun))
    desk.save(begun, desk.whole(land="99999.00"))
    desk.do("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    ids = (begun.revision_id, other.revision_id)
    results = approve_many(desk, ids, {one: shown[one] for one in ids})
    assert [one.done for one in results] == [False, True]
    assert desk.row(begun) is None


@pytest.mark.parametrize("count", [0, AT_ONCE + 1])
def test_not_none_and_not_too_many_at_once(desk: Desk, count: int) -> None:
    with pytest.raises(Rejected):
        approve_many(desk, tuple(uuid4() for _ in range(count)))


def test_a_draft_once_submitted_is_not_dropped(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("withdraw", MAKER, desk.one(begun))
    assert isinstance(desk.refused("drop", MAKER, desk.one(begun)), Conflict)
    assert "drop" not in desk.view(begun.revision_id).ways


@pytest.mark.parametrize("reason", ["", "改一下", " " * 9])
def test_an_update_asks_why(desk: Desk, reason: str) -> None:
    begun = desk.effective()
    assert isinstance(desk.refused("update", MAKER, StartUpdate(begun.record_id, reason)), Rejected)


def test_the_hooks_of_a_kind_run_with_the_effect(desk: Desk) -> None:
    begun = desk.effective()
    again = desk.update(begun.record_id)
    desk.do("submit", MAKER, Submit(again.revision_id, again.version))
    desk.approve(again.revision_id)
    assert OUTSIDE.effective == [1, 2]
    desk.do("void", REVIEWER, Void(begun.record_id, "登记有误，应予作废"))
    row = desk.row(begun)
    assert row is not None
    assert OUTSIDE.voided == [row.record_no]
    assert isinstance(desk.refused("update", MAKER, StartUpdate(begun.record_id, REASON)), Conflict)


def test_a_version_submitted_again_says_what_changed_since_it_was_returned(desk: Desk) -> None:
    begun = desk.submitted()
    assert desk.view(begun.revision_id, REVIEWER).since_returned is None
    desk.do("send_back", REVIEWER, desk.decide(begun.revision_id, opinion="请更正名称"))
    before = desk.view(begun.revision_id).values["name"]
    desk.save(begun, desk.whole(name="更正后的名称"))
    desk.do("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    found = desk.view(begun.revision_id, REVIEWER).since_returned
    assert found is not None
    assert [(one.field, one.left, one.right) for one in found.fields] == [("name", before, "更正后的名称")]
    desk.approve(begun.revision_id)
    assert desk.view(begun.revision_id, REVIEWER).since_returned is None

"""A review step given to another person or back to the queue: whoever has it is ill or gone (market 3.3)."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.access import Account, AccountState, Role
from models.audit import AuditEvent
from models.engine import Notice
from models.records import RevisionState, StepVerdict
from services.engine.callers import Caller
from services.engine.cycle_orders import Begun, Decide, OneRevision
from services.engine.cycle_queue import QUEUE
from services.engine.cycle_reassignment import (
    NOT_QUALIFIED,
    STEPS,
    Person,
    Reassign,
    Taker,
    reassign,
    step_holders,
    step_reviewers,
)
from services.engine.listings import BulkRows, Line, ListRows
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.inbox.delegations import Delegate, delegate
from services.inbox.tasks import TASKS
from tests.act_counts import counting, framed
from tests.conformance.story import OPINION, Story
from tests.services.engine.records.desk import MAKER, REVIEWER, SECOND, Desk
from tests.world import at_once

CITY, DISTRICT, ELSEWHERE = "shichu01", "pdchu01", "xhchu01"
WHY = "承办人因病请假"


def _give(desk: Desk, begun: Begun, to: str | None = SECOND, login: str = DISTRICT, **change: Any) -> None:
    desk.market.world.door.perform(reassign, desk.who(login), _order(desk, begun, to, **change))


def _order(desk: Desk, begun: Begun, to: str | None = SECOND, **change: Any) -> Reassign:
    version = desk.view(begun.revision_id).version
    order = Reassign(begun.revision_id, version, desk.who(to).account_id if to else None, WHY)
    return replace(order, **change)


def _line(desk: Desk, begun: Begun, login: str) -> Line:
    order = ListRows(paging=Paging(size=200, sort="-submitted_at"))
    page = desk.market.world.door.ask(QUEUE.query, desk.who(login), order)
    return next(line for line in page.lines if line.id == begun.revision_id)


def _told(desk: Desk, begun: Begun, login: str) -> list[str]:
    who = desk.who(login).account_id
    rows = select(Notice).where(Notice.object_id == begun.revision_id, Notice.to_account == who)
    told: list[str] = desk.market.world.read(
        lambda work: [f"{row.subject}：{row.body.json()}" for row in work.session.exec(rows).all()]
    )
    return told


def _taken(desk: Desk) -> Begun:
    begun = desk.submitted()
    desk.do("take", REVIEWER, OneRevision(begun.revision_id))
    return begun


@pytest.mark.parametrize("login", [CITY, DISTRICT])
def test_what_an_ill_colleague_had_goes_to_another(desk: Desk, login: str) -> None:
    begun = _taken(desk)
    due = desk.view(begun.revision_id, REVIEWER).due
    _give(desk, begun, login=login)
    view = desk.view(begun.revision_id, SECOND)
    assert (view.for_me, view.bar, view.holder, view.due) == (True, "", "", due)
    assert {"take", "approve"} <= view.ways
    assert "审核转交给您" in _told(desk, begun, SECOND)[0]
    assert "您无须再办理" in _told(desk, begun, REVIEWER)[0]
    assert (view.steps[-1].verdict, view.steps[-1].opinion) == (StepVerdict.REASSIGNED, f"转交尹思齐：{WHY}")
    desk.approve(begun.revision_id, SECOND)
    assert desk.state(begun) is RevisionState.EFFECTIVE


def test_the_audit_tells_who_gave_it_to_whom(desk: Desk) -> None:
    begun = _taken(desk)
    _give(desk, begun)
    events = desk.market.world.read(
        lambda work: work.session.exec(
            select(AuditEvent).where(
                AuditEvent.act == "records.reassign", AuditEvent.object_id == str(begun.revision_id)
            )
        ).all()
    )
    assert len(events) == 1


def test_what_nobody_has_taken_is_given_too(desk: Desk) -> None:
    begun = desk.submitted()
    _give(desk, begun)
    assert _line(desk, begun, SECOND).for_me
    line = _line(desk, begun, REVIEWER)
    assert (line.bar, line.for_me, line.assigned) == ("本环节已指定由尹思齐审核，请办理其他记录", False, "尹思齐")
    assert desk.refused("take", REVIEWER, OneRevision(begun.revision_id)).message == line.bar
    # Nobody has looked at it yet: its maker may still take it back, and then it is given to nobody.
    desk.do("withdraw", MAKER, desk.one(begun))
    assert desk.view(begun.revision_id).assigned == ""


def test_given_back_anybody_of_the_level_may_take_it(desk: Desk) -> None:
    begun = _taken(desk)
    assert isinstance(desk.refused("take", SECOND, OneRevision(begun.revision_id)), Conflict)
    _give(desk, begun, to=None)
    assert desk.view(begun.revision_id, SECOND).steps[-1].verdict is StepVerdict.REQUEUED
    desk.do("take", SECOND, OneRevision(begun.revision_id))
    with pytest.raises(Conflict):
        _give(desk, desk.submitted(), to=None)


def test_the_open_page_of_who_had_it_is_refused_in_plain_words(desk: Desk) -> None:
    begun = _taken(desk)
    shown = desk.decide(begun.revision_id)
    _give(desk, begun)
    for verb in ("approve", "send_back", "reject"):
        refused = desk.refused(verb, REVIEWER, shown)
        assert isinstance(refused, Conflict)
        assert "将本环节转交尹思齐审核" in refused.message
    assert isinstance(desk.refused("approve", REVIEWER, desk.decide(begun.revision_id)), NotAllowed)
    assert "release" not in desk.view(begun.revision_id, REVIEWER).ways
    assert isinstance(desk.refused("release", REVIEWER, OneRevision(begun.revision_id)), Conflict)
    desk.approve(begun.revision_id, SECOND)


def test_given_back_and_shown_before_it_says_so(desk: Desk) -> None:
    begun = _taken(desk)
    shown = desk.decide(begun.revision_id)
    _give(desk, begun, to=None)
    assert "将本环节放回待审" in desk.refused("approve", REVIEWER, shown).message


def test_two_administrators_at_once(desk: Desk) -> None:
    begun = _taken(desk)
    perform, order = desk.market.world.door.perform, _order(desk, begun)
    others = replace(order, to_account=None)
    results = at_once(
        [partial(perform, reassign, desk.who(DISTRICT), order), partial(perform, reassign, desk.who(CITY), others)]
    )
    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [Conflict]
    assert len(desk.view(begun.revision_id, REVIEWER).steps) == 2


def test_given_away_or_approved_but_not_both(desk: Desk) -> None:
    begun = _taken(desk)
    perform, order = desk.market.world.door.perform, _order(desk, begun)
    word = desk.decide(begun.revision_id)
    results = at_once(
        [partial(perform, reassign, desk.who(DISTRICT), order), partial(desk.do, "approve", REVIEWER, word)]
    )
    assert sum(isinstance(one, Exception) for one in results) == 1


# ------------------------------------------------------------------ who may, and to whom


@pytest.mark.parametrize("login", [REVIEWER, MAKER, "shishen01", "binjiang_admin", "jianghai_admin"])
def test_only_handlers_of_the_authority_may(desk: Desk, login: str) -> None:
    begun = _taken(desk)
    with pytest.raises(NotAllowed):
        _give(desk, begun, login=login)
    assert "reassign" not in desk.view(begun.revision_id, login if login in {REVIEWER, MAKER} else REVIEWER).ways


def test_another_district_finds_nothing(desk: Desk) -> None:
    begun = _taken(desk)
    with pytest.raises(NotFound):
        _give(desk, begun, login=ELSEWHERE)
    assert desk.view(begun.revision_id, REVIEWER).mine


def test_a_district_does_not_speak_for_the_citys_level(desk: Desk) -> None:
    story = Story.of(desk.market, "sales_office").begin().fill().submit()
    desk.approve(story.revision_id, REVIEWER, "sales_office")
    version = desk.view(story.revision_id, "shishen01", "sales_office").version
    order = Reassign(story.revision_id, version, desk.who("shishen02").account_id, WHY)
    with pytest.raises(NotAllowed):
        desk.market.world.door.perform(reassign, desk.who(DISTRICT), order)
    desk.market.world.door.perform(reassign, desk.who(CITY), order)
    assert desk.view(story.revision_id, "shishen02", "sales_office").for_me


@pytest.mark.parametrize("to", ["xhshen01", "shishen01", "pdchu01", "shenpu01", CITY])
def test_nobody_out_of_scope_or_role_gets_it(desk: Desk, to: str) -> None:
    begun = _taken(desk)
    with pytest.raises(Rejected):
        _give(desk, begun, to=to)
    with pytest.raises(Rejected, match=NOT_QUALIFIED):
        _give(desk, begun, to_account=UUID(int=7))


def test_nobody_gets_what_his_own_hands_were_on(desk: Desk) -> None:
    begun = desk.submitted(SECOND)
    with pytest.raises(Rejected, match="不能审核"):
        desk.market.world.door.perform(
            reassign,
            desk.who(DISTRICT),
            Reassign(begun.revision_id, desk.view(begun.revision_id, SECOND).version, desk.who(SECOND).account_id, WHY),
        )


def test_who_made_it_does_not_choose_his_judge(desk: Desk) -> None:
    begun = desk.submitted()
    maker = replace(desk.who(DISTRICT), account_id=desk.who(MAKER).account_id)
    with pytest.raises(NotAllowed, match="本人"):
        desk.market.world.door.perform(reassign, maker, _order(desk, begun))


def test_who_passed_the_first_level_does_not_get_the_second(desk: Desk) -> None:
    story = Story.of(desk.market, "sales_office").begin().fill().submit()
    both = replace(desk.who("shishen02"), scopes=(*desk.who("shishen02").scopes, *desk.who(REVIEWER).scopes))
    story.perform(story.acts.approve, both, _word(story, both))
    order = Reassign(story.revision_id, story.view(both).version, both.account_id, WHY)
    with pytest.raises(Rejected, match="上一级"):
        story.perform(reassign, desk.who(CITY), order)
    offered = story.ask(step_reviewers, desk.who(CITY), (story.revision_id,))
    assert both.account_id not in {one.id for one in offered}


def _word(story: Story, caller: Caller) -> Decide:
    return Decide(story.revision_id, story.view(caller).version, OPINION)


@pytest.mark.parametrize("reason", ["", "病假", "　　　　　　"])
def test_a_reason_is_asked_for(desk: Desk, reason: str) -> None:
    with pytest.raises(Rejected, match="转交原因"):
        _give(desk, _taken(desk), reason=reason)


def test_what_waits_for_nobody_cannot_be_given(desk: Desk) -> None:
    begun = desk.effective()
    with pytest.raises(Conflict, match="没有待办的审核环节"):
        _give(desk, begun)


def test_a_company_is_not_told_who_took_over_and_why(desk: Desk) -> None:
    begun = _taken(desk)
    _give(desk, begun)
    told = [step.verdict for step in desk.view(begun.revision_id, MAKER).steps]
    assert told == [StepVerdict.SUBMITTED]
    assert desk.view(begun.revision_id, MAKER).ways.isdisjoint({"reassign", "take"})


# ------------------------------------------------------------------ what does not wait for ever


def test_given_to_somebody_who_is_gone_it_is_everybodys_again(desk: Desk) -> None:
    begun = _taken(desk)
    _give(desk, begun)
    second = desk.who(SECOND).account_id

    def turn(state: AccountState) -> None:
        def act(work: Any) -> None:
            row = work.session.get(Account, second)
            row.state = state
            work.add(row)

        desk.market.world.act(act)

    turn(AccountState.DISABLED)
    try:
        assert desk.view(begun.revision_id, REVIEWER).bar == ""
        assert [
            one.gone for one in desk.market.world.door.ask(step_holders, desk.who(DISTRICT)) if one.id == second
        ] == [True]
        with pytest.raises(Rejected, match=NOT_QUALIFIED):
            _give(desk, _taken(desk))
    finally:
        turn(AccountState.ACTIVE)


def test_who_stands_in_acts_in_his_own_name(desk: Desk) -> None:
    begun = desk.submitted()
    _give(desk, begun)
    today = desk.market.world.door.clock.today()
    second, reviewer = desk.who(SECOND), desk.who(REVIEWER)
    assert reviewer.account_id is not None
    given = desk.market.world.door.perform(
        delegate, second, Delegate(reviewer.account_id, today, today, "今日外出开会")
    )
    assert given
    lines = desk.market.world.door.ask(
        TASKS.query, reviewer, ListRows({"source": "records.review"}, Paging(size=200))
    ).lines
    assert str(begun.revision_id) in {line.task.params["id"] for line in lines}
    desk.approve(begun.revision_id, REVIEWER)
    assert desk.state(begun) is RevisionState.EFFECTIVE


def test_it_stands_in_the_inbox_of_whom_it_was_given_to_alone(desk: Desk) -> None:
    begun = _taken(desk)
    _give(desk, begun)

    def tasks(login: str) -> list[tuple[str, bool]]:
        page = desk.market.world.door.ask(
            TASKS.query, desk.who(login), ListRows({"source": "records.review"}, Paging(size=200))
        )
        return [(line.what, line.task.mine) for line in page.lines if line.task.params["id"] == str(begun.revision_id)]

    assert tasks(SECOND) == [("审核（指定由您办理）", True)]
    assert desk.market.world.door.ask(QUEUE.query, desk.who(SECOND), ListRows()).counts["mine"] >= 1


# ------------------------------------------------------------------ several at once


def test_all_open_steps_of_one_person(desk: Desk) -> None:
    world = desk.market.world
    begun = [_taken(desk) for _ in range(3)]
    reviewer, second = desk.who(REVIEWER), desk.who(SECOND)
    held_by = {"holder": str(reviewer.account_id)}
    page = world.door.ask(STEPS.query, desk.who(DISTRICT), ListRows(held_by, Paging(size=200)))
    moved = world.door.ask(STEPS.ids, desk.who(DISTRICT), held_by)
    assert {one.revision_id for one in begun} <= {line.id for line in page.lines} == set(moved)
    (holder,) = [one for one in world.door.ask(step_holders, desk.who(DISTRICT)) if one.id == reviewer.account_id]
    assert (holder.holds, holder.name, holder.gone) == (page.total, "秦审言", False)
    # One of them was dealt with meanwhile: it is left, and told.
    desk.approve(begun[0].revision_id, REVIEWER)
    order = BulkRows(reassign.name, moved, Taker(second.account_id, WHY))
    results = {one.id: one for one in world.door.perform(STEPS.each, desk.who(DISTRICT), order)}
    assert not results[begun[0].revision_id].done
    assert all(results[one.revision_id].done for one in begun[1:])
    left = world.door.ask(STEPS.ids, desk.who(DISTRICT), held_by)
    assert {one.revision_id for one in begun}.isdisjoint(left)


def test_a_step_that_changed_since_it_was_shown_is_left_for_another_look(desk: Desk) -> None:
    world = desk.market.world
    begun, other = _taken(desk), _taken(desk)
    page = world.door.ask(STEPS.query, desk.who(DISTRICT), ListRows(paging=Paging(size=200)))
    shown = {line.id: line.version for line in page.lines if line.id in {begun.revision_id, other.revision_id}}
    desk.do("release", REVIEWER, desk.one(begun))
    order = BulkRows(reassign.name, tuple(shown), Taker(desk.who(SECOND).account_id, WHY), shown)
    results = {one.id: one for one in world.door.perform(STEPS.each, desk.who(DISTRICT), order)}
    assert results[begun.revision_id].message == "该记录在您查看后已变更，请刷新后再办理"
    assert results[other.revision_id].done


def test_who_can_take_over_is_offered_and_nobody_else(desk: Desk) -> None:
    begun = _taken(desk)
    offered: list[Person] = desk.market.world.door.ask(step_reviewers, desk.who(DISTRICT), (begun.revision_id,))
    assert [(one.name, one.able) for one in offered] == [("尹思齐", 1)]
    assert desk.market.world.door.ask(step_reviewers, desk.who(ELSEWHERE), (begun.revision_id,)) == []


def test_each_sees_the_steps_he_watches_over(desk: Desk) -> None:
    begun = _taken(desk)
    for login, sees in ((DISTRICT, True), (CITY, True), (ELSEWHERE, False)):
        page = desk.market.world.door.ask(
            STEPS.query, desk.who(login), ListRows(paging=Paging(1, 200, "-submitted_at"))
        )
        assert (begun.revision_id in {line.id for line in page.lines}) is sees
    with pytest.raises(NotAllowed):
        desk.market.world.door.ask(STEPS.query, desk.who(REVIEWER), ListRows())


def test_a_list_of_steps_asks_once_who_reviews_a_level(desk: Desk) -> None:
    _give(desk, _taken(desk))
    few = _statements(desk)
    for _ in range(3):
        _give(desk, _taken(desk))
    assert _statements(desk) <= few


def _statements(desk: Desk) -> int:
    with counting(lambda *_: None), framed() as counted:
        desk.market.world.door.ask(STEPS.query, desk.who(CITY), ListRows(paging=Paging(1, 200, "-submitted_at")))
    return counted["statements"]


@pytest.mark.parametrize("filters", [{"holder": "x"}, {"kind": "nothing"}, {"due": "1"}, {"text": "甲\x00"}])
def test_what_nobody_offered_is_refused(desk: Desk, filters: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        desk.market.world.door.ask(STEPS.query, desk.who(CITY), ListRows(filters))
    with pytest.raises(Rejected):
        desk.market.world.door.ask(STEPS.query, desk.who(CITY), ListRows(paging=Paging(sort="payload")))


@pytest.mark.parametrize("many", [0, 101])
def test_neither_none_nor_too_many(desk: Desk, many: int) -> None:
    ids = tuple(UUID(int=number + 1) for number in range(many))
    with pytest.raises(Rejected):
        desk.market.world.door.perform(STEPS.each, desk.who(CITY), BulkRows(reassign.name, ids, Taker(None, WHY)))
    assert Role.CITY_HANDLER in STEPS.each.roles

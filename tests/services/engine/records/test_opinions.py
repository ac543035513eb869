"""A colleague's opinion before the decision, copies told, and a return to the level before (issue 19)."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.records import OpinionState, RecordCopy, RevisionState, SecondOpinion, StepVerdict
from services.engine.cycle import any_revision
from services.engine.cycle_orders import Decide, OneRevision
from services.engine.cycle_queue import QUEUE
from services.engine.cycle_review import step_back
from services.engine.kinds import CITY, DISTRICT, Level
from services.engine.listings import ListRows
from services.engine.opinions import (
    AskOpinion,
    GiveOpinion,
    TellCopy,
    ask_opinion,
    consulted,
    copy_people,
    give_opinion,
    opinion_people,
    read_copy,
    tell_copy,
    withdraw_opinion,
)
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotAllowed, NotFound, Refusal, Rejected
from services.engine.registry import Action
from services.engine.undo import undo
from services.inbox.tasks import TASKS
from tests.services.engine.records import kinds_made
from tests.services.engine.records.desk import MAKER, OPINION, REVIEWER, SECOND, Desk

ELSEWHERE, ABOVE = "xhshen01", "shishen01"
ASKED = "请看附件是否齐全"


def act(desk: Desk, action: Any, login: str, order: Any) -> Any:
    return desk.market.world.door.perform(action, desk.who(login), order)


def ask(desk: Desk, query: Any, login: str, order: Any) -> Any:
    return desk.market.world.door.ask(query, desk.who(login), order)


def account(desk: Desk, login: str) -> UUID:
    found = desk.who(login).account_id
    assert found is not None
    return found


def in_hand(desk: Desk, **change: Any) -> Any:
    """A version that the reviewer has taken."""
    begun = desk.submitted(**change)
    desk.do("take", REVIEWER, OneRevision(begun.revision_id))
    return begun


def asked(desk: Desk, begun: Any) -> UUID:
    version = desk.view(begun.revision_id, REVIEWER).version
    order = AskOpinion(begun.revision_id, version, account(desk, SECOND), ASKED)
    made: UUID = act(desk, ask_opinion, REVIEWER, order)
    return made


def waiting(desk: Desk, login: str, source: str) -> list[str]:
    page = ask(desk, TASKS.query, login, ListRows({"source": source}))
    return [line.task.params.get("revision") or line.task.params["id"] for line in page.lines]


def refused(desk: Desk, action: Any, login: str, order: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(desk, action, login, order)
    return caught.value


@pytest.mark.both_engines
def test_the_decision_waits_for_an_opinion_and_goes_on_after_it(desk: Desk) -> None:
    begun = in_hand(desk)
    opinion = asked(desk, begun)
    assert waiting(desk, SECOND, "records.opinions") == [str(begun.revision_id)]
    listed = ask(desk, QUEUE.query, SECOND, ListRows({"view": "asked"}))
    assert begun.revision_id in {line.id for line in listed.lines}
    for verb in ("approve", "send_back", "reject"):
        assert "尚未答复" in desk.refused(verb, REVIEWER, desk.decide(begun.revision_id)).message
    act(desk, give_opinion, SECOND, GiveOpinion(opinion, False, "缺少测绘报告"))
    assert waiting(desk, SECOND, "records.opinions") == []
    found = ask(desk, consulted, REVIEWER, begun.revision_id).opinions
    assert [(one.state, one.agrees, one.words) for one in found] == [(OpinionState.GIVEN, False, "缺少测绘报告")]
    desk.do("send_back", REVIEWER, desk.decide(begun.revision_id))
    assert desk.state(begun) is RevisionState.RETURNED


def test_only_who_has_it_in_hand_asks_and_only_reviewers_of_the_same_scope(desk: Desk) -> None:
    begun = desk.submitted()
    version = desk.view(begun.revision_id, REVIEWER).version
    order = AskOpinion(begun.revision_id, version, account(desk, SECOND), ASKED)
    assert "请先领取" in refused(desk, ask_opinion, REVIEWER, order).message
    begun = in_hand(desk)
    people = ask(desk, opinion_people, REVIEWER, begun.revision_id)
    assert account(desk, SECOND) in people
    version = desk.view(begun.revision_id, REVIEWER).version
    for login in (REVIEWER, ELSEWHERE, MAKER):
        wanted = account(desk, login)
        assert wanted not in people
        order = AskOpinion(begun.revision_id, version, wanted, ASKED)
        assert isinstance(refused(desk, ask_opinion, REVIEWER, order), Rejected)
    order = AskOpinion(begun.revision_id, version, account(desk, SECOND), ASKED)
    assert isinstance(refused(desk, ask_opinion, SECOND, order), Conflict)
    assert isinstance(refused(desk, ask_opinion, ELSEWHERE, order), NotFound)
    opinion = act(desk, ask_opinion, REVIEWER, order)
    assert "尚未答复" in refused(desk, ask_opinion, REVIEWER, order).message
    assert isinstance(refused(desk, give_opinion, REVIEWER, GiveOpinion(opinion, True, OPINION)), NotAllowed)
    assert isinstance(refused(desk, give_opinion, ELSEWHERE, GiveOpinion(opinion, True, OPINION)), NotFound)


def test_a_question_taken_back_is_waited_for_no_more(desk: Desk) -> None:
    begun = in_hand(desk)
    opinion = asked(desk, begun)
    act(desk, withdraw_opinion, REVIEWER, opinion)
    assert str(begun.revision_id) not in waiting(desk, SECOND, "records.opinions")
    assert isinstance(refused(desk, give_opinion, SECOND, GiveOpinion(opinion, True, OPINION)), Conflict)
    desk.approve(begun.revision_id)
    assert desk.state(begun) is RevisionState.EFFECTIVE


def test_a_level_that_does_not_wait_decides_and_the_question_lapses(desk: Desk) -> None:
    known = kinds_made.SITE.review
    object.__setattr__(kinds_made.SITE, "review", (Level("受理", DISTRICT.roles, waits=False),))
    try:
        begun = in_hand(desk)
        opinion = asked(desk, begun)
        desk.approve(begun.revision_id)
    finally:
        object.__setattr__(kinds_made.SITE, "review", known)
    row = desk.market.world.read(lambda work: work.only(SecondOpinion, SecondOpinion.id == opinion))
    assert row.state is OpinionState.LAPSED


def test_the_maker_is_not_told_who_was_asked(desk: Desk) -> None:
    begun = in_hand(desk)
    asked(desk, begun)
    shown = {one.verdict for one in desk.view(begun.revision_id).steps}
    assert StepVerdict.ASKED not in shown
    # Nor does the history name anybody: it is read by other offices, which see colleagues masked.
    (step,) = [one for one in desk.view(begun.revision_id, REVIEWER).steps if one.verdict is StepVerdict.ASKED]
    assert step.opinion == ASKED
    with pytest.raises(NotAllowed):
        ask(desk, consulted, MAKER, begun.revision_id)


def test_a_copy_gives_the_reading_of_this_version_and_no_more(desk: Desk) -> None:
    begun = in_hand(desk)
    other = desk.submitted()
    with pytest.raises(NotFound):
        ask(desk, any_revision, ELSEWHERE, begun.revision_id)
    told = ask(desk, copy_people, REVIEWER, begun.revision_id)[account(desk, ELSEWHERE)]
    act(desk, tell_copy, REVIEWER, TellCopy(begun.revision_id, (account(desk, ELSEWHERE),), "请知悉"))
    assert waiting(desk, ELSEWHERE, "records.copies") == [str(begun.revision_id)]
    (step,) = [one for one in desk.view(begun.revision_id, REVIEWER).steps if one.verdict is StepVerdict.TOLD]
    assert step.opinion == f"{told.split('（')[1][:-1]}。请知悉"
    view = ask(desk, any_revision, ELSEWHERE, begun.revision_id)
    assert view.title
    assert view.ways == frozenset()
    assert {one.verdict for one in view.steps} == {StepVerdict.SUBMITTED}
    with pytest.raises(NotFound):
        ask(desk, any_revision, ELSEWHERE, other.revision_id)
    for verb in ("take", "approve", "send_back", "reject", "withdraw"):
        order = (
            OneRevision(begun.revision_id)
            if verb in {"take", "withdraw"}
            else Decide(begun.revision_id, view.version, OPINION)
        )
        assert isinstance(desk.refused(verb, ELSEWHERE, order), NotAllowed)
    passing_on = TellCopy(begun.revision_id, (account(desk, SECOND),))
    assert isinstance(refused(desk, tell_copy, ELSEWHERE, passing_on), NotFound)
    copies = ask(desk, consulted, ELSEWHERE, begun.revision_id)
    assert (len(copies.opinions), [one.mine for one in copies.copies], copies.may_tell) == (0, [True], False)
    act(desk, read_copy, ELSEWHERE, copies.copies[0].id)
    assert waiting(desk, ELSEWHERE, "records.copies") == []
    again = TellCopy(begun.revision_id, (account(desk, ELSEWHERE),))
    assert isinstance(refused(desk, tell_copy, REVIEWER, again), Conflict)


def test_no_copy_for_a_company_and_none_of_a_draft(desk: Desk) -> None:
    begun = in_hand(desk)
    order = TellCopy(begun.revision_id, (account(desk, MAKER),))
    assert isinstance(refused(desk, tell_copy, REVIEWER, order), Rejected)
    with pytest.raises(NotAllowed):
        act(desk, tell_copy, MAKER, order)
    kept = select(RecordCopy).where(RecordCopy.revision_id == begun.revision_id)
    assert desk.market.world.read(lambda work: work.session.exec(kept).all()) == []


@pytest.mark.both_engines
def test_a_version_goes_back_to_the_level_before(desk: Desk) -> None:
    back: Action[Decide, None] = Action(
        "made_site.step_back", "退回上一级", CITY.roles, partial(step_back, kinds_made.SITE), event=""
    )
    known = kinds_made.SITE.review
    object.__setattr__(kinds_made.SITE, "review", (DISTRICT, CITY))
    try:
        begun = in_hand(desk)
        assert "step_back" not in desk.view(begun.revision_id, REVIEWER).ways
        desk.approve(begun.revision_id)
        assert "step_back" in desk.view(begun.revision_id, ABOVE).ways
        act(desk, back, ABOVE, desk.decide(begun.revision_id, ABOVE, "请核对面积"))
        view = desk.view(begun.revision_id, REVIEWER)
        assert (view.state, view.level, view.opinion) == (RevisionState.SUBMITTED, "区级审核", "请核对面积")
        assert view.steps[-1].verdict is StepVerdict.HANDED_BACK
        assert view.steps[-1].verdict not in {one.verdict for one in desk.view(begun.revision_id).steps}
        assert isinstance(refused(desk, back, ABOVE, desk.decide(begun.revision_id, ABOVE)), NotAllowed)
        desk.approve(begun.revision_id)
        act(desk, back, ABOVE, desk.decide(begun.revision_id, ABOVE, "请再次核对"))
        act(desk, undo, ABOVE, OneRow(begun.revision_id))
        assert desk.view(begun.revision_id, ABOVE).level == "市级审核"
    finally:
        object.__setattr__(kinds_made.SITE, "review", known)

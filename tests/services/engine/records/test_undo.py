"""A decision taken back within its minute: whole, by its maker alone, never once something stands on it (issue 19)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from models.records import FreshDecision, RevisionState, RevisionStep, StepVerdict
from services.engine.cycle_orders import Submit
from services.engine.kinds import DISTRICT, Level
from services.engine.notices import my_notices
from services.engine.numbering import number_later
from services.engine.orders import OneRow
from services.engine.outbox import ROUTES, Route, send, send_waiting
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.engine.undo import undo
from services.engine.work import Work
from tests.services.engine.records import kinds_made
from tests.services.engine.records.desk import COLLEAGUE, MAKER, REVIEWER, SECOND, Desk
from tests.services.engine.records.kinds_made import SiteLine
from tests.world import at_once


def take_back(desk: Desk, begun: Any, login: str = REVIEWER) -> None:
    desk.market.world.door.perform(undo, desk.who(login), OneRow(begun.revision_id))


def refused(desk: Desk, begun: Any, login: str = REVIEWER) -> Exception:
    with pytest.raises((Conflict, NotAllowed, NotFound)) as caught:
        take_back(desk, begun, login)
    return caught.value


def later(desk: Desk, seconds: int) -> None:
    desk.market.world.let_pass(seconds=seconds)


def notices(desk: Desk, begun: Any, login: str = MAKER) -> list[str]:
    told = desk.market.world.door.ask(my_notices, desk.who(login), 200)
    return [one.subject for one in told if one.object_id == begun.revision_id]


def steps(desk: Desk, begun: Any) -> list[StepVerdict]:
    wanted = (
        select(RevisionStep.verdict)
        .where(RevisionStep.revision_id == begun.revision_id)
        .order_by(col(RevisionStep.at), col(RevisionStep.id))
    )
    return list(desk.market.world.read(lambda work: work.session.exec(wanted).all()))


def content(desk: Desk, begun: Any) -> tuple[Any, ...]:
    """The record in force as its readers see it, with its lines."""
    row = desk.row(begun)
    wanted = select(SiteLine).where(SiteLine.record_id == begun.record_id).order_by(col(SiteLine.place))
    lines = desk.market.world.read(
        lambda work: [(one.id, one.part_no, one.part_area, one.place) for one in work.session.exec(wanted).all()]
    )
    assert row is not None
    keeper = desk.market.world.read(lambda work: work.only(type(row), type(row).id == row.id).keeper)
    return row.name, row.land, row.version_no, row.revision_id, keeper.plain if keeper else None, lines


@pytest.mark.both_engines
@pytest.mark.parametrize("verb", ["send_back", "reject"])
def test_a_return_or_refusal_goes_and_its_message_never_leaves(desk: Desk, verb: str) -> None:
    begun = desk.submitted()
    before = desk.view(begun.revision_id, REVIEWER)
    desk.do(verb, REVIEWER, desk.decide(begun.revision_id))
    assert desk.view(begun.revision_id, REVIEWER).undo_until is not None
    assert notices(desk, begun) == []
    take_back(desk, begun)
    view = desk.view(begun.revision_id, REVIEWER)
    assert (view.state, view.due, view.opinion, view.record_no) == (
        RevisionState.SUBMITTED,
        before.due,
        "",
        before.record_no,
    )
    assert "undo" not in view.ways
    later(desk, 61)
    assert notices(desk, begun) == []
    assert steps(desk, begun)[-1] is StepVerdict.UNDONE
    desk.approve(begun.revision_id)
    later(desk, 61)
    assert notices(desk, begun) == ["工地已审核通过"]


def test_an_approval_goes_with_the_record_it_put_in_force(desk: Desk) -> None:
    begun = desk.submitted()
    number = desk.view(begun.revision_id).record_no
    desk.approve(begun.revision_id)
    assert desk.row(begun) is not None
    take_back(desk, begun)
    assert desk.row(begun) is None
    view = desk.view(begun.revision_id)
    assert (view.state, view.record_no) == (RevisionState.SUBMITTED, number)
    desk.approve(begun.revision_id, SECOND)
    row = desk.row(begun)
    assert row is not None
    assert row.record_no == number


@pytest.mark.both_engines
def test_an_approved_update_goes_and_the_version_before_stands_again(desk: Desk) -> None:
    first = desk.begun(**desk.whole(keeper="王芳", phone="13800000001"))
    lines = {"parts": [{"part_no": "A", "part_area": "1.00"}, {"part_no": "B", "part_area": "2.00"}]}
    whole = desk.whole(keeper="王芳", phone="13800000001")
    desk.save(first, whole, lines)
    desk.do("submit", MAKER, submission(desk, first))
    desk.approve(first.revision_id)
    before = content(desk, first)
    second = desk.update(first.record_id)
    desk.save(
        second,
        {**whole, "name": f"{whole['name']}改", "keeper": "李强", "land": "7.00"},
        {"parts": [{"part_no": "B", "part_area": "9.00"}, {"part_no": "C", "part_area": "3.00"}]},
    )
    desk.do("submit", MAKER, submission(desk, second))
    later(desk, 61)
    desk.approve(second.revision_id)
    assert content(desk, second) != before
    take_back(desk, second)
    assert content(desk, first) == before
    assert desk.state(first) is RevisionState.EFFECTIVE
    assert desk.state(second) is RevisionState.SUBMITTED


def submission(desk: Desk, begun: Any) -> Any:
    return Submit(begun.revision_id, desk.view(begun.revision_id).version)


def test_only_its_maker_and_only_within_the_minute(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("send_back", REVIEWER, desk.decide(begun.revision_id))
    assert isinstance(refused(desk, begun, SECOND), NotAllowed)
    assert desk.view(begun.revision_id, SECOND).undo_until is None
    later(desk, 60)
    assert "60秒" in str(refused(desk, begun))
    assert "undo" not in desk.view(begun.revision_id, REVIEWER).ways
    assert notices(desk, begun) == ["工地已退回修改"]


def test_refused_once_the_maker_goes_on(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("send_back", REVIEWER, desk.decide(begun.revision_id))
    desk.save(begun, desk.whole())
    assert "又有变动" in str(refused(desk, begun))


def test_refused_once_another_version_is_begun(desk: Desk) -> None:
    begun = desk.effective()
    desk.update(begun.record_id, COLLEAGUE)
    assert "新的填报版本" in str(refused(desk, begun))


def test_refused_once_another_record_names_it(desk: Desk) -> None:
    begun = desk.effective()
    other = desk.begun()
    desk.save(other, desk.whole(made_site_id=str(begun.record_id)))
    assert "已引用" in str(refused(desk, begun))


def test_once_and_audited(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("reject", REVIEWER, desk.decide(begun.revision_id))
    tabs = at_once([partial(take_back, desk, begun) for _ in range(2)])
    assert sorted(type(one).__name__ for one in tabs) == ["Conflict", "NoneType"]
    bodies = desk.market.world.read(
        lambda work: work.session.exec(select(AuditEvent.body).where(AuditEvent.act == "made_site.undo")).all()
    )
    mine = [body for body in bodies if str(begun.revision_id) in body]
    assert len(mine) == 1
    assert '"undone":"reject"' in mine[0]


def test_its_maker_or_its_reviewer_at_the_same_moment(desk: Desk) -> None:
    begun = desk.submitted()
    desk.do("send_back", REVIEWER, desk.decide(begun.revision_id))
    save = partial(desk.save, begun, desk.whole())
    results = at_once([save, partial(take_back, desk, begun)])
    assert sum(isinstance(one, Exception) for one in results) == 1


@contextmanager
def hooked(**hooks: Any) -> Iterator[None]:
    """Let a site have other effects for a while."""
    effects = kinds_made.SITE.effects
    known = {name: getattr(effects, name) for name in hooks}
    for name, hook in hooks.items():
        object.__setattr__(effects, name, hook)
    try:
        yield
    finally:
        for name, hook in known.items():
            object.__setattr__(effects, name, hook)


def test_a_worker_sends_what_is_not_undone_after_the_minute(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    arrived: list[str] = []

    def deliver(systems: Any, payload: dict[str, Any], request_id: str) -> str:
        arrived.append(payload["verdict"])
        return "R1"

    def tell(work: Work, revision: Any, verdict: StepVerdict) -> None:
        about = {"kind": "revision", "object_id": revision.id, "request_id": uuid4().hex}
        send(work, to="made", operation="told", business_key=uuid4().hex, payload={"verdict": str(verdict)}, **about)

    monkeypatch.setitem(ROUTES, ("made", "told"), Route(deliver))
    door = desk.market.world.door
    kept, gone = desk.submitted(), desk.submitted()
    with hooked(on_step=tell):
        for one in (kept, gone):
            desk.do("send_back", REVIEWER, desk.decide(one.revision_id))
    send_waiting(door)
    assert arrived == []
    take_back(desk, gone)
    later(desk, 61)
    send_waiting(door)
    send_waiting(door)
    assert arrived == ["RETURNED"]


def test_nothing_is_kept_of_a_decision_that_gives_a_number(desk: Desk) -> None:
    """A number once given is never undone: its decision is final, and its message leaves at once."""

    def gives(work: Work, *_: Any) -> None:
        number_later(work, "ZZ", "310115", work.today, lambda number: None)

    begun = desk.submitted()
    with hooked(on_effective=gives):
        desk.approve(begun.revision_id)
    assert "编号" in str(refused(desk, begun))
    assert notices(desk, begun) == ["工地已审核通过"]
    of_it = FreshDecision.revision_id == begun.revision_id
    assert not desk.market.world.read(lambda work: work.has(FreshDecision, of_it))


def test_a_reviewer_whose_pass_was_undone_may_still_review_a_later_level(desk: Desk) -> None:
    begun = desk.submitted()
    known = kinds_made.SITE.review
    object.__setattr__(kinds_made.SITE, "review", (DISTRICT, Level("复审", DISTRICT.roles)))
    try:
        desk.approve(begun.revision_id)
        take_back(desk, begun)
        desk.approve(begun.revision_id, SECOND)
        desk.approve(begun.revision_id)
    finally:
        object.__setattr__(kinds_made.SITE, "review", known)
    assert desk.state(begun) is RevisionState.EFFECTIVE

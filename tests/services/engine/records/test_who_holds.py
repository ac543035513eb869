"""Who holds a step that was given away, while whom it was given to cannot come, and what companies are told of it (market 3.3)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.access import Account, AccountState, OrgUnit
from models.engine import Notice
from models.records import RevisionState
from services.engine.cycle_orders import Begun, OneRevision, Submit
from services.engine.cycle_queue import QUEUE
from services.engine.cycle_reassignment import (
    NOT_QUALIFIED,
    STEPS,
    Reassign,
    reassign,
    step_holders,
    step_reviewers,
)
from services.engine.listings import Line, ListRows
from services.engine.paging import Paging
from services.engine.refusals import Conflict, Rejected
from services.inbox.delegations import Delegate, delegate, standing_in_for, take_back
from tests.services.engine.records.desk import MAKER, REVIEWER, SECOND, Desk

CITY, DISTRICT, WHY = "shichu01", "pdchu01", "承办人因病请假"
GONE: Mapping[str, Any] = {"state": AccountState.DISABLED}


def _give(desk: Desk, begun: Begun, to: str | None) -> None:
    version = desk.view(begun.revision_id).version
    order = Reassign(begun.revision_id, version, _id(desk, to) if to else None, WHY)
    desk.market.world.door.perform(reassign, desk.who(DISTRICT), order)


def _id(desk: Desk, login: str) -> UUID:
    account_id = desk.who(login).account_id
    assert account_id is not None
    return account_id


def _given(desk: Desk, to: str = SECOND) -> Begun:
    begun = desk.submitted()
    _give(desk, begun, to)
    return begun


@contextmanager
def _account(desk: Desk, login: str, change: Mapping[str, Any]) -> Iterator[None]:
    """An account that is otherwise for a while."""
    account_id = _id(desk, login)

    def turn(values: Mapping[str, Any]) -> Any:
        def act(work: Any) -> Any:
            row = work.session.get(Account, account_id)
            before = {name: getattr(row, name) for name in values}
            for name, value in values.items():
                setattr(row, name, value)
            work.add(row)
            return before

        return desk.market.world.act(act)

    before = turn(change)
    try:
        yield
    finally:
        turn(before)


def _line(desk: Desk, begun: Begun, login: str) -> Line:
    order = ListRows(paging=Paging(size=200, sort="-submitted_at"))
    page = desk.market.world.door.ask(QUEUE.query, desk.who(login), order)
    return next(line for line in page.lines if line.id == begun.revision_id)


def _told(desk: Desk, begun: Begun, login: str) -> list[str]:
    rows = (
        select(Notice)
        .where(Notice.object_id == begun.revision_id, Notice.to_account == _id(desk, login))
        .order_by(col(Notice.id))
    )
    told: list[str] = desk.market.world.read(lambda work: [row.subject for row in work.session.exec(rows).all()])
    return told


def _open(desk: Desk, login: str) -> set[UUID]:
    return set(desk.market.world.door.ask(STEPS.ids, desk.who(DISTRICT), {"holder": str(_id(desk, login))}))


def _holds(desk: Desk) -> dict[UUID, int]:
    return {one.id: one.holds for one in desk.market.world.door.ask(step_holders, desk.who(DISTRICT))}


# ------------------------------------------------------------------ what companies are told


def test_a_company_is_not_told_who_was_given_it(desk: Desk) -> None:
    begun = _given(desk)
    assert desk.view(begun.revision_id, REVIEWER).assigned == "尹思齐"
    assert desk.view(begun.revision_id, CITY).assigned != ""
    told = desk.view(begun.revision_id, MAKER)
    assert (told.assigned, told.once_assigned) == ("", "")
    with _account(desk, SECOND, GONE):
        told = desk.view(begun.revision_id, MAKER)
        assert (told.assigned, told.once_assigned) == ("", "")


def test_a_company_withdraws_though_its_step_was_given_away(desk: Desk) -> None:
    begun = desk.submitted()
    shown = OneRevision(begun.revision_id, desk.view(begun.revision_id).version)
    _give(desk, begun, SECOND)
    _give(desk, begun, REVIEWER)
    desk.do("withdraw", MAKER, shown)
    assert desk.state(begun) is RevisionState.DRAFT


def test_what_was_submitted_anew_is_not_withdrawn_by_an_older_page(desk: Desk) -> None:
    begun = desk.submitted()
    shown = OneRevision(begun.revision_id, desk.view(begun.revision_id).version)
    _give(desk, begun, SECOND)
    desk.do("withdraw", MAKER, desk.one(begun))
    desk.do("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    _give(desk, begun, SECOND)
    refused = desk.refused("withdraw", MAKER, shown)
    assert (type(refused), refused.message) == (Conflict, "本记录已更新，请刷新后再办理")
    # A page that has seen nothing of this world yet, and one from another.
    for version in (-1, 10**12):
        assert isinstance(desk.refused("withdraw", MAKER, OneRevision(begun.revision_id, version)), Conflict)


def test_a_company_that_comes_too_late_reads_no_names(desk: Desk) -> None:
    begun = desk.submitted()
    shown = OneRevision(begun.revision_id, desk.view(begun.revision_id).version)
    desk.do("take", REVIEWER, OneRevision(begun.revision_id))
    _give(desk, begun, SECOND)
    refused = desk.refused("withdraw", MAKER, shown)
    assert (type(refused), refused.message) == (Conflict, "本记录已更新，请刷新后再办理")
    assert "将本环节转交尹思齐审核" in desk.refused("take", REVIEWER, shown).message


# ------------------------------------------------------------------ who holds it


def test_who_took_it_for_somebody_gone_holds_it(desk: Desk) -> None:
    begun = _given(desk)
    with _account(desk, SECOND, GONE):
        before = _holds(desk)
        desk.do("take", REVIEWER, OneRevision(begun.revision_id))
        after = _holds(desk)
        reviewer, second = _id(desk, REVIEWER), _id(desk, SECOND)
        assert after.get(reviewer, 0) == before.get(reviewer, 0) + 1
        assert after.get(second, 0) == before[second] - 1
        assert begun.revision_id in _open(desk, REVIEWER)
        assert begun.revision_id not in _open(desk, SECOND)
        # He works on it, but it is not his alone until it is given to him.
        offered = desk.market.world.door.ask(step_reviewers, desk.who(DISTRICT), (begun.revision_id,))
        assert {one.id: one.holds for one in offered} == {reviewer: after[reviewer]}
        _give(desk, begun, REVIEWER)
        assert _told(desk, begun, REVIEWER) == ["审核转交给您"]
        assert _told(desk, begun, SECOND) == ["审核转交给您", "审核已转交"]
        assert desk.view(begun.revision_id, REVIEWER).for_me
        with pytest.raises(Conflict, match="无须转交"):
            _give(desk, begun, REVIEWER)
        offered = desk.market.world.door.ask(step_reviewers, desk.who(DISTRICT), (begun.revision_id,))
        assert offered == []


def test_given_back_to_whom_it_was_given_first_who_took_it_is_told(desk: Desk) -> None:
    begun = _given(desk)
    with _account(desk, SECOND, GONE):
        desk.do("take", REVIEWER, OneRevision(begun.revision_id))
    offered = desk.market.world.door.ask(step_reviewers, desk.who(DISTRICT), (begun.revision_id,))
    assert {one.id for one in offered} == {_id(desk, SECOND), _id(desk, REVIEWER)}
    _give(desk, begun, SECOND)
    assert _told(desk, begun, REVIEWER) == ["审核已转交"]
    assert _told(desk, begun, SECOND) == ["审核转交给您"] * 2
    assert desk.view(begun.revision_id, REVIEWER).holder == ""


def test_given_back_to_the_queue_both_are_told(desk: Desk) -> None:
    begun = _given(desk)
    with _account(desk, SECOND, GONE):
        desk.do("take", REVIEWER, OneRevision(begun.revision_id))
    _give(desk, begun, None)
    assert _told(desk, begun, REVIEWER) == ["审核已转交"]
    assert _told(desk, begun, SECOND) == ["审核转交给您", "审核已转交"]


# ------------------------------------------------------------------ who cannot come


@pytest.mark.parametrize(
    "change",
    [
        GONE,
        {"link_digest": "0" * 64},
        {"demo": False, "cert_fingerprint": None},
    ],
    ids=["disabled", "no first password", "no certificate"],
)
def test_who_cannot_sign_in_is_given_nothing_and_keeps_nothing(desk: Desk, change: Mapping[str, Any]) -> None:
    begun, other = _given(desk), desk.submitted()
    assert (_line(desk, begun, REVIEWER).assigned, _line(desk, begun, SECOND).for_me) == ("尹思齐", True)
    with _account(desk, SECOND, change):
        with pytest.raises(Rejected, match=NOT_QUALIFIED):
            _give(desk, other, SECOND)
        offered = desk.market.world.door.ask(step_reviewers, desk.who(DISTRICT), (other.revision_id,))
        assert [one.name for one in offered] == ["秦审言"]
        line, view = _line(desk, begun, REVIEWER), desk.view(begun.revision_id, REVIEWER)
        assert (line.assigned, line.once_assigned, line.bar) == ("", "尹思齐", "")
        assert (view.assigned, view.once_assigned, view.bar) == ("", "尹思齐", "")
        holders = desk.market.world.door.ask(step_holders, desk.who(DISTRICT))
        assert [one.gone for one in holders if one.id == _id(desk, SECOND)] == [True]
        desk.do("take", REVIEWER, OneRevision(begun.revision_id))


def test_with_a_certificate_no_demo_account_is_needed(desk: Desk) -> None:
    with _account(desk, SECOND, {"demo": False, "cert_fingerprint": "1" * 64}):
        assert _line(desk, _given(desk), SECOND).for_me


def test_who_stands_in_is_of_the_same_office_still(desk: Desk) -> None:
    begun, world = _given(desk), desk.market.world
    today = world.door.clock.today()
    order = Delegate(_id(desk, REVIEWER), today, today, "今日外出开会")
    given = world.door.perform(delegate, desk.who(SECOND), order)
    try:
        assert _line(desk, begun, REVIEWER).bar == ""
        elsewhere = world.read(
            lambda work: work.session.exec(select(OrgUnit.id).where(OrgUnit.unit_code == "DB310104")).one()
        )
        with _account(desk, SECOND, {"unit_id": elsewhere}):
            assert world.door.look(desk.who(REVIEWER), standing_in_for) == []
            assert "已指定由" in _line(desk, begun, REVIEWER).bar
    finally:
        world.door.perform(take_back, desk.who(SECOND), given)

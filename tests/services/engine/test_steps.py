"""Buttons: an action is available where its roles fit the caller and its step starts in the state of the record."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session

import services.everything  # noqa: F401  (registers every action)
from models.access import Role, ScopeKind
from models.practitioner_codes import ApplyState, BrandState, CardState, TaskState
from models.practitioners import CardTask
from services.engine.callers import Caller, Scope
from services.engine.registry import ACTIONS
from services.engine.steps import available, begin_in, is_available
from services.practitioners.card_moves import resume, suspend


@dataclass(frozen=True)
class Line:
    state: object


def _caller(*roles: Role) -> Caller:
    return Caller("测试", tuple(Scope(role, ScopeKind.CITY) for role in roles), uuid4())


def test_a_button_is_drawn_where_its_step_starts() -> None:
    district = _caller(Role.DISTRICT_BUREAU)
    assert is_available(district, suspend, Line(CardState.ACTIVE))
    assert not is_available(district, resume, Line(CardState.ACTIVE))
    assert is_available(district, resume, Line(CardState.SUSPENDED))


def test_a_button_is_drawn_for_its_roles_only() -> None:
    assert not is_available(_caller(Role.ENTERPRISE_USER), suspend, Line(CardState.ACTIVE))
    assert not is_available(_caller(Role.ENTERPRISE_USER), suspend)


def test_a_state_of_another_machine_with_the_same_value_opens_nothing() -> None:
    firm = _caller(Role.ENTERPRISE_ADMIN)
    assert ApplyState.RETURNED.value == BrandState.RETURNED.value
    ways = {one.name for one in available(firm, Line(BrandState.RETURNED))}
    assert ways == {"practitioners.brand", "practitioners.brand_withdraw"}


def test_a_word_instead_of_a_state_is_a_mistake_of_the_query() -> None:
    with pytest.raises(TypeError):
        is_available(_caller(Role.DISTRICT_BUREAU), suspend, Line("有效"))


def test_every_declared_step_is_one_of_its_machine() -> None:
    steps = [one for one in ACTIONS.values() if one.step is not None]
    assert len(steps) > 45
    assert [one.name for one in steps if one.step and one.step.name not in one.step.machine.steps] == []


def test_only_a_new_row_begins_in_a_state() -> None:
    task = CardTask(id=uuid4())
    begin_in(task, TaskState.OPEN)
    assert task.state is TaskState.OPEN
    make_transient_to_detached(task)
    with Session() as session:
        session.add(task)
        with pytest.raises(RuntimeError):
            begin_in(task, TaskState.DONE)

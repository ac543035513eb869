"""A table the worker breaks on is put down where its firm can act, and says so; others go on meanwhile (row 42)."""

from typing import Any

import pytest

from models.practitioner_codes import SessionState
from services.engine.listings import ListRows
from services.imports import jobs
from services.imports.commit_run import commit_session
from services.imports.jobs import STOPPED, TRIES, UNREADABLE
from services.imports.listings import SESSIONS
from tests.people_made import person, table
from tests.services.imports.desk import Desk


def broken(*_: Any) -> None:
    raise ZeroDivisionError


@pytest.mark.row(42)
def test_a_table_that_breaks_the_worker_is_refused_after_some_tries(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session_id = desk.upload(table([person(1)]))
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "read_session", broken)
        for _ in range(TRIES - 1):
            desk.work()
        assert desk.view(session_id).state is SessionState.READING
        desk.work()
    view = desk.view(session_id)
    assert (view.state, view.refusal) == (SessionState.REFUSED, UNREADABLE)
    assert UNREADABLE in [line.refusal for line in desk.ask(SESSIONS.query, ListRows()).lines]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.row(42)
def test_committing_that_breaks_is_paused_and_goes_on_when_it_is_told_to(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = desk.read(table([person(2), person(3)]))
    desk.do(commit_session, session_id)
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "commit_rows", broken)
        for _ in range(TRIES):
            desk.work()
    view = desk.view(session_id)
    assert (view.state, view.refusal, view.committed) == (SessionState.PAUSED, STOPPED, 0)
    desk.commit(session_id)
    view = desk.view(session_id)
    assert (view.committed, view.refusal) == (2, "")


@pytest.mark.row(42)
def test_a_try_that_went_well_is_not_held_against_the_next_trouble(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = desk.upload(table([person(4)]))
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "read_session", broken)
        for _ in range(TRIES - 1):
            desk.work()
    desk.work()
    assert desk.view(session_id).state is SessionState.READY
    assert not desk.world.door.house.broken_imports

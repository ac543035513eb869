"""Work of the import worker: sessions to read, then rows to commit; another worker continues after a kill."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from uuid import UUID

from models.access import Role
from models.imports import ImportSession
from models.practitioner_codes import SessionState
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import LEASE, RENEWED, TakeLease, job, take_lease, this_holder
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work
from services.imports.commit_run import commit_rows
from services.imports.corrections import read_corrections
from services.imports.session_reader import Going, read_session, source_of
from services.imports.sessions import move, recount

log = logging.getLogger("shenfang.imports")
NAME = "imports.work"
#: How often the worker tries a session it fails on before it gives up, in one process.
TRIES = 5
UNREADABLE = "系统处理这份表格时出错，已停止处理并记录；请换一份文件重新上传，仍不行的请联系管理员"
STOPPED = "系统处理这个批次时出错，已停下并记录；已提交的行有效，可以改正或稍后继续，仍不行的请联系管理员"


@action("imports.give_up", "停下出错的批次", roles={Role.SYSTEM}, event="")
def give_up(work: Work, session_id: UUID) -> None:
    """End a session the worker fails on: a first reading is refused, corrections are reverted, committing is paused."""
    session = work.hold(ImportSession, session_id)
    if session.state is SessionState.COMMITTING:
        session.refusal = STOPPED
        move(work, session, "pause", reason="BROKEN")
    elif session.state is SessionState.READING and session.read_at is not None:
        session.refusal = STOPPED
        move(work, session, "read", reason="BROKEN")
        recount(work, session)
    elif session.state is SessionState.READING:
        session.refusal = UNREADABLE
        move(work, session, "refuse", reason="BROKEN")


def _waiting(work: Work, state: SessionState) -> Sequence[UUID]:
    """Sessions with something to do, those that waited longest first."""
    return work.rows(ImportSession.id, ImportSession.state == state, by=ImportSession.updated_at, most=20)


def _renewing(door: Door) -> Going:
    """True as long as no other worker has taken over; asked between two steps."""
    last = monotonic()

    def going() -> bool:
        nonlocal last
        if monotonic() - last > RENEWED:
            last = monotonic()
            return door.perform(take_lease, SYSTEM, TakeLease(NAME, LEASE, this_holder()))
        return True

    return going


def _any_waiting(work: Work) -> bool:
    return any(_waiting(work, state) for state in (SessionState.READING, SessionState.COMMITTING))


@job(NAME, "批量导入的读取与提交", every=3, due=_any_waiting)
def work_off(door: Door) -> int:
    """Read what waits to be read and commit what waits to be committed; the number of sessions worked on."""
    return work_through(door, _renewing(door))


def work_through(door: Door, going: Going) -> int:
    """Work until `going` returns false."""
    done = 0
    for state, act in ((SessionState.READING, _read), (SessionState.COMMITTING, commit_rows)):
        for session_id in door.look(SYSTEM, lambda work, state=state: _waiting(work, state)):  # type: ignore[misc]
            done += _one(door, session_id, partial(act, door, session_id, going))
    return done


def _read(door: Door, session_id: UUID, going: Going) -> None:
    source = door.look(SYSTEM, lambda work: source_of(work, session_id))
    if source is not None:
        (read_session if source.session.read_at is None else read_corrections)(door, source, going)


def _one(door: Door, session_id: UUID, act: Callable[[], None]) -> int:
    """Keep a session's trouble from the others: it does not keep the others from their turn, nor the worker busy for ever."""
    broken = door.house.broken_imports
    try:
        act()
    except Refusal as refusal:
        log.warning("import %s was put off: %s", session_id, type(refusal).__name__)
        return 0
    except Exception:
        log.exception("import %s failed", session_id)
        broken[session_id] += 1
        if broken[session_id] >= TRIES:
            del broken[session_id]
            door.perform(give_up, SYSTEM, session_id)
        return 0
    del broken[session_id]
    return 1

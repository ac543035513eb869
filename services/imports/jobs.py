"""Work of the import worker: sessions to read, then rows to commit; another worker continues after a kill."""

import logging
from collections.abc import Callable, Sequence
from time import monotonic
from uuid import UUID

from sqlmodel import col, select

from models.imports import ImportSession
from models.practitioner_codes import SessionState
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import HOLDER, TakeLease, job, take_lease
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.imports.abandoned_sessions import TRIES, GiveUp, give_up
from services.imports.commit_run import commit_rows, committing
from services.imports.corrections import read_corrections
from services.imports.session_reader import Going, read_session, source_of

log = logging.getLogger("shenfang.imports")
NAME = "imports.work"
#: Seconds for which a dead worker is waited for; a living one says again that it is there.
_LEASE = 40
_RENEW = 10.0
#: How often each session broke this worker since it last got through.
_failed: dict[UUID, int] = {}


def _waiting(work: Work) -> Sequence[UUID]:
    waiting = select(ImportSession.id).where(ImportSession.state == SessionState.READING)
    return work.session.exec(waiting.order_by(col(ImportSession.updated_at)).limit(20)).all()


def _renewing(door: Door) -> Going:
    """True as long as no other worker has taken over; asked between two steps."""
    last = monotonic()

    def going() -> bool:
        nonlocal last
        if monotonic() - last > _RENEW:
            last = monotonic()
            return door.perform(take_lease, SYSTEM, TakeLease(NAME, _LEASE, HOLDER))
        return True

    return going


@job(NAME, "批量导入的读取与提交", every=3, lease=_LEASE)
def work_off(door: Door) -> int:
    """Read what waits to be read and commit what waits to be committed; the number of sessions worked on."""
    going = _renewing(door)
    return work_through(door, going)


def work_through(door: Door, going: Going) -> int:
    """Work until `going` returns false."""
    done = 0
    for session_id in door.look(SYSTEM, _waiting):
        done += _one(door, session_id, lambda session_id=session_id: _read(door, session_id, going))  # type: ignore[misc]
    for session_id in door.look(SYSTEM, committing):
        done += _one(door, session_id, lambda session_id=session_id: commit_rows(door, session_id, going))  # type: ignore[misc]
    return done


def _read(door: Door, session_id: UUID, going: Going) -> None:
    source = door.look(SYSTEM, lambda work: source_of(work, session_id))
    if source is None:
        return
    if source.corrects:
        read_corrections(door, source, going)
    else:
        read_session(door, source, going)


def _one(door: Door, session_id: UUID, act: Callable[[], None]) -> int:
    """Return a session's trouble does not keep the others from their turn, nor the worker busy for ever."""
    try:
        act()
    except Refusal as refusal:
        log.warning("import %s was put off: %s", session_id, type(refusal).__name__)
        return 0
    except Exception:
        log.exception("import %s failed", session_id)
        _failed[session_id] = _failed.get(session_id, 0) + 1
        if _failed[session_id] >= TRIES:
            del _failed[session_id]
            door.perform(give_up, SYSTEM, GiveUp(session_id))
        return 0
    _failed.pop(session_id, None)
    return 1

"""A table the worker breaks on again and again is put down where its firm can do something about it."""

from dataclasses import dataclass
from uuid import UUID

from models.access import Role
from models.imports import ImportSession
from models.practitioner_codes import SessionState
from services.engine.registry import action
from services.engine.work import Work
from services.imports.sessions import move, recount

#: How often the worker tries before it gives up, in one process.
TRIES = 5
UNREADABLE = "系统处理这份表格时出错，已停止处理并记录；请换一份文件重新上传，仍不行的请联系管理员"
STOPPED = "系统处理这个批次时出错，已停下并记录；已提交的行有效，可以改正或稍后继续，仍不行的请联系管理员"


@dataclass(frozen=True)
class GiveUp:
    session_id: UUID


@action("imports.give_up", "停下出错的批次", roles={Role.SYSTEM}, event="")
def give_up(work: Work, order: GiveUp) -> None:
    """End a session the worker fails on: a first reading is refused, corrections are reverted, committing is paused."""
    session = work.hold(ImportSession, order.session_id)
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

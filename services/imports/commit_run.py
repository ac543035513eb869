"""The good rows become records, some at a time: each part with its lines' states in one transaction, so never twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.imports import ImportedLine, ImportSession
from models.practitioner_codes import IMPORT, RowState, SessionState
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.notices import notify
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import Step, action
from services.engine.work import Work
from services.imports.kinds import Importable, kind_of
from services.imports.lines import LINES, keep_row, move_lines, row_of
from services.imports.session_reader import Going
from services.imports.sessions import BRINGERS, known, move, recount
from services.imports.sheets import ImportedRow


@action("imports.commit", "提交可提交的行", roles=BRINGERS, step=Step(IMPORT, "commit"))
def commit_session(work: Work, session_id: UUID) -> None:
    """Have the worker commit every good row, or go on after a pause; bad ones wait."""
    session = work.hold(ImportSession, session_id)
    counted = recount(work, session)
    if not counted.get(RowState.GOOD):
        raise Rejected("没有可提交的行，请先改正有误的行")
    session.refusal = ""
    move(work, session, "commit")
    session.step_done, session.step_total = session.committed, session.committed + session.good


@action("imports.pause", "暂停提交", roles=BRINGERS, step=Step(IMPORT, "pause"))
def pause_session(work: Work, session_id: UUID) -> None:
    """The part that is being committed is committed; no other is begun."""
    move(work, work.hold(ImportSession, session_id), "pause")


@action("imports.cancel", "取消导入批次", roles=BRINGERS, step=Step(IMPORT, "cancel"))
def cancel_session(work: Work, session_id: UUID) -> None:
    """Give up what is not committed; what is stays, and can be undone."""
    session = work.hold(ImportSession, session_id)
    move_lines(work, "drop", LINES.c.session_id == session.id)
    recount(work, session)
    move(work, session, "cancel")


@action("imports.undo", "撤销导入批次", roles=BRINGERS, step=Step(IMPORT, "undo"))
def undo_session(work: Work, session_id: UUID) -> int:
    """Take back every record of the session, or none: `Conflict` when something depends on one. The number taken back."""
    session = work.hold(ImportSession, session_id)
    if not session.committed:
        raise Conflict("这个批次没有已提交的行，无须撤销")
    kind_of(session.kind).undo(work, session.id)
    undone = move_lines(work, "undo", LINES.c.session_id == session.id)
    move_lines(work, "drop", LINES.c.session_id == session.id)
    session.undone_at = work.now
    recount(work, session)
    move(work, session, "undo")
    return undone


# The worker


@dataclass(frozen=True)
class CommitPart:
    """The next rows of a session; `photos` is its archive, opened once by the worker."""

    session_id: UUID
    photos: bytes | None = None


@dataclass(frozen=True)
class _Part:
    """Rows made ready outside the transaction, with their lines as they were."""

    kind: Importable
    lines: Sequence[ImportedLine]
    rows: Sequence[ImportedRow]
    ready: Any = None


def _prepare(gathering: Gathering, order: CommitPart) -> _Part:
    part = gathering.look(lambda work: _next_rows(work, order.session_id))
    return replace(part, ready=part.kind.prepare(gathering, part.rows, order.photos)) if part.rows else part


def _next_rows(work: Work, session_id: UUID) -> _Part:
    kind = kind_of(known(work, session_id).kind)
    good = select(ImportedLine).where(ImportedLine.session_id == session_id, ImportedLine.state == RowState.GOOD)
    lines = work.session.exec(good.order_by(col(ImportedLine.sheet_row)).limit(kind.batch)).all()
    return _Part(kind, lines, [row_of(line) for line in lines])


@action(
    "imports.commit_part", "提交一部分", roles={Role.SYSTEM}, gather=_prepare, step=Step(IMPORT, "finish"), event=""
)
def commit_part(work: Work, order: CommitPart, part: _Part) -> int:
    """Commit the rows made ready: records, lines and counts together. The number of rows left; 0 ends the committing."""
    session = work.hold(ImportSession, order.session_id)
    if session.state is not SessionState.COMMITTING:
        return 0
    if not _unchanged(work, part):
        # A user corrected one of these rows meanwhile; they are made ready again.
        return 1
    if part.lines:
        _file(work, session, part)
    session.step_done, session.step_total = session.committed, session.committed + session.good
    session.committed_at = work.now
    work.add(session)
    if session.good:
        return session.good
    move(work, session, "rest" if session.bad else "finish")
    _tell_end(work, session)
    return 0


def _unchanged(work: Work, part: _Part) -> bool:
    before = {line.id: line.edited for line in part.lines}
    held_lines = select(ImportedLine.id, ImportedLine.edited).where(
        col(ImportedLine.id).in_(list(before)), ImportedLine.state == RowState.GOOD
    )
    return dict(work.session.exec(held_lines).all()) == before


def _file(work: Work, session: ImportSession, part: _Part) -> None:
    # The transaction may be tried again: what it finds goes into rows of its own.
    rows = [replace(row, findings=[*row.findings]) for row in part.rows]
    filed = part.kind.file(work, session, rows, part.ready)
    records = {line.id: record_id for line, record_id in zip(part.lines, filed, strict=True) if record_id is not None}
    move_lines(work, "commit", LINES.c.session_id == session.id, records=records, only=records)
    for line, row in zip(part.lines, rows, strict=True):
        if line.id not in records:
            # Refused at the last moment it says why and waits with the bad ones.
            keep_row(work, work.get(ImportedLine, line.id), row, line.key_index)
    # Counted by what was done: to count the lines anew would write the records before they have their numbers.
    refused = len(rows) - len(records)
    session.good -= len(rows)
    session.committed += len(records)
    session.bad += refused
    detail = {"rows": len(rows), "refused": refused}
    work.trail.tell("DATA.CREATE", "imports.commit_part", object_id=session.id, kind="import_session", detail=detail)


def _tell_end(work: Work, session: ImportSession) -> None:
    waits = f"，{session.bad}行待改正" if session.bad else ""
    words = f"批次{session.session_no}：已提交{session.committed}行{waits}"
    notify(work, "批量导入已提交", words, about=session, to_account=session.account_id)


def commit_rows(door: Door, session_id: UUID, going: Going) -> None:
    """Commit part after part until none is left, a user pauses, or this worker must stop."""
    photos: bytes | None = door.look(SYSTEM, lambda work: _photos(work, session_id))
    while going():
        if not door.perform(commit_part, SYSTEM, CommitPart(session_id, photos)):
            return


def _photos(work: Work, session_id: UUID) -> bytes | None:
    session = work.get(ImportSession, session_id)
    return None if session.pictures is None else work.sealer.open_file(session.pictures, str(session.id))

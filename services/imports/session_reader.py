"""The worker reads a session's table: rows judged by themselves first, then with what others answer, some at a time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.access import Role
from models.dialect import bulk_insert
from models.enterprise import Enterprise
from models.imports import ImportedLine, ImportSession
from models.practitioner_codes import IMPORT, SessionState
from models.sealed import Sealed
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.refusals import Conflict
from services.engine.registry import Step, action
from services.engine.work import Work
from services.files.file_refusals import FileRefused
from services.files.pictures import Picture
from services.files.zip_of_pictures import JudgedEntry, judged_pictures
from services.imports.heads import HeadsDiffer
from services.imports.kinds import Asking, Photos, kind_of
from services.imports.lines import LINES, new_lines
from services.imports.repeated_rows import find_repeated
from services.imports.row_kinds import ImportedRow, ImportKind
from services.imports.sessions import move, recount, tell, told_of
from services.imports.table_reader import find_rows, judge_row
from services.ports.virus_scan import VIRUS_SCANNER

#: Rows of one transaction, and of one question to outside systems.
_PART = 1_000
_ASKED = 200
_AT_ONCE = 4
#: Says that this worker goes on; false when another has taken over.
Going = Callable[[], bool]


@dataclass(frozen=True)
class Source:
    """The files of a session in clear, their firm, and the progress of an earlier worker."""

    id: UUID
    kind: str
    firm: str
    content: bytes
    pictures: bytes | None
    mapping: dict[str, Any] | None
    photos: list[list[Any]] | None
    corrects: bool
    after_row: int
    account_id: UUID
    about_id: UUID | None


def source_of(work: Work, session_id: UUID) -> Source | None:
    """The files of a session that waits to be read, or nothing."""
    session = work.get(ImportSession, session_id)
    if session.state is not SessionState.READING or session.workbook is None:
        return None
    last = work.session.exec(
        select(func.max(ImportedLine.sheet_row)).where(ImportedLine.session_id == session_id)
    ).one()
    return Source(
        id=session.id,
        kind=session.kind,
        firm=firm_code(work, session),
        content=work.sealer.open_file(session.workbook, str(session.id)),
        pictures=None if session.pictures is None else work.sealer.open_file(session.pictures, str(session.id)),
        mapping=session.mapping,
        photos=told_of(session)["photos"],
        corrects=session.read_at is not None,
        after_row=last or 0,
        account_id=session.account_id,
        about_id=session.about_id,
    )


def firm_code(work: Work, session: ImportSession) -> str:
    """Return the credit code of the importing rental firm; empty for other users."""
    if session.enterprise_id is None:
        return ""
    return work.session.exec(select(Enterprise.uscc).where(Enterprise.id == session.enterprise_id)).first() or ""


def read_session(door: Door, source: Source, going: Going) -> None:
    """Read a new table to its end, or up to where its heads must be matched; a file that cannot be read is refused."""
    try:
        _has_no_virus(door, source)
        photos, entries = _photos(source)
        declared = kind_of(source.kind)
        kind = declared.kind(asking(door, source), photos)
        chosen = source.mapping
        found = find_rows(kind, source.content, None if chosen is None else (chosen["last_row"], chosen["places"]))
        if declared.also is not None:
            found = declared.also(source.content, found)
    except HeadsDiffer as differ:
        heads = {"last_row": differ.last_row, "heads": differ.heads, "known": differ.known}
        door.perform(ask_heads, SYSTEM, AskHeads(source.id, differ.message, heads))
        return
    except FileRefused as refused:
        door.perform(refuse_session, SYSTEM, RefuseSession(source.id, refused.code, refused.message))
        return
    today = door.clock.today()
    cells = {one.sheet_row: one.cells for one in found.rows}
    rows = [judge_row(kind, one.sheet_row, one.cells, today) for one in found.rows]
    find_repeated(kind, rows)
    total, notes = len(rows), found.notes
    del found
    left = [row for row in rows if row.sheet_row > source.after_row]
    rows.clear()
    left.reverse()
    after = source.after_row
    while left:
        part = [left.pop() for _ in range(min(_PART, len(left)))]
        check_outside(kind, part)
        lines = new_lines(door.house.sealer, source.id, kind, [(row, cells.pop(row.sheet_row)) for row in part])
        if not going():
            return
        door.perform(keep_lines, SYSTEM, KeepLines(source.id, lines, after, total - len(left), total))
        after = part[-1].sheet_row
    door.perform(read_done, SYSTEM, ReadDone(source.id, tuple(notes), entries))


def asking(door: Door, source: Source) -> Asking:
    """Return how the worker asks: as the system, outside of any transaction."""
    return Asking(
        lambda read: door.look(SYSTEM, read),
        door.systems,
        door.clock.today(),
        source.firm,
        source.account_id,
        source.about_id,
    )


def check_outside(kind: ImportKind, rows: Sequence[ImportedRow]) -> None:
    """Ask outside systems about the rows, in parts of which some run at once."""
    if kind.check_all is None:
        return
    if len(rows) <= _ASKED:
        kind.check_all(rows)
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(kind.check_all, in_parts(rows, _ASKED)))


def _has_no_virus(door: Door, source: Source) -> None:
    scanner = door.systems.find(VIRUS_SCANNER)
    for content in (source.content, source.pictures):
        if content and scanner is not None and scanner.scan(content).state == "infected":
            raise FileRefused("FILE-INFECTED", "文件含有病毒，未读取；请查杀后重新上传")


def _photos(source: Source) -> tuple[Photos | None, tuple[tuple[Any, ...], ...] | None]:
    if source.pictures is None:
        return None, None
    judged = {one.name: one for one in judged_pictures(source.pictures)}
    return judged, tuple(_entry(one) for one in judged.values())


def _entry(one: JudgedEntry) -> tuple[Any, ...]:
    seen = one.picture
    return (one.name, one.size, *((seen.media_type, seen.width, seen.height) if seen else ()))


def photos_of(kept: Sequence[Sequence[Any]] | None) -> Photos | None:
    """The archive's entries as they were judged when it was read."""
    if kept is None:
        return None
    return {name: JudgedEntry(name, size, Picture(*seen) if seen else None) for name, size, *seen in kept}


@dataclass(frozen=True)
class KeepLines:
    """Lines already sealed; `after_row` is the last row kept before them."""

    session_id: UUID
    lines: list[dict[str, Any]]
    after_row: int
    done: int
    total: int


@action("imports.keep_lines", "保存读取结果", roles={Role.SYSTEM}, event="")
def keep_lines(work: Work, order: KeepLines) -> None:
    """Keep a part of a table; two workers over one session never keep a row twice."""
    session = _reading(work, order.session_id)
    last = work.session.exec(
        select(func.max(ImportedLine.sheet_row)).where(ImportedLine.session_id == session.id)
    ).one()
    if (last or 0) != order.after_row:
        raise Conflict("该批次已由另一进程读取")
    bulk_insert(work.session, LINES, order.lines)
    session.step_done, session.step_total = order.done, order.total
    work.add(session)


@dataclass(frozen=True)
class ReadDone:
    session_id: UUID
    notes: tuple[str, ...]
    photos: tuple[tuple[Any, ...], ...] | None = None


@action("imports.read_done", "读取完成", roles={Role.SYSTEM}, step=Step(IMPORT, "read"))
def read_done(work: Work, order: ReadDone) -> None:
    """Every row has its line."""
    session = _reading(work, order.session_id)
    tell(
        session,
        told=[*order.notes][:50],
        photos=order.photos if order.photos is not None else told_of(session)["photos"],
    )
    session.read_at, session.refusal = work.now, ""
    move(work, session, "read")
    recount(work, session)


@dataclass(frozen=True)
class RefuseSession:
    session_id: UUID
    code: str
    message: str


@action("imports.refuse", "文件未通过检查", roles={Role.SYSTEM}, step=Step(IMPORT, "refuse"), event="DATA.REFUSED")
def refuse_session(work: Work, order: RefuseSession) -> None:
    """The file cannot be read; nothing of it is kept but why."""
    session = _reading(work, order.session_id)
    session.refusal = order.message[:300]
    move(work, session, "refuse", reason=order.code)


@dataclass(frozen=True)
class AskHeads:
    session_id: UUID
    message: str
    heads: dict[str, Any]


@action("imports.ask_heads", "待对应表头", roles={Role.SYSTEM}, step=Step(IMPORT, "ask_heads"))
def ask_heads(work: Work, order: AskHeads) -> None:
    """Ask the user to match the columns."""
    session = _reading(work, order.session_id)
    session.heads, session.refusal = Sealed.of_json(order.heads), order.message[:300]
    move(work, session, "ask_heads")


def _reading(work: Work, session_id: UUID) -> ImportSession:
    session = work.hold(ImportSession, session_id)
    if session.state is not SessionState.READING:
        raise Conflict("该批次已不在读取中")
    return session


def lines_at(work: Work, session_id: UUID, numbers: Sequence[int]) -> dict[int, ImportedLine]:
    """Lines of a session by their row numbers."""
    wanted = select(ImportedLine).where(
        ImportedLine.session_id == session_id, col(ImportedLine.sheet_row).in_(list(numbers))
    )
    return {line.sheet_row: line for line in work.session.exec(wanted).all()}


def in_parts(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (rows[at : at + size] for at in range(0, len(rows), size))

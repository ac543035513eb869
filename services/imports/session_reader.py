"""The worker reads a session's table: rows judged by themselves first, then with what others answer, some at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
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
from services.files.zip_of_pictures import JudgedEntry
from services.imports.heads import HeadsDiffer, OwnHeads
from services.imports.kinds import Asking, Look, Photos, kind_of, photos_in
from services.imports.lines import LINES, new_lines
from services.imports.sessions import move, recount, tell, told_of, without_files
from services.imports.sheets import Checks, ImportedRow
from services.imports.table_reader import Reading, SheetsLeft, find_rows, judge_rows
from services.ports.systems import VIRUS_SCANNER, Systems

#: Rows of one transaction, and of one question to outside systems.
_PART = 1_000
_ASKED = 200
_AT_ONCE = 4
#: In so many earlier tables it is looked for heads of the firm's own.
_REMEMBERED = 50
#: Says that this worker goes on; false when another has taken over.
Going = Callable[[], bool]


@dataclass(frozen=True)
class Source:
    """A session outside any transaction: its firm, its files in clear, the last row an earlier worker kept."""

    session: ImportSession
    firm: str
    content: bytes = b""
    pictures: bytes | None = None
    after_row: int = 0
    #: Heads its firm matched in earlier tables of the kind.
    remembered: Mapping[str, str] = field(default_factory=dict)

    def how(self, lists: Iterable[str]) -> Reading:
        """Return how the file is read, as far as the user has said so."""
        said: Any = self.session.mapping or {}
        chosen = (said["last_row"], said["places"]) if "places" in said else None
        return Reading(chosen, OwnHeads(remembered=self.remembered), said.get("sheets"), tuple(lists))

    def checks(self, look: Look, systems: Systems, today: date, photos: Photos | None = None) -> Checks:
        """The checks of its rows; without `photos` with those its archive held when it was read."""
        one = self.session
        if photos is None:
            photos = _photos_of(told_of(one)["photos"])
        return kind_of(one.kind).checks(Asking(look, systems, today, self.firm, photos, one.account_id, one.about_id))


def source_of(work: Work, session_id: UUID) -> Source | None:
    """The files of a session that waits to be read, or nothing."""
    session = work.get(ImportSession, session_id)
    if session.state is not SessionState.READING or session.workbook is None:
        return None
    pictures = None if session.pictures is None else work.sealer.open_file(session.pictures, str(session.id))
    content = work.sealer.open_file(session.workbook, str(session.id))
    last = _last_row(work, session_id)
    return Source(session, firm_code(work, session), content, pictures, last, _remembered(work, session))


def _remembered(work: Work, session: ImportSession) -> dict[str, str]:
    """Return the heads that were matched by hand in the last tables of this firm or user, with their columns."""
    one = col(ImportSession.enterprise_id), session.enterprise_id
    if session.enterprise_id is None:
        one = col(ImportSession.account_id), session.account_id
    mine = select(ImportSession).where(one[0] == one[1], ImportSession.kind == session.kind)
    newest = mine.where(ImportSession.id != session.id).order_by(col(ImportSession.created_at).desc())
    found: dict[str, str] = {}
    for earlier in work.session.exec(without_files(newest.limit(_REMEMBERED))).all():
        places: Any = (earlier.mapping or {}).get("places")
        if places and earlier.heads is not None:
            heads: dict[int, str] = dict(earlier.heads.json()["heads"])
            for label, place in places.items():
                found.setdefault(heads[place], label)
    return found


def _last_row(work: Work, session_id: UUID) -> int:
    last = select(func.max(ImportedLine.sheet_row)).where(ImportedLine.session_id == session_id)
    return work.session.exec(last).one() or 0


def firm_code(work: Work, session: ImportSession) -> str:
    """Return the credit code of the importing rental firm; empty for other users."""
    if session.enterprise_id is None:
        return ""
    return work.first(Enterprise.uscc, Enterprise.id == session.enterprise_id) or ""


def read_session(door: Door, source: Source, going: Going) -> None:
    """Read a new table to its end, or up to where its heads must be matched; a file that cannot be read is refused."""
    session, kind = source.session, kind_of(source.session.kind)
    try:
        _has_no_virus(door, source)
        photos = photos_in(source.pictures)
        table = find_rows(kind.sheet, source.content, source.how(sheet.label for sheet in kind.lists))
        table = kind.bring_lists(source.content, table)
    except HeadsDiffer as differ:
        heads = {"last_row": differ.last_row, "heads": differ.heads, "known": differ.known}
        door.perform(ask_heads, SYSTEM, AskHeads(session.id, differ.message, heads))
        return
    except SheetsLeft as others:
        told = {"sheets": [[one.place, one.name, one.rows, one.fits] for one in others.sheets]}
        door.perform(ask_heads, SYSTEM, AskHeads(session.id, "另有表页没有读取，请选择一并读取或不读取", told))
        return
    except FileRefused as refused:
        door.perform(refuse_session, SYSTEM, RefuseSession(session.id, refused.code, refused.message))
        return
    checks = source.checks(partial(door.look, SYSTEM), door.systems, door.clock.today(), photos)
    judge_rows(kind.sheet, table.rows, checks)
    notes = (*table.notes, *(one.message for one in checks.whole(table.rows)))
    total, after = len(table.rows), source.after_row
    left = [row for row in reversed(table.rows) if row.sheet_row > after]
    table.rows.clear()
    while left:
        part = [left.pop() for _ in range(min(_PART, len(left)))]
        check_outside(checks, part)
        lines = new_lines(door.house.sealer, session.id, kind.sheet, part)
        if not going():
            return
        door.perform(keep_lines, SYSTEM, KeepLines(session.id, lines, after, total - len(left), total))
        after = part[-1].sheet_row
    entries = None if photos is None else tuple(_entry(one) for one in photos.values())
    door.perform(read_done, SYSTEM, ReadDone(session.id, notes, entries))


def check_outside(checks: Checks, rows: Sequence[ImportedRow]) -> None:
    """Ask outside systems about the rows, in parts of which some run at once."""
    if len(rows) <= _ASKED:
        checks.rows(rows)
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(checks.rows, in_parts(rows, _ASKED)))


def _has_no_virus(door: Door, source: Source) -> None:
    scanner = door.systems.find(VIRUS_SCANNER)
    for content in (source.content, source.pictures):
        if content and scanner is not None and scanner.scan(content).state == "infected":
            raise FileRefused("FILE-INFECTED", "文件含有病毒，未读取；请查杀后重新上传")


def _entry(one: JudgedEntry) -> tuple[Any, ...]:
    seen = one.picture
    return (one.name, one.size, *((seen.media_type, seen.width, seen.height) if seen else ()))


def _photos_of(kept: Sequence[Sequence[Any]] | None) -> Photos | None:
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
    if _last_row(work, session.id) != order.after_row:
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


@action("imports.ask_heads", "待确认读取", roles={Role.SYSTEM}, step=Step(IMPORT, "ask_heads"))
def ask_heads(work: Work, order: AskHeads) -> None:
    """Ask the user to match the columns, or which other sheets are read."""
    session = _reading(work, order.session_id)
    before = session.heads.json() if session.heads is not None else {}
    session.heads, session.refusal = Sealed.of_json({**before, **order.heads}), order.message[:300]
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

"""The files of approved exports: made by the worker with the requester's own eyes and sealed as they are written (H23)."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from sqlmodel import col, select

from models.access import Account, AccountState, OrgUnit, Role
from models.privacy import EXPORT, ExportMedia, ExportRequest, ExportState, Shown
from models.sealing import Sealer
from services.access.sessions import caller_of
from services.engine.callers import Caller
from services.engine.clock import shanghai_text
from services.engine.door import Gathering
from services.engine.jobs import one_by_one, performed
from services.engine.refusals import Refusal, Rejected
from services.engine.registry import action, query
from services.engine.sheets import Cell, stream_csv, stream_xlsx
from services.engine.steps import take_step
from services.engine.work import Work
from services.files.pieces import PiecesAside, forget_pieces, keep_pieces
from services.privacy.accesses import note_access
from services.privacy.exports import criteria_of, exported_listing, keep_until
from services.privacy.fingerprint import PROPERTY, Traced, marked_rows, whose_export
from services.privacy.listings import Drawing, Drawn, Listing, listing_of
from services.privacy.persons_aside import PersonsAside

log = logging.getLogger("shenfang.exports")
#: The progress is written down after this many pages, pictures or rows, and twenty times at most.
_STEP = 20
_NOTED_AT_ONCE = 2_000
GROWN = "记录数已超过申请时的条数，请重新申请"


@dataclass(frozen=True)
class _Made:
    """A file, or why there is none."""

    file: PiecesAside | None = None
    rows: int = 0
    persons: frozenset[str] = frozenset()
    #: How many of the persons on it were noted before.
    noted: int = 0
    requester: Caller | None = None
    fault: str = ""


@dataclass(frozen=True)
class _Asked:
    """A request with its list, and its requester as he is today."""

    row: ExportRequest
    listing: Listing
    caller: Caller
    login: str


@dataclass(frozen=True)
class _Streamed:
    """A table, sealed already."""

    file: PiecesAside
    rows: int
    persons: PersonsAside


def _make(gathering: Gathering, request_id: UUID) -> _Made:
    """Read as the requester sees it today, and write the file with no transaction open for writing."""
    told, step = 0, _STEP

    def done(count: int) -> None:
        nonlocal told
        if count - told >= step:
            told = count
            gathering.perform(note_progress, Progress(request_id, count))

    def who(work: Work) -> _Asked | str:
        nonlocal step
        row = work.only(ExportRequest, ExportRequest.id == request_id)
        step = max(_STEP, row.rows // 20)
        account = work.first(Account, Account.id == row.account_id)
        if account is None or account.state is not AccountState.ACTIVE:
            return "申请人账号已停用"
        caller = caller_of(work.session, account, "", "", work.today)
        listing = exported_listing(row)
        if not caller.roles & listing.roles:
            return "申请人的岗位已不能导出此项清单"
        return _Asked(row, listing, caller, account.login)

    def read(work: Work, asked: _Asked) -> "Drawing | _Streamed":
        as_asked = replace(work, caller=asked.caller)
        if asked.listing.drawn is not None:
            return asked.listing.drawn.read(as_asked, criteria_of(asked.row))
        return _stream(as_asked, asked.row, asked.listing, asked.login, done)

    try:
        asked = gathering.look(who)
        if isinstance(asked, str):
            return _Made(fault=asked)
        # The list itself may be seconds old: its file says by how much.
        content = gathering.look(partial(read, asked=asked), may_lag=True)
    except Refusal as refusal:
        return _Made(fault=refusal.message)
    row, listing, caller = asked.row, asked.listing, asked.caller
    if isinstance(content, Drawing):
        assert listing.drawn is not None
        return _draw(gathering.sealer, row, listing.drawn, content, caller, done)
    persons, noted = _noted_before(gathering, row, caller, content.persons)
    return _Made(content.file, content.rows, persons, noted, caller)


def _written(sealer: Sealer, row: ExportRequest, listing: Listing, rows: Iterable[Sequence[Cell]]) -> PiecesAside:
    """The table row by row, sealed as it is written: neither memory nor disk ever holds the whole of it in clear."""
    file = PiecesAside(sealer)
    if row.media is ExportMedia.XLSX:
        stream_xlsx(file, listing.label, listing.columns, rows, marks={PROPERTY: row.mark})
    else:
        stream_csv(file, listing.columns, rows)
    file.finish()
    return file


def _draw(
    sealer: Sealer, row: ExportRequest, drawn: Drawn, drawing: Drawing, caller: Caller, done: Callable[[int], None]
) -> _Made:
    if not drawing.count:
        return _Made(fault="没有可以生成的内容")
    try:
        plain = drawn.write(drawing.what, row.media, done)
    except Rejected as refused:
        return _Made(fault=refused.message)
    file = PiecesAside(sealer)
    file.write(plain)
    file.finish()
    return _Made(file, drawing.count, drawing.persons, requester=caller)


def _stream(work: Work, row: ExportRequest, listing: Listing, login: str, done: Callable[[int], None]) -> _Streamed:
    """The table part by part as it is read; nothing in memory grows with it."""
    persons = PersonsAside()
    count = 0

    def rows() -> Iterator[Sequence[Cell]]:
        nonlocal count
        for part in listing.parts(work, criteria_of(row), row.full):
            persons.add(part.persons)
            count += len(part.rows)
            if count > row.rows + row.rows // 10 + 20:
                raise Rejected(GROWN)
            yield from marked_rows(part.rows, row.mark)
            done(count)
        line = told_line(row, work.caller, login, at=shanghai_text(work.now), rows=count, age=work.read_age)
        yield [line, *[""] * (len(listing.columns) - 1)]

    return _Streamed(_written(work.sealer, row, listing, rows()), count, persons)


def _noted_before(
    gathering: Gathering, row: ExportRequest, caller: Caller, persons: PersonsAside
) -> tuple[frozenset[str], int]:
    """Note very many persons in parts before the file is there, so that no writer waits for all of them.

    Gives the rest, which is noted with the file, and how many were noted.
    """
    noted = 0
    left: tuple[str, ...] = ()
    for part in persons.parts(_NOTED_AT_ONCE):
        if left:
            gathering.perform(note_exported, Noted(row.id, left, caller))
            noted += len(left)
        left = part
    return frozenset(left), noted


@dataclass(frozen=True)
class Noted:
    id: UUID
    persons: tuple[str, ...]
    requester: Caller


@action("exports.note", "登记导出人员", roles={Role.SYSTEM}, event="")
def note_exported(work: Work, order: Noted) -> None:
    """Remember these persons as those of a file that is being made."""
    row = work.only(ExportRequest, ExportRequest.id == order.id)
    shown = Shown.FULL if row.full else Shown.MASKED
    note_access(work, order.persons, "exports.make", shown, purpose=row.reason.json(), about=row, by=order.requester)


@dataclass(frozen=True)
class Progress:
    id: UUID
    done: int


@action("exports.progress", "记录导出进度", roles={Role.SYSTEM}, event="")
def note_progress(work: Work, order: Progress) -> None:
    """Return how far a file is that takes its time."""
    row = work.only(ExportRequest, ExportRequest.id == order.id)
    if row.state is ExportState.APPROVED:
        row.done = order.done
        work.add(row)


def told_line(row: ExportRequest, caller: Caller, login: str, *, at: str, rows: int, age: float | None = None) -> str:
    """Return the visible line that names the file's requester, and says how old its lines are."""
    lag = "" if age is None else f" 读自只读副本，数据滞后{age:.0f}秒"
    content = "含完整个人信息" if row.full else "个人信息已遮蔽"
    return f"导出人 {caller.name}（{login}） {caller.unit_name} {at} 申请号 {row.request_no} 共{rows}条 {content} 不得外传{lag}"


@action("exports.make", "生成导出文件", roles={Role.SYSTEM}, gather=_make, event="PII.EXPORT")
def make_export(work: Work, request_id: UUID, made: _Made) -> bool:
    """Store the file and the persons in it; a failure is notified to the requester."""
    row = work.only(ExportRequest, ExportRequest.id == request_id)
    if row.state is not ExportState.APPROVED:
        return False
    if made.fault or made.requester is None or made.file is None:
        take_step(work, row, EXPORT, "fail")
        work.trail.tell("PII.EXPORT", "exports.make", about=row, result="fail")
        return False
    take_step(work, row, EXPORT, "make")
    keep_pieces(work, row.id, made.file)
    row.pieces, row.size, row.digest, row.rows = made.file.pieces, made.file.size, made.file.digest, made.rows
    row.made_at, row.expires_at = work.now, keep_until(work)
    drawn = listing_of(row.listing).drawn is not None
    shown = Shown.FULL if row.full or drawn else Shown.MASKED
    note_access(work, made.persons, "exports.make", shown, purpose=row.reason.json(), about=row, by=made.requester)
    detail = {"listing": row.listing, "rows": row.rows, "full": row.full, "persons": made.noted + len(made.persons)}
    work.trail.tell("PII.EXPORT", "exports.make", about=row, digest=row.digest, detail=detail)
    return True


@action("exports.expire", "清除到期导出文件", roles={Role.SYSTEM}, event="")
def expire_exports(work: Work, order: None) -> int:
    """Take away files and requests whose time is over."""
    rows = work.rows(
        ExportRequest, ExportRequest.state == ExportState.READY, col(ExportRequest.expires_at) <= work.now, most=100
    )
    for row in rows:
        take_step(work, row, EXPORT, "expire")
        forget_pieces(work, row.id)
        row.content, row.pieces = None, 0
    return len(rows)


def _waiting(work: Work) -> list[UUID]:
    return list(
        work.rows(ExportRequest.id, ExportRequest.state == ExportState.APPROVED, by=ExportRequest.requested_at, most=20)
    )


make_waiting = one_by_one("exports.make", "生成导出文件", make_export, _waiting, every=5)
# Files are kept for three days and no longer.
performed("exports.expire", "清除到期导出文件", expire_exports, every=600)


@dataclass(frozen=True)
class TracedExport:
    """The requester of a file, in words."""

    request_no: str
    who: str
    unit: str
    requested_at: str
    found_by: tuple[str, ...]


@query("exports.trace", "追查外泄文件", roles={Role.CITY_CENTER, Role.AUDITOR, Role.SYSTEM}, personal=True)
def trace_export(work: Work, content: bytes) -> TracedExport | None:
    """Return whose export a leaked file is."""
    known = work.session.exec(select(ExportRequest.request_no, ExportRequest.mark)).all()
    traced: Traced | None = whose_export(content, known)
    if traced is None:
        return None
    row = work.only(ExportRequest, ExportRequest.request_no == traced.request_no)
    account = work.only(Account, Account.id == row.account_id)
    unit = work.first(OrgUnit.name, OrgUnit.id == row.unit_id)
    return TracedExport(
        row.request_no,
        f"{account.name.plain}（{account.login}）",
        unit or "",
        shanghai_text(row.requested_at),
        traced.found_by,
    )

"""A firm's views of its import sessions: the list, a session with its progress, its rows with findings, a row to
correct.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.imports import ImportedLine, ImportSession
from models.masking import mask
from models.practitioner_codes import IMPORT, RowState, SessionState
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.imports.error_workbook import write_errors
from services.imports.kinds import Asking, Importable, kind_of
from services.imports.lines import cells_of, row_of
from services.imports.row_kinds import ImportKind, Level, Verdict
from services.imports.sessions import BRINGERS, known, told_of, without_files
from services.imports.template import write_template

VERDICTS = {
    Verdict.IMPORT.value: "可导入",
    Verdict.WITH_WARNING.value: "可导入，有提示",
    Verdict.REJECT.value: "不能导入",
}
LEVELS = {Level.ERROR.value: "错误", Level.WARNING.value: "提示", Level.NOTE.value: "已整理"}
_FURTHEST = 20_000
_SIZES = range(1, 201)


#: Tables that come with an archive of photos.
_WITH_PHOTOS = frozenset({"practitioners"})


@dataclass(frozen=True)
class SessionFilter:
    state: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class SessionLine:
    id: UUID
    session_no: str
    kind: str
    file_name: str
    state: str
    total: int
    good: int
    bad: int
    committed: int
    uploaded_at: datetime
    refusal: str


@dataclass(frozen=True)
class SessionPage:
    total: int
    lines: tuple[SessionLine, ...] = field(default_factory=tuple)


@query("imports.sessions", "导入批次", roles=BRINGERS)
def list_sessions(work: Work, order: SessionFilter) -> SessionPage:
    """The firm's sessions, newest first."""
    _is_near(order.page, order.size)
    statement = work.visible(ImportSession)
    if order.state:
        if order.state not in SessionState.labels():
            raise Rejected("没有这种状态")
        statement = statement.where(ImportSession.state == SessionState.of(order.state))
    total = work.session.exec(select(func.count()).select_from(statement.subquery())).one()
    newest = without_files(statement).order_by(col(ImportSession.created_at).desc(), col(ImportSession.id))
    rows = work.session.exec(newest.offset((order.page - 1) * order.size).limit(order.size)).all()
    return SessionPage(total, tuple(_line(row) for row in rows))


def _is_near(page: int, size: int) -> None:
    if size not in _SIZES or page < 1 or page * size > _FURTHEST + 200:
        raise Rejected(f"只能查看前{_FURTHEST}条，请缩小查询范围")


def _line(row: ImportSession) -> SessionLine:
    return SessionLine(
        row.id,
        row.session_no,
        kind_of(row.kind).label,
        row.file_name.json(),
        row.state.label,
        row.total,
        row.good,
        row.bad,
        row.committed,
        row.created_at,
        row.refusal if row.state is not SessionState.MAPPING else "",
    )


@dataclass(frozen=True)
class SessionView:
    """A session as its page shows it; `steps` are the names of the steps that may be taken now."""

    id: UUID
    session_no: str
    file_name: str
    state: SessionState
    total: int
    good: int
    bad: int
    committed: int
    step_done: int
    step_total: int
    notes: tuple[str, ...]
    refusal: str
    with_photos: bool
    uploaded_at: datetime
    steps: frozenset[str]
    columns: tuple[str, ...]
    #: What kind of table it is, as people call it, and the column that names a row.
    label: str = ""
    title: str = ""
    takes_photos: bool = False

    @property
    def works(self) -> bool:
        """The worker has something to do for it."""
        return self.state in (SessionState.READING, SessionState.COMMITTING)


@query("imports.session", "查看导入批次", roles=BRINGERS)
def view_session(work: Work, session_id: UUID) -> SessionView:
    """Return how far a session is; nothing about a person."""
    row = known(work, session_id)
    told = told_of(row)
    steps = set(IMPORT.ways_from(row.state))
    if not row.committed:
        steps.discard("undo")
    return SessionView(
        id=row.id,
        session_no=row.session_no,
        file_name=row.file_name.json(),
        state=row.state,
        total=row.total,
        good=row.good,
        bad=row.bad,
        committed=row.committed,
        step_done=row.step_done,
        step_total=row.step_total,
        notes=tuple(told["told"]),
        refusal=row.refusal,
        with_photos=told["photos"] is not None,
        uploaded_at=row.created_at,
        steps=frozenset(steps),
        columns=tuple(hint.label for hint in kind_of(row.kind).hints),
        label=kind_of(row.kind).label,
        title=kind_of(row.kind).title,
        takes_photos=row.kind in _WITH_PHOTOS,
    )


@dataclass(frozen=True)
class HeadsToMatch:
    """The heads of a file by their places, what was understood of them, and the columns that want one."""

    heads: tuple[tuple[int, str], ...]
    known: dict[str, int]
    columns: tuple[str, ...]
    required: tuple[str, ...]


@query("imports.heads", "查看待对应的表头", roles=BRINGERS)
def heads_to_match(work: Work, session_id: UUID) -> HeadsToMatch:
    """Return what there is to match; only while the session waits for it."""
    row = known(work, session_id)
    if row.state is not SessionState.MAPPING or row.heads is None:
        raise Conflict("该批次不需要对应表头，请刷新页面")
    kept = row.heads.json()
    columns = rules_of(kind_of(row.kind), work).columns
    return HeadsToMatch(
        tuple((place, head) for place, head in kept["heads"]),
        dict(kept["known"]),
        tuple(column.label for column in columns),
        tuple(column.label for column in columns if column.required),
    )


def rules_of(kind: Importable, work: Work) -> ImportKind:
    """Return the columns of a kind for reading and writing files; its checks must not be run."""

    def refuse(_: Any) -> Any:
        raise RuntimeError("nobody is asked while a file is drawn")

    return kind.kind(Asking(refuse, None, work.today), None)  # type: ignore[arg-type]


@dataclass(frozen=True)
class LineFilter:
    """`show` narrows: bad, warned, good, committed, or all; `row` begins at this number of the sheet."""

    session_id: UUID
    show: str = ""
    row: int = 0
    page: int = 1
    size: int = 50


SHOWS = {"bad": "只看待改正", "warned": "只看有提示", "good": "只看可提交", "committed": "只看已提交"}


@dataclass(frozen=True)
class ReportLine:
    """A row with what was found; the person is masked."""

    id: UUID
    sheet_row: int
    title: str
    verdict: str
    state: str
    columns: str
    codes: str
    found: str
    expected: str


@dataclass(frozen=True)
class ReportPage:
    total: int
    lines: tuple[ReportLine, ...] = field(default_factory=tuple)


@query("imports.lines", "查看导入的行", roles=BRINGERS, personal=True)
def list_lines(work: Work, order: LineFilter) -> ReportPage:
    """The rows of a session in their order, each with its findings."""
    _is_near(order.page, order.size)
    session = known(work, order.session_id)
    statement = work.visible(ImportedLine).where(ImportedLine.session_id == session.id)
    if order.show:
        statement = statement.where(_shown(order.show))
    if order.row:
        statement = statement.where(ImportedLine.sheet_row >= order.row)
    total = work.session.exec(select(func.count()).select_from(statement.subquery())).one()
    ordered = statement.order_by(col(ImportedLine.sheet_row)).offset((order.page - 1) * order.size)
    kind = kind_of(session.kind)
    return ReportPage(total, tuple(_report(kind, row) for row in work.session.exec(ordered.limit(order.size)).all()))


def _shown(show: str) -> Any:
    if show == "bad":
        return ImportedLine.state == RowState.BAD
    if show == "good":
        return ImportedLine.state == RowState.GOOD
    if show == "committed":
        return ImportedLine.state == RowState.COMMITTED
    if show == "warned":
        return ImportedLine.verdict == Verdict.WITH_WARNING.value
    raise Rejected("没有这种筛选条件")


def _report(kind: Importable, line: ImportedLine) -> ReportLine:
    row, cells = row_of(line), cells_of(line)
    telling = [one for one in row.findings if one.level is not Level.NOTE] or row.findings

    def masked(column: str) -> str:
        text = cells[column].text if column in cells else ""
        return mask(kind.masks[column], text) if column in kind.masks else text[:40]

    columns = list(dict.fromkeys(one.column for one in telling))
    return ReportLine(
        line.id,
        line.sheet_row,
        masked(kind.title) if kind.title else "",
        VERDICTS[line.verdict],
        line.state.label,
        "、".join(columns),
        "、".join(one.code for one in telling),
        "；".join(masked(column) or "（空）" for column in columns),
        "；".join(one.message for one in telling),
    )


@dataclass(frozen=True)
class CellView:
    """A cell to correct: original, repaired value, findings (level, code, sentence), worst first."""

    label: str
    text: str
    value: str
    findings: tuple[tuple[str, str, str], ...]
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class LineView:
    id: UUID
    sheet_row: int
    state: RowState
    verdict: str
    edited: int
    may_fix: bool
    cells: tuple[CellView, ...]
    #: The number of the next row to correct, 0 for none.
    next_bad: int = 0


@query("imports.line", "查看一行", roles=BRINGERS, personal=True)
def view_line(work: Work, line_id: UUID) -> LineView:
    """Return a row in full to the user who imported it, who must see it to correct it."""
    line = work.get(ImportedLine, line_id)
    session = known(work, line.session_id)
    row, cells = row_of(line), cells_of(line)
    order = (Level.ERROR, Level.WARNING, Level.NOTE)
    shown = []
    for hint in kind_of(session.kind).hints:
        found = sorted(
            (one for one in row.findings if one.column == hint.label), key=lambda one: order.index(one.level)
        )
        told = tuple((LEVELS[one.level.value], one.code, one.message) for one in found)
        text = cells[hint.label].text if hint.label in cells else ""
        value = row.values.get(hint.label, "")
        shown.append(CellView(hint.label, text, value, told, tuple(hint.choices), hint.hint))
    open_states = (SessionState.READY, SessionState.COMMITTING, SessionState.PAUSED)
    return LineView(
        line.id,
        line.sheet_row,
        line.state,
        VERDICTS[line.verdict],
        line.edited,
        session.state in open_states and line.state in (RowState.BAD, RowState.GOOD),
        tuple(shown),
        _next_bad(work, line),
    )


def _next_bad(work: Work, line: ImportedLine) -> int:
    bad = select(func.min(ImportedLine.sheet_row)).where(
        ImportedLine.session_id == line.session_id, ImportedLine.state == RowState.BAD
    )
    after = work.session.exec(bad.where(ImportedLine.sheet_row > line.sheet_row)).one()
    return after or 0


@dataclass(frozen=True)
class RowOf:
    session_id: UUID
    sheet_row: int


@query("imports.line_at", "按行号查找一行", roles=BRINGERS, personal=True)
def line_at(work: Work, order: RowOf) -> LineView:
    """Return a row by its number."""
    session = known(work, order.session_id)
    found = work.session.exec(
        select(ImportedLine.id).where(ImportedLine.session_id == session.id, ImportedLine.sheet_row == order.sheet_row)
    ).first()
    if found is None:
        raise NotFound
    return view_line(work, found)


@query("imports.error_workbook", "下载错误行", roles=BRINGERS, personal=True)
def error_workbook(work: Work, session_id: UUID) -> bytes:
    """The rows that failed, to be corrected in a spreadsheet and uploaded again."""
    session = known(work, session_id)
    bad = work.visible(ImportedLine).where(ImportedLine.session_id == session.id, ImportedLine.state == RowState.BAD)
    lines = work.session.exec(bad.order_by(col(ImportedLine.sheet_row))).all()
    if not lines:
        raise Rejected("没有待改正的行")
    return write_errors(
        work.sealer, kind_of(session.kind), session.id, [(row_of(line), cells_of(line)) for line in lines]
    )


@query("imports.template", "下载导入模板", roles=BRINGERS)
def template(work: Work, kind_name: str) -> bytes:
    """An empty workbook of a kind."""
    kind = kind_of(kind_name)
    if not kind.is_for(work.caller):
        raise NotAllowed("您的岗位不能导入这种表格")
    if kind.template is not None:
        return kind.template()
    columns = rules_of(kind, work).columns
    return write_template(kind, [column.label for column in columns if column.required])

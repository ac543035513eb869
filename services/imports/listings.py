"""A firm's views of its import sessions: the list, a session's progress, its rows, and a row to correct."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.imports import ImportedLine, ImportSession
from models.masking import mask
from models.practitioner_codes import RowState, SessionState
from services.engine.findings import rule_names
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Filter, Line, Listing, about, choice, exact, listed, named, numbers
from services.engine.look_ups import values_by
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.imports.kinds import Importable, kind_of
from services.imports.lines import row_of
from services.imports.sessions import BRINGERS, known, told_of, without_files
from services.imports.sheets import EMPTY, Level, RowFinding, SheetColumn, Verdict
from services.imports.table_reader import OtherSheet
from services.imports.workbooks import Page, write_book, write_errors

#: Tables that come with an archive of photos.
_WITH_PHOTOS = frozenset({"practitioners"})

SESSIONS = listed(
    Listing(
        name="imports",
        label="导入批次",
        roles=BRINGERS,
        table=ImportSession,
        rows=lambda work: without_files(work.visible(ImportSession)),
        columns=(
            Column("session_no", "批次编号", width=186),
            Column("kind", "表格", lambda row: kind_of(row.kind).sheet.label, shown=False),
            Column("file_name", "文件", lambda row: row.file_name.json()),
            Column("state", "状态", width=130),
            Column("total", "总行数", number=True, width=76),
            Column("good", "可提交", number=True, width=76),
            Column("bad", "待改正", number=True, width=76),
            Column("committed", "已提交", number=True, width=76),
            Column(
                "refusal", "说明", lambda row: row.refusal if row.state is not SessionState.MAPPING else "", width=300
            ),
            Column("created_at", "上传时间", width=126),
        ),
        filters=(
            exact("number", "批次编号", ImportSession.session_no, upper=True, width=210, finds=numbers("PL")),
            choice("state", "状态", ImportSession.state, SessionState, width=190),
        ),
        sort="-created_at",
        also=("step_done", "step_total"),
        exporters=frozenset(),
        empty="还没有导入批次。下载模板，填写后把表格拖到上方。",
    )
)


@query("imports.session", "查看导入批次", roles=BRINGERS)
def view_session(work: Work, session_id: UUID) -> Line:
    """Return how far a session is; nothing about a person. `works` says that the worker has something to do for it."""
    row = known(work, session_id)
    told, kind = told_of(row), kind_of(row.kind)
    own = vars(lines_of(work, SESSIONS, [row])[0]) | {
        "refusal": row.refusal,
        "works": row.state in (SessionState.READING, SessionState.COMMITTING),
        "notes": tuple(told["told"]),
        "with_photos": told["photos"] is not None,
        "takes_photos": row.kind in _WITH_PHOTOS,
        # The column that names a row.
        "title": kind.title,
    }
    return Line(**own)


@query("imports.heads", "查看待对应的表头", roles=BRINGERS)
def heads_to_match(work: Work, session_id: UUID) -> Line:
    """The heads of a file by their places, what was understood of them, and the columns that want one; or its other sheets."""
    row = known(work, session_id)
    if row.state is not SessionState.MAPPING or row.heads is None:
        raise Conflict("该批次不需要确认读取，请刷新页面")
    kept = row.heads.json()
    heads = tuple((place, head) for place, head in kept.get("heads", ()))
    # Once other sheets are asked about, the heads are settled.
    sheets = tuple(OtherSheet(*told) for told in kept.get("sheets", ()))
    return Line(heads=heads, known=kept.get("known", {}), columns=kind_of(row.kind).sheet.columns, sheets=sheets)


def _from_row(work: Work, text: str) -> Any:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    return ImportedLine.sheet_row >= number


def _findings(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """Cells about the findings of each row; the person is masked."""
    wanted = {row.session_id for row in rows}
    kinds = {
        row_id: kind_of(name) for row_id, name in values_by(work, ImportSession.id, ImportSession.kind, wanted).items()
    }
    cells = {line.id: _report(kinds[line.session_id], line) for line in rows}

    def of(key: str) -> Callable[[Any], Any]:
        return lambda line: cells[line.id][key]

    return {key: of(key) for key in ("title", "columns", "codes", "found", "expected")}


def _report(kind: Importable, line: ImportedLine) -> dict[str, str]:
    row, masks = row_of(line), {column.label: column.mask for column in kind.sheet.columns}
    telling = [one for one in row.findings if one.level is not Level.NOTE] or row.findings

    def masked(column: str) -> str:
        text = row.cells.get(column, EMPTY).text
        return mask(masks[column], text) if masks.get(column) else text[:40]

    columns = list(dict.fromkeys(one.column for one in telling))
    return {
        "title": masked(kind.title),
        "columns": "、".join(columns),
        "codes": rule_names(one.code for one in telling),
        "found": "；".join(masked(column) or "（空）" for column in columns),
        "expected": "；".join(one.message.rstrip("。") for one in telling),
    }


LINES = listed(
    Listing(
        name="import_lines",
        label="导入的行",
        roles=BRINGERS,
        table=ImportedLine,
        columns=(
            Column("sheet_row", "行号", number=True, width=56),
            Column("title", "名称", width=108),
            Column("verdict", "结论", lambda row: Verdict.of(row.verdict), width=98),
            Column("state", "状态", width=70),
            Column("columns", "栏目", width=98),
            Column("codes", "规则", width=86),
            Column("found", "文件中的内容", width=116),
            Column("expected", "应当怎样", wraps=True),
        ),
        filters=(
            about("id", "批次", ImportedLine.session_id),
            named(
                "show",
                "范围",
                {
                    "bad": ("只看待改正", ImportedLine.state == RowState.BAD),
                    "warned": ("只看有提示", ImportedLine.verdict == Verdict.WITH_WARNING.value),
                    "good": ("只看可提交", ImportedLine.state == RowState.GOOD),
                    "committed": ("只看已提交", ImportedLine.state == RowState.COMMITTED),
                },
                width=180,
            ),
            Filter("row", "从行号", _from_row, width=130),
        ),
        sort="sheet_row",
        look_up=_findings,
        names_persons=True,
        deep=True,
        exporters=frozenset(),
        empty="没有符合条件的行",
    )
)


@dataclass(frozen=True)
class CellView:
    """A cell to correct: original, repaired value, findings, worst first."""

    column: SheetColumn
    text: str
    value: str
    findings: tuple[RowFinding, ...]

    @property
    def wrong(self) -> bool:
        return any(one.level is Level.ERROR for one in self.findings)


@dataclass(frozen=True)
class LineView:
    line: ImportedLine
    cells: tuple[CellView, ...]
    may_fix: bool
    #: The next row to correct.
    next_bad: UUID | None = None


@query("imports.line", "查看一行", roles=BRINGERS, personal=True)
def view_line(work: Work, line_id: UUID) -> LineView:
    """Return a row in full to the user who imported it, who must see it to correct it."""
    line = work.get(ImportedLine, line_id)
    session, row = known(work, line.session_id), row_of(line)
    order = list(Level)
    shown = []
    for column in kind_of(session.kind).sheet.columns:
        here = (one for one in row.findings if one.column == column.label)
        told = tuple(sorted(here, key=lambda one: order.index(one.level)))
        text, value = row.cells.get(column.label, EMPTY).text, row.values.get(column.label, "")
        shown.append(CellView(column, text, value, told))
    open_states = (SessionState.READY, SessionState.COMMITTING, SessionState.PAUSED)
    may_fix = session.state in open_states and line.state in (RowState.BAD, RowState.GOOD)
    after = _bad(work, line.session_id).where(ImportedLine.sheet_row > line.sheet_row).limit(1)
    found = work.session.exec(after).first()
    return LineView(line, tuple(shown), may_fix, found.id if found is not None else None)


def _bad(work: Work, session_id: UUID) -> Any:
    bad = work.visible(ImportedLine).where(ImportedLine.session_id == session_id, ImportedLine.state == RowState.BAD)
    return bad.order_by(col(ImportedLine.sheet_row))


@query("imports.error_workbook", "下载错误行", roles=BRINGERS, personal=True)
def error_workbook(work: Work, session_id: UUID) -> bytes:
    """The rows that failed, to be corrected in a spreadsheet and uploaded again."""
    session = known(work, session_id)
    rows = [row_of(line) for line in work.session.exec(_bad(work, session.id)).all()]
    if not rows:
        raise Rejected("没有待改正的行")
    return write_errors(work.sealer, kind_of(session.kind).sheet, session.id, rows)


@query("imports.template", "下载导入模板", roles=BRINGERS)
def template(work: Work, kind_name: str) -> bytes:
    """An empty workbook of a kind."""
    kind = kind_of(kind_name)
    if not kind.is_for(work.caller):
        raise NotAllowed("您的岗位不能导入这种表格")
    return write_book([Page(sheet) for sheet in (kind.sheet, *kind.lists)], kind.advice)

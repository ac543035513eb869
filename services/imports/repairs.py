"""Reasons for which rows of a session wait, and one repair for all rows of the same reason (issue 19)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col

from models.imports import ImportedLine
from models.masking import mask
from models.practitioner_codes import RowState
from services.engine.door import Gathering
from services.engine.refusals import Conflict, NotFound, Refusal, Rejected
from services.engine.registry import action, query
from services.engine.work import Work
from services.imports.corrections import FixLine, fix_line
from services.imports.kinds import kind_of
from services.imports.lines import row_of
from services.imports.sessions import BRINGERS, known
from services.imports.sheets import EMPTY, Level
from services.imports.table_reader import CONFLICT, DIFFERS

_MOST_ROWS, _PART = 20_000, 500
#: Rows repaired by one order; a page sends as many orders as it takes.
AT_ONCE = 100


@dataclass(frozen=True)
class Reason:
    """A reason for which rows wait: the same finding about the same cell content. `value` is masked in personal columns.

    `line_id` names the first row; a repair is ordered by it, so that no content has to leave and come back.
    """

    line_id: UUID
    column: str
    code: str
    message: str
    value: str
    rows: int
    sheet_rows: tuple[int, ...]
    #: Rows that repeat each other still do with another content that is again the same.
    repeated: bool


@dataclass(frozen=True)
class MendAll:
    """New content of a cell for every row that waits for the reason of `line_id` in a column."""

    session_id: UUID
    line_id: UUID
    column: str
    code: str
    text: str


@dataclass(frozen=True)
class Mended:
    """The rows that were judged again: how many are good now; `left` still wait for the same reason."""

    good: int
    bad: int
    left: int
    refused: tuple[str, ...] = ()


@dataclass
class _Group:
    line_id: UUID
    message: str
    value: str
    rows: list[int] = field(default_factory=list)


@query("imports.reasons", "待改正原因归类", roles=BRINGERS)
def reasons(work: Work, session_id: UUID) -> tuple[Reason, ...]:
    """Return the reasons of the rows that wait, the most frequent first."""
    session = known(work, session_id)
    masks = {column.label: column.mask for column in kind_of(session.kind).sheet.columns}
    groups: dict[tuple[str, str, str], _Group] = {}
    for line in _waiting(work, session_id):
        row = row_of(line)
        for one in row.findings:
            if one.level is Level.NOTE:
                continue
            text = row.cells.get(one.column, EMPTY).text
            shown = mask(masks[one.column], text) if masks.get(one.column) and text else text[:40]
            group = groups.setdefault((one.column, one.code, text), _Group(line.id, one.message, shown))
            group.rows.append(line.sheet_row)
    repeated = {DIFFERS, CONFLICT, kind_of(session.kind).sheet.repeated}
    found = [
        Reason(
            group.line_id,
            column,
            code,
            group.message,
            group.value,
            len(group.rows),
            tuple(group.rows[:10]),
            repeated=code in repeated and len(group.rows) > 1,
        )
        for (column, code, _), group in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.rows, one.column, one.code, one.sheet_rows)))


def _waiting(work: Work, session_id: UUID) -> Iterator[ImportedLine]:
    last = 0
    for _ in range(_MOST_ROWS // _PART):
        page = work.rows(
            ImportedLine,
            ImportedLine.session_id == session_id,
            ImportedLine.state == RowState.BAD,
            ImportedLine.sheet_row > last,
            by=col(ImportedLine.sheet_row),
            most=_PART,
        )
        yield from page
        if len(page) < _PART:
            return
        last = page[-1].sheet_row


def _mend(gathering: Gathering, order: MendAll) -> Mended:
    """Correct each row of the reason by itself, as if it were corrected alone."""
    lines = gathering.look(lambda work: _same(work, order))
    states: list[RowState] = []
    refused: list[str] = []
    for line_id, sheet_row, edited in lines[:AT_ONCE]:
        try:
            done = gathering.perform(fix_line, FixLine(line_id, {order.column: order.text}, edited))
        except Refusal as refusal:
            refused.append(f"第{sheet_row}行：{refusal.message}")
        else:
            states.append(done.state)
    bad = sum(state is RowState.BAD for state in states)
    return Mended(len(states) - bad, bad, max(0, len(lines) - AT_ONCE), tuple(refused))


def _same(work: Work, order: MendAll) -> list[tuple[UUID, int, int]]:
    """Return the rows that wait for the reason of the named row, each with how often it was edited."""
    session = known(work, order.session_id)
    first = work.get(ImportedLine, order.line_id)
    if first.session_id != session.id:
        raise NotFound
    if first.state is not RowState.BAD:
        raise Conflict("这一原因的首行已改正或已提交，请刷新后重新归类")
    if order.column not in {column.label for column in kind_of(session.kind).sheet.columns}:
        raise Rejected("没有这个栏目，请刷新页面后重新填写")
    wanted = row_of(first).cells.get(order.column, EMPTY).text
    if wanted == order.text:
        raise Rejected("新内容与原内容相同，请填写改正后的内容")
    found = []
    for line in _waiting(work, session.id):
        row = row_of(line)
        named = any(one.column == order.column and one.code == order.code for one in row.findings)
        if named and row.cells.get(order.column, EMPTY).text == wanted:
            found.append((line.id, line.sheet_row, line.edited))
    return found


@action("imports.mend_all", "同类错误全部改正", roles=BRINGERS, gather=_mend, event="")
def mend_all(work: Work, order: MendAll, mended: Mended) -> Mended:
    """Answer what came of one repair for all rows of the same reason; each correction was logged by itself."""
    return mended

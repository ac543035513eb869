"""Rows are corrected in the browser or by the error workbook: judged again, with what they repeat in their session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.imports import ImportedLine, ImportSession
from models.practitioner_codes import RowState, SessionState
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.door import Door, Gathering
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.files.file_refusals import FileRefused
from services.imports.heads import HeadsDiffer
from services.imports.kinds import kind_of
from services.imports.lines import keep_row, key_index, key_indexes, row_of
from services.imports.session_reader import (
    Going,
    ReadDone,
    Source,
    check_outside,
    firm_code,
    in_parts,
    lines_at,
    read_done,
)
from services.imports.sessions import BRINGERS, known, recount
from services.imports.sheets import EMPTY, Cell, ImportedRow, Sheet, row_numbers
from services.imports.table_reader import TWICE, find_rows, find_same_key, find_value_twice, forget_repeated, judge_row
from services.imports.workbooks import REASON, ROW_KEY, row_of_key, with_key

_OPEN = frozenset({SessionState.READY, SessionState.COMMITTING, SessionState.PAUSED})
_LONGEST = 500
_PART = 200
_DONE = "这一行已提交，不能再改；信息有变动的，请在从业人员中办理变更"


@dataclass(frozen=True)
class FixLine:
    """New contents of some cells of a line; `edited` is how often it had been corrected when the page showed it."""

    line_id: UUID
    cells: Mapping[str, str]
    edited: int


@dataclass(frozen=True)
class Fixed:
    """The row after correction; `also` are the numbers of other rows judged again with it."""

    state: RowState
    also: tuple[int, ...] = ()


def _judge_again(gathering: Gathering, order: FixLine) -> ImportedRow:
    def read(work: Work) -> tuple[ImportedLine, Source]:
        line = work.get(ImportedLine, order.line_id)
        session = known(work, line.session_id)
        return line, Source(session, firm_code(work, session))

    line, source = gathering.look(read)
    if any(len(text) > _LONGEST for text in order.cells.values()):
        raise Rejected(f"单元格内容过长（最多{_LONGEST}字），请缩短后保存")
    sheet = kind_of(source.session.kind).sheet
    if not set(order.cells) <= {column.label for column in sheet.columns}:
        raise Rejected("没有这个栏目，请刷新页面后重新填写")
    checks = source.checks(gathering.look, gathering.systems, gathering.now.astimezone(SHANGHAI).date())
    before = row_of(line)
    cells = {**before.cells, **{label: typed(text) for label, text in order.cells.items()}}
    row = judge_row(sheet, replace(before, cells=cells), checks)
    value = row.values.get(sheet.warn_twice, "")
    if sheet.warn_twice not in order.cells:
        # Looking at every row of a large table takes a second; the findings about a value still hold.
        row.findings += [one for one in before.findings if one.code == TWICE]
    elif value:
        find_value_twice(sheet, row, gathering.look(lambda work: _first_with(work, line, sheet.warn_twice, value)))
    check_outside(checks, [row])
    return row


def _first_with(work: Work, line: ImportedLine, column: str, value: str) -> int | None:
    """The first other row with this value in a column; it is sealed, so that all have to be looked at."""
    others = select(ImportedLine).where(
        ImportedLine.session_id == line.session_id, ImportedLine.id != line.id, ImportedLine.state != RowState.DROPPED
    )
    last = 0
    while True:
        page = others.where(ImportedLine.sheet_row > last).order_by(col(ImportedLine.sheet_row)).limit(_PART)
        rows = work.session.exec(page).all()
        for one in rows:
            if one.content.json()["values"].get(column) == value:
                return one.sheet_row
        if len(rows) < _PART:
            return None
        last = rows[-1].sheet_row
        work.session.expunge_all()


def typed(text: str) -> Cell:
    """Return typed text as a cell, without a spreadsheet's conversions."""
    return Cell("t", text, typed=False) if text.strip() else EMPTY


@action("imports.fix", "改正导入的行", roles=BRINGERS, gather=_judge_again, event="DATA.UPDATE")
def fix_line(work: Work, order: FixLine, row: ImportedRow) -> Fixed:
    """Judge a row with its corrected cells; rows with the number it had or has now are judged with it."""
    session = work.hold(ImportSession, work.get(ImportedLine, order.line_id).session_id)
    line = work.get(ImportedLine, order.line_id)
    if line.state is RowState.COMMITTED:
        raise Conflict(_DONE)
    if session.state not in _OPEN or line.state not in (RowState.BAD, RowState.GOOD):
        raise Conflict(f"该批次“{session.state.label}”，不能再改正")
    if line.edited != order.edited:
        raise Conflict("这一行已被他人改正，请重新打开后再改")
    also = put_again(work, session, line, row)
    recount(work, session)
    work.trail.tell(
        "DATA.UPDATE", "imports.fix", object_id=line.id, kind="imported_line", detail={"row": line.sheet_row}
    )
    return Fixed(line.state, tuple(also))


def put_again(work: Work, session: ImportSession, line: ImportedLine, row: ImportedRow) -> list[int]:
    """Store a row judged again, and judge the rows it repeats or repeated; returns the numbers of changed rows."""
    before, sheet = line.key_index, kind_of(session.kind).sheet
    value = sheet.key_of(row.values)
    line.edited += 1
    keep_row(work, line, row, key_index(work.sealer, session.id, value))
    work.session.flush()
    touched: set[int] = set()
    for indexes in ([before] if before else [], key_indexes(work.sealer, session.id, value)):
        if indexes:
            touched |= _judge_group(work, session, sheet, indexes)
    return sorted(touched - {line.sheet_row})


def _judge_group(work: Work, session: ImportSession, sheet: Sheet, indexes: Sequence[str]) -> set[int]:
    """Judge all rows of a key again: the first or the committed one counts; returns the rows whose findings changed."""
    wanted = select(ImportedLine).where(
        ImportedLine.session_id == session.id,
        col(ImportedLine.key_index).in_(list(indexes)),
        col(ImportedLine.state).in_([RowState.BAD, RowState.GOOD, RowState.COMMITTED]),
    )
    lines = work.session.exec(wanted.order_by(col(ImportedLine.sheet_row))).all()
    if not lines:
        return set()
    rows = [row_of(one) for one in lines]
    before = [list(row.findings) for row in rows]
    settled = {one.sheet_row for one in lines if one.state is RowState.COMMITTED}
    for row in rows:
        forget_repeated(sheet, row)
    find_same_key(sheet, rows, settled)
    changed = set()
    for one, row, earlier in zip(lines, rows, before, strict=True):
        if one.state is not RowState.COMMITTED and row.findings != earlier:
            keep_row(work, one, row, one.key_index)
            changed.add(one.sheet_row)
    work.session.flush()
    return changed


# By the error workbook


@dataclass(frozen=True)
class TakeCorrections:
    session_id: UUID
    rows: tuple[ImportedRow, ...]
    done: int
    total: int


@action("imports.take_corrections", "读取改正的行", roles={Role.SYSTEM}, event="")
def take_corrections(work: Work, order: TakeCorrections) -> int:
    """Take a part of the corrected rows; what is committed meanwhile stays as it is. The number taken."""
    session = work.hold(ImportSession, order.session_id)
    if session.state is not SessionState.READING:
        raise Conflict("该批次已不在读取中")
    lines = lines_at(work, session.id, [one.sheet_row for one in order.rows])
    taken = 0
    for one in order.rows:
        line = lines.get(one.sheet_row)
        if line is not None and line.state in (RowState.BAD, RowState.GOOD):
            put_again(work, session, line, one)
            taken += 1
    session.step_done, session.step_total = order.done, order.total
    work.add(session)
    if taken:
        detail = {"rows": taken}
        work.trail.tell("DATA.UPDATE", "imports.fix", object_id=session.id, kind="import_session", detail=detail)
    return taken


def read_corrections(door: Door, source: Source, going: Going) -> None:
    """Read a corrected error workbook: rows are known by their keys, and only those that were changed are taken."""
    session_id, sheet = source.session.id, kind_of(source.session.kind).sheet
    checks = source.checks(partial(door.look, SYSTEM), door.systems, door.clock.today())
    try:
        found = find_rows(with_key(sheet), source.content)
    except FileRefused as refused:
        strange_heads = isinstance(refused, HeadsDiffer)
        why = "请上传从本批次下载的错误表，保留全部栏目和行标识列" if strange_heads else refused.message
        told = (f"上传的表格未读取：{why}",)
        door.perform(read_done, SYSTEM, ReadDone(session_id, told))
        return
    strange, twice, settled = [], [], []
    mine: dict[int, Mapping[str, Cell]] = {}
    for one in found.rows:
        number = row_of_key(door.house.sealer, session_id, one.cells.get(ROW_KEY, EMPTY).text)
        if number is None:
            strange.append(one.sheet_row)
        elif number in mine:
            twice.append(one.sheet_row)
        else:
            mine[number] = {label: cell for label, cell in one.cells.items() if label not in (ROW_KEY, REASON)}
    done, taken = 0, 0
    for numbers in in_parts(sorted(mine), _PART):
        kept = _kept(door, session_id, numbers)
        part = []
        for number in numbers:
            if number not in kept:
                settled.append(number)
            elif (cells := changed_cells(kept[number].cells, mine[number])) is not None:
                part.append(judge_row(sheet, replace(kept[number], cells=cells), checks))
        check_outside(checks, part)
        done += len(numbers)
        if not going():
            return
        taken += door.perform(take_corrections, SYSTEM, TakeCorrections(session_id, tuple(part), done, len(mine)))
    door.perform(read_done, SYSTEM, ReadDone(session_id, tuple(_told(taken, strange, twice, settled))))


def _kept(door: Door, session_id: UUID, numbers: Sequence[int]) -> dict[int, ImportedRow]:
    """The rows of lines that may still be corrected."""

    def read(work: Work) -> dict[int, ImportedRow]:
        return {
            number: row_of(line)
            for number, line in lines_at(work, session_id, numbers).items()
            if line.state in (RowState.BAD, RowState.GOOD)
        }

    return door.look(SYSTEM, read)


def changed_cells(kept: Mapping[str, Cell], given: Mapping[str, Cell]) -> dict[str, Cell] | None:
    """The row with the cells that were changed; None when none was: a cell counts as changed by its text alone."""
    cells, changed = dict(kept), False
    for label, cell in given.items():
        earlier = kept.get(label, EMPTY)
        if cell.text.strip() != earlier.text.strip() or (cell.formula is not None and earlier.formula is None):
            cells[label] = replace(cell, typed=cell.kind == "d")
            changed = True
    return cells if changed else None


def _told(taken: int, strange: Sequence[int], twice: Sequence[int], settled: Sequence[int]) -> list[str]:
    told = [f"上传的表格中有{taken}行改正过，已重新核验" if taken else "上传的表格中没有改正过的行"]
    if strange:
        told.append(f"第{row_numbers(strange)}行的行标识不是本批次的，未读取；请在本批次下载的错误表中改正")
    if twice:
        told.append(f"第{row_numbers(twice)}行的行标识重复，只读取了前一行")
    if settled:
        told.append(f"原表第{row_numbers(settled)}行已提交或不再提交，未读取")
    return told

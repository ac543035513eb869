"""A list of a version as a workbook, and a workbook read into the lines of a form without a session (rows 51-62)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models.access import KEEPERS, Role
from models.records import Revision
from services.engine.door import Gathering
from services.engine.field_types.field import Field, Unreadable
from services.engine.findings import Finding, Severity
from services.engine.kind_listing import READERS
from services.engine.kinds import KINDS, Child, Kind
from services.engine.proposals import form_of
from services.engine.references import names_of
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.shapes import fields_of
from services.engine.work import Work
from services.imports.sheets import EMPTY, Checks, Level
from services.imports.table_reader import read_table
from services.imports.workbooks import Page, value_cell, write_book
from services.records.sheet_checks import check_lines
from services.records.sheet_columns import child_columns, child_sheet


@dataclass(frozen=True)
class ListSheet:
    """A list of a version, to be worked on in a spreadsheet."""

    revision_id: UUID
    child: str


@query("records.list_sheet", "下载清单", roles=set(READERS), personal=True)
def list_sheet(work: Work, order: ListSheet) -> bytes:
    """The template of a list with the lines of a visible version, personal values masked."""
    version = work.get(Revision, order.revision_id)
    kind, child = child_named(version.kind, order.child)
    if not child.read_by(work.caller):
        raise NotFound
    lines, fields = form_of(kind, version.payload.json()).children[child.name], fields_of(child.table)
    names = names_of(work, ((one, line.get(one.name)) for line in lines for one in fields), numbered=True)
    work.trail.tell("FILE.DOWNLOAD", "records.list_sheet", about=version, digest=version.digest)

    def cells(page: Any) -> Iterator[list[Any]]:
        for line in lines:
            yield [value_cell(page, one.shown(line.get(one.name), names)) for one in fields]

    return write_book([Page(child_sheet(child), cells)])


@dataclass(frozen=True)
class ReadLines:
    """A workbook of one list of a kind, as it was chosen on a form."""

    kind: str
    child: str
    content: bytes
    #: The draft on the form: what a sheet of it showed masked is known by it.
    revision_id: UUID | None = None


@dataclass(frozen=True)
class LinesRead:
    """Lines as a form holds them; `findings` name a cell as `child.3.name`, `rows` the number each has in the sheet."""

    lines: tuple[Mapping[str, Any], ...] = ()
    rows: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = field(default_factory=tuple)


def _read(gathering: Gathering, order: ReadLines) -> LinesRead:
    kind, child = child_named(order.kind, order.child)
    if not kind.makers.draft & gathering.caller.roles:
        raise NotFound
    sheet = child_sheet(child)
    checks = Checks(
        rows=lambda rows: gathering.look(lambda work: check_lines(work, kind, child, rows, order.revision_id))
    )
    table = read_table(sheet, checks, order.content)
    fields = {one.label: one.field for one in child_columns(child)}
    first = next(iter(fields.values()))
    lines, findings = [], []
    for number, row in enumerate(table.rows, 1):
        line: dict[str, Any] = {}
        for head, one in fields.items():
            if text := _as_typed(one, row.values.get(head) or "", row.cells.get(head, EMPTY).text):
                line[one.name] = text
        lines.append(line)
        for told in row.findings:
            if told.level is not Level.NOTE:
                name = fields.get(told.column, first).name
                severity = Severity.REFUSE if told.level is Level.ERROR else Severity.WARN
                findings.append(Finding(told.code, told.message, f"{child.name}.{number}.{name}", severity))
    return LinesRead(tuple(lines), tuple(row.sheet_row for row in table.rows), tuple(findings), tuple(table.notes))


def _as_typed(field: Field, value: str, stood: str) -> str:
    """Keep unreadable values as typed, and the typed text of values in normal form."""
    if not value or not field.free:
        return value or stood
    try:
        normal = field.read(stood)
    except Unreadable:
        return value
    return stood if normal is not None and field.raw(normal) == value else value


@query("records.read_lines", "读取清单表格", roles=set(KEEPERS | {Role.SPATIAL_OPERATOR}), gather=_read)
def read_lines(work: Work, order: ReadLines, read: LinesRead) -> LinesRead:
    """Return what a workbook says; nothing of it is kept before the form is saved."""
    return read


def child_named(kind_name: str, child_name: str) -> tuple[Kind, Child]:
    """Return a list of a kind by their names, with the kind."""
    kind = KINDS.get(kind_name)
    child = next((one for one in kind.children if one.name == child_name), None) if kind else None
    if kind is None or child is None:
        raise NotFound
    return kind, child

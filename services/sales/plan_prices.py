"""一房一价 of a draft as a workbook: written with every unit for sale, read back with each row judged (row 76)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.access import PROJECT_OFFICE
from models.building_tables import SaleRole
from models.normal import normal_building_no
from models.records import Revision
from models.sales_plans import PlanNumber
from services.engine.door import Gathering
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.imports.sheets import Level, Verdict
from services.imports.table_reader import read_table
from services.imports.workbooks import Page, value_cell, write_book
from services.sales import price_columns as columns
from services.sales.plan_facts import KIND
from services.sales.price_columns import SHEET, PlannedHome, PricedPlan, checks_of

Lines = Sequence[Mapping[str, Any]]


def _numbered(work: Work, revision_id: UUID) -> tuple[Revision, str]:
    """Return a draft of the caller's office with its number."""
    row = work.get(Revision, revision_id)
    if row.kind != KIND or row.author_unit != work.caller.unit_id:
        raise NotFound
    number = work.first(PlanNumber.plan_no, PlanNumber.record_id == row.record_id)
    if number is None:
        raise Conflict("请先勾选销售楼幢，系统编号后再使用价格表")
    return row, number


def _priced(number: str, lines: Lines) -> PricedPlan:
    """Return a plan as its price list is judged by: the units on the page, with the roles they have there."""
    homes = {
        place_of(line): PlannedHome(
            Decimal(line["gross_area"]).quantize(Decimal("0.01")) if line.get("gross_area") else None,
            str(line.get("nominal_floor") or ""),
            str(line.get("planned_use") or ""),
            line.get("sale_role") == SaleRole.FOR_SALE.value,
        )
        for line in lines
    }
    return PricedPlan(number, homes, frozenset(building for building, _ in homes))


def place_of(line: Mapping[str, Any]) -> tuple[str, str]:
    """Return building and room of a unit in the spelling of the sheet."""
    return normal_building_no(str(line.get("building_name") or "")), str(line.get("room_no") or "").upper()


@dataclass(frozen=True)
class PriceSheet:
    """The price list of a draft, of the units as its page has them."""

    revision_id: UUID
    lines: Lines


@query("sales_plans.price_sheet", "下载一房一价表", roles=set(PROJECT_OFFICE))
def price_sheet(work: Work, order: PriceSheet) -> bytes:
    """Return the workbook with every unit for sale, priced ones with their prices."""
    draft, number = _numbered(work, order.revision_id)
    work.trail.tell("FILE.DOWNLOAD", "sales_plans.price_sheet", about=draft, digest=draft.digest)

    def cells(page: Any) -> Iterator[list[Any]]:
        for line in order.lines:
            if line.get("sale_role") == SaleRole.FOR_SALE.value:
                told = [number, line.get("building_name"), line.get("section_no"), line.get("nominal_floor")]
                told += [line.get("room_no"), line.get("planned_use")]
                numbers = [line.get(name) for name in _NUMBERS]
                yield [value_cell(page, one or "") for one in told] + [
                    value_cell(page, Decimal(one) if one else None) for one in numbers
                ]

    return write_book([Page(SHEET, cells)])


_NUMBERS = ("gross_area", "inner_area", "shared_area", "unit_price", "total_price")
_READ = {
    columns.INNER: "inner_area",
    columns.SHARED: "shared_area",
    columns.PRICE: "unit_price",
    columns.TOTAL: "total_price",
}


@dataclass(frozen=True)
class ReadPrices:
    """A price list for a draft, of the units as its page has them."""

    revision_id: UUID
    lines: Lines
    content: bytes


@dataclass(frozen=True)
class RowTold:
    """Row of the sheet with what was found in it; a refused row changes nothing."""

    row: int
    unit: str
    refused: bool
    column: str
    code: str
    message: str


@dataclass(frozen=True)
class PricesRead:
    """Values of the units whose rows are good, by the place of the unit on the page, and everything that was found."""

    values: Mapping[int, Mapping[str, str]]
    rows: int
    refused: int
    told: tuple[RowTold, ...]
    notes: tuple[str, ...]


def _read(gathering: Gathering, order: ReadPrices) -> PricesRead:
    number: str = gathering.look(lambda work: _numbered(work, order.revision_id)[1])
    table = read_table(SHEET, checks_of(_priced(number, order.lines)), order.content)
    places = {place_of(line): place for place, line in enumerate(order.lines)}
    values, told, refused = {}, [], 0
    for row in table.rows:
        bad = row.verdict is Verdict.REJECT
        refused += bad
        building, room = row.values[columns.BUILDING], row.values[columns.ROOM]
        place = places.get((building, room))
        if not bad and place is not None:
            values[place] = {name: row.values[label] for label, name in _READ.items() if row.values[label]}
        told += [
            RowTold(row.sheet_row, f"{building}{room}", bad, one.column, one.code, one.message)
            for one in row.findings
            if one.level is not Level.NOTE
        ]
    notes = (*table.notes, *(one.message for one in table.findings))
    return PricesRead(values, len(table.rows), refused, tuple(told), notes)


@query("sales_plans.read_prices", "读入一房一价表", roles=set(PROJECT_OFFICE), gather=_read)
def read_prices(work: Work, order: ReadPrices, found: PricesRead) -> PricesRead:
    """Return what a price list says about the units of a draft; nothing is written until the draft is saved."""
    return found

"""一房一价 by workbook: written and read back, rows of another plan and unknown rooms refused (row 76)."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from services.engine.refusals import NotFound
from services.sales.plan_prices import PriceSheet, PricesRead, ReadPrices, price_sheet, read_prices
from tests.land import Land
from tests.sales import Selling, selling

pytestmark = pytest.mark.row(76)


@pytest.fixture
def found(land: Land) -> Selling:
    return selling(land)


def written(found: Selling, version: UUID, lines: Any, change: dict[tuple[int, str], Any] | None = None) -> bytes:
    """The price list of a draft with every home at 98,000 yuan, and some cells changed."""
    content = found.desk.ask(price_sheet, "binjiang01", PriceSheet(version, lines))
    book = load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    heads: dict[str, int] = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, heads["单价(元/㎡)"], 98000)
        sheet.cell(row, heads["总价(元)"], 8771000)
    for (row, head), value in (change or {}).items():
        sheet.cell(row, heads[head], value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(found: Selling, version: UUID, lines: Any, content: bytes) -> PricesRead:
    told: PricesRead = found.desk.ask(read_prices, "binjiang01", ReadPrices(version, lines, content))
    return told


def test_a_list_written_and_read_back_prices_every_unit(found: Selling) -> None:
    version = found.drafted(found.building("1#"))
    lines = found.desk.view(version).children["units"]
    told = read(found, version, lines, written(found, version, lines))
    assert (len(told.values), told.refused, told.told) == (6, 0, ())
    assert told.values[0]["unit_price"] == "98000.00"


def test_rows_of_another_plan_unknown_rooms_and_outliers_are_told(found: Selling) -> None:
    version = found.drafted(found.building("1#"))
    lines = [dict(line) for line in found.desk.view(version).children["units"]]
    change = {
        (2, "销售方案编号"): "XSFA-310115-2026-00099",
        (3, "室号"): "9901",
        (4, "单价(元/㎡)"): 390000,
        (4, "总价(元)"): 34905000,
    }
    told = read(found, version, lines, written(found, version, lines, change))
    codes = {one.code for one in told.told}
    assert {"PLAN_MISMATCH", "UNIT_UNKNOWN", "PRICE_OUTLIER"} <= codes
    assert told.refused == 2
    assert sorted(told.values) == [2, 3, 4, 5]


def test_a_list_of_another_project_changes_nothing(found: Selling, land: Land) -> None:
    version = found.drafted(found.building("1#"))
    lines = found.desk.view(version).children["units"]
    other = selling(land)
    theirs = other.drafted(other.building("2#"))
    content = written(other, theirs, other.desk.view(theirs).children["units"])
    told = read(found, version, lines, content)
    assert (dict(told.values), told.refused) == ({}, 6)
    with pytest.raises(NotFound):
        found.desk.ask(price_sheet, "xincheng01", PriceSheet(version, lines))


def test_a_unit_that_is_kept_takes_no_price(found: Selling) -> None:
    version = found.drafted(found.building("1#"))
    lines = [dict(line) for line in found.desk.view(version).children["units"]]
    content = written(found, version, lines)
    lines[0]["sale_role"] = "SELF_HELD"
    told = read(found, version, lines, content)
    assert ("ROLE_NOT_FOR_SALE", True) in {(one.code, one.refused) for one in told.told}
    assert 0 not in told.values

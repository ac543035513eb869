"""A type of fields made here, in a file of its own: every part of the product that shows fields takes it (market 2.0)."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Self

import openpyxl
import pytest
import sqlalchemy as sa
from nicegui.testing import User
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field as Column

from models.access import HEAD_OFFICE
from models.columns import text
from models.normal import BadText, half_width
from models.privacy import ExportMedia
from models.records import ChildRow, InForce
from printing.kept_record import KeptRecordSheet
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, RevisionView, Save, Submit
from services.engine.field_types.field import Field
from services.engine.field_types.filters import Between, Test, bounds_of
from services.engine.kind_listing import list_of
from services.engine.kinds import Child, Kind, Look, Makers
from services.engine.listings import ListRows
from services.engine.refusals import Rejected
from services.imports.commit_run import commit_session
from services.imports.jobs import work_through
from services.imports.listings import LINES, template
from services.imports.uploads import UploadTable, upload_table
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.export_files import make_waiting
from services.privacy.exports import RequestExport, request_export
from services.records.api import ReadRecord, read_record, schema_of
from services.records.list_sheets import LinesRead, ListSheet, ReadLines, list_sheet, read_lines
from services.records.record_paper import printed_record
from tests.conformance.apart import kinds_apart, make_tables
from tests.services.records.desk import rows_asked
from tests.services.records.estate import of_my_company
from tests.ui.people import Crowd, page_of, until
from tests.ui.records.hands import MAKER, table_of, type_in, value_in
from tests.ui.tenancy.hands import WAIT, key
from tests.world import World
from ui.records.list_page import list_key, list_module
from ui.shell.workspace import Workspace

pytestmark = pytest.mark.usefixtures("companies")
WRONG = "请按年和季度填写，例如2026年第3季度"


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, kept: str) -> Self:
        year, _, number = kept.partition("Q")
        return cls(int(year), int(number))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


class QuarterType(TypeDecorator[Quarter]):
    """A quarter as six characters, which sort as quarters do."""

    impl = sa.String(6)
    cache_ok = True

    def process_bind_param(self, value: Quarter | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Quarter | None:
        return None if value is None else Quarter.of(value)


class QuarterField(Field, sql=QuarterType):
    """A quarter of a year: all that the product is told of this type."""

    asked = "bounds"
    sheet_width = 16
    child_width = 130
    grid_width = 110

    def _read(self, typed: Any) -> Quarter:
        if isinstance(typed, Quarter):
            return typed
        word = half_width(str(typed)).strip().upper().replace("年第", "Q").removesuffix("季度")
        year, _, number = word.partition("Q")
        if not (year.isdecimal() and number in {"1", "2", "3", "4"} and 1900 <= int(year) <= 2199):
            raise BadText(WRONG)
        return Quarter(int(year), int(number))

    def _parsed(self, raw: str) -> Quarter:
        return Quarter.of(raw)

    def _shown(self, value: Any, names: Any) -> str:
        return f"{value.year}年第{value.number}季度" if isinstance(value, Quarter) else str(value)

    def test(self, wanted: Any) -> Test:
        low, high = (self._chosen(one) if one else None for one in bounds_of(wanted))
        return Between(self, low, high)

    def hint(self) -> str:
        return "年和季度"

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{4}Q[1-4]$"}


def quarter(label: str, **more: Any) -> Any:
    return Column(sa_type=QuarterType, sa_column_kwargs={"info": {"label": label}, "comment": label}, **more)


class _Apart(InForce, registry=registry()):
    """Tables that no migration knows."""


class _ApartLine(ChildRow, registry=_Apart._sa_registry):
    """Their lists."""


class Report(_Apart, table=True):
    __tablename__ = "made_report"

    name: str = text("名称", max=60)
    quarter: Quarter = quarter("所报季度")


class ReportPart(_ApartLine, table=True):
    __tablename__ = "made_report_part"

    part: str = text("部分", max=20)
    due: Quarter | None = quarter("应报季度", default=None, nullable=True)


REPORT = Kind(
    name="made_report",
    label="季度报告",
    row=0,
    prefix="QR",
    table=Report,
    makers=Makers(draft=HEAD_OFFICE, submit=HEAD_OFFICE, owner=of_my_company),
    look=Look(title="name", menu="projects", grid=("name", "quarter"), filters=("quarter",), purpose="测试"),
    review=(),
    children=(Child("parts", "部分", ReportPart, ("part",)),),
)
TABLE = "records.made_report"


@pytest.fixture(scope="module")
def reports(world: World, companies: object) -> Iterator[World]:
    with kinds_apart(REPORT):
        make_tables(world, REPORT)
        yield world


def begun(world: World, name: str, quarter: str, parts: tuple[dict[str, str], ...] = ()) -> Begun:
    caller = world.caller(MAKER)
    made: Begun = world.door.perform(acts(REPORT).begin, caller, Begin(values={"name": name, "quarter": quarter}))
    order = Save(made.revision_id, made.version, {"name": name, "quarter": quarter}, {"parts": parts})
    saved = world.door.perform(acts(REPORT).save, caller, order)
    return Begun(made.record_id, made.revision_id, saved.version)


def in_force(world: World, name: str, quarter: str, parts: tuple[dict[str, str], ...] = ()) -> Begun:
    made = begun(world, name, quarter, parts)
    world.door.perform(acts(REPORT).submit, world.caller(MAKER), Submit(made.revision_id, made.version))
    return made


def view_of(world: World, made: Begun) -> RevisionView:
    view: RevisionView = world.door.ask(acts(REPORT).revision, world.caller(MAKER), made.revision_id)
    return view


def page(world: World, word: str, sort: str = "", **filters: Any) -> list[tuple[str, Any]]:
    found = world.door.ask(list_of(REPORT).query, world.caller(MAKER), rows_asked(word, filters, sort))
    return [(line.title, line.quarter) for line in found.lines]


def test_it_is_read_kept_and_refused(reports: World) -> None:
    view = view_of(reports, begun(reports, "读入", "２０２６年第3季度"))
    assert (view.values["quarter"], dict(view.typed)) == ("2026Q3", {"quarter": "２０２６年第3季度"})
    wrong = begun(reports, "读入", "2026年第5季度")
    assert view_of(reports, wrong).values["quarter"] == "2026年第5季度"
    found = reports.door.ask(acts(REPORT).trial, reports.caller(MAKER), wrong.revision_id)
    assert [one.message for one in found] == [f"所报季度：{WRONG}"]


def test_lists_show_narrow_and_sort_it(reports: World) -> None:
    for name, typed in (("列表甲", "2026Q4"), ("列表乙", "2025Q4"), ("列表丙", "2026Q1")):
        in_force(reports, name, typed)
    begun(reports, "列表丁", "2026Q2")
    assert page(reports, "列表", "quarter") == [
        ("列表丁", "2026年第2季度"),
        ("列表乙", "2025年第4季度"),
        ("列表丙", "2026年第1季度"),
        ("列表甲", "2026年第4季度"),
    ]
    # Of rows in force in SQL, of drafts by their value.
    names = [name for name, _ in page(reports, "列表", "-quarter", quarter=("2026年第1季度", "2026Q2"))]
    assert names == ["列表丁", "列表丙"]
    assert page(reports, "列表", quarter=("2026Q3", "")) == [("列表甲", "2026年第4季度")]
    with pytest.raises(Rejected, match="筛选条件不正确"):
        page(reports, "", quarter=("三季度", ""))


def test_workbooks_explain_write_and_read_it(reports: World) -> None:
    caller = reports.caller(MAKER)
    book = openpyxl.load_workbook(BytesIO(reports.door.ask(template, caller, TABLE)))
    heads = [cell.value for cell in book.worksheets[0][1]]
    told = {row[1]: row[3] for row in book["填写说明"].iter_rows(values_only=True)}
    assert told["所报季度"] == "年和季度"
    in_force(reports, "表格甲", "2026Q3")
    wanted = {"text": "表格甲", "quarter-from": "2026Q3", "quarter-to": "2026Q3"}
    order = RequestExport(TABLE, wanted, ExportMedia.XLSX.value, "核对季度报告内容")
    export = reports.door.perform(request_export, caller, order)
    make_waiting(reports.door)
    written = openpyxl.load_workbook(
        BytesIO(reports.door.ask(download_export, caller, DownloadExport(export.id)).content)
    ).worksheets[0]
    exported = list(written.iter_rows(values_only=True))
    place = exported[0].index("所报季度")
    assert str(exported[1][place]).strip() == "2026年第3季度"
    number = str(exported[1][0]).strip()
    for line in (
        {"业务编号": number, "名称": "表格甲", "所报季度": "2026年第3季度"},
        {"名称": "表格乙", "所报季度": "2027q1"},
        {"名称": "表格丙", "所报季度": "明年"},
    ):
        book.worksheets[0].append([line.get(str(head)) for head in heads])
    whole = BytesIO()
    book.save(whole)
    session = reports.door.perform(upload_table, caller, UploadTable(TABLE, "表格.xlsx", whole.getvalue()))
    work_through(reports.door, lambda: True)
    lines = reports.door.ask(LINES.query, caller, ListRows({"id": str(session.id)})).lines
    assert [line.codes for line in lines] == ["内容未变", "", "格式"]
    reports.door.perform(commit_session, caller, session.id)
    work_through(reports.door, lambda: True)
    assert page(reports, "表格乙") == [("表格乙", "2027年第1季度")]


def test_the_sheet_of_a_list_takes_it_out_and_in(reports: World) -> None:
    caller = reports.caller(MAKER)
    made = begun(reports, "清单", "2026Q1", ({"part": "甲", "due": "2026Q2"}, {"part": "乙"}))
    content = reports.door.ask(list_sheet, caller, ListSheet(made.revision_id, "parts"))
    cells = [list(row) for row in openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)]
    assert cells == [["部分", "应报季度"], ["甲", "2026年第2季度"], ["乙", None]]
    read: LinesRead = reports.door.ask(read_lines, caller, ReadLines(REPORT.name, "parts", content))
    assert (read.lines, read.findings) == (({"part": "甲", "due": "2026Q2"}, {"part": "乙"}), ())


def test_the_api_describes_and_gives_it(reports: World) -> None:
    caller = reports.caller(MAKER)
    made = in_force(reports, "接口", "2026Q3", ({"part": "甲", "due": "2026Q4"},))
    schema = reports.door.ask(schema_of, caller, REPORT.name)
    told = schema["properties"]["values"]["properties"]["quarter"]
    assert told == {"title": "所报季度", "type": "string", "pattern": "^[0-9]{4}Q[1-4]$"}
    answer = reports.door.ask(read_record, caller, ReadRecord(REPORT.name, made.record_id))
    assert (answer["values"]["quarter"], answer["shown"]["quarter"]) == ("2026Q3", "2026年第3季度")
    assert answer["children"]["parts"] == [{"part": "甲", "due": "2026Q4"}]


def test_papers_print_it(reports: World) -> None:
    made = in_force(reports, "打印", "2026Q3", ({"part": "甲", "due": "2026Q4"},))
    sheet: KeptRecordSheet = reports.door.ask(printed_record, reports.caller(MAKER), made.revision_id)
    assert dict(sheet.sections[0].fields)["所报季度"] == "2026年第3季度"
    assert sheet.lists[0].lines == (("甲", "2026年第4季度"),)


async def test_pages_have_its_filter_control_and_cell(crowd: Crowd, reports: World) -> None:
    in_force(reports, "页面", "2026Q3", ({"part": "甲", "due": "2026Q4"},))
    assert {"quarter-from", "quarter-to"} <= {one.key for one in list_of(REPORT).filters}
    user = await crowd.open(MAKER)
    desk = workspace(user)
    desk.modules[list_key(REPORT)] = list_module(REPORT)
    with page_of(user):
        await desk.open(list_key(REPORT))
    await user.should_see("季度报告", retries=WAIT)
    assert await until(lambda: "2026年第3季度" in quarters_in(user))
    key(user, "f2")
    await user.should_see(marker="record-state", retries=WAIT)
    type_in(user, "name", "页面新增")
    type_in(user, "quarter", "2026年第2季度")
    key(user, "ctrl+s")
    await user.should_see("已保存", retries=WAIT)
    assert page(reports, "页面新增") == [("页面新增", "2026年第2季度")]
    assert value_in(user, "quarter") == "2026年第2季度"
    columns = {one["name"]: one for one in table_of(user, "parts").props["columns"]}
    assert columns["due"]["width"] == 130


def quarters_in(user: User) -> set[str]:
    grids = user.find(marker="grid").elements
    return {str(row.get("quarter")) for grid in grids for row in grid.props["rows"]}


def workspace(user: User) -> Workspace:
    found: Workspace = page_of(user).request.scope["state"]["workspace"]
    return found

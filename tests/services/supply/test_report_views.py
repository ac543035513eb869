"""Reports, what opens behind their figures, their files and the printed monthly report (row 83)."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from deploy.demo.offices import add_accounts, load_offices, people_who_join
from models.access import OrgUnit, Role, ScopeKind
from models.columns import new_id
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.jobs import run_job
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.legacy.market_export import Export
from services.legacy.market_load import load_export
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.exports import RequestExport, request_export
from services.supply import exports
from services.supply.drill import AskRows, RowsBehind, rows_behind
from services.supply.exports import ExportReport, ReportFile, as_csv, as_workbook, csv_of, export_report
from services.supply.monthly_paper import print_monthly
from services.supply.report_files import REPORT_FILE
from services.supply.report_forms import TITLES, AskReport, Report, ReportColumn
from services.supply.report_views import report
from services.supply.sum_updates import rebuild_all_stale
from tests.databases import Databases
from tests.services.supply.small_town import write_town
from tests.services.supply.test_kept_sums import Town
from tests.world import running_world

pytestmark = pytest.mark.row(83)
MAY = AskReport(month="2026-05", series="restated")


@pytest.fixture(scope="module")
def town(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    url = databases.new("sqlite")
    with running_world(url, houses=False, few=True) as world:
        world.stand_at(2026, 6, 20)
        folder = write_town(tmp_path_factory.mktemp("town") / "export")
        load_id = load_export(world.door, folder)
        rebuild_all_stale(world.door)
        names = Export(folder, load_id).names()
        yield Town(world, {name: one for one, name in names.items()})
    databases.drop(url)


def caller(role: Role, kind: ScopeKind, code: str = "", enterprise: Any = None) -> Caller:
    return Caller(
        "测试统计员", (Scope(role, kind, code),), account_id=new_id(), district_code=code, enterprise_id=enterprise
    )


def whole(file: ReportFile) -> bytes:
    assert isinstance(file.content, bytes)
    return file.content


def ask(town: Town, order: AskReport, who: Caller = SYSTEM) -> Report:
    return town.world.door.ask(report, who, order)


@pytest.mark.parametrize("code", sorted(TITLES))
def test_every_report_is_made_of_a_month_and_of_a_day(town: Town, code: str) -> None:
    found = ask(town, replace(MAY, report=code))
    assert found.lines
    assert found.pictures
    by_day = ask(town, AskReport(report=code, day="2026-05-31"))
    assert by_day.matrix() == found.matrix()


def test_the_months_a_stock_lasts_stand_beside_its_district_as_the_picture_of_r5_has_them(town: Town) -> None:
    found, heat = ask(town, MAY), ask(town, replace(MAY, report="R5")).pictures[0]
    months = [column.key for column in found.columns if column.lasts]
    told = {line["name"]: tuple(line[key] for key in months) for line in found.lines}
    assert len(months) == 13
    assert {name: told[name] for name, _ in heat.series} == dict(heat.series)
    assert any(value for values in told.values() for value in values)
    city = ask(town, replace(MAY, report="R3")).lines[-1]["depletion"]
    assert found.total is not None
    assert found.total[months[-1]] == pytest.approx(float(city), abs=0.1)


def test_the_stages_are_told_in_homes_too(town: Town) -> None:
    areas, sets = ask(town, MAY), ask(town, replace(MAY, unit="sets"))
    assert (areas.unit, sets.unit) == ("万㎡", "套")
    assert [line["total"] for line in sets.lines] == [line["sets"] for line in areas.lines]
    assert "sets" not in {column.key for column in sets.columns}
    with pytest.raises(Rejected):
        ask(town, replace(MAY, unit="acres"))


def test_the_total_of_districts_is_the_partition_of_stages(town: Town) -> None:
    found = ask(town, MAY)
    assert found.total is not None
    pudong = next(line for line in found.lines if line["name"] == "浦东新区")
    assert (pudong["S4b"], pudong["stock"], pudong["S0"]) == (pudong["stock"], pudong["stock"], pudong["potential"])
    assert str(found.total["S0"]) == "4.74"


def test_every_figure_opens_its_rows_down_to_the_home(town: Town) -> None:
    ask_rows = AskRows(replace(MAY, district="310115"), ("S4a", "S4b"))
    projects = town.world.door.ask(rows_behind, SYSTEM, ask_rows)
    assert [(row.name, row.sets) for row in projects.rows] == [("=SUM(1,2)梧栖苑(测试)", 4)]
    order = replace(ask_rows.report, project=projects.rows[0].opens)
    buildings = town.world.door.ask(rows_behind, SYSTEM, AskRows(order, ask_rows.stages))
    homes = town.world.door.ask(rows_behind, SYSTEM, AskRows(order, ask_rows.stages, buildings.rows[0].opens))
    assert [row.name for row in homes.rows] == ["1单元 3层 301", "1单元 4层 401", "1单元 5层 501", "1单元 6层 601"]
    assert homes.area == buildings.area == projects.area
    assert {row.level for row in homes.rows} == {"楼盘表实测"}


def test_what_is_to_come_begins_with_the_next_month(town: Town) -> None:
    months = [line["month"] for line in ask(town, replace(MAY, report="R4")).lines]
    assert (months[0], months[-1], len(months)) == ("2026-06", "2027-05", 12)
    past = [line["name"] for line in ask(town, replace(MAY, report="R9")).lines if line["name"].startswith("20")]
    assert past[-1] == "2026-05"


def _behind(town: Town, order: AskReport, stages: tuple[str, ...], building: str = "") -> RowsBehind:
    return town.world.door.ask(rows_behind, SYSTEM, AskRows(order, stages, building))


@pytest.mark.parametrize("month", ["2026-04", "2026-05"])
@pytest.mark.parametrize("code", sorted(TITLES))
def test_a_figure_that_opens_rows_is_their_sum_and_so_is_each_row_below(town: Town, code: str, month: str) -> None:
    order = replace(MAY, report=code, month=month)
    found = ask(town, order)
    lines = [*zip(found.lines, found.narrow, strict=True), *([(found.total, {})] if found.total else [])]
    for line, narrow in ((line, narrow) for line, narrow in lines if "closed" not in narrow):
        below = replace(order, **narrow)
        for column in (one for one in found.columns if one.stages):
            rows = _behind(town, below, column.stages)
            told = rows.sets if column.places == 0 else rows.area / 10_000
            assert told == pytest.approx(line[column.key], abs=Decimal("0.005")), (line, column.key)
            for row in (one for one in rows.rows if one.opens and not below.project):
                buildings = _behind(town, replace(below, project=row.opens), column.stages)
                assert (buildings.area, buildings.sets) == (row.area, row.sets), (line, column.key)


@pytest.mark.parametrize(
    "narrowed", [{"size": "2"}, {"size": "0"}, {"type": "住宅"}, {"type": "商业"}, {"completed": "1"}]
)
def test_the_homes_behind_a_figure_are_narrowed_as_it_is(town: Town, narrowed: dict[str, str]) -> None:
    order = replace(MAY, unit="sets", **narrowed)
    total, project = ask(town, order).total, replace(order, project=str(town.ids["P1"]))
    assert total is not None
    homes = _behind(town, project, ("S4b",), str(town.ids["NB1"])).rows
    assert total["S4b"] == len(homes) == _behind(town, project, ("S4b",)).sets
    assert len(homes) == (0 if set(narrowed.values()) & {"0", "商业", "1"} else 4)


def test_a_district_that_asks_for_another_gets_nothing_but_the_total_of_the_city(town: Town) -> None:
    who = caller(Role.DIST_REVIEWER, ScopeKind.DISTRICT, "310104")
    own = ask(town, MAY, who)
    assert [line["name"] for line in own.lines] == ["徐汇区", "全市（仅合计）"]
    assert own.narrow[-1] == {"closed": "1"}
    city = ask(town, MAY).total
    assert city is not None
    assert {key: own.lines[-1][key] for key in ("S0", "stock", "total")} == {
        key: city[key] for key in ("S0", "stock", "total")
    }
    other = ask(town, replace(MAY, district="310115"), who)
    assert all(not line["total"] for line in other.lines if line["name"] != "全市（仅合计）")
    assert town.world.door.ask(rows_behind, who, AskRows(replace(MAY, district="310115"))).rows == ()
    with pytest.raises(NotFound):
        town.world.door.ask(rows_behind, who, AskRows(replace(MAY, project=str(town.ids["P1"]))))


def test_a_head_company_sees_its_own_projects_alone(town: Town) -> None:
    own = caller(Role.HEAD_USER, ScopeKind.ORGANISATION, enterprise=town.ids["H1"])
    stranger = caller(Role.HEAD_USER, ScopeKind.ORGANISATION, enterprise=new_id())
    names = {line["name"] for line in ask(town, replace(MAY, report="R7"), own).lines}
    assert names == {"=SUM(1,2)梧栖苑(测试)", "云汀苑(测试)"}
    assert ask(town, replace(MAY, report="R7"), stranger).lines == ()
    with pytest.raises(NotAllowed):
        ask(town, MAY, caller(Role.STREET_CLERK, ScopeKind.STREET, "310115001"))


@pytest.mark.parametrize(
    "strange",
    [
        {"report": "R99"},
        {"month": "5月"},
        {"month": "2030-01"},
        {"day": "2026-13-01"},
        {"day": "2026-06-21"},
        {"district": "999999"},
        {"series": "未知"},
        {"type": "别墅"},
        {"ring": "九环"},
    ],
)
def test_strange_words_of_an_address_are_refused_in_a_sentence(town: Town, strange: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        ask(town, AskReport(**strange))


def test_a_month_without_sales_has_no_ratio_and_no_price(town: Town) -> None:
    lines = {line["month"]: line for line in ask(town, replace(MAY, report="R3")).lines}
    assert (lines["2026-03"]["net"], lines["2026-03"]["price"], lines["2026-03"]["ratio"]) == (0, None, None)
    assert str(lines["2026-05"]["price"]) == "62000.00"
    prices = {line["sold_sets"]: str(line["price"]) for line in ask(town, replace(MAY, report="R7")).lines}
    assert prices[2] == "61000.00"


def test_works_are_started_in_their_month(town: Town) -> None:
    def started(month: str) -> bool:
        lines = ask(town, replace(MAY, report="R6", month=month)).lines
        return any(line["month_actual"] for line in lines if line["item"] == "新开工")

    assert [started(month) for month in ("2025-02", "2025-03", "2025-04")] == [False, True, False]


def test_a_workbook_has_native_charts_and_no_formula(town: Town) -> None:
    out = town.world.door.perform(export_report, SYSTEM, ExportReport(replace(MAY, report="R7"), "xlsx"))
    assert out.file_name.startswith("可供应量_R7_202605_")
    book: Any = openpyxl.load_workbook(BytesIO(whole(out)))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    names = [cell for cell in cells if str(cell.value or "").startswith("=SUM")]
    assert [cell.data_type for cell in names] == ["s"]
    assert "说明" in book.sheetnames
    book = openpyxl.load_workbook(
        BytesIO(whole(town.world.door.perform(export_report, SYSTEM, ExportReport(MAY, "xlsx"))))
    )
    assert len(book.worksheets[0]._charts) == 1


def test_pictures_workbook_and_paper_have_the_same_series(town: Town) -> None:
    found = ask(town, MAY)
    book: Any = openpyxl.load_workbook(BytesIO(as_workbook(found, [])))
    drawn, sheet = found.pictures[0], book["图1数据"]
    assert [cell.value for cell in sheet[1]][1:] == [name for name, _ in drawn.series]
    for at, category in enumerate(drawn.categories, 2):
        row = [cell.value for cell in sheet[at]]
        assert row == [category, *(values[at - 2] for _, values in drawn.series)]


def test_a_csv_file_guards_what_looks_like_a_formula(town: Town) -> None:
    content = as_csv(ask(town, replace(MAY, report="R7")))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    assert any(row[0] == "'=SUM(1,2)梧栖苑(测试)" for row in rows)


def test_an_export_of_sixty_thousand_rows_keeps_long_numbers_as_text() -> None:
    columns = (ReportColumn("name", "许可证号", number=False), ReportColumn("area", "面积"))
    lines = tuple({"name": f"3101152026{number:08}", "area": number} for number in range(60_000))
    parts = list(csv_of(Report("R7", "项目明细表", "㎡", "", "", "", columns, lines)))
    # It is sent as it is written: no part grows with the report.
    assert max(map(len, parts)) < 40_000
    rows = b"".join(parts).decode("utf-8-sig").splitlines()
    assert (len(rows), rows[-1]) == (60_001, '"310115202600059999",59999')


def test_the_monthly_report_has_eight_pages(town: Town) -> None:
    out = town.world.door.perform(print_monthly, SYSTEM, MAY)
    pages = [page.extract_text() for page in PdfReader(BytesIO(whole(out))).pages]
    assert len(pages) == 8
    again = town.world.door.perform(print_monthly, SYSTEM, MAY)
    assert again.content == out.content


def test_a_long_report_is_made_by_the_worker_with_progress(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    order, door = replace(MAY, report="R7"), town.world.door
    door.perform(load_offices, SYSTEM, None)

    def join(work: Work) -> None:
        offices = {unit.unit_code: unit for unit in work.rows(OrgUnit)}
        add_accounts(work, people_who_join("market"), lambda person: offices[person.office])

    town.world.act(join)
    sign_pending(door)
    city = town.world.caller("shichu01")
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    with pytest.raises(Rejected, match="后台生成"):
        door.perform(export_report, city, ExportReport(order, "csv"))
    criteria = {"report": "R7", "month": "2026-05", "series": "restated"}
    told: list[int] = []
    for media, magic in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        asked = door.perform(request_export, city, RequestExport(REPORT_FILE.name, criteria, media, "年度供应分析"))
        assert (asked.waits, asked.rows) == (False, len(ask(town, order, city).lines))
        assert run_job(door, "exports.make")
        assert door.ask(download_export, city, DownloadExport(asked.id)).content.startswith(magic)
    lines = tuple({"name": str(number)} for number in range(5_000))
    as_workbook(Report("R7", "", "", "", "", "", (ReportColumn("name", "项目", number=False),), lines), [], told.append)
    assert told == [2_000, 4_000]
    with pytest.raises(Rejected, match="月份"):
        door.perform(request_export, city, RequestExport(REPORT_FILE.name, {"month": "2026-13"}, "csv", "年度供应分析"))

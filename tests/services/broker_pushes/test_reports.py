"""Row 13: reports by member, district and month; every figure opens a list whose lines add up to it."""

from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from models.privacy import ExportMedia
from models.push_codes import PushState
from services.broker_pushes.listings import BATCHES, PUSHES
from services.broker_pushes.reports import ReportFilter, push_report
from services.engine.callers import Caller
from services.engine.figure_reports import FigureLines
from services.engine.listings import Filters, Line, ListRows, count_of
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, Rejected
from services.engine.sheets import write_xlsx
from services.privacy.exports import RequestExport, request_export
from services.privacy.listings import listing_of
from tests.services.broker_pushes.association import Association

pytestmark = pytest.mark.row(13)

OTHER = "91310115MA1K000016"


@pytest.fixture(scope="module", autouse=True)
def pushed(open_association: Association) -> None:
    """Two months of two members: filed, refused, late, unusual, unread, and one without a member."""
    association = open_association
    association.world.stand_at(2027, 3, 1)
    association.push(
        association.item(association.counter.free_flat("310115"), rent="6000"),
        association.item(association.counter.free_flat("310115"), rent="6500.50", signed_on="2027-01-05"),
        association.item(association.counter.free_flat("310104"), rent="99000"),
        association.item(association.counter.free_flat("310104"), card_no=""),
        association.item(member_uscc=OTHER),
        association.item(member_uscc="", raw={"rent": "不是数"}, own_no="无会员"),
        batch_no="三月",
    )
    association.world.stand_at(2027, 4, 2)
    association.push(
        association.item(association.counter.free_flat("310115"), rent="5000"),
        association.item(card_no="", start="2027-04-02", end="2027-04-10"),
        batch_no="四月",
    )


def report(association: Association, by: str, who: str = "shi01", **changes: str) -> FigureLines:
    pushes = {"since": "2027-03", "until": "2027-04"} | changes
    return association.world.door.ask(push_report, association.world.caller(who), ReportFilter(by, pushes))


def behind(association: Association, filters: Filters, caller: Caller | None = None) -> list[Line]:
    """Every line behind a figure, page after page."""
    found: list[Line] = []
    for page in range(1, 20):
        asked = ListRows(filters, Paging(page, 3))
        answer = association.world.door.ask(PUSHES.query, caller or association.world.caller("shi01"), asked)
        found += answer.lines
        if len(found) == answer.total:
            return found
    raise AssertionError("never ends")


FIGURES: dict[str, dict[str, str]] = {
    "pushed": {},
    "passed": {"state": "FILED"},
    "refused": {"state": "REFUSED"},
    "intercepted": {"state": "INTERCEPTED"},
    "waiting": {"state": "WAITING"},
    "late": {"late": "1"},
    "unusual": {"unusual": "1"},
}


def drilled(by: str, key: str) -> dict[str, str]:
    """The filters a line's figures open."""
    if by == "month":
        return {"since": key, "until": key}
    return {"since": "2027-03", "until": "2027-04", by: key}


@pytest.mark.parametrize("by", ["member", "district", "month"])
def test_every_figure_of_every_line_is_the_number_of_lines_behind_it(association: Association, by: str) -> None:
    found = report(association, by)
    for line in found.lines:
        for figure, narrow in FIGURES.items():
            filters = drilled(by, line.key) | narrow
            lines = behind(association, filters)
            assert len(lines) == getattr(line, figure), (line.label, figure)
            city = association.world.caller("shi01")
            assert association.world.door.look(city, lambda work, of=filters: count_of(work, PUSHES, of)) == len(lines)  # type: ignore[misc]
            assert len({one.id for one in lines}) == len(lines)


@pytest.mark.parametrize("by", ["member", "district", "month"])
def test_the_lines_add_up_to_the_sum(association: Association, by: str) -> None:
    found = report(association, by)
    assert found.total is not None
    for figure in FIGURES:
        assert sum(getattr(line, figure) for line in found.lines) == getattr(found.total, figure)
    assert found.total.pushed == 8


@pytest.mark.parametrize("by", ["member", "district", "month"])
def test_averages_are_those_of_the_filed_leases_behind_them(association: Association, by: str) -> None:
    for line in report(association, by).lines:
        filed = behind(association, drilled(by, line.key) | {"state": "FILED"})
        rents = [one.month_rent for one in filed if one.month_rent is not None]
        areas = [one.leased_area for one in filed if one.leased_area is not None]
        assert line.average_rent == average(rents)
        assert line.average_area == average(areas)


def average(values: list[Decimal]) -> Decimal | None:
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01"), ROUND_HALF_UP) if values else None


def line_of(found: FigureLines, label: str) -> Line:
    return next(line for line in found.lines if line.label == label)


def test_a_members_line_tells_rate_lateness_and_the_top_reasons(association: Association) -> None:
    line = line_of(report(association, "member"), "安居经纪有限公司")
    assert (line.pushed, line.passed, line.refused, line.late, line.unusual) == (6, 4, 2, 1, 1)
    assert (line.rate, line.late_share) == (Decimal("66.67"), Decimal("16.67"))
    assert (line.reasons[0].code, line.reasons[0].count) == ("F05", 2)
    for reason in line.reasons:
        assert len(behind(association, drilled("member", line.key) | {"reason": reason.code})) == reason.count


def test_a_hint_is_no_reason(association: Association) -> None:
    codes = {reason.code for line in report(association, "member").lines for reason in line.reasons}
    assert "T06" not in codes
    assert "T05" not in codes


def test_who_could_not_be_made_out_has_a_line_of_its_own(association: Association) -> None:
    line = line_of(report(association, "member"), "未识别")
    assert (line.key, line.pushed, line.average_rent) == ("-", 1, None)
    assert [one.own_no for one in behind(association, drilled("member", "-"))] == ["无会员"]


def test_a_filter_narrows_the_report_and_its_lists_alike(association: Association) -> None:
    found = report(association, "month", district="310104")
    assert [line.label for line in found.lines] == ["2027-03"]
    assert found.total is not None
    lines = behind(association, {"since": "2027-03", "until": "2027-04", "district": "310104"})
    assert found.total.pushed == len(lines) == 2


def test_a_report_without_data_is_empty(association: Association) -> None:
    found = association.world.door.ask(
        push_report, association.world.caller("shi01"), ReportFilter("member", {"since": "2031-01"})
    )
    assert (found.lines, found.total) == ((), None)
    with pytest.raises(Rejected, match="没有符合条件的记录"):
        export(association, {"by": "member", "since": "2031-01"}, "broker_report")


def test_an_unknown_grouping_is_refused(association: Association) -> None:
    with pytest.raises(Rejected, match="按会员、按区或按月"):
        report(association, "clerk")


def test_a_district_sees_its_own_pushes_only(association: Association) -> None:
    found = report(association, "district", who="pdju01")
    assert [line.key for line in found.lines] == ["310115"]
    mine = behind(association, {}, association.world.caller("pdju01"))
    assert {one.district for one in mine} == {"浦东新区"}


def test_counters_see_no_report(association: Association) -> None:
    with pytest.raises(NotAllowed):
        report(association, "member", who="huamu01")


def test_batches_are_listed_with_what_became_of_them(association: Association) -> None:
    asked = ListRows({"batch_no": "三月"})
    page = association.world.door.ask(BATCHES.query, association.world.caller("shi01"), asked)
    line = page.lines[0]
    assert (line.total, line.filed, line.refused, line.repeated) == (6, 3, 3, 0)
    assert len(behind(association, {"batch": "三月"})) == line.total - line.repeated


def export(association: Association, criteria: dict[str, str], listing: str) -> int:
    order = RequestExport(listing, criteria, ExportMedia.XLSX.value, "统计分析使用")
    return association.world.door.perform(request_export, association.world.caller("shi01"), order).rows


def test_the_report_is_exported_by_the_houses_rules_with_its_sum(association: Association) -> None:
    criteria = {"by": "member", "since": "2027-03", "until": "2027-04"}
    found = report(association, "member")
    assert export(association, criteria, "broker_report") == len(found.lines) + 1
    listing = listing_of("broker_report")
    shi = association.world.caller("shi01")
    listed = association.world.door.look(shi, lambda work: listing.lines(work, criteria, False))
    sheet = load_workbook(BytesIO(write_xlsx(listing.label, listing.columns, listed.rows))).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    names = [row[0] for row in cells]
    sums = cells[names.index("合计")]
    assert sums[1] == sum(line.pushed for line in found.lines)


def test_the_lines_behind_are_exported_as_they_are_listed(association: Association) -> None:
    assert export(association, {"batch": "三月", "state": PushState.FILED.value}, "broker_pushes") == 3

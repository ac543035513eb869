"""进度填报 when months stand on each other: a corrected month, a year sent by a script, sixty photos (row 74)."""

import io
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from models.progress import Milestone, MilestoneCode, ProgressReport
from models.projects import Project
from models.records import InForceState
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, StartUpdate, Submit, Void
from services.engine.findings import Severity
from services.engine.refusals import Conflict, Rejected
from services.progress.photos import photos_beside
from services.records.attachments import AttachFile, attach_file
from tests.land import Land
from tests.services.progress.test_row_74 import KIND, PHOTOS, attached, line, picture, report
from tests.services.projects.desk import Desk
from tests.site import Site

pytestmark = pytest.mark.row(74)
MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12")


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


@pytest.fixture
def unit(site: Site) -> UUID:
    return site.unit(site.permit(site.planning()), "1#", floors_above=32)


def months(site: Site, unit: UUID) -> dict[str, UUID]:
    """June to December, two storeys a month; September names the day the piles were done."""
    return {
        month: site.put(
            KIND,
            report(month, report_on=f"{month}-28", invested_cum=f"{number}000000.00"),
            {"works": [line(unit, floors_done=number * 2, percent=number * 5, **days(month))]},
        )
        for number, month in enumerate(MONTHS, 1)
    }


def days(month: str) -> dict[str, str]:
    return {"2026-06": {"started_on": "2026-06-15"}, "2026-09": {"piles_on": "2026-09-10"}}.get(month, {})


def corrected(desk: Desk, record: UUID, change: dict[str, Any], unit: UUID, **values: Any) -> UUID:
    """A correction of a month, submitted with reasons for what it warns of."""
    begun = desk.perform(acts(KIND).update, "binjiang01", StartUpdate(record, "现场复核后更正"))
    desk.save(begun.revision_id, values, {"works": [line(unit, **change)]})
    told = {**PHOTOS, "PRG-04": "已通知同时更正", "PER-04": "现场复核后更正"}
    desk.submit(begun.revision_id, told)
    made: UUID = begun.revision_id
    return made


def reached(land: Land, unit: UUID) -> dict[MilestoneCode, date | None]:
    rows = land.market.world.read(lambda work: work.rows(Milestone, Milestone.subject_id == unit))
    return {row.milestone: row.actual_on for row in rows if row.actual_on}


def test_a_corrected_month_names_the_months_that_now_stand_lower(desk: Desk, site: Site, unit: UUID) -> None:
    third = months(site, unit)["2026-08"]
    begun = desk.perform(acts(KIND).update, "binjiang01", StartUpdate(third, "现场复核后更正"))
    desk.save(begun.revision_id, {}, {"works": [line(unit, floors_done=9, percent=15)]})
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id, {**PHOTOS, "PER-04": "现场复核后更正"})
    told = [one.message for one in no.value.findings if one.code == "PRG-04"]
    assert told == ["“1#住宅楼”完成层数9，高于2026-09已填报的8，请核对并同时更正2026-09"]


def test_a_correction_of_the_third_month_leaves_the_later_ones(desk: Desk, site: Site, unit: UUID, land: Land) -> None:
    records = months(site, unit)
    desk.approve(corrected(desk, records["2026-08"], {"floors_done": 9, "percent": 15, "piles_on": "2026-08-20"}, unit))
    rows = land.market.world.read(
        lambda work: work.rows(ProgressReport, ProgressReport.project_id == site.project, by=ProgressReport.period)
    )
    assert [(row.period, row.version_no) for row in rows] == [
        (month, 2 if month == "2026-08" else 1) for month in MONTHS
    ]
    # Of two days that two months name for the piles the later month's counts; works and project follow December.
    assert reached(land, unit)[MilestoneCode.M08] == date(2026, 9, 10)
    assert land.market.row(Project, site.project).invested_to_date == 7_000_000
    assert {row.in_force for row in rows} == {InForceState.EFFECTIVE}


def test_a_day_that_only_the_corrected_month_named_is_gone(desk: Desk, site: Site, unit: UUID, land: Land) -> None:
    records = months(site, unit)
    assert MilestoneCode.M08 in reached(land, unit)
    desk.approve(corrected(desk, records["2026-09"], {"floors_done": 8, "percent": 20}, unit))
    assert MilestoneCode.M08 not in reached(land, unit)
    assert reached(land, unit)[MilestoneCode.M07] == date(2026, 6, 15)


def test_a_voided_last_month_leaves_the_month_before(desk: Desk, site: Site, unit: UUID, land: Land) -> None:
    records = months(site, unit)
    desk.perform(acts(KIND).void, "pdshen01", Void(records["2026-12"], "填报对象错误，作废重报"))
    assert land.market.row(Project, site.project).invested_to_date == 6_000_000


def test_a_year_sent_by_a_script_is_one_month_waiting(desk: Desk, site: Site, unit: UUID) -> None:
    """Twelve months begun and submitted at once: each waits for the one before, whichever way the script goes."""
    year = [f"2026-{month:02d}" for month in range(1, 13)]
    begun = {
        month: desk.perform(
            acts(KIND).begin,
            "binjiang01",
            Begin(site.project, report(month, report_on=f"{month}-28"), {"works": [line(unit)]}),
        ).revision_id
        for month in year
    }
    sent, refused = [], []
    for month in [*reversed(year), *year]:
        try:
            desk.submit(begun[month], PHOTOS)
            sent.append(month)
        except Rejected as no:
            refused.append((month, {one.code for one in no.findings if one.severity is Severity.REFUSE}))
        except Conflict:
            refused.append((month, {"SUBMITTED"}))
    assert sent == ["2026-01"]
    assert len(refused) == 23
    assert all(codes & {"CON-10", "SUBMITTED"} for _, codes in refused)


def test_the_same_month_twice_stands_once(desk: Desk, site: Site, unit: UUID) -> None:
    first, second = (desk.begin(site.project, report("2027-01"), {"works": [line(unit)]}) for _ in range(2))
    desk.submit(first.revision_id, PHOTOS)
    desk.submit(second.revision_id, PHOTOS)
    desk.approve(first.revision_id)
    with pytest.raises(Rejected) as no:
        desk.approve(second.revision_id)
    assert any(one.code == "PER-02" for one in no.value.findings)


# Photos


def test_sixty_photos_are_one_report(desk: Desk, site: Site, unit: UUID) -> None:
    begun = desk.begin(site.project, report("2027-01"), {"works": [line(unit)]})
    attached(desk, begun.revision_id, *(patterned(number) for number in range(60)))
    view = desk.view(begun.revision_id)
    assert len(view.files) == 60
    desk.submit(begun.revision_id)
    seen = desk.ask(photos_beside, "pdshen01", begun.revision_id)
    assert (len(seen.photos), seen.earlier) == (60, ())


def patterned(number: int) -> bytes:
    """A small picture of its own: the same noise is never made twice."""
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60 + number).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def test_a_reviewer_sees_last_months_photos_beside_this_months(desk: Desk, site: Site, unit: UUID) -> None:
    first = desk.begin(site.project, report("2027-01"), {"works": [line(unit)]})
    attached(desk, first.revision_id, picture(40))
    desk.submit(first.revision_id)
    desk.approve(first.revision_id)
    later = desk.begin(site.project, report("2027-02", report_on="2027-03-01"), {"works": [line(unit)]})
    attached(desk, later.revision_id, picture(40), picture(120, "2027:02:20 10:00:00"))
    desk.submit(later.revision_id, {"PRG-10": "现场照片随后更换"})
    seen = desk.ask(photos_beside, "pdshen01", later.revision_id)
    assert (seen.earlier_period, len(seen.earlier)) == ("2027-01", 1)
    assert [one.told for one in seen.photos] == ["与2027-01的照片相同", ""]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\0\0\x18ftypheic" + b"\0" * 400, "兼容性最佳"),
        (b"MZ\x90\0" + b"\0" * 400, "只接受JPG、PNG"),
        (b"%PDF-1.4\n%%EOF", "只接受JPG、PNG"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 30, "损坏"),
    ],
)
def test_what_is_no_photo_is_refused_with_what_to_do(desk: Desk, site: Site, content: bytes, words: str) -> None:
    begun = desk.begin(site.project, report("2027-01"), {"works": []})
    with pytest.raises(Rejected, match=words):
        desk.perform(attach_file, "binjiang01", AttachFile(begun.revision_id, "photos", "IMG_0001.jpg", content))


def test_a_photo_of_eighty_megapixels_is_refused_in_the_words_of_a_telephone(desk: Desk, site: Site) -> None:
    out = io.BytesIO()
    Image.new("L", (10_000, 8_000)).save(out, "JPEG", quality=10)
    begun = desk.begin(site.project, report("2027-01"), {"works": []})
    with pytest.raises(Rejected, match="高像素模式"):
        desk.perform(attach_file, "binjiang01", AttachFile(begun.revision_id, "photos", "a.jpg", out.getvalue()))


def test_a_demolished_building_of_which_nothing_stands_begins_anew(desk: Desk, site: Site, unit: UUID) -> None:
    site.put(KIND, report("2027-01"), {"works": [line(unit, floors_done=20, percent=50)]})
    values = line(unit, visual_progress="0", floors_done=0, percent=0, back_reason="质量不合格，拆除重建")
    begun = desk.begin(site.project, report("2027-02", report_on="2027-03-01"), {"works": [values]})
    order = Submit(begun.revision_id, desk.view(begun.revision_id).version, {})
    desk.perform(acts(KIND).submit, "binjiang_admin", order)
    desk.approve(begun.revision_id)
    assert site.row(unit).visual_progress == 0

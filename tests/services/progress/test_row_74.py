"""进度填报: floors, percents, dates, stops, order of months, photos, and what a report in force sets (row 74)."""

import io
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlmodel import select

from models.building_tables import NaturalBuilding
from models.progress import Milestone, MilestoneCode, ProgressPhoto
from models.projects import Project
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, Save
from services.engine.refusals import Refusal, Rejected
from services.files.file_refusals import FileRefused
from services.files.photos import SIMILAR, difference, photo_of
from services.records.attachments import AttachFile, attach_file
from tests.building import file_completion, natural_building, tie
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import Site

pytestmark = pytest.mark.row(74)
KIND = "progress_report"
PHOTOS = {"PRG-10": "现场照片随后补充"}


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def report(period: str, **change: Any) -> dict[str, Any]:
    sums = {"invested_period": "1000000.00", "invested_cum": "1000000.00"}
    return {"period": period, "report_on": "2027-02-01", **sums, **change}


def line(unit: UUID, **change: Any) -> dict[str, Any]:
    usual = {"visual_progress": "4", "floors_done": 18, "percent": 40, "status": "NORMAL"}
    return {"unit_engineering_id": str(unit), **usual, **change}


def told(desk: Desk, site: Site, values: dict[str, Any], *lines: dict[str, Any]) -> set[tuple[str, str]]:
    begun = desk.begin(site.project, values, {"works": list(lines)})
    try:
        desk.submit(begun.revision_id, PHOTOS)
    except Rejected as no:
        return {(one.field, f"{one.code} {one.severity}") for one in no.findings if one.code != "PRG-10"}
    return set()


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"floors_done": 33}, "floors_done", "FMT REFUSE"),
        ({"percent": 100, "floors_done": 5}, "percent", "FMT REFUSE"),
        ({"percent": 101, "floors_done": 32}, "percent", "FMT REFUSE"),
        ({"floors_done": 18}, "floors_done", "PRG-04 REFUSE"),  # from 20 back to 18
        ({"floors_done": 27}, "floors_done", "PRG-05 WARN"),  # seven storeys in a month
        ({"percent": 80}, "percent", "PRG-05 WARN"),
        ({"topped_on": "2027-03-02"}, "topped_on", "PRG-08 REFUSE"),  # tomorrow
        ({"started_on": "2026-07-02", "piles_on": "2026-07-01"}, "piles_on", "PRG-08 REFUSE"),
        ({"status": "STOPPED"}, "stop_reason", "REQ REFUSE"),
        ({"status": "STOPPED", "stop_reason": "汛期"}, "stop_from", "REQ REFUSE"),
    ],
)
def test_a_line_is_possible_and_follows_the_last(
    desk: Desk, site: Site, change: dict[str, Any], field: str, said: str
) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=32)
    site.put(KIND, report("2027-01"), {"works": [line(unit, floors_done=20)]})
    given = {"floors_done": 20, "percent": 40, **change}
    found = told(desk, site, report("2027-02", report_on="2027-03-01"), line(unit, **given))
    assert (f"works.1.{field}", said) in found


def test_a_day_is_not_before_one_that_an_earlier_month_named(desk: Desk, site: Site) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=32)
    site.put(KIND, report("2027-01"), {"works": [line(unit, started_on="2026-07-01", piles_on="2026-08-01")]})
    found = told(desk, site, report("2027-02", report_on="2027-03-01"), line(unit, foundation_on="2026-07-31"))
    assert found == {("works.1.foundation_on", "PRG-08 REFUSE")}


def test_a_rebuilt_building_goes_back_with_its_reason(desk: Desk, site: Site) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=32)
    site.put(KIND, report("2027-01"), {"works": [line(unit)]})
    rebuilt = line(unit, visual_progress="1", floors_done=0, percent=1, back_reason="质量不合格，拆除重建")
    assert told(desk, site, report("2027-02"), rebuilt) == set()


def test_months_are_reported_in_order_and_none_to_come(desk: Desk, site: Site) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=32)
    assert ("period", "PER-03 REFUSE") in told(desk, site, report("2027-04"), line(unit))
    begun = desk.begin(site.project, report("2027-01"), {"works": [line(unit)]})
    desk.submit(begun.revision_id, PHOTOS)
    order = Decide(begun.revision_id, desk.view(begun.revision_id).version, "请补充现场照片")
    desk.perform(acts(KIND).send_back, "pdshen01", order)
    assert ("period", "CON-10 REFUSE") in told(desk, site, report("2027-02"), line(unit))


def test_the_month_begins_with_the_last_lines(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning())
    unit, other = site.unit(permit, "1#", floors_above=32), site.unit(permit, "2#", floors_above=18)
    first = site.put(KIND, report("2027-01"), {"works": [line(unit, floors_done=20)]})
    begun = desk.perform(acts(KIND).next_period, "binjiang01", first)
    view = desk.view(begun.revision_id)
    assert (view.values["period"], view.values["invested_cum"]) == ("2027-02", "1000000.00")
    lines = {
        one["unit_engineering_id"]: (str(one["floors_done"]), str(one["percent"])) for one in view.children["works"]
    }
    assert lines == {str(unit): ("20", "40"), str(other): ("0", "0")}


def reached(land: Land, unit: UUID) -> dict[str, str]:
    wanted = select(Milestone).where(Milestone.subject_id == unit)
    rows = land.market.world.read(lambda work: work.session.exec(wanted).all())
    return {row.milestone.value: str(row.actual_on) for row in rows if row.actual_on}


def test_a_report_in_force_sets_milestones_works_and_project(desk: Desk, site: Site, land: Land) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=18)
    lines = [line(unit, visual_progress="5", started_on="2026-06-20", topped_on="2027-01-20", percent=39)]
    desk.effective(site.project, report("2027-01"), {"works": lines}, reasons=PHOTOS)
    assert reached(land, unit) == {
        "M07": "2026-06-20",
        "M10": "2027-02-01",
        "M11": "2027-02-01",
        "M12": "2027-01-20",
        "M13": "2027-01-20",
    }
    row = site.row(unit)
    assert (str(row.actual_start), str(row.actual_topout), row.visual_progress) == ("2026-06-20", "2027-01-20", 5)
    project = land.market.row(Project, site.project)
    assert (str(project.started_on), project.suspended) == ("2026-06-20", False)


def test_every_day_of_a_line_is_a_milestone_of_its_work_or_building(desk: Desk, site: Site, land: Land) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=18)
    number = natural_building(land.market.world)
    tie(site, unit, number)
    building = land.market.world.read(
        lambda work: work.only(NaturalBuilding.id, NaturalBuilding.natural_building_no == number)
    )
    on = {
        "started_on": "2026-06-20",
        "piles_on": "2026-07-20",
        "foundation_on": "2026-08-20",
        "topped_on": "2026-11-20",
        "facade_on": "2026-12-20",
        "accepted_on": "2027-01-05",
        "delivered_on": "2027-01-20",
    }
    lines = [line(unit, visual_progress="10", percent=100, **on)]
    desk.effective(site.project, report("2027-01"), {"works": lines}, reasons=PHOTOS)
    shown = {code: reached(land, unit)[code] for code in ("M07", "M08", "M09", "M12", "M16", "M17")}
    assert shown == dict(zip(shown, on.values(), strict=False))
    # Handing over is of the natural building, not of the work.
    assert "M22" not in reached(land, unit)
    assert reached(land, building) == {"M22": "2027-01-20"}


def test_the_day_of_a_certificate_wins(desk: Desk, site: Site, land: Land) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=18)
    file_completion(site, unit, accepted_on="2027-01-10", filed_on="2027-01-20")
    said = told(desk, site, report("2027-01"), line(unit, accepted_on="2027-01-12", visual_progress="10"))
    assert ("works.1.accepted_on", "PRG-09 WARN") in said
    lines = [line(unit, accepted_on="2027-01-12", visual_progress="10")]
    desk.effective(site.project, report("2027-01"), {"works": lines}, reasons={**PHOTOS, "PRG-09": "以证书为准即可"})
    assert reached(land, unit)[MilestoneCode.M17.value] == "2027-01-10"


# Photos


def picture(shade: int = 0, taken: str = "2027:01:15 09:30:00", size: tuple[int, int] = (640, 480)) -> bytes:
    """A JPEG with the notes of a camera: time, device and place."""
    image = Image.new("RGB", size)
    for x in range(0, size[0], 8):
        image.paste(((x * 7 + shade) % 256, (x * 3 + shade * 5) % 256, (x + shade) % 256), (x, 0, x + 8, size[1]))
    exif = Image.Exif()
    exif[0x010F] = "某品牌手机"
    exif.get_ifd(0x8769)[0x9003] = taken
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=90)
    return out.getvalue()


def test_a_photo_keeps_its_time_and_loses_device_and_place() -> None:
    photo = photo_of(picture())
    assert photo.taken_at == datetime.fromisoformat("2027-01-15T09:30:00+08:00")
    with Image.open(io.BytesIO(photo.content)) as stored:
        assert dict(stored.getexif()) == {}
    assert "某品牌".encode() not in photo.content
    assert len(photo.thumbnail) < len(photo.content)


def test_likeness_finds_the_same_picture_made_smaller_and_not_another() -> None:
    first = photo_of(picture(size=(1600, 1200)))
    smaller = io.BytesIO()
    Image.open(io.BytesIO(first.content)).resize((500, 375)).save(smaller, "JPEG", quality=60)
    assert difference(first.likeness, photo_of(smaller.getvalue()).likeness) <= SIMILAR
    other = Image.effect_noise((640, 480), 90)
    out = io.BytesIO()
    other.save(out, "JPEG")
    assert difference(first.likeness, photo_of(out.getvalue()).likeness) > SIMILAR


def test_a_photo_of_many_pixels_a_heic_and_a_program_are_refused() -> None:
    large = Image.new("L", (10_000, 8_000))
    out = io.BytesIO()
    large.save(out, "JPEG", quality=10)
    heic = b"\0\0\0\x18ftypheic" + b"\0" * 40
    for content in (out.getvalue(), heic, b"MZ\x90\0" + b"\0" * 400):
        with pytest.raises(FileRefused):
            photo_of(content)
    with pytest.raises(FileRefused, match="兼容性最佳"):
        photo_of(heic)


def attached(desk: Desk, revision_id: UUID, *contents: bytes) -> None:
    kept = [
        desk.perform(attach_file, "binjiang01", AttachFile(revision_id, "photos", f"{number}.jpg", content)).id
        for number, content in enumerate(contents)
    ]
    view = desk.view(revision_id)
    order = Save(revision_id, view.version, view.values, view.children, {"photos": kept})
    desk.perform(acts(KIND).save, "binjiang01", order)


def test_a_photo_of_another_month_is_pointed_out(desk: Desk, site: Site, land: Land) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=32)
    begun = desk.begin(site.project, report("2027-01"), {"works": [line(unit)]})
    attached(desk, begun.revision_id, picture(40))
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    later = desk.begin(site.project, report("2027-02"), {"works": [line(unit)]})
    attached(desk, later.revision_id, picture(40), picture(120, "2027:01:20 10:00:00"))
    with pytest.raises(Rejected) as refused:
        desk.submit(later.revision_id)
    words = [one.message for one in refused.value.findings if one.code == "PRG-10"]
    assert any("与2027-01的照片相同" in one for one in words)
    assert any("拍摄于2027-01-20" in one for one in words)
    photos = land.market.world.read(lambda work: work.session.exec(select(ProgressPhoto)).all())
    assert len({photo.attachment_id for photo in photos}) == len(photos)


def test_a_work_under_construction_without_a_photo_is_pointed_out(desk: Desk, site: Site) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=32)
    begun = desk.begin(site.project, report("2027-01"), {"works": [line(unit)]})
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    (missing,) = [one for one in refused.value.findings if one.code == "PRG-10"]
    assert "照片" in missing.message
    attached(desk, begun.revision_id, picture(40))
    desk.submit(begun.revision_id)


def test_a_program_named_like_a_photo_is_not_taken(desk: Desk, site: Site) -> None:
    begun = desk.begin(site.project, report("2027-01"), {"works": []})
    with pytest.raises(Refusal):
        desk.perform(attach_file, "binjiang01", AttachFile(begun.revision_id, "photos", "a.jpg", b"MZ" + b"\0" * 300))

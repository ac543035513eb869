"""Photos of a building site in the demo: last month's report with photos, this month's waiting for its reviewer (row 74)."""

import io
import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw
from sqlmodel import col, select

from deploy.demo.stories import caller_named, left_out
from models.progress import ProgressLine, ProgressPhoto, ProgressReport
from models.records import InForceState, Revision
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import SHANGHAI
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, Save, StartUpdate, Submit
from services.engine.door import Door
from services.engine.findings import Severity
from services.engine.work import Work
from services.records.attachments import AttachFile, attach_file

KIND = "progress_report"
_MAKER, _ADMIN, _REVIEWER = "binjiang01", "binjiang_admin", "pdshen01"
_REASON = "现场核对无误，予以说明"
_WIDTH, _HEIGHT = 1600, 1200


def load_site_photos(door: Door) -> None:
    """Add photos to the last report of a project and send the next month's in, once."""
    with left_out("现场照片"):
        if door.look(SYSTEM, lambda work: work.has(ProgressPhoto)):
            return
        maker = caller_named(door, _MAKER)
        last = door.look(maker, _last_report)
        if last is None:
            return
        report_id, month = last
        floors = door.look(maker, lambda work: _floors(work, report_id))
        earlier = [drawn(floors + number, number, _taken(month, 8 + number * 5)) for number in range(4)]
        begun = door.perform(acts(KIND).update, maker, StartUpdate(report_id, "补充现场照片"))
        _attach(door, maker, begun.revision_id, earlier, {})
        _submit(door, begun.revision_id)
        version = door.look(SYSTEM, lambda work: work.only(Revision.version, Revision.id == begun.revision_id))
        order = Decide(begun.revision_id, version, "照片清晰，与填报一致")
        door.perform(acts(KIND).approve, caller_named(door, _REVIEWER), order)
        following = acts(KIND).next_period
        assert following is not None
        later = door.perform(following, maker, report_id)
        today = door.clock.today()
        photos = [
            drawn(floors + 2 + number, number, datetime.combine(today, time(9, 10 + number), SHANGHAI))
            for number in range(3)
        ]
        # One is last month's: the reviewer sees that.
        _attach(door, maker, later.revision_id, [*photos, earlier[1]], {"invested_period": "12000000.00"})
        _submit(door, later.revision_id)


def _last_report(work: Work) -> tuple[UUID, str] | None:
    row = work.first(
        work.visible(ProgressReport),
        ProgressReport.in_force == InForceState.EFFECTIVE,
        by=(col(ProgressReport.period).desc(), ProgressReport.record_no),
    )
    return (row.id, row.period) if row is not None else None


def _floors(work: Work, report_id: UUID) -> int:
    done = work.session.exec(select(ProgressLine.floors_done).where(ProgressLine.record_id == report_id)).all()
    return max(done, default=6)


def _attach(door: Door, maker: Caller, revision_id: UUID, photos: Sequence[bytes], change: Mapping[str, Any]) -> None:
    kept = [
        door.perform(attach_file, maker, AttachFile(revision_id, "photos", f"IMG_{number:04d}.jpg", content)).id
        for number, content in enumerate(photos, 1)
    ]
    view = door.ask(acts(KIND).revision, maker, revision_id)
    order = Save(revision_id, view.version, {**view.values, **change}, view.children, {"photos": kept})
    door.perform(acts(KIND).save, maker, order)


def _submit(door: Door, revision_id: UUID) -> None:
    """Submit a draft, giving a reason for each warning."""
    admin = caller_named(door, _ADMIN)
    found = door.ask(acts(KIND).trial, admin, revision_id)
    reasons = {one.code: _REASON for one in found if one.severity is Severity.WARN}
    version = door.ask(acts(KIND).revision, admin, revision_id).version
    door.perform(acts(KIND).submit, admin, Submit(revision_id, version, reasons))


def _taken(month: str, day: int) -> datetime:
    return datetime.combine(date.fromisoformat(f"{month}-{day:02d}"), time(10, 20), SHANGHAI)


def drawn(floors: int, view: int, taken: datetime) -> bytes:
    """A drawing of a building under construction with so many storeys, as a telephone would store it."""
    chance = random.Random(f"{floors} {view} {taken:%Y-%m}")  # nosec B311 # a repeatable sample  # noqa: S311
    image = Image.new("RGB", (_WIDTH, _HEIGHT), (176, 200, 222))
    pen = ImageDraw.Draw(image)
    ground = 1030 - view * 12
    # Sky by patches of cloud and houses behind: no two places of the site look alike.
    for x in range(0, _WIDTH, 160):
        for y in range(0, 640, 160):
            shade = chance.randrange(150, 226)
            pen.rectangle((x, y, x + 160, y + 160), fill=(shade - 30, shade - 6, min(shade + 26, 255)))
        height, shade = chance.randrange(240, 620), chance.randrange(96, 170)
        pen.rectangle((x, ground - height, x + 160, ground), fill=(shade, shade, shade + 12))
    pen.rectangle((0, ground, _WIDTH, _HEIGHT), fill=(142, 124, 98))
    left = chance.randrange(120, 760)
    right = left + chance.randrange(420, 640)
    step = min(44, (ground - 190) // max(floors, 1))
    for floor in range(max(floors, 1)):
        top = ground - (floor + 1) * step
        pen.rectangle((left, top, right, top + step - 6), fill=(188 - floor * 2, 184 - floor * 2, 176 - floor * 2))
        for window in range(left + 24, right - 50, 84):
            pen.rectangle((window, top + 8, window + 46, top + step - 14), fill=(84, 104, 122))
    top = ground - floors * step
    mast = right + 90
    pen.line((mast, ground, mast, top - 130), fill=(214, 148, 34), width=12)
    pen.line((mast - 420 + view * 60, top - 120, mast + 150, top - 120), fill=(214, 148, 34), width=9)
    for net in range(0, floors, 3):
        y = ground - net * step
        pen.line((left - 16, y, right + 16, y), fill=(38, 128, 92), width=5)
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, exif=exif)
    return out.getvalue()

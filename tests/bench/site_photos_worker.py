"""The work of the site photos bench: a process of its own that takes a report's photos in and tells its peak memory."""

import io
import json
import random
import resource
import sys
import time
from collections.abc import Iterator

from PIL import Image

import services.everything  # noqa: F401
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Save, Submit
from services.progress.photos import photos_beside
from services.records.attachments import AttachFile, attach_file
from tests.bench.ground import world_at
from tests.land import Land
from tests.market import market
from tests.site import Site

KIND, PHOTOS = "progress_report", 60
_WIDE, _HIGH = 4_000, 3_000


def photos() -> Iterator[bytes]:
    """Photos of twelve megapixels and about 4 MB, each another."""
    chance = random.Random(74)
    for number in range(PHOTOS):
        grain = Image.effect_noise((_WIDE // 4, _HIGH // 4), 55 + number / 4).resize((_WIDE, _HIGH)).convert("RGB")
        for _ in range(12):
            x, y = chance.randrange(_WIDE - 400), chance.randrange(_HIGH - 400)
            colour = tuple(chance.randrange(256) for _ in range(3))
            grain.paste(colour, (x, y, x + 400, y + 300))
        out = io.BytesIO()
        grain.save(out, "JPEG", quality=92)
        yield out.getvalue()


def main(url: str) -> None:
    with world_at(url, houses=False) as world:
        world.stand_at(2027, 3, 1)
        land = Land(market(world))
        site = Site.begun(land)
        unit = site.unit(site.permit(site.planning()), "1#", floors_above=18)
        maker, admin = land.market.caller("binjiang01"), land.market.caller("binjiang_admin")
        line = {
            "unit_engineering_id": str(unit),
            "visual_progress": "4",
            "floors_done": 3,
            "percent": 10,
            "status": "NORMAL",
        }
        values = {
            "period": "2027-02",
            "report_on": "2027-03-01",
            "invested_period": "1000000.00",
            "invested_cum": "1000000.00",
        }
        begun = world.door.perform(acts(KIND).begin, maker, Begin(site.project, values, {"works": [line]}))
        idle, seconds, size, kept = _megabytes(), 0.0, 0, []
        for number, content in enumerate(photos()):
            size += len(content)
            started = time.perf_counter()
            order = AttachFile(begun.revision_id, "photos", f"IMG_{number}.jpg", content)
            kept.append(world.door.perform(attach_file, maker, order).id)
            seconds += time.perf_counter() - started
        started = time.perf_counter()
        view = world.door.ask(acts(KIND).revision, maker, begun.revision_id)
        saved = world.door.perform(
            acts(KIND).save,
            maker,
            Save(begun.revision_id, view.version, view.values, view.children, {"photos": kept}),
        )
        world.door.perform(acts(KIND).submit, admin, Submit(begun.revision_id, saved.version))
        seen = world.door.ask(photos_beside, land.market.caller("pdshen01"), begun.revision_id)
        assert len(seen.photos) == PHOTOS, len(seen.photos)
        seconds += time.perf_counter() - started
    told = {
        "seconds": seconds,
        "cpu": time.process_time(),
        "idle": idle,
        "peak": _megabytes(),
        "size": size / PHOTOS / 1e6,
    }
    sys.stdout.write(json.dumps(told) + "\n")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])

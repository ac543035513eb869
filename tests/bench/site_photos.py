"""A progress report with sixty photos of 4 MB: taken in, made small, judged and submitted, and what memory it takes (row 74)."""

import argparse
import io
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from PIL import Image

from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, told
from tests.land import Land
from tests.market import market
from tests.site import Site
from tests.world import World

PHOTOS, MOST_SECONDS, MOST_MEGABYTES = 60, 20.0, 400.0
_WIDE, _HIGH = 4_000, 3_000


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    with TemporaryDirectory() as folder:
        size = _taken(Path(folder)) / PHOTOS / 1e6
        for engine in [arguments.engine] if arguments.engine else ENGINES:
            with ground.passing(engine) as url, world_at(url, houses=False) as world:
                world.stand_at(2027, 3, 1)
                figures += [told(one) for one in _measure(engine, url, world, folder, size)]
    return figures


def _measure(engine: str, url: str, world: World, folder: str, size: float) -> Sequence[Figure]:
    revision = str(_draft(world))
    systems, now = json.dumps(world.simulators.urls()), world.door.clock.now().isoformat()
    command = [sys.executable, "-m", "tests.bench.site_photos_worker", url, systems, folder, revision, now]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return (
        Figure(
            f"a report with {PHOTOS} photos of {size:.1f} MB, begun to submitted, {engine}",
            f"{found['seconds']:.1f} s, {found['cpu']:.1f} s of processor time",
            f"{found['cpu'] / PHOTOS * 1000:.0f} ms a photo",
            "",
            f"< {MOST_SECONDS:.0f} s",
            found["seconds"] < MOST_SECONDS,
        ),
        Figure(
            f"peak memory of the process that takes them in, {engine}",
            f"{found['peak']:.0f} MB",
            f"before the first photo {found['idle']:.0f} MB",
            "",
            f"< {MOST_MEGABYTES:.0f} MB",
            found["peak"] < MOST_MEGABYTES,
        ),
    )


def _draft(world: World) -> UUID:
    """Begin a month's report of a project with one unit work."""
    land = Land(market(world))
    site = Site.begun(land)
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=18)
    progress = {"visual_progress": "4", "floors_done": 3, "percent": 10, "status": "NORMAL"}
    sums = {"invested_period": "1000000.00", "invested_cum": "1000000.00"}
    order = Begin(
        site.project,
        {"period": "2027-02", "report_on": "2027-03-01", **sums},
        {"works": [{"unit_engineering_id": str(unit), **progress}]},
    )
    begun: Begun = world.door.perform(acts("progress_report").begin, land.market.caller("binjiang01"), order)
    return begun.revision_id


def _taken(folder: Path) -> int:
    """Store photos of twelve megapixels and about 4 MB, each another; return how many bytes they are together."""
    chance, size = random.Random(74), 0
    for number in range(PHOTOS):
        grain = Image.effect_noise((_WIDE // 4, _HIGH // 4), 55 + number / 4).resize((_WIDE, _HIGH)).convert("RGB")
        for _ in range(12):
            x, y = chance.randrange(_WIDE - 400), chance.randrange(_HIGH - 400)
            colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
            grain.paste(colour, (x, y, x + 400, y + 300))
        out = io.BytesIO()
        grain.save(out, "JPEG", quality=92)
        size += (folder / f"IMG_{number:03}.jpg").write_bytes(out.getvalue())
    return size

"""A handbook with 300 planned buildings and 2,000 photos, compiled and drawn by a worker (row 77). Processor time and memory."""

import argparse
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PIL import Image

from deploy.demo.kept import put_kept
from models.documents import Attachment, FileState
from models.progress import ProgressPhoto
from models.projects import Project
from models.records import Revision, RevisionFile
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.engine.kinds import Owner
from services.engine.work import Work
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, told
from tests.land import Land
from tests.market import market
from tests.services.handbook.hands import many_buildings
from tests.world import World

PHOTOS, MOST_SECONDS, MOST_MEGABYTES = 2_000, 60.0, 500.0


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            world.stand_at(2027, 3, 1)
            figures += [told(one) for one in _measure(engine, url, world)]
    return figures


def _measure(engine: str, url: str, world: World) -> Sequence[Figure]:
    land = Land(market(world))
    project = land.project("P-1")
    world.stand_at(2027, 3, 2)
    world.act(lambda work: many_buildings(work, project))
    world.act(lambda work: _photos(work, project))
    world.stand_at(2027, 3, 3)
    systems, now = json.dumps(world.simulators.urls()), world.door.clock.now().isoformat()
    command = [sys.executable, "-m", "tests.bench.handbook_worker", url, systems, str(project), now]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    same = found["first"] == found["second"]
    return (
        Figure(
            f"handbook with 300 planned buildings and {PHOTOS:,} photos, compiled and drawn, {engine}",
            f"{found['cpu']:.1f} s of processor time, {found['seconds']:.1f} s",
            f"{found['size'] / 1e6:.1f} MB, {found['pages']} pages; drawn again {'the same' if same else 'ANOTHER'} digest",
            "",
            f"< {MOST_SECONDS:.0f} s, one digest",
            found["cpu"] < MOST_SECONDS and same,
        ),
        Figure(
            f"peak memory of the worker, {engine}",
            f"{found['peak']:.0f} MB",
            f"of its own before it {found['idle']:.0f} MB",
            "",
            f"< {MOST_MEGABYTES:.0f} MB",
            found["peak"] < MOST_MEGABYTES,
        ),
    )


def _photos(work: Work, project: UUID) -> None:
    """Let a record of the project cite photos as the intake keeps them: with thumbnails of their own."""
    values = {
        "permit_no": "地字第310115202700008号",
        "project_name": "测算项目",
        "land_user": "上海申浦滨江置业有限公司",
        "land_user_uscc": "91310115MAYPA0014U",
        "location": "花木街道",
        "land_use": "住宅用地",
        "land_area_text": "10000平方米",
        "land_area_total": "10000.00",
        "scale_text": "20000平方米",
        "issuer": "上海市浦东新区规划和自然资源局",
        "issued_on": "2027-02-01",
    }
    row = put_kept(work, "land_planning_permit", values, Owner.of(work.session.get_one(Project, project)))
    revision: Any = work.first(Revision, Revision.record_id == row.id)
    for number in range(PHOTOS):
        picture = _picture(number)
        one = Attachment(
            category="照片",
            file_name=Sealed.of_json(f"现场{number:04}.jpg"),
            media_type="image/jpeg",
            size=len(picture),
            digest=sm3_hex(picture),
            content=b"",
            district_code="310115",
            state=FileState.CLEAN,
        )
        one.content = work.sealer.seal_file(picture, str(one.id))
        work.add(one)
        thumbnail = work.sealer.seal_file(picture, str(one.id))
        photo: dict[str, Any] = {
            "project_id": project,
            "digest": one.digest,
            "likeness": f"{number:016x}",
            "width": 320,
            "height": 240,
        }
        work.add(ProgressPhoto(attachment_id=one.id, thumbnail=thumbnail, kept_at=work.now, **photo))
        work.add(RevisionFile(revision_id=revision.id, attachment_id=one.id, slot="scan", place=number))


def _picture(number: int) -> bytes:
    """A photo of its own of 320 by 240 pixels, about as large as a thumbnail of a site is."""
    noise = Image.effect_noise((320, 240), 20 + number % 9).convert("RGB")
    noise.paste((number % 256, number // 256, 90), (0, 0, 8, 8))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=60)
    return out.getvalue()

"""The work of the site photos bench: a process of its own that takes a report's photos in and tells its peak memory."""

import json
import resource
import sys
import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

import services.everything  # noqa: F401
from deploy.demo.stories import caller_named
from services.engine.cycle import acts
from services.engine.cycle_orders import Save, Submit
from services.engine.door import Door
from services.progress.photos import photos_beside
from services.records.attachments import AttachFile, attach_file
from tests.bench.ground import house_at

KIND = "progress_report"


def main(url: str, systems: str, folder: str, revision: str, now: str) -> None:
    door, revision_id = Door(house_at(url, json.loads(systems))), UUID(revision)
    door.clock.stand_at(datetime.fromisoformat(now))
    maker, admin, reviewer = (caller_named(door, login) for login in ("binjiang01", "binjiang_admin", "pdshen01"))
    door.ask(acts(KIND).revision, maker, revision_id)
    idle, started, processor = _megabytes(), time.perf_counter(), time.process_time()
    kept = [
        door.perform(attach_file, maker, AttachFile(revision_id, "photos", file.name, file.read_bytes())).id
        for file in sorted(Path(folder).glob("*.jpg"))
    ]
    view = door.ask(acts(KIND).revision, maker, revision_id)
    order = Save(revision_id, view.version, view.values, view.children, {"photos": kept})
    saved = door.perform(acts(KIND).save, maker, order)
    door.perform(acts(KIND).submit, admin, Submit(revision_id, saved.version))
    seen = door.ask(photos_beside, reviewer, revision_id)
    assert len(seen.photos) == len(kept), len(seen.photos)
    told = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - processor}
    sys.stdout.write(json.dumps({**told, "idle": idle, "peak": _megabytes()}) + "\n")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The work of the handbook bench: a process of its own that compiles and draws, and tells its peak memory."""

import io
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf

import services.everything  # noqa: F401
from deploy.demo.stories import caller_named
from models.sealing import sm3_hex
from services.engine.door import Door
from services.handbook.paper import handbook_pdf
from services.handbook.versions import compile_handbook
from tests.bench.ground import house_at


def main(url: str, systems: str, project: str, now: str) -> None:
    door = Door(house_at(url, json.loads(systems)))
    door.clock.stand_at(datetime.fromisoformat(now))
    caller = caller_named(door, "binjiang_admin")
    idle, started, processor = _megabytes(), time.perf_counter(), time.process_time()
    version = door.perform(compile_handbook, caller, UUID(project))
    content = handbook_pdf(door, caller, version)
    told: dict[str, Any] = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - processor,
        "peak": _megabytes(),
    }
    told |= {"idle": idle, "size": len(content), "first": sm3_hex(content)}
    del content
    again = handbook_pdf(door, caller, version)
    sys.stdout.write(json.dumps({**told, "second": sm3_hex(again), "pages": _pages(again)}) + "\n")


def _pages(content: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(content)).pages)


def _megabytes() -> float:
    """The peak of this process itself: the system's own count begins with that of the process that started it."""
    peak = next(line for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if "VmHWM" in line)
    return int(peak.split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])

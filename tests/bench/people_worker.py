"""The workers of the bench `people`: one makes an approved export, another hands it out; each tells time and memory it needed."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlmodel import select

from models.access import Account
from models.privacy import ExportRequest
from services.access.sessions import caller_of
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.work import Work
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.export_files import make_export
from tests.bench.ground import house_at


def make(door: Door, row: ExportRequest) -> int:
    """Make the file; gives its size."""
    assert door.perform(make_export, SYSTEM, row.id)
    return _row(door, row.id).size


def fetch(door: Door, row: ExportRequest) -> int:
    """Hand the file out as the web process does; gives how many bytes left."""

    def requester(work: Work) -> Caller:
        account = work.session.exec(select(Account).where(Account.id == row.account_id)).one()
        return caller_of(work.session, account, "bench", "127.0.0.1", work.today)

    file = door.ask(download_export, door.look(SYSTEM, requester), DownloadExport(row.id))
    return sum(len(part) for part in file.read())


#: What a worker does, by its name.
ACTS: dict[str, Callable[[Door, ExportRequest], int]] = {"make": make, "fetch": fetch}


def main(name: str, url: str, request_id: UUID) -> None:
    # Nothing outside is asked for a list.
    door = Door(house_at(url))
    row = _row(door, request_id)
    started = time.perf_counter()
    size = ACTS[name](door, row)
    seconds = time.perf_counter() - started
    told = {"seconds": seconds, "peak_mb": _peak_mb(), "rows": _row(door, request_id).rows, "bytes": size}
    print(json.dumps(told))


def _row(door: Door, request_id: UUID) -> ExportRequest:
    def read(work: Work) -> Any:
        return work.session.exec(select(ExportRequest).where(ExportRequest.id == request_id)).one()

    return cast(ExportRequest, door.look(SYSTEM, read))


def _peak_mb() -> float:
    """The most this process ever had in memory; `ru_maxrss` would begin with what its parent had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], UUID(sys.argv[3]))

"""The workers of the bench `people`: one makes an approved export, one hands it out, one only writes; each tells what it needed."""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlmodel import select

from models.access import Account
from models.privacy import ExportMedia, ExportRequest
from services.access.sessions import caller_of
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.sheets import stream_csv, stream_xlsx
from services.engine.work import Work
from services.files.pieces import PiecesAside
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.export_files import make_export
from services.privacy.listings import listing_of
from tests.bench.ground import house_at
from tests.bench.measure import spent_with_server
from tests.bench.sampler import sampled


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


def alone(door: Door, row: ExportRequest) -> int:
    """Write and seal as many lines that are ready, so that nothing but the writer is paid for; gives the file's size."""
    listing, file = listing_of(row.listing), PiecesAside(door.house.sealer)
    lines = ([*_READY, f"{number:08d}"] for number in range(row.rows))
    if row.media is ExportMedia.XLSX:
        stream_xlsx(file, listing.label, listing.columns, lines)
    else:
        stream_csv(file, listing.columns, lines)
    file.finish()
    return file.size


#: A line of the list but for its last cell, which makes it another each time.
_READY = (
    "SH2600000010",
    "张*",
    "居民身份证",
    "P*******1",
    "138****0001",
    "租赁顾问",
    "居间代理",
    "门店1",
    date(2026, 1, 1),
    "上海名册其余有限公司",
    "已激活",
    "",
    date(2026, 2, 1),
    date(2026, 2, 2),
    None,
)
#: What a worker does, by its name.
ACTS: dict[str, Callable[[Door, ExportRequest], int]] = {"make": make, "fetch": fetch, "alone": alone}


def main(name: str, url: str, request_id: UUID) -> None:
    # Nothing outside is asked for a list.
    door = Door(house_at(url))
    row = _row(door, request_id)
    clock = spent_with_server(url)
    began = clock()
    with sampled(f"people_{name}"):
        size = ACTS[name](door, row)
    told = {"computed": clock() - began, "peak_mb": _peak_mb(), "rows": _row(door, request_id).rows, "bytes": size}
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

"""The worker of the bench `people`: makes one approved export and tells how long it took and what memory it needed."""

import json
import resource
import sys
import time
from typing import cast
from uuid import UUID

from sqlmodel import select

from models.dialect import Database
from models.privacy import ExportRequest
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.ports.systems import Systems
from services.privacy.export_files import make_export
from tests.bench.ground import bind_keys


def main(url: str, request_id: UUID) -> None:
    bind_keys()
    database = Database(url)
    # Nothing outside is asked for a list.
    door = Door(database, cast(Systems, None))
    started = time.perf_counter()
    assert door.perform(make_export, SYSTEM, request_id)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = door.look(
        SYSTEM, lambda work: work.session.exec(select(ExportRequest).where(ExportRequest.id == request_id)).one()
    )
    told = {"seconds": seconds, "peak_mb": peak, "rows": row.rows, "bytes": len(row.content or b"")}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], UUID(sys.argv[2]))

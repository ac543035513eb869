"""Stored files: each still opens under its key and is what its row says (f1, D19)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

import models.tables  # noqa: F401
from models.integrity import FaultKind
from models.sealing import CryptoError, Sealer, sealer_of, sm3_hex
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.integrity.nightly_scan import Fault, TellFaults, tell_faults

_BATCH = 50


def kept_files() -> list[sa.Table]:
    """The tables that keep sealed files beside their digests."""
    return [
        table
        for table in SQLModel.metadata.sorted_tables
        if {"content", "digest"} <= set(table.columns.keys()) and isinstance(table.c.content.type, sa.LargeBinary)
    ]


def scan_contents(session: Session) -> tuple[int, list[Fault]]:
    """Return how many files were opened, and those that are not what they were."""
    seen, faults = 0, []
    for table in kept_files():
        for row in _files(session, table):
            seen += 1
            if not _is_whole(sealer_of(session), row["id"], row["content"], row["digest"]):
                faults.append(Fault(table.name, str(row["id"]), FaultKind.CHANGED))
    return seen, faults


def _files(session: Session, table: sa.Table) -> Iterator[Any]:
    last = None
    while True:
        wanted = sa.select(table.c.id, table.c.content, table.c.digest).where(table.c.content.is_not(None))
        wanted = wanted.order_by(table.c.id).limit(_BATCH)
        rows = session.connection().execute(wanted if last is None else wanted.where(table.c.id > last)).mappings()
        found = rows.all()
        yield from found
        if len(found) < _BATCH:
            return
        last = found[-1]["id"]


def _is_whole(sealer: Sealer, row_id: UUID, content: bytes, digest: str) -> bool:
    try:
        return sm3_hex(sealer.open_file(bytes(content), str(row_id))) == digest
    except CryptoError:
        return False


@job("integrity.files", "重要文件完整性检查", at="03:30")
def check_files(door: Door) -> int:
    """Open every stored file and lock the rows of those that are broken; the number of faults."""
    with door.database.read() as session:
        seen, faults = scan_contents(session)
    door.perform(tell_faults, SYSTEM, TellFaults(seen, tuple(faults)))
    door.locked.look()
    return len(faults)

"""Making a backup while the product runs: one snapshot, every row, sealed as it is written, signed, proven whole (D21)."""

import gzip
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from models.dialect import Database
from models.operations import Backup
from models.sealing import Sealer, Sm3
from services.engine.audit import CHAIN
from services.engine.clock import system_now
from services.engine.house import House
from services.operations.archive import FILE_ID, KIND, VERSION, archived_tables, canonical, keys_in, lines_of
from services.ports.crypto import Crypto

SUFFIX, UNFINISHED = ".shfb", ".part"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Made:
    """A complete backup on the disk that is not logged yet."""

    file: Path
    row: Backup


def make_backup(house: House, target: Path) -> Made:
    """Write a backup to a file, or into a folder under a name of its own; nothing half made carries the final name."""
    began = system_now()
    file = target / f"shenfang-{began:%Y%m%d-%H%M%S-%f}-{os.getpid()}{SUFFIX}" if target.is_dir() else target
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=file.parent) as spool:
        # An unnamed file: a killed process leaves nothing of it behind.
        manifest = _spool(house.crypto, house.database, spool)
        sm3, size = _seal(house.sealer, spool, file)
    row = Backup(
        file_name=file.name[:120],
        made_at=system_now(),
        size=size,
        file_sm3=sm3,
        row_count=sum(told["rows"] for told in manifest["tables"].values()),
        audit_seq=manifest["audit"]["seq"],
        audit_hash=manifest["audit"]["hash"],
        seconds=int((system_now() - began).total_seconds()),
    )
    return Made(file, row)


def _spool(crypto: Crypto, database: Database, spool: BinaryIO) -> dict[str, Any]:
    """The archive in clear, compressed: header, tables, signed manifest."""
    manifest: dict[str, Any] = {"kind": KIND, "v": VERSION, "tables": {}}
    keys: set[str] = set()
    with gzip.GzipFile(fileobj=spool, mode="wb", compresslevel=4, mtime=0) as packed:

        def say(line: str | bytes) -> None:
            packed.write((line.encode() if isinstance(line, str) else line) + b"\n")

        with database.snapshot() as connection:
            manifest["revision"] = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            manifest["audit"] = _audit_head(connection)
            manifest["made_at"] = system_now().isoformat(timespec="seconds")
            say(canonical({name: manifest[name] for name in ("kind", "v", "revision", "made_at")}))
            for table in archived_tables():
                say(canonical({"table": table.name, "columns": [column.name for column in table.columns]}))
                digest, count = Sm3(), 0
                for line, values in lines_of(connection, table):
                    keys |= keys_in(line, values)
                    digest.update(line.encode() + b"\n")
                    say(line)
                    count += 1
                manifest["tables"][table.name] = {"rows": count, "sm3": digest.hex()}
        manifest["keys"] = sorted(keys)
        # The snapshot is closed: signing may go over a network.
        signature = crypto.sign("sig.audit", canonical(manifest))
        say(canonical({"manifest": manifest, "kid": signature.kid, "sig": signature.sig_b64}))
    spool.seek(0)
    return manifest


def _audit_head(connection: sa.Connection) -> dict[str, Any]:
    head = connection.execute(sa.text("SELECT seq, hash FROM audit_head WHERE chain = :chain"), {"chain": CHAIN}).one()
    return {"seq": int(head.seq), "hash": str(head.hash)}


def _seal(sealer: Sealer, spool: BinaryIO, file: Path) -> tuple[str, int]:
    """Seal into an unfinished file, read it back, and only then give it its name."""
    unfinished = file.with_name(file.name + UNFINISHED)
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "r+b") as sealed:
        sealer.seal_stream(spool, sealed, FILE_ID)
        sealed.flush()
        os.fsync(sealed.fileno())
        sealed.seek(0)
        with Path(os.devnull).open("wb") as nowhere:
            sealer.open_stream(sealed, nowhere, FILE_ID)
        sealed.seek(0)
        digest, size = Sm3(), 0
        while chunk := sealed.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    unfinished.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return digest.hex(), size


@contextmanager
def opened(sealer: Sealer, file: Path) -> Iterator[Iterator[str]]:
    """The lines of a backup, every byte of it proven first."""
    with tempfile.TemporaryFile(dir=file.parent) as plain, file.open("rb") as sealed:
        sealer.open_stream(sealed, plain, FILE_ID)
        plain.seek(0)
        with gzip.GzipFile(fileobj=plain, mode="rb") as packed:
            yield (line.decode().rstrip("\n") for line in packed)


def manifest_of(crypto: Crypto, line: str) -> dict[str, Any]:
    """The manifest in the last line, whose signature is proven, or `ValueError`."""
    told = json.loads(line)
    if not crypto.verify(told["kid"], canonical(told["manifest"]), told["sig"]):
        raise ValueError("the manifest is not signed by us")
    manifest: dict[str, Any] = told["manifest"]
    return manifest

"""Versions of the data catalogue: a new one is logged, and its digest goes to the evidence sink (上链)."""

from dataclasses import dataclass
from functools import cache

from sqlmodel import col, select

from models.access import Role
from models.audit import AuditEvent
from models.sealing import sm3_hex
from services.catalogue.entries import as_json, catalogue
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.work import Work

ACT = "catalogue.version"


@dataclass(frozen=True)
class Version:
    """The catalogue as this release declares it: the SM3 of its JSON, and how much it holds. No personal datum is in it."""

    sm3: str
    tables: int
    columns: int


@cache
def version_here() -> Version:
    """The version of this release, which does not change while a process runs; each night asks for it."""
    entries = catalogue()
    return Version(sm3_hex(as_json(entries).encode()), len({entry.table for entry in entries}), len(entries))


def last_told(work: Work) -> str:
    """Return the digest of the version last logged, or ""."""
    told = select(AuditEvent.object_id).where(AuditEvent.event == "CFG.CHANGE", AuditEvent.act == ACT)
    return work.session.exec(told.order_by(col(AuditEvent.seq).desc()).limit(1)).first() or ""


@action("catalogue.tell_version", "登记数据编目版本", roles={Role.SYSTEM}, event="")
def tell_version(work: Work, order: Version) -> None:
    detail = {"tables": order.tables, "columns": order.columns}
    work.trail.tell("CFG.CHANGE", ACT, kind="catalogue", object_id=order.sm3, digest=order.sm3, detail=detail)


@job(ACT, "登记数据编目版本", at="04:40")
def keep_version(door: Door) -> int:
    """Log a new version of the catalogue after its digest has gone out, so that a failure is retried."""
    version = version_here()
    if door.look(SYSTEM, last_told) == version.sm3:
        return 0
    if (sink := door.house.evidence) is not None:
        sink.put("catalogue", version.sm3, {"tables": version.tables, "columns": version.columns})
    door.perform(tell_version, SYSTEM, version)
    return 1

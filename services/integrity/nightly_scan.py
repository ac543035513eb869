"""The nightly scan: every row fits its MAC, every object has its last audited version (H65, H67, decision 16)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, func, select

import models.tables  # noqa: F401
from models.access import Role
from models.audit import AuditEvent
from models.details import Place, Sum, is_counted, owner_column, owners_of, place_of, sums_in, weight
from models.integrity import CarriedState, FaultKind
from models.remac import stored_rows, tables_with_rows
from models.row_mac import digest_of, fits, is_protected, keeps_ledger
from models.sealing import sealer_of
from services.engine.audit import CHAIN
from services.engine.callers import SYSTEM
from services.engine.details import TALLIES, details_fit
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.ledger import SHORT, days_in, newest_told, rows_in, state_in
from services.engine.locked_rows import lock_row
from services.engine.registry import action
from services.engine.work import Work
from services.integrity.address_cuts import CUTS, wrong_cuts

CARRIED: sa.Table = CarriedState.__table__  # type: ignore[attr-defined]
_BATCH = 5_000


@dataclass(frozen=True)
class Fault:
    """A row that is not as the product wrote it; `said` names what of it."""

    table: str
    row_id: str
    kind: FaultKind
    said: str = ""


@dataclass(frozen=True)
class Found:
    """Result of a scan: number of rows, and faults."""

    rows: int
    faults: tuple[Fault, ...]


#: Version and digest last logged of each object, by table and id; the version is None for a deleted one.
Told = dict[tuple[str, str], tuple[int | None, str]]
#: Number and sum of rows, by table and what they are counted with.
Sums = dict[tuple[str, Place], Sum]


def scan(session: Session) -> Found:
    """Look at every protected row, and compare every object with the audit."""
    rows, faults = 0, list[Fault]()
    # Before anything else is read: whatever is written from here on is left for the next night, wherever the scan is.
    seq = _newest(session)
    counted: Sums = {}
    told_before = last_told(session, days=counted)
    found: Sums = {}
    spoilt: set[tuple[str, Place]] = set()
    protected = [one for one in SQLModel.metadata.sorted_tables if is_protected(one)]
    there = tables_with_rows(session.connection(), protected)
    for table in (one for one in protected if one.name in there):
        unreadable: list[UUID] = []
        for row in stored_rows(session.connection(), table, unreadable=unreadable.append):
            rows += 1
            told = told_before.pop((table.name, str(row["id"])), None)
            if is_counted(table):
                _add(found, (table.name, place_of(table, row)), Sum(1, weight(row["mac"])))
            if not fits(sealer_of(session), table, row):
                faults.append(Fault(table.name, str(row["id"]), FaultKind.CHANGED))
                if is_counted(table):
                    spoilt.add((table.name, place_of(table, row)))
            elif (
                keeps_ledger(table) and (kind := _against(told, int(row["version"]), digest_of(table, row))) is not None
            ):
                faults.append(Fault(table.name, str(row["id"]), kind))
            elif table is TALLIES:
                counted |= {(name, row["id"]): one for name, one in sums_in(row["tallies"]).items()}
        rows += len(unreadable)
        for row_id in unreadable:
            told_before.pop((table.name, str(row_id)), None)
            faults.append(Fault(table.name, str(row_id), FaultKind.CHANGED))
    faults += [
        Fault(table, row_id, FaultKind.MISSING) for (table, row_id), told in told_before.items() if told[0] is not None
    ]
    cut = [Fault(CUTS.name, str(house_id), FaultKind.DETAILS) for house_id in sorted(wrong_cuts(session))]
    later = _changed_since(session, seq)
    faults += (fault for fault in cut if ("house", fault.row_id) not in later)
    faults += _miscounted(session, counted, found, later, spoilt)
    # What was written meanwhile says nothing of its object either.
    certain = _without(faults, later)
    return Found(rows, _without([*certain, *_uncounted(session, certain)], later))


def _add(sums: Sums, key: tuple[str, Place], change: Sum) -> None:
    sums[key] = sums.get(key, Sum()).plus(change)


def _miscounted(
    session: Session, counted: Sums, found: Sums, later: set[tuple[str, str]], spoilt: set[tuple[str, Place]]
) -> Iterator[Fault]:
    """Yield objects whose details, and days whose rows, are not as they were counted.

    Where none is gone and one is named already for its MAC, that is all there is to say.
    """
    for name, place in sorted(counted.keys() | found.keys(), key=str):
        told, there = counted.get((name, place), Sum()), found.get((name, place), Sum())
        if told == there or (told.number == there.number and (name, place) in spoilt):
            continue
        if isinstance(place, UUID):
            if (TALLIES.name, str(place)) not in later:
                owner = owner_of(session, SQLModel.metadata.tables[name], place)
                yield Fault(owner, str(place), FaultKind.DETAILS, f"{name}{_difference(told, there)}")
        elif (name, place) not in later:
            day = date(1970, 1, 1) + timedelta(days=int(place))
            yield Fault(name, str(id_of_day(name, place)), FaultKind.DETAILS, f"{day}{_difference(told, there)}")


def _uncounted(session: Session, faults: Sequence[Fault]) -> list[Fault]:
    """The objects whose tally is gone or wrong, lest they be opened with whatever details are left."""
    tables = {name for table in SQLModel.metadata.sorted_tables if owner_column(table) for name in owners_of(table)}
    found = []
    for fault in faults:
        for name in sorted(tables) if fault.table == TALLIES.name else ():
            table = SQLModel.metadata.tables[name]
            if session.connection().scalar(sa.select(table.c.id).where(table.c.id == UUID(fault.row_id))):
                found.append(Fault(name, fault.row_id, FaultKind.DETAILS, TALLIES.name))
    return found


def _difference(told: Sum, found: Sum) -> str:
    if found.number == told.number:
        return "内容不符"
    return f"少{told.number - found.number}条" if found.number < told.number else f"多{found.number - told.number}条"


def id_of_day(table: str, day: str) -> UUID:
    """The id a fault names where rows of a day are not as counted."""
    return uuid5(NAMESPACE_OID, f"{table}/{day}")


def owner_of(session: Session, detail: sa.Table, owner_id: UUID) -> str:
    """The table an owner of details is in; the first it may be in where it is gone."""
    names = owners_of(detail)
    for name in names:
        table = SQLModel.metadata.tables[name]
        if session.connection().scalar(sa.select(table.c.id).where(table.c.id == owner_id)) is not None:
            return name
    return names[0]


def _against(told: tuple[int | None, str] | None, version: int, digest: str) -> FaultKind | None:
    if told is None or told[0] is None:
        return FaultKind.UNKNOWN
    if version < told[0]:
        return FaultKind.OLDER
    if version > told[0] or told[1] != digest[:SHORT]:
        return FaultKind.CHANGED
    return None


def is_as_told(session: Session, table: sa.Table, row: Mapping[str, Any]) -> bool:
    """Return whether an object has its last audited version."""
    if not keeps_ledger(table):
        return True
    told = newest_told(session, table.name, row["id"])
    return _against(told, int(row["version"]), digest_of(table, row)) is None


def tally_is_whole(session: Session, owner: str, owner_id: UUID) -> bool:
    """Return whether an object has the details that the audit has last."""
    tally = next(iter(stored_rows(session.connection(), TALLIES, only=owner_id)), None)
    if tally is not None:
        return is_as_told(session, TALLIES, tally) and details_fit(session, owner, owner_id)
    told = newest_told(session, TALLIES.name, owner_id)
    return (told is None or told[0] is None) and details_fit(session, owner, owner_id)


def day_fits(session: Session, table: sa.Table, fault_id: UUID) -> bool:
    """Return whether the rows of the day a fault is about are those that were counted."""
    counted: Sums = {}
    last_told(session, days=counted)
    day = next((day for name, day in counted if name == table.name and id_of_day(name, str(day)) == fault_id), None)
    rows = stored_rows(session.connection(), table)
    found = Sum()
    for row in rows:
        if place_of(table, row) == day:
            found = found.plus(Sum(1, weight(row["mac"])))
    return day is not None and counted[table.name, day] == found


def last_told(session: Session, *, days: Sums | None = None, until: int | None = None) -> Told:
    """Return the last audited version of every object; `days` gets the sums of rows that are neither objects nor details.

    With `until` what it was after the event of that number.
    """
    told: Told = {}
    for row in stored_rows(session.connection(), CARRIED):
        # One that was changed past the product is a fault of its own, and says nothing.
        if not fits(sealer_of(session), CARRIED, row):
            continue
        if not row["of_day"]:
            told[row["table_name"], row["place"]] = state_in(row["state"])
        elif days is not None:
            _add(days, (row["table_name"], row["place"]), Sum.read(row["state"]))
    for event in _events(session, until):
        if days is not None:
            for table, day, change in days_in(event):
                _add(days, (table, day), change)
        for table, row_id, version, digest in rows_in(event):
            told[table, row_id] = (version, digest)
    return told


def _events(session: Session, until: int | None) -> Iterator[dict[str, Any]]:
    """Yield the events that log rows, in order."""
    seq = 0
    text = col(AuditEvent.body)
    telling = text.like('%"ver":%') | text.like('%"days":%') | (col(AuditEvent.event) == "DATA.ROWS")
    if until is not None:
        telling &= col(AuditEvent.seq) <= until
    while True:
        wanted = (
            select(AuditEvent.seq, AuditEvent.body)
            .where(AuditEvent.chain == CHAIN, AuditEvent.seq > seq, telling)
            .order_by(col(AuditEvent.seq))
            .limit(_BATCH)
        )
        found = session.exec(wanted).all()
        for _, body in found:
            yield json.loads(body)
        if len(found) < _BATCH:
            return
        seq = found[-1][0]


def _newest(session: Session) -> int:
    return session.exec(select(func.max(AuditEvent.seq)).where(AuditEvent.chain == CHAIN)).one() or 0


def _changed_since(session: Session, seq: int) -> set[tuple[str, str]]:
    """Objects and days written while the scan ran: they are looked at again the next night."""
    later = select(AuditEvent.body).where(AuditEvent.chain == CHAIN, AuditEvent.seq > seq)
    events = [json.loads(body) for body in session.exec(later).all()]
    objects = {row[:2] for event in events for row in rows_in(event)}
    return objects | {row[:2] for event in events for row in days_in(event)}


def _without(faults: list[Fault], written: set[tuple[str, str]]) -> tuple[Fault, ...]:
    seen: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        if (fault.table, fault.row_id) not in written:
            seen.setdefault((fault.table, fault.row_id), fault)
    return tuple(seen.values())


@dataclass(frozen=True)
class TellFaults:
    """Result of a scan; `rows` were examined."""

    rows: int
    faults: tuple[Fault, ...]


@action("integrity.tell", "登记完整性检查结果", roles={Role.SYSTEM}, event="INTEGRITY.CHECK")
def tell_faults(work: Work, order: TellFaults) -> int:
    """Lock every row found wrong; how many are new."""
    new = sum(lock_row(work, fault.table, UUID(fault.row_id), fault.kind, fault.said) for fault in order.faults)
    work.trail.tell(
        "INTEGRITY.CHECK",
        "integrity.tell",
        result="fail" if order.faults else "ok",
        detail={"rows": order.rows, "faults": len(order.faults), "new": new},
        severity=2 if order.faults else 6,
    )
    return new


@job("integrity.check", "重要数据完整性检查", at="02:30")
def check_rows(door: Door) -> int:
    """Scan everything and lock what is wrong; the number of faults."""
    with door.database.read() as session:
        found = scan(session)
    door.perform(tell_faults, SYSTEM, TellFaults(found.rows, found.faults))
    door.locked.look()
    return len(found.faults)

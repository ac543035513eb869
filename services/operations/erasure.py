"""The nightly erasure: expired rows of the register are deleted in portions and reported (D22, D23)."""

import logging
import shutil
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from models.access import Role
from models.details import count, is_counted, owner_column
from models.dialect import locked
from models.operations import Erasure
from models.row_mac import keeps_ledger
from services.catalogue.retention import REGISTER
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.locked_rows import end_faults
from services.engine.registry import action
from services.engine.work import Work
from services.operations.months import awaited, detach_month
from services.ports.place import Place

log = logging.getLogger("shenfang.operations")
PORTION = 2000
_TEMPORARY = timedelta(days=1)
#: PostgreSQL's state of a lock that did not come in time.
_LOCKED = "55P03"


@action("retention.erase", "到期数据清除", roles={Role.SYSTEM}, event="")
def erase(work: Work, place_in_register: int) -> int:
    """Delete one portion of what one line of the register calls over; gives how many rows went."""
    rule = REGISTER[place_in_register]
    table: sa.Table = rule.table.__table__
    connection = work.session.connection()
    told = keeps_ledger(table)
    # What a row is counted by, where it is.
    columns = [table.c[name] for name in ("id", "mac", owner_column(table)) if name in table.c]
    wanted = sa.select(*columns).where(rule.over(work), *awaited(work, table)).limit(PORTION)
    if told:
        # An object that was changed past the product stays, locked, until an administrator has put it right.
        wanted = wanted.where(table.c.id.not_in(work.locked(table.name)))
    rows = connection.execute(locked(work.session, wanted)).mappings().all()
    over = [row["id"] for row in rows]
    if not over:
        return 0
    if told:
        # Through the ORM, so that the audit logs the end of each, and none counts as missing.
        for row in work.session.exec(select(rule.table).where(rule.table.id.in_(over))).all():
            work.session.delete(row)
    else:
        connection.execute(table.delete().where(table.c.id.in_(over)))
        for row in rows if is_counted(table) else ():
            count(work.session, table, dict(row), before=row["mac"])
        end_faults(work, table.name, over, "记录到期清除，锁定随之结束")
    work.add(Erasure(at=work.at, erased_from=table.name, purpose=rule.purpose, rule=rule.kept, row_count=len(over)))
    work.trail.tell(
        "DATA.DELETE", "retention.erase", kind=table.name, detail={"purpose": rule.purpose, "rows": len(over)}
    )
    return len(over)


@job("retention.erase", "到期数据清除", at="03:20")
def erase_all(door: Door) -> int:
    """Every line of the register, then what killed processes left in the temporary folder, then the disk itself."""
    total = 0
    for number, rule in enumerate(REGISTER):
        if rule.table.__table__.info.get("by_month"):
            total += _detach_all(door, number)
        while done := door.perform(erase, SYSTEM, number):
            total += done
            if done < PORTION:
                break
    door.database.fold()
    return total + sweep_temporary(door.house.place)


def _detach_all(door: Door, number: int) -> int:
    """Detach the months of a table in parts that are over; one read for long waits for the next night."""
    total = 0
    try:
        while (gone := door.perform(detach_month, SYSTEM, number)) >= 0:
            total += gone
    except OperationalError as problem:
        if getattr(problem.orig, "sqlstate", None) != _LOCKED:
            raise
        log.warning("a month of %s is in use and stays until tomorrow", REGISTER[number].name)
    return total


def sweep_temporary(place: Place) -> int:
    """Remove what lies in the temporary folder for more than a day."""
    folder, swept = place.temp_dir, 0
    if not folder.is_dir():
        return 0
    for path in folder.iterdir():
        changed = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
        if system_now() - changed < _TEMPORARY:
            continue
        swept += 1
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return swept


@job("database.survey", "更新数据分布统计", at="03:50")
def survey(door: Door) -> None:
    """Of no record anything is changed; with PostgreSQL nothing is to do."""
    door.database.survey()

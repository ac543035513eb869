"""Months are closed on the day after their fifth of the next month: what was published of them stays (5.6, STA-03)."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import col

from models.access import Role
from models.sealing import sm3_hex
from models.supply import SupplyClosing, SupplyMonth
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.work import Work
from services.supply.kept_sums import closed_until
from services.supply.months import closing, month_of, name_of
from services.supply.sum_updates import rebuild_all_stale


@action("supply.close", "可供应量月度关账", roles={Role.SYSTEM}, event="DATA.CREATE")
def close_months(work: Work, order: None) -> int:
    """Close every month that is due; of a house that never closed one, the last that is due with all before it."""
    last = closed_until(work)
    # The last month whose closing has passed.
    due = month_of(work.today) - 1
    while closing(due) > work.now:
        due -= 1
    first = due if last is None else last + 1
    for month in range(first, due + 1):
        digest, rows = _digest(work, month - 1 if last is not None else None, month)
        if last is None and not rows:
            # Nothing was ever counted: there is nothing to publish yet.
            return 0
        day = work.now.astimezone(SHANGHAI).date()
        version = f"{day:%Y%m%d}-{month - first + 1}"
        work.add(SupplyClosing(month=month, version_no=version, closed_at=work.now, digest=digest, rows=rows))
        work.session.flush()
        last = month
    return due - first + 1


def _digest(work: Work, after: int | None, month: int) -> tuple[str, int]:
    """The digest of what is published of the months after one up to another, and the number of its rows."""
    table: sa.Table = SupplyMonth.__table__  # type: ignore[attr-defined]
    columns = (table.c.id, table.c.area, table.c.sets, table.c.amount)
    span = [table.c.month <= month, *([table.c.month > after] if after is not None else [])]
    something = sa.or_(table.c.area != 0, table.c.sets != 0, table.c.amount != 0)
    found = work.session.connection().execute(sa.select(*columns).where(*span, something).order_by(table.c.id))
    lines = [f"{row[0].hex}:{row[1]}:{row[2]}:{row[3]}" for row in found]
    return sm3_hex("\n".join(lines).encode()), len(lines)


@action("supply.check_closed", "核对已关账的月份", roles={Role.SYSTEM}, event="")
def check_closed(work: Work, order: None) -> int:
    """Compare what is published of closed months with the digests of their closing; a changed month raises an alarm."""
    changed = 0
    for after, row in _spans(work.rows(SupplyClosing, by=col(SupplyClosing.month))):
        digest, _ = _digest(work, after, row.month)
        if digest != row.digest:
            changed += 1
            raise_alarm(work, "SUPPLY.CLOSED", f"STA-03 已关账月份的公布数被改动：{name_of(row.month)}", about=row)
    return changed


def _spans(rows: Sequence[SupplyClosing]) -> Iterator[tuple[int | None, SupplyClosing]]:
    before: int | None = None
    for row in rows:
        yield before, row
        before = row.month


@job("supply.close", "可供应量月度关账、核对已关账月份", at="00:40")
def close_due(door: Door) -> int:
    """Close what is due once every project's sums are up to date, then look at what was closed before."""
    rebuild_all_stale(door)
    closed = door.perform(close_months, SYSTEM, None)
    door.perform(check_closed, SYSTEM, None)
    return closed

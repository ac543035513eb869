"""Locked rows: those on duty see them, and a row is free again only when it is as the product wrote it (D19)."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col

from models.access import Role
from models.codes import Toned
from models.details import details_of
from models.dialect import locked
from models.integrity import FaultKind, IntegrityFault
from models.remac import stored_rows
from models.row_mac import fits, mac_of
from services.catalogue.subjects import label_of
from services.engine.ledger import newest_told
from services.engine.listings import Column, Listing, listed, named
from services.engine.numbering import COUNTERS
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import action
from services.engine.words import enough_words
from services.engine.work import Work, shown_whole
from services.integrity.address_cuts import CUTS, cut_anew, has_its_cuts
from services.integrity.nightly_scan import day_fits, is_as_told, tally_is_whole

GUARDS = {Role.SEC_ADMIN, Role.AUDITOR}


shown_whole(IntegrityFault, roles=GUARDS | {Role.SYSTEM})

FAULTS = listed(
    Listing(
        name="integrity.faults",
        label="完整性异常",
        roles=GUARDS,
        table=IntegrityFault,
        columns=(
            Column("label", "数据表", lambda row: f"{label_of(row.table_name)}（{row.table_name}）", width=200),
            Column("kind", "问题", width=150),
            Column("row_id", "记录编号"),
            Column("found_at", "发现时间", sortable=True, width=130),
            Column("state", "状态", lambda row: Toned("已解除") if row.closed_at else Toned("锁定", "bad"), width=80),
            Column("closed_at", "解除时间", shown=False),
            Column("note", "处理说明", shown=False),
        ),
        filters=(
            named(
                "closed",
                "范围",
                {"": ("锁定中", col(IntegrityFault.closed_at).is_(None)), "closed": ("含已解除", sa.true())},
                width=170,
            ),
        ),
        sort="-found_at",
        exporters=set(),
        empty="没有被锁定的记录，最近一次检查未发现异常",
    )
)


@action("integrity.release", "解除锁定", roles={Role.SEC_ADMIN}, event="INTEGRITY.RELEASE")
def release_row(work: Work, order: Reasoned) -> None:
    """Free a row that was restored from a backup; one that still fails stays locked."""
    note = enough_words(order.reason, "修复经过", least=4, most=200)
    statement = locked(work.session, work.visible(IntegrityFault).where(IntegrityFault.id == order.id))
    fault = work.session.exec(statement).first()
    if fault is None:
        raise NotFound
    if fault.closed_at is not None:
        raise Conflict("该记录已解除锁定")
    if fault.table_name == COUNTERS.name:
        _set_as_told(work, fault.row_id)
    elif fault.table_name == CUTS.name:
        cut_anew(work.session, fault.row_id)
    if not _is_whole(work, fault):
        raise Conflict("该记录仍未恢复原样，请先从备份恢复后再解除锁定")
    fault.closed_at, fault.closed_by, fault.note = work.at, work.caller.account_id, note
    fault.closed_key = work.at.isoformat()
    work.add(fault)
    work.trail.tell("INTEGRITY.RELEASE", "integrity.release", about=fault, reason=fault.note[:60])


def _set_as_told(work: Work, counter_id: UUID) -> None:
    """Give a counter the number the audit has: no backup knows what was drawn since it was made."""
    told = newest_told(work.session, COUNTERS.name, counter_id)
    row = next(iter(stored_rows(work.session.connection(), COUNTERS, only=counter_id)), None)
    if row is not None and told is not None and told[0] is not None:
        right = {**row, "version": told[0]}
        change = COUNTERS.update().where(COUNTERS.c.id == counter_id)
        right["mac"] = mac_of(work.sealer, COUNTERS, right)
        work.session.connection().execute(change.values(version=right["version"], mac=right["mac"]))


def _is_whole(work: Work, fault: IntegrityFault) -> bool:
    """Return whether the row is there and fits its MAC; one of unknown origin is whole when it is gone."""
    table = SQLModel.metadata.tables.get(fault.table_name)
    if table is None:
        return False
    if table is CUTS:
        return has_its_cuts(work.session, fault.row_id)
    row = next(iter(stored_rows(work.session.connection(), table, only=fault.row_id)), None)
    if fault.kind is FaultKind.DETAILS and row is None:
        return day_fits(work.session, table, fault.row_id)
    if fault.kind is FaultKind.UNKNOWN:
        return row is None
    if row is None or not fits(work.sealer, table, row) or not is_as_told(work.session, table, row):
        return False
    return not details_of(table.name) or tally_is_whole(work.session, table.name, fault.row_id)

"""市场历史数据装载: an export brought in by portions, gone on with where it stopped, and undone as a whole (issue 16)."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.companies import GroupCompany, HeadCompany, ProjectCompany
from models.market_loads import MARKET_LOAD, LoadedRows, MarketLoad, MarketLoadState
from models.records import Revision
from services.audit.jobs import sign_and_copy
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.past_records import PastRecords
from services.engine.refusals import Conflict
from services.engine.registry import action, query
from services.engine.steps import begin_in, take_step
from services.engine.work import Work, shown_whole
from services.legacy import market_companies as land
from services.legacy import market_permits as permits
from services.legacy import market_progress as progress
from services.legacy.market_export import READ, Export, Line, digest_of_folder
from services.legacy.market_handbooks import handbook

Load = Callable[[Export, Line, PastRecords], None]
#: The files in the order in which a record finds what it refers to, each with what becomes of a row.
STEPS: tuple[tuple[str, Load], ...] = (
    ("companies", land.company),
    ("parcels", land.parcel),
    ("projects", land.project),
    ("land_permits", permits.land_permit),
    ("realty_certificates", permits.realty_certificate),
    ("planning_permits", permits.planning_permit),
    ("communities", permits.community),
    ("construction_permits", permits.construction_permit),
    ("unit_engineerings", permits.unit_engineering),
    ("unit_planned_links", permits.planned_tie),
    ("natural_buildings", permits.natural_building),
    ("house_units", permits.house_unit),
    ("unit_natural_links", permits.natural_link),
    ("payments", progress.payment),
    ("progress_reports", progress.report),
    ("completions", permits.completion_filing),
    ("acceptances", permits.planning_acceptance),
    ("delivery_permits", permits.delivery_permit),
    ("milestones", progress.milestone),
    ("sales_plans", progress.sales_plan),
    ("presale_permits", progress.presale_permit),
    ("opening_units", progress.opening_unit),
    ("sale_events", progress.sale_event),
    ("restrictions", progress.restriction),
    ("handbooks", handbook),
)
FILES = (*(name for name, _ in STEPS), "project_parcels", "planned_buildings", "progress_lines")
#: So many rows of a file are brought in by one transaction.
PORTION = 2_000
#: After so many portions the audit is signed where that is due.
SIGNED = 20
_AT_ONCE = 400

shown_whole(MarketLoad, LoadedRows, roles={Role.SYSTEM, Role.CITY_HANDLER, Role.CITY_REVIEWER})


@dataclass(frozen=True)
class Portion:
    """The next rows of a load."""

    load_id: UUID
    export: Export


@action("market.begin_load", "开始装载市场历史数据", roles={Role.SYSTEM}, event="DATA.CREATE")
def begin_load(work: Work, digest: str) -> UUID:
    """Begin a load of an export, or go on with the one that stopped; a loaded export is not loaded again."""
    known = work.first(
        MarketLoad, MarketLoad.digest == digest, MarketLoad.state != MarketLoadState.UNDONE, by=MarketLoad.begun_at
    )
    if known is None:
        row = MarketLoad(digest=digest, begun_at=work.now)
        begin_in(row, MarketLoadState.RUNNING)
        return work.add(row).id
    if known.state is MarketLoadState.DONE:
        raise Conflict("这批数据已装载过，需要重新装载的，请先撤销")
    return known.id


@query("market.known_companies", "已登记的企业", roles={Role.SYSTEM})
def known_companies(work: Work, load_id: UUID) -> dict[str, UUID]:
    """Return the companies in force by credit code, without those that the load itself brought in."""
    own = {one for row in work.rows(LoadedRows, LoadedRows.load_id == load_id) for one in row.ids.split(",")}
    tables: tuple[type[GroupCompany] | type[HeadCompany] | type[ProjectCompany], ...]
    tables = (GroupCompany, HeadCompany, ProjectCompany)
    rows = (row for table in tables for row in work.rows(table, col(table.live_key).is_not(None)))
    return {row.uscc: row.id for row in rows if row.uscc and row.id.hex not in own}


@action("market.load_portion", "装载市场历史数据", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_portion(work: Work, order: Portion) -> bool:
    """Bring in the next rows; returns whether there are more."""
    row = work.hold(MarketLoad, order.load_id)
    take_step(work, row, MARKET_LOAD, "go_on", log=False)
    if row.step >= len(STEPS):
        take_step(work, row, MARKET_LOAD, "finish")
        row.ended_at = work.now
        work.add(row)
        return False
    name, load = STEPS[row.step]
    portion = order.export.portion(name, row.line, PORTION)
    into = PastRecords(work)
    for line in portion:
        if _is_read(order.export, line):
            load(order.export, line, into)
    places = work.rows(LoadedRows.place, LoadedRows.load_id == row.id, by=col(LoadedRows.place).desc(), most=1)
    place = places[0] if places else 0
    for number, (table, ids) in enumerate(into.write().items(), 1):
        told = ",".join(one.hex for one in ids)
        work.add(LoadedRows(load_id=row.id, place=place + number, table_name=str(table.__tablename__), ids=told))
        row.records += len(ids)
    row.line += len(portion)
    if len(portion) < PORTION:
        row.step, row.line = row.step + 1, 0
    work.add(row)
    return True


def _is_read(export: Export, line: Line) -> bool:
    """Return whether a row is in force or was, and belongs to a project that is."""
    if line.get("state", "EFFECTIVE") not in READ and "opened_on" not in line:
        return False
    project = export.one("projects", line["project_id"]) if line.get("project_id") else None
    return project is None or project["state"] == "EFFECTIVE"


def load_export(door: Door, folder: Path, *, told: Callable[[str], None] = lambda words: None) -> UUID:
    """Bring in an export, or what is left of it; `told` hears of each file that is done."""
    # A load takes long and may stand alone: a house whose audit stays unsigned does no business (M6).
    sign_and_copy(door)
    digest = digest_of_folder(folder, FILES)
    load_id = door.perform(begin_load, SYSTEM, digest)
    export = Export(folder, load_id, door.ask(known_companies, SYSTEM, load_id))
    step = -1
    with _collected_by_portion() as collect:
        for number in count(1):
            if not door.perform(load_portion, SYSTEM, Portion(load_id, export)):
                break
            collect()
            if number % SIGNED == 0:
                sign_and_copy(door)
            now = door.ask(load_standing, SYSTEM, load_id).step
            if now != step and now < len(STEPS):
                told(f"{STEPS[now][0]}.csv")
                step = now
    return load_id


@contextmanager
def _collected_by_portion() -> Iterator[Callable[[], object]]:
    """Look for cycles of garbage once a portion: looking every few hundred new rows takes a tenth of a load."""
    gc.disable()
    try:
        yield partial(gc.collect, 0)
    finally:
        gc.enable()


@query("market.load_standing", "市场历史数据装载情况", roles={Role.SYSTEM})
def load_standing(work: Work, load_id: UUID) -> MarketLoad:
    return work.get(MarketLoad, load_id)


@query("market.load_of", "某批数据的装载", roles={Role.SYSTEM})
def load_of(work: Work, digest: str) -> UUID:
    """Return the load of an export that was not undone."""
    missing = Conflict("这批数据没有装载过")
    return work.find(
        MarketLoad, MarketLoad.digest == digest, MarketLoad.state != MarketLoadState.UNDONE, missing=missing
    ).id


# Undone


@action("market.undo_load", "撤销市场历史数据装载", roles={Role.SYSTEM}, event="DATA.DELETE")
def undo_load(work: Work, load_id: UUID) -> int:
    """Remove all rows of a load, unless something of it has been changed or built on since; returns how many."""
    row = work.hold(MarketLoad, load_id)
    take_step(work, row, MARKET_LOAD, "undo")
    parts = work.rows(LoadedRows, LoadedRows.load_id == row.id, by=col(LoadedRows.place).desc())
    ids = {UUID(one) for part in parts for one in part.ids.split(",")}
    _is_untouched(work, parts, ids)
    removed = 0
    for part in parts:
        table = _tables()[part.table_name]
        wanted = [UUID(one) for one in part.ids.split(",")]
        for start in range(0, len(wanted), _AT_ONCE):
            for one in work.rows(table, table.id.in_(wanted[start : start + _AT_ONCE])):
                work.session.delete(one)
                removed += 1
        work.session.flush()
        work.session.delete(part)
    row.ended_at = work.now
    work.add(row)
    return removed


def _is_untouched(work: Work, parts: Sequence[LoadedRows], ids: set[UUID]) -> None:
    """Refuse to undo a load of which a record has a later version or whose projects have records of their own."""
    for portion in _portions(sorted(ids, key=str)):
        later = work.first(
            Revision, col(Revision.record_id).in_(portion), col(Revision.id).not_in(ids_of(parts, "revision"))
        )
        if later is not None:
            raise Conflict(f"{later.record_no or '装载的记录'}已有新的版本，不能整批撤销")
        own = work.rows(Revision.id, col(Revision.project_id).in_(portion))
        if any(one not in ids for one in own):
            raise Conflict("装载的项目已有新填报的记录，不能整批撤销")


def ids_of(parts: Sequence[LoadedRows], table: str) -> list[UUID]:
    return [UUID(one) for part in parts if part.table_name == table for one in part.ids.split(",")]


def _portions(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _tables() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for mapper in MarketLoad._sa_registry.mappers:
        found[str(mapper.class_.__tablename__)] = mapper.class_
    return found

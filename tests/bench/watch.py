"""The board of 500 projects, and the night's watch over 2,000 projects with 25,000 unit works (row 75)."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from models.alerts import Alert
from models.columns import new_id
from models.construction import ConstructionPermit, UnitEngineering
from models.dialect import bulk_insert
from models.places_data import districts
from models.progress import Milestone, MilestoneCode, MilestoneScope, ProgressLine, ProgressReport, VisualProgress
from models.projects import Project
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from services.engine.callers import SYSTEM
from services.engine.list_pages import counts_of
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.work import Work
from services.progress.board import BOARD, project_progress
from services.sales.watch import watch_all, watch_projects
from tests.bench.ground import ENGINES, Ground, sealer, world_at
from tests.bench.measure import Figure, below, timed, told
from tests.land import Land
from tests.market import market
from tests.site import Site
from tests.world import World

BOARD_OF, PROJECTS, WORKS, MONTHS = 500, 2_000, 25_000, 6
MOST_BOARD, MOST_NIGHT, MOST_ONE = 0.15, 300.0, 0.2
_ROUNDS, _AT_ONCE = 60, 4_000
_TODAY, _BEGUN = date(2027, 3, 1), datetime(2026, 9, 15, tzinfo=UTC)


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            world.stand_at(_TODAY.year, _TODAY.month, _TODAY.day)
            figures += _measure(engine, world)
    return figures


def _measure(engine: str, world: World) -> Iterator[Figure]:
    town = _Town(world)
    town.load(BOARD_OF)
    first = timed(lambda: watch_all(world.door))
    yield from _board(engine, world, town)
    town.load(PROJECTS - BOARD_OF)
    world.let_pass(days=1)
    night = timed(lambda: watch_all(world.door))
    again = timed(lambda: watch_all(world.door))
    alerts = f"{town.alerts():,} alerts stand"
    yield told(
        Figure(
            f"night over {PROJECTS:,} projects, {town.works:,} unit works, {engine}",
            f"{night:.0f} s ({night / PROJECTS * 1000:.0f} ms a project, {alerts})",
            f"first watch of {BOARD_OF}: {first:.0f} s; a second run of the day: {again:.1f} s",
            "",
            f"< {MOST_NIGHT:.0f} s",
            night < MOST_NIGHT,
        )
    )
    ones = [timed(partial(world.door.perform, watch_projects, SYSTEM, [one])) for one in town.ids[:_ROUNDS]]
    yield told(below(f"one project after an event, {engine}", ones, MOST_ONE))


def _board(engine: str, world: World, town: "_Town") -> Iterator[Figure]:
    for who, label in (("shichu01", "the city"), ("pdshen01", "a district"), ("shenpu_admin", "a head company")):
        caller = town.land.market.caller(who)
        pages = [
            timed(partial(world.door.ask, BOARD.query, caller, ListRows(paging=Paging(page % 3 + 1, 50))))
            for page in range(_ROUNDS)
        ]
        yield told(below(f"board of {BOARD_OF} projects, a page of 50, {label}, {engine}", pages, MOST_BOARD))
        counts = [
            timed(partial(world.door.look, caller, partial(counts_of, listing=BOARD, filters={})))
            for _ in range(_ROUNDS)
        ]
        yield told(below(f"its counts by light, {label}, {engine}", counts, MOST_BOARD))
    city = town.land.market.caller("shichu01")
    ones = [timed(partial(world.door.ask, project_progress, city, one)) for one in town.ids[:_ROUNDS]]
    yield told(below(f"a project's reasons and chart, {engine}", ones, MOST_BOARD))


class _Town:
    """Projects like one that was made through the product, in every district, each a little later or earlier."""

    def __init__(self, world: World) -> None:
        self.world, self.land = world, Land(market(world))
        site = Site.begun(self.land)
        permit = site.permit(site.planning())
        unit = site.unit(permit, "1#", floors_above=18)
        line = {
            "unit_engineering_id": str(unit),
            "visual_progress": "4",
            "floors_done": 5,
            "percent": 30,
            "status": "NORMAL",
        }
        sums = {"invested_period": "1000000.00", "invested_cum": "1000000.00"}
        report = site.put(
            "progress_report", {"period": "2026-09", "report_on": "2026-09-30", **sums}, {"works": [line]}
        )
        self.like = {table: self._row(table, one) for table, one in _of(site.project, permit, unit, report)}
        self.ids: list[UUID] = []
        self.works = 0

    def _row(self, table: Any, row_id: UUID) -> dict[str, Any]:
        """A row's values as they are given to be stored, sealed anew with every copy."""

        def values(work: Work) -> dict[str, Any]:
            row = work.session.exec(select(table).where(table.id == row_id)).one()
            found = {column.name: getattr(row, column.name) for column in table.__table__.columns}
            return {name: Sealed.of(one.plain) if isinstance(one, Sealed) else one for name, one in found.items()}

        made: dict[str, Any] = self.world.read(values)
        return {name: None if name.endswith(("_key", "_index")) or name == "mac" else one for name, one in made.items()}

    def load(self, number: int) -> None:
        rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in (*self.like, Milestone, ProgressLine)}
        for _ in range(number):
            self._project(rows)
        for table, many in rows.items():
            for start in range(0, len(many), _AT_ONCE):
                self.world.act(partial(_put, table=table, rows=many[start : start + _AT_ONCE]))
        if self.world.door.database.sqlite:
            self.world.door.database.survey()
        print(f"    {number:,} projects, {self.works:,} works so far", flush=True)

    def _project(self, rows: dict[Any, list[dict[str, Any]]]) -> None:
        number, codes = len(self.ids), [one.code for one in districts()]
        code = codes[number % len(codes)]
        project_id, permit_id = new_id(), new_id()
        self.ids.append(project_id)
        keys = {"district_code": code, "project_id": project_id}
        rows[Project].append(
            self._copy(Project, project_id, district_code=code, name=f"测试项目{number:05d}", project_id=project_id)
        )
        rows[ConstructionPermit].append(
            self._copy(ConstructionPermit, permit_id, **keys, permit_no=f"3101152026060{number:05d}")
        )
        works = [new_id() for _ in range(WORKS // PROJECTS + number % 2)]
        self.works += len(works)
        late = timedelta(days=number % 120)
        for place, work_id in enumerate(works, 1):
            rows[UnitEngineering].append(
                self._copy(
                    UnitEngineering,
                    work_id,
                    **keys,
                    construction_permit_id=permit_id,
                    unit_no=f"{place}#",
                    name=f"{place}#住宅楼",
                )
            )
            rows[Milestone] += _milestones(project_id, work_id, late)
        for month in range(MONTHS):
            report_id = new_id()
            period = f"2026-{month + 9:02d}" if month < 4 else f"2027-{month - 3:02d}"
            rows[ProgressReport].append(self._copy(ProgressReport, report_id, **keys, period=period))
            rows[ProgressLine] += [_line(report_id, place, one, month, number) for place, one in enumerate(works, 1)]

    def _copy(self, table: Any, row_id: UUID, **change: Any) -> dict[str, Any]:
        return {**self.like[table], "id": row_id, "revision_id": new_id(), "record_no": f"B{row_id.hex[:30]}", **change}

    def alerts(self) -> int:
        counted = select(sa.func.count()).select_from(Alert).where(Alert.open_key.is_not(None))  # type: ignore[union-attr]
        found: int = self.world.read(lambda work: work.session.exec(counted).one())
        return found


def _of(*ids: UUID) -> Iterator[tuple[Any, UUID]]:
    yield from zip((Project, ConstructionPermit, UnitEngineering, ProgressReport), ids, strict=True)


def _put(work: Work, table: Any, rows: list[dict[str, Any]]) -> None:
    bulk_insert(work.session, table.__table__, seal_rows(sealer(), table.__table__, rows))


def _milestones(project_id: UUID, work_id: UUID, late: timedelta) -> list[dict[str, Any]]:
    """Begun in September, to be topped out in winter, some of them late."""
    planned = {MilestoneCode.M07: date(2026, 9, 10), MilestoneCode.M12: _TODAY + timedelta(days=40) - late}
    planned[MilestoneCode.M17] = date(2028, 6, 15)
    empty = {column.name: None for column in Milestone.__table__.columns}  # type: ignore[attr-defined]
    return [
        {
            **empty,
            "id": new_id(),
            "project_id": project_id,
            "scope": MilestoneScope.UNIT,
            "subject_id": work_id,
            "milestone": code,
            "planned_on": on,
            "baseline_no": 1,
            "actual_on": _BEGUN.date() if code is MilestoneCode.M07 else None,
            "recorded_at": _BEGUN if code is MilestoneCode.M07 else None,
            "evidence": "progress_report" if code is MilestoneCode.M07 else None,
        }
        for code, on in planned.items()
    ]


def _line(report_id: UUID, place: int, work_id: UUID, month: int, number: int) -> dict[str, Any]:
    """Progress of a month; every tenth project stands still."""
    empty = {column.name: None for column in ProgressLine.__table__.columns}  # type: ignore[attr-defined]
    step = 0 if number % 10 == 0 else month
    return {
        **empty,
        "id": new_id(),
        "record_id": report_id,
        "place": place,
        "unit_engineering_id": work_id,
        "visual_progress": VisualProgress.STRUCTURE,
        "floors_done": 3 + step * 2,
        "percent": 10 + step * 4,
        "status": "NORMAL",
    }

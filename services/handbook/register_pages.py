"""Pages of a handbook about what is no kept record: ties of works, milestones, presale permits, opening units (market 6.1)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.building_codes import TieState
from models.building_tables import NaturalBuilding
from models.construction import ConstructionPermit, UnitEngineering, UnitPlannedLink
from models.planning import EngineeringPlanningPermit
from models.progress import Milestone, MilestoneScope
from models.projects import Project
from models.sales import OpeningUnit, PresaleBuilding, PresalePermit, SaleAct, SaleEvent
from printing.kept_record import Lines
from services.engine.clock import shanghai_text
from services.engine.work import Work

#: Where the things that reach a milestone have their names; a project has its own.
_NAMES: Mapping[MilestoneScope, Any] = {
    MilestoneScope.PLANNING_PERMIT: EngineeringPlanningPermit.permit_no,
    MilestoneScope.CONSTRUCTION_PERMIT: ConstructionPermit.permit_no,
    MilestoneScope.UNIT: UnitEngineering.unit_no,
    MilestoneScope.BUILDING: NaturalBuilding.building_name,
    MilestoneScope.PRESALE_PERMIT: PresalePermit.permit_no,
    MilestoneScope.OPENING_UNIT: OpeningUnit.opening_code,
}
#: A select of columns.
columns: Any = select


@dataclass(frozen=True)
class RegisterList:
    """A list of a chapter: its head, and its lines as of a moment; the first `keys` columns identify a line."""

    chapter: int
    label: str
    columns: tuple[str, ...]
    lines: Callable[[Work, Project, datetime], Iterator[tuple[str, ...]]]
    keys: int = 1
    numbers: tuple[int, ...] = ()


def register_lists(work: Work, chapter: int, project: Project, until: datetime) -> Iterator[Lines]:
    """Yield the lists of a chapter that have lines, with what was known at a moment."""
    for one in _LISTS:
        if one.chapter == chapter and (lines := tuple(one.lines(work, project, until))):
            yield Lines(one.label, one.columns, lines, one.keys, one.numbers)


def _ties(work: Work, project: Project, until: datetime) -> Iterator[tuple[str, ...]]:
    ties = (
        columns(UnitEngineering.unit_no, UnitPlannedLink.building_no, EngineeringPlanningPermit.permit_no)
        .join(UnitPlannedLink, col(UnitPlannedLink.unit_id) == col(UnitEngineering.id))
        .join(EngineeringPlanningPermit, col(EngineeringPlanningPermit.id) == col(UnitPlannedLink.planning_permit_id))
        .where(
            UnitPlannedLink.project_id == project.id,
            UnitPlannedLink.state == TieState.TIED,
            UnitPlannedLink.tied_at <= until,
        )
    )
    yield from sorted(map(tuple, work.session.execute(ties).all()))


def _milestones(work: Work, project: Project, until: datetime) -> Iterator[tuple[str, ...]]:
    rows = work.rows(Milestone, Milestone.project_id == project.id)
    names: dict[UUID, str] = {project.id: project.name}
    for scope, name in _NAMES.items():
        ids = {row.subject_id for row in rows if row.scope is scope}
        if ids:
            found = columns(name.class_.id, name).where(name.class_.id.in_(ids))
            names.update(work.session.execute(found).all())
    order = {scope: place for place, scope in enumerate(MilestoneScope)}
    for row in sorted(rows, key=lambda row: (order[row.scope], names.get(row.subject_id, ""), row.milestone.value)):
        known = row.recorded_at is None or row.recorded_at <= until
        actual = row.actual_on if known else None
        late = f"{(actual - row.planned_on).days:+d}" if actual and row.planned_on else ""
        if actual or row.planned_on:
            name = names.get(row.subject_id, "")
            yield name, row.milestone.label, _day(row.planned_on), _day(actual), late


def _permits(work: Work, project: Project, until: datetime) -> Iterator[tuple[str, ...]]:
    rows = work.rows(
        PresalePermit,
        PresalePermit.project_id == project.id,
        PresalePermit.recorded_at <= until,
        by=(PresalePermit.issued_on, PresalePermit.permit_no, PresalePermit.id),
    )
    covered = columns(PresaleBuilding.presale_permit_id, NaturalBuilding.building_name).where(
        NaturalBuilding.id == PresaleBuilding.natural_building_id,
        col(PresaleBuilding.presale_permit_id).in_([row.id for row in rows]),
    )
    names: dict[UUID, list[str]] = defaultdict(list)
    for permit_id, name in work.session.execute(covered).all():
        names[permit_id].append(name)
    for row in rows:
        buildings = "、".join(sorted(names[row.id]))
        voided = row.voided_at if row.voided_at is not None and row.voided_at <= until else None
        state = f"已作废（{shanghai_text(voided)[:10]}）" if voided is not None else row.status.label
        area = f"{row.permitted_area:,.2f}" if row.permitted_area is not None else ""
        yield (row.permit_no, row.sales_plan_no, buildings, str(row.sets), area, _day(row.issued_on), state)


def _openings(work: Work, project: Project, until: datetime) -> Iterator[tuple[str, ...]]:
    # A home says when it was opened by the event that named its opening unit, and not since when it belongs to it.
    opened = SaleEvent.ref_id == OpeningUnit.id, SaleEvent.act == SaleAct.OPEN, SaleEvent.recorded_at <= until
    homes = columns(func.count(func.distinct(SaleEvent.house_unit_id))).where(*opened).scalar_subquery()
    rows = columns(OpeningUnit, PresalePermit.permit_no, homes).outerjoin(
        PresalePermit, col(PresalePermit.id) == col(OpeningUnit.presale_permit_id)
    )
    own = rows.where(OpeningUnit.project_id == project.id).order_by(OpeningUnit.opened_on, OpeningUnit.opening_code)
    for row, permit_no, count in work.session.execute(own).all():
        if row.opened_on is None or row.opened_on <= until.date():
            yield row.opening_code, permit_no or "现售", row.mode.label, _day(row.opened_on), str(count)


def _day(on: date | None) -> str:
    return on.isoformat() if on is not None else ""


_LISTS = (
    RegisterList(7, "单位工程与规划建筑物", ("单位工程", "规划楼号", "工程规划许可证"), _ties, 2),
    RegisterList(9, "项目关键节点", ("对象", "节点", "计划日期", "实际日期", "偏差（天）"), _milestones, 2, (4,)),
    RegisterList(
        10,
        "预售许可证",
        ("许可证号", "销售方案", "楼幢", "套数", "面积（㎡）", "发证日期", "状态"),
        _permits,
        1,
        (3, 4),
    ),
    RegisterList(10, "开盘单元", ("开盘单元", "预售许可证", "开盘方式", "开盘日期", "开盘套数"), _openings, 1, (4,)),
)

"""Sums of a project, of some of its buildings or of single homes by stage: one function for reports, panels and papers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import PROJECT_OFFICE
from models.projects import Project
from models.supply import SupplyDay
from services.engine.registry import query
from services.engine.work import Work
from services.supply.facts import PLACES
from services.supply.kept_sums import MM2
from services.supply.months import Series, month_of
from services.supply.register import facts_of
from services.supply.stages import Ledger, Level, MonthEnd, Part, Stage
from services.supply.visibility import READERS

#: The stages in the words of reports (market 5.1).
LABELS: Mapping[Stage, str] = {
    Stage.LAND: "已供地未规划",
    Stage.PLANNED: "已规划未开工",
    Stage.BUILDING: "在建未达预售条件",
    Stage.READY: "达预售条件未取证",
    Stage.LICENSED: "已取证未开盘",
    Stage.OPEN: "可售",
    Stage.RESTRICTED: "限制可售",
    Stage.SOLD: "已售",
    Stage.OFF_SALE: "不可售",
}
#: The same in a word each, for the heads of columns.
SHORT: Mapping[Stage, str] = {
    Stage.LAND: "S0 未规划",
    Stage.PLANNED: "S1 未开工",
    Stage.BUILDING: "S2 在建",
    Stage.READY: "S3 待取证",
    Stage.LICENSED: "S4a 未开盘",
    Stage.OPEN: "S4b 可售",
    Stage.RESTRICTED: "S4r 限售",
    Stage.SOLD: "S5 已售",
    Stage.OFF_SALE: "SX 不售",
}
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class StageSum:
    """Area in m² and homes in one stage; homes of land without a plan are estimated from the area."""

    stage: Stage
    area: Decimal = _NOTHING
    sets: int = 0

    @property
    def label(self) -> str:
        return LABELS[self.stage]


@dataclass(frozen=True)
class HomeStage:
    """The stage of a home, its area, and the record the area was read from."""

    stage: Stage
    area: Decimal
    level: Level
    earnest: bool
    completed: bool


def sums_of(
    work: Work, project: UUID, *, buildings: Collection[UUID] = (), day: date | None = None
) -> tuple[StageSum, ...]:
    """The sums of a project, or of some of its buildings, by stage on a day or now, from kept sums.

    Every stage is there once. The caller sees the project; here it is not asked again.
    """
    rows = select(SupplyDay.item, func.sum(SupplyDay.area), func.sum(SupplyDay.sets)).where(
        SupplyDay.project_id == project,
        SupplyDay.day <= (day or work.today),
        col(SupplyDay.item).in_([stage.value for stage in Stage]),
    )
    if buildings:
        rows = rows.where(col(SupplyDay.building_id).in_(buildings))
    found = {item: (int(area), int(sets)) for item, area, sets in work.session.exec(rows.group_by(SupplyDay.item))}
    return tuple(_sum(stage, *found.get(stage.value, (0, 0))) for stage in Stage)


def sums_by_project(
    work: Work, buildings: Collection[UUID], *, day: date | None = None
) -> dict[UUID, tuple[StageSum, ...]]:
    """The sums of some natural or planned buildings by project and stage on a day or now, from kept sums.

    The caller sees the buildings; here it is not asked again.
    """
    rows = (
        select(SupplyDay.project_id, SupplyDay.item, func.sum(SupplyDay.area), func.sum(SupplyDay.sets))
        .where(
            SupplyDay.day <= (day or work.today),
            col(SupplyDay.item).in_([stage.value for stage in Stage]),
            col(SupplyDay.building_id).in_(buildings),
        )
        .group_by(col(SupplyDay.project_id), col(SupplyDay.item))
    )
    found: dict[UUID, dict[str, tuple[int, int]]] = defaultdict(dict)
    for project, item, area, sets in work.session.exec(rows) if buildings else ():
        if project is not None:
            found[project][item] = int(area), int(sets)
    return {
        project: tuple(_sum(stage, *items.get(stage.value, (0, 0))) for stage in Stage)
        for project, items in found.items()
    }


def _sum(stage: Stage, mm2: int, sets: int) -> StageSum:
    area = Decimal(mm2) / (MM2 * PLACES)
    return StageSum(stage, area, round(area / 100) if stage is Stage.LAND else sets)


def stages_of(work: Work, project: UUID, *, day: date | None = None) -> dict[UUID, HomeStage]:
    """The stage of each home of a project on a day or now."""
    return {UUID(part.home.id): _stage(part) for part in parts_of(work, project, day or work.today) if part.home}


def parts_of(work: Work, project: UUID, day: date) -> Iterable[Part]:
    """The parts of a project on a day, worked out from its records."""
    facts = facts_of(work, project=project)
    parts = MonthEnd(Ledger(facts), month_of(day), Series.RESTATED, day).parts()
    return [part for part in parts if part.project == str(project)]


def _stage(part: Part) -> HomeStage:
    return HomeStage(part.stage, Decimal(int(part.area)) / PLACES, part.level, part.earnest, part.completed)


@dataclass(frozen=True)
class SumsOf:
    """A project, some of its buildings or homes, and a day; now without one."""

    project: UUID
    buildings: tuple[UUID, ...] = ()
    homes: tuple[UUID, ...] = ()
    day: date | None = None


@query("supply.sums", "项目各阶段面积和套数", roles=set(READERS | PROJECT_OFFICE))
def project_sums(work: Work, order: SumsOf) -> tuple[StageSum, ...]:
    """The sums of a visible project, its buildings or homes by stage."""
    project = work.get(Project, order.project)
    if order.homes:
        stages = stages_of(work, project.id, day=order.day)
        return added([one for home, one in stages.items() if home in set(order.homes)])
    return sums_of(work, project.id, buildings=order.buildings, day=order.day)


def added(homes: Iterable[HomeStage]) -> tuple[StageSum, ...]:
    """The sums of homes by stage, every stage once."""
    found: dict[Stage, list[HomeStage]] = defaultdict(list)
    for one in homes:
        found[one.stage].append(one)
    return tuple(
        StageSum(stage, sum((one.area for one in found[stage]), _NOTHING), len(found[stage])) for stage in Stage
    )

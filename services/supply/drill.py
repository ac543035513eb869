"""The rows behind a figure: projects, the buildings of a project, the homes of a building (5.4)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.building_tables import HouseUnit, NaturalBuilding
from models.planning import PlannedBuilding
from models.projects import Project
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.supply.facts import PLACES
from services.supply.figures import size_of
from services.supply.kept_book import Asked, KeptBook
from services.supply.lean import read_pairs, visible_projects
from services.supply.months import Series
from services.supply.register import facts_of
from services.supply.report_forms import AskReport
from services.supply.stages import UNSOLD, Ledger, Level, MonthEnd, Part, Stage
from services.supply.sums import LABELS
from services.supply.visibility import READERS

#: Where an area was read from, in words.
LEVELS = {
    Level.CONTRACT: "合同（估算）",
    Level.PLANNED: "规划",
    Level.FORECAST: "楼盘表预测",
    Level.SURVEYED: "楼盘表实测",
}


@dataclass(frozen=True)
class AskRows:
    """A figure: its report with the filters of its line, its stages, and the building once one is open."""

    report: AskReport
    stages: tuple[str, ...] = ()
    building: str = ""


@dataclass(frozen=True)
class RowBehind:
    """A project, a building or a home, with its area in m² and its homes; `opens` is the id of what is behind it."""

    id: str
    name: str
    stage: str
    area: Decimal
    sets: int
    level: str = ""
    marks: str = ""
    opens: str = ""


@dataclass(frozen=True)
class RowsBehind:
    """The rows behind a figure, what they are, and their sum."""

    kind: str
    title: str
    rows: tuple[RowBehind, ...]

    @property
    def area(self) -> Decimal:
        return sum((row.area for row in self.rows), Decimal(0))

    @property
    def sets(self) -> int:
        return sum(row.sets for row in self.rows)


@query("supply.rows_behind", "可供应量数字的明细", roles=set(READERS), may_lag=True)
def rows_behind(work: Work, order: AskRows) -> RowsBehind:
    """The rows of the level below: a figure's projects, a project's buildings, a building's homes."""
    asked = order.report.asked(work.today)
    stages = tuple(Stage(one) for one in order.stages) if order.stages else tuple(Stage)
    if asked.narrow.project is None:
        return _projects(work, asked, stages)
    project = work.first(work.visible(Project), Project.id == asked.narrow.project)
    if project is None:
        raise NotFound
    parts = [part for part in _parts(work, project.id, asked) if part.stage in stages]
    return _homes(work, parts, order.building) if order.building else _buildings(work, project.name, parts)


def _projects(work: Work, asked: Asked, stages: Sequence[Stage]) -> RowsBehind:
    book = KeptBook(work, Asked(asked.month, asked.series, asked.day, asked.narrow, ("project_id", "item", "level")))
    names = {str(one): name for one, name in read_pairs(work, _named(work))}
    found: dict[str, list[Part]] = defaultdict(list)
    for part in book.parts(asked.month):
        if part.stage in stages:
            found[part.project].append(part)
    rows = [_summed(one, names.get(one, "未建项目的土地"), parts, opens=one) for one, parts in found.items()]
    return RowsBehind("project", "项目", _largest_first(rows))


def _named(work: Work) -> Any:
    return visible_projects(work).with_only_columns(col(Project.id), col(Project.name))


def _parts(work: Work, project: UUID, asked: Asked) -> list[Part]:
    """The parts of a project as its records give them, so that they go down to the home."""
    ledger = Ledger(facts_of(work, project=project))
    end = MonthEnd(ledger, asked.month, Series.RESTATED if asked.day else asked.series, asked.day)
    wanted = asked.narrow
    return [
        part
        for part in end.parts()
        if part.project == str(project)
        and (not wanted.types or part.type in wanted.types)
        and (wanted.completed is None or part.completed == wanted.completed)
        and (
            not wanted.sizes or (part.home is not None and part.stage in UNSOLD and size_of(part.area) in wanted.sizes)
        )
    ]


def _buildings(work: Work, title: str, parts: Sequence[Part]) -> RowsBehind:
    found: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.place].append(part)
    ids = [UUID(one) for one in found if one]
    names: dict[str, str] = {}
    for natural in work.rows(NaturalBuilding, col(NaturalBuilding.id).in_(ids)):
        names[str(natural.id)] = natural.building_name
    for planned in work.rows(PlannedBuilding, col(PlannedBuilding.id).in_(ids)):
        names[str(planned.id)] = f"规划{planned.building_no}"
    rows = [
        _summed(one, names.get(one, "尚未规划的土地"), own, opens=one if own[0].home is not None else "")
        for one, own in found.items()
    ]
    return RowsBehind("building", title, _largest_first(rows))


def _homes(work: Work, parts: Sequence[Part], building: str) -> RowsBehind:
    own = [part for part in parts if part.place == building and part.home is not None]
    rows = {str(row.id): row for row in work.rows(HouseUnit, col(HouseUnit.natural_building_id) == UUID(building))}
    shown = []
    for part in own:
        assert part.home is not None
        row = rows[part.home.id]
        marks = [name for name, set_ in (("已付定金", part.earnest), ("已竣工", part.completed)) if set_]
        shown.append(
            (
                (row.section_no, row.actual_floor_from, row.room_no),
                RowBehind(
                    part.home.id,
                    f"{row.section_no}单元 {row.nominal_floor}层 {row.room_no}" if row.section_no else row.room_no,
                    f"{part.stage.value} {LABELS[part.stage]}",
                    _square_metres(part),
                    1,
                    LEVELS[part.level],
                    "、".join(marks),
                ),
            )
        )
    place = work.first(NaturalBuilding.building_name, NaturalBuilding.id == UUID(building)) or ""
    return RowsBehind("home", place, tuple(row for _, row in sorted(shown, key=lambda one: one[0])))


def _summed(key: str, name: str, parts: Sequence[Part], *, opens: str) -> RowBehind:
    stages = sorted({part.stage.value for part in parts})
    levels = list(dict.fromkeys(LEVELS[part.level] for part in parts))
    land = sum((_square_metres(part) for part in parts if part.stage is Stage.LAND), Decimal(0))
    sets = sum(part.sets for part in parts if part.stage is not Stage.LAND) + round(land / 100)
    area = sum((_square_metres(part) for part in parts), Decimal(0))
    return RowBehind(key or "land", name, "、".join(stages), area, sets, "、".join(levels), opens=opens)


def _square_metres(part: Part) -> Decimal:
    area = part.area
    return round(Decimal(area.numerator) / (area.denominator * PLACES), 4)


def _largest_first(rows: Sequence[RowBehind]) -> tuple[RowBehind, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.area, row.name)))

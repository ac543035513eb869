"""The district's monitor: of each project what moved in, was filed, failed, moved out, and what does not agree (row 14)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import col, select

from models.enterprise import Enterprise
from models.pushes import CheckIn, MoveOut, OccupiedList, StayDifference
from models.rooms import CentralProject
from services.broker_pushes.listings import READERS
from services.check_ins.listings import DIFFERENCES, MOVE_OUTS, STAYS, TAKEN
from services.check_ins.occupied import held_rooms
from services.engine.figure_reports import Figure, FigureLines, added, counted, share
from services.engine.listings import Line
from services.engine.registry import query
from services.engine.work import Work

FIGURES = (
    Figure("check_ins", "入住", STAYS.name),
    Figure("filed", "已备案", STAYS.name, {"outcome": "FILED"}),
    Figure("waiting", "等待中", STAYS.name, {"outcome": "WAITING"}),
    Figure("failed", "未通过", STAYS.name, {"outcome": "FAILED"}),
    Figure("late", "补报", STAYS.name, {"late": "1"}),
    Figure("move_outs", "退租", MOVE_OUTS.name, {"outcome": TAKEN}),
    Figure("differences", "差异", DIFFERENCES.name, {"state": "OPEN"}),
)
_NONE = dict.fromkeys((one.name for one in FIGURES), 0)
#: Figures that add up over the projects.
_ADDED = (*_NONE, "active", "occupied")


@dataclass(frozen=True)
class MonitorFilter:
    """Months as `2027-03`, both included, of the day a tenant moved in or out, and a project number."""

    since: str = ""
    until: str = ""
    project: str = ""


@query("check_ins.monitor", "入住备案监测", roles=READERS)
def monitor(work: Work, order: MonitorFilter) -> FigureLines:
    """Count the visible stays of the months asked for by project, and by month over all of them."""
    stays = _counted(work, order, CheckIn.project_no, MoveOut.project_no)
    open_ones = counted(work, DIFFERENCES, {}, StayDifference.project_id, FIGURES)
    differing = {project_id for project_id, figures in open_ones.items() if figures["differences"]}
    projects = _projects(work, set(stays), differing, order.project.strip())
    lines = [
        _line(work, number, projects.get(number), stays.get(number, _NONE), open_ones)
        for number in sorted({*stays, *projects})
    ]
    months = _counted(work, order, CheckIn.month, MoveOut.month)
    return FigureLines(
        tuple(sorted(lines, key=lambda line: (-line.check_ins, line.project_no))),
        _sum(lines) if lines else None,
        tuple(Line(month=month, **months[month]) for month in sorted(months)),
    )


def _counted(work: Work, order: MonitorFilter, of_stay: Any, of_move_out: Any) -> dict[str, dict[str, int]]:
    """The figures of stays and of move-outs that were not refused, by a column of each."""
    stays = counted(work, STAYS, asdict(order), of_stay, FIGURES)
    left = counted(work, MOVE_OUTS, asdict(order), of_move_out, FIGURES)
    keys = {*stays, *(key for key, figures in left.items() if figures["move_outs"])}
    return {key: {**_NONE, **stays.get(key, {}), **left.get(key, {})} for key in keys}


def _projects(work: Work, numbers: set[str], ids: set[Any], only: str) -> dict[str, CentralProject]:
    statement = select(CentralProject).where(
        col(CentralProject.project_no).in_(numbers) | col(CentralProject.id).in_(ids)
    )
    if only:
        statement = statement.where(CentralProject.project_no == only)
    return {row.project_no: row for row in work.session.exec(statement).all()}


def _line(
    work: Work,
    number: str,
    project: CentralProject | None,
    figures: dict[str, int],
    open_ones: dict[Any, dict[str, int]],
) -> Line:
    """A project; figures of the months asked for, those of `active` on are of today.

    `occupied` is what its newest list says, nothing when it never sent one.
    """
    told = operator = None
    if project is not None:
        operator = work.first(Enterprise.name, Enterprise.id == project.enterprise_id)
        told = work.first(OccupiedList, OccupiedList.project_id == project.id, by=col(OccupiedList.as_of).desc())
    now = open_ones.get(project.id, {}) if project else {}
    return Line(
        id=number,
        project_no=number,
        name=project.name if project else "未识别项目",
        operator=operator or "",
        **{**figures, **now},
        rate=share(figures["filed"], figures["check_ins"]),
        active=len(held_rooms(work, project, work.today)) if project else 0,
        occupied=len(told.rooms) if told else None,
        listed_on=told.as_of if told else None,
    )


def _sum(lines: Iterable[Line]) -> Line:
    total = added({name: getattr(line, name) for name in _ADDED} for line in lines)
    rate = share(total["filed"], total["check_ins"])
    return Line(id="total", project_no="", name="合计", operator="", **total, rate=rate, listed_on=None)

"""The district's monitor: of each project what moved in, was filed, failed, moved out, and what does not agree (row 14)."""

from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, select

from models.enterprise import CentralProject, Enterprise
from models.push_codes import DifferenceState
from models.pushes import CheckIn, MoveOut, OccupiedList, StayDifference
from services.broker_pushes.listings import READERS
from services.check_ins.listings import FAILED, FILED, MOVE_OUTS, STAYS, TAKEN, WAITING
from services.check_ins.occupied import held_rooms
from services.engine.listings import Filters, narrowed
from services.engine.registry import query
from services.engine.work import Work


@dataclass(frozen=True)
class ProjectLine:
    """A project; figures of the months asked for, those of `active` on are of today.

    `occupied` is what its newest list says, nothing when it never sent one. `rate` is in hundredths.
    """

    id: str
    project_no: str
    name: str
    operator: str
    check_ins: int
    filed: int
    waiting: int
    failed: int
    late: int
    move_outs: int
    rate: Decimal | None
    active: int
    occupied: int | None
    listed_on: date | None
    differences: int


@dataclass(frozen=True)
class MonthLine:
    """Moves in and out in a month, over all projects of the monitor."""

    month: str
    check_ins: int
    filed: int
    move_outs: int


@dataclass(frozen=True)
class Monitor:
    lines: tuple[ProjectLine, ...] = field(default_factory=tuple)
    months: tuple[MonthLine, ...] = field(default_factory=tuple)
    total: ProjectLine | None = None


@dataclass(frozen=True)
class MonitorFilter:
    """Months as `2027-03`, both included, of the day a tenant moved in or out, and a project number."""

    since: str = ""
    until: str = ""
    project: str = ""


@query("check_ins.monitor", "入住备案监测", roles=READERS)
def monitor(work: Work, order: MonitorFilter) -> Monitor:
    """Count the visible stays of the months asked for by project; every figure's list has exactly its rows."""
    filters = asdict(order)
    stays = _counts(work, filters, CheckIn.project_no)
    left = _left(work, filters, MoveOut.project_no)
    open_ones: dict[Any, int] = dict(
        work.session.exec(
            select(StayDifference.project_id, func.count())
            .where(
                col(StayDifference.id).in_(work.visible(StayDifference).with_only_columns(StayDifference.id)),  # type: ignore[call-overload]
                StayDifference.state == DifferenceState.OPEN,
            )
            .group_by(col(StayDifference.project_id))
        ).all()
    )
    projects = _projects(work, {*stays, *left}, set(open_ones), order.project.strip())
    lines = [
        _line(work, number, projects.get(number), stays.get(number, (0,) * 5), left.get(number, 0), open_ones)
        for number in sorted({*stays, *left, *projects})
    ]
    months = _counts(work, filters, CheckIn.month)
    months_left = _left(work, filters, MoveOut.month)
    return Monitor(
        tuple(sorted(lines, key=lambda line: (-line.check_ins, line.project_no))),
        tuple(
            MonthLine(month, months.get(month, (0, 0))[0], months.get(month, (0, 0))[1], months_left.get(month, 0))
            for month in sorted({*months, *months_left})
        ),
        _sum(lines) if lines else None,
    )


def _counts(work: Work, filters: Filters, column: Any) -> dict[str, tuple[int, ...]]:
    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    visible = narrowed(work, STAYS, filters).with_only_columns(CheckIn.id)
    rows = work.session.exec(
        select(  # type: ignore[call-overload]
            column,
            func.count(),
            count(col(CheckIn.state).in_(FILED)),
            count(col(CheckIn.state).in_(WAITING)),
            count(col(CheckIn.state).in_(FAILED)),
            count(col(CheckIn.late_days) > 0),
        )
        .where(col(CheckIn.id).in_(visible))
        .group_by(column)
    ).all()
    return {row[0]: tuple(row[1:]) for row in rows}


def _left(work: Work, filters: Filters, column: Any) -> dict[str, int]:
    """Count the move-outs that were not refused."""
    taken = narrowed(work, MOVE_OUTS, {**filters, "outcome": TAKEN}).with_only_columns(MoveOut.id)
    counted = select(column, func.count()).where(col(MoveOut.id).in_(taken)).group_by(column)
    return dict(work.session.exec(counted).all())


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
    stays: tuple[int, ...],
    left: int,
    open_ones: dict[Any, int],
) -> ProjectLine:
    told = operator = None
    if project is not None:
        operator = work.session.exec(select(Enterprise.name).where(Enterprise.id == project.enterprise_id)).first()
        told = work.session.exec(
            select(OccupiedList)
            .where(OccupiedList.project_id == project.id)
            .order_by(col(OccupiedList.as_of).desc())
            .limit(1)
        ).first()
    check_ins, filed, waiting, failed, late = stays
    return ProjectLine(
        id=number,
        project_no=number,
        name=project.name if project else "未识别项目",
        operator=operator or "",
        check_ins=check_ins,
        filed=filed,
        waiting=waiting,
        failed=failed,
        late=late,
        move_outs=left,
        rate=_rate(filed, check_ins),
        active=len(held_rooms(work, project, work.today)) if project else 0,
        occupied=len(told.rooms) if told else None,
        listed_on=told.as_of if told else None,
        differences=open_ones.get(project.id, 0) if project else 0,
    )


def _rate(filed: int, check_ins: int) -> Decimal | None:
    return (Decimal(filed) * 100 / check_ins).quantize(Decimal("0.01")) if check_ins else None


#: Figures that add up over the projects.
_ADDED = ("check_ins", "filed", "waiting", "failed", "late", "move_outs", "active", "occupied", "differences")


def _sum(lines: list[ProjectLine]) -> ProjectLine:
    added = {name: sum(getattr(line, name) or 0 for line in lines) for name in _ADDED}
    rate = _rate(added["filed"], added["check_ins"])
    return ProjectLine("total", "", "合计", "", **added, rate=rate, listed_on=None)

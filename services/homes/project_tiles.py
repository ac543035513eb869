"""Tiles of projects: the portfolio from land to keys, what is still to be filled in, days that are due (issue 19)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from models.alerts import AlertGrade
from models.codes import Toned
from models.land_codes import ProjectStage
from models.projects import Project
from models.records import InForceState
from services.cockpit.desk import ProjectDesk, project_desk, to_fill_in
from services.engine.dependencies import NodeState
from services.engine.figures import Figure, figure
from services.engine.home_tiles import short_name
from services.engine.homes import Choice, Entry, Panel
from services.engine.list_pages import lines_of
from services.engine.listings import Line
from services.engine.work import Work
from services.progress.board import BOARD
from services.projects.project import Used, parcels_by_project

_STEPS = tuple(stage for stage in ProjectStage if stage is not ProjectStage.CLOSED)
_DESKS = "home.desks"
#: Projects drawn, projects opened to see what they owe, lines of a tile, projects that are ranked.
_MOST_PROJECTS, _MOST_DESKS, _MOST_LINES, _MOST_READ = 12, 3, 8, 200


Land = Mapping[UUID, Sequence[Used]]


def _planned(row: Project, land: Land) -> Iterator[tuple[ProjectStage, str, date]]:
    """Days agreed for the land of a project, or planned, that were not reached."""
    for parcel, _ in land.get(row.id, ()):
        agreed = (parcel.start_extended_to or parcel.start_due_on, parcel.finish_extended_to or parcel.finish_due_on)
        if agreed[0] is not None and row.started_on is None:
            yield ProjectStage.CONSTRUCTION, "约定开工", agreed[0]
        if agreed[1] is not None and row.finished_on is None:
            yield ProjectStage.COMPLETION, "约定竣工", agreed[1]
    for stage, words, on, reached in (
        (ProjectStage.CONSTRUCTION, "计划开工", row.planned_start_on, row.started_on),
        (ProjectStage.PRESALE, "计划预售", row.planned_presale_on, _has_reached(row, ProjectStage.PRESALE)),
        (ProjectStage.COMPLETION, "计划竣工", row.planned_finish_on, row.finished_on),
        (ProjectStage.DELIVERY, "计划交付", row.planned_delivery_on, _has_reached(row, ProjectStage.DELIVERY)),
    ):
        if on is not None and not reached:
            yield stage, words, on


def _has_reached(row: Project, stage: ProjectStage) -> bool:
    """Tell whether a project is in a stage or beyond it."""
    order = list(ProjectStage)
    return order.index(row.stage) >= order.index(stage)


def _project(work: Work, row: Project, line: Line, land: Land) -> Entry:
    order = list(ProjectStage)
    planned = sorted(_planned(row, land), key=lambda one: one[2])
    late = {stage for stage, _, on in planned if on < work.today}
    steps = []
    for stage in _STEPS:
        before = order.index(stage) < order.index(row.stage)
        standing = "late" if stage in late else "done" if before else "now" if stage is row.stage else "later"
        steps.append((stage.label, standing))
    chip, due = Toned("按计划", "muted"), ""
    if planned:
        _, words, on = planned[0]
        days = (on - work.today).days
        due = f"{words} {on.isoformat()}"
        chip = Toned(f"已过{-days}天", "bad") if days < 0 else Toned(f"还有{days}天", "warn" if days <= 30 else "info")
    lights = tuple(
        Figure(grade.value, grade.label, getattr(line, grade.value), tone=grade.tone) for grade in reversed(AlertGrade)
    )
    where = " · ".join(
        part for part in (line.company, short_name(row.district_code), "停工" if row.suspended else "") if part
    )
    opened = Figure(str(row.id), row.name, opens="cockpit", filters={"id": str(row.id)})
    return Entry(row.name, opened, where, chip, beside=due, cells=lights, steps=tuple(steps))


def _ranked(work: Work) -> tuple[list[Project], Land]:
    """The company's projects, the one whose day comes first at the top, and their land."""
    rows = work.rows(work.visible(Project), Project.in_force == InForceState.EFFECTIVE, by=Project.id, most=_MOST_READ)
    land = parcels_by_project(work, [row.id for row in rows])
    first = {row.id: min((on for _, _, on in _planned(row, land)), default=date.max) for row in rows}
    return sorted(rows, key=lambda row: (first[row.id], row.name)), land


def portfolio(work: Work) -> Panel:
    """Projects from land to keys with what is next and their alerts; the latest day that was missed comes first."""
    ranked, land = _ranked(work)
    lines = {line.id: line for line in lines_of(work, BOARD, ranked[:_MOST_PROJECTS])}
    entries = tuple(_project(work, row, lines[row.id], land) for row in ranked[:_MOST_PROJECTS])
    whole = figure(work, "all", "全部", BOARD, {})
    words = "还没有生效的项目。办理中的项目在“项目总览”中查看。"
    return Panel(
        "portfolio", "项目", (Choice("", entries),), "从土地到交付；期限先到的在前，按自然日", whole, empty=words
    )


def _desks(work: Work) -> list[ProjectDesk]:
    """The overviews of a company's first projects, read once for a home."""
    if _DESKS not in work.session.info:
        rows = _ranked(work)[0][:_MOST_DESKS]
        work.session.info[_DESKS] = [project_desk(work, row.id) for row in rows]
    found: list[ProjectDesk] = work.session.info[_DESKS]
    return found


def _cockpit(desk: ProjectDesk, key: str) -> Figure:
    return Figure(f"{desk.project_id}:{key}", desk.name, opens="cockpit", filters={"id": str(desk.project_id)})


def missing(work: Work) -> Panel:
    """Records the company's projects still owe: returned ones first, then those that can be filled in at once."""
    owed = [(desk, record) for desk in _desks(work) for record in to_fill_in(desk)]
    order = {NodeState.RETURNED: 0, NodeState.DRAFT: 1, NodeState.MISSING: 2}
    owed.sort(key=lambda pair: (order.get(pair[1].state, 3), bool(pair[1].because)))
    entries = []
    for desk, record in owed[:_MOST_LINES]:
        chip = Toned(f"等待{'、'.join(record.because)}", "muted") if record.because else record.state
        entries.append(Entry(record.label, _cockpit(desk, record.kind), desk.name, chip))
    note = f"期限最近的{len(_desks(work))}个项目，共 {len(owed)} 项；退回的在前"
    return Panel("lines", "待填报", (Choice("", tuple(entries)),), note, empty="各项目本阶段应填报的都已填报")


def due(work: Work) -> Panel:
    """Days agreed, planned or to be paid of the company's projects, the missed ones first."""
    lines = sorted(
        ((one, desk) for desk in _desks(work) for one in desk.due), key=lambda pair: (pair[0].on, pair[0].id)
    )
    entries = []
    for one, desk in lines[:_MOST_LINES]:
        chip = (
            Toned(f"已过{-one.left}天", "bad")
            if one.left < 0
            else Toned(f"还有{one.left}天", "warn" if one.left <= 30 else "info")
        )
        entries.append(Entry(one.what, _cockpit(desk, one.id), desk.name, chip, beside=one.on.isoformat()))
    return Panel(
        "lines", "到期事项", (Choice("", tuple(entries)),), "同上项目，近半年，按自然日", empty="近半年没有到期事项"
    )

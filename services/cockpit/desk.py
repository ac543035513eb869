"""A project at a glance: stages, what is missing and why, what is due, what is under review, open alerts (row 58)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from models.access import MARKET
from models.alerts import Alert
from models.land_codes import ProjectStage
from models.parcels import Parcel, ParcelInstalment
from models.places_data import district
from models.projects import Project
from models.records import OPEN_STATES, InForceState, Revision, RevisionState
from services.alerts.listings import ALERTS
from services.engine.cycle_queue import QUEUE
from services.engine.dependencies import Edge, Graph, Node, NodeRecord, NodeState, dependency_graph
from services.engine.kinds import KINDS, Owner
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Filter, Line, Listing, listed
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.parcels.companies import company_name, company_names, head_is_admitted
from services.projects.ownership import standing_project
from services.projects.project import parcels_of
from services.projects.stages import LifeRecord, life

#: Days further away than this are not yet due.
_AHEAD = timedelta(days=180)
_MOST = 100
#: Number of latest changes shown.
_RECENT = 8
#: Kinds before the project, in the drawing of what needs what.
_BEFORE = ("head_company", "project_company")
LINK = "parcel_project_link"


@dataclass(frozen=True)
class StageView:
    """`standing` is done, now or later. A record of the stage has no `state` where a later release brings its kind."""

    stage: ProjectStage
    standing: str
    planned: date | None
    records: tuple[Line, ...]


@dataclass(frozen=True)
class DueLine:
    """An event with a day: `left` days from today, negative when overdue. It is opened by kind and id."""

    id: str
    what: str
    on: date
    left: int
    kind: str
    record_id: UUID


@dataclass(frozen=True)
class Point:
    """A main figure of a project, in the unit of its column."""

    label: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Change:
    """A version of a record of the project, with the state its last step left it in."""

    at: datetime
    label: str
    version_no: int
    state: RevisionState
    kind: str
    record_id: UUID
    revision_id: UUID


@dataclass(frozen=True)
class ProjectDesk:
    """`in_force` is false while the project itself is still on its way."""

    project_id: UUID
    name: str
    record_no: str
    company: str
    head: str
    district: str
    stage: ProjectStage
    suspended: bool
    in_force: bool
    keeps: bool
    stages: tuple[StageView, ...]
    due: tuple[DueLine, ...]
    reviews: tuple[Line, ...]
    alerts: tuple[Line, ...]
    graph: Graph
    points: tuple[Point, ...]
    changes: tuple[Change, ...]


@query("cockpit.project", "项目总览", roles=set(MARKET))
def project_desk(work: Work, project_id: UUID) -> ProjectDesk:
    """Return the overview of a visible project."""
    standing = standing_project(work, project_id)
    if standing is None:
        raise NotFound
    row, draft, owner = standing.row, standing.draft, standing.owner
    built = [one.kind for records in life().values() for one in records if one.kind in KINDS and one.kind != "parcel"]
    graph = dependency_graph(work, owner, [*(name for name in _BEFORE if name in KINDS), *built])
    parcels = [parcel for parcel, _ in parcels_of(work, project_id)]
    graph = _with_parcels(graph, parcels, head_is_admitted(work, owner.head_company_id))
    stage = row.stage if row is not None else ProjectStage.LAND
    return ProjectDesk(
        project_id=project_id,
        name=row.name if row is not None else str(draft.title.json()) if draft is not None else "",
        record_no=row.record_no if row is not None else draft.record_no if draft is not None else "",
        company=company_name(work, owner.project_company_id),
        head=company_name(work, owner.head_company_id),
        district=_place(owner.district_code),
        stage=stage,
        suspended=bool(row is not None and row.suspended),
        in_force=row is not None,
        keeps=owner.project_company_id is not None and owner.project_company_id == work.caller.enterprise_id,
        stages=tuple(_stages(graph, stage, row)),
        due=tuple(sorted(_due(work, row, parcels), key=lambda line: (line.on, line.id))),
        reviews=tuple(_reviews(work, project_id)),
        alerts=tuple(_alerts(work, owner, project_id)),
        graph=graph,
        points=tuple(_points(row)),
        changes=tuple(_changes(work, project_id)),
    )


def to_fill_in(desk: ProjectDesk) -> Iterator[Line]:
    """The records a project still owes: neither in force nor under review; an optional one only when it was returned."""
    for record in (record for stage in desk.stages for record in stage.records):
        if record.state in {None, NodeState.IN_FORCE, NodeState.REVIEW}:
            continue
        if not record.optional or record.state is NodeState.RETURNED:
            yield record


# ------------------------------------------------------------------ stages, needs


def _with_parcels(graph: Graph, parcels: Sequence[Parcel], admitted: bool) -> Graph:
    """The parcels before the link that assigns them, and the head before its companies, which no kind needs by itself."""
    records = tuple(NodeRecord(one.id, one.record_no, one.parcel_name, True) for one in parcels)
    parcel = Node("parcel", "地块", 56, NodeState.IN_FORCE if parcels else NodeState.MISSING, 0, (), records)
    nodes = {node.kind: node for node in (parcel, *graph.nodes)}
    if admitted and (head := nodes.get("head_company")) is not None:
        # That its head was admitted a project company may know; the head's own record it does not see.
        nodes["head_company"] = replace(head, state=NodeState.IN_FORCE)
    more = (
        Edge("parcel", LINK, "地块生效", bool(parcels)),
        Edge("head_company", "project_company", "总公司准入", _is_there(nodes, "head_company")),
    )
    edges = (*(edge for edge in more if {edge.before, edge.after} <= set(nodes)), *graph.edges)
    ranks = _ranks(nodes, edges)
    ordered = sorted(nodes.values(), key=lambda node: (ranks[node.kind], node.row, node.kind))
    return Graph(tuple(replace(node, rank=ranks[node.kind]) for node in ordered), edges)


def _is_there(nodes: Mapping[str, Node], kind: str) -> bool:
    return kind in nodes and nodes[kind].state is NodeState.IN_FORCE


def _ranks(nodes: Iterable[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Return the number of requirements before each kind, along the longest path."""
    ranks = dict.fromkeys(nodes, 0)
    for _ in ranks:
        for edge in edges:
            ranks[edge.after] = max(ranks[edge.after], ranks[edge.before] + 1) if ranks[edge.before] < len(ranks) else 0
    return ranks


def _stages(graph: Graph, now: ProjectStage, row: Project | None) -> Iterator[StageView]:
    nodes = {node.kind: node for node in graph.nodes}
    stages = life()
    order = list(stages)
    at = order.index(now) if now in order else len(order)
    planned = _planned(row)
    for place, (stage, planned_records) in enumerate(stages.items()):
        records = tuple(_stage_record(one, nodes.get(one.kind)) for one in planned_records)
        standing = "done" if place < at else "now" if place == at else "later"
        yield StageView(stage, standing, planned.get(stage), records)


def _planned(row: Project | None) -> dict[ProjectStage, date | None]:
    if row is None:
        return {}
    return {
        ProjectStage.CONSTRUCTION: row.planned_start_on,
        ProjectStage.PRESALE: row.planned_presale_on,
        ProjectStage.COMPLETION: row.planned_finish_on,
        ProjectStage.DELIVERY: row.planned_delivery_on,
    }


def _stage_record(one: LifeRecord, node: Node | None) -> Line:
    built = one.kind in KINDS
    state = node.state if node is not None else NodeState.MISSING if built else None
    because, records = (node.because, node.records) if node is not None else ((), ())
    return Line(**vars(one), built=built, state=state, because=because, records=records)


# ------------------------------------------------------------------ days


def _due(work: Work, row: Project | None, parcels: Sequence[Parcel]) -> Iterator[DueLine]:
    for parcel in parcels:
        if row is None or row.started_on is None:
            yield from _line(work, "约定开工", parcel.start_extended_to or parcel.start_due_on, "parcel", parcel.id)
        if row is None or row.finished_on is None:
            yield from _line(work, "约定竣工", parcel.finish_extended_to or parcel.finish_due_on, "parcel", parcel.id)
        for one in _unpaid(work, parcel):
            yield from _line(work, f"第{one.no}期土地价款", one.due_on, "parcel", parcel.id)
    if row is not None:
        stages = list(ProjectStage)

        def ahead(stage: ProjectStage, on: date | None) -> date | None:
            """Return the day planned for a stage that the project has not come to."""
            return on if stages.index(row.stage) < stages.index(stage) else None

        for what, on in (
            ("计划开工", row.planned_start_on if row.started_on is None else None),
            ("计划预售", ahead(ProjectStage.PRESALE, row.planned_presale_on)),
            ("计划竣工", row.planned_finish_on if row.finished_on is None else None),
            ("计划交付", ahead(ProjectStage.DELIVERY, row.planned_delivery_on)),
        ):
            yield from _line(work, what, on, "project", row.id)


def _unpaid(work: Work, parcel: Parcel) -> Sequence[ParcelInstalment]:
    return work.rows(
        ParcelInstalment,
        ParcelInstalment.record_id == parcel.id,
        col(ParcelInstalment.paid_on).is_(None),
        by=(ParcelInstalment.due_on, ParcelInstalment.place),
    )


def _line(work: Work, what: str, on: date | None, kind: str, record_id: UUID) -> Iterator[DueLine]:
    if on is not None and on - work.today <= _AHEAD:
        yield DueLine(f"{record_id}:{what}", what, on, (on - work.today).days, kind, record_id)


# ------------------------------------------------------------------ figures, changes


def _points(row: Project | None) -> Iterator[Point]:
    if row is None:
        return
    columns = Project.__table__.columns  # type: ignore[attr-defined]
    for name in ("land_area", "total_gfa", "above_gfa", "far_area", "total_investment", "invested_to_date"):
        value = getattr(row, name)
        if value is not None:
            told = columns[name].info
            yield Point(told["label"], value, told["unit"])


def _changes(work: Work, project_id: UUID) -> Iterator[Change]:
    rows = work.rows(
        work.visible(Revision),
        col(Revision.kind).in_(list(KINDS)),
        or_(Revision.project_id == project_id, Revision.record_id == project_id),
        by=(col(Revision.updated_at).desc(), Revision.id),
        most=_RECENT,
    )
    for row in rows:
        label = KINDS[row.kind].label
        yield Change(row.updated_at, label, row.version_no, row.state, row.kind, row.record_id, row.id)


# ------------------------------------------------------------------ under review, alerts


def _reviews(work: Work, project_id: UUID) -> Sequence[Line]:
    rows = work.rows(
        work.visible(Revision),
        Revision.state == RevisionState.SUBMITTED,
        col(Revision.kind).in_(list(KINDS)),
        or_(Revision.project_id == project_id, Revision.record_id == project_id),
        by=(Revision.review_due, Revision.id),
        most=_MOST,
    )
    return lines_of(work, QUEUE, rows)


def _alerts(work: Work, owner: Owner, project_id: UUID) -> Sequence[Line]:
    about = [Alert.project_id == project_id, Alert.subject_id == project_id]
    if owner.project_company_id is not None:
        about.append(Alert.subject_id == owner.project_company_id)
    rows = work.rows(
        work.visible(Alert), col(Alert.open_key).is_not(None), or_(*about), by=(Alert.due_on, Alert.id), most=_MOST
    )
    return lines_of(work, ALERTS, sorted(rows, key=lambda row: -row.grade.rank))


def _sought(work: Work, text: str) -> Callable[[Line], bool]:
    word = search_word(text).casefold()
    return lambda line: word in f"{line.name} {line.record_no} {line.company}".casefold()


def _projects(work: Work) -> Iterator[Line]:
    """Projects to choose from: those on their way, then those in force."""
    drafts = work.rows(
        work.visible(Revision),
        Revision.kind == "project",
        col(Revision.state).in_(OPEN_STATES),
        col(Revision.record_id).not_in(select(Project.id)),
        by=(col(Revision.updated_at).desc(), Revision.id),
        most=_MOST,
    )
    rows = work.rows(
        work.visible(Project),
        Project.in_force == InForceState.EFFECTIVE,
        by=(col(Project.effective_from).desc(), Project.id),
        most=1000,
    )
    found: list[tuple[Any, ...]] = [(one, one.record_id, one.title.json(), one.state.label) for one in drafts]
    found += [(one, one.id, one.name, f"{one.stage.label}{'（停工）' if one.suspended else ''}") for one in rows]
    names = company_names(work, (one.project_company_id for one, *_ in found))
    for one, project_id, name, stage in found:
        company, place = names.get(one.project_company_id, ""), _place(one.district_code)
        yield Line(id=project_id, name=name, record_no=one.record_no, company=company, stage=stage, district=place)


def _place(code: str) -> str:
    found = district(code)
    return found.name if found else ""


PROJECTS = listed(
    Listing(
        name="cockpit",
        label="项目总览",
        roles=MARKET,
        items=lambda work: list(_projects(work)),
        columns=(
            Column("record_no", "业务编号", width=170),
            Column("name", "项目名称"),
            Column("company", "项目公司"),
            Column("district", "所在区", width=90),
            Column("stage", "阶段", width=110),
        ),
        filters=(Filter("text", "名称、编号或公司", _sought, width=300),),
        empty="没有可查看的项目。项目公司在“项目”中新增，或由已确认的地块自动生成草稿。",
    )
)

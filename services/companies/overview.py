"""The page of a company: state, dependants, history; and the coverage of the city's list (row 51)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import AUTHORITY, MARKET, Role
from models.alerts import Alert, AlertGrade, AlertState
from models.companies import AdmissionState, GroupCompany, HeadCompany, ProjectCompany
from models.monitoring import CompanyChange
from models.projects import Project
from models.records import OPEN_STATES, InForceState, Revision, RevisionStep
from services.companies.facts import override_of
from services.engine.kinds import KINDS, kind_named
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work

READERS = MARKET | {Role.ANALYST}
_TABLES: dict[str, Any] = {
    "group_company": GroupCompany,
    "head_company": HeadCompany,
    "project_company": ProjectCompany,
}
_STANDING = (AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.EXPLAINED)
_MOST_EVENTS = 200


@dataclass(frozen=True)
class CompanyRef:
    """A company by its kind and id."""

    kind: str
    id: UUID


@dataclass(frozen=True)
class Related:
    """A related company or project; `state` is its label."""

    kind: str
    id: UUID
    name: str
    record_no: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class Happened:
    """A thing that happened to a company."""

    at: datetime
    what: str
    detail: str
    source: str


@dataclass(frozen=True)
class OpenVersion:
    """A version of the company, or of its exit, that is on its way."""

    kind: str
    label: str
    revision_id: UUID
    record_no: str
    state: str


@dataclass(frozen=True)
class CompanyOverview:
    """`alerts` counts open alerts by grade; `covered` is set for groups only."""

    kind: str
    id: UUID
    name: str
    uscc: str
    record_no: str
    state: AdmissionState | None
    state_label: str
    admitted_on: date | None
    exited_on: date | None
    parents: tuple[Related, ...]
    children: tuple[Related, ...]
    projects: tuple[Related, ...]
    alerts: dict[str, int]
    covered: bool | None
    on_its_way: tuple[OpenVersion, ...]
    override: str
    happened: tuple[Happened, ...]


@query("companies.overview", "企业概览", roles=set(READERS))
def overview(work: Work, order: CompanyRef) -> CompanyOverview:
    """Return everything that depends on a company within the caller's scope."""
    table = _TABLES.get(order.kind)
    if table is None:
        raise NotFound
    row: Any = work.get(table, order.id)
    projects = _projects(work, order.kind, row)
    state: AdmissionState | None = getattr(row, "admission_state", None)
    may_know = work.caller.has(*AUTHORITY) and order.kind == "project_company"
    return CompanyOverview(
        kind=order.kind,
        id=row.id,
        name=row.name,
        uscc=row.uscc or getattr(row, "foreign_id", ""),
        record_no=row.record_no,
        state=state,
        state_label=state.label if state else row.registry_status.label,
        admitted_on=getattr(row, "admitted_on", None),
        exited_on=getattr(row, "exited_on", None),
        parents=tuple(_parents(work, order.kind, row)),
        children=tuple(_children(work, order.kind, row)),
        projects=tuple(projects),
        alerts=_alerts(work, row.id),
        covered=bool(projects) if order.kind == "group_company" else None,
        on_its_way=tuple(_on_its_way(work, order.kind, row)),
        override=override_of(work, row.id) if may_know else "",
        happened=tuple(_happened(work, order.kind, row)),
    )


def _parents(work: Work, kind: str, row: Any) -> Iterator[Related]:
    if kind == "head_company" and row.group_company_id is not None:
        yield from _named(work, "group_company", GroupCompany.id == row.group_company_id)
    if kind == "project_company":
        yield from _named(work, "head_company", HeadCompany.id == row.head_company_id, note=_held(row))


def _children(work: Work, kind: str, row: Any) -> Iterator[Related]:
    if kind == "group_company":
        yield from _named(work, "head_company", HeadCompany.group_company_id == row.id)
    if kind == "head_company":
        yield from _named(work, "project_company", ProjectCompany.head_company_id == row.id)


def _named(work: Work, kind: str, where: Any, *, note: str = "") -> Iterator[Related]:
    table = _TABLES[kind]
    rows: Sequence[Any] = work.session.exec(
        work.visible(table).where(where, table.in_force == InForceState.EFFECTIVE).order_by(col(table.name), table.id)
    ).all()
    for row in rows:
        state = getattr(row, "admission_state", None) or row.registry_status
        told = note or (_held(row) if kind == "project_company" else "")
        yield Related(kind, row.id, row.name, row.record_no, state.label, told)


def _held(row: Any) -> str:
    return f"持股{row.holding_ratio.normalize():f}%"


def _projects(work: Work, kind: str, row: Any) -> list[Related]:
    """Projects in force of the company, of its project companies, of its heads' project companies."""
    where = {
        "project_company": Project.project_company_id == row.id,
        "head_company": Project.head_company_id == row.id,
        "group_company": col(Project.head_company_id).in_(
            select(HeadCompany.id).where(HeadCompany.group_company_id == row.id)
        ),
    }[kind]
    rows = work.session.exec(
        work.visible(Project)
        .where(where, Project.in_force == InForceState.EFFECTIVE)
        .order_by(col(Project.name), col(Project.id))
    ).all()
    return [Related("project", one.id, one.name, one.record_no, one.stage.label) for one in rows]


def _alerts(work: Work, company_id: UUID) -> dict[str, int]:
    rows = work.session.exec(
        work.visible(Alert).where(Alert.subject_id == company_id, col(Alert.state).in_(_STANDING))
    ).all()
    counts = Counter(str(row.grade) for row in rows)
    return {str(grade): counts.get(str(grade), 0) for grade in AlertGrade}


def _on_its_way(work: Work, kind: str, row: Any) -> Iterator[OpenVersion]:
    kinds = {kind}
    about: Any = Revision.record_id == row.id
    if kind == "project_company":
        kinds.add("project_exit")
        about = sa.or_(about, sa.and_(col(Revision.kind) == "project_exit", Revision.project_company_id == row.id))
    if kind == "head_company":
        kinds.add("head_exit")
        about = sa.or_(about, sa.and_(col(Revision.kind) == "head_exit", Revision.head_company_id == row.id))
    rows = work.session.exec(
        work.visible(Revision)
        .where(about, col(Revision.kind).in_(kinds), col(Revision.state).in_(OPEN_STATES))
        .order_by(col(Revision.id))
    ).all()
    for one in rows:
        label = KINDS[one.kind].label + (f"第{one.version_no}版" if one.kind == kind else "")
        yield OpenVersion(one.kind, label, one.id, one.record_no, one.state.label)


# ------------------------------------------------------------------ what happened


def _happened(work: Work, kind: str, row: Any) -> list[Happened]:
    """Return the company's timeline, newest first: versions, exits, changes in the registry."""
    found = [*_versions(work, kind, row), *_changes(work, row.id)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:_MOST_EVENTS]


def _versions(work: Work, kind: str, row: Any) -> Iterator[Happened]:
    own: Any = work.visible(Revision).where(Revision.record_id == row.id)
    exits: dict[str, tuple[str, Any]] = {
        "project_company": ("project_exit", Revision.project_company_id),
        "head_company": ("head_exit", Revision.head_company_id),
    }
    rows = list(work.session.exec(own).all())
    if kind in exits:
        name, key = exits[kind]
        rows += work.session.exec(work.visible(Revision).where(Revision.kind == name, key == row.id)).all()
    by_id = {one.id: one for one in rows}
    steps: Iterable[RevisionStep] = work.session.exec(
        work.visible(RevisionStep)
        .where(col(RevisionStep.revision_id).in_(list(by_id)))
        .order_by(col(RevisionStep.at).desc(), col(RevisionStep.id).desc())
        .limit(_MOST_EVENTS)
    ).all()
    for step in steps:
        one = by_id[step.revision_id]
        label = kind_named(one.kind).label
        detail = step.opinion.json() if step.opinion is not None else ""
        yield Happened(step.at, f"{label}第{one.version_no}版{step.verdict.label}", str(detail), step.level or "办理")


def _changes(work: Work, company_id: UUID) -> Iterator[Happened]:
    rows = work.session.exec(
        work.visible(CompanyChange)
        .where(CompanyChange.company_id == company_id)
        .order_by(col(CompanyChange.detected_at).desc(), col(CompanyChange.id).desc())
        .limit(_MOST_EVENTS)
    ).all()
    for row in rows:
        undone = "（已撤回）" if row.undone_on is not None else ""
        yield Happened(row.detected_at, f"登记变更：{row.label}{undone}", "", "法人库")


# ------------------------------------------------------------------ coverage


@dataclass(frozen=True)
class Coverage:
    """Numbers of listed groups and of those with a project in force; `share` in hundredths."""

    listed: int
    covered: int
    share: Decimal
    open: tuple[Related, ...]


@query("companies.coverage", "集团公司覆盖率", roles=set(AUTHORITY | {Role.ANALYST}))
def coverage(work: Work, order: None) -> Coverage:
    """Count the coverage of the city's list, with the groups not yet covered."""
    listed = work.session.exec(
        work.visible(GroupCompany)
        .where(GroupCompany.in_force == InForceState.EFFECTIVE, col(GroupCompany.in_city_list).is_(True))
        .order_by(col(GroupCompany.name), col(GroupCompany.id))
    ).all()
    with_project = set(
        work.session.exec(
            select(HeadCompany.group_company_id)
            .join(Project, col(Project.head_company_id) == col(HeadCompany.id))
            .where(Project.in_force == InForceState.EFFECTIVE, col(HeadCompany.group_company_id).is_not(None))
        ).all()
    )
    missing = [row for row in listed if row.id not in with_project]
    covered = len(listed) - len(missing)
    share = Decimal(covered * 100) / len(listed) if listed else Decimal(0)
    return Coverage(
        len(listed),
        covered,
        share.quantize(Decimal("0.1")),
        tuple(Related("group_company", row.id, row.name, row.record_no, row.registry_status.label) for row in missing),
    )

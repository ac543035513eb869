"""The page of a company: state, dependants, history; and the coverage of the city's list (row 51)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import AUTHORITY, Role
from models.alerts import STANDING, Alert
from models.companies import AdmissionState, GroupCompany, HeadCompany, ProjectCompany
from models.monitoring import CompanyChange, CompanyType
from models.projects import Project
from models.records import OPEN_STATES, InForceState, Revision, RevisionStep
from services.companies.accounts import keeps_accounts_of
from services.companies.directory import READERS, TABLES, code_of, state_of
from services.companies.facts import override_of
from services.engine.kinds import KINDS, may_draft
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work

#: The exit of a kind of company, and the column of a version that names the company.
_EXITS: Mapping[CompanyType, tuple[str, Any]] = {
    CompanyType.HEAD: ("head_exit", Revision.head_company_id),
    CompanyType.PROJECT: ("project_exit", Revision.project_company_id),
}
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
    """`alerts` counts open alerts; `covered` is set for groups only. `exit_kind` names the exit the caller may draft now."""

    kind: CompanyType
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
    alerts: int
    covered: bool | None
    on_its_way: tuple[OpenVersion, ...]
    override: str
    happened: tuple[Happened, ...]
    exit_kind: str
    keeps_accounts: bool


@query("companies.overview", "企业概览", roles=set(READERS))
def overview(work: Work, order: CompanyRef) -> CompanyOverview:
    """Return everything that depends on a company within the caller's scope."""
    if order.kind not in CompanyType.labels():
        raise NotFound
    kind = CompanyType.of(order.kind)
    row: Any = work.get(TABLES[kind], order.id)
    projects, versions = _projects(work, kind, row), _versions(work, kind, row)
    state: AdmissionState | None = getattr(row, "admission_state", None)
    exit_kind, _ = _EXITS.get(kind, ("", None))
    may_leave = exit_kind and state is AdmissionState.ADMITTED and may_draft(KINDS[exit_kind], work.caller)
    may_know = work.caller.has(*AUTHORITY) and kind is CompanyType.PROJECT
    alerts = work.visible(Alert).where(Alert.subject_id == row.id, col(Alert.state).in_(STANDING))
    return CompanyOverview(
        kind=kind,
        id=row.id,
        name=row.name,
        uscc=code_of(row),
        record_no=row.record_no,
        state=state,
        state_label=state_of(row).label,
        admitted_on=getattr(row, "admitted_on", None),
        exited_on=getattr(row, "exited_on", None),
        parents=tuple(_parents(work, kind, row)),
        children=tuple(_children(work, kind, row)),
        projects=tuple(projects),
        alerts=len(work.session.exec(alerts).all()),
        covered=bool(projects) if kind is CompanyType.GROUP else None,
        on_its_way=tuple(_open_version(one, kind) for one in versions if one.state in OPEN_STATES),
        override=override_of(work, row.id) if may_know else "",
        happened=tuple(_happened(work, versions, row.id)),
        exit_kind=exit_kind if may_leave else "",
        keeps_accounts=keeps_accounts_of(work.caller, kind),
    )


def _parents(work: Work, kind: CompanyType, row: Any) -> Iterator[Related]:
    if kind is CompanyType.HEAD and row.group_company_id is not None:
        yield from _named(work, CompanyType.GROUP, GroupCompany.id == row.group_company_id)
    if kind is CompanyType.PROJECT:
        yield from _named(work, CompanyType.HEAD, HeadCompany.id == row.head_company_id, note=_held(row))


def _children(work: Work, kind: CompanyType, row: Any) -> Iterator[Related]:
    if kind is CompanyType.GROUP:
        yield from _named(work, CompanyType.HEAD, HeadCompany.group_company_id == row.id)
    if kind is CompanyType.HEAD:
        yield from _named(work, CompanyType.PROJECT, ProjectCompany.head_company_id == row.id)


def _named(work: Work, kind: CompanyType, where: Any, *, note: str = "") -> Iterator[Related]:
    table = TABLES[kind]
    rows: Sequence[Any] = work.session.exec(
        work.visible(table).where(where, table.in_force == InForceState.EFFECTIVE).order_by(col(table.name), table.id)
    ).all()
    for row in rows:
        told = note or (_held(row) if kind is CompanyType.PROJECT else "")
        yield Related(kind, row.id, row.name, row.record_no, state_of(row).label, told)


def _held(row: Any) -> str:
    return f"持股{row.holding_ratio.normalize():f}%"


def _projects(work: Work, kind: CompanyType, row: Any) -> list[Related]:
    """Projects in force of the company, of its project companies, of its heads' project companies."""
    heads = select(HeadCompany.id).where(HeadCompany.group_company_id == row.id)
    where = {
        CompanyType.PROJECT: Project.project_company_id == row.id,
        CompanyType.HEAD: Project.head_company_id == row.id,
        CompanyType.GROUP: col(Project.head_company_id).in_(heads),
    }[kind]
    rows = work.session.exec(
        work.visible(Project)
        .where(where, Project.in_force == InForceState.EFFECTIVE)
        .order_by(col(Project.name), col(Project.id))
    ).all()
    return [Related("project", one.id, one.name, one.record_no, one.stage.label) for one in rows]


# ------------------------------------------------------------------ what happened


def _versions(work: Work, kind: CompanyType, row: Any) -> Sequence[Revision]:
    """The versions of a company and of its exits."""
    about: Any = Revision.record_id == row.id
    if kind in _EXITS:
        name, key = _EXITS[kind]
        about |= (Revision.kind == name) & (key == row.id)
    found: Sequence[Revision] = work.session.exec(work.visible(Revision).where(about).order_by(col(Revision.id))).all()
    return found


def _open_version(one: Revision, kind: CompanyType) -> OpenVersion:
    label = KINDS[one.kind].label + (f"第{one.version_no}版" if one.kind == kind else "")
    return OpenVersion(one.kind, label, one.id, one.record_no, one.state.label)


def _happened(work: Work, versions: Sequence[Revision], company_id: UUID) -> list[Happened]:
    """Return the company's timeline, newest first: versions, exits, changes in the registry."""
    found = [*_steps(work, versions), *_changes(work, company_id)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:_MOST_EVENTS]


def _steps(work: Work, versions: Sequence[Revision]) -> Iterator[Happened]:
    by_id = {one.id: one for one in versions}
    steps: Iterable[RevisionStep] = work.session.exec(
        work.visible(RevisionStep)
        .where(col(RevisionStep.revision_id).in_(list(by_id)))
        .order_by(col(RevisionStep.at).desc(), col(RevisionStep.id).desc())
        .limit(_MOST_EVENTS)
    ).all()
    for step in steps:
        one = by_id[step.revision_id]
        label = KINDS[one.kind].label
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

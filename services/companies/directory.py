"""主体一览: visible companies of every kind, the page of one, and the coverage of the city's list (rows 51-54)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import AUTHORITY, MARKET, PROJECT_OFFICE, Role
from models.alerts import STANDING, Alert, AlertGrade
from models.codes import Code
from models.companies import AdmissionState, GroupCompany, HeadCompany, ProjectCompany
from models.monitoring import CompanyChange, CompanyType
from models.places_data import district
from models.projects import Project
from models.records import OPEN_STATES, InForceState, Revision, RevisionStep
from services.companies.accounts import keeps_accounts_of
from services.companies.facts import override_of
from services.companies.names import code_key
from services.engine.callers import Caller
from services.engine.kinds import KINDS, may_draft
from services.engine.listings import NAMES, Column, Filter, Line, Listing, choice, either, listed, part
from services.engine.look_ups import values_by
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.monitoring.companies import TABLES

READERS = MARKET | {Role.ANALYST}
#: The kind of company above one, and the column that names it.
_ABOVE: Mapping[Any, tuple[Any, str]] = {
    HeadCompany: (GroupCompany, "group_company_id"),
    ProjectCompany: (HeadCompany, "head_company_id"),
}


def state_of(company: Any) -> Any:
    """Return the state of a company: of its admission, of a group that in the registry."""
    return getattr(company, "admission_state", None) or company.registry_status


def code_of(company: Any) -> str:
    """Return the credit code of a company, of a foreign group its number abroad."""
    return str(company.uscc or getattr(company, "foreign_id", ""))


def first_kind(caller: Caller) -> CompanyType:
    """Return the kind of company a caller's work is about."""
    return CompanyType.PROJECT if caller.has(*PROJECT_OFFICE) else CompanyType.HEAD


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    upper, key = _ABOVE.get(type(rows[0]), (GroupCompany, "id"))
    above = values_by(work, upper.id, upper.name, (getattr(row, key) for row in rows))
    alerts = work.visible(Alert).where(
        col(Alert.subject_id).in_([row.id for row in rows]), col(Alert.state).in_(STANDING)
    )
    gravest: dict[Any, AlertGrade] = {}
    for alert in sorted(work.session.exec(alerts).all(), key=lambda one: one.grade.rank):
        gravest[alert.subject_id] = alert.grade
    return {
        "above": lambda row: above.get(getattr(row, key), "") if type(row) in _ABOVE else "",
        "grade": lambda row: gravest.get(row.id, ""),
    }


#: A company is found by its name or its credit code.
_COMPANY = rf"{NAMES}|9[0-9A-Za-z]{{17}}"


def _place(company: Any) -> str:
    place = district(company.district_code)
    return place.name if place else ""


def _companies(kind: CompanyType, table: Any) -> Listing:
    admitted = (
        [choice("state", "准入状态", table.admission_state, AdmissionState, width=140)] if table in _ABOVE else []
    )
    code = Filter("uscc", "信用代码", lambda work, text: table.uscc == code_key(text))
    return listed(
        Listing(
            name=f"companies_{kind}",
            label=kind.label,
            roles=READERS,
            table=table,
            rows=lambda work: work.visible(table).where(table.in_force == InForceState.EFFECTIVE),
            columns=(
                Column("name", "企业名称", sortable=True),
                Column("uscc", "信用代码", code_of, sortable=True, width=172),
                Column("state", "状态", state_of, width=92),
                Column("district", "管理区", _place, width=84),
                Column("above", "上级", width=190),
                Column("grade", "预警", width=64),
                Column("record_no", "编号", sortable=True, width=176),
            ),
            filters=(
                either("text", "企业名称或信用代码", part("name", "", table.name), code, width=260, finds=_COMPANY),
                *admitted,
            ),
            sort="name",
            look_up=_cells,
            empty="没有符合条件的企业",
        )
    )


COMPANIES: Mapping[CompanyType, Listing] = {kind: _companies(kind, table) for kind, table in TABLES.items()}


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
class CompanyOverview:
    """A company with all that depends on it; `exit_kind` names the exit the caller may draft now.

    `alerts` counts open alerts, `covered` is set for groups only. `on_its_way` are open versions of the company and of its
    exit, `happened` what was done with it, newest first.
    """

    kind: CompanyType
    row: Any
    uscc: str
    state: Code
    parents: tuple[Related, ...]
    children: tuple[Related, ...]
    projects: tuple[Related, ...]
    alerts: int
    covered: bool | None
    on_its_way: tuple[Line, ...]
    override: str
    happened: tuple[Line, ...]
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
    exit_kind, _ = _EXITS.get(kind, ("", None))
    may_leave = (
        exit_kind and row.admission_state is AdmissionState.ADMITTED and may_draft(KINDS[exit_kind], work.caller)
    )
    may_know = work.caller.has(*AUTHORITY) and kind is CompanyType.PROJECT
    alerts = work.visible(Alert).where(Alert.subject_id == row.id, col(Alert.state).in_(STANDING))
    happened = sorted([*_steps(work, versions), *_changes(work, row.id)], key=lambda one: one.at, reverse=True)
    return CompanyOverview(
        kind=kind,
        row=row,
        uscc=code_of(row),
        state=state_of(row),
        parents=tuple(_parents(work, kind, row)),
        children=tuple(_children(work, kind, row)),
        projects=tuple(projects),
        alerts=len(work.session.exec(alerts).all()),
        covered=bool(projects) if kind is CompanyType.GROUP else None,
        on_its_way=tuple(_open_version(one, kind) for one in versions if one.state in OPEN_STATES),
        override=override_of(work, row.id) if may_know else "",
        happened=tuple(happened[:_MOST_EVENTS]),
        exit_kind=exit_kind if may_leave else "",
        keeps_accounts=keeps_accounts_of(work.caller, kind),
    )


def _parents(work: Work, kind: CompanyType, row: Any) -> Iterator[Related]:
    if kind is CompanyType.HEAD and row.group_company_id is not None:
        yield from _related(work, CompanyType.GROUP, GroupCompany.id == row.group_company_id)
    if kind is CompanyType.PROJECT:
        yield from _related(work, CompanyType.HEAD, HeadCompany.id == row.head_company_id, note=_held(row))


def _children(work: Work, kind: CompanyType, row: Any) -> Iterator[Related]:
    if kind is CompanyType.GROUP:
        yield from _related(work, CompanyType.HEAD, HeadCompany.group_company_id == row.id)
    if kind is CompanyType.HEAD:
        yield from _related(work, CompanyType.PROJECT, ProjectCompany.head_company_id == row.id)


def _related(work: Work, kind: CompanyType, where: Any, *, note: str = "") -> Iterator[Related]:
    table = TABLES[kind]
    rows: Sequence[Any] = work.rows(
        work.visible(table), where, table.in_force == InForceState.EFFECTIVE, by=(table.name, table.id)
    )
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
    rows = work.rows(
        work.visible(Project), where, Project.in_force == InForceState.EFFECTIVE, by=(Project.name, Project.id)
    )
    return [Related("project", one.id, one.name, one.record_no, one.stage.label) for one in rows]


# ------------------------------------------------------------------ what happened


def _versions(work: Work, kind: CompanyType, row: Any) -> Sequence[Revision]:
    """The versions of a company and of its exits."""
    about: Any = Revision.record_id == row.id
    if kind in _EXITS:
        name, key = _EXITS[kind]
        about |= (Revision.kind == name) & (key == row.id)
    found: Sequence[Revision] = work.rows(work.visible(Revision), about, by=Revision.id)
    return found


def _open_version(one: Revision, kind: CompanyType) -> Line:
    label = KINDS[one.kind].label + (f"第{one.version_no}版" if one.kind == kind else "")
    return Line(kind=one.kind, label=label, id=one.id, record_no=one.record_no, state=one.state.label)


def _steps(work: Work, versions: Sequence[Revision]) -> Iterator[Line]:
    by_id = {one.id: work.whole(one) for one in versions}
    steps: Iterable[RevisionStep] = work.rows(
        work.visible(RevisionStep),
        col(RevisionStep.revision_id).in_(list(by_id)),
        by=(col(RevisionStep.at).desc(), col(RevisionStep.id).desc()),
        most=_MOST_EVENTS,
    )
    for step in steps:
        one = by_id[step.revision_id]
        label = KINDS[one.kind].label
        detail = step.opinion.json() if step.opinion is not None else ""
        what = f"{label}第{one.version_no}版{step.verdict.label}"
        yield Line(at=step.at, what=what, detail=str(detail), source=step.level or "办理")


def _changes(work: Work, company_id: UUID) -> Iterator[Line]:
    rows = work.rows(
        work.visible(CompanyChange),
        CompanyChange.company_id == company_id,
        by=(col(CompanyChange.detected_at).desc(), col(CompanyChange.id).desc()),
        most=_MOST_EVENTS,
    )
    for row in rows:
        undone = "（已撤回）" if row.undone_on is not None else ""
        yield Line(at=row.detected_at, what=f"登记变更：{row.label}{undone}", detail="", source="法人库")


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
    listed = work.rows(
        work.visible(GroupCompany),
        GroupCompany.in_force == InForceState.EFFECTIVE,
        col(GroupCompany.in_city_list).is_(True),
        by=(GroupCompany.name, GroupCompany.id),
    )
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

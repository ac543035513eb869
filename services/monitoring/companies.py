"""The companies that are watched: groups on record, heads and project companies that are admitted, with what rules need of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.companies import (
    AdmissionState,
    GroupCompany,
    GroupFinancing,
    GroupIndicator,
    HeadCompany,
    HeadFinancing,
    HeadIndicator,
    ProjectCompany,
    ProjectFinancing,
    ProjectIndicator,
)
from models.land_codes import ProjectStage
from models.monitoring import CompanyType, CompanyWatch
from models.projects import Project
from models.records import InForceState
from services.engine.work import Work
from services.monitoring.watched import Projects, Watched

TABLES: Mapping[CompanyType, Any] = {
    CompanyType.GROUP: GroupCompany,
    CompanyType.HEAD: HeadCompany,
    CompanyType.PROJECT: ProjectCompany,
}
_DEBTS: Mapping[CompanyType, Any] = {
    CompanyType.GROUP: GroupFinancing,
    CompanyType.HEAD: HeadFinancing,
    CompanyType.PROJECT: ProjectFinancing,
}
_YEARS: Mapping[CompanyType, Any] = {
    CompanyType.GROUP: GroupIndicator,
    CompanyType.HEAD: HeadIndicator,
    CompanyType.PROJECT: ProjectIndicator,
}
_MANAGED = (AdmissionState.ADMITTED, AdmissionState.EXITING)
#: A silent registry is asked again after this long (decision 27).
_PATIENCE = timedelta(hours=1)
_DONE = (ProjectStage.DELIVERY, ProjectStage.CLOSED)


@dataclass(frozen=True)
class OneCompany:
    type: CompanyType
    id: UUID


def is_watched(table: Any) -> Any:
    """The where clause for companies of a table that are watched."""
    standing = table.in_force == InForceState.EFFECTIVE
    if table is GroupCompany:
        return standing
    return sa.and_(standing, col(table.admission_state).in_(_MANAGED))


def due_companies(work: Work, kind: CompanyType, most: int, after: UUID | None) -> Sequence[tuple[UUID, str]]:
    """Ids and codes of watched companies that are to be asked about, behind `after`: those the registry has not answered
    about today, and not within the hour after it was silent."""
    table = TABLES[kind]
    asked = col(CompanyWatch.asked_at) > work.now - _PATIENCE
    done = select(CompanyWatch.company_id).where(sa.or_(col(CompanyWatch.judged_on) == work.today, asked))
    where = [is_watched(table), col(table.id).not_in(done), *([col(table.id) > after] if after else [])]
    return work.session.exec(select(table.id, table.uscc).where(*where).order_by(col(table.id)).limit(most)).all()


def watched_company(work: Work, kind: CompanyType, company_id: UUID) -> Watched:
    """Return the facts about a company that is watched, or refuse with `NotFound`."""
    table = TABLES[kind]
    row = work.find(table, is_watched(table), table.id == company_id)
    head = work.session.get(HeadCompany, row.head_company_id) if kind is CompanyType.PROJECT else None
    return Watched(kind, row, head, _lines(work, _DEBTS[kind], row.id), _lines(work, _YEARS[kind], row.id))


def _lines(work: Work, table: Any, company_id: UUID) -> Sequence[Any]:
    return work.rows(table, table.record_id == company_id, by=table.place)


def projects_of(work: Work, company: Watched) -> Projects:
    """The unfinished projects of a project company, with the capital they bind it to."""
    if company.type is not CompanyType.PROJECT:
        return Projects()
    rows = work.in_force(
        Project,
        Project.project_company_id == company.id,
        col(Project.stage).not_in(_DONE),
        by=(Project.name, Project.id),
    )
    return Projects(tuple(row.name for row in rows), sum((row.project_capital for row in rows), Projects.capital_duty))

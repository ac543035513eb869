"""Companies as parcels and projects ask about them: admitted or not, whose, under which code."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.companies import AdmissionState, HeadCompany, Managed, ProjectCompany, Registered
from models.records import InForceState
from services.engine.look_ups import values_by
from services.engine.work import Work


def head_company(work: Work, company_id: UUID | None) -> HeadCompany | None:
    """Return a head company by its id regardless of the caller."""
    return work.first(HeadCompany, HeadCompany.id == company_id) if company_id else None


def project_company(work: Work, company_id: UUID | None) -> ProjectCompany | None:
    """Return a project company by its id regardless of the caller."""
    if company_id is None:
        return None
    return work.first(ProjectCompany, ProjectCompany.id == company_id)


def is_admitted(company: Managed) -> bool:
    """Admitted, and not voided since."""
    return company.in_force is InForceState.EFFECTIVE and company.admission_state is AdmissionState.ADMITTED


def head_is_admitted(work: Work, company_id: UUID | None) -> bool:
    company = head_company(work, company_id)
    return company is not None and is_admitted(company)


def project_company_is_admitted(work: Work, company_id: UUID | None) -> bool:
    company = project_company(work, company_id)
    return company is not None and is_admitted(company)


def in_hand(work: Work, table: type[Registered], company_id: UUID | None) -> Any:
    """Lock the company row before linking to it, so that an exit sees the link (decision 57); or None."""
    return work.held(select(table).where(table.id == company_id)).first()


def codes_of_head(work: Work, company_id: UUID | None) -> frozenset[str]:
    """The credit codes of a head company and of the project companies it answers for."""
    head = head_company(work, company_id)
    if head is None:
        return frozenset()
    own = work.rows(ProjectCompany.uscc, ProjectCompany.head_company_id == head.id)
    return frozenset({head.uscc, *own})


def company_name(work: Work, company_id: UUID | None) -> str:
    """A head or project company by its name; companies' names are public."""
    return company_names(work, [company_id]).get(company_id, "")


def company_names(work: Work, company_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Return the names of head and project companies by their ids."""
    ids = set(company_ids)
    heads = values_by(work, HeadCompany.id, HeadCompany.name, ids)
    return values_by(work, ProjectCompany.id, ProjectCompany.name, ids - heads.keys()) | heads

"""Quota of accounts in use of a company of the property market, by any opener (rows 52 and 54)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Account, AccountState, OrgUnit
from models.companies import AdmissionState, HeadCompany, Managed, ProjectCompany
from models.dialect import locked
from models.records import InForceState
from services.engine.refusals import Conflict, TooMany
from services.engine.work import Work

_COMPANIES: tuple[type[Any], ...] = (HeadCompany, ProjectCompany)


def places_used(work: Work, company_ids: Collection[UUID]) -> dict[UUID, int]:
    """Accounts in use, a company; one without any is left out."""
    rows = work.session.exec(
        select(col(OrgUnit.enterprise_id), sa.func.count())
        .join(Account, col(Account.unit_id) == col(OrgUnit.id))
        .where(col(OrgUnit.enterprise_id).in_(list(company_ids)), Account.state == AccountState.ACTIVE)
        .group_by(col(OrgUnit.enterprise_id))
    ).all()
    return {key: count for key, count in rows if key is not None}


def companies_among(work: Work, enterprise_ids: Collection[UUID]) -> set[UUID]:
    """Return the property companies among these, whose accounts need a holder with number and telephone."""
    found: set[UUID] = set()
    for table in _COMPANIES:
        found.update(work.session.exec(select(table.id).where(table.id.in_(list(enterprise_ids)))).all())
    return found


def hold_company(work: Work, company_id: UUID | None) -> Managed | None:
    """Lock and return the company, so that two orders cannot exceed its quota or overtake its exit.

    Returns None for an office and for a firm outside the property market, which have no quota.
    """
    for table in _COMPANIES if company_id is not None else ():
        row = locked(work.session, select(table).where(table.id == company_id))
        found: Managed | None = work.session.exec(row.execution_options(populate_existing=True)).first()
        if found is not None:
            return found
    return None


def take_place(work: Work, company_id: UUID | None) -> Managed | None:
    """Refuse another account where the company is not admitted or its quota is used up; returns the company, if any.

    Called before a delegation policy is looked up: orders that lock both take the company first.
    """
    company = hold_company(work, company_id)
    if company is None:
        return None
    if company.in_force is not InForceState.EFFECTIVE:
        raise Conflict("企业记录已作废，不能开立或启用账号")
    if company.admission_state is not AdmissionState.ADMITTED:
        raise Conflict(f"企业当前为“{company.admission_state.label}”，不能开立或启用账号")
    work.session.flush()
    if places_used(work, [company.id]).get(company.id, 0) >= company.account_quota:
        raise TooMany(f"该企业的账号名额{company.account_quota}个已用完，请先停用不用的账号，或联系市房管局调整名额")
    return company

"""Visibility of leases, filings, cases and houses (decision 7)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.cancellation import CancelApply
from models.house import House
from models.tenancy import CheckItem, CheckRun, ContractParty, GovCase, LeaseContract, LeaseFiling
from services.access.visibility import CITY, CLERKS, ENTERPRISE, granted_ids, rows_of_office
from services.engine.work import Work, visible_rows


@visible_rows(House)
def houses(work: Work, table: Any) -> Any:
    """Counters serve the whole city; a district its own houses; a firm those it runs."""
    caller = work.caller
    if caller.has(*CITY, *CLERKS, Role.SYSTEM):
        return sa.true()
    allowed: list[Any] = []
    if districts := [scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)]:
        allowed.append(col(table.district_code).in_(districts))
    if caller.has(*ENTERPRISE) and caller.enterprise_id is not None:
        allowed.append(table.enterprise_id == caller.enterprise_id)
    return sa.or_(*allowed) if allowed else sa.false()


@visible_rows(LeaseContract)
def contracts(work: Work, table: Any) -> Any:
    return rows_of_office(work, table)


@visible_rows(LeaseFiling)
def filings(work: Work, table: Any) -> Any:
    return rows_of_office(work, table)


@visible_rows(GovCase)
def cases(work: Work, table: Any) -> Any:
    return rows_of_office(work, table)


@visible_rows(CancelApply)
def cancellations(work: Work, table: Any) -> Any:
    """Show an application to its office and to those who see its contract."""
    caller = work.caller
    if caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    allowed: list[Any] = []
    if caller.has(*CLERKS):
        if caller.unit_id is not None:
            allowed.append(table.unit_id == caller.unit_id)
        allowed.append(col(table.id).in_(granted_ids(work, "cancel_apply")))
        allowed.append(
            col(table.district_code).in_([scope.code for scope in caller.scope_of(Role.DISTRICT_CLERK) if scope.code])
        )
    if districts := [scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)]:
        allowed.append(col(table.district_code).in_(districts))
    if caller.has(*ENTERPRISE) and caller.enterprise_id is not None:
        own = select(LeaseContract.id).where(LeaseContract.enterprise_id == caller.enterprise_id)
        allowed.append(col(table.contract_id).in_(own))
    return sa.or_(*allowed) if allowed else sa.false()


@visible_rows(ContractParty)
def parties(work: Work, table: Any) -> Any:
    """Parties go with their contract."""
    seen = select(LeaseContract.id).where(rows_of_office(work, LeaseContract))
    return col(table.contract_id).in_(seen)


@visible_rows(CheckRun)
def runs(work: Work, table: Any) -> Any:
    """Runs go with their case."""
    seen = select(GovCase.id).where(rows_of_office(work, GovCase))
    return sa.and_(table.object_kind == "gov_case", col(table.object_id).in_(seen))


@visible_rows(CheckItem)
def items(work: Work, table: Any) -> Any:
    seen = select(CheckRun.id).where(runs(work, CheckRun))
    return col(table.run_id).in_(seen)

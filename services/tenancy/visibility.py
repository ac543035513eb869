"""Visibility of leases, filings, cases and houses (decision 7)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.cancellation import CancelApply
from models.house import House
from models.tenancy import CheckItem, CheckRun, ContractParty, GovCase, LeaseContract, LeaseFiling
from services.access.visibility import CITY, CLERKS, ENTERPRISE, granted_ids, rows_by_role, rows_of_office
from services.engine.notices import tell_only
from services.engine.work import Work, rows_in_scope, shown_with, visible_rows


@visible_rows(House)
def houses(work: Work, table: Any) -> Any:
    """Counters serve the whole city; a district its own houses; a firm those it runs."""
    return rows_in_scope(work, table, whole=CITY | CLERKS, districts={Role.DISTRICT_BUREAU}, firms=ENTERPRISE)


for _table in (LeaseContract, LeaseFiling, GovCase):
    visible_rows(_table)(rows_of_office)
tell_only("cancel_apply", frozenset(CITY | CLERKS | ENTERPRISE | {Role.DISTRICT_BUREAU}))


@visible_rows(CancelApply)
def cancellations(work: Work, table: Any) -> Any:
    """Show an application to its office and to those who see its contract."""
    own = [scope.code for scope in work.caller.scope_of(Role.DISTRICT_CLERK) if scope.code]

    def of_firm(firm_id: Any) -> Any:
        return col(table.contract_id).in_(select(LeaseContract.id).where(LeaseContract.enterprise_id == firm_id))

    def to_clerks() -> list[Any]:
        return [col(table.id).in_(granted_ids(work, "cancel_apply")), col(table.district_code).in_(own)]

    return rows_by_role(work, table, clerks=to_clerks, firm=of_firm)


@visible_rows(CheckRun)
def runs(work: Work, table: Any) -> Any:
    """Runs go with their case."""
    seen = select(GovCase.id).where(rows_of_office(work, GovCase))
    return sa.and_(table.object_kind == "gov_case", col(table.object_id).in_(seen))


shown_with(ContractParty, "contract_id", LeaseContract)
shown_with(CheckItem, "run_id", CheckRun)

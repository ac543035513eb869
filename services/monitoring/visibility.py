"""Visibility of registry data: the city, the company's district, its head company (row 54)."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.access import CITY_AUTHORITY, DISTRICT_AUTHORITY, HEAD_OFFICE, Role
from models.monitoring import CompanyChange, CompanySnapshot, CompanyType, CompanyWatch
from services.engine.kept_visibility import districts_of, of_sides
from services.engine.refusals import NotFound
from services.engine.work import Work, visible_rows
from services.monitoring.companies import TABLES


def monitored_company(work: Work, kind: CompanyType, company_id: UUID) -> Any:
    """A company whose monitoring the caller reads, or `NotFound`: a head company sees its group's name, not what is watched."""
    row = work.get(TABLES[kind], company_id)
    caller = work.caller
    if caller.has(*CITY_AUTHORITY, Role.SYSTEM):
        return row
    districts = {scope.code for scope in caller.scope_of(*DISTRICT_AUTHORITY)}
    if districts and (kind is CompanyType.GROUP or row.district_code in districts):
        return row
    if caller.has(*HEAD_OFFICE) and caller.enterprise_id is not None and row.head_company_id == caller.enterprise_id:
        return row
    raise NotFound


@visible_rows(CompanyWatch)
@visible_rows(CompanySnapshot)
@visible_rows(CompanyChange)
def monitored(work: Work, table: Any) -> Any:
    """Show groups to every district, for they belong to none; project companies see nothing of themselves here."""
    seen = of_sides(work, table, heads=("head_company_id",))
    of_district = districts_of(work, DISTRICT_AUTHORITY)
    return sa.or_(seen, table.company_type == CompanyType.GROUP) if of_district else seen

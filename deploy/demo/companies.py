"""Companies of the market in the demo: groups, two competing heads, their project companies, and people of every market role."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from deploy.demo.kept import load_kept
from deploy.demo.offices import add_accounts, people_who_join
from deploy.demo.stories import id_number
from deploy.demo.tables import Known
from models.access import OrgUnit, Role
from models.companies import GroupCompany
from models.rights import DelegationPolicy
from services.access.acl import change
from services.access.holders import Holder, put_holder
from services.companies.admission import company_unit
from services.engine.registry import action
from services.engine.work import Work

POLICIES = (
    (Role.CITY_HANDLER, Role.HEAD_ADMIN, 5),
    (Role.HEAD_ADMIN, Role.PROJ_ADMIN, 10),
    (Role.HEAD_ADMIN, Role.PROJ_USER, 40),
)


@action("demo.companies", "装载开发企业与账号", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_companies(work: Work, order: None) -> int:
    """Companies, accounts and delegation policies, once; a second run changes nothing."""
    if work.has(GroupCompany):
        return 0
    made: Known = {}
    for kind in ("group_company", "head_company", "project_company"):
        made |= load_kept(work, kind, made)
    offices = {unit.unit_code: unit for unit in work.rows(OrgUnit)}
    add_accounts(work, people_who_join("market"), lambda person: offices[person.office])
    _people(work, made)
    for grantor, grantee, quota in POLICIES:
        row = DelegationPolicy(
            grantor_role=grantor,
            grantee_role=grantee,
            quota=quota,
            valid_from=date(2020, 1, 1),
            note="市场子系统委托开户（演示）",
        )
        change(work, "policy", row.id, "demo.companies")
        work.add(row)
    return len(made)


def _people(work: Work, made: Mapping[str, Any]) -> None:
    """Add the people of the companies, with invented numbers."""
    people = [replace(one, code=str(made[one.office].row.id)) for one in people_who_join("companies")]
    accounts = add_accounts(work, people, lambda person: company_unit(work, made[person.office].row))
    for place, account in enumerate(accounts):
        number = id_number(f"310101{1976 + place % 20}0{1 + place % 9}1{place % 10}09{place % 10}")
        put_holder(account, Holder(account.name.plain, number, f"138000002{place:02d}"))

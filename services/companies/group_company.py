"""集团公司: kept by the city with its history, without review (row 51)."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import DISTRICT_AUTHORITY, HEAD_OFFICE, Role
from models.companies import AdmissionState, GroupCompany, GroupFinancing, GroupIndicator, GroupShareholder, HeadCompany
from models.records import ChildRow, InForceState, Revision
from services.companies.admission import end_alerts, keep_keys
from services.companies.facts import ask_registry, look_for_standing
from services.companies.prefill import LIBRARY_PREFILL
from services.companies.rules import COMPANY_RULES
from services.engine.cycle import kept
from services.engine.kinds import Child, Effects, Facts, Kind, Look, Makers, Owner
from services.engine.refusals import Conflict
from services.engine.work import Work

_CITY = "310000"
#: Shareholders, financings and yearly figures are asked of every company.
COMPANY_FACTS = Facts(ask=ask_registry, look=look_for_standing, prefill=LIBRARY_PREFILL)


def company_lists(
    shareholders: type[ChildRow], financings: type[ChildRow], indicators: type[ChildRow]
) -> tuple[Child, ...]:
    """Declare the lists of a company by their tables."""
    return (
        Child("shareholders", "股东", shareholders, ("name", "id_no", "uscc")),
        Child("financings", "融资", financings, ("financing_kind", "contract_no")),
        Child("indicators", "财务指标", indicators, ("year",), most=30),
    )


def _owner(work: Work, about: UUID | None) -> Owner:
    return Owner(district_code=_CITY)


def _directory(work: Work, table: Any) -> Any:
    """Districts read the directory; a head company sees the group it belongs to."""
    caller = work.caller
    if caller.has(*DISTRICT_AUTHORITY):
        return sa.true()
    if caller.has(*HEAD_OFFICE) and caller.enterprise_id is not None:
        own = select(HeadCompany.group_company_id).where(HeadCompany.id == caller.enterprise_id)
        return col(table.id).in_(own)
    return sa.false()


def _in_force(work: Work, company: GroupCompany, revision: Revision) -> None:
    keep_keys(company)


def _gone(work: Work, company: GroupCompany, revision: Revision) -> None:
    """Refuse to void a group that still has head companies.

    A head company that has left does not prevent it: it names its group again when it is readmitted (SUB-01).
    """
    heads = select(HeadCompany.name).where(
        HeadCompany.group_company_id == company.id,
        HeadCompany.in_force == InForceState.EFFECTIVE,
        HeadCompany.admission_state != AdmissionState.EXITED,
    )
    if names := work.session.exec(heads.order_by(col(HeadCompany.name), col(HeadCompany.id))).all():
        raise Conflict(f"还有总公司属于该集团：{'、'.join(names[:5])}，请先更正其所属集团再作废")
    company.live_key = None
    end_alerts(work, company.id, "集团记录已作废，不再监测")


GROUP_COMPANY = kept(
    Kind(
        name="group_company",
        label="集团公司",
        row=51,
        prefix="GRP",
        table=GroupCompany,
        makers=Makers(
            draft=frozenset({Role.CITY_HANDLER}),
            submit=frozenset({Role.CITY_HANDLER}),
            owner=_owner,
            also_seen=_directory,
        ),
        look=Look(
            title="name",
            menu="subjects",
            grid=("name", "uscc", "legal_representative", "registered_capital", "registry_status", "in_city_list"),
            filters=("name", "uscc", "registry_status", "ownership_type", "in_city_list"),
            sections={"name": "登记信息", "ownership_type": "资本", "listed_codes": "名录"},
            purpose="掌握开发集团的登记、股权、融资和财务情况",
        ),
        review=(),
        children=company_lists(GroupShareholder, GroupFinancing, GroupIndicator),
        rules=COMPANY_RULES,
        facts=COMPANY_FACTS,
        effects=Effects(on_effective=_in_force, on_void=_gone),
    )
)

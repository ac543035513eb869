"""总公司: its first version is its admission, reviewed by district and city; one after an exit admits it again (row 52)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from models.access import DISTRICT_AUTHORITY, Role
from models.companies import (
    GroupCompany,
    HeadCompany,
    HeadFinancing,
    HeadIndicator,
    HeadShareholder,
    Managed,
    ProjectCompany,
)
from models.records import InForceState, Revision
from services.companies.admission import admit, voided
from services.companies.group_company import COMPANY_FACTS, company_lists
from services.companies.rules import HEAD_RULES
from services.engine.cycle import kept
from services.engine.kinds import (
    CITY,
    DISTRICT,
    Dependant,
    Effects,
    Kind,
    Look,
    Makers,
    Owner,
    Slot,
    Ties,
    Values,
)
from services.engine.refusals import Conflict, NotAllowed
from services.engine.work import Work
from services.parcels.companies import in_hand

#: Papers that are handed in with an admission.
ADMISSION_SLOTS = (
    Slot("licence", "营业执照", least=1),
    Slot("authority", "授权书", least=1, help="办理人不是法定代表人的，上传加盖公章的授权书"),
    Slot("more", "其他材料"),
)


def _owner(work: Work, about: UUID | None) -> Owner:
    """The city begins an admission on a company's behalf; who is not admitted yet has no account and uses the public form."""
    if not work.caller.has(Role.CITY_HANDLER):
        raise NotAllowed("总公司准入由企业在公开页面申请，或由市级经办代为填报")
    return Owner()


def by_district(work: Work, owner: Owner, values: Values) -> Owner:
    """The district that looks after it speaks first."""
    district = values.get("reg_district")
    return replace(owner, district_code=str(district)) if district is not None else owner


def _directory(work: Work, table: Any) -> Any:
    """Every district reads the directory: a head of one district develops in another."""
    return sa.true() if work.caller.has(*DISTRICT_AUTHORITY) else sa.false()


def _admitted(work: Work, company: HeadCompany, revision: Revision) -> None:
    group = in_hand(work, GroupCompany, company.group_company_id)
    if group is not None and group.in_force is not InForceState.EFFECTIVE:
        raise Conflict("所属集团的记录刚已作废，不能通过，请退回修改")
    company.head_company_id = revision.head_company_id = company.id
    work.add(revision)
    admit(work, company, revision)


def gone(work: Work, company: Managed, revision: Revision) -> None:
    """End what a voided company had on its way."""
    voided(work, company)


def _companies_of(work: Work, company: HeadCompany) -> list[Dependant]:
    rows = work.session.exec(
        select(ProjectCompany).where(
            ProjectCompany.head_company_id == company.id, ProjectCompany.in_force == InForceState.EFFECTIVE
        )
    ).all()
    return [Dependant("project_company", row.id, f"项目公司“{row.name}”{row.record_no}") for row in rows]


HEAD_COMPANY = kept(
    Kind(
        name="head_company",
        label="总公司",
        row=52,
        prefix="HCO",
        table=HeadCompany,
        makers=Makers(
            draft=frozenset({Role.CITY_HANDLER, Role.HEAD_ADMIN, Role.HEAD_USER}),
            submit=frozenset({Role.CITY_HANDLER, Role.HEAD_ADMIN}),
            owner=_owner,
            follow=by_district,
            also_seen=_directory,
        ),
        look=Look(
            title="name",
            menu="subjects",
            grid=("name", "uscc", "reg_district", "qualification_grade", "admission_state", "admitted_on"),
            filters=("name", "uscc", "reg_district", "admission_state", "registry_status", "group_company_id"),
            sections={
                "name": "登记信息",
                "ownership_type": "资本",
                "qualification_grade": "开发资质",
                "contact_name": "联系",
                "reg_district": "管理与归属",
            },
            purpose="总公司准入、退出与监测",
        ),
        review=(DISTRICT, CITY),
        children=company_lists(HeadShareholder, HeadFinancing, HeadIndicator),
        slots=ADMISSION_SLOTS,
        rules=HEAD_RULES,
        facts=COMPANY_FACTS,
        effects=Effects(on_effective=_admitted, on_void=gone),
        ties=Ties(dependants=_companies_of),
    )
)

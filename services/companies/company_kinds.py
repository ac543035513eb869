"""集团公司、总公司、项目公司: the kinds of companies; the first version of the two latter is an admission (rows 51-53)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import DISTRICT_AUTHORITY, HEAD_OFFICE, PROJECT_OFFICE, Role
from models.companies import (
    AdmissionState,
    GroupCompany,
    GroupFinancing,
    GroupIndicator,
    GroupShareholder,
    HeadCompany,
    HeadFinancing,
    HeadIndicator,
    HeadShareholder,
    ProjectCompany,
    ProjectFinancing,
    ProjectIndicator,
    ProjectShareholder,
)
from models.projects import Project
from models.records import ChildRow, InForceState, Revision, StepVerdict
from services.companies.admission import admit, end_agreement, end_alerts, keep_keys, voided
from services.companies.facts import ANSWERING, LIBRARY_PREFILL, ask_registry, look_for_standing
from services.companies.rules import COMPANY_RULES, HEAD_RULES, PROJECT_RULES
from services.engine.cycle import kept
from services.engine.kinds import (
    CITY,
    DISTRICT,
    Child,
    Dependant,
    Effects,
    Facts,
    Kind,
    Look,
    Makers,
    Owner,
    Slot,
    Ties,
    Values,
)
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.work import Work
from services.parcels.companies import in_hand

_CITY = "310000"
#: Shareholders, financings and yearly figures are asked of every company.
COMPANY_FACTS = Facts(
    ask=ask_registry,
    look=look_for_standing,
    prefill=LIBRARY_PREFILL,
    alike=("name", "uscc", "reg_place", "established_on", "registered_capital"),
)


def company_lists(
    shareholders: type[ChildRow], financings: type[ChildRow], indicators: type[ChildRow]
) -> tuple[Child, ...]:
    """Declare the lists of a company by their tables."""
    return (
        Child("shareholders", "股东", shareholders, ("name", "id_no", "uscc")),
        Child("financings", "融资", financings, ("financing_kind", "contract_no")),
        Child("indicators", "财务指标", indicators, ("year",), most=30),
    )


def _group_readers(work: Work, table: Any) -> Any:
    """Districts read the directory; a head company sees the group it belongs to."""
    caller = work.caller
    if caller.has(*DISTRICT_AUTHORITY):
        return sa.true()
    if caller.has(*HEAD_OFFICE) and caller.enterprise_id is not None:
        own = select(HeadCompany.group_company_id).where(HeadCompany.id == caller.enterprise_id)
        return col(table.id).in_(own)
    return sa.false()


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
            owner=lambda work, about: Owner(district_code=_CITY),
            also_seen=_group_readers,
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
        effects=Effects(on_effective=lambda work, company, revision: keep_keys(company), on_void=_gone),
    )
)


#: Papers that are handed in with an admission.
ADMISSION_SLOTS = (
    Slot("licence", "营业执照", least=1),
    Slot("authority", "授权书", least=1, help="办理人不是法定代表人的，上传加盖公章的授权书"),
    Slot("more", "其他材料"),
)


def _of_city_only(work: Work, about: UUID | None) -> Owner:
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


def _head_admitted(work: Work, company: HeadCompany, revision: Revision) -> None:
    group = in_hand(work, GroupCompany, company.group_company_id)
    if group is not None and group.in_force is not InForceState.EFFECTIVE:
        raise Conflict("所属集团的记录刚已作废，不能通过，请退回修改")
    company.head_company_id = revision.head_company_id = company.id
    work.add(revision)
    admit(work, company, revision)


def _companies_of(work: Work, company: HeadCompany) -> list[Dependant]:
    rows = work.in_force(ProjectCompany, ProjectCompany.head_company_id == company.id)
    return [Dependant("project_company", row.id, f"项目公司“{row.name}”{row.record_no}") for row in rows]


def _managed(label: str, makers: Makers, *, shown: str, filtered: str, sections: dict[str, str], **more: Any) -> Kind:
    """Declare a kind of company that is admitted; `shown` and `filtered` are columns of its own in the list."""
    return Kind(
        label=label,
        makers=makers,
        look=Look(
            title="name",
            menu="subjects",
            grid=("name", "uscc", "reg_district", shown, "admission_state", "admitted_on"),
            filters=("name", "uscc", "reg_district", "admission_state", "registry_status", filtered),
            sections={
                "name": "登记信息",
                "ownership_type": "资本",
                "qualification_grade": "开发资质",
                "contact_name": "联系",
                **sections,
            },
            purpose=f"{label}准入、退出与监测",
        ),
        slots=ADMISSION_SLOTS,
        facts=COMPANY_FACTS,
        **more,
    )


HEAD_COMPANY = kept(
    _managed(
        "总公司",
        Makers(
            draft=frozenset({Role.CITY_HANDLER, Role.HEAD_ADMIN, Role.HEAD_USER}),
            submit=frozenset({Role.CITY_HANDLER, Role.HEAD_ADMIN}),
            owner=_of_city_only,
            follow=by_district,
            also_seen=_directory,
        ),
        shown="qualification_grade",
        filtered="group_company_id",
        sections={"reg_district": "管理与归属"},
        name="head_company",
        row=52,
        prefix="HCO",
        table=HeadCompany,
        review=(DISTRICT, replace(CITY, alone="总公司准入须逐件审核，不能批量办理")),
        children=company_lists(HeadShareholder, HeadFinancing, HeadIndicator),
        rules=HEAD_RULES,
        effects=Effects(on_effective=_head_admitted, on_void=voided),
        ties=Ties(dependants=_companies_of),
    )
)


def _owner(work: Work, about: UUID | None) -> Owner:
    """A head company begins for itself; the district names the head company it is for."""
    caller = work.caller
    if caller.has(*PROJECT_OFFICE):
        raise NotAllowed("项目公司准入由总公司或区级经办发起")
    if about is None and caller.has(*HEAD_OFFICE):
        about = caller.enterprise_id
    if about is None:
        raise Rejected("请先选择所属总公司")
    head = work.get(HeadCompany, about)
    return Owner(district_code=caller.district_code if caller.has(Role.DIST_HANDLER) else "", head_company_id=head.id)


def _district(work: Work, owner: Owner, values: Values) -> Owner:
    """Set the district named in the form; a record begun by a district stays in it."""
    named = by_district(work, owner, values)
    own = {scope.code for scope in work.caller.scope_of(Role.DIST_HANDLER)}
    return owner if own and owner.district_code and named.district_code not in own else named


def _admitted(work: Work, company: ProjectCompany, revision: Revision) -> None:
    company.project_company_id = revision.project_company_id = company.id
    work.add(revision)
    head = in_hand(work, HeadCompany, company.head_company_id)
    coming = company.admission_state in {AdmissionState.NOT_ADMITTED, AdmissionState.EXITED}
    if coming and (
        head is None or head.in_force is not InForceState.EFFECTIVE or head.admission_state not in ANSWERING
    ):
        raise Conflict("所属总公司刚已退出或作废，不能通过，请退回修改")
    admit(work, company, revision)
    end_agreement(work, revision, kept=True)


def _step(work: Work, revision: Revision, verdict: StepVerdict) -> None:
    if verdict is StepVerdict.REJECTED:
        end_agreement(work, revision, kept=False)


def _projects_of(work: Work, company: ProjectCompany) -> list[Dependant]:
    rows = work.in_force(Project, Project.project_company_id == company.id)
    return [Dependant("project", row.id, f"项目“{row.name}”{row.record_no}") for row in rows]


PROJECT_COMPANY = kept(
    _managed(
        "项目公司",
        Makers(
            draft=frozenset({Role.DIST_HANDLER, Role.HEAD_ADMIN, Role.PROJ_ADMIN, Role.PROJ_USER}),
            submit=frozenset({Role.DIST_HANDLER, Role.HEAD_ADMIN, Role.PROJ_ADMIN}),
            owner=_owner,
            follow=_district,
            about="head_company",
        ),
        shown="holding_ratio",
        filtered="holding_ratio",
        sections={"reg_district": "管理与持股", "licensed_on": "备案与人员", "escrow_bank": "资金监管"},
        name="project_company",
        row=53,
        prefix="PCO",
        table=ProjectCompany,
        review=(DISTRICT,),
        children=company_lists(ProjectShareholder, ProjectFinancing, ProjectIndicator),
        rules=PROJECT_RULES,
        effects=Effects(on_effective=_admitted, on_void=voided, on_step=_step),
        ties=Ties(dependants=_projects_of),
    )
)

"""项目公司: authority or head company begins, the other side confirms, the district reviews (row 53)."""

from uuid import UUID

from sqlmodel import select

from models.access import HEAD_OFFICE, PROJECT_OFFICE, Role
from models.companies import (
    AdmissionState,
    HeadCompany,
    ProjectCompany,
    ProjectFinancing,
    ProjectIndicator,
    ProjectShareholder,
)
from models.projects import Project
from models.records import InForceState, Revision, StepVerdict
from services.companies.admission import admit
from services.companies.company_agreements import end_agreement
from services.companies.group_company import COMPANY_FACTS, company_lists
from services.companies.head_company import ADMISSION_SLOTS, by_district, gone
from services.companies.rules import PROJECT_RULES
from services.engine.cycle import kept
from services.engine.kinds import (
    DISTRICT,
    Dependant,
    Effects,
    Kind,
    Look,
    Makers,
    Owner,
    Ties,
    Values,
)
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.work import Work
from services.parcels.companies import in_hand

#: A head company on its way out still answers for its project companies, and does not go before them (SUB-21).
_ANSWERS = frozenset({AdmissionState.ADMITTED, AdmissionState.EXITING})


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
    if coming and (head is None or head.in_force is not InForceState.EFFECTIVE or head.admission_state not in _ANSWERS):
        raise Conflict("所属总公司刚已退出或作废，不能通过，请退回修改")
    admit(work, company, revision)
    end_agreement(work, revision, kept=True)


def _step(work: Work, revision: Revision, verdict: StepVerdict) -> None:
    if verdict is StepVerdict.REJECTED:
        end_agreement(work, revision, kept=False)


def _projects_of(work: Work, company: ProjectCompany) -> list[Dependant]:
    rows = work.session.exec(
        select(Project).where(Project.project_company_id == company.id, Project.in_force == InForceState.EFFECTIVE)
    ).all()
    return [Dependant("project", row.id, f"项目“{row.name}”{row.record_no}") for row in rows]


PROJECT_COMPANY = kept(
    Kind(
        name="project_company",
        label="项目公司",
        row=53,
        prefix="PCO",
        table=ProjectCompany,
        makers=Makers(
            draft=frozenset({Role.DIST_HANDLER, Role.HEAD_ADMIN, Role.PROJ_ADMIN, Role.PROJ_USER}),
            submit=frozenset({Role.DIST_HANDLER, Role.HEAD_ADMIN, Role.PROJ_ADMIN}),
            owner=_owner,
            follow=_district,
            about="head_company",
        ),
        look=Look(
            title="name",
            menu="subjects",
            grid=("name", "uscc", "reg_district", "holding_ratio", "admission_state", "admitted_on"),
            filters=("name", "uscc", "reg_district", "admission_state", "registry_status", "holding_ratio"),
            sections={
                "name": "登记信息",
                "ownership_type": "资本",
                "qualification_grade": "开发资质",
                "contact_name": "联系",
                "reg_district": "管理与持股",
                "licensed_on": "备案与人员",
                "escrow_bank": "资金监管",
            },
            purpose="项目公司准入、退出与监测",
        ),
        review=(DISTRICT,),
        children=company_lists(ProjectShareholder, ProjectFinancing, ProjectIndicator),
        slots=ADMISSION_SLOTS,
        rules=PROJECT_RULES,
        facts=COMPANY_FACTS,
        effects=Effects(on_effective=_admitted, on_void=gone, on_step=_step),
        ties=Ties(dependants=_projects_of),
    )
)

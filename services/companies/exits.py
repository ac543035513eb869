"""退出: a company leaves the list of the managed; its accounts end with it (rows 52, 53)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.companies import (
    AdmissionState,
    ExitOverride,
    HeadCompany,
    HeadExit,
    Managed,
    ProjectCompany,
    ProjectExit,
)
from models.records import Revision, StepVerdict
from services.companies.admission import end_agreement, let_go, step
from services.companies.company_kinds import HEAD_COMPANY, PROJECT_COMPANY
from services.companies.facts import (
    confirmed,
    left_by_head_company,
    left_by_project_company,
    open_exit_of,
)
from services.companies.rules import HEAD_EXIT_RULES, PROJECT_EXIT_RULES, Standing
from services.engine.cycle import kept
from services.engine.kinds import CITY, DISTRICT, Effects, Facts, Kind, Look, Makers, Owner, Proposal, Slot, Values
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import action
from services.engine.switches import is_on
from services.engine.words import enough_words
from services.engine.work import Work
from services.parcels.companies import in_hand

_BACK = frozenset({StepVerdict.WITHDRAWN, StepVerdict.RETURNED, StepVerdict.REJECTED})


def _may_leave(work: Work, company: Managed) -> None:
    if (standing := open_exit_of(work, company.id)) is not None:
        number = standing.record_no or "草稿"
        raise Conflict(f"该企业已有退出申请（{number}，{standing.state.label}），请先办结")
    if company.admission_state is not AdmissionState.ADMITTED:
        raise Conflict(f"企业当前为“{company.admission_state.label}”，不能申请退出")


def _head(work: Work, about: UUID | None) -> Owner:
    about = about or (work.caller.enterprise_id if work.caller.has(Role.HEAD_ADMIN) else None)
    if about is None:
        raise Rejected("请先选择要退出的总公司")
    company = work.get(HeadCompany, about)
    _may_leave(work, company)
    return Owner(company.district_code, company.id)


def _project(work: Work, about: UUID | None) -> Owner:
    if about is None:
        raise Rejected("请先选择要退出的项目公司")
    company = work.get(ProjectCompany, about)
    _may_leave(work, company)
    return Owner(company.district_code, company.head_company_id, company.id)


def _left_by_head(work: Work, proposal: Proposal) -> Mapping[str, Any]:
    company_id = proposal.owner.head_company_id
    company = work.session.exec(select(HeadCompany).where(HeadCompany.id == company_id)).one()
    return {"left": replace(left_by_head_company(work, company.id), company=company.name)}


def _left_by_project(work: Work, proposal: Proposal) -> Mapping[str, Any]:
    company_id = proposal.owner.project_company_id
    company = work.session.exec(select(ProjectCompany).where(ProjectCompany.id == company_id)).one()
    return {
        "left": replace(left_by_project_company(work, company.id), company=company.name),
        "standing": Standing(confirmed=confirmed(work, proposal.record_id) is not None),
    }


def company_of(work: Work, revision: Revision) -> HeadCompany | ProjectCompany:
    """Return whose exit this is."""
    if revision.kind == "project_exit":
        wanted = select(ProjectCompany).where(ProjectCompany.id == revision.project_company_id)
        return work.session.exec(wanted).one()
    return work.session.exec(select(HeadCompany).where(HeadCompany.id == revision.head_company_id)).one()


def _titled(work: Work, owner: Owner, values: Values) -> str:
    """Lists name an exit by the company that leaves."""
    company_id = owner.project_company_id or owner.head_company_id
    for table in (ProjectCompany, HeadCompany):
        if (row := work.session.exec(select(table).where(table.id == company_id)).first()) is not None:
            return str(row.name)
    return ""


def _step(work: Work, revision: Revision, verdict: StepVerdict) -> None:
    """Mark the company as exiting during the review; a review that ends without an exit restores it."""
    if revision.based_on is not None:
        return
    company = company_of(work, revision)
    if verdict is StepVerdict.SUBMITTED:
        step(work, company, "begin_exit")
    elif verdict in _BACK and company.admission_state is AdmissionState.EXITING:
        step(work, company, "stay")
    if verdict is StepVerdict.REJECTED:
        end_agreement(work, revision, kept=False)


def _left(work: Work, row: HeadExit | ProjectExit, revision: Revision) -> None:
    company = company_of(work, revision)
    if revision.based_on is not None:
        # A correction of the record of a past exit; the company may be back by now.
        return
    _nothing_came_meanwhile(work, company)
    row.company_name = company.name
    if isinstance(row, ProjectExit):
        overrides = select(ExitOverride).where(
            ExitOverride.project_company_id == company.id, col(ExitOverride.used_at).is_(None)
        )
        for one in work.session.exec(overrides).all():
            row.override_reason, one.used_at = one.reason, work.now
            work.add(one)
    work.add(row)
    let_go(work, company)
    end_agreement(work, revision, kept=True)


def _nothing_came_meanwhile(work: Work, company: HeadCompany | ProjectCompany) -> None:
    """Lock the company and look again for dependants that appeared since the rules ran."""
    in_hand(work, type(company), company.id)
    if isinstance(company, HeadCompany):
        left = left_by_head_company(work, company.id)
        found = [*left.admitted, *left.parcels]
    else:
        left = left_by_project_company(work, company.id)
        asked = is_on(work.thresholds.over(company.district_code), "SUB-20") and not left.override
        found = [*left.undelivered, *left.arrears, *left.red_alerts] if asked else []
    if found:
        raise Conflict(f"该企业刚又有未了事项：{'、'.join(found[:5])}，不能通过，请退回修改")


def _exit(
    company: Kind, table: type[HeadExit] | type[ProjectExit], makers: frozenset[Role], owner: Any, **more: Any
) -> Kind:
    """Declare the exit of a kind of company, which those who may draft it may submit."""
    grid = ("company_name", "exit_reason", *(("override_reason",) if table is ProjectExit else ()))
    return Kind(
        label=f"{company.label}退出",
        row=company.row,
        table=table,
        makers=Makers(draft=makers, submit=makers, owner=owner, about=company.name),
        look=Look(
            title="company_name",
            menu="subjects",
            grid=grid,
            filters=("company_name", "exit_reason"),
            sections={"company_name": "退出申请"},
            change="更正",
            purpose=f"{company.label}退出的依据",
            titled=_titled,
        ),
        slots=(Slot("settled", "结清说明", least=1), Slot("authority", "授权书", least=1), Slot("more", "其他材料")),
        effects=Effects(on_effective=_left, on_step=_step),
        **more,
    )


HEAD_EXIT = kept(
    _exit(
        HEAD_COMPANY,
        HeadExit,
        frozenset({Role.CITY_HANDLER, Role.HEAD_ADMIN}),
        _head,
        name="head_exit",
        prefix="HEX",
        review=(DISTRICT, CITY),
        rules=HEAD_EXIT_RULES,
        facts=Facts(look=_left_by_head),
    )
)
PROJECT_EXIT = kept(
    _exit(
        PROJECT_COMPANY,
        ProjectExit,
        frozenset({Role.DIST_HANDLER, Role.HEAD_ADMIN}),
        _project,
        name="project_exit",
        prefix="PEX",
        rules=PROJECT_EXIT_RULES,
        facts=Facts(look=_left_by_project),
    )
)


@dataclass(frozen=True)
class AllowExit:
    project_company_id: UUID
    reason: str


@action("companies.allow_exit", "准予例外退出", roles={Role.CITY_REVIEWER}, event="DATA.CREATE")
def allow_exit(work: Work, order: AllowExit) -> UUID:
    """The city lets a project company go though something of SUB-20 is open, and says why; good for one exit."""
    reason = enough_words(order.reason, "依据")[:500]
    company = work.get(ProjectCompany, order.project_company_id)
    if company.admission_state not in {AdmissionState.ADMITTED, AdmissionState.EXITING}:
        raise Conflict(f"企业当前为“{company.admission_state.label}”，无需准予")
    known = select(ExitOverride).where(
        ExitOverride.project_company_id == company.id, col(ExitOverride.used_at).is_(None)
    )
    if work.session.exec(known).first() is not None:
        raise Conflict("已准予该企业例外退出，尚未使用")
    assert company.head_company_id is not None
    row = ExitOverride(
        project_company_id=company.id,
        district_code=company.district_code,
        head_company_id=company.head_company_id,
        reason=reason,
        given_by=work.caller.account_id,
        given_at=work.now,
    )
    work.add(row)
    work.trail.tell("DATA.CREATE", "companies.allow_exit", about=row, reason=reason[:60])
    return row.id

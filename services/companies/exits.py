"""退出: a company leaves the list of the managed; its accounts end with it (rows 52, 53)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.companies import AdmissionState, ExitOverride, HeadCompany, HeadExit, ProjectCompany, ProjectExit
from models.records import Revision, StepVerdict
from services.companies.admission import end_agreement, let_go, step
from services.companies.company_kinds import HEAD_COMPANY, PROJECT_COMPANY
from services.companies.facts import confirmed, left_by, open_exit_of
from services.companies.rules import HEAD_EXIT_RULES, PROJECT_EXIT_RULES, Standing
from services.engine.cycle import kept
from services.engine.kinds import CITY, DISTRICT, Effects, Facts, Kind, Look, Makers, Owner, Proposal, Slot, Values
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import action
from services.engine.switches import is_on
from services.engine.words import enough_words
from services.engine.work import Work
from services.parcels.companies import in_hand

_BACK = frozenset({StepVerdict.WITHDRAWN, StepVerdict.RETURNED, StepVerdict.REJECTED})


def _owner(company_kind: Kind) -> Callable[[Work, UUID | None], Owner]:
    """Return whose exit is drafted: the company named, or the caller's own head company."""
    table: Any = company_kind.table

    def owner(work: Work, about: UUID | None) -> Owner:
        if about is None and table is HeadCompany and work.caller.has(Role.HEAD_ADMIN):
            about = work.caller.enterprise_id
        if about is None:
            raise Rejected(f"请先选择要退出的{company_kind.label}")
        company = work.get(table, about)
        if (standing := open_exit_of(work, company.id)) is not None:
            number = standing.record_no or "草稿"
            raise Conflict(f"该企业已有退出申请（{number}，{standing.state.label}），请先办结")
        if company.admission_state is not AdmissionState.ADMITTED:
            raise Conflict(f"企业当前为“{company.admission_state.label}”，不能申请退出")
        return Owner(company.district_code, company.head_company_id, company.project_company_id)

    return owner


def _look(work: Work, proposal: Proposal) -> Mapping[str, Any]:
    confirmed_now = confirmed(work, proposal.record_id) is not None
    return {"left": left_by(work, company_of(work, proposal.owner)), "standing": Standing(confirmed=confirmed_now)}


def company_of(work: Work, one: Owner | Revision) -> HeadCompany | ProjectCompany:
    """Return whose exit this is."""
    if one.project_company_id is not None:
        return work.session.get_one(ProjectCompany, one.project_company_id)
    return work.session.get_one(HeadCompany, one.head_company_id)


def _titled(work: Work, owner: Owner, values: Values) -> str:
    """Lists name an exit by the company that leaves."""
    return company_of(work, owner).name


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
        for one in work.rows(
            ExitOverride, ExitOverride.project_company_id == company.id, col(ExitOverride.used_at).is_(None)
        ):
            row.override_reason, one.used_at = one.reason, work.now
            work.add(one)
    work.add(row)
    let_go(work, company)
    end_agreement(work, revision, kept=True)


def _nothing_came_meanwhile(work: Work, company: HeadCompany | ProjectCompany) -> None:
    """Lock the company and look again for dependants that appeared since the rules ran."""
    in_hand(work, type(company), company.id)
    left = left_by(work, company)
    found = [*left.admitted, *left.parcels]
    if is_on(work.thresholds.over(company.district_code), "SUB-20") and not left.override:
        found += [*left.undelivered, *left.arrears, *left.red_alerts, *left.unsold]
    if found:
        raise Conflict(f"该企业刚又有未了事项：{'、'.join(found[:5])}，不能通过，请退回修改")


def _exit(company: Kind, table: type[HeadExit] | type[ProjectExit], draft: set[Role], **more: Any) -> Kind:
    """Declare the exit of a kind of company, which those who may draft it may submit."""
    makers = frozenset(draft)
    return Kind(
        label=f"{company.label}退出",
        row=company.row,
        table=table,
        makers=Makers(draft=makers, submit=makers, owner=_owner(company), about=company.name),
        look=Look(
            title="company_name",
            menu="subjects",
            grid=("company_name", "exit_reason", *(("override_reason",) if table is ProjectExit else ())),
            filters=("company_name", "exit_reason"),
            sections={"company_name": "退出申请"},
            change="更正",
            purpose=f"{company.label}退出的依据",
            titled=_titled,
        ),
        slots=(Slot("settled", "结清说明", least=1), Slot("authority", "授权书", least=1), Slot("more", "其他材料")),
        facts=Facts(look=_look),
        effects=Effects(on_effective=_left, on_step=_step),
        **more,
    )


HEAD_EXIT = kept(
    _exit(
        HEAD_COMPANY,
        HeadExit,
        {Role.CITY_HANDLER, Role.HEAD_ADMIN},
        name="head_exit",
        prefix="HEX",
        review=(DISTRICT, replace(CITY, alone="总公司退出须逐件审核，不能批量办理")),
        rules=HEAD_EXIT_RULES,
    )
)
PROJECT_EXIT = kept(
    _exit(
        PROJECT_COMPANY,
        ProjectExit,
        {Role.DIST_HANDLER, Role.HEAD_ADMIN},
        name="project_exit",
        prefix="PEX",
        rules=PROJECT_EXIT_RULES,
    )
)


@action("companies.allow_exit", "准予例外退出", roles={Role.CITY_REVIEWER}, event="DATA.CREATE")
def allow_exit(work: Work, order: Reasoned) -> UUID:
    """The city lets a project company go though something of SUB-20 is open, and says why; good for one exit."""
    reason = enough_words(order.reason, "依据")[:500]
    company = work.get(ProjectCompany, order.id)
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

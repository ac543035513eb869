"""注销: a contract and its filing end before their time, once, for a party or a court (row 8)."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import select

from models.access import OrgUnit, Role, UnitKind
from models.cancellation import CancelApply
from models.dialect import locked
from models.documents import PAPER, IssuedDocument, PaperState
from models.house import House
from models.normal import normal
from models.sealed import Sealed, indexes_of
from models.tenancy import GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    CANCEL,
    CONTRACT,
    CancelMode,
    CancelReason,
    CancelState,
    ContractState,
    FilingState,
    Side,
    Situation,
)
from models.working_days import calendar
from services.access.matches import documents_seen
from services.access.visibility import CLERKS, ENTERPRISE
from services.engine.clock import shanghai_day
from services.engine.copied import taken
from services.engine.events import Event, on
from services.engine.findings import Finding, Judgement, Outcome, judge
from services.engine.notices import notify
from services.engine.numbering import number_later
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.undo import keep_for_undo, undoing
from services.engine.words import enough_words
from services.engine.work import Work
from services.tenancy.cases import RETURNED, decide_case, open_case
from services.tenancy.contract_views import pays_directly
from services.tenancy.contracts import OVER, end_lease
from services.tenancy.endings import end_filing, newest_filing, restore_filing
from services.tenancy.filing import lock_house
from services.tenancy.filing_facts import CancelFacts
from services.tenancy.licences import queue_licence, recall_licence
from services.tenancy.paper_words import parties_of
from services.tenancy.papers import issue_cancel_notice
from services.tenancy.rules.catalogue import CANCEL_RULES
from services.tenancy.short_messages import text_of_closing, text_of_ending, text_of_notice

_CENTRE = (
    select(OrgUnit.id)
    .where(OrgUnit.kind == UnitKind.DISTRICT_CENTER, OrgUnit.district_code == bindparam("code"))
    .limit(1)
)
#: The district centre refused an application to cancel.
REFUSED: Event[CancelApply] = Event("cancel.refused")

#: What parties and courts cancel for; the other reasons are the system's or the city's own.
COUNTER_REASONS = frozenset(
    {
        CancelReason.EARLY_BOTH,
        CancelReason.EARLY_ONE,
        CancelReason.COURT,
        CancelReason.ERROR,
        CancelReason.HOUSE_SOLD,
        CancelReason.MOVE_OUT,
    }
)


@dataclass(frozen=True)
class CancelLease:
    """An application to cancel. `applicants` are the numbers of the persons present, `principals` those with a mandate.

    The digests prove that agreement, commitment or court paper was stored as an attachment.
    """

    contract_id: UUID
    mode: CancelMode
    reason: CancelReason
    terminated_on: date
    applicants: tuple[str, ...]
    principals: tuple[str, ...] = ()
    agreement_digest: str = ""
    commitment_digest: str = ""
    court_digest: str = ""
    note: str = ""


@dataclass(frozen=True)
class CancelDecision:
    """`state` is APPROVED, NOTICE (the other side has been notified) or REJECTED with every reason."""

    state: CancelState
    apply_id: UUID
    apply_no: str
    findings: tuple[Finding, ...] = field(default_factory=tuple)
    objection_until: date | None = None


def cancel_facts(work: Work, contract: LeaseContract, order: CancelLease) -> CancelFacts:
    """Facts of one cancellation, all from our own records."""
    filing = newest_filing(work, contract)
    parties = parties_of(work, contract.id)
    house = work.session.get_one(House, contract.house_id)
    objected = work.first(CancelApply, CancelApply.contract_id == contract.id, CancelApply.state == CancelState.NOTICE)
    state = filing.state if filing else None
    if filing and state is FilingState.ACTIVE and filing.valid_to < work.today:
        state = FilingState.EXPIRED
    return CancelFacts(
        today=work.today,
        thresholds=work.thresholds,
        **taken(order, "mode", "reason", "terminated_on", "applicants", "principals"),
        unseen=_unseen(work, order),
        **taken(contract, "start", "end"),
        contract_state=contract.state,
        filing_state=state,
        filed_on=filing.filed_on if filing else None,
        lessors=tuple(party.id_no.plain for party in parties if party.side is Side.LESSOR),
        lessees=tuple(party.id_no.plain for party in parties if party.side is Side.LESSEE),
        commitment=bool(order.commitment_digest),
        court_paper=bool(order.court_digest),
        direct_rent=filing is not None and pays_directly(work, filing),
        objection_open=objected is not None and objected.objection is not None,
        central=house.project_id is not None,
    )


def _unseen(work: Work, order: CancelLease) -> tuple[str, ...]:
    """Return the applicants at a counter whose document this clerk has not had in hand today; a firm has no counter."""
    if not work.caller.has(*CLERKS):
        return ()
    seen = documents_seen(work)
    return tuple(one for one in order.applicants if seen.isdisjoint(indexes_of(work.sealer, "id_no", one)))


@query("cancel.try", "注销预检", roles=CLERKS | ENTERPRISE)
def try_cancelling(work: Work, order: CancelLease) -> Judgement:
    """Would it be cancelled? Nothing is written."""
    return judge(cancel_facts(work, work.get(LeaseContract, order.contract_id), order), CANCEL_RULES)


@action("cancel.apply", "申请注销", roles=CLERKS | ENTERPRISE, step=Step(CONTRACT, "terminate"))
def cancel_lease(work: Work, order: CancelLease) -> CancelDecision:
    """Cancel at once for both sides or a court, notify the other side first for one, or refuse with reasons."""
    if order.mode is CancelMode.SYSTEM or order.reason not in COUNTER_REASONS:
        raise Rejected("请选择窗口可以办理的申请方式和注销原因")
    contract = work.get(LeaseContract, order.contract_id)
    house = lock_house(work, contract.house_id)
    work.session.refresh(contract)
    if house.project_id is not None:
        raise Rejected("集中式房源的合同请在“集中式网签备案”中办理退租注销")
    waiting = work.first(CancelApply, CancelApply.contract_id == contract.id, CancelApply.state == CancelState.NOTICE)
    if waiting is not None and order.mode is CancelMode.ONE:
        raise Conflict(f"该合同已有单方注销申请 {waiting.apply_no} 正在告知对方，异议期至 {waiting.objection_until}")
    judgement = judge(cancel_facts(work, contract, order), CANCEL_RULES)
    apply = apply_row(work, contract, house, order)
    case = open_case(work, Situation.CANCEL, contract, house)
    case.filing_id, apply.case_id = apply.filing_id, case.id
    if judgement.outcome is not Outcome.PASS:
        take_step(work, apply, CANCEL, "reject")
        decide_case(work, case, *RETURNED)
    elif order.mode is CancelMode.ONE:
        days = work.thresholds.integer("cancel.objection_workdays")
        apply.objection_until = calendar().add_working_days(work.today, days)
        apply.notified_at = work.now
        take_step(work, apply, CANCEL, "notify")
        work.trail.tell("DATA.STATE", "cancel.notice", about=apply, detail={"until": str(apply.objection_until)})
        work.then(lambda: tell_of_notice(work, apply, contract, house))
    else:
        carry_out(work, apply, contract, house)
        decide_case(work, case, "finish")
    return work.later(
        lambda: CancelDecision(apply.state, apply.id, apply.apply_no, tuple(judgement.findings), apply.objection_until)
    )


def apply_row(work: Work, contract: LeaseContract, house: House, order: CancelLease) -> CancelApply:
    """The application as a row; it is numbered before the commit."""
    filing = newest_filing(work, contract)
    apply = CancelApply(
        apply_no="",
        contract_id=contract.id,
        filing_id=filing.id if filing else None,
        applicants=Sealed.of_json([*order.applicants, *order.principals]),
        note=Sealed.of_json(order.note[:500]) if order.note else None,
        **taken(order, "mode", "reason", "terminated_on", "agreement_digest", "commitment_digest", "court_digest"),
        **taken(house, "district_code", "street_code"),
        state=CancelState.SUBMITTED,
        unit_id=work.caller.unit_id,
        clerk_id=work.caller.account_id,
    )
    work.add(apply)
    number_later(work, "ZX", house.district_code, work.today, lambda number: setattr(apply, "apply_no", number))
    return apply


def carry_out(work: Work, apply: CancelApply, contract: LeaseContract, house: House) -> None:
    """End contract and filing together, free the part, recall the licence, notify the fund (rows 8, 16)."""
    take_step(work, apply, CANCEL, "approve")
    apply.decided_at, apply.decided_by = work.now, work.caller.account_id
    end_lease(work, contract, "terminate", apply.reason.value)
    filing = newest_filing(work, contract)
    if filing is not None and filing.state is FilingState.ACTIVE:
        end_filing(work, filing, "cancel", apply.reason, apply.terminated_on)
        recall_licence(work, filing)
    work.then(lambda: issue_cancel_notice(work, apply, contract, house, filing))
    work.then(lambda: _tell_of_ending(work, apply, contract, house))


@on(OVER)
def close_notices(work: Work, contract: LeaseContract) -> None:
    """Close what one side has begun once the lease is over, and tell both sides that nothing is decided any more."""
    # One in another's hands is being decided; what stays is closed at night.
    waiting = select(CancelApply).where(CancelApply.contract_id == contract.id, CancelApply.state == CancelState.NOTICE)
    for apply in work.free(waiting).all():
        reason = f"合同{contract.state.label}"
        take_step(work, apply, CANCEL, "reject", reason=reason)
        apply.decided_at = work.now
        decide_case(work, work.session.get_one(GovCase, apply.case_id), "withdraw", reason=reason)
        house = work.session.get_one(House, contract.house_id)
        words = f"申请 {apply.apply_no}：{house.address}，{reason}，不再审定。"
        units = {district_centre(work, house.district_code), contract.unit_id, apply.unit_id} - {None}
        for unit in sorted(units, key=str):
            notify(work, "单方注销申请已结束", words, about=apply, to_unit=unit)
        notify(work, "单方注销申请已结束", words, about=apply, to_enterprise=contract.enterprise_id)
        text_of_closing(work, apply, contract)


def tell_of_notice(work: Work, apply: CancelApply, contract: LeaseContract, house: House) -> None:
    """The district centre decides, the office that filed knows, and so does the firm (decision 28)."""
    subject, centre = "单方注销申请已告知对方", district_centre(work, house.district_code)
    words = f"申请 {apply.apply_no}：{house.address}，异议期至 {apply.objection_until}，期满由区中心审定。"
    notify(work, subject, words, about=apply, to_unit=centre)
    if contract.unit_id not in {centre, work.caller.unit_id}:
        notify(work, subject, words, about=apply, to_unit=contract.unit_id)
    notify(work, subject, words, about=apply, to_enterprise=contract.enterprise_id)
    text_of_notice(work, apply, contract)


def district_centre(work: Work, district_code: str) -> UUID | None:
    """The centre of a district, which decides on its houses."""
    return work.session.exec(_CENTRE, params={"code": district_code}).first()


def _tell_of_ending(work: Work, apply: CancelApply, contract: LeaseContract, house: House) -> None:
    words = f"{house.address} 的备案已注销（{apply.reason.label}），通知书编号 {apply.apply_no}。"
    if contract.unit_id != work.caller.unit_id:
        notify(work, "备案已注销", words, about=apply, to_unit=contract.unit_id)
    notify(work, "备案已注销", words, about=apply, to_enterprise=contract.enterprise_id)
    text_of_ending(work, apply, contract)


@dataclass(frozen=True)
class Object:
    """The other side's objection at the counter; `id_no` is what its card said."""

    apply_id: UUID
    text: str
    id_no: str


@action("cancel.object", "登记对方异议", roles=CLERKS)
def object_to_cancelling(work: Work, order: Object) -> None:
    """Keep the other side's objection; the application then waits for the district centre's word."""
    apply = _locked_apply(work, order.apply_id)
    if apply.state is not CancelState.NOTICE:
        raise Conflict("该申请不在告知期，不能登记异议")
    if apply.objection_until and work.today > apply.objection_until:
        raise Rejected("异议期已过")
    objection = enough_words(order.text, "异议内容", least=4, most=500)
    asked = {normal("id_no", number) for number in apply.applicants.json()}
    others = {
        normal("id_no", number.plain)
        for party in parties_of(work, apply.contract_id)
        if party.side is not Side.OCCUPANT
        for number in (party.id_no, party.agent_id_no)
        if number is not None
    }
    if normal("id_no", order.id_no) not in others - asked:
        raise Rejected("只有未申请注销的一方当事人（代理人）可以提出异议，请核对证件")
    apply.objection = Sealed.of_json(objection)
    work.add(apply)
    work.trail.tell("DATA.UPDATE", "cancel.object", about=apply)


@dataclass(frozen=True)
class DecideCancelling:
    apply_id: UUID
    agree: bool
    opinion: str


def decides_here(work: Work, apply: CancelApply) -> bool:
    """Return whether the house is in the caller's district: any office receives, only one decides (decision 7)."""
    return apply.district_code in {scope.code for scope in work.caller.scope_of(Role.DISTRICT_CLERK)}


@action("cancel.decide", "单方注销审定", roles={Role.DISTRICT_CLERK}, step=Step(CANCEL, "approve"))
def decide_cancelling(work: Work, order: DecideCancelling) -> None:
    """Decide as district centre after the notice: not before the objection period ends unless no side objects."""
    apply = _locked_apply(work, order.apply_id)
    if not decides_here(work, apply):
        raise NotAllowed("单方注销由房屋所在区的住房租赁服务中心审定")
    if apply.state is not CancelState.NOTICE:
        raise Conflict(f"该申请当前状态为“{apply.state.label}”")
    opinion = enough_words(order.opinion, "审定意见", least=4, most=500)
    if order.agree and apply.objection is None and apply.objection_until and work.today <= apply.objection_until:
        raise Rejected(f"异议期至 {apply.objection_until}，期满后方可审定")
    contract = work.session.get_one(LeaseContract, apply.contract_id)
    house = lock_house(work, contract.house_id)
    case = work.session.get_one(GovCase, apply.case_id)
    if order.agree:
        filing = newest_filing(work, contract)
        if filing is not None and filing.state is FilingState.FROZEN:
            raise Rejected("该备案已被冻结，请到窗口咨询")
        carry_out(work, apply, contract, house)
        decide_case(work, case, "finish")
    else:
        keep_for_undo(work, apply, "reject")
        take_step(work, apply, CANCEL, "reject", reason=opinion[:100])
        decide_case(work, case, *RETURNED)
        work.session.flush()
        REFUSED.happened(work, apply)
    apply.decided_at, apply.decided_by = work.now, work.caller.account_id
    apply.note = Sealed.of_json(opinion)
    work.add(apply)


#: A refusal can be taken back; who cancelled in error asks the city to restore.
undo_cancelling, _ = undoing(CancelApply, CANCEL, "cancel.decide", "单方注销审定", {Role.DISTRICT_CLERK})


def _locked_apply(work: Work, apply_id: UUID) -> CancelApply:
    work.get(CancelApply, apply_id)
    found: CancelApply = work.session.exec(
        locked(work.session, select(CancelApply).where(CancelApply.id == apply_id))
    ).one()
    return found


@action("cancel.restore", "恢复误注销", roles={Role.CITY_CENTER}, step=Step(CANCEL, "restore"))
def restore_lease(work: Work, order: Reasoned) -> None:
    """Undo a clerk's error within five working days, while no new filing holds the part (3.4)."""
    apply = _locked_apply(work, order.id)
    reason = enough_words(order.reason, "恢复原因", least=4, most=500)[:100]
    days = work.thresholds.integer("cancel.restore_workdays")
    decided = shanghai_day(apply.decided_at) if apply.decided_at else work.today
    if work.today > calendar().add_working_days(decided, days):
        raise Rejected(f"注销已超过{days}个工作日，不能恢复")
    contract = work.session.get_one(LeaseContract, apply.contract_id)
    house = lock_house(work, contract.house_id)
    filing = newest_filing(work, contract)
    take_step(work, apply, CANCEL, "restore", reason=reason)
    apply.restored_at = work.now
    if filing is not None and filing.state is FilingState.CANCELLED:
        later = work.first(LeaseFiling.id, LeaseFiling.house_id == house.id, LeaseFiling.ticket > filing.ticket)
        if later is not None:
            raise Rejected("该房屋已有新的备案，不能恢复")
        restore_filing(work, filing, reason)
        queue_licence(work, filing, parties_of(work, contract.id))
    if contract.state is ContractState.TERMINATED:
        step = "restore" if filing is not None else "restore_signed"
        take_step(work, contract, CONTRACT, step, reason=reason)
    for paper in work.rows(
        IssuedDocument, IssuedDocument.object_id == apply.id, IssuedDocument.state == PaperState.VALID
    ):
        take_step(work, paper, PAPER, "replace", log=False)

"""强制核验（房源） (rows 28, 29): the window takes an application in, the district bureau decides it in three working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.documents import Attachment, FileState, IssuedDocument, PaperKind
from models.house import House
from models.sealed import Sealed
from models.verification import ForcedVerification, ListingVerification
from models.verification_codes import FORCED, OPEN_FORCED, VERIFICATION, ForcedState, VerificationState
from models.working_days import calendar
from printing import receipts
from printing.page import Issue
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_text
from services.engine.door import Gathering
from services.engine.findings import Finding, Outcome
from services.engine.jobs import repeated
from services.engine.notices import notify
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.review_parts import LEAST_REASON, free_to_decide, give_back, mark_overdue, speak, take_in_hand
from services.engine.steps import take_step
from services.engine.thresholds import Threshold, declare
from services.engine.undo import keep_for_undo, undoing
from services.engine.words import enough_words
from services.engine.work import Work
from services.tenancy.fact_sources import OutsideFacts
from services.tenancy.paper_words import CITY, clerk_name, day_text, seal_of, unit_name
from services.tenancy.predicates import number_of
from services.verification.fact_sources import gather_home
from services.verification.forced_materials import HEIRSHIP, MANDATE, Capacity, wanted
from services.verification.orders import order_of
from services.verification.submission import code_of, judge_request, pass_request, verified

WINDOW, BUREAU = {Role.DISTRICT_CLERK}, {Role.DISTRICT_BUREAU}
REVIEW_DAYS, HOLD_MINUTES = "verify.objection_workdays", "verify.review_hold_minutes"
declare(
    Threshold(REVIEW_DAYS, "房源强制核验办理期限", "3", "工作日", "《上海市租赁住房房源核验业务规则》"),
    Threshold(HOLD_MINUTES, "强制核验打开后未处理可由他人接手", "30", "分钟", "业务约定"),
    area="verification",
)
OF_FORCED = "forced_verification"


@dataclass(frozen=True)
class ApplyForced:
    """An application at the window: who came in which capacity, the originals seen, the scans, and why."""

    verification_id: UUID
    capacity: Capacity
    applicant_name: str
    applicant_id_no: str
    originals: tuple[str, ...]
    scans: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True)
class AppliedForced:
    """The application taken in; `passed` where the reason was gone and the code is in force."""

    id: UUID
    apply_no: str
    receipt_no: str
    due_on: date | None
    passed: bool = False
    receipt_id: UUID | None = None


def _gather_apply(gathering: Gathering, order: ApplyForced) -> OutsideFacts:
    return _ask(gathering, order.verification_id)


def _ask(gathering: Gathering, verification_id: UUID) -> OutsideFacts:
    request = gathering.look(lambda work: order_of(work.get(ListingVerification, verification_id).form.plain))
    assert request.requester is not None
    return gather_home(gathering, request)


@action("forced.apply", "申请强制核验", roles=WINDOW, gather=_gather_apply, event="DATA.CREATE")
def apply_forced(work: Work, order: ApplyForced, outside: OutsideFacts) -> AppliedForced:
    """Take an application in; where the failed rules are kept by now the code is given at once."""
    row = work.hold(ListingVerification, order.verification_id)
    _may_apply(work, row)
    codes = tuple(row.fail_codes.split(","))
    _is_entitled(row, order)
    _materials_are_seen(codes, order)
    reason = enough_words(order.reason, "申请理由", least=LEAST_REASON, most=500)
    made = _row(work, row, order, reason)
    number_later(work, "QH", row.district_code, work.today, lambda number: setattr(made, "apply_no", number))
    number_later(work, "HS", row.district_code, work.today, lambda number: setattr(made, "receipt_no", number))
    _keep_scans(work, made, order.scans)
    take_step(work, row, VERIFICATION, "review", act="forced.apply")
    judgement, house = judge_request(work, row, outside)
    if judgement.outcome is Outcome.PASS and house is not None:
        made.closed_note, made.decided_at = "复核时原因已消失，核验通过", work.now
        take_step(work, made, FORCED, "close", act="forced.close")
        pass_request(work, row, house, forced=True)
        code_of(work, row).forced = False
    else:
        take_step(work, made, FORCED, "submit", act="forced.apply")
        take_step(work, made, FORCED, "accept", act="forced.accept")
        made.accepted_at = work.now
        made.due_on = calendar().add_working_days(work.today, work.thresholds.integer(REVIEW_DAYS))
        work.then(lambda: _tell_bureau(work, made))
    passed = made.state is ForcedState.DONE
    return work.later(
        lambda: AppliedForced(
            made.id, made.apply_no or "", made.receipt_no or "", made.due_on, passed, _receipt(work, made, house).id
        )
    )


def _receipt(work: Work, made: ForcedVerification, house: House | None) -> IssuedDocument:
    """The receipt the applicant takes home: what was handed in and the day it is decided by."""
    unit = unit_name(work, work.caller.unit_id)
    number = made.receipt_no or ""
    promised = "已当场办结" if made.due_on is None else f"{day_text(made.due_on)}前"
    page = receipts.Acceptance(
        issue=Issue(number=number, unit=unit, issued_on=work.today, seal=seal_of(work, unit, "房源核验业务专用章")),
        case=receipts.Case(
            accept_no=number,
            case_no=made.apply_no or "",
            item="房源强制核验",
            situation=Capacity.of(made.applicant_capacity).label,
            applicant=made.applicant_name.plain,
            address=CITY + house.address if house else "",
            unit=unit,
            window=work.caller.window,
            clerk=clerk_name(work, made.clerk_id),
            time=shanghai_text(work.now)[:16],
        ),
        materials=tuple(receipts.Material(str(one["name"]), "已核对原件") for one in made.originals),
        promised=promised,
        query_code=number[-6:],
    )
    return issue_paper(
        work, page, kind=PaperKind.RECEIPT, about=made, public=public_answer(unit=unit), unit_id=work.caller.unit_id
    )


def _may_apply(work: Work, row: ListingVerification) -> None:
    if row.state is VerificationState.REVIEWING:
        standing = work.session.exec(
            select(ForcedVerification.apply_no).where(
                ForcedVerification.verification_id == row.id, col(ForcedVerification.state).in_(OPEN_FORCED)
            )
        ).first()
        raise Conflict(f"该核验已在强制核验中（{standing}），请等待办理结果")
    if row.state is not VerificationState.FAILED:
        raise Conflict(f"该核验当前状态为“{row.state.label}”，只有未通过的核验可以申请强制核验")
    if not row.forceable:
        raise Rejected("未通过的原因中有不能强制核验的，请按通知书所列办法处理后重新申请核验")


def _is_entitled(row: ListingVerification, order: ApplyForced) -> None:
    number = number_of(order.applicant_id_no)
    if order.capacity is Capacity.OWNER and number != number_of(row.owner_id_no.plain):
        raise NotAllowed("申请人不是核验申请所载的权利人本人，请由权利人到场，或者由代理人持授权委托书办理")
    if order.capacity is Capacity.AGENT and MANDATE not in order.originals:
        raise NotAllowed("代理人（含经纪机构人员）须出示权利人授权委托书原件，没有委托书的不能受理")
    if order.capacity is Capacity.HEIR and HEIRSHIP not in order.originals:
        raise NotAllowed("权利人已去世的，须由继承人出示继承公证书或者生效法律文书原件")


def _materials_are_seen(codes: Sequence[str], order: ApplyForced) -> None:
    missing = [name for name in wanted(codes, order.capacity) if name not in order.originals]
    findings = [Finding("MATERIAL", f"还需核对原件：{name}", "originals") for name in missing]
    if not order.scans:
        findings.append(Finding("SCAN", "请扫描上传材料", "scans"))
    if findings:
        raise Rejected("；".join(one.message for one in findings), findings)


def _row(work: Work, row: ListingVerification, order: ApplyForced, reason: str) -> ForcedVerification:
    before = select(ForcedVerification.attempt).where(ForcedVerification.verification_id == row.id)
    last = work.session.exec(before.order_by(col(ForcedVerification.attempt).desc())).first() or 0
    made = ForcedVerification(
        verification_id=row.id,
        house_id=row.house_id,
        attempt=last + 1,
        waived_codes=row.fail_codes,
        applicant_capacity=order.capacity.value,
        applicant_name=Sealed.of(order.applicant_name.strip()),
        applicant_id_no=Sealed.of(number_of(order.applicant_id_no)),
        originals=[{"name": name, "copies": 1} for name in dict.fromkeys(order.originals)],
        reason=Sealed.of_json(reason),
        unit_id=work.caller.unit_id,
        clerk_id=work.caller.account_id,
        submitted_at=work.now,
        district_code=row.district_code,
        street_code=row.street_code,
    )
    work.add(made)
    return made


def _keep_scans(work: Work, made: ForcedVerification, ids: Sequence[UUID]) -> None:
    """Tie the uploaded files to the application; one that cannot be used is named."""
    files = work.session.exec(work.visible(Attachment).where(col(Attachment.id).in_(list(ids)))).all()
    bad = [one for one in files if one.state is FileState.QUARANTINED]
    if len(files) != len(set(ids)) or bad:
        raise Rejected("有扫描件不能使用（无法读取或者含有病毒），请重新扫描")
    for one in files:
        one.object_kind, one.object_id, one.district_code = OF_FORCED, made.id, made.district_code
        work.add(one)


def _tell_bureau(work: Work, made: ForcedVerification) -> None:
    words = f"强制核验{made.apply_no}已受理，请于{made.due_on}前审核。"
    notify(work, "房源强制核验待审核", words, about=made, to_district=made.district_code)


# ------------------------------------------------------------------ the review


@action("forced.take", "打开强制核验", roles=BUREAU, event="DATA.STATE")
def take_forced(work: Work, forced_id: UUID) -> None:
    """Take an application in hand; for half an hour no other reviewer decides it."""
    take_in_hand(work, _open(work, forced_id), "forced.take")


def _open(work: Work, forced_id: UUID) -> ForcedVerification:
    """Lock an application that may be decided now by the caller."""
    row: ForcedVerification = work.hold(ForcedVerification, forced_id)
    if row.state not in (ForcedState.ACCEPTED, ForcedState.ESCALATED):
        raise Conflict(f"该申请当前状态为“{row.state.label}”，不能审核，请刷新")
    again = row.state is ForcedState.ESCALATED
    free_to_decide(work, row, again=again, minutes=work.thresholds.integer(HOLD_MINUTES))
    return row


def _speak(work: Work, row: ForcedVerification, opinion: str) -> None:
    speak(work, row, opinion, again=row.state is ForcedState.ESCALATED)
    work.add(row)


@dataclass(frozen=True)
class DecideForced:
    """A reviewer's word; without `agree` the reason is printed for the applicant."""

    forced_id: UUID
    agree: bool
    opinion: str = ""


@dataclass(frozen=True)
class DecidedForced:
    """Result: the code in force, a refusal, or rules not waived that failed when everything was run again."""

    state: ForcedState
    code_no: str = ""
    findings: tuple[Finding, ...] = ()


def _gather_decision(gathering: Gathering, order: DecideForced) -> OutsideFacts:
    return _ask(gathering, gathering.look(lambda work: work.get(ForcedVerification, order.forced_id).verification_id))


@action("forced.decide", "审核强制核验", roles=BUREAU, gather=_gather_decision, step=Step(FORCED, "agree"))
def decide_forced(work: Work, order: DecideForced, outside: OutsideFacts) -> DecidedForced:
    """Waive the listed rules and run all others again: the code at once, or a written reason."""
    row = _open(work, order.forced_id)
    opinion = enough_words(order.opinion, "审核意见", least=0 if order.agree else LEAST_REASON)
    request = work.hold(ListingVerification, row.verification_id)
    if request.state is not VerificationState.REVIEWING:
        raise Conflict(f"核验申请当前状态为“{request.state.label}”，不能审核，请刷新")
    return _agree(work, row, request, opinion, outside) if order.agree else _refuse(work, row, request, opinion)


def _agree(
    work: Work, row: ForcedVerification, request: ListingVerification, opinion: str, outside: OutsideFacts
) -> DecidedForced:
    judgement, house = judge_request(work, request, outside, waived=frozenset(row.waived_codes.split(",")))
    if judgement.outcome is Outcome.PENDING:
        raise Conflict("有数据来源暂时没有应答，未豁免的事项不能核验，请稍后再审核")
    _speak(work, row, opinion)
    take_step(work, row, FORCED, "agree", act="forced.decide")
    if judgement.outcome is not Outcome.PASS or house is None:
        take_step(work, row, FORCED, "return", act="forced.return")
        row.decided_at = None
        return DecidedForced(row.state, "", tuple(judgement.stopping))
    code = pass_request(work, request, house, forced=True)
    take_step(work, row, FORCED, "finish", act="forced.finish")
    _tell(work, row, request, f"强制核验已同意，核验码{code.code_no}自今日起有效")
    return work.later(lambda: DecidedForced(row.state, verified(work, request).code_no))


def _refuse(work: Work, row: ForcedVerification, request: ListingVerification, opinion: str) -> DecidedForced:
    keep_for_undo(work, row, "refuse")
    _speak(work, row, opinion)
    take_step(work, row, FORCED, "refuse", act="forced.decide")
    take_step(work, request, VERIFICATION, "fail_finally", act="forced.decide")
    _tell(work, row, request, f"强制核验未同意：{opinion}")
    return DecidedForced(row.state)


#: A refusal can be taken back until its notice is printed; a code once given is not.
undo_forced, _ = undoing(
    ForcedVerification, FORCED, "forced.decide", "强制核验审核", BUREAU, about=lambda row: (row.verification_id,)
)


def _tell(work: Work, row: ForcedVerification, request: ListingVerification, words: str) -> None:
    told = f"{request.verify_no}：{words}。"
    notify(work, "房源强制核验办结", told, about=request, to_unit=row.unit_id)
    notify(work, "房源强制核验办结", told, about=request, to_enterprise=request.enterprise_id)


@dataclass(frozen=True)
class SayForced:
    forced_id: UUID
    words: str


@action("forced.escalate", "提请复审", roles=BUREAU, step=Step(FORCED, "escalate"))
def escalate_forced(work: Work, order: SayForced) -> None:
    """Ask for a second opinion, which another reviewer gives."""
    row = _open(work, order.forced_id)
    opinion = enough_words(order.words, "初审意见")
    _speak(work, row, opinion)
    row.decided_at = None
    take_step(work, row, FORCED, "escalate", act="forced.escalate")


@action("forced.step_back", "退回初审", roles=BUREAU, step=Step(FORCED, "step_back"))
def step_back_forced(work: Work, order: SayForced) -> None:
    """Give an application back to its first review, with what is to be looked at again."""
    row = _open(work, order.forced_id)
    words = enough_words(order.words, "退回初审的意见")
    give_back(work, row, words, "房源强制核验")
    take_step(work, row, FORCED, "step_back", act="forced.step_back", reason=words[:100])


@action("forced.withdraw", "撤回强制核验", roles=WINDOW, step=Step(FORCED, "withdraw"))
def withdraw_forced(work: Work, order: SayForced) -> None:
    """Take an application back at the applicant's wish; another may follow."""
    row: ForcedVerification = work.hold(ForcedVerification, order.forced_id)
    reason = enough_words(order.words, "撤回原因")
    take_step(work, row, FORCED, "withdraw", act="forced.withdraw", reason=reason[:60])
    row.closed_note, row.decided_at = f"撤回：{reason}"[:60], work.now
    request = work.hold(ListingVerification, row.verification_id)
    take_step(work, request, VERIFICATION, "stop_review", act="forced.withdraw")


# ------------------------------------------------------------------ time


@action("forced.watch", "强制核验超期提醒", roles={Role.SYSTEM}, event="")
def flag_overdue(work: Work, limit: int) -> int:
    """Mark applications past their day and tell the bureau and the city once."""
    waiting = (ForcedState.ACCEPTED, ForcedState.ESCALATED)
    act = "forced.overdue"
    return len(mark_overdue(work, ForcedVerification, waiting, limit, label="房源强制核验", act=act))


repeated("forced.watch", "强制核验超期提醒", flag_overdue, 100, at="00:50")

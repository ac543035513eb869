"""Applications for forced review of an intercepted filing: handed in, taken in, completed, taken back (row 11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col

from models.access import OrgUnit, UnitKind
from models.documents import Attachment, FileState
from models.enterprise import Enterprise
from models.forced_review import REVIEW, Capacity, ForcedReview, ReviewMaterial, ReviewState
from models.normal import normal_id_no
from models.sealed import Sealed
from models.tenancy import GovCase
from models.tenancy_codes import CASE, Side
from models.working_days import calendar
from services.access.visibility import CLERKS, ENTERPRISE, is_own_office
from services.engine.copied import taken
from services.engine.door import Gathering
from services.engine.events import Event
from services.engine.findings import Finding
from services.engine.notices import notify
from services.engine.numbering import number_later
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.review_parts import LEAST_REASON
from services.engine.steps import begin_in, take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.forced_review.case_rules import rules_of
from services.forced_review.papers import issue_receipt
from services.forced_review.stopped_case import (
    APPLICANTS,
    APPLICATION,
    IDENTITY,
    MANDATE,
    Lease,
    form_of_case,
    held_lease,
    may_be_reviewed,
    stops_today,
)
from services.forced_review.visibility import OF_REVIEW
from services.forced_review.waivable import ASKED_OF_DISTRICT, of_rule
from services.tenancy.cancellation import district_centre
from services.tenancy.contracts import channel_of
from services.tenancy.fact_sources import OutsideFacts
from services.tenancy.filing import Waiver, decide
from services.tenancy.paper_words import parties_of

REVIEW_DAYS = "forced.filing_workdays"
#: A review ended in any way, or waits for another's word.
MOVED: Event[ForcedReview] = Event("forced_review.moved")


@dataclass(frozen=True)
class Handed:
    """A material handed in for a rule; without one it is a material of every application."""

    name: str
    code: str = ""
    original: bool = False
    valid_to: date | None = None
    file_id: UUID | None = None
    pages: int = 1


@dataclass(frozen=True)
class ApplyReview:
    """An application for a case; a firm applies in its own name."""

    case_id: UUID
    capacity: Capacity
    reason: str
    materials: tuple[Handed, ...]
    applicant_name: str = ""
    applicant_id_no: str = ""


@dataclass(frozen=True)
class Applied:
    """The application taken in, or the filing where nothing stops the case any more."""

    id: UUID
    apply_no: str
    state: ReviewState
    due_on: date | None
    filing_no: str = ""
    receipt_id: UUID | None = None


def _gather_apply(gathering: Gathering, order: ApplyReview) -> OutsideFacts:
    return form_of_case(gathering, order.case_id)


@action("forced_review.apply", "申请强制核验（备案）", roles=APPLICANTS, gather=_gather_apply, event="DATA.CREATE")
def apply_review(work: Work, order: ApplyReview, outside: OutsideFacts) -> Applied:
    """Take an application in; where nothing stops the case any more, file it at once."""
    return begin_review(work, work.get(GovCase, order.case_id), order, outside)


def begin_review(
    work: Work,
    case: GovCase,
    order: ApplyReview,
    outside: OutsideFacts,
    *,
    taker: UUID | None = None,
    civil: bool = False,
) -> Applied:
    """Open a review of a case. What civil affairs handed over (`civil`) was taken in by its own clerk, the `taker`."""
    lease = held_lease(work, case)
    may_be_reviewed(work, lease)
    street = work.caller.unit_kind is UnitKind.STREET_CENTER
    stops = stops_today(work, lease, outside, street=street)
    reason = enough_words(order.reason, "申请理由", least=LEAST_REASON, most=500)
    made = _row(work, lease, order, reason, [one.code for one in stops])
    if civil:
        made.clerk_id = taker
    _is_entitled(work, lease, order, made)
    keep_materials(work, made, order.materials, [one.code for one in stops])
    number_later(work, "QB", made.district_code, work.today, lambda number: setattr(made, "apply_no", number))
    number_later(work, "HS", made.district_code, work.today, lambda number: setattr(made, "receipt_no", number))
    take_step(work, case, CASE, "resume", act="forced_review.apply")
    work.trail.tell(
        "DATA.CREATE", "forced_review.apply", about=made, detail={"case": str(case.id), "codes": made.codes}
    )
    if not stops:
        return _pass_by_itself(work, lease, made, outside)
    if work.caller.has(*CLERKS):
        _accept(work, made)
        if street and ASKED_OF_DISTRICT & set(made.codes.split(",")):
            take_step(work, made, REVIEW, "escalate", act="forced_review.escalate")
    work.then(lambda: tell_reviewers(work, made))
    # What civil affairs handed over lay on its own counter.
    pages = () if civil else tuple(one.pages for one in order.materials)
    return work.later(
        lambda: Applied(
            made.id,
            made.apply_no or "",
            made.state,
            made.due_on,
            receipt_id=issue_receipt(work, made, lease.house, pages),
        )
    )


def _pass_by_itself(work: Work, lease: Lease, made: ForcedReview, outside: OutsideFacts) -> Applied:
    """File a case whose reasons are gone."""
    rules, conflicts = rules_of(work, lease.case)
    decided = decide(
        work,
        lease.case,
        lease.contract,
        lease.house,
        lease.form,
        outside,
        rules=rules,
        conflicts=conflicts,
        waiver=Waiver(made.id, frozenset()),
    )
    if decided.filing is None:
        raise Conflict("核验结果已经变化，请重新申请")
    filing = decided.filing
    made.closed_note, made.decided_at = "申请时原因已消失，自动通过", work.now
    made.filing_id, made.run_id = filing.id, decided.run.id
    take_step(work, made, REVIEW, "pass_by_itself", act="forced_review.pass")
    MOVED.happened(work, made)
    return work.later(lambda: Applied(made.id, made.apply_no or "", made.state, None, filing.filing_no))


def _row(work: Work, lease: Lease, order: ApplyReview, reason: str, codes: Sequence[str]) -> ForcedReview:
    last = work.first(ForcedReview.attempt, ForcedReview.case_id == lease.case.id, by=col(ForcedReview.attempt).desc())
    street = work.caller.unit_kind is UnitKind.STREET_CENTER
    clerk = work.caller.has(*CLERKS)
    made = ForcedReview(
        case_id=lease.case.id,
        contract_id=lease.contract.id,
        house_id=lease.house.id,
        attempt=(last or 0) + 1,
        codes=",".join(sorted(codes)),
        channel=channel_of(work),
        capacity=order.capacity,
        applicant_name=Sealed.of(order.applicant_name.strip()),
        applicant_id_no=Sealed.of(normal_id_no(order.applicant_id_no)),
        reason=Sealed.of_json(reason),
        enterprise_id=lease.case.enterprise_id,
        unit_id=work.caller.unit_id if clerk else None,
        clerk_id=work.caller.account_id if clerk else None,
        review_unit_id=work.caller.unit_id if street else district_centre(work, lease.house.district_code),
        submitted_at=work.now,
        **taken(lease.house, "district_code", "street_code"),
    )
    begin_in(made, ReviewState.SUBMITTED)
    return work.add(made)


def _is_entitled(work: Work, lease: Lease, order: ApplyReview, made: ForcedReview) -> None:
    """Only a party, his agent with a mandate, or the firm that filed may apply."""
    if work.caller.has(*ENTERPRISE):
        firm = work.session.get(Enterprise, work.caller.enterprise_id) if work.caller.enterprise_id else None
        if firm is None or order.capacity is not Capacity.FIRM:
            raise NotAllowed("企业端由经办企业申请")
        made.applicant_name, made.applicant_id_no = Sealed.of(firm.name), Sealed.of(firm.uscc)
        return
    if order.capacity is Capacity.FIRM:
        raise NotAllowed("企业请在企业端申请")
    if not order.applicant_name.strip() or not order.applicant_id_no.strip():
        raise Rejected("请填写申请人姓名和证件号码")
    number = normal_id_no(order.applicant_id_no)
    signers = [one for one in parties_of(work, lease.contract.id) if one.side is not Side.OCCUPANT]
    if order.capacity is Capacity.PARTY and number not in {normal_id_no(one.id_no.plain) for one in signers}:
        raise NotAllowed("申请人不是该合同的当事人，请由当事人到场，或者由代理人持授权委托书办理")
    if order.capacity is Capacity.AGENT and MANDATE not in {one.name for one in order.materials if one.original}:
        raise NotAllowed("代理人须出示当事人授权委托书原件")


def wanted(codes: Sequence[str], capacity: Capacity) -> list[tuple[str, str]]:
    """The materials of an application as (rule, name): those of every application, then those of each reason."""
    always = [("", APPLICATION)] if capacity is Capacity.FIRM else [("", APPLICATION), ("", IDENTITY)]
    if capacity is Capacity.AGENT:
        always.append(("", MANDATE))
    return always + [(code, name) for code in sorted(codes) for name in of_rule(code)]


def keep_materials(
    work: Work, made: ForcedReview, handed: Sequence[Handed], codes: Sequence[str], *, turn: int = 1
) -> None:
    """Keep what was handed in, or refuse with everything that is missing, out of date or handed in before."""
    at_counter = work.caller.has(*CLERKS)
    findings = [
        Finding("MATERIAL", f"还需提交：{name}" + (f"（{code}）" if code else ""), "materials")
        for code, name in wanted(codes, made.capacity)
        if not any(one.code == code and one.name == name and (one.file_id or one.original) for one in handed)
    ]
    findings += [
        Finding("MATERIAL_EXPIRED", f"{one.name}已于{one.valid_to}失效，请换新后提交", "materials")
        for one in handed
        if one.valid_to is not None and one.valid_to < work.today
    ]
    findings += [Finding("PAGES", f"请填写页数：{one.name}", "materials") for one in handed if one.pages < 1]
    if at_counter:
        unseen = [one for one in handed if one.code and not one.original]
        findings += [Finding("ORIGINAL", f"请核对原件：{one.name}", "materials") for one in unseen]
    reasons = {one.code for one in handed if one.file_id is not None}
    findings += [
        Finding("SCAN", f"请上传{code}的材料扫描件", "materials") for code in sorted(codes) if code not in reasons
    ]
    digests = _files(work, made, handed)
    if made.attempt > 1 and not _is_new(work, made, digests):
        findings.append(Finding("NEW_MATERIAL", "上次未同意后再次申请的，须提交新的材料", "materials"))
    if findings:
        raise Rejected("；".join(dict.fromkeys(one.message for one in findings)), findings)
    for position, one in enumerate(handed, 1):
        work.add(
            ReviewMaterial(
                review_id=made.id,
                position=position,
                code=one.code,
                title=one.name[:60],
                original=one.original and at_counter,
                valid_to=one.valid_to,
                attachment_id=one.file_id,
                digest=digests.get(one.file_id, "") if one.file_id else "",
                turn=turn,
            )
        )


def _files(work: Work, made: ForcedReview, handed: Sequence[Handed]) -> dict[UUID, str]:
    """Tie the uploaded files to the application; refuse one that cannot be used or belongs to something else."""
    ids = {one.file_id for one in handed if one.file_id is not None}
    files = work.rows(work.visible(Attachment), col(Attachment.id).in_(ids)) if ids else []
    bad = [one for one in files if one.state is FileState.QUARANTINED or one.object_id not in (None, made.id)]
    if len(files) != len(ids) or bad:
        raise Rejected("有扫描件不能使用（无法读取、含有病毒或者已用于其他申请），请重新上传")
    for one in files:
        one.object_kind, one.object_id, one.district_code = OF_REVIEW, made.id, made.district_code
        work.add(one)
    return {one.id: one.digest for one in files}


def _is_new(work: Work, made: ForcedReview, digests: dict[UUID, str]) -> bool:
    """Return whether a material is new that no refused review of the case had; a review taken back does not count."""
    refused = work.rows(
        ForcedReview.id, ForcedReview.case_id == made.case_id, ForcedReview.state == ReviewState.REFUSED
    )
    known = set(work.rows(ReviewMaterial.digest, col(ReviewMaterial.review_id).in_(refused))) if refused else set()
    return not refused or bool(set(digests.values()) - known)


def _accept(work: Work, made: ForcedReview) -> None:
    take_step(work, made, REVIEW, "accept", act="forced_review.accept")
    made.accepted_at = work.now
    made.due_on = calendar().add_working_days(work.today, work.thresholds.integer(REVIEW_DAYS))


def tell_reviewers(work: Work, made: ForcedReview) -> None:
    """Tell the office that decides; of what a community service centre decides the district of the house hears too."""
    words = f"强制核验{made.apply_no}（{made.codes}）{made.state.label}" + (
        f"，{made.due_on}前办结。" if made.due_on else "。"
    )
    notify(work, "备案强制核验待办理", words, about=made, to_unit=made.review_unit_id)
    centre = district_centre(work, made.district_code)
    if made.state is ReviewState.ESCALATED:
        notify(work, "备案强制核验待区局审核", words, about=made, to_district=made.district_code)
    elif made.review_unit_id != centre:
        unit = work.first(OrgUnit.name, OrgUnit.id == made.review_unit_id) or ""
        told = f"{unit}受理的强制核验{made.apply_no}，房屋在本区，由该中心审核。"
        notify(work, "外单位受理本区房屋的强制核验", told, about=made, to_unit=centre)
        notify(work, "外单位受理本区房屋的强制核验", told, about=made, to_district=made.district_code)


# ------------------------------------------------------------------ what a firm handed in


@action("forced_review.accept", "受理强制核验（备案）", roles=CLERKS, step=Step(REVIEW, "accept"))
def accept_review(work: Work, order: OneRow) -> None:
    """Take in what a firm handed in; from today it is decided in three working days."""
    row = _of_office(work, order.id)
    row.unit_id, row.clerk_id = work.caller.unit_id, work.caller.account_id
    _accept(work, row)
    work.then(
        lambda: notify(
            work, "强制核验已受理", f"{row.apply_no}：{row.due_on}前办结。", about=row, to_enterprise=row.enterprise_id
        )
    )


@action("forced_review.ask_for_more", "强制核验补正", roles=CLERKS, step=Step(REVIEW, "ask_for_more"))
def ask_for_more(work: Work, order: Reasoned) -> None:
    """Send an application back for what is missing; once, with everything in one list."""
    row = _of_office(work, order.id)
    words = enough_words(order.reason, "补正内容")
    if row.corrections:
        raise Conflict("已通知过一次补正，请受理后审核")
    take_step(work, row, REVIEW, "ask_for_more", act="forced_review.ask_for_more")
    row.correction, row.corrections = Sealed.of_json(words), row.corrections + 1
    notify(work, "强制核验需补正", f"{row.apply_no}：{words}", about=row, to_enterprise=row.enterprise_id)


def _of_office(work: Work, review_id: UUID) -> ForcedReview:
    row: ForcedReview = work.hold(ForcedReview, review_id)
    if not is_own_office(work, row.review_unit_id):
        raise NotAllowed("由房屋所在区的住房租赁服务中心受理")
    return row


@dataclass(frozen=True)
class Supplement:
    """Materials a firm adds to its application."""

    review_id: UUID
    materials: tuple[Handed, ...]


@action("forced_review.supplement", "补交强制核验材料", roles=ENTERPRISE, step=Step(REVIEW, "supplement"))
def supplement_review(work: Work, order: Supplement) -> None:
    """Add materials; the office looks at the application again."""
    row: ForcedReview = work.hold(ForcedReview, order.review_id)
    if not order.materials or any(one.file_id is None for one in order.materials):
        raise Rejected("请上传补正的材料")
    late = [one.name for one in order.materials if one.valid_to is not None and one.valid_to < work.today]
    if late:
        raise Rejected(f"{'、'.join(late)}已失效，请换新后提交")
    digests = _files(work, row, order.materials)
    take_step(work, row, REVIEW, "supplement", act="forced_review.supplement")
    before = len(work.rows(ReviewMaterial.id, ReviewMaterial.review_id == row.id))
    for position, one in enumerate(order.materials, before + 1):
        assert one.file_id is not None
        work.add(
            ReviewMaterial(
                review_id=row.id,
                position=position,
                code=one.code,
                title=one.name[:60],
                valid_to=one.valid_to,
                attachment_id=one.file_id,
                digest=digests[one.file_id],
                turn=row.corrections + 1,
            )
        )
    work.then(lambda: tell_reviewers(work, row))


@action("forced_review.withdraw", "撤回强制核验（备案）", roles=APPLICANTS, step=Step(REVIEW, "withdraw"))
def withdraw_review(work: Work, order: Reasoned) -> None:
    """Take an application back at the applicant's wish; the case stays intercepted and another may follow."""
    row: ForcedReview = work.hold(ForcedReview, order.id)
    reason = enough_words(order.reason, "撤回原因", most=60)
    offices = (row.unit_id, row.review_unit_id)
    if work.caller.has(*CLERKS) and not any(is_own_office(work, one) for one in offices):
        raise NotAllowed("由受理单位办理撤回")
    end_review(work, row, "withdraw", f"撤回：{reason}")


def end_review(work: Work, row: ForcedReview, step: str, note: str) -> None:
    """End an open review without a word about its reasons."""
    take_step(work, row, REVIEW, step, act=f"forced_review.{step}", reason=note[:60])
    row.closed_note, row.decided_at, row.taken_by = note[:80], work.now, None
    MOVED.happened(work, row)

"""社区事务受理: what a community service centre accepted is reviewed there and filed, wherever the home lies (row 12)."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import col, or_

from models.access import OrgUnit, Role, UnitKind
from models.forced_review import CIVIL, OPEN_CIVIL, OPEN_REVIEWS, CivilCase, CivilState, ForcedReview, ReviewState
from models.normal import normal_id_no
from models.sealed import Sealed, indexes_of
from models.tenancy import ContractParty, GovCase, LeaseFiling
from models.tenancy_codes import Side
from models.working_days import calendar
from services.access.matches import TYPED, open_person, open_record
from services.broker_pushes.orders import Reason
from services.engine.copied import values_for
from services.engine.door import Gathering
from services.engine.events import Event, on
from services.engine.notices import notify
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict
from services.engine.registry import Step, action, query
from services.engine.review_parts import LEAST_REASON, words_of
from services.engine.steps import step_on, take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.forced_review.applications import MOVED, Applied, ApplyReview, begin_review, end_review
from services.forced_review.civil_orders import AskCivil, CivilAnswer, HandOver, TakeBack
from services.forced_review.stopped_case import form_of_case
from services.forced_review.takers import account_of_taker, civil_case_of, did_not_take_it
from services.tenancy.fact_sources import OutsideFacts
from services.tenancy.filing import DECIDED, Decided

CIVIL_DAYS = "civil.workdays"
_PARTNER, _STREET = {Role.PARTNER}, {Role.STREET_CLERK}
#: The state of an acceptance changed; its system receives it.
CHANGED: Event[CivilCase] = Event("civil_case.changed")


# ------------------------------------------------------------------ from the civil affairs system


@action("civil.hand_over", "接收社区受理办件", roles=_PARTNER, event="DATA.CREATE")
def hand_over(work: Work, order: HandOver) -> CivilAnswer:
    """Take an acceptance in for its centre; the same message twice is one."""
    earlier = _known(work, order.acceptance_no)
    if earlier is not None:
        if earlier.fingerprint == order.fingerprint:
            return _taken_in(work, earlier)
        return _no(order.acceptance_no, "J02", "acceptance_no", "该受理编号已报送过其他内容，请核对编号")
    centre = work.first(
        OrgUnit,
        OrgUnit.kind == UnitKind.STREET_CENTER,
        or_(OrgUnit.unit_code == order.centre_code, col(OrgUnit.street_code) == order.centre_code),
    )
    if centre is None or not order.centre_code:
        return _no(order.acceptance_no, "M01", "centre_code", "没有该编码的社区事务受理服务中心，请核对受理中心编码")
    row = CivilCase(
        **{
            **values_for(CivilCase, order),
            "materials": [
                {"name": one.name, "copies": one.copies, "original": one.original} for one in order.materials
            ],
        },
        app_id=work.caller.name,
        fingerprint=order.fingerprint,
        unit_id=centre.id,
        received_at=work.now,
        due_on=calendar().add_working_days(work.today, work.thresholds.integer(CIVIL_DAYS)),
        district_code=centre.district_code,
        street_code=centre.street_code,
    )
    case = _case_named(work, order)
    row.case_id = case.id if case is not None else None
    work.add(row)
    notify(
        work, "社区受理办件待审查", f"受理编号{row.acceptance_no}，{row.due_on}前审查。", about=row, to_unit=centre.id
    )
    work.trail.tell("DATA.CREATE", "civil.hand_over", about=row, detail={"centre": order.centre_code})
    return _taken_in(work, row)


def _taken_in(work: Work, row: CivilCase) -> CivilAnswer:
    """The answer to a case handed over; it warns while the case that the message names is not found."""
    answer = answer_of(work, row)
    if not row.gov_case_no or row.case_id is not None or answer.reasons:
        return answer
    words = "没有找到该办件，或者申请人不是其当事人；由中心重新办理网签备案"
    return replace(answer, reasons=(Reason("M02", "WARN", "gov_case_no", words),))


def _known(work: Work, acceptance_no: str) -> CivilCase | None:
    return work.first(CivilCase, CivilCase.app_id == work.caller.name, CivilCase.acceptance_no == acceptance_no)


def _no(acceptance_no: str, code: str, field: str, words: str) -> CivilAnswer:
    return CivilAnswer(False, acceptance_no, reasons=(Reason(code, "REFUSE", field, words),))


def _case_named(work: Work, order: HandOver) -> GovCase | None:
    """The intercepted case a message names, if the applicant is a party of it."""
    case = work.first(GovCase, GovCase.case_no == order.gov_case_no.upper()) if order.gov_case_no else None
    if case is None or case.contract_id is None:
        return None
    indexes = indexes_of(work.sealer, "id_no", normal_id_no(order.applicant_id_no))
    party = work.has(
        ContractParty,
        ContractParty.contract_id == case.contract_id,
        ContractParty.side != Side.OCCUPANT,
        col(ContractParty.id_no_index).in_(indexes),
    )
    return case if party else None


@action("civil.take_back", "接收社区受理撤回", roles=_PARTNER)
def take_back(work: Work, order: TakeBack) -> CivilAnswer:
    """End what was handed over, and a review under way for it."""
    found = _known(work, order.acceptance_no)
    if found is None:
        return _no(order.acceptance_no, "M03", "acceptance_no", "没有该受理编号的办件")
    row: CivilCase = work.hold(CivilCase, found.id)
    if row.state is CivilState.WITHDRAWN:
        return answer_of(work, row)
    if row.state not in OPEN_CIVIL:
        return replace(
            answer_of(work, row),
            accepted=False,
            reasons=(Reason("M04", "REFUSE", "acceptance_no", "该办件已办结，不能撤回"),),
        )
    take_step(work, row, CIVIL, "withdraw", act="civil.take_back")
    _end(work, row, f"民政系统撤回：{order.reason}")
    review = work.session.get(ForcedReview, row.review_id) if row.review_id else None
    if review is not None and review.state in OPEN_REVIEWS:
        end_review(work, review, "withdraw", "申请人在社区事务受理系统撤回")
    notify(work, "社区受理办件已撤回", f"受理编号{row.acceptance_no}：{order.reason}", about=row, to_unit=row.unit_id)
    return answer_of(work, row)


@query("civil.ask", "查询社区受理办件", roles=_PARTNER)
def ask_civil(work: Work, order: AskCivil) -> CivilAnswer:
    """Return state and result of an acceptance of the caller."""
    row = _known(work, order.acceptance_no)
    return (
        _no(order.acceptance_no, "M03", "acceptance_no", "没有该受理编号的办件")
        if row is None
        else answer_of(work, row)
    )


def answer_of(work: Work, row: CivilCase) -> CivilAnswer:
    """The present answer about an acceptance."""
    filing = work.session.get(LeaseFiling, row.filing_id) if row.filing_id else None
    case_no = work.first(GovCase.case_no, GovCase.id == row.case_id) if row.case_id else None
    apply_no = work.first(ForcedReview.apply_no, ForcedReview.id == row.review_id) if row.review_id else None
    note = words_of(row.end_note)
    refused = row.state is CivilState.REFUSED
    return CivilAnswer(
        True,
        row.acceptance_no,
        row.state,
        case_no or "",
        apply_no or "",
        row.due_on,
        filing.filing_no if filing else "",
        filing.valid_from if filing else None,
        filing.valid_to if filing else None,
        row.ended_at,
        (Reason("M05", "REFUSE", "", note[:400]),) if refused and note else (),
    )


# ------------------------------------------------------------------ at the community service centre


def _mine(work: Work, civil_id: UUID) -> CivilCase:
    """Lock an acceptance of the caller's centre that another person took in."""
    row: CivilCase = work.hold(CivilCase, civil_id)
    if row.state not in OPEN_CIVIL:
        raise Conflict(f"该办件当前状态为“{row.state.label}”，请刷新")
    did_not_take_it(work, row)
    return row


@action("civil.start", "审查并办理社区受理办件", roles=_STREET, step=Step(CIVIL, "start"))
def start_civil(work: Work, order: OneRow) -> UUID | None:
    """Begin: the applicant and the case are open to this clerk today. Returns the intercepted case, where there is one."""
    row = _mine(work, order.id)
    take_step(work, row, CIVIL, "start", act="civil.start")
    row.starter_id = work.caller.account_id
    open_person(work, row.applicant_id_no.plain, TYPED)
    case = work.session.get(GovCase, row.case_id) if row.case_id else None
    if case is not None:
        open_record(work, case, f"社区受理{row.acceptance_no}")
    CHANGED.happened(work, row)
    return row.case_id


@dataclass(frozen=True)
class ReviewCivil:
    """An application for forced review of the case of an acceptance."""

    civil_id: UUID
    apply: ApplyReview


def _gather_review(gathering: Gathering, order: ReviewCivil) -> OutsideFacts:
    return form_of_case(gathering, order.apply.case_id)


@action("civil.review", "社区受理办件申请强制核验", roles=_STREET, gather=_gather_review, step=Step(CIVIL, "review"))
def review_civil(work: Work, order: ReviewCivil, outside: OutsideFacts) -> Applied:
    """Open the review of an intercepted case; who took it in is the clerk of the civil affairs system."""
    row = _mine(work, order.civil_id)
    case = work.get(GovCase, order.apply.case_id)
    if row.case_id not in (None, case.id):
        raise Conflict("该受理办件对应另一办件，请刷新")
    row.case_id = case.id
    # Before the review is opened, so that a case that passes by itself ends the acceptance too.
    take_step(work, row, CIVIL, "review", act="civil.review")
    work.session.flush()
    taker = account_of_taker(work, row)
    applied = begin_review(work, case, order.apply, outside, taker=taker, civil=True)
    work.session.flush()
    made = work.find(ForcedReview, ForcedReview.case_id == case.id, by=col(ForcedReview.attempt).desc())
    row.review_id = made.id
    if made.state is ReviewState.ESCALATED:
        take_step(work, row, CIVIL, "escalate", act="civil.review")
    if row.state in OPEN_CIVIL:
        CHANGED.happened(work, row)
    return applied


@action("civil.refuse", "不予办理社区受理办件", roles=_STREET, step=Step(CIVIL, "refuse"))
def refuse_civil(work: Work, order: Reasoned) -> None:
    """Refuse an acceptance with a written reason, which goes back to the civil affairs system."""
    row = _mine(work, order.id)
    if row.state in (CivilState.REVIEWING, CivilState.ESCALATED):
        raise Conflict("该办件正在强制核验，请在“备案强制核验”中审核")
    reason = enough_words(order.reason, "不予办理的理由", least=LEAST_REASON)
    take_step(work, row, CIVIL, "refuse", act="civil.refuse", reason=reason[:60])
    _end(work, row, reason)
    CHANGED.happened(work, row)


def _end(work: Work, row: CivilCase, note: str) -> None:
    row.ended_at, row.end_note = work.now, Sealed.of_json(note[:400])
    work.add(row)


# ------------------------------------------------------------------ what follows from filing and review


@on(DECIDED)
def case_decided(work: Work, decided: Decided) -> None:
    """A lease filed for the applicant of an acceptance at his centre ends it; an intercepted one is tied to it."""
    case, filing = decided.case, decided.filing
    row = None if work.is_new(case) else civil_case_of(work, case.id)
    if row is None and case.unit_id is not None:
        numbers = work.rows(
            ContractParty.id_no_index,
            ContractParty.contract_id == decided.contract.id,
            ContractParty.side != Side.OCCUPANT,
        )
        row = work.first(
            CivilCase,
            CivilCase.unit_id == case.unit_id,
            CivilCase.state == CivilState.FILING,
            col(CivilCase.applicant_id_no_index).in_([one for one in numbers if one]),
            by=CivilCase.received_at,
        )
    if row is None:
        return
    row.case_id = case.id
    work.add(row)
    if filing is not None:
        row.filing_id = filing.id
        take_step(work, row, CIVIL, "file", act="civil.file")
        _end(work, row, "已备案")
        CHANGED.happened(work, row)


@on(MOVED)
def review_moved(work: Work, review: ForcedReview) -> None:
    """Carry the end of a review over to its acceptance."""
    row = work.first(CivilCase, CivilCase.review_id == review.id, col(CivilCase.state).in_(OPEN_CIVIL))
    if row is None or row.state not in OPEN_CIVIL:
        return
    if review.state is ReviewState.REFUSED:
        take_step(work, row, CIVIL, "refuse", act="civil.refuse")
        _end(work, row, words_of(review.second_opinion) or words_of(review.opinion))
    elif review.state is ReviewState.CLOSED:
        take_step(work, row, CIVIL, "refuse", act="civil.refuse")
        _end(work, row, review.closed_note)
    elif review.state is ReviewState.ESCALATED:
        step_on(work, row, CIVIL, "escalate")
    elif review.state is ReviewState.ACCEPTED and row.state is CivilState.ESCALATED:
        step_on(work, row, CIVIL, "step_back")
    elif review.state is ReviewState.WITHDRAWN:
        take_step(work, row, CIVIL, "stop_review", act="civil.stop_review")
    else:
        return
    CHANGED.happened(work, row)

"""A forced review as applicant, reviewer and district see it: rule, law, value found and material side by side (row 11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from models.access import OrgUnit
from models.documents import IssuedDocument
from models.forced_review import OPEN_REVIEWS, TO_DECIDE, ForcedReview, ReviewState
from models.house import House
from models.tenancy import GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import Side
from models.working_days import calendar
from services.access.visibility import ENTERPRISE, STAFF
from services.engine.actor_names import person
from services.engine.door import Gathering
from services.engine.findings import Finding, numbered
from services.engine.look_ups import values_by
from services.engine.registry import query
from services.engine.review_parts import words_of
from services.engine.undo import left_until
from services.engine.work import Work
from services.forced_review.case_rules import judge_case
from services.forced_review.comparison import compared
from services.forced_review.decisions import decides_here
from services.forced_review.papers import materials_of
from services.forced_review.stopped_case import contract_of
from services.forced_review.waivable import for_district, stops_of, waivable
from services.tenancy.contract_views import papers_about
from services.tenancy.contracts import confirmed_form
from services.tenancy.fact_sources import OutsideFacts, ask_outside
from services.tenancy.lease_form import LeaseForm
from services.tenancy.paper_words import part_name, parties_of
from services.tenancy.rules.catalogue import BY_CODE

READERS = STAFF | ENTERPRISE


@dataclass(frozen=True)
class MaterialLine:
    """A material with its scan."""

    name: str
    original: bool
    valid_to: date | None
    file_id: UUID | None


@dataclass(frozen=True)
class RuleLine:
    """A rule that a case under review has failed."""

    code: str
    label: str
    basis: str
    message: str
    applied: str
    registered: str
    materials: tuple[MaterialLine, ...]
    #: The rule still stops the case.
    stands: bool
    #: A reviewer may waive the rule.
    waivable: bool
    district_only: bool


@dataclass(frozen=True)
class ReviewView:
    """A review with everything a reviewer decides by."""

    id: UUID
    case_id: UUID
    contract_id: UUID
    apply_no: str
    receipt_no: str
    case_no: str
    state: ReviewState
    version: int
    attempt: int
    address: str
    lease: str
    parties: tuple[str, ...]
    applicant: str
    capacity: str
    channel: str
    reason: str
    lines: tuple[RuleLine, ...]
    general: tuple[MaterialLine, ...]
    more_stops: tuple[str, ...]
    unit: str
    review_unit: str
    accepted_at: datetime | None
    due_on: date | None
    clock: str
    overdue: bool
    correction: str
    reviewer: str
    opinion: str
    second_reviewer: str
    second_opinion: str
    waived: tuple[str, ...]
    filing_no: str
    closed_note: str
    held_by: str
    papers: Sequence[IssuedDocument]
    may_decide: bool
    #: Why the caller may not decide what waits for a decision.
    bar: str
    may_accept: bool
    may_undo: bool


def clock_of(row: ForcedReview, today: date) -> str:
    """The time that is left to decide, in working days."""
    if row.due_on is None or row.state not in TO_DECIDE:
        return ""
    if row.due_on < today:
        return f"超期{calendar().working_days_between(row.due_on, today)}个工作日"
    left = calendar().working_days_between(today, row.due_on)
    return f"剩{left}个工作日" if left else "今日到期"


def _gather(gathering: Gathering, review_id: UUID) -> OutsideFacts:
    def read(work: Work) -> LeaseForm:
        return confirmed_form(work, work.session.get_one(LeaseContract, work.get(ForcedReview, review_id).contract_id))

    return ask_outside(gathering.systems, gathering.look(read))


@query("forced_review.view", "强制核验（备案）详情", roles=READERS, personal=True, gather=_gather)
def view_review(work: Work, review_id: UUID, outside: OutsideFacts) -> ReviewView:
    """Return a review with the registers as they answer now; the look is logged."""
    row = work.get(ForcedReview, review_id)
    case = work.session.get_one(GovCase, row.case_id)
    contract = contract_of(work, case)
    form, house = confirmed_form(work, contract), work.session.get_one(House, row.house_id)
    stops = stops_of(judge_case(work, case, contract, form, outside)) if row.state in OPEN_REVIEWS else []
    found = {one.code: one for one in stops}
    codes = [code for code in row.codes.split(",") if code]
    materials = _materials(work, row)
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id, row.review_unit_id))
    here = decides_here(work, row)
    mine = work.caller.account_id in (row.clerk_id, row.reviewer_id if row.state is not ReviewState.ACCEPTED else None)
    return ReviewView(
        id=row.id,
        case_id=case.id,
        contract_id=contract.id,
        apply_no=row.apply_no or "",
        receipt_no=row.receipt_no or "",
        case_no=case.case_no,
        state=row.state,
        version=row.version,
        attempt=row.attempt,
        address=house.address,
        lease=f"{part_name(contract.rooms, contract.mode)}，{contract.start}至{contract.end}，月租金{contract.month_rent:,.2f}元",
        parties=tuple(
            f"{one.side.label} {one.name.masked()} {one.id_no.masked()}"
            for one in parties_of(work, contract.id)
            if one.side is not Side.OCCUPANT
        ),
        applicant=f"{row.applicant_name.masked()} {row.applicant_id_no.masked()}",
        capacity=row.capacity.label,
        channel=row.channel.label,
        reason=str(row.reason.json()),
        lines=tuple(_line(code, form, outside, found.get(code), work.today, materials) for code in codes),
        general=materials.get("", ()),
        more_stops=tuple(numbered(one.code, one.message) for one in stops if one.code not in codes),
        unit=units.get(row.unit_id, "企业端提交"),
        review_unit=units.get(row.review_unit_id, ""),
        accepted_at=row.accepted_at,
        due_on=row.due_on,
        clock=clock_of(row, work.today),
        overdue=row.state in TO_DECIDE and row.due_on is not None and row.due_on < work.today,
        correction=words_of(row.correction),
        reviewer=person(work, row.reviewer_id) if row.reviewer_id else "",
        opinion=words_of(row.opinion),
        second_reviewer=person(work, row.second_reviewer_id) if row.second_reviewer_id else "",
        second_opinion=words_of(row.second_opinion),
        waived=tuple(code for code in row.waived_codes.split(",") if code),
        filing_no=(work.first(LeaseFiling.filing_no, LeaseFiling.id == row.filing_id) or "") if row.filing_id else "",
        closed_note=row.closed_note,
        held_by=person(work, row.taken_by) if row.taken_by else "",
        papers=papers_about(work, row.id),
        may_decide=row.state in TO_DECIDE and here and not mine,
        bar=_bar(row, here=here, mine=mine, office=units.get(row.review_unit_id, "")),
        may_accept=row.state is ReviewState.SUBMITTED and here,
        may_undo=row.state is ReviewState.REFUSED and left_until(work, row.id) is not None,
    )


def _bar(row: ForcedReview, *, here: bool, mine: bool, office: str) -> str:
    if row.state not in TO_DECIDE:
        return ""
    if not here:
        return f"该申请由{office}审核" if office else "该申请不由本单位审核"
    return "您受理或初审过该申请，须由其他人员审核" if mine else ""


def _materials(work: Work, row: ForcedReview) -> dict[str, tuple[MaterialLine, ...]]:
    """The materials of a review by the rule they speak to."""
    found: dict[str, tuple[MaterialLine, ...]] = {}
    for one in materials_of(work, row):
        line = MaterialLine(one.title, one.original, one.valid_to, one.attachment_id)
        found[one.code] = (*found.get(one.code, ()), line)
    return found


def _line(
    code: str,
    form: LeaseForm,
    outside: OutsideFacts,
    found: Finding | None,
    today: date,
    materials: dict[str, tuple[MaterialLine, ...]],
) -> RuleLine:
    rule = BY_CODE[code]
    applied, registered = compared(code, form, outside, found, today)
    return RuleLine(
        code,
        rule.label,
        rule.basis,
        found.message if found is not None else rule.message,
        applied,
        registered,
        materials.get(code, ()),
        stands=found is not None,
        waivable=code in waivable([code]),
        district_only=bool(for_district([code])),
    )

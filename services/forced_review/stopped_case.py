"""An intercepted case with what belongs to it, and what stops it today (row 11)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.forced_review import OPEN_REVIEWS, ForcedReview, ReviewState
from models.house import House
from models.normal import normal_id_no
from models.one_stop_codes import StopState
from models.sealed import indexes_of
from models.tenancy import ContractParty, GovCase, LeaseContract
from models.tenancy_codes import OPEN_CASES, CaseState, ContractState, Side, Situation
from services.access.matches import open_person, open_record
from services.access.visibility import CLERKS, ENTERPRISE
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity, numbered
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action, query
from services.engine.work import Work
from services.forced_review.case_rules import application_of, judge_case
from services.forced_review.waivable import BY_CANCELLING_FIRST, for_district, hard_stops, of_rule, stops_of
from services.tenancy.contracts import confirmed_form
from services.tenancy.fact_sources import OutsideFacts, ask_outside
from services.tenancy.filing import lock_house
from services.tenancy.lease_form import LeaseForm
from services.tenancy.rules.catalogue import BY_CODE

APPLICANTS = CLERKS | ENTERPRISE
#: The template of leases imported from before, which have no text to be judged.
LEGACY = "LEGACY"
#: Materials of every application, whatever rule failed.
APPLICATION, IDENTITY, MANDATE = "强制核验申请书", "申请人身份证件", "当事人授权委托书"


@dataclass(frozen=True)
class Lease:
    """A case, its contract and its house, held until the transaction ends."""

    case: GovCase
    contract: LeaseContract
    house: House
    form: LeaseForm


def form_of_case(gathering: Gathering, case_id: UUID, *, seen: bool = True) -> OutsideFacts:
    """Ask every system that the form of a case needs; `seen` cases are the caller's own."""

    def read(work: Work) -> LeaseForm:
        case = work.get(GovCase, case_id) if seen else work.session.get_one(GovCase, case_id)
        return confirmed_form(work, contract_of(work, case))

    return ask_outside(gathering.systems, gathering.look(read))


def contract_of(work: Work, case: GovCase) -> LeaseContract:
    """The lease of a case, which a case of the city's library need not have."""
    if case.contract_id is None or case.house_id is None or case.situation is not Situation.NEW:
        raise Conflict("该办件没有合同内容，不能申请强制核验")
    contract = work.only(LeaseContract, LeaseContract.id == case.contract_id)
    if contract.template == LEGACY:
        raise Conflict(
            "该办件由历史数据导入，没有完整的合同内容：请当事人到场，在“网签备案”中按原合同补录；仍被拦截的，再申请强制核验"
        )
    return contract


def held_lease(work: Work, case: GovCase) -> Lease:
    """Hold the house of a case, then its contract, as they are now: who cancels meanwhile comes before or after."""
    contract = contract_of(work, case)
    house = lock_house(work, contract.house_id)
    work.session.refresh(case)
    contract = work.held(select(LeaseContract).where(LeaseContract.id == contract.id)).one()
    return Lease(case, contract, house, confirmed_form(work, contract))


def open_review_of(work: Work, contract_id: UUID) -> ForcedReview | None:
    """The review under way of a lease, whichever of its merged applications it was asked for."""
    return work.first(ForcedReview, ForcedReview.contract_id == contract_id, col(ForcedReview.state).in_(OPEN_REVIEWS))


def may_be_reviewed(work: Work, lease: Lease) -> None:
    """Refuse a case whose lease is over, changed or filed, and one that a review has already."""
    standing = open_review_of(work, lease.contract.id)
    if standing is not None:
        raise Conflict(f"该合同已在强制核验中（{standing.apply_no}），请等待办理结果")
    if lease.contract.state is not ContractState.SIGNED:
        raise Conflict(f"合同当前状态为“{lease.contract.state.label}”，不能申请强制核验")
    if lease.case.state not in (CaseState.INTERCEPTED, CaseState.RETURNED):
        raise Conflict(f"该办件当前状态为“{lease.case.state.label}”，只有被系统拦截或者退回的办件可以申请强制核验")
    application = application_of(work, lease.case)
    if application is not None and application.state is not StopState.INTERCEPTED:
        raise Conflict(f"该网上办件当前状态为“{application.state.label}”，请申请人重新申请")
    # Applications that were merged stand for one lease and are decided together.
    other = work.first(
        GovCase.case_no,
        GovCase.contract_id == lease.contract.id,
        GovCase.id != lease.case.id,
        col(GovCase.state).in_(OPEN_CASES - {CaseState.INTERCEPTED}),
    )
    if other is not None:
        raise Conflict(f"该合同已有办件{other}正在办理")


def stops_today(work: Work, lease: Lease, outside: OutsideFacts, *, street: bool = False) -> list[Finding]:
    """Return what stops a case now, all of which a review may set aside; refuse it otherwise.

    For a community service centre (`street`) what only the district can answer does not refuse it.
    """
    stops = stops_of(judge_case(work, lease.case, lease.contract, lease.form, outside))
    if any(one.severity is Severity.PENDING for one in stops):
        raise Conflict("有数据来源暂时没有应答，请稍后再申请")
    hard = [one for one in hard_stops(stops) if not (street and for_district([one.code]))]
    if hard:
        words = "；".join(numbered(one.code, one.message) for one in hard)
        first = [one for one in hard if one.code in BY_CANCELLING_FIRST]
        tail = "原备案注销后（对方不配合的可以单方申请注销）再办理" if first else "请按告知书所列办法处理后重新申请"
        raise Rejected(f"下列原因不能强制核验：{words}。{tail}", hard)
    return stops


@dataclass(frozen=True)
class StopLine:
    """A rule that stops a case, with what may be handed in for it."""

    code: str
    label: str
    message: str
    found: str
    basis: str
    materials: tuple[str, ...]
    district_only: bool


@dataclass(frozen=True)
class ApplySheet:
    """Content of an application: the reasons, whom they concern, and the materials by reason."""

    case_id: UUID
    case_no: str
    address: str
    stops: tuple[StopLine, ...]
    attempt: int
    refused_before: bool


def _gather_sheet(gathering: Gathering, case_id: UUID) -> OutsideFacts:
    return form_of_case(gathering, case_id)


@query("forced_review.sheet", "强制核验申请表", roles=APPLICANTS, gather=_gather_sheet)
def apply_sheet(work: Work, case_id: UUID, outside: OutsideFacts) -> ApplySheet:
    """Return what stops a case today and what to bring, or why no review is open to it."""
    case = work.get(GovCase, case_id)
    contract = contract_of(work, case)
    lease = Lease(case, contract, work.session.get_one(House, contract.house_id), confirmed_form(work, contract))
    may_be_reviewed(work, lease)
    street = work.caller.has(Role.STREET_CLERK)
    stops = stops_today(work, lease, outside, street=street)
    earlier = work.rows(ForcedReview.state, ForcedReview.case_id == case.id)
    refused = ReviewState.REFUSED in earlier
    return ApplySheet(case.id, case.case_no, lease.house.address, lines_of(stops), len(earlier) + 1, refused)


def lines_of(stops: list[Finding]) -> tuple[StopLine, ...]:
    """The reasons as the form shows them."""
    return tuple(
        StopLine(
            one.code,
            BY_CODE[one.code].label if one.code in BY_CODE else one.code,
            one.message,
            one.found,
            BY_CODE[one.code].basis if one.code in BY_CODE else "",
            of_rule(one.code),
            bool(for_district([one.code])),
        )
        for one in stops
    )


@dataclass(frozen=True)
class FindCase:
    """A case by its number and the document of a party, read or typed at this counter."""

    case_no: str
    id_no: str
    how: str = "TYPED"


@action("forced_review.find_case", "查找被拦截的办件", roles=CLERKS, event="DATA.GRANT")
def find_case(work: Work, order: FindCase) -> UUID:
    """Open a case that another office or the citizen began, by exact match; without it the answer does not say whether one exists."""
    indexes = indexes_of(work.sealer, "id_no", normal_id_no(order.id_no)) if order.id_no.strip() else []
    case = work.first(GovCase, GovCase.case_no == order.case_no.strip().upper())
    if case is not None and case.contract_id is not None and indexes:
        party = work.first(
            ContractParty,
            ContractParty.contract_id == case.contract_id,
            ContractParty.side != Side.OCCUPANT,
            col(ContractParty.id_no_index).in_(indexes) | col(ContractParty.agent_id_no_index).in_(indexes),
        )
        if party is not None:
            open_person(work, normal_id_no(order.id_no), order.how)
            open_record(work, case, "办件编号与当事人证件相符")
            return case.id
    raise NotFound("没有找到，请核对办件编号和当事人证件号码")

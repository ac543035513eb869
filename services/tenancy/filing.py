"""网签备案 in one step: judged by every rule, filed in one transaction or refused with every reason (rows 6, 7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlmodel import col, or_, select

from models.access import Role
from models.enterprise import Enterprise
from models.house import House, HouseRoom, RoomKind
from models.tenancy import CheckRun, FilingPart, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    CASE,
    CONTRACT,
    OPEN_CASES,
    ApplicantSide,
    CancelReason,
    CaseState,
    Channel,
    ContractState,
    FilingState,
    FilingWay,
    LeaseMode,
    Situation,
)
from models.working_days import months_later
from services.engine.copied import taken
from services.engine.door import Gathering
from services.engine.events import Event
from services.engine.findings import Finding, Judgement, Outcome, Rule, judge
from services.engine.numbering import number_later
from services.engine.parameters import thresholds_on
from services.engine.refusals import Conflict
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.work import Work
from services.tenancy.cases import open_case
from services.tenancy.check_record import keep_run
from services.tenancy.contracts import FILERS, confirmed_form, end_lease
from services.tenancy.endings import end_filing
from services.tenancy.fact_sources import OutsideFacts, ask_outside, filing_facts, house_by_code, house_of_form
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.lease_form import LeaseForm, text_digest
from services.tenancy.licences import queue_licence, recall_licence
from services.tenancy.paper_words import parties_of
from services.tenancy.papers import issue_case_papers, issue_filing_papers
from services.tenancy.predicates import last_day
from services.tenancy.rules.applicants import persons_living
from services.tenancy.rules.catalogue import FILING_RULES
from services.tenancy.rules.held_parts import replaced

#: Minutes after which a case whose sources were silent is checked again, then hourly to 24 hours (decision 27).
RETRY_MINUTES = (1, 5, 30)
RETRY_HOURS = 24


@dataclass(frozen=True)
class Decision:
    """Result of a filing: a number, or every reason. `run_id` is the record of the checks."""

    outcome: Outcome
    case_id: UUID
    case_no: str
    run_id: UUID
    findings: tuple[Finding, ...] = field(default_factory=tuple)
    filing_id: UUID | None = None
    filing_no: str = ""
    contract_no: str = ""


def _gather_for_contract(gathering: Gathering, contract_id: UUID) -> OutsideFacts:
    form = gathering.look(lambda work: confirmed_form(work, work.get(LeaseContract, contract_id)))
    return ask_outside(gathering.systems, form)


@action("tenancy.file", "提交备案", roles=FILERS, gather=_gather_for_contract, step=Step(CONTRACT, "take_effect"))
def file_lease(work: Work, contract_id: UUID, outside: OutsideFacts) -> Decision:
    """File a signed lease, or say why not; either way one case is opened and kept."""
    contract = work.get(LeaseContract, contract_id)
    house = lock_house(work, contract.house_id)
    work.session.refresh(contract)
    if contract.state is ContractState.EFFECTIVE:
        raise Conflict("该合同已经备案，请勿重复提交")
    if contract.state is not ContractState.SIGNED:
        raise Conflict("请双方当事人确认并签名后再提交备案")
    waiting = work.first(GovCase, GovCase.contract_id == contract.id, col(GovCase.state).in_(list(OPEN_CASES)))
    if waiting is not None:
        raise Conflict(f"该合同已有办件 {waiting.case_no} 正在办理，请勿重复提交")
    form = confirmed_form(work, contract)
    case = open_case(work, Situation.NEW, contract, house, side=form.applicant)
    return _told(work, decide(work, case, contract, house, form, outside))


def _gather_for_case(gathering: Gathering, case_id: UUID) -> OutsideFacts:
    def read(work: Work) -> LeaseForm:
        case = work.get(GovCase, case_id)
        if case.contract_id is None:
            raise Conflict("该办件没有合同内容，不能核验")
        contract = work.only(LeaseContract, LeaseContract.id == case.contract_id)
        return confirmed_form(work, contract)

    return ask_outside(gathering.systems, gathering.look(read))


@action(
    "tenancy.check_again", "重新核验", roles=FILERS | {Role.SYSTEM}, gather=_gather_for_case, step=Step(CASE, "check")
)
def check_again(work: Work, case_id: UUID, outside: OutsideFacts) -> Decision:
    """Judge a waiting case once more; with its acceptance day's parameters."""
    case = work.get(GovCase, case_id)
    if case.contract_id is None or case.house_id is None:
        raise Conflict("该办件没有合同内容，不能核验")
    house = lock_house(work, case.house_id)
    work.session.refresh(case)
    contract = work.only(LeaseContract, LeaseContract.id == case.contract_id)
    if case.state is not CaseState.CHECKING:
        raise Conflict(f"该办件当前状态为“{case.state.label}”，不需要再次核验")
    case.retries += 1
    return _told(work, decide(work, case, contract, house, confirmed_form(work, contract), outside))


_LAST_TICKET = select(func.max(LeaseFiling.ticket)).where(LeaseFiling.house_id == bindparam("id"))
#: Where a firm files by itself or by its partner; no clerk sees originals there.
BY_FIRMS = frozenset({Channel.ENT, Channel.ASSOC, Channel.DPLAT})
_BY_PARTNERS = frozenset({Channel.ASSOC, Channel.DPLAT})


def _firm_of(work: Work, case: GovCase) -> str:
    """Return the credit code of a firm that files for itself; empty for a counter, which files for anyone (F17)."""
    if case.channel not in BY_FIRMS or case.enterprise_id is None:
        return ""
    return work.first(Enterprise.uscc, Enterprise.id == case.enterprise_id) or ""


def lock_house(work: Work, house_id: UUID) -> House:
    """Hold the house until the end: filings of one house are decided one after another (decision 21)."""
    return work.held(select(House).where(House.id == house_id)).one()


def lock_house_of(work: Work, form: LeaseForm) -> House | None:
    """The house a form means, held as above; nothing when the library has none."""
    if form.house.house_code:
        return work.held(house_by_code(form.house.house_code)).first()
    # Several rooms may share a certificate: only the one that is meant is held.
    house = house_of_form(work.session, form)
    return None if house is None else lock_house(work, house.id)


def lock_houses_of(work: Work, forms: Sequence[LeaseForm | None]) -> list[House | None]:
    """Lock the houses of several forms, always in a fixed order, so that two batches cannot deadlock."""
    codes = {form.house.house_code for form in forms if form is not None and form.house.house_code}
    by_cert = [
        house_of_form(work.session, form) if form is not None and not form.house.house_code else None for form in forms
    ]
    wanted = or_(col(House.house_code).in_(sorted(codes)), col(House.id).in_([one.id for one in by_cert if one]))
    held = work.held(select(House).where(wanted).order_by(col(House.id))).all() if codes or any(by_cert) else []
    by_code = {house.house_code: house for house in held}
    # What a certificate pointed at was read anew with the others: it is the same row.
    return [
        one if one is not None else by_code.get(form.house.house_code) if form is not None else None
        for form, one in zip(forms, by_cert, strict=True)
    ]


@dataclass(frozen=True)
class Decided:
    """Judgement and rows of a decision in this transaction; numbers are drawn before the commit."""

    judgement: Judgement
    case: GovCase
    contract: LeaseContract
    run: CheckRun
    filing: LeaseFiling | None = None


#: A case was decided; no number is drawn yet.
DECIDED: Event[Decided] = Event("tenancy.decided")


@dataclass(frozen=True)
class Renewal:
    """A filing made again while its lease goes on (row 24): the filing before, and the days the new one is valid."""

    previous: LeaseFiling
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Waiver:
    """A reviewer's word that a filing may be made although these rules fail."""

    review_id: UUID
    codes: frozenset[str]


def decide(
    work: Work,
    case: GovCase,
    contract: LeaseContract,
    house: House,
    form: LeaseForm,
    outside: OutsideFacts,
    *,
    pushed_by: str | None = None,
    renewal: Renewal | None = None,
    rules: Sequence[Rule[FilingFacts]] = FILING_RULES,
    conflicts: tuple[str, ...] = (),
    waiver: Waiver | None = None,
) -> Decided:
    """Judge an accepted case by every rule, from any channel; file it on a pass, store every reason otherwise.

    `pushed_by` is the firm of a lease just pushed; its house was found by its form. A `renewal` files a lease in force anew.
    `conflicts` are the fields in which another application for this lease differs (F13).
    Under a `waiver` an intercepted case is filed, or stays as it is where a rule stops it that was not waived.
    """
    take_step(work, case, CASE, "check" if waiver is None else "review")
    facts = case_facts(
        work, case, contract, form, outside, pushed_by=pushed_by, house=None if pushed_by is None else house
    )
    facts = replace(facts, merged_conflicts=conflicts)
    judgement = judge(facts, rules, waived=waiver.codes if waiver else ())
    run = keep_run(work, case, facts.thresholds.on, outside, facts, judgement)
    filing = (
        _file(work, case, contract, house, form, run, facts, renewal) if judgement.outcome is Outcome.PASS else None
    )
    decided = Decided(judgement, case, contract, run, filing)
    if filing is None and waiver is not None:
        # No paper is issued: the reviewer sees what stops it, and the case waits for another word.
        take_step(work, case, CASE, "intercept")
        return decided
    if filing is None:
        _stop(work, case, judgement)
    elif waiver is not None and judgement.waived:
        filing.way, filing.forced_review_id = FilingWay.FORCED, waiver.review_id
        filing.waived_codes = ",".join(judgement.waived)
    work.then(lambda: _papers(work, case, contract, house, form, filing, judgement))
    DECIDED.happened(work, decided)
    return decided


def case_facts(
    work: Work,
    case: GovCase,
    contract: LeaseContract,
    form: LeaseForm,
    outside: OutsideFacts,
    *,
    pushed_by: str | None = None,
    house: House | None = None,
) -> FilingFacts:
    """All facts a case is judged by, with the parameters of the day it was accepted."""
    return filing_facts(
        work.session,
        form,
        outside,
        today=work.today,
        thresholds=thresholds_on(work.session, case.accepted_on, known_at=case.received_at),
        confirmed_digest=contract.text_digest,
        text_digest=text_digest(form),
        case_id=case.id,
        caller_enterprise=_firm_of(work, case) if pushed_by is None else pushed_by,
        # Who files, not who happens to check again: the job has no counter where originals were seen.
        counter=case.channel not in BY_FIRMS,
        house=house,
    )


def told_findings(judgement: Judgement) -> tuple[Finding, ...]:
    """Return the findings for the applicant; suspicions are for staff."""
    return tuple(finding for finding in judgement.findings if finding.evidence.get("audience") != "staff")


def _told(work: Work, decided: Decided) -> Decision:
    filing = decided.filing
    return work.later(
        lambda: Decision(
            outcome=decided.judgement.outcome,
            case_id=decided.case.id,
            case_no=decided.case.case_no,
            run_id=decided.run.id,
            findings=told_findings(decided.judgement),
            filing_id=filing.id if filing else None,
            filing_no=filing.filing_no if filing else "",
            contract_no=decided.contract.contract_no or "",
        )
    )


def _papers(
    work: Work,
    case: GovCase,
    contract: LeaseContract,
    house: House,
    form: LeaseForm,
    filing: LeaseFiling | None,
    judgement: Judgement,
) -> None:
    if filing is not None:
        parties = parties_of(work, contract.id)
        queue_licence(work, filing, parties)
        issue_filing_papers(work, contract, house, form, filing, parties)
    elif judgement.outcome is not Outcome.PENDING and case.channel not in _BY_PARTNERS:
        # A partner is answered with every reason; no applicant is at a counter to take a paper.
        issue_case_papers(work, case, house, form, judgement)


def _stop(work: Work, case: GovCase, judgement: Judgement) -> None:
    if judgement.outcome is Outcome.PENDING:
        tries = case.retries
        minutes = RETRY_MINUTES[tries] if tries < len(RETRY_MINUTES) else 60
        over = work.now - case.received_at > timedelta(hours=RETRY_HOURS)
        case.retry_at = None if over else work.now + timedelta(minutes=minutes)
        work.add(case)
        return
    case.retry_at, case.decided_at = None, work.now
    take_step(work, case, CASE, "intercept" if judgement.outcome is Outcome.INTERCEPT else "return")


def valid_until(start: date, end: date, months: int) -> date:
    """The filing's last day: the contract's, or `months` after its first less one day (0.2 fact 2)."""
    return min(end, last_day(start, months))


def _file(
    work: Work,
    case: GovCase,
    contract: LeaseContract,
    house: House,
    form: LeaseForm,
    run: CheckRun,
    facts: FilingFacts,
    renewal: Renewal | None,
) -> LeaseFiling:
    """Contract number, filing number, the parts held and the licence push, all or nothing (row 7)."""
    assert form.start is not None
    assert form.end is not None
    thresholds = facts.thresholds
    # The ticket is read first: a second reader of the same one loses on the unique key and looks again.
    ticket = work.session.exec(_LAST_TICKET, params={"id": house.id}).one() or 0
    valid_from = renewal.valid_from if renewal else form.start
    valid_to = (
        renewal.valid_to if renewal else valid_until(form.start, form.end, thresholds.integer("filing.max_months"))
    )
    previous = renewal.previous if renewal else _give_way(work, facts, valid_from)
    persons = persons_living(form)
    deadline = contract.signed_on + timedelta(days=thresholds.integer("filing.deadline_days"))
    filing = LeaseFiling(
        filing_no="",
        contract_id=contract.id,
        case_id=case.id,
        house_id=house.id,
        ticket=ticket + 1,
        part_keys=",".join(form.parts),
        valid_from=valid_from,
        valid_to=valid_to,
        previous_id=previous.id if previous else None,
        month_rent=contract.month_rent,
        leased_area=form.leased_area or leased_area(work, house, form),
        persons=persons,
        side=form.applicant or ApplicantSide.BOTH,
        check_run_id=run.id,
        **taken(form, "mode", "way", "deal"),
        **taken(case, "channel", "unit_id", "clerk_id", "enterprise_id"),
        **taken(house, "district_code", "street_code"),
        late_days=0 if renewal else max(0, (work.today - deadline).days),
        filed_on=work.today,
        filed_at=work.now,
        state=FilingState.ACTIVE,
        retain_until=months_later(form.end, 12 * thresholds.integer("archive.after_end_years")),
    )
    work.add(filing)
    for part in form.parts:
        work.add(
            FilingPart(
                filing_id=filing.id,
                house_id=house.id,
                part_key=part,
                valid_from=filing.valid_from,
                valid_to=filing.valid_to,
                persons=persons,
            )
        )
    house.last_ticket = ticket + 1
    work.add(house)
    if renewal is None:
        contract.idle_until = None
        take_step(work, contract, CONTRACT, "take_effect")
        number_later(
            work, "HT", house.district_code, work.today, lambda number: setattr(contract, "contract_no", number)
        )
    case.filing_id, case.decided_at, case.retry_at = filing.id, work.now, None
    take_step(work, case, CASE, "finish")
    number_later(work, "BA", house.district_code, work.today, lambda number: setattr(filing, "filing_no", number))
    work.trail.tell(
        "DATA.CREATE", "tenancy.file", about=filing, detail={"case": str(case.id), "contract": str(contract.id)}
    )
    return filing


def _give_way(work: Work, facts: FilingFacts, first: date) -> LeaseFiling | None:
    """End what a changed lease takes the place of, without gap and overlap, on the day before its first (3.4)."""
    own = replaced(facts)
    if own is None:
        return None
    previous = work.only(LeaseFiling, LeaseFiling.filing_no == own.filing_no)
    contract = work.hold(LeaseContract, previous.contract_id)
    last = first - timedelta(days=1)
    if previous.state is FilingState.ACTIVE and last >= work.today:
        # In force until then, and so is its lease; the night that ends both finds what was filed in their place.
        previous.valid_to = min(previous.valid_to, last)
        for part in work.rows(FilingPart, FilingPart.filing_id == previous.id):
            part.valid_to = previous.valid_to
    elif previous.state is FilingState.ACTIVE:
        end_filing(work, previous, "replace", CancelReason.REFILED, last)
        recall_licence(work, previous)
    if previous.state is not FilingState.ACTIVE and contract.state is ContractState.EFFECTIVE:
        end_lease(work, contract, "supersede")
    work.session.flush()
    return previous


def leased_area(work: Work, house: House, form: LeaseForm) -> Decimal:
    """The whole flat's building area, or the usable area of the rooms let."""
    if form.mode is LeaseMode.WHOLE:
        return house.build_area
    rooms = work.rows(HouseRoom, HouseRoom.house_id == house.id, col(HouseRoom.label).in_(form.parts))
    return sum((room.usable_area for room in rooms if room.kind is not RoomKind.OTHER), Decimal(0))


def judge_trial(work: Work, form: LeaseForm, outside: OutsideFacts) -> Judgement:
    """Judge the present form by every rule; nothing is written (architecture 4)."""
    facts = filing_facts(
        work.session,
        form,
        outside,
        today=work.today,
        thresholds=work.thresholds,
        counter=work.caller.enterprise_id is None,
    )
    return judge(facts, FILING_RULES)

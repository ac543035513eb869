"""The decision of accepted applications, in order of acceptance; a merged group is decided once (rows 1, 2).

The counter's facts and rules judge. What they decide comes back by `DECIDED`, from a forced review of the case too, so
that every member of a group gets one filing number in the very transaction that makes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from models.access import Role
from models.house import House
from models.one_stop import StopCase
from models.one_stop_codes import UNDECIDED, StopAct, StopState
from models.tenancy import Confirmation, GovCase, LeaseContract
from models.tenancy_codes import CASE, CaseState, ContractState, Situation
from services.engine.door import Gathering
from services.engine.events import on
from services.engine.findings import Finding, Judgement, Outcome, Severity, judge
from services.engine.registry import action
from services.engine.steps import begin_in, step_on, take_step
from services.engine.work import Work
from services.one_stop.applications import lease_form_of
from services.one_stop.cancellations import decide_cancelling_case
from services.one_stop.case_log import log_step, move
from services.one_stop.lease_groups import close_group, match_case, members_of, open_conflicts
from services.one_stop.materials import given_materials
from services.one_stop.messages import content_of
from services.one_stop.receipts import issue_result
from services.tenancy.check_record import keep_run
from services.tenancy.contracts import add_parties, new_contract, write_text
from services.tenancy.fact_sources import OutsideFacts, ask_outside, filing_facts
from services.tenancy.filing import DECIDED, RETRY_HOURS, RETRY_MINUTES, Decided, decide, lock_house
from services.tenancy.lease_form import LeaseForm
from services.tenancy.rules.catalogue import FILING_RULES
from services.tenancy.rules.house import registered

#: An application names no street: the house's own is taken (H15). The portal lets the parties sign as they file (T16).
STOP_RULES = tuple(rule for rule in FILING_RULES if rule.code not in ("H15", "T16"))
_OF_GOV_CASE = select(StopCase).where(StopCase.gov_case_id == bindparam("id")).limit(1)
#: A certificate no register knows is H01's; that the library lacks the house says nothing more.
_UNKNOWN_TITLE = tuple(rule for rule in STOP_RULES if rule.code != "H16")


def due_cases(work: Work) -> Sequence[UUID]:
    """Applications that wait for a decision, in order of acceptance; one side's cancellation waits for its notice."""
    waiting = (
        select(StopCase.id)
        .where(
            or_(
                col(StopCase.state).in_((StopState.ACCEPTED, StopState.GROUPED)),
                (col(StopCase.state) == StopState.CHECKING) & (col(StopCase.retry_at) <= work.now),
            ),
            or_(StopCase.situation == Situation.NEW, col(StopCase.cancel_id).is_(None)),
        )
        .order_by(col(StopCase.accepted_at), col(StopCase.case_no))
    )
    return work.session.exec(waiting).all()


@dataclass(frozen=True)
class _Asked:
    """Answers of the registers about a group, and the form they were asked about."""

    form: LeaseForm | None
    outside: OutsideFacts | None


def _gather(gathering: Gathering, case_id: UUID) -> _Asked:
    form = gathering.look(lambda work: _form_to_ask(work, case_id))
    return _Asked(form, None if form is None else ask_outside(gathering.systems, form))


def _form_to_ask(work: Work, case_id: UUID) -> LeaseForm | None:
    case = work.get(StopCase, case_id)
    if case.situation is Situation.CANCEL or case.state not in UNDECIDED:
        return None
    return _form(work, case, _house(work, case), _members(work, case))


@action("one_stop.decide", "核验决定", roles={Role.SYSTEM}, gather=_gather)
def decide_case(work: Work, case_id: UUID, asked: _Asked) -> bool:
    """Decide an application with its group, or its cancellation with the other side's; False where nothing is left to do."""
    case = work.hold(StopCase, case_id)
    if case.state not in UNDECIDED:
        return False
    if case.situation is Situation.CANCEL:
        return decide_cancelling_case(work, case)
    if asked.form is None or asked.outside is None:
        return False
    house = lock_house(work, case.house_id) if case.house_id else None
    # Two that were accepted at one moment did not see each other.
    if case.group_id is None:
        match_case(work, case, again=True)
        work.session.flush()
    members = _members(work, case)
    form = _form(work, members[0], house, members)
    if house is None:
        return _judge_without_house(work, members, form, asked.outside)
    contract = _contract(work, members[0], form, house)
    gov = work.session.get_one(GovCase, members[0].gov_case_id)
    for one in members:
        one.contract_id = contract.id
        work.add(one)
        other = work.session.get_one(GovCase, one.gov_case_id)
        other.contract_id, other.side = contract.id, form.applicant
        work.add(other)
    work.session.flush()
    outside, conflicts = asked.outside, open_conflicts(work, members[0])
    rules = _UNKNOWN_TITLE if outside.title.missed or outside.tenancy.missed else STOP_RULES
    decide(work, gov, contract, house, form, outside, rules=rules, conflicts=conflicts)
    return True


def _house(work: Work, case: StopCase) -> House | None:
    return work.session.get(House, case.house_id) if case.house_id else None


def _members(work: Work, case: StopCase) -> list[StopCase]:
    """The undecided members of a case's group, the first accepted first; a case without a group is its own."""
    if case.group_id is None:
        return [case]
    return [one for one in members_of(work, case.group_id) if one.state in UNDECIDED] or [case]


def _form(work: Work, first: StopCase, house: House | None, members: Sequence[StopCase]) -> LeaseForm:
    materials = frozenset().union(*(given_materials(work, one) for one in members))
    content = content_of(first.content.json() if first.content else None)
    sides = {one.side for one in members}
    return lease_form_of(content, materials, house=house, channel=first.channel, sides=sides)


def _contract(work: Work, case: StopCase, form: LeaseForm, house: House) -> LeaseContract:
    """The lease as it was signed on paper or online; written down once for a group."""
    known = _signed_contract(work, case)
    if known is not None:
        write_text(work, known, form, house)
        return known
    contract = new_contract(work, form, house, case.channel)
    begin_in(contract, ContractState.SIGNED)
    contract.unit_id = case.unit_id
    work.add(contract)
    for party in add_parties(work, contract, form):
        # The signed paper lies with the case; which version of the application brought it is kept.
        work.add(
            Confirmation(
                contract_id=contract.id,
                party_id=party.id,
                text_version=contract.text_version,
                text_digest=contract.text_digest,
                way="ONE_STOP",
                signature_digest=contract.text_digest,
                at=work.now,
            )
        )
    work.session.flush()
    return contract


def _signed_contract(work: Work, case: StopCase) -> LeaseContract | None:
    """Return the lease of a case, or the one that an earlier application for it was intercepted with."""
    earlier = members_of(work, case.group_id) if case.contract_id is None and case.group_id is not None else ()
    for one in (case, *earlier):
        known = work.session.get(LeaseContract, one.contract_id) if one.contract_id else None
        if known is not None and known.state is ContractState.SIGNED:
            return known
    return None


def _judge_without_house(work: Work, members: Sequence[StopCase], form: LeaseForm, outside: OutsideFacts) -> bool:
    """Judge an application whose house our library does not know: it can be stopped, never filed."""
    gov = work.session.get_one(GovCase, members[0].gov_case_id)
    facts = filing_facts(work.session, form, outside, today=work.today, thresholds=work.thresholds, case_id=gov.id)
    facts = replace(facts, merged_conflicts=open_conflicts(work, members[0]))
    judgement = judge(facts, _UNKNOWN_TITLE if registered(facts).missed else STOP_RULES)
    if judgement.outcome is Outcome.PENDING:
        take_step(work, gov, CASE, "check")
        _settle(work, members, gov, judgement, None)
        return True
    keep_run(work, gov, work.today, outside, facts, judgement)
    take_step(work, gov, CASE, "check")
    gov.decided_at = work.now
    take_step(work, gov, CASE, "intercept" if judgement.outcome is Outcome.INTERCEPT else "return")
    _settle(work, members, gov, judgement, None)
    return True


@on(DECIDED)
def follow_decision(work: Work, decided: Decided) -> None:
    """Give the whole group what its lease came to: the number, every reason, or the wait for a silent source."""
    if work.is_new(decided.case):
        return
    case = work.session.exec(_OF_GOV_CASE, params={"id": decided.case.id}).first()
    if case is None:
        return
    members = [case]
    if case.group_id is not None:
        live = (*UNDECIDED, StopState.INTERCEPTED)
        members = [one for one in members_of(work, case.group_id) if one.state in live] or [case]
    _settle(work, members, decided.case, decided.judgement, decided.filing.id if decided.filing else None)


def _settle(
    work: Work, members: Sequence[StopCase], gov: GovCase, judgement: Judgement, filing_id: UUID | None
) -> None:
    if filing_id is None and judgement.outcome is Outcome.PENDING:
        for one in members:
            _wait(work, one, judgement)
        return
    step = "finish" if filing_id else "intercept" if judgement.outcome is Outcome.INTERCEPT else "return"
    stopping = [] if filing_id else list(judgement.stopping)
    warned = sorted({one.code for one in judgement.findings if one.severity is Severity.WARN})
    for one in members:
        one.codes = " ".join(sorted({finding.code for finding in stopping}))[:200]
        one.warnings = " ".join(warned)[:200]
        one.filing_id, one.retry_at, one.decided_at = filing_id, None, work.now
        log_step(work, one, StopAct.JUDGE, answer=str(judgement.outcome), note=_words(stopping) or "通过")
        move(work, one, step, StopAct.DECIDE, findings=stopping, note=_words(stopping))
        if filing_id is not None:
            work.then(partial(issue_result, work, one))
        if one.gov_case_id != gov.id:
            _follow_gov(work, one, gov, filing_id)
    if filing_id is not None or step == "return":
        close_group(work, members[0].group_id, filing_id)


def _follow_gov(work: Work, case: StopCase, decided: GovCase, filing_id: UUID | None) -> None:
    """Take a member's case of the filing library where the decided one went."""
    gov = work.session.get_one(GovCase, case.gov_case_id)
    gov.contract_id, gov.filing_id, gov.decided_at, gov.retry_at = decided.contract_id, filing_id, work.now, None
    work.add(gov)
    if gov.state is CaseState.INTERCEPTED and decided.state is not CaseState.INTERCEPTED:
        take_step(work, gov, CASE, "reopen", log=False)
    step_on(work, gov, CASE, "check")
    last = {CaseState.DONE: "finish", CaseState.RETURNED: "return", CaseState.INTERCEPTED: "intercept"}
    step_on(work, gov, CASE, last[decided.state])


def _wait(work: Work, case: StopCase, judgement: Judgement) -> None:
    minutes = RETRY_MINUTES[case.retries] if case.retries < len(RETRY_MINUTES) else 60
    over = case.accepted_at is not None and work.now - case.accepted_at > timedelta(hours=RETRY_HOURS)
    case.retries += 1
    case.retry_at = None if over else work.now + timedelta(minutes=minutes)
    log_step(work, case, StopAct.JUDGE, answer=str(judgement.outcome), note=_words(judgement.stopping))
    if case.state is not StopState.CHECKING:
        move(work, case, "check", StopAct.JUDGE, note="等待数据来源应答")


def _words(findings: Sequence[Finding]) -> str:
    return "；".join(dict.fromkeys(one.message for one in findings))[:300]

"""Pushed leases: judged as a broker's deals by the counter's rules, unrelated ones filed in one transaction (row 13)."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import and_, col, or_, select

from models.access import Role
from models.enterprise import Enterprise
from models.house import House
from models.places_data import districts
from models.push_codes import PushState
from models.pushes import BrokerBatch, BrokerPush
from models.sealed import index_of
from models.sealing import Sealer, sm3_hex
from models.tenancy import LeaseFiling
from models.tenancy_codes import ApplicantSide, Channel, DealKind, FilingState, FilingWay
from services.broker_pushes.orders import ItemAnswer, PushedItem, Reason
from services.broker_pushes.reasons import keep_reasons, reasons_of
from services.broker_pushes.rules import PUSH_RULES, PushFacts
from services.engine.copied import values_for
from services.engine.door import Gathering
from services.engine.findings import Finding, Outcome, judge
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.steps import begin_in
from services.engine.work import Work
from services.tenancy.fact_sources import Known, OutsideFacts, ask_outside
from services.tenancy.filing import Decided, lock_houses_of, told_findings
from services.tenancy.form_parser import FormReading, read_lease_form
from services.tenancy.lease_form import LeaseForm
from services.tenancy.predicates import month_rent
from services.tenancy.pushed import PushedLease, file_pushed, judge_pushed, numbers_of, state_for

#: A lease in one of these is not to be sent again.
STANDING = frozenset({PushState.FILED, PushState.WAITING, PushState.INTERCEPTED})

# Made once and bound anew: each lease asks them.
#: Pushes of a sender with some numbers; with the member they are found by their index, however long the history is.
_NUMBERED = and_(
    BrokerPush.app_id == bindparam("app"),
    col(BrokerPush.member_uscc).in_(bindparam("members", expanding=True)),
    col(BrokerPush.own_no).in_(bindparam("numbers", expanding=True)),
)
_EARLIER = select(BrokerPush).where(_NUMBERED)
_THERE = select(BrokerPush.member_uscc, BrokerPush.own_no, BrokerPush.attempt).where(_NUMBERED)
#: A lease that was filed and has ended since may be filed anew.
_RUNS = or_(col(LeaseFiling.id).is_(None), col(LeaseFiling.state).in_([FilingState.ACTIVE, FilingState.FROZEN]))
_STANDING = (
    select(BrokerPush)
    .outerjoin(LeaseFiling, col(LeaseFiling.id) == col(BrokerPush.filing_id))
    .where(
        col(BrokerPush.state).in_(STANDING),
        or_(_NUMBERED, and_(col(BrokerPush.contract_key).in_(bindparam("keys", expanding=True)), _RUNS)),
    )
)
_FIRMS = select(Enterprise.uscc, Enterprise.id).where(col(Enterprise.uscc).in_(bindparam("codes", expanding=True)))

#: Leases that outside systems are asked about at once, of all batches: the counters ask the same systems.
_ASKING = ThreadPoolExecutor(8, thread_name_prefix="push-facts")
#: Member, own number and attempt.
Number = tuple[str, str, int]


@dataclass(frozen=True)
class FileItem:
    """An item of a batch, with what was found out for the whole batch at once.

    `fresh` says that no push of its number was there when the batch came, `reading` how it reads as a lease form.
    """

    item: PushedItem
    fresh: bool = False
    reading: FormReading | None = None
    known: Known = field(default_factory=Known)


@dataclass(frozen=True)
class FileItems:
    """Items of one batch that share no house, project, person or number, so that none is judged by what another does."""

    batch_id: UUID
    items: tuple[FileItem, ...]


@dataclass(frozen=True)
class ItemFacts:
    """The item read as a lease form, and what the outside systems said; nothing is asked about what is not read."""

    reading: FormReading
    outside: OutsideFacts | None


def _gather(gathering: Gathering, order: FileItems) -> tuple[ItemFacts | None, ...]:
    def known(work: Work) -> set[Number]:
        return numbers_there(work, [one.item for one in order.items])

    there = set() if all(one.fresh for one in order.items) else gathering.look(known)

    def facts_of(one: FileItem) -> ItemFacts | None:
        if number_of(one.item) in there:
            return None
        reading = one.reading or read_item(one.item)
        return ItemFacts(reading, ask_outside(gathering.systems, reading.form, one.known) if reading.clean else None)

    if len(order.items) == 1:
        return (facts_of(order.items[0]),)
    return tuple(_ASKING.map(facts_of, order.items))


def read_item(item: PushedItem) -> FormReading:
    """Parse a member's lease as a broker's deal, whatever it declares."""
    if item.faults:
        return FormReading(LeaseForm(), item.faults)
    reading = read_lease_form(item.raw)
    form = replace(
        reading.form,
        deal=DealKind.BROKER,
        broker_uscc=item.member_uscc,
        applicant=ApplicantSide.BROKERAGE,
        channel=Channel.ASSOC,
        way=FilingWay.FILING_ONLY,
        paper_lease=True,
    )
    return FormReading(form, reading.findings)


@action("broker_pushes.file_items", "协会报送备案", roles={Role.PARTNER}, gather=_gather, event="")
def file_items(work: Work, order: FileItems, facts: tuple[ItemFacts | None, ...]) -> tuple[ItemAnswer, ...]:
    """Judge and file leases once, all or none; a repetition with equal content gets the stored answer.

    Raises `Conflict` when two of them mean the same house; the caller then tries each separately.
    """
    batch = work.get(BrokerBatch, order.batch_id)
    earlier = _earlier(work, [one.item for one in order.items])
    answers: list[Callable[[], ItemAnswer]] = []
    fresh: list[tuple[int, PushedItem, ItemFacts]] = []
    for place, (one, found) in enumerate(zip(order.items, facts, strict=True)):
        answers.append(partial(_told_before, work, one.item, earlier.get(number_of(one.item))))
        if number_of(one.item) not in earlier and found is not None:
            fresh.append((place, one.item, found))
    houses = _houses(work, [found for _, _, found in fresh])
    firms = _firms(work, [item for _, item, _ in fresh])
    pushes = [_row(work, batch, item, found.reading.form, firms.get(item.member_uscc)) for _, item, found in fresh]
    for push, house, (_, _, found) in zip(pushes, houses, fresh, strict=True):
        if house is not None:
            push.district_code, push.street_code = house.district_code, house.street_code
            push.contract_key = _contract_key(work.sealer, house, found.reading.form)
    standing = _standing(work, pushes)
    for push, house, (place, item, found) in zip(pushes, houses, fresh, strict=True):
        answers[place] = _file(work, item, found, push, house, standing)
    return work.later(lambda: tuple(answer() for answer in answers))


def _told_before(work: Work, item: PushedItem, earlier: BrokerPush | None) -> ItemAnswer:
    if earlier is None:
        return _unkept(item, Reason("I03", "PENDING", "", "本件正在处理，请稍后重新报送"), state=None)
    if earlier.fingerprint == item.fingerprint:
        return answer_of(work, earlier, item.position)
    words = "该自编号已报送过其他内容，请更换自编号，或改正后将报送次数加一再报"
    return _unkept(item, Reason("J02", "REFUSE", "own_no", words))


def _file(
    work: Work,
    item: PushedItem,
    facts: ItemFacts,
    push: BrokerPush,
    house: House | None,
    standing: Sequence[BrokerPush],
) -> Callable[[], ItemAnswer]:
    """Judge one lease and file it on a pass; its answer is built once the numbers are drawn."""
    decided, findings, outcome = _judged(work, item, facts, push, house, standing)
    begin_in(push, state_for(PushState, outcome))
    push.rent_unusual = any(finding.code == "T06" and finding.severity == "WARN" for finding in findings)
    if decided is not None:
        push.contract_id, push.case_id = decided.contract.id, decided.case.id
        if decided.filing is not None:
            push.filing_id, push.leased_area = decided.filing.id, decided.filing.leased_area
    work.add(push)
    reasons = keep_reasons(work, push.id, findings, fresh=True)
    work.trail.tell("DATA.CREATE", "broker_pushes.file_item", about=push, detail={"state": str(push.state)})
    return lambda: answer_of(work, push, item.position, reasons)


def _judged(
    work: Work,
    item: PushedItem,
    facts: ItemFacts,
    push: BrokerPush,
    house: House | None,
    standing: Sequence[BrokerPush],
) -> tuple[Decided | None, tuple[Finding, ...], Outcome]:
    if facts.outside is None:
        return None, facts.reading.findings, Outcome.CORRECT
    form = facts.reading.form
    pushed = PushedLease(form, Channel.ASSOC, push.enterprise_id, item.member_uscc, item.signed_text)
    own = judge(_push_facts(work, item, push, standing), PUSH_RULES)
    if own.outcome is Outcome.PASS and house is not None:
        decided = file_pushed(work, pushed, house, facts.outside)
        return decided, told_findings(decided.judgement), decided.judgement.outcome
    # Without a case there is nothing to check again: whatever the rules say of the rest, this one is refused.
    judgement = judge_pushed(work, pushed, facts.outside)
    return None, (*own.findings, *told_findings(judgement)), Outcome.REFUSE


def _houses(work: Work, facts: Sequence[ItemFacts]) -> list[House | None]:
    """Lock the house of each item; no two may be equal."""
    houses = lock_houses_of(work, [found.reading.form if found.outside else None for found in facts])
    held = [house.id for house in houses if house is not None]
    if len(held) > len(set(held)):
        raise Conflict("同一房屋的报送件须逐件处理")
    return houses


def _firms(work: Work, items: Sequence[PushedItem]) -> dict[str, UUID]:
    """The members' firms by credit code."""
    found = work.session.exec(_FIRMS, params={"codes": sorted({item.member_uscc for item in items})}).all()
    return dict(found)


def _row(work: Work, batch: BrokerBatch, item: PushedItem, form: LeaseForm, firm_id: UUID | None) -> BrokerPush:
    deadline = work.thresholds.integer("filing.deadline_days")
    late = (work.today - form.signed_on - timedelta(days=deadline)).days if form.signed_on else 0
    known = {district.code for district in districts()}
    return BrokerPush(
        **values_for(BrokerPush, item),
        app_id=work.caller.name,
        batch_id=batch.id,
        enterprise_id=firm_id,
        fingerprint=item.fingerprint,
        received_at=work.now,
        month=f"{work.today:%Y-%m}",
        signed_on=form.signed_on,
        late_days=max(0, late),
        month_rent=month_rent(form),
        leased_area=form.leased_area,
        district_code=form.house.district_code if form.house.district_code in known else "",
        state=PushState.REFUSED,
    )


def number_of(item: PushedItem | BrokerPush) -> Number:
    """Return what names a push among those of its sender: member, own number and attempt."""
    return item.member_uscc, item.own_no, item.attempt


def _earlier(work: Work, items: Sequence[PushedItem]) -> dict[Number, BrokerPush]:
    found = work.session.exec(_EARLIER, params=_numbers(work, items)).all()
    by_number = {number_of(row): row for row in found}
    return {number: by_number[number] for item in items if (number := number_of(item)) in by_number}


def numbers_there(work: Work, items: Sequence[PushedItem]) -> set[Number]:
    """Return which of these were pushed before by this sender."""
    return set(work.session.exec(_THERE, params=_numbers(work, items)).all())


def _numbers(work: Work, items: Sequence[PushedItem | BrokerPush]) -> dict[str, Any]:
    """Parameters of the statements about pushes of this sender with these numbers."""
    return {
        "app": work.caller.name,
        "members": sorted({item.member_uscc for item in items}),
        "numbers": sorted({item.own_no for item in items}),
    }


def _contract_key(sealer: Sealer, house: House, form: LeaseForm) -> str:
    """Return the key by which two pushes are the same lease: part, both sides and term, from any sender."""
    told: list[Any] = [str(house.id), list(form.parts), str(form.start), str(form.end)]
    # By their keyed hashes: a plain digest over numbers can be guessed.
    told += [sorted(index_of(sealer, "id_no", party.id_no) for party in side) for side in (form.lessors, form.lessees)]
    return sm3_hex(json.dumps(told).encode())


def _standing(work: Work, pushes: Sequence[BrokerPush]) -> Sequence[BrokerPush]:
    """Return existing pushes with these numbers or for these leases."""
    if not pushes:
        return ()
    keys = sorted({push.contract_key for push in pushes if push.contract_key})
    return work.session.exec(_STANDING, params={**_numbers(work, pushes), "keys": keys}).all()


def _push_facts(work: Work, item: PushedItem, push: BrokerPush, standing: Sequence[BrokerPush]) -> PushFacts:
    mine = (push.app_id, item.member_uscc, item.own_no)
    own = next((row for row in standing if (row.app_id, row.member_uscc, row.own_no) == mine), None)
    same = [row for row in standing if push.contract_key and row.contract_key == push.contract_key]
    return PushFacts(
        thresholds=work.thresholds,
        standing=own.state.label if own else "",
        sent_by_other=any(row.member_uscc != item.member_uscc for row in same),
        sent_before=any(row.own_no != item.own_no for row in same),
    )


def _unkept(item: PushedItem, reason: Reason, *, state: PushState | None = PushState.REFUSED) -> ItemAnswer:
    return ItemAnswer(item.position, item.own_no, item.member_uscc, item.attempt, state, reasons=(reason,))


def answer_of(work: Work, push: BrokerPush, position: int, reasons: tuple[Reason, ...] | None = None) -> ItemAnswer:
    """Return the answer to the sender about a push as of now; `reasons` are its own where they are known."""
    return ItemAnswer(
        position=position,
        own_no=push.own_no,
        member_uscc=push.member_uscc,
        attempt=push.attempt,
        state=push.state,
        **numbers_of(work, push),
        reasons=reasons_of(work, [push.id]).get(push.id, ()) if reasons is None else reasons,
    )

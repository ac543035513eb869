"""Check-ins become filings: contract data, the counter's rules, the number in the answer (row 14)."""

from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import col, select

from models.access import Role
from models.house import HouseCategory, ProofKind
from models.push_codes import STAY, StayState
from models.pushes import CheckIn
from models.rooms import CentralRoomState
from models.sealed import Sealed, indexes_of
from models.tenancy import ContractParty, LeaseFiling
from models.tenancy_codes import ApplicantSide, Channel, DealKind, FilingWay, IdType, LessorCapacity, PartyKind, Side
from services.broker_pushes.orders import Reason
from services.broker_pushes.reasons import keep_reasons, reasons_of
from services.check_ins.move_outs import leave_by_change, why_not_left
from services.check_ins.orders import CheckInAnswer, ReportCheckIn
from services.check_ins.rooms import SeenRoom, held, is_key_of, last_left_on, let_or_free, seen_room
from services.check_ins.rules import STAY_RULES, StayFacts, days_late
from services.engine.adapters import adapter
from services.engine.clock import SHANGHAI
from services.engine.copied import values_for
from services.engine.door import Gathering
from services.engine.findings import Finding, Outcome, judge
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.tenancy.fact_sources import OutsideFacts, ask_outside
from services.tenancy.filing import Decided, lock_house_of, told_findings
from services.tenancy.form_parser import FormReading, read_lease_form
from services.tenancy.lease_form import LeaseForm
from services.tenancy.predicates import month_rent
from services.tenancy.pushed import STEPS, PushedLease, file_pushed, judge_pushed, numbers_of, state_for
from services.tenancy.rules.applicants import LEASE, PROOF_PAPERS, persons_living

STANDING = frozenset({StayState.ROOM_TAKEN, StayState.WAITING, StayState.INTERCEPTED, StayState.FILED})
#: Papers that the project's and the firm's records hold, and the lease whose digest came with the message.
_HELD = frozenset({PROOF_PAPERS[ProofKind.C1], IdType.LICENCE.label, LEASE})


@dataclass(frozen=True)
class StayOutside:
    reading: FormReading
    outside: OutsideFacts | None


def _gather(gathering: Gathering, order: ReportCheckIn) -> StayOutside | None:
    def look(work: Work) -> FormReading | None:
        return None if _earlier(work, order) else read_stay(work, order)

    return asked(gathering, gathering.look(look))


def asked(gathering: Gathering, reading: FormReading | None) -> StayOutside | None:
    if reading is None:
        return None
    return StayOutside(reading, ask_outside(gathering.systems, reading.form) if reading.clean else None)


def read_stay(work: Work, order: ReportCheckIn) -> FormReading:
    """The lease of a stay: the tenants' part as sent, the room's and the operator's from our own libraries."""
    seen = seen_room(work, order.project_no, order.room_no, order.operator_uscc, order.bed)
    lease = dict(order.lease)
    operator = {
        "kind": PartyKind.ORG.value,
        "name": seen.operator.name if seen.operator else order.operator_uscc,
        "id_type": IdType.LICENCE.value,
        "id_no": order.operator_uscc,
        "mobile": lease.pop("operator_mobile", ""),
    }
    moved_in = order.checked_in_at.astimezone(SHANGHAI).date()
    raw: dict[str, Any] = {
        # No tenant moves in before the lease is signed.
        "signed_on": min(order.start, moved_in).isoformat(),
        "handover_on": moved_in.isoformat(),
        **lease,
        "house": _house(order, seen),
        "lessors": [operator],
        "mode": seen.mode.value,
        "rooms": [order.bed] if seen.by_bed and order.bed else [],
        "start": order.start.isoformat(),
        "end": order.end.isoformat(),
    }
    reading = read_lease_form(raw)
    form = replace(
        reading.form,
        lessor_capacity=LessorCapacity.OPERATOR,
        deal=DealKind.ENTERPRISE,
        enterprise_uscc=order.operator_uscc,
        applicant=ApplicantSide.ENTERPRISE,
        channel=Channel.DPLAT,
        way=FilingWay.AUTO_MOVE_IN,
        paper_lease=True,
        leased_area=reading.form.leased_area or (seen.room.usable_area if seen.room else None),
        materials=_HELD,
    )
    return FormReading(form, reading.findings)


def _house(order: ReportCheckIn, seen: SeenRoom) -> dict[str, Any]:
    central = {"category": HouseCategory.MARKET_CENTRAL.value, "proof_kind": ProofKind.C1.value}
    if seen.house is not None:
        house = seen.house
        return {
            "house_code": house.house_code,
            "category": house.category.value,
            "proof_kind": house.proof_kind.value,
            "cert_no": house.cert_no.plain,
            "district_code": house.district_code,
            "street_code": house.street_code,
            "address": house.address,
            "room_no": house.room,
            "build_area": f"{house.build_area:.2f}",
        }
    place = seen.project
    return {
        **central,
        "district_code": place.district_code if place else "",
        "street_code": place.street_code if place else "",
        "address": f"{place.name if place else order.project_no} {order.room_no}",
    }


@action("check_ins.report", "接收入住信息", roles={Role.PARTNER}, gather=_gather, event="")
def report_check_in(work: Work, order: ReportCheckIn, facts: StayOutside | None) -> CheckInAnswer:
    """File the stay at once, or return the reasons; a repetition with equal content gets the stored answer."""
    earlier = _earlier(work, order)
    if earlier is not None:
        if earlier.fingerprint == order.fingerprint:
            return stay_answer(work, earlier)
        words = "该入住编号已报送过其他内容，请更换编号，或改正后将报送次数加一再报"
        reason = Reason("J02", "REFUSE", "checkin_no", words)
        return CheckInAnswer(order.checkin_no, order.attempt, StayState.REFUSED, reasons=(reason,))
    if facts is None:
        raise Conflict("该入住信息正在处理，请稍后重新报送")
    return take_in(work, _row(work, order, facts), order, facts)


def _earlier(work: Work, order: ReportCheckIn) -> CheckIn | None:
    return work.first(
        CheckIn,
        CheckIn.app_id == work.caller.name,
        CheckIn.checkin_no == order.checkin_no,
        CheckIn.attempt == order.attempt,
    )


def _row(work: Work, order: ReportCheckIn, facts: StayOutside) -> CheckIn:
    seen = seen_room(work, order.project_no, order.room_no, order.operator_uscc, order.bed)
    form = facts.reading.form
    return CheckIn(
        **values_for(CheckIn, order),
        app_id=work.caller.name,
        fingerprint=order.fingerprint,
        enterprise_id=seen.operator.id if seen.operator else None,
        project_id=seen.project.id if seen.project else None,
        received_at=work.now,
        month=f"{order.checked_in_at.astimezone(SHANGHAI):%Y-%m}",
        late_days=_late(work, order),
        persons=persons_living(form),
        month_rent=month_rent(form),
        message=Sealed.of_json(adapter(ReportCheckIn).dump_python(order, mode="json")),
        district_code=seen.project.district_code if seen.project else work.caller.district_code,
        street_code=seen.project.street_code if seen.project else "",
        state=StayState.WAITING,
    )


def _late(work: Work, order: ReportCheckIn) -> int:
    days = days_late(order.checked_in_at, work.now)
    return days if days > work.thresholds.integer("check_ins.late_days") else 0


def take_in(work: Work, stay: CheckIn, order: ReportCheckIn, facts: StayOutside, *, wait: bool = True) -> CheckInAnswer:
    """Judge and file a stay; with `wait` one whose room is still lived in is put off instead."""
    if facts.outside is None:
        take_step(work, stay, STAY, "refuse", log=False)
        _tell(work, stay, facts.reading.findings)
        return work.later(lambda: stay_answer(work, stay))
    form = facts.reading.form
    seen = seen_room(work, order.project_no, order.room_no, order.operator_uscc, order.bed)
    # Stays before houses, as a move-out holds them.
    previous = _previous(work, stay, order)
    house = lock_house_of(work, form)
    if house is not None:
        let_or_free(work, house.id)
    stay.previous_id = previous.id if previous else None
    taken = wait and house is not None and _taken(work, seen)
    own = judge(_stay_facts(work, stay, order, seen, form, taken=taken, previous=previous), STAY_RULES)
    pushed = PushedLease(form, Channel.DPLAT, stay.enterprise_id, order.operator_uscc, order.signed_text)
    if own.outcome is Outcome.PENDING:
        take_step(work, stay, STAY, "put_off", log=False)
        _tell(work, stay, own.findings)
    elif own.outcome is Outcome.PASS and house is not None:
        work.add(stay)
        settle(work, stay, file_pushed(work, pushed, house, facts.outside), own.findings)
    else:
        take_step(work, stay, STAY, "refuse", log=stay.state is StayState.ROOM_TAKEN)
        _tell(work, stay, (*own.findings, *told_findings(judge_pushed(work, pushed, facts.outside))))
    return work.later(lambda: stay_answer(work, stay))


def _taken(work: Work, seen: SeenRoom) -> bool:
    if seen.room is None:
        return False
    return held(work, seen) if seen.by_bed else seen.room.state is CentralRoomState.LET


def _previous(work: Work, stay: CheckIn, order: ReportCheckIn) -> CheckIn | None:
    """Lock and return the filed stay left by changing rooms, of this platform and project."""
    if not order.previous_checkin_no:
        return None
    rows = select(CheckIn).where(
        CheckIn.app_id == stay.app_id,
        CheckIn.checkin_no == order.previous_checkin_no,
        CheckIn.project_no == order.project_no,
        CheckIn.state == StayState.FILED,
    )
    return work.held(rows).first()


def _is_tenant(work: Work, previous: CheckIn, form: LeaseForm) -> bool:
    """Return whether a tenant of the new lease rented the previous room, so that no other tenant's filing is ended."""
    now = {index for party in form.lessees for index in indexes_of(work.sealer, "id_no", party.id_no)}
    tenants = select(ContractParty.id).where(
        ContractParty.contract_id == previous.contract_id,
        ContractParty.side == Side.LESSEE,
        col(ContractParty.id_no_index).in_(sorted(now)),
    )
    return work.session.exec(tenants).first() is not None


def _change_under_way(work: Work, stay: CheckIn, previous: CheckIn) -> str:
    """The number of another stay, not filed yet, into which this one is being changed."""
    others = (
        select(CheckIn.checkin_no)
        .where(
            CheckIn.previous_id == previous.id,
            CheckIn.id != stay.id,
            col(CheckIn.state).in_(STANDING - {StayState.FILED}),
        )
        .order_by(col(CheckIn.received_at), col(CheckIn.id))
    )
    return work.session.exec(others).first() or ""


def _why_it_stays(work: Work, previous: CheckIn, order: ReportCheckIn) -> str:
    judgement = why_not_left(work, previous, order.start)
    return "；".join(finding.message for finding in judgement.stopping) if judgement is not None else ""


def _stay_facts(
    work: Work,
    stay: CheckIn,
    order: ReportCheckIn,
    seen: SeenRoom,
    form: LeaseForm,
    *,
    taken: bool,
    previous: CheckIn | None,
) -> StayFacts:
    standing = work.first(
        CheckIn,
        CheckIn.app_id == stay.app_id,
        CheckIn.checkin_no == order.checkin_no,
        CheckIn.attempt != order.attempt,
        col(CheckIn.state).in_(STANDING),
    )
    district = work.caller.district_code
    return StayFacts(
        now=work.now,
        thresholds=work.thresholds,
        checked_in_at=order.checked_in_at,
        in_district=seen.project is None or not district or seen.project.district_code == district,
        key_valid=is_key_of(work, seen, order.key_serial),
        standing=standing.state.label if standing else "",
        room_taken=taken,
        changes_room=bool(order.previous_checkin_no),
        previous_found=previous is not None,
        same_tenant=previous is None or _is_tenant(work, previous, form),
        change_under_way=_change_under_way(work, stay, previous) if previous is not None else "",
        previous_stays=_why_it_stays(work, previous, order) if previous is not None else "",
        start=order.start,
        last_left_on=last_left_on(work, seen),
    )


def _tell(work: Work, stay: CheckIn, findings: Any) -> None:
    keep_reasons(work, stay.id, findings)
    work.trail.tell("DATA.CREATE", "check_ins.report", about=stay, detail={"state": str(stay.state)})


def settle(work: Work, stay: CheckIn, decided: Decided, own: Any = ()) -> None:
    """Follow a decision up: the room is let, the room that was left is free, the message is kept no longer."""
    stay.contract_id, stay.case_id = decided.contract.id, decided.case.id
    state = state_for(StayState, decided.judgement.outcome)
    if state is not stay.state:
        take_step(work, stay, STAY, STEPS[state.value])
    if decided.filing is not None:
        stay.filing_id, stay.message = decided.filing.id, None
        let_or_free(work, decided.filing.house_id)
        if stay.previous_id is not None:
            # Behind the numbers of the new filing: two cases without a number cannot stand in one table.
            work.then(lambda: leave_by_change(work, stay))
    work.add(stay)
    findings: tuple[Finding, ...] = (*own, *told_findings(decided.judgement))
    _tell(work, stay, findings)


def stay_answer(work: Work, stay: CheckIn) -> CheckInAnswer:
    """Return the answer to the platform about a stay as of now."""
    filing = work.session.get(LeaseFiling, stay.filing_id) if stay.filing_id else None
    return CheckInAnswer(
        checkin_no=stay.checkin_no,
        attempt=stay.attempt,
        state=stay.state,
        **numbers_of(work, stay),
        valid_from=filing.valid_from if filing else None,
        valid_to=filing.valid_to if filing else None,
        reasons=reasons_of(work, [stay.id]).get(stay.id, ()),
    )

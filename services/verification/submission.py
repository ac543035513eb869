"""房源核验: a request gets its code at once and its answer once every source has spoken (rows 26, 27, 32)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col

from models.access import Role
from models.enterprise import Enterprise, EnterpriseKind
from models.house import House
from models.sealed import Sealed
from models.tenancy_codes import LeaseMode
from models.verification import ListingVerification, SplitLock, VerificationCode
from models.verification_codes import CODE, VERIFICATION, CodeEnd, CodeState, RequesterKind, VerificationState
from models.working_days import months_later
from services.access.visibility import ENTERPRISE
from services.engine.door import Gathering
from services.engine.events import Event
from services.engine.findings import Finding, Judgement, Outcome, Severity, judge
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.work import Work
from services.tenancy.check_record import keep_run
from services.tenancy.fact_sources import OutsideFacts, once
from services.tenancy.filing import RETRY_HOURS, RETRY_MINUTES, lock_house
from services.tenancy.predicates import number_of
from services.verification.codes import end_code, give_code, make_valid
from services.verification.fact_sources import (
    gather_home,
    home_of,
    mandate_of,
    own_codes,
    standing_lock,
    verification_facts,
)
from services.verification.orders import Requester, VerifyHome, order_json, order_of, plan_json
from services.verification.rules import FIRST_RULES, LAST_RULES, RULE_SET, VERIFY_RULES

#: Firms at their workspace, and the systems of firms and platforms.
ASKERS = ENTERPRISE | {Role.PARTNER, Role.SYSTEM}
KIND_OF = {
    EnterpriseKind.RENTAL: RequesterKind.RENTAL_ENTERPRISE,
    EnterpriseKind.OPERATOR: RequesterKind.RENTAL_ENTERPRISE,
    EnterpriseKind.BROKERAGE: RequesterKind.BROKERAGE,
    EnterpriseKind.INFO_PLATFORM: RequesterKind.INFO_PLATFORM,
}
#: A request was answered; callbacks and notices follow.
ANSWERED: Event[ListingVerification] = Event("verification.answered")


@dataclass(frozen=True)
class Submitted:
    """A request that was taken in, with its code."""

    id: UUID
    verify_no: str
    code_no: str
    state: VerificationState


@dataclass(frozen=True)
class Verified:
    """The answer to a request: a code in force, or every reason. Silent sources leave it SUBMITTED."""

    id: UUID
    verify_no: str
    state: VerificationState
    code_no: str
    code_state: CodeState
    valid_from: date | None = None
    valid_to: date | None = None
    findings: tuple[Finding, ...] = ()
    forceable: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The rules that failed or warned."""
        return tuple(sorted({one.code for one in self.findings if one.severity is not Severity.PENDING}))


def own_firm(work: Work) -> Enterprise:
    """The firm that calls."""
    firm = once(work.session, _firm, work.caller.enterprise_id) if work.caller.enterprise_id else None
    if firm is None:
        raise NotAllowed("请由企业或者信息平台办理房源核验")
    return firm


def _firm(session: Session, firm_id: UUID) -> Enterprise | None:
    return session.get(Enterprise, firm_id)


def requester_of(work: Work, order: VerifyHome) -> tuple[Requester, Enterprise | None]:
    """Return who asks: the calling firm, or whom the system itself names."""
    given = order.requester
    if work.caller.has(Role.SYSTEM):
        if given is None:
            raise Rejected("请指明核验申请人")
        number = number_of(given.number)
        firm = work.first(Enterprise, Enterprise.uscc == number)
        return replace(given, number=number, principal_no=number_of(given.principal_no)), firm
    firm = own_firm(work)
    asked = Requester(KIND_OF[firm.kind], firm.uscc, firm.name)
    if asked.kind is RequesterKind.INFO_PLATFORM and given is not None:
        asked = replace(asked, principal_kind=given.principal_kind, principal_no=number_of(given.principal_no))
    return asked, firm


@action("verification.submit", "申请房源核验", roles=ASKERS, event="DATA.CREATE")
def submit_verification(work: Work, order: VerifyHome) -> Submitted:
    """Take in a request and give its code, which waits for the answer. A partner's own number is taken in once."""
    requester, firm = requester_of(work, order)
    app_id = work.caller.name if work.caller.has(Role.PARTNER) else None
    if app_id and order.request_no and (earlier := request_of(work, app_id, order.request_no)):
        if order_of(earlier.form.plain) != replace(order, requester=requester):
            raise Conflict("该请求编号已经用于另一核验申请，请使用新的编号")
        return _submitted(work, earlier)
    house = home_of(work, order)
    made = _kept(work, order, requester, firm, house)
    made.app_id, made.request_no = app_id, order.request_no or None
    give_code(work, made)
    number_later(
        work, "HY", made.district_code or "310000", work.today, lambda number: setattr(made, "verify_no", number)
    )
    return work.later(lambda: _submitted(work, made))


def request_of(work: Work, app_id: str, request_no: str) -> ListingVerification | None:
    """The request a partner knows by its own number."""
    return work.first(
        ListingVerification, ListingVerification.app_id == app_id, ListingVerification.request_no == request_no
    )


def _submitted(work: Work, row: ListingVerification) -> Submitted:
    return Submitted(row.id, row.verify_no or "", code_of(work, row).code_no or "", row.state)


def code_of(work: Work, row: ListingVerification) -> VerificationCode:
    """The code of a request."""
    return work.session.get_one(VerificationCode, row.code_id)


def _kept(
    work: Work, order: VerifyHome, requester: Requester, firm: Enterprise | None, house: House | None
) -> ListingVerification:
    platform = requester.kind is RequesterKind.INFO_PLATFORM
    years = work.thresholds.integer("platform.archive_years")
    mandate = mandate_of(work, order, requester)
    row = ListingVerification(
        house_id=house.id if house else None,
        district_code=house.district_code if house else (firm.district_code if firm else ""),
        street_code=house.street_code if house else "",
        cert_no=Sealed.of(order.cert_no.strip()),
        mode=order.mode,
        part_key=(order.part_key or "?")[:20],
        plan=plan_json(order.plan),
        n1_declared=order.n1_declared,
        channel=order.channel,
        requester_kind=requester.kind,
        requester_no=Sealed.of(requester.number),
        requester_name=Sealed.of(requester.name or requester.number),
        enterprise_id=firm.id if firm else None,
        principal_kind=requester.principal_kind,
        principal_no=Sealed.of(requester.principal_no) if requester.principal_no else None,
        owner_name=Sealed.of(order.owner_name),
        owner_id_no=Sealed.of(number_of(order.owner_id)),
        card_no=order.card_no[:40],
        mandate_id=mandate.id if mandate else None,
        rent=order.rent,
        leased_area=order.area,
        form=Sealed.of(order_json(replace(order, requester=requester))),
        unit_id=work.caller.unit_id,
        clerk_id=work.caller.account_id,
        submitted_at=work.now,
        submitted_on=work.today,
        retry_at=work.now,
        keep_until=months_later(work.today, 12 * years) if platform else None,
    )
    return work.add(row)


def _gather_request(gathering: Gathering, verification_id: UUID) -> OutsideFacts:
    order = gathering.look(lambda work: order_of(work.get(ListingVerification, verification_id).form.plain))
    return gather_home(gathering, order)


@action(
    "verification.check",
    "核验房源",
    roles=ASKERS,
    gather=_gather_request,
    step=Step(VERIFICATION, "check"),
)
def check_verification(work: Work, verification_id: UUID, outside: OutsideFacts) -> Verified:
    """Judge a request that waits for its answer: pass, fail with every reason, or wait while a source is silent."""
    row = work.hold(ListingVerification, verification_id)
    if row.state is not VerificationState.SUBMITTED:
        raise Conflict(f"该核验申请当前状态为“{row.state.label}”，不需要再次核验")
    return decide(work, row, outside)


def judge_request(
    work: Work, row: ListingVerification, outside: OutsideFacts, *, waived: frozenset[str] = frozenset()
) -> tuple[Judgement, House | None]:
    """Judge a request by every rule, holding its house; failures of the waived ones stop nothing. Keep the run."""
    order = order_of(row.form.plain)
    assert order.requester is not None
    house = home_of(work, order)
    if house is not None:
        # One after the other: of two enterprises in the same second the second sees the first's code.
        house = lock_house(work, house.id)
    facts = verification_facts(work, order, order.requester, outside, house, row.id)
    judgement = judge(facts, FIRST_RULES)
    if judgement.outcome is Outcome.PASS:
        judgement = judge(facts, VERIFY_RULES, waived=waived)
    if judgement.outcome is Outcome.PASS and (last := judge(facts, LAST_RULES)).outcome is not Outcome.PASS:
        judgement = last
    row.run_id = keep_run(work, row, work.today, outside, facts, judgement, rule_set=RULE_SET).id
    return judgement, house


def decide(work: Work, row: ListingVerification, outside: OutsideFacts) -> Verified:
    """Judge a request and act on it."""
    judgement, house = judge_request(work, row, outside)
    if judgement.outcome is Outcome.PENDING:
        _wait(work, row)
    elif judgement.outcome is Outcome.PASS and house is not None:
        pass_request(work, row, house)
    else:
        _fail(work, row, judgement)
    return work.later(lambda: verified(work, row, tuple(judgement.findings)))


def verified(work: Work, row: ListingVerification, findings: tuple[Finding, ...] = ()) -> Verified:
    """The present answer to a request."""
    code = code_of(work, row)
    return Verified(
        row.id,
        row.verify_no or "",
        row.state,
        code.code_no or "",
        code.state,
        code.valid_from,
        code.valid_to,
        findings,
        row.forceable,
    )


def _wait(work: Work, row: ListingVerification) -> None:
    """Ask again after 1, 5 and 30 minutes, then hourly for a day (decision 27)."""
    minutes = RETRY_MINUTES[row.retries] if row.retries < len(RETRY_MINUTES) else 60
    over = work.now - row.submitted_at > timedelta(hours=RETRY_HOURS)
    row.retry_at = None if over else work.now + timedelta(minutes=minutes)
    row.retries += 1
    work.add(row)


def _fail(work: Work, row: ListingVerification, judgement: Judgement) -> None:
    failed = [one for one in judgement.stopping if one.severity is not Severity.PENDING]
    _answered(work, row, judgement)
    row.fail_codes = ",".join(sorted({one.code for one in failed}))
    row.forceable = bool(failed) and all(one.forceable for one in failed)
    take_step(work, row, VERIFICATION, "fail", act="verification.fail")
    take_step(work, code_of(work, row), CODE, "void", act="verification.code")
    ANSWERED.happened(work, row)


def _answered(work: Work, row: ListingVerification, judgement: Judgement | None) -> None:
    row.decided_at, row.retry_at = work.now, None
    warned = {one.code for one in judgement.findings if one.severity is Severity.WARN} if judgement else set()
    row.warn_codes = ",".join(sorted(warned))
    work.add(row)


def pass_request(work: Work, row: ListingVerification, house: House, *, forced: bool = False) -> VerificationCode:
    """Put the code of a request in force; the own earlier code of the part is replaced, the room plan locked."""
    order = order_of(row.form.plain)
    assert order.requester is not None
    code = code_of(work, row)
    for earlier in work.held(own_codes(work, order, order.requester, house.id)).all():
        if earlier.id != code.id:
            earlier.renewed_by = code.id
            end_code(work, earlier, CodeEnd.RENEWED)
    row.house_id, row.district_code, row.street_code = house.id, house.district_code, house.street_code
    _answered(work, row, None)
    take_step(work, row, VERIFICATION, "pass_by_force" if forced else "pass", act="verification.pass")
    make_valid(work, row, code, house, order.address_public, forced=forced)
    if order.mode is not LeaseMode.WHOLE and standing_lock(work, house.id) is None:
        _lock_plan(work, row, house, order)
    ANSWERED.happened(work, row)
    return code


def _lock_plan(work: Work, row: ListingVerification, house: House, order: VerifyHome) -> None:
    last = work.first(SplitLock.plan_version, SplitLock.house_id == house.id, by=col(SplitLock.plan_version).desc())
    work.add(
        SplitLock(
            house_id=house.id,
            plan_version=(last or 0) + 1,
            plan=plan_json(order.plan),
            room_count=len(order.plan),
            verification_id=row.id,
            locked_at=work.now,
            district_code=house.district_code,
            street_code=house.street_code,
        )
    )

"""前置核验: house and owner are checked before an application is filled in; a pass gives a token (row 4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.access import Role
from models.house import HouseCategory
from models.sealed import Sealed
from models.tenancy_codes import Channel, LeaseMode
from models.verification import Precheck
from models.verification_codes import PrecheckState, RequesterKind
from services.engine.copied import copy_of
from services.engine.door import Gathering
from services.engine.findings import Finding, Judgement, Outcome, Severity, judge
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.fact_sources import OutsideFacts
from services.tenancy.predicates import number_of
from services.verification.fact_sources import ask_homes, form_of_home, home_of, verification_facts
from services.verification.orders import Requester, VerifyHome
from services.verification.precheck_limits import Question, origin_digest, question_for, refuse_probing
from services.verification.rules import FIRST_RULES, PRECHECKS

_TOKEN_NONE = Finding("TOKEN_NONE", "请先通过房屋前置核验再提交申请", "token")
_TOKEN_EXPIRED = Finding("TOKEN_EXPIRED", "前置核验已超过有效期，请重新核验", "token")
_QUESTION = Finding("QUESTION", "连续多次核验未通过，请先回答问题再核验", "answer", Severity.CORRECT)
_TOKEN_HOUSE = Finding("TOKEN_HOUSE", "前置核验的不是这套房屋，请重新核验", "token")


@dataclass(frozen=True)
class CheckBefore:
    """Certificate and owner as typed, and the person who asks."""

    cert_no: str
    owner_name: str
    owner_id: str
    requester_no: str
    flat_room: str = ""
    mode: LeaseMode = LeaseMode.WHOLE
    room_no: str = ""
    coowner_consent: bool = True
    public_consent: bool = True
    channel: Channel = Channel.YWTB
    #: The token of an earlier check, where an application follows it.
    token: str = ""
    #: The kind of certificate as the citizen names it; None leaves it to the registers.
    category: HouseCategory | None = None
    #: The network address the person asks from.
    address: str = ""
    #: The answer to the question that follows failures.
    answer: str = ""


@dataclass(frozen=True)
class Prechecked:
    """The answer: a token, or reasons without any data of the register."""

    state: PrecheckState
    token: str = ""
    findings: tuple[Finding, ...] = ()
    #: To be answered with the next check.
    question: str = ""
    expires_at: datetime | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(sorted({one.code for one in self.findings if one.severity is not Severity.PENDING}))

    @property
    def forceable(self) -> bool:
        """Return whether every failed rule may be reviewed."""
        failed = [one for one in self.findings if one.severity not in (Severity.WARN, Severity.PENDING)]
        return bool(failed) and all(one.forceable for one in failed)


def _home(order: CheckBefore) -> tuple[VerifyHome, Requester]:
    return copy_of(VerifyHome, order), Requester(RequesterKind.OWNER, number_of(order.requester_no))


def gather_again(gathering: Gathering, order: CheckBefore) -> OutsideFacts:
    """Ask the registers about the home of an application that carries a token."""
    home, requester = _home(order)
    form = form_of_home(home, requester, order.category or HouseCategory.OWNED)
    return ask_homes(gathering, {0: form}, people=True)[0]


def gather_within_limits(gathering: Gathering, order: CheckBefore) -> OutsideFacts | Question:
    """Ask the registers, unless the person asks too often or has to answer a question first."""
    refuse_probing(gathering, order)
    question = gathering.look(lambda work: question_for(work, order))
    if question is not None and not question.answered_by(order.answer):
        return question
    return gather_again(gathering, order)


def _judged(work: Work, order: CheckBefore, outside: OutsideFacts, *, counted: bool) -> tuple[Judgement, UUID | None]:
    home, requester = _home(order)
    house = home_of(work, home)
    facts = verification_facts(work, home, requester, outside, house, None)
    first = judge(facts, FIRST_RULES if counted else FIRST_RULES[1:])
    judgement = first if first.outcome is not Outcome.PASS else judge(facts, PRECHECKS)
    return judgement, house.id if house else None


def _state(judgement: Judgement) -> PrecheckState:
    if judgement.outcome is Outcome.PASS:
        return PrecheckState.PASSED
    return PrecheckState.PENDING if judgement.outcome is Outcome.PENDING else PrecheckState.FAILED


@action("precheck.ask", "房屋前置核验", roles={Role.SYSTEM}, gather=gather_within_limits, event="")
def check_before(work: Work, order: CheckBefore, asked: OutsideFacts | Question) -> Prechecked:
    """Check house and owner together; a pass gives a token that the application must carry."""
    if isinstance(asked, Question):
        # Stored too, so that checks without an answer count towards the limits.
        _keep(work, order, PrecheckState.FAILED, fail_codes=_QUESTION.code)
        return Prechecked(PrecheckState.FAILED, findings=(_QUESTION,), question=_next_question(work, order))
    judgement, house_id = _judged(work, order, asked, counted=True)
    state = _state(judgement)
    passed = state is PrecheckState.PASSED
    token = work.sealer.qr_token("hc") if passed else ""
    hours = timedelta(hours=work.thresholds.integer("precheck.token_hours"))
    row = _keep(
        work,
        order,
        state,
        house_id=house_id,
        token_digest=work.sealer.token_digest(token) if passed else None,
        fail_codes=",".join(sorted({one.code for one in judgement.stopping})),
        expires_at=work.now + hours if passed else None,
    )
    question = _next_question(work, order) if state is PrecheckState.FAILED else ""
    return Prechecked(state, token, tuple(judgement.findings), question, row.expires_at)


def _keep(work: Work, order: CheckBefore, state: PrecheckState, **result: Any) -> Precheck:
    row = Precheck(
        requester_no=Sealed.of(number_of(order.requester_no)),
        cert_no=Sealed.of(order.cert_no.strip()),
        channel=order.channel,
        origin_digest=origin_digest(work.sealer, order.address),
        checked_at=work.now,
        checked_on=work.today,
        state=state,
        district_code="",
        **result,
    )
    work.add(row)
    work.session.flush()
    work.trail.tell("DATA.CREATE", "precheck.ask", about=row)
    return row


def _next_question(work: Work, order: CheckBefore) -> str:
    question = question_for(work, order)
    return question.text if question is not None else ""


@action("precheck.use", "凭前置核验提交申请", roles={Role.SYSTEM}, gather=gather_again, event="DATA.STATE")
def use_token(work: Work, order: CheckBefore, outside: OutsideFacts) -> Prechecked:
    """Check the token of an application and everything else again: a seizure may have come since."""
    judgement, house_id = _judged(work, order, outside, counted=False)
    findings = list(judgement.findings)
    kept = None
    if order.token:
        digest = work.sealer.token_digest(order.token)
        kept = work.held(select(Precheck).where(Precheck.token_digest == digest)).first()
    if kept is None or kept.state is not PrecheckState.PASSED or kept.expires_at is None:
        findings.append(_TOKEN_NONE)
    elif work.now >= kept.expires_at:
        findings.append(_TOKEN_EXPIRED)
    elif kept.house_id != house_id:
        findings.append(_TOKEN_HOUSE)
    elif judgement.outcome is Outcome.PASS:
        kept.used_at = work.now
        work.add(kept)
    failed = [one for one in findings if one.severity not in (Severity.WARN, Severity.PENDING)]
    state = PrecheckState.FAILED if failed else _state(judgement)
    return Prechecked(state, order.token if state is PrecheckState.PASSED else "", tuple(findings))

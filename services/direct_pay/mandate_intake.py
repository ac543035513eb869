"""个人委托开通: a tenant's mandate is checked, sent to its own firm only, and acknowledged (row 17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from models.access import Role
from models.codes import Code
from models.dialect import locked
from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, PilotScope
from models.direct_pay_codes import ENTRUST, RESULT, TERMINATION, EntrustState, PilotState, TermState
from models.engine import Outgoing, OutgoingState
from models.enterprise import Enterprise, ServiceState
from models.house import House
from models.normal import normal
from models.sealed import indexes_of
from models.tenancy import ContractParty, LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState, Side
from services.direct_pay.facts import MandateFacts
from services.direct_pay.mandate_ends import attach_waiting
from services.direct_pay.mandates import acknowledged, delivered, mandate_of, state_by_date
from services.direct_pay.message_routes import FIRM, held, pushed, to_firm
from services.direct_pay.orders import (
    Answer,
    Number,
    ReceiveEntrustment,
    content_digest,
    findings_in,
    row_values,
    sealed_findings,
)
from services.direct_pay.pushes import PushedMandate
from services.direct_pay.rent import last_month
from services.direct_pay.rules import MANDATE_RULES
from services.direct_pay.visibility import FIRMS, only_the_fund
from services.engine.alarms import raise_alarm
from services.engine.details import check_details
from services.engine.findings import Finding, Outcome, judge
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import action
from services.engine.steps import step_on, take_step
from services.engine.work import Work
from services.partners.message_body import body_of
from services.partners.outgoing import passing_on

_CITY = "310000"
# Made once and bound anew: each mandate asks them.
_EARLIER = select(Entrustment).where(Entrustment.entrust_no == bindparam("no"))
_FILING = select(LeaseFiling).where(LeaseFiling.filing_no == bindparam("no"))
_HOUSE = select(House).where(House.id == bindparam("id"))
_FIRM = select(Enterprise).where(Enterprise.id == bindparam("id"))
_TENANTS = select(ContractParty).where(ContractParty.contract_id == bindparam("id"), ContractParty.side == Side.LESSEE)
_PILOT = select(PilotScope.id).where(
    PilotScope.state == PilotState.CONFIRMED,
    PilotScope.enterprise_id == bindparam("firm"),
    or_(col(PilotScope.project_id).is_(None), PilotScope.project_id == bindparam("project")),
    col(PilotScope.valid_from) <= bindparam("today"),
    or_(col(PilotScope.valid_to).is_(None), col(PilotScope.valid_to) >= bindparam("today")),
)
_OTHERS = select(Entrustment).where(
    or_(
        col(Entrustment.tenant_id_no_index).in_(bindparam("persons", expanding=True)),
        col(Entrustment.spouse_id_no_index).in_(bindparam("persons", expanding=True)),
        Entrustment.filing_id == bindparam("filing"),
    ),
    Entrustment.state != EntrustState.REFUSED,
    Entrustment.entrust_no != bindparam("own"),
)
_ALREADY = "该委托书编号已使用，内容与先前报送的不同，请用新编号报送"


@action("direct_pay.receive_entrustment", "接收个人委托", roles={Role.PARTNER}, event="API.IN")
def receive_entrustment(work: Work, order: ReceiveEntrustment) -> Answer:
    """Check a mandate and send it to its firm, or return every reason; a repetition gets the same answer."""
    only_the_fund(work)
    earlier = work.session.exec(_EARLIER, params={"no": order.entrust_no}).first()
    if earlier is not None:
        return _answered_before(earlier, order)
    filing, house = _filing(work, order.filing_no)
    judgement = judge(mandate_facts(work, order, filing, house), MANDATE_RULES)
    mandate = work.add(_row(work, order, filing, house, judgement.findings))
    # Drawn under a lock that lasts until commit, and one series for the whole city: two mandates of one household that
    # arrive together are looked at one after the other.
    number_later(work, "WT", _CITY, work.today, lambda number: setattr(mandate, "receipt_no", number))
    if judgement.outcome is not Outcome.PASS:
        take_step(work, mandate, ENTRUST, "refuse", reason=",".join(finding.code for finding in judgement.findings))
        return work.later(lambda: _answer(mandate, tuple(judgement.findings)))
    take_step(work, mandate, ENTRUST, "check")
    work.then(lambda: _still_alone(work, mandate, order, filing))
    work.then(lambda: _hand_over(work, mandate))
    attach_waiting(work, mandate)
    return work.later(lambda: _answer(mandate, ()))


def _answer(mandate: Entrustment, findings: tuple[Finding, ...]) -> Answer:
    return Answer(mandate.entrust_no, not findings, findings, mandate.receipt_no)


def _answered_before(earlier: Entrustment, order: ReceiveEntrustment) -> Answer:
    if earlier.content_digest != content_digest(order) or not _same_person(earlier, order):
        raise Conflict(_ALREADY)
    accepted = earlier.state is not EntrustState.REFUSED
    return Answer(earlier.entrust_no, accepted, findings_in(earlier.findings), earlier.receipt_no)


def _same_person(earlier: Entrustment, order: ReceiveEntrustment) -> bool:
    return (
        normal("name", earlier.tenant.plain) == normal("name", order.tenant)
        and normal("id_no", earlier.tenant_id_no.plain) == normal("id_no", order.tenant_id_no)
        and normal("acct", earlier.payee_account.plain) == normal("acct", order.payee_account)
        and normal("name", earlier.spouse.plain if earlier.spouse else "") == normal("name", order.spouse)
        and normal("id_no", earlier.spouse_id_no.plain if earlier.spouse_id_no else "")
        == normal("id_no", order.spouse_id_no)
    )


def _filing(work: Work, filing_no: str) -> tuple[LeaseFiling | None, House | None]:
    # Held, so that a filing ended at this moment either stops the mandate or finds it.
    filing = work.session.exec(locked(work.session, _FILING), params={"no": filing_no}).first()
    if filing is None:
        return None, None
    return filing, work.session.exec(_HOUSE, params={"id": filing.house_id}).one()


def mandate_facts(
    work: Work, order: ReceiveEntrustment, filing: LeaseFiling | None, house: House | None
) -> MandateFacts:
    """Gather the facts of a mandate from our own records."""
    firm = _firm(work, filing)
    contract = None if filing is None else work.session.get(LeaseContract, filing.contract_id)
    return MandateFacts(
        today=work.today,
        thresholds=work.thresholds,
        order=order,
        filing=filing,
        filing_state=FilingState.REVOKED if filing is None else state_by_date(filing, work.today),
        contract_no=(contract.contract_no or "") if contract else "",
        enterprise_uscc="" if firm is None else firm.uscc,
        tenants=_tenants(work, filing),
        in_pilot=firm is not None and house is not None and _in_pilot(work, firm, house),
        suspended=firm is not None and firm.service_state is ServiceState.SUSPENDED,
        account=normal("acct", firm.supervised_account.plain) if firm is not None and firm.supervised_account else "",
        others=_others(work, order, filing),
    )


def _firm(work: Work, filing: LeaseFiling | None) -> Enterprise | None:
    if filing is None or filing.enterprise_id is None:
        return None
    return work.session.exec(_FIRM, params={"id": filing.enterprise_id}).first()


def _tenants(work: Work, filing: LeaseFiling | None) -> frozenset[tuple[str, str]]:
    if filing is None:
        return frozenset()
    check_details(work.session, "lease_contract", filing.contract_id)
    tenants = work.session.exec(_TENANTS, params={"id": filing.contract_id}).all()
    return frozenset((normal("name", one.name.plain), normal("id_no", one.id_no.plain)) for one in tenants)


def _in_pilot(work: Work, firm: Enterprise, house: House) -> bool:
    of = {"firm": firm.id, "project": house.project_id, "today": work.today}
    return work.session.exec(_PILOT, params=of).first() is not None


def _others(work: Work, order: ReceiveEntrustment, filing: LeaseFiling | None) -> Sequence[Entrustment]:
    """Return mandates of this filing, or of this household as tenant or spouse."""
    persons = [
        index
        for number in (order.tenant_id_no, order.spouse_id_no)
        if number
        for index in indexes_of(work.sealer, "id_no", number)
    ]
    of = {"persons": persons, "filing": filing.id if filing else None, "own": order.entrust_no}
    return work.session.exec(_OTHERS, params=of).all()


def _still_alone(work: Work, mandate: Entrustment, order: ReceiveEntrustment, filing: LeaseFiling | None) -> None:
    """Look for other mandates again once the number is drawn, because earlier transactions have committed by then."""
    for other in _others(work, order, filing):
        if other.draw_from <= mandate.draw_to and mandate.draw_from <= last_month(other):
            raise Conflict("同一住户的另一份委托正在办理，请稍后重新报送")


def _row(
    work: Work,
    order: ReceiveEntrustment,
    filing: LeaseFiling | None,
    house: House | None,
    findings: list[Finding],
) -> Entrustment:
    return Entrustment(
        district_code="" if filing is None else filing.district_code,
        street_code="" if filing is None else filing.street_code,
        **row_values(Entrustment, order),
        filing_id=None if filing is None else filing.id,
        enterprise_id=None if filing is None else filing.enterprise_id,
        project_id=None if house is None else house.project_id,
        findings=sealed_findings(findings),
        received_at=work.now,
        state=EntrustState.RECEIVED,
    )


def _hand_over(work: Work, mandate: Entrustment) -> None:
    assert mandate.enterprise_id is not None
    words = f"委托书 {mandate.entrust_no}：备案 {mandate.filing_no}，{mandate.draw_from} 至 {mandate.draw_to}，请确认。"
    waits = to_firm(
        work,
        "entrustment",
        enterprise_id=mandate.enterprise_id,
        key=mandate.entrust_no,
        about=mandate,
        body=body_of(mandate, *PushedMandate.model_fields),
        subject="收到公积金直付委托",
        words=words,
    )
    if not waits and mandate.state in ENTRUST.open_to("push"):
        delivered(work, mandate)


def _handed_over(work: Work, message: Outgoing) -> None:
    mandate = held(work, Entrustment, message.object_id)
    if message.state is OutgoingState.SENT:
        delivered(work, mandate)
    elif step_on(work, mandate, ENTRUST, "fail"):
        raise_alarm(
            work,
            "DIRECTPAY.PUSH",
            f"委托书 {mandate.entrust_no} 多次推送企业未成功，请联系企业后重新发送",
            about=mandate,
        )


passing_on(
    FIRM,
    "entrustment",
    path="/entrustments",
    label="个人委托开通",
    row=17,
    message=PushedMandate,
    afterwards=_handed_over,
)


class AckKind(Code):
    ENTRUSTMENT = "ENTRUSTMENT", "委托书"
    PAYMENT_RESULT = "PAYMENT_RESULT", "支付结果"
    TERMINATION = "TERMINATION", "终止结果"


@dataclass(frozen=True)
class Acknowledge:
    """A firm has taken something in: a mandate, a result or a termination, each by its number."""

    kind: Annotated[AckKind, Field(title="确认类别")]
    number: Annotated[Number, Field(title="编号", description="委托书编号、结果编号或终止编号")]


@action("direct_pay.acknowledge", "确认收到", roles=FIRMS)
def acknowledge(work: Work, order: Acknowledge) -> Answer:
    """Note that the firm has it; a second word changes nothing, one that overtakes our own record counts too."""
    _ACKNOWLEDGED[order.kind](work, order.number)
    return Answer(order.number, True)


def _mandate_taken(work: Work, number: str) -> None:
    _own(work, Entrustment, Entrustment.entrust_no == number)
    mandate = mandate_of(work, number)
    assert mandate is not None
    acknowledged(work, mandate)


def _result_taken(work: Work, number: str) -> None:
    _taken(work, _own(work, PaymentResult, PaymentResult.result_no == number), RESULT)


def _termination_taken(work: Work, number: str) -> None:
    rows = work.rows(
        work.visible(PaymentTermination),
        PaymentTermination.term_no == number,
        col(PaymentTermination.state).not_in([TermState.RECEIVED, TermState.REFUSED, TermState.WAITING]),
        by=(PaymentTermination.requested_at, PaymentTermination.id),
    )
    if not rows:
        raise NotFound
    told = [row for row in rows if row.state not in {TermState.CHECKED, TermState.SENT_TO_FUND}]
    # Fund and firm number by themselves and may hit upon the same: the one that waits for this word is meant.
    told.sort(key=lambda row: (row.ack_at is not None, row.pushed_at is None))
    if told:
        _taken(work, told[0], TERMINATION)


def _taken(work: Work, row: Any, machine: Any) -> None:
    pushed(work, row, machine)
    row.ack_at = row.ack_at or work.now
    step_on(work, row, machine, "acknowledge")


def _own(work: Work, table: Any, *where: Any) -> Any:
    return work.find(work.visible(table), *where)


_ACKNOWLEDGED = {
    AckKind.ENTRUSTMENT: _mandate_taken,
    AckKind.PAYMENT_RESULT: _result_taken,
    AckKind.TERMINATION: _termination_taken,
}

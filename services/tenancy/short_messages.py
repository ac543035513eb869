"""Short messages to the parties of a lease, while the parameter `sms.on` says so (decision 28); those of its end."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid5

from models.cancellation import CancelApply
from models.engine import Outgoing
from models.identity import check_mobile
from models.normal import normal_id_no, normal_phone
from models.tenancy import ContractParty, LeaseContract, LeaseFiling
from models.tenancy_codes import ContractState
from services.engine.outbox import route, send
from services.engine.refusals import Unavailable
from services.engine.work import Work
from services.ports.systems import SHORT_MESSAGES, Systems
from services.tenancy.contracts import signers

SWITCH = "sms.on"
_NOTICE, _ENDING, _CLOSING, _EXPIRING = "cancel_notice", "cancel_ending", "cancel_closing", "filing_expiring"


def text_of_notice(work: Work, apply: CancelApply, contract: LeaseContract) -> None:
    """Notify the other side by SMS that one side wants to cancel, and until when it may object."""
    if not work.thresholds.flag(SWITCH) or apply.objection_until is None:
        return
    asking = {normal_id_no(number) for number in apply.applicants.json()}
    parties = signers(work, contract)
    own = {party.side for party in parties if asking & {normal_id_no(number) for number in _numbers(party)}}
    day = apply.objection_until
    text_parties(
        work,
        apply,
        [party for party in parties if party.side not in own],
        _NOTICE,
        f"【申房】合同{contract.contract_no}的备案，合同另一方已申请注销（申请编号{apply.apply_no}）。"
        f"如有异议，请于{day.year}年{day.month}月{day.day}日前持本人证件到受理窗口提出；无异议的，期满后办理注销。",
    )


def text_of_ending(work: Work, apply: CancelApply, contract: LeaseContract) -> None:
    """Notify both sides by SMS that the filing is cancelled."""
    if work.thresholds.flag(SWITCH):
        words = (
            f"【申房】合同{contract.contract_no}的备案已注销（申请编号{apply.apply_no}）。如有疑问，请到受理窗口咨询。"
        )
        text_parties(work, apply, signers(work, contract), _ENDING, words)


def text_of_closing(work: Work, apply: CancelApply, contract: LeaseContract) -> None:
    """Notify both sides by SMS that what one of them applied for is over with the lease."""
    # Of a lease that was cancelled both sides have a message already.
    if work.thresholds.flag(SWITCH) and contract.state is not ContractState.TERMINATED:
        words = f"【申房】合同{contract.contract_no}{contract.state.label}，单方注销申请（申请编号{apply.apply_no}）不再办理。"
        text_parties(work, apply, signers(work, contract), _CLOSING, words)


def text_of_expiring(work: Work, filing: LeaseFiling, contract: LeaseContract) -> None:
    """Notify both sides by SMS, once, of the last day of their filing, and that a lease that goes on is filed again."""
    if not work.thresholds.flag(SWITCH) or work.has(
        Outgoing, Outgoing.object_id == filing.id, Outgoing.operation == _EXPIRING
    ):
        return
    day = filing.valid_to
    words = f"【申房】合同{contract.contract_no}的备案将于{day.year}年{day.month}月{day.day}日到期。"
    if contract.end > day:
        words += "合同尚未到期，继续租住的请办理重新备案。"
    text_parties(work, filing, signers(work, contract), _EXPIRING, words)


def _numbers(party: ContractParty) -> list[str]:
    return [party.id_no.plain, *([party.agent_id_no.plain] if party.agent_id_no else [])]


def text_parties(work: Work, about: Any, parties: Sequence[ContractParty], operation: str, words: str) -> None:
    """Send a text to those parties that have a mobile number, once for each operation on the row it is about."""
    # The words name no person: a telephone may have been typed wrongly, or have changed hands.
    for party in parties:
        phone = normal_phone(party.mobile.plain) if party.mobile else ""
        if check_mobile(phone).ok:
            send(
                work,
                to="short_messages",
                operation=operation,
                business_key=f"{operation}:{about.id.hex}:{party.id.hex}",
                kind=about.__tablename__,
                object_id=about.id,
                payload={"phone": phone, "text": words},
                request_id=uuid5(about.id, f"{operation}:{party.id}").hex,
            )


def deliver_text(systems: Systems, payload: dict[str, Any], request_id: str) -> str:
    """Hand a text message to the platform; its receipt number."""
    platform = systems.find(SHORT_MESSAGES)
    if platform is None:
        raise Unavailable("未接入短信平台")
    return platform.send(payload["phone"], payload["text"], request_id).receipt_no


for _operation in (_NOTICE, _ENDING, _CLOSING, _EXPIRING):
    route("short_messages", _operation, deliver_text)

"""The log of a case, and its states sent back to the case library by the outbox, in order and each once (row 1)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid5

from sqlmodel import col

from models.engine import Outgoing, OutgoingState
from models.one_stop import StopCase, StopStep
from models.one_stop_codes import STOP, StopAct, StopState
from models.tenancy import LeaseFiling
from services.engine.findings import Finding
from services.engine.outbox import Delivery, route, send
from services.engine.refusals import Unavailable
from services.engine.steps import take_step
from services.engine.work import Work
from services.ports.case_library import CASE_LIBRARY, CaseStatus
from services.ports.systems import Systems

SYSTEM_NAME, STATE = "one_stop", "state"
#: Minutes between attempts: the library may be down for two hours and nothing dies.
_RETRY_MINUTES = (1, 5, 30, 30, 30, 30, 30, 30)
#: Steps after which the library is notified of the new state.
_TOLD = frozenset({"correct", "accept", "finish", "return", "refuse", "withdraw", "time_out"})
_HOLD = timedelta(minutes=1)


def log_step(
    work: Work, case: StopCase, act: StopAct, *, answer: str = "", milliseconds: int = 0, note: str = ""
) -> None:
    """Write a step of a case: who, when, what, the answer code and the milliseconds."""
    case.steps += 1
    work.add(case)
    work.add(
        StopStep(
            case_id=case.id,
            position=case.steps,
            at=work.now,
            act=act,
            actor="系统" if work.caller.account_id is None else "",
            by_account=work.caller.account_id,
            answer=answer[:40],
            milliseconds=milliseconds,
            note=note[:300],
        )
    )


def move(
    work: Work,
    case: StopCase,
    step: str,
    act: StopAct,
    *,
    findings: Sequence[Finding] = (),
    note: str = "",
    milliseconds: int = 0,
) -> None:
    """Take a step of a case, log it, and tell the library where the new state is one of its own."""
    take_step(work, case, STOP, step, reason=note[:100])
    codes = sorted({one.code for one in findings})
    log_step(work, case, act, answer=" ".join(codes), note=note or case.state.label, milliseconds=milliseconds)
    if case.state not in (StopState.RECEIVED, StopState.CORRECTION) and not _undecided(case.state):
        case.ended_at = work.now
    if step in _TOLD:
        _tell(work, case, findings, note)


def _undecided(state: StopState) -> bool:
    return state in (StopState.ACCEPTED, StopState.GROUPED, StopState.CHECKING, StopState.INTERCEPTED)


def _tell(work: Work, case: StopCase, findings: Sequence[Finding], note: str) -> None:
    case.told += 1
    work.add(case)
    send(
        work,
        to=SYSTEM_NAME,
        operation=STATE,
        business_key=f"{case.case_no}:{case.told:03}:{case.state.value}",
        kind=case.__tablename__,
        object_id=case.id,
        payload={
            "case_no": case.case_no,
            "position": case.told,
            "state": case.state.value,
            "at": work.now.isoformat(),
            "note": note,
            # A citizen reads the rule's sentence; what was found stays here (decision 9).
            "reasons": [{"code": one.code, "message": one.message} for one in findings],
        },
        request_id=uuid5(case.id, f"{STATE}:{case.told}").hex,
    )


def _complete(work: Work, message: Outgoing, payload: dict[str, Any]) -> dict[str, Any] | None:
    """Hold a state back until the earlier states of its case have arrived; a filing's number is known by now."""
    earlier = work.has(
        Outgoing,
        Outgoing.system == SYSTEM_NAME,
        Outgoing.object_id == message.object_id,
        Outgoing.state != OutgoingState.SENT,
        col(Outgoing.created_at) <= message.created_at,
        col(Outgoing.business_key) < message.business_key,
        Outgoing.id != message.id,
    )
    if earlier:
        message.next_at = work.now + _HOLD
        return None
    case = work.only(StopCase, StopCase.id == message.object_id)
    filing = work.session.get(LeaseFiling, case.filing_id) if case.filing_id else None
    return {**payload, "filing_no": filing.filing_no if filing else ""}


def _deliver(systems: Systems, payload: dict[str, Any], request_id: str) -> str:
    library = systems.find(CASE_LIBRARY)
    if library is None:
        raise Unavailable("未接入办件库")
    status = CaseStatus(
        payload["case_no"],
        payload["position"],
        payload["state"],
        payload["at"],
        payload["note"],
        tuple((one["code"], one["message"]) for one in payload["reasons"]),
        payload.get("filing_no", ""),
    )
    return library.push_state(status, request_id).receipt_no


def _keep_log(work: Work, message: Outgoing, delivery: Delivery) -> None:
    case = work.only(StopCase, StopCase.id == message.object_id)
    state = message.business_key.rsplit(":", 1)[-1]
    answer = delivery.receipt or "FAILED"
    note = StopState.of(state).label + ("：未送达，稍后重发" if delivery.error else "")
    log_step(work, case, StopAct.SEND, answer=answer, milliseconds=delivery.milliseconds, note=note)


route(SYSTEM_NAME, STATE, _deliver, complete=_complete, log=_keep_log, retry_minutes=_RETRY_MINUTES)

"""制证: the filing notice goes to the licence library; a failure never touches the filing itself (row 7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from models.documents import IssuedDocument, PaperKind
from models.engine import Outgoing, OutgoingState
from models.sealing import sm3_hex
from models.tenancy import ContractParty, LeaseFiling
from models.tenancy_codes import LICENCE, FilingState, LicenceState, Side
from services.engine.outbox import route, send
from services.engine.steps import take_step
from services.engine.work import Work
from services.ports.answers import LicencePush
from services.ports.systems import LICENCE_LIBRARY, Systems


def queue_licence(work: Work, filing: LeaseFiling, parties: Sequence[ContractParty]) -> None:
    """Have the filing's licence made, or made again after it was recalled; called once the filing has its number."""
    holders = [party for party in parties if party.side is not Side.OCCUPANT]
    take_step(work, filing, LICENCE, "queue", field="licence_state", log=False)
    _send(work, filing, "issue", [party.id_no.plain for party in holders])


def recall_licence(work: Work, filing: LeaseFiling) -> None:
    """Have the licence of an ended filing recalled, whether or not it has arrived yet."""
    _send(work, filing, "revoke", [])


def _send(work: Work, filing: LeaseFiling, operation: str, holder_ids: list[str]) -> None:
    # A filing may be cancelled, restored and cancelled again: each is a message of its own.
    key = f"{operation}:{filing.filing_no}:{filing.version}"
    send(
        work,
        to="licence_library",
        operation=operation,
        business_key=key,
        kind="lease_filing",
        object_id=filing.id,
        request_id=f"{operation}-{sm3_hex(key.encode())[:40]}",
        payload={
            "licence_no": filing.filing_no,
            "kind": "FILING_NOTICE",
            "title": "住房租赁合同备案通知书",
            "holder_ids": holder_ids,
            "issued_on": filing.filed_on.isoformat(),
            "revoked": operation == "revoke",
        },
    )


def _push(systems: Systems, payload: dict[str, Any], request_id: str) -> str:
    licence = LicencePush(
        licence_no=payload["licence_no"],
        kind=payload["kind"],
        title=payload["title"],
        holder_ids=tuple(payload["holder_ids"]),
        digest=payload.get("digest", ""),
        issued_on=date.fromisoformat(payload["issued_on"]),
        revoked=payload["revoked"],
    )
    return systems.at(LICENCE_LIBRARY).push(licence, request_id).receipt_no


def _issued(work: Work, message: Outgoing) -> None:
    filing = work.session.exec(select(LeaseFiling).where(LeaseFiling.id == message.object_id)).one()
    arrived = message.state is OutgoingState.SENT
    work.trail.tell("DATA.STATE", "licence.issue", about=filing, result="ok" if arrived else "fail")
    if filing.licence_state is LicenceState.REVOKED:
        # A dead message sent again by hand after the filing had ended: what it made is taken back.
        if arrived:
            recall_licence(work, filing)
        return
    take_step(work, filing, LICENCE, "issue" if arrived else "fail", field="licence_state", log=False)


def _revoked(work: Work, message: Outgoing) -> None:
    filing = work.session.exec(select(LeaseFiling).where(LeaseFiling.id == message.object_id)).one()
    # A filing restored meanwhile has its licence made again right behind this message.
    if message.state is OutgoingState.SENT and filing.state is not FilingState.ACTIVE:
        take_step(work, filing, LICENCE, "revoke", field="licence_state", log=False)
    work.trail.tell("DATA.STATE", "licence.revoke", about=filing, result=str(message.state))


def _with_digest(work: Work, message: Outgoing, payload: dict[str, Any]) -> dict[str, Any] | None:
    """A licence is known by the SM3 of its notice; until that is drawn the message waits, and so for earlier ones."""
    before = work.session.exec(
        select(Outgoing.id).where(
            Outgoing.system == message.system,
            Outgoing.object_id == message.object_id,
            Outgoing.state == OutgoingState.WAITING,
            col(Outgoing.id) < message.id,
        )
    ).first()
    digest = work.session.exec(
        select(IssuedDocument.digest)
        .where(IssuedDocument.filing_id == message.object_id, IssuedDocument.kind == PaperKind.FILING_NOTICE)
        .order_by(col(IssuedDocument.issued_at).desc())
    ).first()
    return {**payload, "digest": digest} if digest and before is None else None


route("licence_library", "issue", _push, _issued, _with_digest)
route("licence_library", "revoke", _push, _revoked, _with_digest)

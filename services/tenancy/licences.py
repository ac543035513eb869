"""制证: the filing notice goes to the licence library; a failure never touches the filing itself (row 7)."""

from datetime import date
from typing import Any

from sqlmodel import col, select

from models.documents import IssuedDocument, PaperKind
from models.engine import Outgoing, OutgoingState
from models.tenancy import LeaseFiling
from models.tenancy_codes import LicenceState
from services.engine.outbox import route
from services.engine.work import Work
from services.ports.answers import LicencePush
from services.ports.systems import Systems


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
    return systems.licence_library.push(licence, request_id).receipt_no


def _issued(work: Work, message: Outgoing) -> None:
    filing = work.session.exec(select(LeaseFiling).where(LeaseFiling.id == message.object_id)).one()
    if filing.licence_state is LicenceState.REVOKED:
        return
    arrived = message.state is OutgoingState.SENT
    filing.licence_state = LicenceState.ISSUED if arrived else LicenceState.FAILED
    work.add(filing)
    work.trail.tell("DATA.STATE", "licence.issue", about=filing, result="ok" if arrived else "fail")


def _revoked(work: Work, message: Outgoing) -> None:
    filing = work.session.exec(select(LeaseFiling).where(LeaseFiling.id == message.object_id)).one()
    if message.state is OutgoingState.SENT:
        filing.licence_state = LicenceState.REVOKED
        work.add(filing)
    work.trail.tell("DATA.STATE", "licence.revoke", about=filing, result=str(message.state))


def _with_digest(work: Work, message: Outgoing, payload: dict[str, Any]) -> dict[str, Any] | None:
    """A licence carries the SM3 of the notice that made or ended it; until that is drawn the message waits."""
    kind = PaperKind.FILING_NOTICE if message.operation == "issue" else PaperKind.CANCEL_NOTICE
    digest = work.session.exec(
        select(IssuedDocument.digest)
        .where(IssuedDocument.filing_id == message.object_id, IssuedDocument.kind == kind)
        .order_by(col(IssuedDocument.issued_at).desc())
    ).first()
    return {**payload, "digest": digest} if digest else None


route("licence_library", "issue", _push, _issued, _with_digest)
route("licence_library", "revoke", _push, _revoked, _with_digest)

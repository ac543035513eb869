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


def notice_digest(work: Work, filing: LeaseFiling) -> str:
    """The SM3 of the issued notice, once it is rendered."""
    return (
        work.session.exec(
            select(IssuedDocument.digest)
            .where(IssuedDocument.filing_id == filing.id, IssuedDocument.kind == PaperKind.FILING_NOTICE)
            .order_by(col(IssuedDocument.issued_at).desc())
        ).first()
        or ""
    )


route("licence_library", "issue", _push, _issued)
route("licence_library", "revoke", _push, _revoked)

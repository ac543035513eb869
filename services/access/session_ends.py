"""Ending an account's sessions after a change of rights: in the table at once, everywhere in seconds (H11)."""

from uuid import UUID

from sqlmodel import col

from models.access import SignInSession
from services.engine.work import Work


def end_sessions(work: Work, account_id: UUID, reason: str) -> int:
    """End every open session of an account; how many there were."""
    rows = work.rows(SignInSession, SignInSession.account_id == account_id, col(SignInSession.ended_at).is_(None))
    for row in rows:
        row.ended_at, row.end_reason = work.at, reason
        work.add(row)
        work.trail.tell("SESS.KICK", "rights.changed", about=row, reason=reason)
    return len(rows)

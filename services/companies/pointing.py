"""The agreement of both sides while what it is about runs, and its end (row 53)."""

from uuid import UUID

from sqlmodel import col, select

from models.companies import SubjectApplication
from models.records import PactState, Revision
from models.sealed import Sealed
from services.engine.work import Work


def end_agreement(work: Work, revision: Revision, *, kept: bool) -> None:
    """What both sides agreed on is done, or came to nothing: another application may begin."""
    rows = work.session.exec(
        select(SubjectApplication).where(
            SubjectApplication.record_id == revision.record_id, col(SubjectApplication.open_key).is_not(None)
        )
    ).all()
    for row in rows:
        row.open_key = None
        if not kept:
            row.state, row.ended_at = PactState.RELEASED, work.now
        work.add(row)


def end_agreements_of(work: Work, head_company_id: UUID) -> None:
    """A head company that is out goes on with nothing: what it had under way binds no company any more."""
    rows = work.session.exec(
        select(SubjectApplication).where(
            SubjectApplication.head_company_id == head_company_id, col(SubjectApplication.open_key).is_not(None)
        )
    ).all()
    for row in rows:
        over = PactState.CANCELLED if row.state is PactState.OFFERED else PactState.RELEASED
        row.open_key, row.state, row.ended_at = None, over, work.now
        row.reason = Sealed.of_json("总公司已退出，申请终止")
        work.add(row)

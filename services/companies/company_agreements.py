"""The agreement of both sides while what it is about runs, and its end (row 53)."""

import sqlalchemy as sa
from sqlmodel import col, select

from models.companies import HeadCompany, Managed, SubjectApplication
from models.records import PACT, PactState, Revision
from models.sealed import Sealed
from services.engine.steps import take_step
from services.engine.work import Work


def end_agreement(work: Work, revision: Revision, *, kept: bool) -> None:
    """Return what both sides agreed on is done, or came to nothing: another application may begin."""
    rows = work.session.exec(
        select(SubjectApplication).where(
            SubjectApplication.record_id == revision.record_id, col(SubjectApplication.open_key).is_not(None)
        )
    ).all()
    for row in rows:
        row.open_key = None
        if not kept:
            take_step(work, row, PACT, "release", log=False)
            row.ended_at = work.now
        work.add(row)


def end_agreements_of(work: Work, company: Managed, because: str) -> None:
    """End all open agreements of, or about, a company that has left or was voided."""
    head = isinstance(company, HeadCompany)
    about = (
        SubjectApplication.head_company_id == company.id
        if head
        else sa.or_(
            col(SubjectApplication.project_company_id) == company.id, col(SubjectApplication.record_id) == company.id
        )
    )
    rows = work.session.exec(select(SubjectApplication).where(about, col(SubjectApplication.open_key).is_not(None)))
    for row in rows.all():
        take_step(work, row, PACT, "cancel" if row.state is PactState.OFFERED else "release", log=False)
        row.open_key, row.ended_at = None, work.now
        row.reason = Sealed.of_json(because)
        work.add(row)

"""The clerk who took a case in at a community service centre, and who does not review it (row 12)."""

from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.access import Account, login_key
from models.forced_review import OPEN_CIVIL, CivilCase
from models.sealed import indexes_of
from services.engine.refusals import NotAllowed
from services.engine.work import Work

_OF_CASE = select(CivilCase).where(CivilCase.case_id == bindparam("id")).order_by(col(CivilCase.received_at))


def civil_case_of(work: Work, case_id: UUID | None) -> CivilCase | None:
    """The open acceptance of a community service centre that a case belongs to."""
    if case_id is None:
        return None
    rows = work.session.exec(_OF_CASE, params={"id": case_id}).all()
    return next((row for row in rows if row.state in OPEN_CIVIL), None)


def account_of_taker(work: Work, civil: CivilCase) -> UUID | None:
    """The account of the civil affairs clerk where his staff number is a login name of that centre."""
    return work.first(Account.id, Account.login_key == login_key(civil.clerk_no), Account.unit_id == civil.unit_id)


def did_not_take_it(work: Work, civil: CivilCase) -> None:
    """Refuse the clerk who accepted it in the civil affairs system, known by staff number or by name in that centre."""
    account = work.session.get(Account, work.caller.account_id) if work.caller.account_id else None
    if account is None or account.unit_id != civil.unit_id:
        return
    same_name = civil.clerk_name_index in indexes_of(work.sealer, "name", account.name.plain)
    if account.login_key == login_key(civil.clerk_no) or same_name:
        raise NotAllowed("该办件由您在社区事务受理系统受理，须由本中心其他人员审查")

"""Two firms with users, for pages whose world other tests may have given firms before."""

from sqlmodel import col, select

from models.access import Account
from models.enterprise import Enterprise
from services.engine.work import Work
from tests.firms_made import sign_up
from tests.services.broker_pushes.association import enter_firm, enter_member
from tests.services.practitioners.desks.people import ANJU, HUYU

FIRM, OTHER_FIRM = "huyu01", "anju01"


def found_firms(work: Work) -> None:
    """Add the firms, and their users, that are not there yet."""
    # With its keys and its card, which pushes of the association ask for in the same world.
    enter_member(work)
    enter_firm(work, HUYU)
    work.session.flush()
    for uscc, login in ((HUYU, FIRM), (ANJU, OTHER_FIRM)):
        firm = work.session.exec(select(Enterprise).where(Enterprise.uscc == uscc)).one()
        if work.session.exec(select(Account.id).where(col(Account.login) == login)).first() is None:
            sign_up(work, firm, login)

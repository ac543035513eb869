"""The office and the account of a firm, for tests in which it acts."""

from deploy.demo.firms import add_office
from deploy.demo.offices import Person, add_account
from models.access import Role, ScopeKind
from models.enterprise import Enterprise
from services.engine.work import Work
from tests.world import sealer


def sign_up(work: Work, firm: Enterprise, login: str) -> None:
    """Add the firm's office, and in it a user whose password nobody knows."""
    unit = add_office(work, firm)
    person = Person(login, "许文", unit.unit_code, Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, firm.uscc)
    add_account(work, person, unit, sealer().hash_password("not-to-be-typed-by-anybody"))

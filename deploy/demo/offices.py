"""Offices and named demo accounts, one for each way of working."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.tables import DATA, row_of
from models.access import Account, AccountRole, OrgUnit, Role, ScopeKind, login_key
from models.own_data import read_rows
from models.sealed import Sealed
from services.access.acl import change
from services.engine.registry import action
from services.engine.work import Work
from services.streets.links import link_by_grant


@dataclass(frozen=True)
class Person:
    """An account; `office` is the code of its unit, or the fixture of its firm."""

    login: str
    name: str
    office: str
    role: Role
    scope: ScopeKind
    code: str
    window: str = ""


def people_who_join(part: str) -> tuple[Person, ...]:
    """The people whom a part of the demo loads."""
    return tuple(
        Person(
            line["login"],
            line["name"],
            line["office"],
            Role.of(line["role"]),
            ScopeKind.of(line["scope"]),
            line["code"],
            line["window"],
        )
        for line in read_rows(DATA / "people.csv")
        if line["joins"] == part
    )


@action("demo.offices", "建立演示机构与账号", roles={Role.SYSTEM}, event="CFG.CHANGE")
def load_offices(work: Work, order: None) -> int:
    """Add the offices and accounts that are missing; demo accounts have random passwords."""
    units = {unit.unit_code: unit for unit in work.rows(OrgUnit)}
    for line in read_rows(DATA / "offices.csv"):
        if line["unit_code"] not in units:
            unit = row_of(OrgUnit, line, {})
            change(work, "unit", unit.id, "demo.offices")
            units[unit.unit_code] = work.add(unit)
    return len(add_accounts(work, people_who_join("offices"), lambda person: units[person.office]))


def add_accounts(work: Work, people: Iterable[Person], unit_of: Callable[[Person], OrgUnit]) -> list[Account]:
    """Add the accounts that are missing, with a random password."""
    known = set(work.rows(Account.login_key))
    unknown = work.sealer.hash_password(secrets.token_urlsafe(32))
    fresh = (person for person in people if login_key(person.login) not in known)
    return [add_account(work, person, unit_of(person), unknown) for person in fresh]


def add_account(work: Work, person: Person, unit: OrgUnit, password: str, *, demo: bool = True) -> Account:
    """Return an account with one grant."""
    account = Account(
        login=person.login,
        login_key=login_key(person.login),
        name=Sealed.of(person.name),
        unit_id=unit.id,
        window=person.window,
        password=Sealed.of(password),
        password_changed_at=work.at,
        demo=demo,
    )
    change(work, "account", account.id, "demo.offices")
    work.add(account)
    grant = work.add(
        AccountRole(
            account_id=account.id,
            role=person.role,
            scope_kind=person.scope,
            scope_code=person.code,
            # The demo's date moves back too; who loses his role by that could never put it right.
            valid_from=date(2020, 1, 1) if demo else work.today - timedelta(days=1),
        )
    )
    if person.role is Role.STREET_CLERK:
        link_by_grant(work, grant)
    return account

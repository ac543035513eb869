"""The two administrators at work, for tests: accounts made by one, rights given by the other."""

import json
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from integrations.cloud_crypto.local_authority import Issued
from models.access import Account, AccountSort, OrgUnit, Role, ScopeKind
from models.alarms import Alarm
from models.audit import AuditEvent
from services.access.accounts import CreateAccount, create_account
from services.access.bindings import ProposeBinding, confirm_binding, propose_binding
from services.access.grants import GiveGrant, give_grant
from services.access.passwords import FirstPasswordSet, LinkGiven, SetFirstPassword, set_first_password
from services.access.sign_in import SignedIn, SignIn, sign_in
from services.engine.callers import SYSTEM
from services.engine.orders import Decide
from services.engine.work import Work
from tests.certificates import issued, proof
from tests.world import World

_NUMBERS = count(1)
_CERTIFICATES: dict[str, Issued] = {}
REASON = "按岗位分工办理"
#: What everybody chooses at his link.
PASSWORD = "Chun-jiang-2049"


def unit_id(world: World, code: str = "ST310115005") -> UUID:
    found: UUID = world.read(lambda work: work.session.exec(select(OrgUnit.id).where(OrgUnit.unit_code == code)).one())
    return found


def made(
    world: World,
    login: str = "",
    *,
    unit: str = "ST310115005",
    sort: AccountSort = AccountSort.STAFF,
    valid_to: date | None = None,
) -> LinkGiven:
    """An account the system administrator made; it has no rights and no password yet."""
    login = login or f"liuyan{next(_NUMBERS):03d}"
    order = CreateAccount(login, "刘燕", unit_id(world, unit), sort, "", valid_to)
    return world.door.perform(create_account, world.caller("xitong01"), order)


def granted(
    world: World,
    account_id: UUID,
    role: Role = Role.STREET_CLERK,
    kind: ScopeKind = ScopeKind.STREET,
    code: str = "310115016",
    **more: Any,
) -> UUID:
    """A grant the security administrator gave."""
    order = GiveGrant(account_id, role, kind, code, reason=REASON, **more)
    return world.door.perform(give_grant, world.caller("anquan01"), order)


def chosen(world: World, given: LinkGiven, password: str = PASSWORD) -> FirstPasswordSet:
    """The holder opens his link, from a place of his own, and chooses a password."""
    place = next(_NUMBERS)
    order = SetFirstPassword(given.token, password, f"10.5.{place // 250}.{place % 250}")
    return world.door.perform(set_first_password, SYSTEM, order)


def working(world: World, **named: Any) -> LinkGiven:
    """An account made by one and granted by the other, its password chosen by its holder."""
    account = made(world, **named)
    assert chosen(world, account).ok
    granted(world, account.account_id)
    bound(world, account)
    return account


def bound(world: World, account: LinkGiven) -> Issued:
    """A certificate one administrator proposed and the other confirmed."""
    certificate = _CERTIFICATES[account.login] = issued(account.login)
    order = ProposeBinding(account.account_id, certificate.certificate.fingerprint)
    row_id = world.door.perform(propose_binding, world.caller("xitong01"), order)
    world.door.perform(confirm_binding, world.caller("anquan01"), Decide(row_id, True))
    return certificate


def enter(world: World, account: LinkGiven, password: str = PASSWORD) -> SignedIn:
    """Sign in with certificate and password, from a place of its own."""
    place = next(_NUMBERS)
    shown = proof(_CERTIFICATES[account.login]) if account.login in _CERTIFICATES else None
    order = SignIn(account.login, password, f"10.3.{place // 250}.{place % 250}", proof=shown)
    return world.door.perform(sign_in, SYSTEM, order)


def account_row(world: World, account_id: UUID) -> Account:
    found: Account = world.read(lambda work: work.session.exec(select(Account).where(Account.id == account_id)).one())
    return found


def events(world: World, code: str, *, about: UUID | str | None = None) -> list[dict[str, Any]]:
    """The bodies of the events of a code, oldest first."""

    def read(work: Work) -> list[str]:
        statement = select(AuditEvent.body).where(AuditEvent.event == code).order_by(col(AuditEvent.seq))
        if about is not None:
            statement = statement.where(AuditEvent.object_id == str(about))
        return list(work.session.exec(statement).all())

    return [json.loads(body) for body in world.read(read)]


def alarms(world: World, code: str, key: str) -> int:
    """How often an alarm was raised about an object."""
    statement = select(Alarm.times).where(Alarm.alarm_code == code, Alarm.object_key == key)
    return sum(world.read(lambda work: work.session.exec(statement).all()))


def by_sql(world: World, statement: str, **values: Any) -> int:
    """Change something past the product, as the owner of the database can."""
    known = {
        name: value.hex if isinstance(value, UUID) and world.door.database.sqlite else value
        for name, value in values.items()
    }
    with world.door.database.engine.begin() as connection:
        return connection.execute(sa.text(statement), known).rowcount

"""Questions of the importer about users and administrators: answered from files or from the running system (row 50)."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Protocol
from uuid import UUID

from sqlmodel import col

from models.access import Account, AccountRole, AccountState, Role, login_key
from models.streets import LinkState, StreetChange, StreetChangeKind, StreetLink
from services.access.street_scope import StreetChanges
from services.engine.work import Work
from services.imports.kinds import Asking
from services.streets.link_rules import Administrator, Span
from services.streets.street_names import Moved, StreetNames, city_places

#: Who links users: the city everywhere, a district bureau in its own district.
ADMINISTRATORS = {Role.CITY_CENTER, Role.DISTRICT_BUREAU}


@dataclass(frozen=True)
class StreetUser:
    """A user as the table names one, with the links the user has already."""

    name: str
    enabled: bool
    spans: Sequence[Span] = ()


class Registry(Protocol):
    """Questions of the importer."""

    names: StreetNames

    def user(self, number: str) -> StreetUser | None:
        """Return a user by the number or login; None for an unknown one."""
        ...

    def administrator(self, number: str) -> Administrator | None:
        """Return who links in a row; None for an unknown one."""
        ...

    def importer(self) -> Administrator | None:
        """Return who brings the table, whose reach limits every row; None for the command line."""
        ...


class FromFiles:
    """Answers from lists of users, administrators, changes and special areas as CSV bytes."""

    def __init__(self, users: bytes, admins: bytes, changes: bytes, areas: bytes) -> None:
        self._users = {
            line["user_id"]: StreetUser(line["name"], line["state"] == "ENABLED") for line in _rows_in(users)
        }
        self._admins = {
            line["admin_id"]: Administrator("" if line["level"] == "CITY" else line["district_code"])
            for line in _rows_in(admins)
        }
        moved = [
            Moved(
                line["old_code9"],
                line["old_name"],
                line["district_code"],
                StreetChangeKind.of(line["change"]),
                line["new_code9"],
                line["new_name"],
                date.fromisoformat(line["effective"]),
            )
            for line in _rows_in(changes)
        ]
        served = {line["code9"]: line["served_by_code9"] for line in _rows_in(areas)}
        self.names = StreetNames(moved, city_places(served))

    def user(self, number: str) -> StreetUser | None:
        return self._users.get(number)

    def administrator(self, number: str) -> Administrator | None:
        return self._admins.get(number)

    def importer(self) -> Administrator | None:
        return None


def _rows_in(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


class FromHouse:
    """Answers of the running system: users are its accounts, administrators hold a role that links."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._users: dict[str, StreetUser | None] = {}
        self.names: StreetNames = asking.look(street_names)
        self._importer: Administrator | None = asking.look(lambda work: administrator_of(work, asking.account_id))

    def user(self, number: str) -> StreetUser | None:
        """Return the account of a login."""
        if number not in self._users:
            self._users[number] = self._asking.look(lambda work: _user(work, number))
        return self._users[number]

    def administrator(self, number: str) -> Administrator | None:
        """Return the administrator of a login."""
        found: Administrator | None = self._asking.look(lambda work: _administrator(work, number))
        return found

    def importer(self) -> Administrator | None:
        return self._importer


def street_names(work: Work) -> StreetNames:
    """Return the streets with the changes the system knows."""
    rows = work.rows(StreetChange, by=col(StreetChange.effective))
    return StreetNames(
        [
            Moved(row.old_code, row.old_name, row.district_code, row.change, row.new_code, row.new_name, row.effective)
            for row in rows
        ]
    )


def account_of(work: Work, login: str) -> Account | None:
    """Return the account of a login."""
    return work.first(Account, Account.login_key == login_key(login)[:64])


def spans_of(work: Work, account_id: UUID, *, but: UUID | None = None) -> list[Span]:
    """Return the links of an account that were not ended, led on to the streets of today."""
    changes = StreetChanges.on(work.session, work.today)
    rows = work.rows(StreetLink, StreetLink.account_id == account_id, StreetLink.state != LinkState.ENDED)
    return [Span(changes.now(row.street_code), row.main, row.valid_from, row.valid_to) for row in rows if row.id != but]


def _user(work: Work, login: str) -> StreetUser | None:
    account = account_of(work, login)
    if account is None:
        return None
    return StreetUser(account.name.plain, account.state is AccountState.ACTIVE, spans_of(work, account.id))


def _administrator(work: Work, login: str) -> Administrator | None:
    account = account_of(work, login)
    return None if account is None else administrator_of(work, account.id)


def administrator_of(work: Work, account_id: UUID | None) -> Administrator | None:
    """Return where an account may link users; None where it may not."""
    held = work.rows(
        AccountRole,
        AccountRole.account_id == account_id,
        col(AccountRole.role).in_(ADMINISTRATORS),
        col(AccountRole.ended_at).is_(None),
    )
    reach = [
        row.scope_code
        for row in held
        if row.valid_from <= work.today and (row.valid_to is None or row.valid_to >= work.today)
    ]
    return Administrator(min(reach)) if reach else None

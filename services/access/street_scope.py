"""Scopes of street users on a day: their links, followed through the dated changes of streets (row 50)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, or_, select

from models.access import AccountRole, OrgUnit, Role, ScopeKind, UnitKind
from models.streets import LinkDuty, LinkState, StreetChange, StreetChoice, StreetLink
from services.engine.callers import Caller, Scope


@dataclass(frozen=True)
class StreetChanges:
    """The changes of streets that are in force on a day."""

    into: Mapping[str, str]

    @classmethod
    def on(cls, session: Session, today: date) -> "StreetChanges":
        """Read the changes in force on a day, of two of one street the later."""
        rows = session.exec(
            select(StreetChange).where(col(StreetChange.effective) <= today).order_by(col(StreetChange.effective))
        ).all()
        return cls({row.old_code: row.new_code for row in rows})

    def now(self, code: str) -> str:
        """Return the code of the street that a street has become."""
        seen = {code}
        while (following := self.into.get(code)) is not None and following not in seen:
            code = following
            seen.add(code)
        return code

    def codes(self, code: str) -> tuple[str, ...]:
        """Return the codes under which the records of today's street stand: its own first, then those it took over."""
        return (code, *sorted(old for old in self.into if old != code and self.now(old) == code))


@dataclass(frozen=True)
class StreetRight:
    """A street in which a user works today."""

    street: str
    codes: tuple[str, ...]
    duty: LinkDuty
    main: bool


def in_force(today: date) -> list[object]:
    """Return the clauses of links that count on a day."""
    return [
        StreetLink.state != LinkState.ENDED,
        col(StreetLink.valid_from) <= today,
        or_(col(StreetLink.valid_to).is_(None), col(StreetLink.valid_to) >= today),
    ]


def rights_of(session: Session, accounts: Collection[UUID], today: date) -> dict[UUID, list[StreetRight]]:
    """Return the streets of accounts on a day, the main one first, then by code."""
    rows = session.exec(
        select(StreetLink).where(col(StreetLink.account_id).in_(accounts), *in_force(today))  # type: ignore[arg-type]
    ).all()
    if not rows:
        return {}
    changes = StreetChanges.on(session, today)
    found: dict[UUID, dict[str, StreetRight]] = {}
    for row in sorted(rows, key=lambda row: (not row.main, row.street_code)):
        street = changes.now(row.street_code)
        # Two streets that became one are one; the first of the links says what the user does there.
        right = StreetRight(street, changes.codes(street), row.duty, row.main)
        found.setdefault(row.account_id, {}).setdefault(street, right)
    return {account: list(rights.values()) for account, rights in found.items()}


def is_street_user(grants: Iterable[AccountRole]) -> bool:
    return any(grant.role is Role.STREET_CLERK for grant in grants)


def placed(session: Session, caller: Caller, rights: Sequence[StreetRight], unit: OrgUnit) -> Caller:
    """Return a street user in the chosen street, else in the main one; without a link the role counts for nothing.

    In a street other than that of the own office the user works for the office there.
    """
    others = tuple(scope for scope in caller.scopes if scope.role is not Role.STREET_CLERK)
    if not rights:
        return replace(caller, scopes=others, street_code="", streets=())
    chosen = _chosen(session, caller)
    right = next((one for one in rights if one.street == chosen), rights[0])
    scopes = tuple(Scope(Role.STREET_CLERK, ScopeKind.STREET, code) for code in right.codes)
    caller = replace(
        caller,
        scopes=scopes + others,
        street_code=right.street,
        duty=right.duty,
        streets=tuple(one.street for one in rights),
    )
    return caller if unit.street_code in right.codes else _in_office(session, caller, right)


def _chosen(session: Session, caller: Caller) -> str:
    row = session.exec(select(StreetChoice).where(StreetChoice.account_id == caller.account_id)).first()
    return row.street_code if row is not None and row.session_digest == caller.session else ""


def _in_office(session: Session, caller: Caller, right: StreetRight) -> Caller:
    """Put the user into the office of the street; a street without one leaves the user without an office."""
    offices = session.exec(
        select(OrgUnit)
        .where(OrgUnit.kind == UnitKind.STREET_CENTER, col(OrgUnit.street_code).in_(right.codes))
        .order_by(col(OrgUnit.unit_code))
    ).all()
    office = next((one for code in right.codes for one in offices if one.street_code == code), None)
    return replace(
        caller,
        unit_id=office.id if office else None,
        unit_name=office.name if office else "",
        unit_kind=office.kind if office else None,
        district_code=right.street[:6],
        window="",
    )

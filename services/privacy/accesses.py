"""Keeping who looked at whom: one row a person and look, written in the transaction that shows (D23)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.access import Role
from models.columns import new_id
from models.dialect import bulk_insert
from models.privacy import PersonAccess, Shown
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.tenancy import ContractParty
from services.engine.callers import Caller
from services.engine.work import Work

_TABLE: sa.Table = PersonAccess.__table__  # type: ignore[attr-defined]
#: More looks than these are written past the session, which would take several times as long.
_AS_OBJECTS = 200
#: A page that is drawn again within this time is the same look.
SAME_LOOK = timedelta(minutes=10)


def note_access(
    work: Work,
    indexes: Iterable[str | None],
    act: str,
    what: Shown,
    *,
    purpose: str = "",
    about: Any = None,
    by: Caller | None = None,
) -> None:
    """Remember that the caller (or `by`, for whom the system acts) was shown these persons' data.

    `indexes` are keyed hashes of numbers; a person without a number cannot be found again and is left out.
    """
    who = by or work.caller
    persons = {index for index in indexes if index}
    if not persons or who.has(Role.SYSTEM):
        return
    persons -= _known(work, who, persons, act, what, None if about is None else about.id)
    looks = [look_of(work, who, index, act, what, purpose, about) for index in sorted(persons)]
    if len(looks) > _AS_OBJECTS:
        bulk_insert(work.session, _TABLE, seal_rows(work.sealer, _TABLE, [{"id": new_id(), **look} for look in looks]))
    else:
        for look in looks:
            work.add(PersonAccess(**look))


def look_of(
    work: Work, who: Caller, index: str, act: str, what: Shown, purpose: str, about: Any = None
) -> dict[str, Any]:
    """Return the values of a look that is not stored yet."""
    return {
        "id_no_index": index,
        "account_id": who.account_id,
        "unit_id": who.unit_id,
        "role": min((str(role.value) for role in who.roles), default="")[:32],
        "partner": "" if who.account_id else who.name[:64],
        "act": act[:60],
        "what": what,
        "purpose": Sealed.of_json(purpose.strip()[:200]) if purpose.strip() else None,
        "object_kind": "" if about is None else str(about.__tablename__)[:40],
        "object_id": None if about is None else about.id,
        "at": work.at,
    }


def note_parties(
    work: Work,
    parties: Iterable[ContractParty],
    seen: frozenset[str],
    act: str,
    *,
    purpose: str = "",
    about: Any = None,
) -> None:
    """The parties of a lease as a page shows them: in clear whose number was read here today, masked the rest."""
    numbers = {index for party in parties for index in (party.id_no_index, party.agent_id_no_index) if index}
    note_access(work, numbers & seen, act, Shown.FULL, purpose=purpose, about=about)
    note_access(work, numbers - seen, act, Shown.MASKED, purpose=purpose, about=about)


def numbers_of_contracts(work: Work, contract_ids: Iterable[UUID]) -> frozenset[str]:
    """Return the keyed hashes of the persons named in these leases."""
    found: set[str] = set()
    ids = list(contract_ids)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        rows = work.rows(ContractParty.id_no_index, col(ContractParty.contract_id).in_(part))
        found.update(index for index in rows if index)
    return frozenset(found)


def _known(work: Work, who: Caller, persons: set[str], act: str, what: Shown, object_id: UUID | None) -> set[str]:
    if len(persons) > _AS_OBJECTS:
        return set()
    return set(
        work.rows(
            PersonAccess.id_no_index,
            col(PersonAccess.id_no_index).in_(persons),
            PersonAccess.account_id == who.account_id,
            PersonAccess.act == act,
            PersonAccess.what == what,
            col(PersonAccess.object_id).is_(None) if object_id is None else PersonAccess.object_id == object_id,
            PersonAccess.at > work.at - SAME_LOOK,
        )
    )

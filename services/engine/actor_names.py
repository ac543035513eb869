"""Names of actors as a caller may see them: colleagues by name, others masked, officials by office (decision 60)."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select

from models.access import Account, OrgUnit, UnitKind
from services.engine.kept_visibility import told_who_reviews
from services.engine.work import Work


def people_shown(work: Work, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the visible name of each account beside its office; empty where the caller sees the office alone."""
    return {key: name for key, (name, _) in _people(work, account_ids).items()}


def person(work: Work, account_id: UUID | None) -> str:
    """Return the visible name of an account, or its office where the name is hidden."""
    if account_id is None:
        return "系统"
    found = work.once(("person", account_id), lambda: _people(work, [account_id]))
    name, unit = found.get(account_id, ("系统", ""))
    return name or unit


def _people(work: Work, account_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and office of each."""
    rows = work.session.exec(
        select(Account, OrgUnit.kind, OrgUnit.name)
        .join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id))
        .where(col(Account.id).in_(account_ids))
    ).all()
    named = told_who_reviews(work)
    found = {}
    for row, kind, unit in rows:
        if row.unit_id == work.caller.unit_id:
            name = row.name.plain
        else:
            name = row.name.masked() if named or kind is UnitKind.ENTERPRISE else ""
        found[row.id] = (name, unit)
    return found

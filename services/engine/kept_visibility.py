"""Visibility of kept records and versions: by scope keys, drafts for the office that writes (market 3.1, 3.7)."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import (
    AUTHORITY,
    CITY_AUTHORITY,
    DISTRICT_AUTHORITY,
    HEAD_OFFICE,
    LEASING_AUTHORITY,
    PROJECT_OFFICE,
    Role,
    ScopeKind,
)
from models.records import INTERNAL_STEPS, InForceState, RecordCopy, Revision, RevisionState, RevisionStep
from services.engine.kinds import KINDS, LEASING_OFFICES, MARKET_OFFICES, Child, Kind, Offices
from services.engine.work import Work, declared_visibility, shown_with, visible_rows

#: Versions that are or were in force: callers who see a record beyond its scope keys see these.
_HISTORY = (RevisionState.EFFECTIVE, RevisionState.SUPERSEDED, RevisionState.VOIDED)

#: Where a session keeps whether its caller has received copies.
_COPIES = "told_copies"
#: Made once: every page of versions asks for it.
_COPIES_OF: Any = sa.select(col(RecordCopy.id)).where(col(RecordCopy.to_account) == sa.bindparam("account")).limit(1)


def by_scope(work: Work, table: Any, offices: Offices = MARKET_OFFICES) -> Any:
    """The where clause over the four scope keys: the city, a district, a head company, a project company, a project."""
    caller = work.caller
    city = [scope for scope in caller.scope_of(*offices.city) if scope.kind is ScopeKind.CITY]
    if city or caller.has(Role.SYSTEM):
        return sa.true()
    allowed: list[Any] = []
    if districts := sorted(districts_of(work, offices.district)):
        allowed.append(col(table.district_code).in_(districts))
    if caller.has(*(HEAD_OFFICE & offices.companies)) and caller.enterprise_id is not None:
        allowed.append(table.head_company_id == caller.enterprise_id)
    if offices.companies:
        allowed.extend(_of_project_office(work, table))
    return sa.or_(*allowed) if allowed else sa.false()


def of_sides(work: Work, table: Any, *, heads: tuple[str, ...] = (), companies: tuple[str, ...] = ()) -> Any:
    """The where clause over rows between companies: the city, their district, and the people of the head and project companies
    whose ids these columns hold.
    """
    caller = work.caller
    if caller.has(*CITY_AUTHORITY, Role.SYSTEM):
        return sa.true()
    seen: list[Any] = []
    if districts := sorted(districts_of(work, DISTRICT_AUTHORITY)):
        seen.append(col(table.district_code).in_(districts))
    for roles, names in ((HEAD_OFFICE, heads), (PROJECT_OFFICE, companies)):
        if caller.has(*roles) and caller.enterprise_id is not None:
            seen += [getattr(table, name) == caller.enterprise_id for name in names]
    return sa.or_(*seen) if seen else sa.false()


def districts_of(work: Work, roles: frozenset[Role]) -> set[str]:
    """The districts over which the caller has any of these roles."""
    return {scope.code for scope in work.caller.scope_of(*roles) if scope.kind is ScopeKind.DISTRICT and scope.code}


def _of_project_office(work: Work, table: Any) -> Iterator[Any]:
    """A project company's people see all it has, or the projects their roles are over."""
    caller = work.caller
    scopes = caller.scope_of(*PROJECT_OFFICE)
    if not scopes or caller.enterprise_id is None:
        return
    own = table.project_company_id == caller.enterprise_id
    if any(scope.kind is not ScopeKind.PROJECT for scope in scopes):
        yield own
    else:
        yield sa.and_(own, col(table.project_id).in_([one for scope in scopes for one in _project_of(scope.code)]))


def _project_of(code: str) -> list[UUID]:
    try:
        return [UUID(code)]
    except ValueError:
        return []


def in_force_rows(kind: Kind, work: Work, table: Any) -> Any:
    """By the scope keys, by what the kind adds, and for statistics what is in force."""
    seen = by_scope(work, table, kind.makers.offices)
    caller = work.caller
    if kind.makers.also_seen is not None:
        seen = sa.or_(seen, kind.makers.also_seen(work, table))
    if caller.has(Role.ANALYST) and Role.ANALYST in kind.makers.offices.others:
        in_force = table.in_force == InForceState.EFFECTIVE
        scopes = caller.scope_of(Role.ANALYST)
        if not any(scope.kind is ScopeKind.CITY for scope in scopes):
            in_force = sa.and_(
                in_force, col(table.district_code).in_(sorted(districts_of(work, frozenset(caller.roles))))
            )
        seen = sa.or_(seen, in_force)
    return seen


@visible_rows(Revision)
def versions(work: Work, table: Any) -> Any:
    """Return the versions in the caller's scope, and those of which the caller received a copy."""
    return _versions(work, table)


def _versions(work: Work, table: Any, kind: Kind | None = None) -> Any:
    seen = versions_in_scope(work, table, kind)
    # The city sees every version but drafts, and a copy is of a version that was submitted.
    city = kind is not None and isinstance(by_scope(work, table, kind.makers.offices), sa.True_)
    if city or isinstance(seen, sa.True_) or not _is_told_copies(work):
        return seen
    told = select(RecordCopy.revision_id).where(RecordCopy.to_account == work.caller.account_id)
    return sa.or_(seen, col(table.id).in_(told))


def versions_of(work: Work, kind: Kind) -> Any:
    """A select of the versions of one kind that the caller may see: nothing is asked of the other kinds."""
    return work.once(
        ("versions", kind.name),
        lambda: work.visible(Revision, partial(_versions, kind=kind)).where(Revision.kind == kind.name),
    )


def _is_told_copies(work: Work) -> bool:
    """Return whether the caller received any copy; asked once, for most receive none."""
    if work.caller.account_id is None or not work.caller.has(*AUTHORITY, *LEASING_AUTHORITY):
        return False
    known = work.session.info.setdefault(_COPIES, {})
    if work.caller.account_id not in known:
        found = work.session.connection().execute(_COPIES_OF, {"account": work.caller.account_id})
        known[work.caller.account_id] = found.first() is not None
    return bool(known[work.caller.account_id])


def versions_in_scope(work: Work, table: Any, kind: Kind | None = None) -> Any:
    """Return what was submitted by the scope keys, of all kinds or of one; a draft by the office that writes it."""
    caller = work.caller
    if caller.has(Role.SYSTEM):
        return sa.true()
    own = table.author_unit == caller.unit_id if caller.unit_id is not None else sa.false()
    scope = _by_scope_of_kinds(work, table) if kind is None else by_scope(work, table, kind.makers.offices)
    seen = sa.and_(scope, sa.or_(table.state != RevisionState.DRAFT, own))
    kinds = KINDS.values() if kind is None else (kind,)
    return sa.or_(seen, *(clause for one in kinds for clause in _history_of(one, work, table)))


def _by_scope_of_kinds(work: Work, table: Any) -> Any:
    """By the scope keys, as the offices of each version's kind see them."""
    leasing = [kind.name for kind in KINDS.values() if kind.makers.offices is LEASING_OFFICES]
    theirs = by_scope(work, table, LEASING_OFFICES)
    market = sa.and_(by_scope(work, table), col(table.kind).not_in(leasing)) if leasing else by_scope(work, table)
    # Most callers belong to one of the two markets: then nothing of the other needs to be asked.
    return market if isinstance(theirs, sa.False_) else sa.or_(market, sa.and_(theirs, col(table.kind).in_(leasing)))


def _history_of(kind: Kind, work: Work, table: Any) -> Iterator[Any]:
    beside = kind.makers.also_seen(work, kind.table) if kind.makers.also_seen is not None else sa.false()
    # Most callers see nothing beside their scope: then nothing needs to be asked.
    if not isinstance(beside, sa.False_):
        seen = select(kind.table.id).where(beside)
        yield sa.and_(table.kind == kind.name, col(table.state).in_(_HISTORY), col(table.record_id).in_(seen))


@visible_rows(RevisionStep)
def steps(work: Work, table: Any) -> Any:
    """Steps go with their version."""
    theirs = col(table.revision_id).in_(select(Revision.id).where(versions(work, Revision)))
    return sa.and_(theirs, told_steps(work, table))


def told_steps(work: Work, table: Any) -> Any:
    """Build a clause that hides internal steps from callers who may not see reviewers, or only received a copy."""
    internal = col(table.verdict).in_(INTERNAL_STEPS)
    if not told_who_reviews(work):
        return sa.not_(internal)
    if not _is_told_copies(work):
        return sa.true()
    theirs = select(Revision.id).where(versions_in_scope(work, Revision))
    return sa.or_(sa.not_(internal), col(table.revision_id).in_(theirs))


def told_who_reviews(work: Work) -> bool:
    """Return whether the caller may see who reviews a version: only the authority (decision 46)."""
    return work.caller.has(Role.SYSTEM, *AUTHORITY, *LEASING_AUTHORITY)


def declare_visibility(kind: Kind) -> None:
    """Declare the visibility of a kind's table and lists unless its area has done so."""
    known = declared_visibility()
    if kind.table not in known:
        visible_rows(kind.table)(lambda work, table: in_force_rows(kind, work, table))
    for child in kind.children:
        if child.table not in known:
            if child.readers is None:
                shown_with(child.table, "record_id", kind.table)
            else:
                visible_rows(child.table)(partial(_closed_lines, kind, child))


def _closed_lines(kind: Kind, child: Child, work: Work, table: Any) -> Any:
    """Lines that some roles alone read go with their record, for those."""
    if not child.read_by(work.caller):
        return sa.false()
    seen = declared_visibility()[kind.table](work, kind.table)
    return col(table.record_id).in_(select(kind.table.id).where(seen))

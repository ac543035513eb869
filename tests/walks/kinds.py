"""The walk's part for kept records: every table, action and query of every kind, by itself (market 3.7).

Two head companies with a project company each stand against each other, one in 浦东, one in 徐汇. `mine.<role>` in the city's
callers belongs to the first, `rival.<role>` to the second.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import SQLModel, select

import services.everything  # noqa: F401
from models.access import (
    CITY_AUTHORITY,
    DISTRICT_AUTHORITY,
    HEAD_OFFICE,
    LEASING_AUTHORITY,
    MARKET,
    PROJECT_OFFICE,
    Role,
    ScopeKind,
)
from models.columns import CodeType, ScaledNumber, UtcMoment, new_id
from models.companies import HeadCompany
from models.documents import Attachment
from models.geometry import GeometryType
from models.land_codes import LinkSide
from models.parcels import ParcelHeadLink, ParcelProjectLink
from models.records import (
    HEADER,
    INTERNAL_STEPS,
    InForceState,
    PactState,
    RecordCopy,
    Revision,
    RevisionFile,
    RevisionState,
    RevisionStep,
    StepVerdict,
)
from models.sealed import Sealed, SealedType
from services.documents.attachments import RECORD_READERS
from services.engine.callers import Caller, Scope
from services.engine.cycle_orders import (
    Begin,
    Compare,
    Decide,
    FillIn,
    OneRevision,
    Save,
    StartUpdate,
    Submit,
    Void,
)
from services.engine.kinds import KINDS, MARKET_OFFICES, Kind
from services.engine.record_files import OF_RECORDS
from services.engine.registry import ACTIONS, QUERIES
from services.engine.work import Work
from tests.red_lines import square

_AT = datetime(2027, 2, 1, tzinfo=UTC)
_REASON = "核查情况已经清楚"
DISTRICTS = ("310115", "310104")
HEADS, PROJECTS, UNITS = (uuid4(), uuid4()), (uuid4(), uuid4()), (uuid4(), uuid4())
_SPATIAL = {Role.SPATIAL_OPERATOR, Role.SPATIAL_REVIEWER}
#: Of these one is not shown the other side's records, the first that an action names is tried as the rival.
RIVALS = (
    Role.HEAD_USER,
    Role.HEAD_ADMIN,
    Role.PROJ_USER,
    Role.PROJ_ADMIN,
    Role.DIST_HANDLER,
    Role.DIST_REVIEWER,
    Role.DISTRICT_BUREAU,
)
#: Kinds of the rental market, and the lists of them that a district alone reads.
_LEASING = {"unmanaged_report"}
_OFDISTRICTS = {"unmanaged_tenant"}


def rival_of(roles: frozenset[Role]) -> Role | None:
    """The role in which the other side tries an action or query; None where only who sees all may."""
    return next((role for role in RIVALS if role in roles), None)


# ------------------------------------------------------------------ who sees what


def by_keys(caller: Any, row: Any) -> bool:
    """The city, the district, the head company, the project company."""
    city = {scope.role for scope in caller.scopes if scope.kind is ScopeKind.CITY}
    if caller.has(Role.SYSTEM) or city & (CITY_AUTHORITY | _SPATIAL):
        return True
    if row.district_code in _districts(caller, *DISTRICT_AUTHORITY, *_SPATIAL):
        return True
    firm = caller.enterprise_id
    if firm is None:
        return False
    if caller.has(*HEAD_OFFICE) and row.head_company_id == firm:
        return True
    return bool(caller.has(*PROJECT_OFFICE)) and row.project_company_id == firm


def _by_leasing_keys(caller: Any, row: Any) -> bool:
    """The city, and the bureau of the district."""
    city = {scope.role for scope in caller.scopes if scope.kind is ScopeKind.CITY}
    if caller.has(Role.SYSTEM) or city & {Role.CITY_CENTER, Role.CITY_BUREAU}:
        return True
    return row.district_code in _districts(caller, Role.DISTRICT_BUREAU)


def _by_keys_of(name: str, caller: Any, row: Any) -> bool:
    return _by_leasing_keys(caller, row) if name in _LEASING else by_keys(caller, row)


def _districts(caller: Any, *roles: Role) -> set[str]:
    return {scope.code for scope in caller.scope_of(*roles) if scope.kind is ScopeKind.DISTRICT and scope.code}


def _group_of_head(city: Any, caller: Any, row: Any) -> bool:
    if caller.has(*DISTRICT_AUTHORITY):
        return True
    own = {head.group_company_id for head in city.where(HeadCompany, "id", caller.enterprise_id)}
    return bool(caller.has(*HEAD_OFFICE)) and row.id in own


def _parcel_of_links(city: Any, caller: Any, row: Any) -> bool:
    firm = caller.enterprise_id
    heads = [link for link in city.where(ParcelHeadLink, "parcel_id", row.id) if link.head_company_id == firm]
    if caller.has(*HEAD_OFFICE) and any(
        link.state is PactState.CONFIRMED
        or (link.state is PactState.OFFERED and link.offered_side == LinkSide.AUTHORITY)
        for link in heads
    ):
        return True
    assigned = city.where(ParcelProjectLink, "parcel_id", row.id)
    live = (PactState.CONFIRMED, PactState.OFFERED)
    return bool(caller.has(*PROJECT_OFFICE)) and any(
        link.project_company_id == firm and link.state in live for link in assigned
    )


#: What a kind shows beyond its scope keys, said here a second time.
_MORE: dict[str, Callable[[Any, Any, Any], bool]] = {
    "head_company": lambda city, caller, row: bool(caller.has(*DISTRICT_AUTHORITY)),
    "group_company": _group_of_head,
    "parcel": _parcel_of_links,
    "spatial_area": lambda city, caller, row: bool(caller.has(*MARKET_OFFICES.companies, *MARKET_OFFICES.others)),
    "plane_transform": lambda city, caller, row: bool(caller.has(*MARKET_OFFICES.companies, *MARKET_OFFICES.others)),
    "base_map": lambda city, caller, row: bool(caller.has(*MARKET_OFFICES.companies, *MARKET_OFFICES.others)),
}


#: Kinds that every office and company reads, and `_MORE` says so.
_OF_THE_CITY = {"spatial_area", "plane_transform", "base_map"}


def _more(kind: Kind, city: Any, caller: Any, row: Any) -> bool:
    return kind.name in _MORE and _MORE[kind.name](city, caller, row)


def _in_force(kind: Kind) -> Callable[[Any, Any, Any], bool]:
    def sees(city: Any, caller: Any, row: Any) -> bool:
        if _by_keys_of(kind.name, caller, row) or _more(kind, city, caller, row):
            return True
        if kind.name in _LEASING:
            return False
        statistics = caller.scope_of(Role.ANALYST)
        if row.in_force is not InForceState.EFFECTIVE or not statistics:
            return False
        return any(scope.kind is ScopeKind.CITY for scope in statistics) or row.district_code in _districts(
            caller, Role.ANALYST
        )

    return sees


def _line(kind: Kind, table: Any) -> Callable[[Any, Any, Any], bool]:
    def sees(city: Any, caller: Any, row: Any) -> bool:
        if table.__tablename__ in _OFDISTRICTS and not caller.has(Role.DISTRICT_BUREAU, Role.SYSTEM):
            return False
        return any(_in_force(kind)(city, caller, record) for record in city.where(kind.table, "id", row.record_id))

    return sees


_HISTORY = (RevisionState.EFFECTIVE, RevisionState.SUPERSEDED, RevisionState.VOIDED)


def _version(city: Any, caller: Any, row: Any) -> bool:
    """A version in the caller's scope, or one of which the caller received a copy."""
    copies = {one.revision_id for one in city.where(RecordCopy, "to_account", caller.account_id)}
    return version_in_scope(city, caller, row) or row.id in copies


def version_in_scope(city: Any, caller: Any, row: Any) -> bool:
    if caller.has(Role.SYSTEM):
        return True
    own = caller.unit_id is not None and row.author_unit == caller.unit_id
    if _by_keys_of(row.kind, caller, row) and (row.state is not RevisionState.DRAFT or own):
        return True
    kind = KINDS.get(row.kind)
    if kind is None or kind.name not in _MORE or row.state not in _HISTORY:
        return False
    return any(_more(kind, city, caller, record) for record in city.where(kind.table, "id", row.record_id))


def _step(city: Any, caller: Any, row: Any) -> bool:
    # Who of the authority took over is told to the authority alone.
    if row.verdict in INTERNAL_STEPS and not caller.has(
        Role.SYSTEM, *CITY_AUTHORITY, *DISTRICT_AUTHORITY, *LEASING_AUTHORITY
    ):
        return False
    # Who received a copy reads the version, not what reviewers say among themselves.
    sees = version_in_scope if row.verdict in INTERNAL_STEPS else _version
    return any(sees(city, caller, one) for one in city.where(Revision, "id", row.revision_id))


def _file(city: Any, caller: Any, row: Any) -> bool:
    """Whoever took it in, the lease city what is no kept record's, and whoever sees a version that cites it."""
    if caller.has(Role.SYSTEM) or (caller.account_id is not None and row.created_by == caller.account_id):
        return True
    if caller.has(Role.CITY_CENTER, Role.CITY_BUREAU) and row.object_kind != OF_RECORDS:
        return True
    citing = {cite.revision_id for cite in city.where(RevisionFile, "attachment_id", row.id)}
    return bool(caller.has(*RECORD_READERS)) and any(
        _version(city, caller, one) for cited in citing for one in city.where(Revision, "id", cited)
    )


ORACLE: dict[Any, Any] = {
    Attachment: _file,
    Revision: _version,
    RevisionStep: _step,
    **{kind.table: _in_force(kind) for kind in KINDS.values()},
    **{child.table: _line(kind, child.table) for kind in KINDS.values() for child in kind.children},
}

# ------------------------------------------------------------------ ids of others

#: The version of each kind that the first side has submitted.
SUBMITTED: dict[str, UUID] = {}


def _theirs(kind: Kind) -> Callable[[Any, UUID], UUID]:
    """The other side's version of this kind, in place of whatever version of theirs was found; an unknown id stays."""

    def version(city: Any, row_id: UUID) -> UUID:
        return SUBMITTED[kind.name] if city.where(Revision, "id", row_id) else row_id

    return version


def _orders_of(kind: Kind) -> dict[str, tuple[Any, Callable[[Any, UUID], Any]]]:
    its = _theirs(kind)
    versions: dict[str, Callable[[UUID], Any]] = {
        "save": lambda one: Save(one, 1, {}),
        "submit": lambda one: Submit(one, 1),
        "withdraw": OneRevision,
        "drop": OneRevision,
        **({"fill_in": lambda one: FillIn(one, 1, "1")} if kind.facts.prefill is not None else {}),
        "take": OneRevision,
        "release": OneRevision,
        "send_back": lambda one: Decide(one, 1, _REASON),
        "reject": lambda one: Decide(one, 1, _REASON),
        **({"step_back": lambda one: Decide(one, 1, _REASON)} if len(kind.review) > 1 else {}),
        "approve": lambda one: Decide(one, 1, _REASON),
        "revision": lambda one: one,
        "trial": lambda one: one,
    }
    records: dict[str, Callable[[UUID], Any]] = {
        "update": lambda one: StartUpdate(one, _REASON),
        "void": lambda one: Void(one, _REASON),
        "record": lambda one: one,
        "compare": lambda one: Compare(one, 1, 2),
        **({"next_period": lambda one: one} if kind.period is not None else {}),
    }
    orders: dict[str, tuple[Any, Callable[[Any, UUID], Any]]] = {}
    for verb, order in versions.items():
        orders[f"{kind.name}.{verb}"] = (Revision, lambda city, row_id, order=order: order(its(city, row_id)))  # type: ignore[misc]
    for verb, order in records.items():
        orders[f"{kind.name}.{verb}"] = (kind.table, lambda city, row_id, order=order: order(row_id))  # type: ignore[misc]
    if kind.makers.about:
        orders[f"{kind.name}.begin"] = (KINDS[kind.makers.about].table, lambda city, row_id: Begin(row_id))
    return orders


def _why_not(kind: Kind, verb: str, roles: frozenset[Role]) -> str:
    """Why no foreign id is tried, or nothing."""
    if not roles:
        return "nobody's: this kind has no review"
    if verb == "begin" and not kind.makers.about:
        return "begun about nothing, or about what its area tries by itself"
    if rival_of(roles) is None:
        return "the city's, which sees all"
    if kind.name in _MORE and verb in {"record", "update", "compare", "void"} and rival_of(roles) in DISTRICT_AUTHORITY:
        return "read by every district"
    if kind.name in _OF_THE_CITY and verb in {"record", "compare"}:
        return "read by every office and company of the market"
    return ""


ORDERS: dict[str, Any] = {}
UNFOREIGN: dict[str, str] = {}
for _kind in KINDS.values():
    _tried = _orders_of(_kind)
    for _name in (*_tried, f"{_kind.name}.begin"):
        _roles = ACTIONS[_name].roles if _name in ACTIONS else QUERIES[_name].roles
        if _said := _why_not(_kind, _name.partition(".")[2], _roles):
            UNFOREIGN[_name] = _said
        else:
            ORDERS[_name] = _tried[_name]


# ------------------------------------------------------------------ the rows


def furnish(city: Any) -> None:
    """Both sides have two records of every kind in force, with a line in each list, and versions in every state."""
    for side, name in enumerate(("mine", "rival")):
        for role in sorted(MARKET | LEASING_AUTHORITY | _SPATIAL | {Role.ANALYST}):
            city.callers[f"{name}.{role}"] = _caller(role, side)
    city.counter.world.act(_furnish)


def _caller(role: Role, side: int) -> Caller:
    kind, code = ScopeKind.DISTRICT, DISTRICTS[side]
    firm = None
    if role in CITY_AUTHORITY | {Role.CITY_CENTER, Role.CITY_BUREAU}:
        kind, code = ScopeKind.CITY, ""
    elif role in HEAD_OFFICE | PROJECT_OFFICE:
        firm = (HEADS if role in HEAD_OFFICE else PROJECTS)[side]
        kind, code = ScopeKind.ORGANISATION, str(firm)
    # Only the head office's people share the office that drafts.
    unit = UNITS[side] if role in HEAD_OFFICE else uuid4()
    return Caller(f"{role}{side}", (Scope(role, kind, code),), account_id=uuid4(), unit_id=unit, enterprise_id=firm)


def _furnish(work: Work) -> None:
    for kind in _pointed_at_first():
        for number in range(4):
            _record(work, kind, number)
    work.session.flush()


def _pointed_at_first() -> list[Kind]:
    """All kinds, each after those whose records it or its lists refer to."""
    ordered: dict[str, Kind] = {}

    def place(kind: Kind) -> None:
        if kind.name not in ordered:
            tables = [kind.table, *(child.table for child in kind.children)]
            pointed = {key.column.table.name for table in tables for key in sa.inspect(table).local_table.foreign_keys}
            for other in KINDS.values():
                if other is not kind and other.table.__tablename__ in pointed:
                    place(other)
            ordered[kind.name] = kind

    for kind in KINDS.values():
        place(kind)
    return list(ordered.values())


def _record(work: Work, kind: Kind, number: int) -> None:
    side = number % 2
    keys = {
        "district_code": DISTRICTS[side],
        "head_company_id": HEADS[side],
        "project_company_id": PROJECTS[side],
    }
    row_id = HEADS[side] if kind.name == "head_company" and number < 2 else new_id()
    effective = _revision(work, kind, row_id, RevisionState.EFFECTIVE, keys, side)
    header: dict[str, Any] = {
        "id": row_id,
        "record_no": f"~W{number}{row_id.hex[-20:]}",
        "revision_id": effective.id,
        "effective_from": _AT,
        "in_force": InForceState.VOIDED if number == 3 else InForceState.EFFECTIVE,
        **keys,
    }
    work.add(kind.table(**header, **_filled(work, kind.table, number)))
    for child in kind.children:
        work.add(child.table(id=new_id(), record_id=row_id, place=1, **_filled(work, child.table, number)))
    draft = _revision(work, kind, new_id(), RevisionState.DRAFT, keys, side)
    submitted = _revision(work, kind, new_id(), RevisionState.SUBMITTED, keys, side)
    if number < 2:
        _cite(work, submitted)
    if number == 0:
        SUBMITTED[kind.name] = submitted.id
    for one in (effective, draft, submitted):
        work.add(RevisionStep(revision_id=one.id, verdict=StepVerdict.SUBMITTED, at=_AT))
    work.add(RevisionStep(revision_id=submitted.id, verdict=StepVerdict.REASSIGNED, at=_AT))


def _cite(work: Work, row: Revision) -> None:
    file = Attachment(
        category="走查",
        file_name=Sealed.of_json("走查.pdf"),
        media_type="application/pdf",
        size=1,
        digest="00" * 32,
        content=b"",
        object_kind=OF_RECORDS,
        object_id=row.record_id,
        district_code=row.district_code,
    )
    work.add(file)
    work.add(RevisionFile(revision_id=row.id, attachment_id=file.id, slot="scan"))


def _revision(
    work: Work, kind: Kind, record_id: UUID, state: RevisionState, keys: dict[str, Any], side: int
) -> Revision:
    row = Revision(
        kind=kind.name,
        record_id=record_id,
        state=state,
        open_key=None if state is RevisionState.EFFECTIVE else str(record_id),
        title=Sealed.of_json("走查"),
        payload=Sealed.of_json({"values": {}, "children": {}, "files": {}}),
        author_unit=UNITS[side],
        **keys,
    )
    return work.add(row)


def _filled(work: Work, table: type[SQLModel], number: int) -> dict[str, Any]:
    """A value for every column that asks for one; keys of their own are left out."""
    filled = {}
    for column in sa.inspect(table).columns:
        if column.name in HEADER or not table.model_fields[column.name].is_required():
            continue
        filled[column.name] = _value(work, column, number)
    return filled


def _value(work: Work, column: Any, number: int) -> Any:
    kind = column.type
    if isinstance(kind, CodeType):
        return next(iter(kind.codes))
    if isinstance(kind, ScaledNumber):
        return Decimal(1)
    if isinstance(kind, SealedType):
        return Sealed.of("走查")
    if isinstance(kind, UtcMoment):
        return _AT
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Date):
        return date(2027, 2, 1)
    if isinstance(kind, sa.Uuid):
        return _pointed(work, column)
    if isinstance(kind, sa.Integer):
        return number
    if isinstance(kind, GeometryType):
        return square(number)
    return f"W{number}{uuid4().hex}"[: getattr(kind, "length", None) or 40]


def _pointed(work: Work, column: Any) -> UUID:
    for key in column.foreign_keys:
        pointed = next(kind.table for kind in KINDS.values() if kind.table.__tablename__ == key.column.table.name)
        work.session.flush()
        found: UUID = work.session.exec(select(pointed.id)).first() or uuid4()
        return found
    return uuid4()

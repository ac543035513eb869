"""The listing of a kind at the end of a day, from the versions that were in force then (issue 21).

A record that has not changed since is found by its row in force, with every filter and index of the list; one that has
is found by the version it had, which is opened and asked by the same filters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import KEEPERS, SPATIAL_OFFICE, Role
from models.codes import Toned
from models.records import InForceState, Revision, RevisionState
from services.engine.field_types.filters import Test
from services.engine.field_types.texts import as_kept
from services.engine.kept_visibility import versions_of
from services.engine.kind_cells import shown_cells
from services.engine.kinds import Kind
from services.engine.list_pages import narrowed
from services.engine.listings import LISTINGS, Fetched, Filters, Listing
from services.engine.look_ups import rows_by
from services.engine.new_records import NEW, REFUSED, SeenDraft, fits_draft, seen_drafts
from services.engine.paging import DEEPEST, Paging
from services.engine.refusals import NotAllowed, Rejected
from services.engine.search_terms import day_is_over
from services.engine.shapes import by_name
from services.engine.work import Work

#: So many versions are opened to ask them by what they contain.
_OPENED = 2_000
_COUNTED = 1_000
_SORTS = ("effective_from", "record_no")
#: Columns that a version has itself, by which it is found unopened.
_OF_VERSIONS = frozenset({"record_no", "district_code", "head_company_id", "project_company_id", "project_id"})
_LATER = {RevisionState.SUPERSEDED: Toned("之后有变更"), RevisionState.VOIDED: Toned("之后已作废", "bad")}

Tests = Callable[[Filters], list[Test]]


def on_day(kind: Kind, tests: Tests, day: date) -> Listing:
    """The listing of a kind as of the end of a day."""
    listing, over = LISTINGS[f"records.{kind.name}"], day_is_over(day)
    return replace(
        listing,
        fetch=partial(_found, kind, tests, over),
        look_up=partial(_cells, kind, over),
        in_file=partial(_file_cells, kind, over),
        persons=None,
        along=None,
        longest=DEEPEST,
        bulk=(),
        on_day=None,
        empty=f"当日没有符合条件的{kind.label}",
    )


def _found(kind: Kind, tests: Tests, over: datetime, work: Work, filters: Filters, paging: Paging) -> Fetched:
    """A page of the versions in force at a moment: rows not changed since and versions replaced since, merged."""
    if not work.caller.has(*KEEPERS, *SPATIAL_OFFICE, Role.SYSTEM):
        raise NotAllowed("您的岗位只查询现行内容，不能查看某日内容")
    offset, size = paging.bounds()
    state = filters.get("in_force", "")
    if state in (NEW, REFUSED) or filters.get("open_state", ""):
        raise Rejected("某日内容只有当日生效或已作废的记录，请清空“在途”和其他状态")
    sort = paging.sort or "-effective_from"
    name, backwards = sort.removeprefix("-"), sort.startswith("-")
    if name not in _SORTS:
        raise Rejected("某日内容只能按业务编号或生效时间排序")
    asked = tests(filters)
    _are_kept(kind, asked)
    end = offset + size
    enough = min(max(_COUNTED, end + 1), DEEPEST)
    narrowing = {key: text for key, text in filters.items() if key not in ("in_force", "open_state")}
    still = _unchanged(kind, work, narrowing, over, voided=state == InForceState.VOIDED.value)
    found = _first(kind, work, still, name, backwards, enough + 1)
    if state != InForceState.VOIDED.value:
        found += _changed(kind, work, as_kept(filters.get("text", "")), asked, over, name, backwards, enough + 1)
    found.sort(key=itemgetter(2), reverse=backwards)
    total = min(len(found), enough)
    return Fetched(total, _opened(kind, work, found[offset:end]), more=len(found) > enough or total >= DEEPEST)


_Place = tuple[UUID, UUID, Any]


def _unchanged(kind: Kind, work: Work, filters: Filters, over: datetime, *, voided: bool) -> Any:
    """The select of the rows in force that were so at the moment; of the voided ones, those voided before it."""
    table = kind.table
    rows = narrowed(work, LISTINGS[f"records.{kind.name}"], filters).where(col(table.effective_from) < over)
    if not voided:
        return rows.where(table.in_force == InForceState.EFFECTIVE)
    ended = select(Revision.id).where(col(Revision.id) == col(table.revision_id), col(Revision.superseded_at) < over)
    return rows.where(table.in_force == InForceState.VOIDED, ended.exists())


def _first(kind: Kind, work: Work, rows: Any, name: str, backwards: bool, most: int) -> list[_Place]:
    """Record, version and sort value of the first rows of a select over a kind's table."""
    table = kind.table
    by, ids = col(getattr(table, name)), col(table.id)
    wanted = rows.with_only_columns(ids, col(table.revision_id), by, maintain_column_froms=True)
    found = work.session.connection().execute(wanted.order_by(by.desc() if backwards else by, ids).limit(most))
    return [(row[0], row[1], row[2]) for row in found]


def _changed(
    kind: Kind,
    work: Work,
    text: str,
    asked: Sequence[Test],
    over: datetime,
    name: str,
    backwards: bool,
    most: int,
) -> list[_Place]:
    """Record, version and sort value of the versions in force at a moment that were replaced or voided after it."""
    by = getattr(Revision, name)
    of_versions = [test for test in asked if test.field.name in (*_OF_VERSIONS, "effective_from")]
    own = [test for test in asked if test not in of_versions]
    rows: Any = versions_of(work, kind).where(
        col(Revision.effective_from) < over,
        col(Revision.superseded_at) >= over,
        col(Revision.state).in_((RevisionState.SUPERSEDED, RevisionState.VOIDED)),
        *(test.clause(getattr(Revision, test.field.name)) for test in of_versions),
    )
    rows = rows.with_only_columns(col(Revision.record_id), col(Revision.id), by)
    opens = bool(own or text)
    ordered = rows.order_by(sa.desc(by) if backwards else by, col(Revision.id))
    found = work.session.connection().execute(ordered.limit(_OPENED + 1 if opens else most)).all()
    if opens and len(found) > _OPENED:
        raise Rejected(f"该日之后变更的{kind.label}超过{_OPENED:,}条，请只按区、公司、项目、编号或生效时间查询")
    places = [(row[0], row[1], row[2]) for row in found]
    if not opens:
        return places
    seen = {draft.id: draft for draft in seen_drafts(work, [place[1] for place in places])}
    return [place for place in places if place[1] in seen and fits_draft(text.lower(), own, seen[place[1]])]


def _are_kept(kind: Kind, asked: Sequence[Test]) -> None:
    """Refuse to narrow by what the product computes: versions keep what was filled in, not what followed from it."""
    kept = {field.name for field in kind.fields} | _OF_VERSIONS | {"effective_from"}
    for test in asked:
        if test.field.name not in kept:
            field = by_name(kind.table).get(test.field.name)
            label = field.label if field is not None else test.field.name
            raise Rejected(f"“{label}”不随版本保存，某日内容不能按它查询")


def _opened(kind: Kind, work: Work, places: Sequence[_Place]) -> list[Any]:
    """The versions of a page in their order; of a record brought in without a version, the row in force."""
    seen: dict[UUID, Any] = {draft.id: draft for draft in seen_drafts(work, [place[1] for place in places])}
    bare = rows_by(work, kind.table, (place[0] for place in places if place[1] not in seen))
    found = [seen.get(place[1]) or bare.get(place[0]) for place in places]
    return [row for row in found if row is not None]


def _cells(kind: Kind, over: datetime, work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """The cells of a page: what the versions say, with the names that other records had then."""
    cells = shown_cells(kind, work, rows, before=over)
    return {
        **cells,
        "id": _record_id,
        "title": lambda row: row.title if isinstance(row, SeenDraft) else cells[kind.look.title](row) or "",
        "in_force": lambda row: _state(row, over),
        "state": lambda row: _state(row, over),
        "badge": lambda row: _badge(row, over),
        "way": lambda row: (row.id, row.version_no, row.state) if isinstance(row, SeenDraft) else None,
    }


def _file_cells(
    kind: Kind, over: datetime, work: Work, rows: Sequence[Any], full: bool
) -> Mapping[str, Callable[[Any], Any]]:
    return {
        **shown_cells(kind, work, rows, full=full, numbered=True, before=over),
        "id": _record_id,
        "in_force": lambda row: _state(row, over),
        "state": lambda row: _state(row, over),
        "badge": lambda row: "",
    }


def _record_id(row: Any) -> UUID:
    record_id: UUID = row.record_id if isinstance(row, SeenDraft) else row.id
    return record_id


def _badge(row: Any, over: datetime) -> str:
    """Return a remark when the version was replaced or voided after the day."""
    if not isinstance(row, SeenDraft) or _state(row, over) is InForceState.VOIDED:
        return ""
    return _LATER.get(row.state, "")


def _state(row: Any, over: datetime) -> InForceState:
    """The state at the moment; a record without a version is in force or voided for good."""
    if not isinstance(row, SeenDraft):
        return InForceState.of(row.in_force)
    ended = row.header.get("superseded_at")
    return InForceState.EFFECTIVE if ended is None or ended >= over else InForceState.VOIDED

"""Records that were never in force: what lists show of them before those that are (rows 51-62)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.mac_cache import SeenRows
from models.records import InForceState, Revision, RevisionState
from services.engine.field_types.field import Field
from services.engine.field_types.filters import Test
from services.engine.kept_visibility import versions_of
from services.engine.kinds import Kind, kind_named
from services.engine.search_terms import chosen
from services.engine.shapes import by_name, header_of
from services.engine.work import Work

#: `in_force` also finds what is in force nowhere: records on their way for the first time, and those refused then.
NEW, REFUSED = "NEW", "REJECTED"
#: So many are listed at most; a reviewer finds the others in his queue.
_MOST_NEW = 200
#: Header columns a revision has as well.
_OF_REVISIONS = frozenset({"record_no", "district_code", "head_company_id", "project_company_id", "project_id"})
#: Kept beside them, for lists as of a day.
_TIMES = ("effective_from", "superseded_at")


@dataclass(frozen=True)
class Wanted:
    """The filters of a list, as they are asked of a single value."""

    tests: Sequence[Test]
    text: str
    state: str
    open_state: str


@dataclass(frozen=True)
class SeenDraft:
    """The part of a version that lists need: its values, personal values masked."""

    id: UUID
    record_id: UUID
    record_no: str
    version_no: int
    state: RevisionState
    title: str
    values: Mapping[str, Any]
    header: Mapping[str, Any]
    in_force: ClassVar[InForceState | None] = None
    effective_from: ClassVar[datetime | None] = None

    @classmethod
    def of(cls, row: Any) -> "SeenDraft":
        kind = kind_named(row.kind)
        own = by_name(kind.table)
        title = row.title.json()
        filled = row.payload.json().get("values", {})
        return cls(
            id=row.id,
            record_id=row.record_id,
            record_no=row.record_no,
            version_no=row.version_no,
            state=row.state,
            title=str(own[kind.look.title].shown(title, {}) or "") if title else "",
            values={name: _kept(field, filled.get(name)) for name, field in own.items()},
            header={name: getattr(row, name) for name in ("version_no", *_OF_REVISIONS, *_TIMES)},
        )

    def value(self, field: Field) -> Any:
        """The value of a field: scope keys from the version's own columns, the rest from what was filled in."""
        if field.name not in self.values:
            return self.header.get(field.name)
        value = self.values[field.name]
        return value if field.personal else field.parsed(value)


def _kept(field: Field, raw: Any) -> Any:
    return field.shown(field.parsed(raw), {}) if field.personal else raw


#: Which are meant: bound anew for each page, so that the statement is made once.
_THESE: Any = sa.bindparam("these", expanding=True)
# A draft may carry a list of thousands of lines, sealed as one value: to open it for every look at a list costs most of it.
_DRAFTS = SeenRows(Revision, SeenDraft.of, where=lambda: [col(Revision.id).in_(_THESE)], most=1_000)


def new_records(work: Work, kind: Kind, wanted: Wanted, offset: int, size: int) -> tuple[int, Sequence[SeenDraft]]:
    """Return how many first versions of a filter are on their way, and those of this page, newest first.

    For `REFUSED` those that were refused and never begun again.
    """
    of_header = [test for test in wanted.tests if test.field.name in header_of(kind.table)]
    own = [test for test in wanted.tests if test not in of_header]
    if any(test.field.name not in _OF_REVISIONS for test in of_header) or wanted.state not in ("", NEW, REFUSED):
        return 0, ()
    table = kind.table
    rows: Any = versions_of(work, kind).where(
        ~select(table.id).where(col(table.id) == col(Revision.record_id)).exists(),
        Revision.state == RevisionState.REJECTED if wanted.state == REFUSED else is_open(),
        *(test.clause(getattr(Revision, test.field.name)) for test in of_header),
    )
    if wanted.open_state:
        rows = rows.where(Revision.state == chosen(RevisionState, wanted.open_state))
    newest = rows.with_only_columns(col(Revision.id)).order_by(col(Revision.updated_at).desc(), col(Revision.id))
    ids = work.session.connection().execute(newest.limit(_MOST_NEW)).scalars().all()
    if own or wanted.text:
        found = [draft for draft in seen_drafts(work, ids) if fits_draft(wanted.text.lower(), own, draft)]
        return len(found), found[offset : offset + size]
    return len(ids), seen_drafts(work, ids[offset : offset + size])


def is_open() -> Any:
    """The clause of versions that are on their way."""
    # Also asks for what is not NULL, in a form for which both databases use the key's index.
    return col(Revision.open_key) > ""


def seen_drafts(work: Work, ids: Sequence[UUID]) -> list[SeenDraft]:
    """Versions of these ids in their order, opened for lists: personal values masked."""
    if not ids:
        return []
    found = {draft.id: draft for draft in _DRAFTS.read(work.session, these=list(ids))}
    return [found[row_id] for row_id in ids if row_id in found]


def fits_draft(text: str, tests: Sequence[Test], draft: SeenDraft) -> bool:
    """Return what a draft says is sealed, so that no statement can look into it."""
    if text and text not in draft.title.lower() and text != draft.record_no.lower():
        return False
    return all(test.fits(test.field.parsed(draft.values.get(test.field.name))) for test in tests)

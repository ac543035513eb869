"""References: a search by name among the records a caller may see, and the names of the records chosen."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import MARKET, SPATIAL_OFFICE
from models.name_search import holds_text
from models.records import InForceState, Revision, RevisionState
from models.sealed import Sealed, SealedType
from services.engine.field_types.field import Field
from services.engine.field_types.refs import Ref
from services.engine.kinds import KINDS, Kind, kind_of_table
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work

MOST = 30


@dataclass(frozen=True)
class FindReferences:
    """Records of a kind a field may point at, by a part of the name or the number; of a project's record its own alone."""

    kind: str
    text: str = ""
    project_id: UUID | None = None


@dataclass(frozen=True)
class Reference:
    id: UUID
    label: str


def refers_to(field: Field) -> Kind | None:
    """The kind a reference points at: by its foreign key, else by its name (`head_company_id` is a `head_company`)."""
    if not isinstance(field, Ref):
        return None
    return kind_of_table(field.refers) if field.refers else KINDS.get(field.name.removesuffix("_id"))


def target_of(field: Ref) -> str:
    """Return the kind in which a reference is sought, empty when it may be of several."""
    kind = refers_to(field)
    return kind.name if kind is not None else ""


def names_of(work: Work, cells: Iterable[tuple[Field, Any]], *, numbered: bool = False) -> dict[UUID, str]:
    """The names of all records these references point at, by a statement a kind; `numbered` with the business number.

    A caller who may see a record may read the names it refers to, and no more of the other records.
    """
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for field, value in cells:
        if isinstance(value, UUID) and (kind := refers_to(field)) is not None:
            wanted[kind.name].add(value)
    names: dict[UUID, str] = {}
    for name, ids in wanted.items():
        table = KINDS[name].table
        title = getattr(table, KINDS[name].look.title)
        named = select(table.id, table.record_no, title).where(col(table.id).in_(ids))
        for row_id, record_no, value in work.session.exec(named).all():
            # Without its row a sealed title cannot be opened; the number says which record it is.
            plain = record_no if isinstance(value, Sealed) else str(value)
            names[row_id] = f"{plain}（{record_no}）" if numbered else plain
    return names


def names_before(work: Work, names: Mapping[UUID, str], before: datetime, *, numbered: bool = False) -> dict[UUID, str]:
    """Names of records as they were at a moment: those renamed since by the version they had, the others as given."""
    earlier = work.rows(
        Revision,
        col(Revision.record_id).in_(list(names)),
        col(Revision.state).in_((RevisionState.SUPERSEDED, RevisionState.VOIDED)),
        col(Revision.effective_from) < before,
        col(Revision.superseded_at) >= before,
    )
    told = {row.record_id: (str(row.title.json() or ""), row.record_no) for row in earlier} if names else {}
    renamed = {row_id: f"{name}（{number}）" if numbered else name for row_id, (name, number) in told.items() if name}
    return {**names, **renamed}


@query("records.references", "查找可选记录", roles={*MARKET, *SPATIAL_OFFICE})
def find_references(work: Work, order: FindReferences) -> list[Reference]:
    """At most `MOST` records in force that fit, by name, else by number."""
    kind = KINDS.get(order.kind)
    if kind is None:
        raise NotFound
    table: Any = kind.table
    title, number = getattr(table, kind.look.title), table.record_no
    sealed = isinstance(sa.inspect(table).columns[title.key].type, SealedType)
    rows: Any = work.visible(table).where(table.in_force == InForceState.EFFECTIVE)
    if order.project_id is not None:
        rows = rows.where(or_(table.project_id == order.project_id, table.project_id.is_(None)))
    if word := search_word(order.text):
        named = [] if sealed else [holds_text(word, title)]
        rows = rows.where(or_(*named, number.startswith(word.upper(), autoescape=True)))
    by = title if order.text and not sealed else number
    found = work.session.exec(rows.order_by(by, col(table.id)).limit(MOST)).all()
    return [Reference(row.id, _label(getattr(row, kind.look.title), row.record_no)) for row in found]


def _label(title: Any, record_no: str) -> str:
    name = title.masked() if isinstance(title, Sealed) else str(title)
    return f"{name}（{record_no}）"

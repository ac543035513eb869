"""References: a search by name among the records a caller may see, and the names of the records chosen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import MARKET
from models.dialect import contains
from models.records import InForceState
from models.sealed import Sealed, SealedType
from services.engine.field_types.field import Field
from services.engine.field_types.refs import Ref
from services.engine.kinds import KINDS, Kind, kind_of_table
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work, declared_visibility

MOST = 30
_MOST_IDS = 500


@dataclass(frozen=True)
class FindReferences:
    """Records a field may point at: by a part of the name or the number, or those of `ids`. `target` is a kind's name or,
    for what is no kind, its table's."""

    target: str
    text: str = ""
    ids: tuple[UUID, ...] = ()


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
    """Return where a reference is sought: a kind's or a table's name, empty when it may be in one of several tables."""
    kind = refers_to(field)
    return kind.name if kind is not None else field.refers


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


@query("records.references", "查找可选记录", roles=set(MARKET))
def find_references(work: Work, order: FindReferences) -> list[Reference]:
    """At most `MOST` of those in force that fit, by name; all of `ids` the caller sees."""
    kind = KINDS.get(order.target)
    if kind is not None:
        return _of_kind(work, kind, order)
    table = next((one for one in declared_visibility() if one.__tablename__ == order.target), None)
    columns = sa.inspect(table).columns if table is not None else {}
    if table is None or "name" not in columns or isinstance(columns["name"].type, SealedType):
        raise NotFound
    return [Reference(row.id, row.name) for row in _found(work, table, table.name, None, order)]  # type: ignore[attr-defined]


def _of_kind(work: Work, kind: Kind, order: FindReferences) -> list[Reference]:
    table: Any = kind.table
    title = getattr(table, kind.look.title)
    rows = _found(work, table, title, table.record_no, order)
    return [Reference(row.id, _label(getattr(row, kind.look.title), row.record_no)) for row in rows]


def _label(title: Any, record_no: str) -> str:
    name = title.masked() if isinstance(title, Sealed) else str(title)
    return f"{name}（{record_no}）"


def _found(work: Work, table: Any, title: Any, number: Any, order: FindReferences) -> Sequence[Any]:
    rows: Any = work.visible(table)
    if order.ids:
        return list(
            work.session.exec(rows.where(col(table.id).in_(order.ids[:_MOST_IDS])).order_by(col(table.id))).all()
        )
    sealed = isinstance(sa.inspect(table).columns[title.key].type, SealedType)
    if hasattr(table, "in_force"):
        rows = rows.where(table.in_force == InForceState.EFFECTIVE)
    if word := search_word(order.text):
        named = [] if sealed else [contains(title, word)]
        if number is not None:
            named.append(number.startswith(word.upper(), autoescape=True))
        rows = rows.where(or_(*named) if named else sa.false())
    by = number if sealed or (number is not None and not order.text) else title
    return list(work.session.exec(rows.order_by(by, col(table.id)).limit(MOST)).all())

"""Filters and sorting of record lists, parsed once and applied to rows in SQL and to sealed drafts in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models.dialect import unwalked
from services.engine.field_types.field import Field
from services.engine.field_types.filters import Test
from services.engine.field_types.refs import Ref
from services.engine.field_types.texts import as_kept
from services.engine.kinds import Kind
from services.engine.references import refers_to
from services.engine.refusals import Rejected
from services.engine.shapes import by_name, header_of


@dataclass(frozen=True)
class Narrowed:
    """All filters of a list: of its own columns, of its header, and a text sought in title and number."""

    tests: tuple[Test, ...] = ()
    header: tuple[Test, ...] = ()
    text: str = ""
    state: str = ""
    open_state: str = ""

    @property
    def sought(self) -> bool:
        """Return whether a part of a text is looked for."""
        return bool(self.text) or any(test.seeks for test in self.tests + self.header)


#: Filters every list has beside those its kind declares.
HEADER_FILTERS = frozenset(
    {"record_no", "effective_from", "district_code", "head_company_id", "project_company_id", "project_id"}
)
#: `in_force` also finds what is in force nowhere: records on their way for the first time, and those refused then.
NEW, REFUSED = "NEW", "REJECTED"


def field_of(kind: Kind, name: str) -> Field | None:
    """A column of a kind's list, its own or of the header."""
    return by_name(kind.table).get(name) or header_of(kind.table).get(name)


def grid_fields(kind: Kind) -> tuple[Field, ...]:
    """The columns of a kind's grid."""
    return tuple(found for name in kind.look.grid if (found := field_of(kind, name)) is not None)


def filter_fields(kind: Kind) -> tuple[Field, ...]:
    """Return what a kind's list can be narrowed by, in the order it declares, and by its header."""
    own = tuple(found for name in kind.look.filters if (found := field_of(kind, name)) is not None)
    header = tuple(one for name, one in header_of(kind.table).items() if name in HEADER_FILTERS and one not in own)
    return own + header


def sortable(kind: Kind) -> frozenset[str]:
    """The columns a kind's list can be sorted by: those of its grid and header that are not sealed."""
    shown = {field.name: field for field in grid_fields(kind)} | dict(header_of(kind.table))
    return frozenset(
        name
        for name, field in shown.items()
        if field.sorts and not field.personal and (not isinstance(field, Ref) or refers_to(field) is not None)
    )


def narrowed(kind: Kind, text: str, filters: Mapping[str, Any]) -> Narrowed:
    """Parse every filter, or refuse the first that is not one of this list's."""
    allowed = {field.name: field for field in filter_fields(kind) if not field.personal}
    header = header_of(kind.table)
    own: list[Test] = []
    of_header: list[Test] = []
    state = open_state = ""
    for name, wanted in filters.items():
        if _is_nothing(wanted):
            continue
        if name == "in_force":
            state = str(wanted)
        elif name == "open_state":
            open_state = str(wanted)
        elif name not in allowed:
            raise Rejected("不支持按该项查询")
        else:
            (of_header if name in header else own).append(allowed[name].test(wanted))
    return Narrowed(tuple(own), tuple(of_header), as_kept(text), state, open_state)


def order_of(kind: Kind, sort: str, *, sought: bool = False) -> Any:
    """The ORDER BY of a column of the grid, for a list in which a text is sought or not.

    Nothing but a declared name reaches SQL (H26).
    """
    wanted = sort or "-effective_from"
    name = wanted.removeprefix("-")
    if name not in sortable(kind):
        raise Rejected("不支持按该列排序")
    column: Any = col(getattr(kind.table, name))
    field = field_of(kind, name)
    if field is not None and (target := refers_to(field)) is not None:
        # By another name: a record may point at one of its own kind.
        pointed_at = aliased(target.table)
        title = getattr(pointed_at, target.look.title)
        column = select(title).where(col(pointed_at.id) == column).scalar_subquery()
    else:
        if sought:
            column = unwalked(column)
        if not sa.inspect(kind.table).columns[name].nullable:
            return column.desc() if wanted.startswith("-") else column.asc()
    # Databases differ in where they put what is not filled.
    return (column.desc() if wanted.startswith("-") else column.asc()).nulls_last()


def _is_nothing(wanted: Any) -> bool:
    if wanted is None or wanted == "":
        return True
    return isinstance(wanted, tuple | list | set | frozenset) and all(one in ("", None) for one in wanted)

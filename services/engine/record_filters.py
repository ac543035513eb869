"""Filters and sorting of record lists, parsed once and applied to rows in SQL and to sealed drafts in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models.dialect import contains, unwalked
from models.normal import BadText, half_width, parse_day
from services.engine.display import refers_to
from services.engine.field_values import digits_and_letters
from services.engine.kinds import Kind
from services.engine.refusals import Rejected
from services.engine.search_terms import chosen, day_begins, day_is_over, search_word
from services.engine.shapes import Field, FieldKind, by_name, header_of

_WRONG = "筛选条件不正确，请重新选择"
_NUMBERS = frozenset({FieldKind.MONEY, FieldKind.AREA, FieldKind.PERCENT, FieldKind.NUMBER, FieldKind.INTEGER})
RANGES = _NUMBERS | {FieldKind.DAY, FieldKind.MOMENT}
_TEXTS = frozenset({FieldKind.TEXT, FieldKind.LONG})
#: Wider than every number column; beyond it a database would not take the bound.
_WIDEST = Decimal(10) ** 10
_MOST_CHOSEN = 50


@dataclass(frozen=True)
class Test:
    """A filter: among these values, from low to high, or with this part."""

    field: Field
    among: frozenset[Any] = frozenset()
    low: Any = None
    high: Any = None
    part: str = ""

    def clause(self, column: Any) -> Any:
        if self.among:
            values = sorted(self.among, key=str)
            return column == values[0] if len(values) == 1 else column.in_(values)
        if self.part:
            return contains(column, self.part)
        bounds = []
        if self.field.kind is FieldKind.MOMENT:
            column = unwalked(column)
        if self.low is not None:
            bounds.append(column >= self.low)
        if self.high is not None:
            bounds.append(column < self.high if self.field.kind is FieldKind.MOMENT else column <= self.high)
        return sa.and_(*bounds)

    def fits(self, value: Any) -> bool:
        """Return whether a draft's value passes the test."""
        if self.among:
            return value in self.among
        if self.part:
            return isinstance(value, str) and self.part.lower() in value.lower()
        try:
            return value is not None and (
                (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
            )
        except TypeError:
            # What cannot be read was kept as typed, and lies in no range.
            return False


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
        return bool(self.text) or any(test.part for test in self.tests + self.header)


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
        if not field.personal and (field.kind is not FieldKind.REF or refers_to(field) is not None)
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
            (of_header if name in header else own).append(_test(allowed[name], wanted))
    return Narrowed(tuple(own), tuple(of_header), _as_kept(text), state, open_state)


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


def _as_kept(text: str) -> str:
    """A word in the form in which texts are kept."""
    return search_word(digits_and_letters(text))


def _is_nothing(wanted: Any) -> bool:
    if wanted is None or wanted == "":
        return True
    return isinstance(wanted, tuple | list | set | frozenset) and all(one in ("", None) for one in wanted)


def _test(field: Field, wanted: Any) -> Test:
    if field.kind in RANGES:
        low, high = wanted if isinstance(wanted, tuple | list) and len(wanted) == 2 else (wanted, wanted)
        return _range(field, low, high)
    values = list(wanted) if isinstance(wanted, tuple | list | set | frozenset) else [wanted]
    if len(values) > _MOST_CHOSEN:
        raise Rejected(_WRONG)
    if field.kind is FieldKind.CODE and field.codes is not None:
        return Test(field, frozenset(chosen(field.codes, str(value)) for value in values))
    if field.kind is FieldKind.REF:
        return Test(field, frozenset(_uuid(value) for value in values))
    if field.kind is FieldKind.FLAG:
        return Test(field, frozenset(_yes(value) for value in values))
    if field.name == "district_code":
        return Test(field, frozenset(search_word(str(value), 6) for value in values))
    if len(values) > 1 or field.kind not in _TEXTS:
        raise Rejected(_WRONG)
    return Test(field, part=_as_kept(str(values[0])))


def _uuid(value: Any) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise Rejected(_WRONG) from None


def _yes(value: Any) -> bool:
    told = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}.get(str(value).lower())
    if told is None:
        raise Rejected(_WRONG)
    return told


def _range(field: Field, low: Any, high: Any) -> Test:
    if field.kind is FieldKind.DAY:
        return Test(field, low=_day(low), high=_day(high))
    if field.kind is FieldKind.MOMENT:
        first, last = _day(low), _day(high)
        begins = None if first is None else day_begins(first).astimezone(UTC)
        ends = None if last is None else day_is_over(last).astimezone(UTC)
        return Test(field, low=begins, high=ends)
    bounds = _number(low), _number(high)
    if field.kind is FieldKind.INTEGER:
        whole = (
            None if bounds[0] is None else int(bounds[0].to_integral_value(ROUND_CEILING)),
            None if bounds[1] is None else int(bounds[1].to_integral_value(ROUND_FLOOR)),
        )
        return Test(field, low=whole[0], high=whole[1])
    return Test(field, low=bounds[0], high=bounds[1])


def _day(value: Any) -> date | None:
    if value in ("", None):
        return None
    if isinstance(value, date):
        return value
    try:
        return parse_day(str(value))
    except BadText:
        raise Rejected("筛选条件中的日期不正确，请重新填写") from None


def _number(value: Any) -> Decimal | None:
    if value in ("", None):
        return None
    try:
        number = Decimal(half_width(str(value)).replace(",", "").strip())
    except InvalidOperation:
        raise Rejected("筛选条件中的数值不正确，请重新填写") from None
    if not number.is_finite():
        raise Rejected("筛选条件中的数值不正确，请重新填写")
    # A bound beyond every value finds the same as the widest one.
    return max(min(number, _WIDEST - 1), 1 - _WIDEST)

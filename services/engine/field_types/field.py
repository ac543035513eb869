"""`Field`, the base of all types of fields, and how the type of a column is found."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Literal
from uuid import UUID

import sqlalchemy as sa

from models.masking import mask
from models.normal import BadText, half_width, is_invisible
from models.sealed import Sealed
from services.engine.field_types.filters import Among, Test
from services.engine.refusals import Rejected
from services.engine.search_terms import WRONG

#: What a grid or a workbook gets: numbers and days as such, everything else as people read it.
Shown = str | int | Decimal | date | datetime | None
Names = Mapping[UUID, str]

#: Text as it was typed is kept up to this length beside its normal form.
_LONGEST = 20_000
_MOST_CHOSEN = 50


class Unreadable(ValueError):
    """A value that is none of its field; the sentence says what to change."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Field:
    """A field of a form, read from its column; a subclass for each type of column says what is special about the type.

    Raw values are what JSON of a version holds: text, numbers or booleans. `most` bounds the length of a text. A `computed`
    field is shown in lists and filters, never in a form: a hook of its kind fills it.
    """

    #: The control of forms in `ui/records/form.py`.
    control: ClassVar[str] = "text"
    #: The filter above a list: part of a text, one of the options, two days or two other bounds, "" for none.
    asked: ClassVar[Literal["part", "choice", "days", "bounds", ""]] = "part"
    #: A filter may name several values.
    several: ClassVar[bool] = False
    sorts: ClassVar[bool] = True
    #: Numbers are aligned to the right; grouped ones have commas between thousands in child tables and comparisons.
    number: ClassVar[bool] = False
    grouped: ClassVar[bool] = False
    #: Free text: every sign that was typed counts, and 无 is a text and not "no value".
    free: ClassVar[bool] = False
    #: How a workbook's column is formatted.
    cell: ClassVar[Literal["text", "day"]] = "text"
    #: Widths in a workbook (characters), in child tables, in grids and of the filter (pixels; 0 by the label).
    sheet_width: ClassVar[int] = 14
    child_width: ClassVar[int] = 90
    grid_width: ClassVar[int] = 0
    filter_width: ClassVar[int] = 0

    def __init_subclass__(
        cls, *, sql: Any | tuple[Any, ...] = (), info: Mapping[str, str] | None = None, **rest: Any
    ) -> None:
        super().__init_subclass__(**rest)
        for one in sql if isinstance(sql, tuple) else (sql,):
            _TYPES.setdefault(one, []).append((info or {}, cls))

    def __init__(self, column: "sa.Column[Any]", *, required: bool = False) -> None:
        info = column.info
        self.name = column.name
        self.label: str = info.get("label", column.name)
        self.required = required
        self.unit: str = info.get("unit", "")
        self.help: str = info.get("help", "")
        self.most: int = info.get("max", 0) or 0
        self.personal = bool(info.get("personal"))
        self.mask: str = info.get("mask", "")
        self.computed = bool(info.get("computed"))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"

    @property
    def head(self) -> str:
        """The label with the unit, as columns are headed."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    @property
    def ranged(self) -> bool:
        """Return whether a filter has a lower and an upper bound."""
        return self.asked in ("days", "bounds")

    def options(self) -> Mapping[str, str]:
        """Raw values and their labels where the value is chosen from a list; empty elsewhere."""
        return {}

    # ---------------------------------------------------------------- reading

    def read(self, typed: Any) -> Any:
        """The normal form of a typed value, or None when nothing was filled in; raises `Unreadable`."""
        if typed is None or (isinstance(typed, str) and not typed.strip()):
            return None
        if isinstance(typed, dict | list | tuple | set | bytes):
            raise Unreadable("填写的内容不正确，请重新填写")
        try:
            return self._read(typed)
        except BadText as problem:
            raise Unreadable(problem.sentence.rstrip("。")) from None

    def _read(self, typed: Any) -> Any:
        """Parse a typed value; every type of field has its own."""
        raise NotImplementedError

    def wrong(self, value: Any, values: Mapping[str, Any], today: date) -> str:
        """Say what is wrong with a value beside the others of its form or line and today, empty when nothing is."""
        return ""

    def raw(self, value: Any) -> Any:
        """A value as a version keeps it; `read` of it gives the value again."""
        return str(value)

    def parsed(self, raw: Any) -> Any:
        """A kept raw value as its type has it where it can be read, else as it was typed."""
        if not isinstance(raw, str) or not raw:
            return raw
        try:
            return self._parsed(raw)
        except (ValueError, InvalidOperation):
            return raw

    def _parsed(self, raw: str) -> Any:
        return raw

    def typed_beside(self, typed: Any, raw: Any) -> str | None:
        """Return typed text whose normal form is another text (market 2.0 `raw_value`), else None.

        Free texts differ by any sign. Of all others only width and blanks count: 100 is no other text than 100.00.
        """
        if not isinstance(typed, str):
            return None
        same = typed.replace("\r\n", "\n") == raw if self.free else half_width(typed).strip() == typed
        return None if same else typed[:_LONGEST]

    # ---------------------------------------------------------------- controls and cells hold text

    def as_text(self, raw: Any) -> str:
        """A raw value as a control or the row of an import holds it."""
        if isinstance(raw, bool):
            return "true" if raw else "false"
        return "" if raw is None else str(raw)

    def from_text(self, text: str) -> Any:
        """The raw value of such a text: None for nothing, what cannot be read as it was typed."""
        return self._from_text(text) if text.strip() else None

    def _from_text(self, text: str) -> Any:
        return text if self.free else text.strip()

    # ---------------------------------------------------------------- showing

    def shown(self, value: Any, names: Names, *, full: bool = False) -> Shown:
        """A stored or parsed value as people read it; only with `full` a personal value in clear.

        The same goes into the cell of a workbook and reads back as the value. `names` are those of referenced records.
        """
        if value is None or value == "":
            return None
        if isinstance(value, Sealed):
            return value.plain if full else value.masked()
        if self.personal and isinstance(value, str):
            return value if full else mask(self.mask, value)
        return self._shown(value, names)

    def _shown(self, value: Any, names: Names) -> Shown:
        return value if isinstance(value, str | int | Decimal | date | datetime) else str(value)

    def text(self, value: Shown) -> str:
        """A shown value as text, as comparisons have it."""
        return "" if value is None else str(value)

    def words(self, value: Shown) -> str:
        """A shown value as text with its unit, as papers have it."""
        return self.text(value)

    def as_read(self, raw: Any, names: Names) -> str:
        """A raw value as text people read, personal values masked."""
        return self.text(self.shown(self.parsed(raw), names))

    def typed_words(self, text: str) -> str:
        """Typed text as it is shown beside its normal form: invisible characters by their number, personal text masked."""
        if self.personal:
            return mask(self.mask, text)
        return "".join(f"〔U+{ord(char):04X}〕" if is_invisible(char) else char for char in text)

    # ---------------------------------------------------------------- lists

    def test(self, wanted: Any) -> Test:
        """A filter of a list by this field; `wanted` is a value, several, or two bounds."""
        values = list(wanted) if isinstance(wanted, tuple | list | set | frozenset) else [wanted]
        if len(values) > _MOST_CHOSEN:
            raise Rejected(WRONG)
        return Among(self, frozenset(self._chosen(value) for value in values))

    def _chosen(self, typed: Any) -> Any:
        try:
            value = self.read(typed)
        except Unreadable:
            value = None
        if value is None:
            raise Rejected(WRONG)
        return value

    # ---------------------------------------------------------------- workbooks

    def hint(self) -> str:
        """Explain how to fill in a cell, for templates."""
        return f"文本，最多{self.most}字" if self.most else "文本"

    def only_shows(self, text: str) -> bool:
        """Return whether the text of a cell shows a value without holding it, such as a masked one."""
        return self.personal and "*" in text

    def agrees(self, text: str, value: Any, names: Names) -> bool:
        """Return whether the text of a cell equals the value of the record, also when it is masked."""
        if not text:
            return value is None
        if value is None:
            return False
        if self.personal and text == mask(self.mask, str(value)):
            return True
        try:
            return self._is_same(self.read(text), self.read(value))
        except Unreadable:
            return text == str(value)

    def _is_same(self, now: Any, before: Any) -> bool:
        return bool(now == before)

    # ---------------------------------------------------------------- the API

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the value."""
        return {"type": "string"}

    def json(self, value: Any) -> Any:
        """A parsed value as the API gives it, personal values masked."""
        if value is None:
            return None
        return mask(self.mask, str(value)) if self.personal else self._json(value)

    def _json(self, value: Any) -> Any:
        return self.raw(value)


_TYPES: dict[type[Any], list[tuple[Mapping[str, str], type[Field]]]] = {}


def field_of(column: "sa.Column[Any]", *, required: bool = False) -> Field:
    """The field of a column: the class for the nearest SQL type that asks for most of what the column's `info` holds."""
    for sql in type(column.type).__mro__:
        fitting = [(len(info), made) for info, made in _TYPES.get(sql, ()) if info.items() <= column.info.items()]
        if fitting:
            return max(fitting, key=lambda one: one[0])[1](column, required=required)
    raise TypeError(f"{column.table.name}.{column.name} is of a type no form shows")

"""Fields of partner messages: money as text, moments, days, and personal texts that the log masks by kind."""

import re
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    create_model,
)
from pydantic.fields import FieldInfo

from models.normal import LONGEST_ADDRESS, LONGEST_NAME, half_width

#: What RFC 3339 writes, and no other of the many forms ISO 8601 knows: two programs must not read two days.
_DAY = r"\d{4}-\d{2}-\d{2}"
_MOMENT = rf"{_DAY}T\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,9}})?)?(Z|[+-]\d{{2}}:\d{{2}})"
MONEY = r"\d{1,12}(\.\d{1,2})?"


@dataclass(frozen=True)
class Personal:
    """Marks a field that the exchange log masks; `kind` is a mask of models.masking."""

    kind: str


def _money(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(MONEY, value, re.ASCII):
        raise ValueError("money is text such as 1234.50")
    return Decimal(value)


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(_DAY, value, re.ASCII):
        raise ValueError("a day is text such as 2026-03-01")
    return date.fromisoformat(value)


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(_MOMENT, value, re.ASCII):
        raise ValueError("a moment is text such as 2026-03-01T08:00:00+08:00")
    read = datetime.fromisoformat(value)
    if not 1900 <= read.year <= 2199:
        # Beyond lie moments that are none in some other zone.
        raise ValueError("a moment of our time")
    return read.astimezone(UTC)


#: Yuan as text of at most 12 digits and 2 places (security.md 4.3); a `Decimal` in Python.
Money = Annotated[
    Decimal,
    BeforeValidator(_money),
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{MONEY}$", "examples": ["3500.00"]}),
]
#: A legal day, `2026-03-01`.
Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-03-01"]})
]
#: A moment with its time zone, RFC 3339; aware UTC in Python.
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-03-01T08:00:00+08:00"]}),
]


def _no_blanks(value: str) -> str:
    if any(char.isspace() for char in value):
        raise ValueError("a number has no blanks")
    return value


#: A month, `2026-03`.
Month = Annotated[str, Field(pattern=r"^(20|21)\d{2}-(0[1-9]|1[0-2])$")]
#: An SM3 in hexadecimal digits.
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
#: For numbers: one that ends in a blank looks like another and is none.
NO_BLANKS = AfterValidator(_no_blanks)


def credit_code(text: str) -> str:
    """Return a credit code as its register writes it: half-width and upper case."""
    return half_width(text).upper()


def _credit_code(text: str) -> str:
    code = credit_code(text)
    if len(code) != len(text):
        # Some letters become two when they are made capitals.
        raise ValueError("a code has 18 letters and digits")
    return code


#: A firm's 18 characters.
CreditCode = Annotated[str, Field(min_length=18, max_length=18), AfterValidator(_credit_code)]
PersonName = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), Personal("name")]
IdNumber = Annotated[str, Field(min_length=1, max_length=40), Personal("id")]
Mobile = Annotated[str, Field(min_length=1, max_length=40), Personal("phone")]
Account = Annotated[str, Field(min_length=1, max_length=40), Personal("acct")]
Address = Annotated[str, Field(min_length=1, max_length=LONGEST_ADDRESS), Personal("addr")]


class WireModel(BaseModel):
    """A message between a partner and us: declared fields of exactly their types.

    Titles and descriptions are Chinese, for the handbook's field tables. Values never appear in an error.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, defer_build=True)


class OrderMessage(WireModel):
    """A message whose fields are those of an order; what was sent without a value is left to the order."""

    of: ClassVar[type[Any]]

    def order(self) -> Any:
        """The order this message is."""
        sent = {name: _as_ordered(getattr(self, name)) for name in type(self).model_fields}
        return self.of(**{name: value for name, value in sent.items() if value is not None})


def _as_ordered(value: Any) -> Any:
    if isinstance(value, OrderMessage):
        return value.order()
    return tuple(_as_ordered(one) for one in value) if isinstance(value, tuple) else value


@cache
def message_of(order: type[Any], *, needed: frozenset[str] = frozenset()) -> type[OrderMessage]:
    """The message of an order: those of its fields that have a Chinese title; `needed` ones have no default on the wire."""
    made: dict[str, Any] = {}
    hints = get_type_hints(order, include_extras=True)
    for one in fields(order):
        marks = getattr(hints[one.name], "__metadata__", ())
        title = next((mark for mark in marks if isinstance(mark, FieldInfo) and mark.title), None)
        if title is None:
            continue
        kind = _nested(hints[one.name])
        if one.default is MISSING or one.name in needed:
            made[one.name] = (kind, ...)
        elif one.default == "" and any(isinstance(mark, Personal) for mark in marks):
            # A text of a person that is sent has a character at least.
            made[one.name] = (Annotated[kind | None, title], None)
        elif is_dataclass(one.default):
            # A part that is not sent is the order's own.
            made[one.name] = (Annotated[kind | None, title], None)
        else:
            made[one.name] = (kind, one.default)
    message: type[OrderMessage] = create_model(order.__name__, __base__=OrderMessage, __doc__=order.__doc__, **made)
    message.of = order
    return message


def _nested(kind: Any) -> Any:
    """A field of orders is one of their messages."""
    whole = get_args(kind)[0]
    if get_origin(whole) is tuple and is_dataclass(get_args(whole)[0]):
        return Annotated[tuple[message_of(get_args(whole)[0]), ...], *kind.__metadata__]  # type: ignore[misc]
    parts: list[Any] = [one for one in get_args(whole) if is_dataclass(one)] or [whole]
    if is_dataclass(parts[0]):
        part: Any = message_of(parts[0])  # type: ignore[arg-type]
        return Annotated[part if parts == [whole] else part | None, *kind.__metadata__]
    return kind


class Reason(WireModel):
    """A finding about what a partner sent, about any subject."""

    code: str = Field(title="规则代码", max_length=12)
    severity: str = Field(title="处理", max_length=12)
    field: str = Field(title="字段", max_length=80)
    message: str = Field(title="说明", max_length=400)


def personal_fields(model: type[BaseModel]) -> dict[str, str]:
    """Name to kind of mask of every field marked personal, in a message and in what it is made of."""
    return dict(_found(model, set()))


def _found(model: type[BaseModel], seen: set[Any]) -> Iterator[tuple[str, str]]:
    seen.add(model)
    for name, field in model.model_fields.items():
        for mark in (*field.metadata, *_marks(field.annotation)):
            if isinstance(mark, Personal):
                yield field.alias or name, mark.kind
        for inner in _models(field.annotation):
            if inner not in seen:
                yield from _found(inner, seen)


def _marks(kind: Any) -> Iterator[Any]:
    """Marks inside, as in `list[IdNumber]` or `IdNumber | None`."""
    if get_origin(kind) is Annotated:
        yield from get_args(kind)[1:]
    for part in get_args(kind):
        yield from _marks(part)


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models(part)

"""Column helpers: each declares type, Chinese label, unit and level of a column once."""

import secrets
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field

from models.codes import Code
from models.sealed import SealedType


def new_id() -> UUID:
    """A UUID of version 7: made by us, sorted by time, never guessable.

    Twelve bits count within the millisecond (RFC 9562, 6.2), so that rows of one process sort as they were made.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    within = (rest << 12) // 1_000_000
    return UUID(int=milliseconds << 80 | 7 << 76 | within << 64 | 2 << 62 | secrets.randbits(62))


class ScaledNumber(TypeDecorator[Decimal]):
    """An exact decimal: NUMERIC where the database keeps all digits, a scaled integer on SQLite."""

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, digits: int, places: int) -> None:
        self.digits, self.places, self.unit = digits, places, Decimal(1).scaleb(-places)
        super().__init__(digits, places)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(sa.Numeric(self.digits, self.places))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = Decimal(value).quantize(self.unit)
        return int(exact.scaleb(self.places)) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            try:
                return Decimal(value).scaleb(-self.places)
            except (ValueError, TypeError, ArithmeticError):
                # Not written by us: with this value the row fails its MAC.
                return value  # type: ignore[no-any-return]
        return Decimal(value)


class UtcMoment(TypeDecorator[datetime]):
    """An aware UTC moment on every engine; a naive value is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if not isinstance(value, datetime):
            # No moment: nothing at all, or what was put there past us and fails its row's MAC.
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CodeType(TypeDecorator[Code]):
    """A `Code` stored by its value."""

    impl = sa.String(32)
    cache_ok = True

    def __init__(self, codes: type[Code]) -> None:
        self.codes = codes
        super().__init__(32)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(self.codes.of(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Code | None:
        return None if value is None else self.codes.stored(value)


_REQUIRED: Any = object()


def _column(kind: Any, label: str, default: Any, *, index: bool = False, unique: bool = False, **info: Any) -> Any:
    arguments: dict[str, Any] = {
        "sa_type": kind,
        "index": index,
        "unique": unique,
        "sa_column_kwargs": {"info": {"label": label, **info}, "comment": label},
    }
    if default is not _REQUIRED:
        arguments["default"] = default
        if default is None:
            arguments["nullable"] = True
    return Field(**arguments)


def ident(label: str = "主键") -> Any:
    """The row's own UUID, made before it is stored."""
    return Field(
        default_factory=new_id,
        primary_key=True,
        sa_type=sa.Uuid,
        sa_column_kwargs={"info": {"label": label}, "comment": label},
    )


def ref(
    table: str,
    label: str,
    default: Any = _REQUIRED,
    *,
    index: bool = True,
    unique: bool = False,
    owner: bool = False,
    always: bool = False,
) -> Any:
    """A UUID pointing at `table`.id; `owner` where the row is a detail that is counted with it (models/details.py).

    `always` where no owner is ever stored without such a detail.
    """
    counted = {"owner": (), "always": always} if owner else {}
    arguments: dict[str, Any] = {} if default is _REQUIRED else {"default": default, "nullable": default is None}
    # Deferred, so that the order in which rows are flushed does not matter.
    key = sa.ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
    return Field(
        sa_column_args=[key],
        index=index,
        unique=unique,
        sa_type=sa.Uuid,
        sa_column_kwargs={"info": {"label": label, **counted}, "comment": label},
        **arguments,
    )


def loose_ref(label: str, default: Any = _REQUIRED, *, index: bool = True, owner: tuple[str, ...] | None = None) -> Any:
    """Make a UUID column that may refer to a row of several tables.

    `owner` names those the row is a detail of; none for the lines of a kind's list, which its kind names.
    """
    info: dict[str, Any] = {} if owner is None else {"owner": owner}
    return _column(sa.Uuid, label, default, index=index, **info)


def text(
    label: str, default: Any = _REQUIRED, *, max: int, index: bool = False, unique: bool = False, help: str = ""
) -> Any:
    """Plain text of at most `max` characters that is not personal data."""
    return _column(sa.String(max), label, default, index=index, unique=unique, help=help, max=max)


def district(label: str, default: Any = _REQUIRED, *, index: bool = False) -> Any:
    """The code of a district (GB/T 2260), which pages show by its name."""
    return _column(sa.String(6), label, default, index=index, max=6, holds="district")


def building_no(label: str, default: Any = _REQUIRED, *, index: bool = False, max: int = 40) -> Any:
    """The number of a building or a unit work, kept in one spelling: `1号楼` and `1＃` are `1#`."""
    return _column(sa.String(max), label, default, index=index, max=max, holds="building_no")


def credit_code(label: str, default: Any = _REQUIRED, *, index: bool = False, help: str = "") -> Any:
    """The unified social credit code of a company; a form is refused whose code fails its check."""
    return _column(sa.String(18), label, default, index=index, max=18, help=help, holds="credit_code")


def long_text(label: str, default: Any = _REQUIRED, *, help: str = "") -> Any:
    """Text without a width, not personal data."""
    return _column(sa.Text, label, default, help=help)


def code(codes: type[Code], label: str, default: Any = _REQUIRED, *, index: bool = False) -> Any:
    """Make a column that holds a member of `codes`."""
    return _column(CodeType(codes), label, default, index=index, codes=codes)


def money(
    label: str, default: Any = _REQUIRED, *, help: str = "", positive: bool = False, negative: bool = False
) -> Any:
    """Yuan, 18 digits with 2 places; less than nothing only when `negative`, nothing refused too when `positive`."""
    return _column(ScaledNumber(18, 2), label, default, unit="元", help=help, positive=positive, negative=negative)


def area(label: str, default: Any = _REQUIRED, *, help: str = "", positive: bool = False) -> Any:
    """Square metres, 14 digits with 4 places; forms refuse less than nothing, and nothing too when `positive`."""
    return _column(ScaledNumber(14, 4), label, default, unit="㎡", help=help, positive=positive)


def percent(label: str, default: Any = _REQUIRED, *, help: str = "", positive: bool = False) -> Any:
    """Hundredths of a whole, 14 digits with 4 places; forms take 0 to 100, without 0 when `positive`."""
    return _column(ScaledNumber(14, 4), label, default, unit="%", help=help, positive=positive)


def number(
    label: str, default: Any = _REQUIRED, *, unit: str = "", positive: bool = False, negative: bool = False
) -> Any:
    """A plain decimal, 14 digits with 4 places: a floor-area ratio, a height; less than nothing only when `negative`."""
    return _column(ScaledNumber(14, 4), label, default, unit=unit, positive=positive, negative=negative)


def integer(
    label: str,
    default: Any = _REQUIRED,
    *,
    unit: str = "",
    index: bool = False,
    unique: bool = False,
    positive: bool = False,
    negative: bool = False,
) -> Any:
    """A whole number; less than nothing only when `negative`, nothing refused too when `positive`."""
    return _column(
        sa.BigInteger, label, default, unit=unit, index=index, unique=unique, positive=positive, negative=negative
    )


def calendar_year(label: str, default: Any = _REQUIRED) -> Any:
    """A year of the calendar, which has no comma between its digits."""
    return _column(sa.BigInteger, label, default, unit="", calendar="year")


def flag(label: str, default: Any = _REQUIRED) -> Any:
    """Yes or no."""
    return _column(sa.Boolean, label, default)


def day(
    label: str,
    default: Any = _REQUIRED,
    *,
    index: bool = False,
    past: bool = False,
    since: tuple[str, ...] = (),
    after: str = "",
) -> Any:
    """A legal day in Shanghai. A form is refused whose day comes before one of `since`, or not after the day of `after`.

    A day that is `past` is not later than today.
    """
    return _column(sa.Date, label, default, index=index, past=past, since=since, after=after)


def moment(label: str, default: Any = _REQUIRED, *, index: bool = False) -> Any:
    """An aware UTC moment."""
    return _column(UtcMoment, label, default, index=index)


def open_json(label: str, default: Any = _REQUIRED, *, reason: str) -> Any:
    """JSON in clear; `reason` says why it can carry no personal data."""
    return _column(sa.JSON, label, default, reason=reason)


def sealed(label: str, default: Any = _REQUIRED, *, domain: str = "", mask: str = "", family: str = "dek.pii") -> Any:
    """Personal text, encrypted; with `domain` its `<name>_index` column finds it by exact match."""
    return _column(SealedType(domain, mask, family), label, default, personal=True, domain=domain, mask=mask)


def sealed_json(label: str, default: Any = _REQUIRED) -> Any:
    """Make a column for a JSON payload that may carry personal data, encrypted as a whole."""
    return _column(SealedType("", "", "dek.pii"), label, default, personal=True)


def sealed_file(label: str, default: Any = _REQUIRED) -> Any:
    """A file under the file key (f1), bound to its row's id."""
    return _column(sa.LargeBinary, f"{label}（f1 密文）", default)


def computed(column: Any) -> Any:
    """Mark a column of a kept record as filled by the system: lists show it, forms do not."""
    column.sa_column_kwargs["info"]["computed"] = True
    return column


def follows(source: str, column: Any) -> Any:
    """Make a column computed from a field of another record, such as `project.name`, and rewritten when that changes."""
    column.sa_column_kwargs["info"]["follows"] = source
    return computed(column)


def normal_key(label: str, *, max: int = 60) -> Any:
    """Make a column for the normal form by which a number is compared; neither forms nor lists show it."""
    return _column(sa.String(max), label + "比对值", None, index=True, index_of=label)


def held_key(label: str, *columns: str, max: int = 80, unique: bool = True) -> Any:
    """Make a column for the normal form of `columns`, which no two records in force may share.

    The engine fills it in force and empties it when voided. Without `unique` the table declares the constraint.
    """
    return _column(sa.String(max), label + "比对值", None, index=True, unique=unique, index_of=label, key_of=columns)


def blind_index(label: str) -> Any:
    """The keyed hash beside a sealed column; filled by the writer, never by hand."""
    return _column(sa.String(96), label + "索引", None, index=True, index_of=label)


def letters_index(label: str, of: str) -> Any:
    """The keyed hash of the pinyin initials of a sealed name, by which lists find it; filled as the name is sealed."""
    return _column(sa.String(96), label + "首字母索引", None, index=True, index_of=label, sealed_as=(of, "letters"))


def letters_key(label: str, of: str, *, max: int = 200) -> Any:
    """The pinyin initials of a name that is no personal data; filled as the row is written."""
    return _column(sa.String(max), label + "首字母", None, index_of=label, letters_of=of)

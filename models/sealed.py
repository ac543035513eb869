"""Sealed values: encrypted when written, decrypted only when read (architecture 5, decision 14)."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from models.letters import initials
from models.masking import mask
from models.normal import normal
from models.sealing import CryptoError, Sealer, aad


class Sealed:
    """A personal text. `plain` opens it, `masked()` shows it; printing it shows neither."""

    __slots__ = ("_aad", "_plain", "_sealer", "_token", "mask_kind")

    def __init__(self, plain: str | None, token: str | None = None, mask_kind: str = "") -> None:
        self._plain, self._token, self._aad, self.mask_kind = plain, token, "", mask_kind
        self._sealer: Sealer | None = None

    @classmethod
    def of(cls, plain: str) -> Self:
        """A value yet to be sealed."""
        return cls(plain)

    @classmethod
    def of_json(cls, value: Any) -> Self:
        """A JSON payload yet to be sealed."""
        return cls(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))

    @property
    def plain(self) -> str:
        if self._plain is None:
            if self._token is None or self._sealer is None:
                raise RuntimeError("a sealed value was read before its row was known")
            self._plain = self._sealer.open(self._token, self._aad)
        return self._plain

    @property
    def at_hand(self) -> str | None:
        """The text where it need not be opened; None of one that is still sealed."""
        return self._plain

    def json(self) -> Any:
        return json.loads(self.plain)

    def masked(self, profile: str = "I") -> str:
        return mask(self.mask_kind, self.plain, profile)

    @property
    def token(self) -> str:
        if self._token is None:
            raise RuntimeError("a personal value would have been stored in clear")
        return self._token

    def bind(self, sealer: Sealer, where: str, mask_kind: str) -> None:
        """Remember which row and column a stored token belongs to."""
        self._sealer, self._aad, self.mask_kind = sealer, where, mask_kind

    def seal(self, sealer: Sealer, where: str, mask_kind: str, family: str) -> None:
        """Encrypt the value for one row and column; a value copied from another row is encrypted again."""
        if self._token is None or self._aad != where:
            plain = self.plain if self._plain is None else self._plain
            try:
                self._token = sealer.seal(plain, where, family=family)
            except CryptoError:
                # Half a character is refused as the database would refuse it, and so the door answers it.
                plain.encode()
                raise
            self._sealer, self._aad = sealer, where
        self.mask_kind = mask_kind

    def __repr__(self) -> str:
        return "Sealed(…)"


def _token_of(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, Sealed):
        raise TypeError("a sealed column takes Sealed.of(…)")
    return value.token


class SealedType(TypeDecorator[Sealed]):
    """Stores a `Sealed` as its e1 token; refuses to bind an unsealed value."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, domain: str, mask_kind: str, family: str) -> None:
        self.domain, self.mask_kind, self.family = domain, mask_kind, family
        super().__init__()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return _token_of(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        # Without the two calls of the decorator around it.
        return _token_of

    def process_result_value(self, value: str | None, dialect: Dialect) -> Sealed | None:
        return None if value is None else Sealed(None, value, self.mask_kind)

    def compare_values(self, x: Any, y: Any) -> bool:
        return x is y


def index_of(sealer: Sealer, domain: str, plain: str) -> str:
    """The blind index under the active key."""
    # Half a character is refused as the database would refuse it, and so the door answers it.
    plain.encode()
    return sealer.index(domain, normal(domain, plain))


def indexes_of(sealer: Sealer, domain: str, plain: str) -> list[str]:
    """The blind indexes under every readable key, for IN queries; a text no database can hold is found nowhere."""
    try:
        plain.encode()
    except UnicodeEncodeError:
        return []
    return sealer.indexes(domain, normal(domain, plain))


def sealed_columns(table: sa.Table) -> list[tuple[str, SealedType]]:
    """Names and types of the sealed columns of a table."""
    known = table.info.get("sealed")
    if known is None:
        known = [(column.name, column.type) for column in table.columns if isinstance(column.type, SealedType)]
        table.info["sealed"] = known
    return list(known)


def mask_as_columns_say(row: Any) -> None:
    """Give values that are not sealed yet the mask of their columns."""
    for name, kind in sealed_columns(row.__table__):
        value = row.__dict__.get(name)
        if isinstance(value, Sealed) and not value.mask_kind:
            value.mask_kind = kind.mask_kind


def index_columns(table: sa.Table) -> Mapping[str, tuple[str, str]]:
    """Index columns of a table that also has the sealed column, each with that column and its domain."""
    known: dict[str, tuple[str, str]] | None = table.info.get("indexes")
    if known is None:
        known = {
            f"{name}_index": (name, kind.domain)
            for name, kind in sealed_columns(table)
            if kind.domain and f"{name}_index" in table.columns
        }
        known |= {column.name: column.info["sealed_as"] for column in table.columns if "sealed_as" in column.info}
        table.info["indexes"] = known
    return known


def letter_columns(table: sa.Table) -> Mapping[str, str]:
    """Columns of a table that hold the pinyin initials of another column, each with that column."""
    known: dict[str, str] | None = table.info.get("letters")
    if known is None:
        known = {column.name: column.info["letters_of"] for column in table.columns if "letters_of" in column.info}
        table.info["letters"] = known
    return known


def derived_values(sealer: Sealer, table: sa.Table, row: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Work out index and letter columns of a stored row, for those among `names` that it has."""
    made = {}
    for name in names:
        source, domain = index_columns(table).get(name) or (letter_columns(table).get(name), "")
        if source is None or row[source] is None:
            continue
        if domain:
            made[name] = index_of(sealer, domain, open_token(sealer, table.name, source, row["id"], row[source].token))
        else:
            made[name] = initials(row[source])
    return made


def open_token(sealer: Sealer, table: str, column: str, row_id: UUID, token: str) -> str:
    """The plain text of a token read by a Core statement."""
    return sealer.open(token, aad(table, column, row_id))

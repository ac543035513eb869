"""The `Sealer` protocol with its keys and refusals: all that the layers above know of cryptography."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, Self
from uuid import UUID

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CryptoCode = Literal[
    "BAD_INPUT",
    "KEY_NOT_FOUND",
    "KEY_STATE",
    "KEY_USAGE",
    "AUTH_FAILED",
    "CERT_INVALID",
    "REPLAY",
    "UNAVAILABLE",
    "TIMEOUT",
    "INTERNAL",
]
FAMILIES = ("dek.pii", "dek.auth", "dek.doc", "dek.cfg", "idx.pii", "mac.row", "mac.sess", "mac.qr")

_KID = re.compile(r"[a-z]{2,8}\.[a-z]{2,12}\.[1-9][0-9]{0,5}")


class CryptoError(Exception):
    """A cryptographic refusal; it names a code and never a key, a text or a cipher."""

    def __init__(self, code: CryptoCode, retryable: bool = False) -> None:
        super().__init__(code)
        self.code, self.retryable = code, retryable


class Sealer(Protocol):
    """Seals, indexes and authenticates values in process."""

    def seal(self, plain: str, aad: str, *, family: str = "dek.pii") -> str:
        """An e1 token, bound to its place."""

    def open(self, token: str, aad: str) -> str:
        """The plain text of an e1 token, or `CryptoError`."""

    def index(self, domain: str, normal_value: str) -> str:
        """The b1 index under the active key."""

    def indexes(self, domain: str, normal_value: str) -> list[str]:
        """Return the b1 indexes under every readable key, the active key first."""

    def row_mac(self, table: str, row_id: str, version: int, fields: Sequence[tuple[str, str | None]]) -> str:
        """The m1 of a row."""

    def check_row_mac(
        self, mac: str, table: str, row_id: str, version: int, fields: Sequence[tuple[str, str | None]]
    ) -> bool:
        """Return whether an m1 fits this row."""

    def mac(self, message: bytes) -> str:
        """The m1 token over the message of a row (see models/row_mac.py)."""

    def check_mac(self, message: bytes, mac: str) -> bool:
        """Return whether an m1 token fits this message."""

    def session_digest(self, token: str) -> str:
        """Return the digest under which a session id is stored."""

    def qr_token(self, kind: str) -> str:
        """A new q1 token of a type."""

    def check_qr(self, token: str) -> str | None:
        """The type of a q1 token we issued, or None for anything else."""

    def token_digest(self, token: str) -> str:
        """Return the digest under which a q1 token is stored; it does not change with a rotation."""

    def hash_password(self, password: str) -> str:
        """A p1 record; the caller seals it under dek.auth."""

    def check_password(self, password: str, p1: str) -> bool:
        """Return whether a password matches its p1 record."""

    def seal_file(self, plain: bytes, file_id: str) -> bytes:
        """An f1 file, bound to its id."""

    def open_file(self, sealed: bytes, file_id: str) -> bytes:
        """The bytes of an f1 file, or `CryptoError`."""

    def seal_stream(self, plain: BinaryIO, sealed: BinaryIO, file_id: str) -> None:
        """Seal a stream into an f1 stream in constant memory; `plain` must be readable twice."""

    def open_stream(self, sealed: BinaryIO, plain: BinaryIO, file_id: str) -> None:
        """Open an f1 stream in constant memory; after a `CryptoError` the output must be discarded. `sealed` must be
        seekable.
        """


def sealer_of(session: "Session") -> Sealer:
    """Return the sealer of the database a session belongs to; `Database` puts it there (decision 14)."""
    found: Sealer | None = session.info.get("sealer")
    if found is None:
        raise RuntimeError("the database was opened without a sealer: Database(url, sealer)")
    return found


def aad(table: str, column: str, row_id: UUID | str) -> str:
    """The place of a value, which its token is bound to."""
    return f"{table}|{column}|{row_id}"


@dataclass(frozen=True)
class KeyRing:
    """The unwrapped data, index and MAC keys: all readable keys and the active key of each family."""

    keys: Mapping[str, bytes] = field(repr=False)
    active: Mapping[str, str]

    def __post_init__(self) -> None:
        for kid, key in self.keys.items():
            if not _KID.fullmatch(kid) or family_of(kid) not in FAMILIES or len(key) != 32:
                raise CryptoError("BAD_INPUT")
        for family in FAMILIES:
            kid = self.active.get(family, "")
            if kid not in self.keys or family_of(kid) != family:
                raise CryptoError("KEY_NOT_FOUND")

    @classmethod
    def fresh(cls) -> Self:
        """Make a ring with a new random key for each family."""
        active = {family: f"{family}.1" for family in FAMILIES}
        return cls({kid: secrets.token_bytes(32) for kid in active.values()}, active)

    def of_family(self, family: str) -> list[str]:
        """Return the key ids of a family, the active one first, then the newest."""
        kids = [kid for kid in self.keys if family_of(kid) == family]
        return sorted(kids, key=lambda kid: (kid != self.active[family], -int(kid.rpartition(".")[2])))


def family_of(kid: str) -> str:
    """`dek.pii` for `dek.pii.1`."""
    return kid.rpartition(".")[0]

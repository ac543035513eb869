"""Keys of a `Sealer` and its refusals."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self
from uuid import UUID

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

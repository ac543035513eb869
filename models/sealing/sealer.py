"""The `Sealer`: every format in process, over the keys of a ring; all that the layers above know of cryptography."""

import re
import secrets
from collections.abc import Callable
from hmac import compare_digest
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from models.sealing.contract import FAMILIES, CryptoError, KeyRing
from models.sealing.formats import BLOCK, FieldKey, FileKey, b64u, file_kid, same, unb64u, utf8

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# Bounds on a stored count of rounds: below is too weak (GM/T 0091), above lets a forged record stall a worker.
_MIN_ROUNDS, _MAX_ROUNDS = 1024, 2_000_000
_KIND = re.compile(r"[a-z]{2,4}")
_Q1 = re.compile(r"q1\.([a-z]{2,4})\.([1-9][0-9]{0,5})\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}")


class Sealer:
    """Seals, indexes and authenticates values in process, over the keys of a ring.

    `newest` gives the ring as it is now, for a key that is not known here: another process may just have made it.
    """

    #: How often a new password is stretched; each record says how often it was.
    rounds = 200_000

    def __init__(
        self,
        ring: KeyRing,
        *,
        newest: Callable[[], KeyRing] | None = None,
        _random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._newest, self._random = newest, _random
        self.hold(ring)

    def hold(self, ring: KeyRing) -> None:
        """Work with these keys from now on."""
        fields = {kid: FieldKey(kid, key) for kid, key in ring.keys.items() if kid.startswith("dek.")}
        macs = {kid: hmac.HMAC(key, hashes.SM3()) for kid, key in ring.keys.items() if kid not in fields}
        sealing = {family: fields[kid] for family, kid in ring.active.items() if kid in fields}
        # The ring last: a reader of its active keys finds them in the others.
        self._fields, self._macs, self._sealing, self._ring = fields, macs, sealing, ring

    def __repr__(self) -> str:
        return "Sealer(…)"

    def seal(self, plain: str, aad: str, *, family: str = "dek.pii") -> str:
        """An e1 token, bound to its place."""
        key = self._sealing.get(family)
        if key is None:
            raise CryptoError("KEY_USAGE" if family in FAMILIES else "KEY_NOT_FOUND")
        return key.seal(utf8(plain), aad, self._random(BLOCK))

    def open(self, token: str, aad: str) -> str:
        """The plain text of an e1 token, or `CryptoError`."""
        parts = token.split(":", 2)
        if len(parts) != 3 or parts[0] != "e1":
            raise CryptoError("AUTH_FAILED")
        plain = self._data_key(parts[1]).open(token, aad)
        try:
            return plain.decode()
        except UnicodeDecodeError:
            raise CryptoError("AUTH_FAILED") from None

    def index(self, domain: str, normal_value: str) -> str:
        """The b1 index under the active key."""
        return self._index(self._ring.active["idx.pii"], domain, normal_value)

    def indexes(self, domain: str, normal_value: str) -> list[str]:
        """Return the b1 indexes under every readable key, the active key first."""
        return [self._index(kid, domain, normal_value) for kid in self._ring.of_family("idx.pii")]

    def mac(self, message: bytes) -> str:
        """The m1 token over the message of a row (see models/row_mac.py)."""
        kid = self._ring.active["mac.row"]
        return f"m1:{kid}:{b64u(self._mac(kid, message))}"

    def check_mac(self, message: bytes, mac: str) -> bool:
        """Return whether an m1 token fits this message."""
        format_, _, rest = mac.partition(":")
        kid, _, tag = rest.partition(":")
        if format_ != "m1" or not kid.startswith("mac.row.") or not self._has_mac(kid):
            return False
        return same(b64u(self._mac(kid, message)), tag)

    def session_digest(self, token: str) -> str:
        """Return the digest under which a session id is stored."""
        return self._mac(self._ring.active["mac.sess"], utf8(token)).hex()

    def qr_token(self, kind: str) -> str:
        """A new q1 token of a type."""
        if not _KIND.fullmatch(kind):
            raise CryptoError("BAD_INPUT")
        kid = self._ring.active["mac.qr"]
        head = f"q1.{kind}.{kid.rpartition('.')[2]}.{b64u(self._random(16))}"
        return f"{head}.{self._qr_tag(kid, head)}"

    def check_qr(self, token: str) -> str | None:
        """The type of a q1 token we issued, or None for anything else."""
        found = _Q1.fullmatch(token)
        kid = f"mac.qr.{found[2]}" if found else ""
        if found is None or not self._has_mac(kid):
            return None
        head, _, tag = token.rpartition(".")
        return found[1] if same(self._qr_tag(kid, head), tag) else None

    def token_digest(self, token: str) -> str:
        """Return the digest under which a q1 token is stored; it does not change with a rotation."""
        # A q1 token names its key, so a digest stored before a rotation is still found after it.
        found = _Q1.fullmatch(token)
        kid = f"mac.qr.{found[2]}" if found else ""
        return self._mac(kid if kid and self._has_mac(kid) else self._ring.active["mac.qr"], utf8(token)).hex()

    def hash_password(self, password: str) -> str:
        """A p1 record; the caller seals it under dek.auth."""
        salt = self._random(16)
        return f"p1:{self.rounds}:{b64u(salt)}:{b64u(_stretch(utf8(password), salt, self.rounds))}"

    def check_password(self, password: str, p1: str) -> bool:
        """Return whether a password matches its p1 record."""
        parts = p1.split(":")
        if len(parts) != 4 or parts[0] != "p1" or not re.fullmatch(r"[1-9][0-9]{3,6}", parts[1]):
            return False
        rounds = int(parts[1])
        if not _MIN_ROUNDS <= rounds <= _MAX_ROUNDS:
            return False
        try:
            return compare_digest(_stretch(utf8(password), unb64u(parts[2]), rounds), unb64u(parts[3]))
        except CryptoError:
            return False

    def seal_file(self, plain: bytes, file_id: str) -> bytes:
        """An f1 file, bound to its id."""
        return self._file_key(self._ring.active["dek.doc"]).seal(plain, file_id, self._random)

    def open_file(self, sealed: bytes, file_id: str) -> bytes:
        """The bytes of an f1 file, or `CryptoError`."""
        return self._file_key(file_kid(BytesIO(sealed), file_id)).open(sealed, file_id)

    def seal_stream(self, plain: BinaryIO, sealed: BinaryIO, file_id: str) -> None:
        """Seal a stream into an f1 stream in constant memory; `plain` must be readable twice."""
        self._file_key(self._ring.active["dek.doc"]).seal_stream(plain, sealed, file_id, self._random)

    def open_stream(self, sealed: BinaryIO, plain: BinaryIO, file_id: str) -> None:
        """Open an f1 stream in constant memory from a seekable; after a `CryptoError` discard the output."""
        self._file_key(file_kid(sealed, file_id)).open_stream(sealed, plain, file_id)

    def _data_key(self, kid: str) -> FieldKey:
        key = self._fields.get(kid)
        if key is None and kid not in self._macs and self._learns():
            key = self._fields.get(kid)
        if key is None:
            raise CryptoError("KEY_USAGE" if kid in self._macs else "KEY_NOT_FOUND")
        return key

    def _has_mac(self, kid: str) -> bool:
        return kid in self._macs or (kid not in self._fields and self._learns() and kid in self._macs)

    def _learns(self) -> bool:
        """Take over new keys if there are any; return whether there were."""
        ring = self._ring if self._newest is None else self._newest()
        if ring is self._ring:
            return False
        self.hold(ring)
        return True

    def _file_key(self, kid: str) -> FileKey:
        self._data_key(kid)
        return FileKey(kid, self._ring.keys[kid])

    def _mac(self, kid: str, data: bytes) -> bytes:
        mac = self._macs[kid].copy()
        mac.update(data)
        return mac.finalize()

    def _index(self, kid: str, domain: str, value: str) -> str:
        if "\0" in domain:
            raise CryptoError("BAD_INPUT")
        mac = self._macs[kid].copy()
        mac.update(utf8(f"{domain}\0{value}"))
        return f"b1:{kid}:{mac.finalize().hex()}"

    def _qr_tag(self, kid: str, head: str) -> str:
        return b64u(self._mac(kid, head.encode())[:16])


def _stretch(password: bytes, salt: bytes, rounds: int) -> bytes:
    return PBKDF2HMAC(hashes.SM3(), length=32, salt=salt, iterations=rounds).derive(password)


def sealer_of(session: "Session") -> Sealer:
    """Return the sealer of the database a session belongs to; `Database` puts it there (decision 14)."""
    found: Sealer | None = session.info.get("sealer")
    if found is None:
        raise RuntimeError("the database was opened without a sealer: Database(url, sealer)")
    return found

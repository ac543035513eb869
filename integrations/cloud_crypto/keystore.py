"""The key store of the local provider: every key wrapped under a root key in a file of its own."""

import json
import os
import secrets
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integrations.cloud_crypto.refusal import StartRefused
from integrations.cloud_crypto.sm2 import PrivateKey
from models.sealing import FAMILIES, CryptoError, FieldKey, family_of
from services.engine.private_files import alone, rename_for_good, write_whole

PAIR_FAMILIES = ("sig.doc", "sig.audit", "sig.acl", "sig.api", "enc.api")
ROOT_FAMILY = "kek.root"
#: Days a key is meant to be used, by use (security 3.5).
PERIODS: Mapping[str, int] = {"dek": 365, "idx": 365, "mac": 365, "sig": 365, "enc": 365, "kek": 730}
_STATES = ("pre", "active", "retired", "compromised", "destroyed")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class StoredKey:
    """A stored key; `secret` is the key or the private number of a pair, `b""` once destroyed.

    A root key has no secret here: it is in its own file.
    """

    kid: str
    state: str
    created_at: str
    secret: bytes = field(repr=False)
    expires_at: str = ""
    public: str = ""

    @property
    def family(self) -> str:
        return family_of(self.kid)

    @property
    def number(self) -> int:
        return int(self.kid.rpartition(".")[2])

    @property
    def place(self) -> str:
        """Return the data bound to the wrapped secret, so that no attribute of a key can be edited."""
        return f"key_store|{self.kid}|{self.state}|{self.created_at}|{self.expires_at}|{self.public}"


Change = Callable[[list[StoredKey]], None]


class KeyStore:
    """The file of wrapped keys and the root key file, shared by several processes."""

    def __init__(
        self,
        directory: Path,
        root_file: Path,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        periods: Mapping[str, int] = PERIODS,
    ) -> None:
        self._file, self._root_file, self._now, self._periods = directory / "keys.json", root_file, now, periods
        self._next_root = root_file.with_name(f"{root_file.name}.next")
        self._lock = directory / "lock"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def read(self) -> tuple[StoredKey, ...]:
        """Every key; on the very first start both files are made."""
        # Web process and worker may start together; the second finds what the first has made.
        with alone(self._lock):
            if not self._file.exists() and not self._root_file.exists():
                self._root_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                root = secrets.token_bytes(32)
                write_whole(self._root_file, root)
                write_whole(self._file, _packed(self._first_keys(), root))
            return tuple(self._open()[0])

    def change(self, change: Change) -> tuple[StoredKey, ...]:
        """Let `change` edit the list of keys and write it back, all or nothing."""
        with alone(self._lock):
            keys, root = self._open()
            change(keys)
            write_whole(self._file, _packed(_checked(keys, self._file), root))
            return tuple(keys)

    def rewrap(self) -> tuple[StoredKey, ...]:
        """Wrap every key under a new root key; a process that dies in between leaves a pair of files that fits."""
        with alone(self._lock):
            keys, _ = self._open()
            root = secrets.token_bytes(32)
            at = next(place for place, key in enumerate(keys) if key.family == ROOT_FAMILY and key.state == "active")
            keys[at] = replace(keys[at], state="destroyed")
            keys.append(self.fresh(ROOT_FAMILY, keys, "active"))
            write_whole(self._next_root, root)
            write_whole(self._file, _packed(keys, root))
            rename_for_good(self._next_root, self._root_file)
            return tuple(keys)

    def stamp(self) -> tuple[int, int, int]:
        """Return a value that changes with the store, cheap enough to ask every second."""
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return 0, 0, 0
        return found.st_mtime_ns, found.st_ino, found.st_size

    def fresh(self, family: str, keys: Sequence[StoredKey], state: str) -> StoredKey:
        """A new key of a family with the next number, which is never given twice."""
        number = max((key.number for key in keys if key.family == family), default=0) + 1
        now, secret, public = self._now(), b"", ""
        if family in PAIR_FAMILIES:
            pair = PrivateKey.fresh()
            secret, public = bytes.fromhex(pair.hex), pair.public.hex
        elif family in FAMILIES:
            secret = secrets.token_bytes(32)
        return StoredKey(
            f"{family}.{number}",
            state,
            now.strftime(_MOMENT),
            secret,
            (now + timedelta(days=self._periods[family.partition(".")[0]])).strftime(_MOMENT),
            public,
        )

    def _first_keys(self) -> list[StoredKey]:
        return [self.fresh(family, [], "active") for family in (ROOT_FAMILY, *FAMILIES, *PAIR_FAMILIES)]

    def _open(self) -> tuple[list[StoredKey], bytes]:
        root = _read_root(self._root_file, self._file)
        if self._next_root.exists():
            # The process that changed the root key died: the store shows which of the two it is wrapped under.
            later = _read(self._next_root)
            if self._fits(root):
                self._next_root.unlink()
            elif self._fits(later):
                rename_for_good(self._next_root, self._root_file)
                root = later
        try:
            keys = self._unpacked(root)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, CryptoError):
            raise StartRefused(f"密钥库 {self._file} 已损坏、被改动或与根密钥不符，请从备份恢复后再启动") from None
        return _checked(keys, self._file), root

    def _fits(self, root: bytes) -> bool:
        try:
            self._unpacked(root)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, CryptoError):
            return False
        return True

    def _unpacked(self, root: bytes) -> list[StoredKey]:
        store = json.loads(_read(self._file))
        wrapping = FieldKey(store["root"], root)
        return [_unwrapped(row, wrapping) for row in store["keys"]]


def read_moment(text: str) -> datetime:
    return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)


def _checked(keys: list[StoredKey], store_file: Path) -> list[StoredKey]:
    actives = sorted(key.family for key in keys if key.state == "active")
    kids = {key.kid for key in keys}
    whole = all(len(key.secret) == (0 if _without_secret(key) else 32) and key.state in _STATES for key in keys)
    if actives != sorted((ROOT_FAMILY, *FAMILIES, *PAIR_FAMILIES)) or len(kids) != len(keys) or not whole:
        raise StartRefused(f"密钥库 {store_file} 不完整：每类密钥须恰有一个在用，请从备份恢复后再启动")
    return keys


def _without_secret(key: StoredKey) -> bool:
    return key.state == "destroyed" or key.family == ROOT_FAMILY


def _read_root(root_file: Path, store_file: Path) -> bytes:
    # Making the missing half anew would leave every stored value unreadable for good, so it is not done.
    for file, other in ((root_file, store_file), (store_file, root_file)):
        if not file.exists():
            raise StartRefused(f"缺少密钥文件 {file}（{other} 仍在），请从备份恢复后再启动")
    root = _read(root_file)
    if len(root) != 32:
        raise StartRefused(f"根密钥文件 {root_file} 已损坏，请从备份恢复后再启动")
    return root


def _packed(keys: Sequence[StoredKey], root: bytes) -> bytes:
    kid = next(key.kid for key in keys if key.family == ROOT_FAMILY and key.state == "active")
    wrapping = FieldKey(kid, root)
    rows = [
        {
            "kid": key.kid,
            "state": key.state,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
            "public": key.public,
            "secret": wrapping.seal(key.secret, key.place, secrets.token_bytes(16)),
        }
        for key in keys
    ]
    return json.dumps({"v": 2, "root": kid, "keys": rows}, indent=1).encode() + b"\n"


def _unwrapped(row: dict[str, Any], wrapping: FieldKey) -> StoredKey:
    named = StoredKey(
        row["kid"], row["state"], row["created_at"], b"", row.get("expires_at", ""), row.get("public", "")
    )
    return replace(named, secret=wrapping.open(row["secret"], named.place))


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        if stat.S_IMODE(os.fstat(stream.fileno()).st_mode) & 0o077:
            raise StartRefused(f"密钥文件 {file} 的权限过宽，请执行 chmod 600 后再启动")
        return stream.read()

"""The key store of the local provider: every key wrapped under a root key that lies in a file of its own."""

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from integrations.cloud_crypto.refusal import StartRefused
from integrations.cloud_crypto.sm2 import PrivateKey
from models.sealing import FAMILIES, CryptoError, FieldKey, family_of

PAIR_FAMILIES = ("sig.doc", "sig.audit", "sig.acl", "sig.api", "enc.api")
_ROOT_KID = "kek.root.1"
_STATES = ("active", "retired")


@dataclass(frozen=True)
class StoredKey:
    """A key and what the store says of it; `secret` is the key itself, or the private number of a pair."""

    kid: str
    state: str
    created_at: str
    secret: bytes = field(repr=False)

    @property
    def place(self) -> str:
        """What the wrapped secret is bound to, so that neither name nor state can be edited."""
        return f"key_store|{self.kid}|{self.state}|{self.created_at}"


def open_store(directory: Path, root_file: Path) -> list[StoredKey]:
    """The keys of the store; on the very first start both files are made."""
    store_file = directory / "keys.json"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Web process and worker may start together; the second finds what the first has made.
    with _alone(directory / "lock"):
        if not store_file.exists() and not root_file.exists():
            root_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            root = secrets.token_bytes(32)
            _write(root_file, root)
            _write(store_file, _packed(_fresh_keys(), _root_key(root)))
        return _unpacked(store_file, _root_key(_read_root(root_file, store_file)))


def _fresh_keys() -> list[StoredKey]:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    data = [StoredKey(f"{family}.1", "active", now, secrets.token_bytes(32)) for family in FAMILIES]
    pairs = [StoredKey(f"{family}.1", "active", now, bytes.fromhex(PrivateKey.fresh().hex)) for family in PAIR_FAMILIES]
    return data + pairs


def _root_key(root: bytes) -> FieldKey:
    return FieldKey(_ROOT_KID, root)


def _read_root(root_file: Path, store_file: Path) -> bytes:
    # Making the missing half anew would leave every stored value unreadable for good, so it is not done.
    for file, other in ((root_file, store_file), (store_file, root_file)):
        if not file.exists():
            raise StartRefused(f"缺少密钥文件 {file}（{other} 仍在），请从备份恢复后再启动")
    root = _read(root_file)
    if len(root) != 32:
        raise StartRefused(f"根密钥文件 {root_file} 已损坏，请从备份恢复后再启动")
    return root


def _packed(keys: list[StoredKey], root: FieldKey) -> bytes:
    rows = [
        {
            "kid": key.kid,
            "state": key.state,
            "created_at": key.created_at,
            "secret": root.seal(key.secret, key.place, secrets.token_bytes(16)),
        }
        for key in keys
    ]
    return json.dumps({"v": 1, "keys": rows}, indent=1).encode() + b"\n"


def _unpacked(store_file: Path, root: FieldKey) -> list[StoredKey]:
    try:
        rows = json.loads(_read(store_file))["keys"]
        keys = [_unwrapped(row["kid"], row["state"], row["created_at"], row["secret"], root) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, CryptoError):
        raise StartRefused(f"密钥库 {store_file} 已损坏、被改动或与根密钥不符，请从备份恢复后再启动") from None
    actives = sorted(family_of(key.kid) for key in keys if key.state == "active")
    kids = {key.kid for key in keys}
    if actives != sorted(FAMILIES + PAIR_FAMILIES) or len(kids) != len(keys):
        raise StartRefused(f"密钥库 {store_file} 不完整：每类密钥须恰有一个在用，请从备份恢复后再启动")
    return keys


def _unwrapped(kid: str, state: str, created_at: str, sealed: str, root: FieldKey) -> StoredKey:
    named = StoredKey(kid, state, created_at, b"")
    secret = root.open(sealed, named.place)
    if len(secret) != 32 or state not in _STATES:
        raise CryptoError("KEY_STATE")
    return StoredKey(kid, state, created_at, secret)


@contextmanager
def _alone(lock_file: Path) -> Iterator[None]:
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        if stat.S_IMODE(os.fstat(stream.fileno()).st_mode) & 0o077:
            raise StartRefused(f"密钥文件 {file} 的权限过宽，请执行 chmod 600 后再启动")
        return stream.read()


def _write(file: Path, content: bytes) -> None:
    """All of a file or nothing of it, readable by its owner only."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)

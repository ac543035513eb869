"""ENV1 envelopes of the partner profile (security 4.5), sealed to one receiver; all faults give one error."""

import base64
import binascii
import re
import secrets
from collections.abc import Callable
from hmac import compare_digest
from typing import Any

from cryptography.hazmat.primitives.ciphers import algorithms

from integrations.wire.strict_json import BadJson, loads_strict
from models.sealing import CryptoError, hmac_sm3
from models.sealing.formats import BLOCK, decrypt, encrypt, lp
from services.ports.crypto import Crypto

ALGORITHM = "SM2-SM4CBC-HSM3"
LARGEST = 1 << 20
_MEMBERS = ("v", "alg", "kid", "mid", "ek", "iv", "ct", "tag")
_CEK = 48
_KID = re.compile(r"[a-z0-9.-]{3,40}")
_MID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def seal_envelope(
    crypto: Crypto,
    peer_key: str,
    kid: str,
    sender: str,
    receiver: str,
    mid: str,
    plain: bytes,
    *,
    _random: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """The envelope of a message to the holder of `peer_key`, whose name for it is `kid`; `mid` is used once."""
    if not _KID.fullmatch(kid) or not _MID.fullmatch(mid):
        raise CryptoError("BAD_INPUT")
    cek, iv = _random(_CEK), _random(BLOCK)
    ct = encrypt(algorithms.SM4(cek[:16]), iv, plain)
    tag = _tag(cek, _aad(sender, receiver, kid, mid), iv, ct)
    parts = {"ek": crypto.seal_key(peer_key, cek), "iv": iv, "ct": ct, "tag": tag}
    texts = {"kid": kid, "mid": mid, **{name: base64.b64encode(part).decode() for name, part in parts.items()}}
    # Nothing in here needs escaping, so that the text is written as the profile prints it.
    return f'{{"v":1,"alg":"{ALGORITHM}",' + ",".join(f'"{name}":"{text}"' for name, text in texts.items()) + "}"


def open_envelope(crypto: Crypto, text: str, sender: str, receiver: str) -> bytes:
    """Open an envelope that `sender` sealed to us; its kid names our `enc.api` key. Every fault is AUTH_FAILED."""
    kid, mid, ek, iv, ct, tag = _parts(text)
    try:
        cek = crypto.open_key(kid, ek)
    except CryptoError as problem:
        if problem.retryable:
            raise
        raise CryptoError("AUTH_FAILED") from None
    if len(cek) != _CEK or not compare_digest(_tag(cek, _aad(sender, receiver, kid, mid), iv, ct), tag):
        raise CryptoError("AUTH_FAILED")
    return decrypt(algorithms.SM4(cek[:16]), iv, ct)


def message_id(text: str) -> str:
    """The `mid` an envelope names; proven only once it was opened."""
    return _parts(text)[1]


def _parts(text: str) -> tuple[str, str, bytes, bytes, bytes, bytes]:
    try:
        found = loads_strict(text.encode(), LARGEST)
    except (BadJson, UnicodeEncodeError):
        raise CryptoError("AUTH_FAILED") from None
    if not isinstance(found, dict) or set(found) != set(_MEMBERS):
        raise CryptoError("AUTH_FAILED")
    if type(found["v"]) is not int or found["v"] != 1 or found["alg"] != ALGORITHM:
        raise CryptoError("AUTH_FAILED")
    kid, mid = found["kid"], found["mid"]
    if not isinstance(kid, str) or not isinstance(mid, str) or not _KID.fullmatch(kid) or not _MID.fullmatch(mid):
        raise CryptoError("AUTH_FAILED")
    ek, iv, ct, tag = (_bytes(found[name]) for name in ("ek", "iv", "ct", "tag"))
    if len(iv) != BLOCK or not ct or len(ct) % BLOCK or len(tag) != 32:
        raise CryptoError("AUTH_FAILED")
    return kid, mid, ek, iv, ct, tag


def _bytes(text: Any) -> bytes:
    try:
        data = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (ValueError, binascii.Error):
        raise CryptoError("AUTH_FAILED") from None
    # One spelling only: the decoder lets spare bits pass.
    if not data or base64.b64encode(data).decode() != text:
        raise CryptoError("AUTH_FAILED")
    return data


def _aad(sender: str, receiver: str, kid: str, mid: str) -> bytes:
    return f"ENV1\n{sender}\n{receiver}\n{kid}\n{mid}".encode()


def _tag(cek: bytes, aad: bytes, iv: bytes, ct: bytes) -> bytes:
    return hmac_sm3(cek[16:], lp(aad) + iv + ct)

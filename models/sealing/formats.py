"""Building blocks of the formats: SM3, HMAC, strict base64url, SM4-CBC with its MAC first, e1 tokens, f1 files."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from hmac import compare_digest

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from models.sealing.contract import CryptoError

BLOCK = 16
CHUNK = 65536
_MAX_HEADER = 512
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_PADS = [b""] + [bytes([n]) * n for n in range(1, BLOCK + 1)]


def sm3(data: bytes) -> bytes:
    """The SM3 digest."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def sm3_hex(data: bytes) -> str:
    """The SM3 digest in hex."""
    return sm3(data).hex()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC with SM3."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()


class FieldKey:
    """One data key, derived for e1 tokens; raw bytes in and out."""

    __slots__ = ("_cipher", "_mac", "kid")

    def __init__(self, kid: str, key: bytes) -> None:
        self.kid = kid
        self._cipher = algorithms.SM4(hmac_sm3(key, b"SHFG/field/enc/v1")[:16])
        self._mac = hmac.HMAC(hmac_sm3(key, b"SHFG/field/mac/v1"), hashes.SM3())
        self._mac.update(b"e1" + lp(kid.encode()))

    def seal(self, plain: bytes, aad: str, iv: bytes) -> str:
        """An e1 token of these bytes."""
        ct = encrypt(self._cipher, iv, plain)
        return f"e1:{self.kid}:{b64u(iv)}:{b64u(ct)}:{b64u(self._tag(aad, iv, ct))}"

    def open(self, token: str, aad: str) -> bytes:
        """The bytes of an e1 token of this key; whatever is wrong with it is AUTH_FAILED."""
        parts = token.split(":")
        if len(parts) != 5 or parts[0] != "e1" or parts[1] != self.kid:
            raise CryptoError("AUTH_FAILED")
        iv, ct, tag = (unb64u(part) for part in parts[2:])
        if len(iv) != BLOCK or not ct or len(ct) % BLOCK or not compare_digest(self._tag(aad, iv, ct), tag):
            raise CryptoError("AUTH_FAILED")
        return decrypt(self._cipher, iv, ct)

    def _tag(self, aad: str, iv: bytes, ct: bytes) -> bytes:
        mac = self._mac.copy()
        mac.update(lp(utf8(aad)) + iv + ct)
        return mac.finalize()


class FileKey:
    """One data key, derived for f1 files."""

    __slots__ = ("_cipher", "_key", "kid")

    def __init__(self, kid: str, key: bytes) -> None:
        self.kid = kid
        self._cipher = algorithms.SM4(hmac_sm3(key, b"SHFG/file/enc/v1")[:16])
        self._key = hmac_sm3(key, b"SHFG/file/mac/v1")

    def seal(self, plain: bytes, file_id: str, random: Callable[[int], bytes]) -> bytes:
        """The f1 bytes of a file."""
        facts = {"kid": self.kid, "file_id": file_id, "chunk": CHUNK, "sm3": sm3_hex(plain), "size": len(plain)}
        header = utf8(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
        if len(header) > _MAX_HEADER:
            raise CryptoError("BAD_INPUT")
        mac, parts = self._mac(header), [b"SHF1", lp(header)]
        for number, start, end, last in _chunks(len(plain)):
            iv = random(BLOCK)
            body = iv + encrypt(self._cipher, iv, plain[start:end])
            parts += (body, _chunk_tag(mac, number, last, body))
        return b"".join(parts)

    def open(self, sealed: bytes, file_id: str) -> bytes:
        """The bytes of an f1 file of this key; nothing of a chunk is used before it verifies."""
        header, at = _header(sealed)
        _, digest, size = _facts(header, file_id)
        full, rest = divmod(max(0, size - 1), CHUNK)
        if len(sealed) - at != full * _sealed_size(CHUNK) + _sealed_size(rest + 1 if size else 0):
            raise CryptoError("AUTH_FAILED")
        mac, plain = self._mac(header), bytearray()
        for number, start, end, last in _chunks(size):
            body = sealed[at : at + _sealed_size(end - start) - 32]
            at += len(body) + 32
            if not compare_digest(_chunk_tag(mac, number, last, body), sealed[at - 32 : at]):
                raise CryptoError("AUTH_FAILED")
            plain += decrypt(self._cipher, body[:BLOCK], body[BLOCK:])
            if len(plain) != end:
                raise CryptoError("AUTH_FAILED")
        opened = bytes(plain)
        if not same(sm3_hex(opened), digest):
            raise CryptoError("AUTH_FAILED")
        return opened

    def _mac(self, header: bytes) -> hmac.HMAC:
        mac = hmac.HMAC(self._key, hashes.SM3())
        mac.update(b"f1" + lp(header))
        return mac


def file_kid(sealed: bytes, file_id: str) -> str:
    """The key an f1 file says it was sealed with; not yet proven."""
    return _facts(_header(sealed)[0], file_id)[0]


def utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise CryptoError("BAD_INPUT") from None


def same(ours: str, theirs: str) -> bool:
    return compare_digest(ours.encode(), theirs.encode(errors="replace"))


def lp(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def b64u(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).translate(_URL_SAFE, b"=").decode()


def unb64u(text: str) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise CryptoError("AUTH_FAILED") from None
    # The decoder skips foreign characters and spare bits; a token has one spelling only.
    if b64u(data) != text:
        raise CryptoError("AUTH_FAILED")
    return data


def encrypt(cipher: algorithms.SM4, iv: bytes, plain: bytes) -> bytes:
    run = Cipher(cipher, modes.CBC(iv)).encryptor()
    return run.update(plain + _PADS[BLOCK - len(plain) % BLOCK]) + run.finalize()


def decrypt(cipher: algorithms.SM4, iv: bytes, ct: bytes) -> bytes:
    run = Cipher(cipher, modes.CBC(iv)).decryptor()
    padded = run.update(ct) + run.finalize()
    pad = padded[-1]
    if not 1 <= pad <= BLOCK or not padded.endswith(_PADS[pad]):
        raise CryptoError("AUTH_FAILED")
    return padded[:-pad]


def _header(sealed: bytes) -> tuple[bytes, int]:
    end = 8 + int.from_bytes(sealed[4:8], "big")
    if sealed[:4] != b"SHF1" or end > 8 + _MAX_HEADER or len(sealed) < end:
        raise CryptoError("AUTH_FAILED")
    return sealed[8:end], end


def _chunks(size: int) -> Iterator[tuple[int, int, int, bool]]:
    """Number, start, end and lastness of each chunk of a file; an empty file is one empty last chunk."""
    count = max(1, -(-size // CHUNK))
    for number in range(count):
        yield number, number * CHUNK, min(size, (number + 1) * CHUNK), number == count - 1


def _sealed_size(plain: int) -> int:
    return BLOCK + (plain // BLOCK + 1) * BLOCK + 32


def _chunk_tag(mac: hmac.HMAC, number: int, last: bool, body: bytes) -> bytes:
    tag = mac.copy()
    tag.update(number.to_bytes(8, "big") + bytes([last]) + body)
    return tag.finalize()


def _facts(header: bytes, file_id: str) -> tuple[str, str, int]:
    try:
        facts = json.loads(header)
        kid, digest, size = facts["kid"], facts["sm3"], facts["size"]
        fits = facts["chunk"] == CHUNK and facts["file_id"] == file_id and len(facts) == 5
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CryptoError("AUTH_FAILED") from None
    if not (fits and isinstance(kid, str) and isinstance(digest, str) and type(size) is int and size >= 0):
        raise CryptoError("AUTH_FAILED")
    return kid, digest, size

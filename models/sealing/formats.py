"""Building blocks of the formats: SM3, HMAC, strict base64url, SM4-CBC with its MAC first, e1 tokens, f1 files."""

import binascii
import json
import threading
from collections.abc import Callable, Iterator
from hmac import compare_digest
from io import BytesIO
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from models.sealing.contract import CryptoError

BLOCK = 16
CHUNK = 65536
_MAX_HEADER = 512
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ZEROS = [bytes(n) for n in range(BLOCK + 1)]
_PADS = [b""] + [bytes([n]) * n for n in range(1, BLOCK + 1)]


def sm3(data: bytes) -> bytes:
    """The SM3 digest."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def sm3_hex(data: bytes) -> str:
    """The SM3 digest in hex."""
    return sm3(data).hex()


class Sm3:
    """Incremental SM3 digest."""

    def __init__(self) -> None:
        self._digest = hashes.Hash(hashes.SM3())

    def update(self, data: bytes) -> None:
        self._digest.update(data)

    def hex(self) -> str:
        """The digest in hex; nothing can follow."""
        return self._digest.finalize().hex()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC with SM3."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()


class FieldKey:
    """A data key derived for e1 tokens; takes and returns raw bytes."""

    __slots__ = ("_cipher", "_head", "_mac", "_runs", "kid")

    def __init__(self, kid: str, key: bytes) -> None:
        self.kid = kid
        self._cipher = algorithms.SM4(hmac_sm3(key, b"SHFG/field/enc/v1")[:16])
        self._mac = hmac.HMAC(hmac_sm3(key, b"SHFG/field/mac/v1"), hashes.SM3())
        self._mac.update(b"e1" + lp(kid.encode()))
        self._head = f"e1:{kid}:"
        self._runs = _Runs()

    def seal(self, plain: bytes, aad: str, iv: bytes) -> str:
        """Return an e1 token of these bytes.

        Every personal value passes here, so the method is a single piece. The cipher context is reused from the value
        before,
        because making one costs more than using it; the output is that of `encrypt`.
        """
        runs, where = self._runs, utf8(aad)
        # Not held while it runs: should it be broken off, the next value begins with a new one.
        (run, last), runs.encrypting = runs.encrypting or (self._new().encryptor(), 0), None
        # The cipher adds the block before, which is another value's last one, so that is taken out and the IV put in.
        padded = plain + _PADS[BLOCK - len(plain) % BLOCK]
        first = int.from_bytes(padded[:BLOCK]) ^ int.from_bytes(iv) ^ last
        ct = run.update(first.to_bytes(BLOCK) + padded[BLOCK:])
        runs.encrypting = run, int.from_bytes(ct[-BLOCK:])
        mac = self._mac.copy()
        mac.update(b"%b%b%b%b" % (len(where).to_bytes(4), where, iv, ct))
        # The three values are spelled in one go: each begins at a multiple of three bytes, filled up with zeros.
        size = len(ct)
        gap = -size % 3
        spelled = binascii.b2a_base64(b"%b\0\0%b%b%b" % (iv, ct, _ZEROS[gap], mac.finalize()), newline=False)
        spelled_out = spelled.translate(_URL_SAFE, b"=").decode()
        end = 24 + (size * 4 + 2) // 3
        return f"{self._head}{spelled_out[:22]}:{spelled_out[24:end]}:{spelled_out[end + gap :]}"

    def open(self, token: str, aad: str) -> bytes:
        """Return the bytes of an e1 token of this key; any fault is AUTH_FAILED."""
        parts = token.split(":")
        if len(parts) != 5 or parts[0] != "e1" or parts[1] != self.kid:
            raise CryptoError("AUTH_FAILED")
        iv, ct, tag = (unb64u(part) for part in parts[2:])
        if len(iv) != BLOCK or not ct or len(ct) % BLOCK or not compare_digest(self._tag(aad, iv, ct), tag):
            raise CryptoError("AUTH_FAILED")
        return self._decrypt(iv, ct)

    def _tag(self, aad: str, iv: bytes, ct: bytes) -> bytes:
        mac = self._mac.copy()
        mac.update(lp(utf8(aad)) + iv + ct)
        return mac.finalize()

    def _decrypt(self, iv: bytes, ct: bytes) -> bytes:
        runs = self._runs
        if runs.decrypting is None:
            runs.decrypting = self._new().decryptor()
        # The IV goes in as the block before the first; what comes out for it belongs to no value.
        return unpadded(runs.decrypting.update(iv + ct)[BLOCK:])

    def _new(self) -> Cipher[modes.CBC]:
        return Cipher(self._cipher, modes.CBC(_ZEROS[BLOCK]))


class _Runs(threading.local):
    """Reusable cipher contexts of a key in a thread, with the last block the encrypting one produced."""

    encrypting: tuple[CipherContext, int] | None = None
    decrypting: CipherContext | None = None


class FileKey:
    """A data key derived for f1 files."""

    __slots__ = ("_cipher", "_key", "kid")

    def __init__(self, kid: str, key: bytes) -> None:
        self.kid = kid
        self._cipher = algorithms.SM4(hmac_sm3(key, b"SHFG/file/enc/v1")[:16])
        self._key = hmac_sm3(key, b"SHFG/file/mac/v1")

    def seal(self, plain: bytes, file_id: str, random: Callable[[int], bytes]) -> bytes:
        """The f1 bytes of a file."""
        sealed = BytesIO()
        self.seal_stream(BytesIO(plain), sealed, file_id, random)
        return sealed.getvalue()

    def open(self, sealed: bytes, file_id: str) -> bytes:
        """The bytes of an f1 file of this key; nothing of a chunk is used before it verifies."""
        opened = BytesIO()
        self.open_stream(BytesIO(sealed), opened, file_id)
        return opened.getvalue()

    def seal_stream(self, plain: BinaryIO, sealed: BinaryIO, file_id: str, random: Callable[[int], bytes]) -> None:
        """Seal a stream into an f1 stream, a chunk in memory at a time; `plain` is read twice."""
        digest, size = Sm3(), 0
        while chunk := plain.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
        plain.seek(0)
        facts = {
            "kid": self.kid,
            "file_id": file_id,
            "chunk": CHUNK,
            "sm3": digest.hex(),
            "size": size,
        }
        header = utf8(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
        if len(header) > _MAX_HEADER:
            raise CryptoError("BAD_INPUT")
        sealed.write(b"SHF1" + lp(header))
        mac = self._mac(header)
        for number, start, end, last in _chunks(size):
            iv = random(BLOCK)
            body = iv + encrypt(self._cipher, iv, _exactly(plain, end - start))
            sealed.write(body)
            sealed.write(_chunk_tag(mac, number, last, body))

    def open_stream(self, sealed: BinaryIO, plain: BinaryIO, file_id: str) -> None:
        """Open an f1 stream; after a refusal the output written to `plain` must be discarded."""
        header = read_header(sealed)
        _, expected, size = _facts(header, file_id)
        mac, digest = self._mac(header), Sm3()
        for number, start, end, last in _chunks(size):
            whole = _exactly(sealed, BLOCK + ((end - start) // BLOCK + 1) * BLOCK + 32)
            body, tag = whole[:-32], whole[-32:]
            if not compare_digest(_chunk_tag(mac, number, last, body), tag):
                raise CryptoError("AUTH_FAILED")
            chunk = decrypt(self._cipher, body[:BLOCK], body[BLOCK:])
            if len(chunk) != end - start:
                raise CryptoError("AUTH_FAILED")
            digest.update(chunk)
            plain.write(chunk)
        if sealed.read(1) or not same(digest.hex(), expected):
            raise CryptoError("AUTH_FAILED")

    def _mac(self, header: bytes) -> hmac.HMAC:
        mac = hmac.HMAC(self._key, hashes.SM3())
        mac.update(b"f1" + lp(header))
        return mac


def file_kid(sealed: BinaryIO, file_id: str) -> str:
    """The key an f1 file says it was sealed with, not yet proven; the stream is left at its start."""
    kid = _facts(read_header(sealed), file_id)[0]
    sealed.seek(0)
    return kid


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
        data = binascii.a2b_base64(text.encode().translate(_FROM_URL_SAFE) + b"=" * (-len(text) % 4))
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
    return unpadded(run.update(ct) + run.finalize())


def unpadded(padded: bytes) -> bytes:
    pad = padded[-1]
    if not 1 <= pad <= BLOCK or not padded.endswith(_PADS[pad]):
        raise CryptoError("AUTH_FAILED")
    return padded[:-pad]


def read_header(sealed: BinaryIO) -> bytes:
    """The header of an f1 file, with the stream left at the first chunk."""
    start = sealed.read(8)
    size = int.from_bytes(start[4:], "big")
    if start[:4] != b"SHF1" or len(start) != 8 or size > _MAX_HEADER:
        raise CryptoError("AUTH_FAILED")
    return _exactly(sealed, size)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    body = stream.read(size)
    if len(body) != size:
        raise CryptoError("AUTH_FAILED")
    return body


def _chunks(size: int) -> Iterator[tuple[int, int, int, bool]]:
    """Yield number, start, end and whether it is the last, of each chunk of a file; an empty file has one."""
    count = max(1, -(-size // CHUNK))
    for number in range(count):
        yield number, number * CHUNK, min(size, (number + 1) * CHUNK), number == count - 1


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

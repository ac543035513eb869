"""The two ASN.1 shapes of SM2, read strictly: minimal DER, nothing behind, integers in range (G5)."""

from models.sealing import CryptoError

_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30


def write_signature(r: int, s: int) -> bytes:
    """SEQUENCE{r INTEGER, s INTEGER}."""
    return _wrap(_SEQUENCE, _integer(r) + _integer(s))


def read_signature(der: bytes) -> tuple[int, int]:
    """r and s of a strict DER signature."""
    body = _only(der, _SEQUENCE)
    r, body = _read_integer(body)
    s, body = _read_integer(body)
    _end(body)
    return r, s


def write_cipher(x: int, y: int, digest: bytes, cipher: bytes) -> bytes:
    """GM/T 0009 SM2Cipher: SEQUENCE{x INTEGER, y INTEGER, hash OCTET STRING, cipher OCTET STRING}."""
    return _wrap(_SEQUENCE, _integer(x) + _integer(y) + _wrap(_OCTETS, digest) + _wrap(_OCTETS, cipher))


def read_cipher(der: bytes) -> tuple[int, int, bytes, bytes]:
    """x, y, hash and cipher of a strict DER SM2Cipher."""
    body = _only(der, _SEQUENCE)
    x, body = _read_integer(body)
    y, body = _read_integer(body)
    digest, body = _read(body, _OCTETS)
    cipher, body = _read(body, _OCTETS)
    _end(body)
    return x, y, digest, cipher


def _integer(value: int) -> bytes:
    # One bit more than the value has, for a set top bit would make it negative.
    return _wrap(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _wrap(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def _read(data: bytes, tag: int) -> tuple[bytes, bytes]:
    if len(data) < 2 or data[0] != tag:
        raise CryptoError("BAD_INPUT")
    size, start = data[1], 2
    if size >= 0x80:
        count = size & 0x7F
        start = 2 + count
        size = int.from_bytes(data[2:start], "big")
        if not 1 <= count <= 3 or len(data) < start or size < 0x80 or data[2] == 0:
            raise CryptoError("BAD_INPUT")
    if len(data) < start + size:
        raise CryptoError("BAD_INPUT")
    return data[start : start + size], data[start + size :]


def _read_integer(data: bytes) -> tuple[int, bytes]:
    body, rest = _read(data, _INTEGER)
    negative = bool(body) and body[0] >= 0x80
    padded = len(body) > 1 and body[0] == 0 and body[1] < 0x80
    if not body or negative or padded or len(body) > 33:
        raise CryptoError("BAD_INPUT")
    return int.from_bytes(body, "big"), rest


def _only(data: bytes, tag: int) -> bytes:
    body, rest = _read(data, tag)
    _end(rest)
    return body


def _end(rest: bytes) -> None:
    if rest:
        raise CryptoError("BAD_INPUT")

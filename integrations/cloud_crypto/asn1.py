"""The little DER that certificates are made of and looked into; signatures and envelopes have their own strict reader."""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from models.sealing import CryptoError

INTEGER, BITS, OCTETS, OID, UTF8, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x06, 0x0C, 0x30, 0x31
_BOOLEAN, _UTC_TIME, _GENERALIZED_TIME = 0x01, 0x17, 0x18
_MOST = 1 << 20


def wrap(tag: int, *parts: bytes) -> bytes:
    """Return an element of these contents."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def integer(value: int) -> bytes:
    return wrap(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    out = bytearray()
    for number in (first * 40 + second, *rest):
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.append(number & 0x7F | 0x80)
        out += bytes(reversed(digits))
    return wrap(OID, bytes(out))


def bits(body: bytes, unused: int = 0) -> bytes:
    return wrap(BITS, bytes([unused]), body)


def text(value: str) -> bytes:
    return wrap(UTF8, value.encode())


def true() -> bytes:
    return wrap(_BOOLEAN, b"\xff")


def moment(value: datetime) -> bytes:
    """A time as certificates write it: two digits for the year until 2049."""
    value = value.astimezone(UTC)
    if value.year < 2050:
        return wrap(_UTC_TIME, value.strftime("%y%m%d%H%M%SZ").encode())
    return wrap(_GENERALIZED_TIME, value.strftime("%Y%m%d%H%M%SZ").encode())


def elements(body: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Tag, content and whole bytes of each element of a content; what is no DER is BAD_INPUT."""
    at = 0
    while at < len(body):
        if len(body) - at < 2:
            raise CryptoError("BAD_INPUT")
        tag, size, start = body[at], body[at + 1], at + 2
        if size >= 0x80:
            count = size & 0x7F
            start += count
            size = int.from_bytes(body[at + 2 : start], "big")
            if not 1 <= count <= 3 or size < 0x80 or body[at + 2] == 0:
                raise CryptoError("BAD_INPUT")
        if start + size > len(body) or size > _MOST:
            raise CryptoError("BAD_INPUT")
        yield tag, body[start : start + size], body[at : start + size]
        at = start + size


def only(der: bytes, tag: int) -> bytes:
    """The content of the one element these bytes are."""
    found = list(elements(der))
    if len(found) != 1 or found[0][0] != tag:
        raise CryptoError("BAD_INPUT")
    return found[0][1]


_ARMOUR = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----\s*([A-Za-z0-9+/=\s]+?)-----END \1-----")


def pem(label: str, der: bytes) -> str:
    """DER in armour, as people mail it."""
    body = base64.b64encode(der).decode()
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def unarmoured(content: bytes, label: str) -> bytes:
    """The DER in a PEM, bare base64 or DER file; empty when it is none of them."""
    # No base64 of DER begins with the digit that this byte is.
    if content[:1] == bytes([SEQUENCE]):
        return content
    found = [match[2] for match in _ARMOUR.finditer(content) if match[1].decode() == label]
    body = found[0] if found else content
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except (ValueError, binascii.Error):
        return b""

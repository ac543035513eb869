"""Short signed statements in a header or an address: `b64url(JSON).b64url(DER signature)` (security.md 3.4)."""

import base64
import binascii
import json
import re
from typing import Any

_LARGEST = 4096
_FORM = re.compile(r"[A-Za-z0-9_-]{1,4000}\.[A-Za-z0-9_-]{1,200}")


def signed_text(statement: str) -> tuple[bytes, str]:
    """Return the signed bytes and the signature in base64; ValueError when it is no statement."""
    if len(statement) > _LARGEST or not _FORM.fullmatch(statement):
        raise ValueError("no signed statement")
    first, _, last = statement.partition(".")
    return first.encode(), base64.b64encode(_bytes(last)).decode()


def stated(statement: str) -> Any:
    """Return the JSON that is stated; ValueError when it is none."""
    return json.loads(_bytes(statement.partition(".")[0]), object_pairs_hook=_once)


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as problem:
        raise ValueError("no base64") from problem
    # The decoder forgives spare bits; a statement has one spelling only.
    if b64url(found) != text:
        raise ValueError("not canonical")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found

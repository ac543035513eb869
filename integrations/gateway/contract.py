"""The assertion header as the gateway writes it: `b64url(payload).b64url(DER signature)` (security.md 3.4)."""

import base64
import binascii
import json
import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

HEADER = "X-GW-Assertion"
#: The longest an assertion may say it is good.
LONGEST_SECONDS = 60

_LARGEST = 4096
_FORM = re.compile(r"[A-Za-z0-9_-]{1,4000}\.[A-Za-z0-9_-]{1,200}")
Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Payload(BaseModel):
    """Issuer, audience, single use, validity, certificate and address of an assertion; times are Unix seconds."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    iss: Short
    aud: Short
    jti: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
    iat: int = Field(ge=0, le=1 << 40)
    exp: int = Field(ge=0, le=1 << 40)
    cert_issuer: Annotated[str, StringConstraints(max_length=400)]
    cert_sn: Annotated[str, StringConstraints(max_length=80)]
    cert_fp: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    ip: Annotated[str, StringConstraints(max_length=64)]


def signed_text(header: str) -> tuple[bytes, str]:
    """Return the signed bytes and the signature in base64; ValueError when it is no assertion."""
    if len(header) > _LARGEST or not _FORM.fullmatch(header):
        raise ValueError("no assertion")
    first, _, last = header.partition(".")
    return first.encode(), base64.b64encode(_bytes(last)).decode()


def payload_of(header: str) -> Payload:
    """Return the content of an assertion; ValueError when it is none."""
    return Payload.model_validate(json.loads(_bytes(header.partition(".")[0]), object_pairs_hook=_once))


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as problem:
        raise ValueError("no base64") from problem
    # The decoder forgives spare bits; an assertion has one spelling only.
    if b64url(found) != text:
        raise ValueError("not canonical")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found

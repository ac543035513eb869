"""The assertion header as the gateway writes it: `b64url(payload).b64url(DER signature)` (security.md 3.4)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from integrations.wire.signed_text import stated

HEADER = "X-GW-Assertion"
#: The longest an assertion may say it is good.
LONGEST_SECONDS = 60

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


def payload_of(header: str) -> Payload:
    """Return the content of an assertion; ValueError when it is none."""
    return Payload.model_validate(stated(header))

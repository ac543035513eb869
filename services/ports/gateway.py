"""The security gateway before us: what it asserts of the certificate a connection was made with (security.md 3.4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Assertion:
    """The gateway's assertion of a certificate and an address; `token` may be used once, until `expires_at`."""

    token: str
    fingerprint: str
    issuer: str
    serial: str
    address: str
    expires_at: datetime


class AssertionRefused(Exception):
    """An assertion that counts for nothing; `reason` is for the audit only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Gateway(Protocol):
    """The gateway whose word is believed."""

    def read(self, header: str, now: datetime) -> Assertion:
        """Return the content of an assertion, or raise `AssertionRefused`; never called inside a transaction."""
        ...

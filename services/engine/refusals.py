"""Refusals: a Chinese sentence a clerk can act on, and the findings behind it."""

from collections.abc import Sequence

from services.engine.findings import Finding


class Refusal(Exception):
    """A refusal with a Chinese sentence; `status` is what HTTP calls it."""

    status = 400

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.findings = tuple(findings)


class NotSignedIn(Refusal):
    status = 401


class NotAllowed(Refusal):
    status = 403


class NotFound(Refusal):
    status = 404

    def __init__(self, message: str = "没有查到符合条件的记录", findings: Sequence[Finding] = ()) -> None:
        super().__init__(message, findings)


class Conflict(Refusal):
    status = 409


class Rejected(Refusal):
    status = 422


class Malformed(Rejected):
    """Refuse an order whose fields do not fit each other; a partner's program has to be changed (E1017)."""


class TooMany(Refusal):
    status = 429


class Unavailable(Refusal):
    status = 503

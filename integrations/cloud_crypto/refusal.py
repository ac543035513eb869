"""Refusals to start because of cryptography: a sentence the operator can act on."""


class StartRefused(Exception):
    """The system must not start like this."""


class NotReady(StartRefused):
    """Raised when a required service does not answer yet; a later start may succeed."""

"""Why cryptography refuses to start: a sentence the operator can act on."""


class StartRefused(Exception):
    """The system must not start like this."""

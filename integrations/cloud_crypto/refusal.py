"""Why cryptography refuses to start: a sentence the operator can act on."""


class StartRefused(Exception):
    """The system must not start like this."""


class NotReady(StartRefused):
    """What the system needs does not answer yet, which may pass by itself: a later start may go well."""

"""Counters of a process: acts at the door, refusals by rule, requests."""

from typing import Literal, Protocol

#: How an act at the door ended: `fault` is an error of our own.
Outcome = Literal["ok", "refused", "denied", "locked", "unavailable", "fault"]


class Measures(Protocol):
    """Counters of one process; names and codes only, never a value, a person or an address of a record."""

    def acted(self, kind: Literal["action", "query"], name: str, seconds: float, outcome: Outcome) -> None:
        """Count an action or a query by its name, with the seconds it took and its end."""
        ...

    def refused(self, code: str) -> None:
        """Count a refusal by the code of its rule."""
        ...

    def answered(self, method: str, place: str, status: int, seconds: float) -> None:
        """Count a request by the first part of its path, with the seconds until its last byte."""
        ...

"""Notes of a process about an act at the door: its request id in log lines and calls, its seconds and end where counted."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Literal

from services.engine.refusals import Conflict, NotAllowed, Refusal, Unavailable
from services.ports.measures import Measures, Outcome
from services.ports.trace import traced

Kind = Literal["action", "query"]
_OUTCOMES: Mapping[type[Refusal], Outcome] = {NotAllowed: "denied", Conflict: "locked", Unavailable: "unavailable"}


@contextmanager
def acting(measures: Measures | None, kind: Kind, name: str, request_id: str) -> Iterator[None]:
    """Name an act in what is logged and sent meanwhile; count its seconds, its end and the rules that refused it."""
    begun = monotonic()
    outcome: Outcome = "fault"
    with traced(request_id):
        try:
            yield
            outcome = "ok"
        except Refusal as refusal:
            outcome = _OUTCOMES.get(type(refusal), "refused")
            if measures is not None:
                for code in {finding.code for finding in refusal.findings}:
                    measures.refused(code)
            raise
        finally:
            if measures is not None:
                measures.acted(kind, name, monotonic() - begun, outcome)

"""A process that decides one application after another until somebody kills it; told what to do as JSON on its standard input."""

import json
import sys
from typing import Any
from uuid import UUID

import services.everything  # noqa: F401
from services.engine.callers import SYSTEM
from services.one_stop.decisions import decide_case
from tests.services.tenancy.filing_child import door_told, say


def main(told: dict[str, Any]) -> None:
    """Decide every case named, saying before each that it begins."""
    door = door_told(told)
    for case_id in told["leases"]:
        say(case_id)
        door.perform(decide_case, SYSTEM, UUID(case_id))
    say("done")


if __name__ == "__main__":
    main(json.load(sys.stdin))

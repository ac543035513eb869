"""How long tests wait for simulators: a machine with more to do than it can looks like a system that does not answer.

The product asks under deadlines of a waiting person (decision 27). Simulators of tests share the processor with everything
else, and make their tables when they are first asked, so that only a test which tells one to be slow keeps those deadlines.
"""

from collections.abc import Iterable
from concurrent.futures import Future, wait
from typing import Any

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG

from integrations.wire.client import Timeout
from services.engine import facts

#: Seconds after which even a test holds that a healthy simulator will not answer.
_ENOUGH = 90.0
PATIENT = Timeout(connect=_ENOUGH, read=_ENOUGH)
#: Worlds of this process with a simulator that keeps its callers waiting on purpose.
_WAITING: set[int] = set()


def keeps_waiting(fault: str) -> bool:
    """Return whether a fault of a simulator is that it answers late or never."""
    return fault == "timeout" or fault.startswith("slow")


def hurry(world: object, wanted: bool) -> None:
    """Keep the product's deadlines in this process while a world wants them, or no longer."""
    (_WAITING.add if wanted else _WAITING.discard)(id(world))


def _wait(running: Iterable[Future[Any]], timeout: float) -> object:
    return wait(running, timeout=timeout if _WAITING else max(timeout, _ENOUGH))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart() -> None:
    vars(facts)["wait"] = _wait
    # What a test asks a simulator by itself, without a time of its own.
    for part in ("connect", "read", "write", "pool"):
        setattr(DEFAULT_TIMEOUT_CONFIG, part, _ENOUGH)

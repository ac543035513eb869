"""What a process has once is as it was before a test when the test is over: keys, policies, places."""

from collections.abc import Iterator
from types import ModuleType

import pytest

from integrations.wire import breaker, outbound
from models.sealing import contract
from services.access import factors, newest_access_list
from services.demo import cards, clock
from services.documents import issuance
from services.operations import place, release
from services.ports import crypto, evidence, gateway
from services.tenancy import paper_words

ONCE: tuple[tuple[ModuleType, str], ...] = (
    (contract, "_bound"),
    (crypto, "_bound"),
    (gateway, "_bound"),
    (evidence, "_sink"),
    (evidence, "_store"),
    (outbound, "_policy"),
    (breaker, "_told"),
    (factors, "_policy"),
    (newest_access_list, "_place"),
    (place, "_bound"),
    (release, "_installed"),
    (issuance, "_public_url"),
    (paper_words, "_demo_seals"),
    (cards, "_offered"),
    (clock, "_movable"),
)


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = [getattr(module, name) for module, name in ONCE]
    yield
    for (module, name), value in zip(ONCE, before, strict=True):
        setattr(module, name, value)

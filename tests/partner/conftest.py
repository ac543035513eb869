"""One rig a module, on each engine."""

from collections.abc import Iterator

import pytest

from tests.partner.rig import Rig, running_rig


@pytest.fixture(scope="module")
def rig(database_url: str) -> Iterator[Rig]:
    with running_rig(database_url) as running:
        yield running

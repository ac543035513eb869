"""How long a browser test waits for what must come: long, for the machine is shared, and the same everywhere."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.pictures.people import PATIENCE

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    context.set_default_timeout(PATIENCE)
    return context

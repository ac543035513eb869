"""Which kinds a test of conformance is tried on.

What the engine does for a kind whatever it declares is tried on the made kind and on the richest one, on both engines. What
depends on a kind's own declaration is tried on every kind, in few tests: a further kind costs five cases.
"""

from typing import Any

import pytest

import services.everything  # noqa: F401
from services.engine.kinds import KINDS

MADE = "sales_office"
NAMES = [*KINDS, MADE]

every_kind = pytest.mark.parametrize("name", NAMES)


def whole_story(test: Any) -> Any:
    """Try it on the made kind and on the one with most fields, lists, files and hooks."""
    return pytest.mark.both_engines(pytest.mark.parametrize("name", [MADE, "project"])(test))

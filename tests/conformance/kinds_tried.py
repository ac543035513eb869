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

#: Whose life `make test` goes through: the made one, those with most fields, lists and files, companies, a month, a certificate and
#: a shape. What the others declare is tried by the tests of their rows, and their lives by night.
_BY_DAY = {
    MADE,
    "project",
    "sales_plan",
    "head_company",
    "project_company",
    "progress_report",
    "construction_permit",
    "red_line",
}
every_kind = pytest.mark.parametrize(
    "name", [name if name in _BY_DAY else pytest.param(name, marks=pytest.mark.night) for name in NAMES]
)


def whole_story(test: Any) -> Any:
    """Try it on the made kind and on the one with most fields, lists, files and hooks."""
    return pytest.mark.both_engines(pytest.mark.parametrize("name", [MADE, "project"])(test))

"""A market with land for red lines, on a Monday in spring."""

import json
import runpy
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from services.space import drawing_process
from tests.services.construction.conftest import land, standing

__all__ = ["land", "standing"]


@pytest.fixture(autouse=True)
def drawings_are_read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open drawings by the code of that process in this one: loading its library takes a quarter of a second each time."""
    if not request.module.__name__.endswith("test_hostile_drawings"):
        monkeypatch.setattr(drawing_process, "run_limited", _answer_of)


def _answer_of(child: Path, data: bytes) -> Any:
    return json.loads(json.dumps(_script(child)["answer"](BytesIO(data))))


@cache
def _script(child: Path) -> dict[str, Any]:
    return runpy.run_path(str(child), run_name="child")

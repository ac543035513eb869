"""Hostile drawings are refused, quickly and within the limits (row 81)."""

import resource
import subprocess
import sys
import time

import pytest

from services.space.drawing_report import answer_drawing
from tests.services.space.hostile_drawings import hostile_drawings

pytestmark = pytest.mark.row(81)
DRAWINGS = dict(hostile_drawings())
#: Processor seconds: one to refuse, and as many again for the start of the process that opens the drawing on a busy machine.
QUICK = 2.0


def test_there_are_twenty_two() -> None:
    assert len(DRAWINGS) == 22


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_hostile_drawing_is_refused(name: str) -> None:
    begun = time.process_time() + _children()
    answer = answer_drawing(f"{name}.dxf", DRAWINGS[name])
    assert answer["buildings"] == []
    assert [finding["verdict"] for finding in answer["findings"]].count("reject") >= 1
    assert time.process_time() + _children() - begun < QUICK
    assert "Error" not in str(answer)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_product_itself_never_loads_the_library() -> None:
    check = "import sys, services.everything; sys.exit('ezdxf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0

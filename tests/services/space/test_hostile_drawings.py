"""Hostile drawings are refused within the limits (row 81); how quickly, the bench `space` says."""

import pytest

from services.space.drawing_report import answer_drawing
from tests.services.space.hostile_drawings import hostile_drawings

pytestmark = pytest.mark.row(81)
DRAWINGS = dict(hostile_drawings())


def test_there_are_twenty_two() -> None:
    assert len(DRAWINGS) == 22


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_hostile_drawing_is_refused(name: str) -> None:
    answer = answer_drawing(f"{name}.dxf", DRAWINGS[name])
    assert answer["buildings"] == []
    assert [finding["verdict"] for finding in answer["findings"]].count("reject") >= 1
    assert "Error" not in str(answer)

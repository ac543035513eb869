"""What is claimed in rows_built.txt has an acceptance test that runs."""

from pathlib import Path

from deploy.rows import ROWS, acceptance_tests, built_rows

SAMPLE = """
import pytest

pytestmark = [pytest.mark.row(3)]

@pytest.mark.row(5, 6)
def test_a(): ...

class TestGroup:
    @pytest.mark.skip(reason="later")
    @pytest.mark.row(7)
    async def test_b(self): ...

@pytest.mark.night
@pytest.mark.row(8)
def test_c(): ...

def helper(): ...
"""


def test_every_row_claimed_as_built_has_an_acceptance_test() -> None:
    tested = {test.row for test in acceptance_tests() if test.runs}
    assert [row for row in built_rows() if row not in tested] == []


def test_rows_are_claimed_once_and_exist() -> None:
    claimed = built_rows()
    assert len(claimed) == len(set(claimed))
    assert [row for row in claimed if row not in ROWS] == []


def test_no_test_accepts_a_row_that_does_not_exist() -> None:
    assert [test for test in acceptance_tests() if test.row not in ROWS] == []


def test_marks_are_read_from_functions_classes_and_modules(tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE, encoding="utf-8")
    found = {(test.row, test.node.rsplit("::", 1)[1], test.runs) for test in acceptance_tests(tmp_path)}
    assert found == {
        (3, "test_a", True),
        (5, "test_a", True),
        (6, "test_a", True),
        (3, "test_b", False),
        (7, "test_b", False),
        (3, "test_c", False),
        (8, "test_c", False),
    }

"""What `make test` does with tests that fail: a few get a second try and are named, and nothing else is forgiven."""

from pathlib import Path

import pytest

from deploy import test as runner

ONCE = """
from pathlib import Path
def test_now_and_then():
    place = Path(__file__).with_name("been")
    been = place.exists()
    place.touch()
    assert been
def test_sound():
    pass
"""
NEVER = "import pytest\n@pytest.mark.parametrize('n', range({count}))\ndef test_never(n):\n    assert n < 0\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, which knows nothing of this one's options and plugins."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (tmp_path / "tests").mkdir()
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    monkeypatch.setattr(runner, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(runner, "SECOND", tmp_path / "reports" / "second_try.txt")
    return tmp_path


def run(tree: Path, **files: str) -> tuple[int, str]:
    for name, text in files.items():
        (tree / "tests" / f"test_{name}.py").write_text(text)
    code = runner.twice("quick", ["tests"], [])
    return code, runner.closing_line(crashed=int(code != 0), seconds=1)


def told(tree: Path) -> str:
    place = tree / "reports" / "second_try.txt"
    return place.read_text() if place.exists() else ""


def test_what_fails_once_passes_and_is_named(tree: Path) -> None:
    code, line = run(tree, once=ONCE)
    assert (code, line) == (0, "=== 2 passed in 1.00s ===")
    assert told(tree) == "tests.test_once::test_now_and_then\n"


def test_what_fails_twice_fails(tree: Path) -> None:
    code, line = run(tree, once=ONCE, never=NEVER.format(count=1))
    assert (code, line) == (1, "=== 1 failed, 2 passed in 1.00s ===")
    assert told(tree) == ""


def test_many_failures_are_no_accident(tree: Path) -> None:
    code, line = run(tree, once=ONCE, never=NEVER.format(count=runner.FEW))
    assert (code, line) == (1, f"=== {runner.FEW + 1} failed, 1 passed in 1.00s ===")
    assert not (tree / "reports" / "quick-again.xml").exists()


def test_a_run_that_ends_with_another_number_is_not_tried_again(tree: Path) -> None:
    ending = "def pytest_sessionfinish(session):\n    session.exitstatus = 7\n"
    (tree / "tests" / "conftest.py").write_text(ending)
    code, line = run(tree, once=ONCE)
    assert code == 7
    assert not (tree / "reports" / "quick-again.xml").exists()
    (tree / "tests" / "test_once.py").unlink()
    code, line = run(tree, sound="def test_sound():\n    pass\n")
    assert (code, line) == (7, "=== 1 passed, 1 error in 1.00s ===")

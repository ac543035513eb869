"""What `make test` does with tests that fail: each gets a second try and is named, and nothing else is forgiven."""

import re
from pathlib import Path

import pytest

from deploy import test as runner

ONCE = """
import re
from pathlib import Path
def test_now_and_then():
    place = Path(__file__).with_name("been")
    been = place.exists()
    place.touch()
    assert been
def test_sound():
    pass
"""
#: A test that fails once it has been at its world: only in a new one can it pass.
WORLD = """
import pytest
left = []
@pytest.fixture(scope="session")
def city():
    yield []
    left.append("city")
@pytest.fixture(scope="module")
def world(city):
    yield city
    left.append("world")
def test_before(world):
    world.append("before")
def test_counts_its_world(world):
    world.append("mine")
    assert world == ["mine"], world
def test_after(world):
    assert (world, left) == ([], ["world", "city"] * 2)
"""
NEVER = "def test_never():\n    assert False\n"
#: Without the other plugins there are, each of which takes longer to load than these tests.
ALONE = ["--reruns", "1", "-p", "pytest_rerunfailures", "-p", "tests.outcomes", "-p", "tests.second_tries"]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, which knows nothing of this one's options and plugins."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (tmp_path / "tests").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(runner.ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    monkeypatch.setattr(runner, "REPORTS", tmp_path / "build" / "reports")
    monkeypatch.setattr(runner, "SECOND", tmp_path / "build" / "reports" / "second_try.txt")
    monkeypatch.setattr(runner, "SPENT", tmp_path / "build" / "reports" / "processor_seconds.txt")
    return tmp_path


def run(tree: Path, **files: str) -> tuple[int, str]:
    for name, text in files.items():
        (tree / "tests" / f"test_{name}.py").write_text(text)
    code = runner.begun("quick", ["tests", *ALONE]).wait()
    return code, runner.closing_line(crashed=int(code != 0), seconds=1)


def test_what_fails_once_passes_and_is_named(tree: Path) -> None:
    code, line = run(tree, once=ONCE)
    assert (code, line) == (0, "=== 2 passed in 1.00s ===")
    (tried,) = runner.second_tries()
    name, _, why = tried.partition("\t")
    assert name == "tests/test_once.py::test_now_and_then"
    assert re.fullmatch(r"call: test_once\.py:[0-9]+ assert False", why)
    assert not runner.too_many_second_tries()
    assert runner.processor_seconds() > 0


def test_a_second_try_has_a_world_of_its_own(tree: Path) -> None:
    assert run(tree, world=WORLD) == (0, "=== 3 passed in 1.00s ===")


@pytest.mark.night
def test_what_fails_twice_fails(tree: Path) -> None:
    code, line = run(tree, once=ONCE, never=NEVER)
    assert (code, line) == (1, "=== 1 failed, 2 passed in 1.00s ===")


@pytest.mark.night
def test_many_second_tries_are_no_accident(tree: Path) -> None:
    tried = [f"tests/test_some.py::test_now_and_then[{number}]" for number in range(runner.FEW + 1)]
    runner.REPORTS.mkdir(parents=True)
    runner.SECOND.write_text("\n".join(tried[:-1]))
    assert not runner.too_many_second_tries()
    runner.SECOND.write_text("\n".join(tried))
    assert runner.too_many_second_tries()


@pytest.mark.night
def test_a_run_that_ends_with_another_number_is_not_forgiven(tree: Path) -> None:
    ending = "def pytest_sessionfinish(session):\n    session.exitstatus = 7\n"
    (tree / "tests" / "conftest.py").write_text(ending)
    assert run(tree, sound="def test_sound():\n    pass\n") == (7, "=== 1 passed, 1 error in 1.00s ===")

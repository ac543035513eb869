"""Files of tests run side by side: every report comes home once, and a worker that dies fails one test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.test import outcomes
from tests.browser import ROOT

SHARED = """
import os
from pathlib import Path
import pytest
@pytest.fixture(scope="session")
def made():
    return os.getpid()
@pytest.fixture(scope="module")
def of_file(made):
    yield made
    Path(os.environ["TOLD"], f"left_{os.getpid()}").touch()
@pytest.mark.parametrize("number", range(3))
def test_in_one_process(of_file, number, tmp_path):
    assert of_file == os.getpid()
    tmp_path.joinpath("mine").touch()
def test_what_is_printed_is_caught_by_itself(capfd):
    os.system("echo said")
    assert capfd.readouterr().out == "said\\n"
def test_log_lines_are_caught(caplog):
    import logging
    logging.getLogger("any").warning("told")
    assert caplog.messages == ["told"]
def test_that_fails():
    print("before it failed")
    assert False
"""
DYING = """
import os
def test_before(): pass
def test_that_dies(): os._exit(3)
def test_after(): pass
"""
TORN = """
import pytest
@pytest.fixture(scope="session")
def torn():
    yield
    raise ValueError("torn at the end")
def test_of_a_fixture_that_ends_badly(torn): pass
def test_left_out(): pytest.skip("not here")
"""


def run(folder: Path, *options: str, **files: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """A run of these files with three workers: how it ended, and the outcome of each test."""
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    for name, content in files.items():
        (folder / f"test_{name}.py").write_text(content)
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("SHENFANG_TEST", "PYTEST"))}
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT), "TOLD": str(folder)}
    command = [sys.executable, "-m", "pytest", "-p", "tests.side_by_side", "-p", "no:cacheprovider", "--workers", "3"]
    ended = subprocess.run(
        [*command, f"--junitxml={folder / 'told.xml'}", *options, str(folder)],
        cwd=folder,
        env=outside | alone,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended, {test.partition("::")[2]: outcome for test, outcome in outcomes(folder / "told.xml").items()}


@pytest.mark.night
def test_every_test_is_told_once_and_what_a_dead_worker_left_is_run(tmp_path: Path) -> None:
    ended, told = run(tmp_path, shared=SHARED, dying=DYING, torn=TORN)
    sound = {*(f"test_in_one_process[{number}]" for number in range(3)), "test_what_is_printed_is_caught_by_itself"}
    assert {name for name, outcome in told.items() if outcome == "passed"} >= sound | {"test_before"}, ended.stdout
    assert (told["test_that_fails"], told["test_that_dies"]) == ("failed", "error")
    assert told.keys() >= {"test_after", "test_of_a_fixture_that_ends_badly", "test_left_out"}
    assert ended.returncode == 1
    assert "1 failed, 8 passed, 1 skipped, 2 errors" in ended.stdout
    assert "the worker ended with 3 during this test" in ended.stdout
    assert "ValueError: torn at the end" in ended.stdout
    assert "before it failed" in ended.stdout
    # A file's fixtures end with it, in the process that made them.
    assert len([*tmp_path.glob("left_*")]) == 1


@pytest.mark.night
def test_a_run_that_ends_with_its_first_failure_leaves_no_worker(tmp_path: Path) -> None:
    endless = "from threading import Event\ndef test_endless():\n    Event().wait()\n"
    ended, told = run(tmp_path, "-x", bad="def test_bad():\n    assert False\n", endless=endless)
    assert ended.returncode == 1, ended.stdout
    assert told["test_bad"] == "failed"


@pytest.mark.parametrize("content", ["import nothing_of_this_name\n", "def broken(:\n"])
@pytest.mark.night
def test_a_file_that_cannot_be_collected_fails_the_run(tmp_path: Path, content: str) -> None:
    ended, _ = run(tmp_path, bad=content, sound="def test_sound(): pass\n")
    assert ended.returncode == 2, ended.stdout
    assert "1 error" in ended.stdout

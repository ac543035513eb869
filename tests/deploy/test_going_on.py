"""`make test` says how far it is, and goes on where it was broken off while the tree is the same (operations 2)."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.test_memory import PASSED, SECONDS, Memory, progress_told, tree_digest
from tests.browser import ROOT
from tests.progress import Progress

SOUND = "def test_sound():\n    pass\ndef test_other():\n    pass\n"
SLOW = """
import os
from pathlib import Path
from threading import Event
def test_slow():
    Path(os.environ["BEGUN"]).touch()
    while not Path(os.environ["GO_ON"]).exists():
        Event().wait(0.1)
"""
RUNNER = """
import sys
from pathlib import Path
from deploy import test as runner
runner.ROOT = Path.cwd()
build = runner.ROOT / "build"
runner.REPORTS, runner.RESULTS, runner.PROGRESS = build / "reports", build / "test-results.json", build / "progress"
runner.CLOSING = runner.REPORTS / "closing_line.txt"
runner.SECOND, runner.SPENT = runner.REPORTS / "second_try.txt", runner.REPORTS / "processor_seconds.txt"
runner.SAID_EVERY = 0.2
# This tree has nothing to compile; ours, which the module would take, is compiled by the run this test is part of.
runner.compile_once = lambda *_, **__: None
# Two workers do what four do here.
runner.workers = lambda what: 2
runner.main()
"""
PLUGINS = "-p tests.side_by_side -p pytest_rerunfailures -p tests.outcomes -p tests.progress"


class Tree:
    """A project of its own with two files of tests, one of which waits until it is told to go on."""

    def __init__(self, folder: Path) -> None:
        self.home, self.outside = folder / "tree", folder
        (self.home / "tests").mkdir(parents=True)
        (self.home / ".gitignore").write_text("build/\n.pytest_cache/\n__pycache__/\n")
        (self.home / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
        (self.home / "tests" / "test_sound.py").write_text(SOUND)
        (self.home / "tests" / "test_slow.py").write_text(SLOW)
        subprocess.run(["git", "init", "-q"], cwd=self.home, check=True)

    def run(self, *options: str, **more: str) -> subprocess.Popen[str]:
        names = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CI", "SHENFANG"))}
        places = {"BEGUN": str(self.outside / "begun"), "GO_ON": str(self.outside / "go_on")}
        plugins = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": PLUGINS}
        return subprocess.Popen(
            [sys.executable, "-c", RUNNER, *options],
            cwd=self.home,
            env={**names, **places, **plugins, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def break_off(self) -> None:
        """Begin a run and kill it in its second file."""
        run, passed = self.run(), self.home / "build" / "progress" / PASSED
        while not ((self.outside / "begun").exists() and passed.exists() and "test_sound" in passed.read_text()):
            with pytest.raises(subprocess.TimeoutExpired):
                run.wait(0.05)
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        (self.outside / "go_on").touch()

    def ended(self, *options: str, **more: str) -> tuple[int, str]:
        run = self.run(*options, **more)
        told, _ = run.communicate()
        return run.returncode, told

    def ran(self) -> set[str]:
        """Tests that the last run ran itself."""
        return {test.partition("::")[2] for test in json.loads((self.home / "build" / "test-results.json").read_text())}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_a_run_that_was_killed_goes_on_and_the_next_begins_from_the_start(tree: Tree) -> None:
    tree.break_off()
    code, told = tree.ended()
    assert code == 0, told
    assert "接着上次：源代码未变，已通过的 1 个测试文件不再运行" in told
    assert "=== 3 passed in " in told
    assert tree.ran() == {"test_slow"}
    # It ended, so nothing is left to go on with.
    code, told = tree.ended()
    assert (code, "接着上次" in told) == (0, False), told
    assert tree.ran() == {"test_slow", "test_sound", "test_other"}


@pytest.mark.parametrize("how", ["fresh", "changed", "ci"])
@pytest.mark.night
def test_a_changed_tree_and_whoever_asks_for_it_begin_from_the_start(tree: Tree, how: str) -> None:
    tree.break_off()
    if how == "changed":
        (tree.home / "tests" / "test_more.py").write_text("def test_more():\n    pass\n")
    code, told = tree.ended(*(["--fresh"] if how == "fresh" else []), **({"CI": "true"} if how == "ci" else {}))
    assert (code, "接着上次" in told) == (0, False), told
    assert {"test_slow", "test_sound"} <= tree.ran()


@pytest.mark.night
def test_what_failed_is_run_again_and_what_passed_is_not(tree: Tree) -> None:
    (tree.outside / "go_on").touch()
    bad = "import os\nfrom pathlib import Path\ndef test_bad():\n    assert Path(os.environ['GO_ON']).with_name('mended').exists()\n"
    (tree.home / "tests" / "test_bad.py").write_text(bad)
    code, told = tree.ended()
    assert (code, "=== 1 failed, 3 passed in " in told) == (1, True), told
    (tree.outside / "mended").touch()
    code, told = tree.ended()
    assert (code, "=== 4 passed in " in told) == (0, True), told


@pytest.mark.night
def test_a_long_run_says_how_far_it_is(tree: Tree) -> None:
    run = tree.run()
    assert run.stdout is not None
    while not (line := run.stdout.readline()).startswith("已完成"):
        assert line, "the run ended"
    assert re.fullmatch("已完成 1/3 项（33%），用时 .*，约余 .*\n|已完成 2/3 项（66%），用时 .*，约余 .*\n", line)
    (tree.outside / "go_on").touch()
    assert run.wait(60) == 0
    run.stdout.close()


def test_what_is_left_is_told_by_the_time_tests_took_before(tmp_path: Path) -> None:
    assert progress_told(tmp_path, 60) == ""
    (tmp_path / "run-1.json").write_text(json.dumps({"total": 100, "done": 30, "due": 400.0, "spent": 100.0}))
    (tmp_path / "run-2.json").write_text(json.dumps({"total": 100, "done": 20, "due": 100.0, "spent": 50.0}))
    assert progress_told(tmp_path, 600, 3) == "正在查找用例，已完成 50 项，用时 10 分钟"
    assert progress_told(tmp_path, 600, 2) == "已完成 50/200 项（25%），用时 10 分钟，约余 30 分钟"


def test_a_test_that_is_tried_twice_is_over_once(tmp_path: Path) -> None:
    counted = Progress(tmp_path)
    counted.pytest_collection_finish(SimpleNamespace(items=[SimpleNamespace(nodeid="a::t")]))  # type: ignore[arg-type]
    where = tmp_path / f"run-{os.getpid()}.json"

    def tried(outcome: str) -> tuple[int, bool]:
        for when, ended in (("setup", "passed"), ("call", outcome), ("teardown", "passed")):
            told = {"nodeid": "a::t", "when": when, "outcome": ended}
            counted.pytest_runtest_logreport(
                SimpleNamespace(**told, failed=ended == "failed", skipped=False)  # type: ignore[arg-type]
            )
        counted.pytest_sessionfinish()
        done = json.loads(where.read_text(encoding="utf-8"))
        assert done["total"] == 1
        return done["done"], (tmp_path / PASSED).exists()

    # Its file has not passed before the second try has.
    assert tried("rerun") == (0, False)
    assert tried("passed") == (1, True)


def test_what_took_long_last_time_comes_first_and_files_stay_whole(tmp_path: Path) -> None:
    (tmp_path / SECONDS).write_text(json.dumps({"short::t": 2.0, "long::t": 1.5, "long::u": 1.5}))
    items = [SimpleNamespace(nodeid=test) for test in ("new::t", "short::t", "long::t", "long::u")]
    Progress(tmp_path).pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.nodeid for item in items] == ["long::t", "long::u", "short::t", "new::t"]


def test_a_line_that_was_cut_off_is_no_file_that_passed(tmp_path: Path) -> None:
    lines = ["d", json.dumps({"file": "a", "outcomes": {"a::t": "passed"}}), '{"file": "b", "outco']
    (tmp_path / PASSED).write_text("\n".join(lines))
    memory = Memory(tmp_path, "d")
    assert memory.recall()
    assert memory.left_out() == ["--ignore=a"]
    assert not Memory(tmp_path, "other").recall()
    assert not Memory(tmp_path, "").recall()


def test_the_digest_of_a_tree_tells_its_content_and_options(tree: Tree) -> None:
    first = tree_digest(tree.home, [])
    assert first == tree_digest(tree.home, [])
    assert first != tree_digest(tree.home, ["--database", "both"])
    (tree.home / "build").mkdir()
    (tree.home / "build" / "made").touch()
    assert first == tree_digest(tree.home, [])
    (tree.home / "tests" / "test_sound.py").write_text(SOUND + "\n")
    assert first != tree_digest(tree.home, [])
    assert tree_digest(tree.outside, []) == ""

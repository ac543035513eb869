"""Run the tests in the order that works: those in the browser in a run of their own, then everything else side by side."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
CLOSING = REPORTS / "closing_line.txt"
SECOND = REPORTS / "second_try.txt"
RESULTS = ROOT / "build" / "test-results.json"
TESTS_FAILED, NOTHING_COLLECTED = 1, 5
#: More failures than this are no accident of a busy machine.
FEW = 4
AGAIN = "-again"
WORDS = {"failure": "failed", "error": "error", "skipped": "skipped"}
BAD = frozenset({"failed", "error"})


def main() -> None:
    parser = argparse.ArgumentParser(description="运行测试。")
    parser.add_argument("--row", type=int, help="只运行某一行的验收测试")
    parser.add_argument("--quick", action="store_true", help="只用 SQLite，不开浏览器")
    parser.add_argument("--soak", action="store_true", help="只运行长时演练")
    wanted, more = parser.parse_known_args()
    choice = [*(["--row", str(wanted.row)] if wanted.row else []), *(["--soak"] if wanted.soak else []), *more]
    # A drill counts and times what it does; a second one beside it would disturb both.
    # One more than there are cores: a third of the time a test waits for a database, a process or a simulator.
    workers = min(8, (os.cpu_count() or 1) + 1)
    parallel = [] if wanted.soak else ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    started = time.monotonic()
    shutil.rmtree(REPORTS, ignore_errors=True)
    if not (choice or wanted.quick):
        # A whole run knows every test there is: what is left from tests that are gone would stay for ever.
        RESULTS.unlink(missing_ok=True)
    engines = ["--database", "sqlite"] if wanted.quick else []
    codes = []
    with tempfile.TemporaryDirectory(prefix="shenfang-bytecode-") as bytecode:
        compile_once(Path(bytecode))
        if not wanted.quick and any((ROOT / "tests" / "e2e").glob("**/test_*.py")):
            codes.append(twice("browser", ["tests/e2e"], choice))
        codes.append(twice("quick", ["tests", *engines], choice, parallel))
    failed = [code for code in codes if code not in (0, NOTHING_COLLECTED)]
    if all(code == NOTHING_COLLECTED for code in codes):
        print(f"第 {wanted.row} 行没有验收测试。" if wanted.row else "没有可运行的测试。")
        failed = [NOTHING_COLLECTED]
    line = closing_line(crashed=len(failed), seconds=time.monotonic() - started)
    CLOSING.parent.mkdir(parents=True, exist_ok=True)
    CLOSING.write_text(line + "\n", encoding="utf-8")
    print(line)
    sys.exit(failed[0] if failed else 0)


def compile_once(folder: Path) -> None:
    """Have all processes of this run share what each would compile: the workers, and the products their tests start.

    Outside the tree, in which bytecode is a fault; where the machine forbids it, for this run's own folder it may be.
    """
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def twice(name: str, what: list[str], choice: list[str], parallel: Sequence[str] = ()) -> int:
    """A run of pytest and its exit code; a few tests that failed get one more try, by themselves, and are named.

    A test that fails now and then on a busy machine is a fault to look for, not a reason to refuse 15,000 others.
    Drills, many failures, a run that broke off, and what the scan at the end found (`tests/scan.py`) get no second try.
    """
    code = pytest(name, [*what, *parallel, *choice])
    failed = sorted(case for case, outcome in outcomes(REPORTS / f"{name}.xml").items() if outcome in BAD)
    if code != TESTS_FAILED or not 1 <= len(failed) <= FEW or "--soak" in choice:
        return code
    print("有用例失败，单独再试一次：", *failed, sep="\n  ", flush=True)
    again = pytest(f"{name}{AGAIN}", [*what, "--last-failed", "--last-failed-no-failures", "none", *choice])
    if again == NOTHING_COLLECTED:
        return code
    if again == 0:
        SECOND.parent.mkdir(parents=True, exist_ok=True)
        with SECOND.open("a", encoding="utf-8") as told:
            told.writelines(f"{case}\n" for case in failed)
        print("第二次才通过，须查明原因（见 build/reports/second_try.txt）：", *failed, sep="\n  ", flush=True)
    return again


def pytest(name: str, arguments: list[str]) -> int:
    """Return a run of pytest, and its exit code."""
    report = REPORTS / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def outcomes(report: Path) -> dict[str, str]:
    """Return what became of every test of one run; the worst where a test and what comes after it ended differently."""
    found: dict[str, str] = {}
    if not report.exists():
        return found
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        outcome = next((word for tag, word in WORDS.items() if case.find(tag) is not None), "passed")
        if found.get(name) not in BAD:
            found[name] = outcome
    return found


def closing_line(*, crashed: int, seconds: float) -> str:
    """All runs together, worded as pytest closes one; of a test that was tried twice the second try counts."""
    whole: dict[str, str] = {}
    for report in sorted(REPORTS.glob("*.xml"), key=lambda path: path.stem.endswith(AGAIN)):
        whole |= outcomes(report)
    words = {word: list(whole.values()).count(word) for word in ("failed", "passed", "skipped", "error")}
    if not (words["failed"] or words["error"]):
        # A run that broke off, or in which the scan found something, has no failing test to show for it.
        words["error"] = crashed
    told = ", ".join(f"{count} {word}{'s' * (word == 'error' and count > 1)}" for word, count in words.items() if count)
    return f"=== {told or 'no tests ran'} in {seconds:.2f}s ==="


if __name__ == "__main__":
    main()

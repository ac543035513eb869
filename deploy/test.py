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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
CLOSING = REPORTS / "closing_line.txt"
RESULTS = ROOT / "build" / "test-results.json"
NOTHING_COLLECTED = 5


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
            codes.append(in_browser(choice))
        codes.append(pytest("quick", ["tests", *parallel, *engines, *choice]))
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


def in_browser(choice: list[str]) -> int:
    """The browser tests; what failed gets one more try, and says so, for a browser on a busy machine may miss its turn."""
    code = pytest("browser", ["tests/e2e", *choice])
    if code != 1:
        return code
    print("浏览器测试有失败，重试一次失败的用例：", flush=True)
    first = REPORTS / "browser.xml"
    first.rename(first.with_suffix(".first"))
    return pytest("browser", ["tests/e2e", "--last-failed", "--last-failed-no-failures", "none", *choice])


def pytest(name: str, arguments: list[str]) -> int:
    """One run of pytest, and its exit code."""
    report = REPORTS / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def closing_line(*, crashed: int, seconds: float) -> str:
    """All runs together, worded as pytest closes one."""
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for report in REPORTS.glob("*.xml"):
        for suite in ElementTree.parse(report).iter("testsuite"):
            for name in totals:
                totals[name] += int(suite.get(name, "0"))
    bad = totals["failures"] + totals["errors"]
    words = {
        "failed": totals["failures"],
        "passed": totals["tests"] - bad - totals["skipped"],
        "skipped": totals["skipped"],
        # A run that broke off has no failing test to show for it.
        "error": totals["errors"] or (crashed if not bad else 0),
    }
    told = ", ".join(f"{count} {word}{'s' * (word == 'error' and count > 1)}" for word, count in words.items() if count)
    return f"=== {told or 'no tests ran'} in {seconds:.2f}s ==="


if __name__ == "__main__":
    main()

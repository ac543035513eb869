"""Run the tests: those in the browser in a run of their own, and everything else beside it.

Without options every test runs on SQLite, and on PostgreSQL too where the two may differ (`tests/engines.py`); with
`--all` everything runs on both; with `--quick` only the tests near what was changed (`deploy/nearby_tests.py`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from defusedxml import ElementTree

from deploy.test_memory import FOLDER, SHARED_DEMO, Memory, progress_told, tree_digest

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
CLOSING = REPORTS / "closing_line.txt"
#: Written by `tests/outcomes.py`.
SECOND, SPENT = REPORTS / "second_try.txt", REPORTS / "processor_seconds.txt"
RESULTS = ROOT / "build" / "test-results.json"
#: How far the runs are, and what passed on this tree.
PROGRESS = ROOT / "build" / "progress"
SAID_EVERY = 60.0
TESTS_FAILED, NOTHING_COLLECTED = 1, 5
#: More tests than this that pass only at the second try are no accident of a busy machine.
FEW = 4
WORDS = {"failure": "failed", "error": "error", "skipped": "skipped"}
BAD = frozenset({"failed", "error"})


def main() -> None:
    parser = argparse.ArgumentParser(description="运行测试。")
    parser.add_argument("--row", type=int, help="只运行某一行的验收测试")
    parser.add_argument("--quick", action="store_true", help="只运行与改动相近的测试")
    parser.add_argument("--since", help="与 --quick 合用：从该提交起的改动")
    parser.add_argument("--all", action="store_true", help="全部测试在两种数据库上各运行一次")
    parser.add_argument("--soak", action="store_true", help="只运行长时演练")
    parser.add_argument("--fresh", action="store_true", help="从头运行，不接着上次")
    wanted, more = parser.parse_known_args()
    choice = [*(["--row", str(wanted.row)] if wanted.row else []), *(["--soak"] if wanted.soak else []), *more]
    choice += ["--database", "both"] if wanted.all or wanted.soak else []
    choice += ["--night"] if wanted.all else []
    what = near(wanted.since) if wanted.quick else ["tests"]
    # A drill counts and times what it does: another one beside it, or a second try, would falsify it.
    side_by_side = [] if wanted.soak else ["--workers", str(workers(what))]
    again = [] if wanted.soak else ["--reruns", "1"]
    started = time.monotonic()
    memory = None
    for told in PROGRESS.glob("run-*.json"):
        told.unlink()
    if not (wanted.row or wanted.soak or wanted.quick or more):
        memory = gone_on(fresh=wanted.fresh, choice=choice)
        choice += memory.left_out()
    if memory is None or not memory.files:
        shutil.rmtree(REPORTS, ignore_errors=True)
    codes = []
    with bytecode_folder() as bytecode, tempfile.TemporaryDirectory(prefix="shenfang-demo-") as demo:
        os.environ[SHARED_DEMO] = demo
        compile_once(Path(bytecode), whole=what == ["tests"])
        browser = None
        if not wanted.quick and any((ROOT / "tests" / "e2e").glob("**/test_*.py")):
            browser = begun("browser", ["tests/e2e", *again, *choice], log=REPORTS / "browser.txt")
            if wanted.soak:
                # A drill counts and times what it does, and has the machine alone.
                browser.wait()
        if what:
            quick = begun("quick", [*what, *side_by_side, *again, *choice], gives_way=bool(browser))
            codes.append(followed(quick, started, 1 + bool(browser)))
        if browser is not None:
            codes.append(followed(browser, started, 1 + bool(what)))
            print((REPORTS / "browser.txt").read_text(encoding="utf-8"), flush=True)
    failed = [code for code in codes if code not in (0, NOTHING_COLLECTED)]
    if all(code == NOTHING_COLLECTED for code in codes) and not (memory and memory.files):
        print(f"第 {wanted.row} 行没有验收测试。" if wanted.row else "没有可运行的测试。")
        failed = [] if wanted.quick else [NOTHING_COLLECTED]
    if many := too_many_second_tries():
        failed.append(TESTS_FAILED)
    line = closing_line(crashed=len(failed), seconds=time.monotonic() - started, before=memory)
    if memory is not None and not failed:
        memory.forget()
    CLOSING.parent.mkdir(parents=True, exist_ok=True)
    CLOSING.write_text(line + "\n", encoding="utf-8")
    report_second_tries(many=many)
    print(f"处理器时间共 {processor_seconds():.0f} 秒")
    print(line)
    sys.exit(failed[0] if failed else 0)


def gone_on(*, fresh: bool, choice: list[str]) -> Memory:
    """Return what passed already in a whole run on this very tree that was broken off or failed; nothing in continuous integration."""
    memory = Memory(PROGRESS, tree_digest(ROOT, choice))
    for report in REPORTS.glob("*.xml"):
        report.unlink()
    os.environ[FOLDER] = str(PROGRESS)
    if not fresh and not os.environ.get("CI") and memory.recall():
        print(
            f"接着上次：源代码未变，已通过的 {len(memory.files)} 个测试文件不再运行；从头运行用 make test FRESH=1",
            flush=True,
        )
        return memory
    memory.begin(RESULTS)
    # A whole run knows every test there is: the results of tests that are gone would stay for ever.
    RESULTS.unlink(missing_ok=True)
    return memory


def followed(run: subprocess.Popen[bytes], started: float, runs: int) -> int:
    """Wait for a run and say every minute how far all of them are; its exit code."""
    while True:
        try:
            return run.wait(SAID_EVERY)
        except subprocess.TimeoutExpired:
            if told := progress_told(PROGRESS, time.monotonic() - started, runs):
                print(f"\n{told}", flush=True)


def workers(what: list[str]) -> int:
    """Return three for each core, for tests wait half of their time and a worker costs little; no more than files to run."""
    most = min(12, 3 * (os.cpu_count() or 1))
    return most if what == ["tests"] else max(1, min(most, len(what)))


def near(since: str | None) -> list[str]:
    """The test files near what was changed, after telling what is left out."""
    from deploy.nearby_tests import choose

    chosen = choose(since)
    print(chosen.told(), flush=True)
    return chosen.files


def bytecode_folder() -> AbstractContextManager[str]:
    """Outside the tree, in which bytecode is a fault: in the caches of who runs the tests, or for this run alone."""
    try:
        kept = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shenfang-bytecode"
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return tempfile.TemporaryDirectory(prefix="shenfang-bytecode-")
    return nullcontext(str(kept))


def compile_once(folder: Path, *, whole: bool) -> None:
    """Have all processes of this run share what each would compile: the workers, and the products their tests start.

    Where the machine forbids bytecode, for this run's own folder it may be. The product is compiled before many
    processes begin to do it at once, and for a `whole` run the files of tests too; what did not change since is kept.
    """
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    _share_installed(folder)
    parts = [str(path) for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    share = os.cpu_count() or 1
    commands = [["compileall", "-q", "-j", str(share), "-x", r"/test_\w+\.py$", *parts]]
    if whole:
        # The files of tests are compiled with their assertions.
        commands += [["tests.compiled", str(number), str(share)] for number in range(share)]
    for process in [subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT) for command in commands]:
        process.wait()


def _share_installed(folder: Path) -> None:
    """Link the bytecode of what is installed: it is compiled already, but Python looks for it in this folder too."""
    places = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
    installed = "\n".join(f"{place} {place.stat().st_mtime_ns}" for place in places)
    stamp = folder / f"installed-{sys.implementation.cache_tag}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == installed:
        return
    for place in set(places):
        for compiled in place.rglob(f"__pycache__/*.{sys.implementation.cache_tag}.pyc"):
            shared = folder / compiled.parent.parent.relative_to("/")
            shared.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                (shared / compiled.name).symlink_to(compiled)
    stamp.write_text(installed, encoding="utf-8")


def begun(
    name: str, arguments: Sequence[str], *, log: Path | None = None, gives_way: bool = False
) -> subprocess.Popen[bytes]:
    """A run of pytest that has begun; with a log its output goes there, so that two runs do not write through each other.

    One that `gives_way` leaves the processor to others: a single test at a time in the browser must not be the last to end.
    """
    report = REPORTS / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
    if gives_way and (nice := shutil.which("nice")):
        command = [nice, "-n", "5", *command]
    REPORTS.mkdir(parents=True, exist_ok=True)
    with log.open("wb") if log else nullcontext() as output:
        return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT if log else None)


def second_tries() -> list[str]:
    """The tests that were tried twice."""
    return sorted(set(SECOND.read_text(encoding="utf-8").splitlines())) if SECOND.exists() else []


def too_many_second_tries() -> bool:
    """Return whether more tests needed a second try than a busy machine explains.

    A test that fails now and then is a fault to look for, not a reason to refuse 15,000 others; many that do are one.
    """
    return len(second_tries()) > FEW


def report_second_tries(*, many: bool) -> None:
    if tried := second_tries():
        why = f"试了两次的用例超过 {FEW} 个，视为失败：" if many else "有用例试了两次，须查明原因："
        print(why, *tried, sep="\n  ", flush=True)


def processor_seconds() -> float:
    """Return what all runs of pytest took together, with every process they started."""
    return sum(map(float, SPENT.read_text(encoding="utf-8").split())) if SPENT.exists() else 0.0


def outcomes(report: Path) -> dict[str, str]:
    """The outcome of every test of one run; the worst where a test and what comes after it ended differently."""
    found: dict[str, str] = {}
    if not report.exists():
        return found
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        outcome = next((word for tag, word in WORDS.items() if case.find(tag) is not None), "passed")
        if found.get(name) not in BAD:
            found[name] = outcome
    return found


def closing_line(*, crashed: int, seconds: float, before: Memory | None = None) -> str:
    """All runs together, and what passed before this one went on, worded as pytest closes one."""
    whole = before.outcomes() if before else {}
    for report in sorted(REPORTS.glob("*.xml")):
        whole |= outcomes(report)
    words = {word: list(whole.values()).count(word) for word in ("failed", "passed", "skipped", "error")}
    if not (words["failed"] or words["error"]):
        # A run that broke off, or in which the scan found something, has no failing test to show for it.
        words["error"] = crashed
    told = ", ".join(f"{count} {word}{'s' * (word == 'error' and count > 1)}" for word, count in words.items() if count)
    return f"=== {told or 'no tests ran'} in {seconds:.2f}s ==="


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\n已中断；再次运行 make test 即接着做")

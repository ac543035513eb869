"""Running the suite against one planted fault at a time, in a copy of the tree."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

from tests.mutants.faults import DATABASES, Fault, NotPlanted

PASSED, FAILED, LEAK = 0, 1, 7
#: Where the tests of the first run leave the schema of SQLite for those of the others (`tests/databases.py`).
TEMPLATE = "SHENFANG_TEST_TEMPLATE"
FOUND = "found"
#: Seconds one run of tests may take before it is ended; a fault whose tests hang counts as not found.
PATIENCE = 1800
_PLANTED = count(2)
_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".data", "__pycache__", ".*_cache", ".hypothesis", "reports", "test-results*"
)


@dataclass(frozen=True)
class Outcome:
    """What became of one fault: `found_by` is the test that failed; empty when none did, with the reason in `note`."""

    fault: Fault
    found_by: str = ""
    note: str = ""
    narrow: bool = True
    seconds: float = 0.0

    @property
    def found(self) -> bool:
        return bool(self.found_by)


@dataclass(frozen=True)
class Run:
    """How pytest ended, the first test that failed, and those that passed."""

    code: int
    failed: str = ""
    passed: frozenset[str] = frozenset()


def copy_tree(root: Path, to: Path) -> None:
    """A copy of the tree that may be spoiled; it uses the environment of the original."""
    shutil.copytree(root, to, ignore=_NOT_COPIED, symlinks=True)
    (to / ".venv").symlink_to((root / ".venv").resolve(), target_is_directory=True)


def run_tests(tree: Path, tests: Iterable[str], database: str, *, whole: bool = False) -> Run:
    """Run these tests in a copy, up to the first failure or as a whole."""
    log = tree / "build" / "mutant.log"
    log.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "-rfEp"]
    options = ["--database", database] if (tree / "tests" / "databases.py").exists() else []
    if not whole:
        options.append("-x")
    # Another place than the original's, so that nobody reads bytecode of a planted file.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tree.parent / f"{tree.name}-bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.setdefault(TEMPLATE, str(tree.parent / "template.db"))
    with log.open("w", encoding="utf-8") as output:
        try:
            code = subprocess.run(
                [*command, *options, *tests],
                cwd=tree,
                env=environment,
                stdout=output,
                stderr=output,
                check=False,
                timeout=PATIENCE,
            ).returncode
        except subprocess.TimeoutExpired:
            return Run(-1)
    told = log.read_text(encoding="utf-8", errors="replace")
    return Run(code, next(named(told, "FAILED", "ERROR"), ""), frozenset(named(told, "PASSED")))


def named(log: str, *outcomes: str) -> Iterator[str]:
    """The tests of these outcomes in pytest's summary: a log that a test left has such lines too."""
    for line in log.rpartition(" short test summary info ")[2].splitlines():
        mark, _, test = line.partition(" ")
        if mark in outcomes:
            yield test.partition(" - ")[0].strip()


class Bench:
    """Copies of the tree, one a worker, in which faults are planted and taken out again."""

    def __init__(self, root: Path, *, workers: int = 1, run: Callable[..., Run] = run_tests):
        self._root, self._workers, self._run = root, workers, run
        self._clean: dict[tuple[str, str], bool] = {}

    def outcomes(self, faults: Iterable[Fault]) -> Iterator[Outcome]:
        """What becomes of each fault, in the order of the list."""
        with tempfile.TemporaryDirectory(prefix="shenfang-mutants-") as folder:
            trees: SimpleQueue[Path] = SimpleQueue()
            for number in range(self._workers):
                copy_tree(self._root, Path(folder) / f"tree{number}")
                trees.put(Path(folder) / f"tree{number}")

            chosen = list(faults)
            if len(chosen) > 1:
                self._run_without(chosen, Path(folder) / "tree0")

            def judge(fault: Fault) -> Outcome:
                tree = trees.get()
                try:
                    return self.judge(fault, tree)
                finally:
                    trees.put(tree)

            with ThreadPoolExecutor(self._workers) as pool:
                yield from pool.map(judge, chosen)

    def _run_without(self, faults: list[Fault], tree: Path) -> None:
        """Run the first tests of all faults in one process without any: those that pass need no run of their own."""
        for database in sorted(DATABASES):
            tests = {test: None for fault in faults if fault.database == database for test in fault.tests}
            if tests:
                run = self._run(tree, tests, database, whole=True)
                self._clean.update({(test, database): True for test in run.passed})

    def judge(self, fault: Fault, tree: Path) -> Outcome:
        """Plant one fault in a copy and run its tests, then the wider ones."""
        started = monotonic()
        try:
            planted = fault.planted(tree)
        except NotPlanted as problem:
            return Outcome(fault, note=str(problem))
        for tests in (fault.tests, fault.wider):
            with replaced(tree / fault.file, planted):
                run = self._run(tree, tests, fault.database)
            if run.code == PASSED:
                continue
            spent = monotonic() - started
            narrow = tests is fault.tests
            if run.code == LEAK and not run.failed:
                return Outcome(fault, "the scan for secrets at the end of the run", "", narrow, spent)
            if run.code != FAILED or not run.failed:
                return Outcome(fault, note=f"pytest ended with {run.code}", narrow=narrow, seconds=spent)
            if not self._passes_without(run.failed, tree, fault.database):
                return Outcome(fault, note=f"{run.failed} fails without the fault too", narrow=narrow, seconds=spent)
            return Outcome(fault, run.failed, "", narrow, spent)
        return Outcome(fault, note="every test passed", narrow=False, seconds=monotonic() - started)

    def _passes_without(self, test: str, tree: Path, database: str) -> bool:
        """Whether a test passes in the clean tree: else its failure says nothing of the fault."""
        if (test, database) not in self._clean:
            self._clean[test, database] = self._run(tree, [test], database).code == PASSED
        return self._clean[test, database]


@contextmanager
def replaced(path: Path, text: str) -> Iterator[None]:
    """A file with another content for a while."""
    kept, stat = path.read_bytes(), path.stat()
    path.write_text(text, encoding="utf-8")
    # Python takes bytecode for fresh by the second and the size: no two contents of a file may share both.
    os.utime(path, (stat.st_atime, int(stat.st_mtime) + next(_PLANTED)))
    try:
        yield
    finally:
        path.write_bytes(kept)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def table(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """One line a fault: id, kind, the test that found it or why none did."""
    for one in outcomes:
        word = FOUND if one.found else "NOT FOUND"
        where = one.found_by or one.note
        more = "" if one.narrow or not one.found else " (wider tests)"
        yield f"{one.fault.id:32} {one.fault.kind:9} {word:10} {one.seconds:6.0f}s  {where}{more}"

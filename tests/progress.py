"""What a run of pytest tells `make test` while it runs: how far it is, and each file of which every test has passed."""

import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy.test_memory import FOLDER, PASSED, SECONDS

#: Seconds between two reports of how far the run is.
EVERY = 5.0


class Progress:
    """Counts the tests of a run that are over, by file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._written = folder, 0.0
        self._tests: dict[str, float] = {}
        self._left: Counter[str] = Counter()
        self._outcomes: dict[str, dict[str, str]] = defaultdict(dict)
        self._failed: set[str] = set()
        #: Tests that are tried once more: their first try is none of those that are over.
        self._again: set[str] = set()
        self._total = 0
        self._done, self._spent = 0, 0.0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Begin with the files that took longest last time, so that no worker is left alone with one at the end."""
        took: Counter[str] = Counter()
        for test, seconds in self._known().items():
            took[file_of(test)] += seconds
        items.sort(key=lambda item: -took[file_of(item.nodeid)])

    def _known(self) -> dict[str, Any]:
        """How long each test took in the last run."""
        kept = self.folder / SECONDS
        return dict(json.loads(kept.read_text(encoding="utf-8"))) if kept.exists() else {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._begin([item.nodeid for item in session.items])

    def _begin(self, tests: Sequence[str]) -> None:
        if self._tests or not tests:
            return
        known = self._known()
        usual = sum(known.values()) / len(known) if known else 1.0
        # Nothing takes no time: a run of unknown tests would be over before it began.
        self._tests = {test: known.get(test, usual) + 0.01 for test in tests}
        self._left, self._total = Counter(map(file_of, tests)), len(tests)
        self._write()
        # The first test that is over is told at once.
        self._written = 0.0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test, file = report.nodeid, file_of(report.nodeid)
        if report.failed:
            self._failed.add(file)
        outcome = self._outcomes[file].get(test, "passed")
        self._outcomes[file][test] = "skipped" if report.skipped else outcome
        if str(report.outcome) == "rerun":
            self._again.add(test)
        if report.when != "teardown":
            return
        if test in self._again:
            self._again.discard(test)
            return
        self._done, self._spent = self._done + 1, self._spent + self._tests.get(test, 0)
        self._left[file] -= 1
        if not self._left[file] and file not in self._failed:
            _append(self.folder / PASSED, {"file": file, "outcomes": self._outcomes[file]})
        if time.monotonic() - self._written > EVERY:
            self._write()

    def pytest_sessionfinish(self) -> None:
        self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        told = {
            "total": self._total,
            "done": self._done,
            "due": sum(self._tests.values()),
            "spent": self._spent,
        }
        fresh = self.folder / f"new-{os.getpid()}"
        fresh.write_text(json.dumps(told), encoding="utf-8")
        fresh.replace(self.folder / f"run-{os.getpid()}.json")


def file_of(test: str) -> str:
    return test.partition("::")[0]


def _append(path: Path, told: Any) -> None:
    # One write: the run in the browser adds to the same file.
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(told, ensure_ascii=False) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    # Not for the runs that tests start themselves.
    if (folder := os.environ.pop(FOLDER, "")) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(Path(folder)), "progress")

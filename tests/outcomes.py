"""The outcome of each test and its processor time, for `make rows`, `make quick`, and the end of a run."""

import json
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

#: Beside the results of all runs: the tests that passed only at the second try, and the processor time of each run.
SECOND, SPENT = "reports/second_try.txt", "reports/processor_seconds.txt"
#: A property of a test whose costs are judged in a world of its own: no fault of the first try (`tests/act_counts.py`).
JUDGED_AGAIN = "judged again"
#: Where a plugin leaves the processor seconds of processes that are not children of this run.
OTHERS = pytest.StashKey[float]()


def processor_seconds() -> float:
    """The processor time of this process and of the children it has waited for; a loaded machine does not change it."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


class Meter:
    """Gives the last report of each test the processor seconds since the test before it, fixtures included."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count from now on: a worker begins with no processor seconds of its own."""
        self.last = processor_seconds()

    def pytest_collection_finish(self) -> None:
        self.begin()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, Any, Any]:
        report = yield
        if report.when == "teardown":
            now = processor_seconds()
            report.processor, self.last = now - self.last, now
        return report


class Results:
    """Keeps the last outcome of every test, so that a partial run adds to what is known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        entry = self.seen.setdefault(
            report.nodeid, {"outcome": "passed", "seconds": 0.0, "processor": 0.0, "at": time.time()}
        )
        properties = dict(report.user_properties)
        entry["rows"], entry["proves"] = properties.get("rows", []), properties.get("proves", [])
        entry["seconds"] = round(entry["seconds"] + report.duration, 3)
        entry["processor"] = round(entry["processor"] + getattr(report, "processor", 0.0), 3)
        if str(report.outcome) == "rerun" and JUDGED_AGAIN not in properties:
            _append(self.folder / SECOND, f"{report.nodeid}\t{_why(report)}")
        if report.failed or (report.skipped and entry["outcome"] == "passed"):
            entry["outcome"] = report.outcome

    def pytest_sessionfinish(self) -> None:
        if self.seen:
            results = self.folder / "test-results.json"
            results.parent.mkdir(exist_ok=True)
            known = json.loads(results.read_text()) if results.exists() else {}
            results.write_text(json.dumps({**known, **self.seen}, ensure_ascii=False, indent=1))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Meter(), "meter")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Results(config.rootpath / "build"), "results")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Print what the run took when all its processes have ended."""
    if hasattr(config, "workerinput"):
        return
    spent = processor_seconds() + config.stash.get(OTHERS, 0.0)
    _append(config.rootpath / "build" / SPENT, f"{spent:.1f}")
    config.get_terminal_writer().line(f"处理器时间 {spent:.1f} 秒")


def _why(report: pytest.TestReport) -> str:
    """Where and of what the first try failed, in a line: the second one leaves no other trace of it."""
    crash = getattr(report.longrepr, "reprcrash", None)
    said = f"{Path(crash.path).name}:{crash.lineno} {crash.message}" if crash else report.longreprtext[-300:]
    return f"{report.when}: {' '.join(said.split())[:300]}"


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")

"""Run the files of tests side by side (`--workers 6`): collected once, then shared out to copies of the process that collected.

Importing the product and all tests takes longer than most files do, so each worker is a fork and not a process that
collects anew. A worker asks for a file when it is done with the one before, and sends its reports home.
"""

import atexit
import gc
import os
import random
import signal
import sys
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any, cast

import pytest

Message = tuple[str, Any]
#: What the first process does once for the workers of a long run, which find it done: `tests/world.py` loads templates.
BEFORE_FORKING: list[Callable[[], object]] = []
#: What each worker does first: it takes as its own what it may change.
AFTER_FORKING: list[Callable[[], object]] = []
#: So many files for each worker make a run a long one.
LONG = 10


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--workers", type=int, default=1, help="how many files of tests run side by side")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    workers = session.config.getoption("--workers")
    # What could not be collected, and a list of tests, are told as in a run without workers.
    if workers < 2 or session.testsfailed or session.config.option.collectonly:
        return None
    files = groupby(range(len(session.items)), lambda at: session.items[at].path)
    Pool(session, [deque(tests) for _, tests in files]).run(workers)
    return True


@dataclass
class Worker:
    """A forked process, the file it is at, and the test it is in."""

    process: int
    line: "Connection[Any, Any]"
    file: deque[int] = field(default_factory=deque)
    test: int | None = None


class Pool:
    """The process that collected: shares out files and passes on the reports as if it had run their tests."""

    def __init__(self, session: pytest.Session, files: Sequence[deque[int]]) -> None:
        self.session, self.config = session, session.config
        self.files = deque(files)
        self.workers: list[Worker] = []
        self._numbers = count()

    def run(self, most: int) -> None:
        """Run every file, in at most so many workers."""
        _prepare(self.config)
        if len(self.files) > LONG * most:
            for prepare in BEFORE_FORKING:
                prepare()
            gc.freeze()
        try:
            for _ in range(min(most, len(self.files))):
                self._begin()
            while self.workers:
                for line in wait([one.line for one in self.workers]):
                    self._hear(next(one for one in self.workers if one.line is line))
                self._stop_if_told()
        finally:
            for one in self.workers:
                os.kill(one.process, signal.SIGKILL)
                os.waitpid(one.process, 0)

    def _stop_if_told(self) -> None:
        if self.session.shouldfail:
            raise self.session.Failed(self.session.shouldfail)
        if self.session.shouldstop:
            raise self.session.Interrupted(self.session.shouldstop)

    def _begin(self) -> None:
        ours, theirs = Pipe()
        number = next(self._numbers)
        sys.stdout.flush()
        sys.stderr.flush()
        with warnings.catch_warnings():
            # Libraries of arithmetic keep threads, which nobody uses yet.
            warnings.simplefilter("ignore", DeprecationWarning)
            process = os.fork()
        if process:
            theirs.close()
            self.workers.append(Worker(process, ours))
            return
        ours.close()
        for one in self.workers:
            one.line.close()
        _work(self.session, theirs, number)

    def _hear(self, worker: Worker) -> None:
        try:
            kind, content = worker.line.recv()
        except (EOFError, ConnectionError):
            self._bury(worker)
            return
        if kind == "next":
            worker.file, worker.test = self.files.popleft() if self.files else deque(), None
            worker.line.send(list(worker.file))
        elif kind == "began":
            worker.test = content
            worker.file.popleft()
        elif kind == "report":
            self._report(self.config.hook.pytest_report_from_serializable(config=self.config, data=content))

    def _report(self, report: Any) -> None:
        self.config.hook.pytest_runtest_logreport(report=report)
        if report.when == "teardown":
            self.config.hook.pytest_runtest_logfinish(nodeid=report.nodeid, location=report.location)

    def _bury(self, worker: Worker) -> None:
        """Fail the test during which a worker died; another one does the rest of its file."""
        self.workers.remove(worker)
        worker.line.close()
        _, status = os.waitpid(worker.process, 0)
        ended = os.waitstatus_to_exitcode(status)
        if ended == 0:
            return
        if worker.test is not None:
            self._report(_failure(self.session.items[worker.test], f"the worker ended with {ended} during this test"))
        if worker.file:
            self.files.append(worker.file)
        if self.files:
            self._begin()


def _failure(item: pytest.Item, why: str) -> pytest.TestReport:
    return pytest.TestReport(
        item.nodeid, item.location, {}, "failed", why, "teardown", user_properties=item.user_properties
    )


def _prepare(config: pytest.Config) -> None:
    """Leave nothing in the memory of this process that each of its copies would say or make once more."""
    if capture := config.pluginmanager.getplugin("capturemanager"):
        capture.read_global_capture()
    cast(Any, config)._tmp_path_factory.getbasetemp()


# In a worker


def _work(session: pytest.Session, line: "Connection[Any, Any]", number: int) -> None:
    """Run files until there are no more, and end; nothing that the first process would do at its end is done here."""
    code = 1
    try:
        _become_worker(session, line, number)
        ran = deque(_run(session, line), maxlen=1)
        try:
            cast(Any, session)._setupstate.teardown_exact(None)
        except Exception:
            report = _failure(ran[0], traceback.format_exc())
            session.config.hook.pytest_runtest_logreport(report=report)
        session.config.hook.pytest_sessionfinish(session=session, exitstatus=0)
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        atexit._run_exitfuncs()
        os._exit(code)


def _run(session: pytest.Session, line: "Connection[Any, Any]") -> Iterator[pytest.Item]:
    """Ask for one file after the other and run it; its tests when they are through."""
    while True:
        line.send(("next", None))
        if not (file := line.recv()):
            return
        for place, at in enumerate(file):
            item = session.items[at]
            line.send(("began", at))
            # After the last test of a file only what the whole session shares is kept.
            after = session.items[file[place + 1]] if place + 1 < len(file) else cast(pytest.Item, session)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            yield item


def _become_worker(session: pytest.Session, line: "Connection[Any, Any]", number: int) -> None:
    config = session.config
    # What the first process registered is its own affair.
    atexit._clear()
    for take in AFTER_FORKING:
        take()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    random.seed()
    for gatherer in config.hook.pytest_runtest_logreport.get_hookimpls():
        # What prepares tests too, as the catching of log lines does, is needed here.
        if gatherer.plugin is not session and not hasattr(gatherer.plugin, "pytest_runtest_setup"):
            config.pluginmanager.unregister(gatherer.plugin)
    cast(Any, config).workerinput = {"workerid": f"w{number}"}
    config.pluginmanager.register(Sender(config, line), "sender")
    if meter := config.pluginmanager.getplugin("meter"):
        meter.begin()
    factory = cast(Any, config)._tmp_path_factory
    factory._basetemp = factory.getbasetemp() / f"w{number}"
    factory._basetemp.mkdir(mode=0o700)
    if capture := config.pluginmanager.getplugin("capturemanager"):
        # The files in which the first process catches what is printed would be those of all.
        capture.stop_global_capturing()
        capture.start_global_capturing()


class Sender:
    """Sends each report to the first process."""

    def __init__(self, config: pytest.Config, line: "Connection[Any, Any]") -> None:
        self.config, self.line = config, line

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        self.line.send(("report", told))

"""Run a command of `main.py` in this process as a shell would: settings and folder of its own, exit code, and what it prints.

A process of its own spends seconds on loading the product; those that show how a process ends stay processes.
"""

import io
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

import main
from deploy.settings import Settings
from models.dialect import Database, Finish
from tests.databases import copy_schema, databases_of_run
from tests.ready import start


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def run_main(folder: Path, *argv: str, **settings: str) -> Ended:
    """Run one command with these settings and no others; the levels of loggers are as before afterwards."""
    out, err = io.StringIO(), io.StringIO()
    with as_a_process(folder, **settings), redirect_stdout(out), redirect_stderr(err):
        try:
            code = main.main(list(argv))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return Ended(code, out.getvalue(), err.getvalue())


def run_apart(folder: Path, *argv: str, **settings: str) -> Ended:
    """Run one command in a process of its own, which has loaded nothing but the product; all it says is its `out`."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        code = start("main.py", *argv, env={**os.environ, **settings}, output=output, folder=folder).wait()
        output.seek(0)
        return Ended(code, output.read(), "")


@contextmanager
def as_a_process(folder: Path, **settings: str) -> Iterator[None]:
    """Stand in a folder with these settings and no others, and leave what belongs to this process as it was."""
    with pytest.MonkeyPatch.context() as patch, kept_levels():
        for name in {*os.environ} & {field.upper() for field in Settings.model_fields}:
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(name, value)
        patch.chdir(folder)
        # In memory, where a throw-away database's commits wait for no disk.
        patch.setattr(tempfile, "tempdir", str(databases_of_run().home))
        patch.setattr(Database, "upgrade", _upgrade_from(databases_of_run().sqlite_template()))
        yield


def _upgrade_from(template: Path) -> Callable[..., None]:
    """Upgrade, but take a new database's schema from the template: each revision by itself costs a command a second."""
    upgrade = Database.upgrade

    def upgraded(database: Database, *finish: Finish) -> None:
        copy_schema(template, database)
        upgrade(database, *finish)

    return upgraded


@contextmanager
def kept_levels() -> Iterator[None]:
    """Give every logger its level back: `main` quietens the libraries of its process, which here is that of other tests."""
    before = {name: logging.getLogger(name).level for name in [*logging.root.manager.loggerDict]}
    try:
        yield
    finally:
        for name in [*logging.root.manager.loggerDict]:
            logging.getLogger(name).setLevel(before.get(name, logging.NOTSET))

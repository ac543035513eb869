"""One report of all failures of a walk: a test that goes through a registry tries every entry before it fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class Report:
    """Collects what fails; `none()` fails the test with all of it."""

    def __init__(self) -> None:
        self.tried = 0
        self.failures: list[str] = []

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Try one entry."""
        self.tried += 1
        try:
            yield
        except (Exception, pytest.fail.Exception) as failure:
            lines = str(failure).strip().splitlines() or [""]
            self.failures.append(f"{name}: {type(failure).__name__}: {' '.join(lines[:4])}")

    def none(self, *, least: int = 1) -> None:
        """Fail with everything that was collected, or when fewer entries than this were tried."""
        assert self.tried >= least, f"only {self.tried} entries were tried"
        if self.failures:
            pytest.fail(f"{len(self.failures)} of {self.tried} failed:\n" + "\n".join(self.failures), pytrace=False)

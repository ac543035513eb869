"""One report of all failures of a walk: a test that goes through a registry tries every entry before it fails."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import Parameter, signature
from typing import Any

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


def each_in_turn(names: str, cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Try a test with every case and fail with all that do: `pytest.mark.parametrize` for hundreds of cases of a moment each.

    As a test by itself a case costs several times what it looks at.
    """
    taken = names.split(", ")
    all_cases = tuple(cases)

    def looped(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def whole(**given: Any) -> None:
            report = Report()
            for case in all_cases:
                with report.of(str(case)):
                    test(**given, **dict(zip(taken, case if len(taken) > 1 else (case,), strict=True)))
            report.none()

        del whole.__wrapped__
        # What is left is for fixtures.
        left = [one for name, one in signature(test).parameters.items() if name not in taken]
        whole.__signature__ = signature(test).replace(  # type: ignore[attr-defined]
            parameters=[one.replace(kind=Parameter.KEYWORD_ONLY) for one in left]
        )
        return whole

    return looped

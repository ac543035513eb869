"""A second try begins as a first one does: nothing that the failed try, or the tests before it, left is there any more; nor after it."""

from collections.abc import Generator
from typing import Any, cast

import pytest
import pytest_rerunfailures


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """End the worlds of module and session too before a second try, for which pytest-rerunfailures keeps them, and after it.

    A test after it would otherwise find what only the second try did, and not what it finds elsewhere.
    """
    try:
        return (yield)
    finally:
        if getattr(item, "_finalizers_suspended", False):
            cast(Any, item)._finalizers_suspended = False
            pytest_rerunfailures._restore_suspended_finalizers(item)
            end_worlds(item)
        elif getattr(item, "execution_count", 1) > 1:
            end_worlds(item)


def end_worlds(item: pytest.Item) -> None:
    """End what tests of a module, a package or the session share; the next test makes it anew."""
    cast(Any, item.session)._setupstate.teardown_exact(None)

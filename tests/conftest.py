"""What every test may use, and the options `--row`, `--soak` and `--night`."""

import gc
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from httpx._transports import default
from hypothesis import settings

# These machines are shared: how long one example takes says nothing of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

pytest_plugins = [
    "tests.outcomes",
    "tests.patience",
    "tests.second_tries",
    "tests.progress",
    "tests.scan",
    "tests.databases",
    "tests.browser",
    "tests.side_by_side",
    "tests.act_counts",
]

HERE = Path(__file__).resolve().parent


#: Files that take long, the longest first: they begin first, so that no worker is left alone with one at the end.
LONGEST = (
    "test_everybody",
    "test_whole",
    "test_earlier_versions",
    "test_row_81",
    "test_rotation",
    "test_kept_sums",
    "test_backups",
    "test_replay_verification",
    "test_row_7",
    "test_life",
    "test_hostile_events",
    "test_hostile_text",
    "test_citizens",
    "test_site_plan",
    "test_red_line",
    "test_papers",
    "test_cycle",
    "test_row_11",
    "test_nginx",
    "test_replay_one_stop",
    "test_rows_72_73",
    "test_schema",
)
_RANKS = {name: rank for rank, name in enumerate(LONGEST)}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--row", type=int, help="only the acceptance tests of this row")
    parser.addoption("--soak", action="store_true", help="only the long drills, which other runs leave out")
    parser.addoption("--night", action="store_true", help="also what `make test` leaves to the night (`make test-all`)")


def pytest_configure() -> None:
    gc.disable()
    # A client of its own for each order to a simulator would read the system's certificates each time.
    cast(Any, default).create_ssl_context = cache(httpx.create_ssl_context)


def pytest_collection_finish() -> None:
    """What was loaded stays until the end: looking through it for garbage again and again took a fifth of the time."""
    gc.freeze()
    # The middle generation seldom: most of it goes with the test that made it. With 20 it took 0.45 of 17 s.
    gc.set_threshold(20_000, 100, 2)
    gc.enable()


def pytest_unconfigure() -> None:
    """What is left ends with the process; pytest looks through it for garbage five times over."""
    gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    # Playwright's sync API keeps a loop running, in which pytest-asyncio cannot start its own.
    browser_tests = HERE / "e2e"
    asked = any("e2e" in argument for argument in config.args)
    return True if collection_path == browser_tests and not asked else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    row, soak = config.getoption("--row"), bool(config.getoption("--soak"))
    later = set() if config.getoption("--night") else {"night"}
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        rows = [number for marker in item.iter_markers("row") for number in marker.args]
        item.user_properties.append(("rows", rows))
        proves = [name for marker in item.iter_markers("proves") for name in marker.args]
        item.user_properties.append(("proves", proves))
        marks = {marker.name for marker in item.iter_markers()}
        fits = (row is None or row in rows) and soak == ("soak" in marks) and not later & marks
        (kept if fits else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = sorted(kept, key=lambda item: _RANKS.get(item.path.stem, len(LONGEST)))

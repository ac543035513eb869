"""A building table of 2,000 units: how long its data takes, and how long Chromium draws it (row 70). Processor time."""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from playwright.sync_api import Page, sync_playwright

from deploy.setup import find_browser
from integrations.building_table.client import told_building
from integrations.building_table.simulator import read_buildings
from models.projects import Project
from services.construction.building_table_views import building_table, buildings_of_project
from services.construction.building_tables import store_building
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, below, milliseconds, told
from tests.browser import QUIET
from tests.land import Land
from tests.market import market
from tests.units_page import LARGE, serving
from tests.world import World

ROUNDS, DATA, DRAWN = 40, 0.100, 1.0
DRAWN_CELLS = "document.querySelectorAll('td[data-unit]').length"


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    """Time the queries on both engines, and the browser once."""
    figures = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            figures += [told(figure) for figure in _data(engine, world)]
    with _browser() as page:
        figures += [told(figure) for figure in _drawn(page)]
    return figures


def _data(engine: str, world: World) -> Iterator[Figure]:
    land = Land(market(world))
    project = land.project("P-1")
    building = world.act(lambda work: _stored(work, project))
    caller = land.market.caller("binjiang01")
    for name, ask in (
        ("table of 2,000 units", lambda: world.door.ask(building_table, caller, building)),
        ("buildings of a project with 2,000 units", lambda: world.door.ask(buildings_of_project, caller, project)),
    ):
        yield below(f"{engine}: {name}", [_processor(ask) for _ in range(ROUNDS)], DATA)


def _stored(work: Any, project: Any) -> Any:
    """Store the large building in the scope of a project."""
    row = store_building(work, told_building(read_buildings()[LARGE]))
    owner = next(one for one in work.rows(Project) if one.id == project)
    row.district_code, row.head_company_id = owner.district_code, owner.head_company_id
    row.project_company_id, row.project_id = owner.project_company_id, project
    return work.add(row).id


def _processor(call: Callable[[], Any]) -> float:
    begun = time.process_time()
    call()
    return time.process_time() - begun


@contextmanager
def _browser() -> Iterator[Page]:
    with serving() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=QUIET)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.wait_for_function("window.did_handshake === true")
        yield page
        browser.close()


def _drawn(page: Page) -> Iterator[Figure]:
    """Chromium's own count of the processor seconds of its main thread, for each act."""
    known = page.context.new_cdp_session(page)
    known.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        found = known.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in found if one["name"] == "TaskDuration"))

    def step() -> None:
        page.focus("td[data-unit='1000']")
        page.keyboard.press("ArrowDown")

    for name, act, limit in (
        ("2,000 units drawn", partial(page.click, "#draw"), DRAWN),
        ("a step of the keyboard", step, 0.25),
        ("another colouring", partial(page.click, ".sf-units-modes button >> nth=2"), 0.5),
        ("a filter of the legend", partial(page.click, ".sf-units-legend button >> nth=0"), 0.5),
    ):
        begun = busy()
        act()
        page.wait_for_function(f"{DRAWN_CELLS} === 2000")
        page.wait_for_timeout(300)
        seconds = busy() - begun
        yield Figure(name, milliseconds(seconds), target=f"< {limit * 1000:.0f} ms", met=seconds < limit)

"""Pages of their own for the building table and for an estate, without a database: for tests in a browser and for benches."""

import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from integrations.building_table.client import told_building
from integrations.building_table.simulator import read_buildings
from models.space_models import ModelPlane
from services.construction.building_table_views import UnitCell
from services.construction.building_tables import role_of
from services.space.estate import Estate, homes_of, picture
from tests.browser import ROOT, free_port
from tests.space_models import shapes
from ui.construction.unit_looks import cell_of, colourings
from ui.shell.slide import Slide
from ui.shell.unit_table import UnitTable
from ui.space.estate_view import EstateView

#: The building of 2,000 units that the simulator holds.
LARGE = "310115099099GB09999F0001"


def units_of(number: str) -> list[UnitCell]:
    """The units of a building of the simulator as the query gives them."""
    return [
        UnitCell(
            UUID(int=place),
            unit.section_no,
            unit.column_index,
            unit.column_span,
            unit.actual_floor_from,
            unit.actual_floor_to,
            unit.room_no,
            unit.planned_use,
            unit.layout,
            unit.forecast_gross,
            False,
            False,
            role_of(unit.planned_use),
            False,
            unit.logical_no,
        )
        for place, unit in enumerate(told_building(read_buildings()[number]).units)
    ]


@web.page("/")
def units_page(building: str = LARGE, ticks: bool = False) -> None:
    """A button that draws a building of the simulator, and a line that repeats what the table calls back."""
    for sheet in ("theme.css", "buildings.css"):
        web.add_head_html(f'<link rel="stylesheet" href="/look/{sheet}">')
    told = web.label().props("id=told")
    middle = web.element("div").classes("sf-building-table").style("max-width: 1100px")
    units = units_of(building)
    labels = {unit.id: unit.label for unit in units}

    def say(word: str, found: Iterable[UUID] | None) -> None:
        rooms = "all" if found is None else " ".join(sorted(labels[one] for one in found))
        told.set_text(f"{told.text.split(';')[-1]};{word} {rooms}")

    def draw() -> None:
        with middle:
            table = UnitTable(
                storeys_of(building),
                [cell_of(one) for one in units],
                colourings(units),
                label="楼盘表",
                picked=lambda one: say("picked", [one]),
                ticked=(lambda found: say("ticked", found)) if ticks else None,
                filtered=lambda found: say("filtered", found),
            )
            web.button("choose", on_click=lambda: table.choose(units[-1].id)).props("id=choose")
            web.button("keep", on_click=lambda: table.keep([one.id for one in units[:3]])).props("id=keep")

    web.button("draw", on_click=draw).props("id=draw")


@web.page("/lines")
def lines_page() -> None:
    """A field with a hint, the grid of unit works below it, a button that marks two cells, and reasons of alerts."""
    from services.engine.findings import Finding, Severity
    from ui.construction.unit_sheet_page import GRID
    from ui.records.child_table import ChildTable

    for sheet in ("theme.css", "desk.css", "records.css"):
        web.add_head_html(f'<link rel="stylesheet" href="/look/{sheet}">')
    with web.element("div").classes("sf-field"), web.element("div").classes("sf-control"):
        web.element("input").props("aria-label=证书编号")
        for words in ("编号格式", "编号唯一", "权利人"):
            TextElement(tag="small", text=f"提交时会提示：{words}").classes("sf-help sf-asks")
    table = ChildTable(GRID, [{"unit_no": "1#", "name": "1号住宅楼", "gfa": "1000.00"}], editable=True)
    told = [
        (0, "unit_no", Finding("FMT", "编号重复", "unit_no")),
        (0, "gfa", Finding("CON-05", "面积合计不一致", "gfa", Severity.WARN)),
    ]
    web.button("mark", on_click=lambda: table.tell(told)).props("id=mark")
    with web.element("ul").classes("sf-cockpit-lines sf-reasons"), web.element("li"):
        TextElement(tag="span", text="严重").classes("sf-badge sf-bad")
        TextElement(tag="button", text="主体结构封顶逾期100天（1#住宅楼）").classes("sf-link")
        TextElement(tag="span", text="单位工程“1#住宅楼”的“主体结构封顶”计划2026-02-20完成，已逾期100天。")


#: Colours of homes as the page of an estate sends them.
COLOURS = ["#ffffff", "#00c200", "#ff00ff", "#ffff00", "#ff0000"]


@web.page("/estate")
def estate_page(buildings: int = 30, storeys: int = 34, drawn: bool = False) -> None:
    """The picture of an estate of equal storeys, as if divided by drawings where asked, and a line that repeats what it calls back."""
    web.add_head_html('<link rel="stylesheet" href="/look/theme.css"><link rel="stylesheet" href="/look/models.css">')
    told = web.label().props("id=told")
    made = shapes(buildings, storeys)
    for _, shape in made:
        shape["storeys"] = [[*one[:5], not drawn] for one in shape["storeys"]]
    homes = tuple(home for place, (_, shape) in enumerate(made) for home in homes_of(place, shape))

    def say(found: object) -> None:
        told.set_text(str(found))

    def begin(webgl: bool, slow: bool) -> None:
        view.show()
        view.run_method("paint", COLOURS, looks_of(len(homes)))
        told.set_text(f"webgl {webgl} slow {slow}")

    shown = Estate("测试", "1", ModelPlane.SH2000, (), homes, picture(made), ())
    view = EstateView(shown, picked=say, boxed=say, outlined=say, ready=begin)
    view.style("width: 772px; height: 411px")
    words = [f"{number}层" for number in range(1, storeys + 1)]
    Slide("显示到层", words, lambda value: view.look(cut=value), value=storeys, least=1)
    told.props(f"data-view={view.id}")


def looks_of(homes: int, first: int = 0) -> str:
    """A colour for each home by its place, as the page sends them."""
    return b64encode(bytes((first + place) % len(COLOURS) for place in range(homes))).decode()


def storeys_of(number: str) -> list[tuple[int, str]]:
    """The storeys of a building of the simulator with their labels."""
    return [(one.actual_floor, one.nominal_floor) for one in read_buildings()[number].storeys]


@contextmanager
def serving() -> Iterator[str]:
    """Serve the page in a process of its own; gives its address."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "tests.units_page", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with suppress(httpx.TransportError):
                if httpx.get(f"{address}/look/theme.css", timeout=5).status_code == 200:
                    break
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def main(port: int) -> None:
    app = FastAPI()
    app.mount("/look", StaticFiles(directory=ROOT / "ui" / "static"))
    web.run_with(app)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]))

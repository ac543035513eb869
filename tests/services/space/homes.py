"""Buildings and tables of homes made for tests."""

from typing import Any

import shapely
from shapely import affinity

from services.space.site_plan import Building
from services.space.unit_table import HomeRow
from tests.services.space.drawings import EAST, NORTH


def house(polygon: Any | None = None, *, above: int | None = None, below: int = 0, number: str = "1#") -> Building:
    return Building(number, above, below, None, polygon if polygon is not None else slab(), ())


def slab(width: float = 40.0, depth: float = 15.0, angle: float = 0.0) -> Any:
    """A rectangle at the corner of every drawing, turned about its corner."""
    return affinity.rotate(shapely.box(EAST, NORTH, EAST + width, NORTH + depth), angle, origin=(EAST, NORTH))


def home(room: str, storey: int = 1, **more: Any) -> HomeRow:
    """A row; its line is made of storey and room, so that it is another for each."""
    facts = {
        "line": abs(hash((room, storey, more.get("entrance")))),
        "building": "1#",
        "label": str(storey),
        "inner": 100.0,
    }
    return HomeRow(storey=storey, room=room, **{**facts, **more})


def storey_of(storey: int, count: int, **more: Any) -> list[HomeRow]:
    """A storey of homes 01, 02 … with its number before them."""
    return [home(f"{storey}{place:02d}室", storey, **more) for place in range(1, count + 1)]

"""The ground that areas are drawn on: districts, and red lines of the projects a caller sees, in one plane (rows 80, 82)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.places_data import districts
from models.projects import Project
from models.records import InForceState
from models.red_lines import RedLine
from models.space_models import ModelPlane
from services.engine.late import shapely
from services.engine.registry import query
from services.engine.work import Work
from services.space.districts import district_outline
from services.space.estate import READERS
from services.space.geometry_field import polygons_of
from services.space.overlaps import in_plane
from services.space.planes import GK40, PLANES, Plane, convertible
from services.space.red_line_views import Around, rings_of
from services.space.transforms import plane_in

#: Records drawn at once, and how far districts are simplified in metres.
MOST, _COARSE = 5_000, 60.0


def red_lines_seen(work: Work) -> list[RedLine]:
    """The red lines in force that a caller sees and that can be drawn."""
    rows = work.session.exec(work.visible(RedLine).where(RedLine.in_force == InForceState.EFFECTIVE).limit(MOST)).all()
    return [row for row in rows if convertible(plane_in(work, row.plane_system, row.outline), GK40)]


def land_of(work: Work, rows: Iterable[RedLine], plane: Plane = GK40) -> Any:
    """The land of red lines in a plane."""
    return shapely.union_all(
        [in_plane(polygons_of(row.outline), plane_in(work, row.plane_system, row.outline), plane) for row in rows]
    )


def districts_drawn(plane: Plane = GK40) -> list[Around]:
    """Outlines of all districts, simplified, in a plane."""
    return [
        Around("district", one.name, rings_of(in_plane(shapely.simplify(outline, _COARSE), GK40, plane)))
        for one in districts()
        if (outline := district_outline(one.code)) is not None
    ]


@query("estate.ground", "叠加分析底图", roles=set(READERS))
def overlay_ground(work: Work, order: ModelPlane) -> list[Around]:
    """Return what an area is drawn over: districts, and the red lines that the caller sees."""
    plane = PLANES[order.value]
    of_project: dict[UUID, list[RedLine]] = {}
    for row in red_lines_seen(work):
        if row.project_id is not None:
            of_project.setdefault(row.project_id, []).append(row)
    names = (
        {row.id: row.name for row in work.rows(Project, col(Project.id).in_(list(of_project)))} if of_project else {}
    )
    land = [
        Around("neighbour", names.get(one, ""), rings_of(land_of(work, rows, plane)))
        for one, rows in of_project.items()
    ]
    return districts_drawn(plane) + land

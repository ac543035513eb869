"""Finds red lines in force around an outline; only who sees their records is shown whose they are (SPA-09)."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from models.geometry import Boxed, Geometry
from models.projects import Project
from models.records import InForceState
from models.red_lines import PlaneSystem, RedLine
from services.engine.work import Work
from services.space.extent_search import near
from services.space.geometry_field import geometry_of, polygons_of
from services.space.overlaps import Neighbour, in_plane
from services.space.planes import GK40, convertible
from services.space.transforms import plane_in

#: The most neighbours drawn and compared at once.
MOST = 300


def box_of(work: Work, outline: Geometry, system: PlaneSystem, wider: int = 0) -> Boxed | None:
    """The box around an outline in zone 40, in millimetres; None for a system whose points are known nowhere else."""
    plane = plane_in(work, system, outline)
    if not convertible(plane, GK40):
        return None
    box = Boxed()
    box.take_box(outline if plane == GK40 else geometry_of(in_plane(polygons_of(outline), plane, GK40)))
    return Boxed(e_min=box.e_min - wider, n_min=box.n_min - wider, e_max=box.e_max + wider, n_max=box.n_max + wider)


def red_lines_in(work: Work, box: Boxed, *, but: UUID | None = None, most: int = MOST) -> list[RedLine]:
    """The red lines in force whose box meets this one, seen by the caller or not, without the record `but`."""
    wanted = select(RedLine).where(*near(RedLine, box), RedLine.in_force == InForceState.EFFECTIVE)
    if but is not None:
        wanted = wanted.where(RedLine.id != but)
    return list(work.session.exec(wanted.order_by(col(RedLine.e_min)).limit(most)).all())


def neighbours_of(
    work: Work, outline: Geometry, system: PlaneSystem, *, but: UUID | None = None, wider: int = 0
) -> list[Neighbour]:
    """The neighbours of an outline, named where the caller sees them."""
    box = box_of(work, outline, system, wider)
    return named_for(work, red_lines_in(work, box, but=but)) if box is not None else []


def named_for(work: Work, rows: Sequence[RedLine]) -> list[Neighbour]:
    """Red lines as neighbours, each with its project's name where the caller sees its record."""
    names = _names(work, [row.id for row in rows])
    return [
        Neighbour(names.get(row.id, ""), plane_in(work, row.plane_system, row.outline), polygons_of(row.outline))
        for row in rows
    ]


def _names(work: Work, ids: Sequence[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    seen = work.session.exec(work.visible(RedLine).where(col(RedLine.id).in_(ids))).all()
    projects = [row.project_id for row in seen if row.project_id is not None]
    named = {one.id: one.name for one in work.rows(Project, col(Project.id).in_(projects))} if projects else {}
    return {row.id: named.get(row.project_id, row.record_no) if row.project_id else row.record_no for row in seen}


def red_lines_of(work: Work, project_id: UUID) -> list[RedLine]:
    """The red lines in force of a project, seen by the caller or not."""
    found = work.rows(
        RedLine, RedLine.project_id == project_id, RedLine.in_force == InForceState.EFFECTIVE, by=RedLine.record_no
    )
    return list(found)

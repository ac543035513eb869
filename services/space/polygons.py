"""Polygons of a parcel from its settled rings, checked shell by shell and hole by hole (SPA-03)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.engine.late import shapely
from services.space.planes import Pair
from services.space.rings import Ring
from services.space.space_findings import SpaceFinding

#: Square metres that two rings may have in common.
_TOUCHING = 0.01


@dataclass
class Shape:
    """The polygons of a parcel and what is wrong with them; `whole` when all rings could be used."""

    polygons: list[shapely.Polygon] = field(default_factory=list)
    findings: list[SpaceFinding] = field(default_factory=list)

    @property
    def area(self) -> float:
        return float(sum(polygon.area for polygon in self.polygons))


def shape_of(rings: Sequence[Ring], subject: str) -> Shape:
    """Put rings together. Numbered rings above 1 are holes; without numbers a ring inside an earlier shell is one."""
    shape = Shape()
    good = [ring for ring in rings if ring.enough]
    if not good:
        return shape
    crossing = {id(ring): place for ring in good if (place := crossing_of(ring.points)) is not None}
    for ring in good:
        if id(ring) in crossing:
            message = f"{_name(ring)}界址线自相交"
            shape.findings.append(SpaceFinding("SELF_INTERSECTION", message, subject, crossing[id(ring)]))
    groups = list(_grouped(good))
    shape.findings += _shells([shell for shell, _ in groups if id(shell) not in crossing], subject)
    for shell, holes in groups:
        outer = shapely.Polygon(shell.points)
        if id(shell) in crossing:
            shape.polygons.append(outer)
            continue
        inner = [hole for hole in holes if id(hole) not in crossing]
        faults = list(_holes(outer, inner, subject))
        shape.findings += faults
        whole = shapely.Polygon(shell.points, [hole.points for hole in inner])
        if not faults and not whole.is_valid:
            place = crossing_of_polygon(whole)
            shape.findings.append(SpaceFinding("SELF_INTERSECTION", "内圈与外圈或内圈之间相交", subject, place))
        shape.polygons.append(outer if faults else whole)
    return shape


def crossing_of(points: Sequence[Pair]) -> Pair | None:
    """The place at which a ring crosses or touches itself; None for a simple ring."""
    return crossing_of_polygon(shapely.Polygon(points))


def crossing_of_polygon(polygon: shapely.Polygon) -> Pair | None:
    reason = str(shapely.is_valid_reason(polygon))
    if reason == "Valid Geometry":
        return None
    place = reason.partition("[")[2].rstrip("]").split()
    try:
        return float(place[0]), float(place[1])
    except (IndexError, ValueError):
        e, n = polygon.exterior.coords[0]
        return float(e), float(n)


def _grouped(rings: Sequence[Ring]) -> Iterator[tuple[Ring, list[Ring]]]:
    """Shells with their holes."""
    if any(ring.number for ring in rings):
        lowest = min(ring.number for ring in rings)
        shell = next(ring for ring in rings if ring.number == lowest)
        yield shell, [ring for ring in rings if ring is not shell]
        return
    shells: list[tuple[Ring, shapely.Polygon, list[Ring]]] = []
    for ring in rings:
        holder = next((holes for _, area, holes in shells if shapely.contains_xy(area, *ring.points[0])), None)
        if holder is None:
            area = shapely.Polygon(ring.points).buffer(0)
            shapely.prepare(area)
            shells.append((ring, area, []))
        else:
            holder.append(ring)
    for shell, _, holes in shells:
        yield shell, holes


def _shells(shells: Sequence[Ring], subject: str) -> Iterator[SpaceFinding]:
    """Say that two outer rings of a parcel lie on each other."""
    outers = [shapely.Polygon(shell.points) for shell in shells]
    tree = shapely.STRtree(outers)
    for place, outer in enumerate(outers):
        for found in tree.query(outer):
            common = outer.intersection(outers[found]) if found < place else None
            if common is not None and common.area > _TOUCHING:
                centre = common.representative_point()
                yield SpaceFinding("SELF_INTERSECTION", "两个外圈互相重叠", subject, (centre.x, centre.y))
                return


def _holes(outer: shapely.Polygon, holes: Sequence[Ring], subject: str) -> Iterator[SpaceFinding]:
    polygons = [shapely.Polygon(hole.points) for hole in holes]
    for hole, polygon in zip(holes, polygons, strict=True):
        if not polygon.within(outer):
            message = f"{_name(hole)}不在外圈之内"
            yield SpaceFinding("HOLE_OUTSIDE_SHELL", message, subject, hole.points[0])
    for place, polygon in enumerate(polygons):
        for other in polygons[:place]:
            if polygon.intersection(other).area > 0:
                corner = polygon.exterior.coords[0]
                yield SpaceFinding("SELF_INTERSECTION", "两个内圈互相重叠", subject, (corner[0], corner[1]))
                return


def _name(ring: Ring) -> str:
    return f"第{ring.number}圈" if ring.number else ""

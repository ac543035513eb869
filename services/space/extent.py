"""Checks the red lines of a coordinate file and gives its parcels as polygons (row 80, SPA-01..10)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.engine.late import shapely
from services.space.axes import Axes, decide_axes
from services.space.boundary_file import Boundary, BoundaryFile
from services.space.districts import outside_district
from services.space.overlaps import SHARE, STOPS, Neighbour, overlaps
from services.space.planes import OLD_CITY, Pair, Plane
from services.space.polygons import Shape, shape_of
from services.space.rings import Ring, settle_ring
from services.space.space_findings import SpaceFinding


@dataclass(frozen=True)
class Limits:
    """Bounds of what a red line may be off: the error of a point in metres, and shares from which a difference is reported and refused."""

    point_error: float = 0.05
    area_told: float = 0.001
    area_stops: float = 0.005
    overlap_told: float = SHARE
    overlap_stops: float = STOPS


@dataclass(frozen=True)
class Declared:
    """The facts known of a file beside it: the user's choice of system, zone, area in square metres, district code."""

    system: str = ""
    zone: int | None = None
    area: float | None = None
    district: str = ""
    limits: Limits = Limits()
    #: The older city system with the parameters in force for the place of the file.
    old_city: Plane | None = None


@dataclass(frozen=True)
class Parcel:
    """A parcel as it was read: name, rings in the order of the file, polygons."""

    name: str
    rings: tuple[Ring, ...]
    polygons: tuple[shapely.Polygon, ...]
    area: float


@dataclass(frozen=True)
class Extent:
    """The red lines of a file in one plane, with everything found."""

    plane: Plane
    parcels: tuple[Parcel, ...]
    findings: tuple[SpaceFinding, ...]

    @property
    def accepted(self) -> bool:
        """Return whether nothing is to be repaired or explained first."""
        return all(finding.note for finding in self.findings)

    @property
    def area(self) -> float:
        return sum(parcel.area for parcel in self.parcels)

    @property
    def rings(self) -> int:
        return sum(len(parcel.rings) for parcel in self.parcels)

    @property
    def whole(self) -> shapely.MultiPolygon:
        """All polygons of the file as one geometry in the file's plane."""
        return shapely.MultiPolygon([polygon for parcel in self.parcels for polygon in parcel.polygons])


def check_extent(file: BoundaryFile, declared: Declared, neighbours: Sequence[Neighbour] = ()) -> Extent:
    """Run every check over a file; what one check finds keeps no other from its work."""
    axes = decide_axes(file, declared.system, declared.zone)
    if axes.plane == OLD_CITY and declared.old_city is not None:
        axes = replace(axes, plane=declared.old_city, findings=())
    findings = [*file.findings, *_unread(file), *axes.findings]
    parcels = []
    for boundary in file.parcels:
        parcel, found = _parcel(boundary, file, axes)
        parcels.append(parcel)
        findings += found
    extent = Extent(axes.plane, tuple(parcels), ())
    if not parcels:
        findings.append(SpaceFinding("TOO_FEW_POINTS", "文件中没有界址点，请核对文件"))
    sound = not any(finding.code in _NO_AREA for finding in findings)
    if sound:
        findings += [*_areas(file, extent, declared), *_among_themselves(extent)]
        limits = declared.limits
        findings += overlaps(
            extent.whole, extent.plane, neighbours, told=limits.overlap_told, stops=limits.overlap_stops
        )
        if declared.district and _in_city(findings):
            findings += outside_district(extent.whole, extent.plane, declared.district)
    return replace(extent, findings=tuple(findings))


#: After these no area, overlap or district is reported.
_NO_AREA = frozenset({"SELF_INTERSECTION", "HOLE_OUTSIDE_SHELL", "TOO_FEW_POINTS", "UNREADABLE_ROW"})


def _unread(file: BoundaryFile) -> Iterator[SpaceFinding]:
    lines = [unused for unused in file.unused if unused.point]
    if lines:
        named = "、".join(str(unused.line) for unused in lines[:10])
        yield SpaceFinding("UNREADABLE_ROW", f"第{named}行的坐标无法读取，请核对后上传")


def _parcel(boundary: Boundary, file: BoundaryFile, axes: Axes) -> tuple[Parcel, list[SpaceFinding]]:
    name = boundary.name
    strict = file.kind in ("geojson", "drawing")
    rings = tuple(settle_ring(ring, axes, subject=name, strict=strict) for ring in boundary.rings)
    shape = shape_of(rings, name)
    findings = [finding for ring in rings for finding in ring.findings] + shape.findings
    if file.surveyed and not shape.findings:
        findings += _turned_round(rings, shape, name)
    return Parcel(name, rings, tuple(shape.polygons), shape.area), findings


def _turned_round(rings: Sequence[Ring], shape: Shape, name: str) -> Iterator[SpaceFinding]:
    """Say that a shell runs counter-clockwise; surveyors number clockwise."""
    shells = {next(iter(polygon.exterior.coords))[:2] for polygon in shape.polygons}
    for ring in rings:
        if ring.enough and ring.points[0] in shells and not ring.clockwise:
            yield SpaceFinding("RING_CCW", "界址点按逆时针编号，已按顺时针输出", name, ring.points[0], note=True)


def area_deviation(polygons: Sequence[shapely.Polygon], point_error: float = 0.05) -> float:
    """The standard deviation of an area whose points have this error (section 7.3)."""
    total = 0.0
    for polygon in polygons:
        for ring in (polygon.exterior, *polygon.interiors):
            points: list[Pair] = [(place[0], place[1]) for place in ring.coords[:-1]]
            total += sum(
                math.dist(points[place - 1], points[(place + 1) % len(points)]) ** 2 for place in range(len(points))
            )
    return point_error * math.sqrt(total / 8)


def _areas(file: BoundaryFile, extent: Extent, declared: Declared) -> Iterator[SpaceFinding]:
    """Compare stated areas with computed ones: of every parcel, and of the file with what is declared of it."""
    for boundary, parcel in zip(file.parcels, extent.parcels, strict=True):
        if boundary.area is not None:
            yield from _area(
                boundary.area, parcel.area, parcel.polygons, boundary.rounding, parcel.name, declared.limits
            )
    if declared.area is not None:
        polygons = [polygon for parcel in extent.parcels for polygon in parcel.polygons]
        yield from _area(declared.area, extent.area, polygons, 0.005, "", declared.limits)


def _area(
    stated: float, found: float, polygons: Sequence[shapely.Polygon], rounding: float, subject: str, limits: Limits
) -> Iterator[SpaceFinding]:
    difference = abs(found - stated)
    share = difference / stated if stated > 0 else math.inf
    message = f"申报面积{stated:.2f}平方米，按坐标计算为{found:.2f}平方米，相差{share:.2%}"
    if difference > limits.area_stops * stated + rounding:
        yield SpaceFinding("AREA_MISMATCH", message, subject)
    elif difference > max(2 * area_deviation(polygons, limits.point_error), limits.area_told * stated) + rounding:
        yield SpaceFinding("AREA_MISMATCH", message, subject, note=True)


def _among_themselves(extent: Extent) -> Iterator[SpaceFinding]:
    """Say which parcels of the file lie on an earlier one of it."""
    earlier: list[Neighbour] = []
    for place, parcel in enumerate(extent.parcels, 1):
        whole = shapely.MultiPolygon(list(parcel.polygons))
        yield from overlaps(whole, extent.plane, earlier)
        earlier.append(Neighbour(parcel.name or f"第{place}块", extent.plane, whole))


def _in_city(findings: Sequence[SpaceFinding]) -> bool:
    return not any(finding.code in ("OUTSIDE_SHANGHAI", "NEEDS_TRANSFORM", "NOT_CGCS2000") for finding in findings)

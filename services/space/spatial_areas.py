"""空间分析范围: plates, rings and what homes lie around, kept for analyses and for the place of a red line (rows 80, 82)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.geometry import Boxed, Geometry
from models.land_codes import Ring
from models.records import InForceState, Revision
from models.red_lines import PlaneSystem
from models.spatial_areas import AreaUse, SpatialArea
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import MARKET_OFFICES, Effects, Facts, Kind, Look, Makers, Proposal
from services.engine.late import shapely
from services.engine.registry import query
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT
from services.engine.work import Work
from services.space.extent_search import near
from services.space.geometry_field import polygons_of
from services.space.overlaps import in_plane
from services.space.planes import GK40, Plane, convertible
from services.space.red_line_search import box_of
from services.space.transforms import OPERATORS, SPATIAL_LEVEL, district_of_operator, plane_in, readers

KIND = "spatial_area"
_UNKNOWN, _OVERLAPS = "unknown", "overlaps"
_FARTHEST = 20_000
#: Square metres by which two plates may lie on each other: their borders come from different drawings.
_SLIVER = 1_000.0


def look(work: Work, area: Proposal) -> Mapping[str, Any]:
    """Look up the areas of the same use that it lies on; an outline that cannot be drawn is noted."""
    outline, system = area["outline"], area["plane_system"]
    if not isinstance(outline, Geometry) or not isinstance(system, PlaneSystem):
        return {}
    plane = plane_in(work, system, outline)
    if not convertible(plane, GK40) or not polygons_of(outline).is_valid:
        return {_UNKNOWN: True}
    own = _whole(work, outline, system)
    others = areas_at(work, own, (area["use"],)) if area["use"] in (AreaUse.PLATE, AreaUse.RING) else []
    return {
        _OVERLAPS: [
            row.area_name
            for row in others
            if row.id != area.record_id and own.intersection(_whole(work, row.outline, row.plane_system)).area > _SLIVER
        ]
    }


@rule(FORMAT, "范围完整，类别与环线一致", Severity.REFUSE, "范围不完整")
def area_is_whole(area: Proposal) -> Iterator[Fault]:
    if area.found.get(_UNKNOWN):
        yield Fault("outline", "范围自相交，或使用旧城市坐标系而没有有效的转换参数")
    if area["use"] is AreaUse.RING and area["ring"] is None:
        yield Fault("ring", "环线范围应选择是哪一段环线")
    if area["reach"] is not None and area["reach"] > _FARTHEST:
        yield Fault("reach", f"缓冲距离最多{_FARTHEST}米")


@rule(FORMAT, "同类范围不重叠", Severity.WARN, "与同类范围重叠")
def areas_lie_beside_each_other(area: Proposal) -> Iterator[Fault]:
    for name in area.found.get(_OVERLAPS, ())[:3]:
        yield Fault("outline", f"与“{name}”重叠，请核对或说明原因")


def in_force(work: Work, row: SpatialArea, _: Revision) -> None:
    """Compute the area and the box by which red lines find it."""
    row.area_computed = row.outline.area.quantize(Decimal("0.01"))
    if (box := box_of(work, row.outline, row.plane_system)) is not None:
        row.e_min, row.n_min, row.e_max, row.n_max = box.e_min, box.n_min, box.e_max, box.n_max
        row.width = box.e_max - box.e_min
    work.add(row)


SPATIAL_AREA = kept(
    Kind(
        name=KIND,
        label="空间分析范围",
        row=82,
        prefix="FW",
        table=SpatialArea,
        makers=Makers(draft=OPERATORS, submit=OPERATORS, owner=district_of_operator, also_seen=readers),
        look=Look(
            title="area_name",
            grid=("area_name", "use", "district", "ring", "area_computed", "decided_on"),
            filters=("area_name", "use", "district"),
            sections={"area_name": "范围", "decided_on": "依据", "plane_system": "图形"},
            purpose="板块、环线和周边分析范围，供叠加分析和红线定位使用",
        ),
        review=(SPATIAL_LEVEL,),
        rules=rules_in(vars()),
        facts=Facts(look=look),
        effects=Effects(on_effective=in_force),
    )
)


def _whole(work: Work, outline: Geometry, system: PlaneSystem) -> Any:
    """The polygons of an outline in zone 40."""
    return shapely.make_valid(in_plane(polygons_of(outline), plane_in(work, system, outline), GK40))


def land_of_area(work: Work, row: SpatialArea) -> Any:
    """An area in zone 40, with what lies within its reach."""
    whole = _whole(work, row.outline, row.plane_system)
    return whole.buffer(row.reach) if row.reach else whole


def areas_at(work: Work, whole: Any, uses: tuple[AreaUse, ...]) -> list[SpatialArea]:
    """The areas in force of these uses whose box meets a geometry in zone 40."""
    west, south, east, north = (round(value * 1000) for value in whole.bounds)
    box = Boxed(e_min=west, n_min=south, e_max=east, n_max=north)
    wanted = select(SpatialArea).where(
        *near(SpatialArea, box), SpatialArea.in_force == InForceState.EFFECTIVE, col(SpatialArea.use).in_(uses)
    )
    return list(work.session.exec(wanted.order_by(col(SpatialArea.record_no))).all())


def plates_in_force(work: Work) -> list[SpatialArea]:
    """The plates in force, of the whole city."""
    found = work.rows(
        SpatialArea, SpatialArea.use == AreaUse.PLATE, SpatialArea.in_force == InForceState.EFFECTIVE, most=2_000
    )
    return list(found)


def plate_and_ring(work: Work, whole: Any, plane: Plane) -> tuple[str, Ring | None]:
    """The plate and the ring in which the middle of a piece of land lies, empty where none is kept."""
    if not convertible(plane, GK40):
        return "", None
    middle = in_plane(whole, plane, GK40).centroid
    plate, ring = "", None
    for row in areas_at(work, middle, (AreaUse.PLATE, AreaUse.RING)):
        if _whole(work, row.outline, row.plane_system).covers(middle):
            if row.use is AreaUse.PLATE:
                plate = plate or row.area_name
            else:
                ring = ring or row.ring
    return plate, ring


@query("spatial_areas.choices", "可选的分析范围", roles=set(MARKET_OFFICES.readers))
def area_choices(work: Work, order: None) -> tuple[tuple[UUID, str], ...]:
    """The areas in force that may be laid over, with their names."""
    rows = work.rows(
        work.visible(SpatialArea),
        SpatialArea.in_force == InForceState.EFFECTIVE,
        by=(SpatialArea.use, SpatialArea.area_name),
        most=500,
    )
    return tuple((row.id, name_of_area(row)) for row in rows)


def name_of_area(row: SpatialArea) -> str:
    """An area's name with its use and reach."""
    return f"{row.use.label} {row.area_name}{f' {row.reach}米' if row.reach else ''}"

"""Areas laid over the models of the city: what lies in a drawn polygon, a district, a plate or around a project (row 82)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.codes import Code
from models.geometry import Geometry
from models.places_data import districts_by_code
from models.projects import Project
from models.records import InForceState
from models.space_models import BuildingModel, ModelPlane, ModelShape
from models.spatial_areas import SpatialArea
from services.engine.late import shapely
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.sheets import Cell, write_csv
from services.engine.work import Work
from services.space.districts import district_outline
from services.space.estate import READERS
from services.space.estate_sums import sold_percent
from services.space.geometry_field import polygons_of
from services.space.map_ground import land_of
from services.space.overlaps import in_plane
from services.space.plan_outlines import seen_project
from services.space.planes import GK40, SH2000, Plane, convertible
from services.space.red_line_search import red_lines_of
from services.space.spatial_areas import land_of_area, name_of_area
from services.space.transforms import plane_in
from services.supply.stages import Stage
from services.supply.sums import LABELS, StageSum, sums_by_project

_PLANES: Mapping[ModelPlane, Plane] = {ModelPlane.SH2000: SH2000, ModelPlane.CGCS2000_GK3_40: GK40}
_MOST_POINTS, _LARGEST, _WIDEST = 1_000, 5_000 * 1e6, 20_000
_HALF = 0.5
_CENT = Decimal("0.01")


class AreaKind(Code):
    """Kinds of areas that are laid over."""

    DRAWN = "DRAWN", "绘制的多边形"
    BUFFER = "BUFFER", "项目周边"
    RED_LINE = "RED_LINE", "项目红线"
    DISTRICT = "DISTRICT", "行政区"
    PLATE = "PLATE", "板块"
    KEPT = "KEPT", "已存的范围"


@dataclass(frozen=True)
class Overlay:
    """An area and a day; None is now. A drawn outline is in `plane`; a buffer and a red line are those of a project.

    A building counts when its centre lies inside, with `by_half` when at least half of its outline does.
    """

    kind: AreaKind
    outline: Geometry | None = None
    plane: ModelPlane = ModelPlane.CGCS2000_GK3_40
    project_id: UUID | None = None
    metres: int = 500
    code: str = ""
    area_id: UUID | None = None
    by_half: bool = False
    on: date | None = None


@dataclass(frozen=True)
class OverlayLine:
    """A project of the result: its buildings inside and altogether, and the sums of those inside."""

    project_id: UUID
    project: str
    inside: int
    buildings: int
    share: Decimal
    stages: tuple[StageSum, ...]
    sold_percent: Decimal | None

    def sets(self, *stages: Stage) -> int:
        return sum(one.sets for one in self.stages if one.stage in stages)

    def area(self, *stages: Stage) -> Decimal:
        return sum((one.area for one in self.stages if one.stage in stages), Decimal(0))


@dataclass(frozen=True)
class OverlayResult:
    """The projects with a building in an area, those with most homes first."""

    area: str
    on: date
    lines: tuple[OverlayLine, ...]


@query("estate.overlay", "叠加分析", roles=set(READERS))
def overlay(work: Work, order: Overlay) -> OverlayResult:
    """Return the projects that the caller sees with buildings in an area, and the sums of these buildings."""
    on = min(order.on or work.today, work.today)
    named, inside = _inside(work, order)
    return OverlayResult(named, on, tuple(_lines(work, inside, on)))


@query("estate.overlay_file", "导出叠加分析", roles=set(READERS))
def overlay_file(work: Work, order: Overlay) -> bytes:
    """Write the result of an overlay as a table."""
    result = overlay(work, order)
    detail = {"kind": order.kind.value, "lines": len(result.lines)}
    work.trail.tell(
        "FILE.DOWNLOAD", "estate.overlay_file", object_id=order.project_id or "", kind="project", detail=detail
    )
    head = ["项目", "范围内幢数", "总幢数", "幢数占比(%)"]
    head += [f"{LABELS[stage]}{what}" for stage in Stage for what in ("套数", "面积(㎡)")] + ["去化率(%)"]
    rows: list[Sequence[Cell]] = []
    for line in result.lines:
        cells: list[Cell] = [line.project, line.inside, line.buildings, line.share]
        for one in line.stages:
            cells += [one.sets, one.area.quantize(_CENT, ROUND_HALF_UP)]
        rows.append([*cells, line.sold_percent if line.sold_percent is not None else "—"])
    return write_csv(head, rows)


def _inside(work: Work, order: Overlay) -> tuple[str, list[ModelShape]]:
    if order.kind is AreaKind.PLATE:
        projects = select(Project.id).where(Project.plate == order.code, Project.in_force == InForceState.EFFECTIVE)
        return f"板块{order.code}", _shapes(work, col(ModelShape.project_id).in_(projects))
    name, area, plane = _area(work, order)
    found: list[ModelShape] = []
    for code, own in _PLANES.items():
        found += _in_polygon(work, in_plane(area, plane, own) if own != plane else area, code, by_half=order.by_half)
    return name, found


def _shapes(work: Work, *where: Any) -> list[ModelShape]:
    """The shapes of models in force that the caller sees."""
    seen = work.visible(BuildingModel).where(BuildingModel.in_force == InForceState.EFFECTIVE).subquery()
    wanted = select(ModelShape).where(ModelShape.building_model_id == seen.c.id, *where)
    return list(work.session.exec(wanted).all())


def _in_polygon(work: Work, area: Any, plane: ModelPlane, *, by_half: bool) -> list[ModelShape]:
    """The shapes whose centre lies in an area; with `by_half` those of whose outline half does."""
    west, south, east, north = area.bounds
    reach = 200.0 if by_half else 0.0
    rows = _shapes(
        work,
        ModelShape.plane == plane,
        col(ModelShape.centre_e).between(round((west - reach) * 1000), round((east + reach) * 1000)),
        col(ModelShape.centre_n).between(round((south - reach) * 1000), round((north + reach) * 1000)),
    )
    shapely.prepare(area)
    if not by_half:
        return [row for row in rows if shapely.contains_xy(area, row.centre_e / 1000, row.centre_n / 1000)]
    return [row for row in rows if _share(row, area) >= _HALF]


def _share(row: ModelShape, area: Any) -> float:
    e, n = row.shape["origin"]
    rings = [
        [[((ring[at] + e) / 1000, (ring[at + 1] + n) / 1000) for at in range(0, len(ring), 2)] for ring in polygon]
        for polygon in row.shape["footprint"]
    ]
    outline = shapely.union_all([shapely.Polygon(one[0], one[1:]) for one in rings])
    return float(shapely.intersection(outline, area, grid_size=0.001).area / outline.area)


def _area(work: Work, order: Overlay) -> tuple[str, Any, Plane]:
    if order.kind is AreaKind.DRAWN:
        return "绘制的多边形", drawn_polygon(order.outline), _PLANES[order.plane]
    if order.kind is AreaKind.DISTRICT:
        outline = district_outline(order.code)
        if outline is None:
            raise Rejected("没有这个行政区的范围")
        return districts_by_code().get(order.code, order.code), outline, GK40
    if order.kind is AreaKind.KEPT:
        kept = work.find(
            work.visible(SpatialArea),
            SpatialArea.id == order.area_id,
            SpatialArea.in_force == InForceState.EFFECTIVE,
            missing=Rejected("请选择已存的范围"),
        )
        return name_of_area(kept), land_of_area(work, kept), GK40
    if order.project_id is None:
        raise Rejected("请选择项目")
    project = seen_project(work, order.project_id)
    if order.kind is AreaKind.RED_LINE:
        rows = red_lines_of(work, project.id)
        if not rows:
            raise Rejected("该项目没有生效的红线")
        known = [row for row in rows if convertible(plane_in(work, row.plane_system, row.outline), GK40)]
        if not known:
            raise Rejected("该项目的红线使用旧城市坐标系，还没有有效的转换参数")
        return f"{project.name}红线", land_of(work, known), GK40
    if not 0 < order.metres <= _WIDEST:
        raise Rejected(f"周边距离应在1至{_WIDEST}米之间")
    own = _shapes(work, ModelShape.project_id == project.id)
    if not own:
        raise Rejected("该项目还没有生效的三维模型")
    places = [shapely.Point(one.centre_e / 1000, one.centre_n / 1000) for one in own if one.plane is own[0].plane]
    return f"{project.name}周边{order.metres}米", shapely.union_all(places).buffer(order.metres), _PLANES[own[0].plane]


def drawn_polygon(outline: Geometry | None) -> Any:
    """The polygons of a drawn or typed outline; one that crosses itself is refused with where."""
    rings = [ring for area in outline.polygons for ring in area] if outline is not None else []
    if outline is None or not rings or min(map(len, rings)) < 3:
        raise Rejected("多边形至少要有3个点")
    if sum(map(len, rings)) > _MOST_POINTS:
        raise Rejected(f"多边形最多{_MOST_POINTS}个点")
    polygon = polygons_of(outline)
    if not polygon.is_valid or polygon.area == 0:
        why = shapely.is_valid_reason(polygon)
        place = why.partition("[")[2].rstrip("]")
        raise Rejected(f"多边形自相交（{place}），请调整后再分析" if place else "多边形没有面积，请调整后再分析")
    if polygon.area > _LARGEST:
        raise Rejected("多边形超过5000平方公里，请缩小范围")
    return polygon


def _lines(work: Work, inside: Sequence[ModelShape], on: date) -> list[OverlayLine]:
    projects: dict[UUID, set[UUID]] = defaultdict(set)
    subjects: dict[UUID, UUID] = {}
    for one in inside:
        projects[one.project_id].add(one.building_model_id)
        if one.natural_building_id is not None:
            subjects[one.natural_building_id] = one.project_id
    models = work.rows(BuildingModel, col(BuildingModel.id).in_([one.building_model_id for one in inside]))
    planned = {row.planned_building_id for row in models if row.natural_building_id is None}
    summed = sums_by_project(work, {*subjects, *(one for one in planned if one is not None)}, day=on)
    names = {row.id: row.name for row in work.rows(Project, col(Project.id).in_(list(projects)))}
    counts: dict[UUID, int] = defaultdict(int)
    wanted = select(BuildingModel.project_id).where(
        col(BuildingModel.project_id).in_(list(projects)), BuildingModel.in_force == InForceState.EFFECTIVE
    )
    for project in work.session.exec(wanted).all():
        if project is not None:
            counts[project] += 1
    lines = []
    for project, here in projects.items():
        stages = summed.get(project, tuple(StageSum(stage) for stage in Stage))
        share = (Decimal(len(here) * 100) / counts[project]).quantize(_CENT, ROUND_HALF_UP)
        name = names.get(project, "")
        lines.append(OverlayLine(project, name, len(here), counts[project], share, stages, sold_percent(stages)))
    return sorted(lines, key=lambda line: (-sum(one.sets for one in line.stages), line.project))

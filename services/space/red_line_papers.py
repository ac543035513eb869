"""Files of a red line for others: the sheet as PDF, point table, boundary file, GeoJSON, DXF (row 80, market 7.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from models.places_data import district
from models.projects import Project
from models.records import Revision
from printing.red_line_sheet import RedLineSheet, render
from printing.spelling import drawn
from services.engine.cycle_lock import seen
from services.engine.late import shapely
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.sheets import write_xlsx
from services.engine.work import Work
from services.records.record_paper import issue_of
from services.records.version_view import read_version
from services.space.extent import Extent
from services.space.extent_exports import boundary_text, dxf_text, geojson_text, point_rows
from services.space.red_line import RED_LINE
from services.space.red_line_checks import check_outline
from services.space.red_line_views import LookAt, OutlineView, look_at
from services.space.transforms import plane_in

#: The forms an outline is taken along in.
FORMS: Mapping[str, str] = {
    "pdf": "成果表 PDF",
    "xlsx": "界址点表 Excel",
    "txt": "电子报盘 TXT",
    "dxf": "图形 DXF",
    "geojson": "GeoJSON",
}
_MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=gb18030",
    "dxf": "image/vnd.dxf",
    "geojson": "application/geo+json",
}
_HEADS = ("地块", "圈号", "点号", "X（北）", "Y（东）", "边长")
_FAULTY = "界址线自相交或界址点不足，改正后才能导出"
#: Points beyond this are no longer printed; the workbook has them all.
_PRINTED = 3_000


@dataclass(frozen=True)
class ExportRedLine:
    """A version of a red line, and the form it is taken along in."""

    revision_id: UUID
    form: str


@dataclass(frozen=True)
class MadeFile:
    """A file that was made, with its name."""

    file_name: str
    media_type: str
    content: bytes = field(repr=False)


@query("red_line.export", "导出项目空间范围", roles=set(RED_LINE.makers.offices.readers))
def export_red_line(work: Work, order: ExportRedLine) -> MadeFile:
    """Return the outline of a version as a file; that it was taken along is logged."""
    if order.form not in FORMS:
        raise Rejected("没有这种格式")
    row = seen(work, RED_LINE, order.revision_id)
    view = look_at(work, LookAt(order.revision_id))
    version = read_version(work, RED_LINE, row)
    outline, system = version.form.values.get("outline"), view.system
    if outline is None:
        raise Rejected("还没有界址范围，不能导出")
    plane = plane_in(work, system, outline)
    extent = check_outline(outline, system, plane=plane)
    if any(finding.rule in ("SPA-02", "SPA-03") for finding in extent.findings):
        raise Rejected(_FAULTY)
    if order.form == "geojson" and not plane.has_map:
        raise Rejected("上海城市坐标系没有有效的转换参数，不能导出经纬度")
    work.trail.tell("FILE.DOWNLOAD", f"red_line.{order.form}", about=row, digest=row.digest)
    name = f"{row.record_no or '草稿'}_第{row.version_no}版_界址范围.{order.form}"
    return MadeFile(name, _MEDIA[order.form], _content(work, order.form, row, view, extent))


def _content(work: Work, form: str, row: Revision, view: OutlineView, extent: Extent) -> bytes:
    if form == "pdf":
        return drawn(render, sheet_of(work, row, view, extent))
    if form == "xlsx":
        return write_xlsx("界址点表", _HEADS, _point_table(extent))
    if form == "txt":
        project = _project(work, row)
        names = (
            [project]
            if len(extent.parcels) == 1
            else [f"{project}第{place}块" for place, _ in enumerate(extent.parcels, 1)]
        )
        text = boundary_text(extent, names=names, unit=str(row.record_no or ""), day=f"{work.today:%Y-%m-%d}")
        return text.encode("gb18030", "replace")
    if form == "dxf":
        return dxf_text(extent).encode("gbk", "replace")
    return geojson_text(extent).encode()


def _point_table(extent: Extent) -> Iterator[tuple[str | int, ...]]:
    """The point table with its areas below; numbers are text, for a spreadsheet drops the last zeros of a number."""
    for parcel, ring, number, north, east, edge in point_rows(extent):
        yield parcel, ring, number, f"{north:.3f}", f"{east:.3f}", "" if edge is None else f"{edge:.2f}"
    for unit, value in (
        ("㎡", f"{extent.area:.2f}"),
        ("公顷", f"{extent.area / 10_000:.4f}"),
        ("亩", f"{extent.area * 3 / 2_000:.3f}"),
    ):
        yield f"面积（{unit}）", "", "", "", "", value


def _project(work: Work, row: Revision) -> str:
    project = work.first(Project, Project.id == row.project_id)
    return project.name if project is not None else ""


def sheet_of(work: Work, row: Revision, view: OutlineView, extent: Extent) -> RedLineSheet:
    """The sheet of a version: its outline with what touches the paper, areas, checks and points."""
    version = read_version(work, RED_LINE, row)
    words = {one.name: one.words(version.value(one)) for one in RED_LINE.fields}
    place = district(row.district_code)
    rows = point_rows(extent)
    several = len(extent.parcels) > 1
    facts = (
        ("测绘成果编号", words["report_no"]),
        ("所在区", place.name if place else ""),
        ("测绘单位", words["survey_unit"]),
        ("测绘日期", words["survey_on"]),
        ("坐标系", words["plane_system"]),
        ("界址点精度", words["survey_class"]),
        ("按坐标计算面积", f"{view.area:,.2f} ㎡（{view.area / 10000:.4f} 公顷，{view.area * 3 / 2000:.3f} 亩）"),
        ("周长", f"{view.perimeter:,.2f} 米"),
        ("块数和圈数", f"{len(extent.parcels)} 块，{extent.rings} 圈"),
        ("界址点数", f"{sum(1 for one in rows if one[5] is not None)} 个"),
    )
    around = shapely.box(*extent.whole.buffer(80).bounds)
    return RedLineSheet(
        issue=issue_of(work, RED_LINE, row),
        project=_project(work, row),
        facts=facts,
        polygons=tuple(view.polygons),
        neighbours=tuple(
            (one.name or "已入库范围", polygon)
            for one in view.around
            if one.kind == "neighbour"
            for polygon in one.polygons
            if shapely.Polygon(polygon[0]).intersects(around)
        ),
        compared=tuple(
            (one.paper, f"{one.stated:,.2f}", f"{one.difference:+,.2f}", f"{one.percent:+.2f}%")
            for one in view.compared
        ),
        checks=tuple((one.rule, "提示" if one.note or one.warns else "须改正", one.message) for one in view.findings)
        or (("SPA-01至10", "通过", "闭合、界址点、相交、坐标范围、面积、相邻范围、行政区均未发现问题"),),
        points=tuple(
            (
                str(one[0]) if several else "1",
                str(one[1]),
                one[2],
                f"{one[3]:.3f}",
                f"{one[4]:.3f}",
                "" if one[5] is None else f"{one[5]:.2f}",
            )
            for one in rows[:_PRINTED]
        ),
    )

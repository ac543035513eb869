"""Reads a site plan: the buildings on it with number, storeys, height and outline, and what is wrong (row 81, SPA-11..16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.engine.late import shapely
from services.files.file_refusals import FileRefused
from services.space.drawing_guard import METRES, Scan, scan_drawing
from services.space.drawing_layers import DELIVERED, LayerBook, LayerNames, Layers, Wanted, encoding_of, thin_copy
from services.space.drawing_process import open_drawing
from services.space.outlines import Outline, Outlines, find_outlines
from services.space.plan_labels import Labelled, PlacedLabel, give_labels, joined, numbers_of, placed_labels
from services.space.planes import GK40, Pair
from services.space.space_findings import SpaceFinding

#: Metres of a drawing unit by the code of `$INSUNITS`.
_UNITS = {1: 0.0254, 2: 0.3048, 4: 0.001, 5: 0.01, 6: 1.0, 7: 1000.0, 14: 0.1}
_MILLIMETRES, _METRES = 4, 6
#: Square metres of an outline beyond the red line or on another one; metres of a storey.
_BEYOND, _ON_ANOTHER = 0.5, 1.0
_LOWEST_STOREY, _HIGHEST_STOREY = 2.2, 6.5


@dataclass(frozen=True)
class Building:
    """A building of a site plan; None for what its label does not say."""

    number: str | None
    above: int | None
    below: int | None
    height: float | None
    polygon: Any
    handles: tuple[str, ...]
    #: The building under this one, by its place in the plan.
    podium: int | None = None


@dataclass
class SitePlan:
    """The buildings of a drawing in metres, its red line, texts of homes, and everything found."""

    buildings: list[Building] = field(default_factory=list)
    red_line: Any = None
    homes: list[shapely.Polygon] = field(default_factory=list)
    rooms: list[PlacedLabel] = field(default_factory=list)
    findings: list[SpaceFinding] = field(default_factory=list)
    #: Layers with the number of entities on each, frozen ones left out.
    layers: dict[str, int] = field(default_factory=dict)


#: What the worker is at while it reads a drawing.
STEPS = ("检查图纸", "打开图形", "整理轮廓和标注")


def read_site_plan(
    content: bytes,
    wanted: Wanted | None = None,
    names: LayerNames = DELIVERED,
    *,
    told: Callable[[str], object] = lambda step: None,
) -> SitePlan:
    """Read a drawing; one that cannot be trusted is refused whole. `told` is called with each step that begins."""
    told(STEPS[0])
    scan = scan_drawing(content)
    encoding, findings = encoding_of(scan)
    book = LayerBook(scan, encoding)
    layers = book.choose(wanted or Wanted(), names)
    plan = SitePlan(findings=findings)
    plan.layers = {name: count for name, count in book.counts.most_common() if name not in book.frozen}
    plan.findings += book.misspelt(layers.outline, layers.all)
    if not layers.outline:
        plan.findings.append(_no_layer(book))
        return plan
    told(STEPS[1])
    thin = thin_copy(book, layers.all)
    scale, unit = metres_of(scan)
    opened = open_drawing(thin, encoding=encoding, layers=layers.all, frozen=book.frozen, scale=scale)
    told(STEPS[2])
    plan.findings += unit_finding(unit, opened["shapes"])
    _take_drawing(plan, opened, layers)
    return plan


def read_floor_plan(
    content: bytes, names: LayerNames = DELIVERED, *, told: Callable[[str], object] = lambda step: None
) -> SitePlan:
    """Read the homes and rooms of a floor plan drawing; it needs no building's outline."""
    told(STEPS[0])
    scan = scan_drawing(content)
    encoding, findings = encoding_of(scan)
    book = LayerBook(scan, encoding)
    chosen = book.choose(Wanted(), names)
    layers = Layers(frozenset(), frozenset(), frozenset(), chosen.homes, chosen.rooms)
    plan = SitePlan(findings=findings)
    if not layers.homes:
        named = "、".join(name[:20] for name, _ in book.counts.most_common(8)) or "没有图形"
        raise FileRefused(
            "LAYER_MISSING",
            f"没有找到户轮廓图层，请把户轮廓放在名为{'、'.join(names.homes)}的图层上（图纸中有：{named}）",
        )
    told(STEPS[1])
    scale, _ = metres_of(scan)
    thin = thin_copy(book, layers.all)
    opened = open_drawing(thin, encoding=encoding, layers=layers.all, frozen=book.frozen, scale=scale)
    told(STEPS[2])
    _take_drawing(plan, opened, layers)
    return plan


def _no_layer(book: LayerBook) -> SpaceFinding:
    named = "、".join(name[:20] for name, _ in book.counts.most_common(8)) or "没有图形"
    frozen = "；冻结的图层不读取" if book.frozen else ""
    return SpaceFinding("LAYER_MISSING", f"没有找到建筑轮廓图层，请指定图层（图纸中有：{named}{frozen}）")


def _take_drawing(plan: SitePlan, opened: Mapping[str, Any], layers: Layers) -> None:
    def on(names: frozenset[str], kind: str) -> list[dict[str, Any]]:
        return [one for one in opened[kind] if one["layer"] in names]

    plan.homes = [one.polygon for one in find_outlines(on(layers.homes, "shapes")).sound]
    plan.rooms = placed_labels(on(layers.rooms, "texts"))
    plan.findings += not_read(opened["others"], layers.outline | layers.red_line | layers.homes)
    if not layers.outline:
        return
    outlines = find_outlines(on(layers.outline, "shapes"))
    labels = placed_labels(on(layers.label, "texts"))
    if not outlines.sound and not outlines.faulty:
        plan.findings.append(SpaceFinding("OUTLINE_MISSING", "建筑轮廓图层上没有轮廓，请核对图层"))
    _take_buildings(plan, outlines, labels)
    red_line = find_outlines(on(layers.red_line, "shapes"))
    plan.red_line = by_turns([one.polygon for one in red_line.sound]) if red_line.sound else None
    plan.findings += [*_labels_found(plan.buildings), *_between(plan.buildings), *_beyond(plan)]


def metres_of(scan: Scan) -> tuple[float | None, int]:
    """The metres of a drawing unit, None where the drawing does not say, and the unit's code."""
    stated = scan.variables.get(b"$INSUNITS", b"0")
    unit = int(stated) if stated.isdigit() else 0
    if not unit and scan.says(METRES):
        unit = _METRES
    return _UNITS.get(unit), unit


def unit_finding(unit: int, shapes: Sequence[Mapping[str, Any]]) -> Iterator[SpaceFinding]:
    """Say that a drawing is not in metres, or does not name its unit."""
    if unit == _MILLIMETRES:
        yield SpaceFinding("UNITS_MM", "图纸以毫米为单位，已换算为米", note=True)
    elif unit in _UNITS:
        if unit != _METRES:
            yield SpaceFinding("UNITS_CONVERTED", f"图纸单位（代码{unit}）已换算为米", note=True)
    else:
        places = [point for shape in shapes for point in shape["points"]]
        near = bool(places) and all(GK40.box.has((e % 1e6 if e > 1e7 else e, n)) for e, n in places)
        small = bool(places) and all(GK40.box.has((e / 1000 % 1e6, n / 1000)) for e, n in places)
        words = "坐标与米相符，已按米读取，请确认" if near else "已按米读取，请在CAD中设定单位（UNITS）后重新另存"
        if small:
            words = "坐标像毫米，请在CAD中把单位（UNITS）设为毫米后重新另存"
        yield SpaceFinding("UNITS_UNKNOWN", f"图纸没有写明单位，{words}", note=near)


#: Entities that are no line but may have been meant as one, with the finding that stops the drawing.
_STOPPING = {
    "SPLINE": ("SPLINE", "样条曲线不能作为界线，请转换为多段线"),
    "ACAD_PROXY_ENTITY": ("PROXY_ENTITY", "有其他软件的对象，请先在CAD中导出为天正T3或炸开后另存"),
    "INSERT": ("BLOCK_MISSING", "图块没有定义，其中的图形无法读取，请在CAD中绑定外部参照或炸开后另存"),
}
_LEFT = {"HATCH": "填充", "SOLID": "实体填充", "TRACE": "宽线", "3DFACE": "三维面", "REGION": "面域", "MESH": "网格"}


def not_read(others: Sequence[Sequence[Any]], layers: frozenset[str]) -> Iterator[SpaceFinding]:
    """Say which entities of these layers are none that can be read; a missing block is reported on any layer."""
    found = [(kind, count, handles) for kind, layer, count, handles in others if layer in layers or kind == "INSERT"]
    for kind, (code, words) in _STOPPING.items():
        handles = [handle for one, _, some in found if one == kind for handle in some]
        if handles:
            yield SpaceFinding(code, f"{words}（句柄{'、'.join(handles[:10])}）", handles=tuple(handles[:50]))
    left = [(kind, count, handles) for kind, count, handles in found if kind not in _STOPPING]
    if left:
        named = "、".join(f"{_LEFT.get(kind, kind)[:20]}{count}个" for kind, count, _ in left[:8])
        handles = [handle for _, _, some in left for handle in some]
        message = f"界线图层上有不是线的图形，未读取：{named}；界线须是多段线、直线或圆弧"
        yield SpaceFinding("NOT_LINES", message, handles=tuple(handles[:50]), note=True)


def by_turns(polygons: Sequence[Any]) -> Any:
    """The area inside an odd number of rings: shells without their holes."""
    whole = shapely.Polygon()
    for polygon in sorted(polygons, key=lambda one: one.area, reverse=True):
        whole = whole.symmetric_difference(polygon)
    return whole


def _take_buildings(plan: SitePlan, outlines: Outlines, labels: Sequence[PlacedLabel]) -> None:
    candidates = [*outlines.sound, *outlines.faulty]
    given = give_labels(labels, [one.polygon for one in candidates])
    holes = _courtyards(outlines.sound, given)
    for place, outline in enumerate(outlines.sound):
        if place in holes:
            continue
        polygon = outline.polygon
        for hole, shell in holes.items():
            if shell == place:
                polygon = polygon.difference(outlines.sound[hole].polygon)
        plan.buildings.append(_building(plan, outline, polygon, given.of.get(place, [])))
    _take_podiums(plan)
    for offset, outline in enumerate(outlines.faulty, len(outlines.sound)):
        plan.findings.append(_faulty(outline, given.of.get(offset, [])))
    if outlines.open_lines:
        message = f"建筑轮廓图层上有{outlines.open_lines}条线没有闭合成轮廓，以下只列出一部分，请核对图层"
        plan.findings.append(SpaceFinding("OUTLINE_OPEN", message))
    if outlines.doubled:
        plan.findings.append(
            SpaceFinding(
                "OUTLINE_DOUBLED", "有轮廓重复绘制，已按一幢计", handles=tuple(outlines.doubled[:50]), note=True
            )
        )
    for orphan in given.orphans:
        number = orphan.label.number or ""
        message = f"标注“{number}”不在任何轮廓内"
        plan.findings.append(SpaceFinding("LABEL_ORPHAN", message, number, orphan.place, orphan.handles))


def _courtyards(sound: Sequence[Outline], given: Labelled) -> dict[int, int]:
    """Unlabelled rings inside a larger one, each with the smallest ring around it."""
    tree = shapely.STRtree([one.polygon for one in sound])
    found: dict[int, int] = {}
    for place, outline in enumerate(sound):
        if given.of.get(place):
            continue
        around = [
            int(other)
            for other in tree.query(outline.polygon, predicate="within")
            if other != place and sound[other].polygon.area > outline.polygon.area
        ]
        if around:
            found[place] = min(around, key=lambda other: sound[other].polygon.area)
    # A ring inside a courtyard is a building again, though an unlabelled one.
    return {hole: shell for hole, shell in found.items() if shell not in found}


def _building(plan: SitePlan, outline: Outline, polygon: Any, labels: Sequence[PlacedLabel]) -> Building:
    label, numbers = joined(labels), numbers_of(labels)
    number = numbers[0] if len(numbers) == 1 else None
    centre = polygon.representative_point()
    place = (centre.x, centre.y)
    if not labels:
        message = "轮廓内没有标注，无法得知楼号和层数"
        plan.findings.append(SpaceFinding("LABEL_MISSING", message, "", place, outline.handles))
    elif len(numbers) > 1:
        message = f"一个轮廓内有多个楼号：{'、'.join(numbers)}"
        plan.findings.append(SpaceFinding("LABEL_UNREADABLE", message, "", place, outline.handles))
    elif number is None or (label.above is None and label.below is None):
        missing = "、".join(
            name for name, value in (("楼号", number), ("层数", label.above), ("高度", label.height)) if value is None
        )
        message = f"标注中没有可读的{missing}"
        plan.findings.append(SpaceFinding("LABEL_UNREADABLE", message, number or "", place, outline.handles))
    below = label.below if label.below is not None else 0 if label.above is not None else None
    return Building(number, label.above, below, label.height, polygon, outline.handles)


def _take_podiums(plan: SitePlan) -> None:
    """Note the podium of each building whose outline lies in another one's."""
    tree = shapely.STRtree([one.polygon for one in plan.buildings])
    for place, building in enumerate(plan.buildings):
        around = [
            int(other)
            for other in tree.query(building.polygon)
            if other != place
            and plan.buildings[other].polygon.area > building.polygon.area
            and building.polygon.difference(plan.buildings[other].polygon).area <= _ON_ANOTHER
        ]
        if around and building.number is not None:
            podium = min(around, key=lambda other: plan.buildings[other].polygon.area)
            plan.buildings[place] = replace(building, podium=podium)


def _faulty(outline: Outline, labels: Sequence[PlacedLabel]) -> SpaceFinding:
    number = next(iter(numbers_of(labels)), "")
    centre = outline.polygon.representative_point()
    if outline.fault == "OUTLINE_OPEN":
        message = f"轮廓线未闭合，缺口{outline.gap:.2f}米（句柄{'、'.join(outline.handles[:5])}）"
    else:
        message = f"轮廓自相交（句柄{'、'.join(outline.handles[:5])}）"
    return SpaceFinding(outline.fault, message, number, (centre.x, centre.y), outline.handles)


def _labels_found(buildings: Sequence[Building]) -> Iterator[SpaceFinding]:
    """Say which numbers occur twice and which heights do not fit their storeys."""
    counts = Counter(one.number for one in buildings if one.number is not None)
    for number, count in counts.items():
        if count > 1:
            yield SpaceFinding("NUMBER_DUP", f"楼号{number}出现{count}次", number)
    for one in buildings:
        if one.above and one.height:
            storey = one.height / one.above
            if not _LOWEST_STOREY <= storey <= _HIGHEST_STOREY:
                message = f"{one.above}层而高度{one.height:g}米，层高{storey:.2f}米，不合理"
                yield SpaceFinding("HEIGHT_STOREYS", message, one.number or "")


def _between(buildings: Sequence[Building]) -> Iterator[SpaceFinding]:
    """Say which outlines lie on each other; a tower on its podium does not count."""
    tree = shapely.STRtree([one.polygon for one in buildings])
    for place, one in enumerate(buildings):
        for found in tree.query(one.polygon, predicate="intersects"):
            other = int(found)
            if other <= place or one.podium == other or buildings[other].podium == place:
                continue
            common = one.polygon.intersection(buildings[other].polygon)
            if common.area > _ON_ANOTHER:
                named = ",".join(two.number or "无号" for two in (one, buildings[other]))
                centre = common.representative_point()
                message = f"两幢轮廓重叠{common.area:.1f}平方米"
                yield SpaceFinding("OUTLINES_OVERLAP", message, named, (centre.x, centre.y))


def _beyond(plan: SitePlan) -> Iterator[SpaceFinding]:
    """Say which buildings reach beyond the red line."""
    if plan.red_line is None:
        return
    shapely.prepare(plan.red_line)
    for one in plan.buildings:
        if plan.red_line.contains(one.polygon):
            continue
        outside = one.polygon.difference(plan.red_line)
        if outside.area > _BEYOND:
            place: Pair = (outside.representative_point().x, outside.representative_point().y)
            message = f"建筑超出用地红线{outside.area:.1f}平方米"
            yield SpaceFinding("OUTSIDE_RED_LINE", message, one.number or "", place)

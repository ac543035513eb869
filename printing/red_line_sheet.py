"""项目空间范围成果表 (row 80): the red line drawn to scale with its neighbours, areas compared, checks, and the table of its points."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.pdfgen.canvas import Canvas

from printing.page import ROOM, SIDE, Issue, Paper, small_mark
from printing.table import DENSE, field, form, grid, pair
from printing.text import Align

TITLE = "项目空间范围成果表"
_HIGH, _MARGIN = 330.0, 30.0
#: Points are numbered up to so many; of more only every so many-th.
_MOST_NUMBERS = 50
_SCALES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
#: A point of paper in metres at one to one.
_POINT = 0.0254 / 72
_COMPARED = (("依据", 0.3), ("所载面积（㎡）", 0.24), ("相差（㎡）", 0.23), ("相差比例", 0.23))
_CHECKS = (("规则", 0.14), ("结果", 0.14), ("说明", 0.72))
_POINTS = (
    ("块", 0.08),
    ("圈", 0.08),
    ("点号", 0.12),
    ("X（北，米）", 0.26),
    ("Y（东，米）", 0.26),
    ("边长（米）", 0.2),
)
Place = tuple[float, float]
Polygon = Sequence[Sequence[Place]]


@dataclass(frozen=True)
class RedLineSheet:
    """The content of the sheet; every text is as it should be shown, places are east and north in metres."""

    issue: Issue
    project: str
    facts: tuple[tuple[str, str], ...]
    polygons: tuple[Polygon, ...]
    neighbours: tuple[tuple[str, Polygon], ...]
    compared: tuple[tuple[str, str, str, str], ...]
    checks: tuple[tuple[str, str, str], ...]
    points: tuple[tuple[str, ...], ...]


def render(sheet: RedLineSheet) -> bytes:
    """The sheet as PDF; equal content gives equal bytes."""
    paper = Paper(TITLE, sheet.issue)
    pairs = [(*one, *other) for one, other in zip(sheet.facts[::2], sheet.facts[1::2], strict=False)]
    form(paper, [field("项目", sheet.project), *(pair(*one) for one in pairs)])
    paper.gap(8)
    if sheet.polygons:
        _drawing(paper, sheet)
    if sheet.compared:
        paper.heading("面积对照")
        grid(paper, _COMPARED, sheet.compared, centred=(1, 2, 3), style=DENSE)
    paper.heading("检查结果")
    grid(paper, _CHECKS, sheet.checks, centred=(0, 1), style=DENSE)
    paper.heading("界址点成果表")
    grid(paper, _POINTS, sheet.points, centred=(0, 1, 2, 3, 4, 5), style=DENSE)
    return paper.pdf()


class _Scale:
    """Metres of the plane to points of paper, at a round scale; north is up."""

    def __init__(self, polygons: Sequence[Polygon], top: float) -> None:
        places = [place for polygon in polygons for ring in polygon for place in ring]
        easts, norths = [e for e, _ in places], [n for _, n in places]
        wide, high = max(easts) - min(easts), max(norths) - min(norths)
        room_wide, room_high = ROOM - 2 * _MARGIN, _HIGH - 2 * _MARGIN
        needed = max(wide / (room_wide * _POINT), high / (room_high * _POINT))
        self.one_to = next((scale for scale in _SCALES if scale >= needed), math.ceil(needed / 100_000) * 100_000)
        self.metre = 1 / (self.one_to * _POINT)
        self._e, self._n = (max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2
        self._x, self._y = SIDE + ROOM / 2, top - _HIGH / 2

    def at(self, place: Place) -> Place:
        return self._x + (place[0] - self._e) * self.metre, self._y + (place[1] - self._n) * self.metre


def _drawing(paper: Paper, sheet: RedLineSheet) -> None:
    paper.keep(_HIGH + 24)
    top = paper.y
    scale = _Scale(sheet.polygons, top)
    paper.sheet.draws.append(partial(_draw, sheet, scale, top))
    total = sum(len(ring) for polygon in sheet.polygons for ring in polygon)
    step = 1 + total // _MOST_NUMBERS
    for polygon in sheet.polygons:
        number = 0
        middle = _middle(polygon[0])
        for ring in polygon:
            for place in ring:
                number += 1
                if number % step == 0 or step == 1:
                    x, y = scale.at(place)
                    out = 1 if place[0] >= middle[0] else -1
                    align = Align.LEFT if out > 0 else Align.RIGHT
                    small_mark(paper.sheet, f"J{number}", x + 4 * out, y + (2 if place[1] >= middle[1] else -9), align)
    for name, polygon in sheet.neighbours:
        x, y = scale.at(_middle(polygon[0]))
        if SIDE + 30 < x < SIDE + ROOM - 30 and top - _HIGH + 12 < y < top - 12:
            small_mark(paper.sheet, name[:16], x, y, Align.CENTER)
    small_mark(paper.sheet, f"比例尺 1:{scale.one_to}", SIDE + 8, top - _HIGH + 8)
    small_mark(paper.sheet, "北", SIDE + ROOM - 20, top - 44, Align.CENTER)
    paper.gap(_HIGH + 8)


def _middle(ring: Sequence[Place]) -> Place:
    return sum(e for e, _ in ring) / len(ring), sum(n for _, n in ring) / len(ring)


def _draw(sheet: RedLineSheet, scale: _Scale, top: float, canvas: Canvas) -> None:
    canvas.saveState()
    frame = canvas.beginPath()
    frame.rect(SIDE, top - _HIGH, ROOM, _HIGH)
    canvas.clipPath(frame, stroke=1, fill=0)
    canvas.setLineWidth(0.6)
    canvas.setDash(4, 3)
    canvas.setStrokeGray(0.4)
    canvas.setFillGray(0.93)
    for _, polygon in sheet.neighbours:
        _path(canvas, polygon, scale, filled=True)
    canvas.setDash()
    canvas.setStrokeColorRGB(0.75, 0, 0)
    canvas.setLineWidth(1.4)
    for polygon in sheet.polygons:
        _path(canvas, polygon, scale, filled=False)
    canvas.setFillColorRGB(0.75, 0, 0)
    for polygon in sheet.polygons:
        for ring in polygon:
            if len(ring) <= 4 * _MOST_NUMBERS:
                for place in ring:
                    canvas.circle(*scale.at(place), 1.6, stroke=0, fill=1)
    _arrow(canvas, top)
    canvas.restoreState()


def _path(canvas: Canvas, polygon: Polygon, scale: _Scale, *, filled: bool) -> None:
    path = canvas.beginPath()
    for ring in polygon:
        go: Callable[[float, float], object] = path.moveTo
        for place in ring:
            go(*scale.at(place))
            go = path.lineTo
        path.close()
    # Even and odd, so that a hole is one whichever way it runs.
    canvas.drawPath(path, stroke=1, fill=int(filled), fillMode=0)


def _arrow(canvas: Canvas, top: float) -> None:
    x, y = SIDE + ROOM - 20, top - 32
    canvas.setFillGray(0)
    path = canvas.beginPath()
    path.moveTo(x, y + 22)
    path.lineTo(x - 5, y)
    path.lineTo(x, y + 5)
    path.lineTo(x + 5, y)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)

"""Charts on paper, drawn from figures: piled areas, bars with a line, heat tables and flows (space 9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from printing.fonts import Face, runs, width
from printing.page import ROOM, SIDE, Paper

_FACE, _SMALL = Face.SERIF, 7.0
_INK, _RULE = HexColor("#1d2630"), HexColor("#c8d0d8")
_LEFT, _RIGHT, _BOTTOM, _HEAD = 40.0, 34.0, 16.0, 30.0


@dataclass(frozen=True)
class ChartSeries:
    """A series with its colour; `line` is drawn as a line on the right axis."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    line: bool = False


@dataclass(frozen=True)
class PaperChart:
    """Figures of a chart: `kind` is stacked, bars, bars_stacked, heat or flow; links are from, to, how much, colour."""

    kind: str
    title: str
    categories: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    links: tuple[tuple[str, str, float, str], ...] = ()
    #: Upper bounds of the bands of a heat table with their colours and words.
    bands: tuple[tuple[float | None, str, str], ...] = ()


def draw_chart(paper: Paper, chart: PaperChart, height: float) -> None:
    """Put a chart of a height over the whole width into the text."""
    paper.keep(height)
    top = paper.y

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillColor(_INK)
        _text(canvas, chart.title, SIDE, top - 10, 9.5, face=Face.SERIF_BOLD)
        _FORMS[chart.kind](canvas, chart, _Box(SIDE, top - height, SIDE + ROOM, top))
        canvas.restoreState()

    paper.sheet.draws.append(draw)
    paper.gap(height + 6)


@dataclass(frozen=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float


def _text(
    canvas: Canvas, text: str, x: float, y: float, size: float = _SMALL, *, face: Face = _FACE, at: float = 0
) -> None:
    """Write a line; `at` is the part of its width left of `x`."""
    x -= width(text, face, size) * at
    for font, part in runs(text, face):
        canvas.setFont(font, size)
        canvas.drawString(x, y, part)
        x += canvas.stringWidth(part, font, size)


def _legend(canvas: Canvas, entries: Sequence[tuple[str, str]], box: _Box) -> None:
    x = box.left
    for name, colour in entries:
        canvas.setFillColor(HexColor(colour))
        canvas.rect(x, box.top - 23, 7, 7, stroke=0, fill=1)
        canvas.setFillColor(_INK)
        _text(canvas, name, x + 9, box.top - 22.5)
        x += 9 + width(name, _FACE, _SMALL) + 10


def _nice(most: float) -> float:
    """The step of an axis: about four lines up to the most."""
    step = 10.0 ** len(str(int(most / 4))) / 10 if most >= 4 else 0.25
    for factor in (1, 2, 2.5, 5, 10):
        if most / (step * factor) <= 5:
            return step * factor
    return step * 10


def _axis(canvas: Canvas, most: float, box: _Box) -> float:
    """Draw the left axis with its lines; returns the height of one unit."""
    step = _nice(most)
    top = step * max(1, -(-most // step))
    unit = (box.top - _HEAD - box.bottom - _BOTTOM) / top
    value = 0.0
    while value <= top + step / 2:
        y = box.bottom + _BOTTOM + value * unit
        canvas.setStrokeColor(_RULE)
        canvas.setLineWidth(0.3)
        canvas.line(box.left + _LEFT, y, box.right - _RIGHT, y)
        _text(canvas, f"{value:,.0f}" if step >= 1 else f"{value:,.2f}", box.left + _LEFT - 4, y - 2.5, at=1)
        value += step
    return unit


def _categories(canvas: Canvas, chart: PaperChart, box: _Box, *, edges: bool) -> list[float]:
    """Write the categories under the axis; returns the place of each."""
    wide = box.right - _RIGHT - box.left - _LEFT
    count = len(chart.categories)
    if edges:
        places = [box.left + _LEFT + wide * at / max(1, count - 1) for at in range(count)]
    else:
        places = [box.left + _LEFT + wide * (at + 0.5) / count for at in range(count)]
    for name, x in zip(chart.categories, places, strict=True):
        short = name[2:] if name[:2] == "20" and name[4:5] == "-" else name
        _text(canvas, short, x, box.bottom + 5, at=0.5)
    return places


def _stacked(canvas: Canvas, chart: PaperChart, box: _Box) -> None:
    _legend(canvas, [(one.name, one.colour) for one in chart.series], box)
    count = len(chart.categories)
    tops = [sum((one.values[at] or 0) for one in chart.series) for at in range(count)]
    unit = _axis(canvas, max(tops, default=0) or 1, box)
    places = _categories(canvas, chart, box, edges=True)
    low = [0.0] * count
    base = box.bottom + _BOTTOM
    for one in chart.series:
        high = [below + (value or 0) for below, value in zip(low, one.values, strict=True)]
        shape = canvas.beginPath()
        shape.moveTo(places[0], base + high[0] * unit)
        for x, value in list(zip(places, high, strict=True))[1:]:
            shape.lineTo(x, base + value * unit)
        for x, value in reversed(list(zip(places, low, strict=True))):
            shape.lineTo(x, base + value * unit)
        shape.close()
        canvas.setFillColor(HexColor(one.colour))
        canvas.setStrokeColor(HexColor("#ffffff"))
        canvas.setLineWidth(0.4)
        canvas.drawPath(shape, stroke=1, fill=1)
        canvas.setFillColor(_INK)
        low = high


def _bars(canvas: Canvas, chart: PaperChart, box: _Box) -> None:
    _legend(canvas, [(one.name, one.colour) for one in chart.series], box)
    bars = [one for one in chart.series if not one.line]
    piled = chart.kind == "bars_stacked"
    count = len(chart.categories)
    tops = [sum(one.values[at] or 0 for one in bars) for at in range(count)]
    singles = [one.values[at] or 0 for one in bars for at in range(count)]
    unit = _axis(canvas, max(tops if piled else singles, default=0) or 1, box)
    places = _categories(canvas, chart, box, edges=False)
    room = (box.right - _RIGHT - box.left - _LEFT) / count
    wide = min(26.0, room * 0.7) if piled else min(20.0, room * 0.8 / max(1, len(bars)))
    base = box.bottom + _BOTTOM
    for at, x in enumerate(places):
        below = 0.0
        for number, one in enumerate(bars):
            value = max(0.0, one.values[at] or 0)
            left = x - wide / 2 if piled else x + (number - len(bars) / 2) * wide
            canvas.setFillColor(HexColor(one.colour))
            canvas.rect(left, base + below * unit, wide, value * unit, stroke=0, fill=1)
            below += value if piled else 0
    canvas.setFillColor(_INK)
    for one in chart.series:
        if one.line:
            _line(canvas, one, places, box)


def _line(canvas: Canvas, one: ChartSeries, places: Sequence[float], box: _Box) -> None:
    """A line on an axis of its own at the right."""
    known = [value for value in one.values if value is not None]
    if not known:
        return
    step = _nice(max(known))
    top = step * max(1, -(-max(known) // step))
    base = box.bottom + _BOTTOM
    unit = (box.top - _HEAD - base) / top
    for part in (0.0, 0.5, 1.0):
        _text(canvas, f"{top * part:,.0f}", box.right - _RIGHT + 3, base + top * part * unit - 2.5)
    canvas.setStrokeColor(HexColor(one.colour))
    canvas.setFillColor(HexColor(one.colour))
    canvas.setLineWidth(1.2)
    before: tuple[float, float] | None = None
    for x, value in zip(places, one.values, strict=True):
        if value is None:
            before = None
            continue
        y = base + value * unit
        if before is not None:
            canvas.line(*before, x, y)
        canvas.circle(x, y, 1.8, stroke=0, fill=1)
        before = x, y
    canvas.setFillColor(_INK)


def _heat(canvas: Canvas, chart: PaperChart, box: _Box) -> None:
    _legend(canvas, [(words, colour) for _, colour, words in chart.bands], box)
    left, top = box.left + 62, box.top - _HEAD - 12
    columns, rows = len(chart.categories), len(chart.series)
    wide, high = (box.right - left) / max(1, columns), min(16.0, (top - box.bottom) / max(1, rows))
    for at, name in enumerate(chart.categories):
        _text(canvas, name[2:], left + wide * (at + 0.5), top + 3, at=0.5)
    for row, one in enumerate(chart.series):
        y = top - high * (row + 1)
        _text(canvas, one.name, left - 4, y + high / 2 - 2.5, at=1)
        for at, value in enumerate(one.values):
            colour = next(
                (tone for upper, tone, _ in chart.bands if value is not None and (upper is None or value < upper)),
                "#f4f6f8",
            )
            canvas.setFillColor(HexColor(colour))
            canvas.setStrokeColor(HexColor("#ffffff"))
            canvas.rect(left + wide * at, y, wide, high, stroke=1, fill=1)
            canvas.setFillColor(_INK)
            _text(
                canvas, "—" if value is None else f"{value:.1f}", left + wide * (at + 0.5), y + high / 2 - 2.5, at=0.5
            )


def _flow(canvas: Canvas, chart: PaperChart, box: _Box) -> None:
    """Each flow as a bar between the names of its stages, as long as it is large."""
    top = box.top - _HEAD + 6
    high = min(17.0, (top - box.bottom) / max(1, len(chart.links)))
    most = max((amount for _, _, amount, _ in chart.links), default=1) or 1
    for at, (one, other, amount, colour) in enumerate(chart.links):
        y = top - high * (at + 1)
        _text(canvas, f"{one} → {other}", box.left, y + high / 2 - 2.5)
        wide = (ROOM - 250) * amount / most
        canvas.setFillColor(HexColor(colour))
        canvas.rect(box.left + 200, y + 2, wide, high - 4, stroke=0, fill=1)
        canvas.setFillColor(_INK)
        _text(canvas, f"{amount:,.2f}", box.left + 204 + wide, y + high / 2 - 2.5)


_FORMS = {
    "stacked": _stacked,
    "bars": _bars,
    "bars_stacked": _bars,
    "bars_line": _bars,
    "funnel": _bars,
    "heat": _heat,
    "flow": _flow,
}

"""The round red seal as vector outlines: unit on the arc, use below, and 演示 in the middle unless it is real."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from printing.fonts import FONTS, Face, glyphs

DIAMETER = 116.0
# Whole numbers on a finer grid keep the many outlines short.
FINE = 20
RED = (0.82, 0.09, 0.11)


@dataclass(frozen=True)
class Seal:
    """The texts of a seal."""

    unit: str
    name: str = "租赁合同备案业务专用章"
    demo: bool = False


def draw_seal(canvas: Canvas, seal: Seal, x: float, y: float) -> None:
    """Draw the seal around the point x, y."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setStrokeColorRGB(*RED)
    canvas.setFillColorRGB(*RED)
    canvas.setLineWidth(2.2)
    canvas.circle(0, 0, DIAMETER / 2 - 1.1, stroke=1, fill=0)
    canvas.scale(1 / FINE, 1 / FINE)
    canvas.drawPath(PDFPathObject([engraved(seal)]), stroke=0, fill=1, fillMode=1)
    canvas.restoreState()


Moves = tuple[tuple[str, tuple[float, ...]], ...]


@lru_cache(maxsize=64)
def engraved(seal: Seal) -> str:
    """The outlines of everything in the ring, around the point 0, 0, as PDF operators made once."""
    shapes = [*on_arc(seal.unit)]
    shapes.extend(on_line(seal.name, -35, 9.2, 78))
    shapes.extend(on_line("演示", -4, 19, 60) if seal.demo else [star(17)])
    operators = []
    for kind, points in (move for shape in shapes for move in shape):
        operators.append(" ".join([str(round(point * FINE)) for point in points] + [kind]))
    return " ".join(operators)


def on_arc(text: str) -> list[Moves]:
    radius = DIAMETER / 2 - 17
    arc = math.radians(226)
    # Letters of a long name close up; those of a short one do not drift apart.
    size = min(14.0, 1.06 * radius * arc / max(len(text), 1))
    step = min(arc / max(len(text) - 1, 1), size * 1.4 / radius)
    start = math.pi / 2 + step * (len(text) - 1) / 2
    shapes = []
    for index, char in enumerate(text):
        angle = start - index * step
        turn = angle - math.pi / 2
        shapes.append(placed(char, size, radius * math.cos(angle), radius * math.sin(angle), turn))
    return shapes


def on_line(text: str, y: float, size: float, room: float) -> list[Moves]:
    size = min(size, room / max(len(text), 1))
    left = -size * (len(text) - 1) / 2
    return [placed(char, size, left + index * size, y, 0) for index, char in enumerate(text)]


def star(radius: float) -> Moves:
    corners = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.382
        angle = math.pi / 2 + index * math.pi / 5
        corners.append((reach * math.cos(angle), reach * math.sin(angle)))
    return (("m", corners[0]), *(("l", corner) for corner in corners[1:]), ("h", ()))


def placed(char: str, size: float, x: float, y: float, turn: float) -> Moves:
    """Place a character with the middle of its foot at x, y, turned by an angle."""
    scale, sine, cosine = size / 1000, math.sin(turn), math.cos(turn)
    moves = []
    for kind, points in outline(char):
        turned: list[float] = []
        for along, up in zip(points[::2], points[1::2], strict=True):
            across, high = (along - 500) * scale, up * scale
            turned += (x + across * cosine - high * sine, y + across * sine + high * cosine)
        moves.append((kind, tuple(turned)))
    return tuple(moves)


@lru_cache(maxsize=256)
def outline(char: str) -> Moves:
    """The strokes of a character in thousandths of its size."""
    from fontTools.pens.basePen import BasePen

    font = opened(glyphs(Face.SERIF_BOLD)[char].font)
    units = 1000 / font["head"].unitsPerEm
    moves: list[tuple[str, tuple[float, ...]]] = []

    class Recorder(BasePen):  # type: ignore[misc]
        def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
            moves.append(("m", (point[0] * units, point[1] * units)))

        def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
            moves.append(("l", (point[0] * units, point[1] * units)))

        def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
            moves.append(("c", tuple(value * units for point in points for value in point)))

        def _closePath(self) -> None:  # noqa: N802
            moves.append(("h", ()))

    # The font file is read lazily from one handle.
    with FONTS.lock:
        shapes = font.getGlyphSet()
        shapes[font.getBestCmap()[ord(char)]].draw(Recorder(shapes))
    return tuple(moves)


@lru_cache(maxsize=4)
def opened(name: str) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(FONTS.folder / f"{name}.ttf", lazy=True)

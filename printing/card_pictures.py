"""The front of a card as a PNG picture, drawn by the layout of the paper card so that both are alike."""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from PIL import Image, ImageDraw, ImageFont
from PIL.Image import Resampling
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from printing.cards import HIGH, WIDE, Card, front
from printing.fonts import FONTS
from printing.page import Sheet

DOTS = 240
SCALE = DOTS / 72
SIZE = (round(WIDE * SCALE), round(HIGH * SCALE))

#: FreeType's faces are no matter for two threads at once.
_drawing = threading.Lock()


def front_picture(card: Card) -> bytes:
    """Draw the front as PNG, 240 dots an inch; equal cards give equal bytes.

    Raises the errors of `printing.cards.render`.
    """
    sheet = Sheet()
    front(sheet, card, 0, 0)
    with _drawing:
        pen = _Pen()
        for draw in sheet.draws:
            _drawn(draw, pen)
        for rule in sheet.rules:
            pen.line(rule.x1, rule.y1, rule.x2, rule.y2, rule.thickness)
        for mark in sheet.marks:
            pen.write(mark.x, mark.y, mark.text, mark.font, mark.size)
    with io.BytesIO() as out:
        pen.image.save(out, "PNG", dpi=(DOTS, DOTS), compress_level=3)
        return out.getvalue()


def _drawn(draw: Callable[[Canvas], None], pen: "_Pen") -> None:
    draw(cast(Canvas, pen))


@dataclass(frozen=True)
class _Look:
    """Drawing state of a canvas between two strokes; positions are in points from the lower left corner."""

    fill: tuple[int, int, int] = (0, 0, 0)
    alpha: float = 1.0
    font: str = ""
    size: float = 0.0
    x: float = 0.0
    y: float = 0.0
    slant: float = 0.0


class _Pen:
    """The part of a PDF canvas that card drawings use, over pixels."""

    # The names are reportlab's.
    # ruff: noqa: N802

    def __init__(self) -> None:
        self.image = Image.new("RGB", SIZE, "white")
        self._draw = ImageDraw.Draw(self.image)
        self._look = _Look()
        self._kept: list[_Look] = []

    def saveState(self) -> None:
        self._kept.append(self._look)

    def restoreState(self) -> None:
        self._look = self._kept.pop()

    def setFillColorRGB(self, red: float, green: float, blue: float) -> None:
        self._look = replace(self._look, fill=(round(red * 255), round(green * 255), round(blue * 255)))

    def setFillGray(self, gray: float) -> None:
        self.setFillColorRGB(gray, gray, gray)

    def setFillAlpha(self, alpha: float) -> None:
        self._look = replace(self._look, alpha=alpha)

    def setFont(self, font: str, size: float) -> None:
        self._look = replace(self._look, font=font, size=size)

    def translate(self, x: float, y: float) -> None:
        self._look = replace(self._look, x=self._look.x + x, y=self._look.y + y)

    def rotate(self, degrees: float) -> None:
        self._look = replace(self._look, slant=self._look.slant + degrees)

    def rect(self, x: float, y: float, wide: float, high: float, stroke: int = 0, fill: int = 1) -> None:
        left, top = _dot(x, y + high)
        right, bottom = _dot(x + wide, y)
        if right > left and bottom > top:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=self._look.fill)

    def line(self, x1: float, y1: float, x2: float, y2: float, thickness: float) -> None:
        half = thickness / 2
        (left, top), (right, bottom) = _dot(min(x1, x2) - half, max(y1, y2) + half), _dot(max(x1, x2), min(y1, y2))
        self._draw.rectangle((left, top, max(right - 1, left), max(bottom - 1, top)), fill=(0, 0, 0))

    def drawString(self, x: float, y: float, text: str) -> None:
        look = self._look
        if look.alpha == 1 and not look.slant:
            self.write(look.x + x, look.y + y, text, look.font, look.size, look.fill)
            return
        # On a sheet of its own, turned about the origin and laid over what is there.
        layer = Image.new("L", SIZE, 0)
        place = (round((look.x + x) * SCALE), round((HIGH - look.y - y) * SCALE))
        ImageDraw.Draw(layer).text(
            place, text, fill=round(255 * look.alpha), font=_font(look.font, look.size), anchor="ls"
        )
        turned = layer.rotate(look.slant, Resampling.BICUBIC, center=_dot(look.x, look.y))
        self.image.paste(look.fill, mask=turned)

    def write(
        self, x: float, y: float, text: str, font: str, size: float, fill: tuple[int, int, int] = (0, 0, 0)
    ) -> None:
        """Upright text with its baseline's left end at x, y."""
        place = (x * SCALE, (HIGH - y) * SCALE)
        self._draw.text(place, text, fill=fill, font=_font(font, size), anchor="ls")

    def drawImage(self, image: ImageReader, x: float, y: float, wide: float, high: float) -> None:
        left, top = _dot(x, y + high)
        right, bottom = _dot(x + wide, y)
        pixels = Image.frombytes("RGB", image.getSize(), image.getRGBData())  # type: ignore[no-untyped-call]
        self.image.paste(pixels.resize((right - left, bottom - top), Resampling.LANCZOS), (left, top))

    def drawPath(self, path: Any, stroke: int = 0, fill: int = 1) -> None:
        """Fill a path of rectangles, such as the verification code."""
        for box in path.getCode().replace(" re", "\n").split("\n"):
            if numbers := box.split():
                x, y, wide, high = map(float, numbers[:4])
                self.rect(x, y, wide, high)


def _dot(x: float, y: float) -> tuple[int, int]:
    return round(x * SCALE), round((HIGH - y) * SCALE)


@lru_cache(maxsize=128)
def _font(name: str, size: float) -> ImageFont.FreeTypeFont:
    # Registered for the layout already, so the file is there.
    return ImageFont.truetype(str(FONTS.folder / f"{name}.ttf"), size * SCALE, layout_engine=ImageFont.Layout.BASIC)

"""Typed text of a PDF: commands and diagrams in cells of one width, a Chinese character in two, long lines broken at spaces."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from printing.fonts import Face

SIZE, LEADING, CELL = 7.0, 10.0, 4.2
_PADDING = 4.0
#: The size of a Chinese sign; it is widened a little to its two cells.
_WIDE = 7.7
#: Where a line goes on that is broken.
_INDENT = "    "
_REMARK = re.compile(r"\s# ")


def cells(char: str) -> int:
    """The cells that a character takes."""
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width_of(text: str) -> int:
    return sum(map(cells, text))


def broken(line: str, most: int) -> Iterator[str]:
    """The parts of a line that fit, broken after spaces where there are any; a remark that does not fit gets lines of its own."""
    remark = _REMARK.search(line)
    if remark and width_of(line) > most and line[: remark.start()].strip():
        yield from broken(line[: remark.start()].rstrip(), most)
        line = _INDENT + line[remark.start() :].lstrip()
    indent = line[: len(line) - len(line.lstrip())] + "#   " if line.lstrip().startswith("# ") else _INDENT
    while width_of(line) > most:
        fitting, taken = 0, 0
        for char in line:
            taken += cells(char)
            if taken > most:
                break
            fitting += 1
        space = line.rfind(" ", len(indent), fitting)
        end = space if space > 0 and line[:space].strip() else fitting
        yield line[:end]
        line = indent + line[end:].lstrip()
    yield line


class Typed(Flowable):
    """Lines in cells on a light ground; goes on on the next page between two lines."""

    spaceAfter = 6  # noqa: N815  (the name that the library looks for)

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines
        self.width = self.height = 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        most = int((width - 2 * _PADDING) / CELL)
        self.lines = [part for line in self.lines for part in broken(line, most)]
        self.width, self.height = width, len(self.lines) * LEADING + 2 * _PADDING
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        # At least three lines go over, for a bracket alone says nothing.
        fitting = min(int((height - 2 * _PADDING) / LEADING), len(self.lines) - 3)
        if fitting < 2:
            return []
        return [Typed(self.lines[:fitting]), Typed(self.lines[fitting:])]

    def draw(self) -> None:
        canvas = self.canv
        canvas.setFillColor(HexColor("#f3f5f8"))
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#1c2430"))
        y = self.height - _PADDING - SIZE
        for line in self.lines:
            at = 0
            for (face, _), signs in groupby(line, key=_drawn):
                part = "".join(signs)
                self._part(part, face, _PADDING + at * CELL, y)
                at += width_of(part)
            y -= LEADING

    def _part(self, part: str, face: str, x: float, y: float) -> None:
        """Draw signs of one width so that they fill their cells: a reader that copies them takes a gap for a blank."""
        size = SIZE if cells(part[0]) == 1 else _WIDE
        text = self.canv.beginText(x, y)
        text.setFont(face, size)
        text.setHorizScale(100 * width_of(part) * CELL / self.canv.stringWidth(part, face, size))
        text.textOut(part)
        text.setHorizScale(100)
        self.canv.drawText(text)


def _drawn(char: str) -> tuple[str, int]:
    """The face of a sign and its cells."""
    return "Courier" if char.isascii() else Face.SANS.value, cells(char)

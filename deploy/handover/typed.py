"""Typed text of a PDF: commands and diagrams in cells of one width, a Chinese character in two, long lines broken at spaces."""

import re
import unicodedata
from collections.abc import Iterator

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from printing.fonts import Face

SIZE, LEADING, CELL = 7.0, 10.0, 4.2
_PADDING = 4.0
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
        fitting = int((height - 2 * _PADDING) / LEADING)
        if fitting < 2 or fitting >= len(self.lines):
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
            for char in line:
                if not char.isspace():
                    self._char(char, _PADDING + at * CELL, y)
                at += cells(char)
            y -= LEADING

    def _char(self, char: str, x: float, y: float) -> None:
        """Draw one character in its cells; signs that the font draws wider are narrowed to them."""
        face = "Courier" if char.isascii() else Face.SANS.value
        room, drawn = cells(char) * CELL, self.canv.stringWidth(char, face, SIZE)
        text = self.canv.beginText(x if drawn > room else x + (room - drawn) / 2, y)
        text.setFont(face, SIZE)
        if drawn > room:
            text.setHorizScale(100 * room / drawn)
        text.textOut(char)
        text.setHorizScale(100)
        self.canv.drawText(text)

"""A document as PDF: cover, contents with page numbers, outline, header and footer (reportlab's flowables)."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from reportlab.lib import textsplit
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
    paragraph,
)
from reportlab.platypus.tableofcontents import TableOfContents

from deploy.handover.blocks import Block, Bullets, Code, Document, Grid, Heading, Picture, Text, fitted, shares, size_of
from deploy.handover.edition import Edition
from deploy.handover.typed import Typed
from printing.fonts import FONTS, Face

# The library keeps Japanese punctuation from the beginning of a line; these are the Chinese marks it does not know.
for module in (paragraph, textsplit):
    vars(module)["ALL_CANNOT_START"] += "，；：！？”’》〉、"
#: A part of a text that no line cuts: a word of letters or a Chinese sign, with the brackets before it and the marks after it.
_PART = re.compile(r"[（《“‘「【]*(?:[!-~]+|[^!-~\s])[，。；：！？”’》〉、）】」]*|\s+")

#: Signs behind which a name of a test, a column or a file is cut.
_JOINTS = "_/:.-"


def filled(
    text: str, widths: Sequence[float], face: str, size: float, encoding: str = "utf8"
) -> list[tuple[float, str]]:
    """Break a text into lines, each with the room it leaves; a part that is longer than a line is cut, behind a joint of it.

    The library's own way cuts words and leaves opening brackets at the end of a line.
    """
    lines: list[tuple[float, str]] = []
    line = ""

    def fits(words: str) -> bool:
        return stringWidth(words, face, size) <= widths[min(len(lines), len(widths) - 1)]

    def end(words: str) -> None:
        words = words.rstrip()
        lines.append((widths[min(len(lines), len(widths) - 1)] - stringWidth(words, face, size), words))

    for part in _PART.findall(text):
        if line and not fits(line + part.rstrip()):
            end(line)
            line = ""
        line = (line + part).lstrip()
        while not fits(line.rstrip()):
            fitting = next((count for count in range(len(line) - 1, 1, -1) if fits(line[:count])), 1)
            joint = max(line[:fitting].rfind(sign) for sign in _JOINTS) + 1
            fitting = joint if joint > fitting // 2 else fitting
            end(line[:fitting])
            line = line[fitting:]
    if line:
        end(line)
    return lines


vars(paragraph)["wordSplit"] = filled

_WIDTH = 16 * cm
_CAPTION_ROOM = 1.1 * cm
_TALLEST = 20 * cm


def write_pdf(document: Document, edition: Edition, path: Path) -> None:
    """Write a document as .pdf."""
    for face in (Face.SERIF, Face.SANS, Face.SANS_BOLD):
        FONTS.font(face.value)
    book = _Book(document, edition, path)
    contents = TableOfContents()
    contents.levelStyles = [_style(f"contents{level}", size=10, indent=level * 14) for level in (0, 1)]
    contents.dotsMinLevel = 0
    contents.tableStyle = TableStyle(
        [("VALIGN", (0, 0), (-1, -1), "TOP"), *((f"{side}PADDING", (0, 0), (-1, -1), 1) for side in ("TOP", "BOTTOM"))]
    )
    story: list[Flowable] = [*_cover(document, edition), Paragraph("目　录", _TITLE), contents, PageBreak()]
    for number, block in enumerate(document.blocks):
        after = document.blocks[number + 1 :]
        if isinstance(block, Heading):
            story.append(CondPageBreak(_room(after)))
        elif isinstance(block, Text) and after and isinstance(after[0], Code | Grid):
            # What says what is shown stays with its first lines.
            story.append(CondPageBreak(3 * cm))
        story += _DRAWN[type(block)](block)
    book.multiBuild(story)


def _room(after: Sequence[Block]) -> float:
    """The room of a heading with the first lines of what follows, or a whole picture, below the headings between."""
    below = next((block for block in after if not isinstance(block, Heading)), None)
    between = after.index(below) if below else 0
    first = _CAPTION_ROOM + _size(below.path)[1] * _Shot.LEAST if isinstance(below, Picture) else 2.4 * cm
    return 1.6 * cm * (1 + between) + first


class _Book(BaseDocTemplate):
    """Enters each heading into contents and outline, and puts header and footer on every page but the cover."""

    def __init__(self, document: Document, edition: Edition, path: Path) -> None:
        super().__init__(
            str(path), pagesize=A4, title=document.title, author=edition.product, invariant=1, leftMargin=2.5 * cm
        )
        self.running = f"{edition.product}　{document.title}　{edition.version}"
        frame = Frame(2.5 * cm, 2.2 * cm, _WIDTH, 25 * cm, id="body", leftPadding=0, rightPadding=0)
        self.addPageTemplates([PageTemplate("cover", [frame]), PageTemplate("body", [frame], onPage=self._edges)])
        self._headings = 0

    def beforeDocument(self) -> None:  # noqa: N802  (the library's name)
        self._headings = 0

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  (the library's name)
        if not isinstance(flowable, _Title) or flowable.level > 2:
            return
        self._headings += 1
        key, text, level = f"h{self._headings}", flowable.words, flowable.level
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level - 1, closed=level > 1)
        self.notify("TOCEntry", (level - 1, escape(text), self.page, key))

    def _edges(self, canvas: Any, _: Any) -> None:
        canvas.setFont(Face.SANS.value, 8)
        canvas.setFillColor(HexColor("#5a6472"))
        canvas.drawString(2.5 * cm, 28.2 * cm, self.running)
        canvas.drawCentredString(10.5 * cm, 1.2 * cm, f"第 {canvas.getPageNumber()} 页")


def _style(name: str, *, face: Face = Face.SERIF, size: float = 10.5, indent: float = 0, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=face.value, fontSize=size, leading=size * 1.6, leftIndent=indent, wordWrap="CJK", **more
    )


#: A row that is taller goes over two pages.
_TALL = 22 * cm
_TITLE = _style("title", face=Face.SANS_BOLD, size=16, spaceAfter=10)
_BODY = _style("body", spaceAfter=5)
_ITEM = _style("item", indent=14, spaceAfter=3)
_CAPTION = _style("caption", size=8.5, alignment=TA_CENTER, spaceBefore=4, spaceAfter=8)
_COVER = _style("cover", face=Face.SANS_BOLD, size=15, alignment=TA_CENTER)
_COVER_TITLE = _style("cover title", face=Face.SANS_BOLD, size=26, alignment=TA_CENTER, spaceBefore=24)
_COVER_LINE = _style("cover line", size=11, alignment=TA_CENTER)
_HEADINGS = {
    level: _style(f"heading{level}", face=Face.SANS_BOLD, size=size, spaceBefore=12, spaceAfter=6)
    for level, size in ((1, 16), (2, 13), (3, 11.5), (4, 10.5))
}


def _cover(document: Document, edition: Edition) -> Iterator[Flowable]:
    yield Spacer(1, 6 * cm)
    yield Paragraph(escape(edition.product), _COVER)
    yield Paragraph(escape(document.title), _COVER_TITLE)
    yield Spacer(1, 9 * cm)
    for line in edition.lines():
        yield Paragraph(escape(line), _COVER_LINE)
    yield NextPageTemplate("body")
    yield PageBreak()


class _Title(Paragraph):
    """A heading that knows its level and words."""

    def __init__(self, block: Heading) -> None:
        super().__init__(escape(block.text), _HEADINGS[block.level])
        self.level, self.words = block.level, block.text


def _heading(block: Heading) -> Iterator[Flowable]:
    # Room for what follows it: headings below it with their first lines, or the head of a table.
    yield CondPageBreak({1: 7, 2: 5}.get(block.level, 3) * cm)
    yield _Title(block)


def _text(block: Text) -> Iterator[Flowable]:
    yield _paragraph(block.text, _BODY)


def _bullets(block: Bullets) -> Iterator[Flowable]:
    for number, item in enumerate(block.items, block.first):
        yield _paragraph(item, _ITEM, f"{number}." if block.numbered else "·")


def _grid(block: Grid) -> Iterator[Flowable]:
    head, cell = (_style("cell", face=face, size=size_of(block)) for face in (Face.SANS_BOLD, Face.SERIF))
    lines = [[_paragraph(text, head) for text in block.head]]
    lines += [[_paragraph(text, cell) for text in row] for row in block.rows]
    wide = [_WIDTH * share for share in shares(block)]
    tall = any(one.wrap(room - 6, 0)[1] > _TALL for line in lines[1:] for one, room in zip(line, wide, strict=True))
    # The space below is the table's own: a spacer that finds no room makes an empty page of its own.
    made = Table(lines, wide, repeatRows=1, splitInRow=int(tall), spaceAfter=8)
    made.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, HexColor("#b8c0cc")),
                ("BACKGROUND", (0, 0), (-1, 0), HexColor("#eef2f7")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    yield made


class _Shot(Image):
    """A picture that is set smaller, down to a part, where the page has that much room left for it and its caption."""

    LEAST = 0.65

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        part = min(1.0, (height - _CAPTION_ROOM) / self.full[1])
        self.drawWidth, self.drawHeight = (side * (part if part >= self.LEAST else 1) for side in self.full)
        return self.drawWidth, self.drawHeight

    def __init__(self, path: Path) -> None:
        self.full = _size(path)
        super().__init__(str(path), *self.full)


def _picture(block: Picture) -> Iterator[Flowable]:
    yield _Shot(block.path)
    yield Paragraph(escape(block.caption), _CAPTION)


def _size(picture: Path) -> tuple[float, float]:
    width, height = fitted(picture, _WIDTH, _TALLEST)
    # That of a telephone would fill a page, and a paper leave the page before it half empty.
    part = 1 if height < width else 0.9 if height < 1.6 * width else 0.6
    return fitted(picture, _WIDTH, _TALLEST * part)


def _code(block: Code) -> Iterator[Flowable]:
    yield Typed(block.text.splitlines())


def _paragraph(text: str, style: ParagraphStyle, bullet: str | None = None) -> Paragraph:
    """A text in its style; signs of the library's own writing do not part it, for parts are broken in another way."""
    made = Paragraph(escape(text).replace("\n", "<br/>"), style, bullet)
    if "\n" not in text and made.frags:
        made.frags = [made.frags[0].clone(text="".join(part.text for part in made.frags))]
    return made


_DRAWN: dict[type[Block], Callable[[Any], Iterator[Flowable]]] = {
    Heading: _heading,
    Text: _text,
    Bullets: _bullets,
    Grid: _grid,
    Picture: _picture,
    Code: _code,
}

"""Tables of fixed columns whose rows grow with their text and go over pages with their head repeated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from printing.fonts import Face
from printing.page import ROOM, SIDE, Paper
from printing.text import Align, Line, Rule, Style, Text, lines

VALUE = Style(size=10.5, leading=15.5, align=Align.LEFT)
LABEL = Style(size=10.5, leading=15.5, align=Align.CENTER)
HEAD = Style(face=Face.SERIF_BOLD, size=9.5, leading=14, align=Align.CENTER)
ENTRY = Style(size=9.5, leading=14, align=Align.LEFT)
#: For lists of many columns.
DENSE = ENTRY.but(size=8.5, leading=12.5)
PAD_X, PAD_Y = 5.5, 3.4
CUT_FROM = 150.0
#: Room for the label beside a drawing.
DRAWN_FROM = 36.0
FORM_COLUMNS = (0.178, 0.322, 0.178, 0.322)


@dataclass(frozen=True)
class Cell:
    """A box of a table; it may span several columns."""

    text: Text
    span: int = 1
    style: Style = VALUE
    shaded: bool = False
    pad: float = PAD_X
    #: A drawing at the foot of the cell, right of its last label.
    drawing: Image.Image | None = None


Row = Sequence[Cell]


def field(label: str, value: Text) -> tuple[Cell, ...]:
    """Return a form row with a label and a value over the whole width."""
    return (Cell(label, style=LABEL, shaded=True), Cell(value, span=3))


def pair(label: str, value: Text, label2: str, value2: Text) -> tuple[Cell, ...]:
    """A form row of two labels with their values."""
    return (
        Cell(label, style=LABEL, shaded=True),
        Cell(value),
        Cell(label2, style=LABEL, shaded=True),
        Cell(value2),
    )


def form(paper: Paper, rows: Sequence[Row]) -> None:
    """The usual table of a paper: four columns of label and value."""
    table(paper, FORM_COLUMNS, rows)


def grid(
    paper: Paper,
    columns: Sequence[tuple[str, float]],
    entries: Sequence[Sequence[Text]],
    *,
    centred: Sequence[int] = (),
    style: Style = ENTRY,
    pad: float = PAD_X,
) -> None:
    """A list with a head that is repeated on every page; columns are (label, share of the width)."""
    titles = HEAD.but(size=style.size, leading=style.leading)
    head = [Cell(label, style=titles, shaded=True, pad=pad) for label, _ in columns]
    middle = style.but(align=Align.CENTER)
    rows = [
        [Cell(text, style=middle if index in centred else style, pad=pad) for index, text in enumerate(entry)]
        for entry in entries
    ]
    table(paper, [share for _, share in columns], rows, head=head)


@dataclass
class Box:
    """A cell with its place across the page and the lines it still has to show."""

    x: float
    width: float
    cell: Cell
    lines: list[Line]
    first: bool = True

    @property
    def height(self) -> float:
        return len(self.lines) * self.cell.style.leading + 2 * PAD_Y


def table(paper: Paper, shares: Sequence[float], rows: Sequence[Row], *, head: Row | None = None) -> None:
    """Rows of boxes; a row taller than what is left of the page is continued on the next."""
    total = sum(shares)
    edges = [SIDE]
    for share in shares:
        edges.append(edges[-1] + ROOM * share / total)
    top_boxes = boxes_of(head, edges) if head else []
    head_height = max((box.height for box in top_boxes), default=0.0)
    if rows:
        paper.keep(head_height + min(max(box.height for box in boxes_of(rows[0], edges)), 120))
    open_line(paper)
    if top_boxes:
        segment(paper, top_boxes, head_height)
    head_row = (head, edges) if head else None
    for number, row in enumerate(rows, 1):
        boxes = boxes_of(row, edges)
        if number == len(rows) - 1 > 1:
            both = height_of(boxes) + height_of(boxes_of(rows[-1], edges))
            if paper.left_on_page < both <= CUT_FROM:
                # The last row does not stand alone on the next page.
                go_over(paper, head_row)
        place(paper, boxes, head_row=head_row)


def place(paper: Paper, boxes: list[Box], *, head_row: tuple[Row, Sequence[float]] | None) -> None:
    while True:
        height = height_of(boxes)
        if height <= paper.left_on_page:
            segment(paper, boxes, height)
            return
        # A short row goes over whole; a long one is cut between its lines, never with a single line left behind.
        shown = [fitting(box, paper.left_on_page) for box in boxes]
        if height > CUT_FROM and all(count >= 2 for count, box in zip(shown, boxes, strict=True) if len(box.lines) > 1):
            part = [replace(box, lines=box.lines[:count]) for count, box in zip(shown, boxes, strict=True)]
            segment(paper, part, max(box.height for box in part))
            boxes = [rest_of(box, count) for count, box in zip(shown, boxes, strict=True)]
        go_over(paper, head_row)


def go_over(paper: Paper, head_row: tuple[Row, Sequence[float]] | None) -> None:
    """Go on with the table on a new page, its head repeated."""
    paper.turn()
    open_line(paper)
    if head_row:
        again = boxes_of(*head_row)
        segment(paper, again, height_of(again))


def height_of(boxes: Sequence[Box]) -> float:
    return max(box.height for box in boxes)


def rest_of(box: Box, count: int) -> Box:
    """Return the remainder of a cut box for the next page: the remaining lines, and its label again."""
    if box.cell.style is LABEL and count == len(box.lines):
        return box
    return replace(box, lines=box.lines[count:], first=False)


def fitting(box: Box, room: float) -> int:
    """Return how many lines of the box fit, leaving at least two for the next page."""
    count = int((room - 2 * PAD_Y) // box.cell.style.leading)
    if count >= len(box.lines):
        return len(box.lines)
    return max(min(count, len(box.lines) - 2), 0)


def boxes_of(row: Row, edges: Sequence[float]) -> list[Box]:
    boxes = []
    column = 0
    for cell in row:
        x, end = edges[column], edges[column + cell.span]
        column += cell.span
        boxes.append(Box(x, end - x, cell, lines(cell.text, end - x - 2 * cell.pad, cell.style)))
    return boxes


def segment(paper: Paper, boxes: list[Box], height: float) -> None:
    """Draw boxes of equal height and move below them."""
    sheet, top = paper.sheet, paper.y
    bottom = top - height
    for box in boxes:
        if box.cell.shaded:
            sheet.shades.append((box.x, bottom, box.width, height))
        style = box.cell.style
        y = top - (height - len(box.lines) * style.leading) / 2
        start = box.first
        for line in box.lines:
            paper.put(line, box.x + box.cell.pad, y, box.width - 2 * box.cell.pad, style, first=start)
            y -= style.leading
            start = line.ends
        if box.cell.drawing is not None:
            sheet.draws.append(partial(draw_in, box, bottom))
        sheet.rules.append(Rule(box.x, top, box.x, bottom))
    sheet.rules.append(Rule(SIDE + ROOM, top, SIDE + ROOM, bottom))
    sheet.rules.append(Rule(SIDE, bottom, SIDE + ROOM, bottom))
    paper.y = bottom


def draw_in(box: Box, bottom: float, canvas: Canvas) -> None:
    """Put the drawing of a cell at its foot, its proportions kept."""
    assert box.cell.drawing is not None
    room = (box.width - 2 * box.cell.pad - DRAWN_FROM, 3 * box.cell.style.leading)
    canvas.drawImage(
        ImageReader(box.cell.drawing),
        box.x + box.cell.pad + DRAWN_FROM,
        bottom + PAD_Y,
        *room,
        preserveAspectRatio=True,
        anchor="sw",
    )


def open_line(paper: Paper) -> None:
    paper.sheet.rules.append(Rule(SIDE, paper.y, SIDE + ROOM, paper.y))

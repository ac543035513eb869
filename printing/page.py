"""The frame common to all papers: head, foot, verification code, seal, page numbers, and text that never overflows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from printing.fonts import Face, load, runs, width
from printing.qr import draw_code
from printing.seal import DIAMETER, RED, Seal, draw_seal
from printing.text import Align, Line, Mark, Rule, Style, Text, lines, placed

WIDTH, HEIGHT = 595.276, 841.89
SIDE = 56.0
ROOM = WIDTH - 2 * SIDE
TOP = HEIGHT - 50
TOP_OF_LATER_PAGES = HEIGHT - 66
CLOSING = 120.0
MOVED_WHOLE = 170.0
FOOT = 36.0

BODY = Style()
CLAUSE = Style(first=21, after=3)
TITLE = Style(face=Face.SERIF_BOLD, size=21, leading=31, align=Align.CENTER)
HEADING = Style(face=Face.SERIF_BOLD, size=12, leading=19, align=Align.LEFT, before=9, after=4)
NOTE = Style(size=9, leading=14, after=1, indent=14, first=-14)
SMALL = Style(size=8.5, leading=13, align=Align.LEFT)

# PDF files are binary; the armour for 7-bit mail costs a quarter in size and a third in time.
rl_config.useA85 = 0

__all__ = ["BODY", "CLAUSE", "HEADING", "NOTE", "ROOM", "SMALL", "TITLE", "Issue", "Paper", "Preview", "Seal"]


@dataclass(frozen=True)
class Preview:
    """Viewer and time of a preview; `word` is printed across the page."""

    clerk: str
    seen_at: str
    word: str = "预览  不作为凭证"


#: Characters of the content's digest in the foot of a paper; the check page shows as many.
PRINTED_DIGEST = 16


@dataclass(frozen=True)
class Issue:
    """Particulars common to all papers; the title is the document's own."""

    number: str
    unit: str
    issued_on: date
    check_url: str = ""
    digest: str = ""
    made: str = ""
    seal: Seal | None = None
    preview: Preview | None = None


@dataclass
class Sheet:
    """A page while it is being filled."""

    shades: list[tuple[float, float, float, float]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    draws: list[Callable[[Canvas], None]] = field(default_factory=list)


class Paper:
    """A document under construction: text flows down the page and on to the next; `pdf()` returns the bytes."""

    def __init__(
        self, title: str, issue: Issue, *, code_in_foot: bool = False, number_label: str = "编号", red_head: str = ""
    ) -> None:
        # What is only looked at must not pass for the paper itself.
        issue = replace(issue, seal=None, check_url="") if issue.preview else issue
        self.title = title
        self.issue = issue
        self.code_in_foot = code_in_foot and bool(issue.check_url)
        self.bottom = FOOT + (58 if self.code_in_foot else 22)
        self.sheets: list[Sheet] = [Sheet()]
        self.y = TOP
        if red_head:
            self._head_in_red(red_head, f"{number_label}：{issue.number}")
            self.write(title, TITLE.but(before=10, after=10))
        else:
            self.write(title, TITLE.but(after=6))
            self.write(f"{number_label}：{issue.number}", BODY.but(align=Align.RIGHT, size=10, after=6))

    def _head_in_red(self, organ: str, number: str) -> None:
        """Write the head of an official paper: its organ in red, the number below, and a red line across (GB/T 9704)."""
        size = min(34.0, ROOM / (width(organ, Face.SERIF_BOLD, 1.0) or 1.0))
        base = self.y - size - 8
        self.y = base - 22
        self.write(number, BODY.but(align=Align.CENTER, size=11, after=6))
        line = self.y

        def draw(canvas: Canvas) -> None:
            canvas.saveState()
            canvas.setFillColorRGB(*RED)
            canvas.setStrokeColorRGB(*RED)
            draw_centred(canvas, organ, Face.SERIF_BOLD, size, WIDTH / 2, base)
            canvas.setLineWidth(1.6)
            canvas.line(SIDE, line, SIDE + ROOM, line)
            canvas.restoreState()

        self.sheet.draws.append(draw)
        self.y -= 8

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    @property
    def left_on_page(self) -> float:
        return self.y - self.bottom

    def turn(self) -> None:
        """Go on at the top of a new page."""
        self.sheets.append(Sheet())
        self.y = TOP_OF_LATER_PAGES

    def keep(self, height: float) -> None:
        """Turn the page unless this much still fits."""
        if self.left_on_page < height and self.y < TOP_OF_LATER_PAGES:
            self.turn()

    def gap(self, height: float) -> None:
        self.y -= height

    def heading(self, text: str, *, follows: float = 54) -> None:
        """A heading that is never left alone at the foot of a page."""
        self.keep(HEADING.before + HEADING.leading + HEADING.after + follows)
        self.write(text, HEADING)

    def write(self, text: Text, style: Style = BODY) -> None:
        """Running text over as many pages as it needs, at least two lines of a paragraph on each side of a break."""
        if self.y < TOP_OF_LATER_PAGES:
            self.y -= style.before
        for paragraph in by_paragraph(lines(text, ROOM, style)):
            done = 0
            while done < len(paragraph):
                upto = next_break(done, len(paragraph))
                self.keep((upto - done) * style.leading)
                for index in range(done, upto):
                    self.put(paragraph[index], SIDE, self.y, ROOM, style, first=index == 0)
                    self.y -= style.leading
                done = upto
        self.y -= style.after

    def ending(self, paragraphs: Sequence[Text], style: Style = BODY, *, heading: str = "") -> None:
        """Write the last paragraphs and the closing so that the seal is never on a page without text."""
        heights = [style.before + style.after + style.leading * len(lines(text, ROOM, style)) for text in paragraphs]
        head = HEADING.before + HEADING.leading + HEADING.after if heading else 0.0
        total = head + sum(heights)
        if total <= MOVED_WHOLE:
            self.keep(total + CLOSING)
        if heading:
            self.heading(heading)
        for text in paragraphs[:-1]:
            self.write(text, style)
        for text in paragraphs[-1:]:
            self.keep(heights[-1] + CLOSING)
            self.write(text, style)
        self.closing()

    def put(self, line: Line, x: float, top: float, room: float, style: Style, *, first: bool = False) -> None:
        """Place a line below `top` without moving the text position."""
        baseline = top - (style.leading - style.size) / 2 - 0.88 * style.size
        for drawn in placed(line, x, baseline, room, style, first=first):
            if isinstance(drawn, Mark):
                self.sheet.marks.append(drawn)
            else:
                self.sheet.rules.append(drawn)

    def closing(self, *, unit_label: str = "", note: str = "扫描二维码可核验本文书真伪") -> None:
        """Write the end of an official paper as a block: code on the left; unit, date and seal on the right."""
        issue = self.issue
        self.keep(CLOSING)
        top = self.y - 4
        if issue.check_url and not self.code_in_foot:
            self.code(issue.check_url, SIDE - 4, top - 98, 92)
            (caption,) = lines(note, ROOM, SMALL)
            self.put(caption, SIDE + 4, top - 98, ROOM, SMALL)
        right = SIDE + ROOM - 232
        style = BODY.but(size=11.5, leading=20, align=Align.CENTER)
        signed = lines(unit_label + issue.unit, 232, style)
        # The seal lies over unit and date, its middle between the two.
        y = top - 25
        for line in signed:
            self.put(line, right, y, 232, style)
            y -= style.leading
        (day,) = lines(chinese_day(issue.issued_on), 232, style)
        self.put(day, right, min(y, top - 68), 232, style)
        if issue.seal:
            seal = issue.seal
            self.sheet.draws.append(lambda canvas: draw_seal(canvas, seal, right + 116, top - DIAMETER / 2))
        self.y -= CLOSING

    def code(self, text: str, x: float, y: float, size: float) -> None:
        """A verification code in a square with its lower left corner at x, y."""
        self.sheet.draws.append(lambda canvas: draw_code(canvas, text, x, y, size))

    def pdf(self) -> bytes:
        """Return the finished document; equal papers give equal bytes."""
        return bound((self,))

    def draw_on(self, canvas: Canvas) -> None:
        """Draw the pages of the paper, each with its head and foot."""
        issue = self.issue
        for number, sheet in enumerate(self.sheets, 1):
            self.furnish(sheet, number)
            if issue.preview:
                draw_watermark(canvas, issue.preview)
            draw_sheet(canvas, sheet)
            canvas.showPage()

    def furnish(self, sheet: Sheet, number: int) -> None:
        """Put the running head and the foot on a page, now that the number of pages is known."""
        issue = self.issue
        if number > 1:
            base = HEIGHT - 44
            small_mark(sheet, self.title, SIDE, base)
            small_mark(sheet, issue.number, SIDE + ROOM, base, Align.RIGHT)
            sheet.rules.append(Rule(SIDE, base - 6, SIDE + ROOM, base - 6, 0.4))
        line = FOOT + (44 if self.code_in_foot else 12)
        sheet.rules.append(Rule(SIDE, line, SIDE + ROOM, line, 0.4))
        base = line - 14
        if issue.digest:
            small_mark(sheet, f"内容摘要（SM3）：{issue.digest[:PRINTED_DIGEST]}", SIDE, base)
        if issue.made:
            small_mark(sheet, issue.made, SIDE, base - 11)
        small_mark(sheet, f"第 {number} 页，共 {len(self.sheets)} 页", WIDTH / 2, base, Align.CENTER)
        if self.code_in_foot:
            size = 54.0
            x = SIDE + ROOM - size
            sheet.draws.append(lambda canvas: draw_code(canvas, issue.check_url, x, line - size - 2, size))
            small_mark(sheet, "扫码核验", x - 6, base, Align.RIGHT)


def bound(papers: Sequence[Paper], done: Callable[[int], None] = lambda number: None) -> bytes:
    """Several papers as one document, each with pages of its own; named after the first. `done` receives the number drawn so far."""
    whole = _Whole()
    first = papers[0]
    issue = first.issue
    canvas = new_canvas(whole, (WIDTH, HEIGHT), first.title, issue.number, issue.unit, issue.issued_on)
    for number, paper in enumerate(papers, 1):
        paper.draw_on(canvas)
        done(number)
    canvas.save()
    return b"".join(whole.parts)


class _Whole:
    """A file that keeps what is written as it is: a handbook of forty megabytes is not held twice."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.parts.append(data)


def new_canvas(buffer: Any, size: tuple[float, float], title: str, subject: str, author: str, day: date) -> Canvas:
    """An empty document of pages of this size in points; what it says of itself depends on the arguments alone."""
    # The page's start font would otherwise be a Helvetica that is not embedded.
    load(Face.SERIF)
    canvas = Canvas(
        buffer,
        pagesize=size,
        pageCompression=1,
        invariant=1,
        initialFontName=Face.SERIF.value,  # type: ignore[arg-type]
        lang="zh-CN",
    )
    canvas.setTitle(title)
    canvas.setSubject(subject)
    canvas.setAuthor(author)
    canvas.setCreator("申房")
    canvas.setProducer("申房")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setDateFormatter(lambda *_: f"D:{day:%Y%m%d}000000+08'00'")
    return canvas


def by_paragraph(broken: list[Line]) -> Iterator[list[Line]]:
    start = 0
    for index, line in enumerate(broken, 1):
        if line.ends:
            yield broken[start:index]
            start = index


def next_break(done: int, total: int) -> int:
    """Up to which line a paragraph must stay together from the line `done` on."""
    upto = done + 1
    while upto < total and not (upto >= 2 and total - upto >= 2):
        upto += 1
    return upto


def chinese_day(day: date) -> str:
    """A date as official papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def small_mark(sheet: Sheet, text: str, x: float, y: float, align: Align = Align.LEFT) -> None:
    size = 8.0
    if align is not Align.LEFT:
        x -= width(text, Face.SERIF, size) / (1 if align is Align.RIGHT else 2)
    for font, piece in runs(text, Face.SERIF):
        sheet.marks.append(Mark(x, y, font, size, piece))
        x += width(piece, Face.SERIF, size)


def draw_centred(canvas: Canvas, text: str, face: Face, size: float, x: float, y: float) -> None:
    """Draw words with the middle of their baseline at x, y."""
    x -= width(text, face, size) / 2
    for font, piece in runs(text, face):
        canvas.setFont(font, size)
        canvas.drawString(x, y, piece)
        x += width(piece, face, size)


def draw_sheet(canvas: Canvas, sheet: Sheet) -> None:
    if sheet.shades:
        canvas.setFillGray(0.955)
        for x, y, wide, high in sheet.shades:
            canvas.rect(x, y, wide, high, stroke=0, fill=1)
    for draw in sheet.draws:
        draw(canvas)
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)
    thickness = 0.0
    for rule in sheet.rules:
        if rule.thickness != thickness:
            thickness = rule.thickness
            canvas.setLineWidth(thickness)
        canvas.line(rule.x1, rule.y1, rule.x2, rule.y2)
    text = canvas.beginText()
    look: tuple[str, float] | None = None
    spacing = 0.0
    for mark in sheet.marks:
        if look != (mark.font, mark.size):
            look = (mark.font, mark.size)
            text.setFont(mark.font, mark.size)
        if spacing != mark.spacing:
            spacing = mark.spacing
            text.setCharSpace(spacing)
        text.setTextOrigin(mark.x, mark.y)
        text.textLine(mark.text)
    if spacing:
        text.setCharSpace(0)
    canvas.drawText(text)


def draw_watermark(canvas: Canvas, preview: Preview) -> None:
    """Say across the page that this is only a look at the text, and whose."""
    canvas.saveState()
    canvas.setFillGray(0.86)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(38)
    for row in range(-3, 4):
        for size, text, drop in ((24.0, preview.word, 0.0), (13.0, f"{preview.clerk}　{preview.seen_at}", 24.0)):
            draw_centred(canvas, text, Face.SANS, size, (row % 2) * 90, row * 130 - drop)
    canvas.restoreState()

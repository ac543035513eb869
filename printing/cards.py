"""从业信息卡 (D6): front and back at the size of a bank card, alone or eight on an A4 sheet printed on both sides."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from PIL import Image, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from printing.fonts import Face, MissingGlyph, width
from printing.page import HEIGHT, WIDTH, Sheet, chinese_day, draw_centred, draw_sheet, new_canvas
from printing.qr import draw_code
from printing.text import Align, Line, Rule, Style, lines, placed

TITLE = "房地产经纪和住房租赁从业人员信息卡"
NOTES = (
    "从业时请出示本卡，并接受扫码核验。",
    "本卡仅限本人使用，不得出借、转让、涂改。",
    "本卡是否有效，以扫描正面二维码查到的结果为准。",
    "离职或信息变更的，由所在企业办理注销或变更。",
)
MM = 72 / 25.4
WIDE, HIGH = 85.6 * MM, 54 * MM
COLUMNS, ROWS = 2, 4
ON_A_SHEET = COLUMNS * ROWS
GAP = 6 * MM
LEFT = (WIDTH - COLUMNS * WIDE - GAP * (COLUMNS - 1)) / 2
TOP = HEIGHT - (HEIGHT - ROWS * HIGH - GAP * (ROWS - 1)) / 2
MARGIN = 10.0
BAND = 22.0
BLUE = (0.07, 0.28, 0.5)
# Lines of the note behind the cards; the first of them is its heading.
MOST_LINES = 60
RED = (0.72, 0.08, 0.08)
# How long the word across a card may be, and its slope in degrees.
ACROSS, SLANT = 130.0, 22.0
# The one-inch portrait, 25 x 35 mm, at 0.8 of its size; the pixels are those of a 300 dpi printer.
PHOTO = (20 * MM, 28 * MM)
PHOTO_DOTS = (236, 331)
# Four dots to a module at 150 dots an inch: that is read from dirty paper, out of focus and askew.
CODE = 87.0
LOGO = 26.0
LOGO_DOTS = 108
# A picture beyond this is not a portrait but an attempt on the memory.
MOST_DOTS = 50_000_000


class UnreadablePicture(ValueError):
    """The photo or logo is no whole JPEG or PNG; a card without its picture must not look as if there were none."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}无法读取：请重新上传完整的 JPEG 或 PNG 图片。")


@dataclass(frozen=True)
class Card:
    """Content of a card. Pictures are JPEG or PNG files, empty if there is none; an unactivated card has no day.

    `across` is written over the card, such as 未激活; without `check_url` there is no code to scan.
    """

    name: str
    card_no: str
    duty: str
    firm: str
    firm_short: str
    check_url: str
    issued_on: date
    activated_on: date | None
    hotline: str
    photo: bytes = b""
    logo: bytes = b""
    notes: tuple[str, ...] = NOTES
    across: str = ""


def render(*cards: Card, note: Sequence[str] = (), done: Callable[[int], None] = lambda count: None) -> bytes:
    """Render cards as PDF, two pages of 85.6 x 54 mm for each: front, back.

    `note` is printed on an A4 page at the end; `done` receives the number of cards drawn so far.

    Raises:
    ValueError: without a card; `UnreadablePicture` for a broken photo or logo.
    MissingGlyph: for a character that no font has.
    """
    buffer, canvas = opened(cards, (WIDE, HIGH))
    for number, card in enumerate(cards, 1):
        for draw in (front, back):
            sheet = Sheet()
            draw(sheet, card, 0, 0)
            draw_sheet(canvas, sheet)
            canvas.showPage()
        done(number)
    add_note(canvas, note)
    canvas.save()
    return buffer.getvalue()


def render_sheets(
    cards: Sequence[Card], *, note: Sequence[str] = (), done: Callable[[int], None] = lambda count: None
) -> bytes:
    """Render cards as PDF, eight on an A4 page with cut marks: a page of fronts, then backs, turned at the long edge.

    `note`, `done` and errors are those of `render`.
    """
    buffer, canvas = opened(cards, (WIDTH, HEIGHT))
    for number, start in enumerate(range(0, len(cards), ON_A_SHEET), 1):
        some = cards[start : start + ON_A_SHEET]
        for draw, side in ((front, "正面"), (back, "背面")):
            sheet = Sheet()
            for place, card in enumerate(some):
                # Turned at the long edge, the left column comes to lie behind the right one.
                x, y = corner(place, mirrored=draw is back)
                draw(sheet, card, x, y)
                sheet.rules.extend(cut_marks(x, y))
            told = f"第 {number} 张{side}　双面打印，沿长边翻转，按实际大小（100%）打印，沿角线裁切"
            put(sheet, told, SMALL, LEFT, 42, 2 * WIDE + GAP, 12)
            draw_sheet(canvas, sheet)
            canvas.showPage()
        done(start + len(some))
    add_note(canvas, note)
    canvas.save()
    return buffer.getvalue()


def add_note(canvas: Canvas, note: Sequence[str]) -> None:
    """Add a page with notes about the cards."""
    if not note:
        return
    canvas.setPageSize((WIDTH, HEIGHT))
    shown = note if len(note) <= MOST_LINES else [*note[: MOST_LINES - 1], f"……共 {len(note) - 1} 项"]
    sheet = Sheet()
    put(sheet, "\n".join(shown), SMALL.but(size=10, leading=16), LEFT, HEIGHT - 60, 2 * WIDE + GAP, HEIGHT - 120)
    draw_sheet(canvas, sheet)
    canvas.showPage()


def problem_of(card: Card) -> str:
    """Return the reason why a card cannot be drawn as a Chinese sentence; empty if it can."""
    try:
        for data, what in ((card.photo, "照片"), (card.logo, "企业标志")):
            if data:
                picture(data, what)
        for text, face in ((card.name, Face.SANS_BOLD), (card.firm_short, Face.SANS_BOLD), (card.firm, Face.SANS)):
            width(text, face, 1)
    except (UnreadablePicture, MissingGlyph) as problem:
        return str(problem)
    return ""


def opened(cards: Sequence[Card], size: tuple[float, float]) -> tuple[io.BytesIO, Canvas]:
    if not cards:
        raise ValueError("没有可打印的信息卡。")
    buffer = io.BytesIO()
    subject = cards[0].card_no if len(cards) == 1 else f"共 {len(cards)} 张"
    day = max(card.issued_on for card in cards)
    return buffer, new_canvas(buffer, size, TITLE, subject, cards[0].firm, day)


def corner(place: int, *, mirrored: bool) -> tuple[float, float]:
    """The lower left corner of a place on the sheet, counted by rows from the top."""
    row, column = divmod(place, COLUMNS)
    if mirrored:
        column = COLUMNS - 1 - column
    return LEFT + column * (WIDE + GAP), TOP - row * (HIGH + GAP) - HIGH


def cut_marks(x: float, y: float) -> Iterator[Rule]:
    """Yield short cut lines outside each corner."""
    near, far = 0.5 * MM, 2.5 * MM
    for edge, way in ((x, -1), (x + WIDE, 1)):
        for base, turn in ((y, -1), (y + HIGH, 1)):
            yield Rule(edge + way * near, base, edge + way * far, base, 0.3)
            yield Rule(edge, base + turn * near, edge, base + turn * far, 0.3)


LABEL = Style(face=Face.SANS, size=5.5, leading=7, align=Align.LEFT)
SMALL = LABEL.but(size=6.5, leading=8.5)
VALUE = Style(face=Face.SANS, size=8.5, leading=10.5, align=Align.LEFT)
NAME = Style(face=Face.SANS_BOLD, size=15, leading=18, align=Align.LEFT)
SHORT = Style(face=Face.SANS_BOLD, size=11, leading=13, align=Align.LEFT)
CENTERED = LABEL.but(align=Align.CENTER)


def front(sheet: Sheet, card: Card, x: float, y: float) -> None:
    """The front with its lower left corner at x, y."""
    top = y + HIGH - BAND
    sheet.draws.append(partial(draw_band, x=x, y=top, text=TITLE, size=9.5))
    photo_y = top - 7 - PHOTO[1]
    if card.photo:
        sheet.draws.append(partial(draw_photo, data=card.photo, x=x + MARGIN, y=photo_y))
    else:
        frame(sheet, x + MARGIN, photo_y, *PHOTO)
        put(sheet, "无照片", VALUE.but(align=Align.CENTER), x + MARGIN, photo_y + 45, PHOTO[0], 11)
    code_x = x + WIDE - MARGIN - CODE + 4
    if card.check_url:
        sheet.draws.append(partial(draw_code, text=card.check_url, x=code_x, y=top - 1 - CODE, size=CODE))
        put(sheet, "扫码核验", CENTERED, code_x, top - 1 - CODE + 1.5, CODE, 7)
    if card.across:
        # Over face and name, beside the code: what is written across must still be found by a scan.
        sheet.draws.append(partial(draw_across, text=card.across, x=x + (code_x - x) / 2, y=photo_y + PHOTO[1] / 2))
    middle = x + MARGIN + PHOTO[0] + 8
    room = code_x - middle
    for label, text, style, down, high in (
        ("姓名", card.name, NAME, 8, 20),
        ("从业类型", card.duty, VALUE, 38, 18),
        ("卡号", card.card_no, VALUE, 66, 11),
    ):
        put(sheet, label, LABEL, middle, top - down, room, 7)
        put(sheet, text, style, middle, top - down - 7.5, room, high)
    line = y + 36
    sheet.rules.append(Rule(x + MARGIN, line, x + WIDE - MARGIN, line, 0.4))
    left = x + MARGIN
    if card.logo:
        sheet.draws.append(partial(draw_logo, data=card.logo, x=left, y=y + 5))
        left += LOGO + 6
    room = x + WIDE - MARGIN - left
    put(sheet, card.firm_short, SHORT, left, line - 4, room, 13)
    put(sheet, card.firm, VALUE.but(size=7.5, leading=9), left, line - 17, room, 15)


def back(sheet: Sheet, card: Card, x: float, y: float) -> None:
    """The back with its lower left corner at x, y."""
    top = y + HIGH - BAND
    sheet.draws.append(partial(draw_band, x=x, y=top, text="使 用 须 知", size=9.5))
    room = WIDE - 2 * MARGIN
    place = top - 8
    notes = "\n".join(f"{number}．{note}" for number, note in enumerate(card.notes, 1))
    put(sheet, notes, VALUE.but(size=7.5, leading=12, indent=11, first=-11), x + MARGIN, place, room, 66)
    line = y + 48
    sheet.rules.append(Rule(x + MARGIN, line, x + WIDE - MARGIN, line, 0.4))
    activated = chinese_day(card.activated_on) if card.activated_on else "尚未激活"
    half = room / 2
    for index, (label, text) in enumerate((("发卡日期", chinese_day(card.issued_on)), ("激活日期", activated))):
        put(sheet, f"{label}：{text}", VALUE.but(size=7.5), x + MARGIN + index * half, line - 7, half - 4, 11)
    put(sheet, f"监督电话：{card.hotline}", VALUE, x + MARGIN, line - 24, room, 14)
    if card.across:
        sheet.draws.append(partial(draw_across, text=card.across, x=x + WIDE / 2, y=y + HIGH / 2))


def put(sheet: Sheet, text: str, style: Style, x: float, top: float, room: float, high: float) -> None:
    """Text below `top`, made to fit into a box."""
    style, broken = fitted(text, style, room, high)
    for index, line in enumerate(broken):
        baseline = top - index * style.leading - (style.leading - style.size) / 2 - 0.88 * style.size
        for drawn in placed(line, x, baseline, room, style, first=index == 0 or broken[index - 1].ends):
            (sheet.rules if isinstance(drawn, Rule) else sheet.marks).append(drawn)  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def fitted(text: str, style: Style, room: float, high: float) -> tuple[Style, tuple[Line, ...]]:
    """The text with the look in which it fits: smaller down to six tenths, then over several lines, smaller again.

    Nothing is ever cut off: a name with its end missing is another name.
    """
    whole = width(text, style.face, style.size) if "\n" not in text else 0.0
    share = min(1.0, room / whole) if whole else 1.0
    if whole and share >= 0.6:
        look = style.but(size=style.size * share * 0.999, leading=style.leading)
        return look, tuple(lines(text, room, look))
    share = 1.0
    while True:
        look = style.but(size=style.size * share, leading=style.leading * share)
        broken = tuple(lines(text, room, look))
        if len(broken) * look.leading <= high + 0.01:
            return look, broken
        share *= 0.96


def frame(sheet: Sheet, x: float, y: float, wide: float, high: float) -> None:
    for x1, y1, x2, y2 in ((0, 0, 1, 0), (1, 0, 1, 1), (1, 1, 0, 1), (0, 1, 0, 0)):
        sheet.rules.append(Rule(x + x1 * wide, y + y1 * high, x + x2 * wide, y + y2 * high, 0.4))


def draw_band(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    """The coloured strip with the title in white."""
    canvas.setFillColorRGB(*BLUE)
    canvas.rect(x, y, WIDE, BAND, stroke=0, fill=1)
    canvas.setFillGray(1)
    draw_centred(canvas, text, Face.SANS_BOLD, size, x + WIDE / 2, y + (BAND - size) / 2 + 0.12 * size)
    canvas.setFillGray(0)


def draw_across(canvas: Canvas, text: str, x: float, y: float) -> None:
    """Draw a slanting word over the card, centred at x, y."""
    size = min(40.0, ACROSS / max(width(text, Face.SANS_BOLD, 1.0), 1.0))
    canvas.saveState()
    canvas.setFillColorRGB(*RED)
    canvas.setFillAlpha(0.5)
    canvas.translate(x, y)
    canvas.rotate(SLANT)
    draw_centred(canvas, text, Face.SANS_BOLD, size, 0, -0.36 * size)
    canvas.restoreState()


def draw_photo(canvas: Canvas, data: bytes, x: float, y: float) -> None:
    with io.BytesIO() as jpeg:
        portrait(data).save(jpeg, "JPEG", quality=88)
        canvas.drawImage(ImageReader(io.BytesIO(jpeg.getvalue())), x, y, *PHOTO)


def portrait(data: bytes) -> Image.Image:
    """Crop the photo to one-inch proportion, first at the sides of the face, then below it."""
    with picture(data, "照片") as image:
        return ImageOps.fit(on_white(image), PHOTO_DOTS, centering=(0.5, 0.35))


def draw_logo(canvas: Canvas, data: bytes, x: float, y: float) -> None:
    logo = emblem(data)
    wide, high = (side * LOGO / LOGO_DOTS for side in logo.getSize())
    canvas.drawImage(logo, x + (LOGO - wide) / 2, y + (LOGO - high) / 2, wide, high)


@lru_cache(maxsize=64)
def emblem(data: bytes) -> ImageReader:
    """A logo is on every card of its firm, so it is made ready once."""
    with picture(data, "企业标志") as image:
        return ImageReader(ImageOps.contain(on_white(image), (LOGO_DOTS, LOGO_DOTS)))


def on_white(image: Image.Image) -> Image.Image:
    """Upright, without transparency, and without what the camera wrote about place and time."""
    image = ImageOps.exif_transpose(image).convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def picture(data: bytes, what: str) -> Image.Image:
    """The pixels of a JPEG or PNG file, read whole."""
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if image.width * image.height > MOST_DOTS:
            raise UnreadablePicture(what)
        # Big photos are read at a fraction of their size, still sharper than the printer.
        image.draft("RGB", (2 * PHOTO_DOTS[1], 2 * PHOTO_DOTS[1]))
        image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        if isinstance(broken, UnreadablePicture):
            raise
        raise UnreadablePicture(what) from broken
    return image

"""房源核验码卡 (D5, row 25): the code of a home on a card of A6, with what anyone may know of the home."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reportlab.lib.utils import ImageReader

from printing.fonts import Face
from printing.page import Sheet, chinese_day, draw_centred, draw_sheet, new_canvas
from printing.qr import draw_code
from printing.text import Align, Mark, Style, lines, placed

MM = 72 / 25.4
WIDE, HIGH = 105 * MM, 148 * MM
TITLE = "房源核验码"
#: The state of a printed card is not to be relied on.
STATE_NOTE = "扫码查看最新状态"
_CODE, _LOGO, _SIDE = 150.0, 30.0, 22.0
_LABEL = 62.0


@dataclass(frozen=True)
class CodeCard:
    """Content of a card; `number` in groups, `logo` a picture or nothing."""

    number: str
    check_url: str
    address: str
    layout: str
    area: str
    mode: str
    firm: str
    card_no: str
    valid_to: date
    unit: str
    logo: bytes = b""

    @property
    def facts(self) -> Iterator[tuple[str, str]]:
        """The labels with their values; empty ones are left out."""
        told = (
            ("坐落", self.address),
            ("户型", self.layout),
            ("面积", self.area),
            ("出租方式", self.mode),
            ("发布企业", self.firm),
            ("从业信息卡", self.card_no),
            ("有效期至", chinese_day(self.valid_to)),
        )
        yield from ((label, value) for label, value in told if value)


def grouped(code_no: str) -> str:
    """A code in groups of six digits."""
    return " ".join(code_no[start : start + 6] for start in range(0, len(code_no), 6))


def render(card: CodeCard) -> bytes:
    """The card as PDF; equal cards give equal bytes."""
    buffer = io.BytesIO()
    canvas = new_canvas(buffer, (WIDE, HIGH), TITLE, card.number, card.unit, card.valid_to)
    draw_centred(canvas, TITLE, Face.SANS, 17.0, WIDE / 2, HIGH - 36)
    if card.logo:
        canvas.drawImage(ImageReader(io.BytesIO(card.logo)), _SIDE, HIGH - 46, _LOGO, _LOGO, mask="auto")
    draw_code(canvas, card.check_url, (WIDE - _CODE) / 2, HIGH - 52 - _CODE, _CODE)
    y = HIGH - 52 - _CODE - 16
    draw_centred(canvas, card.number, Face.SANS, 14.0, WIDE / 2, y)
    draw_centred(canvas, STATE_NOTE, Face.SERIF, 9.0, WIDE / 2, y - 15)
    sheet = Sheet()
    y -= 32
    style = Style(size=9.5, leading=13.0, align=Align.LEFT)
    for label, value in card.facts:
        _write(sheet, label, _SIDE, y, _LABEL, style)
        y = _write(sheet, value, _SIDE + _LABEL, y, WIDE - 2 * _SIDE - _LABEL, style) - 1.5
    draw_sheet(canvas, sheet)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _write(sheet: Sheet, text: str, x: float, top: float, room: float, style: Style) -> float:
    """Put a text on the card and return where the next one begins."""
    for line in lines(text, room, style):
        sheet.marks.extend(
            one for one in placed(line, x, top - style.size, room, style, first=False) if isinstance(one, Mark)
        )
        top -= style.leading
    return top

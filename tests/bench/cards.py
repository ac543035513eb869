"""1,000 cards (D6) as one PDF, eight on a sheet, against a bare reportlab canvas that draws the same without any layout."""

import argparse
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from PIL import Image, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from printing import cards as drawn
from printing.cards import (
    BAND,
    BLUE,
    LOGO,
    ON_A_SHEET,
    PHOTO,
    PHOTO_DOTS,
    WIDE,
    Card,
    draw_band,
    draw_photo,
    render_sheets,
)
from printing.fonts import Face, load, runs
from printing.page import HEIGHT, WIDTH, Sheet
from printing.qr import draw_code
from tests.bench.ground import Ground
from tests.bench.measure import Figure, paired, timed
from tests.bench.notice import bare_code
from tests.printing.samples import CARD

CARDS = 1000
#: Seconds by the clock on an idle machine, and how much dearer than the bare canvas.
LIMIT, MOST = 20.0, 1.3


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    load(*Face)
    cards = [_card(number) for number in range(CARDS)]
    sheets = _sheets(cards)
    elapsed = timed(lambda: render_sheets(cards))
    found = paired(lambda: render_sheets(cards), lambda: _bare(sheets), rounds=3)
    name = f"{CARDS} cards with photos and codes, one PDF of {CARDS // ON_A_SHEET * 2} pages"
    return [
        Figure(f"{name}, by the clock", f"{elapsed:.1f} s", target=f"< {LIMIT:.0f} s", met=elapsed < LIMIT),
        found.figure(name, MOST, beside="bare canvas, the same texts, photos and codes"),
    ]


def _card(number: int) -> Card:
    """Another person, code and photo for every card, one firm's logo for all, as in a real batch."""
    tint = (number % 256, number // 256 * 60, 160)
    with io.BytesIO() as photo:
        Image.radial_gradient("L").resize((480, 640)).convert("RGB").point(_shifted(tint)).save(photo, "JPEG")
        data = photo.getvalue()
    name = "赵钱孙李周吴郑王"[number % 8] + chr(0x4E00 + number * 7)
    return replace(CARD, name=name, card_no=f"SH26{number:07d}X", check_url=f"{CARD.check_url}{number:07d}", photo=data)


def _shifted(tint: tuple[int, int, int]) -> list[int]:
    return [(value + part) % 256 for part in tint for value in range(256)]


def _bare(sheets: Sequence[Sheet]) -> bytes:
    """The same pages, drawn from positions worked out beforehand."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), pageCompression=1)
    logo: dict[bytes, ImageReader] = {}
    for sheet in sheets:
        for draw in sheet.draws:
            _picture(canvas, logo, draw)
        canvas.setFillGray(0)
        for rule in sheet.rules:
            canvas.setLineWidth(rule.thickness)
            canvas.line(rule.x1, rule.y1, rule.x2, rule.y2)
        for mark in sheet.marks:
            canvas.setFont(mark.font, mark.size)
            canvas.drawString(mark.x, mark.y, mark.text, charSpace=mark.spacing)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _picture(canvas: Canvas, logos: dict[bytes, ImageReader], draw: Any) -> None:
    """A band, a code, a photo made small, or a logo, by Pillow, qrcode and reportlab alone."""
    told = draw.keywords
    if draw.func is draw_band:
        canvas.setFillColorRGB(*BLUE)
        canvas.rect(told["x"], told["y"], WIDE, BAND, stroke=0, fill=1)
        canvas.setFillGray(1)
        for font, piece in runs(told["text"], Face.SANS_BOLD):
            canvas.setFont(font, told["size"])
            canvas.drawCentredString(told["x"] + WIDE / 2, told["y"] + BAND / 3, piece)
        canvas.setFillGray(0)
    elif draw.func is draw_code:
        bare_code(canvas, told["text"], told["x"], told["y"], told["size"])
    elif draw.func is draw_photo:
        photo = Image.open(io.BytesIO(told["data"]))
        photo.draft("RGB", PHOTO_DOTS)
        small = io.BytesIO()
        ImageOps.fit(photo, PHOTO_DOTS).save(small, "JPEG", quality=88)
        canvas.drawImage(ImageReader(small), told["x"], told["y"], *PHOTO)
    else:
        data = told["data"]
        logo = logos.setdefault(data, ImageReader(io.BytesIO(data)))
        canvas.drawImage(logo, told["x"], told["y"], LOGO, LOGO)


def _sheets(cards: Sequence[Card]) -> list[Sheet]:
    """Where everything stands on the pages of these cards."""
    found: list[Sheet] = []
    with patch.object(drawn, "draw_sheet", lambda canvas, sheet: found.append(sheet)):
        render_sheets(cards)
    return found

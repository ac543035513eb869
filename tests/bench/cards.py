"""1,000 cards (D6) as one PDF, eight on a sheet, against a bare reportlab canvas with rectangles and plain text."""

import argparse
import io
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from printing.cards import HIGH, ON_A_SHEET, PHOTO, WIDE, Card, corner, render_sheets
from printing.fonts import Face, load
from printing.page import HEIGHT, WIDTH
from tests.bench.ground import Ground
from tests.bench.measure import Figure, timed
from tests.printing.samples import CARD

CARDS = 1000
LIMIT = 20.0
ROUNDS = 3


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    load(*Face)
    cards = [_card(number) for number in range(CARDS)]
    # In turns, and the fastest of each: a neighbour can only make them slower.
    rounds = [(timed(lambda: render_sheets(cards)), timed(lambda: _bare(cards))) for _ in range(ROUNDS)]
    ours, bare = (min(times) for times in zip(*rounds, strict=True))
    return [
        Figure(
            f"{CARDS} cards with photos and codes, one PDF of {CARDS // ON_A_SHEET * 2} pages",
            f"{ours:.1f} s (slowest {max(ours for ours, _ in rounds):.1f} s)",
            f"bare canvas, rectangles and Helvetica {bare:.1f} s",
            f"{ours / bare:.0f}x",
            f"< {LIMIT:.0f} s",
            max(ours for ours, _ in rounds) < LIMIT,
        )
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


def _bare(cards: Sequence[Card]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), pageCompression=1)
    for start in range(0, len(cards), ON_A_SHEET):
        for lines in (8, 7):
            for place, card in enumerate(cards[start : start + ON_A_SHEET]):
                x, y = corner(place, mirrored=False)
                canvas.rect(x, y, WIDE, HIGH)
                canvas.rect(x, y, *PHOTO)
                canvas.setFont("Helvetica", 8)
                for line in range(lines):
                    canvas.drawString(x + 70, y + 10 + line * 12, card.card_no)
            canvas.showPage()
    canvas.save()
    return buffer.getvalue()

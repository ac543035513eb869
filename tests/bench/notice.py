"""The filing notice (D2) against a bare reportlab canvas that draws the same page without any layout of its own."""

import argparse
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

import qrcode
from reportlab.pdfgen.canvas import Canvas

from printing import filing_notice
from printing.fonts import Face, load
from printing.page import HEIGHT, WIDTH, Sheet
from printing.seal import draw_seal
from tests.bench.ground import Ground
from tests.bench.measure import Figure, medians, milliseconds
from tests.printing.samples import FILING

NUMBER, URL = FILING.issue.number, FILING.issue.check_url


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    load(*Face)
    sheet = _laid_out()
    assert len(_bare(sheet, NUMBER, URL)) > 10_000
    found = medians({"notice": _notice(), "bare": _bare_maker(sheet)}, rounds=11)
    ratio = found["bare"] / found["notice"]
    return [
        Figure(
            "filing notice PDF, one page",
            f"{milliseconds(found['notice'])} ({1 / found['notice']:.0f}/s)",
            f"bare canvas {milliseconds(found['bare'])} ({1 / found['bare']:.0f}/s)",
            f"{ratio:.2f} of its speed",
            ">= 0.5",
            ratio >= 0.5,
        )
    ]


def _varied() -> Callable[[], tuple[str, str]]:
    """Another number and another code for every paper, as in life, so that neither side lives off a cache."""
    numbers = count(1)

    def number() -> tuple[str, str]:
        place = f"{next(numbers):07d}"
        return NUMBER[:-7] + place, URL[:-7] + place

    return number


def _notice() -> Callable[[], object]:
    number = _varied()

    def make() -> bytes:
        no, url = number()
        issue = replace(FILING.issue, number=no, check_url=url)
        return filing_notice.render(replace(FILING, issue=issue))

    return make


def _bare_maker(sheet: Sheet) -> Callable[[], object]:
    number = _varied()
    return lambda: _bare(sheet, *number())


def _laid_out() -> Sheet:
    """Where everything stands on the page, worked out once beforehand."""
    paper = FILING.laid_out()
    (sheet,) = paper.sheets
    paper.furnish(sheet, 1)
    return sheet


def _bare(sheet: Sheet, number: str, url: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), pageCompression=1)
    canvas.setTitle(FILING.TITLE)
    canvas.setFillGray(0.955)
    for x, y, wide, high in sheet.shades:
        canvas.rect(x, y, wide, high, stroke=0, fill=1)
    canvas.setFillGray(0)
    bare_code(canvas, url, 60, 60, 92)
    assert FILING.issue.seal is not None
    draw_seal(canvas, FILING.issue.seal, 420, 130)
    canvas.setFillGray(0)
    for rule in sheet.rules:
        canvas.setLineWidth(rule.thickness)
        canvas.line(rule.x1, rule.y1, rule.x2, rule.y2)
    for mark in sheet.marks:
        canvas.setFont(mark.font, mark.size)
        canvas.drawString(mark.x, mark.y, mark.text.replace(NUMBER, number), charSpace=mark.spacing)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def bare_code(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, mask_pattern=2)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    unit = size / len(matrix)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix):
        column = 0
        while column < len(cells):
            start = column
            while column < len(cells) and cells[column]:
                column += 1
            if column > start:
                path.rect(x + start * unit, y + size - (row + 1) * unit, (column - start) * unit, unit)
            column += 1
    canvas.drawPath(path, stroke=0, fill=1)

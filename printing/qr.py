"""The verification code: a QR symbol as a vector path of horizontal runs."""

from functools import lru_cache

import qrcode
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

# Scanners need this much white around the symbol.
QUIET = 4


@lru_cache(maxsize=64)
def modules(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """Side length in modules and the dark runs (column, row from the top, length)."""
    # Trying all eight masks costs five times as much and reads no better.
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=2)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    found = []
    for row, cells in enumerate(matrix):
        column = 0
        while column < len(cells):
            if not cells[column]:
                column += 1
                continue
            start = column
            while column < len(cells) and cells[column]:
                column += 1
            found.append((start, row, column - start))
    return len(matrix), tuple(found)


def draw_code(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    """Draw the symbol with its quiet zone into a square whose lower left corner is x, y."""
    side, found = modules(text)
    unit = size / (side + 2 * QUIET)
    left, top = x + QUIET * unit, y + size - QUIET * unit
    canvas.setFillGray(1)
    canvas.rect(x, y, size, size, stroke=0, fill=1)
    canvas.setFillGray(0)
    boxes = [
        f"{left + column * unit:.3f} {top - (row + 1) * unit:.3f} {length * unit:.3f} {unit:.3f} re"
        for column, row, length in found
    ]
    canvas.drawPath(PDFPathObject([" ".join(boxes)]), stroke=0, fill=1)

"""Reading a PDF back as a person, a scanner or an auditor would."""

from __future__ import annotations

import io
import re
import unicodedata

import pypdf
from PIL import Image, ImageDraw
from pypdf.generic import ContentStream, DictionaryObject, StreamObject


def text_of(pdf: bytes) -> str:
    """All text without the blanks that come from lines and columns."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def pages_of(pdf: bytes) -> list[str]:
    return [re.sub(r"\s+", "", page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def page_sizes(pdf: bytes) -> set[tuple[float, float]]:
    boxes = [page.mediabox for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return {(round(float(box.width), 1), round(float(box.height), 1)) for box in boxes}


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Every font the file names, and whether its outlines are inside."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    found: dict[str, bool] = {}
    for number in reader.xref[0]:
        font = reader.get_object(number)
        if isinstance(font, DictionaryObject) and font.get("/Type") == "/Font":
            descriptor = font.get("/FontDescriptor")
            inside = descriptor is not None and "/FontFile2" in descriptor.get_object()
            found[str(font["/BaseFont"])] = inside
    return found


def drawing_of(pdf: bytes, page: int = 0) -> str:
    """The operators of a page."""
    contents = pypdf.PdfReader(io.BytesIO(pdf)).pages[page].get_contents()
    assert isinstance(contents, StreamObject)
    return contents.get_data().decode("latin-1")


def rastered(pdf: bytes, page: int, dpi: int) -> Image.Image:
    """A page (from 1) as grey pixels with every filled rectangle on it; glyphs and curves are left out."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    sheet = reader.pages[page - 1]
    scale = dpi / 72
    height = float(sheet.mediabox.height)
    image = Image.new("L", (round(float(sheet.mediabox.width) * scale), round(height * scale)), 255)
    painter = ImageDraw.Draw(image)
    grey = 0.0
    waiting: list[tuple[float, float, float, float]] = []
    contents = sheet.get_contents()
    assert contents is not None
    for operands, operator in ContentStream(contents, reader).operations:
        if operator == b"g":
            grey = float(operands[0])
        elif operator in (b"rg", b"n", b"m"):
            waiting = []
        elif operator == b"re":
            x, y, wide, high = (float(operand) for operand in operands)
            waiting.append((x * scale, (height - y - high) * scale, (x + wide) * scale, (height - y) * scale))
        elif operator in (b"f", b"f*"):
            for left, top, right, bottom in waiting:
                # A printer's raster has no half pixels either.
                box = (
                    round(left),
                    round(top),
                    max(round(right), round(left) + 1) - 1,
                    max(round(bottom), round(top) + 1) - 1,
                )
                painter.rectangle(box, fill=round(grey * 255))
            waiting = []
    return image


def composed(text: str) -> str:
    """The text as extraction gives it back: without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))

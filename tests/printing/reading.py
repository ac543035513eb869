"""Reading a PDF back as a person, a scanner or an auditor would."""

from __future__ import annotations

import io
import re
import unicodedata

import pypdf
from pypdf.generic import DictionaryObject, StreamObject


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


def composed(text: str) -> str:
    """The text as extraction gives it back: without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))

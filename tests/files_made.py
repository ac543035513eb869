"""Small files of every kind for tests, sound and unsound, made byte by byte."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO

import openpyxl
from PIL import Image


def file_id(value: object) -> str | None:
    """The name of a test's case: files carry the time they were made, names must not."""
    return "file" if isinstance(value, bytes) else None


def chunk(name: bytes, body: bytes) -> bytes:
    """One part of a PNG with its check."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 3, height: int = 2, *, pixels: bytes | None = None, extra: bytes = b"") -> bytes:
    """A grey PNG; `pixels` replaces what would be its inflated data, `extra` are chunks before the picture."""
    data = pixels if pixels is not None else (b"\0" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    )


def jpeg(width: int = 8, height: int = 8, *, progressive: bool = False, comment: bytes = b"") -> bytes:
    """A small JPEG."""
    whole = BytesIO()
    Image.new("RGB", (width, height), (200, 100, 50)).save(whole, "JPEG", progressive=progressive, comment=comment)
    return whole.getvalue()


def pdf(catalog: bytes = b"", objects: Iterable[bytes] = ()) -> bytes:
    """A PDF of one empty page; `catalog` is added to its catalogue, `objects` follow as numbers 4, 5 ..."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *objects,
    ]
    whole, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    whole += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(whole) + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)


def stream(words: bytes, data: bytes) -> bytes:
    """The body of a stream object."""
    return b"<< %s /Length %d >>\nstream\n" % (words, len(data)) + data + b"\nendstream"


def xlsx(rows: Iterable[Iterable[object]] = (("姓名",), ("张三",))) -> bytes:
    """A workbook of one sheet as openpyxl writes it."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def rezipped(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The archive with parts replaced, added, or left out where None."""
    whole = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, body in parts.items():
            if body is not None:
                new.writestr(name, body)
    return whole.getvalue()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for name, body in parts.items():
            new.writestr(name, body)
    return whole.getvalue()

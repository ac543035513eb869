"""Attachments allowed for kept records: sixteen kinds, recognised by content (market 2.0)."""

import json
import re

from services.files.archives import Archive, ends_as_zip
from services.files.file_refusals import FileRefused
from services.files.inspection import Inspected
from services.files.pdf import pdf_of
from services.files.pictures import picture_of

LARGEST = 50 << 20
ACCEPTED = "pdf、jpg、png、ofd、doc、docx、xls、xlsx、dxf、dwg、txt、geojson、zip"
_ONLY = f"只接受{ACCEPTED}格式的文件"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO = "宏"
_OBJECT = "嵌入的对象"
_OFFICE = "application/vnd.openxmlformats-officedocument"
#: A part every file of the kind has, in lower case.
_BY_PART = {
    "ofd.xml": ("ofd", "application/ofd"),
    "word/document.xml": ("docx", f"{_OFFICE}.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
}
#: A stream every old Office file of the kind has; its directory spells names in UTF-16.
_BY_STREAM = {
    "WordDocument".encode("utf-16-le"): ("doc", "application/msword"),
    "Workbook".encode("utf-16-le"): ("xls", "application/vnd.ms-excel"),
    "Book\0".encode("utf-16-le"): ("xls", "application/vnd.ms-excel"),
}
_DWG = re.compile(rb"AC10(?:0[269]|1[245]|18|2[1-9]|3[0-9])")
_DXF_TEXT = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s*999\r?\n[^\n]*\n)*\s*0\s*\r?\nSECTION\b")
_DXF_BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
#: What has no place in a text of ours; ESC and the like would speak to a terminal.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_GEOJSON = frozenset(
    {
        "FeatureCollection",
        "Feature",
        "GeometryCollection",
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
    }
)


def inspect_record_file(content: bytes) -> Inspected:
    """Determine the kind of a file by content; raise `FileRefused` for other kinds and broken files."""
    if not content:
        raise FileRefused("FILE-EMPTY", "文件是空的，请重新选择")
    if len(content) > LARGEST:
        raise FileRefused("FILE-SIZE", "文件超过50MB，请压缩或拆分后再上传")
    if content.startswith(_ZIP):
        return _zipped(content)
    if content.startswith(_OLE):
        return _old_office(content)
    picture = picture_of(content)
    pdf = None if picture else pdf_of(content)
    # One file for two programs is made to be taken for what it is not.
    if ends_as_zip(content) or (picture is not None and b"%PDF-" in content[:1024]):
        raise FileRefused("FILE-POLYGLOT", "文件中夹带了其他格式的内容，请重新保存后上传")
    if picture is not None:
        return Inspected(picture.media_type, "png" if picture.media_type == "image/png" else "jpg")
    if pdf is not None:
        return Inspected("application/pdf", "pdf", pdf.active)
    if _DWG.match(content):
        return Inspected("image/vnd.dwg", "dwg")
    if content.startswith(_DXF_BINARY) or _DXF_TEXT.match(content[:4096]):
        return Inspected("image/vnd.dxf", "dxf")
    return _text(content)


def _zipped(content: bytes) -> Inspected:
    names = {name.lower() for name in Archive(content).parts}
    for part, (extension, media_type) in _BY_PART.items():
        if part in names:
            return Inspected(media_type, extension, _active(names))
    return Inspected("application/zip", "zip")


def _active(names: set[str]) -> tuple[str, ...]:
    found = set()
    for name in names:
        if name.endswith("vbaproject.bin") or "/macrosheets/" in name:
            found.add(_MACRO)
        if "/embeddings/" in name or "/activex/" in name:
            found.add(_OBJECT)
    return tuple(sorted(found))


def _old_office(content: bytes) -> Inspected:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused("FILE-PASSWORD", "文件设有打开密码，请去掉密码后上传")
    for stream, (extension, media_type) in _BY_STREAM.items():
        if stream in content:
            macro = "_VBA_PROJECT".encode("utf-16-le") in content or "Macros".encode("utf-16-le") in content
            return Inspected(media_type, extension, (_MACRO,) if macro else ())
    raise FileRefused("FILE-KIND", _ONLY)


def _text(content: bytes) -> Inspected:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NO_TEXT.search(text):
            break
        if text.lstrip().startswith("{") and _is_geojson(text):
            return Inspected("application/geo+json", "geojson")
        if re.search(r"\A\s*<(?:!doctype|html|svg|\?xml|script)", text[:1024], re.IGNORECASE):
            # A browser would run what calls itself a page.
            break
        return Inspected("text/plain", "txt")
    raise FileRefused("FILE-KIND", _ONLY)


def _is_geojson(text: str) -> bool:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(whole, dict) and whole.get("type") in _GEOJSON

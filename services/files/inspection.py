"""Inspection of uploaded files by content: materials (D17), and attachments of kept records (market 2.0)."""

import json
import re
from dataclasses import dataclass

from services.files.archives import Archive, ends_as_zip
from services.files.file_refusals import FileRefused
from services.files.pdf import pdf_of
from services.files.pictures import picture_of
from services.files.text_tables import decoded
from services.files.workbooks import has_password

LARGEST = 20 << 20
LARGEST_RECORD = 50 << 20
_ONLY = "只接受PDF、JPG、PNG格式的文件"
#: Place of a file's signature, the signature, and what to do about it.
_KNOWN: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyphei", "这是HEIC照片，请在手机相机设置中改为“兼容性最佳”，或转换为JPG后上传"),
    (4, b"ftypmif1", "这是HEIC照片，请在手机相机设置中改为“兼容性最佳”，或转换为JPG后上传"),
    (4, b"ftypavif", "这是AVIF图片，请转换为JPG后上传"),
    (0, b"GIF8", "这是GIF图片，请转换为JPG或PNG后上传"),
    (0, b"BM", "这是BMP图片，请转换为JPG或PNG后上传"),
    (0, b"II*\0", "这是TIFF图片，请转换为PDF或JPG后上传"),
    (0, b"MM\0*", "这是TIFF图片，请转换为PDF或JPG后上传"),
    (8, b"WEBP", "这是WEBP图片，请转换为JPG或PNG后上传"),
    (0, b"8BPS", "这是PSD文件，请导出为JPG后上传"),
    (0, b"PK\x03\x04", "这是Office、OFD或压缩文件，请另存为PDF后上传"),
    (0, b"\xd0\xcf\x11\xe0", "这是Office文件，请另存为PDF后上传"),
    (0, b"Rar!", "这是压缩文件，请解开后逐份上传"),
    (0, b"7z\xbc\xaf", "这是压缩文件，请解开后逐份上传"),
)


ACCEPTED = "pdf、jpg、png、ofd、doc、docx、xls、xlsx、dxf、dwg、txt、geojson、zip"
_ONLY_RECORDS = f"只接受{ACCEPTED}格式的文件"
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
#: Signs that have no place in a text of ours; ESC and the like would speak to a terminal.
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


@dataclass(frozen=True)
class Inspected:
    """The kind of a file. With `active` it is quarantined: downloadable, never shown in a page."""

    media_type: str
    extension: str
    active: tuple[str, ...] = ()


def inspect_material(content: bytes) -> Inspected:
    """Determine the kind of a file by content; raise `FileRefused` unless it is a sound PDF, JPEG or PNG."""
    _has_size(content, LARGEST, "文件超过20MB，请压缩后再上传")
    advice = next((said for at, beginning, said in _KNOWN if content.startswith(beginning, at)), "")
    found = _paper(content)
    if found is None:
        raise FileRefused("FILE-KIND", f"{_ONLY}；{advice}" if advice else _ONLY)
    return found


def inspect_record_file(content: bytes) -> Inspected:
    """Determine which of the sixteen kinds a file is; raise `FileRefused` for other kinds and broken files."""
    _has_size(content, LARGEST_RECORD, "文件超过50MB，请压缩或拆分后再上传")
    if content.startswith(_ZIP):
        return _zipped(content)
    if content.startswith(_OLE):
        return _old_office(content)
    if (found := _paper(content)) is not None:
        return found
    _is_one_file(content)
    if _DWG.match(content):
        return Inspected("image/vnd.dwg", "dwg")
    if content.startswith(_DXF_BINARY) or _DXF_TEXT.match(content[:4096]):
        return Inspected("image/vnd.dxf", "dxf")
    return _text(content)


def _has_size(content: bytes, largest: int, told: str) -> None:
    if not content:
        raise FileRefused("FILE-EMPTY", "文件是空的，请重新选择")
    if len(content) > largest:
        raise FileRefused("FILE-SIZE", told)


def _paper(content: bytes) -> Inspected | None:
    """The picture or PDF these bytes are; None when they do not begin like one."""
    picture = picture_of(content)
    pdf = None if picture else pdf_of(content)
    if picture is None and pdf is None:
        return None
    _is_one_file(content, begins_as_picture=picture is not None)
    if picture is not None:
        return Inspected(picture.media_type, "png" if picture.media_type == "image/png" else "jpg")
    return Inspected("application/pdf", "pdf", pdf.active) if pdf is not None else None


def _is_one_file(content: bytes, *, begins_as_picture: bool = False) -> None:
    """Refuse a file for two programs, which is made to be taken for what it is not."""
    if ends_as_zip(content) or (begins_as_picture and b"%PDF-" in content[:1024]):
        raise FileRefused("FILE-POLYGLOT", "文件中夹带了其他格式的内容，请重新保存或扫描后上传")


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
    if has_password(content):
        raise FileRefused("FILE-PASSWORD", "文件设有打开密码，请去掉密码后上传")
    for stream, (extension, media_type) in _BY_STREAM.items():
        if stream in content:
            macro = "_VBA_PROJECT".encode("utf-16-le") in content or "Macros".encode("utf-16-le") in content
            return Inspected(media_type, extension, (_MACRO,) if macro else ())
    raise FileRefused("FILE-KIND", _ONLY_RECORDS)


def _text(content: bytes) -> Inspected:
    text = decoded(content, _NO_TEXT)
    if text is None:
        raise FileRefused("FILE-KIND", _ONLY_RECORDS)
    if text.lstrip().startswith("{") and _is_geojson(text):
        return Inspected("application/geo+json", "geojson")
    if re.search(r"\A\s*<(?:!doctype|html|svg|\?xml|script)", text[:1024], re.IGNORECASE):
        # A browser would run what calls itself a page.
        raise FileRefused("FILE-KIND", _ONLY_RECORDS)
    return Inspected("text/plain", "txt")


def _is_geojson(text: str) -> bool:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(whole, dict) and whole.get("type") in _GEOJSON

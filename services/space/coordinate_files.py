"""Reads a coordinate file of any format row 80 names, by its content and not by its name."""

import re
from codecs import BOM_UTF8

from services.files.file_refusals import FileRefused
from services.space.boundary_file import MOST_RINGS, BoundaryFile
from services.space.geojson import read_geojson
from services.space.red_line_drawing import read_red_line
from services.space.survey_table import read_csv, read_list, read_workbook
from services.space.survey_text import is_report, read_report, text_of

LARGEST = 20 << 20
_DXF_HEAD = re.compile(rb"\s*(?:999\r?\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION\b")


def read_coordinates(content: bytes) -> BoundaryFile:
    """Read the parcels of a file; a file that is none of these, or of more rings than are held against each other, is refused."""
    file = _read(content)
    if sum(len(parcel.rings) for parcel in file.parcels) > MOST_RINGS:
        raise FileRefused("RINGS", f"文件中的界址线超过{MOST_RINGS}圈，请分成几个文件上传")
    return file


def _read(content: bytes) -> BoundaryFile:
    if len(content) > LARGEST:
        raise FileRefused("FILE-SIZE", "文件超过20MB，请核对是否为坐标文件")
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(content)
    content = content.removeprefix(BOM_UTF8)
    if is_drawing(content):
        return read_red_line(content)
    text = text_of(content)
    if text.lstrip().startswith("{"):
        return read_geojson(text)
    if is_report(text):
        return read_report(text)
    return read_csv(text) if "," in text or "\t" in text else read_list(text)


def is_drawing(content: bytes) -> bool:
    """Return whether a file is a drawing, readable or not."""
    content = content.removeprefix(BOM_UTF8)
    return content.startswith((b"AC10", b"AutoCAD Binary DXF")) or _DXF_HEAD.match(content) is not None

"""Guard of workbooks: active content is refused, formulas and hidden columns are reported (H36-H39).

Values are read elsewhere; this streams each part once, in memory independent of what a cell claims (decision 34).
"""

import re
from collections.abc import Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax import SAXException  # nosec B406 # the parser is made by defusedxml
from xml.sax.handler import ContentHandler  # nosec B406 # as above
from xml.sax.xmlreader import AttributesImpl  # nosec B406 # as above

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from defusedxml.expatreader import create_parser

from services.files.archives import Archive
from services.files.file_refusals import FileRefused

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # nosec B405 # its name only

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Streams of a file that only a password or a rights server opens; the directory spells names in UTF-16.
_LOCKED_STREAMS = tuple(
    name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo", "EncryptedDataSpace")
)
#: The head of an old workbook, and after it the record that says that a password is wanted.
_LOCKED_XLS = re.compile(
    rb"\x09\x08(?:\x10\x00\x00\x06\x05\x00.{12}|\x08\x00\x00\x05\x05\x00.{4})(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL
)
_SAVE_AS = "请用Excel或WPS另存为“Excel工作簿(.xlsx)”后上传"
_HEAD_PARTS = 4 << 20
_MOST_MERGES = 10_000
_REF = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)")
_DECLARED = re.compile(rb"\A(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", re.DOTALL)
_STYLES = "xl/styles.xml"
#: A formula `server|topic!item` starts a program of its choice.
_DDE = re.compile(r"[A-Za-z0-9_.]+\s*\|\s*'?.*!", re.DOTALL)
_EXTERNAL = "工作簿含有指向其他文件的链接或数据连接"
_MACRO = "工作簿含有宏"
_OBJECT = "工作簿含有嵌入的对象或控件"

#: Beginnings of part names, and why such a part is not taken.
_REFUSED_PARTS = {
    "xl/vbaproject": ("XLSX-MACRO", _MACRO),
    "xl/macrosheets/": ("XLSX-MACRO", _MACRO),
    "xl/dialogsheets/": ("XLSX-MACRO", _MACRO),
    "xl/externallinks/": ("XLSX-EXTERNAL", _EXTERNAL),
    "xl/connections": ("XLSX-EXTERNAL", _EXTERNAL),
    "xl/querytables/": ("XLSX-EXTERNAL", _EXTERNAL),
    "xl/embeddings/": ("XLSX-OBJECT", _OBJECT),
    "xl/activex/": ("XLSX-OBJECT", _OBJECT),
}


@dataclass(frozen=True)
class Limits:
    """Largest size of a sheet; rows include the heads."""

    rows: int = 5_003
    columns: int = 256


@dataclass
class SheetMarks:
    """Properties of a sheet that a value reader does not show. Rows and columns count from 1.

    `formulas` says of each formula cell whether its last value is stored beside it; `errors` are cells such as #N/A.
    """

    name: str
    hidden: bool
    from_1904: bool = False
    rows: int = 0
    columns: int = 0
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    errors: set[tuple[int, int]] = field(default_factory=set)
    #: Rows with a cell that is struck through as a whole.
    struck_rows: set[int] = field(default_factory=set)


def guard_workbook(content: bytes, limits: Limits | None = None) -> tuple[SheetMarks, ...]:
    """The marks of every sheet, in order; a file that is no plain .xlsx is refused with what to do."""
    _is_xlsx(content)
    archive = Archive(content)
    _has_no_refused_part(archive)
    sheets = _sheets(archive)
    struck = _StyleHandler()
    # Styles first: cells name theirs by number.
    for name in sorted(archive.parts, key=lambda name: name.lower() != _STYLES):
        if name.endswith("/"):
            continue
        watch = _XmlWatch(name)
        reader = None
        if name.lower() == _STYLES:
            reader = _PartReader(struck)
        elif name in sheets:
            reader = _PartReader(_SheetHandler(sheets[name], limits or Limits(), struck.styles))
        for piece in archive.pieces(name):
            watch.feed(piece)
            if reader is not None:
                reader.feed(piece)
        if reader is not None:
            reader.feed(b"", last=True)
    return tuple(sheets.values())


def has_password(content: bytes) -> bool:
    """Return whether an old Office file, or the envelope of a new one, is protected by a password."""
    return any(name in content for name in _LOCKED_STREAMS) or _LOCKED_XLS.search(content) is not None


def _is_xlsx(content: bytes) -> None:
    if content.startswith(_OLD_OFFICE):
        if has_password(content):
            raise FileRefused("XLSX-PASSWORD", f"工作簿设有打开密码，请去掉密码，{_SAVE_AS}")
        raise FileRefused("XLSX-OLD", f"这是旧版Excel（.xls）文件，{_SAVE_AS}")
    if not content.startswith(b"PK\x03\x04"):
        raise FileRefused("XLSX-KIND", f"这不是Excel工作簿，{_SAVE_AS}")


def _has_no_refused_part(archive: Archive) -> None:
    names = {name.lower() for name in archive.parts}
    if "xl/workbook.bin" in names:
        raise FileRefused("XLSX-KIND", f"这是Excel二进制工作簿（.xlsb），{_SAVE_AS}")
    if not {"xl/workbook.xml", "[content_types].xml"} <= names:
        raise FileRefused("XLSX-KIND", f"这不是Excel工作簿，{_SAVE_AS}")
    for name in names:
        for beginning, (code, what) in _REFUSED_PARTS.items():
            if name.startswith(beginning) or "/" + beginning in name:
                raise FileRefused(code, f"{what}，请删除后，{_SAVE_AS}")
    kinds = archive.read(_named(archive, "[content_types].xml"), _HEAD_PARTS).lower()
    if b"macroenabled" in kinds or b"vbaproject" in kinds:
        raise FileRefused("XLSX-MACRO", f"{_MACRO}，{_SAVE_AS}")
    if b"oleobject" in kinds or b"activex" in kinds:
        raise FileRefused("XLSX-OBJECT", f"{_OBJECT}，请删除后，{_SAVE_AS}")
    for name in archive.parts:
        if name.lower().endswith(".rels"):
            _leads_nowhere(archive.read(name, _HEAD_PARTS))


def _leads_nowhere(relations: bytes) -> None:
    """Links a person may click stay; what the program itself would fetch is refused."""
    for relation in _tree(relations):
        if _get(relation, "TargetMode").lower() == "external" and not _get(relation, "Type").endswith("/hyperlink"):
            raise FileRefused("XLSX-EXTERNAL", f"{_EXTERNAL}，请断开链接后，{_SAVE_AS}")


def _named(archive: Archive, lower: str) -> str:
    return next(name for name in archive.parts if name.lower() == lower)


def _tree(xml: bytes) -> "list[Element]":
    watch = _XmlWatch(".xml")
    watch.feed(xml)
    try:
        return list(fromstring(xml, forbid_dtd=True).iter())
    except (DefusedXmlException, SyntaxError, ValueError, LookupError):
        raise _broken() from None


def _get(element: "Element", name: str, otherwise: str = "") -> str:
    """An attribute by its local name: some programs write prefixes of their own."""
    found = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return next(found, otherwise)


def _sheets(archive: Archive) -> dict[str, SheetMarks]:
    """Every sheet by the part that holds it, in order, with nothing but its title so far."""
    book = _tree(archive.read(_named(archive, "xl/workbook.xml"), _HEAD_PARTS))
    relations = next((name for name in archive.parts if name.lower() == "xl/_rels/workbook.xml.rels"), "")
    if not relations:
        raise _broken()
    targets = {_get(one, "Id"): _get(one, "Target") for one in _tree(archive.read(relations, _HEAD_PARTS))}
    # Old Macintosh programs count days from 1904.
    from_1904 = any(
        one.tag.rpartition("}")[2] == "workbookPr" and _get(one, "date1904") in {"1", "true"} for one in book
    )
    sheets: dict[str, SheetMarks] = {}
    for one in book:
        local = one.tag.rpartition("}")[2]
        if local == "definedName" and _DDE.search(one.text or ""):
            raise _starts_programs()
        if local != "sheet":
            continue
        # `id` is the relation; `sheetId` is another name.
        target = targets.get(_get(one, "id"), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part not in archive.parts or part in sheets:
            raise _broken()
        sheets[part] = SheetMarks(_get(one, "name"), _get(one, "state") in {"hidden", "veryHidden"}, from_1904)
    if not sheets:
        raise _broken()
    return sheets


class _XmlWatch:
    """Reads over a part's bytes for what no spreadsheet program writes: a document type, or another encoding."""

    def __init__(self, name: str) -> None:
        self._xml = name.lower().endswith((".xml", ".rels", ".vml"))
        self._tail = b""
        self._first = True

    def feed(self, piece: bytes) -> None:
        if self._first:
            self._begins_plainly(piece[:512])
            self._first = False
        seen = self._tail + piece
        if _DOCTYPE.search(seen):
            raise FileRefused("XLSX-DOCTYPE", f"工作簿内含有不允许的文档声明，{_SAVE_AS}")
        self._tail = seen[-10:]

    def _begins_plainly(self, head: bytes) -> None:
        declared = _DECLARED.match(head)
        if self._xml and (
            b"\0" in head[:4]
            or head.startswith((b"\xff\xfe", b"\xfe\xff"))
            or (declared is not None and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"))
        ):
            raise FileRefused("XLSX-ENCODING", f"工作簿的编码不常见，无法检查，{_SAVE_AS}")


class _PartReader:
    """Feeds a part's XML to a parser that knows no document types; the handler keeps marks only."""

    def __init__(self, handler: ContentHandler) -> None:
        self._parser = create_parser(forbid_dtd=True)
        self._parser.setContentHandler(handler)

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        try:
            self._parser.close() if last else self._parser.feed(piece)
        except (SAXException, DefusedXmlException, ValueError):
            raise _broken() from None


class _StyleHandler(ContentHandler):
    """Keeps the numbers of the cell styles whose font is struck through."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: set[str] = set()
        self._fonts: set[str] = set()
        self._font = self._style = -1
        self._list = ""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        local = name.rpartition(":")[2]
        if local in ("fonts", "cellXfs", "cellStyleXfs", "dxfs"):
            self._list = local
        elif local == "font" and self._list == "fonts":
            self._font += 1
        elif local == "strike" and self._list == "fonts" and attrs.get("val", "1") in ("1", "true"):
            self._fonts.add(str(self._font))
        elif local == "xf" and self._list == "cellXfs":
            self._style += 1
            if attrs.get("fontId", "0") in self._fonts:
                self.styles.add(str(self._style))


class _SheetHandler(ContentHandler):
    def __init__(self, sheet: SheetMarks, limits: Limits, struck: Set[str]) -> None:
        super().__init__()
        self.sheet = sheet
        self._struck, self._is_struck = struck, False
        self._limits = limits
        self._row = self._column = 0
        self._inside = ""
        self._has_value = self._has_formula = self._is_error = False
        self._formula = ""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        local = name.rpartition(":")[2]
        if local == "row":
            self._row, self._column = _number(attrs.get("r"), self._row + 1), 0
            if attrs.get("hidden") in ("1", "true") and self._row <= self._limits.rows:
                self.sheet.hidden_rows.add(self._row)
        elif local == "c":
            self._cell(attrs.get("r"))
            self._is_error = attrs.get("t") == "e"
            self._is_struck = attrs.get("s", "0") in self._struck
        elif local in ("v", "t"):
            self._inside = local
        elif local == "f":
            self._inside, self._formula, self._has_formula = local, "", True
        elif local == "col" and attrs.get("hidden") in ("1", "true"):
            first, last = _number(attrs.get("min"), 1), _number(attrs.get("max"), 1)
            self.sheet.hidden_columns.update(range(first, min(last, self._limits.columns) + 1))
        elif local == "mergeCell":
            if len(self.sheet.merged) >= _MOST_MERGES:
                raise FileRefused("XLSX-MERGED", "合并单元格过多，请取消合并后上传")
            self.sheet.merged.append((attrs.get("ref") or "")[:30])

    def characters(self, content: str) -> None:
        if self._inside == "f":
            self._formula = (self._formula + content)[:8192]
        elif self._inside and content:
            self._has_value = True

    def endElement(self, name: str) -> None:  # noqa: N802
        local = name.rpartition(":")[2]
        if local == self._inside:
            self._inside = ""
        if local != "c" or not (self._has_value or self._has_formula):
            return
        if self._row > self._limits.rows:
            raise FileRefused("XLSX-ROWS", f"表格行数超过上限（{self._limits.rows}行），请删除多余的行或拆分后上传")
        if self._column > self._limits.columns:
            raise FileRefused("XLSX-COLUMNS", f"表格列数超过上限（{self._limits.columns}列），请删除多余的列后上传")
        self.sheet.rows = max(self.sheet.rows, self._row)
        self.sheet.columns = max(self.sheet.columns, self._column)
        if self._is_struck:
            self.sheet.struck_rows.add(self._row)
        if self._is_error:
            self.sheet.errors.add((self._row, self._column))
        if self._has_formula:
            if _DDE.search(self._formula):
                raise _starts_programs()
            self.sheet.formulas[self._row, self._column] = self._has_value

    def _cell(self, ref: str | None) -> None:
        self._has_value = self._has_formula = False
        if ref is None:
            self._column += 1
            return
        place = _REF.fullmatch(ref)
        if place is None:
            raise _broken()
        self._column = _column(place[1])
        if int(place[2]) != self._row:
            raise _broken()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not re.fullmatch(r"[0-9]{1,7}", text, re.ASCII):
        raise _broken()
    return int(text)


def _starts_programs() -> FileRefused:
    return FileRefused("XLSX-DDE", f"工作簿含有调用其他程序的公式，请删除后，{_SAVE_AS}")


def _broken() -> FileRefused:
    return FileRefused("XLSX-BROKEN", f"工作簿已损坏或格式不规范，{_SAVE_AS}")

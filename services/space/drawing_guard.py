"""Reads a DXF once as pairs of lines, before any library does: refuses hostile files and says what is on which layer.

The pairs are a group code and a value. What this pass keeps of the entities is where each begins and ends, so that a
thin copy needs no second pass (row 80, row 81).
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from services.files.file_refusals import FileRefused

LARGEST = 100 << 20
_LONGEST_LINE, _MOST_COMMENTS = 4096, 20
#: Entities that belong to the one before them.
_FOLLOWERS = frozenset({b"VERTEX", b"SEQEND", b"ATTRIB"})
_CODE = re.compile(rb"-?[0-9]{1,4}")
#: A comment that names the unit of a drawing of a release that has no variable for it.
METRES = "单位=米"
_VARIABLES = (b"$ACADVER", b"$DWGCODEPAGE", b"$INSUNITS")
#: Group codes of an entity that this pass looks at; most of a drawing are coordinates, which it passes over.
_OF_ENTITY = frozenset({b"8", b"1", b"3", b"5", b"67", b"2", b"70", b"71"})


@dataclass
class Entity:
    """An entity with its followers: where it is in the file, its layers, and of an insert the block and the copies."""

    kind: bytes
    start: int
    end: int = 0
    layer: bytes = b"0"
    handle: bytes = b""
    block: bytes = b""
    columns: int = 1
    rows: int = 1
    followers: list[bytes] = field(default_factory=list)
    paper: bool = False

    @property
    def copies(self) -> int:
        return max(1, self.columns) * max(1, self.rows)


@dataclass
class Block:
    """A block definition: the layers of what it holds, and its inserts."""

    count: int = 0
    layers: set[bytes] = field(default_factory=set)
    inserts: list[Entity] = field(default_factory=list)


@dataclass
class Scan:
    """The result of the pass over a drawing; names are bytes until the code page is known."""

    content: bytes
    variables: dict[bytes, bytes] = field(default_factory=dict)
    frozen: dict[bytes, bool] = field(default_factory=dict)
    blocks: dict[bytes, Block] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)
    foreign_words: list[bytes] = field(default_factory=list)
    comments: list[bytes] = field(default_factory=list)

    def says(self, words: str) -> bool:
        """Return whether a comment of the drawing has these words."""
        return any(words.encode(code) in line for line in self.comments for code in ("utf-8", "gbk"))


def scan_drawing(content: bytes) -> Scan:
    """Pass over a drawing; one that is no DXF, is cut off or has impossible lines is refused."""
    content = content.removeprefix(BOM_UTF8)
    if content.startswith(b"AC10"):
        raise FileRefused("DWG_FILE", "这是DWG文件，请在CAD中另存为DXF（R2010及以上）后上传")
    if content.startswith(b"AutoCAD Binary DXF"):
        raise FileRefused("BINARY_DXF", "这是二进制DXF，请在CAD中另存为文本格式的DXF后上传")
    if len(content) > LARGEST:
        raise FileRefused("FILE_SIZE", f"图纸超过{LARGEST >> 20}MB，请只保留总平面图后上传")
    if b"\0" in content:
        raise FileRefused("NUL_BYTES", "文件已损坏或不是DXF图纸，请在CAD中重新另存为DXF")
    scan = Scan(content)
    _Pass(scan).run()
    return scan


class _Pass:
    """The state of the pass: section, table entry, block and entity at hand."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.section = b""
        self.variable = b""
        self.layer_name: bytes | None = None
        self.block: Block | None = None
        self.entity: Entity | None = None
        self.kind = b""
        self.ended = False

    def run(self) -> None:
        for start, code, value in _pairs(self.scan.content):
            if code == b"0":
                self._begin(value, start)
                if self.ended:
                    return
            elif code == b"999":
                if len(self.scan.comments) < _MOST_COMMENTS:
                    self.scan.comments.append(value)
            elif self.entity is not None:
                if code in _OF_ENTITY:
                    self._of_entity(self.entity, code, value)
            else:
                self._of_else(code, value)
        raise FileRefused("DXF_TRUNCATED", "图纸不完整（没有结束标记EOF），请在CAD中重新另存为DXF")

    def _begin(self, kind: bytes, start: int) -> None:
        """Take a line with group code 0: a section, a table entry, a block, an entity or the end."""
        if kind in _FOLLOWERS and self.entity is not None:
            self.kind = kind
            return
        self._close(start)
        self.kind, self.layer_name = kind, None
        if kind == b"SECTION":
            self.section = b"?"
        elif kind == b"ENDSEC":
            self.section, self.block = b"", None
        elif kind == b"EOF":
            self.ended = True
        elif self.section == b"BLOCKS" and kind == b"BLOCK":
            self.block = Block()
        elif self.section == b"ENTITIES" or (
            self.section == b"BLOCKS" and self.block is not None and kind != b"ENDBLK"
        ):
            self.entity = Entity(kind, start)

    def _close(self, end: int) -> None:
        entity, self.entity = self.entity, None
        if entity is None:
            return
        entity.end = end
        if self.section == b"ENTITIES":
            self.scan.entities.append(entity)
        elif self.block is not None:
            self.block.count += 1 + len(entity.followers)
            self.block.layers.update((entity.layer, *entity.followers))
            if entity.kind == b"INSERT":
                self.block.inserts.append(entity)

    def _of_entity(self, entity: Entity, code: bytes, value: bytes) -> None:
        if code == b"8":
            if self.kind in _FOLLOWERS:
                entity.followers.append(value)
            else:
                entity.layer = value
            self._note(value)
        elif self.kind in _FOLLOWERS:
            if code == b"1":
                self._note(value)
        elif code == b"5":
            entity.handle = value
        elif code == b"67":
            entity.paper = value.strip() == b"1"
        elif code == b"1" or code == b"3":
            self._note(value)
        elif entity.kind == b"INSERT":
            if code == b"2":
                entity.block = value
            elif code == b"70":
                entity.columns = _whole(value)
            elif code == b"71":
                entity.rows = _whole(value)

    def _of_else(self, code: bytes, value: bytes) -> None:
        if self.section == b"?" and code == b"2":
            self.section = value
        elif self.section == b"HEADER":
            if code == b"9":
                self.variable = value
            elif self.variable in _VARIABLES:
                self.scan.variables[self.variable] = value
        elif self.section == b"TABLES" and self.kind == b"LAYER":
            if code == b"2":
                self.layer_name = value
                self.scan.frozen.setdefault(value, False)
                self._note(value)
            elif code == b"70" and self.layer_name is not None:
                self.scan.frozen[self.layer_name] = bool(_whole(value) & 1)
        elif self.section == b"BLOCKS" and self.kind == b"BLOCK" and code == b"2" and self.block is not None:
            self.scan.blocks[value] = self.block

    def _note(self, value: bytes) -> None:
        """Keep words that are not ASCII, of which the code page is guessed."""
        if not value.isascii() and len(self.scan.foreign_words) < 5_000:
            self.scan.foreign_words.append(value)


def _pairs(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The pairs with the offset of their first line."""
    file = BytesIO(content)
    read = file.readline
    start = 0
    known: set[bytes] = set()
    while line := read(_LONGEST_LINE):
        value = read(_LONGEST_LINE)
        code = line.strip()
        if code not in known:
            if not _CODE.fullmatch(code):
                if not line.strip() and not file.read().strip():
                    return
                raise FileRefused("NOT_DXF", "文件不是DXF图纸，或已损坏，请在CAD中重新另存为DXF")
            known.add(code)
        if len(value) >= _LONGEST_LINE and not value.endswith(b"\n"):
            raise FileRefused("LINE_TOO_LONG", "图纸中有超长的行，文件已损坏，请在CAD中重新另存为DXF")
        yield start, code, value.rstrip(b"\r\n") if code == b"1" else value.strip()
        start += len(line) + len(value)


def _whole(value: bytes) -> int:
    return int(value) if _CODE.fullmatch(value) or (value.isdigit() and len(value) < 10) else 1

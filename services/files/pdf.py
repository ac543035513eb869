"""PDF judged by its structure; what acts by itself, hides files or cannot be looked into is kept apart (H44)."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from services.files.file_refusals import FileRefused

MOST_INFLATED = 200 << 20
_MOST_STREAMS = 50_000
_HEAD = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n \t]")
_TAIL = re.compile(rb"startxref\s+([0-9]{1,10})\s+%%EOF[\s\0]*\Z")
_OBJECT = re.compile(rb"[0-9]{1,10}\s+[0-9]{1,5}\s+obj\b")
_STREAM = re.compile(rb"\bstream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_NUMBERED = re.compile(rb"[0-9]{1,10}\s+[0-9]{1,5}\s+\Z")
_BYTES = [bytes([number]) for number in range(256)]
_MOST_ESCAPES = 200_000
_DICTIONARY = 8192
_STEP = 4096
_DEFLATE_HEADS = frozenset(_BYTES[8 + 16 * window] for window in range(8))

#: Names that say enough by themselves, and what they are called on the screen.
_LONG = {
    b"JavaScript": "脚本",
    b"Launch": "启动程序",
    b"EmbeddedFile": "内嵌文件",
    b"EmbeddedFiles": "内嵌文件",
    b"OpenAction": "打开时自动执行的动作",
    b"RichMedia": "内嵌媒体",
    b"SubmitForm": "提交表单的动作",
    b"ImportData": "导入数据的动作",
    b"GoToE": "内嵌文件",
    b"FileAttachment": "内嵌文件",
    b"Rendition": "内嵌媒体",
}
#: Names so short that pixels may spell them; only what follows a real one makes them count.
_SHORT = {
    b"JS": (rb"[(<%]|[0-9]+\s+[0-9]+\s+R", "脚本"),
    b"AA": (rb"<<|%|[0-9]+\s+[0-9]+\s+R", "自动执行的动作"),
    b"EF": (rb"<<|%|[0-9]+\s+[0-9]+\s+R", "内嵌文件"),
    b"XFA": (rb"[\[(<%]|[0-9]+\s+[0-9]+\s+R", "动态表单"),
}
_NAME_END = rb"(?=[\s\0()<>\[\]{}/%]|\Z)"
_LONG_NAMES = re.compile(rb"/(" + b"|".join(sorted(_LONG, reverse=True)) + rb")" + _NAME_END)
_SHORT_NAMES = re.compile(
    b"|".join(rb"/(?P<%s>%s)[\s\0]*(?:%s)" % (name, name, follows) for name, (follows, _) in _SHORT.items())
)
_OBJECT_STREAM = re.compile(rb"/ObjStm" + _NAME_END)
_FILTER = re.compile(rb"/Filter[\s\0]*(\[[^\]]*\]|/[A-Za-z0-9]+|[0-9]+[\s\0]+[0-9]+[\s\0]+R)")
_DEFLATED = (b"/FlateDecode", b"/Fl")
_UNREADABLE = "无法检查的压缩内容"


@dataclass(frozen=True)
class Pdf:
    """A PDF; `active` lists in Chinese what makes it unfit to be shown in a page."""

    active: tuple[str, ...]


def pdf_of(content: bytes) -> Pdf | None:
    """The PDF these bytes are; None when they do not begin like one. A broken one is refused."""
    if not content.startswith(b"%PDF-"):
        return None
    tail = _TAIL.search(content[-2048:])
    if not _HEAD.match(content) or tail is None or not _OBJECT.search(content):
        raise FileRefused("FILE-BROKEN", "文件不完整或已损坏，请重新扫描后上传")
    if not _points_to_table(content, int(tail[1])):
        raise FileRefused("FILE-BROKEN", "文件不完整或已损坏，请用PDF软件重新保存后上传")
    plain = _plain_names(content)
    found = {*_active_in(content), *_active_in(plain)}
    if b"/Encrypt" in plain:
        found.add("加密内容")
    found.update(_active_in_streams(content, len(_OBJECT_STREAM.findall(plain))))
    return Pdf(tuple(sorted(found)))


def _points_to_table(content: bytes, at: int) -> bool:
    """Return whether the last line of a PDF points at its table of objects."""
    table = content[at : at + 64].lstrip(b"\0\t\n\f\r ")
    return table.startswith(b"xref") or _OBJECT.match(table) is not None


def _plain_names(data: bytes) -> bytes:
    """Names may be spelled with hexadecimal escapes."""
    if b"#" not in data:
        return data
    plain, count = _ESCAPED.subn(lambda found: _BYTES[int(found[1], 16)], data, count=_MOST_ESCAPES)
    if count == _MOST_ESCAPES:
        raise _too_much()
    return plain


def _active_in(data: bytes) -> Iterator[str]:
    yield from (_LONG[found[1]] for found in _LONG_NAMES.finditer(data))
    yield from (_SHORT[(found.lastgroup or "").encode()][1] for found in _SHORT_NAMES.finditer(data))


def _active_in_streams(content: bytes, announced: int) -> Iterator[str]:
    """Yield active parts inside compressed streams; every stream that inflates is examined."""
    left, looked_into = MOST_INFLATED, 0
    for count, opening in enumerate(_STREAM.finditer(content), 1):
        if count > _MOST_STREAMS:
            raise _too_much()
        words = _plain_names(_words_of(content, opening.start()))
        holds_objects = len(_OBJECT_STREAM.findall(words))
        looked_into += holds_objects
        inflated, whole, worked = _inflated(content, opening.end(), left)
        left -= worked
        if not holds_objects:
            # Pixels and text: too long for chance are the long names only.
            yield from (_LONG[found[1]] for found in _LONG_NAMES.finditer(inflated))
        elif _can_be_read(words, whole):
            yield from _active_in(_plain_names(inflated))
        else:
            yield _UNREADABLE
    # One that announces itself far from its stream would be read by others and not by us.
    if looked_into < announced:
        yield _UNREADABLE


def _words_of(content: bytes, stream: int) -> bytes:
    """The dictionary before a stream: from the beginning of its object, or as far as we look back."""
    before = content[max(0, stream - _DICTIONARY) : stream]
    at = len(before)
    for _ in range(20):
        at = before.rfind(b"obj", 0, at)
        if at < 0:
            break
        if _NUMBERED.search(before, max(0, at - 40), at):
            return before[at:]
    return before


def _can_be_read(words: bytes, whole: bool) -> bool:
    """Return whether a reader of the file would read what we inflated; plain objects were examined with the file."""
    filters = _FILTER.findall(words)
    if not filters:
        return b"/Filter" not in words
    names = filters[0].strip(b"[] \t\r\n\0")
    return len(filters) == 1 and names in _DEFLATED and whole and b"/Predictor" not in words


def _inflated(content: bytes, at: int, limit: int) -> tuple[bytes, bool, int]:
    """Return the content of a deflated stream, whether it is complete, and its cost; or nothing."""
    if content[at : at + 1] not in _DEFLATE_HEADS:
        return b"", False, 0
    inflate, pieces, worked = zlib.decompressobj(), [], 0
    try:
        while not inflate.eof and at < len(content):
            taken = content[at : at + _STEP]
            at, worked = at + len(taken), worked + len(taken)
            while taken and not inflate.eof:
                piece = inflate.decompress(taken, 1 << 20)
                taken = inflate.unconsumed_tail
                worked += len(piece)
                if worked > limit:
                    raise _too_much()
                pieces.append(piece)
    except zlib.error:
        # A reader shows what it could inflate before the damage, so we look at that too.
        return b"".join(pieces), False, worked
    return b"".join(pieces), inflate.eof, worked


def _too_much() -> FileRefused:
    return FileRefused("FILE-PDF-BOMB", "PDF展开后过大，请用PDF软件重新保存或拆分后上传")

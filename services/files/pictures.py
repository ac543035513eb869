"""JPEG and PNG judged by their structure and size, without decoding a pixel (H41, H43)."""

import re
import zlib
from dataclasses import dataclass

from services.files.file_refusals import FileRefused

#: An A3 sheet scanned at 400 dots an inch has 31 million pixels.
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 20_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_CHUNK_NAME = re.compile(rb"[A-Za-z]{4}")
_MOST_PARTS = 20_000
#: Colour type to bits a sample and samples a pixel.
_PNG_DEPTHS = {0: ({1, 2, 4, 8, 16}, 1), 2: ({8, 16}, 3), 3: ({1, 2, 4, 8}, 1), 4: ({8, 16}, 2), 6: ({8, 16}, 4)}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2}
_JPEG_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_ALONE = {0x01, *range(0xD0, 0xD8)}
_PAGE = re.compile(rb"<(?:script|html|!doctype|\?php|svg)\b", re.IGNORECASE)
_TRAILING_PICTURES = 8


@dataclass(frozen=True)
class Picture:
    """Kind and size of a picture."""

    media_type: str
    width: int
    height: int


def picture_of(content: bytes) -> Picture | None:
    """The picture these bytes are; None when they do not even begin like one. A broken or foreign one is refused."""
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(_JPEG):
        end, width, height = _jpeg(content, 0)
        _after_jpeg(content, end)
        return Picture("image/jpeg", width, height)
    return None


def _png(content: bytes) -> Picture:
    at, seen, width, height, expected = 8, 0, 0, 0, 0
    inflate, inflated, over = zlib.decompressobj(), 0, False
    while not over:
        size, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        body, check = content[at + 8 : at + 8 + size], content[at + 8 + size : at + 12 + size]
        seen += 1
        if len(check) != 4 or not _CHUNK_NAME.fullmatch(name) or seen > _MOST_PARTS:
            raise _broken()
        if zlib.crc32(name + body) != int.from_bytes(check):
            raise _broken()
        if (seen == 1) != (name == b"IHDR"):
            raise _broken()
        if name == b"IHDR":
            width, height, expected = _png_head(body)
        elif name == b"IDAT":
            inflated += _inflated(inflate, body, expected - inflated)
        elif name == b"IEND":
            over = True
        else:
            _is_no_page(body)
        at += 12 + size
    if inflated != expected or not inflate.eof:
        raise _broken()
    if at != len(content):
        raise _more_than_one()
    return Picture("image/png", width, height)


def _png_head(body: bytes) -> tuple[int, int, int]:
    """Width, height and how many bytes the pixels take when inflated."""
    if len(body) != 13:
        raise _broken()
    width, height = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
    depth, colour, packing, filtering, lacing = body[8:]
    depths, samples = _PNG_DEPTHS.get(colour, (set(), 0))
    if depth not in depths or packing or filtering or lacing > 1:
        raise _broken()
    _is_small_enough(width, height)
    passes = _ADAM7 if lacing else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        columns, lines = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and lines > 0:
            total += lines * (1 + (columns * depth * samples + 7) // 8)
    return width, height, total


def _inflated(inflate: "zlib._Decompress", body: bytes, wanted: int) -> int:
    """Return how many bytes come out, looked at piece by piece; more than the picture has is refused at once."""
    came, left = 0, body
    try:
        while left and not inflate.eof:
            piece = inflate.decompress(left, 1 << 20)
            came, left = came + len(piece), inflate.unconsumed_tail
            if came > wanted:
                raise _broken()
    except zlib.error:
        raise _broken() from None
    return came


def _jpeg(content: bytes, start: int) -> tuple[int, int, int]:
    """Return where the picture that begins at `start` ends, its width and height."""
    at, width, height, scans, seen = start + 2, 0, 0, 0, 0
    while True:
        if content[at : at + 1] != b"\xff":
            raise _broken()
        while content[at : at + 1] == b"\xff":
            at += 1
        if at >= len(content):
            raise _broken()
        marker, at, seen = content[at], at + 1, seen + 1
        if marker == 0xD9:
            break
        if marker in _ALONE:
            continue
        size = int.from_bytes(content[at : at + 2])
        body = content[at + 2 : at + size]
        if marker in (0x00, 0xD8) or size < 2 or len(body) != size - 2 or seen > _MOST_PARTS:
            raise _broken()
        if marker in _JPEG_FRAMES:
            if width or len(body) < 6 or body[0] != 8 or body[5] not in (1, 3, 4):
                raise _broken()
            height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
            _is_small_enough(width, height)
        elif marker in _JPEG_OTHER_FRAMES:
            raise FileRefused("FILE-JPEG-KIND", "该JPG采用少见的压缩方式，请另存为普通JPG或PNG后上传")
        elif marker >= 0xE0:
            _is_no_page(body)
        at += size
        if marker == 0xDA:
            if not width:
                raise _broken()
            scans, at = scans + 1, _end_of_scan(content, at)
    if not scans:
        raise _broken()
    return at, width, height


def _end_of_scan(content: bytes, at: int) -> int:
    """The next marker after pixels: there 0xFF is doubled by zero or counts a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise _broken()
        follows = content[at + 1]
        if follows == 0x00 or 0xD0 <= follows <= 0xD7:
            at += 2
        else:
            return at


def _after_jpeg(content: bytes, at: int) -> None:
    """Telephones lay further pictures (depth, brightness) behind the first; nothing else may follow."""
    for _ in range(_TRAILING_PICTURES):
        rest = content[at:]
        at += len(rest) - len(rest.lstrip(b"\0"))
        if at == len(content):
            return
        if not content.startswith(_JPEG, at):
            raise _more_than_one()
        at = _jpeg(content, at)[0]
    raise _more_than_one()


def _is_small_enough(width: int, height: int) -> None:
    if not width or not height:
        raise _broken()
    if width > LONGEST_SIDE or height > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise FileRefused("FILE-PIXELS", "图片尺寸过大，请以300 DPI重新扫描后上传")


def _is_no_page(text: bytes) -> None:
    if _PAGE.search(text):
        raise _more_than_one()


def _broken() -> FileRefused:
    return FileRefused("FILE-BROKEN", "文件不完整或已损坏，请重新扫描后上传")


def _more_than_one() -> FileRefused:
    return FileRefused("FILE-POLYGLOT", "文件中夹带了图片以外的内容，请重新扫描或另存为新的图片后上传")

"""Photos of a building site: upright, of a usable size, with the time they were taken and nothing else the camera noted (row 74)."""

import io
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageOps

from services.files.file_refusals import FileRefused
from services.files.pictures import picture_of

#: The longest side that is stored, and how long it stays at least: a telephone's picture of 12 megapixels, which is decoded
#: at half its size, becomes one of half a megabyte.
_LONGEST, _LEAST = 2560, 2000
_THUMBNAIL = 320
_QUALITY = 85
_EXIF_PART, _TAKEN, _OFFSET = 0x8769, 0x9003, 0x9011
#: Width and height of the picture whose neighbouring points are compared for its likeness.
_LIKE = (9, 8)
#: Pictures that differ in so many of 64 points are very similar.
SIMILAR = 5
_HEIC = "现场照片只接受JPG、PNG图片；HEIC照片请在手机相机设置中改为“兼容性最佳”后重新拍摄"
#: Refusals of pictures speak of scanners; these speak to users who stand on a building site with a telephone.
_WORDS = {
    "FILE-PIXELS": "照片超过5000万像素，请在手机相机设置中关闭高像素模式（1200万像素即可）后重新拍摄",
    "FILE-BROKEN": "照片不完整或已损坏，请重新选择或重新拍摄",
    "FILE-POLYGLOT": "照片中夹带了图片以外的内容，请用手机相机重新拍摄",
    "FILE-JPEG-KIND": "该照片采用少见的压缩方式，请用手机相机重新拍摄",
}
#: Pictures of more pixels are decoded one at a time, because a progressive JPEG is in memory as a whole.
_ALONE_ABOVE = 16_000_000
_ALONE = threading.Lock()


@dataclass(frozen=True)
class Photo:
    """A photo as it is stored: pixels only, with its size, its thumbnail, its likeness and when it was taken."""

    content: bytes
    width: int
    height: int
    thumbnail: bytes
    likeness: str
    taken_at: datetime | None


def photo_of(content: bytes) -> Photo:
    """Read a JPEG or PNG photo of up to 50 million pixels; another file is refused with what to do, whatever its name says."""
    try:
        picture = picture_of(content)
    except FileRefused as no:
        raise FileRefused(no.code, _WORDS.get(no.code, no.message)) from None
    if picture is None:
        raise FileRefused("FILE-KIND", _HEIC)
    try:
        with _ALONE if picture.width * picture.height > _ALONE_ABOVE else nullcontext():
            plain, taken = _decoded(content)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise FileRefused("FILE-BROKEN", _WORDS["FILE-BROKEN"]) from broken
    small = ImageOps.contain(plain, (_THUMBNAIL, _THUMBNAIL), Image.Resampling.BICUBIC)
    return Photo(_jpeg(plain, _QUALITY), *plain.size, _jpeg(small, 75), likeness_of(small), taken)


def _decoded(content: bytes) -> tuple[Image.Image, datetime | None]:
    """Return a picture of the stored size, upright and without notes, and when it was taken."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        taken = _taken_at(image)
        # Decodes a large JPEG at a half, a quarter or an eighth: the whole of it is never in memory.
        width, height = (max(side * _LEAST // max(image.size), 1) for side in image.size)
        image.draft("RGB", (width, height))
        if image.mode in {"RGB", "RGBA", "L", "CMYK"}:
            # Made small before anything copies it.
            image.thumbnail((_LONGEST, _LONGEST), Image.Resampling.BICUBIC, reducing_gap=2.0)
        ImageOps.exif_transpose(image, in_place=True)
        plain = image.convert("RGB")
    plain.thumbnail((_LONGEST, _LONGEST), Image.Resampling.BICUBIC, reducing_gap=2.0)
    # Whatever the file said beside its pixels would be written again with them.
    plain.info.clear()
    return plain, taken


def likeness_of(image: Image.Image) -> str:
    """Return 64 points as hexadecimal digits: whether each place of a small grey copy is darker than its right neighbour."""
    small = image.convert("L").resize(_LIKE, Image.Resampling.BILINEAR)
    points, (across, down) = small.tobytes(), _LIKE
    bits = [
        points[row * across + at] < points[row * across + at + 1] for row in range(down) for at in range(across - 1)
    ]
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def difference(one: str, other: str) -> int:
    """Return in how many of 64 points two likenesses differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _taken_at(image: Image.Image) -> datetime | None:
    """Return when the camera says it took the picture; a time without a zone is Shanghai's."""
    try:
        noted = image.getexif().get_ifd(_EXIF_PART)
        text, offset = str(noted.get(_TAKEN) or ""), str(noted.get(_OFFSET) or "")
        taken = datetime.strptime(f"{text}{offset or '+08:00'}", "%Y:%m:%d %H:%M:%S%z")
    except Exception:  # The library breaks on broken notes in more ways than it documents.
        return None
    return taken

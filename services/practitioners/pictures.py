"""Uploaded pictures: checked by structure, turned upright, redrawn with nothing but their pixels (K07, E02, H41)."""

import io

from PIL import Image

from services.files.file_refusals import FileRefused
from services.files.pictures import picture_of

_ORIENTATION = 0x0112
#: EXIF's numbers for how the camera was held, and what sets the picture upright; 1, and any other number, is upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FLAT = 12


class BadPicture(ValueError):
    """A picture that cannot be used; `sentence` says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def opened(content: bytes, *, most_kb: int, what: str) -> tuple[Image.Image, bool]:
    """Return the upright picture, and whether it was turned. JPEG and PNG only, whatever the file's name."""
    if not content:
        raise BadPicture(f"{what}是空文件，请重新选择")
    if len(content) > most_kb * 1024:
        raise BadPicture(f"{what}不得超过{_size(most_kb)}，现有{_size(-(-len(content) // 1024))}，请压缩后重新上传")
    _is_no_other(content, what)
    try:
        if picture_of(content) is None:
            raise BadPicture(f"{what}不是图片文件，请上传JPG或PNG格式的图片")
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        image.load()
    except FileRefused as refused:
        raise BadPicture(f"{what}无法使用：{refused.message}") from refused
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        if isinstance(broken, BadPicture):
            raise
        raise BadPicture(f"{what}不完整或已损坏，请重新上传") from broken
    turn = _turn_of(image)
    return (image, False) if turn is None else (image.transpose(turn), True)


def _turn_of(image: Image.Image) -> Image.Transpose | None:
    """Return the turn that sets the picture upright; unreadable camera notes are ignored, for they are not kept."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION) or 0)
    except Exception:  # The library breaks on broken notes in more ways than it documents.
        return None


def is_blank(image: Image.Image) -> bool:
    """Return whether there is nothing to see: one tone all over, or transparent all over."""
    least, most = _extremes(image.convert("RGBA").getchannel("A"))
    if most < _FLAT or most - least >= _FLAT:
        return most < _FLAT
    darkest, lightest = _extremes(image.convert("L"))
    return lightest - darkest < _FLAT


def _extremes(channel: Image.Image) -> tuple[float, float]:
    return channel.getextrema()  # type: ignore[return-value]


def on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency, in plain colours."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground


def drawn_anew(image: Image.Image, kind: str, box: tuple[int, int]) -> tuple[bytes, int, int]:
    """Redraw only the pixels in a new file of at most this size; returns bytes, width, height."""
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    fresh.thumbnail(box, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if kind == "JPEG":
        fresh.save(out, "JPEG", quality=88)
    else:
        fresh.save(out, "PNG", optimize=True)
    return out.getvalue(), fresh.width, fresh.height


def _is_no_other(content: bytes, what: str) -> None:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml")) or b"<svg" in head:
        raise BadPicture(f"{what}是SVG矢量图，不能使用，请另存为PNG后上传")
    if head.startswith((b"mz", b"\x7felf", b"#!")):
        raise BadPicture(f"{what}是程序文件，不是图片，请上传JPG或PNG格式的图片")
    if head.startswith((b"gif8", b"bm", b"ii*\0", b"mm\0*")) or head[8:12] == b"webp" or head[4:8] == b"ftyp":
        raise BadPicture(f"{what}的图片格式不支持，请另存为JPG或PNG后上传")


def _size(kb: int) -> str:
    return f"{kb // 1024} MB" if kb % 1024 == 0 else f"{kb} KB" if kb < 1024 else f"{kb / 1024:.1f} MB"

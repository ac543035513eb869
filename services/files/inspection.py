"""Inspection of uploaded materials: PDF, JPEG or PNG by content; others are refused with advice (D17)."""

from dataclasses import dataclass

from services.files.archives import ends_as_zip
from services.files.file_refusals import FileRefused
from services.files.pdf import pdf_of
from services.files.pictures import picture_of

LARGEST = 20 << 20
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


@dataclass(frozen=True)
class Inspected:
    """The kind of a file. With `active` it is quarantined: downloadable, never shown in a page."""

    media_type: str
    extension: str
    active: tuple[str, ...] = ()


def inspect_material(content: bytes) -> Inspected:
    """Determine the kind of a file by content; raise `FileRefused` unless it is a sound PDF, JPEG or PNG."""
    if not content:
        raise FileRefused("FILE-EMPTY", "文件是空的，请重新选择")
    if len(content) > LARGEST:
        raise FileRefused("FILE-SIZE", "文件超过20MB，请压缩后再上传")
    picture = picture_of(content)
    pdf = None if picture else pdf_of(content)
    if picture is None and pdf is None:
        raise FileRefused("FILE-KIND", _advice(content))
    # One file for two programs is made to be taken for what it is not.
    if ends_as_zip(content) or (picture is not None and b"%PDF-" in content[:1024]):
        raise FileRefused("FILE-POLYGLOT", "文件中夹带了其他格式的内容，请重新扫描后上传")
    if picture is not None:
        return Inspected(picture.media_type, "png" if picture.media_type == "image/png" else "jpg")
    assert pdf is not None
    return Inspected("application/pdf", "pdf", pdf.active)


def _advice(content: bytes) -> str:
    for at, beginning, advice in _KNOWN:
        if content.startswith(beginning, at):
            return f"{_ONLY}；{advice}"
    return _ONLY

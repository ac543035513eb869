"""A handed-in PDF is hashed while it streams by: it is never kept, not in memory and not on disk."""

from cryptography.hazmat.primitives import hashes
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser
from starlette.requests import Request

from ui.public.forms import FormRefused, boundary_of, within

LARGEST = 5 * 1024 * 1024
#: What the envelope of one file may add to it.
ENVELOPE = 8 * 1024

TOO_LARGE = "文件超过5 MB，不能核对。请选择办理窗口或者网上下载的电子文书原件。"
NOT_PDF = "这不是PDF文件。请选择办理窗口或者网上下载的电子文书原件，不要使用照片或者扫描件。"
NO_FILE = "没有收到文件，请先选择电子文书再核对。"


class UploadRefused(FormRefused):
    """The upload cannot be compared; the sentence is for the person who sent it."""


async def digest_of_upload(request: Request) -> str:
    """The SM3 of the one PDF in a multipart body, or `UploadRefused`."""
    boundary, none = boundary_of(request), UploadRefused(400, NO_FILE)
    if boundary is None:
        raise none
    file = _PassingFile()
    parser = MultipartParser(
        boundary, {"on_part_begin": file.begin, "on_part_data": file.take, "on_part_end": file.end}
    )
    try:
        async for chunk in within(request, LARGEST + ENVELOPE, UploadRefused(413, TOO_LARGE)):
            parser.write(chunk)
        parser.finalize()
    except MultipartParseError:
        raise none from None
    return file.digest()


class _PassingFile:
    """Counts and hashes the bytes of the only part."""

    def __init__(self) -> None:
        self._sm3 = hashes.Hash(hashes.SM3())
        self._head = b""
        self._size = self._parts = 0
        self._whole = False

    def begin(self) -> None:
        self._parts += 1
        if self._parts > 1:
            raise UploadRefused(400, NO_FILE)

    def take(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        self._size += len(piece)
        if self._size > LARGEST:
            raise UploadRefused(413, TOO_LARGE)
        if len(self._head) < 5:
            self._head = (self._head + piece)[:5]
            if not b"%PDF-".startswith(self._head):
                raise UploadRefused(415, NOT_PDF)
        self._sm3.update(piece)

    def end(self) -> None:
        self._whole = True

    def digest(self) -> str:
        if not self._whole or not self._size:
            raise UploadRefused(400, NO_FILE)
        if self._head != b"%PDF-":
            raise UploadRefused(415, NOT_PDF)
        return self._sm3.finalize().hex()

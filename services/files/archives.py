"""Zip files judged by their directory and counted while they are inflated; nothing is unpacked to disk (H36)."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from services.files.file_refusals import FileRefused

MOST_PARTS = 2_000
MOST_INFLATED = 200 << 20
HIGHEST_RATIO = 100
#: Below it a good ratio is no bomb: a page of blanks deflates a thousandfold.
_SMALL = 1 << 20
_PIECE = 1 << 16
_LOCAL_HEAD = b"PK\x03\x04"
_END = b"PK\x05\x06"
_ZIPS = (_LOCAL_HEAD, _END, b"PK\x07\x08", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ")
_NAME = re.compile(r"[^\x00-\x1f\\:*?\"<>|]{1,200}")
#: How Chinese Windows writes names without saying so.
_OLD_NAMES = "gb18030"
_ENCRYPTED, _SYMLINK = 0x1, 0xA000


@dataclass(frozen=True)
class Part:
    """An archive entry as listed in the directory."""

    name: str
    info: zipfile.ZipInfo


class Archive:
    """A zip whose directory was found sound: no overlap, no gap, no second reading, nothing before or after it."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            # `zipfile` raises NotImplementedError for versions and compressions it does not know: such a file is refused.
            self._zip = zipfile.ZipFile(BytesIO(content), metadata_encoding=_OLD_NAMES)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError):
            raise _broken() from None
        infos = self._zip.infolist()
        if len(infos) > MOST_PARTS:
            raise FileRefused("ZIP-PARTS", f"压缩包内文件过多（最多{MOST_PARTS}个），请减少后重新上传")
        self._is_sound(infos)
        self.parts = {info.filename: Part(info.filename, info) for info in infos}
        if len(self.parts) != len(infos) or len({name.casefold() for name in self.parts}) != len(infos):
            raise _broken()
        self._left = MOST_INFLATED

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield an inflating entry; more than its limit breaks it off, whatever the directory says."""
        info = self.parts[name].info
        allowed = max(_SMALL, info.compress_size * HIGHEST_RATIO)
        seen, first = 0, True
        try:
            with self._zip.open(info) as part:
                while piece := part.read(_PIECE):
                    seen, self._left = seen + len(piece), self._left - len(piece)
                    if seen > allowed:
                        raise FileRefused("ZIP-RATIO", "文件展开后异常膨胀，已拒绝；请用Excel或WPS重新保存后上传")
                    if self._left < 0:
                        raise FileRefused("ZIP-SIZE", "文件展开后超过200MB，请拆分后上传")
                    if first and piece.startswith(_ZIPS):
                        raise FileRefused("ZIP-NESTED", "压缩包内还有压缩包，请解开后重新打包上传")
                    first = False
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
            raise _broken() from None

    def read(self, name: str, most: int) -> bytes:
        """A small part as a whole."""
        whole = bytearray()
        for piece in self.pieces(name):
            whole += piece
            if len(whole) > most:
                raise FileRefused("ZIP-SIZE", "压缩包内有文件过大，请压缩图片或拆分后上传")
        return bytes(whole)

    def _is_sound(self, infos: list[zipfile.ZipInfo]) -> None:
        if not self._content.startswith(_LOCAL_HEAD) or self._zip.comment:
            raise _polyglot()
        if not infos or self._content[-22:-18] != _END:
            raise _broken()
        at = 0
        for info in sorted(infos, key=lambda one: one.header_offset):
            if info.flag_bits & _ENCRYPTED:
                raise FileRefused("ZIP-PASSWORD", "文件设有密码，请去掉密码后上传")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _broken()
            if not _is_plain_name(info.filename) or (info.external_attr >> 16) & 0xF000 == _SYMLINK:
                raise FileRefused("ZIP-NAME", "压缩包内的文件名不合规，请改名后重新打包")
            # What two entries share would be counted twice by others and once by us; a gap hides something.
            if info.header_offset != at:
                raise _polyglot()
            head = self._content[at : at + 30]
            if head[:4] != _LOCAL_HEAD:
                raise _broken()
            name_size, extra_size = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
            named = self._content[at + 30 : at + 30 + name_size]
            if named != info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else _OLD_NAMES):
                raise _broken()
            at = self._after(info, at + 30 + name_size + extra_size + info.compress_size)
        if at != self._zip.start_dir:
            raise _polyglot()

    def _after(self, info: zipfile.ZipInfo, at: int) -> int:
        """Return the end of an entry; sizes written afterwards take twelve to twenty-four bytes more."""
        if not info.flag_bits & 0x8:
            return at
        ends = (at + size for size in (12, 16, 20, 24))
        return next(
            (end for end in ends if end == self._zip.start_dir or self._content[end : end + 4] == _LOCAL_HEAD), at
        )


def ends_as_zip(content: bytes) -> bool:
    """Return whether zip programs would open these bytes: they look for a directory's end near the end."""
    start = max(0, len(content) - 65_557)
    at = content.rfind(_END, start)
    while at >= 0:
        if at + 22 + int.from_bytes(content[at + 20 : at + 22], "little") == len(content):
            return True
        at = content.rfind(_END, start, at)
    return False


def _is_plain_name(name: str) -> bool:
    return (
        _NAME.fullmatch(name) is not None
        and not name.startswith("/")
        and not any(step in ("", ".", "..") for step in name.removesuffix("/").split("/"))
    )


def _broken() -> FileRefused:
    return FileRefused("ZIP-BROKEN", "文件不完整或已损坏，请重新保存后上传")


def _polyglot() -> FileRefused:
    return FileRefused("FILE-POLYGLOT", "文件前后夹带了其他内容，请重新保存后上传")

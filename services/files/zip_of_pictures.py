"""A zip of pictures: every entry a sound JPEG or PNG, named for what it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from services.files.archives import Archive
from services.files.file_refusals import FileRefused
from services.files.pictures import Picture, picture_of

LARGEST_PICTURE = 20 << 20


@dataclass(frozen=True)
class ZippedPicture:
    """A picture of the archive; `name` is the last step of its path, for people and for matching."""

    name: str
    picture: Picture
    content: bytes


@dataclass(frozen=True)
class JudgedEntry:
    """An entry of an archive of photographs: its size in bytes, and the picture unless it is none."""

    name: str
    size: int
    picture: Picture | None


def judged_pictures(content: bytes) -> Iterator[JudgedEntry]:
    """Every entry with what it is, so that one bad photograph costs its own row and not the whole archive."""
    archive = Archive(content)
    for name in sorted(archive.parts):
        short = PurePosixPath(name).name
        if name.endswith("/") or name.startswith("__MACOSX/") or short in {".DS_Store", "Thumbs.db"}:
            continue
        bytes_of = archive.read(name, LARGEST_PICTURE)
        try:
            picture = picture_of(bytes_of)
        except FileRefused:
            picture = None
        yield JudgedEntry(short, len(bytes_of), picture)


def zipped_pictures(content: bytes) -> Iterator[ZippedPicture]:
    """The pictures of an archive one after another; anything else in it is refused by its name."""
    archive = Archive(content)
    for name in sorted(archive.parts):
        if name.endswith("/"):
            continue
        short = PurePosixPath(name).name
        # What macOS adds to every archive: no picture, and no user's file.
        if name.startswith("__MACOSX/") or short in {".DS_Store", "Thumbs.db"}:
            continue
        bytes_of = archive.read(name, LARGEST_PICTURE)
        picture = picture_of(bytes_of)
        if picture is None:
            raise FileRefused("ZIP-NO-PICTURE", f"压缩包内的“{short[-40:]}”不是JPG或PNG图片，请移除后重新打包")
        yield ZippedPicture(short, picture, bytes_of)

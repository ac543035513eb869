"""A zip of pictures, each named for what it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from services.files.archives import Archive
from services.files.file_refusals import FileRefused
from services.files.pictures import Picture, picture_of

LARGEST_PICTURE = 20 << 20


@dataclass(frozen=True)
class JudgedEntry:
    """An entry of an archive of photographs: the last step of its path, its size in bytes, and the picture unless it is none."""

    name: str
    size: int
    picture: Picture | None


def judged_pictures(content: bytes) -> Iterator[JudgedEntry]:
    """Every entry with what it is, so that one bad photograph costs its own row and not the whole archive."""
    archive = Archive(content)
    for name in sorted(archive.parts):
        short = PurePosixPath(name).name
        # What macOS and Windows add to archives: no picture, and no user's file.
        if name.endswith("/") or name.startswith("__MACOSX/") or short in {".DS_Store", "Thumbs.db"}:
            continue
        bytes_of = archive.read(name, LARGEST_PICTURE)
        try:
            picture = picture_of(bytes_of)
        except FileRefused:
            picture = None
        yield JudgedEntry(short, len(bytes_of), picture)

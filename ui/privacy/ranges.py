"""The part of a file that a browser requests to resume a download (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.ASCII)


@dataclass(frozen=True)
class Part:
    """The bytes from `start` up to `end` of a file of `size`; `whole` when nothing less was asked for."""

    start: int
    end: int
    size: int

    @property
    def whole(self) -> bool:
        return (self.start, self.end) == (0, self.size)

    @property
    def told(self) -> str:
        """As `Content-Range` says it."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


def goes_on(wanted: str) -> bool:
    """Return whether `Range` asks for one part that does not begin with the file."""
    found = _ONE.fullmatch(wanted.strip())
    return found is not None and found[0] != "bytes=-" and not (found[1] and int(found[1]) == 0)


def asked_part(wanted: str, only_of: str, tag: str, size: int) -> Part | None:
    """Return what `Range` wants of the file with this tag and size; None when it has no such bytes.

    More than one range, or what is none, is answered with the whole, and so is a range of another file (`If-Range`).
    """
    found = _ONE.fullmatch(wanted.strip())
    if found is None or found[0] == "bytes=-" or (only_of and only_of != tag):
        return Part(0, size, size)
    if not found[1]:
        return Part(max(0, size - int(found[2])), size, size) if int(found[2]) and size else None
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if found[2] and int(found[2]) < start:
        return Part(0, size, size)
    return Part(start, end, size) if start < size else None

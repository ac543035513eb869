"""Files of a host: its rotated logs, its access settings, and the modes of our own files (M3)."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from models.sealing import sm3_hex
from services.ports.place import HostTarget

#: Bytes of a line's digest that are kept: enough to name the line that was changed, not to prove it.
SHORT = 8
#: A log that shares so much with one we know is that one, changed; with less it is another.
ALIKE = 0.5
Settings = dict[str, list[str]]


@dataclass(frozen=True)
class Log:
    """A rotated log as it lies there now."""

    path: Path
    body: bytes

    @property
    def sm3(self) -> str:
        return sm3_hex(self.body)


def logs_of(target: HostTarget) -> Iterator[Log]:
    """Every rotated log of a host, in order of name; what cannot be read is left out."""
    for path in _found(target.root, target.logs):
        try:
            body = path.read_bytes()
        except OSError:
            continue
        if body:
            yield Log(path, body)


def settings_of(target: HostTarget, own_files: Sequence[str]) -> Settings:
    """The access settings of a host by file, and who may touch our own files."""
    settings: Settings = {}
    for path in _found(target.root, target.settings):
        try:
            settings[_named(target, path)] = path.read_text(errors="replace").splitlines()
        except OSError as problem:
            settings[_named(target, path)] = [f"不可读：{type(problem).__name__}"]
    settings["modes"] = sorted({line for pattern in own_files for line in _modes(pattern)})
    return settings


def _found(root: Path, patterns: Sequence[str]) -> list[Path]:
    paths = {path for pattern in patterns for path in root.glob(pattern.lstrip("/"))}
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())


def _named(target: HostTarget, path: Path) -> str:
    return "/" + path.relative_to(target.root).as_posix()


def _modes(pattern: str) -> Iterator[str]:
    for path in sorted(Path("/").glob(pattern.lstrip("/"))):
        if path.suffix not in {".new", ".part"}:
            told = path.lstat()
            yield f"{path} {told.st_mode:o} {told.st_uid}:{told.st_gid}"


def line_digests(body: bytes) -> bytes:
    """A short digest of every line, one after the other."""
    return b"".join(hashlib.blake2b(line, digest_size=SHORT).digest() for line in body.splitlines())


def first_difference(known: bytes, now: bytes) -> int:
    """The number of the first line in which two texts differ, by the digests of their lines."""
    for start in range(0, max(len(known), len(now)), SHORT):
        if known[start : start + SHORT] != now[start : start + SHORT]:
            return start // SHORT + 1
    return 0


def likeness(known: bytes, now: bytes) -> float:
    """Return how much of a known text is still in another."""
    lines = _cut(known)
    return len(lines & _cut(now)) / len(lines) if lines else 0.0


def _cut(digests: bytes) -> set[bytes]:
    return {digests[start : start + SHORT] for start in range(0, len(digests), SHORT)}


def settings_differ(known: Settings, now: Settings) -> list[str]:
    """Return every differing access setting as file and line, without content."""
    found = []
    for name in sorted(set(known) | set(now)):
        before, after = known.get(name), now.get(name)
        if before is None:
            found.append(f"{name} 新增")
        elif after is None:
            found.append(f"{name} 已不存在")
        else:
            for kind, _, end, start, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
                if kind != "equal":
                    line = start + 1 if kind != "delete" else end
                    found.append(f"{name} 第{line}行{_CHANGES[kind]}{_span(kind, start, stop)}")
    return found


_CHANGES = {"replace": "改动", "insert": "新增", "delete": "删除"}


def _span(kind: str, start: int, stop: int) -> str:
    return f"（共{stop - start}行）" if kind != "delete" and stop - start > 1 else ""

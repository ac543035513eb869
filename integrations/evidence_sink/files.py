"""Append-only files, readable by their owner only, synced to disk before they are relied on."""

import os
from collections.abc import Iterable
from pathlib import Path


def own_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def append(path: Path, line: str) -> None:
    """Append a line. An incomplete line left by a broken write is ended first."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = "\n" + line
        data = line.encode()
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_once(path: Path, parts: Iterable[bytes]) -> Path:
    """Write a whole file or none; an existing file stays."""
    if path.exists():
        return path
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.writelines(parts)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(fresh, path)
    except FileExistsError:
        return path
    finally:
        fresh.unlink(missing_ok=True)
    return path


def whole_lines(path: Path) -> list[str]:
    """The lines of a file; none where there is no file."""
    if not path.exists():
        return []
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]

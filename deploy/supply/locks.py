"""The lock files as data: every package with its version, its allowed files by digest, and who asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ROOT / "deploy" / "requirements.lock"
#: What an installation may have beside it: the detector of faces, the sender of spans.
EXTRAS = (ROOT / "deploy" / "requirements-faces.lock", ROOT / "deploy" / "requirements-tracing.lock")
DEVELOPMENT = ROOT / "deploy" / "requirements-dev.lock"
POSTGRES = ROOT / "deploy" / "requirements-postgres.lock"
#: The lock names the product itself so, as the one who asks.
ITSELF = "shenfang"

_LINE = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\]+?))?\s*\\?$")
_HASH = re.compile(r"^\s+--hash=sha256:(?P<digest>[0-9a-f]{64})\s*\\?$")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?(?P<name>[\w.-]+)")


@dataclass(frozen=True)
class Locked:
    """A line of a lock: a version, when it applies, the digests of its files, and the packages that want it."""

    name: str
    version: str
    marker: str
    digests: tuple[str, ...]
    wanted_by: tuple[str, ...]


def normal_name(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(path: Path) -> list[Locked]:
    """Return every package of a lock file; a name may occur twice with different markers."""
    found: list[Locked] = []
    name = version = marker = ""
    digests: list[str] = []
    wanted: list[str] = []

    def close() -> None:
        if name:
            found.append(Locked(name, version, marker, tuple(sorted(digests)), tuple(sorted(set(wanted)))))

    for line in path.read_text(encoding="utf-8").splitlines():
        if opened := _LINE.match(line):
            close()
            name, version = normal_name(opened["name"]), opened["version"]
            marker, digests, wanted = (opened["marker"] or "").strip(), [], []
        elif digest := _HASH.match(line):
            digests.append(digest["digest"])
        elif (via := _VIA.match(line)) and via["name"] not in ("via", "c"):
            wanted.append(normal_name(via["name"]))
    close()
    return found


def unpinned(path: Path) -> list[str]:
    """Lines of a lock that give a package without an exact version or without a digest."""
    wrong = [line.name for line in read_lock(path) if not line.digests]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line[:1].strip() and not line.startswith("#") and not _LINE.match(line):
            wrong.append(line.strip())
    return wrong

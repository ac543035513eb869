"""Secrets in tracked files: keys, tokens, passwords; published test values are listed by their digest with a reason."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.supply.locks import ROOT

PUBLISHED = ROOT / "deploy" / "supply" / "published_values.txt"
#: Digests of files, which are as long as keys: a lock, and the data of the bills.
_DIGEST_FILES = (".lock",)
_WORDS = r"(?:pass(?:word|wd)?|secret|token|api_?key|private_?key|access_?key|credential)"
_PATTERNS = {
    "私钥": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "256 位十六进制值": re.compile(r"(?<![0-9A-Za-z])(?:0x)?(?P<value>[0-9A-Fa-f]{64})(?![0-9A-Za-z])"),
    "云服务访问密钥": re.compile(
        r"(?<![0-9A-Za-z])(?P<value>(?:AKIA|ASIA|LTAI|AKID)[0-9A-Za-z]{12,30})(?![0-9A-Za-z])"
    ),
    "平台令牌": re.compile(
        r"(?<![0-9A-Za-z])(?P<value>gh[pousr]_[0-9A-Za-z]{30,}|glpat-[\w-]{20,}|sk-[0-9A-Za-z-]{20,}|xox[abpr]-[\w-]{10,})"
    ),
    "JWT": re.compile(r"(?<![\w-])(?P<value>eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,})"),
    "地址中的口令": re.compile(r"\b[a-z][a-z+]*://[^\s:/@\"'{}<>$]+:(?P<value>[^\s:/@\"'{}<>$]{3,})@(?!host\b)[\w.-]+"),
    "写死的口令": re.compile(rf"(?i)\b[\w-]*{_WORDS}\b\s*[=:]\s*[\"'](?P<value>[^\"'\s{{}}$%<>]{{8,}})[\"']"),
}
#: Assigned to such a name these are words of the house, not secrets.
_PLAIN = re.compile(r"^[a-z][a-z0-9_.:/-]*$|^[A-Z][A-Z0-9_.-]*$|[\u4e00-\u9fff（）]")


@dataclass(frozen=True)
class Suspect:
    place: str
    line: int
    kind: str
    value: str

    def __str__(self) -> str:
        # Never the value itself: this is printed where others read it.
        return f"{self.place}:{self.line} {self.kind}（摘要 {digest_of(self.value)}）"


def digest_of(value: str) -> str:
    """Return the digest by which the list of published values names a value."""
    return hashlib.sha256(value.lower().encode()).hexdigest()[:16]


def tracked_files(root: Path = ROOT) -> list[Path]:
    """Return what git tracks or is about to; without git, everything that is not generated."""
    order = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(order, cwd=root, capture_output=True, check=False)
    if listed.returncode == 0:
        found = [root / name for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [path for path in root.rglob("*") if not set(path.relative_to(root).parts) & {"build", "__pycache__"}]
    return sorted(path for path in found if path.is_file())


def suspects(path: Path, root: Path = ROOT) -> Iterator[Suspect]:
    """Return what looks like a secret in one file."""
    content = path.read_bytes()
    if b"\0" in content[:4096] or path.suffix in _DIGEST_FILES:
        return
    place = path.relative_to(root).as_posix()
    for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
        for kind, pattern in _PATTERNS.items():
            for found in pattern.finditer(line):
                value = found.groupdict().get("value") or found[0]
                # A test's invented persons have invented passwords.
                if "口令" in kind and (place.startswith("tests/") or _PLAIN.search(value)):
                    continue
                yield Suspect(place, number, kind, value)


def published() -> dict[str, str]:
    """Return digest and reason of published values."""
    lines = (line.split("#", 1) for line in PUBLISHED.read_text(encoding="utf-8").splitlines() if line.strip())
    return {digest.strip(): reason.strip() for digest, reason in lines if digest.strip()}


def secrets(root: Path = ROOT) -> list[str]:
    """Every suspect that is not a published value."""
    known = published()
    return [
        str(one) for path in tracked_files(root) for one in suspects(path, root) if digest_of(one.value) not in known
    ]


if __name__ == "__main__":
    for line in secrets():
        print(line)

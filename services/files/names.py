"""Names of files as people gave them: kept to be read, never used as a path (H42)."""

import re
import unicodedata
from urllib.parse import quote

from models.normal import is_invisible

_LONGEST = 120
_FORBIDDEN = re.compile(r"[<>:\"|?*\x00-\x1f\x7f]")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def clean_file_name(name: str, extension: str) -> str:
    """The last step of a name without what no file system or header can carry, ending as its content says."""
    plain = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    plain = "".join(char for char in plain if not is_invisible(char) and unicodedata.category(char) not in ("Cs", "Co"))
    plain = _FORBIDDEN.sub("", plain)
    for ending in (f".{extension}", *([".jpeg"] if extension == "jpg" else [])):
        plain = plain[: -len(ending)] if plain.lower().endswith(ending) else plain
    plain = plain.strip(" .\t\u3000")
    if _DEVICE.match(plain):
        plain = f"_{plain}"
    return f"{plain[: _LONGEST - len(extension) - 1].rstrip(' .') or '未命名'}.{extension}"


def content_disposition(name: str, *, inline: bool = False) -> str:
    """The header of RFC 6266: a name every program can read, and the whole name for those that understand it."""
    stem, _, extension = name.rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9 ()_-]", "", stem).strip() or "file"
    whole = quote(name, safe="")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}.{extension}\"; filename*=UTF-8''{whole}"

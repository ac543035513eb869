"""The newest signed list ever seen, kept outside the database: who puts an older database back is noticed (H71)."""

import json
import os
from pathlib import Path

from services.access.access_list_book import Seen, remember_by

_place: Path | None = None


def keep_in(path: Path | None) -> None:
    """The file of this installation; None keeps nothing, as in most tests."""
    global _place
    _place = path
    remember_by(recall)


def recall() -> Seen | None:
    """Return what was seen last, or None at the very first start. A file that cannot be read is no first start."""
    if _place is None or not _place.exists():
        return None
    told = json.loads(_place.read_text())
    return Seen(int(told["version"]), str(told["digest"]), int(told["seq"]), str(told["head"]))


def remember(seen: Seen) -> None:
    """Write down a checked list, unless a newer one is known already."""
    if _place is None:
        return
    known = recall()
    if known is not None and known.version >= seen.version:
        return
    write(seen)


def write(seen: Seen) -> None:
    """Write the newest list unconditionally, after a restore whose version the operator named."""
    assert _place is not None
    made = _place.with_suffix(f".{os.getpid()}.part")
    made.write_text(json.dumps({"version": seen.version, "digest": seen.digest, "seq": seen.seq, "head": seen.head}))
    made.chmod(0o600)
    made.replace(_place)

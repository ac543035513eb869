"""The newest signed list ever seen, kept outside the database: who puts an older database back is noticed (H71)."""

import json
import os
from pathlib import Path
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from models.dialect import base_engine
from services.access.access_list_book import Seen, remember_by

_FILES: "WeakKeyDictionary[sa.Engine, Path]" = WeakKeyDictionary()


def keep_in(engine: sa.Engine, path: Path | None) -> None:
    """Keep the newest list of a database in this file; None keeps nothing, as in most tests."""
    engine = base_engine(engine)
    if path is None:
        _FILES.pop(engine, None)
    else:
        _FILES[engine] = path
    remember_by(engine, lambda: None if path is None else _read(path))


def recall(engine: sa.Engine) -> Seen | None:
    """Return the list seen last, or None at the first start. A file that cannot be read is no first start."""
    engine = base_engine(engine)
    path = _FILES.get(engine)
    return None if path is None else _read(path)


def remember(engine: sa.Engine, seen: Seen) -> None:
    """Write down a checked list, unless a newer one is known already."""
    engine = base_engine(engine)
    if engine not in _FILES:
        return
    known = recall(engine)
    if known is not None and known.version >= seen.version:
        return
    write(engine, seen)


def write(engine: sa.Engine, seen: Seen) -> None:
    """Write without regard to what was known: after a restore, when the operator has named the restored version."""
    engine = base_engine(engine)
    path = _FILES[engine]
    made = path.with_suffix(f".{os.getpid()}.part")
    made.write_text(json.dumps({"version": seen.version, "digest": seen.digest, "seq": seen.seq, "head": seen.head}))
    made.chmod(0o600)
    made.replace(path)


def _read(path: Path) -> Seen | None:
    if not path.exists():
        return None
    told = json.loads(path.read_text())
    return Seen(int(told["version"]), str(told["digest"]), int(told["seq"]), str(told["head"]))

"""The check of an evidence log, written from its description: who keeps one may do it without the product."""

import json
from pathlib import Path
from typing import Any

from models.sealing import sm3_hex
from services.ports.crypto import Crypto


def first_bad_line(path: Path, provider: Crypto) -> int:
    """The number of the first line that is not what was put, or 0."""
    before = "0" * 64
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            signed = {name: value for name, value in entry.items() if name not in {"kid", "sig"}}
            good = entry["n"] == number and entry["prev"] == before and _text(entry) == line
            message = b"SHFG/evidence/v1\n" + _text(signed).encode()
            if not good or not provider.verify(entry["kid"], message, entry["sig"]):
                return number
        except (ValueError, KeyError, TypeError):
            return number
        before = sm3_hex(line.encode())
    return 0


def _text(entry: Any) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

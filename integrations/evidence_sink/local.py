"""The local evidence sink: a file of digests, each line signed and naming the one before (security.md 2.4)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from integrations.evidence_sink.files import append, own_folder, whole_lines
from models.sealing import sm3_hex
from services.engine.audit import event_time
from services.engine.clock import system_now
from services.engine.private_files import alone
from services.ports.crypto import Crypto

NOTHING_BEFORE = "0" * 64
KEY = "sig.audit"


class LocalSink:
    """Keeps digests in `evidence.log` of a folder."""

    def __init__(self, folder: Path, crypto: Crypto) -> None:
        self._crypto = crypto
        self._folder = own_folder(folder)
        self.path = self._folder / "evidence.log"

    def put(self, kind: str, sm3: str, meta: Mapping[str, str | int]) -> None:
        with alone(self._folder / ".evidence.lock"):
            lines = whole_lines(self.path)
            entry: dict[str, Any] = {
                "at": event_time(system_now()),
                "kind": kind,
                "meta": dict(meta),
                "n": len(lines) + 1,
            }
            entry |= {"prev": sm3_hex(lines[-1].encode()) if lines else NOTHING_BEFORE, "sm3": sm3}
            signature = self._crypto.sign(KEY, b"SHFG/evidence/v1\n" + _text(entry).encode())
            entry |= {"kid": signature.kid, "sig": signature.sig_b64}
            append(self.path, _text(entry) + "\n")

    def newest(self, kind: str, of: str, field: str) -> int:
        for line in reversed(whole_lines(self.path)):
            try:
                entry = json.loads(line)
                if entry["kind"] == kind and entry["meta"].get("of") == of:
                    return int(entry["meta"][field])
            except (ValueError, KeyError, TypeError):
                continue
        return 0


def _text(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

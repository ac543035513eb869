"""The second store of the audit: a folder on another disk or machine with checkpoints, daily events and duty sheets."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from integrations.evidence_sink.files import append, own_folder, whole_lines, write_once
from services.audit.statement import checkpoints_file, events_file
from services.engine.private_files import alone

_EVENTS = re.compile(r"(?P<chain>[a-z0-9.-]+)-(?P<first>[0-9]{12})-(?P<last>[0-9]{12})\.events")


class FolderStore:
    """The store in a folder; files are append-only or written once."""

    def __init__(self, folder: Path) -> None:
        self._folder = own_folder(folder)

    @property
    def folder(self) -> Path:
        return self._folder

    def last_checkpoint(self, chain: str) -> int:
        """The last event the newest readable checkpoint covers."""
        for line in reversed(whole_lines(self._folder / checkpoints_file(chain))):
            try:
                return int(json.loads(line)["last"])
            except (ValueError, KeyError, TypeError):
                # Half a line of a process that was killed; the whole one follows when it is copied again.
                continue
        return 0

    def keep_checkpoint(self, chain: str, line: str) -> None:
        with alone(self._folder / ".lock"):
            if int(json.loads(line)["last"]) > self.last_checkpoint(chain):
                append(self._folder / checkpoints_file(chain), line)

    def last_event(self, chain: str) -> int:
        found = (_EVENTS.fullmatch(path.name) for path in self._folder.glob(f"{chain}-*.events"))
        return max((int(name["last"]) for name in found if name and name["chain"] == chain), default=0)

    def keep_events(self, chain: str, first: int, last: int, lines: Iterable[str]) -> Path:
        return write_once(self._folder / events_file(chain, first, last), (line.encode() for line in lines))

    def keep_file(self, name: str, content: bytes) -> Path:
        return write_once(self._folder / name, [content])

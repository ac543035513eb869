"""Ports for proof outside the database: a second store for the audit, and an evidence sink for digests only."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol


class EvidenceSink(Protocol):
    """A place that our staff cannot rewrite (上链, or a signed file); it never receives personal data."""

    def put(self, kind: str, sm3: str, meta: Mapping[str, str | int]) -> None:
        """Keep one digest with small facts about it. Raises OSError when it was not taken."""
        ...

    def newest(self, kind: str, of: str, field: str) -> int:
        """The highest number `field` put so far for digests of a kind whose meta says `of`, or 0."""
        ...


class SecondStore(Protocol):
    """A second place for checkpoints and events; what it once took it never changes. Faults are OSErrors."""

    @property
    def folder(self) -> Path: ...

    def last_checkpoint(self, chain: str) -> int:
        """The last event its newest checkpoint covers, or 0."""
        ...

    def keep_checkpoint(self, chain: str, line: str) -> None: ...

    def last_event(self, chain: str) -> int: ...

    def keep_events(self, chain: str, first: int, last: int, lines: Iterable[str]) -> Path: ...

    def keep_file(self, name: str, content: bytes) -> Path:
        """A file of its own, such as a duty sheet; an existing one of this name stays as it is."""
        ...

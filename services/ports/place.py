"""Folders of operations on this machine: backups, collected device logs, temporary files."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class HostTarget:
    """A host whose rotated logs and access settings are collected, as paths reachable from here."""

    host: str
    logs: tuple[str, ...]
    settings: tuple[str, ...]
    root: Path = Path("/")


@dataclass(frozen=True)
class Place:
    """Paths and rules of this installation; `own_files` are patterns of files under the baseline."""

    data_dir: Path
    backup_dir: Path
    backup_copy_dir: Path | None = None
    backup_keep_days: int = 30
    targets: tuple[HostTarget, ...] = ()
    own_files: tuple[str, ...] = ()

    @property
    def device_dir(self) -> Path:
        return self.data_dir / "device"

    @property
    def temp_dir(self) -> Path:
        """Private, swept every night of what a killed process left."""
        return self.data_dir / "tmp"

"""The throw-away database of a replay: a house of its own with its business clock, and the tables of a folder."""

import csv
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from deploy.commands import OpenHouse, Settings
from deploy.demo.houses import load_houses
from models.access import Role
from services.access.access_list_signature import start_list
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.clock import SHANGHAI
from services.engine.refusals import Rejected
from services.engine.registry import Action

if TYPE_CHECKING:
    from services.engine.door import Door

#: What a replay sees of the installation's own settings: nothing that leads to its data, keys or partners.
_APART = {
    "mode": "test",
    "database_url": "",
    "system_urls": "",
    "key_dir": None,
    "root_key_file": None,
    "key_days": "",
    "crypto_mode": "local",
    "virus_scanner": "",
    "audit_store": None,
    "evidence_store": None,
    "syslog_url": "",
    "otlp_url": "",
    "gateway_addresses": "",
    "gateway_keys": "",
    "backup_dir": None,
    "backup_copy_dir": None,
}


@dataclass(frozen=True)
class Ground:
    """The door of the throw-away house, and the folder that is played."""

    door: "Door"
    folder: Path

    def stand_at(self, moment: str) -> datetime:
        """Set the business clock to a moment of the input, in Shanghai's time unless it says otherwise."""
        at = datetime.fromisoformat(moment)
        at = at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
        self.door.clock.stand_at(at)
        return at

    def load_houses(self, path: Path) -> None:
        """Load the base library of houses from a CSV file."""
        self.door.perform(load_houses, SYSTEM, _readable(path))

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a CSV file of the folder; a file that is missing is refused by name."""
        with _readable(self.folder / name).open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))

    def act(self, handler: Any) -> Any:
        """Write as the system what a record of elsewhere says: a filing, a restriction."""
        act: Action[None, Any] = Action(
            "replay.record", "装载记录", frozenset({Role.SYSTEM}), lambda work, _: handler(work)
        )
        return self.door.perform(act, SYSTEM, None)

    def caller(self, role: Role, scope: Scope) -> Caller:
        """Return a caller with one role."""
        return Caller(f"回放{role.value}"[:30], (scope,))


def _readable(path: Path) -> Path:
    if not path.is_file():
        raise Rejected(f"文件“{path.name}”不存在，请核对目录")
    return path


@contextmanager
def _only_errors() -> Iterator[None]:
    """Leave warnings out of this process's log: what a throw-away house logs is no matter of who replays."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def throw_away(settings: Settings, open_house: OpenHouse, folder: Path) -> Iterator[Ground]:
    """Open a house on a database of its own, which is gone afterwards."""
    if not folder.is_dir():
        raise Rejected(f"目录“{folder}”不存在")
    with _only_errors(), TemporaryDirectory(prefix="shenfang-replay-") as home:
        house = open_house(settings.model_copy(update={**_APART, "data_dir": Path(home)}))
        try:
            house.door.prepare()
            start_list(house.door)
            yield Ground(house.door, folder)
        finally:
            house.close()

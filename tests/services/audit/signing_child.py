"""A process that tells events, signs and copies them until somebody kills it; its orders come as JSON on standard input."""

import json
import sys
from pathlib import Path
from typing import Any, cast

import services.everything  # noqa: F401
from integrations.cloud_crypto.local import LocalProvider
from integrations.evidence_sink.local import LocalSink
from integrations.evidence_sink.store import FolderStore
from models.access import Role
from models.dialect import Database
from services.audit.jobs import sign_and_copy
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.house import House
from services.engine.registry import Action
from services.engine.work import Work
from services.ports.systems import Systems


def tell(work: Work, order: None) -> None:
    for _ in range(5):
        work.trail.tell("DATA.STATE", "test.tell")


def main(told: dict[str, Any]) -> None:
    """Go on for ever, saying when a round begins and when it is over."""
    provider = LocalProvider(Path(told["keys"]), mode="test")
    folder = Path(told["folder"])
    house = House(
        Database(told["url"], provider.sealer()),
        cast(Systems, None),
        provider,
        evidence=LocalSink(folder / "evidence", provider),
        second_store=FolderStore(folder / "store"),
    )
    door = Door(house)
    action: Action[None, None] = Action("test.tell", "测试", frozenset({Role.SYSTEM}), tell)
    while True:
        door.perform(action, SYSTEM)
        say("begin")
        sign_and_copy(door, at_once=True)
        say("over")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.load(sys.stdin))

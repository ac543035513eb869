"""A process that carries rotations on until somebody kills it; told where as JSON on its standard input."""

import json
import sys
from pathlib import Path
from typing import Any, cast

import services.everything  # noqa: F401
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.provider import Bound
from models.dialect import Database
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.house import House
from services.keys import rotation
from services.keys.rotation import open_rotations, rewrite_some
from services.ports.systems import Systems


def main(told: dict[str, Any]) -> None:
    """Rewrite batch after batch, saying before each that it begins."""
    bound = Bound(LocalProvider(Path(told["keys"]), mode="test"))
    rotation._BATCH = 60
    door = Door(House(Database(told["url"], bound.sealer), cast(Systems, None), bound.provider))
    for row in door.look(SYSTEM, open_rotations):
        say(row.family)
        while door.perform(rewrite_some, SYSTEM, row.id):
            say(row.family)
    say("done")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.load(sys.stdin))

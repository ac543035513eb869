"""A process that carries rotations on until somebody kills it; told where as JSON on its standard input."""

import json
import sys
from pathlib import Path
from typing import Any

import services.everything  # noqa: F401
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.process_provider import Bound
from models.dialect import Database
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.keys import rotation
from services.keys.rotation import Turn, open_rotations, rewrite_some


def main(told: dict[str, Any]) -> None:
    """Rewrite batch after batch, saying before each that it begins."""
    Bound(LocalProvider(Path(told["keys"]), mode="test"))
    rotation._BATCH = 60
    door = Door(Database(told["url"]), None)  # type: ignore[arg-type]
    for row in door.look(SYSTEM, open_rotations):
        say(row.family)
        while door.perform(rewrite_some, SYSTEM, Turn(row.id)):
            say(row.family)
    say("done")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.load(sys.stdin))

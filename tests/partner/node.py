"""The partner API as a second process has it; ends when its standard input does."""

import json
import sys
from pathlib import Path
from typing import cast

import services.everything  # noqa: F401
from integrations.cloud_crypto.local import LocalProvider
from models.dialect import Database
from services.engine.door import Door
from services.engine.house import House
from services.ports.systems import Systems
from tests.partner.rig import serve


def main(database_url: str, keys: str) -> None:
    provider = LocalProvider(Path(keys), mode="test")
    node, _ = serve(Door(House(Database(database_url, provider.sealer()), cast(Systems, None), provider)))
    sys.stdout.write(json.dumps({"url": node.url}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    node.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

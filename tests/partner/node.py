"""The partner API as a second process has it; ends when its standard input does."""

import json
import sys
from pathlib import Path

import services.everything  # noqa: F401
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.process_provider import Bound
from integrations.wire.outbound import Outbound, use_outbound
from models.dialect import Database
from services.engine.door import Door
from services.ports.systems import Systems
from tests.partner.rig import serve


def main(database_url: str, keys: str) -> None:
    Bound(LocalProvider(Path(keys), mode="test"))
    use_outbound(Outbound.of_mode("test"))
    nothing: Systems = None  # type: ignore[assignment]
    node, _ = serve(Door(Database(database_url), nothing))
    sys.stdout.write(json.dumps({"url": node.url}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    node.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

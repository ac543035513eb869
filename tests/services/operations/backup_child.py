"""A process that makes a backup and stops in the middle of writing it, to be killed there; told what to do on stdin."""

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

from integrations.cloud_crypto.local import LocalProvider
from models.dialect import Database
from models.sealing import KeyRing, Sealer
from services.engine.house import House
from services.operations.backup import make_backup
from services.ports.systems import Systems


class Halting(Sealer):
    """Seals, and waits for ever once some of the file is written."""

    def seal_stream(self, plain: BinaryIO, sealed: BinaryIO, file_id: str) -> None:
        super().seal_stream(plain, cast(BinaryIO, HaltingFile(sealed)), file_id)


class HaltingFile:
    def __init__(self, file: BinaryIO) -> None:
        self.file, self.written = file, 0

    def write(self, body: bytes) -> int:
        self.written += self.file.write(body)
        if self.written > 10_000:
            self.file.flush()
            sys.stdout.write("half\n")
            sys.stdout.flush()
            sys.stdin.read()
        return len(body)


def main(told: dict[str, Any]) -> None:
    keys = {kid: bytes.fromhex(key) for kid, key in told["keys"].items()}
    house = House(
        Database(told["url"], Halting(KeyRing(keys, told["active"]))),
        cast(Systems, None),
        LocalProvider(Path(told["key_dir"]), mode="test"),
    )
    make_backup(house, Path(told["folder"]))
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(json.loads(sys.stdin.readline()))

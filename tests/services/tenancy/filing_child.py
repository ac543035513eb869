"""A process that files one lease after another until somebody kills it; told what to do as JSON on its standard input."""

import json
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

import services.everything  # noqa: F401
from models.access import Account
from models.sealing import KeyRing, Sealer
from services.access.sessions import caller_of
from services.engine.clock import Clock
from services.engine.door import Door
from services.tenancy.filing import file_lease
from tests.world import house_on


def door_told(told: dict[str, Any]) -> Door:
    """The door of the drill's database, at the drill's hour."""
    keys = {kid: bytes.fromhex(key) for kid, key in told["keys"].items()}
    sealer = Sealer(KeyRing(keys, told["active"]))
    clock = Clock(timedelta(seconds=told["shift"]))
    return Door(house_on(told["url"], told["systems"], sealer=sealer, clock=clock))


def main(told: dict[str, Any]) -> None:
    """File every lease named, saying before each that it begins."""
    door = door_told(told)
    with door.database.read() as session:
        account = session.exec(select(Account).where(col(Account.login) == "huamu01")).one()
        clerk = caller_of(session, account, "", "127.0.0.1", door.clock.today())
    for contract_id in told["leases"]:
        say(contract_id)
        door.perform(file_lease, clerk, UUID(contract_id), request_id=contract_id)
    say("done")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.load(sys.stdin))

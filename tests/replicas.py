"""A world over a server that a streaming replica follows."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from models.dialect import Database
from tests.databases import OWNER, Databases
from tests.postgres import (
    is_there,
    server_url,
    start_again,
    start_replica,
    stop_postgres,
    wait_for_replay,
    wait_until_gone,
)
from tests.world import World, running_world


@dataclass
class Followed:
    """The world, the folder of its server and that of the replica."""

    world: World
    home: Path
    into: Path

    def order(self, statement: str) -> None:
        """Give the replica an order."""
        with psycopg.connect(server_url(self.into, "postgres"), autocommit=True) as replica:
            replica.execute(statement.encode())

    def pause(self) -> None:
        self.order("SELECT pg_wal_replay_pause()")

    def follow(self) -> None:
        """Let the replica replay everything there is by now."""
        self.order("SELECT pg_wal_replay_resume()")
        wait_for_replay(self.home, self.into)

    def stop(self) -> None:
        """Stop the replica and wait until it is gone."""
        self.replica.dispose()
        stop_postgres(self.into)
        wait_until_gone(self.into)

    def run_again(self) -> None:
        """Start the replica again, if it was stopped."""
        if not is_there(self.into):
            start_again(self.into, owner=int(os.environ[OWNER]))

    @property
    def replica(self) -> Database:
        found = self.world.door.house.replica
        assert found is not None
        return found


@contextmanager
def followed_world(databases: Databases) -> Iterator[Followed]:
    """Open a world without houses whose house has a replica."""
    url = databases.new("postgresql")
    with (
        running_world(url, houses=False, few=True) as world,
        tempfile.TemporaryDirectory(dir=databases.home.parent) as folder,
    ):
        into = Path(folder)
        into.chmod(0o711)
        start_replica(databases.home, into, owner=int(os.environ[OWNER]))
        name = str(make_url(url).database)
        world.door.house.replica = Database(server_url(into, name), world.door.database.sealer, pool_size=2)
        try:
            yield Followed(world, databases.home, into)
            world.door.house.replica.dispose()
        finally:
            stop_postgres(into)
    databases.drop(url)

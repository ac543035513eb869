"""The small world on the cloud's crypto services: a simulated cloud over HTTP holds the keys, signs, and knows the certificates."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from integrations.cloud_crypto.http import HttpProvider
from integrations.cloud_crypto.local_authority import Issued, LocalAuthority, system_moment
from integrations.cloud_crypto.simulator import SimulatedCloud
from tests.world import HANDFUL, World, running_world


@dataclass
class CloudWorld:
    """A world whose provider asks the cloud; `authority` issues the certificates that cloud believes."""

    world: World
    cloud: SimulatedCloud
    provider: HttpProvider
    authority: LocalAuthority

    def certificate(self, name: str) -> Issued:
        return self.authority.issue(name, system_moment())

    def past_us(self, statement: Any, *, triggers_off: str = "") -> None:
        """Write as the owner of the database can, who may switch off the triggers of a table meanwhile."""
        with self.world.door.database.engine.begin() as connection:
            postgres = connection.dialect.name == "postgresql"
            triggers: list[str] = []
            if triggers_off and postgres:
                connection.exec_driver_sql(f"ALTER TABLE {triggers_off} DISABLE TRIGGER ALL")
            elif triggers_off:
                known = connection.exec_driver_sql(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (triggers_off,)
                ).all()
                for name, sql in known:
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
                    triggers.append(sql)
            connection.execute(statement)
            if triggers_off and postgres:
                connection.exec_driver_sql(f"ALTER TABLE {triggers_off} ENABLE TRIGGER ALL")
            for sql in triggers:
                connection.exec_driver_sql(sql)

    def stored(self) -> str:
        """Everything the database holds, as text; bytes as they would read if they were not sealed."""
        parts: list[str] = []
        with self.world.door.database.engine.connect() as connection:
            for name in sa.inspect(connection).get_table_names():
                # Without our types, which would open what is sealed.
                for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')):
                    parts += [bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else str(v) for v in row]
        return "\n".join(parts)


@contextmanager
def cloud_world(url: str, folder: Path, *, houses: bool = False) -> Iterator[CloudWorld]:
    cloud = SimulatedCloud(folder / "cloud", mode="test")
    try:
        provider = HttpProvider(cloud.service, mode="test")
        with running_world(url, houses=houses, few=HANDFUL, keys=provider) as world:
            yield CloudWorld(world, cloud, provider, LocalAuthority(folder / "cloud" / "keys"))
    finally:
        cloud.stop()

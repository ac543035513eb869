"""A counter whose keys lie in a folder of their own, so that they can be rotated and opened by another process."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.provider import Bound
from models import row_mac
from models.base import Row
from models.keys import KeyRotation, RotationStage
from models.sealed import Sealed, sealed_columns
from services.engine.callers import Caller
from services.engine.jobs import run_job
from services.engine.work import Work
from services.keys.rotation import LEAD, RotateKey, rotate_key
from tests.services.tenancy.counter import Counter

REASON = "年度例行轮换"


@dataclass
class Keeping:
    """The counter, its keys on disk, and the security administrator who keeps them."""

    counter: Counter
    provider: LocalProvider
    folder: Path

    @property
    def bound(self) -> Bound:
        return self.counter.world.bound

    @property
    def keeper(self) -> Caller:
        return self.counter.clerk("anquan01")

    def rotate(self, family: str) -> KeyRotation:
        """Order a rotation."""
        row_id = self.counter.world.door.perform(rotate_key, self.keeper, RotateKey(family, REASON))
        return self.rotation(row_id)

    def rotation(self, row_id: Any) -> KeyRotation:
        found: KeyRotation = self.counter.world.read(
            lambda work: work.session.exec(select(KeyRotation).where(col(KeyRotation.id) == row_id)).one()
        )
        return found

    def let_lead_pass(self) -> None:
        """What was prepared was prepared long enough ago."""

        def back(work: Work) -> None:
            for row in work.session.exec(select(KeyRotation).where(KeyRotation.stage == RotationStage.PREPARED)).all():
                row.prepared_at -= LEAD + timedelta(seconds=1)
                work.add(row)

        self.counter.world.act(back)

    def carry_on(self) -> None:
        """One round of the worker's job, and every process following the keys."""
        assert run_job(self.counter.world.door, "keys.rotate")
        self.bound.follow()

    def whole(self, family: str) -> KeyRotation:
        """A rotation from its order to its end."""
        row = self.rotate(family)
        self.let_lead_pass()
        for _ in range(2):
            self.carry_on()
        return self.rotation(row.id)

    def tables(self) -> list[type[Any]]:
        return [mapper.class_ for mapper in SQLModel._sa_registry.mappers if issubclass(mapper.class_, Row)]

    def plain(self) -> dict[tuple[str, str, str], str]:
        """Everything sealed in the database, opened; with the digests of its files and the moments of change."""
        found: dict[tuple[str, str, str], str] = {}

        def read(work: Work) -> None:
            for table in self.tables():
                if table is KeyRotation:
                    continue
                for row in work.session.exec(select(table)).all():
                    where = table.__tablename__, str(row.id)
                    for name, _ in sealed_columns(table.__table__):
                        if isinstance(value := getattr(row, name), Sealed):
                            found[*where, name] = value.plain
                    if isinstance(getattr(row, "content", None), bytes):
                        found[*where, "content"] = self.bound.sealer.open_file(row.content, str(row.id)).hex()
                    if "updated_at" in type(row).model_fields:
                        found[*where, "updated_at"] = str(row.updated_at)

        self.counter.world.read(read)
        return found

    def raw(self, statement: str) -> list[Any]:
        with self.counter.world.door.database.engine.connect() as connection:
            return list(connection.execute(sa.text(statement)).all())

    def unfit(self) -> list[str]:
        """Rows whose MAC does not fit, over all tables."""
        found = []
        with self.counter.world.door.database.engine.connect() as connection:
            for table in SQLModel.metadata.sorted_tables:
                if row_mac.is_protected(table):
                    for row in connection.execute(sa.select(table)).mappings():
                        if not row_mac.fits(self.bound.sealer, table, dict(row)):
                            found.append(f"{table.name} {row['id']}")
        return found

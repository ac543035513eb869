"""Kinds that live for one test only: what registering them writes into the product's registries is taken back."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from services.engine import cycle, kinds, listings, registry, work
from services.engine.cycle import kept
from services.engine.kinds import Kind
from tests.world import World

_REGISTRIES: tuple[dict[Any, Any], ...] = (
    kinds.KINDS,
    registry.ACTIONS,
    registry.QUERIES,
    work._VISIBLE,
    cycle._ACTS,
    listings.LISTINGS,
)


@contextmanager
def kinds_apart(*added: Kind) -> Iterator[None]:
    """Register these kinds, and forget them again."""
    with ExitStack() as stack:
        for one in _REGISTRIES:
            stack.callback(_put_back, one, dict(one))
        for kind in added:
            kept(kind)
        yield


def _put_back(one: dict[Any, Any], before: dict[Any, Any]) -> None:
    one.clear()
    one.update(before)


def make_tables(world: World, *added: Kind) -> None:
    """Make the tables of their metadata in this world's database only."""
    for kind in added:
        metadata: sa.MetaData = kind.table.metadata
        assert metadata is not SQLModel.metadata, f"{kind.name} is not kept apart from the product's tables"
        metadata.create_all(world.door.database.engine)

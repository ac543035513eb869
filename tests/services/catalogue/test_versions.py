"""A new version of the catalogue is told once, and only its digest leaves."""

from collections.abc import Mapping

import pytest
from sqlmodel import select

from models.audit import AuditEvent
from services.catalogue import versions
from services.catalogue.versions import Version, keep_version, last_told, version_here
from services.engine.jobs import JOBS, run_job
from tests.world import World, in_order, running_world


class Sink:
    """Takes what it is given, or is out of order."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, dict[str, str | int]]] = []
        self.broken = False

    def put(self, kind: str, sm3: str, meta: Mapping[str, str | int]) -> None:
        if self.broken:
            raise OSError("no space")
        self.taken.append((kind, sm3, dict(meta)))

    def newest(self, kind: str, of: str, field: str) -> int:
        return 0


def told(world: World) -> list[AuditEvent]:
    found: list[AuditEvent] = world.read(
        lambda work: work.session.exec(
            select(AuditEvent).where(AuditEvent.act == versions.ACT).order_by(in_order(AuditEvent))
        ).all()
    )
    return found


@pytest.mark.proves("X4")
def test_a_new_version_is_told_once_and_its_digest_leaves(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = Sink()
    with running_world(database_url, houses=False) as world:
        world.door.house.evidence = sink
        sink.broken = True
        with pytest.raises(OSError, match="no space"):
            keep_version(world.door)
        assert told(world) == []
        sink.broken = False
        assert keep_version(world.door) == 1
        assert keep_version(world.door) == 0
        here = version_here()
        assert sink.taken == [("catalogue", here.sm3, {"tables": here.tables, "columns": here.columns})]
        assert [event.object_id for event in told(world)] == [here.sm3]

        other = Version("0" * 63 + "1", here.tables + 1, here.columns + 5)
        monkeypatch.setattr(versions, "version_here", lambda: other)
        run_job(world.door, JOBS[versions.ACT].name)
        assert world.read(last_told) == other.sm3
        assert [sm3 for _, sm3, _ in sink.taken] == [here.sm3, other.sm3]

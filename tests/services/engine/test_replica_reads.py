"""Reports read a real streaming replica, with its age, and the database itself where the replica cannot answer (row 83)."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from models.columns import new_id
from models.supply import DoubtCode, SupplyDoubt, SupplyMonth, SupplySum
from services.engine.callers import SYSTEM
from services.engine.listings import ListPage, ListRows
from services.engine.paging import Paging
from services.engine.replica_reads import OLDEST, age_of
from services.engine.work import Work
from services.operations.gauges import gauges
from services.supply.coarse import CoarseSums
from services.supply.doubt_list import DOUBTS
from services.supply.report_forms import AskReport, Report
from services.supply.report_views import report
from tests.databases import Databases
from tests.postgres import can_replicate
from tests.replicas import Followed, followed_world

pytestmark = [
    pytest.mark.row(83),
    pytest.mark.skipif(not can_replicate(), reason="these programs cannot copy a running server"),
]


class Pair:
    """A house over a server with a replica."""

    def __init__(self, followed: Followed) -> None:
        self.followed, self.world = followed, followed.world

    def add(self, area: int) -> None:
        """Add land of so many m² to the sums of Pudong."""
        row: dict[str, Any] = {"district_code": "310115", "property_type": "住宅", "item": "S0", "level": "CONTRACT"}
        millimetres = area * 1_000_000

        def put(work: Work) -> None:
            work.add(SupplyMonth(month=24300, area=millimetres, **row))
            coarse = {"plate": "", "ring": "", "project_id": None, "sets": 0, "amount": 0}
            coarse |= dict.fromkeys(("area_now", "sets_now", "amount_now"), 0)
            sums = CoarseSums()
            sums.take([{**row, **coarse, "month": 24300, "area": millimetres}])
            sums.write(work)

        self.world.act(put)

    def doubts(self) -> ListPage:
        """The doubtful records of Pudong that a list shows."""
        return self.world.door.ask(DOUBTS.query, SYSTEM, ListRows({}, Paging(1, 50, "")))

    def land(self) -> tuple[int, Report]:
        found = self.world.door.ask(report, SYSTEM, AskReport(month="2026-05"))
        line = next(one for one in found.lines if one["name"] == "浦东新区")
        return int(line["S0"] * 10_000), found


@pytest.fixture(scope="module")
def followed(databases: Databases) -> Iterator[Followed]:
    with followed_world(databases) as found:
        yield found


@pytest.fixture
def pair(followed: Followed) -> Iterator[Pair]:
    """The pair with nothing on record; a replica that a test stopped runs again after it."""
    followed.world.stand_at(2026, 6, 20)
    followed.world.act(_clear)
    yield Pair(followed)
    followed.run_again()


def _clear(work: Work) -> None:
    for table in (SupplyMonth, SupplySum, SupplyDoubt):
        work.session.execute(sa.delete(table))


def test_a_report_is_read_from_the_replica_with_its_age(pair: Pair) -> None:
    pair.add(10_000)
    pair.followed.follow()
    area, found = pair.land()
    assert area == 10_000
    # What the primary writes by itself meanwhile may not have arrived.
    assert found.age is not None
    assert found.age_told == f"读自只读副本，数据滞后{found.age:.0f}秒"
    pair.followed.pause()
    pair.add(5_000)
    area, found = pair.land()
    assert area == 10_000
    assert found.age is not None
    pair.followed.follow()
    assert pair.land()[0] == 15_000


def test_a_list_that_may_be_old_says_how_old_it_is(pair: Pair) -> None:
    def doubt(work: Work) -> None:
        about: dict[str, Any] = {"doubt": DoubtCode.PLATE_MISSING, "entity": "parcel", "subject_id": new_id()}
        work.add(SupplyDoubt(district_code="310115", **about))

    pair.add(1_000)
    pair.followed.follow()
    # What other tests write on the primary meanwhile may not have arrived.
    found = pair.doubts()
    assert (found.total, found.age is not None) == (0, True)
    pair.followed.pause()
    pair.world.act(doubt)
    found = pair.doubts()
    assert (found.total, found.age is not None) == (0, True)
    # So is what a file of a list is made of.
    assert pair.world.door.look(SYSTEM, lambda work: work.read_age, may_lag=True) is not None
    assert pair.world.door.look(SYSTEM, lambda work: work.read_age) is None
    pair.followed.follow()
    assert pair.doubts().total == 1


def test_what_may_not_be_old_is_read_from_the_database_and_so_are_reports_without_a_replica(pair: Pair) -> None:
    pair.followed.follow()
    pair.followed.pause()
    pair.add(7_000)
    assert pair.world.read(lambda work: work.has(SupplyMonth)) is True
    replica = pair.followed.replica
    pair.followed.stop()
    assert age_of(replica) is None
    area, found = pair.land()
    assert (area, found.age, found.age_told) == (7_000, None, "")


def test_monitoring_shows_how_far_behind_the_replica_is(pair: Pair) -> None:
    def shown() -> float | None:
        found = {one.name: one.value for one in pair.world.door.ask(gauges, SYSTEM)}
        return found.get("shenfang_replica_behind_seconds")

    pair.followed.follow()
    # A replica that is too busy to answer at once counts as too old; the next look finds it.
    assert any((behind := shown()) is not None and behind < OLDEST for _ in range(5))
    replica = pair.followed.replica
    pair.followed.stop()
    assert shown() == OLDEST + 1
    pair.world.door.house.replica = None
    assert shown() is None
    pair.world.door.house.replica = replica

"""The demo of direct rent: every state is there, once, and what is left may be signed for."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from deploy.demo.direct_pay import load_direct_pay
from deploy.demo.firms import load_firms
from deploy.demo.partners import offered_leases
from deploy.demo.pilot_leases import load_pilot
from deploy.demo.tables import cells_of
from models.direct_pay import Entrustment, FilingEnding, PaymentResult, PaymentTermination, RentBill
from models.direct_pay_codes import BillState, EntrustState, ResultState
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.direct_pay.ledger import fill_all
from services.engine.callers import SYSTEM
from tests.world import World, running_world


@pytest.fixture(scope="module")
def demo(database_url: str) -> Iterator[World]:
    with running_world(database_url, few=True) as world:
        world.door.perform(load_firms, SYSTEM, None)
        for _ in range(2):
            world.door.perform(load_pilot, SYSTEM, None)
            world.door.perform(load_direct_pay, SYSTEM, None)
            fill_all(world.door)
        yield world


def _all(demo: World, table: type) -> list:  # type: ignore[type-arg]
    return list(demo.read(lambda work: work.session.exec(select(table)).all()))


def test_every_plan_is_a_mandate_once(demo: World) -> None:
    assert sorted(row.state for row in _all(demo, Entrustment)) == sorted(
        line["entrustment.state"] for line in cells_of("mandates")
    )
    assert {row.state for row in _all(demo, Entrustment)} >= set(EntrustState) - {
        EntrustState.RECEIVED,
        EntrustState.CHECKED,
    }


def test_bills_results_and_ends_tell_one_story(demo: World) -> None:
    bills = {row.id: row for row in _all(demo, RentBill)}
    results = _all(demo, PaymentResult)
    assert len([row for row in results if row.state is ResultState.ORPHAN]) == 2
    for bill in bills.values():
        words = [row for row in results if row.bill_id == bill.id]
        assert bool(words) is (bill.state not in {BillState.CHECKED, BillState.SENT_TO_FUND})
        assert bill.period_start.day == 1
    assert len(_all(demo, PaymentTermination)) == 3


def test_every_ended_filing_has_a_line(demo: World) -> None:
    ended = {row.id for row in _all(demo, LeaseFiling) if row.state is not FilingState.ACTIVE}
    lines = _all(demo, FilingEnding)
    assert ended <= {row.filing_id for row in lines}
    assert sorted(row.position for row in lines) == list(range(1, len(lines) + 1))


def test_leases_without_a_mandate_are_left_for_their_tenants(demo: World) -> None:
    assert len(demo.read(offered_leases)) == len(list(cells_of("pilot_leases"))) - len(list(cells_of("mandates")))

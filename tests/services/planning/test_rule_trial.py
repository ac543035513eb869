"""A parameter of the market tried on decided permits: by its rule, in the district it would be set for (issue 21)."""

import pytest

from services.engine.refusals import NotAllowed, Rejected
from services.engine.rule_replays import Change, Simulate, simulate
from tests.land import Land
from tests.services.planning.test_row_63 import KIND, by_hand, freed
from tests.services.projects.desk import Desk

NUMBER = "地字第3101152026YG0000901号"
WARN = "planning.land_area_warn"


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


def changes(desk: Desk, login: str, order: Simulate) -> list[Change]:
    """The changed decisions of the one part that so few decisions make."""
    part = desk.ask(simulate, login, order)
    return [one for one in part.changes if one.number]


def test_a_stricter_share_would_have_asked_for_a_reason(desk: Desk, land: Land) -> None:
    begun = desk.effective(land.project("P-1"), by_hand(NUMBER, land_area_total="10040.00"))
    (hit,) = changes(desk, "pdshen01", Simulate(WARN, "0.1", district="310115"))
    assert (hit.before, hit.after, hit.came, hit.went) == ("通过", "需说明原因", ("PLN-04",), ())
    assert hit.opens["id"] == str(begun.record_id)
    assert changes(desk, "pdshen01", Simulate(WARN, "5", district="310115")) == []
    assert changes(desk, "shichu01", Simulate(WARN, "0.1", district="310104")) == []
    freed(desk, begun.record_id)


def test_nobody_tries_what_others_set(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.ask(simulate, "pdshen01", Simulate(WARN, "0.1", district="310104"))
    with pytest.raises(NotAllowed):
        desk.ask(simulate, "pdshen01", Simulate("filing.min_days", "60", district=""))
    with pytest.raises(Rejected):
        desk.ask(simulate, "shichu01", Simulate("filing.min_days", "60", district="310115"))

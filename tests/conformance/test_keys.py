"""A number no two records in force may share: held when one takes effect, freed when it is voided."""

import pytest

from services.engine.cycle_orders import Decide, Void
from services.engine.refusals import Conflict
from tests.conformance.story import OPINION, Story
from tests.market import Market


def test_a_number_in_force_is_taken_and_free_again_once_voided(standing: Market) -> None:
    first = Story.of(standing, "sales_office").effective()
    assert first.row().office_key == first.sample.values["office_no"]
    same = {"office_no": first.sample.values["office_no"].lower()}
    second = Story.of(standing, "sales_office").begin().fill(same).submit()
    with pytest.raises(Conflict):
        second.approve()
    first.perform(first.acts.void, first.reviewer(), Void(first.record_id, "售楼处已经撤除"))
    assert first.row().office_key is None
    last = second.reviewer(1)
    second.perform(second.acts.approve, last, Decide(second.revision_id, second.view(last).version, OPINION))
    assert second.row().office_key == first.sample.values["office_no"]

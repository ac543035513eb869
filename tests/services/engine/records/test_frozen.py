"""A record frozen once something depends on it: not updated, and an update on its way does not get through."""

from collections.abc import Iterator

import pytest

from services.engine.cycle_orders import Decide, StartUpdate, Submit
from tests.services.engine.records.desk import MAKER, OPINION, REASON, REVIEWER, Desk, codes
from tests.services.engine.records.kinds_made import OUTSIDE

WHY = "该记录已被预售许可引用，不能更新"


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Nothing is frozen when a test begins, and after it."""
    OUTSIDE.frozen = ""
    yield
    OUTSIDE.frozen = ""


def test_a_frozen_record_is_not_updated_and_says_why(desk: Desk) -> None:
    site = desk.effective()
    assert "update" in desk.ask("record", MAKER, site.record_id).ways
    OUTSIDE.frozen = WHY
    view = desk.ask("record", MAKER, site.record_id)
    assert (view.frozen, "update" in view.ways) == (WHY, False)
    assert desk.refused("update", MAKER, StartUpdate(site.record_id, REASON)).message == WHY


def test_an_update_begun_before_is_stopped_at_submission(desk: Desk) -> None:
    again = desk.update(desk.effective().record_id)
    OUTSIDE.frozen = WHY
    refused = desk.refused("submit", MAKER, Submit(again.revision_id, again.version))
    assert (codes(refused.findings), refused.findings[0].message) == (["DEP"], WHY)


def test_an_update_submitted_before_is_stopped_at_its_approval(desk: Desk) -> None:
    again = desk.update(desk.effective().record_id)
    desk.do("submit", MAKER, Submit(again.revision_id, again.version))
    OUTSIDE.frozen = WHY
    order = Decide(again.revision_id, desk.view(again.revision_id, REVIEWER).version, OPINION)
    assert codes(desk.refused("approve", REVIEWER, order).findings) == ["DEP"]


def test_the_first_version_is_never_frozen(desk: Desk) -> None:
    OUTSIDE.frozen = WHY
    assert desk.effective().record_id

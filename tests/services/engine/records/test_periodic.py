"""Records by month: one a parent and month, none ahead, a closed month by correction only (rows 71, 74)."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.engine.cycle import acts, kept
from services.engine.cycle_orders import Begin, Save, StartUpdate, Submit
from services.engine.periodic import closing_day, months
from tests.conformance.apart import kinds_apart
from tests.services.engine.records.desk import MAKER, REASON, Desk, codes
from tests.services.engine.records.kinds_made import MONTH

_KIND = "made_month"


def _report(desk: Desk, site: UUID, period: str, done: str = "10") -> Any:
    values = {"site_id": str(site), "period": period, "done": done}
    return desk.do("begin", MAKER, Begin(values=values), _KIND)


def _submit(desk: Desk, begun: Any) -> None:
    desk.do("submit", MAKER, Submit(begun.revision_id, begun.version), _KIND)


def test_one_a_month(desk: Desk) -> None:
    site = uuid4()
    _submit(desk, _report(desk, site, "2027-02"))
    second = _report(desk, site, "2027-02")
    refused = desk.refused("submit", MAKER, Submit(second.revision_id, 1), _KIND)
    assert codes(refused.findings) == ["PER-02"]
    _submit(desk, _report(desk, uuid4(), "2027-02"))
    _submit(desk, _report(desk, site, "2027-01"))


@pytest.mark.parametrize(("period", "code"), [("2027-13", "PER-01"), ("27-1", "PER-01"), ("2027-04", "PER-03")])
def test_a_month_that_is_none_or_to_come(desk: Desk, period: str, code: str) -> None:
    begun = _report(desk, uuid4(), period)
    assert codes(desk.refused("submit", MAKER, Submit(begun.revision_id, 1), _KIND).findings) == [code]


def test_a_closed_month_is_corrected_with_a_reason(desk: Desk) -> None:
    site = uuid4()
    begun = _report(desk, site, "2027-02")
    _submit(desk, begun)
    desk.market.world.stand_at(2027, 3, 6)
    again = desk.do("update", MAKER, StartUpdate(begun.record_id, REASON), _KIND)
    moved = {"site_id": str(site), "period": "2027-01", "done": "12"}
    desk.do("save", MAKER, Save(again.revision_id, 1, moved), _KIND)
    assert codes(desk.refused("submit", MAKER, Submit(again.revision_id, 2), _KIND).findings) == ["PER-04"]
    desk.do("save", MAKER, Save(again.revision_id, 2, {**moved, "period": "2027-02"}), _KIND)
    order = Submit(again.revision_id, 3)
    assert codes(desk.refused("submit", MAKER, order, _KIND).findings) == ["PER-04"]
    desk.do("submit", MAKER, Submit(again.revision_id, 3, {"PER-04": "监理复核后更正"}), _KIND)


def test_an_open_month_is_corrected_without(desk: Desk) -> None:
    begun = _report(desk, uuid4(), "2027-02")
    _submit(desk, begun)
    desk.market.world.stand_at(2027, 3, 5)
    again = desk.do("update", MAKER, StartUpdate(begun.record_id, REASON), _KIND)
    _submit(desk, again)


def test_the_next_month_is_a_new_record_with_what_is_carried(desk: Desk) -> None:
    site = uuid4()
    begun = _report(desk, site, "2027-01", "10")
    _submit(desk, begun)
    assert "next_period" in desk.ask("record", MAKER, begun.record_id, _KIND).ways
    following = desk.do("next_period", MAKER, begun.record_id, _KIND)
    assert following.record_id != begun.record_id
    view = desk.ask("revision", MAKER, following.revision_id, _KIND)
    assert view.values == {"site_id": str(site), "period": "2027-02", "done": "10"}
    refused = desk.refused("next_period", MAKER, begun.record_id, _KIND)
    assert refused.message == "下期（2027-02）已在办理（草稿），在列表的最上方，请打开它继续"
    # That of another subject is another.
    other = _report(desk, uuid4(), "2027-01")
    _submit(desk, other)
    desk.do("next_period", MAKER, other.record_id, _KIND)
    _submit(desk, following)
    # It follows the last month of the subject, whichever record is at hand, and never runs ahead.
    third = desk.do("next_period", MAKER, begun.record_id, _KIND)
    assert desk.ask("revision", MAKER, third.revision_id, _KIND).values["period"] == "2027-03"
    _submit(desk, third)
    refused = desk.refused("next_period", MAKER, third.record_id, _KIND)
    assert refused.message == "下期（2027-04）尚未开始，不能填报"


def test_a_kind_with_a_period_is_corrected_and_never_updated() -> None:
    with pytest.raises(RuntimeError, match="更正"), kinds_apart():
        kept(replace(MONTH, name="made_week", look=replace(MONTH.look, change="更新")))


def test_a_kind_without_a_period_has_no_next_one(desk: Desk) -> None:
    assert acts("made_site").next_period is None
    assert "next_period" not in desk.ask("record", MAKER, desk.effective().record_id).ways


@pytest.mark.parametrize(
    ("month", "day", "last"),
    [("2027-02", 5, "2027-03-05"), ("2026-12", 1, "2027-01-01"), ("2028-01", 29, "2028-02-29")],
)
def test_a_month_closes_in_the_next(month: str, day: int, last: str) -> None:
    assert closing_day(month, day) == date.fromisoformat(last)


def test_months_up_to_the_running_one() -> None:
    assert months(date(2026, 12, 31), date(2027, 2, 1)) == ["2026-12", "2027-01"]

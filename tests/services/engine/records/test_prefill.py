"""Filling a draft from its source: kept with source and time, the user's own values stay (market 2.17)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.records import SourceMode
from services.engine.cycle_orders import FillIn, Submit
from services.engine.findings import Severity
from services.engine.refusals import Conflict, NotFound, Rejected
from tests.services.engine.records.desk import MAKER, REVIEWER, Desk, a_name, codes
from tests.services.engine.records.kinds_made import OUTSIDE

_PARTS = [{"part_no": "A", "part_area": "40"}, {"part_no": "B", "part_area": 60}]


def _fill(desk: Desk, begun: Any, *, again: bool = False, key: str = "沪土〔2026〕12号") -> Any:
    version = desk.view(begun.revision_id).version
    return desk.do("fill_in", MAKER, FillIn(begun.revision_id, version, key, again))


def test_filled_with_source_and_time(desk: Desk) -> None:
    begun = desk.begun(name=a_name())
    OUTSIDE.gives({"land": "100", "where": "徐汇区", "price": 900, "strange": "x"}, parts=_PARTS)
    _fill(desk, begun)
    view = desk.view(begun.revision_id)
    assert {key: view.values[key] for key in ("land", "where", "price", "contract_no")} == {
        "land": "100.00",
        "where": "310104",
        "price": "900.00",
        "contract_no": "沪土(2026)12号",
    }
    assert [line["part_area"] for line in view.children["parts"]] == ["40.00", "60.00"]
    assert (view.source, view.source_at, view.differences) == ("土地系统", datetime(2027, 2, 1, tzinfo=UTC), ())
    row = desk.market.world.read(lambda work: work.session.get(_revision(), begun.revision_id))
    assert row.source_mode is SourceMode.PREFILLED
    assert row.district_code == "310104"


def _revision() -> Any:
    from models.records import Revision

    return Revision


def test_what_the_user_typed_himself_stays(desk: Desk) -> None:
    begun = desk.begun(name=a_name(), land="80.00")
    OUTSIDE.gives({"land": "100", "price": "900"})
    _fill(desk, begun)
    view = desk.view(begun.revision_id)
    assert (view.values["land"], view.values["price"]) == ("80.00", "900.00")
    assert [(one.field, one.given, one.now) for one in view.differences] == [("land", "100.00", "80.00")]
    # What the source gave and nobody touched it may change; the user's own only when told again.
    OUTSIDE.gives({"land": "110", "price": "950"})
    _fill(desk, begun)
    values = desk.view(begun.revision_id).values
    assert (values["land"], values["price"]) == ("80.00", "950.00")
    _fill(desk, begun, again=True)
    view = desk.view(begun.revision_id)
    assert (view.values["land"], view.differences) == ("110.00", ())


def test_what_was_changed_is_told_to_the_reviewer(desk: Desk) -> None:
    begun = desk.begun(**desk.whole(land="100.00"))
    OUTSIDE.gives({"land": "100", "where": "310115"}, parts=_PARTS)
    _fill(desk, begun)
    values = dict(desk.view(begun.revision_id).values)
    lines = [{"part_no": "A", "part_area": "41"}, {"part_no": "C", "part_area": "5"}]
    desk.save(begun, {**values, "land": "101.00"}, {"parts": lines})
    desk.do("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    told = desk.view(begun.revision_id, REVIEWER).differences
    assert [(one.field, one.given, one.now) for one in told] == [
        ("land", "100.00", "101.00"),
        ("parts.1.part_area", "40.00", "41.00"),
        ("parts", "B", ""),
        ("parts.2", "", "C"),
    ]


def test_a_silent_source_leaves_the_form_manual_and_marked(desk: Desk) -> None:
    begun = desk.begun(**desk.whole())
    OUTSIDE.is_silent()
    saved = _fill(desk, begun)
    assert [(one.code, one.severity) for one in saved.findings] == [("PRE", Severity.PENDING)]
    view = desk.view(begun.revision_id)
    assert "未核验" in view.source
    assert view.values["land"] == "100.00"
    desk.do("submit", MAKER, Submit(begun.revision_id, view.version))


def test_nothing_of_somebody_else_is_shown(desk: Desk) -> None:
    begun = desk.begun(**desk.whole())
    OUTSIDE.has_nothing("证照存在，权利人不一致")
    saved = _fill(desk, begun)
    assert [one.message for one in saved.findings] == ["证照存在，权利人不一致"]
    assert codes(saved.findings) == ["PRE"]


@pytest.mark.parametrize("key", ["", "   ", "一" * 101, "甲\x00"])
def test_a_key_is_asked_for(desk: Desk, key: str) -> None:
    begun = desk.begun(**desk.whole())
    OUTSIDE.gives({})
    with pytest.raises(Rejected):
        _fill(desk, begun, key=key)


def test_not_another_offices_draft_and_not_from_behind(desk: Desk) -> None:
    begun = desk.begun(**desk.whole())
    OUTSIDE.gives({"land": "1"})
    with pytest.raises(NotFound):
        desk.do("fill_in", "jianghai01", FillIn(begun.revision_id, begun.version, "1"))
    desk.save(begun, desk.whole())
    with pytest.raises(Conflict):
        desk.do("fill_in", MAKER, FillIn(begun.revision_id, begun.version, "1"))

"""Lines of a list keep their ids over versions, and a line that something depends on cannot be dropped (rows 65, 69)."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.columns import new_id
from services.engine.cycle_orders import Decide, Save, Submit, Void
from services.engine.refusals import Conflict, Rejected
from tests.conformance.story import OPINION, Story
from tests.conformance.thirteenth import RoomBooking, SalesOfficeRoom
from tests.market import Market

ONE, TWO = {"room_no": "101", "room_area": "60.00", "purpose": "沙盘"}, {"room_no": "102", "room_area": "45.50"}


def lines(story: Story) -> list[Any]:
    wanted = select(SalesOfficeRoom).where(SalesOfficeRoom.record_id == story.record_id)
    found: list[Any] = story.market.world.read(
        lambda work: work.session.exec(wanted.order_by(col(SalesOfficeRoom.place))).all()
    )
    return found


def ids(story: Story) -> dict[str, UUID]:
    return {line.room_no: line.id for line in lines(story)}


def changed(story: Story, *rooms: dict[str, Any]) -> None:
    """An update with these rooms, saved and not yet submitted."""
    story.update()
    view = story.view()
    files = {one.slot: (one.id,) for one in view.files}
    order = Save(story.revision_id, view.version, view.values, {"rooms": rooms}, files)
    story.perform(story.acts.save, story.drafter, order)


def booked(story: Story, room: str) -> None:
    booking = RoomBooking(id=new_id(), room_id=ids(story)[room], label="开盘活动")
    story.market.world.act(lambda work: work.session.add(booking))


def test_a_line_of_the_same_key_keeps_its_id(standing: Market) -> None:
    story = Story.of(standing, "sales_office").effective()
    before = ids(story)
    changed(story, {"room_no": "103", "room_area": "20.00"}, {**TWO, "room_area": "50.00"}, ONE)
    story.submit().approve()
    after = lines(story)
    assert [(line.place, line.room_no, line.room_area) for line in after] == [
        (1, "103", 20),
        (2, "102", 50),
        (3, "101", 60),
    ]
    assert {name: ids(story)[name] for name in before} == before


def test_a_dropped_line_goes_and_comes_back_as_another(standing: Market) -> None:
    story = Story.of(standing, "sales_office").effective()
    before = ids(story)["102"]
    changed(story, ONE)
    story.submit().approve()
    assert set(ids(story)) == {"101"}
    changed(story, ONE, TWO)
    story.submit().approve()
    assert ids(story)["102"] != before


def test_a_line_in_use_is_neither_dropped_nor_given_another_key(standing: Market) -> None:
    story = Story.of(standing, "sales_office").effective()
    booked(story, "102")
    for rooms in ([ONE], [ONE, {**TWO, "room_no": "102A"}]):
        changed(story, *rooms)
        with pytest.raises(Rejected) as refused:
            story.submit()
        (finding,) = [one for one in refused.value.findings if one.code == "DEP"]
        assert finding.field == "rooms"
        assert finding.message == "“房间”中的“102”已被预约“开盘活动”使用，不能删除或改变其标识，请先解除"
        story.perform(story.acts.drop, story.drafter, story.one())
    changed(story, ONE, {**TWO, "purpose": "签约"})
    story.submit().approve()
    assert [line.purpose for line in lines(story)] == ["沙盘", "签约"]


def test_a_line_that_came_into_use_during_the_review_stops_the_approval(standing: Market) -> None:
    story = Story.of(standing, "sales_office").effective()
    changed(story, ONE)
    story.perform(story.acts.submit, story.submitter, Submit(story.revision_id, story.version(), {}))
    booked(story, "102")
    order = Decide(story.revision_id, story.view(story.reviewer()).version, OPINION)
    with pytest.raises(Rejected, match="不能通过") as refused:
        story.perform(story.acts.approve, story.reviewer(), order)
    assert [one.code for one in refused.value.findings] == ["DEP"]
    assert set(ids(story)) == {"101", "102"}


def test_a_record_with_a_line_in_use_is_not_voided_alone(standing: Market) -> None:
    story = Story.of(standing, "sales_office").effective()
    booked(story, "101")
    with pytest.raises(Conflict, match="预约“开盘活动”"):
        story.perform(story.acts.void, story.reviewer(), Void(story.record_id, "售楼处已经撤除"))

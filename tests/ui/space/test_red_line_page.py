"""A red line in front of its maker: pasted, repaired, drawn, checked and saved; looked at by its reviewer; the city map (row 80)."""

from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from nicegui.testing import User

from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun
from tests.land import Land
from tests.red_lines import corners, outline, red_line, square
from tests.services.space.lists import table
from tests.ui.people import Crowd, until
from tests.ui.records.hands import type_in
from tests.ui.tenancy.hands import WAIT, press
from ui.space.city_map_page import CityMapView
from ui.space.outline_box import OutlineBox, shape_of, text_of
from ui.space.outline_field import RedLineBox

pytestmark = pytest.mark.row(80)
ROOT = Path(__file__).parents[3]
MAKER = "binjiang01"
PLACE = 900


def begun(land: Land, values: dict[str, str] | None = None) -> Begun:
    door = land.market.world.door
    made: Begun = door.perform(acts("red_line").begin, land.market.caller(MAKER), Begin(land.project(), values or {}))
    return made


def kept(land: Land, revision_id: UUID) -> str:
    """The outline that the draft keeps."""
    view = land.market.world.door.ask(acts("red_line").revision, land.market.caller(MAKER), revision_id)
    return str(view.values.get("outline") or "")


async def opened(crowd: Crowd, record_id: UUID) -> User:
    user = await crowd.open(MAKER, f"/?open=record&kind=red_line&id={record_id}")
    await user.should_see(marker="outline-paste", retries=WAIT)
    return user


async def paste(user: User, text: str) -> None:
    press(user, "outline-paste")
    await user.should_see(marker="pasted", retries=WAIT)
    user.find(marker="pasted").type(text)
    press(user, "dialog-yes")


async def test_a_pasted_list_waits_for_its_repairs_and_is_saved_after_them(crowd: Crowd, land: Land) -> None:
    made = begun(land, {"report_area": "10000.00"})
    user = await opened(crowd, made.record_id)
    await paste(user, table([(e, n) for e, n in corners(PLACE)]))
    await user.should_see("X与Y坐标写反了", retries=WAIT)
    assert kept(land, made.revision_id) == ""
    press(user, "repair-swap")
    assert await until(lambda: kept(land, made.revision_id) == str(square(PLACE)))
    await user.should_see("面积10,000.00平方米", retries=WAIT)
    await user.should_see(marker="outline-sound", retries=WAIT)


async def test_what_cannot_be_read_is_refused_in_a_sentence(crowd: Crowd, land: Land) -> None:
    user = await opened(crowd, begun(land).record_id)
    await paste(user, "J1 nan nan\nJ2 nan nan\nJ3 nan nan")
    await user.should_see("坐标无法读取", retries=WAIT)


async def test_a_crossing_polygon_drawn_by_hand_is_kept_and_its_fault_shown_with_its_place(
    crowd: Crowd, land: Land
) -> None:
    made = begun(land)
    user = await opened(crowd, made.record_id)
    west, south = corners(PLACE)[3]
    ring = [[west, south], [west + 100, south + 100], [west, south + 100], [west + 100, south]]
    user.find(kind=RedLineBox).trigger("changed", [[ring]])
    await user.should_see("界址线自相交", retries=WAIT)
    await user.should_see(marker="finding-place", retries=WAIT)
    expected = str(outline([(e, n) for e, n in ring]))
    assert await until(lambda: kept(land, made.revision_id) == expected)


@pytest.mark.parametrize(
    "sent", [None, "x", [["x"]], [[[[1, 2], [3, float("nan")], [4, 5]]]], [[[[1, 2, 3]]]], [[[[1e300, 2]]]]]
)
async def test_what_no_map_of_ours_sends_changes_nothing(crowd: Crowd, land: Land, sent: object) -> None:
    made = begun(land, red_line(square(PLACE)))
    user = await opened(crowd, made.record_id)
    box = next(iter(user.find(kind=RedLineBox).elements))
    user.find(kind=RedLineBox).trigger("changed", sent)
    assert box.value == str(square(PLACE))


async def test_a_split_by_the_map_comes_back_as_two(crowd: Crowd, land: Land) -> None:
    made = begun(land, red_line(square(PLACE)))
    user = await opened(crowd, made.record_id)
    west, south = corners(PLACE)[3]
    user.find(kind=RedLineBox).trigger("cut", [[west + 50, south - 10], [west + 50, south + 110]])
    assert await until(lambda: len(shape_of(kept(land, made.revision_id))) == 2)


async def test_a_split_between_two_points_needs_no_mouse(crowd: Crowd, land: Land) -> None:
    made = begun(land, red_line(square(PLACE)))
    user = await opened(crowd, made.record_id)
    press(user, "outline-split")
    await user.should_see("在两个界址点之间分割", retries=WAIT)
    await user.should_see(marker="field-second", retries=WAIT)
    type_in(user, "second", "J3")
    press(user, "dialog-yes")
    assert await until(lambda: [len(polygon[0]) for polygon in shape_of(kept(land, made.revision_id))] == [3, 3])


async def test_a_reviewer_sees_map_points_and_areas_and_takes_the_sheet_along(crowd: Crowd, land: Land) -> None:
    record = land.side("red_line", land.project(), red_line(square(PLACE + 1)))
    reader = await crowd.open("pdshen01", f"/?open=record&kind=red_line&id={record}")
    await reader.should_see(marker="export-pdf", retries=WAIT)
    await reader.should_see("检查通过", retries=WAIT)
    (box,) = reader.find(kind=OutlineBox).elements
    assert not box.enabled
    assert text_of(box.props["shape"]) == str(square(PLACE + 1))


async def test_the_city_map_lists_what_it_draws(crowd: Crowd, land: Land) -> None:
    project = land.project()
    land.side("red_line", project, red_line(square(PLACE + 2)))
    user = await crowd.open("pdshen01", "/?open=city_map")
    await user.should_see("仅供内部工作使用", retries=WAIT)
    (view,) = user.find(kind=CityMapView).elements
    assert str(project) in {one["id"] for one in view.props["projects"]}
    user.find(kind=CityMapView).trigger("open", str(project))
    await user.should_see("前后置关系", retries=WAIT)


def test_the_bundle_is_the_one_that_was_made_and_asks_no_other_host() -> None:
    content = (ROOT / "ui/space/map/index.js").read_bytes()
    digest, _, name = (ROOT / "deploy/map/bundle.sha256").read_text().partition("  ")
    assert (name.strip(), sha256(content).hexdigest()) == ("index.js", digest)
    lock = (ROOT / "deploy/map/package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
    named = {word for word in content.decode().split('"') if word.startswith(("http://", "https://"))}
    # Names of reference systems, which nothing fetches.
    assert {one.split("/")[2] for one in named} <= {"www.opengis.net"}

"""A report of supply on a wide and on a narrow screen: table and picture are seen together (row 83)."""

import pytest
from playwright.sync_api import Browser, FloatRect

from tests.browser import Server
from tests.pictures.gallery import STILL
from tests.pictures.people import PHONE, SCREEN, Person, signed_in

pytestmark = pytest.mark.row(83)


def boxes(city: Person) -> tuple[FloatRect, FloatRect]:
    """The places of the table and of its first picture."""
    city.open("supply&report=R7", "单位：")
    city.page.evaluate(STILL)
    found = [city.page.locator(one).first.bounding_box() for one in (".sf-report-table table", ".sf-report-charts svg")]
    table, picture = (one for one in found if one is not None)
    return table, picture


def test_table_and_picture_stand_side_by_side_and_on_a_phone_the_picture_comes_first(
    browser: Browser, live_server: Server
) -> None:
    with signed_in(browser, live_server.url, "shichu01", screen=SCREEN) as city:
        table, picture = boxes(city)
        assert picture["y"] < table["y"] + table["height"]
        assert table["x"] < picture["x"] < picture["x"] + picture["width"] <= SCREEN["width"]
        # The name of the project stays when the other columns are moved.
        name = city.page.locator(".sf-report-table tbody td").first
        city.page.locator(".sf-report-table .sf-sheet").evaluate("(one) => one.scrollTo(500, 0)")
        before, now = table["x"], name.bounding_box()
        assert now is not None
        assert abs(now["x"] - before) < 2
    with signed_in(browser, live_server.url, "shichu01", screen=PHONE) as city:
        table, picture = boxes(city)
        assert picture["y"] + picture["height"] <= table["y"]


@pytest.mark.night
def test_the_widest_report_shows_all_its_months_above_its_pictures(browser: Browser, live_server: Server) -> None:
    with signed_in(browser, live_server.url, "shichu01", screen=SCREEN) as city:
        city.open("supply&report=R1", "单位：")
        city.page.evaluate(STILL)
        sheet = city.page.locator(".sf-report-table .sf-sheet")
        assert sheet.locator("thead th", has_text="去化").count() == 13
        assert sheet.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
        table, *pictures = (
            one.bounding_box() for one in (sheet, *city.page.locator(".sf-report-charts > .sf-tile").all())
        )
        assert table is not None
        assert {one is not None and one["y"] >= table["y"] + table["height"] for one in pictures} == {True}

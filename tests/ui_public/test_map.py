"""The public map: off until a number and its base map are both in force, then names and stages alone (row 80)."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col

from models.documents import Attachment, FileState
from models.projects import Project
from models.spatial_areas import BaseMap
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.refusals import Rejected
from services.space.public_map import public_map
from tests.files_made import png
from tests.land import Land
from tests.market import market
from tests.red_lines import APART, EAST, NORTH, base_map, red_line, square
from tests.services.practitioners.association.parameters import parameter
from tests.services.projects.desk import Desk
from tests.ui_public.citizens import citizen
from tests.world import World
from ui.public.router import PublicSettings

pytestmark = pytest.mark.row(80)
NUMBER, PLACE = "沪S（2026）012号", APART + 700
WHY = {"SPA-07": "合同面积含代征道路", "FMT": "项目信息待更新"}


@pytest.fixture(scope="module")
def land(world: World) -> Land:
    world.stand_at(2027, 3, 1)
    return Land(market(world))


@pytest.fixture
async def phone(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with citizen(world) as one:
        yield one


def maps(land: Land) -> Desk:
    return Desk(land, "base_map", drafter="pdkj01", submitter="pdkj01")


def project_on_map(land: Land) -> UUID:
    project = land.project()
    desk = Desk(land, "red_line")
    begun = desk.begin(project, red_line(square(PLACE)))
    desk.submit(begun.revision_id, WHY)
    desk.approve(begun.revision_id)
    return project


async def test_the_map_is_off_until_number_and_base_map_agree(
    world: World, land: Land, phone: httpx.AsyncClient
) -> None:
    project = land.market.row(Project, project_on_map(land))
    beside = land.project(district="310104")
    land.side("red_line", beside, red_line(square(PLACE + 5, east=20, north=20)))
    assert (await phone.get("/c/map")).status_code == 404
    record: Any = maps(land).effective(None, base_map(NUMBER))
    off = await phone.get("/c/map")
    assert (off.status_code, "尚未开放" in off.text, project.name in off.text) == (404, True, False)
    with parameter(world, "space.map_approval_no", "沪S（2026）999号"):
        assert (await phone.get("/c/map")).status_code == 404
    world.let_pass(minutes=5)
    with parameter(world, "space.map_approval_no", NUMBER):
        page = await phone.get("/c/map")
        assert page.status_code == 200
        # Brackets are kept in one width.
        assert "审图号：沪S(2026)012号" in page.text
        assert f"{project.name}，{project.stage.label}" in page.text
        # One hundred metres are 0.07 % of the frame; the middle of the square is told to fifty.
        across = re.search(rf"<title>{project.name}.*?</title><circle cx=\"([\d.]+)\" cy=\"([\d.]+)\"", page.text)
        e, n = EAST + PLACE % 40 * 200 + 50, NORTH + PLACE // 40 * 200 + 50
        assert across is not None
        assert float(across[1]) == pytest.approx((e - 580_000) / 150, abs=0.4)
        # The north is above.
        assert float(across[2]) == pytest.approx((3_520_000 - n) / 150, abs=0.4)
        picture = re.search(r'href="(/c/map/[0-9a-f]{32})"', page.text)
        assert picture is not None
        shown = await phone.get(picture[1])
        assert (shown.headers["content-type"], shown.content) == ("image/png", png())
        listed = await phone.get("/c/map", params={"district": "310115"})
        assert f"<td>{project.name}</td><td>{project.stage.label}</td>" in listed.text
        counted = [int(count) for count in re.findall(r"</svg> \S+ (\d+)</li>", listed.text)]
        assert f"共 {sum(counted)} 个项目" in listed.text
        assert f"共 {sum(counted) + 1} 个项目" in page.text
        # Where land ends is not told: every place is one of a grid of fifty metres.
        found = world.door.ask(public_map, SYSTEM, None)
        assert found is not None
        assert all(abs((one.across * 3000 + 0.5) % 1 - 0.5) < 0.04 for one in found.projects)
        # A file that was put in quarantine is not shown.
        world.rewrite(Attachment, col(Attachment.id) == found.picture_id, state=FileState.QUARANTINED)
        assert world.door.ask(public_map, SYSTEM, None) is None
        world.rewrite(Attachment, col(Attachment.id) == found.picture_id, state=FileState.CLEAN)

        # Ended, it is off again, and its picture is shown to nobody.
        door, row = world.door, land.market.row(BaseMap, record.record_id)
        door.perform(acts("base_map").void, land.market.caller("pdshen01"), Void(row.id, "批准期满停止使用"))
        assert (await phone.get("/c/map")).status_code == 404
        assert (await phone.get(picture[1])).status_code == 404


async def test_the_page_says_public_facts_alone_and_runs_nothing(
    world: World, land: Land, phone: httpx.AsyncClient
) -> None:
    number = "沪S（2026）013号"
    maps(land).effective(None, base_map(number))
    world.let_pass(minutes=5)
    with parameter(world, "space.map_approval_no", number):
        page = await phone.get("/c/map")
        assert page.status_code == 200
        assert not re.search(r"<script|style=|websocket|socket\.io|https?://(?!www\.w3\.org)", page.text)
        assert "set-cookie" not in page.headers
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        # Neither company, address, area nor number of the project.
        for row in world.read(lambda work: work.rows(Project)):
            assert row.project_code not in page.text
            assert row.address not in page.text
        assert (await phone.get("/c/map/" + "0" * 32)).status_code == 404
        assert (await phone.get("/c/map/none")).status_code == 404
        assert (await phone.get("/c/map", params={"district": "<b>"})).status_code == 200


async def test_who_looks_too_often_waits(world: World, land: Land) -> None:
    async with citizen(world, PublicSettings(lookups_per_minute=2, reports_per_minute=0)) as phone:
        answers = [(await phone.get("/c/map")).status_code for _ in range(3)]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"plane_system": "SH_OLD"}, "上海2000坐标系或"),
        ({"north": "3530000"}, "长宽比不符"),
        ({"east": "570000"}, "东边应大于西边"),
        ({"plane_system": "SH2000"}, "图幅中心不在上海"),
        ({"approved_on": "2030-01-01"}, "晚于今天"),
        ({"valid_to": "2025-01-01"}, "早于批准日期"),
    ],
)
def test_a_base_map_that_is_not_whole_is_refused(land: Land, change: dict[str, Any], said: str) -> None:
    begun = maps(land).begin(None, base_map("沪S（2026）050号", **change))
    with pytest.raises(Rejected) as told:
        maps(land).submit(begun.revision_id)
    assert any(said in one.message for one in told.value.findings)

"""The pages of models and of the estate in front of an operator and of those who look (rows 81, 82)."""

from uuid import UUID

import pytest
from nicegui import ui as web
from nicegui.testing import User
from sqlmodel import select

from models.space_models import BuildingModel, DrawingState
from services.engine.cycle import acts
from services.engine.cycle_orders import StartUpdate
from services.space.drawing_layers import Wanted
from services.space.drawing_queue import DrawingStatus, TakeDrawing, drawing_status, read_drawings, take_drawing
from services.space.model_view import ModelView, model_view
from tests.building import natural_building, tie
from tests.land import Land
from tests.services.space.drawings import box, building, content_of, drawing
from tests.site import Site
from tests.space_models import form, rows, tower
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, press
from ui.shell.call import call
from ui.shell.unit_table import UnitTable
from ui.space.drawing_wait import DrawingWait
from ui.space.estate_view import EstateView
from ui.space.model_page import StoreyPlan


def estate(land: Land, place: int) -> tuple[Site, str]:
    """A project with a tower of six homes in force."""
    site = Site.begun(land)
    number = natural_building(land.market.world, building_name="1#", forecast_area=None, sets_total=None)
    tie(site, site.unit(site.permit(site.planning()), "1#"), number)
    codes = [f"{number}{floor:02d}{column:02d}" for floor in range(1, 4) for column in range(2)]
    values, lists = form(tower(place, table=rows(codes=codes)), natural_building_no=number, planned_no=None)
    site.put("building_model", values, lists)
    return site, number


@pytest.mark.row(81)
async def test_an_operator_sees_the_models_and_buildings_without_one(crowd: Crowd, land: Land) -> None:
    site, _ = estate(land, 40)
    user = await crowd.open("pdkj01", f"/?open=building-models&id={site.project}")
    await user.should_see("三维模型（1幢生效）", retries=WAIT)
    await user.should_see("规划建筑物没有模型", retries=WAIT)
    press(user, "model-1#")
    await user.should_see("匹配报告", retries=WAIT)
    await user.should_see("6户（100.0%）", retries=WAIT)


@pytest.mark.row(81)
async def test_a_draft_is_cut_by_hand_and_matched_on_its_page(crowd: Crowd, land: Land) -> None:
    _site, number = estate(land, 41)
    world = land.market.world
    wanted = select(BuildingModel.id).where(BuildingModel.natural_building_no == number)
    record: UUID = world.read(lambda work: work.session.exec(wanted).one())
    operator = land.market.caller("pdkj01")
    begun = world.door.perform(acts("building_model").update, operator, StartUpdate(record, "按平面图重新分户"))

    def view() -> ModelView:
        seen: ModelView = world.door.ask(model_view, operator, begun.revision_id)
        return seen

    user = await crowd.open("pdkj01", f"/?open=building-model&r={begun.revision_id}")
    await user.should_see("分户方式", retries=WAIT)
    user.find(marker="field-distances").type("15")
    user.find(marker="field-rooms").type("102,101")
    press(user, "divide")
    assert await until(lambda: [one.method for one in view().storeys] == ["示意", "示意", "手工切分"])
    await user.should_see("已分户", retries=WAIT)
    part = view().storeys[-1].parts[0].part
    user.find(kind=StoreyPlan).trigger("pick", part)
    await user.should_see("匹配方式", retries=WAIT)


@pytest.mark.row(81)
async def test_what_follows_a_reading_outlives_the_wait_it_takes_away(crowd: Crowd, land: Land) -> None:
    site, _ = estate(land, 47)
    door, operator = land.market.world.door, land.market.caller("pdkj01")
    made = drawing()
    building(made.modelspace(), box(30, 14), "1#", "6F", "H=18")
    order = TakeDrawing(site.project, "总平面图.dxf", content_of(made), Wanted())
    reading: UUID = door.perform(take_drawing, operator, order)
    user = await crowd.open("pdkj01", f"/?open=building-models&id={site.project}")
    await user.should_see("三维模型（1幢生效）", retries=WAIT)
    told: list[object] = []
    with user:
        root = web.element("div")
        with root:
            around = web.element("div")

        async def use(_: DrawingStatus) -> None:
            with root:
                around.clear()
                answer = await call(drawing_status, reading, quiet=True)
                told.append(answer.value.state)

        with around:
            DrawingWait(reading, read=use, refused=told.append)
    read_drawings(door)
    assert await until(lambda: told == [DrawingState.READ])


@pytest.mark.row(82)
async def test_picture_and_table_follow_each_other(crowd: Crowd, land: Land) -> None:
    site, _number = estate(land, 42)
    user = await crowd.open("binjiang01", f"/?open=estate&id={site.project}")
    await user.should_see("统计：全部", retries=WAIT)
    await user.should_see("去化率", retries=WAIT)
    (view,) = user.find(kind=EstateView).elements
    user.find(kind=EstateView).trigger("ready", {"webgl": True, "slow": False})
    home = next(place for place, one in enumerate(view.estate.homes) if one.room == "201")
    user.find(kind=EstateView).trigger("pick", home)
    await user.should_see("1# 2层 201", retries=WAIT)
    (table,) = user.find(kind=UnitTable).elements
    assert await until(lambda: table.chosen == view.estate.homes[home].id)
    await user.should_see("成交均价", retries=WAIT)


@pytest.mark.row(82)
async def test_a_model_without_a_table_is_shown_by_its_outline(crowd: Crowd, land: Land) -> None:
    site = Site.begun(land)
    site.planning()
    site.put("building_model", *form(tower(47)))
    user = await crowd.open("binjiang01", f"/?open=estate&id={site.project}")
    await user.should_see("该幢还没有楼盘表，只有外轮廓", retries=WAIT)
    await user.should_see("统计：全部", retries=WAIT)


@pytest.mark.row(82)
async def test_without_webgl_the_table_remains_and_prices_are_not_for_everybody(crowd: Crowd, land: Land) -> None:
    site, _ = estate(land, 43)
    user = await crowd.open("pdkj01", f"/?open=estate&id={site.project}")
    await user.should_see("统计：全部", retries=WAIT)
    user.find(kind=EstateView).trigger("ready", {"webgl": False, "slow": False})
    await user.should_not_see("成交均价")
    await user.should_not_see("价格段")


@pytest.mark.row(82)
async def test_an_area_is_laid_over_and_its_projects_are_listed(crowd: Crowd, land: Land) -> None:
    site, _ = estate(land, 44)
    user: User = await crowd.open("binjiang01", f"/?open=overlay&id={site.project}")
    await user.should_see(marker="analyse", retries=WAIT)
    press(user, "analyse")
    await user.should_see("周边500米", retries=WAIT)


@pytest.mark.row(82)
async def test_homes_in_a_box_are_summed_and_a_drawn_polygon_is_analysed(crowd: Crowd, land: Land) -> None:
    site, _ = estate(land, 45)
    user = await crowd.open("binjiang01", f"/?open=estate&id={site.project}")
    await user.should_see("统计：全部", retries=WAIT)
    user.find(marker="find-home").type("1# 302").trigger("keydown.enter")
    await user.should_see("1# 3层 302", retries=WAIT)
    user.find(kind=EstateView).trigger("box", [0, 1, 1, 999, "2"])
    await user.should_see("统计：所选2户", retries=WAIT)
    (view,) = user.find(kind=EstateView).elements
    e, n = (value / 1000 for value in view.estate.drawn["buildings"][0]["at"])
    west, south = (first + value for first, value in zip(view.estate.drawn["origin"], (e, n), strict=True))
    corners = [[west - 5, south - 5], [west + 60, south - 5], [west + 60, south + 40], [west - 5, south + 40]]
    user.find(kind=EstateView).trigger("area", corners)
    await user.should_see("绘制的多边形：", retries=WAIT)
    await user.should_see("1/1（100.00%）", retries=WAIT)


@pytest.mark.row(82)
async def test_an_analyst_sees_the_building_table_beside_the_picture(crowd: Crowd, land: Land) -> None:
    site, _ = estate(land, 46)
    user = await crowd.open("pdkj01", f"/?open=estate&id={site.project}")
    await user.should_see("统计：全部", retries=WAIT)
    assert await until(lambda: bool(user.find(kind=UnitTable).elements))

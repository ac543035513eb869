"""The list of a kind: what is asked of the server, the badge of what is on its way, tables out and in."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from nicegui.testing import User
from openpyxl import load_workbook

from services.engine.kind_listing import list_of
from services.engine.kinds import KINDS
from services.engine.list_settings import SaveFilter, save_filter
from services.imports.listings import template
from services.records.sheet_kinds import table_of
from tests.conformance.apart import kinds_apart, make_tables
from tests.conformance.thirteenth import SALES_OFFICE
from tests.land import Land
from tests.ui.people import Crowd, page_of, until, was_told
from tests.ui.records.hands import MAKER, RIVAL, approved, begin, type_in
from tests.ui.tenancy.hands import WAIT, choose, enter, key, press, rows
from tests.world import World
from ui.records.list_page import list_key, list_module
from ui.shell.finder import functions
from ui.shell.workspace import Workspace

pytestmark = pytest.mark.usefixtures("companies")


async def at_list(crowd: Crowd, login: str, more: str = "", kind: str = "parcel") -> User:
    user = await crowd.open(login, f"/?open=list-{kind}{more}")
    await user.should_see("第 1 /", retries=WAIT)
    return user


async def test_a_list_is_narrowed_by_text_code_day_and_number(crowd: Crowd, world: World) -> None:
    approved(world, parcel_name="筛选甲地块", land_area="4321.00", far_area="8642.00", signed_on="2026-02-03")
    approved(world, parcel_name="筛选乙地块", signed_on="2026-02-04")
    user = await at_list(crowd, MAKER, "&text=筛选")
    assert names(user) == {"筛选甲地块", "筛选乙地块"}
    # What is rarely asked for is drawn when it is: every open page costs memory.
    drawn = len(page_of(user).elements)
    press(user, "more-filters")
    assert len(page_of(user).elements) > drawn + 10
    type_filter(user, "land_area-from", "4321")
    type_filter(user, "land_area-to", "4321.5")
    press(user, "search")
    assert await until(lambda: names(user) == {"筛选甲地块"})
    type_filter(user, "land_area-from", "")
    type_filter(user, "land_area-to", "")
    type_filter(user, "signed_on-from", "20260204")
    press(user, "search")
    assert await until(lambda: names(user) == {"筛选乙地块"})


def names(user: User) -> set[str]:
    return {str(row["parcel_name"]) for row in rows(user, "grid")}


def type_filter(user: User, name: str, text: str) -> None:
    control: Any = user.find(marker=f"filter-{name}").elements.pop()
    control.set_value(text)


async def test_a_kept_filter_shows_the_rarer_condition_it_narrows_by(crowd: Crowd, world: World) -> None:
    approved(world, parcel_name="常用甲地块", signed_on="2026-03-03")
    approved(world, parcel_name="常用乙地块", signed_on="2026-03-04")
    wanted = {"text": "常用", "signed_on-from": "20260304"}
    world.door.perform(save_filter, world.caller(MAKER), SaveFilter(list_of(KINDS["parcel"]).name, "四日以后", wanted))
    user = await at_list(crowd, MAKER)
    await user.should_not_see(marker="filter-signed_on-from")
    press(user, "saved-四日以后")
    assert await until(lambda: names(user) == {"常用乙地块"})
    await user.should_see(marker="filter-signed_on-from")


async def test_a_number_that_is_none_is_told_and_breaks_nothing(crowd: Crowd, world: World) -> None:
    user = await at_list(crowd, MAKER)
    press(user, "more-filters")
    type_filter(user, "land_area-from", "' OR 1=1")
    press(user, "search")
    await user.should_see("数值不正确", retries=WAIT)


async def test_a_new_draft_stands_first_as_not_yet_in_force(crowd: Crowd, world: World) -> None:
    begin(world, parcel_name="刚起草的地块")
    user = await at_list(crowd, MAKER, "&text=刚起草")
    assert [(row["state"], row["badge"]) for row in rows(user, "grid")] == [("尚未生效", "草稿 第1版")]
    rival = await at_list(crowd, RIVAL, "&text=刚起草")
    assert rows(rival, "grid") == []


async def test_enter_opens_the_record(crowd: Crowd, world: World) -> None:
    begun = approved(world, parcel_name="回车打开的地块")
    user = await at_list(crowd, MAKER, "&text=回车打开")
    enter(user, "grid", begun.record_id)
    await user.should_see(marker="record-state", retries=WAIT)


async def test_the_template_and_an_export_are_offered_from_the_list(crowd: Crowd, world: World) -> None:
    approved(world, parcel_name="导出的地块")
    user = await at_list(crowd, MAKER, "&text=导出的")
    labels = {command.label for command in workspace(user).front.commands}  # type: ignore[union-attr]
    assert {"新增", "导入", "导出"} <= labels
    content = world.door.ask(template, world.caller(MAKER), table_of(KINDS["parcel"]))
    heads = [cell.value for cell in next(load_workbook(BytesIO(content)).active.iter_rows())]  # type: ignore[union-attr]
    assert any("地块名称" in str(head) for head in heads)


def workspace(user: User) -> Workspace:
    found: Workspace = page_of(user).request.scope["state"]["workspace"]
    return found


async def test_what_is_begun_about_a_project_asks_for_it_first(crowd: Crowd, world: World, land: Land) -> None:
    projects = [land.project("P-1", name=f"先选择的项目{number}") for number in (1, 2)]
    user = await at_list(crowd, "binjiang01", kind="project_builders")
    key(user, "f2")
    await user.should_see("请选择项目", retries=WAIT)
    picker: Any = user.find(marker="about").elements.pop()
    user.find(marker="about").trigger("seek", "先选择的项目2")
    assert await until(lambda: str(projects[1]) in picker._labels)
    picker.set_value(str(projects[1]))
    press(user, "dialog-yes")
    await user.should_see(marker="record-state", retries=WAIT)
    await user.should_see("先选择的项目2", retries=WAIT)


class Sent:
    def __init__(self, args: Any) -> None:
        self.args = args


async def test_a_picker_takes_nothing_it_did_not_offer(crowd: Crowd, world: World, land: Land) -> None:
    foreign = land.project("P-3", name="江海的项目", district="310104")
    land.project("P-1", name="自己的项目甲")
    land.project("P-1", name="自己的项目乙")
    user = await at_list(crowd, "binjiang01", kind="project_builders")
    key(user, "f2")
    await user.should_see("请选择项目", retries=WAIT)
    picker: Any = user.find(marker="about").elements.pop()
    user.find(marker="about").trigger("seek", "自己的项目")
    assert await until(lambda: len(picker._labels) == 2)
    user.find(marker="about").trigger("seek", "江海")
    assert picker._event_args_to_value(Sent(str(foreign))) == ""
    press(user, "dialog-yes")
    await user.should_see("请选择项目", retries=WAIT)


async def test_a_thirteenth_kind_has_list_form_and_filters_without_a_line_of_page(crowd: Crowd, world: World) -> None:
    with kinds_apart(SALES_OFFICE):
        make_tables(world, SALES_OFFICE)
        assert {"text", "use", "in_force", "open_state"} <= {one.key for one in list_of(SALES_OFFICE).filters}
        user = await crowd.open("binjiang_admin")
        desk = workspace(user)
        desk.modules[list_key(SALES_OFFICE)] = list_module(SALES_OFFICE)
        with page_of(user):
            await desk.open(list_key(SALES_OFFICE))
        await user.should_see("没有符合条件的售楼处", retries=WAIT)
        key(user, "f2")
        await user.should_see(marker="record-state", retries=WAIT)
        type_in(user, "name", "滨江售楼处")
        choose(user, "use", "SALES")
        key(user, "ctrl+s")
        await user.should_see("已保存", retries=WAIT)
        assert UUID(desk.front.params["id"])  # type: ignore[union-attr]
        key(user, "f6")
        await user.should_see("请填写“备案编号”", retries=WAIT)
        key(user, "ctrl+p")
        assert await was_told(user, "/records/print/")


async def test_a_field_that_the_list_does_not_show_is_added_as_a_column(crowd: Crowd, world: World) -> None:
    approved(world, parcel_name="添加列的地块", ring="INNER_MIDDLE")
    user = await at_list(crowd, MAKER, "&text=添加列")
    assert "ring" not in rows(user, "grid")[0]
    press(user, "choose-columns")
    await user.should_see("设置列", retries=WAIT)
    for name in ("parcel_name", "ring"):
        box: Any = user.find(marker=f"column-{name}").elements.pop()
        box.set_value(True)
    press(user, "columns-save")
    assert await until(lambda: rows(user, "grid")[0].get("ring") == "内中环间")
    press(user, "choose-columns")
    await user.should_see("恢复默认", retries=WAIT)
    press(user, "columns-default")
    assert await until(lambda: "ring" not in rows(user, "grid")[0])


async def test_a_list_without_a_line_in_the_menu_is_found_by_its_name(crowd: Crowd) -> None:
    user = await at_list(crowd, MAKER)
    workspace: Any = page_of(user).request.scope["state"]["workspace"]
    assert [(one.title, one.module.hidden) for one in functions(workspace, "jdtb")] == [("进度填报", True)]

"""The workspace: what a role sees, tabs, addresses, hotkeys, and how a call to the door ends (H18)."""

import json
import logging

import pytest
from nicegui import binding
from nicegui.testing import User

from tests.ui.people import Crowd, page_of, scripts_sent, titles, until
from tests.ui.probe import ANSWERED, ANSWERING, ASKED, COUNT, SECRET
from ui.shell import message
from ui.shell.call import call
from ui.shell.desk import say
from ui.shell.menus import Menus
from ui.shell.tree import Tree
from ui.shell.workspace import Workspace


@pytest.fixture(autouse=True)
def _nothing_asked() -> None:
    ASKED.clear()


def address_of(user: User) -> str:
    """The address the page was last told to show."""
    told = [code for code in scripts_sent(page_of(user)) if "replaceState" in code]
    return told[-1].split('"')[1]


async def test_a_role_sees_its_modules_only(crowd: Crowd) -> None:
    clerk, bureau = await crowd.open("huamu01"), await crowd.open("pdju01")
    await clerk.should_see("窗口：5号窗口", retries=30)
    for drawn in (Menus, Tree):
        assert "街镇专用" in titles(clerk, drawn)
        assert "街镇专用" not in titles(bureau, drawn)
    await clerk.should_see("机构：花木街道社区事务受理服务中心", retries=30)


async def test_a_menu_does_what_its_user_may_and_nothing_else(crowd: Crowd) -> None:
    user = await crowd.open("pdju01", "/?open=probe-list")
    await user.should_see("第 1 / 6 页", retries=30)
    menus = user.find(kind=Menus)
    for senseless in ("probe-clerk", "sfSignOut", "", None, ["?keys"]):
        menus.trigger("choose", senseless)
    menus.trigger("choose", "?keys")
    await user.should_see("Alt+字母", retries=30)
    await user.should_not_see("没有这个功能，或您的岗位不能使用")
    menus.trigger("choose", "probe-form")
    await user.should_see(marker="field-name", retries=30)


async def test_a_module_of_another_role_does_not_open_by_its_address(crowd: Crowd) -> None:
    user = await crowd.open("pdju01", "/?open=probe-clerk")
    await user.should_see("没有这个功能，或您的岗位不能使用", retries=30)


async def test_an_address_opens_its_module_with_its_state(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-list&page=3&sort=-id")
    await user.should_see("第 3 / 6 页", retries=30)
    assert (ASKED[-1].page, ASKED[-1].sort) == (3, "-id")


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999", "²"])
async def test_a_senseless_page_number_is_the_first_page(crowd: Crowd, page: str) -> None:
    user = await crowd.open("shi01", f"/?open=probe-list&page={page}&sort=password&size=7")
    await user.should_see("第 1 / 6 页", retries=30)
    assert ASKED[-1].sort == ""


async def test_a_page_beyond_the_end_is_the_last_page(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-list&page=999")
    await user.should_see("第 6 / 6 页", retries=30)


async def test_the_address_follows_the_tab_and_keeps_no_personal_data(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-list")
    user.find(marker="filter-name").type("房屋11")
    user.find(marker="filter-id_no").type(SECRET)
    user.find(marker="search").click()
    await user.should_see("共 11 条", retries=30)
    assert ASKED[-1].text("id_no") == SECRET
    assert "name=%E6%88%BF%E5%B1%8B11" in address_of(user)
    assert SECRET not in address_of(user)


async def test_a_slow_answer_does_not_overwrite_a_later_one(crowd: Crowd) -> None:
    answered = len(ANSWERED)
    ANSWERING.clear()
    try:
        user = await crowd.open("shi01", "/?open=probe-list")
        user.find(marker="filter-name").type("房屋11")
        user.find(marker="search").click()
        await user.should_see("共 11 条", retries=30)
    finally:
        ANSWERING.set()
    assert await until(lambda: len(ANSWERED) > answered)
    await user.should_see("共 11 条", retries=30)
    await user.should_not_see("共 120 条")


async def test_a_wrong_day_in_a_filter_is_told_and_nothing_is_asked(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-list")
    await user.should_see("共 120 条", retries=30)
    asked = len(ASKED)
    user.find(marker="filter-since").type("2026-02-30")
    user.find(marker="search").click()
    await user.should_see("查询条件中的日期有误", retries=30)
    assert len(ASKED) == asked


async def test_a_list_turns_pages_and_opens_a_row(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-list")
    await user.should_see("共 120 条", retries=30)
    user.find(marker="page-next").click()
    await user.should_see("第 2 / 6 页", retries=30)
    user.find(marker="grid").trigger("enter", "21")
    await user.should_see("打开了房屋21", retries=30)
    user.find(marker="grid").trigger("enter", "999")
    user.find(marker="grid").trigger("sort", "name; DROP TABLE")
    await user.should_see("第 2 / 6 页", retries=30)


async def test_an_empty_list_says_so(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-list&name=nothing")
    await user.should_see("没有符合条件的记录", retries=30)


async def test_several_records_open_side_by_side_under_their_own_names(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-one&id=7")
    await user.should_see("记录7", retries=30)
    user.find(marker="tree").trigger("open", "probe-list")
    await user.should_see("共 120 条", retries=30)
    await user.should_see("记录7", retries=30)


async def test_a_module_that_breaks_leaves_the_workspace_standing(
    crowd: Crowd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    user = await crowd.open("shi01", "/?open=probe-broken")
    await user.should_see("此页面未能打开（编号", retries=30)
    user.find(marker="tree").trigger("open", "probe-list")
    await user.should_see("共 120 条", retries=30)
    assert SECRET not in caplog.text
    assert "RuntimeError" in caplog.text


async def test_a_refusal_is_told_in_its_own_words_beside_its_field_and_in_the_list(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-form")
    user.find("试拒绝").click()
    await user.should_see("房屋已有有效备案，请先注销", retries=30)
    await user.should_see("该部位已备案", retries=30)
    await user.should_see("不予办理", retries=30)


async def test_nothing_more_is_done_where_a_refusal_ends_the_event(
    crowd: Crowd, caplog: pytest.LogCaptureFixture
) -> None:
    user = await crowd.open("shi01", "/?open=probe-refused")
    await user.should_see("先画的内容", retries=30)
    await user.should_see("房屋已有有效备案，请先注销", retries=30)
    user.find("再试").click()
    user.find(marker="tree").trigger("open", "probe-list")
    await user.should_see("共 120 条", retries=30)
    assert "went on" not in ASKED
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_what_breaks_is_told_with_a_number_and_logged_without_values(
    crowd: Crowd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    user = await crowd.open("shi01", "/?open=probe-buttons")
    user.find("出错").click()
    await user.should_see("系统出错，未能完成“试验出错”", retries=30)
    assert SECRET not in caplog.text
    assert "RuntimeError" in caplog.text


async def test_a_right_that_is_missing_is_missing_behind_the_button_too(crowd: Crowd) -> None:
    user = await crowd.open("huamu01", "/?open=probe-buttons")
    user.find(marker="city").click()
    await user.should_see("您的岗位不能办理此项业务", retries=30)
    assert ASKED == []


async def test_an_event_to_a_hidden_or_disabled_button_is_dropped(crowd: Crowd) -> None:
    user = await crowd.open("huamu01", "/?open=probe-buttons")
    page = page_of(user)
    for element in list(page.elements.values()):
        if "hidden" in getattr(element, "_markers", ()) or getattr(element, "text", "") == "计数":
            if getattr(element, "text", "") == "计数":
                element.disable()  # type: ignore[attr-defined]
            listener = next(iter(element._event_listeners.values()))
            page.handle_event({"client_id": page.id, "id": element.id, "listener_id": listener.id, "args": ["{}"]})
    assert ASKED == []


async def test_two_clicks_at_once_are_one(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-buttons")
    user.find("计数").click()
    user.find("计数").click()
    await user.should_see("已办理", retries=30)
    assert ASKED == ["pressed"]


async def test_a_form_tells_every_fault_at_once_and_reads_values_in_their_types(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-form")
    user.find(marker="field-from").type("2026-02-30")
    user.find(marker="field-rent").type("1,20")
    user.find("保存").click()
    await user.should_see("有4处填写有误：承租人、起租日期、月租金、证件类型", retries=30)
    await user.should_see("没有2026年2月30日这一天，请核对日期。", retries=30)
    assert ASKED == []
    user.find(marker="field-name").type("张三")
    user.find(marker="field-from").clear().type("20260301")
    user.find(marker="field-rent").clear().type("1200.5")
    user.find(marker="field-kind").trigger("update:value", "2")
    user.find("保存").click()
    await user.should_see("已保存", retries=30)
    values = ASKED[-1]
    assert (values["name"], values["from"].isoformat(), str(values["rent"]), values["kind"]) == (
        "张三",
        "2026-03-01",
        "1200.5",
        "2",
    )


async def test_a_choice_takes_none_but_its_options(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-form")
    field = user.find(marker="field-kind")
    field.trigger("update:value", "3")
    field.trigger("update:value", "9")
    field.trigger("update:value", {"value": "1"})
    assert [element.value for element in field.elements] == ["3"]  # type: ignore[attr-defined]


async def test_a_hotkey_runs_the_command_of_the_tab_in_front(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-form")
    await press(user, "ctrl+s")
    await user.should_see("有4处填写有误", retries=30)
    await press(user, {"no": "text"})
    await press(user, "alt+9")


async def test_unsaved_input_is_asked_about_before_its_tab_closes(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-form")
    user.find(marker="field-name").type("李四")
    user.find(marker="close-probe-form").trigger("click.stop")
    await user.should_see("本页有未保存的内容，确定关闭？", retries=30)
    user.find("取消").click()
    await user.should_see("承租人", retries=30)
    user.find(marker="close-probe-form").trigger("click.stop")
    await user.should_see("本页有未保存的内容，确定关闭？", retries=30)
    user.find(marker="dialog-yes").click()
    await user.should_not_see("承租人")


async def test_what_is_pressed_twice_asks_once(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-form")
    user.find(marker="field-name").type("李四")
    close = user.find(marker="close-probe-form")
    close.trigger("click.stop")
    close.trigger("click.stop")
    await user.should_see("本页有未保存的内容，确定关闭？", retries=30)
    assert len(user.find(marker="dialog-yes").elements) == 1
    user.find("取消").click()
    await user.should_not_see("本页有未保存的内容，确定关闭？", retries=30)
    close.trigger("click.stop")
    await user.should_see("本页有未保存的内容，确定关闭？", retries=30)


async def test_more_than_ten_tabs_are_not_opened(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-one&id=0")
    workspace = page_of(user).request.scope["state"]["workspace"]
    assert isinstance(workspace, Workspace)
    with page_of(user):
        for number in range(1, 12):
            await workspace.open("probe-one", {"id": str(number)})
    assert len(workspace.places) == 10
    await user.should_see("最多同时打开10个页面，请先关闭不用的页面", retries=30)


async def test_no_page_watches_values_in_a_loop(crowd: Crowd) -> None:
    await crowd.open("shi01", "/?open=probe-form")
    assert binding.active_links == []


async def test_a_command_that_waits_says_what_for(crowd: Crowd) -> None:
    ASKED.clear()
    user = await crowd.open("shi01", "/?open=probe-form")
    (button,) = user.find("打印").elements
    assert button.props["title"] == "保存后才能打印"
    await press(user, "ctrl+p")
    await user.should_see("保存后才能打印", retries=30)
    assert ASKED == []
    workspace = page_of(user).request.scope["state"]["workspace"]
    command = next(one for one in workspace.front.commands if one.label == "打印")
    with page_of(user):
        command.enable()
    assert "title" not in button.props
    await press(user, "ctrl+p")
    assert await until(lambda: ASKED == ["printed"])


async def test_a_key_closes_the_tab_in_front_and_asks_what_is_unsaved(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-list")
    workspace = page_of(user).request.scope["state"]["workspace"]
    with page_of(user):
        await workspace.open("probe-form")
    user.find(marker="field-name").type("李四")
    await press(user, "alt+0")
    await user.should_see("本页有未保存的内容，确定关闭？", retries=30)
    user.find(marker="dialog-yes").click()
    await user.should_not_see("承租人", retries=30)
    assert list(workspace.places) == ["probe-list"]
    await press(user, "alt+0")
    assert await until(lambda: not workspace.places)
    await press(user, "alt+0")


async def test_what_was_told_stays_behind_with_its_page(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    user = await crowd.open("shi01", "/?open=probe-form")
    workspace = page_of(user).request.scope["state"]["workspace"]
    with page_of(user):
        workspace.desk.say("已读取证件", "good")
        await workspace.open("probe-list")
    await user.should_see("已读取证件", retries=30)
    monkeypatch.setattr(message, "_FRESH", -1.0)
    with page_of(user):
        await workspace.open("probe-form")
    await user.should_see("就绪", retries=30)
    await user.should_not_see("已读取证件")


async def press(user: User, keys: object) -> None:
    """What the page's script sends for a hotkey."""
    page = page_of(user)
    for element in page.elements.values():
        for listener in element._event_listeners.values():
            if listener.type == "hotkey":
                page.handle_event(
                    {"client_id": page.id, "id": element.id, "listener_id": listener.id, "args": [json.dumps(keys)]}
                )


def told(user: User) -> str:
    return str(user.find(marker="message").elements.pop().text)  # type: ignore[attr-defined]


async def test_a_fault_goes_when_what_it_is_about_is_put_right(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-form")
    for key, text in {"name": "张三", "from": "20260301"}.items():
        user.find(marker=f"field-{key}").type(text)
    user.find(marker="field-kind").trigger("update:value", "2")
    await press(user, "ctrl+s")
    await user.should_see("有1处填写有误：月租金", retries=30)
    user.find(marker="field-rent").type("12元")
    assert told(user) == "有1处填写有误：月租金"
    user.find(marker="field-rent").clear().type("1200")
    assert await until(lambda: told(user) == "就绪")


async def test_a_refusal_goes_when_something_is_done(crowd: Crowd) -> None:
    user = await crowd.open("huamu01", "/?open=probe-buttons")
    user.find(marker="city").click()
    await user.should_see("您的岗位不能办理此项业务", retries=30)
    with page_of(user):
        assert (await call(COUNT, "done", quiet=True)).ok
        assert told(user) == "您的岗位不能办理此项业务"
        assert (await call(COUNT, "done")).ok
    assert told(user) == "就绪"


async def test_a_message_does_not_stay_for_ever(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(message.STAYS, "good", 0.2)
    user = await crowd.open("shi01", "/?open=probe-buttons")
    user.find("计数").click()
    await user.should_see("已办理", retries=30)
    assert await until(lambda: told(user) == "就绪")


async def test_a_message_that_asks_to_load_anew_has_the_button(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=probe-buttons")
    await user.should_see("计数", retries=30)
    await user.should_not_see(marker="reload")
    with page_of(user):
        say("同一记录正被他人办理，请刷新后重试", "bad")
    await user.should_see(marker="reload")

"""A record in front of its maker: typed, saved by itself, checked, submitted, sent back, updated, compared."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from nicegui.elements.mixins.text_element import TextElement
from nicegui.testing import User

from models.records import RevisionState
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, OneRevision, Save
from tests.market import Market
from tests.ui.people import Crowd, until, was_told
from tests.ui.records.hands import (
    MAKER,
    OTHER_MAKER,
    REVIEWER,
    RIVAL,
    approved,
    begin,
    open_record,
    place_of,
    record_of,
    saved,
    submitted,
    table_of,
    type_in,
    value_in,
    version_of,
    whole,
)
from tests.ui.tenancy.hands import WAIT, answer, key, press, rows
from tests.world import World
from ui.records.form import found_in
from ui.records.shown import who_submits

pytestmark = pytest.mark.usefixtures("companies")
HOSTILE = ("<script>alert(1)</script>", "' OR 1=1 --", "𠮷野家😀", "‮翻转", "x" * 300, "空\x00字符", "\ud800")


async def test_f2_begins_a_draft_that_is_filled_and_saved_by_keyboard(crowd: Crowd, world: World) -> None:
    user = await crowd.open(MAKER, "/?open=list-parcel")
    await user.should_see("第 1 /", retries=WAIT)
    key(user, "f2")
    await user.should_see(marker="record-state", retries=WAIT)
    type_in(user, "parcel_name", "键盘填报的地块")
    type_in(user, "signed_on", "20260115")
    type_in(user, "land_area", "1,234.5")
    await saved(user)
    view = record_of(world, MAKER, place_id(user))
    assert (view.title, view.state) == ("键盘填报的地块", RevisionState.DRAFT)
    assert (view.values["signed_on"], view.values["land_area"]) == ("2026-01-15", "1234.50")


def place_id(user: User) -> Any:
    from uuid import UUID

    return UUID(place_of(user).params["id"])


async def test_f8_pressed_while_f6_still_checks_is_not_lost(crowd: Crowd, world: World) -> None:
    begun = begin(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    key(user, "f6")
    key(user, "f8")
    await user.should_see("不能提交：有", retries=WAIT)


async def test_what_is_typed_saves_itself_after_a_pause(crowd: Crowd, world: World) -> None:
    begun = begin(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    type_in(user, "parcel_name", "自动保存的地块")
    assert place_of(user).is_dirty()
    assert await until(lambda: record_of(world, MAKER, begun.record_id).title == "自动保存的地块")
    assert await until(lambda: not place_of(user).is_dirty())


async def test_another_tab_in_front_saves_at_once(crowd: Crowd, world: World) -> None:
    begun = begin(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    type_in(user, "parcel_name", "切换页面的地块")
    place_of(user).on_left()
    assert await until(lambda: record_of(world, MAKER, begun.record_id).title == "切换页面的地块")


async def test_what_was_missing_is_no_more_said_of_a_field_that_was_filled(crowd: Crowd, world: World) -> None:
    begun = begin(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    key(user, "f6")
    await user.should_see("预检完成", retries=WAIT)
    # In the list on the right, and beside the field.
    assert len(user.find("请填写“地块名称”").elements) == 2
    type_in(user, "parcel_name", "补上名称的地块")
    assert len(user.find("请填写“地块名称”").elements) == 1
    await saved(user)
    await user.should_not_see("请填写“地块名称”", retries=WAIT)
    assert len(user.find("请填写“地块编号”").elements) == 2
    # It is said again once the field is what the check found.
    type_in(user, "parcel_name", "")
    await saved(user)
    await user.should_see("请填写“地块名称”", retries=WAIT)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("title", "甲"),
        ("files.scan", ("一",)),
        ("files.other", None),
        ("lines", [{"area": "5"}, {"area": "6"}]),
        ("lines.2", {"area": "6"}),
        ("lines.2.area", "6"),
        ("lines.3.area", None),
        ("others.1.area", None),
    ],
)
def test_what_a_finding_is_about_is_found_by_its_name(name: str, found: object) -> None:
    content = {"title": "甲", "files.scan": ("一",), "lines": [{"area": "5"}, {"area": "6"}]}
    assert found_in(content, name) == found


async def test_what_cannot_be_read_is_kept_as_typed_and_told_beside_its_field(crowd: Crowd, world: World) -> None:
    begun = begin(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    type_in(user, "land_area", "很大")
    await saved(user)
    await user.should_see("请只填写数字", retries=WAIT)
    assert record_of(world, MAKER, begun.record_id).values["land_area"] == "很大"
    type_in(user, "land_area", "100")
    await saved(user)
    assert await until(lambda: record_of(world, MAKER, begun.record_id).values["land_area"] == "100.00")
    await user.should_not_see("请只填写数字")


async def test_the_trial_tells_everything_missing_beside_its_field_and_in_a_list(crowd: Crowd, world: World) -> None:
    begun = begin(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    key(user, "f6")
    await user.should_see("预检完成", retries=WAIT)
    trial = world.door.ask(acts("parcel").trial, world.caller(MAKER), begun.revision_id)
    assert len(trial) > 10
    for finding in trial[:5]:
        await user.should_see(finding.message)
    key(user, "f8")
    await user.should_see("不能提交", retries=WAIT)
    assert record_of(world, MAKER, begun.record_id).state is RevisionState.DRAFT


async def test_what_need_not_be_changed_is_told_as_a_hint_and_not_as_a_fault(crowd: Crowd, world: World) -> None:
    begun = whole(world, far="2.5", parcel_name="")
    user = await open_record(crowd, MAKER, begun.record_id)
    key(user, "f6")
    await user.should_see("预检完成", retries=WAIT)
    told = {}
    for name in ("far_area", "parcel_name"):
        control: Any = user.find(marker=f"field-{name}").elements.pop()
        told[name] = control.props["error"]
    assert told == {"far_area": False, "parcel_name": True}


async def test_a_warning_asks_for_a_reason_and_the_record_is_submitted(crowd: Crowd, world: World) -> None:
    begun = whole(world, far="2.5")
    user = await open_record(crowd, MAKER, begun.record_id)
    key(user, "f8")
    await user.should_see("请说明理由后提交", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("处填写有误", retries=WAIT)
    for code in {one.code for one in world.door.ask(acts("parcel").trial, world.caller(MAKER), begun.revision_id)}:
        user.find(marker=f"field-{code}").type("以补充协议为准")
    press(user, "dialog-yes")
    await user.should_see("已提交，等待审核", retries=WAIT)
    view = record_of(world, MAKER, begun.record_id)
    assert view.state is RevisionState.SUBMITTED
    assert set(view.reasons.values()) == {"以补充协议为准"}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_kept_or_told_and_never_breaks_the_page(crowd: Crowd, world: World, text: str) -> None:
    begun = begin(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    type_in(user, "parcel_name", text)
    type_in(user, "location", text)
    table_of(user, "supplements")._told(sent([{"supplement_no": text, "content": text, "其他": text}, "不是一行"]))
    key(user, "ctrl+s")
    told = ("已保存", "未能保存")
    assert await until(lambda: any(word in saving(user) for word in told))
    await user.should_not_see("系统出错")
    key(user, "f6")
    assert await until(lambda: "系统出错" not in saving(user))


def sent(args: Any) -> Any:
    """An event as a browser might send it."""
    return SimpleNamespace(args=args)


def saving(user: User) -> str:
    element: Any = user.find(marker="saving").elements.pop()
    return str(element.text)


async def test_who_is_overtaken_sees_both_contents_and_loses_nothing(crowd: Crowd, world: World) -> None:
    begun = begin(world, parcel_name="最初的名称")
    user = await open_record(crowd, MAKER, begun.record_id)
    order = Save(begun.revision_id, begun.version, {"parcel_name": "同事的名称", "plate": "同事的板块"})
    world.door.perform(acts("parcel").save, world.caller(OTHER_MAKER), order)
    type_in(user, "parcel_name", "我的名称")
    key(user, "ctrl+s")
    await user.should_see(marker="overtaken", retries=WAIT)
    await user.should_see("您填写的内容未丢失")
    press(user, "overtaken-compare")
    await user.should_see("同事的名称", retries=WAIT)
    await user.should_see("我的名称")
    press(user, "overtaken-mine")
    await user.should_see("已按您填写的内容保存", retries=WAIT)
    assert record_of(world, MAKER, begun.record_id).title == "我的名称"


async def test_who_is_overtaken_can_take_the_latest(crowd: Crowd, world: World) -> None:
    begun = begin(world, parcel_name="最初的名称")
    user = await open_record(crowd, MAKER, begun.record_id)
    order = Save(begun.revision_id, begun.version, {"parcel_name": "同事的名称"})
    world.door.perform(acts("parcel").save, world.caller(OTHER_MAKER), order)
    type_in(user, "parcel_name", "我的名称")
    key(user, "ctrl+s")
    await user.should_see(marker="overtaken", retries=WAIT)
    press(user, "overtaken-latest")
    await user.should_see("已载入最新内容", retries=WAIT)
    assert value_in(user, "parcel_name") == "同事的名称"
    type_in(user, "parcel_name", "接着修改")
    await saved(user)
    assert await until(lambda: record_of(world, MAKER, begun.record_id).title == "接着修改")


async def test_a_form_is_filled_from_its_source_and_what_is_changed_stands_in_red(crowd: Crowd, world: World) -> None:
    begun = begin(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    user.find(marker="prefill-key").type("W17-05")
    press(user, "prefill")
    await user.should_see("已带入，请核对后提交", retries=WAIT)
    assert value_in(user, "parcel_no") == "W17-05"
    far = value_in(user, "far")
    type_in(user, "far", "9")
    await saved(user)
    await user.should_see(f"来源为：{far}", retries=WAIT)
    press(user, "restore-far")
    assert value_in(user, "far") == far
    await saved(user)
    await user.should_not_see(f"来源为：{far}")


async def test_a_key_no_source_knows_is_told_and_the_form_stays(crowd: Crowd, world: World) -> None:
    begun = begin(world, parcel_name="没有来源")
    user = await open_record(crowd, MAKER, begun.record_id)
    user.find(marker="prefill-key").type("没有这样的合同")
    press(user, "prefill")
    await user.should_see("没有查到", retries=WAIT)
    assert value_in(user, "parcel_name") == "没有来源"


async def test_lines_are_saved_with_their_labels_read_and_faults_marked(crowd: Crowd, world: World) -> None:
    begun = begin(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    table_of(user, "instalments")._told(
        sent([{"no": "1", "amount": "100", "due_on": "20260301"}, {"no": "2", "amount": "不是数"}, {}])
    )
    await saved(user)
    (part,) = user.find(kind=TextElement, marker="part-instalments").elements
    assert part.text == "分期付款 2"
    lines = record_of(world, MAKER, begun.record_id).children["instalments"]
    assert lines == [{"no": "1", "amount": "100.00", "due_on": "2026-03-01"}, {"no": "2", "amount": "不是数"}]


async def test_what_was_submitted_can_be_taken_back_until_somebody_looks(crowd: Crowd, world: World) -> None:
    begun = submitted(world)
    user = await open_record(crowd, MAKER, begun.record_id)
    user.find("撤回").click()
    await user.should_see("确定撤回", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已撤回，可继续修改", retries=WAIT)
    assert record_of(world, MAKER, begun.record_id).state is RevisionState.DRAFT


async def test_a_return_shows_the_opinion_and_what_is_meant(crowd: Crowd, world: World) -> None:
    begun = submitted(world)
    caller = world.caller(REVIEWER)
    world.door.perform(acts("parcel").take, caller, OneRevision(begun.revision_id))
    version = version_of(world, REVIEWER, begun.revision_id).version
    order = Decide(begun.revision_id, version, "容积率与合同不符", ("far",))
    world.door.perform(acts("parcel").send_back, caller, order)
    user = await open_record(crowd, MAKER, begun.record_id)
    await user.should_see("退回意见：容积率与合同不符", retries=WAIT)
    await user.should_see("审核指出的内容：容积率")


async def test_an_update_leaves_what_is_in_force_and_is_compared_with_it(crowd: Crowd, world: World) -> None:
    begun = approved(world, parcel_name="更新前的地块")
    user = await open_record(crowd, MAKER, begun.record_id)
    await user.should_see("生效")
    key(user, "f8")
    await answer(user, "合同补充协议调整")
    await user.should_see("已生成新的草稿", retries=WAIT)
    type_in(user, "parcel_name", "更新后的地块")
    await saved(user)
    press(user, "compare-before")
    await user.should_see(marker="comparison", retries=WAIT)
    await user.should_see("更新后的地块")
    await user.should_see("修改")
    press(user, "compare-close")
    inside = record_of(world, REVIEWER, begun.record_id)
    assert (inside.version_no, inside.title) == (1, "更新前的地块")
    line = next(row for row in await listed(crowd, "更新前的地块") if row["parcel_name"] == "更新前的地块")
    assert line["badge"] == "更新草稿 第2版"


async def listed(crowd: Crowd, text: str) -> list[dict[str, Any]]:
    user = await crowd.open(MAKER, f"/?open=list-parcel&text={text}")
    await user.should_see("第 1 / 1 页", retries=WAIT)
    assert await until(lambda: bool(rows(user, "grid")))
    return rows(user, "grid")


async def test_a_draft_can_be_dropped(crowd: Crowd, world: World) -> None:
    begun = begin(world, parcel_name="要删除的草稿")
    user = await open_record(crowd, MAKER, begun.record_id)
    drop = next(one for one in place_of(user).commands if one.label == "删除草稿")
    assert drop.button is not None
    user.find(kind=type(drop.button), content="删除草稿").click()
    await user.should_see("删除后不能恢复", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("草稿已删除", retries=WAIT)


@pytest.mark.parametrize("login", [RIVAL, "binjiang01", "xhshen01"])
async def test_a_foreign_record_is_not_found_under_any_address(
    crowd: Crowd, world: World, companies: Market, login: str
) -> None:
    begun = approved(world)
    for more in (f"id={begun.record_id}", f"id={begun.record_id}&revision={begun.revision_id}", "id=nonsense"):
        user = await crowd.open(login, f"/?open=record&kind=parcel&{more}")
        await user.should_see("没有", retries=WAIT)
        await user.should_not_see("T001")
    user = await crowd.open(login, f"/?open=record&kind=nonsense&id={begun.record_id}")
    await user.should_see("没有这类记录", retries=WAIT)


async def test_a_record_in_force_is_voided_by_the_authority_with_a_reason(crowd: Crowd, world: World) -> None:
    begun = approved(world, parcel_name="要作废的地块")
    user = await open_record(crowd, "pdshen02", begun.record_id)
    await user.should_see("作废")
    command = next(one for one in place_of(user).commands if one.label == "作废")
    assert command.button is not None
    user.find(kind=type(command.button), content="作废").click()
    await answer(user, "重复登记的地块")
    await user.should_see("已作废", retries=WAIT)
    assert record_of(world, REVIEWER, begun.record_id).state is RevisionState.VOIDED


async def test_a_day_is_chosen_from_the_calendar(crowd: Crowd, world: World) -> None:
    begun = begin(world, parcel_name="选日期的地块", signed_on="2026-03-05")
    user = await open_record(crowd, MAKER, begun.record_id)
    control: Any = user.find(marker="field-signed_on").elements.pop()
    user.find(marker="field-signed_on").trigger("keydown.alt.down")
    await user.should_see(marker="calendar", retries=WAIT)
    calendar: Any = user.find(marker="calendar").elements.pop()
    assert calendar.value == "2026-03-05"
    calendar.set_value("2026-04-01")
    assert control.value == "2026-04-01"
    await saved(user)
    assert record_of(world, MAKER, begun.record_id).values["signed_on"] == "2026-04-01"


async def test_a_check_puts_the_keyboard_where_something_is_wrong(crowd: Crowd, world: World) -> None:
    begun = whole(world, parcel_name="没有附件的地块")
    view = record_of(world, MAKER, begun.record_id)
    order = Save(begun.revision_id, view.version, view.values, view.children)
    world.door.perform(acts("parcel").save, world.caller(MAKER), order)
    user = await open_record(crowd, MAKER, begun.record_id)
    key(user, "f6")
    await user.should_see("预检完成", retries=WAIT)
    # The part of the attachments is no field: it is shown, and its first button has the keyboard.
    assert await was_told(user, '[id="files-contract"]')


def test_a_check_without_findings_tells_who_submits(world: World) -> None:
    view = record_of(world, MAKER, whole(world, parcel_name="没有问题的地块").record_id)
    assert who_submits(view) == "可以提交"
    assert who_submits(replace(view, ways=view.ways - {"submit"})) == "可以请有提交权限的同事提交"

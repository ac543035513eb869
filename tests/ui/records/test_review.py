"""The reviewer's queue over all kinds: evidence, a word with pointed fields, one record after another, several at once."""

from uuid import UUID

import pytest
from nicegui.testing import User

from models.records import RevisionState
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, OneRevision, Save, StartUpdate, Submit
from tests.conformance.story import Story
from tests.market import Market
from tests.ui.people import Crowd, until
from tests.ui.records.hands import (
    MAKER,
    REVIEWER,
    SECOND,
    approved,
    open_record,
    record_of,
    submitted,
    type_in,
)
from tests.ui.tenancy.hands import WAIT, answer, choose, enter, key, pick, press, rows
from tests.world import World
from ui.review.keys import Letters, QueueKeys

pytestmark = pytest.mark.usefixtures("companies")


def letter(user: User, char: str) -> None:
    user.find(kind=QueueKeys).trigger("letter", char)


async def at_queue(crowd: Crowd, login: str, revision_id: object) -> User:
    user = await crowd.open(login, f"/?open=record_review&id={revision_id}")
    await user.should_see("基本信息", retries=WAIT)
    return user


async def test_a_reviewer_returns_a_record_pointing_at_a_field(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="要退回的地块")
    user = await at_queue(crowd, REVIEWER, begun.revision_id)
    await user.should_see("要退回的地块", retries=WAIT)
    # A sum of a record is read as text and still told in large units.
    await user.should_see("亿元）")
    await user.should_see(" 第1版")
    letter(user, "enter")
    await user.should_see(marker="decide-r", retries=WAIT)
    user.find(marker="point-far").click()
    letter(user, "r")
    await user.should_see(marker="reason-words", retries=WAIT)
    user.find(marker="reason-words").type("容积率与出让合同不符")
    press(user, "reason-send")
    await user.should_see("已退回修改", retries=WAIT)
    view = record_of(world, MAKER, begun.record_id)
    assert (view.state, view.pointed, view.opinion) == (RevisionState.RETURNED, ("far",), "容积率与出让合同不符")


async def test_a_level_reads_first_why_the_one_above_gave_the_record_back(crowd: Crowd, companies: Market) -> None:
    story = Story.of(companies, "head_company").begin().fill().submit().approve(1)
    second = story.reviewer(1)
    order = Decide(story.revision_id, story.view(second).version, "请核实实缴资本")
    story.perform(story.acts.step_back, second, order)
    user = await crowd.open(REVIEWER, f"/?open=record_review&id={story.revision_id}")
    await user.should_see("市级审核退回，请重新审核", retries=WAIT)
    await user.should_see("请核实实缴资本（")


async def test_a_colleague_is_asked_and_answers_by_letters(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="要征求意见的地块")
    user = await at_queue(crowd, REVIEWER, begun.revision_id)
    letter(user, "enter")
    await user.should_see("征求意见（Q）", retries=WAIT)
    user.find(kind=Letters).trigger("letter", "q")
    await user.should_see(marker="field-of", retries=WAIT)
    choose(user, "of", str(world.caller(SECOND).account_id))
    user.find(marker="field-reason").type("请看附件是否齐全")
    press(user, "dialog-yes")
    await user.should_see("已征求意见，对方在待办中看到", retries=WAIT)
    second = await at_queue(crowd, SECOND, begun.revision_id)
    await second.should_see("答复意见（A）", retries=WAIT)
    second.find(kind=Letters).trigger("letter", "a")
    await second.should_see(marker="field-agrees", retries=WAIT)
    choose(second, "agrees", "yes")
    second.find(marker="field-reason").type("附件均已齐全")
    press(second, "dialog-yes")
    await second.should_see("已答复意见", retries=WAIT)


async def test_what_changed_is_marked_against_what_is_in_force(crowd: Crowd, world: World) -> None:
    begun = approved(world, parcel_name="有更新的地块", plate="花木")
    maker = await open_record(crowd, MAKER, begun.record_id)
    key(maker, "f8")
    await answer(maker, "板块名称调整")
    await maker.should_see("已生成新的草稿", retries=WAIT)
    type_in(maker, "plate", "联洋")
    key(maker, "f8")
    assert await until(lambda: record_of(world, MAKER, begun.record_id).state is RevisionState.SUBMITTED)
    update = record_of(world, MAKER, begun.record_id)
    user = await at_queue(crowd, REVIEWER, update.revision_id)
    await user.should_see("与生效的第1版相比有1处变化", retries=WAIT)
    await user.should_see("生效版本：花木")
    letter(user, "enter")
    await user.should_see(marker="decide-p", retries=WAIT)
    letter(user, "p")
    assert await until(lambda: record_of(world, MAKER, begun.record_id).state is RevisionState.EFFECTIVE)
    view = record_of(world, MAKER, begun.record_id)
    assert (view.state, view.version_no, view.values["plate"]) == (RevisionState.EFFECTIVE, 2, "联洋")


@pytest.mark.row(56)
async def test_what_changes_is_told_where_a_record_comes_from_another_district(
    crowd: Crowd, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = approved(world, parcel_name="更正所在区的地块")
    caller = world.caller(MAKER)
    update = world.door.perform(acts("parcel").update, caller, StartUpdate(begun.record_id, "所在区登记有误"))
    view = record_of(world, MAKER, begun.record_id)
    files: dict[str, list[UUID]] = {}
    for one in view.files:
        files.setdefault(one.slot, []).append(one.id)
    order = Save(update.revision_id, view.version, {**view.values, "district": "310104"}, view.children, files)
    saved = world.door.perform(acts("parcel").save, caller, order)
    world.door.perform(acts("parcel").submit, caller, Submit(update.revision_id, saved.version, {}))
    user = await at_queue(crowd, "xhshen01", update.revision_id)
    await user.should_see("与生效的第1版相比有1处变化", retries=WAIT)
    await user.should_see("生效版本：浦东新区")

    async def silent(*_: object) -> None:
        return None

    monkeypatch.setattr("ui.records.review.compare", silent)
    again = await at_queue(crowd, "xhshen01", update.revision_id)
    await again.should_see("暂时无法与第1版比对", retries=WAIT)
    await again.should_not_see("与生效版本内容相同")


async def test_who_has_a_record_is_named_to_a_colleague(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="他人领取的地块")
    world.door.perform(acts("parcel").take, world.caller(SECOND), OneRevision(begun.revision_id))
    user = await at_queue(crowd, REVIEWER, begun.revision_id)
    await user.should_see("正在处理", retries=WAIT)
    await user.should_not_see(marker="decide-p")


async def test_several_are_passed_at_once_each_with_its_own_result(crowd: Crowd, world: World) -> None:
    free = [submitted(world, parcel_name=f"批量地块{number}") for number in (1, 2)]
    held = submitted(world, parcel_name="批量地块3")
    world.door.perform(acts("parcel").take, world.caller(SECOND), OneRevision(held.revision_id))
    user = await crowd.open(REVIEWER, "/?open=record_review&kind=parcel")
    await user.should_see("第 1 /", retries=WAIT)
    ids = [str(one.revision_id) for one in (*free, held)]
    user.find(marker="grid").trigger("ticks", ids)
    key(user, "f8")
    press_yes(user)
    await user.should_see("完成 2 件", retries=WAIT)
    assert {record_of(world, MAKER, one.record_id).state for one in free} == {RevisionState.EFFECTIVE}
    assert record_of(world, MAKER, held.record_id).state is RevisionState.SUBMITTED
    press(user, "outcomes-close")


def press_yes(user: User) -> None:
    from nicegui import background_tasks

    from tests.ui.people import page_of

    async def agree() -> None:
        await user.should_see(marker="dialog-yes", retries=WAIT)
        press(user, "dialog-yes")

    background_tasks.create(agree(), context=page_of(user))


async def test_a_district_sees_nothing_of_another_in_its_queue(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="浦东的地块")
    user = await crowd.open("xhshen01", f"/?open=record_review&id={begun.revision_id}")
    await user.should_see("没有查到", retries=WAIT)
    assert all("浦东的地块" not in str(row) for row in rows(user, "grid"))


async def test_a_reviewer_comes_from_the_record_to_the_queue(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="从记录去审核")
    user = await open_record(crowd, REVIEWER, begun.record_id)
    key(user, "f8")
    await user.should_see(marker="take", retries=WAIT)
    pick(user, "grid", begun.revision_id)
    enter(user, "grid", begun.revision_id)
    await user.should_see(marker="decide-p", retries=WAIT)


async def test_what_was_typed_stands_beside_what_is_kept(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="录入不同的地块", plate="  花木ＡＢ")
    user = await at_queue(crowd, REVIEWER, begun.revision_id)
    await user.should_see("录入：“  花木ＡＢ”", retries=WAIT)
    await user.should_see("花木AB")


async def test_a_record_submitted_again_shows_what_changed_and_no_old_ticks(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="原来的名称")
    user = await at_queue(crowd, REVIEWER, begun.revision_id)
    letter(user, "enter")
    await user.should_see(marker="decide-r", retries=WAIT)
    user.find(marker="point-far").click()
    letter(user, "r")
    await user.should_see(marker="reason-words", retries=WAIT)
    user.find(marker="reason-words").type("地块名称有误")
    press(user, "reason-send")
    await user.should_see("已退回修改", retries=WAIT)
    maker = await open_record(crowd, MAKER, begun.record_id)
    type_in(maker, "parcel_name", "更正的名称")
    key(maker, "f8")
    await until(lambda: record_of(world, MAKER, begun.record_id).state is RevisionState.SUBMITTED)
    enter(user, "grid", begun.revision_id)
    again = await at_queue(crowd, REVIEWER, begun.revision_id)
    await again.should_see("与退回时相比", retries=WAIT)
    await again.should_see("1处变化")


async def test_a_decision_is_taken_back_by_one_key_within_its_minute(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="误退的地块")
    user = await at_queue(crowd, REVIEWER, begun.revision_id)
    letter(user, "enter")
    await user.should_see(marker="decide-n", retries=WAIT)
    letter(user, "n")
    await user.should_see(marker="reason-words", retries=WAIT)
    user.find(marker="reason-words").type("点错了的意见")
    press(user, "reason-send")
    await user.should_see(marker="undo-decision", retries=WAIT)
    await user.should_see("秒内可撤销")
    assert record_of(world, MAKER, begun.record_id).state is RevisionState.REJECTED
    letter(user, "z")
    await user.should_see("已撤销，该件回到待审核", retries=WAIT)
    assert record_of(world, MAKER, begun.record_id).state is RevisionState.SUBMITTED
    await user.should_see(marker="decide-n", retries=WAIT)
    letter(user, "z")
    await user.should_see("没有可以撤销的决定", retries=WAIT)

"""The guided filing in front of the page: each step, what it tells, what it saves, and what comes of handing in (row 6)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from nicegui import ui as web
from nicegui.element import Element
from nicegui.testing import User

from models.documents import PrintLog
from models.tenancy_codes import CaseState
from services.engine.drafts import SaveDraft, my_drafts, open_draft, save_draft
from services.tenancy.counter_forms import new_form
from tests.services.tenancy.counter import CHEN, LI, Counter, somebody
from tests.ui.people import Crowd, page_of
from tests.ui.tenancy.hands import WAIT, key, put_instead
from tests.world import World

CLERK = "huamu01"
STEPS = ("house", "parties", "rooms", "terms", "materials", "check")


def begun(world: World, raw: dict[str, Any], step: str = "house", **kept: Any) -> str:
    """A draft of the clerk, and the address that opens it."""
    payload = {"raw": raw, "step": step, "kept": kept}
    saved = world.door.perform(save_draft, world.caller(CLERK), SaveDraft("filing", "一处房屋", payload))
    return f"/?open=filing_form&id={saved.id}"


def whole(counter: Counter, *, bedrooms: int = 0, **changes: Any) -> dict[str, Any]:
    """Everything typed for a free flat, with so many bedrooms if they matter; the cards of both sides read."""
    tenant, flat = somebody(), counter.free_flat(bedrooms=bedrooms)
    raw = new_form(counter.world.door.clock.today()) | counter.form(flat, tenant, **changes)
    for side in ("lessors", "lessees"):
        raw[side] = [{**party, "kind": "PERSON", "card_read": True} for party in raw[side]]
    return raw


async def at_step(user: User, title: str) -> None:
    await user.should_see(title, retries=WAIT)


def drawn(user: User) -> list[Element]:
    """What the browser really draws: not what stands in a closed menu."""
    return [
        element
        for element in page_of(user).elements.values()
        if element.visible and not any(isinstance(one, web.menu) for one in _above(element))
    ]


def _above(element: Element) -> list[Element]:
    return [element, *element.ancestors()]


async def confirmed(user: User) -> None:
    """Both sides sign on paper, and the lease stands before it is handed in."""
    await at_step(user, "7. 双方确认")
    for sheet, side in (("QZ0001", "出租人已确认"), ("QZ0002", "双方均已确认")):
        await user.should_see(marker="sheet-no", retries=WAIT)
        user.find(marker="sheet-no").clear().type(sheet)
        key(user, "f8")
        await user.should_see(side, retries=WAIT)
    key(user, "f8")
    await at_step(user, "8. 提交与结果")
    await user.should_see("提交后系统核验全部事项", retries=WAIT)


async def handed_in(crowd: Crowd, counter: Counter, raw: dict[str, Any]) -> User:
    user = await crowd.open(CLERK, begun(counter.world, raw, "check"))
    await user.should_see("双方确认（F8）", retries=WAIT)
    key(user, "f8")
    await confirmed(user)
    key(user, "f8")
    return user


@pytest.mark.row(6)
async def test_registered_facts_arrive_read_only(crowd: Crowd, counter: Counter) -> None:
    flat = counter.free_flat()
    raw = new_form(counter.world.door.clock.today())
    raw["house"]["cert_no"] = flat.cert_no
    raw["lessors"][0] |= {"name": CHEN.name, "id_no": CHEN.id_no}
    user = await crowd.open(CLERK, begun(counter.world, raw))
    await user.should_see(f"{float(flat.line['floor_area']):.2f} ㎡", retries=WAIT)
    await user.should_see(f"出租人{CHEN.name}：与登记信息不一致")
    await user.should_not_see(flat.owners[0].name)
    await user.should_not_see(marker="field-house.build_area")


@pytest.mark.row(6)
@pytest.mark.parametrize("step", STEPS)
async def test_no_step_mounts_too_much(crowd: Crowd, counter: Counter, step: str) -> None:
    raw = whole(counter)
    raw["lessees"] += [{**raw["lessees"][0], **{"name": LI.name, "id_no": LI.id_no}}] * 3
    raw["residents"] = [{"name": f"住户{name}", "id_type": "11", "id_no": "", "relation": "OTHER"} for name in "甲乙丙"]
    user = await crowd.open(CLERK, begun(counter.world, raw, step))
    await user.should_see("上一步（PgUp）" if step != "house" else "下一步（F8）", retries=WAIT)
    assert len(drawn(user)) < 200


@pytest.mark.row(6)
async def test_a_step_with_something_missing_is_not_left(crowd: Crowd, counter: Counter) -> None:
    user = await crowd.open(CLERK, begun(counter.world, new_form(counter.world.door.clock.today()), "terms"))
    await at_step(user, "4. 租期、租金与费用")
    key(user, "f8")
    await user.should_see("请填写租金", retries=WAIT)
    put_instead(user, "rent", "1" + "0" * 40)
    user.find(marker="field-rent").trigger("blur")
    await user.should_see("金额过大", retries=WAIT)
    await user.should_see("4. 租期、租金与费用")
    # A rent that is wrong is not proposed as the deposit too.
    deposit: Any = user.find(marker="field-deposit").elements.pop()
    assert not deposit.value


@pytest.mark.row(6)
async def test_the_same_person_on_both_sides_is_told_beside_the_field(crowd: Crowd, counter: Counter) -> None:
    raw = whole(counter)
    raw["lessees"][0] |= {"name": raw["lessors"][0]["name"], "id_no": raw["lessors"][0]["id_no"]}
    user = await crowd.open(CLERK, begun(counter.world, raw, "parties"))
    await at_step(user, "2. 当事人与代理人")
    key(user, "f8")
    await user.should_see("出租人与承租人不能为同一人", retries=WAIT)
    await user.should_see("2. 当事人与代理人")


@pytest.mark.row(6)
async def test_eight_people_in_two_rooms_are_told_where_they_are_entered(crowd: Crowd, counter: Counter) -> None:
    raw = whole(counter, bedrooms=2)
    crowded = [somebody(f"住户{name}") for name in "甲乙丙丁戊己庚"]
    raw["residents"] = [
        {"name": one.name, "id_type": "11", "id_no": one.id_no, "relation": "FRIEND"} for one in crowded
    ]
    user = await crowd.open(CLERK, begun(counter.world, raw, "rooms"))
    await user.should_see("本次居住8人", retries=WAIT)
    # The title comes last: a key before it meets a step that is still being drawn.
    await at_step(user, "3. 房间与居住人")
    key(user, "f8")
    await user.should_see("每个房间居住不得超过2人", retries=WAIT)
    await user.should_see("3. 房间与居住人")


@pytest.mark.row(6)
async def test_a_minor_gets_a_guardian_at_once(crowd: Crowd, counter: Counter) -> None:
    raw = new_form(counter.world.door.clock.today())
    user = await crowd.open(CLERK, begun(counter.world, raw, "parties"))
    await at_step(user, "2. 当事人与代理人")
    put_instead(user, "lessees.0.id_no", "310101201005200075")
    user.find(marker="field-lessees.0.id_no").trigger("blur")
    await user.should_see(marker="field-lessees.0.agent_name", retries=WAIT)


@pytest.mark.row(6)
async def test_a_passport_is_asked_for_the_birthday_and_a_minor_gets_a_guardian(crowd: Crowd, counter: Counter) -> None:
    raw = whole(counter)
    raw["lessees"][0] |= {"id_type": "31", "id_no": "12AB34567", "nationality": "法国"}
    user = await crowd.open(CLERK, begun(counter.world, raw, "parties"))
    await at_step(user, "2. 当事人与代理人")
    await user.should_see(marker="field-lessees.0.born_on", retries=WAIT)
    await user.should_not_see(marker="field-lessors.0.born_on")
    key(user, "f8")
    await user.should_see("请填写承租人出生日期", retries=WAIT)
    put_instead(user, "lessees.0.born_on", "20150301")
    user.find(marker="field-lessees.0.born_on").trigger("blur")
    await user.should_see(marker="field-lessees.0.agent_name", retries=WAIT)


@pytest.mark.row(6)
async def test_the_supervised_account_is_asked_for_where_it_is_due(crowd: Crowd, counter: Counter) -> None:
    raw = whole(counter, deposit_custody="SUPERVISED")
    user = await crowd.open(CLERK, begun(counter.world, raw, "terms"))
    await user.should_see(marker="field-supervised_account", retries=WAIT)
    other = await crowd.open(CLERK, begun(counter.world, whole(counter), "terms"))
    await at_step(other, "4. 租期、租金与费用")
    await other.should_not_see(marker="field-supervised_account")


@pytest.mark.row(6)
async def test_what_is_typed_is_on_the_server_and_the_later_tab_is_told(crowd: Crowd, counter: Counter) -> None:
    address = begun(counter.world, whole(counter), "parties")
    first = await crowd.open(CLERK, address)
    # A second tab of the same browser: an account is signed in once.
    second = User(first.http_client)
    await second.open(address)
    for user, name in ((first, "第一页"), (second, "第二页")):
        await user.should_see(marker="field-lessees.0.name", retries=WAIT)
        put_instead(user, "lessees.0.name", name)
    key(first, "ctrl+s")
    await first.should_see("已保存 ", retries=WAIT)
    key(second, "ctrl+s")
    await second.should_see("已在另一页面中修改", retries=WAIT)
    await second.should_see("第二页")
    await second.should_see("刷新，载入另一页面的内容")
    draft = UUID(address.rpartition("=")[2])
    door = counter.world.door
    kept = door.ask(open_draft, counter.clerk(), draft).payload
    second.find("以本页内容另存为新草稿").click()
    await second.should_see("已保存 ", retries=WAIT)
    drafts = [door.ask(open_draft, counter.clerk(), line.id) for line in door.ask(my_drafts, counter.clerk(), "filing")]
    assert [one.id for one in drafts if one.payload["raw"]["lessees"][0]["name"] == "第二页"] != []
    assert kept["raw"]["lessees"][0]["name"] == "第一页"
    page_of(second).delete()


@pytest.mark.row(6)
async def test_every_reason_is_told_at_once_and_leads_to_its_field(crowd: Crowd, counter: Counter) -> None:
    raw = whole(counter, deposit_deduct_rule="", end="2199-12-31")
    user = await crowd.open(CLERK, begun(counter.world, raw, "check"))
    await user.should_see("租赁期限不得超过20年", retries=WAIT)
    await user.should_see("请写明押金数额、返还时间和扣减情形")
    user.find("请写明押金数额、返还时间和扣减情形").click()
    await at_step(user, "4. 租期、租金与费用")


@pytest.mark.row(6)
async def test_a_lease_both_sides_confirmed_gets_its_number_and_papers(crowd: Crowd, counter: Counter) -> None:
    user = await handed_in(crowd, counter, whole(counter))
    await user.should_see("备案成功", retries=WAIT)
    await user.should_see("住房租赁合同备案通知书")
    await user.should_see("BA310", retries=WAIT)
    await user.should_not_see("正在填写……")
    key(user, "f2")
    await user.should_see(marker="intake-number", retries=WAIT)


@pytest.mark.row(6)
async def test_a_wrong_card_confirms_nothing(crowd: Crowd, counter: Counter) -> None:
    raw = whole(counter)
    raw["lessors"][0]["card_read"] = False
    raw["materials"] = [*raw["materials"], "居民身份证"]
    user = await crowd.open(CLERK, begun(counter.world, raw, "check"))
    await user.should_see("双方确认（F8）", retries=WAIT)
    key(user, "f8")
    await user.should_see(marker="sheet-no", retries=WAIT)
    await asyncio.sleep(0.1)
    key(user, "f8")
    await user.should_see("请先读取当事人（代理人）的证件", retries=WAIT)
    key(user, "f4")
    await user.should_see(marker="card-line", retries=WAIT)
    user.find(marker="card-line").trigger("keydown.enter", LI.id_no)
    await user.should_see("的证件已读取", retries=WAIT)
    user.find(marker="sheet-no").type("QZ0001")
    key(user, "f8")
    await user.should_see("读取的证件与合同当事人（代理人）不一致", retries=WAIT)


@pytest.mark.row(7)
async def test_a_silent_source_makes_the_page_wait_and_then_show_the_number(crowd: Crowd, counter: Counter) -> None:
    raw = whole(counter)
    user = await crowd.open(CLERK, begun(counter.world, raw, "check"))
    await user.should_see("双方确认（F8）", retries=WAIT)
    key(user, "f8")
    await confirmed(user)
    counter.world.fault("police", "error")
    try:
        key(user, "f8")
        await user.should_see("正在核验", retries=WAIT)
        await user.should_see("办件编号", retries=WAIT)
    finally:
        counter.world.heal()
    key(user, "f8")
    await user.should_see("住房租赁合同备案通知书", retries=WAIT)
    await user.should_see("备案成功", retries=WAIT)


@pytest.mark.row(6)
async def test_a_refused_lease_tells_why_and_may_be_put_right(crowd: Crowd, counter: Counter) -> None:
    raw = whole(counter, deposit_deduct_rule="")
    user = await crowd.open(CLERK, begun(counter.world, raw, "check"))
    await user.should_see("请写明押金数额", retries=WAIT)
    key(user, "f8")
    await user.should_see("核验没有通过", retries=WAIT)
    user.find(marker="dialog-yes").click()
    await confirmed(user)
    key(user, "f8")
    await user.should_see(CaseState.RETURNED.label, retries=WAIT)
    await user.should_see("一次性告知单", retries=WAIT)
    # The key that prints after a success prints here too, and keeps the result open (desk fault 1).
    key(user, "f8")
    await user.should_see("份文书已送浏览器打印", retries=WAIT)
    await user.should_see("一次性告知单", retries=WAIT)
    key(user, "f9")
    await at_step(user, "4. 租期、租金与费用")
    put_instead(user, "deposit_deduct_rule", "据实扣减")
    for title in ("5. 申请材料", "6. 核验"):
        await asyncio.sleep(0)
        key(user, "f8")
        await at_step(user, title)
    await user.should_see("核验通过", retries=WAIT)
    key(user, "f8")
    await confirmed(user)
    # The result that is being put right can be opened again.
    user.find(marker="last-result").click()
    await user.should_see("一次性告知单", retries=WAIT)
    key(user, "f9")
    await at_step(user, "4. 租期、租金与费用")
    for title in ("5. 申请材料", "6. 核验"):
        await asyncio.sleep(0)
        key(user, "f8")
        await at_step(user, title)
    await user.should_see("核验通过", retries=WAIT)
    key(user, "f8")
    await at_step(user, "7. 双方确认")
    key(user, "f8")
    await at_step(user, "8. 提交与结果")
    key(user, "f8")
    await user.should_see("备案成功", retries=WAIT)


@pytest.mark.row(6)
async def test_an_intercepted_lease_leaves_no_draft_behind(crowd: Crowd, counter: Counter) -> None:
    raw = whole(counter)
    raw["lessees"][0]["id_valid_to"] = "2020-01-01"
    before = {line.id for line in counter.world.door.ask(my_drafts, counter.clerk(), "filing")}
    user = await crowd.open(CLERK, begun(counter.world, raw, "check"))
    await user.should_see("按现有信息会被系统拦截", retries=WAIT)
    key(user, "f8")
    await user.should_see("核验没有通过", retries=WAIT)
    user.find(marker="dialog-yes").click()
    await confirmed(user)
    key(user, "f8")
    await user.should_see("请把告知书交给申请人", retries=WAIT)
    await user.should_see("系统拦截告知书", retries=WAIT)
    await user.should_see("办理下一件", retries=WAIT)
    key(user, "f8")
    await user.should_see("整套2份文书已送浏览器打印", retries=WAIT)
    # One press hands out the set, and keeps to whom.
    receiver = {"name": "、".join(one["name"] for one in (*raw["lessors"], *raw["lessees"])), "capacity": "当事人"}
    kept = counter.world.read(lambda work: [one.requester.json() for one in work.rows(PrintLog) if one.requester])
    assert kept.count(receiver) == 2
    assert {line.id for line in counter.world.door.ask(my_drafts, counter.clerk(), "filing")} == before
    key(user, "f9")
    await at_step(user, "2. 当事人与代理人")

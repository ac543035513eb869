"""The district's desk: the evidence of an application, passing, returning, several at once; tasks and brands (rows 38, 40, 44)."""

import re
from dataclasses import replace
from typing import Any

import pytest
from nicegui.testing import User

from models.practitioner_codes import ApplyKind, ApplyState, BrandState, CardState, CheckAnswer, TaskKind, TaskState
from models.practitioners import Brand, CardApply, CardTask, InfoCard
from services.practitioners.orders import PersonData
from services.practitioners.tasks import raise_task
from tests.drawn_portraits import silhouette
from tests.services.practitioners.desks.people import Desks
from tests.ui.people import Crowd, until
from tests.ui.practitioners.conftest import CITY, FOREIGN, INSPECTOR, hired_lately
from tests.ui.tenancy.hands import WAIT, answer, enter, key, pick, press, rows
from ui.review.keys import QueueKeys


async def at(crowd: Crowd, login: str, module: str, more: str = "") -> User:
    user = await crowd.open(login, f"/?open={module}{more}")
    await user.should_see("共 ", retries=WAIT)
    return user


async def in_hand(user: User, row_id: object) -> None:
    enter(user, "grid", row_id)
    await user.should_see(marker="decide-p", retries=WAIT)


def letter(user: User, char: str) -> None:
    user.find(kind=QueueKeys).trigger("letter", char)


@pytest.mark.row(40)
async def test_the_evidence_of_an_application_is_shown(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    old = replace(person, hired_on=desks.ago(40))
    apply_id = desks.waiting(old)
    user = await at(crowd, INSPECTOR, "card_inspection")
    pick(user, "grid", apply_id)
    await user.should_see(person.id_no, retries=WAIT)
    await user.should_see(person.mobile)
    await user.should_see("浦东新区", retries=WAIT)
    checks = {row["code"]: (row["result"], row["words"]) for row in rows(user, "核验结果")}
    assert checks["K01"][0] == checks["K02"][0] == "通过"
    assert checks["K06"][0] == "提示"
    assert "30" in checks["K06"][1]


@pytest.mark.row(40)
async def test_a_photo_without_a_face_is_marked_and_found_by_the_filter(crowd: Crowd, desks: Desks) -> None:
    faceless = desks.handed_in(hired_lately(desks), portrait_id=desks.photo(silhouette(3)).portrait_id)
    good = desks.waiting(hired_lately(desks))
    user = await at(crowd, INSPECTOR, "card_inspection", "&face=IN_DOUBT")
    shown = {row["apply_no"] for row in rows(user, "grid")}
    assert desks.kept(faceless).apply_no in shown
    assert desks.kept(good).apply_no not in shown
    pick(user, "grid", faceless)
    await user.should_see("未检出人脸", retries=WAIT)
    assert {row["code"]: row["words"] for row in rows(user, "核验结果")}["K07"] == "照片中未检出人脸，请核对"


@pytest.mark.row(40)
async def test_passing_draws_up_the_card_and_opens_the_next(crowd: Crowd, desks: Desks) -> None:
    first, second = (desks.waiting(hired_lately(desks)) for _ in range(2))
    user = await at(crowd, INSPECTOR, "card_inspection")
    button: Any = user.find(marker="view-all").elements.pop()
    assert re.fullmatch(r"待验看 [1-9]\d*", button.text)
    await in_hand(user, first)
    assert desks.kept(first).taken_by == desks.inspector.account_id
    letter(user, "p")
    assert await until(lambda: desks.kept(first).state is ApplyState.PASSED)
    await user.should_see("验看通过", retries=WAIT)
    card_id = desks.kept(first).card_id
    assert card_id is not None
    assert desks.card(card_id).state is CardState.PASSED
    assert await until(lambda: desks.kept(second).state is ApplyState.INSPECTING)
    assert str(first) not in {row["id"] for row in rows(user, "grid")}


@pytest.mark.row(40)
async def test_returning_without_a_reason_is_refused_and_with_one_reaches_the_firm(
    crowd: Crowd, desks: Desks, person: PersonData
) -> None:
    apply_id = desks.waiting(person)
    user = await at(crowd, INSPECTOR, "card_inspection")
    await in_hand(user, apply_id)
    letter(user, "r")
    await user.should_see(marker="reason-send", retries=WAIT)
    press(user, "reason-send")
    await user.should_see("请填写退回原因（不少于5个字）", retries=WAIT)
    assert desks.kept(apply_id).state is ApplyState.INSPECTING
    user.find(marker="reason-words").type("照片不清晰，请重新上传")
    press(user, "reason-send")
    assert await until(lambda: desks.kept(apply_id).state is ApplyState.RETURNED)


@pytest.mark.row(40)
async def test_a_batch_skips_what_is_not_checked_and_says_so(crowd: Crowd, desks: Desks) -> None:
    ready, unknown = (desks.waiting(hired_lately(desks)) for _ in range(2))
    desks.world.rewrite(CardApply, CardApply.id == unknown, two_factor=CheckAnswer.SILENT)
    user = await at(crowd, INSPECTOR, "card_inspection")
    user.find(marker="grid").trigger("ticks", [str(ready), str(unknown)])
    key(user, "f8")
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("批量通过：完成 1 件，未办理 1 件", retries=WAIT)
    told = {row["label"]: row for row in rows(user, "批量通过结果")}
    assert told[desks.kept(ready).apply_no]["done"] == "完成"
    assert "尚未通过" in told[desks.kept(unknown).apply_no]["message"]
    assert desks.kept(unknown).state is ApplyState.INSPECTING


@pytest.mark.row(40)
async def test_a_district_sees_only_its_own_and_the_city_only_looks(
    crowd: Crowd, desks: Desks, person: PersonData
) -> None:
    apply_id = desks.waiting(person)
    elsewhere = await at(crowd, FOREIGN, "card_inspection", f"&id={apply_id}")
    assert str(apply_id) not in {row["id"] for row in rows(elsewhere, "grid")}
    await elsewhere.should_not_see(person.id_no)
    city = await at(crowd, CITY, "card_inspection")
    pick(city, "grid", apply_id)
    await city.should_see(person.id_no, retries=WAIT)
    await city.should_not_see(marker="take")


@pytest.mark.row(40)
async def test_a_change_shows_what_it_replaces(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    card_id = desks.active(person)
    changed = replace(person, post="店长", store="张江店")
    answer = desks.applied(changed, kind=ApplyKind.CHANGE, card_id=card_id)
    user = await at(crowd, INSPECTOR, "card_inspection")
    pick(user, "grid", answer.apply_id)
    await user.should_see("变更内容（2项）", retries=WAIT)
    assert {(row["label"], row["before"], row["after"]) for row in rows(user, "变更内容")} == {
        ("岗位", "租赁顾问", "店长"),
        ("门店", "花木店", "张江店"),
    }


@pytest.mark.row(44)
async def test_a_hit_is_confirmed_or_lifted_with_a_reason(crowd: Crowd, desks: Desks) -> None:
    cards = [desks.active(hired_lately(desks)) for _ in range(2)]
    for card_id in cards:
        desks.world.act(
            lambda work, card_id=card_id: raise_task(  # type: ignore[misc]
                work, TaskKind.BLACKLIST, card=work.get(InfoCard, card_id), detail={"words": "严重违规从业"}
            )
        )
    tasks = [desks.tasks_of(card_id)[0].id for card_id in cards]
    user = await at(crowd, INSPECTOR, "card_tasks")
    pick(user, "grid", tasks[0])
    await user.should_see("严重违规从业", retries=WAIT)
    letter(user, "c")
    await user.should_see(marker="reason-words", retries=WAIT)
    user.find(marker="reason-words").type("经核查，名单情况属实")
    press(user, "reason-send")
    assert await until(lambda: desks.card(cards[0]).state is CardState.CANCELLED)
    await user.should_see("信息卡已注销", retries=WAIT)
    # The next one has opened by itself.
    await user.should_see(f"黑名单命中 {desks.card(cards[1]).card_no}", retries=WAIT)
    letter(user, "l")
    await user.should_see(marker="reason-words", retries=WAIT)
    user.find(marker="reason-words").type("经核查不是本人")
    press(user, "reason-send")
    assert await until(lambda: desks.rows(CardTask, CardTask.id == tasks[1])[0].state is TaskState.DONE)
    assert desks.card(cards[1]).state is CardState.ACTIVE


@pytest.mark.row(38)
async def test_a_short_name_is_approved_beside_the_one_in_force(crowd: Crowd, desks: Desks) -> None:
    first = desks.brand("沪寓甲")
    user = await at(crowd, INSPECTOR, "brand_review")
    await in_hand(user, first.id)
    await user.should_see("该企业还没有简称与图标。", retries=WAIT)
    letter(user, "p")
    assert await until(lambda: desks.rows(Brand, Brand.id == first.id)[0].state is BrandState.APPROVED)
    second = desks.brand("沪寓乙")
    user = await at(crowd, INSPECTOR, "brand_review")
    await in_hand(user, second.id)
    await user.should_see("新的简称与图标审核通过前，现行的继续有效。", retries=WAIT)
    letter(user, "r")
    await user.should_see(marker="reason-words", retries=WAIT)
    user.find(marker="reason-words").type("图标含有他人商标")
    press(user, "reason-send")
    assert await until(lambda: desks.rows(Brand, Brand.id == second.id)[0].state is BrandState.RETURNED)
    assert desks.firm_row().short_name == "沪寓甲"


async def test_a_card_is_suspended_with_a_reason_and_put_back(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    card_id = desks.active(person)
    number = desks.card(card_id).card_no
    user = await at(crowd, INSPECTOR, "cards", f"&card_no={number}")
    pick(user, "grid", card_id)
    await user.should_see(marker="suspend-card", retries=WAIT)
    press(user, "suspend-card")
    await answer(user, "收到投诉，调查期间暂停")
    await user.should_see(f"信息卡 {number} 已暂停", retries=WAIT)
    assert desks.card(card_id).state is CardState.SUSPENDED
    await user.should_see(marker="resume-card", retries=WAIT)
    press(user, "resume-card")
    await answer(user, "调查结束，情况不属实")
    await user.should_see(f"信息卡 {number} 已恢复", retries=WAIT)
    assert desks.card(card_id).state is CardState.ACTIVE


@pytest.mark.row(44)
async def test_a_silent_check_is_asked_again(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    desks.world.fault("blacklist", "error")
    try:
        apply_id = desks.applied(person).apply_id
    finally:
        desks.world.heal()
    assert desks.kept(apply_id).state is ApplyState.SUBMITTED
    user = await at(crowd, INSPECTOR, "card_inspection", "&view=checking")
    pick(user, "grid", apply_id)
    await user.should_see(marker="check-again", retries=WAIT)
    await user.should_not_see(marker="decide-p")
    press(user, "check-again")
    await user.should_see("已重新安排核验，请稍后刷新查看", retries=WAIT)

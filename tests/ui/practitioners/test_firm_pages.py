"""The firm's desk: one person applied for, tried, sent back and sent again; cards activated, changed, cancelled; its brand."""

from typing import Any

import pytest
from nicegui import ui as web
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User

from models.practitioner_codes import ApplyKind, ApplyState, BrandState, CardEnd, CardState, TaskKind
from models.practitioners import Brand, CardApply
from models.sealed import index_of
from services.engine.orders import OneRow
from services.practitioners.cancellation import confirm_at_window
from services.practitioners.card_moves import activate
from services.practitioners.inspection import return_apply, take
from services.practitioners.orders import PersonData, Told
from tests.services.practitioners.desks.people import HUYU, Desks, logo, portrait
from tests.ui.people import Crowd, page_of, until
from tests.ui.practitioners.conftest import FIRM, OTHER_FIRM, hired_lately
from tests.ui.tenancy.hands import (
    WAIT,
    answer,
    choose,
    enter,
    home_lines,
    key,
    open_figure,
    pick,
    press,
    put,
    put_instead,
    rows,
    see_home,
)
from tests.world import sealer


async def upload(user: User, marker: str, content: bytes, name: str) -> None:
    control: Any = user.find(marker=marker).elements.pop()
    assert isinstance(control, web.upload)
    await control.handle_uploads([SmallFileUpload(name, "image/jpeg", content)])


async def fill(user: User, person: PersonData) -> None:
    """Everything a person's form asks, and his photo."""
    put(user, "id_no", person.id_no)
    put(user, "name", person.name)
    put(user, "mobile", person.mobile)
    choose(user, "post", person.post)
    put(user, "hired_on", f"{person.hired_on:%Y%m%d}")
    await upload(user, "photo-upload", portrait(), "a.jpg")
    await user.should_see("照片已保存，随申请一并提交", retries=WAIT)


def applied(desks: Desks, person: PersonData) -> list[CardApply]:
    return desks.rows(CardApply, CardApply.id_no_index == index_of(sealer(), "id_no", person.id_no))


async def at_new(crowd: Crowd) -> User:
    user = await crowd.open(FIRM, "/?open=firm_applies")
    await user.should_see("共 ", retries=WAIT)
    key(user, "f2")
    await user.should_see(marker="submit-apply", retries=WAIT)
    return user


@pytest.mark.row(39)
async def test_one_person_is_tried_then_handed_in(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    user = await at_new(crowd)
    key(user, "f6")
    await user.should_see("照片不符合要求：请上传照片", retries=WAIT)
    await user.should_see("请填写手机号")
    assert applied(desks, person) == []
    await fill(user, person)
    key(user, "f6")
    await user.should_see("试核验通过，可以提交", retries=WAIT)
    assert applied(desks, person) == []
    key(user, "f8")
    await user.should_see("核验通过，等待区房屋管理部门验看", retries=WAIT)
    (kept,) = applied(desks, person)
    assert (kept.state, kept.kind) == (ApplyState.INSPECTING, ApplyKind.NEW)
    assert kept.portrait_id is not None


@pytest.mark.row(39)
async def test_a_likely_double_is_shown_beside_him_before_he_is_handed_in(
    crowd: Crowd, desks: Desks, person: PersonData
) -> None:
    card = desks.card(desks.passed(hired_lately(desks, "赵明远", mobile=person.mobile)))
    user = await at_new(crowd)
    await fill(user, person)
    key(user, "f8")
    await user.should_see("可能已有此人的信息卡", retries=WAIT)
    await user.should_see(card.card_no)
    assert applied(desks, person) == []
    press(user, "dialog-yes")
    await user.should_see("核验通过，等待区房屋管理部门验看", retries=WAIT)
    assert len(applied(desks, person)) == 1


@pytest.mark.row(39)
async def test_an_upside_down_photo_is_set_upright_and_said(crowd: Crowd, desks: Desks) -> None:
    user = await at_new(crowd)
    await upload(user, "photo-upload", portrait(orientation=3), "a.jpg")
    await user.should_see("照片已按拍摄方向自动转正，请核对是否正立", retries=WAIT)


@pytest.mark.row(39)
async def test_what_is_no_picture_is_told_beside_the_photo(crowd: Crowd, desks: Desks) -> None:
    user = await at_new(crowd)
    await upload(user, "photo-upload", b"MZ\x90\x00 not a picture", "a.jpg")
    await user.should_see("照片不符合要求：", retries=WAIT)


@pytest.mark.row(39)
async def test_a_draft_is_kept_and_gone_on_with(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    user = await at_new(crowd)
    put(user, "id_no", person.id_no)
    put(user, "name", person.name)
    key(user, "ctrl+s")
    await user.should_see("已保存", retries=WAIT)
    (kept,) = applied(desks, person)
    assert kept.state is ApplyState.DRAFT
    again = await crowd.open(FIRM, f"/?open=firm_apply&id={kept.id}")
    await again.should_see(marker="submit-apply", retries=WAIT)
    name: Any = again.find(marker="field-name").elements.pop()
    assert name.value == person.name


@pytest.mark.row(39)
async def test_a_returned_application_shows_why_and_is_handed_in_again(
    crowd: Crowd, desks: Desks, person: PersonData
) -> None:
    apply_id = desks.waiting(person)
    desks.act(return_apply, Told(apply_id, "劳动合同起止日期有误，请核对"), desks.inspector)
    user = await crowd.open(FIRM, "/?open=firm_applies&state=RETURNED")
    await user.should_see("共 ", retries=WAIT)
    line = next(row for row in rows(user, "grid") if row["id"] == str(apply_id))
    assert line["words"] == "劳动合同起止日期有误，请核对"
    enter(user, "grid", apply_id)
    await user.should_see("退回原因：劳动合同起止日期有误，请核对。请修改后重新提交。", retries=WAIT)
    put_instead(user, "store", "张江店")
    key(user, "f8")
    await user.should_see("核验通过，等待区房屋管理部门验看", retries=WAIT)
    assert desks.kept(apply_id).state is ApplyState.INSPECTING


@pytest.mark.row(39)
async def test_an_application_is_taken_back_until_an_inspector_has_it(
    crowd: Crowd, desks: Desks, person: PersonData
) -> None:
    apply_id = desks.waiting(person)
    user = await crowd.open(FIRM, f"/?open=firm_apply&id={apply_id}")
    await user.should_see("待验看", retries=WAIT)
    desks.act(take, OneRow(apply_id), desks.inspector)
    user.find("撤回").click()
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("该记录已被他人办理，请刷新后再办理", retries=WAIT)
    assert desks.kept(apply_id).state is ApplyState.INSPECTING


@pytest.mark.row(39)
async def test_another_firms_application_is_not_found(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    apply_id = desks.waiting(person)
    user = await crowd.open(OTHER_FIRM, f"/?open=firm_apply&id={apply_id}")
    await user.should_not_see(marker="submit-apply")
    await user.should_not_see(person.id_no)


@pytest.mark.row(41)
async def test_ticked_cards_are_activated_each_with_its_result(crowd: Crowd, desks: Desks) -> None:
    first, second = (desks.passed(hired_lately(desks)) for _ in range(2))
    user = await crowd.open(FIRM, "/?open=firm_activation")
    await user.should_see("共 ", retries=WAIT)
    user.find(marker="grid").trigger("ticks", [str(first), str(second)])
    # Somebody else of the firm is quicker with one of them.
    desks.act(activate, OneRow(second))
    key(user, "f8")
    await user.should_see("激活所选？每条单独核验、单独办理", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("激活所选：完成 1 件，未办理 1 件", retries=WAIT)
    told = {row["label"]: row["message"] for row in rows(user, "激活所选结果")}
    assert "已经激活" in told[desks.card(second).card_no]
    assert desks.card(first).state is CardState.ACTIVE


@pytest.mark.row(41)
async def test_of_a_card_without_a_past_nothing_is_opened(crowd: Crowd, desks: Desks) -> None:
    card_id = desks.passed(hired_lately(desks))
    desks.world.rewrite(CardApply, CardApply.card_id == card_id, state=ApplyState.WITHDRAWN)
    user = await crowd.open(FIRM, f"/?open=firm_people&card_no={desks.card(card_id).card_no}&id={card_id}")
    await user.should_see(marker="card-past", retries=WAIT)
    press(user, "card-past")
    await user.should_see("没有历次内容", retries=WAIT)
    await user.should_not_see(marker="past-close")


@pytest.mark.row(41)
async def test_a_message_brings_a_list_that_shows_what_was_done_meanwhile(crowd: Crowd, desks: Desks) -> None:
    card_id = desks.passed(hired_lately(desks))
    user = await crowd.open(FIRM, f"/?open=firm_people&card_no={desks.card(card_id).card_no}&id={card_id}")
    await user.should_see("未生效 1", retries=WAIT)
    # By a colleague.
    desks.act(activate, OneRow(card_id))
    workspace = page_of(user).request.scope["state"]["workspace"]
    for before in ("firm_people", "home"):
        with page_of(user):
            await workspace.open(before)
            await workspace.open("firm_people", dict(workspace.places["firm_people"].params))
        await user.should_see("有效 1", retries=WAIT)


@pytest.mark.row(41)
async def test_who_left_before_activation_is_given_up(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    card_id = desks.passed(person)
    user = await crowd.open(FIRM, f"/?open=firm_people&card_no={desks.card(card_id).card_no}")
    await user.should_see("共 1 条", retries=WAIT)
    pick(user, "grid", card_id)
    await user.should_see(marker="leave-card", retries=WAIT)
    press(user, "leave-card")
    await user.should_see("人员离职，放弃这张未激活的信息卡？", retries=WAIT)
    press(user, "dialog-yes")
    assert await until(lambda: desks.card(card_id).state is CardState.CANCELLED)
    assert desks.card(card_id).cancel_reason is CardEnd.LEFT


@pytest.mark.row(39)
async def test_a_change_keeps_number_and_card_until_it_is_inspected(
    crowd: Crowd, desks: Desks, person: PersonData
) -> None:
    card_id = desks.active(person)
    user = await crowd.open(FIRM, f"/?open=firm_people&card_no={desks.card(card_id).card_no}")
    await user.should_see("共 1 条", retries=WAIT)
    pick(user, "grid", card_id)
    await user.should_see(marker="change-card", retries=WAIT)
    press(user, "change-card")
    await user.should_see("验看通过前，原信息继续有效，卡号不变。", retries=WAIT)
    await user.should_see(person.id_no)
    await user.should_not_see(marker="field-id_no")
    choose(user, "post", "店长")
    key(user, "f8")
    await user.should_see("核验通过，等待区房屋管理部门验看", retries=WAIT)
    assert desks.card(card_id).duty == "居间代理"
    assert {row.kind for row in applied(desks, person)} == {ApplyKind.NEW, ApplyKind.CHANGE}


@pytest.mark.row(43)
async def test_a_firm_objects_and_nothing_is_held_up(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    card_id = desks.active(person)
    receipt = desks.at_window(person, card_id)
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.second)
    user = await crowd.open(FIRM, f"/?open=firm_people&card_no={desks.card(card_id).card_no}")
    await user.should_see("共 1 条", retries=WAIT)
    pick(user, "grid", card_id)
    await user.should_see(marker="object-card", retries=WAIT)
    press(user, "object-card")
    await answer(user, "该人员仍在本企业任职")
    await user.should_see("异议已提交区房屋管理部门", retries=WAIT)
    assert [task.kind for task in desks.tasks_of(card_id)] == [TaskKind.DISPUTE]
    assert desks.card(card_id).state is CardState.CANCELLED


@pytest.mark.row(42)
async def test_ticked_cards_are_made_into_a_file(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    card_id = desks.active(person)
    user = await crowd.open(FIRM, f"/?open=firm_people&card_no={desks.card(card_id).card_no}")
    await user.should_see("共 1 条", retries=WAIT)
    user.find(marker="grid").trigger("ticks", [str(card_id)])
    key(user, "f9")
    await user.should_see("下载信息卡（勾选的 1 张）", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("1 张信息卡正在生成", retries=WAIT)


@pytest.mark.row(38)
async def test_a_short_name_is_put_in_refused_with_words_and_handed_in(crowd: Crowd, desks: Desks) -> None:
    firm_id = desks.firm_row(HUYU).id
    user = await crowd.open(FIRM, "/?open=firm_brand")
    await user.should_see(marker="submit-brand", retries=WAIT)
    put_instead(user, "short_name", "国家公寓😀")
    await upload(user, "logo-upload", logo(1), "a.png")
    key(user, "f8")
    await user.should_see("容易误认为官方机构的字样", retries=WAIT)
    await user.should_see("图标格式或尺寸不符合要求", retries=WAIT)
    assert desks.rows(Brand, Brand.enterprise_id == firm_id, Brand.short_name == "国家公寓😀") == []
    put_instead(user, "short_name", "沪寓生活")
    await upload(user, "logo-upload", logo(), "a.png")
    key(user, "f8")
    await user.should_see("已提交，等待区房屋管理部门审核", retries=WAIT)
    (brand,) = desks.rows(Brand, Brand.enterprise_id == firm_id, Brand.short_name == "沪寓生活")
    assert brand.state is BrandState.SUBMITTED
    press(user, "withdraw-brand")
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    assert await until(lambda: desks.rows(Brand, Brand.id == brand.id)[0].state is BrandState.WITHDRAWN)


@pytest.mark.proves("H17", "H42")
async def test_a_portrait_is_shown_to_its_firm_and_district_only(
    crowd: Crowd, desks: Desks, person: PersonData
) -> None:
    apply_id = desks.waiting(person)
    address = f"/portraits/{desks.kept(apply_id).portrait_id}"
    own = await (await crowd.browser(FIRM)).get(address)
    assert (own.status_code, own.headers["content-type"]) == (200, "image/jpeg")
    assert own.headers["cache-control"] == "no-store"
    assert "sandbox" in own.headers["content-security-policy"]
    foreign = await (await crowd.browser(OTHER_FIRM)).get(address)
    nothing = await (await crowd.browser(OTHER_FIRM)).get("/portraits/no-id")
    assert (foreign.status_code, nothing.status_code) == (404, 404)


@pytest.mark.row(40)
async def test_a_message_at_home_opens_what_it_is_about(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    apply_id = desks.waiting(person)
    desks.act(return_apply, Told(apply_id, "照片背景不是白色，请更换"), desks.inspector)
    # The inspector could take it back for a minute.
    desks.world.let_pass(seconds=61)
    user = await crowd.open(FIRM, "/?open=home")
    await see_home(user)
    line = next(entry for entry in home_lines(user, "消息") if "照片背景不是白色" in entry.under)
    await open_figure(user, line.figure.key)
    await user.should_see("退回原因：照片背景不是白色，请更换。请修改后重新提交。", retries=WAIT)

"""The window takes a forced review in and moves the shelf, the bureau decides, the city edits the notice (rows 25, 28-30)."""

from typing import Any

import pytest
from nicegui import ui as web
from nicegui.elements.upload_files import SmallFileUpload

from models.verification import NoticeTemplate
from models.verification_codes import ForcedState, ShelfState, TemplateState
from services.verification.forced_materials import Capacity
from services.verification.notice_templates import REQUIRED
from tests.files_made import png
from tests.services.verification.firm import Firms
from tests.services.verification.forced import BUREAU, WHY, WINDOW, Forced
from tests.ui.people import Crowd, page_of, until
from tests.ui.tenancy.hands import WAIT, answer, choose, command, key, press, put, rows

CITY = "shi01"


@pytest.fixture(scope="module")
def forced(firms: Firms) -> Forced:
    return Forced(firms)


@pytest.mark.row(28)
async def test_the_window_ticks_originals_scans_and_takes_an_application_in(crowd: Crowd, forced: Forced) -> None:
    home, told = forced.failed()
    user = await crowd.open(WINDOW, f"/?open=verifications&id={told.id}")
    await user.should_see("以上原因均可由权利人", retries=WAIT)
    key(user, "f8")
    await user.should_see(marker="apply-forced", retries=WAIT)
    choose(user, "capacity", Capacity.OWNER.value)
    put(user, "name", "别人")
    put(user, "id_no", home.owner_id)
    user.find(marker="dialog-text").type(WHY)
    press(user, "apply-forced")
    await user.should_see("还需核对原件", retries=WAIT)
    boxes: set[Any] = user.find(web.checkbox).elements
    for box in boxes:
        box.value = True
    element = user.find(web.upload).elements.pop()
    with page_of(user):
        await element.handle_uploads([SmallFileUpload(name="户籍证明.png", content_type="", _data=png())])
    await user.should_see("扫描件：户籍证明.png", retries=WAIT)
    press(user, "apply-forced")
    await user.should_see("已受理", retries=WAIT)


@pytest.mark.row(29)
async def test_the_bureau_sees_both_sides_and_agrees(crowd: Crowd, forced: Forced) -> None:
    made = forced.applied()
    user = await crowd.open(BUREAU, f"/?open=forced_reviews&id={made.id}")
    await user.should_see("申请与登记比对", retries=WAIT)
    (owner,) = [row for row in rows(user, "申请与登记比对") if row["label"] == "权利人"]
    assert owner["requested"] != owner["registered"]
    key(user, "f8")
    await user.should_see("同意强制核验？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已生效", retries=WAIT)
    assert forced.row(made).state is ForcedState.DONE


@pytest.mark.row(29)
async def test_a_refusal_wants_ten_characters(crowd: Crowd, forced: Forced) -> None:
    made = forced.applied()
    user = await crowd.open(BUREAU, f"/?open=forced_reviews&id={made.id}")
    await user.should_see("申请与登记比对", retries=WAIT)
    key(user, "f9")
    await answer(user, "不同意")
    await user.should_see("不少于10个字", retries=WAIT)
    assert forced.row(made).state is ForcedState.ACCEPTED
    user.find(marker="dialog-text").clear().type("户籍证明不能证明与登记权利人为同一人")
    press(user, "dialog-yes")
    assert await until(lambda: forced.row(made).state is ForcedState.REFUSED)
    await user.should_see("已办结，60秒内可以撤销", retries=WAIT)
    key(user, "f8")
    await user.should_see("选中的房源强制核验为“未同意”，不能“同意”", retries=WAIT)


@pytest.mark.row(30)
async def test_the_window_puts_a_home_on_the_shelf_and_off_again(crowd: Crowd, forced: Forced) -> None:
    code_no = forced.decide(forced.applied()).code_no
    user = await crowd.open(WINDOW, f"/?open=forced_shelf&number={code_no}")
    await user.should_see(code_no, retries=WAIT)
    code = forced.firms.code(code_no)
    for label, shelf in (("强制上架", ShelfState.FORCED_ON), ("强制下架", ShelfState.FORCED_OFF)):
        await command(user, label)
        await user.should_see(f"{label}：{code_no}", retries=WAIT)
        user.find(marker="dialog-text").type("经核查后办理")
        press(user, "force-shelf")
        assert await until(lambda shelf=shelf: forced.firms.code(code.code_no or "").shelf is shelf)  # type: ignore[misc]


@pytest.mark.row(25)
async def test_the_city_edits_the_notice_and_a_missing_variable_is_not_published(crowd: Crowd, firms: Firms) -> None:
    user = await crowd.open(CITY, "/?open=notice_templates")
    await user.should_see("第0版", retries=WAIT)
    key(user, "f2")
    await user.should_see(marker="field-body", retries=WAIT)
    body: Any = user.find(marker="field-body").elements.pop()
    whole = str(body.value)
    body.value = whole.replace(f"{{{REQUIRED[0]}}}", "")
    key(user, "f8")
    await user.should_see("启用本版模板？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see(f"正文缺少变量{{{REQUIRED[0]}}}", retries=WAIT)
    assert _template(firms).state is TemplateState.DRAFT
    body = user.find(marker="field-body").elements.pop()
    body.value = f"{whole}\n请在发布房源时展示核验码。"
    key(user, "f8")
    await user.should_see("启用本版模板？", retries=WAIT)
    press(user, "dialog-yes")
    assert await until(lambda: _template(firms).state is TemplateState.PUBLISHED)
    assert "展示核验码" in _template(firms).body


def _template(firms: Firms) -> NoticeTemplate:
    found = firms.world.read(lambda work: work.rows(NoticeTemplate, by=NoticeTemplate.version_no))
    newest: NoticeTemplate = found[-1]
    return newest

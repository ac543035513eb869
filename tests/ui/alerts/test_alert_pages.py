"""Alerts in front of a company and of the authority: found, answered with a file, closed, printed (row 54)."""

from typing import Any
from uuid import uuid4

import pytest
from nicegui import ui as web
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User

from models.alerts import Alert, AlertGrade, AlertState
from tests.files_made import png
from tests.market import Market
from tests.ui.alerts.conftest import Raise
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, answer, key, pick, press, rows


async def at_alert(crowd: Crowd, login: str, alert: object) -> User:
    user = await crowd.open(login, f"/?open=alerts&id={alert}")
    await user.should_see("办理过程", retries=WAIT)
    return user


@pytest.mark.row(54)
async def test_the_head_explains_with_a_file_and_the_district_closes(
    crowd: Crowd, companies: Market, raised: Raise
) -> None:
    alert = raised()
    user = await at_alert(crowd, "shenpu01", alert)
    await user.should_see("沈听澜")
    key(user, "f9")
    await user.should_see("已确认，请在处理期限前提交说明", retries=WAIT)
    await user.should_see("处理中", retries=WAIT)
    control: Any = next(iter(user.find(web.upload).elements))
    await control.handle_uploads([SmallFileUpload("决议.png", "image/png", png())])
    await user.should_see("决议.png", retries=WAIT)
    user.find(marker="explanation").type("正常换届，已办理授权变更")
    key(user, "f8")
    await user.should_see("说明已提交，等待主管部门审阅", retries=WAIT)
    assert companies.row(Alert, alert).state is AlertState.EXPLAINED

    reviewer = await at_alert(crowd, "pdshen01", alert)
    await reviewer.should_see("正常换届，已办理授权变更")
    await reviewer.should_see("决议.png")
    key(reviewer, "f8")
    await answer(reviewer, "说明属实，予以关闭")
    await reviewer.should_see("预警已关闭", retries=WAIT)
    assert companies.row(Alert, alert).state is AlertState.CLOSED_BY_AUTHORITY
    await reviewer.should_not_see(marker="close-alert")


@pytest.mark.row(54)
async def test_too_short_an_explanation_is_told_and_keeps_the_words(crowd: Crowd, raised: Raise) -> None:
    user = await at_alert(crowd, "shenpu01", raised())
    user.find(marker="explanation").type("换届")
    press(user, "explain-alert")
    await user.should_see("请填写情况说明（不少于5个字）", retries=WAIT)
    box: Any = next(iter(user.find(marker="explanation").elements))
    assert box.value == "换届"


@pytest.mark.row(54)
async def test_choosing_the_alert_in_hand_again_keeps_what_is_typed_beside_it(crowd: Crowd, raised: Raise) -> None:
    alert = raised()
    user = await at_alert(crowd, "shenpu01", alert)
    user.find(marker="explanation").type("正常换届，已办理授权变更")
    pick(user, "grid", alert)
    # A key waits for what was chosen before it.
    key(user, "f8")
    await user.should_see("说明已提交，等待主管部门审阅", retries=WAIT)


@pytest.mark.row(54)
async def test_the_list_counts_by_grade_and_hides_the_competitors(crowd: Crowd, raised: Raise) -> None:
    mine = raised(grade=AlertGrade.RED, title="申浦独有的严重预警")
    theirs = raised("P-3", AlertGrade.RED, title="江海独有的严重预警")
    user = await crowd.open("shenpu01", "/?open=alerts&view=RED")
    await user.should_see("未了结 ", retries=WAIT)
    shown = {row["id"] for row in rows(user, "grid")}
    assert str(mine) in shown
    assert str(theirs) not in shown


@pytest.mark.row(54)
async def test_notice_and_files_are_handed_to_those_who_see_the_alert_only(crowd: Crowd, raised: Raise) -> None:
    alert = raised()
    mine = await crowd.browser("shenpu01")
    paper = await mine.get(f"/alerts/print/{alert}.pdf")
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    # The page shows it in a frame of its own.
    assert paper.headers["x-frame-options"] == "SAMEORIGIN"
    assert paper.headers["content-security-policy"] == "frame-ancestors 'self'"
    rival = await crowd.browser("jianghai01")
    for address in (
        f"/alerts/print/{alert}.pdf",
        f"/alerts/print/{uuid4()}.pdf",
        "/alerts/print/%27%20OR%201.pdf",
        f"/alerts/file/{alert}/{uuid4()}",
        "/alerts/file/x/y",
    ):
        assert (await rival.get(address)).status_code == 404, address


@pytest.mark.row(54)
async def test_an_alert_of_others_is_not_opened_by_its_address(crowd: Crowd, raised: Raise) -> None:
    user = await crowd.open("jianghai01", f"/?open=alerts&id={raised()}")
    await user.should_see("没有查到符合条件的记录", retries=WAIT)
    await user.should_not_see("沈听澜")


@pytest.mark.row(54)
async def test_what_settles_while_somebody_looks_is_told(crowd: Crowd, companies: Market, raised: Raise) -> None:
    alert = raised()
    user = await at_alert(crowd, "shenpu01", alert)
    companies.world.rewrite(Alert, Alert.id == alert, state=AlertState.RESOLVED)
    press(user, "acknowledge-alert")
    await until(lambda: "已有新的变化" in _words(user) or "不能进行此操作" in _words(user))


def _words(user: User) -> str:
    assert user.client is not None
    return " ".join(str(getattr(one, "text", "")) for one in user.client.elements.values())

"""项目监测 on the screen: two steps from a red light to its reason, planned figures, the month's paper (row 75)."""

from uuid import UUID

import pytest

from models.alerts import Alert, AlertGrade
from models.progress import MonthlySummary
from models.projects import Project
from services.alerts.alert_states import raise_alert
from services.alerts.signs import Line, Sign, Subject
from services.engine.kinds import Owner
from services.engine.notices import my_notices, notify
from services.engine.work import Work
from tests.site import Site
from tests.ui.people import Crowd, until
from tests.ui.records.hands import place_of
from tests.ui.tenancy.hands import press
from ui.progress import board_page
from ui.shell.sheet import Sheet

pytestmark = [pytest.mark.row(75), pytest.mark.asyncio(loop_scope="session")]
WHY = "单位工程“1#住宅楼”的“主体结构封顶”计划2026-02-20完成，已逾期100天。"


@pytest.fixture(scope="session")
def red(site: Site, unit: UUID) -> Alert:
    """A red alert of the project."""

    def make(work: Work) -> Alert:
        project = work.only(Project, Project.id == site.project)
        owner = Owner(project.district_code, project.head_company_id, project.project_company_id, project.id)
        lines = (Line("主体结构封顶", "2026-02-20", "未完成"),)
        sign = Sign(AlertGrade.RED, "主体结构封顶逾期100天", WHY, lines, "1天、31天、91天", "M12")
        return raise_alert(work, "PRG-03", Subject("unit_engineering", unit, owner, "1#住宅楼"), sign)

    made: Alert = site.land.market.world.act(make)
    return made


async def test_two_steps_lead_from_a_red_light_to_its_reason(crowd: Crowd, site: Site, red: Alert) -> None:
    user = await crowd.open("pdshen01", "/?open=progress-board&view=RED")
    await user.should_see(marker="grid", retries=50)
    (grid,) = user.find(marker="grid").elements
    assert isinstance(grid, Sheet)
    assert await until(lambda: any(row["id"] == str(site.project) for row in grid.rows))
    # The keyboard does what a double click does.
    user.find(marker="grid").trigger("enter", str(site.project))
    await user.should_see("未了结的预警（1）", retries=50)
    await user.should_see(WHY)
    user.find("主体结构封顶逾期100天（1#住宅楼）").click()
    await user.should_see("2026-02-20", retries=50)


async def test_its_company_updates_the_plan_by_planned_figures(crowd: Crowd, site: Site, red: Alert) -> None:
    user = await crowd.open("binjiang01", f"/?open=project-progress&id={site.project}")
    await user.should_see("按计划日期更新", retries=50)
    user.find("按计划日期更新").click()
    await user.should_see(marker="child-lines", retries=50)
    await user.should_see("已按各单位工程的计划日期生成进度计划草稿，请核对后提交")


async def test_a_month_is_printed_for_who_is_signed_in(crowd: Crowd, red: Alert) -> None:
    browser = await crowd.browser("pdshen01")
    paper = await browser.get("/progress/summary/2026-01.pdf")
    assert (paper.status_code, paper.content[:4]) == (200, b"%PDF")
    assert (await browser.get("/progress/summary/..%2f1.pdf")).status_code in {404, 422}
    clerk = await crowd.browser("huamu01")
    assert (await clerk.get("/progress/summary/2026-01.pdf")).status_code in {403, 404}


async def test_the_title_of_a_message_prints_the_month_it_is_about(
    crowd: Crowd, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []
    monkeypatch.setattr(board_page, "print_pdf", printed.append)
    market = site.land.market
    reviewer, subject = market.caller("pdshen01"), "2026年11月项目进度监测月报"

    def tell(work: Work) -> None:
        row = work.add(MonthlySummary(period="2026-11", told_at=work.now))
        work.session.flush()
        notify(work, subject, "点标题查看和打印。", about=row, to_account=reviewer.account_id)

    market.world.act(tell)
    line = next(one for one in market.world.door.ask(my_notices, reviewer, 30) if one.subject == subject)
    user = await crowd.open("pdshen01", "/?open=inbox")
    await user.should_see(subject, retries=50)
    press(user, f"open-{line.id}")
    assert await until(lambda: printed == ["/progress/summary/2026-11.pdf"])
    assert place_of(user).module == board_page.KEY

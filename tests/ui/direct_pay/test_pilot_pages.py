"""The city at the pilot's scope and at the figures of the fund's questions, without the mouse where it can be."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.direct_pay import PilotScope
from models.direct_pay_codes import PilotState
from models.enterprise import Enterprise
from models.partners import PartnerExchange
from services.engine.work import Work
from tests.services.direct_pay.mandates import Mandates
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, enter, key, pick, press, put, rows
from tests.world import World


@pytest.fixture(scope="session")
def firm(world: World) -> Enterprise:
    mandates = Mandates(world)
    wanted = mandates.firms["310115"]
    found: Enterprise = world.read(
        lambda work: work.session.exec(select(Enterprise).where(Enterprise.id == wanted)).one()
    )
    return found


def scopes(world: World, firm: Enterprise) -> list[PilotScope]:
    rows = select(PilotScope).where(PilotScope.enterprise_id == firm.id).order_by(PilotScope.id)  # type: ignore[arg-type]
    return list(world.read(lambda work: work.session.exec(rows).all()))


@pytest.mark.row(17)
async def test_a_firm_enters_the_pilot_by_two_hands_and_leaves_it(crowd: Crowd, world: World, firm: Enterprise) -> None:
    bureau = await crowd.open("shiju01", "/?open=pilots")
    await bureau.should_see("还没有企业参加试点", retries=WAIT)
    key(bureau, "f8")
    await bureau.should_see("提交复核", retries=WAIT)
    put(bureau, "enterprise_uscc", "91310115MA00000000")
    put(bureau, "fund_letter", "沪公积金函〔2027〕8号")
    bureau.find("提交复核").click()
    await bureau.should_see("没有查到该统一社会信用代码的企业", retries=WAIT)
    bureau.find(marker="field-enterprise_uscc").clear()
    put(bureau, "enterprise_uscc", firm.uscc)
    bureau.find("提交复核").click()
    await bureau.should_see("您提出的试点须由另一位同事复核", retries=WAIT)
    (scope,) = scopes(world, firm)
    assert scope.state is PilotState.PROPOSED

    centre = await crowd.open("shi01", "/?open=pilots")
    await centre.should_see("共 1 条", retries=WAIT)
    await centre.should_not_see("提出试点")
    await centre.should_see("沪公积金函〔2027〕8号", retries=WAIT)
    centre.find(marker="agree").click()
    await centre.should_see("确定同意？生效后即可接收该范围的委托。", retries=WAIT)
    press(centre, "dialog-yes")
    await centre.should_see("已复核", retries=WAIT)
    assert scopes(world, firm)[0].state is PilotState.CONFIRMED

    key(bureau, "f3")
    await bureau.should_see("最后一日", retries=WAIT)
    press(bureau, "end-pilot")
    await bureau.should_see("确定终止试点？已在执行的委托不受影响。", retries=WAIT)
    press(bureau, "dialog-yes")
    await bureau.should_see("已终止", retries=WAIT)
    assert scopes(world, firm)[0].valid_to == world.door.clock.today()


@pytest.mark.row(17)
async def test_a_district_reads_the_pilot_and_changes_nothing(crowd: Crowd, world: World, firm: Enterprise) -> None:
    scope = world.act(
        lambda work: (
            work.add(
                PilotScope(
                    enterprise_id=firm.id, valid_from=world.door.clock.today(), fund_letter="沪公积金函〔2027〕9号"
                )
            ).id
        )
    )
    user = await crowd.open("pdju01", "/?open=pilots")
    await user.should_see("共 2 条", retries=WAIT)
    pick(user, "grid", scope)
    await user.should_see("沪公积金函〔2027〕9号", retries=WAIT)
    await user.should_not_see("不同意")
    await user.should_not_see("提出试点")


@pytest.mark.row(15, 16)
async def test_the_funds_questions_are_counted_and_a_day_opens_its_lines(crowd: Crowd, world: World) -> None:
    now = world.door.clock.now()

    def asked(work: Work) -> None:
        for row_no, business_key, code, ms in (
            (15, "BA1", "0", 20),
            (15, "按承租人", "0", 40),
            (15, "BA2", "E1018", 30),
            (16, "游标 0", "0", 110),
            (17, "WT1", "0", 900),
        ):
            work.add(
                PartnerExchange(
                    at=now - timedelta(seconds=ms),
                    direction="IN",
                    app_id="gjj-center",
                    system="gjj-center",
                    operation="/filings/query",
                    label="合同与备案信息查询",
                    row_no=row_no,
                    request_id=f"calls-{row_no}-{ms}",
                    business_key=business_key,
                    milliseconds=ms,
                    code=code,
                )
            )

    world.act(asked)
    user = await crowd.open("shi01", "/?open=filing_calls")
    await user.should_see("共 1 条", retries=WAIT)
    (line,) = rows(user, "grid")
    figures = [line[name] for name in ("by_number", "by_person", "endings", "all", "refused", "mean_ms", "longest_ms")]
    assert figures == ["2", "1", "1", "4", "1", "50", "110"]
    enter(user, "grid", line["id"])
    await user.should_see("对接日志", retries=WAIT)

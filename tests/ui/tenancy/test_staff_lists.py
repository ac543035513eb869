"""Lists for clerks, districts and the city: start page, filings, checks with every rule, hits, simulation, licences."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.engine import Outgoing, OutgoingState
from models.tenancy_codes import CaseState
from services.engine.drafts import SaveDraft, save_draft
from services.engine.findings import Outcome
from services.engine.outbox import send_waiting
from services.engine.work import Work
from services.tenancy.rules.catalogue import FILING_RULES
from tests.services.tenancy.counter import Counter, Filed, somebody
from tests.ui.people import Crowd, was_told
from tests.ui.tenancy.hands import WAIT, choose, enter, home_lines, key, open_figure, pick, press, put, rows, see_home
from tests.world import World
from ui.tenancy.filing_form import DRAFT_KIND


@pytest.fixture(scope="session")
def lease(counter: Counter) -> Filed:
    return counter.filed()


async def test_the_start_page_counts_today_and_opens_the_list_behind_a_figure(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open("huamu01", "/?open=home")
    await see_home(user)
    await open_figure(user, "filed")
    await user.should_see(marker="filter-number", retries=WAIT)
    await user.should_see("第 1 / 1 页", retries=WAIT)
    assert lease.decision.filing_no in {row["filing_no"] for row in rows(user, "grid")}


async def test_an_unfinished_draft_is_gone_on_with_from_the_start_page(crowd: Crowd, world: World) -> None:
    kept = world.door.perform(save_draft, world.caller("longhua01"), SaveDraft(DRAFT_KIND, "未完成的备案", {}))
    user = await crowd.open("longhua01", "/?open=home")
    await see_home(user)
    assert "未完成的备案" in {entry.label for entry in home_lines(user, "接着办")}
    await open_figure(user, str(kept.id))
    assert await was_told(user, f"open=filing_form&id={kept.id}")


async def test_a_filing_opens_its_lease(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open("huamu01", f"/?open=filings&number={lease.decision.filing_no}")
    await user.should_see("共 1 条", retries=WAIT)
    (line,) = rows(user, "grid")
    assert lease.tenant.name not in line["tenants"]
    enter(user, "grid", line["id"])
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)


async def test_another_office_sees_no_filings_of_ours(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open("xuhui01", f"/?open=filings&number={lease.decision.filing_no}")
    await user.should_see("没有符合条件的备案", retries=WAIT)


@pytest.mark.row(7)
async def test_a_case_shows_every_rule_with_its_source(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open("huamu01", f"/?open=checks&number={lease.decision.case_no}")
    await user.should_see("共 1 条", retries=WAIT)
    await user.should_see("已通过 1")
    (line,) = rows(user, "grid")
    enter(user, "grid", line["id"])
    await user.should_see(f"逐项核验（{len(FILING_RULES)}项）", retries=WAIT)
    items = {row["code"]: row for row in rows(user, "逐项核验")}
    assert set(items) == {rule.code for rule in FILING_RULES}
    assert items["H01"]["source"]
    assert items["H01"]["result"] == "通过"
    user.find("只看未通过").click()
    await user.should_see("显示全部", retries=WAIT)


@pytest.mark.row(7)
async def test_a_waiting_case_is_checked_again_by_hand(crowd: Crowd, world: World, counter: Counter) -> None:
    world.fault("police", "error")
    decision = counter.file(counter.form(counter.free_flat(), somebody()))
    world.heal()
    assert decision.outcome is Outcome.PENDING
    user = await crowd.open("huamu01", f"/?open=checks&number={decision.case_no}")
    await user.should_see("核验中 1", retries=WAIT)
    (line,) = rows(user, "grid")
    pick(user, "grid", line["id"])
    await user.should_see(f"逐项核验（{len(FILING_RULES)}项）", retries=WAIT)
    assert "待核验" in {row["result"] for row in rows(user, "逐项核验")}
    key(user, "f8")
    await user.should_see("现在重新核验这件办件？通过后立即备案。", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已重新核验：通过", retries=WAIT * 3)
    assert counter.case(decision.case_id).state is CaseState.DONE


@pytest.mark.row(5)
async def test_hits_of_every_rule_are_counted(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open("shi01", "/?open=rule_hits&days=7")
    await user.should_see("近7日共核验", retries=WAIT)
    shown = rows(user, "规则命中统计")
    assert {row["code"] for row in shown} == {rule.code for rule in FILING_RULES}
    assert all(int(row["runs"]) >= 1 for row in shown)


@pytest.mark.row(5)
async def test_another_value_is_tried_on_last_months_cases_and_writes_nothing(
    crowd: Crowd, world: World, counter: Counter
) -> None:
    lease = counter.filed()
    user = await crowd.open("shi01", "/?open=simulation")
    choose(user, "key", "filing.min_days")
    put(user, "value", "3000")
    press(user, "simulate")
    await user.should_see("模拟完成", retries=WAIT * 3)
    changed = {row["number"]: row for row in rows(user, "结论改变的办件")}
    assert changed[lease.decision.case_no]["before"] == "通过"
    assert changed[lease.decision.case_no]["after"] != "通过"
    assert counter.case(lease.decision.case_id).state is CaseState.DONE


async def test_a_value_that_does_not_fit_is_told_beside_the_field_above_the_rules(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=simulation&key=filing.min_days")
    put(user, "value", "很多")
    press(user, "simulate")
    await user.should_see("可填范围1至3,650天", retries=WAIT)
    assert rows(user, "可以试算的规则")


@pytest.mark.row(7)
async def test_a_licence_that_failed_for_good_is_sent_again_by_the_city(
    crowd: Crowd, world: World, counter: Counter
) -> None:
    lease = counter.filed()
    counter.run("papers.render")
    world.fault("licence_library", "error")

    def message(work: Work) -> Outgoing:
        return work.session.exec(
            select(Outgoing).where(Outgoing.object_id == lease.filing_id, Outgoing.operation == "issue")
        ).one()

    for attempt, minutes in enumerate((0, 2, 6, 31), 1):
        world.let_pass(minutes=minutes)
        # Fifty at a time: all pages share this world, and what other tests left goes before it.
        for _ in range(20):
            if world.read(message).attempts < attempt:
                send_waiting(world.door)
    world.heal()
    world.door.clock.shift = timedelta()

    clerk = await crowd.open("huamu01", "/?open=licence_failures&dead=dead")
    await clerk.should_see("第 1 / 1 页", retries=WAIT)
    assert lease.decision.filing_no in {row["filing_no"] for row in rows(clerk, "grid")}
    await clerk.should_not_see("重新发送")

    city = await crowd.open("shi01", "/?open=licence_failures&dead=dead")
    await city.should_see("第 1 / 1 页", retries=WAIT)
    line = next(row for row in rows(city, "grid") if row["filing_no"] == lease.decision.filing_no)
    city.find(marker="grid").trigger("ticks", [line["id"]])
    key(city, "f8")
    await city.should_see(marker="dialog-yes", retries=WAIT)
    press(city, "dialog-yes")
    await city.should_see("重新发送：完成 1 件", retries=WAIT)
    assert world.read(message).state is OutgoingState.WAITING

"""Pages of one-stop applications: list, case with every step, merging and parting, corrections, cancellations (rows 1, 2)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from nicegui.testing import User
from sqlmodel import col, select

from models.cancellation import CancelApply
from models.engine import Outgoing
from models.one_stop import StopCase
from models.one_stop_codes import MatchVerdict, RefusalGround, StopState
from models.streets import LinkDuty
from models.tenancy import LeaseFiling
from models.tenancy_codes import CancelState, FilingState
from services.engine.callers import SYSTEM
from services.engine.orders import Reasoned
from services.engine.refusals import NotAllowed, NotFound
from services.one_stop.case_papers import case_papers
from services.one_stop.case_view import one_case
from services.one_stop.hand import part_by_hand
from services.one_stop.item_edits import EditItem, ItemOfDay, edit_item, item_definition
from services.one_stop.withdrawal import withdraw_at_counter
from tests.services.tenancy.counter import Counter, somebody
from tests.ui.one_stop.library import ALL, Library
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, answer, enter, key, press, put, put_instead, rows

CLERK = "pudong01"


@pytest.fixture(scope="session")
def library(counter: Counter) -> Library:
    """The case library that sends to the world of pages."""
    return Library(counter)


async def page_of_case(crowd: Crowd, case_id: UUID, login: str = CLERK) -> User:
    user = await crowd.open(login, f"/?open=stop_case&id={case_id}")
    await user.should_see("办理过程", retries=WAIT)
    return user


@pytest.mark.row(1)
async def test_the_list_leads_to_a_case_with_every_step(crowd: Crowd, library: Library) -> None:
    """Who, when, what, the answer code and the milliseconds stand on the page of the case."""
    case = library.case(library.lease(library.counter.free_flat("310115"), somebody()))
    library.decide(case.id)
    user = await crowd.open(CLERK, f"/?open=stop_cases&state=ALL&number={case.case_no}")
    assert await until(lambda: bool(rows(user, "grid")))
    (line,) = rows(user, "grid")
    assert (line["case_no"], str(line["age"])) == (case.case_no, "0")
    assert "办结" in str(line["state"])
    enter(user, "grid", case.id)
    await user.should_see("办理过程", retries=WAIT)
    steps = rows(user, "办理过程")
    assert [step["act"] for step in steps][:2] == ["收件", "受理"]
    assert {"通过"} <= {step["answer"] for step in steps}
    assert all(step["actor"] == "系统" and step["at"] for step in steps)
    assert [one["label"] for one in rows(user, "材料")] == ["申请书", "身份证明", "住房权属证明", "租赁合同"]
    assert library.case(case.id).filing_id is not None


@pytest.mark.row(1)
async def test_differing_fields_are_marked_and_a_clerk_merges_with_a_reason(crowd: Crowd, library: Library) -> None:
    flat, tenant = library.counter.free_flat("310115"), somebody()
    first, second = library.lease(flat, tenant), library.lease(flat, tenant, by="LESSOR", rent="6900")
    library.decide(first, second)
    other = library.case(first)
    assert (other.state, library.case(second).codes) == (StopState.INTERCEPTED, "F13")
    user = await page_of_case(crowd, second)
    compared = {row["field"]: row["same"] for row in rows(user, f"与 {other.case_no} 比对")}
    assert compared == {"租金": "不一致", "起租日期": "", "止租日期": "", "出租人": ""}
    key(user, "f6")
    await user.should_see(marker="field-reason", retries=WAIT)
    put(user, "reason", "双方当面确认租金为6500元")
    press(user, "dialog-yes")
    await user.should_see("已合并，两个办件一并核验", retries=WAIT)
    assert {library.case(one).state for one in (first, second)} == {StopState.GROUPED}
    library.decide(first)
    filings = {library.case(one).filing_id for one in (first, second)}
    assert len(filings) == 1
    assert None not in filings
    verdicts = library.counter.world.door.ask(one_case, library.counter.clerk(CLERK), second).verdicts
    by_hand = [one for one in verdicts if one.by_hand]
    assert [(one.verdict, one.reason) for one in by_hand] == [(MatchVerdict.EXACT, "双方当面确认租金为6500元")]


@pytest.mark.row(1)
async def test_a_clerk_parts_a_group_and_each_is_judged_alone(crowd: Crowd, library: Library) -> None:
    """A group of one after the split is none."""
    flat, tenant = library.counter.free_flat("310115"), somebody()
    first, second = library.lease(flat, tenant), library.lease(flat, tenant, by="LESSOR")
    assert library.case(second).state is StopState.GROUPED
    user = await page_of_case(crowd, second)
    await user.should_see("合并办理的办件", retries=WAIT)
    key(user, "f9")
    await answer(user, "两份合同分别签订，不是同一份")
    await user.should_see("已拆分，单独核验", retries=WAIT)
    assert {library.case(one).state for one in (first, second)} == {StopState.ACCEPTED}
    assert library.case(second).group_id is None
    library.decide(first)
    assert library.case(first).filing_id is not None
    assert library.case(second).filing_id is None


@pytest.mark.row(1)
async def test_a_clerk_asks_once_for_everything_that_is_missing(crowd: Crowd, library: Library) -> None:
    case_id = library.lease(library.counter.free_flat("310115"), somebody(), files=ALL[:2])
    user = await page_of_case(crowd, case_id)
    missing = [one["label"] for one in rows(user, "材料") if one["state"] == "缺"]
    assert missing == ["住房权属证明", "租赁合同"]
    key(user, "f4")
    await user.should_see(marker="field-words", retries=WAIT)
    put(user, "words", "申请表中租期与合同不一致，请核对")
    press(user, "dialog-yes")
    await user.should_see("补正通知已发出", retries=WAIT)
    case = library.case(case_id)
    assert (case.state, case.gaps.split()) == (StopState.CORRECTION, case.gaps.split())
    assert {"TITLE", "CONTRACT"} <= set(case.gaps.replace(",", " ").split())
    notice = library.counter.world.door.ask(one_case, library.counter.clerk(CLERK), case_id).notices[-1]
    assert "申请表中租期与合同不一致，请核对" in notice.words


@pytest.mark.row(1)
async def test_a_refusal_wants_a_whole_reason(crowd: Crowd, library: Library) -> None:
    case_id = library.lease(library.counter.free_flat("310115"), somebody(), files=ALL[:2])
    user = await page_of_case(crowd, case_id)
    key(user, "f8")
    await answer(user, "不归我管")
    await user.should_see("不少于10个字", retries=WAIT)
    assert library.case(case_id).state is StopState.CORRECTION
    user.find(marker="field-ground").elements.pop().set_value(RefusalGround.NOT_OURS.value)  # type: ignore[attr-defined]
    user.find(marker="dialog-text").clear().type("申请的是商铺租赁，不属于住房租赁备案")
    press(user, "dialog-yes")
    await user.should_see("已不予受理", retries=WAIT)
    assert library.case(case_id).state is StopState.REFUSED
    assert [line["title"] for line in rows(user, "文书")] == ["补正告知书", "不予受理决定书"]


@pytest.mark.row(1)
async def test_a_case_of_another_district_is_not_there(crowd: Crowd, library: Library) -> None:
    case_id = library.lease(library.counter.free_flat("310115"), somebody())
    user = await crowd.open("xuhui01", f"/?open=stop_case&id={case_id}")
    await user.should_not_see("办理过程")
    with pytest.raises(NotFound):
        library.counter.world.door.ask(case_papers, library.counter.clerk("xuhui01"), case_id)


@pytest.mark.row(1)
@pytest.mark.row(50)
def test_a_street_user_linked_for_looking_changes_no_case(library: Library) -> None:
    """Duty follows the link: readers of a street neither part nor withdraw, whatever the button says."""
    reader = replace(library.counter.clerk("huamu01"), duty=LinkDuty.READ)
    for action in (part_by_hand, withdraw_at_counter):
        with pytest.raises(NotAllowed):
            library.counter.world.door.perform(action, reader, Reasoned(UUID(int=1), "试着办理这个办件"))


@pytest.mark.row(2)
async def test_both_sides_cancellations_are_one_and_print_the_notice(crowd: Crowd, library: Library) -> None:
    """The notice is printed, the part is free, the fund and the licence library are notified."""
    flat, tenant = library.counter.free_flat("310115"), somebody()
    filed = library.lease(flat, tenant)
    library.decide(filed)
    filing = _filing(library, library.case(filed))
    first = library.cancel(filing.filing_no, tenant, "LESSEE", days=5)
    second = library.cancel(filing.filing_no, flat.owners[0], "LESSOR", days=7)
    library.decide(first, second)
    assert {library.case(one).state for one in (first, second)} == {StopState.DONE}
    assert _filing(library, library.case(filed)).state is FilingState.CANCELLED
    user = await page_of_case(crowd, first)
    await user.should_see("合并办理的办件", retries=WAIT)
    notice = next(row for row in rows(user, "文书") if row["title"] == "住房租赁合同备案注销通知书")
    enter(user, "文书", notice["id"])
    await user.should_see("已送浏览器打印：第1份", retries=WAIT)
    # The page is drawn anew with the print in it.
    assert await until(lambda: [row["copies"] for row in rows(user, "文书") if row["id"] == notice["id"]] == ["1"])
    later = library.counter.world.door.clock.today() + timedelta(days=7)
    apply = _apply(library, library.case(second))
    assert (apply.state, apply.terminated_on) == (CancelState.APPROVED, later)
    sent = select(Outgoing.system, Outgoing.operation).where(
        col(Outgoing.object_id).in_([filing.id, filing.contract_id])
    )
    systems = {system for system, _ in library.counter.world.read(lambda work: work.session.exec(sent).all())}
    assert "licence_library" in systems


@pytest.mark.row(2)
async def test_days_that_contradict_each_other_are_shown_side_by_side(crowd: Crowd, library: Library) -> None:
    flat, tenant = library.counter.free_flat("310115"), somebody()
    filed = library.lease(flat, tenant)
    library.decide(filed)
    filing = _filing(library, library.case(filed))
    first = library.cancel(filing.filing_no, tenant, "LESSEE", days=5)
    second = library.cancel(filing.filing_no, flat.owners[0], "LESSOR", days=15)
    library.decide(first, second)
    other = library.case(first)
    user = await page_of_case(crowd, second)
    (row,) = rows(user, f"与 {other.case_no} 比对")
    assert (row["field"], row["same"]) == ("终止日期", "不一致")
    assert {library.case(one).state for one in (first, second)} == {StopState.ACCEPTED}
    assert _filing(library, library.case(filed)).state is FilingState.ACTIVE


@pytest.mark.row(2)
async def test_one_side_waits_for_its_notice_and_leads_to_the_application(crowd: Crowd, library: Library) -> None:
    flat, tenant = library.counter.free_flat("310115"), somebody()
    filed = library.lease(flat, tenant)
    library.decide(filed)
    case_id = library.cancel(_filing(library, library.case(filed)).filing_no, tenant, "LESSEE", days=5, mode="ONE")
    library.decide(case_id)
    assert _apply(library, library.case(case_id)).state is CancelState.NOTICE
    user = await page_of_case(crowd, case_id)
    await user.should_see("异议期至", retries=WAIT)
    await user.should_see("查看注销申请", retries=WAIT)


@pytest.mark.row(1)
async def test_the_city_edits_the_item_and_open_cases_keep_theirs(crowd: Crowd, library: Library) -> None:
    """The new version counts from its day; until then, and for earlier applications, the old one does."""
    world, today = library.counter.world, library.counter.world.door.clock.today()
    user = await crowd.open("shi01", "/?open=stop_items")
    # Without a version of the city's own, the page shows what came with the product.
    await user.should_see("住房租赁合同网签备案（现行）", retries=WAIT)
    key(user, "f2")
    await user.should_see(marker="field-limit_days", retries=WAIT)
    put_instead(user, "limit_days", "5")
    put(user, "valid_from", (today + timedelta(days=400)).isoformat())
    put(user, "reason", "按新规定延长办理时限")
    press(user, "edit-item")
    await user.should_see("自生效日期起使用", retries=WAIT)

    def limit(days: int) -> int:
        order = ItemOfDay(on=today + timedelta(days=days))
        return world.door.ask(item_definition, SYSTEM, order).limit_days

    assert await until(lambda: (limit(399), limit(400)) == (3, 5))
    with pytest.raises(NotAllowed):
        world.door.perform(
            edit_item, library.counter.clerk(CLERK), EditItem("310-ZLBA-0001", today, (), (), 3, "", (), "")
        )


def _filing(library: Library, case: StopCase) -> LeaseFiling:
    found: LeaseFiling = library.counter.world.read(
        lambda work: work.session.exec(select(LeaseFiling).where(LeaseFiling.id == case.filing_id)).one()
    )
    return found


def _apply(library: Library, case: StopCase) -> CancelApply:
    found: CancelApply = library.counter.world.read(
        lambda work: work.session.exec(select(CancelApply).where(CancelApply.id == case.cancel_id)).one()
    )
    return found

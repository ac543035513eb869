"""转交审核 at the pages: from the record, all of one person's, and what the old reviewer's open page then says."""

from datetime import date, timedelta

import pytest
from nicegui.testing import User
from sqlmodel import select

from models.access import Account
from models.records import RevisionState
from services.engine.cycle import acts
from services.engine.cycle_orders import OneRevision
from services.engine.cycle_reassignment import Reassign, reassign
from services.engine.work import Work
from tests.ui.people import Crowd, until
from tests.ui.records.hands import MAKER, REVIEWER, SECOND, open_record, record_of, submitted, version_of
from tests.ui.tenancy.hands import WAIT, choose, key, press, rows
from tests.world import World
from ui.review.keys import QueueKeys
from ui.shell.choice import Choice

pytestmark = pytest.mark.usefixtures("companies")
DISTRICT = "pdchu01"


async def give_to(user: User, world: World, login: str | None, reason: str = "承办人因病请假") -> None:
    """What the dialog asks for."""
    await user.should_see(marker="field-to", retries=WAIT)
    choose(user, "to", str(world.caller(login).account_id) if login else "queue")
    user.find(marker="field-reason").type(reason)
    press(user, "dialog-yes")


async def test_from_the_record_to_a_colleague(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="要转交的地块")
    world.door.perform(acts("parcel").take, world.caller(REVIEWER), OneRevision(begun.revision_id))
    user = await open_record(crowd, DISTRICT, begun.record_id)
    key(user, "f9")
    await give_to(user, world, SECOND)
    await user.should_see("已转交", retries=WAIT)
    await user.should_see("转交尹思齐：承办人因病请假")
    assert version_of(world, SECOND, begun.revision_id).for_me
    maker = await open_record(crowd, MAKER, begun.record_id)
    await maker.should_see("已提交，审核期间不能修改", retries=WAIT)
    await maker.should_not_see("承办人因病请假")


async def test_without_a_reason_nothing_is_moved(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="没有原因的转交")
    user = await open_record(crowd, DISTRICT, begun.record_id)
    key(user, "f9")
    await give_to(user, world, SECOND, "病")
    await user.should_see("请填写转交原因（不少于5个字）", retries=WAIT)
    assert not version_of(world, SECOND, begun.revision_id).for_me


async def test_the_old_reviewers_open_page_is_told(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="被转走的地块")
    reviewer = world.caller(REVIEWER)
    world.door.perform(acts("parcel").take, reviewer, OneRevision(begun.revision_id))
    user = await crowd.open(REVIEWER, f"/?open=record_review&id={begun.revision_id}")
    await user.should_see(marker="decide-p", retries=WAIT)
    version = version_of(world, REVIEWER, begun.revision_id).version
    order = Reassign(begun.revision_id, version, world.caller(SECOND).account_id, "承办人因病请假")
    world.door.perform(reassign, world.caller(DISTRICT), order)
    user.find(kind=QueueKeys).trigger("letter", "p")
    await user.should_see("将本环节转交尹思齐审核", retries=WAIT)
    await user.should_see("本环节已指定由尹思齐审核", retries=WAIT)
    await user.should_not_see(marker="decide-p")
    assert record_of(world, MAKER, begun.record_id).state is RevisionState.SUBMITTED


async def test_all_open_steps_of_one_person(crowd: Crowd, world: World) -> None:
    begun = [submitted(world, parcel_name=f"全部转交{number}") for number in (1, 2)]
    reviewer = world.caller(REVIEWER)
    for one in begun:
        world.door.perform(acts("parcel").take, reviewer, OneRevision(one.revision_id))
    user = await crowd.open(DISTRICT, f"/?open=record_steps&holder={reviewer.account_id}")
    await user.should_see(marker="grid", retries=WAIT)
    assert await until(lambda: any("全部转交1" in str(row) for row in rows(user, "grid")))
    assert all("秦审言" in str(row) for row in rows(user, "grid"))
    key(user, "f2")
    await give_to(user, world, SECOND)
    await user.should_see("转交审核：完成", retries=WAIT)
    assert all(version_of(world, SECOND, one.revision_id).for_me for one in begun)
    press(user, "outcomes-close")
    assert await until(lambda: not any("全部转交" in str(row) for row in rows(user, "grid")))
    left = len(rows(user, "grid"))
    # The filter says anew how many each has; whom the list is narrowed to stays chosen.
    (chooser,) = user.find(marker="filter-holder").elements
    assert isinstance(chooser, Choice)
    assert await until(lambda: chooser.options.get(str(reviewer.account_id)) == f"秦审言（{left}件）")
    assert chooser.value == str(reviewer.account_id)
    assert "尹思齐" in chooser.options[str(world.caller(SECOND).account_id)]


async def test_ticked_ones_go_back_to_the_queue(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="放回的地块")
    world.door.perform(acts("parcel").take, world.caller(REVIEWER), OneRevision(begun.revision_id))
    user = await crowd.open(DISTRICT, "/?open=record_steps")
    await user.should_see(marker="grid", retries=WAIT)
    assert await until(lambda: any("放回的地块" in str(row) for row in rows(user, "grid")))
    user.find(marker="grid").trigger("ticks", [str(begun.revision_id)])
    key(user, "f8")
    await give_to(user, world, None)
    await user.should_see("完成 1 件", retries=WAIT)
    assert version_of(world, SECOND, begun.revision_id).holder == ""


async def test_whose_account_is_over_is_said_to_sign_in_no_more(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="到期人员的地块")
    reviewer = world.caller(REVIEWER)
    version = version_of(world, REVIEWER, begun.revision_id).version
    order = Reassign(begun.revision_id, version, reviewer.account_id, "承办人因病请假")
    world.door.perform(reassign, world.caller(DISTRICT), order)

    def until_day(day: date | None) -> None:
        def act(work: Work) -> None:
            row = work.session.exec(select(Account).where(Account.id == reviewer.account_id)).one()
            row.valid_to = day
            work.add(row)

        world.act(act)

    until_day(world.door.clock.today() - timedelta(days=1))
    try:
        user = await crowd.open(DISTRICT, f"/?open=record_steps&holder={reviewer.account_id}")
        await user.should_see(marker="grid", retries=WAIT)
        assert await until(lambda: any("原指定秦审言，可领取" in str(row) for row in rows(user, "grid")))
        (chooser,) = user.find(marker="filter-holder").elements
        assert isinstance(chooser, Choice)
        assert chooser.options[str(reviewer.account_id)].endswith("件，已不能登录）")
        record = await open_record(crowd, DISTRICT, begun.record_id)
        await record.should_see("原指定秦审言（已不能审核），等待其他审核人员领取", retries=WAIT)
        maker = await open_record(crowd, MAKER, begun.record_id)
        await maker.should_see("等待审核人员领取", retries=WAIT)
        await maker.should_not_see("秦")
    finally:
        until_day(None)


async def test_reviewers_and_companies_have_no_such_page(crowd: Crowd) -> None:
    for login in (REVIEWER, MAKER):
        user = await crowd.open(login, "/?open=record_steps")
        await user.should_not_see("转交此人全部")

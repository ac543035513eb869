"""The inbox in front of somebody: opens where a task is done, follows by itself, is lent to a colleague."""

from typing import Any

import pytest
from nicegui.testing import User
from sqlmodel import SQLModel

from models.companies import HeadCompany
from models.parcels import Parcel, ParcelHeadLink
from models.projects import Project
from models.records import Revision, RevisionState
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, OneRevision
from services.engine.notices import my_notices, notify, unread_notices
from services.engine.work import Work
from services.inbox.tasks import task_counts
from tests.land import Land
from tests.ui.people import Crowd, page_of, until
from tests.ui.records.hands import MAKER, REVIEWER, SECOND, begin, place_of, record_of, submitted, version_of
from tests.ui.records.test_review import letter
from tests.ui.tenancy.hands import WAIT, choose, enter, key, press, rows
from tests.world import World
from ui.catalogue import modules_of
from ui.shell.message_pages import NOTICE_PAGES

pytestmark = pytest.mark.usefixtures("companies")


async def at_inbox(crowd: Crowd, login: str, more: str = "") -> User:
    user = await crowd.open(login, f"/?open=inbox{more}")
    await user.should_see("第 1 /", retries=WAIT)
    return user


def titles(user: User) -> list[str]:
    return [str(row["title"]) for row in rows(user, "grid")]


def row_of(user: User, name: str) -> dict[str, Any]:
    return next(row for row in rows(user, "grid") if name in str(row["title"]))


@pytest.mark.parametrize("login", ["shichu01", "shishen01", REVIEWER, "pdchu01", MAKER, "binjiang01", "binjiang_admin"])
async def test_the_market_comes_in_to_its_home_with_the_inbox_next(crowd: Crowd, login: str) -> None:
    user = await crowd.open(login)
    # The parameters stand first in this application, for the probes of other tests.
    workspace = page_of(user).request.scope["state"]["workspace"]
    real = [key for key in workspace.modules if not key.startswith("probe") and key not in {"parameters", "made-up"}]
    assert real[:2] == ["home", "inbox"]


async def test_a_task_opens_where_it_is_done_and_is_gone_afterwards(crowd: Crowd, world: World) -> None:
    begun = begin(world, parcel_name="收件箱里的草稿")
    user = await at_inbox(crowd, MAKER, "&source=records.drafts")
    line = row_of(user, "收件箱里的草稿")
    assert (line["label"], line["who"]) == ("草稿待提交", "本人")
    enter(user, "grid", line["id"])
    await user.should_see(marker="record-state", retries=WAIT)
    assert place_of(user).params["id"] == str(begun.record_id)
    version = world.door.ask(acts("parcel").revision, world.caller(MAKER), begun.revision_id).version
    world.door.perform(acts("parcel").drop, world.caller(MAKER), OneRevision(begun.revision_id, version))
    again = await at_inbox(crowd, MAKER, "&source=records.drafts")
    assert all("收件箱里的草稿" not in title for title in titles(again))


async def test_a_review_opens_in_the_queue(crowd: Crowd, world: World) -> None:
    submitted(world, parcel_name="从待办去审核")
    user = await at_inbox(crowd, REVIEWER, "&source=records.review")
    enter(user, "grid", row_of(user, "从待办去审核")["id"])
    await user.should_see(marker="take", retries=WAIT)


async def test_who_is_away_lends_his_tasks_by_keyboard(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="出差前的地块")
    world.door.perform(acts("parcel").take, world.caller(SECOND), OneRevision(begun.revision_id))
    colleague = await at_inbox(crowd, REVIEWER)
    assert all("出差前的地块" not in title for title in titles(colleague))
    user = await at_inbox(crowd, SECOND)
    key(user, "f2")
    await user.should_see(marker="delegations", retries=WAIT)
    choose(user, "to", str(world.caller(REVIEWER).account_id))
    user.find(marker="field-reason").type("外出培训")
    today = world.door.clock.today()
    user.find(marker="field-until").type(today.isoformat())
    press(user, "delegate")
    await user.should_see("进行中", retries=WAIT)
    key(colleague, "f3")
    assert await until(lambda: any("出差前的地块" in title for title in titles(colleague)))
    assert row_of(colleague, "出差前的地块")["who"] == f"代{world.caller(SECOND).name}"
    take_back = next(one for one in user.find(content="收回").elements)
    user.find(kind=type(take_back), content="收回").click()
    await user.should_see("已收回", retries=WAIT)


async def test_a_message_is_read_away(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="有消息的地块")
    caller = world.caller(REVIEWER)
    world.door.perform(acts("parcel").take, caller, OneRevision(begun.revision_id))
    view = world.door.ask(acts("parcel").revision, caller, begun.revision_id)
    world.door.perform(acts("parcel").send_back, caller, Decide(begun.revision_id, view.version, "请补充附件"))
    world.let_pass(seconds=61)
    user = await at_inbox(crowd, MAKER)
    await user.should_see("地块已退回修改", retries=WAIT)
    unread = {marker for one in user.find(content="已读").elements for marker in one._markers}
    assert unread
    press(user, next(iter(sorted(unread))))
    assert await until(lambda: len({m for one in _read(user) for m in one._markers}) < len(unread))


def _read(user: User) -> set[Any]:
    try:
        return set(user.find(content="已读").elements)
    except AssertionError:
        return set()


async def test_the_count_stands_in_the_status_bar(crowd: Crowd, world: World) -> None:
    submitted(world, parcel_name="状态栏里的地块")
    user = await at_inbox(crowd, REVIEWER)
    await user.should_see(marker="task-count", retries=WAIT)
    count: Any = user.find(marker="task-count").elements.pop()
    assert await until(lambda: bool(count.visible))
    await user.should_see("待办 ", retries=WAIT)


async def test_a_message_opens_what_it_is_about(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="消息里的地块")
    version = version_of(world, REVIEWER, begun.revision_id).version
    order = Decide(begun.revision_id, version, "请更正地块名称")
    world.door.perform(acts("parcel").send_back, world.caller(REVIEWER), order)
    world.let_pass(seconds=61)
    user = await at_inbox(crowd, MAKER)
    lines = world.door.ask(my_notices, world.caller(MAKER), 30)
    line = next(one for one in lines if one.object_id == begun.revision_id)
    await user.should_see(marker=f"open-{line.id}", retries=WAIT)
    press(user, f"open-{line.id}")
    await user.should_see(marker="record-state", retries=WAIT)
    assert place_of(user).params["id"] == str(begun.record_id)

    def read() -> bool:
        told = world.door.ask(my_notices, world.caller(MAKER), 30)
        return next(one for one in told if one.id == line.id).read

    assert await until(read)


async def test_the_count_and_the_list_follow_a_decision_at_once(crowd: Crowd, world: World) -> None:
    begun = submitted(world, parcel_name="办完就少一件的地块")
    user = await at_inbox(crowd, REVIEWER, "&source=records.review")
    await user.should_see(marker="task-count", retries=WAIT)
    count: Any = user.find(marker="task-count").elements.pop()
    waiting = world.door.ask(task_counts, world.caller(REVIEWER))[""]
    await user.should_see(f"待办 {waiting}", retries=WAIT)
    enter(user, "grid", row_of(user, "办完就少一件的地块")["id"])
    await user.should_see(marker="take", retries=WAIT)
    letter(user, "enter")
    await user.should_see(marker="decide-p", retries=WAIT)
    letter(user, "p")
    assert await until(lambda: record_of(world, MAKER, begun.record_id).state is RevisionState.EFFECTIVE)
    assert await until(lambda: count.default_slot.children[0].text.startswith(f"待办 {waiting - 1}"))
    workspace = page_of(user).request.scope["state"]["workspace"]
    with page_of(user):
        await workspace.open("inbox")
    assert await until(lambda: all("办完就少一件的地块" not in title for title in titles(user)))


@pytest.mark.parametrize("about", ["link", "parcel", "project", "company"])
async def test_messages_about_land_and_companies_open_it(crowd: Crowd, land: Land, about: str) -> None:
    parcel = land.parcel()
    link = land.link_head(parcel, "H-1")
    opened: dict[str, tuple[str, Any, Any]] = {
        "link": ("parcel_links", ParcelHeadLink, link),
        "parcel": ("record", Parcel, parcel),
        "project": ("record", Project, land.project() if about == "project" else None),
        "company": ("record", HeadCompany, land.market.shenpu),
    }
    page, table, row_id = opened[about]
    world, caller = land.market.world, land.market.caller(MAKER)
    subject = f"关于{about}的消息"
    world.act(
        lambda work: notify(work, subject, "请查看", about=work.session.get(table, row_id), to_unit=caller.unit_id)
    )
    line = next(one for one in world.door.ask(my_notices, caller, 30) if one.subject == subject)
    user = await at_inbox(crowd, MAKER)
    await user.should_see(subject, retries=WAIT)
    press(user, f"open-{line.id}")
    assert await until(lambda: place_of(user).module == page)
    assert place_of(user).params["id"] == str(row_id)


def test_messages_open_pages_there_are_by_tables_there_are() -> None:
    modules = {module.key for module in modules_of("demo")}
    assert set(NOTICE_PAGES) <= set(SQLModel.metadata.tables)
    assert {module for pages in NOTICE_PAGES.values() for module in pages} <= modules


def test_a_message_ends_by_the_act_it_asks_for(world: World) -> None:
    begun = submitted(world, parcel_name="办完消息就没有的地块")
    reviewer = world.caller(REVIEWER)
    world.act(
        lambda work: notify(
            work,
            "请审核",
            "请审核",
            about=work.session.get(Revision, begun.revision_id),
            to_account=reviewer.account_id,
        )
    )
    before = world.door.ask(unread_notices, reviewer, None)
    world.door.perform(acts("parcel").take, reviewer, OneRevision(begun.revision_id))
    assert world.door.ask(unread_notices, reviewer, None) == before - 1
    (line,) = [one for one in world.door.ask(my_notices, reviewer, 50) if one.subject == "请审核"]
    assert line.read


def test_a_message_to_an_office_ends_by_the_act_of_any_of_it(world: World) -> None:
    begun = submitted(world, parcel_name="同事办完消息就没有的地块")
    reviewer, colleague = world.caller(REVIEWER), world.caller(SECOND)
    assert reviewer.unit_id == colleague.unit_id

    def tell(work: Work) -> None:
        about = work.session.get(Revision, begun.revision_id)
        notify(work, "请本单位审核", "请审核", about=about, to_unit=reviewer.unit_id)
        notify(work, "请您审核", "请审核", about=about, to_account=colleague.account_id)

    world.act(tell)
    world.door.perform(acts("parcel").take, reviewer, OneRevision(begun.revision_id))
    told = {one.subject: one.read for one in world.door.ask(my_notices, colleague, 50)}
    assert told["请本单位审核"]
    assert not told["请您审核"]

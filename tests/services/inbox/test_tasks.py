"""The inbox: who must do what until which working day, gone by the act itself, shown to whoever stands in."""

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select

from models.alerts import Alert, AlertGrade
from models.records import Revision
from services.alerts.late_reviews import RULE, watch_reviews
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, OneRevision
from services.engine.listings import Line, ListRows
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotFound, Rejected
from services.inbox.delegations import (
    Delegate,
    colleagues,
    delegate,
    delegations,
    take_back,
)
from services.inbox.tasks import TASKS, due_words, task_counts
from tests.ui.records.hands import begin, submitted, version_of
from tests.world import World
from ui.shell.values import tone_of

REVIEWER, SECOND, MAKER, OTHER = "pdshen01", "pdshen02", "shenpu01", "shenpu_admin"


def tasks(world: World, login: str, sort: str = "", **wanted: str) -> list[Line]:
    order = ListRows(wanted, Paging(1, 200, sort))
    return list(world.door.ask(TASKS.query, world.caller(login), order).lines)


def of(lines: list[Line], name: str) -> list[Line]:
    return [line for line in lines if name in line.title]


@pytest.mark.usefixtures("land")
def test_a_submission_waits_for_the_districts_reviewers_and_for_nobody_else(world: World) -> None:
    submitted(world, MAKER, parcel_name="待审的地块")
    (line,) = of(tasks(world, REVIEWER), "待审的地块")
    assert (line.source, line.what, line.due, line.left) == ("records.review", "审核", date(2027, 3, 8), 5)
    assert line.task.module == "record_review"
    for login in ("xhshen01", "pdchu01", MAKER, "jianghai01", "binjiang01"):
        assert of(tasks(world, login), "待审的地块") == []


@pytest.mark.usefixtures("land")
def test_the_act_itself_takes_a_task_away_and_gives_the_next(world: World) -> None:
    begun = submitted(world, MAKER, parcel_name="来回的地块")
    reviewer = world.caller(REVIEWER)
    world.door.perform(acts("parcel").take, reviewer, OneRevision(begun.revision_id))
    (held,) = of(tasks(world, REVIEWER), "来回的地块")
    assert (held.what, held.task.mine) == ("继续审核", True)
    assert of(tasks(world, SECOND), "来回的地块") == []
    version = version_of(world, REVIEWER, begun.revision_id).version
    world.door.perform(acts("parcel").send_back, reviewer, Decide(begun.revision_id, version, "附件不清晰"))
    assert of(tasks(world, REVIEWER), "来回的地块") == []
    (back,) = of(tasks(world, MAKER), "来回的地块")
    assert (back.source, back.what, back.task.mine) == ("records.returned", "修改后重新提交：附件不清晰", True)
    (offices,) = of(tasks(world, OTHER), "来回的地块")
    assert not offices.task.mine


@pytest.mark.usefixtures("land")
def test_an_overdue_task_stands_first_and_working_days_are_counted(world: World) -> None:
    submitted(world, MAKER, parcel_name="超期的地块")
    world.stand_at(2027, 3, 10)
    submitted(world, MAKER, parcel_name="新来的地块")
    lines = tasks(world, REVIEWER)
    assert lines[0].overdue
    (late,) = of(lines, "超期的地块")
    assert (late.left, late.waited) == (-2, 7)
    assert [line.overdue for line in of(lines, "新来的地块")] == [False]
    overdue = tasks(world, REVIEWER, view="overdue")
    assert of(overdue, "超期的地块")
    assert not of(overdue, "新来的地块")
    counts = world.door.ask(task_counts, world.caller(REVIEWER))
    assert counts["overdue"] == len(overdue)


@pytest.mark.usefixtures("land")
def test_a_type_and_a_word_narrow_and_strange_ones_are_refused(world: World) -> None:
    begin(world, MAKER, parcel_name="筛选用的草稿")
    assert {line.source for line in tasks(world, MAKER, source="records.drafts")} == {"records.drafts"}
    assert len(tasks(world, MAKER, text="筛选用")) == 1
    assert tasks(world, MAKER, text="' OR 1=1 --") == []
    for wanted in ({"source": "nonsense"}, {"view": "nonsense"}, {"sort": "id; drop table"}, {"text": "‮"}):
        with pytest.raises(Rejected):
            tasks(world, MAKER, **wanted)


@pytest.mark.usefixtures("land")
def test_a_colleague_sees_what_waits_for_who_is_away_and_acts_in_his_own_right(world: World) -> None:
    begun = submitted(world, MAKER, parcel_name="委托的地块")
    world.door.perform(acts("parcel").take, world.caller(SECOND), OneRevision(begun.revision_id))
    assert of(tasks(world, REVIEWER), "委托的地块") == []
    given = give(world, SECOND, REVIEWER)
    (line,) = of(tasks(world, REVIEWER, view="others"), "委托的地块")
    assert line.whose == world.caller(SECOND).name
    (out,) = [one for one in world.door.ask(delegations, world.caller(SECOND)) if one.id == given]
    assert (out.out, out.state) == (True, "进行中")
    world.door.perform(take_back, world.caller(SECOND), given)
    assert of(tasks(world, REVIEWER), "委托的地块") == []
    with pytest.raises(Conflict):
        world.door.perform(take_back, world.caller(SECOND), given)


def give(world: World, giver: str, taker: str) -> UUID:
    order = Delegate(account(world, taker), date(2027, 3, 1), date(2027, 3, 5), "外出培训")
    made: UUID = world.door.perform(delegate, world.caller(giver), order)
    return made


def account(world: World, login: str) -> UUID:
    found = world.caller(login).account_id
    assert found is not None
    return found


@pytest.mark.usefixtures("land")
def test_a_delegation_ends_with_its_last_day(world: World) -> None:
    begun = submitted(world, MAKER, parcel_name="到期的委托")
    world.door.perform(acts("parcel").take, world.caller(SECOND), OneRevision(begun.revision_id))
    given = give(world, SECOND, REVIEWER)
    assert of(tasks(world, REVIEWER), "到期的委托")
    world.stand_at(2027, 3, 6)
    assert of(tasks(world, REVIEWER), "到期的委托") == []
    (line,) = [one for one in world.door.ask(delegations, world.caller(REVIEWER)) if one.id == given]
    assert (line.out, line.state) == (False, "已结束")


@pytest.mark.usefixtures("land")
def test_only_a_colleague_who_shares_a_role_can_stand_in(world: World) -> None:
    offered = world.door.ask(colleagues, world.caller(REVIEWER))
    assert account(world, SECOND) in offered
    for login in ("pdchu01", "xhshen01", "shishen01", MAKER, REVIEWER):
        assert account(world, login) not in offered
        with pytest.raises(NotFound):
            give(world, REVIEWER, login)
    caller = world.caller(REVIEWER)
    for first, last, reason in (
        (date(2027, 3, 5), date(2027, 3, 1), "外出培训"),
        (date(2027, 1, 1), date(2027, 2, 1), "外出培训"),
        (date(2027, 3, 1), date(2027, 12, 1), "外出培训"),
        (date(2027, 3, 1), date(2027, 3, 5), ""),
        (date(2027, 3, 1), date(2027, 3, 5), "‮翻转"),
    ):
        with pytest.raises(Rejected):
            world.door.perform(delegate, caller, Delegate(account(world, SECOND), first, last, reason))


@pytest.mark.usefixtures("land")
def test_a_step_open_too_long_is_told_to_the_authority_and_settles_by_the_act(world: World) -> None:
    begun = submitted(world, MAKER, parcel_name="久拖的地块")
    world.door.perform(watch_reviews, SYSTEM)
    assert alert(world, begun.revision_id) is None
    world.stand_at(2027, 3, 9)
    world.door.perform(watch_reviews, SYSTEM)
    found = alert(world, begun.revision_id)
    assert found is not None
    assert (found.grade, found.district_code, found.head_company_id) == (AlertGrade.BLUE, "310115", None)
    world.stand_at(2027, 3, 16)
    world.door.perform(watch_reviews, SYSTEM)
    worse = alert(world, begun.revision_id)
    assert worse is not None
    assert (worse.grade, worse.id) == (AlertGrade.YELLOW, found.id)
    reviewer = world.caller(REVIEWER)
    world.door.perform(acts("parcel").take, reviewer, OneRevision(begun.revision_id))
    version = version_of(world, REVIEWER, begun.revision_id).version
    world.door.perform(acts("parcel").approve, reviewer, Decide(begun.revision_id, version))
    world.door.perform(watch_reviews, SYSTEM)
    assert alert(world, begun.revision_id) is None


def alert(world: World, revision_id: UUID) -> Alert | None:
    found: Alert | None = world.read(
        lambda work: work.session.exec(
            select(Alert).where(
                Alert.rule_code == RULE,
                Alert.subject_id == revision_id,
                Alert.open_key.is_not(None),  # type: ignore[union-attr]
            )
        ).first()
    )
    return found


def test_the_alert_is_about_a_revision_there_is(world: World) -> None:
    about = world.read(lambda work: work.session.exec(select(Alert).where(Alert.rule_code == RULE)).all())
    known = {row.id for row in world.read(lambda work: work.session.exec(select(Revision)).all())}
    assert {one.subject_id for one in about} <= known


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [(28, "还有28个工作日", ""), (5, "还有5个工作日", "warn"), (0, "今天到期", "bad"), (-2, "超期2个工作日", "bad")],
)
def test_days_are_said_to_be_working_days_and_redden(left: int, words: str, tone: str) -> None:
    told = due_words(left)
    assert (told, tone_of(told)) == (words, tone)


@pytest.mark.usefixtures("land")
def test_what_was_returned_stands_first(world: World) -> None:
    begin(world, parcel_name="草稿的地块")
    begun = submitted(world, MAKER, parcel_name="退回的地块")
    version = version_of(world, REVIEWER, begun.revision_id).version
    order = Decide(begun.revision_id, version, "请更正地块名称")
    world.door.perform(acts("parcel").send_back, world.caller(REVIEWER), order)
    sources = [line.source for line in tasks(world, MAKER)]
    assert {"records.returned", "records.drafts"} <= set(sources)
    assert sources == sorted(sources, key=lambda source: source != "records.returned")

"""Row 44: police and the association's list are asked at application, at change and every night (K01-K03, decision 29)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from models.engine import Notice
from models.enterprise import ServiceState
from models.practitioner_codes import (
    ApplyKind,
    ApplyState,
    CardEnd,
    CardPause,
    CardState,
    CheckAnswer,
    TaskKind,
    TaskState,
)
from models.practitioners import CardApply, CardTask, InfoCard
from services.engine.callers import SYSTEM
from services.engine.jobs import JOBS
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotFound, Rejected
from services.ports.answers import Answer
from services.ports.blacklist import BLACKLIST, Blacklist, BlacklistEntry
from services.practitioners.applications import apply_many
from services.practitioners.card_moves import activate, resume, suspend
from services.practitioners.identity_checks import check_again, check_due
from services.practitioners.inspection import pass_apply
from services.practitioners.nightly import recheck_now
from services.practitioners.orders import FileRows, PersonData, Told
from services.practitioners.tasks import TASKS, close_task, confirm_task, lift_task, task_undo_left, undo_task
from tests.services.practitioners.association.parameters import parameter
from tests.services.practitioners.desks.people import Desks, codes, somebody

pytestmark = pytest.mark.row(44)


def _check(desks: Desks) -> None:
    JOBS["practitioners.check"].run(desks.world.door)


def _night(desks: Desks) -> int:
    """The next night's check of all live cards."""
    desks.days_later(1)
    return recheck_now(desks.world.door)


# At application


def test_name_and_number_that_disagree_are_rejected_by_the_system(desks: Desks) -> None:
    person = somebody()
    desks.rename(person.id_no, "别人名")
    answer = desks.applied(person)
    kept = desks.kept(answer.apply_id)
    assert (answer.state, codes(answer)) == (ApplyState.AUTO_REJECTED, {"K01"})
    assert (kept.two_factor, kept.blacklist) == (CheckAnswer.BAD, CheckAnswer.GOOD)
    told = desks.rows(Notice, Notice.object_id == answer.apply_id)
    assert "身份信息核验未通过" in told[0].body.json()


def test_rejection_consumes_nothing(desks: Desks) -> None:
    person = somebody()
    desks.rename(person.id_no, "别人名")
    assert desks.applied(person).state is ApplyState.AUTO_REJECTED
    desks.rename(person.id_no, person.name)
    assert desks.applied(person).state is ApplyState.INSPECTING


def test_number_no_register_knows_is_told_in_its_own_words(desks: Desks) -> None:
    person = somebody()
    desks.rename(person.id_no)
    answer = desks.applied(person)
    assert answer.state is ApplyState.AUTO_REJECTED
    assert "查无此证件号码" in answer.findings[0].message


def test_listed_person_is_rejected_with_the_category_only(desks: Desks) -> None:
    person = somebody()
    desks.list_number(person.id_no, "侵占客户资金")
    answer = desks.applied(person)
    assert (answer.state, codes(answer)) == (ApplyState.AUTO_REJECTED, {"K02"})
    assert answer.findings[0].message == "该人员不符合从业要求（侵占客户资金）"


def test_namesake_of_a_listed_person_is_no_hit(desks: Desks) -> None:
    listed = somebody("洪蕾")
    desks.list_number(listed.id_no)
    assert desks.applied(somebody("洪蕾")).state is ApplyState.INSPECTING


@pytest.mark.parametrize(
    ("since", "until", "state"),
    [
        ("2022-01-01", "2027-02-28", ApplyState.INSPECTING),
        ("2022-01-01", "2027-03-01", ApplyState.AUTO_REJECTED),
        ("2027-03-02", "2030-01-01", ApplyState.INSPECTING),
    ],
    ids=["expired", "last-day", "not-yet"],
)
def test_entry_counts_from_its_first_to_its_last_day(desks: Desks, since: str, until: str, state: ApplyState) -> None:
    person = somebody()
    desks.list_number(person.id_no, since=since, until=until)
    assert desks.applied(person).state is state


@pytest.mark.parametrize("system", ["police", "blacklist"])
def test_silence_is_no_rejection_and_is_asked_again(desks: Desks, system: str) -> None:
    desks.world.fault(system, "error")
    answer = desks.applied()
    kept = desks.kept(answer.apply_id)
    assert (answer.state, codes(answer)) == (ApplyState.SUBMITTED, {"K03"})
    assert CheckAnswer.SILENT in (kept.two_factor, kept.blacklist)
    desks.world.heal()
    desks.world.let_pass(minutes=2)
    _check(desks)
    assert desks.kept(answer.apply_id).state is ApplyState.INSPECTING


def test_tries_follow_after_one_five_and_thirty_minutes_then_hourly_to_a_day(desks: Desks) -> None:
    desks.world.fault("police", "error")
    answer = desks.applied()
    gaps: list[int] = []
    while (kept := desks.kept(answer.apply_id)).check_again_at is not None:
        assert kept.checked_at is not None
        gaps.append(round((kept.check_again_at - kept.checked_at) / timedelta(minutes=1)))
        desks.world.door.clock.stand_at(kept.check_again_at)
        assert desks.world.door.perform(check_due, SYSTEM, None) >= 1
    assert gaps[:5] == [1, 5, 30, 60, 60]
    assert set(gaps[3:]) == {60}
    assert 22 <= len(gaps[3:]) <= 24
    assert kept.state is ApplyState.SUBMITTED
    told = desks.rows(Notice, Notice.object_id == answer.apply_id)
    assert [one.subject for one in told] == ["信息卡申请核验尚未完成"]
    desks.world.heal()
    desks.act(check_again, OneRow(kept.id))
    _check(desks)
    assert desks.kept(kept.id).state is ApplyState.INSPECTING


def test_bad_answer_of_one_rejects_though_the_other_is_silent(desks: Desks) -> None:
    person = somebody()
    desks.list_number(person.id_no)
    desks.world.fault("police", "error")
    assert desks.applied(person).state is ApplyState.AUTO_REJECTED


def test_a_reply_about_somebody_else_is_no_answer(desks: Desks) -> None:
    desks.world.fault("blacklist", "mismatch")
    assert codes(desks.applied()) == {"K03"}


def test_change_is_checked_as_well(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    desks.rename(person.id_no, "新名字")
    renamed = replace(person, name="别的名字")
    answer = desks.applied(renamed, kind=ApplyKind.CHANGE, card_id=card_id)
    assert (answer.state, codes(answer)) == (ApplyState.AUTO_REJECTED, {"K01"})
    assert desks.card(card_id).name.plain == person.name


def test_inspector_does_not_pass_what_was_not_answered(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.world.rewrite(CardApply, col(CardApply.id) == apply_id, blacklist=CheckAnswer.SILENT)
    assert isinstance(desks.refused(pass_apply, Told(apply_id), desks.inspector), Conflict)


@pytest.mark.parametrize("chunks", [2, pytest.param(10, marks=pytest.mark.soak)])
def test_as_many_as_two_thousand_are_worked_off_in_chunks_of_two_hundred(desks: Desks, chunks: int) -> None:
    photo, batch = desks.photo().portrait_id, uuid4()
    listed: set[str] = set()
    for _ in range(chunks):
        people = [_numbered() for _ in range(200)]
        desks.act(apply_many, FileRows(batch, tuple(desks.order(one, portrait_id=photo) for one in people)))
        listed.add(people[7].id_no)
    for number in listed:
        desks.list_number(number)
    asked: list[int] = []
    desks.world.door.house.systems = desks.world.door.systems.having(BLACKLIST, _Counted(_list_of(desks), asked))
    _check(desks)
    kept = desks.rows(CardApply, CardApply.batch_id == batch)
    states = [one.state for one in kept]
    assert (len(kept), states.count(ApplyState.AUTO_REJECTED)) == (200 * chunks, chunks)
    assert states.count(ApplyState.INSPECTING) == 199 * chunks
    assert asked == [200] * chunks


_NEXT = iter(range(10_000))


def _numbered() -> PersonData:
    """Somebody with a passport, for there are not so many unused days of birth."""
    return somebody(id_type="31", id_no=f"P{next(_NEXT):08d}")


def _list_of(desks: Desks) -> Blacklist:
    return desks.world.door.systems.at(BLACKLIST)


@dataclass(frozen=True)
class _Counted:
    """The association's list, which notes how many numbers each question is about."""

    behind: Blacklist
    asked: list[int]

    def entries_of(self, numbers: Sequence[str]) -> Answer[Mapping[str, tuple[BlacklistEntry, ...]]]:
        self.asked.append(len(numbers))
        return self.behind.entries_of(numbers)


# Every night


def test_hit_on_a_live_card_suspends_at_once_and_is_put_before_the_district(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    desks.list_number(person.id_no, "侵占客户资金")
    _night(desks)
    card = desks.card(card_id)
    assert (card.state, card.pause, card.live) == (CardState.SUSPENDED, CardPause.BLACKLIST, 1)
    assert desks.public(card_id)["state"] == "暂停"
    lines = desks.lines(TASKS, desks.inspector, kind="BLACKLIST")
    line = next(one for one in lines if one.card_id == card_id)
    assert "侵占客户资金" in line.words
    assert any("暂停" in one.subject for one in desks.rows(Notice, Notice.object_id == card_id))
    _night(desks)
    assert len(desks.tasks_of(card_id)) == 1


def test_district_confirms_and_the_card_is_cancelled_for_the_list(desks: Desks) -> None:
    card_id, task_id = _hit(desks)
    assert "核查结论" in desks.refused(confirm_task, Told(task_id, "是"), desks.inspector).message
    assert isinstance(desks.refused(close_task, Told(task_id, "已了解情况"), desks.inspector), Rejected)
    desks.act(confirm_task, Told(task_id, "经查情况属实"), desks.inspector)
    card = desks.card(card_id)
    assert (card.state, card.cancel_reason) == (CardState.CANCELLED, CardEnd.BLACKLIST)
    assert isinstance(desks.refused(lift_task, Told(task_id, "经查情况不实"), desks.inspector), Conflict)


def test_district_lifts_and_the_same_entry_is_no_hit_any_more(desks: Desks) -> None:
    person = somebody()
    card_id, task_id = _hit(desks, person)
    assert isinstance(desks.refused(resume, Told(card_id, "企业申请恢复"), desks.inspector), Conflict)
    desks.act(lift_task, Told(task_id, "经查系同号误列"), desks.inspector)
    assert desks.card(card_id).state is CardState.ACTIVE
    _night(desks)
    assert desks.card(card_id).state is CardState.ACTIVE
    desks.list_number(person.id_no, "伪造从业证明", since="2027-03-01")
    _night(desks)
    assert desks.card(card_id).state is CardState.SUSPENDED


def test_a_district_takes_its_word_about_a_task_back_within_the_minute(desks: Desks) -> None:
    card_id, task_id = _hit(desks)
    desks.act(confirm_task, Told(task_id, "经查情况属实"), desks.inspector)
    assert desks.card(card_id).state is CardState.CANCELLED
    assert desks.ask(task_undo_left, task_id, desks.inspector) > 30
    desks.act(undo_task, OneRow(task_id), desks.inspector)
    card, task = desks.card(card_id), desks.tasks_of(card_id)[0]
    assert (card.state, card.cancel_reason, task.state) == (CardState.SUSPENDED, None, TaskState.OPEN)
    desks.act(lift_task, Told(task_id, "经查系同号误列"), desks.inspector)
    desks.act(suspend, Told(card_id, "投诉调查期间暂停"), desks.inspector)
    assert isinstance(desks.refused(undo_task, OneRow(task_id), desks.inspector), Conflict)


@pytest.mark.proves("H17")
def test_another_district_cannot_decide(desks: Desks) -> None:
    _, task_id = _hit(desks)
    for action in (confirm_task, lift_task, close_task):
        assert isinstance(desks.refused(action, Told(task_id, "经查情况属实"), desks.foreign), NotFound)


def _hit(desks: Desks, person: PersonData | None = None) -> tuple[Any, Any]:
    person = person or somebody()
    card_id = desks.active(person)
    desks.list_number(person.id_no)
    _night(desks)
    return card_id, desks.tasks_of(card_id)[0].id


def test_hit_on_a_card_not_yet_in_force_stops_its_activation(desks: Desks) -> None:
    person = somebody()
    card_id = desks.passed(person)
    desks.list_number(person.id_no)
    _night(desks)
    assert desks.card(card_id).state is CardState.PASSED
    assert "核查" in desks.refused(activate, OneRow(card_id)).message
    desks.act(lift_task, Told(desks.tasks_of(card_id)[0].id, "经查系同号误列"), desks.inspector)
    desks.act(activate, OneRow(card_id))


def test_name_that_no_longer_agrees_is_put_before_the_district_and_suspends_nothing(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    desks.rename(person.id_no, "改名了")
    _night(desks)
    task = desks.tasks_of(card_id)[0]
    assert (desks.card(card_id).state, task.kind) == (CardState.ACTIVE, TaskKind.TWO_FACTOR)
    desks.act(confirm_task, Told(task.id, "本人已改名须换卡"), desks.inspector)
    assert desks.card(card_id).cancel_reason is CardEnd.CHANGED


def test_list_that_does_not_answer_leaves_every_card_as_it_is(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    desks.list_number(person.id_no)
    desks.world.fault("blacklist", "error")
    _night(desks)
    assert (desks.card(card_id).state, desks.card(card_id).checked_on) == (CardState.ACTIVE, None)
    desks.world.heal()
    recheck_now(desks.world.door)
    assert (desks.card(card_id).state, desks.card(card_id).checked_on) == (CardState.SUSPENDED, desks.today)


def test_police_that_do_not_answer_leave_every_card_as_it_is(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    desks.rename(person.id_no, "改名了")
    desks.world.fault("police", "error")
    _night(desks)
    assert (desks.tasks_of(card_id), desks.card(card_id).checked_on) == ([], None)
    desks.world.heal()
    recheck_now(desks.world.door)
    assert [one.kind for one in desks.tasks_of(card_id)] == [TaskKind.TWO_FACTOR]


def test_every_live_card_is_checked_once_a_day_wherever_the_run_broke_off(desks: Desks) -> None:
    cards = [desks.active() for _ in range(3)]
    desks.days_later(1)
    desks.world.fault("blacklist", "error", times=1)
    assert recheck_now(desks.world.door) == 0
    assert recheck_now(desks.world.door) >= 3
    assert {desks.card(one).checked_on for one in cards} == {desks.today}
    assert recheck_now(desks.world.door) == 0
    open_tasks = select(CardTask.id).where(col(CardTask.card_id).in_(cards), CardTask.state == TaskState.OPEN)
    assert desks.world.read(lambda work: work.session.exec(open_tasks).all()) == []


def test_cards_that_are_no_longer_live_are_not_asked_about(desks: Desks) -> None:
    person = somebody()
    card_id, task_id = _hit(desks, person)
    desks.act(confirm_task, Told(task_id, "经查情况属实"), desks.inspector)
    version = desks.card(card_id).version
    _night(desks)
    assert desks.card(card_id).version == version
    assert desks.rows(InfoCard, InfoCard.id == card_id)[0].checked_on is not None


def test_lifting_a_hit_leaves_what_the_district_looks_into_besides(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    desks.act(suspend, Told(card_id, "投诉调查期间暂停"), desks.inspector)
    desks.list_number(person.id_no)
    _night(desks)
    assert desks.card(card_id).pause is CardPause.BLACKLIST
    desks.act(lift_task, Told(desks.tasks_of(card_id)[0].id, "经查系同号误列"), desks.inspector)
    card = desks.card(card_id)
    assert (card.state, card.pause) == (CardState.SUSPENDED, CardPause.INQUIRY)
    assert "等待调查结果" in _told_last(desks, card_id)
    desks.act(resume, Told(card_id, "调查结束未发现问题"), desks.inspector)
    assert desks.card(card_id).state is CardState.ACTIVE


def test_lifting_a_hit_leaves_a_card_suspended_with_its_firm(desks: Desks) -> None:
    card_id, task_id = _hit(desks)
    desks.move_firm(service_state=ServiceState.SUSPENDED)
    desks.act(lift_task, Told(task_id, "经查系同号误列"), desks.inspector)
    card = desks.card(card_id)
    assert (card.state, card.pause) == (CardState.SUSPENDED, CardPause.FIRM)
    assert "企业恢复服务后自动恢复" in _told_last(desks, card_id)


def test_the_firm_is_told_of_the_end_and_that_it_may_object(desks: Desks) -> None:
    card_id, task_id = _hit(desks)
    desks.act(confirm_task, Told(task_id, "经查情况属实"), desks.inspector)
    assert "可以对该卡提出异议" in _told_last(desks, card_id)


def _told_last(desks: Desks, card_id: Any) -> str:
    told = desks.rows(Notice, Notice.object_id == card_id, Notice.to_enterprise == desks.firm_row().id)
    body: str = max(told, key=lambda one: one.id).body.json()
    return body


# Switched off


def test_a_rule_that_is_switched_off_stops_nobody_at_the_inspector_s_either(desks: Desks) -> None:
    misnamed, listed, silent = somebody("改名"), somebody("列名"), somebody("无答")
    desks.rename(misnamed.id_no, "别人名")
    desks.list_number(listed.id_no)
    with switched_off(desks, "K01"):
        named = desks.waiting(misnamed)
        assert desks.kept(named).two_factor is CheckAnswer.BAD
        assert desks.act(pass_apply, Told(named), desks.inspector)
    with switched_off(desks, "K02"):
        assert desks.act(pass_apply, Told(desks.waiting(listed)), desks.inspector)
    with switched_off(desks, "K03"):
        desks.world.fault("blacklist", "error")
        unanswered = desks.waiting(silent)
        desks.world.heal()
        assert desks.kept(unanswered).blacklist is CheckAnswer.SILENT
    # On again before the inspector comes to it: nobody has answered, so it does not pass.
    assert "尚未通过" in desks.refused(pass_apply, Told(unanswered), desks.inspector).message


def test_a_rule_that_is_switched_off_stops_nobody_by_night_either(desks: Desks) -> None:
    # A day on which no other test has set them: the clock of a test begins where the last one's did.
    desks.days_later(1)
    misnamed, listed = somebody("改名"), somebody("列名")
    renamed, hit = desks.active(misnamed), desks.active(listed)
    desks.rename(misnamed.id_no, "别人名")
    desks.list_number(listed.id_no)
    with switched_off(desks, "K01"), switched_off(desks, "K02"):
        _night(desks)
        assert [desks.card(one).state for one in (renamed, hit)] == [CardState.ACTIVE] * 2
        assert [desks.tasks_of(one) for one in (renamed, hit)] == [[], []]
        assert desks.card(hit).checked_on == desks.today
    _night(desks)
    assert desks.card(hit).state is CardState.SUSPENDED
    assert [one.kind for one in desks.tasks_of(renamed)] == [TaskKind.TWO_FACTOR]


def test_a_system_that_is_switched_off_and_silent_holds_up_nobody(desks: Desks) -> None:
    # Behind every day on which another test has put a rule on again.
    desks.days_later(10)
    misnamed, other = somebody("改名"), somebody("列名")
    renamed, listed = desks.active(misnamed), desks.active(other)
    desks.rename(misnamed.id_no, "别人名")
    with switched_off(desks, "K02"):
        desks.world.fault("blacklist", "error")
        _night(desks)
        desks.world.heal()
        assert [one.kind for one in desks.tasks_of(renamed)] == [TaskKind.TWO_FACTOR]
        assert desks.card(listed).checked_on == desks.today
    desks.list_number(other.id_no)
    with switched_off(desks, "K01"):
        desks.world.fault("police", "error")
        _night(desks)
        desks.world.heal()
    assert desks.card(listed).state is CardState.SUSPENDED
    assert desks.card(renamed).checked_on == desks.today


@contextmanager
def switched_off(desks: Desks, code: str) -> Iterator[None]:
    with parameter(desks.world, f"rule.{code}.on", "false"):
        yield

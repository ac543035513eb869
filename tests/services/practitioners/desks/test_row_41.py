"""Row 41: the firm activates, and the card is in force and public at once (K09, K12)."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col

from models.engine import Notice
from models.enterprise import RecordState, ServiceState
from models.practitioner_codes import CardEnd, CardPause, CardState, TaskKind
from models.practitioners import CardApply, CardTask, InfoCard, Practitioner
from services.engine.events import on
from services.engine.jobs import JOBS
from services.engine.listings import BulkRows
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotFound, Rejected
from services.practitioners import nightly
from services.practitioners.cancellation import leave
from services.practitioners.card_moves import activate, resume, suspend
from services.practitioners.cards import CARD_CHANGED, CardChange, CardEvent
from services.practitioners.inspection import pass_apply
from services.practitioners.listings import PEOPLE
from services.practitioners.orders import LeaveFirm, Told
from tests.services.practitioners.desks.people import Desks, somebody

pytestmark = pytest.mark.row(41)

#: What was told of cards since a test began; the product's own listeners hear the same.
HEARD: list[tuple[str, CardEvent]] = []


@on(CARD_CHANGED)
def _hear(work: object, change: CardChange) -> None:
    HEARD.append((str(change.card.id), change.what))


def _told(card_id: object) -> list[CardEvent]:
    return [what for heard, what in HEARD if heard == str(card_id)]


def test_activated_card_is_in_force_public_and_told(desks: Desks) -> None:
    person = somebody("段天明")
    card_id = desks.passed(person)
    moved = desks.act(activate, OneRow(card_id))
    card = desks.card(card_id)
    assert (moved, card.state, card.active_from) == (CardState.ACTIVE, CardState.ACTIVE, desks.today)
    assert (desks.public(card_id)["name"], desks.public(card_id)["state"]) == ("段天明", "有效")
    assert person.id_no not in str(desks.public(card.id))
    assert person.mobile not in str(desks.public(card.id))
    assert _told(card_id) == [CardEvent.PASSED, CardEvent.ACTIVATED]


def test_several_are_activated_each_with_its_result(desks: Desks) -> None:
    fresh, already, foreign = desks.passed(), desks.active(), _foreign(desks)
    results = desks.act(PEOPLE.each, BulkRows(activate.name, (fresh, already, foreign)))
    assert [one.done for one in results] == [True, False, False]
    assert "已经激活（2027-03-01）" in results[1].message
    assert results[0].label == desks.card(fresh).card_no


def _foreign(desks: Desks) -> UUID:
    card_id: UUID = desks.act(pass_apply, Told(desks.handed_in(caller=desks.other_firm)), desks.foreign)
    return card_id


def test_activated_twice_is_told_and_nothing_changes(desks: Desks) -> None:
    card_id = desks.active()
    version = desks.card(card_id).version
    refusal = desks.refused(activate, OneRow(card_id))
    assert isinstance(refusal, Conflict)
    assert "无需重复办理" in refusal.message
    assert desks.card(card_id).version == version


@pytest.mark.proves("H17")
def test_only_the_firm_that_applied_activates(desks: Desks) -> None:
    assert isinstance(desks.refused(activate, OneRow(desks.passed()), desks.other_firm), NotFound)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"service_state": ServiceState.SUSPENDED}, "企业服务已暂停"),
        ({"record_state": RecordState.CANCELLED}, "企业未备案"),
    ],
)
def test_suspended_or_ended_firm_does_not_activate(desks: Desks, values: dict[str, object], words: str) -> None:
    card_id = desks.passed()
    desks.move_firm(**values)
    refusal = desks.refused(activate, OneRow(card_id))
    assert isinstance(refusal, Rejected)
    assert words in refusal.message


def test_person_who_left_before_activation_is_cancelled_instead(desks: Desks) -> None:
    person = somebody()
    card_id = desks.passed(person)
    desks.act(leave, LeaveFirm(card_id, desks.today, "入职前放弃"))
    card = desks.card(card_id)
    assert (card.state, card.cancel_reason, card.live) == (CardState.CANCELLED, CardEnd.LEFT, None)
    assert isinstance(desks.refused(activate, OneRow(card_id)), Conflict)
    assert desks.passed(person) != card_id


def test_card_nobody_activates_lapses_after_thirty_days(desks: Desks) -> None:
    card_id = desks.passed()
    desks.days_later(30)
    JOBS["practitioners.lapse"].run(desks.world.door)
    assert desks.card(card_id).state is CardState.PASSED
    desks.days_later(1)
    assert "已经失效" in desks.refused(activate, OneRow(card_id)).message
    JOBS["practitioners.lapse"].run(desks.world.door)
    card = desks.card(card_id)
    assert (card.state, card.live) == (CardState.LAPSED, None)
    assert _told(card_id)[-1] is CardEvent.LAPSED


def test_cards_loaded_from_other_sources_stay_as_they_are(desks: Desks) -> None:
    loaded = desks.rows(InfoCard, col(InfoCard.practitioner_id).is_(None))
    before = {card.id: (card.state, card.version) for card in loaded}
    desks.days_later(400)
    for name in ("practitioners.lapse", "practitioners.follow_firms", "practitioners.recheck"):
        JOBS[name].run(desks.world.door)
    after = {card.id: (card.state, card.version) for card in desks.rows(InfoCard) if card.id in before}
    assert before == after
    assert before


# Leaving


def test_firm_cancels_who_leaves_at_once_and_the_record_stands(desks: Desks) -> None:
    card_id = desks.active()
    desks.act(leave, LeaveFirm(card_id, desks.ago(2)))
    card = desks.card(card_id)
    holder = desks.rows(Practitioner, Practitioner.id == card.practitioner_id)[0]
    assert (card.state, card.cancelled_on, holder.left_on) == (CardState.CANCELLED, desks.today, desks.ago(2))
    assert _told(card_id)[-1] is CardEvent.CANCELLED
    kept = [one for one in desks.rows(CardApply, CardApply.card_id == card_id) if one.kind.value == "CANCEL"]
    assert [one.state.value for one in kept] == ["PASSED"]
    assert isinstance(desks.refused(leave, LeaveFirm(card_id)), Conflict)


def test_leaving_tomorrow_is_refused(desks: Desks) -> None:
    order = LeaveFirm(desks.active(), desks.today + timedelta(days=1))
    assert "不能晚于今天" in desks.refused(leave, order).message


def test_leaving_before_coming_is_refused_and_on_the_same_day_is_not(desks: Desks) -> None:
    card_id = desks.active(somebody(hired_on=desks.ago(9)))
    refusal = desks.refused(leave, LeaveFirm(card_id, desks.ago(10)))
    assert refusal.message == f"离职日期不能早于入职日期（{desks.ago(9).isoformat()}）"
    assert desks.card(card_id).state is CardState.ACTIVE
    desks.act(leave, LeaveFirm(card_id, desks.ago(9)))
    assert desks.card(card_id).state is CardState.CANCELLED


@pytest.mark.parametrize("words", ["离\x00职", "\u202e离职", "离" * 501])
def test_words_of_leaving_that_nobody_can_read_are_refused(desks: Desks, words: str) -> None:
    card_id = desks.active()
    assert desks.refused(leave, LeaveFirm(card_id, None, words)).message.startswith("说明：")
    assert desks.card(card_id).state is CardState.ACTIVE


# The district, and the firm's own state


def test_district_suspends_and_puts_back_with_reasons_and_the_city_undoes(desks: Desks) -> None:
    card_id = desks.active()
    assert "暂停原因" in desks.refused(suspend, Told(card_id, "查"), desks.inspector).message
    desks.act(suspend, Told(card_id, "投诉调查期间暂停"), desks.inspector)
    card = desks.card(card_id)
    assert (card.state, card.pause, card.live) == (CardState.SUSPENDED, CardPause.INQUIRY, 1)
    assert desks.public(card_id)["state"] == "暂停"
    desks.act(resume, Told(card_id, "调查结束未发现问题"), desks.city)
    assert (desks.card(card_id).state, desks.card(card_id).pause) == (CardState.ACTIVE, None)
    assert _told(card_id)[-2:] == [CardEvent.SUSPENDED, CardEvent.RESUMED]


def test_cards_follow_the_suspension_of_their_firm_and_come_back_with_it(desks: Desks) -> None:
    active, inquired = desks.active(), desks.active()
    desks.act(suspend, Told(inquired, "投诉调查期间暂停"), desks.inspector)
    desks.move_firm(service_state=ServiceState.SUSPENDED)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    assert (desks.card(active).state, desks.card(active).pause) == (CardState.SUSPENDED, CardPause.FIRM)
    assert "企业服务仍为暂停" in desks.refused(resume, Told(active, "企业要求恢复"), desks.inspector).message
    desks.move_firm(service_state=ServiceState.NORMAL)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    assert desks.card(active).state is CardState.ACTIVE
    assert (desks.card(inquired).state, desks.card(inquired).pause) == (CardState.SUSPENDED, CardPause.INQUIRY)


def test_an_inquiry_that_ends_while_the_firm_is_suspended_leaves_the_card_to_its_firm(desks: Desks) -> None:
    card_id = desks.active()
    desks.act(suspend, Told(card_id, "投诉调查期间暂停"), desks.inspector)
    desks.move_firm(service_state=ServiceState.SUSPENDED)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    moved = desks.act(resume, Told(card_id, "调查结束未发现问题"), desks.inspector)
    assert (moved, desks.card(card_id).pause) == (CardState.SUSPENDED, CardPause.FIRM)
    told = desks.rows(Notice, Notice.object_id == card_id, Notice.subject == "信息卡调查已结束")
    assert ["企业恢复服务后自动恢复" in one.body.json() for one in told] == [True]
    assert "企业服务仍为暂停" in desks.refused(resume, Told(card_id, "企业要求恢复"), desks.inspector).message
    desks.move_firm(service_state=ServiceState.NORMAL)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    assert (desks.card(card_id).state, desks.card(card_id).pause) == (CardState.ACTIVE, None)


def test_cards_of_a_firm_whose_record_has_ended_are_cancelled_with_a_task(desks: Desks) -> None:
    active, passed, waiting = desks.active(), desks.passed(), desks.waiting()
    desks.move_firm(record_state=RecordState.CANCELLED)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    for card_id in (active, passed):
        assert (desks.card(card_id).state, desks.card(card_id).cancel_reason) == (
            CardState.CANCELLED,
            CardEnd.FIRM_ENDED,
        )
    assert desks.kept(waiting).state.value == "WITHDRAWN"
    firm = desks.firm_row().id
    assert desks.rows(CardTask, CardTask.enterprise_id == firm, CardTask.kind == TaskKind.FIRM_ENDED)
    count = len(desks.rows(CardTask, CardTask.kind == TaskKind.FIRM_ENDED))
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    assert len(desks.rows(CardTask, CardTask.kind == TaskKind.FIRM_ENDED)) == count


def _subjects(desks: Desks, object_id: UUID) -> list[str]:
    """What the firm was told about something."""
    told = desks.rows(Notice, Notice.object_id == object_id, Notice.to_enterprise == desks.firm_row().id)
    return [one.subject for one in told]


def test_a_firm_suspended_and_ended_at_once_has_its_cards_cancelled(desks: Desks) -> None:
    card_id = desks.active()
    desks.move_firm(record_state=RecordState.CANCELLED, service_state=ServiceState.SUSPENDED)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    card = desks.card(card_id)
    assert (card.state, card.cancel_reason) == (CardState.CANCELLED, CardEnd.FIRM_ENDED)


def test_the_firm_is_told_of_suspension_return_and_end_whatever_the_number_of_its_cards(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many cards as one transaction takes are no reason to leave out what follows the last of them."""
    desks.active()
    firm = desks.firm_row().id
    live = len(desks.rows(InfoCard, InfoCard.enterprise_id == firm, InfoCard.state == CardState.ACTIVE))
    ours = len(desks.rows(InfoCard, InfoCard.enterprise_id == firm, InfoCard.live == 1))
    waiting = desks.waiting()
    before = len(_subjects(desks, firm))
    monkeypatch.setattr(nightly, "_AT_ONCE", live)
    desks.move_firm(service_state=ServiceState.SUSPENDED)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    desks.move_firm(service_state=ServiceState.NORMAL)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    monkeypatch.setattr(nightly, "_AT_ONCE", ours)
    desks.move_firm(record_state=RecordState.CANCELLED)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    assert sorted(_subjects(desks, firm)[before:]) == sorted(
        [
            "企业服务暂停，本企业信息卡已同步暂停",
            "企业服务恢复，本企业信息卡已同步恢复",
            "企业备案已注销，信息卡已注销",
        ]
    )
    assert desks.kept(waiting).state.value == "WITHDRAWN"


def test_the_firm_is_told_of_a_suspension_its_reason_and_its_end(desks: Desks) -> None:
    card_id = desks.active()
    desks.act(suspend, Told(card_id, "投诉调查期间暂停"), desks.inspector)
    desks.act(resume, Told(card_id, "调查结束未发现问题"), desks.inspector)
    told = desks.rows(Notice, Notice.object_id == card_id, Notice.to_enterprise == desks.firm_row().id)
    assert {one.subject for one in told} >= {"信息卡已暂停", "信息卡已恢复"}
    assert any("投诉调查期间暂停" in one.body.json() for one in told)

"""Row 46: what ended at the association ends here and the reverse, once, in the order of events, and nothing bounces."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from models.association import AssociationReason, EventState, EventWay
from models.audit import AuditEvent
from models.enterprise import ServiceState
from models.practitioner_codes import CardEnd, CardPause, CardState
from models.practitioners import InfoCard, Practitioner
from services.engine.work import Work
from services.practitioners.association_messages import TOLD_ENDS
from services.practitioners.cards import CardEvent, cancel_card, change_card, move_card, resume_card, suspend_card
from services.practitioners.records import of_practitioner
from tests.services.practitioners.association.desk import ANJU, HUYU, Desk, codes, hints, number
from tests.services.tenancy.counter import somebody
from tests.world import at_once

pytestmark = pytest.mark.row(46)


def _states(desk: Desk, who: Any) -> list[tuple[str, CardState]]:
    firms = {firm_id: uscc for uscc, firm_id in desk.firms.items()}
    return [(firms[card.enterprise_id], card.state) for card in desk.cards_of(who)]


# From the association to us


def test_a_card_cancelled_there_is_cancelled_here_and_its_firm_told(desk: Desk) -> None:
    who = somebody("离开")
    card_no = desk.in_force(who)
    before = desk.told_of(card_no)
    answer = desk.cancel(card_no, name=who.name, id_no=who.id_no)
    assert (answer["accepted"], answer["state"], answer["card_state"]) == (True, "DONE", "CANCELLED")
    card = desk.card(card_no)
    assert (card.cancel_reason, card.cancelled_on, card.live) == (CardEnd.LEFT, desk.world.door.clock.today(), None)
    assert "信息卡已注销" in desk.notices_of(ANJU)
    assert desk.told_of(card_no) == before, "what they told us is not told them"


def test_a_card_is_found_by_its_holder_too(desk: Desk) -> None:
    who = somebody("无号")
    card_no = desk.in_force(who)
    answer = desk.cancel(name=who.name, id_no=who.id_no)
    assert (answer["state"], answer["card_no"], answer["card_state"]) == ("DONE", card_no, "CANCELLED")


@pytest.mark.parametrize("reason", list(AssociationReason))
def test_every_reason_is_mapped(desk: Desk, reason: AssociationReason) -> None:
    card_no = desk.in_force(somebody("事由"))
    desk.cancel(card_no, reason=str(reason))
    wanted = {"LEFT": CardEnd.LEFT, "FIRM_ENDED": CardEnd.FIRM_ENDED}
    assert desk.card(card_no).cancel_reason is wanted.get(str(reason), CardEnd.ASSOCIATION)


def test_an_event_sent_again_is_the_same_answer_and_no_second_effect(desk: Desk) -> None:
    card_no = desk.in_force(somebody("重发"))
    event = desk.cancellation(card_no)
    first, second = (desk.call("/practitioners/cancellations", event) for _ in range(2))
    assert first == second
    other = desk.call("/practitioners/cancellations", {**event, "reason": "OTHER"})
    assert (other["accepted"], codes(other)) == (False, {"J02"})
    assert desk.card(card_no).cancel_reason is CardEnd.LEFT


def test_the_same_event_ten_times_at_once_ends_the_card_once(desk: Desk) -> None:
    card_no = desk.in_force(somebody("齐来"))
    event = desk.cancellation(card_no)
    answers = at_once([lambda: desk.call("/practitioners/cancellations", event) for _ in range(10)])
    assert {answer["state"] for answer in answers if isinstance(answer, dict)} == {"DONE"}
    assert desk.card(card_no).state is CardState.CANCELLED

    def ends(work: Work) -> int:
        rows = select(AuditEvent).where(AuditEvent.act == "cancel", AuditEvent.object_id == str(desk.card(card_no).id))
        return len(work.session.exec(rows).all())

    assert desk.world.read(ends) == 1


@pytest.mark.parametrize("unknown", [{"card_no": "SH2699999992"}, {"name": "查无", "id_no": "310101199001010012"}])
def test_an_unknown_card_is_told(desk: Desk, unknown: dict[str, str]) -> None:
    event = desk.cancellation(**unknown)
    answer = desk.call("/practitioners/cancellations", event)
    assert (answer["accepted"], answer["state"], codes(answer)) == (False, "UNKNOWN", {"K11"})
    assert desk.event(event["event_no"]).state is EventState.UNKNOWN


def test_a_card_must_be_named_somehow(desk: Desk) -> None:
    answer = desk.cancel(name="只有姓名")
    assert (answer["accepted"], codes(answer)) == (False, {"FORM"})


def test_an_event_of_a_time_to_come_is_not_taken(desk: Desk) -> None:
    card_no = desk.in_force(somebody("未来"))
    answer = desk.cancel(card_no, event_at=desk.time(minutes=-30))
    assert (answer["accepted"], codes(answer)) == (False, {"FORM"})
    assert desk.card(card_no).state is CardState.ACTIVE


@pytest.mark.parametrize("difference", [{"uscc": HUYU}, {"name": "旁人"}, {"id_no": "310101199001010012"}])
def test_what_differs_goes_to_the_list_and_ends_nothing(desk: Desk, difference: dict[str, str]) -> None:
    card_no = desk.in_force(somebody("有别"))
    answer = desk.cancel(card_no, **difference)
    assert (answer["accepted"], answer["state"], codes(answer)) == (False, "CONFLICT", {"K10"})
    assert {reason["field"] for reason in answer["reasons"]} == set(difference)
    assert desk.card(card_no).state is CardState.ACTIVE
    assert len(desk.conflicts_of(desk.card(card_no))) == 1


def test_an_end_older_than_what_stands_changes_nothing_and_goes_to_the_list(desk: Desk) -> None:
    card_no = str(desk.recorded(somebody("陈事"), event_at=desk.time(days=3))["card_no"])
    desk.activate(card_no)
    answer = desk.cancel(card_no, event_at=desk.time(days=1))
    assert (answer["accepted"], answer["state"], hints(answer)) == (False, "OLDER", {"K11"})
    assert desk.card(card_no).state is CardState.ACTIVE
    assert len(desk.conflicts_of(desk.card(card_no))) == 1


def test_a_suspended_card_and_one_never_activated_can_be_ended(desk: Desk) -> None:
    suspended = desk.in_force(somebody("停卡"))
    desk.world.act(lambda work: suspend_card(work, _card(work, suspended), CardPause.INQUIRY))
    waiting = str(desk.recorded(somebody("未激活"))["card_no"])
    for card_no in (suspended, waiting):
        assert desk.cancel(card_no)["state"] == "DONE"
        assert desk.card(card_no).state is CardState.CANCELLED


def _suspended(work: Work, card: InfoCard) -> None:
    suspend_card(work, card, CardPause.FIRM)


def _put_back(work: Work, card: InfoCard) -> None:
    suspend_card(work, card, CardPause.FIRM)
    work.session.flush()
    resume_card(work, card)


def _changed(work: Work, card: InfoCard) -> None:
    holder = work.session.exec(select(Practitioner).where(Practitioner.id == card.practitioner_id)).one()
    change_card(work, card, holder, replace(of_practitioner(holder), post="店长"), None)


@pytest.mark.parametrize("since", [_suspended, _put_back, _changed])
def test_an_end_before_a_pause_or_a_change_is_not_out_of_date(desk: Desk, since: Callable[..., None]) -> None:
    card_no = desk.in_force(somebody("先离职"))
    desk.world.let_pass(minutes=10)
    desk.world.act(lambda work: since(work, _card(work, card_no)))
    assert desk.cancel(card_no, event_at=desk.time(minutes=5))["state"] == "DONE"
    assert desk.card(card_no).state is CardState.CANCELLED
    assert desk.conflicts_of(desk.card(card_no)) == []


def test_an_end_before_the_pause_of_a_loaded_card_is_not_out_of_date(desk: Desk) -> None:
    card_no = "沪经纪2024000101"
    assert desk.card(card_no).event_at is None
    desk.world.let_pass(minutes=10)
    desk.world.act(lambda work: _suspended(work, _card(work, card_no)))
    assert desk.cancel(card_no, event_at=desk.time(minutes=5))["state"] == "DONE"
    assert desk.card(card_no).state is CardState.CANCELLED


def test_an_end_before_the_activation_still_goes_to_the_list(desk: Desk) -> None:
    card_no = str(desk.recorded(somebody("后激活"), event_at=desk.time(hours=1))["card_no"])
    desk.world.let_pass(minutes=10)
    desk.activate(card_no)
    assert desk.cancel(card_no, event_at=desk.time(minutes=5))["state"] == "OLDER"
    assert len(desk.conflicts_of(desk.card(card_no))) == 1


def _card(work: Work, card_no: str) -> Any:
    return work.session.exec(select(InfoCard).where(InfoCard.card_no == card_no)).one()


# Order


@pytest.mark.parametrize("registered_first", [False, True])
def test_cancelled_there_and_recorded_elsewhere_the_same_minute_comes_out_right_either_way(
    desk: Desk, registered_first: bool
) -> None:
    who = somebody("转会")
    desk.in_force(who, HUYU)
    desk.world.let_pass(minutes=3)
    ended, begun = desk.time(seconds=40), desk.time(seconds=10)
    item = desk.person(who, ANJU, event_at=begun)
    event = desk.cancellation(uscc=HUYU, name=who.name, id_no=who.id_no, event_at=ended)
    if registered_first:
        assert desk.register(item)[0]["state"] == "HELD"
        assert desk.call("/practitioners/cancellations", event)["state"] == "DONE"
        desk.work_off()
        assert [one["state"] for one in desk.results_of(item["own_no"])] == ["DONE"]
    else:
        assert desk.call("/practitioners/cancellations", event)["state"] == "DONE"
        assert desk.register(item)[0]["state"] == "DONE"
    assert _states(desk, who) == [(HUYU, CardState.CANCELLED), (ANJU, CardState.PASSED)]
    assert desk.conflicts_of(desk.cards_of(who)[0]) == []


@pytest.mark.parametrize("registered_first", [False, True])
def test_cancelled_and_recorded_again_with_the_same_firm_leaves_him_a_card_either_way(
    desk: Desk, registered_first: bool
) -> None:
    who = somebody("回头")
    desk.in_force(who)
    desk.world.let_pass(minutes=3)
    ended, begun = desk.time(seconds=40), desk.time(seconds=10)
    item = desk.person(who, event_at=begun)
    event = desk.cancellation(name=who.name, id_no=who.id_no, event_at=ended)
    if registered_first:
        desk.register(item)
        assert desk.call("/practitioners/cancellations", event)["state"] == "OLDER"
    else:
        desk.call("/practitioners/cancellations", event)
        desk.register(item)
    assert [card.live for card in desk.cards_of(who) if card.live] == [1]
    assert desk.conflicts_of(desk.cards_of(who)[0]) == []


def test_the_end_overtakes_the_record_it_belongs_to(desk: Desk) -> None:
    who = somebody("先终")
    begun = desk.time(minutes=5)
    answer = desk.cancel(name=who.name, id_no=who.id_no, event_at=desk.time(minutes=4))
    assert answer["state"] == "UNKNOWN"
    late = desk.recorded(who, event_at=begun)
    assert (late["state"], desk.cards_of(who)) == ("OLDER", [])


def test_whoever_was_held_goes_on_when_the_card_ends_by_our_own_doing(desk: Desk) -> None:
    who = somebody("窗口")
    card_no = desk.in_force(who, HUYU)
    item = desk.person(who, ANJU)
    assert desk.register(item)[0]["state"] == "HELD"
    desk.world.act(lambda work: cancel_card(work, _card(work, card_no), CardEnd.IN_PERSON))
    desk.work_off()
    desk.work_off()
    assert [one["state"] for one in desk.results_of(item["own_no"])] == ["DONE"]
    assert _states(desk, who) == [(HUYU, CardState.CANCELLED), (ANJU, CardState.PASSED)]


def test_a_card_that_stays_is_told_with_its_firm_as_it_is_now(desk: Desk) -> None:
    card_no = desk.in_force(somebody("随企"))
    old = desk.cancellation(card_no, event_at=desk.time(minutes=30))
    before = desk.call("/practitioners/cancellations", old)
    with desk.firm_became(service_state=ServiceState.SUSPENDED):
        after = desk.call("/practitioners/cancellations", old)
    assert (before["state"], before["card_state"], after["card_state"]) == ("OLDER", "ACTIVE", "SUSPENDED")
    assert desk.card(card_no).state is CardState.ACTIVE


# From us to the association


def test_each_change_here_is_one_event_told_there(desk: Desk) -> None:
    who = somebody("往来")
    card_no = desk.in_force(who)
    desk.world.act(lambda work: suspend_card(work, _card(work, card_no), CardPause.INQUIRY))
    desk.world.act(lambda work: resume_card(work, _card(work, card_no)))
    desk.world.act(lambda work: cancel_card(work, _card(work, card_no), CardEnd.IN_PERSON))
    told = desk.told_of(card_no)
    assert [one["kind"] for one in told] == ["ACTIVATED", "SUSPENDED", "RESUMED", "CANCELLED"]
    assert [one.get("reason") for one in told] == [None, None, None, "OWN_REQUEST"]
    assert {(one["id_no"], one["uscc"], one["origin"]) for one in told} == {(who.id_no, ANJU, "AUTHORITY")}
    assert len({one["event_no"] for one in told}) == 4
    assert desk.event(told[-1]["event_no"], EventWay.OUT).state is EventState.DONE


def test_a_card_that_lapsed_is_told_to_whoever_recorded_its_holder(desk: Desk) -> None:
    card_no = str(desk.recorded(somebody("逾期"))["card_no"])
    desk.world.act(lambda work: move_card(work, _card(work, card_no), "lapse", CardEvent.LAPSED))
    assert [(one["kind"], one["reason"]) for one in desk.told_of(card_no)] == [("CANCELLED", "OTHER")]


def test_every_reason_of_ours_has_a_word_of_theirs() -> None:
    assert set(TOLD_ENDS) == set(CardEnd)


def test_a_change_that_is_undone_is_not_told(desk: Desk) -> None:
    card_no = desk.in_force(somebody("未成"))

    def broken(work: Work) -> None:
        cancel_card(work, _card(work, card_no), CardEnd.LEFT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.world.act(broken)
    assert [one["kind"] for one in desk.told_of(card_no)] == ["ACTIVATED"]


# Echoes


def test_their_echo_of_our_own_event_does_not_bounce(desk: Desk) -> None:
    who = somebody("空谷")
    card_no = desk.in_force(who)
    desk.world.act(lambda work: cancel_card(work, _card(work, card_no), CardEnd.IN_PERSON))
    told = desk.told_of(card_no)[-1]
    for _ in range(2):
        echo = desk.cancel(card_no, origin="AUTHORITY", source_event_no=told["event_no"], event_at=told["event_at"])
        assert (echo["accepted"], echo["state"]) == (True, "ECHO")
    assert desk.card(card_no).cancel_reason is CardEnd.IN_PERSON
    assert len(desk.told_of(card_no)) == 2


def test_an_echo_that_does_not_say_so_does_not_bounce_either(desk: Desk) -> None:
    who = somebody("回响")
    card_no = desk.in_force(who)
    desk.world.let_pass(minutes=1)
    desk.world.act(lambda work: cancel_card(work, _card(work, card_no), CardEnd.IN_PERSON))
    told = desk.told_of(card_no)[-1]
    echo = desk.cancel(card_no, event_at=told["event_at"], reason=told["reason"])
    assert (echo["accepted"], echo["state"], hints(echo)) == (True, "DONE", {"K11"})
    # He is back since; the echo of his old card's end must not end the new one.
    desk.world.let_pass(minutes=1)
    again = desk.in_force(who)
    late = desk.cancel(name=who.name, id_no=who.id_no, event_at=told["event_at"])
    assert (late["state"], desk.card(again).state) == ("OLDER", CardState.ACTIVE)
    assert desk.conflicts_of(desk.card(again)) == []
    assert [one["kind"] for one in desk.told_of(card_no)] == ["ACTIVATED", "CANCELLED"]


def test_an_echo_of_another_kind_or_of_nothing_is_refused(desk: Desk) -> None:
    card_no = desk.in_force(somebody("错认"))
    (activated,) = desk.told_of(card_no)
    for source in (activated["event_no"], number("SF")):
        answer = desk.cancel(card_no, origin="AUTHORITY", source_event_no=source)
        assert (answer["accepted"], codes(answer)) == (False, {"K11"})
    assert desk.card(card_no).state is CardState.ACTIVE

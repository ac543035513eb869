"""What the city sees of the exchange with the association: differences, what was sent, whose turn it is (rows 45, 46)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.association import AssociationEvent, EventState
from models.engine import Outgoing, OutgoingState
from models.practitioner_codes import CardState
from services.engine.callers import Caller, Scope
from services.engine.listings import Line, ListRows
from services.engine.outbox import resend
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.registry import Query
from services.practitioners.association_events import LEDGER, EventSheet, open_event
from tests.services.practitioners.association.desk import ANJU, HUYU, Desk
from tests.services.tenancy.counter import somebody

pytestmark = pytest.mark.row(46)

CITY = Caller("徐明", (Scope(Role.CITY_CENTER, ScopeKind.CITY),))
ALL = Paging(1, 200)


def listed(desk: Desk, **filters: str) -> list[Line]:
    return list(desk.world.door.ask(LEDGER.query, CITY, ListRows(filters, ALL)).lines)


def counts(desk: Desk) -> Mapping[str, int]:
    return desk.world.door.ask(LEDGER.query, CITY, ListRows()).counts


def opened(desk: Desk, line: Line) -> EventSheet:
    return desk.world.door.ask(open_event, CITY, line.id)


def test_events_are_found_by_person_card_number_firm_and_day(desk: Desk) -> None:
    who = somebody("柏青")
    card_no = desk.in_force(who)
    both = listed(desk, person=who.id_no)
    assert [(one.way.label, one.kind.label, one.state.label) for one in both] == [
        ("告知协会", "激活", "已办理"),
        ("协会报来", "登记", "已办理"),
    ]
    assert {one.name for one in both} == {"柏*"}
    assert [one.id for one in listed(desk, person="柏青", way="OUT")] == [both[0].id]
    assert {one.id for one in listed(desk, card_no=card_no.lower())} == {one.id for one in both}
    assert [one.id for one in listed(desk, event_no=both[1].event_no)] == [both[1].id]
    assert both[0].id in {one.id for one in listed(desk, firm=ANJU, kind="ACTIVATED")}
    assert listed(desk, person=who.id_no, since="2027-03-02") == []
    assert len(listed(desk, person=who.id_no, since="2027-03-01", until="2027-03-01")) == 2


def test_a_difference_is_laid_side_by_side_and_leads_to_the_district_s_task(desk: Desk) -> None:
    who = somebody("温岚")
    card_no = desk.in_force(who)
    before = counts(desk)["DIFFERS"]
    answer = desk.cancel(card_no, HUYU, name="温澜", id_no=who.id_no)
    assert answer["state"] == "CONFLICT"
    (line,) = listed(desk, view="DIFFERS", card_no=card_no)
    sheet = opened(desk, line)
    assert {one.label: one.same for one in sheet.compared} == {"企业": False, "姓名": False, "证件号码": True}
    assert [one.code for one in sheet.reasons] == ["K10", "K10"]
    assert sheet.task_id is not None
    assert (sheet.end, sheet.card_state) == ("离职", CardState.ACTIVE)
    assert counts(desk)["DIFFERS"] == before + 1
    assert who.id_no not in str(sheet)
    assert "温澜" not in str(sheet)


def test_what_happened_to_a_person_stands_in_the_order_of_the_events_own_times(desk: Desk) -> None:
    who = somebody("苗圃")
    desk.recorded(who, event_at=desk.time(hours=3))
    desk.recorded(who, HUYU, event_at=desk.time(hours=5))
    late = listed(desk, person=who.id_no, view="OPEN")
    assert [one.state for one in late] == [EventState.HELD]
    sheet = opened(desk, late[0])
    assert [one.event_at for one in sheet.others] == sorted((one.event_at for one in sheet.others), reverse=True)
    assert [one.uscc for one in sheet.others] == [ANJU, HUYU]
    assert sheet.held_until is not None


def test_a_message_that_did_not_arrive_is_found_and_sent_again(desk: Desk) -> None:
    card_no = desk.in_force(somebody("戚未达"))
    (line,) = listed(desk, card_no=card_no, way="OUT")
    assert line.sent is OutgoingState.WAITING
    key = f"card-event:broker-assoc:{line.event_no}"
    desk.world.rewrite(
        Outgoing, Outgoing.business_key == key, state=OutgoingState.DEAD, last_error="连接超时", attempts=4
    )
    assert line.id in {one.id for one in listed(desk, view="UNSENT")}
    assert counts(desk)["UNSENT"] == len(listed(desk, view="UNSENT"))
    sheet = opened(desk, line)
    (message,) = sheet.messages
    assert sheet.dead == message
    assert (message.state, message.attempts, message.error) == (OutgoingState.DEAD, 4, "连接超时")
    desk.world.door.perform(resend, CITY, message.id)
    assert [one.state for one in opened(desk, line).messages] == [OutgoingState.WAITING]
    assert opened(desk, line).dead is None
    desk.world.rewrite(Outgoing, Outgoing.business_key == key, state=OutgoingState.SENT)
    assert line.id not in {one.id for one in listed(desk, view="UNSENT")}


def test_a_later_answer_to_the_association_is_among_the_messages(desk: Desk) -> None:
    who = somebody("容后")
    desk.world.heal()
    card_no = desk.in_force(who)
    held = desk.recorded(who, HUYU)
    assert held["state"] == "HELD"
    desk.cancel(card_no, ANJU)
    desk.work_off()
    line = next(one for one in listed(desk, person=who.id_no, kind="REGISTERED") if one.uscc == HUYU)
    assert line.state is not EventState.HELD
    assert [one.label for one in opened(desk, line).messages] == ["新办结果回传"]
    assert line.sent is OutgoingState.WAITING


def test_unknown_values_and_sorts_are_refused_and_a_foreign_id_is_not_there(desk: Desk) -> None:
    for wrong in ({"way": "SIDEWAYS"}, {"view": "ALL"}, {"state": "有效"}, {"kind": "x"}):
        with pytest.raises(Rejected):
            listed(desk, **wrong)
    with pytest.raises(Rejected):
        desk.world.door.ask(LEDGER.query, CITY, ListRows(paging=replace(ALL, sort="id_no")))
    with pytest.raises(NotFound):
        desk.world.door.ask(open_event, CITY, desk.firms[ANJU])


def test_only_the_city_reads_the_ledger(desk: Desk) -> None:
    event = desk.world.read(
        lambda work: work.session.exec(select(AssociationEvent).order_by(col(AssociationEvent.id))).first()
    )
    bureau = Caller("顾宏", (Scope(Role.DISTRICT_BUREAU, ScopeKind.DISTRICT, "310104"),))
    asked: tuple[tuple[Query[Any, Any], Any], ...] = (
        (LEDGER.query, ListRows()),
        (open_event, event.id),
    )
    for caller in (bureau, desk.caller, desk.firm_caller()):
        for question, order in asked:
            with pytest.raises(NotAllowed):
                desk.world.door.ask(question, caller, order)


def test_days_out_of_time_are_refused_in_a_sentence(desk: Desk) -> None:
    for day in ("9999-12-31", "1899-12-31"):
        for order in ({"since": day}, {"until": day}):
            with pytest.raises(Rejected, match="日期"):
                listed(desk, **order)

"""Rows 45-47 over the real line: the simulated association signs and seals, is told of changes, and hands them back."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from deploy.demo.firms import load_firms
from deploy.demo.partners import load_partners
from deploy.partners import introduced, product_end
from integrations.broker_association.simulator import BrokerAssociationSimulator
from integrations.wire.exchange_simulator import Mischief
from models.alarms import Alarm
from models.engine import Outgoing, OutgoingState
from models.partners import PartnerExchange, PartnerRate
from models.practitioner_codes import CardEnd, CardState
from models.practitioners import InfoCard
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM
from services.engine.outbox import RETRY_MINUTES, send_waiting
from services.engine.work import Work
from services.practitioners.cards import cancel_card
from tests.partner.rig import serve
from tests.services.practitioners.association.desk import ANJU, APP, HUYU, Desk
from tests.services.tenancy.counter import Person, somebody
from tests.world import running_world


@dataclass
class Line:
    """The association's simulator at one end, our API at the other."""

    desk: Desk
    association: BrokerAssociationSimulator
    url: str

    def send(self) -> None:
        """Let our messages out."""
        while send_waiting(self.desk.world.door):
            pass

    def person(self, who: Person, uscc: str = ANJU) -> dict[str, Any]:
        return {"name": who.name, "id_no": who.id_no, "uscc": uscc, "mobile": "13900001234", "post": "租赁顾问"}

    def in_force(self, who: Person, uscc: str = ANJU) -> str:
        answered = self.association.record([self.person(who, uscc)])
        assert answered.code == "0", answered
        card_no = str(answered.data["items"][0]["card_no"])
        self.desk.activate(card_no, uscc)
        return card_no

    def end(self, card_no: str) -> None:
        """The holder ends his card at our window."""

        def ended(work: Work) -> None:
            card = work.session.exec(select(InfoCard).where(InfoCard.card_no == card_no)).one()
            cancel_card(work, card, CardEnd.IN_PERSON)

        self.desk.world.act(ended)

    def waiting(self) -> list[Outgoing]:
        rows = select(Outgoing).where(Outgoing.state == OutgoingState.WAITING)
        return list(self.desk.world.read(lambda work: work.session.exec(rows).all()))


@pytest.fixture(scope="module")
def open_line(database_url: str) -> Iterator[Line]:
    with running_world(database_url, houses=False) as world:
        world.stand_at(2027, 3, 1)
        world.door.perform(load_firms, SYSTEM, None)
        world.door.perform(load_partners, SYSTEM, introduced(world.simulators))
        sign_pending(world.door)
        node, _ = serve(world.door)
        world.simulators.connect(product_end(world.door.house, node.url))
        association = world.simulators.partners[APP]
        assert isinstance(association, BrokerAssociationSimulator)
        association.clock = world.door.clock.now
        yield Line(Desk(world).knowing_its_firms(), association, node.url)
        node.stop()


@pytest.fixture
def line(open_line: Line) -> Iterator[Line]:
    open_line.desk.world.stand_at(2027, 3, 1)
    yield open_line
    association = open_line.association
    httpx.delete(f"{open_line.desk.world.simulators.partner_url(APP)}/sim/faults").raise_for_status()
    association.echoes = association.echoes_nameless = False
    association.mischief = Mischief()
    association.waiting.clear()
    open_line.desk.world.heal()


@pytest.mark.row(45)
def test_people_are_recorded_and_answered_one_by_one(line: Line) -> None:
    good, unknown = somebody("线上"), somebody("线外")
    answered = line.association.record([line.person(good), {**line.person(unknown), "uscc": "91310101MA00000001"}])
    assert [one["status"] for one in answered.data["items"]] == [201, 422]
    assert answered.data["items"][1]["reasons"][0]["code"] == "K05"
    assert line.association.misfits == []


@pytest.mark.row(45)
def test_five_hundred_at_once_is_the_most(line: Line) -> None:
    people = [line.person(somebody("众人")) for _ in range(501)]
    assert line.association.record(people).code == "E1017"


@pytest.mark.row(45)
def test_the_log_keeps_no_name_number_or_photo_in_clear(line: Line) -> None:
    who = somebody("留痕")
    shown = base64.b64encode(b"\xff\xd8\xff no picture").decode()
    line.association.record([{**line.person(who), "photo": shown}])

    def newest(work: Work) -> str:
        rows = select(PartnerExchange).where(PartnerExchange.row_no == 45).order_by(col(PartnerExchange.at).desc())
        row = work.session.exec(rows.limit(1)).one()
        assert row.payload is not None
        assert row.reply is not None
        return row.payload.plain + row.reply.plain

    kept = line.desk.world.read(newest)
    for secret in (who.name, who.id_no, shown):
        assert secret not in kept


@pytest.mark.row(45)
def test_a_later_result_is_called_back(line: Line) -> None:
    who = somebody("回电")
    line.desk.world.fault("police", "error")
    own_no = line.association.record([line.person(who)]).data["items"][0]["own_no"]
    assert line.association.people[own_no].state == "WAITING"
    line.desk.world.heal()
    line.desk.world.let_pass(minutes=2)
    line.desk.work_off()
    line.send()
    assert (line.association.people[own_no].state, line.association.misfits) == ("DONE", [])


@pytest.mark.row(46)
def test_a_card_ended_here_is_ended_there_within_five_minutes(line: Line) -> None:
    card_no = line.in_force(somebody("速达"))
    line.end(card_no)
    line.desk.world.let_pass(seconds=30)
    line.send()
    told = line.association.cards[card_no]
    assert (str(told.kind), str(told.reason), line.association.misfits) == ("CANCELLED", "OWN_REQUEST", [])
    assert line.desk.world.door.clock.now() - told.event_at < timedelta(minutes=5)


@pytest.mark.row(46)
@pytest.mark.parametrize("nameless", [False, True])
def test_an_association_that_hands_everything_back_causes_no_loop(line: Line, nameless: bool) -> None:
    who = somebody("传声")
    line.association.echoes, line.association.echoes_nameless = True, nameless
    card_no = line.in_force(who)
    line.end(card_no)
    for _ in range(4):
        line.send()
        line.association.deliver()
        line.desk.world.let_pass(seconds=20)
        line.desk.work_off()
    assert [one["kind"] for one in line.desk.told_of(card_no)] == ["ACTIVATED", "CANCELLED"]
    assert (line.waiting(), line.association.waiting, line.association.refused) == ([], [], [])
    assert [card.state for card in line.desk.cards_of(who)] == [CardState.CANCELLED]


@pytest.mark.row(46)
def test_messages_twice_shuffled_and_with_lost_answers_come_to_the_same(line: Line) -> None:
    people = [somebody("乱序") for _ in range(6)]
    for who in people:
        line.in_force(who, HUYU)
    line.desk.world.let_pass(minutes=2)
    for who in people:
        ended = {"name": who.name, "id_no": who.id_no, "uscc": HUYU, "event_at": line.desk.time(seconds=50)}
        line.association.cancel_later(**ended)
        line.association.record_later({**line.person(who, ANJU), "event_at": line.desk.time(seconds=10)})
    line.association.mischief = Mischief(twice=0.5, deaf=0.4, shuffled=True)
    for _ in range(40):
        if not line.association.waiting:
            break
        line.association.deliver()
    line.desk.work_off()
    line.desk.work_off()
    for who in people:
        assert [card.state for card in line.desk.cards_of(who)] == [CardState.CANCELLED, CardState.PASSED]


@pytest.mark.row(46)
def test_while_the_association_is_away_events_wait_are_tried_again_and_at_last_put_aside(line: Line) -> None:
    card_no = line.in_force(somebody("失联"))
    line.send()
    address = line.desk.world.simulators.partner_url(APP)
    httpx.post(f"{address}/sim/faults", json={"fault": "error"}).raise_for_status()
    line.end(card_no)
    for minutes in (0, *RETRY_MINUTES):
        line.desk.world.let_pass(minutes=minutes, seconds=1)
        line.send()

    def dead(work: Work) -> list[Any]:
        rows = select(Outgoing).where(Outgoing.state == OutgoingState.DEAD, Outgoing.operation == "card-event")
        bodies = [row.payload.json()["body"] for row in work.session.exec(rows).all()]
        return [body["kind"] for body in bodies if body["card_no"] == card_no]

    assert line.desk.world.read(dead) == ["CANCELLED"]
    alarms = line.desk.world.read(
        lambda work: work.session.exec(select(Alarm).where(Alarm.alarm_code == "PARTNER.DEAD")).all()
    )
    assert alarms


@pytest.mark.row(47)
def test_a_card_is_told_with_its_picture_in_the_sealed_reply(line: Line) -> None:
    who = somebody("卡样")
    card_no = line.in_force(who)
    card = line.association.card(name=who.name, id_no=who.id_no).data["card"]
    assert (card["card_no"], card["valid"]) == (card_no, True)
    assert base64.b64decode(card["picture"]).startswith(b"\x89PNG")
    line.association.cancel(card_no=card_no, uscc=ANJU)
    assert line.association.card(card_no=card_no).data["card"]["watermarked"] is True
    assert line.association.card(card_no="SH2699999992").code == "E1018"


@pytest.mark.row(47)
def test_whoever_asks_too_often_is_told_to_wait(line: Line) -> None:
    card_no = line.in_force(somebody("频问"))

    def spend(work: Work) -> None:
        row = work.session.exec(select(PartnerRate).where(PartnerRate.app_id == APP)).one()
        # One to come stops the refilling.
        row.tokens, row.at = 3_000, work.at + timedelta(hours=1)
        work.add(row)

    def refill(work: Work) -> None:
        row = work.session.exec(select(PartnerRate).where(PartnerRate.app_id == APP)).one()
        row.tokens, row.at = 100_000, work.at
        work.add(row)

    line.desk.world.act(spend)
    codes = [line.association.card(card_no=card_no, picture=False).code for _ in range(5)]
    line.desk.world.act(refill)
    assert codes == ["0", "0", "0", "E1010", "E1010"]


@pytest.mark.row(45, 46, 47)
@pytest.mark.parametrize(
    "path", ["/practitioners/registrations", "/practitioners/cancellations", "/practitioners/cards/query"]
)
def test_a_firm_has_no_right_to_what_is_the_associations(line: Line, path: str) -> None:
    firm = line.desk.world.simulators.partners["qy-huyu"]
    answered = firm.ask(path, {}, key="" if path.endswith("query") else "firm-key-0001")
    assert answered.code == "E1009"

"""The brokers' association for demo, tests and sandbox: its members' leases, and its register of people (rows 13, 45-47)."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from integrations.wire.contract import BEIJING
from integrations.wire.exchange_simulator import Answered, ExchangeSimulator, Keys, Waiting
from models.identity import id_check_character
from services.broker_pushes.result_callbacks import BatchResult, ItemResult
from services.practitioners.card_pushes import CardEventMessage, PersonResult

PUSH = "/filings/broker"
PEOPLE, CANCELLED, CARDS = (
    "/practitioners/registrations",
    "/practitioners/cancellations",
    "/practitioners/cards/query",
)
#: 安居经纪 and 沪寓公寓 of the fixtures, whose made-up people the buttons record.
_FIRMS = ("91310104MA7A000029", "91310115MA1K000016")


class BrokerAssociationSimulator(ExchangeSimulator):
    """The association under the app id of its keys."""

    def __init__(self, keys: Keys, *, latency_ms: int = 0) -> None:
        super().__init__("broker_association", "经纪行业协会（模拟）", keys, latency_ms=latency_ms)
        #: The newest result of every item, by member and the member's own number.
        self.results: dict[tuple[str, str], ItemResult] = {}
        #: All events of cards, by event number; the newest of each card by the time of the event.
        self.card_events: dict[str, CardEventMessage] = {}
        self.cards: dict[str, CardEventMessage] = {}
        #: The newest result of every recorded person, by its own number.
        self.people: dict[str, PersonResult] = {}
        #: Whom it has recorded, by own number: name, number, firm.
        self.recorded: dict[str, dict[str, Any]] = {}
        #: Whether it hands every event back: named as what it was, or as if it were its own.
        self.echoes, self.echoes_nameless = False, False
        self._batches = 0
        self._serial = 0
        self.takes("/filing-results", BatchResult, self._told)
        self.takes("/card-events", CardEventMessage, self._card_event)
        self.takes("/registration-results", PersonResult, self._person_result)

    # Leases

    def push(self, items: Sequence[Mapping[str, Any]]) -> Answered:
        """Push a batch of members' leases and return the answer."""
        number = self._batch_no("PC")
        return self.ask(PUSH, {"batch_no": number, "items": list(items)}, key=number)

    def _told(self, said: BatchResult) -> dict[str, Any]:
        for item in said.items:
            self.results[item.member_uscc, item.own_no] = item
        return {"accepted": True}

    # People and cards

    def record(self, people: Sequence[Mapping[str, Any]]) -> Answered:
        """Report recorded people now; each is given a number and a time unless it has them."""
        items = [self._numbered(person) for person in people]
        number = self._batch_no("DJ")
        return self._noted(self.ask(PEOPLE, {"batch_no": number, "items": items}, key=number))

    def record_later(self, person: Mapping[str, Any]) -> str:
        """Queue a person for `deliver`; returns the person's number."""
        item, number = self._numbered(person), self._batch_no("DJ")
        self.post(PEOPLE, {"batch_no": number, "items": [item]}, number)
        return str(item["own_no"])

    def cancel(self, **event: Any) -> Answered:
        """Report a cancelled card now."""
        said = self._cancellation(event)
        return self.ask(CANCELLED, said, key=f"{said['event_no']}-1")

    def cancel_later(self, **event: Any) -> str:
        """Put a cancellation where `deliver` finds it; returns its number."""
        said = self._cancellation(event)
        self.post(CANCELLED, said, f"{said['event_no']}-1")
        return str(said["event_no"])

    def card(self, **question: Any) -> Answered:
        """Ask about a card."""
        return self.ask(CARDS, {"purpose": "会员资格复核", **question})

    def _numbered(self, person: Mapping[str, Any]) -> dict[str, Any]:
        item = {"own_no": self._number("RY"), "event_at": self.moment, **person}
        self.recorded[str(item["own_no"])] = item
        return item

    def _cancellation(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return {"event_no": self._number("ZX"), "event_at": self.moment, "reason": "LEFT", **event}

    def was_answered(self, message: Waiting, answered: Answered) -> None:
        if message.path == PEOPLE:
            self._noted(answered)

    def _noted(self, answered: Answered) -> Answered:
        if answered.code == "0":
            for told in answered.data["items"]:
                self._person_result(PersonResult.model_validate_json(json.dumps(told)))
        return answered

    def _person_result(self, said: PersonResult) -> dict[str, Any]:
        self.people[said.own_no] = said
        return {"accepted": True}

    def _card_event(self, said: CardEventMessage) -> dict[str, Any]:
        if said.event_no not in self.card_events:
            self.card_events[said.event_no] = said
            newest = self.cards.get(said.card_no)
            if newest is None or newest.event_at <= said.event_at:
                self.cards[said.card_no] = said
            if self.echoes or self.echoes_nameless:
                self._hand_back(said)
        return {"accepted": True}

    def _hand_back(self, said: CardEventMessage) -> None:
        """Send an event back to its source, as a platform does that reports every event to everyone."""
        told = said.model_dump(mode="json")
        source = {"origin": "AUTHORITY", "source_event_no": said.event_no} if not self.echoes_nameless else {}
        common = {key: told[key] for key in ("uscc", "name", "id_no")}
        common["event_at"] = said.event_at.astimezone(BEIJING).isoformat(timespec="seconds")
        if told["kind"] == "CANCELLED":
            self.cancel_later(**common, card_no=said.card_no, reason=told["reason"] or "OTHER", **source)
        elif told["kind"] == "ACTIVATED":
            self.record_later({**common, **source})

    # By hand

    def gestures(self) -> dict[str, Callable[[], str]]:
        return {
            "报送一名人员": self._record_somebody,
            "报送注销最近一张卡": self._cancel_newest,
            "查询最近一张卡": self._ask_newest,
            "事件回声开关": self._switch_echo,
        }

    def _record_somebody(self) -> str:
        person = {**somebody(self._serial + 1), "uscc": _FIRMS[self._serial % len(_FIRMS)], "post": "租赁顾问"}
        answered = self.record([{**person, "hired_on": f"{self.here:%Y-%m-%d}"}])
        if answered.code != "0":
            return f"未收下：{answered.status or '没有应答'} {answered.code} {answered.message}"
        told = answered.data["items"][0]
        reasons = "；".join(reason["message"] for reason in told["reasons"])
        return f"{told['own_no']}：{told['state']} {told.get('card_no', '')} {reasons}".strip()

    def _cancel_newest(self) -> str:
        card_no = self._newest_card()
        if not card_no:
            return "还没有可注销的卡，请先报送人员"
        answered = self.cancel(card_no=card_no, uscc=self._firm_of(card_no))
        return f"{card_no}：{answered.data.get('state', answered.code or '没有应答')}"

    def _ask_newest(self) -> str:
        card_no = self._newest_card()
        if not card_no:
            return "还没有可查询的卡，请先报送人员"
        answered = self.card(card_no=card_no)
        card = answered.data.get("card", {})
        return f"{card_no}：{card.get('state', answered.code or '没有应答')}"

    def _switch_echo(self) -> str:
        self.echoes = not self.echoes
        return "收到的事件将原样报回" if self.echoes else "收到的事件不再报回"

    def _newest_card(self) -> str:
        told = [said.card_no for said in self.people.values() if said.card_no] + list(self.cards)
        return told[-1] if told else ""

    def _firm_of(self, card_no: str) -> str:
        if card_no in self.cards:
            return self.cards[card_no].uscc
        own_no = next(said.own_no for said in self.people.values() if said.card_no == card_no)
        return str(self.recorded[own_no]["uscc"])

    def _batch_no(self, letters: str) -> str:
        self._batches += 1
        return f"{letters}{self.here:%Y%m%d%H%M%S}{self._batches:03d}"

    def _number(self, letters: str) -> str:
        self._serial += 1
        return f"{letters}{self.here:%Y%m%d%H%M%S}{self._serial:04d}"


def somebody(serial: int) -> dict[str, str]:
    """A made-up person whom the simulated police believe."""
    born = date(1985, 1, 1) + timedelta(days=serial * 37 % 5000)
    first = f"310101{born:%Y%m%d}{serial % 1000:03d}"
    name = "协会报送" + "甲乙丙丁戊己庚辛壬癸"[serial % 10]
    return {"name": name, "id_no": first + id_check_character(first), "mobile": f"1390000{serial % 10000:04d}"}

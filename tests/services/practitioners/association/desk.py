"""The association's integrity platform at work, for tests: people it records, cards it cancels, firms that activate."""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlmodel import col, select

from deploy.demo.firms import load_firms
from integrations import endpoints  # noqa: F401  (declares every endpoint)
from integrations.wire.exchange.relay import ROOT, relay_at
from models.access import Role, ScopeKind
from models.association import AssociationEvent, EventWay
from models.engine import Notice, Outgoing
from models.enterprise import Enterprise
from models.partners import PartnerKind
from models.practitioner_codes import CardState, TaskKind
from models.practitioners import CardApply, CardTask, InfoCard
from models.sealed import indexes_of
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.clock import SHANGHAI
from services.engine.jobs import run_job
from services.engine.orders import OneRow
from services.partners.registry import ProposePartner, enrol
from services.practitioners.card_moves import activate
from tests.services.tenancy.counter import Person, somebody
from tests.world import World, sealer

APP = "broker-assoc"
SCOPES = "practitioners.registrations,practitioners.cancellations,practitioners.cards"
#: 安居经纪, 沪寓公寓: recorded and in service; 江畔寓所: suspended.
ANJU, HUYU, SUSPENDED = "91310104MA7A000029", "91310115MA1K000016", "91310106MAXF40002A"
_SERIAL = count(1)


def number(letters: str) -> str:
    """A number of the association's that was never used."""
    return f"{letters}{next(_SERIAL):06d}"


@dataclass
class Desk:
    """The association's system at a door with firms."""

    world: World
    firms: dict[str, UUID] = field(default_factory=dict)

    def found(self) -> "Desk":
        """Load firms and enter the association among the partners."""
        self.world.door.perform(load_firms, SYSTEM, None)
        order = ProposePartner(APP, "市房地产经纪行业协会", PartnerKind.ASSOCIATION, scopes=SCOPES)
        self.world.act(lambda work: enrol(work, order, ()) and None)
        return self.knowing_its_firms()

    def knowing_its_firms(self) -> "Desk":
        rows = self.world.read(lambda work: work.session.exec(select(Enterprise)).all())
        self.firms = {row.uscc: row.id for row in rows}
        return self

    @property
    def caller(self) -> Caller:
        return Caller(APP, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, APP),), unit_name="市房地产经纪行业协会")

    def firm_caller(self, uscc: str = ANJU) -> Caller:
        firm = self.firms[uscc]
        scope = Scope(Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, uscc)
        return Caller("企业经办", (scope,), account_id=uuid4(), enterprise_id=firm)

    def time(self, **back: float) -> str:
        """The business moment, so long ago, as messages write it."""
        now: datetime = self.world.door.clock.now()
        return (now - timedelta(**back)).astimezone(SHANGHAI).isoformat(timespec="seconds")

    # Messages

    def call(self, path: str, body: dict[str, Any], caller: Caller | None = None) -> dict[str, Any]:
        """A message read by its contract and done through the door, answered in the association's words."""
        relay = relay_at("POST", ROOT + path)
        assert relay is not None
        message = relay.message.model_validate_json(json.dumps(body))
        assert relay.business_key(message)
        caller = caller or self.caller
        order, door = relay.order(message), self.world.door
        done = door.perform(relay.act, caller, order) if relay.changes else door.ask(relay.act, caller, order)  # type: ignore[arg-type]
        answer = relay.reply(done)
        json.dumps(answer)
        return answer

    def person(self, who: Person | None = None, uscc: str = ANJU, **changes: Any) -> dict[str, Any]:
        """A person as the association records him now."""
        who = who or somebody("孟白")
        told = {"own_no": number("RY"), "event_at": self.time(), "uscc": uscc, "name": who.name, "id_no": who.id_no}
        return {**told, "mobile": "13900001234", "post": "租赁顾问", **changes}

    def register(self, *people: Any) -> list[dict[str, Any]]:
        """Send a batch; the answers in its order."""
        body = {"batch_no": number("DJ"), "items": list(people)}
        items: list[dict[str, Any]] = self.call("/practitioners/registrations", body)["items"]
        return items

    def recorded(self, who: Person | None = None, uscc: str = ANJU, **changes: Any) -> dict[str, Any]:
        """One person recorded; his answer."""
        return self.register(self.person(who, uscc, **changes))[0]

    def cancellation(self, card_no: str = "", uscc: str = ANJU, **changes: Any) -> dict[str, Any]:
        told = {"event_no": number("ZX"), "event_at": self.time(), "uscc": uscc, "reason": "LEFT"}
        return {**told, **({"card_no": card_no} if card_no else {}), **changes}

    def cancel(self, card_no: str = "", uscc: str = ANJU, **changes: Any) -> dict[str, Any]:
        return self.call("/practitioners/cancellations", self.cancellation(card_no, uscc, **changes))

    def ask(self, **question: Any) -> dict[str, Any]:
        question = {"purpose": "会员资格复核", **question}
        card: dict[str, Any] = self.call("/practitioners/cards/query", question)["card"]
        return card

    # The other side

    def activate(self, card_no: str, uscc: str = ANJU) -> CardState:
        return self.world.door.perform(activate, self.firm_caller(uscc), OneRow(self.card(card_no).id))

    def in_force(self, who: Person, uscc: str = ANJU) -> str:
        """A card of this person, recorded by the association and activated by its firm."""
        card_no = str(self.recorded(who, uscc)["card_no"])
        self.activate(card_no, uscc)
        return card_no

    @contextmanager
    def firm_became(self, uscc: str = ANJU, **values: Any) -> Iterator[None]:
        """A firm's record with other values for a while, in which no job runs."""
        firm = col(Enterprise.id) == self.firms[uscc]
        found: Enterprise = self.world.read(lambda work: work.session.exec(select(Enterprise).where(firm)).one())
        before = {name: getattr(found, name) for name in values}
        self.world.rewrite(Enterprise, firm, **values)
        try:
            yield
        finally:
            self.world.rewrite(Enterprise, firm, **before)

    def work_off(self) -> None:
        """Let the jobs go round: police and blacklist are asked, then waiting events taken on."""
        for name in ("practitioners.check", "practitioners.assoc_work_off"):
            assert run_job(self.world.door, name, seconds=0)

    def list_person(self, who: Person, category: str) -> None:
        """Put a number on the association's blacklist."""
        address = f"{self.world.simulators.base_url('blacklist')}/sim/change"
        httpx.post(address, json={"id_no": who.id_no, "category": category}).raise_for_status()

    # What is kept

    def card(self, card_no: str) -> InfoCard:
        found: InfoCard = self.world.read(
            lambda work: work.session.exec(select(InfoCard).where(InfoCard.card_no == card_no)).one()
        )
        return found

    def cards_of(self, who: Person) -> list[InfoCard]:
        """A person's cards, oldest first."""
        hashed = indexes_of(sealer(), "id_no", who.id_no)
        rows = select(InfoCard).where(col(InfoCard.id_no_index).in_(hashed)).order_by(col(InfoCard.id))
        return list(self.world.read(lambda work: work.session.exec(rows).all()))

    def applies_of(self, who: Person) -> list[CardApply]:
        rows = select(CardApply).where(col(CardApply.id_no_index).in_(indexes_of(sealer(), "id_no", who.id_no)))
        return list(self.world.read(lambda work: work.session.exec(rows).all()))

    def event(self, event_no: str, way: EventWay = EventWay.IN) -> AssociationEvent:
        rows = select(AssociationEvent).where(AssociationEvent.event_no == event_no, AssociationEvent.way == way)
        found: AssociationEvent = self.world.read(lambda work: work.session.exec(rows).one())
        return found

    def conflicts_of(self, card: InfoCard) -> list[str]:
        rows = select(CardTask).where(CardTask.kind == TaskKind.ASSOC_CONFLICT, CardTask.card_id == card.id)
        return [row.detail.json()["words"] for row in self.world.read(lambda work: work.session.exec(rows).all())]

    def messages(self, operation: str = "card-event") -> list[dict[str, Any]]:
        """What waits to be sent to the association, oldest first."""
        rows = (
            select(Outgoing)
            .where(Outgoing.system == "broker_association", Outgoing.operation == operation)
            .order_by(col(Outgoing.created_at), col(Outgoing.id))
        )
        found: Sequence[Outgoing] = self.world.read(lambda work: work.session.exec(rows).all())
        return [row.payload.json()["body"] for row in found]

    def told_of(self, card_no: str) -> list[dict[str, Any]]:
        return [one for one in self.messages() if one["card_no"] == card_no]

    def results_of(self, own_no: str) -> list[dict[str, Any]]:
        return [one for one in self.messages("registration-result") if one["own_no"] == own_no]

    def notices_of(self, uscc: str) -> list[str]:
        rows = select(Notice.subject).where(Notice.to_enterprise == self.firms[uscc])
        return list(self.world.read(lambda work: work.session.exec(rows).all()))


def codes(answer: dict[str, Any]) -> set[str]:
    """The codes of what an item was told, hints apart."""
    return {reason["code"] for reason in answer["reasons"] if reason["severity"] != "WARN"}


def hints(answer: dict[str, Any]) -> set[str]:
    return {reason["code"] for reason in answer["reasons"] if reason["severity"] == "WARN"}


def photo(content: bytes) -> str:
    return base64.b64encode(content).decode()

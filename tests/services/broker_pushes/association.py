"""The association at work, for tests: leases of its members, batches, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlmodel import select

from deploy.demo import firms
from deploy.demo.tables import Known, load
from models.access import Role, ScopeKind
from models.engine import Outgoing
from models.enterprise import Enterprise
from models.partners import Partner, PartnerKind
from models.pushes import BrokerPush
from services.broker_pushes.batch_intake import receive_batch
from services.broker_pushes.orders import BatchAnswer, ItemAnswer, PushedItem, ReceiveBatch
from services.engine.callers import Caller, Scope
from services.engine.work import Work
from services.partners.registry import ProposePartner, enrol
from tests.services.tenancy.counter import Counter, Flat, Person, party, somebody
from tests.world import DATA, World

APP = "broker-assoc"
#: 安居经纪: recorded, with valid keys, and its practitioner's card in force.
MEMBER, CARD = "91310104MA7A000029", "沪经纪2024000101"
SIGNED_TEXT = "5e" * 32
_SERIAL = count(1)

__all__ = ["APP", "CARD", "DATA", "MEMBER", "Association"]


@dataclass
class Association:
    """The association's system, at a door with the flats of a counter."""

    counter: Counter
    numbers: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.counter.world

    @property
    def caller(self) -> Caller:
        return Caller(APP, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, APP),), unit_name="市房地产经纪行业协会")

    def register(self) -> None:
        """Enter the association among the partners, so that messages to it have an addressee."""
        order = ProposePartner(APP, "市房地产经纪行业协会", PartnerKind.ASSOCIATION, scopes="filings.broker")
        self.world.act(lambda work: enrol(work, order, ()) and None)

    def lease(self, flat: Flat, tenant: Person | None = None, **changes: Any) -> dict[str, Any]:
        """A lease as a member sends it: both sides' papers shown, from today for a year."""
        raw = self.counter.form(flat, tenant or somebody())
        raw |= {"card_no": CARD, "materials": ["不动产权证", "居民身份证", "租赁合同"]}
        return {**raw, **changes}

    def item(self, flat: Flat | None = None, *, own_no: str = "", **changes: Any) -> PushedItem:
        """One item; what the item itself has are `member_uscc`, `attempt`, `raw`; the rest changes the lease."""
        its = {key: changes.pop(key) for key in ("member_uscc", "attempt", "raw", "faults") if key in changes}
        raw = its.pop("raw", None) or self.lease(flat or self.counter.free_flat(), **changes)
        number = own_no or f"AJ{next(_SERIAL):06d}"
        return PushedItem(1, number, its.pop("member_uscc", MEMBER), raw, SIGNED_TEXT, **its)

    def push(self, *items: PushedItem, batch_no: str = "") -> BatchAnswer:
        """Send a batch and keep its number."""
        placed = tuple(
            PushedItem(place, one.own_no, one.member_uscc, one.raw, one.signed_text, one.attempt, one.faults)
            for place, one in enumerate(items, 1)
        )
        number = batch_no or f"PC{next(_SERIAL):06d}"
        self.numbers.append(number)
        return self.world.door.perform(receive_batch, self.caller, ReceiveBatch(number, placed))

    def answer(self, item: PushedItem) -> ItemAnswer:
        """What one item by itself is answered."""
        return self.push(item).items[0]

    def kept(self, answer: ItemAnswer) -> BrokerPush:
        """The row of an item."""
        statement = select(BrokerPush).where(
            BrokerPush.own_no == answer.own_no,
            BrokerPush.member_uscc == answer.member_uscc,
            BrokerPush.attempt == answer.attempt,
        )
        found: BrokerPush = self.world.read(lambda work: work.session.exec(statement).one())
        return found

    def messages(self) -> list[dict[str, Any]]:
        """What waits to be sent to the association, oldest first."""
        statement = select(Outgoing).where(Outgoing.system == "broker_association").order_by(Outgoing.created_at)  # type: ignore[arg-type]
        rows: Sequence[Outgoing] = self.world.read(lambda work: work.session.exec(statement).all())
        return [row.payload.json()["body"] for row in rows]

    def partner(self) -> Partner | None:
        found: Partner | None = self.world.read(
            lambda work: work.session.exec(select(Partner).where(Partner.app_id == APP)).first()
        )
        return found


def codes(answer: ItemAnswer) -> set[str]:
    """The codes of what an item was told, hints apart."""
    return {reason.code for reason in answer.reasons if reason.severity != "WARN"}


def hints(answer: ItemAnswer) -> set[str]:
    return {reason.code for reason in answer.reasons if reason.severity == "WARN"}


def enter_member(work: Work) -> None:
    """The member and its card alone, for a world in which other tests have made firms of their own."""
    if made := enter_firm(work, MEMBER):
        load(work, "cards", firms.named("cards") | made, only=lambda line: line.key.card_no == CARD)


def enter_firm(work: Work, uscc: str) -> Known:
    """A firm as the demo has it, unless it is there."""
    if work.has(Enterprise, Enterprise.uscc == uscc):
        return {}
    return load(work, "firms", firms.named("enterprises"), only=lambda line: line.key.uscc == uscc)


def firm(work: Any, uscc: str) -> Enterprise:
    found: Enterprise = work.session.exec(select(Enterprise).where(Enterprise.uscc == uscc)).one()
    return found


def tenants(*people: Person) -> list[dict[str, Any]]:
    return [party(person) for person in people]

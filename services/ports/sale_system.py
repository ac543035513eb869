"""The sale system (网上房地产): presale permits, opening units and sale events, as we read them (row 76)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from services.ports.answers import Answer
from services.ports.port import Port

SALE_SYSTEM = "商品房销售系统"


@dataclass(frozen=True)
class ToldPermit:
    """A presale permit as it is now; one that is not issued has neither number of its permit nor day."""

    permit_no: str
    plan_no: str
    buildings: tuple[str, ...]
    status: str
    sets: int = 0
    permitted_area: Decimal | None = None
    issued_on: date | None = None
    issued_at: datetime | None = None
    voided_at: datetime | None = None


@dataclass(frozen=True)
class ToldOpening:
    """An opening unit: homes by their codes under a permit or a certificate."""

    opening_code: str
    mode: str
    homes: tuple[str, ...]
    permit_no: str = ""
    certificate_no: str = ""
    opened_on: date | None = None
    subscribe_from: date | None = None
    subscribe_to: date | None = None


@dataclass(frozen=True)
class ToldSale:
    """An event in the life of a home; `basis` is the permit, certificate or opening unit it names."""

    event_no: str
    house_code: str
    act: str
    happened_on: date
    contract_no: str = ""
    gross_area: Decimal | None = None
    amount: Decimal | None = None
    basis: str = ""


@dataclass(frozen=True)
class ToldUnread:
    """A message that does not keep to the agreement, as it came; `fields` names what is wrong in it."""

    raw: str
    fields: str


@dataclass(frozen=True)
class ToldMessage:
    """A message by its number, about one thing."""

    message_no: str
    sent_at: datetime
    about: ToldPermit | ToldOpening | ToldSale | ToldUnread


@dataclass(frozen=True)
class ToldNews:
    """A page of messages in the order in which they were sent; `next` is where the next page begins."""

    messages: tuple[ToldMessage, ...]
    next: str
    more: bool = False


class SaleSystem(Protocol):
    """商品房销售系统: everything that was sent after a place."""

    def news(self, after: str) -> Answer[ToldNews]:
        """Return the messages after a place, at most a page; MISS when there is none."""
        ...

    def read_again(self, raw: str) -> ToldMessage | None:
        """Return an unread message if it can be read by now."""
        ...


SALE_NEWS: Port[SaleSystem] = Port("sale_system", SALE_SYSTEM)

"""The legal-person library's full data of a company in our words, for prefill and monitoring (market 2.4, 2.17)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class RegisteredHolder:
    """A shareholder. `kind` is a `HolderKind` value; `uscc` of a company, `id_no` of a person; `ratio` in hundredths."""

    name: str
    kind: str
    ratio: Decimal
    uscc: str = ""
    id_type: str = ""
    id_no: str = ""
    subscribed: Decimal = Decimal(0)
    paid: Decimal | None = None
    due_on: date | None = None
    form: str = ""

    @property
    def identity(self) -> str:
        """Return the key that identifies a holder across lines and answers."""
        return self.uscc or self.id_no or self.name


@dataclass(frozen=True)
class RegisteredChange:
    """A change the registry has entered: when it was decided, entered and made public."""

    number: str
    item: str
    before: str
    after: str
    changed_on: date
    decided_on: date | None = None
    published_on: date | None = None


@dataclass(frozen=True)
class EquityPledge:
    """股权出质, in force until it is lifted."""

    number: str
    pledgor: str
    pledgee: str
    amount: Decimal
    since: date
    until: date | None = None


@dataclass(frozen=True)
class EquityFreeze:
    """股权冻结 by a court, in force until it is lifted."""

    number: str
    holder: str
    court: str
    amount: Decimal
    since: date
    until: date | None = None


@dataclass(frozen=True)
class BadListing:
    """An entry in the list of abnormal operations (`ABNORMAL`) or of grave breaches (`GRAVE`), until it is taken off."""

    kind: str
    reason: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class CompanyProfile:
    """A company as it is registered. `status` is 存续, 歇业, 清算, 吊销, 注销, 迁出 or 撤销; money is yuan."""

    uscc: str
    name: str
    status: str
    company_type: str = ""
    legal_rep: str = ""
    registered_capital: Decimal | None = None
    currency: str = "CNY"
    paid_in_capital: Decimal | None = None
    established_on: date | None = None
    address: str = ""
    scope: str = ""
    actual_controller: str = ""
    holders: tuple[RegisteredHolder, ...] = ()
    changes: tuple[RegisteredChange, ...] = ()
    pledges: tuple[EquityPledge, ...] = ()
    freezes: tuple[EquityFreeze, ...] = ()
    listings: tuple[BadListing, ...] = ()
    as_of: datetime | None = None

    @property
    def owners(self) -> tuple[RegisteredHolder, ...]:
        """Each holder once: who has several lines, for contributions due on days of their own, with what they sum up to."""
        found: dict[str, RegisteredHolder] = {}
        for one in self.holders:
            known = found.get(one.identity)
            found[one.identity] = one if known is None else _together(known, one)
        return tuple(found.values())


def _together(one: RegisteredHolder, more: RegisteredHolder) -> RegisteredHolder:
    paid = [part for part in (one.paid, more.paid) if part is not None]
    return replace(
        one,
        ratio=one.ratio + more.ratio,
        subscribed=one.subscribed + more.subscribed,
        paid=sum(paid, Decimal(0)) if paid else None,
    )

"""What the legal-person library tells of a company in full, in our words: for prefilling and for monitoring (market 2.4, 2.17)."""

from dataclasses import dataclass
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
    """股权出质: it stands until it is lifted."""

    number: str
    pledgor: str
    pledgee: str
    amount: Decimal
    since: date
    until: date | None = None


@dataclass(frozen=True)
class EquityFreeze:
    """股权冻结 by a court: it stands until it is lifted."""

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

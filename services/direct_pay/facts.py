"""Facts for the rules of direct rent, all from our own records, read inside the transaction (decision 21)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.direct_pay_codes import ReviewDecision, TermState
from models.tenancy_codes import ContractState, FilingState
from services.direct_pay.orders import NewBill, ReceiveEntrustment, RequestTermination
from services.engine.thresholds import Thresholds


@dataclass(frozen=True)
class FilingFact:
    """A filing by today's date; `tenants` are names and numbers in normal form."""

    filing_no: str
    contract_no: str
    state: FilingState
    valid_from: date
    valid_to: date
    month_rent: Decimal
    enterprise_uscc: str
    tenants: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class OtherMandate:
    """A mandate of this filing or household; months YYYY-MM, the last one it may still draw for."""

    entrust_no: str
    running: bool
    first_month: str
    last_month: str


@dataclass(frozen=True)
class MandateFacts:
    """A mandate, its filing if there is one, whether the firm is in the pilot, its account, other mandates."""

    today: date
    thresholds: Thresholds
    order: ReceiveEntrustment
    filing: FilingFact | None
    in_pilot: bool
    account: str
    others: tuple[OtherMandate, ...]


@dataclass(frozen=True)
class Period:
    """The period of an existing bill."""

    bill_no: str
    start: date
    end: date


@dataclass(frozen=True)
class BillFacts:
    """A bill and its limits. `first` and `last` bound the billable period; `billed` are existing bills.

    `known` says that the mandate belongs to this firm; without it the other facts are empty.
    """

    today: date
    thresholds: Thresholds
    bill: NewBill
    known: bool
    filing_state: FilingState = FilingState.ACTIVE
    first: date = date.min
    last: date = date.max
    longest: date = date.max
    whole_cycle: bool = False
    ended_on: date | None = None
    month_rent: Decimal = Decimal(0)
    lease_start: date = date.min
    lease_rent: Decimal = Decimal(0)
    billed: Decimal = Decimal(0)
    standing: tuple[Period, ...] = ()
    number_taken: bool = False


@dataclass(frozen=True)
class OpenTermination:
    term_no: str
    state: TermState
    decision: ReviewDecision


@dataclass(frozen=True)
class TerminationFacts:
    """A firm's request, the present lease, and open requests for the mandate."""

    today: date
    thresholds: Thresholds
    order: RequestTermination
    contract_state: ContractState
    filing_state: FilingState
    mandate_ended: bool
    key_valid: bool
    under_way: tuple[OpenTermination, ...]
    draw_to: str
    number_taken: bool = False

    @property
    def lease_over(self) -> bool:
        return self.contract_state in {ContractState.TERMINATED, ContractState.EXPIRED} or self.filing_state in {
            FilingState.CANCELLED,
            FilingState.EXPIRED,
            FilingState.REPLACED,
            FilingState.REVOKED,
        }

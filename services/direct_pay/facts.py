"""Facts for the rules of direct rent, all from our own records, read inside the transaction (decision 21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.direct_pay import Entrustment, PaymentTermination, RentBill
from models.tenancy import LeaseFiling
from models.tenancy_codes import ContractState, FilingState
from services.direct_pay.orders import NewBill, ReceiveEntrustment, RequestTermination
from services.engine.thresholds import Thresholds


@dataclass(frozen=True)
class MandateFacts:
    """A mandate, its filing if there is one with state by today's date, contract, firm and tenants, the firm's pilot,
    service and account, and other mandates of this filing or household. Tenants are names and numbers in normal form.
    """

    today: date
    thresholds: Thresholds
    order: ReceiveEntrustment
    filing: LeaseFiling | None
    filing_state: FilingState
    contract_no: str
    enterprise_uscc: str
    tenants: frozenset[tuple[str, str]]
    in_pilot: bool
    suspended: bool
    account: str
    others: Sequence[Entrustment]


@dataclass(frozen=True)
class BillFacts:
    """A bill and its limits. `first` and `last` bound the billable period; `billed` are existing bills.

    `corrected` is the unpaid bill this one replaces, or why it may not. `known` says that the mandate belongs to this firm; without it the other facts are empty.
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
    standing: Sequence[RentBill] = ()
    number_taken: bool = False
    corrected: RentBill | None = None
    why_not_corrected: str = ""


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
    under_way: Sequence[PaymentTermination]
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

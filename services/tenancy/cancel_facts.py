"""The facts a cancellation is judged by (leasing 4.8, row 8)."""

from dataclasses import dataclass
from datetime import date

from models.tenancy_codes import CancelMode, CancelReason, ContractState, FilingState
from services.engine.thresholds import Thresholds


@dataclass(frozen=True)
class CancelFacts:
    """Facts for the cancellation rules.

    `applicants` are the numbers of the applicants, `principals` those for whom an agent's mandate covers the
    cancellation. `filing_state` is None while a contract is signed but not filed. `terminated_on` is the end of the
    lease.
    """

    today: date
    thresholds: Thresholds
    mode: CancelMode
    reason: CancelReason
    start: date
    end: date
    contract_state: ContractState
    filing_state: FilingState | None
    filed_on: date | None = None
    terminated_on: date | None = None
    applicants: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    lessors: tuple[str, ...] = ()
    lessees: tuple[str, ...] = ()
    commitment: bool = False
    court_paper: bool = False
    direct_rent: bool = False
    objection_open: bool = False
    central: bool = False

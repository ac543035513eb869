"""The lease under a mandate with the bills that take up its periods: what may be billed of it, and what is left (row 18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.direct_pay import Entrustment, RentBill
from models.direct_pay_codes import STANDING, BillState
from models.tenancy import LeaseContract, LeaseFiling
from services.direct_pay.rent import first_of, last_billable, rent_of_lease
from services.engine.work import Work


@dataclass(frozen=True)
class BilledLease:
    """A mandate on its lease; `standing` are the bills of every mandate that ever was on the filing, by their periods."""

    mandate: Entrustment
    filing: LeaseFiling
    contract: LeaseContract
    standing: list[RentBill]

    @property
    def month_rent(self) -> Decimal:
        return min(self.filing.month_rent, self.mandate.monthly_rent)

    @property
    def first(self) -> date:
        """Return the first day that may be billed."""
        return max(first_of(self.mandate.draw_from), self.contract.start, self.filing.valid_from)

    @property
    def last(self) -> date:
        """Return the last day that may be billed."""
        return min(last_billable(self.mandate)[0], self.contract.end, self.filing.valid_to)

    @property
    def rent(self) -> Decimal:
        """Return the rent of the whole lease."""
        return rent_of_lease(self.month_rent, self.contract.start, self.contract.end)

    @property
    def billed(self) -> Decimal:
        return sum((bill.rent_fee for bill in self.standing if not self._is_replaced(bill)), Decimal(0))

    def _is_replaced(self, bill: RentBill) -> bool:
        """Return whether a later bill took the period of one that was not paid."""
        return bill.state is BillState.UNPAID and any(
            later.received_at > bill.received_at
            and later.period_start <= bill.period_end
            and bill.period_start <= later.period_end
            for later in self.standing
        )


def leases_of(work: Work, mandates: Sequence[Entrustment]) -> dict[UUID, BilledLease]:
    """The lease of each mandate that has one, by the mandate's id."""
    filing_ids = [mandate.filing_id for mandate in mandates if mandate.filing_id is not None]
    filings = {row.id: row for row in rows_with(work, LeaseFiling, col(LeaseFiling.id), filing_ids)}
    contract_ids = [filing.contract_id for filing in filings.values()]
    contracts = {row.id: row for row in rows_with(work, LeaseContract, col(LeaseContract.id), contract_ids)}
    stands_on = {row.id: row.filing_id for row in rows_with(work, Entrustment, col(Entrustment.filing_id), filing_ids)}
    standing: dict[UUID, list[RentBill]] = {filing_id: [] for filing_id in filings}
    bills = rows_with(work, RentBill, col(RentBill.entrustment_id), list(stands_on), col(RentBill.state).in_(STANDING))
    for bill in sorted(bills, key=lambda bill: bill.period_start):
        standing[stands_on[bill.entrustment_id]].append(bill)
    return {
        mandate.id: BilledLease(mandate, filing, contracts[filing.contract_id], standing[filing.id])
        for mandate in mandates
        if mandate.filing_id is not None and (filing := filings.get(mandate.filing_id)) is not None
    }


def rows_with(work: Work, table: Any, column: Any, values: list[Any], *where: Any) -> list[Any]:
    """Every row with one of these values, in parts a database takes."""
    wanted = sorted(set(values), key=str)
    return [
        row
        for start in range(0, len(wanted), 500)
        for row in work.rows(table, column.in_(wanted[start : start + 500]), *where)
    ]

"""Direct rent in the demo: mandates of the pilot's leases in every state, with months of bills and how some end."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from sqlmodel import col, select

from deploy.demo.tables import DATA, load
from models.access import Role
from models.direct_pay import Entrustment, FilingEnding, PilotScope
from models.direct_pay_codes import EndingKind, PilotState
from models.enterprise import Enterprise
from models.own_data import read_rows
from models.tenancy import ContractParty, FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import CancelReason, Channel, ContractState, FilingState, Side
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.endings import SERIES


@action("demo.direct_pay", "装载直付委托与账单", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_direct_pay(work: Work, order: None) -> int:
    """Mandates of the pilot's leases in every state, once; the rest of the leases are left for tenants to sign."""
    leases = _leases(work)
    if work.has(Entrustment) or not leases:
        return 0
    mandates = load(work, "mandates", leases)
    bills = load(work, "bills", mandates)
    load(work, "results", bills)
    load(work, "terminations", mandates)
    # A push that failed, so that it can be sent again by hand.
    load(work, "dead_letters", mandates)
    for mandate in mandates.values():
        if mandate.entrustment.filing_ended_on is not None:
            end_lease(work, mandate.lease, mandate.entrustment.filing_ended_on)
    return len(mandates)


def _leases(work: Work) -> dict[str, Any]:
    """The leases of pilot firms with natural persons, old enough for the months of bills that are shown."""
    found = work.session.exec(
        select(LeaseFiling, LeaseContract, Enterprise, ContractParty)
        .join(LeaseContract, col(LeaseFiling.contract_id) == LeaseContract.id)
        .join(Enterprise, col(LeaseFiling.enterprise_id) == Enterprise.id)
        .join(ContractParty, col(ContractParty.contract_id) == LeaseContract.id)
        .where(
            col(Enterprise.id).in_(select(PilotScope.enterprise_id).where(PilotScope.state == PilotState.CONFIRMED)),
            LeaseFiling.state == FilingState.ACTIVE,
            LeaseFiling.channel == Channel.ENT,
            col(LeaseFiling.valid_from) <= work.today - timedelta(days=100),
            ContractParty.side == Side.LESSEE,
            ContractParty.id_type == "11",
        )
    ).all()
    apps = {line["uscc"]: line["app_id"] for line in read_rows(DATA / "partners.csv")}
    # By the number's running part, so that every district has some.
    rows = sorted(found, key=lambda row: (row[0].filing_no[-7:], row[0].filing_no))
    return {
        f"L-{place:02d}": SimpleNamespace(
            filing=filing, contract=contract, firm=firm, tenant=tenant, app=apps.get(firm.uscc, "")
        )
        for place, (filing, contract, firm, tenant) in enumerate(rows, 1)
    }


def end_lease(work: Work, lease: Any, ended: date) -> None:
    """Cancel a lease of which the mandate says that its filing is over: contract, filing, part and ledger say so."""
    lease.contract.state = ContractState.TERMINATED
    lease.filing.state, lease.filing.ended_on = FilingState.CANCELLED, ended
    lease.filing.cancel_reason = CancelReason.EARLY_BOTH.value
    for part in work.rows(FilingPart, FilingPart.filing_id == lease.filing.id):
        part.holds = False
        work.add(part)
    line = FilingEnding(
        filing_id=lease.filing.id,
        filing_no=lease.filing.filing_no,
        contract_no=lease.contract.contract_no,
        kind=EndingKind.EARLY_BOTH,
        ended_on=ended,
        recorded_at=work.now - (work.today - ended),
        district_code=lease.filing.district_code,
        street_code=lease.filing.street_code,
    )
    for row in (lease.contract, lease.filing, line):
        work.add(row)
    work.numbers.append((SERIES, lambda value: setattr(line, "position", value)))

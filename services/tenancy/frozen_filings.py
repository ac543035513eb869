"""Filings frozen by the district and released again, or revoked by the city as false (rows 7, 8)."""

from dataclasses import dataclass
from uuid import UUID

from models.access import Role
from models.enterprise import CreditEntry
from models.sealed import Sealed
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import FILING, CancelReason, Side
from services.engine.notices import notify
from services.engine.orders import Reasoned
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.tenancy.contracts import end_lease
from services.tenancy.endings import end_filing
from services.tenancy.filing import lock_house
from services.tenancy.licences import recall_licence
from services.tenancy.paper_words import parties_of
from services.tenancy.predicates import last_day

#: What P11 and the public page of a practitioner call the record.
SHAM = "虚假租赁备案"
#: The sides of a lease that can be at fault.
AT_FAULT = (Side.LESSOR, Side.LESSEE)


@dataclass(frozen=True)
class RevokeFiling:
    """A filing found false; the parties of the sides `at_fault` get a credit record, a deceived side none."""

    id: UUID
    reason: str
    at_fault: frozenset[Side] = frozenset(AT_FAULT)


@action("filings.freeze", "冻结备案", roles={Role.DISTRICT_BUREAU}, step=Step(FILING, "freeze"))
def freeze_filing(work: Work, order: Reasoned) -> None:
    """Freeze a filing for a court or an inquiry: it still answers queries, and is neither cancelled nor filed again."""
    filing, reason = _taken(work, order)
    take_step(work, filing, FILING, "freeze", reason=reason)
    _tell(work, filing, "备案已冻结", reason)


@action("filings.unfreeze", "解除冻结", roles={Role.DISTRICT_BUREAU}, step=Step(FILING, "unfreeze"))
def unfreeze_filing(work: Work, order: Reasoned) -> None:
    """Release a frozen filing."""
    filing, reason = _taken(work, order)
    take_step(work, filing, FILING, "unfreeze", reason=reason)
    _tell(work, filing, "备案已解除冻结", reason)


@action("filings.revoke", "撤销备案", roles={Role.CITY_CENTER}, step=Step(FILING, "revoke"))
def revoke_filing(work: Work, order: RevokeFiling) -> None:
    """Revoke a filing that the district has found false, with its lease and its licence, and record who is at fault."""
    filing, reason = _taken(work, order)
    contract = work.hold(LeaseContract, filing.contract_id)
    lock_house(work, filing.house_id)
    end_lease(work, contract, "terminate", CancelReason.FALSE.value)
    end_filing(work, filing, "revoke", CancelReason.FALSE, work.today)
    recall_licence(work, filing)
    _record(work, filing, order.at_fault)
    _tell(work, filing, "备案已撤销", reason)


def _record(work: Work, filing: LeaseFiling, sides: frozenset[Side]) -> None:
    """Put the parties at fault on the list that P11 reads, for as long as a record is kept."""
    until = last_day(work.today, 12 * work.thresholds.integer("credit.sham_years"))
    numbers = {party.id_no.plain for party in parties_of(work, filing.contract_id) if party.side in sides}
    for number in sorted(numbers):
        work.add(CreditEntry(id_no=Sealed.of(number), kind=SHAM, since=work.today, until=until))
    work.trail.tell("DATA.CREATE", "credit.record", about=filing, detail={"parties": len(numbers)})


def _taken(work: Work, order: Reasoned | RevokeFiling) -> tuple[LeaseFiling, str]:
    return work.hold(LeaseFiling, order.id), enough_words(order.reason, "依据和理由", least=10, most=100)


def _tell(work: Work, filing: LeaseFiling, subject: str, reason: str) -> None:
    """Tell the office that filed, and the firm whose lease it is."""
    contract = work.session.get_one(LeaseContract, filing.contract_id)
    words = f"备案编号 {filing.filing_no}：{reason}"
    notify(work, subject, words, about=contract, to_unit=contract.unit_id)
    notify(work, subject, words, about=contract, to_enterprise=contract.enterprise_id)

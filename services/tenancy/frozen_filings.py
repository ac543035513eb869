"""Filings frozen by the district and released again, or revoked by the city as false (rows 7, 8)."""

from models.access import Role
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import FILING, CancelReason
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
def revoke_filing(work: Work, order: Reasoned) -> None:
    """Revoke a filing that the district has found false, with its lease and its licence."""
    filing, reason = _taken(work, order)
    contract = work.hold(LeaseContract, filing.contract_id)
    lock_house(work, filing.house_id)
    end_lease(work, contract, "terminate", CancelReason.FALSE.value)
    end_filing(work, filing, "revoke", CancelReason.FALSE, work.today)
    recall_licence(work, filing)
    _tell(work, filing, "备案已撤销", reason)


def _taken(work: Work, order: Reasoned) -> tuple[LeaseFiling, str]:
    return work.hold(LeaseFiling, order.id), enough_words(order.reason, "依据和理由", least=10, most=100)


def _tell(work: Work, filing: LeaseFiling, subject: str, reason: str) -> None:
    """Tell the office that filed, and the firm whose lease it is."""
    contract = work.session.get_one(LeaseContract, filing.contract_id)
    words = f"备案编号 {filing.filing_no}：{reason}"
    notify(work, subject, words, about=contract, to_unit=contract.unit_id)
    notify(work, subject, words, about=contract, to_enterprise=contract.enterprise_id)

"""拆间锁定: the district bureau lifts the lock of a room plan with approved alteration papers (row 27)."""

from dataclasses import dataclass
from uuid import UUID

from models.access import Role
from models.verification import SplitLock
from models.verification_codes import LOCK
from services.engine.findings import Finding
from services.engine.refusals import Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work

_PAPERS = Finding("UNLOCK_PAPERS", "解除拆间锁定须有改建批准文件，请填写批准文号", "reference")


@dataclass(frozen=True)
class UnlockPlan:
    """Lift the lock of a house's room plan. `reference` is the number of the approval of the alteration."""

    lock_id: UUID
    reference: str
    reason: str


@action(
    "verification.unlock",
    "解除拆间锁定",
    roles={Role.DISTRICT_BUREAU},
    step=Step(LOCK, "unlock"),
)
def unlock_plan(work: Work, order: UnlockPlan) -> None:
    """Lift the lock of a home in the own district; the old plan stays on record, the next pass by room locks a new one."""
    lock = work.hold(SplitLock, order.lock_id)
    if not order.reference.strip():
        raise Rejected(_PAPERS.message, [_PAPERS])
    reason = enough_words(order.reason, "解除理由", least=4)
    lock.unlocked_at, lock.unlocked_by = work.now, work.caller.account_id
    lock.unlock_reason, lock.unlock_reference = reason, order.reference.strip()[:60]
    take_step(work, lock, LOCK, "unlock", act="verification.unlock", reason=reason[:60])

"""End of the objection period: the district centre is notified to decide; only it ends a lease for one side (leasing
3.4).
"""

from sqlmodel import col, select

from models.access import Role
from models.cancellation import CancelApply
from models.dialect import locked_skipping
from models.engine import Notice
from models.house import House
from models.tenancy import GovCase, LeaseContract
from models.tenancy_codes import CANCEL, CONTRACT, CancelState
from services.engine.jobs import repeated
from services.engine.notices import notify
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.tenancy.cancellation import district_centre
from services.tenancy.cases import RETURNED, decide_case

SUBJECT = "单方注销异议期满，请审定"


@action("cancel.remind", "单方注销异议期满提醒", roles={Role.SYSTEM})
def remind_of_ended_notices(work: Work, limit: int) -> int:
    """Notify each district centre once of cases to decide; close cases whose lease has ended."""
    told = select(Notice.object_id).where(Notice.subject == SUBJECT, col(Notice.object_id).is_not(None))
    rows = work.session.exec(
        locked_skipping(
            work.session,
            select(CancelApply)
            .where(
                CancelApply.state == CancelState.NOTICE,
                col(CancelApply.objection_until) < work.today,
                col(CancelApply.id).not_in(told),
            )
            .order_by(col(CancelApply.objection_until))
            .limit(limit),
        )
    ).all()
    for apply in rows:
        contract = work.session.get_one(LeaseContract, apply.contract_id)
        if contract.state not in CONTRACT.open_to("terminate"):
            _close(work, apply)
            continue
        house = work.session.get_one(House, contract.house_id)
        centre = district_centre(work, house.district_code)
        objected = "对方已提出异议" if apply.objection is not None else "对方未提出异议"
        words = f"申请 {apply.apply_no}：{house.address}，异议期至 {apply.objection_until}，{objected}。"
        notify(work, SUBJECT, words, about=apply, to_unit=centre or contract.unit_id or apply.unit_id)
    return len(rows)


def _close(work: Work, apply: CancelApply) -> None:
    take_step(work, apply, CANCEL, "reject", reason="合同已结束")
    decide_case(work, work.session.get_one(GovCase, apply.case_id), *RETURNED)


repeated("cancel.remind", "单方注销异议期满提醒", remind_of_ended_notices, 100, at="00:45")

"""Applications to cancel a filing (leasing 2.5, 3.4)."""

from datetime import date, datetime
from uuid import UUID

from models.base import Placed
from models.columns import code, day, loose_ref, moment, ref, sealed_json, text
from models.sealed import Sealed
from models.tenancy_codes import CancelMode, CancelReason, CancelState


class CancelApply(Placed, table=True):
    """An application to end a filing before its time."""

    apply_no: str = text("申请编号", max=40, unique=True)
    case_id: UUID | None = loose_ref("办件", None)
    contract_id: UUID = ref("lease_contract", "合同")
    filing_id: UUID | None = loose_ref("备案", None)
    mode: CancelMode = code(CancelMode, "申请方式")
    reason: CancelReason = code(CancelReason, "注销原因")
    terminated_on: date = day("合同终止日期")
    applicants: Sealed = sealed_json("申请人")
    note: Sealed | None = sealed_json("说明", None)
    agreement_digest: str = text("解约协议摘要", "", max=64)
    commitment_digest: str = text("书面承诺摘要", "", max=64)
    court_digest: str = text("司法文书摘要", "", max=64)
    notified_at: datetime | None = moment("告知对方时间", None)
    objection_until: date | None = day("异议截止", None)
    objection: Sealed | None = sealed_json("对方异议", None)
    state: CancelState = code(CancelState, "状态", index=True)
    unit_id: UUID | None = loose_ref("受理单位", None)
    clerk_id: UUID | None = loose_ref("经办人", None)
    decided_at: datetime | None = moment("办结时间", None)
    decided_by: UUID | None = loose_ref("办结人", None, index=False)
    restored_at: datetime | None = moment("恢复时间", None)

"""What the demo's firms find in their inbox: mandates, results and ends as they came, the older ones read."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.direct_pay import Entrustment, PaymentResult, PaymentTermination
from models.engine import Notice
from models.sealed import Sealed
from services.direct_pay.results import reason_of
from services.engine.registry import action
from services.engine.work import Work

_READ_AFTER = timedelta(days=20)


@action("demo.direct_pay_inbox", "装载企业收件箱", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_inbox(work: Work, order: None) -> int:
    """Return a notice for everything that was pushed to a firm, as the push itself would have written it; once."""
    if work.session.exec(select(Notice.id).where(Notice.object_kind == "entrustment").limit(1)).first() is not None:
        return 0
    made = 0
    for mandate in _pushed(work, Entrustment):
        words = (
            f"委托书 {mandate.entrust_no}：备案 {mandate.filing_no}，{mandate.draw_from} 至 {mandate.draw_to}，请确认。"
        )
        made += _tell(work, mandate, "收到公积金直付委托", words)
    for result in _pushed(work, PaymentResult):
        words = f"账单 {result.bill_no}：{result.outcome.label}。{reason_of(result)}"
        made += _tell(work, result, f"公积金直付结果：{result.outcome.label}", words)
    for end in _pushed(work, PaymentTermination):
        words = f"委托书 {end.entrust_no}：自 {end.effective_month} 起停止提取。"
        made += _tell(work, end, "公积金直付终止", words)
    return made


def _pushed(work: Work, table: Any) -> list[Any]:
    return list(
        work.session.exec(
            select(table).where(col(table.pushed_at).is_not(None), col(table.enterprise_id).is_not(None))
        ).all()
    )


def _tell(work: Work, row: Any, subject: str, words: str) -> int:
    at: datetime = row.pushed_at
    enterprise_id: UUID = row.enterprise_id
    work.add(
        Notice(
            to_enterprise=enterprise_id,
            subject=subject,
            body=Sealed.of_json(words),
            object_kind=row.__tablename__,
            object_id=row.id,
            created_at=at,
            read_at=at + timedelta(hours=1) if at < work.now - _READ_AFTER else None,
        )
    )
    return 1

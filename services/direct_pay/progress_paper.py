"""直付房租进度单: the present timeline of a mandate, issued to its viewer (D10, row 23)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from models.direct_pay import Entrustment
from models.documents import PaperKind
from printing.direct_pay_sheet import BillResult, DirectPaySheet, Step
from printing.page import Issue
from services.access.visibility import ENTERPRISE
from services.direct_pay.timeline import timeline
from services.direct_pay.visibility import READERS
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_text
from services.engine.copied import taken
from services.engine.listings import Line
from services.engine.numbering import number_later
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.paper_words import seal_of, unit_name

#: More bills or steps a paper does not list.
_LISTED = 200


@action("direct_pay.print", "出具直付房租进度单", roles=READERS, event="DATA.CREATE")
def issue_progress(work: Work, entrustment_id: UUID) -> UUID:
    """Issue the progress of a visible mandate as the caller sees it; the look at the tenant is logged."""
    row = work.get(Entrustment, entrustment_id)
    page = _page(timeline(work, entrustment_id))
    # A firm prints for itself: the paper is the platform's, and no office's.
    office = None if work.caller.has(*ENTERPRISE) else work.caller.unit_id
    unit = unit_name(work, office)
    drawn: list[str] = []
    number_later(work, "ZF", row.district_code or "310000", work.today, drawn.append)

    def issue() -> UUID:
        sheet = DirectPaySheet(
            issue=Issue(number=drawn[0], unit=unit, issued_on=work.today, seal=seal_of(work, unit, "业务专用章")),
            operator=work.caller.name,
            data_time=shanghai_text(work.now),
            **page,
        )
        public = public_answer(unit=unit)
        return issue_paper(work, sheet, kind=PaperKind.RECEIPT, about=row, public=public, unit_id=office).id

    return work.later(issue)


def _page(one: Line) -> dict[str, Any]:
    """The mandate on its page in the words of the paper."""
    return {
        **taken(one, "entrust_no", "filing_no", "contract_no", "tenant", "spouse", "enterprise", "project"),
        **taken(one, "draw", "payee"),
        "state": one.state.label,
        "rent": f"{one.monthly_rent:,.2f} 元／月",
        "pay_cycle": one.pay_cycle.label,
        "stops_from": f"自 {one.stops_from} 起" if one.stops_from else "",
        "abnormal": "；".join(wrong.label for wrong in one.abnormal),
        "findings": "；".join(one.findings),
        "gaps": "；".join(f"{step.month} {step.paid or step.bill}" for step in one.months if step.gap),
        "bills": tuple(_bill(bill) for bill in one.bills[:_LISTED]),
        "steps": tuple(
            Step(_time(event.at), event.who, event.what, event.detail, event.receipt)
            for event in one.events[: -_LISTED - 1 : -1]
        ),
        "all_bills": len(one.bills),
        "all_steps": len(one.events),
    }


def _bill(bill: Line) -> BillResult:
    return BillResult(
        bill_no=bill.bill_no,
        period=bill.period,
        rent=f"{bill.rent_fee:,.2f}",
        paid="" if bill.paid_amount is None else f"{bill.paid_amount:,.2f}",
        result=bill.state.label,
        decided_at=_time(bill.decided_at),
        reason=bill.reason,
    )


def _time(moment: datetime | None) -> str:
    return shanghai_text(moment)[:16] if moment else ""

"""Lists of a firm's mandates, bills and terminations: states, the fund's words, what can be cancelled (rows 17-22)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from models.direct_pay import Entrustment, PaymentTermination, RentBill, TerminationDecision
from models.direct_pay_codes import BillState, TermSide, TermState
from models.engine import Outgoing, OutgoingState
from services.access.visibility import ENTERPRISE
from services.direct_pay.bill_hint import hints_of
from services.direct_pay.message_routes import FUND
from services.direct_pay.progress import NUMBER, STATE, TENANT, draw_months, mandate_cells
from services.direct_pay.timeline import bill_reason, period_of
from services.engine.listings import Column, Listing, choice, days, exact, listed, numbers
from services.engine.work import Work

Cells = Mapping[str, Callable[[Any], Any]]


def _next_periods(work: Work, rows: Sequence[Any]) -> Cells:
    """The period of each mandate to bill next, and the most it may cost."""
    opened = {row_id: hint for row_id, hint in hints_of(work, rows).items() if hint.open}

    def of_next(key: str) -> Callable[[Any], Any]:
        return lambda row: getattr(opened.get(row.id), key, None)

    cells = {f"next_{key}": of_next(key) for key in ("start", "end", "rent")}
    return {**mandate_cells(work, rows), **cells}


MANDATES = listed(
    Listing(
        name="firm_mandates",
        label="委托与出账",
        roles=ENTERPRISE,
        table=Entrustment,
        columns=(
            Column("entrust_no", "委托书编号", width=150),
            Column("tenant", "承租人", width=74),
            Column("project", "项目"),
            Column("filing_no", "备案编号", shown=False),
            Column("contract_no", "合同编号", shown=False),
            Column("monthly_rent", "月租金", number=True, width=84),
            Column("draw", "提取月份", draw_months, width=136),
            Column("state", "状态", width=96),
            Column("bills", "账单", number=True, width=46),
            Column("paid", "已付", number=True, width=46),
            Column("unpaid", "未付", number=True, width=46),
            Column("next_start", "下期起", width=90),
            Column("next_end", "下期止", shown=False),
            Column("next_rent", "下期租金", number=True, width=84),
            Column("received_at", "接收时间", sortable=True, shown=False),
        ),
        filters=(NUMBER, TENANT, STATE),
        sort="-received_at",
        look_up=_next_periods,
        empty="没有符合条件的委托。承租人在公积金中心签署委托后，委托书会送到这里。",
    )
)


def _tenants(work: Work, ids: Iterable[UUID | None]) -> Callable[[Any], str]:
    """The masked tenant of the mandate of a row."""
    wanted = {row_id for row_id in ids if row_id is not None}
    rows = work.rows(work.visible(Entrustment), col(Entrustment.id).in_(wanted))
    tenants = {row.id: row.tenant.masked() for row in rows}
    return lambda row: tenants.get(row.entrustment_id, "")


def _bill_cells(work: Work, rows: Sequence[Any]) -> Cells:
    begun = _begun(work, [row.id for row in rows if row.state is BillState.CHECKED])
    return {
        "tenant": _tenants(work, (row.entrustment_id for row in rows)),
        "may_cancel": lambda row: row.state is BillState.CHECKED and row.id not in begun,
    }


def _begun(work: Work, ids: list[UUID]) -> set[UUID]:
    """Return bills whose sending has begun and which may have reached the fund."""
    tried = or_(Outgoing.state != OutgoingState.WAITING, col(Outgoing.attempts) > 0)
    rows = select(Outgoing.object_id).where(
        col(Outgoing.object_id).in_(ids), Outgoing.system == FUND, Outgoing.operation == "bill", tried
    )
    return set(work.session.exec(rows).all())


BILLS = listed(
    Listing(
        name="firm_bills",
        label="直付账单",
        roles=ENTERPRISE,
        table=RentBill,
        columns=(
            Column("bill_no", "账单编号", sortable=True, width=190),
            Column("entrust_no", "委托书编号", width=150),
            Column("tenant", "承租人", width=74),
            Column("period", "账期", period_of, sortable=True, sql=RentBill.period_start, width=180),
            Column("rent_fee", "租金", number=True, width=90),
            Column("paid_amount", "实付", number=True, width=90),
            Column("state", "状态", width=140),
            Column("reason", "说明", bill_reason),
            Column("received_at", "报送时间", sortable=True, width=126),
            Column("sent_at", "送达时间", width=126),
        ),
        filters=(
            exact(
                "number",
                "编号",
                RentBill.bill_no,
                RentBill.entrust_no,
                RentBill.contract_no,
                upper=True,
                width=220,
                finds=numbers("WT", "ZD"),
            ),
            choice("state", "状态", RentBill.state, BillState, width=190),
            *days(RentBill.period_start, "账期起"),
        ),
        sort="-received_at",
        counts="state",
        look_up=_bill_cells,
        also=("entrustment_id", "decided_at"),
        empty="没有符合条件的账单。在“委托与出账”逐笔报送，或下载模板后批量上传。",
    )
)


def _termination_cells(work: Work, rows: Sequence[Any]) -> Cells:
    decisions = work.rows(
        TerminationDecision,
        col(TerminationDecision.termination_id).in_([row.id for row in rows]),
        by=TerminationDecision.decided_at,
    )
    words = {one.termination_id: str(one.reason.json() or "") for one in decisions}
    return {
        "tenant": _tenants(work, (row.entrustment_id for row in rows)),
        "words": lambda row: words.get(row.id, ""),
    }


TERMINATIONS = listed(
    Listing(
        name="firm_terminations",
        label="直付终止",
        roles=ENTERPRISE,
        table=PaymentTermination,
        columns=(
            Column("term_no", "终止编号", width=186),
            Column("side", "终止方", width=80),
            Column("entrust_no", "委托书编号", width=150),
            Column("tenant", "承租人", width=74),
            Column("reason", "原因", width=110),
            Column("effective_month", "停止提取月", width=84),
            Column("state", "状态", width=130),
            Column("decision", "审核", lambda row: row.decision or None, width=90),
            Column("words", "公积金中心意见"),
            Column("requested_at", "申请时间", width=126),
        ),
        filters=(
            exact(
                "number",
                "编号",
                PaymentTermination.term_no,
                PaymentTermination.entrust_no,
                upper=True,
                width=220,
                finds=numbers("ZZ", "GZ", "QZ"),
            ),
            choice("side", "终止方", PaymentTermination.side, TermSide, width=150),
            choice("state", "状态", PaymentTermination.state, TermState, width=190),
        ),
        sort="-requested_at",
        look_up=_termination_cells,
        also=("entrustment_id", "last_payment", "decided_at"),
        empty="没有终止记录",
    )
)

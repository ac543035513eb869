"""制证异常: licence messages that did not arrive, for the office of the filing; the city sends them again (row 7)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from models.engine import Outgoing, OutgoingState
from models.house import House
from models.tenancy import LeaseFiling
from services.access.visibility import STAFF
from services.engine.listings import Column, Listing, listed, named
from services.engine.outbox import RESEND, sending_of
from services.engine.work import Work
from services.tenancy.intake import filing_state_text

OPERATIONS = {"issue": "制证", "revoke": "吊销"}
#: Words for a kind of failure; its content is never shown.
_ERRORS = {"NoAnswer": "对方未应答"}
_DEAD = col(Outgoing.state) == OutgoingState.DEAD


def _failing(work: Work) -> Any:
    """Messages about visible filings that failed for good, or failed once and are being tried again."""
    seen = work.visible(LeaseFiling).with_only_columns(LeaseFiling.id)  # type: ignore[call-overload]
    trying = (col(Outgoing.state) == OutgoingState.WAITING) & (col(Outgoing.last_error) != "")
    # Messages themselves are the city's; an office is shown those of the filings it sees.
    return select(Outgoing).where(
        Outgoing.system == "licence_library",
        Outgoing.object_kind == "lease_filing",
        col(Outgoing.object_id).in_(seen),
        _DEAD | trying,
    )


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    found = work.session.exec(
        select(LeaseFiling, House.address)
        .join(House, col(House.id) == col(LeaseFiling.house_id))
        .where(col(LeaseFiling.id).in_([row.object_id for row in rows]))
    ).all()
    filings = {filing.id: filing for filing, _ in found}
    addresses = {filing.id: address for filing, address in found}
    return {
        "filing_no": lambda row: filings[row.object_id].filing_no,
        "filing_state": lambda row: filing_state_text(filings[row.object_id], work.today),
        "contract_id": lambda row: filings[row.object_id].contract_id,
        "address": lambda row: addresses[row.object_id],
    }


FAILURES = listed(
    Listing(
        name="licence_failures",
        label="制证异常",
        roles=STAFF,
        table=Outgoing,
        rows=_failing,
        columns=(
            Column("filing_no", "备案编号", width=190),
            Column("address", "房屋坐落"),
            Column("filing_state", "备案状态", width=100),
            Column("operation", "业务", lambda row: OPERATIONS.get(row.operation, row.operation), width=60),
            Column("sending", "发送状态", sending_of, width=120),
            Column("attempts", "已试", sortable=True, number=True, width=60),
            Column(
                "next_at", "下次发送", lambda row: None if row.state is OutgoingState.DEAD else row.next_at, width=130
            ),
            Column("error", "原因", lambda row: _ERRORS.get(row.last_error, "对方系统异常"), width=120),
            Column("created_at", "产生时间", sortable=True, width=130),
        ),
        filters=(named("dead", "范围", {"dead": ("只看发送失败", _DEAD)}, all="失败和重试中", width=200),),
        look_up=_cells,
        also=("state",),
        sort="-created_at",
        bulk=(RESEND,),
        empty="没有发送失败的电子证照",
    )
)

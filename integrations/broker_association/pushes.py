"""Messages to the association as it receives them; source of the handbook's tables (rows 13, 45, 46)."""

from typing import Annotated, Literal

from pydantic import Field

from integrations.broker_association.cards_pushes import CARD_PUSHES
from services.partners.wire_fields import Reason, WireModel

Number = Annotated[str, Field(min_length=1, max_length=64)]


class ItemResult(WireModel):
    """Result of an item."""

    position: int = Field(title="序号", description="在批次中的位置，从 1 起")
    own_no: Number = Field(title="会员自编号")
    member_uscc: str = Field(title="会员统一社会信用代码", max_length=18)
    attempt: int = Field(title="第几次报送")
    status: int = Field(title="状态码", description="201 已备案，202 等待，422 未通过，503 请重新报送")
    state: Literal["FILED", "WAITING", "INTERCEPTED", "REFUSED", "RETRY"] = Field(title="结果")
    case_no: str | None = Field(None, title="办件编号", max_length=40)
    contract_no: str | None = Field(None, title="合同编号", max_length=40)
    filing_no: str | None = Field(None, title="备案编号", max_length=40)
    reasons: list[Reason] = Field(title="原因")


class BatchResult(WireModel):
    """Result of a batch, or of an item that was decided later."""

    batch_no: Number = Field(title="批次号")
    total: int = Field(title="总数")
    filed: int = Field(title="已备案")
    waiting: int = Field(title="等待")
    intercepted: int = Field(title="拦截")
    refused: int = Field(title="未通过")
    retry: int = Field(title="请重新报送")
    items: list[ItemResult] = Field(title="逐笔结果")


#: Model by path below the partner's base address.
PUSHES: dict[str, type[WireModel]] = {"/filing-results": BatchResult, **CARD_PUSHES}

"""Messages to a district's platform as it receives them; source of the handbook's tables (row 14)."""

from typing import Annotated

from pydantic import Field

from models.push_codes import StayState
from services.partners.wire_fields import Day, Reason, WireModel

Number = Annotated[str, Field(min_length=1, max_length=64)]


class StayResult(WireModel):
    """Result of a check-in that was not decided at once."""

    accepted: bool = Field(title="已受理")
    checkin_no: Number = Field(title="入住编号")
    attempt: int = Field(title="第几次报送")
    state: StayState = Field(title="结果")
    case_no: str | None = Field(None, title="办件编号", max_length=40)
    contract_no: str | None = Field(None, title="合同编号", max_length=40)
    filing_no: str | None = Field(None, title="备案编号", max_length=40)
    valid_from: Day | None = Field(None, title="备案有效期起")
    valid_to: Day | None = Field(None, title="备案有效期止")
    reasons: list[Reason] = Field(title="原因")


#: Model by path below the partner's base address.
PUSHES: dict[str, type[WireModel]] = {"/filing-results": StayResult}

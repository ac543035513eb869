"""State and result of an acceptance back to the civil affairs system, through the outbox (row 12)."""

from typing import Any

from pydantic import Field

from models.forced_review import CivilCase, CivilState
from models.partners import Partner
from services.engine.events import on
from services.engine.work import Work
from services.forced_review.civil_cases import CHANGED, answer_of
from services.forced_review.civil_orders import CivilAnswer
from services.partners.message_body import body_of, with_given
from services.partners.outgoing import pass_on, passing_on
from services.partners.wire_fields import Day, Moment, Reason, WireModel

SYSTEM_NAME, OPERATION = "civil_affairs", "case-results"
_OPTIONAL = ("state", "case_no", "apply_no", "due_on", "filing_no", "valid_from", "valid_to", "decided_at")


class CivilResult(WireModel):
    """The state of an acceptance, as a reply and as a message of its own."""

    accepted: bool = Field(title="已接收")
    acceptance_no: str = Field(title="受理编号", max_length=40)
    state: CivilState | None = Field(None, title="状态")
    case_no: str | None = Field(None, title="办件编号", max_length=40)
    apply_no: str | None = Field(None, title="强制核验编号", max_length=40)
    due_on: Day | None = Field(None, title="办理期限")
    filing_no: str | None = Field(None, title="备案编号", max_length=40)
    valid_from: Day | None = Field(None, title="备案有效期起")
    valid_to: Day | None = Field(None, title="备案有效期止")
    decided_at: Moment | None = Field(None, title="办结时间")
    reasons: list[Reason] = Field(title="原因")


def civil_body(answer: CivilAnswer) -> dict[str, Any]:
    """An answer as plain JSON."""
    return with_given(body_of(answer), *_OPTIONAL)


@on(CHANGED)
def tell_civil(work: Work, row: CivilCase) -> None:
    """Queue the state to the system that handed the case over; each change once, in their order."""
    row.told += 1
    turn = row.told
    work.add(row)
    work.then(lambda: _tell(work, row, turn))


def _tell(work: Work, row: CivilCase, turn: int) -> None:
    to = work.first(Partner, Partner.app_id == row.app_id)
    if to is not None:
        body = civil_body(answer_of(work, row))
        pass_on(work, to, SYSTEM_NAME, OPERATION, business_key=f"{row.acceptance_no}:{turn}", about=row, body=body)


passing_on(
    SYSTEM_NAME,
    OPERATION,
    path="/case-results",
    label="社区受理办件结果回传",
    row=12,
    message=CivilResult,
)

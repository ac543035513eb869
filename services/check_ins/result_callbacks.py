"""Messages to a district's platform about stays decided after their reply (row 14)."""

from typing import Any

from pydantic import Field

from models.partners import Partner
from models.push_codes import StayState
from models.pushes import CheckIn
from models.tenancy_codes import Channel
from services.check_ins.arrivals import settle, stay_answer
from services.check_ins.orders import CheckInAnswer, Number
from services.engine.events import on
from services.engine.work import Work
from services.partners.message_body import body_of, with_given
from services.partners.outgoing import pass_on, passing_on
from services.partners.wire_fields import Day, Reason, WireModel
from services.tenancy.filing import DECIDED, Decided
from services.tenancy.pushed import undecided

SYSTEM_NAME, OPERATION = "district_platform", "filing-results"


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


def stay_body(answer: CheckInAnswer) -> dict[str, Any]:
    """A stay's answer as plain JSON; a refusal says `accepted` false."""
    accepted = answer.state not in (StayState.REFUSED, StayState.INTERCEPTED)
    names = ("case_no", "contract_no", "filing_no", "valid_from", "valid_to")
    return {"accepted": accepted, **with_given(body_of(answer), *names)}


@on(DECIDED)
def decided_later(work: Work, decided: Decided) -> None:
    """A case that waited for a silent source, or was intercepted, has its word now: the stay follows."""
    stay = undecided(work, decided, CheckIn, Channel.DPLAT, (StayState.WAITING, StayState.INTERCEPTED))
    if stay is not None:
        settle(work, stay, decided)
        work.then(lambda: tell_stay(work, stay))


def tell_stay(work: Work, stay: CheckIn) -> None:
    """Queue what became of a stay to its platform."""
    to = work.first(Partner, Partner.app_id == stay.app_id)
    if to is not None:
        pass_on(
            work,
            to,
            SYSTEM_NAME,
            OPERATION,
            business_key=f"{stay.checkin_no}:{stay.attempt}:{stay.state}",
            about=stay,
            body=stay_body(stay_answer(work, stay)),
        )


passing_on(SYSTEM_NAME, OPERATION, path="/filing-results", label="入住备案结果回传", row=14, message=StayResult)

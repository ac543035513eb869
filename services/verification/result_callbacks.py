"""Messages to the systems of firms and platforms about their requests and codes, through the outbox (rows 26, 32)."""

from typing import Any

from pydantic import Field

from models.partners import Partner, PartnerKind
from models.verification import ListingVerification, VerificationCode
from models.verification_codes import CodeEnd, CodeState, ShelfState, VerificationState
from services.engine.events import on
from services.engine.work import Work
from services.partners.message_body import body_of, with_given
from services.partners.outgoing import pass_on, passing_on
from services.partners.partner_cache import SYSTEMS
from services.partners.wire_fields import Day, Reason, WireModel
from services.verification.codes import ENDED
from services.verification.partner_orders import VerificationAnswer, answer_of
from services.verification.submission import ANSWERED

OPERATION = "verification-results"
_OPTIONAL = ("valid_from", "valid_to", "end_reason", "ended_on", "qr_text")


class VerificationResult(WireModel):
    """The state of a request, sent when it is answered and when its code ends."""

    accepted: bool = Field(title="已通过", description="核验码现为有效")
    request_no: str = Field(title="请求编号", max_length=64)
    verify_no: str = Field(title="核验编号", max_length=40)
    state: VerificationState = Field(title="核验状态")
    code_no: str = Field(title="核验码", max_length=18)
    code_state: CodeState = Field(title="核验码状态")
    valid_from: Day | None = Field(None, title="有效期起")
    valid_to: Day | None = Field(None, title="有效期止")
    qr_text: str | None = Field(None, title="二维码内容", max_length=300, description="按此文本生成二维码")
    shelf: ShelfState = Field(title="上架状态")
    end_reason: CodeEnd | None = Field(None, title="失效原因")
    ended_on: Day | None = Field(None, title="失效日期")
    reasons: list[Reason] = Field(title="未通过的原因")


def result_body(answer: VerificationAnswer) -> dict[str, Any]:
    """The answer to a request as plain JSON."""
    reasons = [
        {"code": one.code, "severity": one.severity.value, "field": one.field, "message": one.message}
        for one in answer.reasons
    ]
    body = {**body_of(answer, without=("reasons", "facts")), "reasons": reasons}
    return {"accepted": answer.code_state is CodeState.VALID, **with_given(body, *_OPTIONAL)}


@on(ANSWERED)
def tell_answer(work: Work, row: ListingVerification) -> None:
    """Queue the answer to the system that asked."""
    if row.app_id:
        work.then(lambda: _tell(work, row))


@on(ENDED)
def tell_end(work: Work, code: VerificationCode) -> None:
    """Queue the end of a code to the system that obtained it."""
    if code.app_id:
        work.then(lambda: _tell(work, work.session.get_one(ListingVerification, code.verification_id)))


def _tell(work: Work, row: ListingVerification) -> None:
    to = work.first(Partner, Partner.app_id == row.app_id)
    if to is None or to.kind not in (PartnerKind.ENTERPRISE, PartnerKind.PLATFORM):
        return
    answer = answer_of(work, row)
    key = f"{answer.verify_no}:{answer.state}:{answer.code_state}"
    pass_on(work, to, SYSTEMS[to.kind], OPERATION, business_key=key, about=row, body=result_body(answer))


for _system, _row in (("rental_company", 26), ("listing_platform", 32)):
    passing_on(
        _system,
        OPERATION,
        path="/verification-results",
        label="房源核验结果回传",
        row=_row,
        message=VerificationResult,
    )

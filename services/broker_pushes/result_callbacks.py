"""Results called back to the association: every batch as it was answered, and each item that was decided later (row 13)."""

from typing import Annotated, Any, Literal

from pydantic import Field

from models.partners import Partner
from models.push_codes import PUSH, PushState
from models.pushes import BrokerBatch, BrokerPush
from models.tenancy_codes import Channel
from services.broker_pushes.filing import answer_of
from services.broker_pushes.orders import BatchAnswer, ItemAnswer
from services.broker_pushes.reasons import keep_reasons
from services.engine.events import on
from services.engine.steps import take_step
from services.engine.work import Work
from services.partners.message_body import body_of, with_given
from services.partners.outgoing import pass_on, passing_on
from services.partners.wire_fields import Reason, WireModel
from services.tenancy.filing import DECIDED, Decided, told_findings
from services.tenancy.pushed import STEPS, state_for, undecided

SYSTEM_NAME, OPERATION = "broker_association", "filing-results"
#: One item's answer as its sender reads it; the HTTP status it would have had is beside it (rule I06).
_HTTP = {
    PushState.FILED: 201,
    PushState.WAITING: 202,
    PushState.INTERCEPTED: 422,
    PushState.REFUSED: 422,
    None: 503,
}


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


def item_body(answer: ItemAnswer) -> dict[str, Any]:
    """Return an item's answer as plain JSON."""
    body = body_of(answer) | {"status": _HTTP[answer.state], "state": answer.state.value if answer.state else "RETRY"}
    return with_given(body, "case_no", "contract_no", "filing_no")


def batch_body(answer: BatchAnswer) -> dict[str, Any]:
    """A batch's answer: the counts, then every item in the order it came."""
    return {
        "batch_no": answer.batch_no,
        "total": len(answer.items),
        "filed": answer.count(PushState.FILED),
        "waiting": answer.count(PushState.WAITING),
        "intercepted": answer.count(PushState.INTERCEPTED),
        "refused": answer.count(PushState.REFUSED),
        "retry": answer.count(None),
        "items": [item_body(item) for item in answer.items],
    }


def tell_batch(work: Work, batch: BrokerBatch, answer: BatchAnswer) -> None:
    """Queue the reply as a message too, for a sender that lost it on the line."""
    if (to := _sender(work, batch.app_id)) is not None:
        pass_on(work, to, SYSTEM_NAME, OPERATION, business_key=batch.batch_no, about=batch, body=batch_body(answer))


def _sender(work: Work, app_id: str) -> Partner | None:
    return work.first(Partner, Partner.app_id == app_id)


@on(DECIDED)
def decided_later(work: Work, decided: Decided) -> None:
    """Notify the sender of an item that was waiting or intercepted and is now decided."""
    push = undecided(work, decided, BrokerPush, Channel.ASSOC, (PushState.WAITING, PushState.INTERCEPTED))
    if push is None:
        return
    take_step(work, push, PUSH, STEPS[state_for(PushState, decided.judgement.outcome).value])
    if decided.filing is not None:
        push.filing_id, push.leased_area = decided.filing.id, decided.filing.leased_area
    findings = told_findings(decided.judgement)
    push.rent_unusual = any(finding.code == "T06" and finding.severity == "WARN" for finding in findings)
    keep_reasons(work, push.id, findings)
    work.then(lambda: _tell_item(work, push))


def _tell_item(work: Work, push: BrokerPush) -> None:
    if (to := _sender(work, push.app_id)) is None:
        return
    batch = work.only(BrokerBatch, BrokerBatch.id == push.batch_id)
    answer = BatchAnswer(batch.batch_no, (answer_of(work, push, push.position),))
    key = f"{batch.batch_no}:{push.position}:{push.state}"
    pass_on(work, to, SYSTEM_NAME, OPERATION, business_key=key, about=push, body=batch_body(answer))


passing_on(SYSTEM_NAME, OPERATION, path="/filing-results", label="协会报送结果回传", row=13, message=BatchResult)

"""The case library's messages: our names, and its own field names as aliases (row 1)."""

from typing import Annotated, Any, Literal

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Question, Receipt, Reply

#: Messages in one answer.
MOST = 200
CaseNo = Annotated[str, Field(min_length=1, max_length=40)]
RequestId = Annotated[str, Field(min_length=8, max_length=64)]
#: A state of ours as the library names it; it knows no interception, which stays 已受理 there.
StateWord = Literal["补正", "受理", "不予受理", "办结", "退回", "撤回", "逾期关闭"]
WORDS: dict[str, StateWord] = {
    "CORRECTION": "补正",
    "ACCEPTED": "受理",
    "REFUSED": "不予受理",
    "DONE": "办结",
    "RETURNED": "退回",
    "WITHDRAWN": "撤回",
    "CLOSED_TIMEOUT": "逾期关闭",
}


class FeedAsked(Asking):
    """增量办件查询: what came after a position."""

    request_id: EchoId = Field(alias="req_id")
    after: int = Field(alias="last_seq", ge=0)
    limit: int = Field(alias="page_size", ge=1, le=MOST)


class FeedItem(Reply):
    """A message of the feed; its content is read where it is taken in, so that one bad message stops no other."""

    feed_no: int = Field(alias="seq", ge=1)
    message: dict[str, Any] = Field(alias="payload")


class FeedReply(Answering):
    """增量办件应答, in the order of the feed."""

    request_id: EchoId = Field(alias="req_id")
    data_time: BeijingTime = Field(alias="sync_time")
    items: Annotated[tuple[FeedItem, ...], Field(max_length=MOST)] = Field(alias="records")


CHANGES = Endpoint("/bjk/api/v1/cases/changes", FeedAsked, FeedReply)


class StateReason(Question):
    """A reason of a state."""

    code: Annotated[str, Field(max_length=12)]
    message: Annotated[str, Field(max_length=300)] = Field(alias="text")


class StatePush(Asking):
    """办件状态回传; `position` numbers the states of a case, so that the library knows their order."""

    request_id: RequestId = Field(alias="req_id")
    case_no: CaseNo
    position: int = Field(alias="state_seq", ge=1)
    state: StateWord = Field(alias="case_status")
    at: Annotated[str, Field(max_length=40)] = Field(alias="status_time")
    note: Annotated[str, Field(max_length=300)] = Field("", alias="remark")
    reasons: Annotated[list[StateReason], Field(max_length=60)] = Field(default_factory=list, alias="reasons")
    filing_no: Annotated[str, Field(max_length=40)] = ""


class StateReply(Receipt):
    """状态回传回执."""

    request_id: RequestId = Field(alias="req_id")
    result: Literal["ACCEPTED"]
    receipt_code: Annotated[str, Field(min_length=1, max_length=60)]


STATE = Endpoint("/bjk/api/v1/cases/state", StatePush, StateReply)

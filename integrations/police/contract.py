"""The population register's messages, in its own field names."""

from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Question

#: People in one question.
MOST_AT_ONCE = 200

#: 核查结果: agree, disagree, no such number.
Hcjg = Literal["1", "2", "3"]


class Compared(Question):
    """姓名, 证件类型, 号码; a name that does not fit is refused before it is sent."""

    xm: Annotated[str, Field(min_length=1, max_length=60)]
    zjlxdm: Annotated[str, Field(pattern=r"^\d{2}$")]
    gmsfhm: Annotated[str, Field(min_length=1, max_length=40)]


class CompareRequest(Compared, Asking):
    """身份核查请求."""

    request_id: EchoId = Field(alias="lsh")


class CompareManyRequest(Asking):
    """批量身份核查请求."""

    request_id: EchoId = Field(alias="lsh")
    rymx: Annotated[list[Compared], Field(min_length=1, max_length=MOST_AT_ONCE)]


class RegisterReply(Answering):
    """应答."""

    request_id: EchoId = Field(alias="lsh")
    data_time: BeijingTime = Field(alias="kksj")


class CompareReply(RegisterReply):
    """身份核查应答: a result and nothing about the person."""

    hcjg: Hcjg


class CompareManyReply(RegisterReply):
    """批量身份核查应答: results in the order of the question."""

    hcjg: Annotated[list[Hcjg], Field(max_length=MOST_AT_ONCE)]


COMPARE = Endpoint("/rkk/service/sfhc", CompareRequest, CompareReply)
COMPARE_MANY = Endpoint("/rkk/service/plsfhc", CompareManyRequest, CompareManyReply)

"""The population register's messages, in its own field names."""

from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import BeijingTime, EchoId, Question, Reply

COMPARE_PATH = "/rkk/service/sfhc"

#: 核查结果: agree, disagree, no such number.
Hcjg = Literal["1", "2", "3"]


class CompareRequest(Question):
    """身份核查请求; a name that does not fit is refused before it is sent."""

    lsh: EchoId
    xm: Annotated[str, Field(min_length=1, max_length=60)]
    zjlxdm: Annotated[str, Field(pattern=r"^\d{2}$")]
    gmsfhm: Annotated[str, Field(min_length=1, max_length=40)]


class CompareReply(Reply):
    """身份核查应答: a result and nothing about the person."""

    lsh: EchoId
    hcjg: Hcjg
    kksj: BeijingTime

"""The population register's messages, in its own field names."""

from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import BeijingTime, EchoId, Question, Reply

COMPARE_PATH = "/rkk/service/sfhc"
COMPARE_MANY_PATH = "/rkk/service/plsfhc"
#: People in one question.
MOST_AT_ONCE = 200

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


class Compared(Question):
    """An item of a batch: 姓名, 证件类型, 号码."""

    xm: Annotated[str, Field(min_length=1, max_length=60)]
    zjlxdm: Annotated[str, Field(pattern=r"^\d{2}$")]
    gmsfhm: Annotated[str, Field(min_length=1, max_length=40)]


class CompareManyRequest(Question):
    """批量身份核查请求."""

    lsh: EchoId
    rymx: Annotated[list[Compared], Field(min_length=1, max_length=MOST_AT_ONCE)]


class CompareManyReply(Reply):
    """批量身份核查应答: results in the order of the question."""

    lsh: EchoId
    hcjg: Annotated[list[Hcjg], Field(max_length=MOST_AT_ONCE)]
    kksj: BeijingTime

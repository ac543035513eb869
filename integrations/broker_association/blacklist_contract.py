"""The association's list of people who may not work in the trade, in its own field names (row 44)."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Reply

MOST_NUMBERS = 200


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


#: A calendar day written `2026-03-01`.
Day = Annotated[date, BeforeValidator(_day)]


class ListRequest(Asking):
    """批量查询请求: numbers only, because the number identifies a person."""

    request_id: EchoId = Field(alias="qqbh")
    zjhm: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=40)]], Field(min_length=1, max_length=MOST_NUMBERS)
    ]


class ListedEntry(Reply):
    """名单记录: the number, the category of reasons, from when and until when."""

    zjhm: Annotated[str, Field(min_length=1, max_length=40)]
    lb: Annotated[str, Field(min_length=1, max_length=40)]
    qsrq: Day
    zzrq: Day | None = None


class ListReply(Answering):
    """批量查询应答: the entries of those asked about who have any."""

    request_id: EchoId = Field(alias="qqbh")
    data_time: BeijingTime = Field(alias="sjsj")
    jl: Annotated[list[ListedEntry], Field(max_length=2000)]


LISTED = Endpoint("/hy/api/v1/hmd/plcx", ListRequest, ListReply)

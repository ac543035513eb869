"""The civil affairs records' messages: our names, and their own field names (which are not ours to spell) as aliases."""

# ruff: noqa: N815

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from integrations.wire.contract import Answering, Asking, BeijingTime, Coded, EchoId, Endpoint, Long, Reply, Short

ReplyCode = Literal["FOUND", "NONE"]
_CODES = Coded.beside(__file__)
MarriageState = Annotated[str, _CODES["marriage_state"]]
DocumentNo = Annotated[str, Field(max_length=40)]


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


#: A calendar day written `2026-03-01`.
Day = Annotated[date, BeforeValidator(_day)]


class PersonQuery(Asking):
    """查询请求: a person by document number."""

    request_id: EchoId = Field(alias="bizSeq")
    personNo: Annotated[str, Field(min_length=1, max_length=40)]


class CivilReply(Answering):
    """查询应答: whom it is about, and whether there is an entry."""

    request_id: EchoId = Field(alias="bizSeq")
    data_time: BeijingTime = Field(alias="asOf")
    code: ReplyCode = Field(alias="retCode")
    person_no: DocumentNo = Field(alias="personNo")


class MarriageEntry(Reply):
    """婚姻登记."""

    state: MarriageState = Field(alias="marState")
    spouse_name: Short = Field("", alias="mateName")
    spouse_id_no: DocumentNo = Field("", alias="mateNo")
    since: Day | None = Field(None, alias="regDate")


class GuardianEntry(Reply):
    """监护登记."""

    name: Short = Field(alias="guardName")
    id_no: DocumentNo = Field(alias="guardNo")
    relation: Short = Field(alias="guardRel")
    since: Day | None = Field(None, alias="fromDate")
    until: Day | None = Field(None, alias="toDate")


class MemberEntry(Reply):
    """户内成员."""

    name: Short = Field(alias="memName")
    id_no: DocumentNo = Field(alias="memNo")
    relation: Short = Field(alias="memRel")


class HouseholdEntry(Reply):
    """户."""

    household_no: Short = Field(alias="hhNo")
    address: Long = Field(alias="hhAddr")
    members: Annotated[tuple[MemberEntry, ...], Field(max_length=100)] = Field(alias="hhMembers")


class MarriageReply(CivilReply):
    entry: MarriageEntry | None = Field(None, alias="marriage")


class GuardianReply(CivilReply):
    entries: Annotated[tuple[GuardianEntry, ...], Field(max_length=50)] = Field((), alias="guardians")


class HouseholdReply(CivilReply):
    entry: HouseholdEntry | None = Field(None, alias="household")


MARRIAGE = Endpoint("/mzxx/v2/marriage", PersonQuery, MarriageReply)
GUARDIANS = Endpoint("/mzxx/v2/guardian", PersonQuery, GuardianReply)
HOUSEHOLD = Endpoint("/mzxx/v2/household", PersonQuery, HouseholdReply)

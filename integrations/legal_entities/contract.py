"""The legal-person library's messages: our names, and its own field names (which are not ours to spell) as aliases."""

# ruff: noqa: N815

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from integrations.wire.contract import Answering, Asking, BeijingTime, Coded, EchoId, Endpoint, Long, Reply, Short
from models.normal import normal_id_no

#: 登记状态 by its name: exists, cancelled, licence taken away, moved elsewhere, revoked, at rest, in liquidation.
STATES = {"A": "存续", "B": "注销", "C": "吊销", "D": "迁出", "E": "撤销", "F": "歇业", "G": "清算"}
RegState = Annotated[str, Coded(STATES)]
#: As `HolderKind`: a company, a natural person, from abroad, the state.
InvType = Annotated[str, Coded({"1": "COMPANY", "2": "PERSON", "3": "FOREIGN", "4": "STATE"})]
#: 经营异常名录, 严重违法失信名单.
ListType = Annotated[str, Coded({"1": "ABNORMAL", "2": "GRAVE"})]

Uscc = Annotated[str, Field(min_length=1, max_length=18)]
Number = Annotated[str, Field(min_length=1, max_length=60)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=6)]


class InWan:
    """An amount of 万元 with six places at most on the wire, of yuan in Python."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        read = core_schema.no_info_after_validator_function(
            lambda wan: (wan * 10_000).quantize(Decimal("0.01")),
            core_schema.decimal_schema(ge=Decimal(0), max_digits=18, decimal_places=6),
        )
        return core_schema.json_or_python_schema(
            json_schema=read,
            python_schema=core_schema.decimal_schema(ge=Decimal(0), max_digits=18, decimal_places=2),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda yuan: f"{yuan / 10_000:f}", return_schema=core_schema.str_schema(), when_used="json-unless-none"
            ),
        )


Money = Annotated[Decimal, InWan()]


class EntityRequest(Asking):
    """A question by the unified social credit code."""

    request_id: EchoId = Field(alias="reqSn")
    uniScId: Uscc


class EntityBasic(Reply):
    """The basic particulars of a body."""

    uscc: Uscc = Field(alias="uniScId")
    name: Short = Field(alias="entName")
    status: RegState = Field(alias="regState")
    legal_rep: Short = Field("", alias="leRep")
    scope: Long = Field("", alias="opScope")


class LibraryReply(Answering):
    """A number of bodies; one of them in the reply only when it is the only one."""

    request_id: EchoId = Field(alias="reqSn")
    data_time: BeijingTime = Field(alias="libTime")


class EntityReply(LibraryReply):
    """Zero or one body."""

    total: Annotated[int, Field(ge=0, le=1)]
    entity: EntityBasic | None = None


class FullRequest(Asking):
    """A question by the credit code, or by the exact name when the code is empty."""

    request_id: EchoId = Field(alias="reqSn")
    uniScId: Annotated[str, Field(max_length=18)] = ""
    entName: Annotated[str, Field(max_length=120)] = ""


class Investor(Reply):
    """股东及出资."""

    name: Short = Field(alias="inv")
    kind: InvType = Field(alias="invType")
    uscc: Annotated[str, Field(max_length=18), AfterValidator(normal_id_no)] = Field("", alias="uniScId")
    id_type: Annotated[str, Field(max_length=20)] = Field("", alias="cerType")
    id_no: Annotated[str, Field(max_length=40), AfterValidator(normal_id_no)] = Field("", alias="cerNo")
    subscribed: Money = Field(alias="subConAm")
    paid: Money | None = Field(None, alias="acConAm")
    ratio: Percent = Field(alias="subConProp")
    due_on: date | None = Field(None, alias="conDate")
    form: Short = Field("", alias="conForm")


class Alteration(Reply):
    """变更登记."""

    number: Number = Field(alias="altNo")
    item: Short = Field(alias="altItem")
    before: Long = Field("", alias="altBe")
    after: Long = Field("", alias="altAf")
    changed_on: date = Field(alias="altDate")
    decided_on: date | None = Field(None, alias="decDate")
    published_on: date | None = Field(None, alias="pubDate")


class Pledge(Reply):
    """股权出质登记."""

    number: Number = Field(alias="regNo")
    pledgor: Short
    pledgee: Short = ""
    amount: Money = Field(alias="pledAm")
    since: date = Field(alias="regDate")
    until: date | None = Field(None, alias="canDate")


class Freeze(Reply):
    """股权冻结."""

    number: Number = Field(alias="exeNo")
    holder: Short = Field(alias="inv")
    court: Short = ""
    amount: Money = Field(alias="froAm")
    since: date = Field(alias="froFrom")
    until: date | None = Field(None, alias="thawDate")


class Listed(Reply):
    """列入经营异常名录 or 严重违法失信名单."""

    kind: ListType = Field(alias="listType")
    reason: Long = ""
    since: date = Field(alias="addDate")
    until: date | None = Field(None, alias="remDate")


class EntityFull(Reply):
    """A body in full."""

    uscc: Uscc = Field(alias="uniScId")
    name: Short = Field(alias="entName")
    company_type: Short = Field("", alias="entType")
    status: RegState = Field(alias="regState")
    legal_rep: Short = Field("", alias="leRep")
    registered_capital: Money | None = Field(None, alias="regCap")
    currency: Annotated[str, Field(max_length=3)] = Field("CNY", alias="regCapCur")
    paid_in_capital: Money | None = Field(None, alias="recCap")
    established_on: date | None = Field(None, alias="estDate")
    address: Long = Field("", alias="dom")
    scope: Long = Field("", alias="opScope")
    actual_controller: Short = Field("", alias="actCtrl")
    holders: Annotated[tuple[Investor, ...], Field(max_length=500)] = Field((), alias="investors")
    changes: Annotated[tuple[Alteration, ...], Field(max_length=1000)] = Field((), alias="alterations")
    pledges: Annotated[tuple[Pledge, ...], Field(max_length=500)] = ()
    freezes: Annotated[tuple[Freeze, ...], Field(max_length=500)] = ()
    listings: Annotated[tuple[Listed, ...], Field(max_length=200)] = Field((), alias="lists")


class FullReply(LibraryReply):
    """A single body or none; by name `total` may be more, and then none is returned."""

    total: Annotated[int, Field(ge=0)]
    entity: EntityFull | None = None


ENTITY = Endpoint("/frk/openapi/entity/basic", EntityRequest, EntityReply)
FULL = Endpoint("/frk/openapi/entity/full", FullRequest, FullReply)

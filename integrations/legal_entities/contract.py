"""The legal-person library's messages, in its own field names (which are not ours to spell)."""

# ruff: noqa: N815

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import BeijingTime, EchoId, Long, Question, Reply, Short

ENTITY_PATH = "/frk/openapi/entity/basic"
FULL_PATH = "/frk/openapi/entity/full"

#: 登记状态: exists, cancelled, licence taken away, moved elsewhere, revoked, at rest, in liquidation.
RegState = Literal["A", "B", "C", "D", "E", "F", "G"]

Uscc = Annotated[str, Field(min_length=1, max_length=18)]
#: 万元, six places at most.
Wan = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=6)]


class EntityRequest(Question):
    """A question by the unified social credit code."""

    reqSn: EchoId
    uniScId: Uscc


class EntityBasic(Reply):
    """The basic particulars of a body."""

    uniScId: Uscc
    entName: Short
    regState: RegState
    leRep: Short = ""
    opScope: Long = ""


class EntityReply(Reply):
    """Zero or one body."""

    reqSn: EchoId
    total: Annotated[int, Field(ge=0, le=1)]
    libTime: BeijingTime
    entity: EntityBasic | None = None


class FullRequest(Question):
    """A question by the credit code, or by the exact name when the code is empty."""

    reqSn: EchoId
    uniScId: Annotated[str, Field(max_length=18)] = ""
    entName: Annotated[str, Field(max_length=120)] = ""


class Investor(Reply):
    """股东及出资: `invType` is 1 a company, 2 a natural person, 3 from abroad, 4 the state."""

    inv: Short
    invType: Literal["1", "2", "3", "4"]
    uniScId: Annotated[str, Field(max_length=18)] = ""
    cerType: Annotated[str, Field(max_length=20)] = ""
    cerNo: Annotated[str, Field(max_length=40)] = ""
    subConAm: Wan
    acConAm: Wan | None = None
    subConProp: Percent
    conDate: date | None = None
    conForm: Short = ""


class Alteration(Reply):
    """变更登记."""

    altNo: Annotated[str, Field(min_length=1, max_length=60)]
    altItem: Short
    altBe: Long = ""
    altAf: Long = ""
    altDate: date
    decDate: date | None = None
    pubDate: date | None = None


class Pledge(Reply):
    """股权出质登记."""

    regNo: Annotated[str, Field(min_length=1, max_length=60)]
    pledgor: Short
    pledgee: Short = ""
    pledAm: Wan
    regDate: date
    canDate: date | None = None


class Freeze(Reply):
    """股权冻结."""

    exeNo: Annotated[str, Field(min_length=1, max_length=60)]
    inv: Short
    court: Short = ""
    froAm: Wan
    froFrom: date
    thawDate: date | None = None


class Listed(Reply):
    """列入经营异常名录 (1) or 严重违法失信名单 (2)."""

    listType: Literal["1", "2"]
    reason: Long = ""
    addDate: date
    remDate: date | None = None


class EntityFull(Reply):
    """A body in full."""

    uniScId: Uscc
    entName: Short
    entType: Short = ""
    regState: RegState
    leRep: Short = ""
    regCap: Wan | None = None
    regCapCur: Annotated[str, Field(max_length=3)] = "CNY"
    recCap: Wan | None = None
    estDate: date | None = None
    dom: Long = ""
    opScope: Long = ""
    actCtrl: Short = ""
    investors: Annotated[tuple[Investor, ...], Field(max_length=500)] = ()
    alterations: Annotated[tuple[Alteration, ...], Field(max_length=1000)] = ()
    pledges: Annotated[tuple[Pledge, ...], Field(max_length=500)] = ()
    freezes: Annotated[tuple[Freeze, ...], Field(max_length=500)] = ()
    lists: Annotated[tuple[Listed, ...], Field(max_length=200)] = ()


class FullReply(Reply):
    """A single body or none; by name `total` may be more, and then none is returned."""

    reqSn: EchoId
    total: Annotated[int, Field(ge=0)]
    libTime: BeijingTime
    entity: EntityFull | None = None

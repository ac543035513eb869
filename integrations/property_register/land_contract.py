"""Messages of the register about the land market, in its own field names."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import BeijingTime, EchoId, Long, Question, Reply, Short

LAND_PATH = "/tdsc/v1/crht"

#: 供地方式: granted, allocated, other.
Gdfs = Literal["CR", "HB", "QT"]
#: 土地用途.
Tdyt = Literal["ZZ", "SY", "GY", "GG", "ZH"]
#: 环线.
Hx = Literal["1", "2", "3", "4"]

LandArea = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
Part = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]


class LandQuery(Question):
    """合同查询: by the contract's number, or the parcel's."""

    qqbh: EchoId
    htbh: Annotated[str, Field(max_length=60)] = ""
    dkbh: Annotated[str, Field(max_length=60)] = ""


class Yt(Reply):
    """用途."""

    tdyt: Tdyt
    mj: LandArea
    nx: Annotated[int, Field(ge=0, le=99)]


class Fq(Reply):
    """分期付款."""

    qc: Annotated[int, Field(ge=1, le=200)]
    yfje: Price
    yfrq: date
    sfrq: date | None = None
    sfje: Price | None = None


class Crht(Reply):
    """出让合同或划拨决定."""

    htbh: Annotated[str, Field(min_length=1, max_length=60)]
    dkbh: Annotated[str, Field(min_length=1, max_length=60)]
    dkmc: Long
    ggh: Short = ""
    dzjgh: Short = ""
    qxdm: Annotated[str, Field(pattern=r"^\d{6}$")]
    jzmc: Short
    bkmc: Short = ""
    hx: Hx | None = None
    zl: Long
    gdfs: Gdfs
    crr: Short = ""
    srr: Long
    srrdm: Annotated[str, Field(min_length=1, max_length=18)]
    qdrq: date | None = None
    zdmj: LandArea | None = None
    crmj: LandArea
    crjk: Price | None = None
    dj: Price | None = None
    rjl: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=4)] | None = None
    jrmj: LandArea | None = None
    jzmd: Part | None = None
    ldl: Part | None = None
    jzxg: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)] | None = None
    zzmj: LandArea | None = None
    symj: LandArea | None = None
    bgmj: LandArea | None = None
    qtmj: LandArea | None = None
    bzfmj: LandArea | None = None
    zcmj: LandArea | None = None
    ggssmj: LandArea | None = None
    ydjd: date | None = None
    sjjd: date | None = None
    ydkg: date | None = None
    ydjg: date | None = None
    zddm: Annotated[tuple[Annotated[str, Field(max_length=19)], ...], Field(max_length=100)] = ()
    yt: Annotated[tuple[Yt, ...], Field(max_length=20)] = ()
    fq: Annotated[tuple[Fq, ...], Field(max_length=200)] = ()
    gxsj: BeijingTime


class LandReply(Reply):
    """合同查询应答."""

    qqbh: EchoId
    fhdm: Literal["0000", "0001"]
    sjsj: BeijingTime
    crht: Crht | None = None

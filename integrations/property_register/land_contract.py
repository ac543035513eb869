"""Messages of the register about the land market: our names, and its own field names as aliases."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.property_register.contract import CODES
from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Long, Reply, Short

Gdfs = Annotated[str, CODES["acquire_mode"]]
Tdyt = Annotated[str, CODES["land_use"]]
Hx = Annotated[str, CODES["ring"]]

LandArea = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
Part = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]
Number = Annotated[str, Field(min_length=1, max_length=60)]


class LandQuery(Asking):
    """合同查询: by the contract's number, or the parcel's."""

    request_id: EchoId = Field(alias="qqbh")
    htbh: Annotated[str, Field(max_length=60)] = ""
    dkbh: Annotated[str, Field(max_length=60)] = ""


class Yt(Reply):
    """用途."""

    use: Tdyt = Field(alias="tdyt")
    area: LandArea = Field(alias="mj")
    term_years: Annotated[int, Field(ge=0, le=99)] = Field(alias="nx")


class Fq(Reply):
    """分期付款."""

    no: Annotated[int, Field(ge=1, le=200)] = Field(alias="qc")
    amount: Price = Field(alias="yfje")
    due_on: date = Field(alias="yfrq")
    paid_on: date | None = Field(None, alias="sfrq")
    paid_amount: Price | None = Field(None, alias="sfje")


class Crht(Reply):
    """出让合同或划拨决定."""

    contract_no: Number = Field(alias="htbh")
    parcel_no: Number = Field(alias="dkbh")
    parcel_name: Long = Field(alias="dkmc")
    announcement_no: Short = Field("", alias="ggh")
    supervision_no: Short = Field("", alias="dzjgh")
    district_code: Annotated[str, Field(pattern=r"^\d{6}$")] = Field(alias="qxdm")
    street: Short = Field(alias="jzmc")
    plate: Short = Field("", alias="bkmc")
    hx: Hx | None = None
    location: Long = Field(alias="zl")
    acquire_mode: Gdfs = Field(alias="gdfs")
    grantor: Short = Field("", alias="crr")
    grantee_name: Long = Field(alias="srr")
    grantee_uscc: Annotated[str, Field(min_length=1, max_length=18)] = Field(alias="srrdm")
    signed_on: date | None = Field(None, alias="qdrq")
    total_area: LandArea | None = Field(None, alias="zdmj")
    land_area: LandArea = Field(alias="crmj")
    price_total: Price | None = Field(None, alias="crjk")
    deposit: Price | None = Field(None, alias="dj")
    far: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=4)] | None = Field(None, alias="rjl")
    far_area: LandArea | None = Field(None, alias="jrmj")
    building_density: Part | None = Field(None, alias="jzmd")
    green_ratio: Part | None = Field(None, alias="ldl")
    height_limit: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)] | None = Field(None, alias="jzxg")
    residential_area: LandArea | None = Field(None, alias="zzmj")
    commercial_area: LandArea | None = Field(None, alias="symj")
    office_area: LandArea | None = Field(None, alias="bgmj")
    other_area: LandArea | None = Field(None, alias="qtmj")
    affordable_area: LandArea | None = Field(None, alias="bzfmj")
    self_held_area: LandArea | None = Field(None, alias="zcmj")
    public_facility_area: LandArea | None = Field(None, alias="ggssmj")
    handover_due_on: date | None = Field(None, alias="ydjd")
    handover_on: date | None = Field(None, alias="sjjd")
    start_due_on: date | None = Field(None, alias="ydkg")
    finish_due_on: date | None = Field(None, alias="ydjg")
    cadastral_codes: Annotated[tuple[Annotated[str, Field(max_length=19)], ...], Field(max_length=100)] = Field(
        (), alias="zddm"
    )
    uses: Annotated[tuple[Yt, ...], Field(max_length=20)] = Field((), alias="yt")
    payments: Annotated[tuple[Fq, ...], Field(max_length=200)] = Field((), alias="fq")
    as_of: BeijingTime = Field(alias="gxsj")


class LandReply(Answering):
    """合同查询应答."""

    request_id: EchoId = Field(alias="qqbh")
    fhdm: Literal["0000", "0001"]
    data_time: BeijingTime = Field(alias="sjsj")
    crht: Crht | None = None


LAND = Endpoint("/tdsc/v1/crht", LandQuery, LandReply)

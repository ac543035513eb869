"""The building table's messages, in the field names of the registration database (which are not ours to spell)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Reply

Name = Annotated[str, Field(max_length=100)]
Use = Annotated[str, Field(max_length=60)]
Place = Annotated[str, Field(max_length=255)]
SquareMetres = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
BuildingNo = Annotated[str, Field(min_length=1, max_length=60)]
Floor = Annotated[int, Field(ge=-20, le=300)]


class CandidatesRequest(Asking):
    """A question for the natural buildings of a parcel."""

    request_id: EchoId = Field(alias="reqId")
    zddm: Annotated[str, Field(min_length=1, max_length=19)]


class BuildingRequest(Asking):
    """A question for a natural building by its number."""

    request_id: EchoId = Field(alias="reqId")
    zrzh: BuildingNo


class StoreyLine(Reply):
    """层: its real number and its label."""

    actual_floor: Floor = Field(alias="sjc")
    nominal_floor: Annotated[str, Field(max_length=10)] = Field(alias="myc")
    gross_area: SquareMetres | None = Field(None, alias="cjzmj")


class UnitLine(Reply):
    """户: its code, its place and its areas."""

    house_code: Annotated[str, Field(min_length=1, max_length=40)] = Field(alias="fwbm")
    logical_no: Annotated[str, Field(max_length=40)] = Field("", alias="ljzh")
    section_no: Annotated[str, Field(max_length=20)] = Field("", alias="dyh")
    nominal_floor: Annotated[str, Field(max_length=10)] = Field(alias="myc")
    actual_floor_from: Floor = Field(alias="sjcq")
    actual_floor_to: Floor = Field(alias="sjcz")
    room_no: Annotated[str, Field(max_length=40)] = Field("", alias="shbw")
    column_index: Annotated[int, Field(ge=0, le=200)] = Field(0, alias="lh")
    column_span: Annotated[int, Field(ge=1, le=20)] = Field(1, alias="ls")
    planned_use: Use = Field(alias="ghyt")
    layout: Annotated[str, Field(max_length=40)] = Field("", alias="hx")
    realty_unit_code: Annotated[str, Field(max_length=28)] = Field("", alias="bdcdyh")
    location: Place = Field("", alias="zl")
    forecast_gross: SquareMetres | None = Field(None, alias="ycjzmj")
    forecast_inner: SquareMetres | None = Field(None, alias="yctnjzmj")
    forecast_shared: SquareMetres | None = Field(None, alias="ycftjzmj")
    surveyed_gross: SquareMetres | None = Field(None, alias="scjzmj")
    surveyed_inner: SquareMetres | None = Field(None, alias="sctnjzmj")
    surveyed_shared: SquareMetres | None = Field(None, alias="scftjzmj")


class BuildingLine(Reply):
    """自然幢 with its storeys and units; a candidate has none."""

    natural_building_no: BuildingNo = Field(alias="zrzh")
    realty_unit_code: Annotated[str, Field(max_length=28)] = Field("", alias="bdcdyh")
    cadastral_code: Annotated[str, Field(max_length=19)] = Field("", alias="zddm")
    building_name: Name = Field(alias="jzwmc")
    address: Place = Field("", alias="zl")
    floors_above: Annotated[int, Field(ge=0, le=300)] = Field(alias="dscs")
    floors_below: Annotated[int, Field(ge=0, le=20)] = Field(alias="dxcs")
    planned_use: Use = Field(alias="ghyt")
    structure: Annotated[str, Field(max_length=30)] = Field("", alias="fwjg")
    sets_total: Annotated[int, Field(ge=0)] | None = Field(None, alias="zts")
    forecast_area: SquareMetres | None = Field(None, alias="ycjzmj")
    surveyed_area: SquareMetres | None = Field(None, alias="scjzmj")
    surveyed_on: date | None = Field(None, alias="scrq")
    storeys: tuple[StoreyLine, ...] = Field((), alias="cList")
    units: tuple[UnitLine, ...] = Field((), alias="hList")


class CandidatesReply(Answering):
    """The natural buildings of a parcel, without their units."""

    request_id: EchoId = Field(alias="reqId")
    data_time: BeijingTime = Field(alias="dataTime")
    buildings: tuple[BuildingLine, ...] = Field((), alias="zrzList")


class BuildingReply(Answering):
    """A natural building or none."""

    request_id: EchoId = Field(alias="reqId")
    data_time: BeijingTime = Field(alias="dataTime")
    building: BuildingLine | None = Field(None, alias="zrz")


CANDIDATES = Endpoint("/lpb/openapi/zrz/list", CandidatesRequest, CandidatesReply)
BUILDING = Endpoint("/lpb/openapi/zrz/detail", BuildingRequest, BuildingReply)

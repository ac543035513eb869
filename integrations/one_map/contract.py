"""The sharing platform's messages, in the field names of the national tables (which are not ours to spell)."""

# ruff: noqa: N815

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Long, Reply, Short

CertType = Literal["YDGHXKZ"]
CertNo = Annotated[str, Field(min_length=1, max_length=60)]
SquareMetres = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]


class PermitRequest(Asking):
    """A question by the type of a certificate and its number."""

    request_id: EchoId = Field(alias="reqId")
    certType: CertType
    certNo: CertNo


class LandPermit(Reply):
    """建设用地规划许可证, 20 fields by the names of our form."""

    permit_no: CertNo = Field(alias="zsbh")
    serial_no: Short = Field("", alias="zslsh")
    supervision_no: Annotated[str, Field(max_length=32)] = Field("", alias="dzjgh")
    project_name: Long = Field(alias="xmmc")
    land_user: Long = Field(alias="yddw")
    land_user_uscc: Annotated[str, Field(min_length=1, max_length=18)] = Field(alias="yddwdm")
    approving_organ: Short = Field("", alias="pzydjg")
    approval_doc_no: Short = Field("", alias="pzydwh")
    location: Long = Field(alias="ydwz")
    land_use: Short = Field(alias="tdyt")
    acquire_mode: Short = Field("", alias="tdqdfs")
    land_area_text: Short = Field("", alias="ydmj")
    land_area_total: SquareMetres = Field(alias="zydmj")
    land_area_net: SquareMetres | None = Field(None, alias="jydmj")
    scale_text: Long = Field(alias="jsgm")
    contract_no: Short = Field("", alias="hth")
    site_opinion_no: Short = Field("", alias="ysxzh")
    issuer: Short = Field(alias="fzjg")
    issued_on: date = Field(alias="fzrq")


class PermitReply(Answering):
    """A certificate or none."""

    request_id: EchoId = Field(alias="reqId")
    total: Annotated[int, Field(ge=0, le=1)]
    data_time: BeijingTime = Field(alias="dataTime")
    cert: LandPermit | None = None


PERMIT = Endpoint("/share/openapi/cert/query", PermitRequest, PermitReply)

"""The sharing platform's messages, in the field names of the national tables (which are not ours to spell)."""

# ruff: noqa: N815

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import BeijingTime, EchoId, Long, Question, Reply, Short

PERMIT_PATH = "/share/openapi/cert/query"

CertType = Literal["YDGHXKZ"]
CertNo = Annotated[str, Field(min_length=1, max_length=60)]
SquareMetres = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]


class PermitRequest(Question):
    """A question by the type of a certificate and its number."""

    reqId: EchoId
    certType: CertType
    certNo: CertNo


class LandPermit(Reply):
    """建设用地规划许可证, 20 fields."""

    zsbh: CertNo
    zslsh: Short = ""
    dzjgh: Annotated[str, Field(max_length=32)] = ""
    xmmc: Long
    yddw: Long
    yddwdm: Annotated[str, Field(min_length=1, max_length=18)]
    pzydjg: Short = ""
    pzydwh: Short = ""
    ydwz: Long
    tdyt: Short
    tdqdfs: Short = ""
    ydmj: Short = ""
    zydmj: SquareMetres
    jydmj: SquareMetres | None = None
    jsgm: Long
    hth: Short = ""
    ysxzh: Short = ""
    fzjg: Short
    fzrq: date


class PermitReply(Reply):
    """A certificate or none."""

    reqId: EchoId
    total: Annotated[int, Field(ge=0, le=1)]
    dataTime: BeijingTime
    cert: LandPermit | None = None

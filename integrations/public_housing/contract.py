"""The public-housing system's messages, in its own field names (which are not ours to spell)."""

# ruff: noqa: N815

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import BeijingTime, EchoId, Long, Question, Reply, Short

CERTIFICATE_PATH = "/gfgl/api/certificate/query"
TENANT_PATH = "/gfgl/api/certificate/by-tenant"

ReplyCode = Literal["OK", "NOT_FOUND"]
#: 凭证状态: in force, given back, taken back.
CertStatus = Literal["VALID", "SURRENDERED", "REVOKED"]
RoomUse = Literal["LIVING_ROOM", "PARLOUR", "COOK", "WASH", "VERANDA", "STORE", "ELSE"]
LimitCode = Literal["SEALED", "EXPROPRIATED", "ILLEGAL_BUILD", "DANGEROUS", "RECTIFY", "ELSE"]

SquareMetres = Annotated[Decimal, Field(max_digits=14, decimal_places=4)]
DocumentNo = Annotated[str, Field(max_length=40)]


class CertificateQuery(Question):
    """A question by the number of the 租用居住公房凭证."""

    tradeNo: EchoId
    rentCertNo: Annotated[str, Field(min_length=1, max_length=80)]


class TenantQuery(Question):
    """A question by the document number of a holder."""

    tradeNo: EchoId
    cardNo: Annotated[str, Field(min_length=1, max_length=40)]


class TenantMember(Reply):
    """The holder, or a registered resident."""

    fullName: Short
    cardType: Annotated[str, Field(pattern=r"^\d{2}$")]
    cardNo: DocumentNo
    fromDate: date | None = None
    toDate: date | None = None


class PlanPart(Reply):
    """A part of the flat."""

    partNo: Annotated[str, Field(max_length=20)]
    partUse: RoomUse
    livingArea: SquareMetres
    original: bool


class Limitation(Reply):
    """A restriction on letting."""

    limitCode: LimitCode
    noticeFrom: Short
    beginDate: date | None = None


class Premises(Reply):
    """The flat."""

    houseId: Annotated[str, Field(min_length=1, max_length=32)]
    unitNo: Annotated[str, Field(max_length=28)]
    areaCode: Annotated[str, Field(pattern=r"^\d{6}$")]
    townCode: Annotated[str, Field(pattern=r"^\d{9}$")]
    committeeName: Short
    roadName: Short
    laneNo: Short
    buildingNo: Short
    roomNo: Short
    location: Long
    structureArea: SquareMetres
    insideArea: SquareMetres | None
    usage: Short
    structureType: Short
    flatType: Short
    floorNo: int | None
    floorCount: int | None
    parts: Annotated[tuple[PlanPart, ...], Field(max_length=200)]
    limitations: Annotated[tuple[Limitation, ...], Field(max_length=100)]


class Certificate(Reply):
    """租用居住公房凭证."""

    rentCertNo: Annotated[str, Field(min_length=1, max_length=80)]
    certStatus: CertStatus
    issueDate: date | None
    endDate: date | None
    sublettable: bool
    tenant: TenantMember
    formerTenants: Annotated[tuple[TenantMember, ...], Field(max_length=200)]
    cohabitants: Annotated[tuple[TenantMember, ...], Field(max_length=200)]
    premises: Premises
    updateTime: BeijingTime


class CertificateReply(Reply):
    """The certificate asked for."""

    tradeNo: EchoId
    replyCode: ReplyCode
    dataTime: BeijingTime
    certificate: Certificate | None = None


class TenantReply(Reply):
    """Every certificate a person holds or held."""

    tradeNo: EchoId
    replyCode: ReplyCode
    dataTime: BeijingTime
    certificates: Annotated[tuple[Certificate, ...], Field(max_length=500)] = ()

"""The public-housing system's messages: our names, and its own field names (which are not ours to spell) as aliases."""

# ruff: noqa: N815

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, Coded, EchoId, Endpoint, Long, Reply, Short

ReplyCode = Literal["OK", "NOT_FOUND"]
#: 凭证状态: in force, given back, taken back.
CertStatus = Literal["VALID", "SURRENDERED", "REVOKED"]
_CODES = Coded.beside(__file__)
RoomUse = Annotated[str, _CODES["room_kind"]]
LIMITS = _CODES["restriction_kind"].words
LimitCode = Annotated[str, _CODES["restriction_kind"]]

SquareMetres = Annotated[Decimal, Field(max_digits=14, decimal_places=4)]
DocumentNo = Annotated[str, Field(max_length=40)]


class CertificateQuery(Asking):
    """A question by the number of the 租用居住公房凭证."""

    request_id: EchoId = Field(alias="tradeNo")
    rentCertNo: Annotated[str, Field(min_length=1, max_length=80)]


class TenantQuery(Asking):
    """A question by the document number of a holder."""

    request_id: EchoId = Field(alias="tradeNo")
    cardNo: Annotated[str, Field(min_length=1, max_length=40)]


class TenantMember(Reply):
    """The holder, or a registered resident."""

    name: Short = Field(alias="fullName")
    id_type: Annotated[str, Field(pattern=r"^\d{2}$")] = Field(alias="cardType")
    id_no: DocumentNo = Field(alias="cardNo")
    since: date | None = Field(None, alias="fromDate")
    until: date | None = Field(None, alias="toDate")


class PlanPart(Reply):
    """A part of the flat."""

    label: Annotated[str, Field(max_length=20)] = Field(alias="partNo")
    kind: RoomUse = Field(alias="partUse")
    usable_area: SquareMetres = Field(alias="livingArea")
    as_designed: bool = Field(alias="original")


class Limitation(Reply):
    """A restriction on letting."""

    kind: LimitCode = Field(alias="limitCode")
    source: Short = Field(alias="noticeFrom")
    since: date | None = Field(None, alias="beginDate")


class Premises(Reply):
    """The flat."""

    house_code: Annotated[str, Field(min_length=1, max_length=32)] = Field(alias="houseId")
    unit_no: Annotated[str, Field(max_length=28)] = Field(alias="unitNo")
    district_code: Annotated[str, Field(pattern=r"^\d{6}$")] = Field(alias="areaCode")
    street_code: Annotated[str, Field(pattern=r"^\d{9}$")] = Field(alias="townCode")
    committee: Short = Field(alias="committeeName")
    road: Short = Field(alias="roadName")
    lane: Short = Field(alias="laneNo")
    building: Short = Field(alias="buildingNo")
    room_no: Short = Field(alias="roomNo")
    address: Long = Field(alias="location")
    build_area: SquareMetres = Field(alias="structureArea")
    inner_area: SquareMetres | None = Field(alias="insideArea")
    design_use: Short = Field(alias="usage")
    structure: Short = Field(alias="structureType")
    layout: Short = Field(alias="flatType")
    floor_no: int | None = Field(alias="floorNo")
    floor_total: int | None = Field(alias="floorCount")
    rooms: Annotated[tuple[PlanPart, ...], Field(max_length=200)] = Field(alias="parts")
    restrictions: Annotated[tuple[Limitation, ...], Field(max_length=100)] = Field(alias="limitations")


class Certificate(Reply):
    """租用居住公房凭证."""

    cert_no: Annotated[str, Field(min_length=1, max_length=80)] = Field(alias="rentCertNo")
    status: CertStatus = Field(alias="certStatus")
    registered_on: date | None = Field(alias="issueDate")
    ended_on: date | None = Field(alias="endDate")
    sublet_allowed: bool = Field(alias="sublettable")
    holder: TenantMember = Field(alias="tenant")
    former_holders: Annotated[tuple[TenantMember, ...], Field(max_length=200)] = Field(alias="formerTenants")
    residents: Annotated[tuple[TenantMember, ...], Field(max_length=200)] = Field(alias="cohabitants")
    premises: Premises
    as_of: BeijingTime = Field(alias="updateTime")


class HousingReply(Answering):
    """应答."""

    request_id: EchoId = Field(alias="tradeNo")
    code: ReplyCode = Field(alias="replyCode")
    data_time: BeijingTime = Field(alias="dataTime")


class CertificateReply(HousingReply):
    """The certificate asked for."""

    certificate: Certificate | None = None


class TenantReply(HousingReply):
    """Every certificate a person holds or held."""

    certificates: Annotated[tuple[Certificate, ...], Field(max_length=500)] = ()


CERTIFICATE = Endpoint("/gfgl/api/certificate/query", CertificateQuery, CertificateReply)
TENANT = Endpoint("/gfgl/api/certificate/by-tenant", TenantQuery, TenantReply)

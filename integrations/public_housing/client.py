"""The client of the public-housing system, which answers in our words."""

from collections.abc import Mapping

from integrations.public_housing.contract import (
    CERTIFICATE_PATH,
    TENANT_PATH,
    Certificate,
    CertificateQuery,
    CertificateReply,
    LimitCode,
    RoomUse,
    TenantMember,
    TenantQuery,
    TenantReply,
)
from integrations.wire.client import DEFAULT_TIMEOUT, Asked, NoAnswer, Timeout, Wire
from integrations.wire.outbound import Outside
from models.house import HouseCategory, ProofKind, RestrictionKind, RoomKind
from services.ports.answers import Answer, Holder, PublicTenancy, RegisteredRoom, Restriction, Title, hit, miss

SOURCE = "公房系统"

_ROOM: Mapping[RoomUse, RoomKind] = {
    "LIVING_ROOM": RoomKind.BEDROOM,
    "PARLOUR": RoomKind.HALL,
    "COOK": RoomKind.KITCHEN,
    "WASH": RoomKind.BATH,
    "VERANDA": RoomKind.BALCONY,
    "STORE": RoomKind.STORAGE,
    "ELSE": RoomKind.OTHER,
}
_RESTRICTION: Mapping[LimitCode, RestrictionKind] = {
    "SEALED": RestrictionKind.SEIZURE,
    "EXPROPRIATED": RestrictionKind.EXPROPRIATION,
    "ILLEGAL_BUILD": RestrictionKind.ILLEGAL,
    "DANGEROUS": RestrictionKind.DANGER,
    "RECTIFY": RestrictionKind.GROUP_LETTING,
    "ELSE": RestrictionKind.OTHER,
}


class PublicHousingClient:
    """Asks the public-housing system over HTTP."""

    def __init__(
        self,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._wire = Wire(SOURCE, url, outside, timeout, headers=headers)

    def tenancy_of(self, cert_no: str) -> Answer[PublicTenancy]:
        """The tenancy of a certificate, also when the certificate is no longer valid."""

        def understood(said: CertificateReply, asked: Asked) -> Answer[PublicTenancy]:
            asked.check(said.tradeNo)
            if said.replyCode == "NOT_FOUND":
                return miss(SOURCE, said.dataTime, asked.milliseconds)
            if said.certificate is None:
                raise NoAnswer("应答缺少内容")
            return hit(SOURCE, _tenancy(said.certificate), said.certificate.updateTime, asked.milliseconds)

        return self._wire.ask(
            CERTIFICATE_PATH,
            lambda request_id: CertificateQuery(tradeNo=request_id, rentCertNo=cert_no),
            CertificateReply,
            understood,
        )

    def tenancies_of_person(self, id_no: str) -> Answer[tuple[PublicTenancy, ...]]:
        """Every public tenancy a person holds or held; MISS when there never was one."""

        def understood(said: TenantReply, asked: Asked) -> Answer[tuple[PublicTenancy, ...]]:
            asked.check(said.tradeNo)
            if not said.certificates:
                return miss(SOURCE, said.dataTime, asked.milliseconds)
            return hit(SOURCE, tuple(_tenancy(each) for each in said.certificates), said.dataTime, asked.milliseconds)

        return self._wire.ask(
            TENANT_PATH, lambda request_id: TenantQuery(tradeNo=request_id, cardNo=id_no), TenantReply, understood
        )

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()


def _tenancy(certificate: Certificate) -> PublicTenancy:
    holder = _holder(certificate.tenant)
    return PublicTenancy(
        cert_no=certificate.rentCertNo,
        title=_title(certificate, holder),
        valid=certificate.certStatus == "VALID",
        holder=holder,
        residents=tuple(_holder(member) for member in certificate.cohabitants),
        sublet_allowed=certificate.sublettable,
    )


def _title(certificate: Certificate, holder: Holder) -> Title:
    premises = certificate.premises
    return Title(
        cert_no=certificate.rentCertNo,
        unit_no=premises.unitNo,
        house_code=premises.houseId,
        category=HouseCategory.PUBLIC.value,
        proof_kind=ProofKind.A4.value,
        district_code=premises.areaCode,
        street_code=premises.townCode,
        address=premises.location,
        room_no=premises.roomNo,
        build_area=premises.structureArea,
        inner_area=premises.insideArea,
        design_use=premises.usage,
        share_kind="SOLE",
        registered_on=certificate.issueDate,
        holders=(holder,),
        former_holders=tuple(_holder(member) for member in certificate.formerTenants),
        rooms=tuple(
            RegisteredRoom(part.partNo, _ROOM[part.partUse].value, part.livingArea, part.original)
            for part in premises.parts
        ),
        restrictions=tuple(
            Restriction(_RESTRICTION[limit.limitCode].value, limit.noticeFrom, limit.beginDate)
            for limit in premises.limitations
        ),
        ended_on=certificate.endDate,
        last_transfer_on=holder.since or certificate.issueDate,
        committee=premises.committeeName,
        road=premises.roadName,
        lane=premises.laneNo,
        building=premises.buildingNo,
        structure=premises.structureType,
        layout=premises.flatType,
        floor_no=premises.floorNo,
        floor_total=premises.floorCount,
        as_of=certificate.updateTime,
    )


def _holder(member: TenantMember) -> Holder:
    return Holder(member.fullName, member.cardType, member.cardNo, since=member.fromDate, until=member.toDate)

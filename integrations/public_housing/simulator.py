"""A public-housing system for demo and tests: the public flats of the houses table."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from fastapi import HTTPException

from integrations.public_housing.contract import (
    CERTIFICATE_PATH,
    TENANT_PATH,
    Certificate,
    CertificateQuery,
    CertificateReply,
    Limitation,
    LimitCode,
    PlanPart,
    Premises,
    RoomUse,
    TenantMember,
    TenantQuery,
    TenantReply,
)
from integrations.wire.numbers import document_kind
from integrations.wire.records import Flat, Records, Right, changed_flat
from integrations.wire.simulator import Change, ContentFault, Simulator
from models.normal import normal_cert_no, normal_id_no

#: Certificates the houses table has no like of: given back, not to be sub-let, with people living there.
EXAMPLES = Path(__file__).with_name("examples.csv")

_STRANGER = Right("承租人另有其人", "310101197001019034")
_ROOM: Mapping[str, RoomUse] = {
    "卧室": "LIVING_ROOM", "客厅": "PARLOUR", "厨房": "COOK", "卫生间": "WASH", "阳台": "VERANDA", "储藏室": "STORE"
}  # fmt: skip
_LIMIT: Mapping[str, tuple[LimitCode, str]] = {
    "查封": ("SEALED", "人民法院"), "SEIZURE": ("SEALED", "人民法院"),
    "征收冻结": ("EXPROPRIATED", "房屋征收部门"), "EXPROPRIATION": ("EXPROPRIATED", "房屋征收部门"),
    "违法建筑": ("ILLEGAL_BUILD", "城管执法部门"), "ILLEGAL": ("ILLEGAL_BUILD", "城管执法部门"),
    "D级危房": ("DANGEROUS", "房屋安全鉴定"), "DANGER": ("DANGEROUS", "房屋安全鉴定"),
    "群租整治中": ("RECTIFY", "城管执法部门"), "GROUP_LETTING": ("RECTIFY", "城管执法部门"),
}  # fmt: skip
_NO_LIMIT = frozenset({"", "正常", "抵押"})


class CertificateChange(Change):
    """Columns of the houses table to be replaced for a certificate, e.g. `{"valid": "否"}`."""

    cert_no: str
    set: dict[str, str]


class PublicHousingSimulator(Simulator):
    """Tenancy certificates by number and by tenant."""

    def __init__(self, records: Records, *, latency_ms: int = 0) -> None:
        super().__init__("public_housing", "公房系统（模拟）", latency_ms=latency_ms)
        # A certificate number may stand on two rows of the table by mistake; this system then keeps the first.
        self._flats: dict[str, Flat] = {}
        self._changed_at: dict[str, datetime] = {}
        for flat in records.flats.values():
            if flat.public and flat.owners:
                self._flats.setdefault(normal_cert_no(flat.cert_no), flat)
        self.on_change(CertificateChange, self._change)
        self._add_addresses()

    def _add_addresses(self) -> None:
        @self.app.post(CERTIFICATE_PATH)
        async def certificate_by_number(query: CertificateQuery, fault: ContentFault) -> CertificateReply:
            flat = None if fault == "miss" else self._flats.get(normal_cert_no(query.rentCertNo))
            if flat is None:
                return CertificateReply(tradeNo=query.tradeNo, replyCode="NOT_FOUND", dataTime=self.data_time)
            found = self._certificate(flat, strange=fault == "mismatch")
            return CertificateReply(tradeNo=query.tradeNo, replyCode="OK", dataTime=found.updateTime, certificate=found)

        @self.app.post(TENANT_PATH)
        async def certificates_by_tenant(query: TenantQuery, fault: ContentFault) -> TenantReply:
            card_no = normal_id_no(query.cardNo)
            found = tuple(
                self._certificate(flat, strange=fault == "mismatch")
                for flat in self._flats.values()
                if fault != "miss" and any(card_no == each.id_no for each in (*flat.owners[:1], *flat.former_owners))
            )
            newest = max((each.updateTime for each in found), default=self.data_time)
            code: str = "OK" if found else "NOT_FOUND"
            return TenantReply.model_validate(
                {"tradeNo": query.tradeNo, "replyCode": code, "dataTime": newest, "certificates": found}
            )

    def _change(self, change: CertificateChange) -> int:
        number = normal_cert_no(change.cert_no)
        flat = self._flats.get(number)
        if flat is None:
            return 0
        try:
            changed = changed_flat(flat, change.set)
        except ValueError as problem:
            raise HTTPException(422, str(problem)) from problem
        if not changed.owners:
            raise HTTPException(422, "a certificate has a tenant")
        self._flats[number] = changed
        self._changed_at[flat.house_id] = self.now()
        return 1

    def _certificate(self, flat: Flat, *, strange: bool) -> Certificate:
        return Certificate(
            rentCertNo=flat.cert_no,
            certStatus="SURRENDERED" if flat.ended_on else "VALID" if flat.valid else "REVOKED",
            issueDate=flat.reg_date,
            endDate=flat.ended_on,
            sublettable=flat.sublet_allowed,
            tenant=_member(_STRANGER if strange else flat.owners[0]),
            formerTenants=tuple(_member(right) for right in flat.former_owners),
            cohabitants=tuple(_member(right) for right in flat.residents),
            premises=_premises(flat),
            updateTime=self._changed_at.get(flat.house_id, self.data_time),
        )


def _premises(flat: Flat) -> Premises:
    return Premises(
        houseId=flat.house_id,
        unitNo=flat.unit_no,
        areaCode=flat.district_code,
        townCode=flat.street_code,
        committeeName=flat.committee,
        roadName=flat.road,
        laneNo=flat.lane,
        buildingNo=flat.building,
        roomNo=flat.room,
        location=flat.address,
        structureArea=flat.build_area,
        insideArea=flat.inner_area,
        usage=flat.use,
        structureType=flat.structure,
        flatType=flat.layout,
        floorNo=flat.floor_no,
        floorCount=flat.floor_total,
        parts=tuple(
            PlanPart(
                partNo=room.label, partUse=_ROOM.get(room.kind, "ELSE"), livingArea=room.area, original=room.as_designed
            )
            for room in flat.rooms
        ),
        limitations=tuple(_limitations(flat)),
    )


def _limitations(flat: Flat) -> Iterator[Limitation]:
    stated = [(flat.limit_status, None), (flat.safety_status, None), *((each.kind, each.since) for each in flat.limits)]
    for word, since in stated:
        if word not in _NO_LIMIT:
            code, source = _LIMIT.get(word, ("ELSE", "公房管理单位"))
            yield Limitation(limitCode=code, noticeFrom=source, beginDate=since)


def _member(right: Right) -> TenantMember:
    return TenantMember(
        fullName=right.name,
        cardType=document_kind(right.id_no),
        cardNo=right.id_no,
        fromDate=right.since,
        toDate=right.until,
    )

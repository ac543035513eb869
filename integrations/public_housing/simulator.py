"""A public-housing system for demo and tests: the public flats of the houses table."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from fastapi import HTTPException

from integrations.public_housing.contract import (
    CERTIFICATE,
    LIMITS,
    TENANT,
    Certificate,
    CertificateQuery,
    CertificateReply,
    Premises,
    TenantQuery,
    TenantReply,
)
from integrations.wire.records import Flat, changed_flat, limits_of, right_of, written
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator
from models.normal import normal_cert_no, normal_id_no

#: Certificates the houses table has no like of: given back, not to be sub-let, with people living there.
EXAMPLES = Path(__file__).with_name("examples.csv")

_STRANGER = right_of("承租人另有其人", "310101197001019034")
_SOURCE: Mapping[str, str] = {
    "SEIZURE": "人民法院",
    "EXPROPRIATION": "房屋征收部门",
    "ILLEGAL": "城管执法部门",
    "DANGER": "房屋安全鉴定",
    "GROUP_LETTING": "城管执法部门",
}


class CertificateChange(Change):
    """Columns of the houses table to be replaced for a certificate, e.g. `{"valid": "否"}`."""

    cert_no: str
    set: dict[str, str]


class PublicHousingSimulator(Simulator):
    """Tenancy certificates by number and by tenant."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("public_housing", "公房系统（模拟）", latency_ms=ground.latency_ms)
        # A certificate number may stand on two rows of the table by mistake; this system then keeps the first.
        self._flats: dict[str, Flat] = {}
        self._changed_at: dict[str, datetime] = {}
        for flat in ground.records.flats.values():
            if flat.public and flat.owners:
                self._flats.setdefault(normal_cert_no(flat.cert_no), flat)
        self.on_change(CertificateChange, self._change)
        self._add_addresses()

    def _add_addresses(self) -> None:
        @self.app.post(CERTIFICATE.path)
        async def certificate_by_number(query: CertificateQuery, fault: ContentFault) -> CertificateReply:
            flat = None if fault == "miss" else self._flats.get(normal_cert_no(query.rentCertNo))
            if flat is None:
                return CertificateReply(request_id=query.request_id, code="NOT_FOUND", data_time=self.data_time)
            found = self._certificate(flat, strange=fault == "mismatch")
            return CertificateReply(request_id=query.request_id, code="OK", data_time=found.as_of, certificate=found)

        @self.app.post(TENANT.path)
        async def certificates_by_tenant(query: TenantQuery, fault: ContentFault) -> TenantReply:
            card_no = normal_id_no(query.cardNo)
            found = tuple(
                self._certificate(flat, strange=fault == "mismatch")
                for flat in self._flats.values()
                if fault != "miss" and any(card_no == each.id_no for each in (*flat.owners[:1], *flat.former_owners))
            )
            newest = max((each.as_of for each in found), default=self.data_time)
            return TenantReply(
                request_id=query.request_id,
                code="OK" if found else "NOT_FOUND",
                data_time=newest,
                certificates=found,
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
        self._changed_at[flat.house_code] = self.now()
        return 1

    def _certificate(self, flat: Flat, *, strange: bool) -> Certificate:
        limits = [
            limit if limit.kind in LIMITS.values() else replace(limit, kind="OTHER")
            for limit in limits_of(flat, "公房管理单位", _SOURCE)
        ]
        return written(
            Certificate,
            flat,
            status="SURRENDERED" if flat.ended_on else "VALID" if flat.valid else "REVOKED",
            holder=_STRANGER if strange else flat.owners[0],
            former_holders=flat.former_owners,
            premises=written(Premises, flat, restrictions=tuple(limits)),
            as_of=self._changed_at.get(flat.house_code, self.data_time),
        )

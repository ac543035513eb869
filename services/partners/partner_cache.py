"""Partners according to the signed access list; changes past the product are not trusted (security.md A5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from models.access import Role, ScopeKind
from models.alarms import Alarm, AlarmState
from models.partners import KeyUse, Partner, PartnerKey, PartnerKeyState, PartnerKind, PartnerState
from models.rights import AccessChange
from services.access.acl import stands, tell_tamper
from services.engine.callers import Caller, Scope
from services.engine.networks import Networks
from services.engine.registry import action
from services.engine.work import Work
from services.ports.exchange import PeerKey

#: What a partner's system is called where systems are distinguished.
SYSTEMS: Mapping[PartnerKind, str] = {
    PartnerKind.FUND: "provident_fund",
    PartnerKind.ASSOCIATION: "broker_association",
    PartnerKind.DISTRICT: "district_platform",
    PartnerKind.ENTERPRISE: "rental_company",
    PartnerKind.PLATFORM: "listing_platform",
    PartnerKind.PORTAL: "citizen_portal",
    PartnerKind.CIVIL: "civil_affairs",
}


@dataclass(frozen=True)
class Believed:
    """A partner whose entry in the access list is what the tables say."""

    row: Partner
    networks: Networks
    scopes: frozenset[str]
    keys: Sequence[PartnerKey]

    @property
    def app_id(self) -> str:
        return self.row.app_id

    @property
    def active(self) -> bool:
        return self.row.state is PartnerState.ACTIVE

    def held(self, use: KeyUse, at: datetime) -> list[PartnerKey]:
        """The keys for a use that count at a moment of the system's time."""
        return [
            key
            for key in self.keys
            if key.use is use and key.state is PartnerKeyState.ACTIVE and key.valid_from <= at < key.valid_to
        ]

    def newest(self, use: KeyUse, at: datetime) -> PeerKey | None:
        """The key to use towards this partner: of those that count now the one that began last."""
        key = max(self.held(use, at), key=lambda key: key.valid_from, default=None)
        return None if key is None else PeerKey(key.kid, key.public_key)

    def signing_keys(self, at: datetime) -> tuple[PeerKey, ...]:
        """The keys by which its signatures are believed now."""
        return tuple(PeerKey(key.kid, key.public_key) for key in self.held(KeyUse.SIGN, at))

    def caller(self, address: str = "") -> Caller:
        """The partner as it acts at the door: its own records, or those of its firm or district."""
        return Caller(
            name=self.app_id,
            scopes=(Scope(Role.PARTNER, ScopeKind.ORGANISATION, self.app_id),),
            unit_name=self.row.label,
            enterprise_id=self.row.enterprise_id,
            district_code=self.row.district_code,
            address=address,
        )


class NotBelieved(Exception):
    """A partner's row or key differs from the signed list; `partner_id` is whose."""

    def __init__(self, partner_id: UUID) -> None:
        super().__init__(str(partner_id))
        self.partner_id = partner_id


def believed(session: Session, app_id: str) -> Believed | None:
    """A partner by its app id, or None; `NotBelieved` when the list has it otherwise."""
    row = session.exec(select(Partner).where(Partner.app_id == app_id)).first()
    if row is None:
        return None
    keys = session.exec(select(PartnerKey).where(PartnerKey.partner_id == row.id)).all()
    if not stands(session, "partner", row.id):
        raise NotBelieved(row.id)
    return Believed(row, Networks.of(row.networks), row.scope_set, keys)


def tell_forged(work: Work, row_id: UUID, why: str = "PARTNER_DIFFERS") -> None:
    """Log and raise an alarm about a partner whose row or key differs from the signed list, while it is open."""
    known = select(Alarm.id).where(
        Alarm.alarm_code == "ACL.TAMPER",
        Alarm.object_kind == "partner",
        Alarm.object_key == str(row_id),
        Alarm.state != AlarmState.CLOSED,
    )
    if work.session.exec(known.limit(1)).first() is None:
        tell_tamper(work, "partner", row_id, why)


#: See `registry_mark`; as part of another statement.
MARK = sa.select(sa.func.max(AccessChange.seq)).scalar_subquery()


def registry_mark(connection: sa.Connection) -> int:
    """Return the number of the access list's last change; until it changes, cached partners stay valid."""
    mark: int | None = connection.exec_driver_sql("SELECT max(seq) FROM access_change").scalar()
    return mark or 0


@action("partners.tell_tamper", "报告对接方被改动", roles={Role.SYSTEM}, event="")
def report_forged(work: Work, partner_id: UUID) -> None:
    """Report a forged partner in a transaction of its own."""
    tell_forged(work, partner_id)

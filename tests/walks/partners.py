"""The walk's part for partners: registry, keys, proposals, and the log of what was exchanged."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from models.access import Role
from models.engine import ExchangeLog
from models.partners import (
    ChangeKind,
    KeyUse,
    Partner,
    PartnerChange,
    PartnerExchange,
    PartnerKey,
    PartnerKind,
)
from services.engine.work import Work
from services.partners.registry import ProposePartner, enrol

_ADMINISTRATORS = (Role.SYS_ADMIN, Role.SEC_ADMIN)
_LOOKING = (Role.CITY_CENTER, Role.CITY_BUREAU, Role.AUDITOR, Role.SYSTEM)


def _reader(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(*_ADMINISTRATORS, *_LOOKING))


def _administrator(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(*_ADMINISTRATORS, Role.SYSTEM))


def _looking(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(*_LOOKING))


ORACLE: dict[Any, Any] = {
    Partner: _reader,
    PartnerKey: _reader,
    PartnerChange: _administrator,
    PartnerExchange: _looking,
    ExchangeLog: _looking,
}

_KEEPERS = "the administrators', who see every partner"
_CITY = "the city's, which sees every exchange"

UNFOREIGN: dict[str, str] = {
    "outbox.keep": "the system's own",
    "partners.confirm": _KEEPERS,
    "partners.disable": _KEEPERS,
    "partners.exchange": _CITY,
    "partners.maintain": _KEEPERS,
    "partners.open": _KEEPERS,
    "partners.propose": _KEEPERS,
    "partners.propose_enabling": _KEEPERS,
    "partners.propose_key": _KEEPERS,
    "partners.revoke_key": _KEEPERS,
    "partners.tell_tamper": "the system's own",
    "reconciliation.ask": _CITY,
    "partners.test_line": "the city's and the system administrator's, who see every partner",
}
ORDERS: dict[str, Any] = {}


def furnish(city: Any) -> None:
    """Four partners with two keys each, four proposals, four exchanges of either kind."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for number in range(4):
        app_id = f"walk-{number}"
        row = enrol(work, ProposePartner(app_id, f"对接方{number}", PartnerKind.FUND, scopes="filings.query"), ())
        work.session.flush()
        for use in KeyUse:
            work.add(
                PartnerKey(
                    partner_id=row.id,
                    kid=f"{app_id}-{use}",
                    use=use,
                    public_key="04" + uuid4().hex * 4,
                    valid_from=work.at,
                    valid_to=work.at + timedelta(days=30),
                )
            )
        work.add(PartnerChange(app_id=app_id, kind=ChangeKind.EDIT, wanted={}, proposed_at=work.at))
        work.add(
            PartnerExchange(
                at=work.at,
                direction="IN",
                app_id=app_id,
                system="provident_fund",
                operation="/ping",
                request_id=uuid4().hex,
                code="0",
            )
        )
        work.add(
            ExchangeLog(
                at=work.at,
                system="licence_library",
                direction="OUT",
                operation="issue",
                request_id=uuid4().hex,
                outcome="SENT",
            )
        )

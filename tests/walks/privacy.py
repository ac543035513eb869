"""The walk's part for exports and for who looked at whom."""

from typing import Any

from models.access import Role, UnitKind
from models.privacy import ExportRequest, PersonAccess
from services.privacy.export_download import DownloadExport
from services.privacy.exports import DecideExport, RequestExport, request_export
from services.tenancy.contract_views import contract_view

_CITY = (Role.CITY_CENTER, Role.CITY_BUREAU, Role.SYSTEM)
_FIRM = (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)
_STAFF = (Role.STREET_CLERK, Role.DISTRICT_CLERK, Role.DISTRICT_BUREAU, Role.CITY_CENTER, Role.CITY_BUREAU)


def _export(city: Any, caller: Any, row: Any) -> bool:
    own = caller.account_id is not None and row.account_id == caller.account_id and caller.has(*_STAFF, *_FIRM)
    below = row.unit_kind in (UnitKind.STREET_CENTER, UnitKind.DISTRICT_CENTER, UnitKind.ENTERPRISE)
    districts = {scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)}
    return bool(caller.has(*_CITY) or own or (below and row.district_code in districts))


def _look(city: Any, caller: Any, row: Any) -> bool:
    own = caller.account_id is not None and row.account_id == caller.account_id
    return bool(caller.has(Role.CITY_CENTER, Role.AUDITOR) or own)


ORACLE: dict[Any, Any] = {ExportRequest: _export, PersonAccess: _look}

ORDERS: dict[str, Any] = {
    "accesses.sheet": (PersonAccess, lambda city, row_id: row_id),
    "exports.decide": (ExportRequest, lambda city, row_id: DecideExport(row_id, True)),
    "exports.download": (ExportRequest, lambda city, row_id: DownloadExport(row_id)),
    "exports.recheck": (ExportRequest, lambda city, row_id: row_id),
}

UNFOREIGN: dict[str, str] = {
    "exports.make": "the worker's own",
    "exports.note": "the worker's own",
    "exports.progress": "the worker's own",
    "privacy.reveal_several": "tried by itself, after the password was typed again",
}


def furnish(city: Any) -> None:
    """An export of every office and bureau, and a look of every counter at its own lease."""
    door, counter = city.counter.world.door, city.counter
    for login in ("huamu01", "longhua01", "pudong01", "xuhui01", "pdju01", "xhju01"):
        door.perform(request_export, counter.clerk(login), RequestExport("filings", {}, "csv", "核对本单位台账"))
    for login, filed in city.filed.items():
        door.ask(contract_view, counter.clerk(login), filed.contract_id)

"""The walk's part for the monitoring of companies: city, the company's district, its head company (rows 51, 52, 54)."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from models.access import CITY_AUTHORITY, DISTRICT_AUTHORITY, HEAD_OFFICE, Role
from models.companies import ProjectCompany
from models.monitoring import CompanyChange, CompanySnapshot, CompanyType, CompanyWatch
from models.sealed import Sealed
from services.engine.work import Work
from services.monitoring.companies import OneCompany
from tests.walks.kinds import HEADS, PROJECTS

_AT = datetime(2027, 2, 1, tzinfo=UTC)
_DISTRICTS = ("310115", "310104")


def _monitored(city: Any, caller: Any, row: Any) -> bool:
    if caller.has(*CITY_AUTHORITY, Role.SYSTEM):
        return True
    districts = {scope.code for scope in caller.scope_of(*DISTRICT_AUTHORITY) if scope.code}
    if districts and (row.district_code in districts or row.company_type is CompanyType.GROUP):
        return True
    own = caller.enterprise_id is not None and row.head_company_id == caller.enterprise_id
    return bool(caller.has(*HEAD_OFFICE)) and own


ORACLE: dict[Any, Any] = {CompanyWatch: _monitored, CompanySnapshot: _monitored, CompanyChange: _monitored}

ORDERS: dict[str, Any] = {
    "monitoring.check": (ProjectCompany, lambda city, row_id: OneCompany(CompanyType.PROJECT, row_id)),
    "monitoring.freshness": (ProjectCompany, lambda city, row_id: OneCompany(CompanyType.PROJECT, row_id)),
    "monitoring.graph": (ProjectCompany, lambda city, row_id: row_id),
}
UNFOREIGN: dict[str, str] = {
    "monitoring.judge": "the system's own",
    "monitoring.batch": "the system's own",
}


def furnish(city: Any) -> None:
    """A head and a project company a side, and two groups: each watched, with an answer and a change."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for side in range(2):
        _company(work, CompanyType.HEAD, district_code=_DISTRICTS[side], head_company_id=HEADS[side])
        keys = {"head_company_id": HEADS[side], "project_company_id": PROJECTS[side]}
        _company(work, CompanyType.PROJECT, district_code=_DISTRICTS[side], **keys)
        _company(work, CompanyType.GROUP)


def _company(work: Work, kind: CompanyType, **keys: Any) -> None:
    about: dict[str, Any] = {"company_type": kind, "company_id": uuid4(), **keys}
    work.add(CompanyWatch(**about))
    kept = CompanySnapshot(taken_at=_AT, source="法人库", payload=Sealed.of_json({}), digest="00" * 32, **about)
    work.add(kept)
    change: dict[str, Any] = {
        "field_path": "legal_rep",
        "label": "法定代表人",
        "detected_at": _AT,
        "snapshot_id": kept.id,
    }
    work.add(CompanyChange(before=Sealed.of_json("甲"), after=Sealed.of_json("乙"), **change, **about))

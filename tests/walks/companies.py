"""The walk's part for companies beside their kinds: agreements of both sides, exceptions, public applications, accounts (rows 51-54)."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from models.access import AUTHORITY, CITY_AUTHORITY, DISTRICT_AUTHORITY, HEAD_OFFICE, Account, Role
from models.companies import ExitOverride, ProjectCompany, PublicApplication, SubjectApplication, SubjectKind
from models.records import Revision
from services.access.accounts import SetHolder
from services.companies.accounts import ChangeAccount, OpenAccount
from services.companies.directory import CompanyRef
from services.companies.joint import Offer
from services.engine.orders import OneRow, Reasoned
from services.engine.work import Work
from services.privacy.field_reveal import RevealField
from tests.walks.kinds import HEADS

_AT = datetime(2027, 2, 1, tzinfo=UTC)
_WHY = "核查情况已经清楚"
_DISTRICTS = ("310115", "310104")


def _both_sides(city: Any, caller: Any, row: Any) -> bool:
    if caller.has(*CITY_AUTHORITY, Role.SYSTEM):
        return True
    districts = {scope.code for scope in caller.scope_of(*DISTRICT_AUTHORITY)}
    own = caller.has(*HEAD_OFFICE) and caller.enterprise_id is not None and row.head_company_id == caller.enterprise_id
    return row.district_code in districts or bool(own)


ORACLE: dict[Any, Any] = {
    SubjectApplication: _both_sides,
    ExitOverride: lambda city, caller, row: caller.has(*AUTHORITY, Role.SYSTEM) and _both_sides(city, caller, row),
    PublicApplication: lambda city, caller, row: caller.has(*CITY_AUTHORITY, Role.SYSTEM),
}

ORDERS: dict[str, Any] = {
    "companies.offer": (Revision, lambda city, row_id: Offer(row_id, 1)),
    "companies.confirm": (SubjectApplication, lambda city, row_id: OneRow(row_id)),
    "companies.decline": (SubjectApplication, lambda city, row_id: Reasoned(row_id, _WHY)),
    "companies.cancel": (SubjectApplication, lambda city, row_id: Reasoned(row_id, _WHY)),
    "companies.application": (SubjectApplication, lambda city, row_id: row_id),
    "companies.overview": (ProjectCompany, lambda city, row_id: CompanyRef("project_company", row_id)),
    "companies.open_account": (
        ProjectCompany,
        lambda city, row_id: OpenAccount(row_id, "xinkai001", "郑好", Role.PROJ_USER),
    ),
    "companies.disable_account": (Account, lambda city, row_id: Reasoned(row_id, _WHY)),
    "companies.enable_account": (Account, lambda city, row_id: Reasoned(row_id, _WHY)),
    "companies.reset_account": (Account, lambda city, row_id: Reasoned(row_id, _WHY)),
    "companies.reveal_account": (Account, lambda city, row_id: RevealField("account", row_id, "id_no", _WHY)),
    "companies.set_holder": (Account, lambda city, row_id: SetHolder(row_id, _WHY, mobile="19300005401")),
    "companies.change_account": (Account, lambda city, row_id: ChangeAccount(row_id, Role.PROJ_USER, None, _WHY)),
}
UNFOREIGN: dict[str, str] = {
    "companies.allow_exit": "the city's, which sees all",
    "companies.set_quota": "the city's, which sees all",
}


def furnish(city: Any) -> None:
    """Two agreements, exceptions and public applications a side."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for number in range(4):
        side = number % 2
        work.add(
            SubjectApplication(
                kind=SubjectKind.ADMISSION,
                uscc=f"W{number}",
                company_name=f"走查{number}置业有限公司",
                district_code=_DISTRICTS[side],
                head_company_id=HEADS[side],
                record_id=uuid4(),
                revision_id=uuid4(),
                offered_side="AUTHORITY",
                offered_at=_AT,
            )
        )
        work.add(
            ExitOverride(
                project_company_id=uuid4(),
                district_code=_DISTRICTS[side],
                head_company_id=HEADS[side],
                reason="走查",
                given_at=_AT,
                used_at=_AT,
            )
        )
        work.add(
            PublicApplication(
                receipt_no=f"W{number}",
                code_digest="",
                record_id=uuid4(),
                revision_id=uuid4(),
                applied_at=_AT,
            )
        )

"""主体一览: visible companies of every kind, with their state and open alerts (rows 51-54)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col

from models.access import MARKET, PROJECT_OFFICE, Role
from models.alerts import STANDING, Alert, AlertGrade
from models.companies import AdmissionState, GroupCompany, HeadCompany, ProjectCompany
from models.monitoring import CompanyType
from models.places_data import district
from models.records import InForceState
from services.companies.names import code_key
from services.engine.callers import Caller
from services.engine.listings import Column, Filter, Listing, choice, either, listed, part
from services.engine.look_ups import values_by
from services.engine.work import Work

READERS = MARKET | {Role.ANALYST}
TABLES: Mapping[CompanyType, Any] = {
    CompanyType.GROUP: GroupCompany,
    CompanyType.HEAD: HeadCompany,
    CompanyType.PROJECT: ProjectCompany,
}
#: The kind of company above one, and the column that names it.
_ABOVE: Mapping[Any, tuple[Any, str]] = {
    HeadCompany: (GroupCompany, "group_company_id"),
    ProjectCompany: (HeadCompany, "head_company_id"),
}


def state_of(company: Any) -> Any:
    """Return the state of a company: of its admission, of a group that in the registry."""
    return getattr(company, "admission_state", None) or company.registry_status


def code_of(company: Any) -> str:
    """Return the credit code of a company, of a foreign group its number abroad."""
    return str(company.uscc or getattr(company, "foreign_id", ""))


def first_kind(caller: Caller) -> CompanyType:
    """Return the kind of company a caller's work is about."""
    return CompanyType.PROJECT if caller.has(*PROJECT_OFFICE) else CompanyType.HEAD


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    upper, key = _ABOVE.get(type(rows[0]), (GroupCompany, "id"))
    above = values_by(work, upper.id, upper.name, (getattr(row, key) for row in rows))
    alerts = work.visible(Alert).where(
        col(Alert.subject_id).in_([row.id for row in rows]), col(Alert.state).in_(STANDING)
    )
    gravest: dict[Any, AlertGrade] = {}
    for alert in sorted(work.session.exec(alerts).all(), key=lambda one: one.grade.rank):
        gravest[alert.subject_id] = alert.grade
    return {
        "above": lambda row: above.get(getattr(row, key), "") if type(row) in _ABOVE else "",
        "grade": lambda row: gravest.get(row.id, ""),
    }


def _place(company: Any) -> str:
    place = district(company.district_code)
    return place.name if place else ""


def _companies(kind: CompanyType, table: Any) -> Listing:
    admitted = (
        [choice("state", "准入状态", table.admission_state, AdmissionState, width=140)] if table in _ABOVE else []
    )
    code = Filter("uscc", "信用代码", lambda work, text: table.uscc == code_key(text))
    return listed(
        Listing(
            name=f"companies_{kind}",
            label=kind.label,
            roles=READERS,
            table=table,
            rows=lambda work: work.visible(table).where(table.in_force == InForceState.EFFECTIVE),
            columns=(
                Column("name", "企业名称", sortable=True),
                Column("uscc", "信用代码", code_of, sortable=True, width=172),
                Column("state", "状态", state_of, width=92),
                Column("district", "管理区", _place, width=84),
                Column("above", "上级", width=190),
                Column("grade", "预警", width=64),
                Column("record_no", "编号", sortable=True, width=176),
            ),
            filters=(either("text", "企业名称或信用代码", part("name", "", table.name), code, width=260), *admitted),
            sort="name",
            look_up=_cells,
            empty="没有符合条件的企业",
        )
    )


COMPANIES: Mapping[CompanyType, Listing] = {kind: _companies(kind, table) for kind, table in TABLES.items()}

"""主体一览: visible companies of every kind, with their state and open alerts (rows 51-54)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import MARKET, Role
from models.alerts import Alert, AlertGrade, AlertState
from models.companies import AdmissionState, GroupCompany, HeadCompany, ProjectCompany
from models.places_data import district
from models.records import InForceState
from services.companies.names import code_key
from services.engine.paging import Paging, ordering
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work

READERS = MARKET | {Role.ANALYST}
KINDS_OF_COMPANIES: Mapping[str, str] = {
    "group_company": "集团公司",
    "head_company": "总公司",
    "project_company": "项目公司",
}
_TABLES: dict[str, Any] = {
    "group_company": GroupCompany,
    "head_company": HeadCompany,
    "project_company": ProjectCompany,
}
_STANDING = (AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.EXPLAINED)


@dataclass(frozen=True)
class FindCompanies:
    """`kind` is one of the three; `text` a part of the name or a whole code; `state` an admission state."""

    kind: str = "head_company"
    text: str = ""
    state: str = ""
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class CompanyLine:
    id: UUID
    kind: str
    kind_label: str
    name: str
    uscc: str
    record_no: str
    state_label: str
    district: str
    above: str
    alerts: int
    grade: str


@dataclass(frozen=True)
class CompanyPage:
    total: int
    lines: tuple[CompanyLine, ...]


@query("companies.directory", "主体一览", roles=set(READERS))
def find_companies(work: Work, order: FindCompanies) -> CompanyPage:
    """Return a kind at a time, by name; what is voided is not among them."""
    table = _TABLES.get(order.kind)
    if table is None:
        raise Rejected("请选择企业类别")
    rows: Any = work.visible(table).where(table.in_force == InForceState.EFFECTIVE)
    if word := search_word(order.text):
        rows = rows.where(sa.or_(col(table.name).contains(word, autoescape=True), table.uscc == code_key(word)))
    if order.state and order.kind != "group_company":
        rows = rows.where(table.admission_state == chosen(AdmissionState, order.state))
    total = work.session.exec(select(sa.func.count()).select_from(rows.subquery())).one()
    by = ordering(order.paging.sort, {"name": table.name, "record_no": table.record_no, "uscc": table.uscc}, "name")
    offset, limit = order.paging.bounds()
    found: Sequence[Any] = work.session.exec(rows.order_by(by, col(table.id)).offset(offset).limit(limit)).all()
    above = _above(work, order.kind, found)
    alerts = _alerts(work, [row.id for row in found])
    lines = []
    for row in found:
        place = district(row.district_code)
        grades = alerts.get(row.id, [])
        state = getattr(row, "admission_state", None) or row.registry_status
        lines.append(
            CompanyLine(
                id=row.id,
                kind=order.kind,
                kind_label=KINDS_OF_COMPANIES[order.kind],
                name=row.name,
                uscc=row.uscc or getattr(row, "foreign_id", ""),
                record_no=row.record_no,
                state_label=state.label,
                district=place.name if place else "",
                above=above.get(row.id, ""),
                alerts=len(grades),
                grade=_gravest(grades),
            )
        )
    return CompanyPage(total, tuple(lines))


def _above(work: Work, kind: str, rows: Sequence[Any]) -> dict[UUID, str]:
    """The group of a head company, the head of a project company, by name."""
    if kind == "group_company":
        return {}
    table, key = (GroupCompany, "group_company_id") if kind == "head_company" else (HeadCompany, "head_company_id")
    ids = {getattr(row, key) for row in rows} - {None}
    names = dict(work.session.exec(select(col(table.id), col(table.name)).where(col(table.id).in_(ids))).all())
    return {row.id: names.get(getattr(row, key), "") for row in rows}


def _alerts(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[AlertGrade]]:
    found: dict[UUID, list[AlertGrade]] = {}
    standing = work.visible(Alert).where(col(Alert.subject_id).in_(ids), col(Alert.state).in_(_STANDING))
    for row in work.session.exec(standing).all():
        found.setdefault(row.subject_id, []).append(row.grade)
    return found


def _gravest(grades: Sequence[AlertGrade]) -> str:
    for grade in (AlertGrade.RED, AlertGrade.YELLOW, AlertGrade.BLUE):
        if grade in grades:
            return grade.label
    return ""

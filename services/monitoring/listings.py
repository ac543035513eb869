"""Changes at watched companies, and the freshness of their data (rows 51, 52, 54)."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import AUTHORITY, HEAD_OFFICE
from models.monitoring import CompanyChange, CompanySnapshot, CompanyType, CompanyWatch, Refreshed
from services.alerts.catalogue import RULES
from services.engine.clock import SHANGHAI
from services.engine.paging import Paging, ordering
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.monitoring.answer_comparison import profile_from
from services.monitoring.companies import TABLES
from services.monitoring.visibility import monitored_company
from services.ports.registry import CompanyProfile

READERS = AUTHORITY | HEAD_OFFICE
COUNTED = 10_000
#: Nothing is older, and earlier days have no moment in every zone.
_FIRST = date(1900, 1, 1)
_SORTED = {"detected_at": CompanyChange.detected_at, "label": CompanyChange.label, "rule_code": CompanyChange.rule_code}


@dataclass(frozen=True)
class ChangeFilter:
    """`type` and `rule` narrow; `since` and `until` are days of discovery."""

    type: str = ""
    company_id: UUID | None = None
    rule: str = ""
    since: date | None = None
    until: date | None = None
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class ChangeLine:
    id: UUID
    type: CompanyType
    company_id: UUID
    company: str
    label: str
    before: str
    after: str
    detected_at: datetime
    effective_on: date | None
    rule_code: str
    rule: str
    alert_id: UUID | None
    undone_on: date | None


@dataclass(frozen=True)
class ChangePage:
    total: int
    lines: tuple[ChangeLine, ...]
    counted_to: int = COUNTED


@query("monitoring.changes", "企业变更时间轴", roles=set(READERS), personal=True)
def list_changes(work: Work, order: ChangeFilter) -> ChangePage:
    """Return changes in the registry, newest first; they name persons, so the access is logged."""
    offset, size = order.paging.bounds()
    where: list[Any] = []
    if order.type:
        if order.type not in CompanyType.labels():
            raise Rejected("没有这个企业类别")
        where.append(CompanyChange.company_type == CompanyType.of(order.type))
    if order.company_id is not None:
        where.append(CompanyChange.company_id == order.company_id)
    if order.rule:
        where.append(CompanyChange.rule_code == order.rule[:20])
    if order.since is not None:
        where.append(col(CompanyChange.detected_at) >= datetime.combine(max(order.since, _FIRST), time(), SHANGHAI))
    if order.until is not None:
        where.append(col(CompanyChange.detected_at) <= datetime.combine(max(order.until, _FIRST), time.max, SHANGHAI))
    rows = work.visible(CompanyChange).where(*where)
    total = work.session.exec(
        select(func.count()).select_from(rows.with_only_columns(col(CompanyChange.id)).limit(COUNTED).subquery())
    ).one()
    way = ordering(order.paging.sort, _SORTED, "-detected_at")
    found = work.session.exec(rows.order_by(way, col(CompanyChange.id).desc()).offset(offset).limit(size)).all()
    names = _names(work, found)
    return ChangePage(total, tuple(_line(row, names) for row in found))


@dataclass(frozen=True)
class OneCompany:
    type: CompanyType
    id: UUID


@dataclass(frozen=True)
class Freshness:
    """Freshness of a company's data. `unknown` when the registry's last answer is too old or missing: facts based on
    it count as not verified. `profile` is the newest stored answer.
    """

    outcome: Refreshed
    asked_at: datetime | None
    answered_at: datetime | None
    unknown: bool
    profile: CompanyProfile | None
    as_of: datetime | None
    answers: int


@query("monitoring.freshness", "登记信息", roles=set(READERS), personal=True)
def freshness(work: Work, order: OneCompany) -> Freshness:
    """The newest registry answer about one company, and when the registry was asked."""
    monitored_company(work, order.type, order.id)
    watch = work.session.exec(
        work.visible(CompanyWatch).where(CompanyWatch.company_id == order.id, CompanyWatch.company_type == order.type)
    ).first()
    if watch is None:
        return Freshness(Refreshed.NEVER, None, None, True, None, None, 0)
    kept = work.session.exec(
        work.visible(CompanySnapshot)
        .where(CompanySnapshot.company_id == order.id)
        .order_by(col(CompanySnapshot.taken_at).desc(), col(CompanySnapshot.id).desc())
    ).all()
    return Freshness(
        outcome=watch.outcome,
        asked_at=watch.asked_at,
        answered_at=watch.answered_at,
        unknown=watch.outcome is not Refreshed.HIT,
        profile=profile_from(kept[0].payload.json()) if kept else None,
        as_of=kept[0].as_of if kept else None,
        answers=len(kept),
    )


@query("monitoring.snapshot", "登记信息快照", roles=set(READERS), personal=True)
def one_snapshot(work: Work, snapshot_id: UUID) -> CompanyProfile:
    """Return a kept answer of the registry, whole."""
    return profile_from(work.get(CompanySnapshot, snapshot_id).payload.json())


def _names(work: Work, rows: Any) -> dict[UUID, str]:
    names: dict[UUID, str] = {}
    for kind, table in TABLES.items():
        if ids := {row.company_id for row in rows if row.company_type is kind}:
            names |= dict(work.session.exec(select(table.id, table.name).where(col(table.id).in_(ids))).all())
    return names


def _line(row: CompanyChange, names: dict[UUID, str]) -> ChangeLine:
    rule = RULES.get(row.rule_code)
    return ChangeLine(
        id=row.id,
        type=row.company_type,
        company_id=row.company_id,
        company=names.get(row.company_id, ""),
        label=row.label,
        before=row.before.json(),
        after=row.after.json(),
        detected_at=row.detected_at,
        effective_on=row.effective_on,
        rule_code=row.rule_code,
        rule=rule.label if rule else "",
        alert_id=row.alert_id,
        undone_on=row.undone_on,
    )

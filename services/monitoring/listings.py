"""Changes at watched companies, and the freshness of their data (rows 51, 52, 54)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import AUTHORITY, HEAD_OFFICE
from models.monitoring import CompanyChange, CompanySnapshot, CompanyType, CompanyWatch, Refreshed
from services.alerts.catalogue import RULES
from services.engine.copied import copy_of
from services.engine.listings import Column, Listing, about, choice, days, exact, listed
from services.engine.look_ups import values_by
from services.engine.registry import query
from services.engine.work import Work
from services.monitoring.answer_comparison import profile_from
from services.monitoring.companies import TABLES, OneCompany
from services.monitoring.visibility import monitored_company
from services.ports.registry import CompanyProfile

READERS = AUTHORITY | HEAD_OFFICE
RULES_OF_COMPANIES = {code: f"{code} {rule.label}" for code, rule in RULES.items() if code.startswith("SUB-")}


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    names: dict[UUID, str] = {}
    for kind, table in TABLES.items():
        names |= values_by(work, table.id, table.name, (row.company_id for row in rows if row.company_type is kind))
    return {"company": lambda row: names.get(row.company_id, "")}


#: The time line of the registry's changes; they name persons.
CHANGES = listed(
    Listing(
        name="monitoring.changes",
        label="企业变更",
        roles=READERS,
        table=CompanyChange,
        columns=(
            Column("detected_at", "发现时间", sortable=True, width=124),
            Column("company", "企业"),
            Column("label", "变更事项", sortable=True, width=92),
            Column("before", "变更前", lambda row: row.before.json()),
            Column("after", "变更后", lambda row: row.after.json()),
            Column("effective_on", "登记日期", width=88),
            Column("rule_code", "规则", sortable=True, width=66),
            Column("undone_on", "已恢复", width=88),
        ),
        filters=(
            about("company", "企业", CompanyChange.company_id),
            choice("type", "企业类别", CompanyChange.company_type, CompanyType, width=190),
            exact("rule", "规则", CompanyChange.rule_code, options=RULES_OF_COMPANIES, width=220),
            *days(CompanyChange.detected_at, "发现日期", more=True, width=130),
        ),
        sort="-detected_at",
        look_up=_cells,
        also=("company_type", "company_id", "alert_id"),
        names_persons=True,
        counted_to=10_000,
        exporters=set(),
        empty="没有发现变更",
        may_lag=True,
    )
)


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


@query("monitoring.freshness", "登记信息", roles=set(READERS), personal=True)
def freshness(work: Work, order: OneCompany) -> Freshness:
    """The newest registry answer about one company, and when the registry was asked."""
    monitored_company(work, order.type, order.id)
    watch = work.first(
        work.visible(CompanyWatch), CompanyWatch.company_id == order.id, CompanyWatch.company_type == order.type
    )
    if watch is None:
        return Freshness(Refreshed.NEVER, None, None, True, None, None)
    kept = work.first(
        work.visible(CompanySnapshot),
        CompanySnapshot.company_id == order.id,
        by=(col(CompanySnapshot.taken_at).desc(), col(CompanySnapshot.id).desc()),
    )
    return copy_of(
        Freshness,
        watch,
        unknown=watch.outcome is not Refreshed.HIT,
        profile=profile_from(kept.payload.json()) if kept is not None else None,
        as_of=kept.as_of if kept is not None else None,
    )

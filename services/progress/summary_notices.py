"""月报通知 (row 75): once a month is closed, its summary is among the messages of those whose projects it is about."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import MARKET, OrgUnit, Role, UnitKind
from models.progress import MonthlySummary
from models.projects import Project
from models.records import InForceState
from services.alerts.alert_states import CITY_CODE
from services.engine.jobs import performed
from services.engine.notices import notify, tell_only
from services.engine.periodic import closing_day
from services.engine.registry import action, query
from services.engine.work import Work, shown_whole

shown_whole(MonthlySummary, roles=MARKET | {Role.SYSTEM})
tell_only(MonthlySummary.__tablename__, frozenset(MARKET))
_DUE = "progress.report_due"


@action("progress.tell_summary", "通知项目进度监测月报", roles={Role.SYSTEM}, event="")
def tell_summary(work: Work, order: None) -> int:
    """Notify offices and companies of the last month's summary, once the day by which it is reported is over."""
    month = f"{work.today.replace(day=1) - timedelta(days=1):%Y-%m}"
    if work.today <= closing_day(month, work.thresholds.integer(_DUE)) or work.has(
        MonthlySummary, MonthlySummary.period == month
    ):
        return 0
    row = work.add(MonthlySummary(period=month, told_at=work.now))
    work.session.flush()
    subject = f"{date.fromisoformat(f'{month}-01'):%Y年%-m月}项目进度监测月报"
    told = 0
    for recipient in _concerned(work):
        notify(work, subject, "月报已汇总本单位可以查看的项目，点标题查看和打印。", about=row, **recipient)
        told += 1
    return told


def _concerned(work: Work) -> Iterator[dict[str, Any]]:
    """Yield the city's bureau, and the districts and companies with a project in force."""
    wanted: Any = (Project.district_code, Project.head_company_id, Project.project_company_id)
    rows = work.session.exec(select(*wanted).where(Project.in_force == InForceState.EFFECTIVE).distinct()).all()
    city = (OrgUnit.kind == UnitKind.CITY_BUREAU, OrgUnit.district_code == CITY_CODE)
    if rows:
        for unit in work.rows(OrgUnit.id, *city, by=col(OrgUnit.id)):
            yield {"to_unit": unit}
    for district in sorted({row[0] for row in rows}):
        yield {"to_district": district}
    companies = {one for row in rows for one in row[1:] if one is not None}
    yield from ({"to_enterprise": one} for one in sorted(companies))


@query("progress.summary_month", "某份月报的月份", roles=set(MARKET))
def summary_month(work: Work, summary_id: UUID) -> str:
    """Return the month a message is about."""
    return work.get(MonthlySummary, summary_id).period


performed("progress.summary", "通知项目进度监测月报", tell_summary, at="07:00")

"""Alerts in the inbox: companies acknowledge and explain them, the authority decides (market 3.8)."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import col

from models.access import MARKET
from models.alerts import STANDING, Alert, AlertState
from services.alerts.life import may_answer, may_close
from services.alerts.listings import project_names, subject_in_project
from services.engine.work import Work
from services.inbox.sources import Task, Whose, task_source

MOST = 200


@task_source("alerts", "预警处理", roles=MARKET)
def alerts_to_answer(work: Work, whose: Whose) -> Iterator[Task]:
    """Yield alerts that wait for the caller's office; explained ones wait for the authority."""
    if whose.personal:
        return
    rows: Any = work.rows(work.visible(Alert), col(Alert.state).in_(STANDING), by=(Alert.due_on, Alert.id), most=MOST)
    projects = project_names(work, rows)
    for row in rows:
        what = _what(work, row)
        if what:
            # The deadline is for those who answer; the authority may leave what was explained.
            due = {AlertState.OPEN: row.acknowledge_by, AlertState.ACKNOWLEDGED: row.due_on}.get(row.state)
            title = f"{subject_in_project(row, projects)}：{row.title} {row.alert_no}".strip()
            yield Task(str(row.id), title, what, "alerts", {"id": str(row.id)}, due, row.first_seen)


def _what(work: Work, row: Alert) -> str:
    mine = may_answer(work, row)
    if row.state is AlertState.OPEN:
        return f"确认{row.grade.label}级预警" if mine else ""
    if row.state is AlertState.ACKNOWLEDGED:
        return "提交情况说明" if mine else ""
    # What the company has explained is for the authority to close or to leave.
    return "审阅企业说明" if may_close(work, row) else ""

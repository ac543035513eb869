"""Alerts of all grades in the demo: months of watching projects, and what the registry said of two companies."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import select

from deploy.demo.stories import on_past_days, there
from models.access import PROJECT_OFFICE, Account, Role
from models.alerts import Alert, AlertGrade, AlertState
from models.companies import HeadCompany, ProjectCompany
from models.monitoring import CompanySnapshot, CompanyType, CompanyWatch, Refreshed
from models.progress import ProjectWatch
from models.sealed import Sealed
from services.access.sessions import caller_of
from services.alerts.alert_states import answering_company
from services.alerts.life import Explain, acknowledge, escalate_all, explain
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door, Gathering
from services.engine.orders import OneRow
from services.engine.registry import action
from services.engine.work import Work
from services.monitoring.answer_comparison import digest_of, kept_form
from services.monitoring.companies import watched_company
from services.monitoring.company_check import watch_row
from services.monitoring.nightly import watch_now
from services.ports.answers import Answer
from services.ports.registry import CompanyProfile
from services.ports.systems import LEGAL_ENTITIES
from services.projects.project_watches import watch_projects
from services.sales.watch import watch_all

log = logging.getLogger("shenfang.demo")
#: Whose representative, and whose capital, was another: 江海城市开发 and 申浦滨江.
_REPRESENTATIVE, _CAPITAL = "91310104MAYHA0025J", "91310115MAYPA0014U"
#: Days on which the demo's projects were watched, and of each whether the companies answered what was found.
_WATCHED = (*((days, True) for days in range(350, 10, -30)), (0, False))
_ANSWER = "已查明原因并落实责任人，整改安排随下月进度填报一并报送。"
_TABLES: Mapping[CompanyType, Any] = {CompanyType.HEAD: HeadCompany, CompanyType.PROJECT: ProjectCompany}


def _ask(gathering: Gathering, order: None) -> Mapping[str, Answer[CompanyProfile]]:
    registry = gathering.systems.at(LEGAL_ENTITIES)
    return {uscc: registry.profile_of(uscc) for uscc in (_REPRESENTATIVE, _CAPITAL)}


@action("demo.older_answers", "装载早先的登记信息", roles={Role.SYSTEM}, gather=_ask, event="DATA.CREATE")
def load_older_answers(work: Work, order: None, said: Mapping[str, Answer[CompanyProfile]]) -> int:
    """Return what the registry said of two companies three days ago; nothing where they are watched already."""
    made = 0
    for uscc, kind in ((_REPRESENTATIVE, CompanyType.HEAD), (_CAPITAL, CompanyType.PROJECT)):
        now, table = said[uscc].value, _TABLES[kind]
        company_id = work.session.exec(select(table.id).where(table.uscc == uscc)).first()
        if now is None or company_id is None:
            continue
        if work.has(CompanyWatch, CompanyWatch.company_id == company_id):
            continue
        _keep(work, kind, company_id, _older(now))
        made += 1
    return made


def _older(now: CompanyProfile) -> CompanyProfile:
    if now.uscc == _REPRESENTATIVE:
        return replace(now, legal_rep="陆远航", changes=())
    return replace(now, registered_capital=(now.registered_capital or Decimal(0)) * Decimal("1.1"), changes=())


def _keep(work: Work, kind: CompanyType, company_id: Any, older: CompanyProfile) -> None:
    company = watched_company(work, kind, company_id)
    watch = watch_row(work, company)
    before = work.now - timedelta(days=3)
    kept = CompanySnapshot(
        **company.keys,
        taken_at=before,
        source="法人库",
        payload=Sealed.of_json(kept_form(older)),
        digest=digest_of(older),
    )
    work.add(kept)
    watch.snapshot_id, watch.outcome, watch.asked_at, watch.answered_at = kept.id, Refreshed.HIT, before, before
    work.add(watch)


def load_alerts(door: Door) -> int:
    """Load the older answers and watch for the first night; a second run does nothing."""
    if not door.perform(load_older_answers, SYSTEM, None):
        return 0
    looked = watch_now(door)
    log.info("已向法人库核对企业 %s 家", looked)
    return looked


def load_watched_months(door: Door) -> None:
    """Watch the projects on days of the last months as the nights did, and let their companies answer; once."""
    if there(door, ProjectWatch):
        return
    with on_past_days(door) as stand:
        for days_ago, answered in _WATCHED:
            stand(days_ago)
            escalate_all(door)
            watch_projects(door)
            watch_all(door)
            if answered:
                _answer(door)


def _answer(door: Door) -> None:
    """Acknowledge each open alert of a project as its company, which explains those that are not blue."""
    for alert, caller in door.look(SYSTEM, _to_answer):
        door.perform(acknowledge, caller, OneRow(alert.id))
        if alert.grade is not AlertGrade.BLUE:
            door.perform(explain, caller, Explain(alert.id, _ANSWER))


def _to_answer(work: Work) -> list[tuple[Alert, Caller]]:
    callers = [caller_of(work.session, row, "demo", "127.0.0.1", work.today) for row in work.rows(Account)]
    offices = {caller.enterprise_id: caller for caller in callers if caller.has(*PROJECT_OFFICE)}
    rows = work.rows(Alert, Alert.state == AlertState.OPEN, by=Alert.id)
    return [
        (row, offices[row.project_company_id])
        for row in rows
        if row.project_company_id in offices and answering_company(row) is not None
    ]

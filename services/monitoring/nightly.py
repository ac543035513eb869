"""Checks of watched companies, nightly and on demand; a silent registry is shown by its age (rows 51, 52, 54)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select

from models.access import AUTHORITY, HEAD_OFFICE, Role
from models.alerts import STANDING, Alert, AlertGrade
from models.monitoring import CompanyType, CompanyWatch, Refreshed
from services.alerts.alert_states import lasting_alerts, raise_alert, settle_alert
from services.alerts.signs import Line, Sign, Subject
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI, shanghai_day
from services.engine.door import Door, Gathering
from services.engine.facts import together
from services.engine.jobs import job
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.switches import OFF, is_on
from services.engine.work import Work
from services.monitoring.companies import TABLES, OneCompany, due_companies, is_watched, watched_company
from services.monitoring.company_check import watch_company, watch_row
from services.monitoring.visibility import monitored_company
from services.ports.answers import Answer, skipped
from services.ports.registry import CompanyProfile
from services.ports.systems import LEGAL_ENTITIES, Systems

log = logging.getLogger("shenfang.monitoring")
SOURCE = "法人库"
STALE_BLUE, STALE_YELLOW = "monitoring.stale_blue_hours", "monitoring.stale_yellow_hours"
#: What the alert about a registry that is not refreshed is about.
REGISTRY, REGISTRY_ID = "legal_entities", uuid5(NAMESPACE_URL, "shenfang:legal_entities")
#: Companies asked about at once.
AT_ONCE = 40
#: From this hour of the night on, once a day.
_FROM_HOUR = 2
_ROUNDS = 5_000


@dataclass(frozen=True)
class Checked:
    """The registry's answer, and the number of open alerts of the company."""

    outcome: Refreshed
    at: datetime
    alerts: int


def _ask(gathering: Gathering, order: OneCompany) -> Answer[CompanyProfile]:
    uscc: str = gathering.look(lambda work: monitored_company(work, order.type, order.id).uscc)
    return together({"one": (SOURCE, lambda: _profile(gathering.systems, uscc))})["one"]


def _profile(systems: Systems, uscc: str) -> Answer[CompanyProfile]:
    return systems.at(LEGAL_ENTITIES).profile_of(uscc) if uscc else skipped(SOURCE)


@action("monitoring.check", "立即更新登记信息", roles=set(AUTHORITY | HEAD_OFFICE), gather=_ask, event="DATA.UPDATE")
def check_company(work: Work, order: OneCompany, answer: Answer[CompanyProfile]) -> Checked:
    """Ask the registry about one company one may see; silence leaves all as it was and says so."""
    monitored_company(work, order.type, order.id)
    checked = _judge(work, order.type, order.id, answer)
    tell_stale(work)
    return checked


@dataclass(frozen=True)
class Judge:
    """A company with what the registry said of it."""

    type: CompanyType
    id: UUID
    answer: Answer[CompanyProfile]


@action("monitoring.judge", "企业监测", roles={Role.SYSTEM}, event="")
def judge_company(work: Work, order: Judge) -> Checked:
    """Return a company of the night, in a transaction of its own."""
    return _judge(work, order.type, order.id, order.answer)


def _judge(work: Work, kind: CompanyType, company_id: UUID, answer: Answer[CompanyProfile]) -> Checked:
    company = watched_company(work, kind, company_id)
    watch = watch_row(work, company)
    alerts = watch_company(work, watch, company, answer)
    return Checked(watch.outcome, work.now, alerts)


# The night


@dataclass(frozen=True)
class Batch:
    """Up to `most` companies of a type that are due, behind `after`."""

    type: CompanyType
    most: int = AT_ONCE
    after: UUID | None = None


@dataclass(frozen=True)
class Done:
    """Numbers of checked companies, of those without an answer and of failures, and the last company."""

    looked: int
    silent: int
    failed: int = 0
    last: UUID | None = None


def _look_at_batch(gathering: Gathering, order: Batch) -> Done:
    due = gathering.look(lambda work: due_companies(work, order.type, min(order.most, AT_ONCE), order.after))
    answers: Mapping[str, Answer[CompanyProfile]] = together(
        {str(company): (SOURCE, lambda uscc=uscc: _profile(gathering.systems, uscc)) for company, uscc in due}  # type: ignore[misc]
    )
    failed = 0
    for company, _ in due:
        try:
            gathering.perform(judge_company, Judge(order.type, company, answers[str(company)]))
        except Refusal as refusal:
            failed += 1
            log.warning("company %s was not judged: %s", company, type(refusal).__name__)
        except Exception:
            # One company on which a rule breaks must not keep the others from being watched; it stays due.
            failed += 1
            log.exception("company %s could not be judged", company)
    quiet = sum(answer.silent for answer in answers.values())
    return Done(len(due), quiet, failed, due[-1][0] if due else None)


@action("monitoring.batch", "企业监测批次", roles={Role.SYSTEM}, gather=_look_at_batch, event="")
def look_at_batch(work: Work, order: Batch, done: Done) -> Done:
    """Some companies, each judged in a transaction of its own before this one."""
    return done


@action("monitoring.stale", "登记数据更新检查", roles={Role.SYSTEM}, event="")
def check_stale(work: Work, order: None) -> int:
    """SUB-17: how many watched companies the registry has not answered about for too long."""
    return tell_stale(work)


@action("monitoring.ended", "结束不再监测企业的预警", roles={Role.SYSTEM}, event="")
def end_unwatched(work: Work, order: None) -> int:
    """End alerts about companies no longer watched, left over from an exit; returns how many."""
    ended = 0
    for kind, table in TABLES.items():
        unwatched = col(Alert.subject_id).not_in(select(table.id).where(is_watched(table)))
        for alert in lasting_alerts(work, Alert.subject_type == kind.value, unwatched):
            settle_alert(work, alert.rule_code, alert.subject_id, alert.key, "企业已退出或作废，不再监测")
            ended += 1
    return ended


def tell_stale(work: Work) -> int:
    """Raise the alert about the registry while the oldest answer is too old, and settle it when none is."""
    work.session.flush()
    if not is_on(work.thresholds, "SUB-17"):
        settle_alert(work, "SUB-17", REGISTRY_ID, "", OFF)
        return 0
    blue, yellow = (work.thresholds.integer(key) for key in (STALE_BLUE, STALE_YELLOW))
    waited = func.coalesce(CompanyWatch.answered_at, CompanyWatch.created_at)
    unanswered = sa.and_(
        col(CompanyWatch.outcome).not_in((Refreshed.ABSENT, Refreshed.MISS)),
        waited < work.now - timedelta(hours=blue),
        sa.or_(*(_still(kind) for kind in CompanyType)),
    )
    count = work.session.exec(select(func.count()).select_from(CompanyWatch).where(unanswered)).one()
    if not count:
        settle_alert(work, "SUB-17", REGISTRY_ID, "", "登记数据已恢复更新")
        return 0
    oldest = work.session.exec(
        select(CompanyWatch).where(unanswered).order_by(waited, col(CompanyWatch.id)).limit(1)
    ).one()
    since = oldest.answered_at or oldest.created_at
    grave = work.now - since > timedelta(hours=yellow)
    grade = AlertGrade.YELLOW if grave else AlertGrade.BLUE
    known = next(
        (alert for alert in lasting_alerts(work, Alert.subject_id == REGISTRY_ID) if alert.state in STANDING), None
    )
    if known is not None and known.grade.rank >= grade.rank and shanghai_day(known.last_seen) == work.today:
        # Looked at every few minutes, notified once a day.
        return count
    hours = int((work.now - since).total_seconds() // 3600)
    sign = Sign(
        grade,
        "登记数据超期未更新",
        f"有{count}家企业的登记数据未能更新，最久的已{hours}小时，期间相关预警规则结论为“待核验”。",
        (Line("未更新企业数", "", str(count)),),
        f"超过{blue}小时提示，超过{yellow}小时警示",
    )
    raise_alert(work, "SUB-17", Subject(REGISTRY, REGISTRY_ID, label=SOURCE), sign)
    raise_alarm(work, "REGISTRY.STALE", f"法人库数据超过{hours}小时未更新", kind=REGISTRY, key=SOURCE)
    return count


def _still(kind: CompanyType) -> sa.ColumnElement[bool]:
    table = TABLES[kind]
    watched = select(table.id).where(is_watched(table))
    return sa.and_(col(CompanyWatch.company_type) == kind, col(CompanyWatch.company_id).in_(watched))


# Every ten minutes, so that a night cut short by a crash or a silent registry goes on where it was.
@job("monitoring.night", "企业登记信息监测", every=600)
def watch_all(door: Door) -> int:
    if door.clock.now().astimezone(SHANGHAI).hour < _FROM_HOUR:
        return 0
    return watch_now(door)


def watch_now(door: Door) -> int:
    """Every company that is due: not yet judged today, nor asked in vain within the last hour."""
    total = 0
    for kind in CompanyType:
        after = None
        for _ in range(_ROUNDS):
            done = door.perform(look_at_batch, SYSTEM, Batch(kind, after=after))
            if not done.looked:
                break
            total, after = total + done.looked - done.silent - done.failed, done.last
    door.perform(end_unwatched, SYSTEM, None)
    door.perform(check_stale, SYSTEM, None)
    return total

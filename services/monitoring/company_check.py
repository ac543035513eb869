"""The check of a company: a new registry answer is stored, changes recorded, rules run, alerts raised."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.alerts import STANDING, Alert, AlertGrade
from models.monitoring import CompanyChange, CompanySnapshot, CompanyWatch, Refreshed
from models.sealed import Sealed
from services.alerts.alert_states import lasting_alerts, raise_alert, settle_alert
from services.alerts.signs import Line, Sign
from services.engine.clock import SHANGHAI, shanghai_day, shanghai_text
from services.engine.switches import OFF, is_on
from services.engine.work import Work
from services.monitoring.answer_comparison import Difference, differences, digest_of, kept_form, profile_from
from services.monitoring.companies import projects_of
from services.monitoring.rules import COMPARING, GRAVER_WITH_PROJECT, OWN_RULES, REGISTRY_RULES, Check
from services.monitoring.rules.days import months_back
from services.monitoring.rules.registered import REPRESENTATIVE_MONTHS
from services.monitoring.watched import Watched, WatchFacts
from services.ports.answers import Answer, AnswerState
from services.ports.registry import CompanyProfile

_OUTCOMES = {AnswerState.HIT: Refreshed.HIT, AnswerState.MISS: Refreshed.MISS, AnswerState.SKIPPED: Refreshed.ABSENT}
GONE = "登记信息或填报信息已不再符合预警条件"
TAKEN_BACK = "登记信息已恢复到变更前"
#: The rule that a company is found in the registry.
NOT_FOUND = "SUB-02"


def watch_company(work: Work, watch: CompanyWatch, company: Watched, answer: Answer[CompanyProfile]) -> int:
    """Store new data, run the rules, and return the number of open alerts of the company.

    Silence keeps the old answer: alerts based on it are neither raised nor settled.
    """
    now = answer.value if answer.hit else None
    kept = _kept(work, watch.snapshot_id)
    last = profile_from(kept.payload.json()) if kept is not None else None
    found: list[CompanyChange] = []
    again = now is None and watch.asked_at is not None and shanghai_day(watch.asked_at) == work.today
    watch.asked_at, watch.outcome = work.now, _OUTCOMES.get(answer.state, Refreshed.SILENT)
    if now is not None:
        watch.answered_at = work.now
        if kept is None or kept.digest != digest_of(now):
            found = _keep(work, watch, company, now, last, answer.source)
    if again:
        # Asked again in vain: what rests on our own records was judged today and would only be counted once more.
        work.add(watch)
        return 0
    standing = lasting_alerts(work, Alert.subject_id == company.id)
    began = {alert.rule_code: alert.evidence.json().get("baseline", "") for alert in standing if _compares(alert)}
    facts = _facts(work, company, now, last, began)
    checks = {**OWN_RULES, **(REGISTRY_RULES if now is not None else {})}
    baselines = {code: began.get(code) or (str(kept.id) if kept is not None else "") for code in COMPARING}
    raised = _raise(work, facts, checks, baselines)
    if kept is not None and answer.state is AnswerState.MISS and is_on(facts.thresholds, NOT_FOUND):
        raised[NOT_FOUND, ""] = _tell_gone(work, company, watch.answered_at)
    for change in found:
        change.alert_id = next((alert.id for alert in raised.values() if alert.rule_code == change.rule_code), None)
        work.add(change)
    judged = {*checks, NOT_FOUND} if now is not None else set(checks)
    _settle(work, judged, [alert for alert in standing if (alert.rule_code, alert.key) not in raised], found)
    if answer.state is not AnswerState.SILENT:
        # Who got no answer stays due, and is asked again in the same night.
        watch.judged_on = work.today
    work.add(watch)
    return sum(alert.state in STANDING for alert in raised.values())


def watch_row(work: Work, company: Watched) -> CompanyWatch:
    """The one row of a watched company, with the keys it has now."""
    row = work.first(CompanyWatch, CompanyWatch.company_id == company.id)
    if row is None:
        row = CompanyWatch(company_id=company.id)
    for name, key in company.keys.items():
        setattr(row, name, key)
    return work.add(row)


# Keeping


def _kept(work: Work, snapshot_id: UUID | str | None) -> CompanySnapshot | None:
    if not snapshot_id:
        return None
    return work.first(CompanySnapshot, CompanySnapshot.id == UUID(str(snapshot_id)))


def _keep(
    work: Work, watch: CompanyWatch, company: Watched, now: CompanyProfile, last: CompanyProfile | None, source: str
) -> list[CompanyChange]:
    kept = CompanySnapshot(
        taken_at=work.now,
        as_of=now.as_of,
        source=source[:20],
        payload=Sealed.of_json(kept_form(now)),
        digest=digest_of(now),
        **company.keys,
    )
    work.add(kept)
    watch.snapshot_id = kept.id
    if last is None:
        return []
    return [_change(work, kept, one, company.keys) for one in differences(last, now)]


def _change(work: Work, kept: CompanySnapshot, one: Difference, keys: Mapping[str, Any]) -> CompanyChange:
    return work.add(
        CompanyChange(
            snapshot_id=kept.id,
            field_path=one.path,
            label=one.label,
            before=Sealed.of_json(one.before),
            after=Sealed.of_json(one.after),
            detected_at=work.now,
            effective_on=one.effective_on,
            rule_code=one.rule,
            **keys,
        )
    )


# Judging


def _facts(
    work: Work,
    company: Watched,
    now: CompanyProfile | None,
    last: CompanyProfile | None,
    began: Mapping[str, str],
) -> WatchFacts:
    # What was just kept and found counts too.
    work.session.flush()
    kept = {code: _kept(work, snapshot_id) for code, snapshot_id in began.items()}
    return WatchFacts(
        company=company,
        today=work.today,
        thresholds=work.thresholds.over(company.owner.district_code),
        now=now,
        last=last,
        baselines={code: profile_from(row.payload.json()) for code, row in kept.items() if row is not None},
        representative_days=_representative_days(work, company),
        known_changes=_known(work, company),
        projects=projects_of(work, company),
    )


def _compares(alert: Alert) -> bool:
    return alert.rule_code in COMPARING and alert.state in STANDING


def _representative_days(work: Work, company: Watched) -> list[date]:
    """Days of changes we saw ourselves; one that puts an earlier one back counts with it."""
    since = months_back(work.today, work.thresholds.over(company.owner.district_code).integer(REPRESENTATIVE_MONTHS))
    rows = work.rows(
        CompanyChange,
        CompanyChange.company_id == company.id,
        CompanyChange.field_path == "legal_rep",
        col(CompanyChange.undone_on).is_(None),
    )
    days = [row.effective_on or row.detected_at.astimezone(SHANGHAI).date() for row in rows]
    return [day for day in days if day >= since]


def _known(work: Work, company: Watched) -> frozenset[str]:
    """Numbers of the changes in the first answer we have; without one, all there are now come to be known."""
    first = work.first(
        CompanySnapshot, CompanySnapshot.company_id == company.id, by=(CompanySnapshot.taken_at, CompanySnapshot.id)
    )
    if first is None:
        return frozenset()
    return frozenset(one.number for one in profile_from(first.payload.json()).changes)


def _raise(
    work: Work, facts: WatchFacts, checks: Mapping[str, Check], baselines: Mapping[str, str]
) -> dict[tuple[str, str], Alert]:
    raised = {}
    as_of = facts.now.as_of if facts.now is not None else None
    for code, check in checks.items():
        for found in check(facts) if is_on(facts.thresholds, code) else ():
            sign = _graver(code, found, facts)
            raised[code, sign.key] = raise_alert(
                work,
                code,
                facts.company.subject,
                sign,
                happened=code in COMPARING,
                data_time=shanghai_text(as_of) if as_of is not None else "",
                baseline=baselines.get(code, ""),
            )
    return raised


def _tell_gone(work: Work, company: Watched, answered_at: datetime | None) -> Alert:
    """Raise an alert for a company that the registry no longer knows; its last answer stays."""
    last = shanghai_text(answered_at) if answered_at is not None else ""
    words = f"法人库中已查不到信用代码{company.row.uscc}，最近一次查到是{last}，登记信息不再更新。"
    sign = Sign(AlertGrade.YELLOW, "法人库已查无该企业", words, (Line("法人库登记", "有", "查无"),))
    return raise_alert(work, NOT_FOUND, company.subject, sign, data_time=last)


def _graver(code: str, sign: Sign, facts: WatchFacts) -> Sign:
    """SUB-18: raise the grade by one for a company with an unfinished project."""
    names = facts.projects.unfinished
    if code not in GRAVER_WITH_PROJECT or not names or not is_on(facts.thresholds, "SUB-18"):
        return sign
    if sign.grade is AlertGrade.RED:
        return sign
    words = f"{sign.detail}企业有未完工项目（{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}），级别上调一级。"
    return replace(sign, grade=sign.grade.next, detail=words)


def _settle(work: Work, checks: Set[str], gone: Sequence[Alert], found: Sequence[CompanyChange]) -> None:
    """End what no longer holds. A change that was taken back counts no more, nor does the one that took it back."""
    for alert in gone:
        if not is_on(work.thresholds.over(alert.district_code), alert.rule_code):
            settle_alert(work, alert.rule_code, alert.subject_id, alert.key, OFF)
            continue
        if alert.rule_code not in checks:
            continue
        compared = _compares(alert)
        settle_alert(work, alert.rule_code, alert.subject_id, alert.key, TAKEN_BACK if compared else GONE)
        if compared:
            earlier = work.rows(CompanyChange, CompanyChange.alert_id == alert.id)
            for change in (*earlier, *(one for one in found if one.rule_code == alert.rule_code)):
                change.undone_on, change.alert_id = work.today, alert.id
                work.add(change)

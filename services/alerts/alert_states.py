"""Raising and settling alerts: one for a rule, a subject and a key; a repeat counts up and may get graver (market 2.16)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import UnitKind
from models.alerts import ALERT, STANDING, UNANSWERED, Alert, AlertAct, AlertAction, AlertGrade
from models.dialect import locked
from models.sealed import Sealed
from models.working_days import calendar
from services.alerts.catalogue import TOLD_BY_GRADE, together, told_of
from services.alerts.signs import Sign, Subject
from services.engine.kinds import Owner, kind_of_table
from services.engine.notices import notify
from services.engine.numbering import number_later
from services.engine.offices import offices_of
from services.engine.steps import take_step
from services.engine.switches import OFF, is_on
from services.engine.work import Work

CITY_CODE = "310000"
#: Subjects that lie in no district: groups, whose companies build in all of them, and outside systems.
OF_NO_DISTRICT = ("", CITY_CODE)
#: What is asked of a company, and of the office that watches its answer or has to give one itself.
ANSWER = "请在期限内确认并说明情况。"
_WATCH = "已请企业在期限内确认并说明情况，企业说明后请审阅。"
_ANSWER_AS_OFFICE = "没有告知企业，请在期限内确认并核实处理。"
#: Acts of rules, whether a job or a person ran them.
_BY_ITSELF = frozenset({AlertAct.RAISED, AlertAct.WORSENED, AlertAct.ESCALATED, AlertAct.RESOLVED})


def raise_alert(
    work: Work, rule_code: str, about: Subject, sign: Sign, *, happened: bool = False, **more: str
) -> Alert:
    """The one open alert of this rule, subject and key: a new one, or the one there is, seen once more and maybe graver.

    What the authority has closed is not raised again while its condition lasts and gets no worse; with `happened` the alert
    is about a new event, which no earlier closing covers. `more` is kept with the evidence, which pages and the notice show.
    """
    owner = about.owner
    open_key = _key(rule_code, about.id, sign.key)
    more = {"basis": sign.basis, **more} if sign.basis else more
    evidence = {"lines": [line._asdict() for line in sign.lines], "threshold": sign.threshold, **more}
    standing = _standing(work, open_key)
    if standing is not None:
        _again(work, standing, sign, evidence)
        pass_on(work, standing, owner)
        return standing
    quiet = work.first(Alert, Alert.quiet_key == open_key)
    if quiet is not None:
        if not happened and sign.grade.rank <= quiet.grade.rank:
            return quiet
        quiet.quiet_key = None
        work.add(quiet)
    due_on = sign.due_on or _answer_by(work, sign.grade)
    alert = Alert(
        rule_code=rule_code,
        subject_type=about.type,
        subject_id=about.id,
        subject_label=(about.label or _label_of(work, about))[:200],
        key=sign.key[:80],
        open_key=open_key,
        grade=sign.grade,
        title=sign.title[:120],
        detail=Sealed.of_json(sign.detail),
        evidence=Sealed.of_json(evidence),
        told=told_of(rule_code, sign.grade),
        first_seen=work.now,
        last_seen=work.now,
        acknowledge_by=_acknowledge_by(work, due_on),
        due_on=due_on,
        **owner.keys,
    )
    work.add(alert)
    number_later(
        work, "YJ", owner.district_code or CITY_CODE, work.today, lambda number: _numbered(work, alert, number)
    )
    note(work, alert, AlertAct.RAISED)
    tell(work, alert, alert.told, ANSWER)
    return alert


def sweep(work: Work, rule_code: str, found: Iterable[tuple[Subject, Sign]], because: str) -> int:
    """Raise what a watch finds, and settle the lasting alerts of its rule that it finds no more; returns how many it found.

    A rule that is switched off finds nothing.
    """
    found = [one for one in found if is_on(work.thresholds.over(one[0].owner.district_code), rule_code)]
    for about, sign in found:
        raise_alert(work, rule_code, about, sign)
    there = {(about.id, sign.key) for about, sign in found}
    for alert in lasting_alerts(work, Alert.rule_code == rule_code):
        if (alert.subject_id, alert.key) not in there:
            settle(work, alert, because)
    return len(found)


def settle(work: Work, alert: Alert, because: str) -> None:
    """End an alert that its rule does not find any more, or whose rule is switched off."""
    off = not is_on(work.thresholds.over(alert.district_code), alert.rule_code)
    settle_alert(work, alert.rule_code, alert.subject_id, alert.key, OFF if off else because)


def settle_alert(work: Work, rule_code: str, subject_id: UUID, key: str, because: str) -> Alert | None:
    """End an alert whose condition is gone; `because` enters its history. Returns None where there was none.

    A closed alert may be raised again from now on, should the condition return.
    """
    open_key = _key(rule_code, subject_id, key)
    alert: Alert | None = work.session.exec(
        locked(work.session, select(Alert).where((Alert.open_key == open_key) | (Alert.quiet_key == open_key)))
    ).first()
    if alert is None:
        return None
    if alert.state not in STANDING:
        alert.quiet_key = None
        return work.add(alert)
    take_step(work, alert, ALERT, "resolve")
    end(work, alert)
    note(work, alert, AlertAct.RESOLVED, because)
    tell(work, alert, alert.told, f"{because}，预警已自动解除。", ended=True)
    return alert


def lasting_alerts(work: Work, *where: Any) -> Sequence[Alert]:
    """Return open alerts, and closed ones whose condition lasts, as far as the clauses hold of them."""
    lasting = col(Alert.open_key).is_not(None) | col(Alert.quiet_key).is_not(None)
    return work.rows(Alert, lasting, *where, by=(Alert.rule_code, Alert.key, Alert.id))


def pass_on(work: Work, alert: Alert, owner: Owner) -> None:
    """Assign an alert to the new companies or district of its subject, and notify them."""
    newcomers = ""
    if owner.district_code and owner.district_code != alert.district_code:
        alert.district_code, newcomers = owner.district_code, "D"
    if owner.head_company_id is not None and owner.head_company_id != alert.head_company_id:
        alert.head_company_id, newcomers = owner.head_company_id, f"H{newcomers}"
    if owner.project_company_id is not None and owner.project_company_id != alert.project_company_id:
        alert.project_company_id, newcomers = owner.project_company_id, f"P{newcomers}"
    if not newcomers:
        return
    work.add(alert)
    if alert.open_key is not None:
        tell(work, alert, "".join(one for one in newcomers if one in alert.told), ANSWER)


def go_up(work: Work, alert: Alert, grade: AlertGrade, step: str, act: AlertAct, said: str) -> None:
    """Raise the grade of an alert; it needs a new acknowledgement, by more recipients if the grade says so."""
    answered = alert.state not in UNANSWERED
    take_step(work, alert, ALERT, step)
    before, alert.grade = alert.grade, grade
    wider = told_of(alert.rule_code, grade)
    if act is AlertAct.ESCALATED:
        # No recipient has answered: the default recipients of the grade are notified too.
        wider = together(wider, TOLD_BY_GRADE[grade])
    alert.told = together(alert.told, wider)
    # An answered alert is asked anew; one without an answer stays overdue.
    due_on = _answer_by(work, grade)
    if alert.due_on >= work.today or not answered:
        due_on = min(due_on, alert.due_on)
    alert.due_on, alert.acknowledge_by = due_on, _acknowledge_by(work, due_on)
    work.add(alert)
    moved = f"级别由{before.label}调整为{grade.label}"
    note(work, alert, act, moved)
    tell(work, alert, alert.told, f"{said}，{moved}。")


def end(work: Work, alert: Alert, *, quiet: bool = False) -> None:
    """End an alert. With `quiet`, do not reopen it while its condition still holds."""
    alert.quiet_key = alert.open_key if quiet else None
    alert.open_key = None
    alert.ended_at = work.now
    work.add(alert)


def note(work: Work, alert: Alert, act: AlertAct, text: str = "", files: tuple[UUID, ...] = ()) -> AlertAction:
    """Return a line of an alert's history."""
    said = {"text": text, "files": [str(file) for file in files]} if text or files else None
    return work.add(
        AlertAction(
            alert_id=alert.id,
            act=act,
            grade=alert.grade,
            by_account=None if act in _BY_ITSELF else work.caller.account_id,
            by_unit=None if act in _BY_ITSELF else work.caller.unit_id,
            at=work.now,
            said=Sealed.of_json(said) if said else None,
        )
    )


def tell(work: Work, alert: Alert, told: str, words: str, *, ended: bool = False) -> None:
    """A notice to each recipient there is."""
    subject = f"{'预警解除' if ended else f'{alert.grade.label}级预警'}：{alert.title}"
    company = answering_company(alert)
    office_words = words if words != ANSWER else _WATCH if company else _ANSWER_AS_OFFICE
    body, for_office = (f"{alert.subject_label}：{alert.title}。{said}" for said in (words, office_words))
    if "P" in told:
        notify(work, subject, body, about=alert, to_enterprise=alert.project_company_id)
    if "H" in told:
        notify(work, subject, body, about=alert, to_enterprise=alert.head_company_id)
    offices: list[UUID] = []
    if "D" in told:
        here = None if alert.district_code in OF_NO_DISTRICT else alert.district_code
        offices += offices_of(work, UnitKind.DISTRICT_BUREAU, here)
    if "C" in told:
        offices += offices_of(work, UnitKind.CITY_BUREAU, CITY_CODE)
    for unit in offices:
        notify(work, subject, for_office, about=alert, to_unit=unit)


def answering_company(alert: Alert) -> UUID | None:
    """Return a company that is notified of an alert and answers it; None where the authority does."""
    return ("H" in alert.told and alert.head_company_id) or ("P" in alert.told and alert.project_company_id) or None


def _again(work: Work, alert: Alert, sign: Sign, evidence: Mapping[str, Any]) -> None:
    alert.hits, alert.last_seen = alert.hits + 1, work.now
    worse = sign.grade.rank > alert.grade.rank
    if worse or alert.title != sign.title[:120] or alert.detail.json() != sign.detail:
        alert.title, alert.detail = sign.title[:120], Sealed.of_json(sign.detail)
        alert.evidence = Sealed.of_json(dict(evidence))
    alert.due_on = sign.due_on or alert.due_on
    alert.acknowledge_by = min(alert.acknowledge_by, alert.due_on)
    work.add(alert)
    if worse:
        go_up(work, alert, sign.grade, "worsen", AlertAct.WORSENED, "情形加重")


def _standing(work: Work, open_key: str) -> Alert | None:
    """Return the open alert, even if this transaction raised it."""
    fresh = (row for row in work.session.new if isinstance(row, Alert) and row.open_key == open_key)
    if (raised := next(fresh, None)) is not None:
        return raised
    found: Alert | None = work.session.exec(
        locked(work.session, select(Alert).where(Alert.open_key == open_key))
    ).first()
    return found


def _key(rule_code: str, subject_id: UUID, key: str) -> str:
    return f"{rule_code}:{subject_id.hex}:{key}"[:160]


def _numbered(work: Work, alert: Alert, number: str) -> None:
    alert.alert_no = number
    work.add(alert)


def _acknowledge_by(work: Work, due_on: date) -> date:
    """Return the day by which an alert is confirmed, which is not after the one by which it is answered."""
    days = work.thresholds.integer("alerts.acknowledge_days")
    return min(calendar().add_working_days(work.today, days), due_on)


def _answer_by(work: Work, grade: AlertGrade) -> date:
    return calendar().add_working_days(work.today, work.thresholds.integer(f"alerts.answer_days_{grade.lower()}"))


def _label_of(work: Work, about: Subject) -> str:
    kind = kind_of_table(about.type)
    row = work.session.get(kind.table, about.id) if kind is not None else None
    named = getattr(row, kind.look.title, "") if kind is not None and row is not None else ""
    return named if isinstance(named, str) else ""

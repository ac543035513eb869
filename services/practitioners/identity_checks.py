"""Questions to police and association about applicants, who wait while these are silent (row 44, K01-K03)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.practitioner_codes import APPLY, ApplyKind, ApplyState, CheckAnswer
from models.practitioners import CardApply
from models.sealed import Sealed
from services.access.visibility import ENTERPRISE
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.findings import Finding, Outcome, Severity, judge
from services.engine.jobs import repeated
from services.engine.look_ups import held
from services.engine.orders import OneRow
from services.engine.refusals import Conflict
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.work import Work
from services.ports.answers import Answer, AnswerState, PersonQuestion, silent
from services.ports.blacklist import BLACKLIST, MOST_AT_ONCE, BlacklistEntry
from services.ports.systems import POLICE as POLICE_REGISTER
from services.ports.systems import Systems
from services.practitioners.facts import Answers, ApplyFacts
from services.practitioners.orders import PersonData
from services.practitioners.records import firm_of, of_sound_firm, person_of, sound, tell_firm
from services.practitioners.rules import CHECK_RULES, answered
from services.practitioners.visibility import DISTRICT

POLICE, ASSOCIATION = "公安人口库", "行业黑名单"
#: Minutes until the next try after the first, second, third silence; then every hour (decision 27).
RETRY_MINUTES = (1, 5, 30)
#: No user waits before a screen while a batch is asked about.
_BATCH_SECONDS = 20.0


def ask_of(systems: Systems, person: PersonData) -> Answers:
    """Ask both questions about a person within the deadline of a waiting user."""
    said = together(
        {
            "two_factor": (POLICE, lambda: systems.at(POLICE_REGISTER).same_person(_question(person))),
            "blacklist": (ASSOCIATION, lambda: _entries(systems, [person.id_no])),
        }
    )
    return Answers(said["two_factor"], _own(said["blacklist"], person.id_no))


def ask_all(
    systems: Systems, people: Mapping[UUID, PersonData], *, compared: bool = True, listed: bool = True
) -> dict[UUID, Answers]:
    """Ask about up to 200 people, the blacklist in a single question; for jobs. Without `compared` the police are
    not asked, without `listed` the blacklist is not.
    """
    numbers = [person.id_no for person in people.values()]
    questions: dict[str, tuple[str, Callable[[], Answer[Any]]]] = {
        str(key): (POLICE, lambda person=person: systems.at(POLICE_REGISTER).same_person(_question(person)))  # type: ignore[misc]
        for key, person in people.items()
        if compared
    }
    if listed:
        questions["blacklist"] = (ASSOCIATION, lambda: _entries(systems, numbers))
    said = together(questions, deadline=_BATCH_SECONDS)
    return {
        key: Answers(said.get(str(key)), _own(said["blacklist"], person.id_no) if listed else None)
        for key, person in people.items()
    }


def _question(person: PersonData) -> PersonQuestion:
    return PersonQuestion(person.name, person.id_type, person.id_no)


def _entries(systems: Systems, numbers: Sequence[str]) -> Answer[Mapping[str, tuple[BlacklistEntry, ...]]]:
    listed = systems.find(BLACKLIST)
    return silent(ASSOCIATION, "未接入") if listed is None else listed.entries_of(numbers)


def _own(said: Answer[Mapping[str, tuple[BlacklistEntry, ...]]], id_no: str) -> Answer[tuple[BlacklistEntry, ...]]:
    """The one person's part of the answer about all."""
    if not answered(said):
        return silent(said.source, said.note, said.milliseconds)
    entries = (said.value or {}).get(id_no, ())
    state = AnswerState.HIT if entries else AnswerState.MISS
    return Answer(state, said.source, entries, said.at, said.milliseconds)


def said_of(answers: Answers, facts: ApplyFacts) -> tuple[CheckAnswer, CheckAnswer]:
    """Return how the two answers are kept beside the application."""
    two, listed = answers.two_factor, answers.blacklist
    first = second = CheckAnswer.UNASKED
    if two is not None:
        good = two.hit and two.value is not None and two.value.agree
        first = CheckAnswer.SILENT if not answered(two) else CheckAnswer.GOOD if good else CheckAnswer.BAD
    if listed is not None:
        hit = any(entry.holds(facts.today) for entry in listed.value or ())
        second = CheckAnswer.SILENT if not answered(listed) else CheckAnswer.BAD if hit else CheckAnswer.GOOD
    return first, second


# What follows from the answers


def findings_json(found: Sequence[Finding]) -> Sealed:
    return Sealed.of_json(
        [{"code": one.code, "message": one.message, "field": one.field, "severity": str(one.severity)} for one in found]
    )


def keep_findings(apply: CardApply, found: Sequence[Finding]) -> None:
    apply.findings = findings_json(found)


def kept_findings(apply: CardApply) -> list[Finding]:
    """Return the stored findings of an application."""
    kept = apply.findings.json() if apply.findings else []
    return [Finding(one["code"], one["message"], one["field"], Severity.of(one["severity"])) for one in kept]


def settle(work: Work, apply: CardApply, facts: ApplyFacts) -> list[Finding]:
    """Take an application on by what was answered: to the inspector, to its rejection, or to the next try."""
    judged = judge(facts, CHECK_RULES)
    codes = {rule.code for rule in CHECK_RULES}
    keep_findings(apply, [*(one for one in kept_findings(apply) if one.code not in codes), *judged.findings])
    apply.two_factor, apply.blacklist = said_of(facts.answers, facts)
    apply.checked_at = work.now
    if judged.outcome is Outcome.PASS:
        take_step(work, apply, APPLY, "verified")
        apply.check_again_at = None
    elif judged.outcome is Outcome.PENDING:
        _wait_on(work, apply)
    else:
        take_step(work, apply, APPLY, "auto_reject")
        apply.check_again_at, apply.decided_at = None, work.now
        told = "；".join(one.message for one in judged.stopping)
        body = f"{apply.name.masked()}的信息卡申请核验未通过：{told}。问题解决后可以重新申请。"
        tell_firm(work, apply.enterprise_id, "信息卡申请核验未通过", body, apply)
    work.add(apply)
    return judged.findings


def _wait_on(work: Work, apply: CardApply) -> None:
    apply.attempts += 1
    minutes = RETRY_MINUTES[apply.attempts - 1] if apply.attempts <= len(RETRY_MINUTES) else 60
    again = work.now + timedelta(minutes=minutes)
    last = (apply.submitted_at or work.now) + timedelta(hours=work.thresholds.integer("practitioners.check_hours"))
    if again <= last:
        apply.check_again_at = again
        return
    apply.check_again_at = None
    body = f"{apply.name.masked()}的信息卡申请因核验系统持续未应答，尚未完成核验。申请仍然有效，可以点击“重新核验”。"
    tell_firm(work, apply.enterprise_id, "信息卡申请核验尚未完成", body, apply)


# The job


def _gather(gathering: Gathering, order: None) -> dict[UUID, Answers]:
    people = gathering.look(_due)
    return ask_all(gathering.systems, people) if people else {}


def _is_due(work: Work) -> Any:
    waits = sa.and_(col(CardApply.state) == ApplyState.SUBMITTED, col(CardApply.check_again_at) <= work.now)
    return sa.and_(waits, sound(work, CardApply), of_sound_firm(work, CardApply))


def _any_due(work: Work) -> bool:
    """Return whether there is one; the row itself is not read."""
    return work.has(CardApply, _is_due(work))


def _due(work: Work) -> dict[UUID, PersonData]:
    found = work.rows(CardApply, _is_due(work), by=(CardApply.check_again_at, CardApply.id), most=MOST_AT_ONCE)
    return {row.id: person_of(row.after.json()) for row in found if row.after is not None}


@action("practitioners.check", "核验信息卡申请", roles={Role.SYSTEM}, gather=_gather, event="")
def check_due(work: Work, order: None, said: dict[UUID, Answers]) -> int:
    """Advance the applications that are due by their answers, up to 200; one in use by another user waits for the next round.

    What stays silent is due later, so that a round of the job ends.
    """
    rows = work.free(
        select(CardApply)
        .where(col(CardApply.id).in_(list(said)), CardApply.state == ApplyState.SUBMITTED)
        .order_by(col(CardApply.id))
    ).all()
    firms: dict[UUID, Any] = {}
    for row in rows:
        firm = firms.setdefault(row.enterprise_id, firm_of(work, row.enterprise_id))
        person = person_of(row.after.json() if row.after else {})
        facts = ApplyFacts(work.today, work.thresholds, row.kind, person, firm, answers=said[row.id])
        settle(work, row, facts)
    return len(rows)


repeated("practitioners.check", "核验信息卡申请", check_due, every=5, due=_any_due)


@action(
    "practitioners.check_again",
    "重新核验",
    roles=ENTERPRISE | DISTRICT,
    step=Step(APPLY, "check_again"),
    event="DATA.UPDATE",
)
def check_again(work: Work, order: OneRow) -> None:
    """Have an application that still waits for an answer checked now."""
    apply = held(work, CardApply, order.id, order.version)
    if apply.state is not ApplyState.SUBMITTED or apply.kind is ApplyKind.CANCEL:
        raise Conflict(f"该申请现为“{apply.state.label}”，不需要重新核验")
    apply.check_again_at = work.now
    work.add(apply)
    work.trail.tell("DATA.UPDATE", "practitioners.check_again", about=apply)

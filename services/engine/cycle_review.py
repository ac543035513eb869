"""A version put before its reviewers, taken back or tried beforehand, and a reviewer's word about it (market 3.2, 3.3)."""

from typing import Any
from uuid import UUID

from sqlmodel import col

from models.records import REVISION, Revision, RevisionStep, StepVerdict
from models.sealed import Sealed
from services.engine.actor_names import person
from services.engine.comparison import RETURNED_AS
from services.engine.cycle_effect import number_revision, take_effect
from services.engine.cycle_judgement import Answers, ask, findings_json, findings_of, follow, stopping, unanswered
from services.engine.cycle_lock import (
    give_owner,
    held,
    named_version,
    note_step,
    own_office,
    owner_of,
    review_due,
    reviewing,
    seen,
    tell_maker,
)
from services.engine.cycle_orders import Decide, OneRevision, Submit
from services.engine.door import Gathering
from services.engine.findings import Finding
from services.engine.kinds import Kind
from services.engine.notices import notify
from services.engine.opinions import settle_opinions
from services.engine.proposals import form_of
from services.engine.refusals import Conflict, Rejected
from services.engine.steps import take_step
from services.engine.undo import keep_for_undo
from services.engine.words import LEAST_WORDS, enough_words, some_words
from services.engine.work import Work

_NONE: Answers = {}


def gather(kind: Kind, gathering: Gathering, order: Submit | Decide) -> Answers:
    """Ask outside systems about the version of an order, with no transaction open."""
    return ask(kind, gathering, order.revision_id)


def submit(kind: Kind, work: Work, order: Submit, answers: Answers = _NONE) -> None:
    """Put a version before its reviewers, or say everything that is in the way; without review it takes effect at once."""
    row = held(work, kind, order.revision_id, order.version)
    own_office(work, row)
    if REVISION.after("submit", row.state) is None:
        raise Conflict(f"当前状态为“{row.state.label}”，不能提交")
    form = form_of(kind, row.payload.json())
    owner = follow(work, kind, owner_of(row), form)
    findings = findings_of(work, kind, row, form, owner, answers, references=True)
    if stops := stopping(findings):
        raise Rejected(f"还有{len(stops)}处需要修改，暂不能提交", findings)
    if unanswered(findings, order.reasons, LEAST_WORDS):
        raise Rejected(f"有提示项需要说明理由（每项不少于{LEAST_WORDS}个字）后才能提交", findings)
    give_owner(row, owner)
    row.payload = Sealed.of_json({**row.payload.json(), "relaxed": owner.relaxed})
    reasons = {
        one.code: some_words(str(order.reasons[one.code]), "说明理由") for one in findings if one.code in order.reasons
    }
    row.rule_results = Sealed.of_json(
        {"at": work.now.isoformat(), "stage": "submit", "findings": findings_json(findings), "reasons": reasons}
    )
    take_step(work, row, REVISION, "submit")
    row.submitted_by, row.submitted_at = work.caller.account_id, work.now
    row.review_step, row.review_due = 0, review_due(work) if kind.review else None
    row.taken_by = row.taken_at = row.assigned_to = row.opened_at = row.reviewed_by = row.reviewed_at = None
    # The next reviewer compares with what was returned.
    returned = _returned(row)
    row.opinion = Sealed.of_json(returned) if returned else None
    number_revision(work, kind, row)
    note_step(work, row, StepVerdict.SUBMITTED, level="提交", act=f"{kind.name}.submit")
    if not kind.review:
        take_effect(work, kind, row, form)


def withdraw(kind: Kind, work: Work, order: OneRevision) -> None:
    """Take a version back while no reviewer has looked at it."""
    row = held(work, kind, order.revision_id, order.version or None, though_moved=True)
    own_office(work, row)
    if REVISION.after("withdraw", row.state) is None:
        raise Conflict(f"当前状态为“{row.state.label}”，不能撤回")
    if row.opened_at is not None or row.review_step > 0:
        raise Conflict("审核人员已开始审核，不能撤回；如需修改，请联系审核人员退回")
    take_step(work, row, REVISION, "withdraw")
    row.review_due = row.assigned_to = None
    note_step(work, row, StepVerdict.WITHDRAWN, level="提交", act=f"{kind.name}.withdraw")


def trial(kind: Kind, work: Work, revision_id: UUID, answers: Answers = _NONE) -> tuple[Finding, ...]:
    """Return what submission would find now; nothing is written."""
    row: Revision = seen(work, kind, revision_id)
    form = form_of(kind, row.payload.json())
    owner = follow(work, kind, owner_of(row), form)
    return tuple(findings_of(work, kind, row, form, owner, answers, references=True))


_MOST_FIELDS = 200


def take(kind: Kind, work: Work, order: OneRevision) -> None:
    """Take a version in hand; from now on its maker cannot withdraw it, and a colleague takes another one."""
    row = held(work, kind, order.revision_id, order.version or None)
    reviewing(work, kind, row)
    _open(work, row)
    row.taken_by, row.taken_at = work.caller.account_id, work.now
    work.add(row)
    work.trail.tell("DATA.STATE", f"{kind.name}.take", about=row, digest=row.digest)


def release(kind: Kind, work: Work, order: OneRevision) -> None:
    """Give it back to the queue; whose it is not, cannot."""
    row = held(work, kind, order.revision_id, order.version or None)
    if row.taken_by is None:
        raise Conflict("本记录没有被领取")
    if row.taken_by != work.caller.account_id:
        raise Conflict(f"本记录由{person(work, row.taken_by)}领取，不能由您放回")
    row.taken_by = row.taken_at = None
    work.add(row)
    work.trail.tell("DATA.STATE", f"{kind.name}.release", about=row, digest=row.digest)


def send_back(kind: Kind, work: Work, order: Decide) -> None:
    """Return a version to its maker with what is to be changed."""
    row, level, opinion = _speaking(kind, work, order, "send_back")
    take_step(work, row, REVISION, "send_back")
    _spoken(work, row, opinion, order.fields, **{RETURNED_AS: row.payload.json()})
    row.review_due = None
    note_step(work, row, StepVerdict.RETURNED, level=level, opinion=opinion, act=f"{kind.name}.send_back")
    tell_maker(work, kind, row, "已退回修改", opinion)


def reject(kind: Kind, work: Work, order: Decide) -> None:
    """Refuse a version for good; what is in force stays as it is."""
    row, level, opinion = _speaking(kind, work, order, "reject")
    take_step(work, row, REVISION, "reject")
    _spoken(work, row, opinion, order.fields)
    row.open_key, row.review_due = None, None
    note_step(work, row, StepVerdict.REJECTED, level=level, opinion=opinion, act=f"{kind.name}.reject")
    tell_maker(work, kind, row, "不予通过", opinion)


def step_back(kind: Kind, work: Work, order: Decide) -> None:
    """Give a version back to the level before, whose reviewers decide about it anew."""
    row, level, opinion = _speaking(kind, work, order, "step_back")
    if row.review_step == 0:
        raise Conflict("当前为第一级审核，没有上一级；需要修改的请退回填报单位")
    take_step(work, row, REVISION, "step_back")
    _spoken(work, row, opinion, order.fields)
    row.review_step -= 1
    row.review_due = review_due(work)
    note_step(work, row, StepVerdict.HANDED_BACK, level=level, opinion=opinion, act=f"{kind.name}.step_back")
    _tell_level_before(work, kind, row, opinion)


def _tell_level_before(work: Work, kind: Kind, row: Revision, opinion: str) -> None:
    """Notify who passed the version at the level that decides anew."""
    passed = work.first(
        RevisionStep.by_account,
        RevisionStep.revision_id == row.id,
        RevisionStep.verdict == StepVerdict.PASSED,
        by=(col(RevisionStep.at).desc(), col(RevisionStep.id).desc()),
    )
    if passed is not None:
        words = f"{named_version(kind, row)}由上级退回“{kind.review[row.review_step].label}”重新审核。{opinion}"
        notify(work, "退回上一级重新审核", words, about=row, to_account=passed)


def _speaking(kind: Kind, work: Work, order: Decide, verb: str) -> tuple[Revision, str, str]:
    row = held(work, kind, order.revision_id, order.version)
    level = reviewing(work, kind, row)
    opinion = enough_words(order.opinion, "审核意见")
    keep_for_undo(work, row, verb)
    settle_opinions(work, kind, row, level)
    return row, level.label, opinion


def _returned(row: Revision) -> dict[str, Any]:
    """Return the part of the reviewer's word that keeps the returned content; empty if it was never returned."""
    kept = row.opinion.json().get(RETURNED_AS) if row.opinion is not None else None
    return {RETURNED_AS: kept} if kept is not None else {}


def _spoken(work: Work, row: Revision, opinion: str, fields: tuple[str, ...], **more: Any) -> None:
    _open(work, row)
    row.reviewed_by, row.reviewed_at = work.caller.account_id, work.now
    pointed = [str(name)[:120] for name in fields[:_MOST_FIELDS]]
    row.opinion = Sealed.of_json({**_returned(row), "text": opinion, "fields": pointed, **more})
    row.taken_by = row.taken_at = row.assigned_to = None
    work.add(row)


def _open(work: Work, row: Revision) -> None:
    row.opened_at = row.opened_at or work.now


# ------------------------------------------------------------------ passing


def approve(kind: Kind, work: Work, order: Decide, answers: Answers = _NONE) -> None:
    """Pass a version at the level that waits; what stops a submission stops this too, for much may have changed since."""
    row = held(work, kind, order.revision_id, order.version)
    level = reviewing(work, kind, row)
    opinion = some_words(order.opinion, "审核意见")
    form = form_of(kind, row.payload.json())
    owner = follow(work, kind, owner_of(row), form)
    findings = findings_of(work, kind, row, form, owner, answers, references=False)
    if stops := stopping(findings):
        raise Rejected(f"重新核验发现{len(stops)}处问题，不能通过，请退回修改", findings)
    keep_for_undo(work, row, "approve")
    settle_opinions(work, kind, row, level)
    kept = row.rule_results.json() if row.rule_results is not None else {}
    row.rule_results = Sealed.of_json(
        {**kept, "at": work.now.isoformat(), "stage": "approve", "findings": findings_json(findings)}
    )
    _spoken(work, row, opinion, ())
    if row.review_step + 1 < len(kind.review):
        take_step(work, row, REVISION, "pass_on")
        row.review_step += 1
        row.review_due = review_due(work)
        note_step(work, row, StepVerdict.PASSED, level=level.label, opinion=opinion, act=f"{kind.name}.pass_on")
        return
    row.review_due = None
    take_effect(work, kind, row, form, level=level.label, opinion=opinion)
    tell_maker(work, kind, row, "已审核通过", opinion)

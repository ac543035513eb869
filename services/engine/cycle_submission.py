"""Submitting a version, taking it back, and trying beforehand what submission would say (market 3.2)."""

from uuid import UUID

from models.records import REVISION, Revision, StepVerdict
from models.sealed import Sealed
from services.engine.cycle_effect import number_revision, take_effect
from services.engine.cycle_judgement import Answers, ask, findings_json, findings_of, follow, stopping, unanswered
from services.engine.cycle_lock import give_owner, held, note_step, own_office, owner_of, review_due, seen
from services.engine.cycle_orders import OneRevision, Submit
from services.engine.door import Gathering
from services.engine.findings import Finding
from services.engine.kinds import Kind
from services.engine.proposals import form_of
from services.engine.refusals import Conflict, Rejected
from services.engine.steps import take_step
from services.engine.words import LEAST_WORDS, some_words
from services.engine.work import Work

_NONE: Answers = {}


def gather_submit(kind: Kind, gathering: Gathering, order: Submit) -> Answers:
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
    row.taken_by = row.taken_at = row.assigned_to = row.opened_at = row.reviewed_by = row.reviewed_at = row.opinion = (
        None
    )
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


def gather_trial(kind: Kind, gathering: Gathering, revision_id: UUID) -> Answers:
    return ask(kind, gathering, revision_id)


def trial(kind: Kind, work: Work, revision_id: UUID, answers: Answers = _NONE) -> tuple[Finding, ...]:
    """Return what submission would find now; nothing is written."""
    row: Revision = seen(work, kind, revision_id)
    form = form_of(kind, row.payload.json())
    owner = follow(work, kind, owner_of(row), form)
    return tuple(findings_of(work, kind, row, form, owner, answers, references=True))

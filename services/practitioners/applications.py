"""An application for a card from its first draft until it waits for the inspector (rows 39, 42; leasing 3.8)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.columns import new_id
from models.dialect import bulk_insert
from models.enterprise import Enterprise
from models.practitioner_codes import APPLY, ApplyChannel, ApplyKind, ApplyState, CheckAnswer
from models.practitioners import CardApply, InfoCard, Practitioner
from models.sealed import Sealed, index_of, indexes_of
from models.sealed_rows import seal_rows
from services.access.visibility import ENTERPRISE, firm_id_of_caller
from services.engine.door import Gathering
from services.engine.findings import Finding, Judgement, Severity, judge
from services.engine.look_ups import row_by
from services.engine.numbering import number_later
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import Step, action, query
from services.engine.steps import begin_in, take_step
from services.engine.work import Work
from services.practitioners.cards import withdraw_open
from services.practitioners.facts import Answers, ApplyFacts, apply_facts, known_of
from services.practitioners.identity_checks import ask_of, findings_json, keep_findings, settle
from services.practitioners.orders import ApplyAnswer, ApplyFor, FileRows
from services.practitioners.records import (
    firm_of,
    held_firm,
    held_own,
    number_apply,
    of_practitioner,
    person_json,
    place_with_firm,
    placed_with,
    tidy,
)
from services.practitioners.rules import ALL_RULES, SUBMIT_RULES

MOST_ROWS = 200
REFUSED = "信息卡申请未能提交，请按提示修改"
_ANOTHER = Finding("K10", "证件号码与协会登记的不同", "id_no", Severity.REFUSE)
_TWICE = "该人员在本批次中已提交过，同一人只需一份申请"


def _ask(gathering: Gathering, order: ApplyFor) -> Answers:
    """Police and association are asked only about an application that our own rules let through."""
    tidied = replace(order, person=tidy(order.person))
    if not order.submit or gathering.look(lambda work: judge(_facts(work, tidied), SUBMIT_RULES).stopping):
        return Answers()
    return ask_of(gathering.systems, tidied.person)


def _facts(work: Work, order: ApplyFor, answers: Answers | None = None) -> ApplyFacts:
    firm = firm_of(work, firm_id_of_caller(work))
    return apply_facts(work, firm, order, known_of(work, firm.id, [order]), answers or Answers())


@query("practitioners.would_pass", "试核验信息卡申请", roles=ENTERPRISE, personal=True, gather=_ask)
def would_pass(work: Work, order: ApplyFor, answers: Answers) -> list[Finding]:
    """Return all findings as if this were submitted now; only the trial itself is logged."""
    tidied = replace(order, person=tidy(order.person))
    return judge(_facts(work, tidied, answers), ALL_RULES).findings


@action(
    "practitioners.apply", "申办信息卡", roles=ENTERPRISE, gather=_ask, step=Step(APPLY, "submit"), event="DATA.CREATE"
)
def apply_for_card(work: Work, order: ApplyFor, answers: Answers) -> ApplyAnswer:
    """Keep a draft, or hand an application in; with both systems' answers it reaches the inspector or is rejected at once.

    Raises `Rejected` with every finding when our own rules stop it; what was a draft stays one.
    """
    if order.kind is ApplyKind.CANCEL:
        raise Rejected("注销信息卡请在信息卡上办理")
    firm = held_firm(work, firm_id_of_caller(work))
    order = replace(order, person=tidy(order.person))
    apply = _continued(work, order) if order.draft_id else begin_apply(work, firm, order, ApplyChannel.FIRM)
    if not order.submit:
        work.trail.tell("DATA.UPDATE", "practitioners.apply", about=apply, detail={"state": str(apply.state)})
        return work.later(lambda: answer_of(apply, ()))
    facts = apply_facts(work, firm, order, known_of(work, firm.id, [order]), answers)
    judged = judge(facts, SUBMIT_RULES)
    if judged.stopping:
        raise Rejected(REFUSED, judged.findings)
    found = [*judged.findings, *_hand_in(work, firm, apply, facts, judged)]
    return work.later(lambda: answer_of(apply, found))


def answer_of(apply: CardApply, findings: Sequence[Finding]) -> ApplyAnswer:
    return ApplyAnswer(apply.id, apply.apply_no, apply.state, tuple(findings))


def _continued(work: Work, order: ApplyFor) -> CardApply:
    assert order.draft_id is not None
    apply = held_own(work, CardApply, order.draft_id, order.version)
    if apply.state not in APPLY.open_to("submit"):
        raise Conflict(f"该申请现为“{apply.state.label}”，不能再修改")
    if apply.kind is not order.kind:
        raise Rejected("申请类别不能改变，请撤回后重新申请")
    if apply.channel is ApplyChannel.ASSOC and apply.id_no_index not in indexes_of(
        work.sealer, "id_no", order.person.id_no
    ):
        # The association is answered about the person it has recorded, and no other (row 45).
        raise Rejected("协会登记的人员不能改为他人：证件号码有误的，请撤回后重新申办", [_ANOTHER])
    if apply.kind is ApplyKind.CHANGE and apply.card_id != order.card_id:
        raise Rejected("要变更的信息卡不能改换，请撤回后重新申请")
    _fill(work, apply, order)
    return apply


def begin_apply(work: Work, firm: Enterprise, order: ApplyFor, channel: ApplyChannel) -> CardApply:
    """Make the draft of an application of a firm."""
    apply = CardApply(
        apply_no="",
        kind=order.kind,
        channel=channel,
        batch_id=order.batch_id,
        card_id=order.card_id,
        **placed_with(firm),
    )
    number_apply(work, apply)
    _fill(work, apply, order)
    return apply


def _fill(work: Work, apply: CardApply, order: ApplyFor) -> None:
    apply.id_no, apply.name = Sealed.of(order.person.id_no), Sealed.of(order.person.name)
    apply.after = Sealed.of_json(person_json(order.person))
    apply.portrait_id = order.portrait_id
    if apply.kind is ApplyKind.CHANGE and order.card_id is not None:
        apply.before, apply.practitioner_id = _standing(work, apply.enterprise_id, order.card_id)
    work.add(apply)


def _standing(work: Work, firm_id: UUID, card_id: UUID) -> tuple[Sealed | None, UUID | None]:
    """Return the recorded document number of the person whose card is to be changed, and the portrait on the card."""
    card = work.first(InfoCard, InfoCard.id == card_id, InfoCard.enterprise_id == firm_id)
    row = row_by(work, Practitioner, card.practitioner_id) if card is not None else None
    if card is None or row is None:
        return None, None
    portrait = str(card.portrait_id) if card.portrait_id else ""
    return Sealed.of_json({**person_json(of_practitioner(row)), "portrait": portrait}), row.id


def _hand_in(work: Work, firm: Enterprise, apply: CardApply, facts: ApplyFacts, judged: Judgement) -> Sequence[Finding]:
    """Take the step to 核验中 and, where police and association have been asked, the one after it."""
    place_with_firm(apply, firm)
    take_step(work, apply, APPLY, "submit")
    apply.submitted_at, apply.submitted_by = work.now, work.caller.account_id
    apply.check_again_at, apply.attempts, apply.checked_at = work.now, 0, None
    apply.taken_by = apply.taken_at = None
    keep_findings(apply, judged.findings)
    if facts.answers.two_factor is None and facts.answers.blacklist is None:
        return ()
    return settle(work, apply, facts)


def new_application(work: Work, firm: Enterprise, order: ApplyFor, found: Sequence[Finding]) -> CardApply:
    """Make an application as if the firm had filed it; police and blacklist are asked at once or by the nightly job."""
    apply = begin_apply(work, firm, order, ApplyChannel.ASSOC)
    begin_in(apply, ApplyState.SUBMITTED)
    apply.submitted_at = apply.check_again_at = work.now
    keep_findings(apply, found)
    work.trail.tell("DATA.CREATE", "practitioners.assoc_apply", about=apply)
    return apply


# Many at once


def file_rows(
    work: Work, order: FileRows, *, firm_id: UUID, submitted_by: UUID | None = None
) -> tuple[ApplyAnswer, ...]:
    """File up to 200 new applications of a firm in this transaction; the answers are in the order of the rows.

    A row that a rule refuses has no `apply_id` and stores nothing; the others wait for the job that asks police and
    association. Numbers are drawn before the commit, so the answers do not carry them yet.
    """
    return tuple(answer for answer, _ in _file(work, order, firm_id, submitted_by))


@action("practitioners.apply_many", "批量申办信息卡", roles=ENTERPRISE, event="DATA.CREATE")
def apply_many(work: Work, order: FileRows) -> list[ApplyAnswer]:
    """File new applications of the caller's own firm; an answer for each row, with its number."""
    filed = _file(work, order, firm_id_of_caller(work), None)
    return work.later(lambda: [replace(answer, apply_no=row["apply_no"] if row else "") for answer, row in filed])


def _file(
    work: Work, order: FileRows, firm_id: UUID, submitted_by: UUID | None
) -> list[tuple[ApplyAnswer, dict[str, Any] | None]]:
    if len(order.rows) > MOST_ROWS:
        raise Rejected(f"一次最多提交{MOST_ROWS}人")
    if any(one.kind is not ApplyKind.NEW or one.draft_id for one in order.rows):
        raise Rejected("批量提交只用于新办，变更请逐人办理")
    firm = held_firm(work, firm_id)
    orders = [replace(one, person=tidy(one.person), batch_id=order.batch_id) for one in order.rows]
    known = known_of(work, firm.id, orders)
    seen: set[str] = set()
    filed: list[tuple[ApplyAnswer, dict[str, Any] | None]] = []
    rows: list[dict[str, Any]] = []
    for one in orders:
        judged = judge(apply_facts(work, firm, one, known), SUBMIT_RULES)
        index = index_of(work.sealer, "id_no", one.person.id_no)
        # A draft may wait for its portrait and for nothing else, so it is no reason why the row was not taken either.
        stopping = [stop for stop in judged.stopping if one.submit or stop.code != "K07"]
        found = judged.findings if one.submit else [told for told in judged.findings if told.code != "K07"]
        if stopping or index in seen:
            twice = (Finding("K04", _TWICE, "id_no", Severity.REFUSE),) if index in seen else ()
            filed.append((ApplyAnswer(None, "", ApplyState.DRAFT, (*twice, *found)), None))
            continue
        seen.add(index)
        row = _waiting_row(work, firm, one, judged.findings, submitted_by or work.caller.account_id)
        rows.append(row)
        filed.append((ApplyAnswer(row["id"], "", row["state"], tuple(judged.findings)), row))
    # Written at once when their numbers are drawn: a model made for each row takes longer than all the rest.
    work.then(lambda: bulk_insert(work.session, _TABLE, seal_rows(work.sealer, _TABLE, rows)))
    # Logged once for all of them; each row's version is logged by the ledger.
    detail = {"rows": len(orders), "taken": len(rows)}
    work.trail.tell("DATA.CREATE", "practitioners.apply_many", object_id=order.batch_id, detail=detail)
    return filed


def _waiting_row(
    work: Work, firm: Enterprise, order: ApplyFor, found: Sequence[Finding], submitted_by: UUID | None
) -> dict[str, Any]:
    """An application that waits to be checked, as it is stored; every column that may not be empty is here."""
    hands_in = order.submit
    row: dict[str, Any] = {
        "id": new_id(),
        "kind": order.kind,
        "channel": ApplyChannel.BATCH,
        "batch_id": order.batch_id,
        "id_no": Sealed.of(order.person.id_no),
        "name": Sealed.of(order.person.name),
        "after": Sealed.of_json(person_json(order.person)),
        "portrait_id": order.portrait_id,
        "two_factor": CheckAnswer.UNASKED,
        "blacklist": CheckAnswer.UNASKED,
        "findings": findings_json(found),
        "check_again_at": work.now if hands_in else None,
        "attempts": 0,
        "submitted_at": work.now if hands_in else None,
        "submitted_by": submitted_by if hands_in else None,
        **placed_with(firm),
        "state": ApplyState.SUBMITTED if hands_in else ApplyState.DRAFT,
        "version": 1,
        "created_at": work.now,
        "created_by": work.caller.account_id,
        "updated_at": work.now,
    }
    number_later(work, "SQ", firm.district_code, work.today, lambda number: row.__setitem__("apply_no", number))
    return row


_TABLE: sa.Table = CardApply.__table__  # type: ignore[attr-defined]


# Taking back


@action("practitioners.withdraw", "撤回信息卡申请", roles=ENTERPRISE, step=Step(APPLY, "withdraw"))
def withdraw(work: Work, order: OneRow) -> None:
    """Take an application back as long as no inspector has it in his hands."""
    apply = held_own(work, CardApply, order.id, order.version)
    if apply.kind is ApplyKind.CANCEL:
        raise Conflict("这是本人的注销申请，企业不能撤回；有异议的请提出异议")
    if apply.state is ApplyState.INSPECTING and apply.taken_by is not None:
        raise Conflict("该申请正在验看，不能撤回；需要修改的，请等待验看结果")
    take_step(work, apply, APPLY, "withdraw")
    apply.check_again_at = None
    work.add(apply)


def undo_batch_records(work: Work, batch_id: UUID) -> int:
    """Withdraw every application of a batch and return how many. Raises `Conflict` naming how many prevent it.

    An application that an inspector has taken or decided prevents it; rejected and withdrawn ones need no undoing.
    """
    rows = list(work.rows(work.visible(CardApply), CardApply.batch_id == batch_id))
    decided = {ApplyState.PASSED, ApplyState.RETURNED}
    bound = [
        row
        for row in rows
        if row.state in decided or row.inspector_id is not None or (row.state is ApplyState.INSPECTING and row.taken_by)
    ]
    if bound:
        raise Conflict(f"该批次已有{len(bound)}份申请正在验看或已有验看结果，不能整批撤销，请逐份撤回其余申请")
    return withdraw_open(work, rows)

"""A reviewer's decision taken back within a minute: return, refusal or approval of a kept record or of another review.

What a decision wrote is kept as it was before (`FreshDecision`), and its messages leave only when the minute is over. A
decision that gave a number or changed an account is final; so is one to which later work refers.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from models.access import Role
from models.base import Row
from models.documents import IssuedDocument, PrintLog
from models.engine import Notice, Outgoing
from models.machines import Machine
from models.records import (
    OPEN_STATES,
    REVISION,
    FreshDecision,
    Revision,
    RevisionState,
    RevisionStep,
    StepVerdict,
)
from models.row_mac import keeps_ledger
from models.sealed import Sealed
from services.engine.cycle_effect import dependants_of
from services.engine.cycle_lock import held, note_step, typed_row
from services.engine.cycle_queue import REVIEWERS
from services.engine.events import Event
from services.engine.kinds import KINDS, Kind
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.engine.registry import Action, Query, Step, action, query
from services.engine.row_images import RowImages, RowsMoved, put_back
from services.engine.work import Work
from services.engine.written_rows import at_close

#: The decision by which a paper was issued is taken back.
PAPER_UNDONE: Event[IssuedDocument] = Event("records.paper_undone")
PARAMETER = "records.undo_seconds"
#: More rows than these are not kept: a decision over a price list of ten thousand units is final.
_MOST_ROWS = 3_000
_MOST_DRAFTS = 200
_LABELS = {
    "send_back": "退回修改",
    "reject": "不予通过",
    "step_back": "退回上一级",
    "approve": "审核通过",
}


# ------------------------------------------------------------------ keeping


def keep_for_undo(work: Work, row: Any, verb: str) -> None:
    """Keep what the decision about a version or another reviewed row writes from here on, and hold its messages."""
    seconds = work.thresholds.integer(PARAMETER)
    if seconds <= 0:
        return
    work.held_until = work.now + timedelta(seconds=seconds)
    images = RowImages(work.session, but=(RevisionStep, FreshDecision))
    at_close(work, lambda: _keep(work, row, verb, images))


def _keep(work: Work, row: Any, verb: str, images: RowImages) -> None:
    if not _may_be_undone(work, images):
        for message in images.made():
            _release(work, message)
        return
    assert work.held_until is not None
    work.add(
        FreshDecision(
            revision_id=row.id,
            record_id=row.record_id if isinstance(row, Revision) else row.id,
            verb=verb,
            by_account=work.caller.account_id,
            decided_at=work.now,
            until=work.held_until,
            images=Sealed.of_json(images.kept()),
        )
    )


def _may_be_undone(work: Work, images: RowImages) -> bool:
    return images.storable and not work.drawn and images.count() <= _MOST_ROWS and not images.tables() & _of_rights()


@cache
def _of_rights() -> frozenset[str]:
    """Return the tables of accounts and their rights, which are signed as a whole."""
    return frozenset(
        str(mapper.local_table.name)
        for mapper in Row._sa_registry.mappers
        if mapper.class_.__module__ == "models.access" and isinstance(mapper.local_table, sa.Table)
    )


def _release(work: Work, message: Any) -> None:
    if isinstance(message, Notice):
        message.held_until = None
    elif isinstance(message, Outgoing):
        message.next_at = work.now
    else:
        return
    work.add(message)


# ------------------------------------------------------------------ undoing


@action("records.undo", "撤销审核决定", roles=set(REVIEWERS), event="")
def undo(work: Work, order: OneRow) -> None:
    """Take back one's own last decision about a version, while its time lasts and no later work refers to it."""
    found = work.get(Revision, order.id)
    kind = KINDS.get(found.kind)
    if kind is None:
        raise NotFound
    row = held(work, kind, order.id, order.version or None)
    before = row.state
    decision = _put_back(work, row, REVISION, lambda decision, images: _standing(work, kind, row, decision, images))
    note_step(work, row, StepVerdict.UNDONE, opinion=f"撤销“{_LABELS[decision.verb]}”", act=f"{kind.name}.undo")
    work.trail.events[-1]["det"] |= {"from": str(before), "undone": decision.verb}


@query("records.undo_left", "审核决定可撤销时间", roles=set(REVIEWERS))
def seconds_left(work: Work, revision_id: UUID) -> int:
    """Return for how many more seconds the caller may undo the last decision about a version; 0 for not at all."""
    until = undo_until(work, work.get(Revision, revision_id))
    return 0 if until is None else int((until - work.now).total_seconds())


def undo_until(work: Work, row: Revision) -> datetime | None:
    """Return until when the caller may undo the last decision about a version; None where there is nothing to undo."""
    if not work.caller.has(*REVIEWERS) or row.reviewed_by != work.caller.account_id:
        return None
    return left_until(work, row.id)


def left_until(work: Work, row_id: UUID) -> datetime | None:
    """Return until when the caller may undo his last decision about a row; None where there is nothing to undo."""
    return work.first(
        FreshDecision.until,
        FreshDecision.revision_id == row_id,
        FreshDecision.by_account == work.caller.account_id,
        col(FreshDecision.undone_at).is_(None),
        FreshDecision.until > work.now,
        by=col(FreshDecision.decided_at).desc(),
    )


def undoing(
    table: type[Any],
    machine: Machine[Any],
    name: str,
    label: str,
    roles: set[Role],
    told: Callable[[Work, Any], None] = lambda work, row: None,
    about: Callable[[Any], Iterable[UUID | None]] = lambda row: (),
) -> tuple[Action[OneRow, None], Query[UUID, int]]:
    """Declare taking back one's own last decision about a row of `table`, and for how many seconds it can be.

    The decision calls `keep_for_undo`, and the machine has a step `undo`. `told` notes the undoing in the row. Later work
    that refers to the row or to what it is `about` makes the decision final; so does a print of its paper.
    """

    @action(f"{name}_undo", f"撤销{label}", roles=roles, step=Step(machine, "undo"))
    def undo_decision(work: Work, order: OneRow) -> None:
        row = work.hold(table, order.id)
        before, ids = row.state, [one for one in (row.id, *about(row)) if one is not None]
        decision = _put_back(work, row, machine, lambda decision, images: _followed(work, ids, decision, images))
        told(work, row)
        detail = {"from": str(before), "to": str(row.state), "undone": decision.verb}
        work.trail.tell("DATA.STATE", f"{name}_undo", about=row, detail=detail)

    @query(f"{name}_undo_left", f"{label}可撤销时间", roles=roles)
    def undo_left(work: Work, row_id: UUID) -> int:
        until = left_until(work, work.get(table, row_id).id)
        return 0 if until is None else int((until - work.now).total_seconds())

    return undo_decision, undo_left


def _put_back(
    work: Work, row: Any, machine: Machine[Any], standing: Callable[[FreshDecision, Any], str]
) -> FreshDecision:
    """Write rows as they were before the caller's last decision about a row, or say why that cannot be."""
    decision = work.held(
        select(FreshDecision)
        .where(FreshDecision.revision_id == row.id, col(FreshDecision.undone_at).is_(None))
        .order_by(col(FreshDecision.decided_at).desc(), col(FreshDecision.id).desc())
        .limit(1)
    ).first()
    if decision is None or machine.after("undo", row.state) is None:
        raise Conflict("没有可以撤销的审核决定；已给出编号或涉及账号的决定不能撤销")
    if decision.by_account != work.caller.account_id:
        raise NotAllowed("只能撤销本人作出的审核决定")
    if work.now >= decision.until:
        raise Conflict(f"作出决定已超过{work.thresholds.integer(PARAMETER)}秒，消息已经发出，不能撤销")
    images = decision.images.json()
    if words := standing(decision, images):
        raise Conflict(f"{words}，不能撤销")
    # A paper is drawn after the decision's commit and keeps its code: it is never deleted.
    papers = [UUID(one) for one in images["made"].pop(str(IssuedDocument.__tablename__), ())]
    if papers and work.has(PrintLog, col(PrintLog.document_id).in_(papers)):
        raise Conflict("决定的文书已经打印，不能撤销")
    try:
        put_back(work, images)
    except RowsMoved as moved:
        raise Conflict(f"决定之后{_named(moved.table)}又有变动，不能撤销") from moved
    for paper in work.held(select(IssuedDocument).where(col(IssuedDocument.id).in_(papers))):
        PAPER_UNDONE.happened(work, paper)
    decision.undone_at = work.now
    work.add(decision)
    return decision


# ------------------------------------------------------------------ later work


def _followed(work: Work, ids: list[UUID], decision: FreshDecision, images: Mapping[str, Any]) -> str:
    """Return in words which object made since refers to one of these rows; empty if none does."""
    made = {UUID(one) for rows in images["made"].values() for one in rows}
    since = UUID(int=decision.id.int >> 80 << 80)
    for table, found in _pointing(work, ids, since):
        if found not in made | {decision.id, *ids}:
            return f"决定之后已有{_named(table)}以本记录为依据"
    return ""


def _standing(work: Work, kind: Kind, row: Revision, decision: FreshDecision, images: Any) -> str:
    """Return in words which later row or draft refers to what was decided; empty if none does."""
    ids = [row.record_id, row.id, *(UUID(one) for one in images["made"].get(kind.table.__tablename__, ()))]
    for child in kind.children:
        ids += [UUID(one) for one in images["made"].get(str(child.table.__tablename__), ())]
    if words := _followed(work, ids, decision, images):
        return words
    if (draft := _citing(work, row, decision, {str(one) for one in ids})) is not None:
        return f"{KINDS[draft.kind].label}{draft.record_no}第{draft.version_no}版已引用本记录"
    if row.state is RevisionState.EFFECTIVE and str(kind.table.__tablename__) in images["made"]:
        typed = typed_row(work, kind, row.record_id)
        if typed is not None and (resting := dependants_of(work, kind, typed)):
            return f"{resting[0].label}以本记录为依据"
    return ""


def _pointing(work: Work, ids: list[UUID], since: UUID) -> list[tuple[type[SQLModel], UUID]]:
    """Return the objects made since that name one of these rows in an indexed column."""
    found: list[tuple[type[SQLModel], UUID]] = []
    wanted = ids[:500]
    for table, columns in _references():
        if table is FreshDecision:
            continue
        key: Any = table.id  # type: ignore[attr-defined]
        named = sa.or_(*(getattr(table, name).in_(wanted) for name in columns))
        found += [(table, one) for one in work.session.exec(select(key).where(key > since, named).limit(5)).all()]
    return found


@cache
def _references() -> tuple[tuple[type[SQLModel], tuple[str, ...]], ...]:
    """Return the tables of objects with their indexed columns that name rows of others."""
    found = []
    for mapper in Row._sa_registry.mappers:
        table = mapper.local_table
        if isinstance(table, sa.Table) and keeps_ledger(table):
            names = tuple(one.name for one in table.columns if isinstance(one.type, sa.Uuid) and one.index)
            if names:
                found.append((mapper.class_, names))
    return tuple(found)


def _citing(work: Work, row: Revision, decision: FreshDecision, ids: set[str]) -> Revision | None:
    """Return a version on its way that was saved since and names one of these rows in its form."""
    open_ones = work.rows(
        Revision,
        col(Revision.state).in_(OPEN_STATES),
        col(Revision.updated_at) >= decision.decided_at,
        Revision.id != row.id,
        most=_MOST_DRAFTS,
    )
    return next((one for one in open_ones if any(named in one.payload.plain for named in ids)), None)


def _named(table: type[SQLModel]) -> str:
    kind = next((one for one in KINDS.values() if one.table is table), None)
    if table is Revision:
        return "新的填报版本"
    return kind.label if kind is not None else "其他业务记录"

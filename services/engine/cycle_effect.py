"""Taking effect, and ceasing to: a version becomes the typed row in force, in the transaction of its last approval."""

from uuid import UUID

from models.records import REVISION, InForce, InForceState, Revision, StepVerdict
from services.engine.child_lines import dependants_of_lines, replace_lines
from services.engine.cycle_lock import (
    give_owner,
    in_force,
    note_step,
    open_of,
    own_record,
    owner_of,
    tell_maker,
    typed_row,
)
from services.engine.cycle_orders import Void
from services.engine.findings import Finding
from services.engine.held_keys import free_keys, hold_keys
from services.engine.kinds import KINDS, Dependant, Kind
from services.engine.numbering import number_later
from services.engine.proposals import Form, columns_of
from services.engine.refusals import Conflict
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work

_CITY = "310000"


def number_revision(work: Work, kind: Kind, row: Revision) -> None:
    """Have the door draw the record's number; all its versions carry it."""
    if row.record_no:
        return
    typed = work.session.get(kind.table, row.record_id)

    def take(number: str) -> None:
        row.record_no = number
        work.add(row)
        standing = typed or work.session.get(kind.table, row.record_id)
        if standing is not None:
            standing.record_no = number
            work.add(standing)

    number_later(work, kind.prefix, row.district_code or _CITY, work.today, take)


def take_effect(work: Work, kind: Kind, row: Revision, form: Form, *, level: str = "", opinion: str = "") -> None:
    """The typed row is written or replaced with all its lines, the version before becomes history."""
    before = typed_row(work, kind, row.record_id)
    if before is not None and before.in_force is not InForceState.EFFECTIVE:
        raise Conflict("该记录已作废，不能审核通过")
    take_step(work, row, REVISION, "approve")
    row.open_key, row.effective_from = None, work.now
    row.reviewed_by, row.reviewed_at = work.caller.account_id, work.now
    if before is not None:
        _supersede(work, before.revision_id, row)
    typed = (
        before if before is not None else kind.table(id=row.record_id, record_no=row.record_no or f"~{row.id.hex[:30]}")
    )
    for name, value in columns_of(kind.table, form.values).items():
        setattr(typed, name, value)
    give_owner(typed, owner_of(row))
    typed.version_no, typed.revision_id = row.version_no, row.id
    typed.in_force, typed.effective_from = InForceState.EFFECTIVE, work.now
    work.add(typed)
    replace_lines(work, kind, row.record_id, form)
    work.session.flush()
    follow_effect(work, kind, typed, row)
    note_step(work, row, StepVerdict.APPROVED, level=level, opinion=opinion, act=f"{kind.name}.effective")


def follow_effect(work: Work, kind: Kind, typed: InForce, row: Revision) -> None:
    """Run what its kind declares to follow when a version takes effect."""
    hold_keys(work, typed)
    if kind.effects.on_effective is not None:
        kind.effects.on_effective(work, typed, row)
    _settle_stage(work, kind, typed)


def _settle_stage(work: Work, kind: Kind, typed: InForce) -> None:
    if kind.stage is not None and kind.stage.settle is not None:
        work.session.flush()
        kind.stage.settle(work, typed)


def _supersede(work: Work, revision_id: UUID, by: Revision) -> None:
    old = work.first(Revision, Revision.id == revision_id)
    if old is None or old.id == by.id:
        return
    take_step(work, old, REVISION, "supersede")
    old.superseded_at = work.now
    note_step(work, old, StepVerdict.SUPERSEDED, act=f"{by.kind}.supersede")


# ------------------------------------------------------------------ void


def void(kind: Kind, work: Work, order: Void) -> None:
    """End a record in force. Its dependants are listed, and ended with it only when the order names all of them."""
    reason = enough_words(order.reason, "作废原因")
    _void(work, kind, order.record_id, reason, frozenset(order.cascade), set())


def end_record(work: Work, kind: Kind, record_id: UUID, reason: str) -> None:
    """End a record that another, which takes effect now, replaces; it is refused while anything depends on it."""
    _void(work, kind, record_id, reason, frozenset(), set())


def _void(work: Work, kind: Kind, record_id: UUID, reason: str, named: frozenset[UUID], done: set[UUID]) -> None:
    row = in_force(work, kind, record_id, lock=True)
    own_record(work, kind, record_id)
    done.add(record_id)
    if row.in_force is not InForceState.EFFECTIVE:
        raise Conflict(f"{row.record_no}已作废")
    if (standing := open_of(work, record_id)) is not None:
        raise Conflict(f"{row.record_no}第{standing.version_no}版正在办理（{standing.state.label}），请先办结再作废")
    resting = [one for one in dependants_of(work, kind, row) if one.record_id not in done]
    if left := [one for one in resting if one.record_id not in named]:
        listed = "；".join(one.label for one in left[:20])
        findings = [Finding("DEP", one.label, evidence={"record_id": str(one.record_id)}) for one in left]
        raise Conflict(f"以下{len(left)}条记录以本记录为依据，不能直接作废：{listed}", findings)
    for one in resting:
        if one.record_id not in done:
            _void(work, KINDS[one.kind], one.record_id, reason, named, done)
    version = work.first(Revision, Revision.id == row.revision_id)
    row.in_force = InForceState.VOIDED
    free_keys(work, row)
    work.add(row)
    _settle_stage(work, kind, row)
    if version is None:
        # A row loaded without a cycle has no version; the audit cites the row itself.
        work.trail.tell("DATA.STATE", f"{kind.name}.void", about=row, reason=reason[:60])
        return
    take_step(work, version, REVISION, "void")
    version.superseded_at = work.now
    if kind.effects.on_void is not None:
        kind.effects.on_void(work, row, version)
    note_step(work, version, StepVerdict.VOIDED, opinion=reason, act=f"{kind.name}.void")
    tell_maker(work, kind, version, "已作废", reason)


def dependants_of(work: Work, kind: Kind, row: InForce) -> list[Dependant]:
    """Return what depends on a record in force or on a line of its lists, as its kind declares."""
    whole = kind.ties.dependants(work, row) if kind.ties.dependants is not None else ()
    found = {one.record_id: one for one in (*whole, *dependants_of_lines(work, kind, row.id))}
    return list(found.values())

"""Drafts of kept records: begun, saved, dropped, or begun as an update of the record in force."""

from typing import Any
from uuid import UUID

from models.columns import new_id
from models.records import REVISION, InForceState, Revision, SourceMode
from models.sealed import Sealed
from services.engine.child_lines import lines_in_force
from services.engine.comparison import differences
from services.engine.cycle_judgement import follow, foreign_references, without_foreign
from services.engine.cycle_lock import (
    digest_of,
    frozen,
    give_owner,
    held,
    in_force,
    next_number,
    open_of,
    own_office,
    own_record,
    owner_of,
)
from services.engine.cycle_orders import Begin, Begun, OneRevision, Save, Saved, StartUpdate
from services.engine.kinds import Kind, Owner
from services.engine.proposals import Form, raw_row, read_form, title_of, with_typed_before
from services.engine.record_files import cite_files, forget_files
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.words import enough_words
from services.engine.work import Work

_LARGEST = 8_000_000


def begin(kind: Kind, work: Work, order: Begin) -> Begun:
    """A draft of a new record; whose it is, its kind says."""
    if work.caller.unit_id is None:
        raise NotAllowed("请先登录")
    owner = kind.makers.owner(work, order.about)
    known = kind.makers.known if not (order.values or order.children) else None
    form = read_form(kind, known(work, owner) if known is not None else order.values, order.children)
    row = new_version(work, kind, new_id(), source_mode=order.source_mode)
    about = str(order.about) if order.about else None
    keep(work, kind, row, form, owner, about=about)
    work.session.flush()
    work.trail.tell("DATA.CREATE", f"{kind.name}.begin", about=row, digest=row.digest)
    return Begun(row.record_id, row.id, row.version)


def new_version(
    work: Work,
    kind: Kind,
    record_id: UUID,
    before: Any = None,
    *,
    reason: str = "",
    source_mode: SourceMode = SourceMode.MANUAL,
) -> Revision:
    """Make an empty version of a record: its first, or the next over what is in force of it."""
    return Revision(
        kind=kind.name,
        record_id=record_id,
        record_no=before.record_no if before is not None else "",
        version_no=next_number(work, record_id) if before is not None else 1,
        based_on=before.version_no if before is not None else None,
        open_key=str(record_id),
        title=Sealed.of_json(""),
        change_reason=Sealed.of_json(reason) if reason else None,
        source_mode=source_mode,
        payload=Sealed.of_json({}),
        author_id=work.caller.account_id,
        author_unit=work.caller.unit_id,
    )


def held_draft(work: Work, kind: Kind, revision_id: UUID, version: int) -> Revision:
    """Lock a draft of the caller's office to change it; an outdated page is refused."""
    row = held(work, kind, revision_id, version)
    own_office(work, row)
    # A return keeps its state; the step only asks whether it may be saved now.
    if REVISION.after("save", row.state) is None:
        raise Conflict(f"当前状态为“{row.state.label}”，不能修改")
    return row


def save(kind: Kind, work: Work, order: Save) -> Saved:
    """Save the whole form, however incomplete; a page with an old version is refused and overwrites nothing."""
    row = held_draft(work, kind, order.revision_id, order.version)
    form = read_form(kind, order.values, order.children, order.files)
    cite_files(work, row, form.files)
    keep(work, kind, row, form, owner_of(row))
    work.session.flush()
    work.trail.tell("DATA.UPDATE", f"{kind.name}.save", about=row, digest=row.digest)
    return Saved(row.version, row.updated_at, (*form.findings, *foreign_references(work, kind, form)))


def keep(work: Work, kind: Kind, row: Revision, form: Form, owner: Owner, *, about: str | None = None) -> None:
    """Put a form into a version: content, digest, title, scope keys, whose hands were on it, what differs from its source."""
    before: dict[str, Any] = row.payload.json()
    form = with_typed_before(kind, without_foreign(work, kind, form, before), before)
    owner = follow(work, kind, owner, form)
    hands = list(dict.fromkeys([*before.get("hands", []), str(work.caller.account_id)]))
    payload = {
        **form.payload,
        "about": about or before.get("about"),
        "relaxed": owner.relaxed,
        "hands": hands,
    }
    sealed = Sealed.of_json(payload)
    if len(sealed.plain) > _LARGEST:
        raise Rejected("内容过长，无法保存，请精简后再试")
    row.payload, row.digest = sealed, digest_of(payload)
    titled = kind.look.titled(work, owner, form.values) if kind.look.titled is not None else title_of(kind, form.values)
    row.title = Sealed.of_json(titled[:200])
    give_owner(row, owner)
    if row.source_snapshot is not None:
        row.prefill_diff = Sealed.of_json(differences(kind, row.source_snapshot.json(), form.payload))
    # Touched even where nothing differs, so that the last save is known.
    row.updated_at, row.updated_by = work.now, work.caller.account_id
    work.add(row)


def drop(kind: Kind, work: Work, order: OneRevision) -> None:
    """Take away a draft that was never submitted; that it was there the audit remembers."""
    row = held(work, kind, order.revision_id, order.version or None)
    own_office(work, row)
    if REVISION.after("drop", row.state) is None or row.submitted_at is not None:
        raise Conflict("已提交过的记录不能删除，可撤回后修改")
    forget_files(work, row)
    work.session.delete(row)
    work.trail.tell("DATA.DELETE", f"{kind.name}.drop", about=row, digest=row.digest)


def update(kind: Kind, work: Work, order: StartUpdate) -> Begun:
    """A new draft over what is in force, which stays so until the draft is approved."""
    reason = enough_words(order.change_reason, f"{kind.look.change}原因")
    if work.caller.unit_id is None:
        raise NotAllowed("请先登录")
    row = in_force(work, kind, order.record_id, lock=True)
    own_record(work, kind, row.id)
    if row.in_force is not InForceState.EFFECTIVE:
        raise Conflict(f"该记录已作废，不能{kind.look.change}")
    if why := frozen(work, kind, row):
        raise Conflict(why)
    if (standing := open_of(work, row.id)) is not None:
        raise Conflict(f"该记录第{standing.version_no}版正在办理（{standing.state.label}），请先办结")
    made = new_version(work, kind, row.id, row, reason=reason)
    form = read_form(kind, raw_row(row), copied_lines(work, kind, row.id), _copied_files(work, kind, row.revision_id))
    made.payload = Sealed.of_json(form.payload)
    keep(work, kind, made, form, Owner.of(row))
    work.session.flush()
    cite_files(work, made, form.files)
    work.trail.tell("DATA.CREATE", f"{kind.name}.update", about=made, digest=made.digest, detail={"v": made.version_no})
    return Begun(row.id, made.id, made.version)


def copied_lines(work: Work, kind: Kind, record_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """The lists of a record in force, in raw."""
    return {child.name: [raw_row(line) for line in lines_in_force(work, child, record_id)] for child in kind.children}


def _copied_files(work: Work, kind: Kind, revision_id: UUID) -> dict[str, tuple[UUID, ...]]:
    before = work.first(Revision, Revision.id == revision_id)
    if before is None:
        return {}
    slots = {slot.name for slot in kind.slots}
    files = before.payload.json().get("files", {})
    return {slot: tuple(UUID(one) for one in ids) for slot, ids in files.items() if slot in slots}

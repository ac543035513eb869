"""A version, whole, with what the caller may do with it now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.records import REVISION, InForceState, Revision, RevisionState, RevisionStep
from services.engine.actor_names import people_shown, person
from services.engine.comparison import differences_read, place_of, since_returned, version_line
from services.engine.copied import copy_of
from services.engine.cycle_drafts import copied_lines
from services.engine.cycle_judgement import read_findings
from services.engine.cycle_lock import (
    assigned_now,
    bar_of,
    frozen,
    in_force,
    is_open,
    is_own_record,
    level_of,
    may_edit,
    may_submit,
    open_of,
    seen,
    speaks_at,
    taken_by_another,
)
from services.engine.cycle_orders import Raw, RevisionView, StepLine, VersionLine
from services.engine.cycle_reassignment import may_reassign
from services.engine.field_types.field import Field
from services.engine.field_types.refs import Ref
from services.engine.kept_visibility import told_steps, told_who_reviews, versions_of
from services.engine.kinds import KINDS, SCOPE_KEYS, Kind
from services.engine.offices import office_name
from services.engine.prefill import source_label
from services.engine.proposals import form_of, raw_row, title_of_row
from services.engine.record_files import file_lines
from services.engine.references import names_of
from services.engine.undo import undo_until
from services.engine.work import Work


def record(kind: Kind, work: Work, record_id: UUID) -> RevisionView:
    """The open version of a record for those who see it, else the one in force, else the last there was."""
    versions = _versions(work, kind, record_id)
    standing = next((one for one in versions if is_open(one)), None)
    standing = standing or next((one for one in versions if one.state is RevisionState.EFFECTIVE), None)
    if standing is not None:
        return _view(work, kind, standing, versions)
    if versions and not _has_row(work, kind, record_id):
        return _view(work, kind, versions[0], versions)
    return _without_version(work, kind, in_force(work, kind, record_id), versions)


def revision(kind: Kind, work: Work, revision_id: UUID) -> RevisionView:
    """Return a version in any state."""
    row = seen(work, kind, revision_id)
    return _view(work, kind, row, _versions(work, kind, row.record_id))


def _versions(work: Work, kind: Kind, record_id: UUID) -> list[Revision]:
    wanted = versions_of(work, kind).where(Revision.record_id == record_id)
    return list(work.session.exec(wanted.order_by(col(Revision.version_no).desc(), col(Revision.id).desc())).all())


def _has_row(work: Work, kind: Kind, record_id: UUID) -> bool:
    return work.session.exec(work.visible(kind.table).where(kind.table.id == record_id)).first() is not None


def _view(work: Work, kind: Kind, row: Revision, versions: Sequence[Revision]) -> RevisionView:
    work.trail.shows(str(kind.table.__tablename__), row.record_id)
    payload = kind.told(work.caller, row.payload.json())
    edits = may_edit(work, kind, row)
    editable = edits and REVISION.after("save", row.state) is not None
    values, children = shown_form(work, kind, payload, raw=editable)
    results = row.rule_results.json() if row.rule_results is not None else {}
    findings = read_findings(results.get("findings", ()))
    if editable:
        findings = form_of(kind, payload).findings
    opinion = row.opinion.json() if row.opinion is not None else {}
    level = level_of(kind, row)
    speaks = level is not None and speaks_at(work, level, row)
    snapshot = row.source_snapshot.json() if row.source_snapshot is not None else {}
    bar = bar_of(work, row) if speaks else ""
    given = assigned_now(work, row)
    until = undo_until(work, row)
    to = person(work, row.assigned_to) if row.assigned_to and told_who_reviews(work) else ""
    return copy_of(
        RevisionView,
        row,
        revision_id=row.id,
        title=row.title.json(),
        change_reason=row.change_reason.json() if row.change_reason is not None else "",
        values=values,
        children=children,
        closed=kind.closed_to(work.caller),
        names=_names(work, kind, values, children) if editable else {},
        typed=_typed(kind, payload),
        files=file_lines(work, row.id),
        findings=findings,
        reasons=results.get("reasons", {}),
        source=source_label(row),
        source_at=_moment(snapshot.get("at")),
        differences=differences_read(work, kind, row),
        opinion=opinion.get("text", ""),
        since_returned=since_returned(work, kind, row),
        pointed=tuple(opinion.get("fields", ())),
        about=_about(work, kind, row),
        steps=steps_of(work, versions),
        versions=tuple(version_line(work, one) for one in versions),
        ways=frozenset(_ways(work, kind, row, speaks and not bar)) | ({"undo"} if until else set()),
        editable=editable,
        level=level.label if level else "",
        due=row.review_due,
        holder=person(work, row.taken_by) if row.taken_by else "",
        mine=row.taken_by is not None and row.taken_by == work.caller.account_id,
        overdue=row.review_due is not None and work.today > row.review_due,
        assigned=to if given else "",
        for_me=given is not None and given == work.caller.account_id,
        once_assigned="" if given else to,
        frozen=_frozen(work, kind, row),
        bar=bar,
        undo_until=until,
        updated_by=person(work, row.updated_by or row.created_by),
    )


def _without_version(work: Work, kind: Kind, row: Any, versions: Sequence[Revision]) -> RevisionView:
    """A record whose version in force the caller has no part in, or that was loaded without one."""
    payload = kind.told(work.caller, {"values": raw_row(row), "children": copied_lines(work, kind, row.id)})
    values, children = shown_form(work, kind, payload, raw=False)
    voided = row.in_force is InForceState.VOIDED
    return RevisionView(
        kind=kind.name,
        record_id=row.id,
        revision_id=row.revision_id,
        record_no=row.record_no,
        version_no=row.version_no,
        version=row.version,
        title=title_of_row(kind, row),
        state=RevisionState.VOIDED if voided else RevisionState.EFFECTIVE,
        values=values,
        children=children,
        closed=kind.closed_to(work.caller),
        steps=steps_of(work, versions),
        versions=tuple(version_line(work, one) for one in versions) or (_loaded_line(row),),
        ways=frozenset(() if voided else _ways_in_force(work, kind, row)),
        frozen="" if voided else frozen(work, kind, row),
        project_id=row.project_id,
        about=_about(work, kind, row),
        updated_by=person(work, row.updated_by or row.created_by),
        updated_at=row.updated_at,
    )


def _loaded_line(row: Any) -> VersionLine:
    return VersionLine(
        row.revision_id, row.version_no, RevisionState.EFFECTIVE, "", "系统", None, None, row.effective_from, None
    )


# ------------------------------------------------------------------ ways


def _ways(work: Work, kind: Kind, row: Revision, decides: bool) -> Iterable[str]:
    state = row.state
    if may_edit(work, kind, row):
        if REVISION.after("save", state) is not None:
            yield "save"
            if kind.facts.prefill is not None:
                yield "fill_in"
        if REVISION.after("drop", state) is not None and row.submitted_at is None:
            yield "drop"
    if may_submit(work, kind, row):
        if REVISION.after("submit", state) is not None:
            yield "submit"
        if REVISION.after("withdraw", state) is not None and row.opened_at is None and row.review_step == 0:
            yield "withdraw"
    if decides and not taken_by_another(work, row):
        yield "release" if row.taken_by == work.caller.account_id else "take"
        yield from ("send_back", "reject", "approve")
        if row.review_step > 0:
            yield "step_back"
    if (level := level_of(kind, row)) is not None and may_reassign(work, level, row):
        yield "reassign"
    if state is RevisionState.EFFECTIVE:
        yield from _ways_in_force(work, kind, row)


def _ways_in_force(work: Work, kind: Kind, row: Any) -> Iterable[str]:
    record_id = row.record_id if isinstance(row, Revision) else row.id
    if open_of(work, record_id) is not None or not is_own_record(work, kind, record_id):
        return
    if kind.makers.draft & work.caller.roles and work.caller.unit_id is not None:
        if not frozen(work, kind, in_force(work, kind, record_id)):
            yield "update"
        if kind.period is not None:
            yield "next_period"
    if kind.makers.offices.voiders & work.caller.roles:
        yield "void"


def _frozen(work: Work, kind: Kind, row: Revision) -> str:
    if kind.ties.may_update is None or row.state is not RevisionState.EFFECTIVE:
        return ""
    return frozen(work, kind, in_force(work, kind, row.record_id))


# ------------------------------------------------------------------ parts


def shown_form(
    work: Work, kind: Kind, payload: Mapping[str, Any], *, raw: bool
) -> tuple[Raw, dict[str, Sequence[Raw]]]:
    """Return the form raw for its editor, readable and masked for others."""
    values, children = payload.get("values", {}), payload.get("children", {})
    if raw:
        return values, {child.name: children.get(child.name, []) for child in kind.children}
    names = names_of(work, _cells(kind, values, children))
    read = {field.name: field.as_read(values.get(field.name), names) for field in kind.fields}
    lists: dict[str, Sequence[Raw]] = {}
    for child in kind.children:
        fields = child.fields
        lists[child.name] = [
            {field.name: field.as_read(line.get(field.name), names) for field in fields}
            for line in children.get(child.name, ())
        ]
    return read, lists


def _names(work: Work, kind: Kind, values: Raw, children: Mapping[str, Sequence[Raw]]) -> dict[str, str]:
    """Return the names of the records that a form refers to."""
    return {str(row_id): name for row_id, name in names_of(work, _cells(kind, values, children), numbered=True).items()}


def _about(work: Work, kind: Kind, row: Any) -> str:
    """Return the name of the record that a scope key of this one names and new ones are begun about."""
    key = f"{kind.makers.about}_id"
    row_id = getattr(row, key) if key in SCOPE_KEYS else None
    if row_id is None:
        return ""
    named = KINDS[kind.makers.about]
    return str(work.first(getattr(named.table, named.look.title), named.table.id == row_id) or "")


def _typed(kind: Kind, payload: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed beside its normal form, as the caller may read it."""
    typed = {}
    for place, text in payload.get("typed", {}).items():
        field, _ = place_of(kind, place)
        if field is not None:
            typed[place] = field.typed_words(text)
    return typed


def _cells(kind: Kind, values: Raw, children: Mapping[str, Sequence[Raw]]) -> Iterable[tuple[Field, Any]]:
    for field in kind.fields:
        yield field, field.parsed(values.get(field.name))
    for child in kind.children:
        fields = [field for field in child.fields if isinstance(field, Ref)]
        for line in children.get(child.name, ()):
            for field in fields:
                yield field, field.parsed(line.get(field.name))


def steps_of(work: Work, versions: Sequence[Revision]) -> tuple[StepLine, ...]:
    """The history of these versions, as far as the caller sees it."""
    ids = [work.whole(one).id for one in versions]
    rows = work.rows(
        RevisionStep,
        col(RevisionStep.revision_id).in_(ids),
        told_steps(work, RevisionStep),
        by=(RevisionStep.at, RevisionStep.id),
    )
    people = people_shown(work, {row.by_account for row in rows if row.by_account})
    return tuple(
        copy_of(
            StepLine,
            row,
            by=people.get(row.by_account, "系统") if row.by_account else "系统",
            unit=office_name(work, row.by_unit),
            opinion=row.opinion.json() if row.opinion is not None else "",
        )
        for row in rows
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

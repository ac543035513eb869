"""Judgement of a version: unreadable and missing fields, required records, and the rules of its kind, all at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.records import Revision
from services.engine.adapters import adapter
from services.engine.child_lines import dropped_in_use
from services.engine.cycle_lock import frozen, owner_of, seen
from services.engine.door import Gathering
from services.engine.doubles import doubles_of
from services.engine.field_types.field import Field
from services.engine.findings import Finding, Severity, judge
from services.engine.kinds import Kind, Owner, Proposal, kind_named
from services.engine.proposals import FORMAT, Form, form_of, missing, read_form, values_of
from services.engine.references import refers_to
from services.engine.switches import is_on
from services.engine.thresholds import Thresholds
from services.engine.work import Work
from services.ports.answers import Answer

#: What must be in force before and is not.
NEEDED = "DEP"
#: Value of a form's reference to a record that is missing or not visible; no reference itself, so that it is reported as such.
NO_RECORD = "（所选记录不存在）"
#: A rule of ours that breaks stops a version: what a silent source leaves open goes on, a fault of our own does not.
_BROKEN = Finding("", "该项核验出错，暂不能提交或通过，请核对所填内容，仍不能办理的请联系系统管理员")
Answers = Mapping[str, Answer[Any]]


def proposal_of(work: Work, kind: Kind, row: Revision, form: Form, owner: Owner, answers: Answers) -> Proposal:
    """Return what the rules of a kind see of a version, before what our own tables say."""
    found = select(kind.table).where(kind.table.id == row.record_id)
    before = work.session.exec(found).first()
    return Proposal(
        kind=kind.name,
        record_id=row.record_id,
        version_no=row.version_no,
        values=form.values,
        children=form.children,
        files=form.files,
        owner=owner,
        today=work.today,
        thresholds=work.thresholds.over(owner.district_code),
        before=None if before is None else values_of(before),
        answers=answers,
    )


def ask(kind: Kind, gathering: Gathering, revision_id: UUID) -> Answers:
    """Return what outside systems say of a version, asked with no transaction open."""
    if kind.facts.ask is None:
        return {}

    def bare(work: Work) -> Proposal:
        row = seen(work, kind, revision_id)
        return proposal_of(work, kind, row, form_of(kind, row.payload.json()), owner_of(row), {})

    proposal: Proposal = gathering.look(bare)
    return kind.facts.ask(gathering, proposal)


def follow(work: Work, kind: Kind, owner: Owner, form: Form) -> Owner:
    """The scope keys with what follows from the values."""
    return owner if kind.makers.follow is None else kind.makers.follow(work, owner, form.values)


def findings_of(
    work: Work, kind: Kind, row: Revision, form: Form, owner: Owner, answers: Answers, *, references: bool
) -> list[Finding]:
    """Return all findings of a version. With `references` also for references the caller may not see."""
    found = [*form.findings, *missing(kind, form, work.today)]
    if references:
        found += foreign_references(work, kind, form)
    found += needed(work, kind, owner, form)
    found += _in_the_way_of_an_update(work, kind, row, form)
    proposal = proposal_of(work, kind, row, form, owner, answers)
    found += _judged(work, kind, proposal)
    return found + [one for one in doubles_of(work, kind, proposal) if one.field not in {stop.field for stop in found}]


def judged_again(
    work: Work,
    kind: Kind,
    row: Revision,
    form: Form,
    owner: Owner,
    *,
    thresholds: Thresholds,
    day: date,
    before: Mapping[str, Any] | None,
) -> list[Finding]:
    """Return what the rules of a kind find in a decided version on the day of its decision, with the given parameters.

    `before` are the values of the version it was based on. Outside systems are not asked again: they count as silent.
    """
    proposal = Proposal(
        kind=kind.name,
        record_id=row.record_id,
        version_no=row.version_no,
        values=form.values,
        children=form.children,
        files=form.files,
        owner=owner,
        today=day,
        thresholds=thresholds,
        before=before,
        answers={},
    )
    return _judged(work, kind, proposal)


def _judged(work: Work, kind: Kind, proposal: Proposal) -> list[Finding]:
    seen = kind.facts.look(work, proposal) if kind.facts.look is not None else {}
    if kind.period is not None:
        seen = {**seen, **kind.period.look(work, kind.table, proposal)}
    proposal = replace(proposal, found=seen)
    declared = kind.rules + (kind.period.rules if kind.period is not None else ())
    rules = [rule for rule in declared if is_on(proposal.thresholds, rule.code)]
    return judge(proposal, rules, broken=_BROKEN).findings


def _in_the_way_of_an_update(work: Work, kind: Kind, row: Revision, form: Form) -> list[Finding]:
    """Find what came to depend on the record in force since its update was begun."""
    before = work.session.exec(select(kind.table).where(kind.table.id == row.record_id)).first()
    if before is None:
        return []
    why = frozen(work, kind, before)
    return [*([Finding(NEEDED, why)] if why else []), *dropped_in_use(work, kind, row.record_id, form)]


def needed(work: Work, kind: Kind, owner: Owner, form: Form) -> list[Finding]:
    """Return what must be in force before (market 3.5); where the order is relaxed it only warns."""
    return [
        Finding(
            NEEDED,
            f"“{need.label}”尚未生效，请先完成后再提交本记录",
            severity=Severity.WARN if owner.relaxed else Severity.REFUSE,
            evidence={"kind": need.kind},
        )
        for need in kind.ties.needs
        if not need.there(work, owner, form.values)
    ]


def stopping(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that prevent submission or approval; open answers of silent sources only mark."""
    return [one for one in findings if one.severity not in {Severity.WARN, Severity.PENDING}]


def unanswered(findings: Iterable[Finding], reasons: Mapping[str, str], least: int) -> list[Finding]:
    """Warnings without a reason."""
    return [
        one for one in findings if one.severity is Severity.WARN and len(str(reasons.get(one.code, "")).strip()) < least
    ]


# ------------------------------------------------------------------ references


def foreign_references(work: Work, kind: Kind, form: Form) -> list[Finding]:
    """Return findings for references to rows that are missing or not the caller's; both get the same answer."""
    wanted: dict[str, list[tuple[str, Field, UUID]]] = defaultdict(list)
    for place, field, value in _references(kind, form):
        if (target := refers_to(field)) is not None:
            wanted[target.name].append((place, field, value))
    return [finding for name, cells in wanted.items() for finding in _unseen(work, name, cells)]


def without_foreign(work: Work, kind: Kind, form: Form, before: Mapping[str, Any]) -> Form:
    """Return the form without references its writer may not use, which would be revealed; earlier values stay."""
    known = {str(value) for line in _lines_of(before) for value in line.values()}
    places = [one.field for one in foreign_references(work, kind, form)]
    strange = [place for place in places if str(_cell(form.raw, form.raw_children, place)) not in known]
    if not strange:
        return form
    values, children = (
        dict(form.raw),
        {name: [dict(line) for line in lines] for name, lines in form.raw_children.items()},
    )
    for place in strange:
        child, _, rest = place.partition(".")
        number, _, name = rest.partition(".")
        line = children[child][int(number) - 1] if rest else values
        line[name or place] = NO_RECORD
    return replace(read_form(kind, values, children, form.files), typed=form.typed)


def _lines_of(payload: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield payload.get("values", {})
    for lines in payload.get("children", {}).values():
        yield from lines


def _cell(values: Mapping[str, Any], children: Mapping[str, Any], place: str) -> Any:
    child, _, rest = place.partition(".")
    number, _, name = rest.partition(".")
    return children[child][int(number) - 1].get(name) if rest else values.get(place)


def _unseen(work: Work, name: str, cells: list[tuple[str, Field, UUID]]) -> list[Finding]:
    table = kind_named(name).table
    ids = {value for _, _, value in cells}
    seen_ids = {row.id for row in work.rows(work.visible(table), col(table.id).in_(ids))}
    return [
        Finding(FORMAT, f"{field.label}：所选记录不存在，请重新选择", place)
        for place, field, value in cells
        if value not in seen_ids
    ]


def _references(kind: Kind, form: Form) -> Iterable[tuple[str, Field, UUID]]:
    for field in kind.fields:
        if isinstance(value := form.values.get(field.name), UUID):
            yield field.name, field, value
    for child in kind.children:
        for number, line in enumerate(form.children.get(child.name, ()), 1):
            for field in child.fields:
                if isinstance(value := line.get(field.name), UUID):
                    yield f"{child.name}.{number}.{field.name}", field, value


# ------------------------------------------------------------------ kept with the version


def findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as they are kept with a version."""
    found: list[dict[str, Any]] = adapter(tuple[Finding, ...]).dump_python(tuple(findings), mode="json")
    return found


def read_findings(kept: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return adapter(tuple[Finding, ...]).validate_python(kept)

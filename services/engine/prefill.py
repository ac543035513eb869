"""Filling a draft from its source by a key: what was given is kept with source and time, what the user typed stays his."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.records import Revision, SourceMode
from models.sealed import Sealed
from services.engine.cycle_drafts import held_draft, keep
from services.engine.cycle_lock import own_office, owner_of, seen
from services.engine.cycle_orders import FillIn, Saved
from services.engine.door import Gathering
from services.engine.field_types.field import Field, Unreadable
from services.engine.findings import Finding, Severity
from services.engine.kinds import Child, Given, Kind, Owner
from services.engine.proposals import by_key, read_form
from services.engine.refusals import Rejected
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.ports.answers import Answer, AnswerState

#: Code of the finding about how a filling went.
FILLED = "PRE"
UNCHECKED = "未核验"


def gather_fill(kind: Kind, gathering: Gathering, order: FillIn) -> Answer[Given]:
    """Ask the kind's source, with no transaction open."""
    assert kind.facts.prefill is not None
    key = search_word(order.key, 100)
    if not key:
        raise Rejected(f"请填写{kind.facts.prefill.label}")
    owner = gathering.look(lambda work: _drafting(work, kind, order))
    return kind.facts.prefill.ask(gathering, key, owner)


def _drafting(work: Work, kind: Kind, order: FillIn) -> Owner:
    """Return the owner of a draft of the caller's own office; sources are asked for own drafts only."""
    row = seen(work, kind, order.revision_id)
    own_office(work, row)
    return owner_of(row)


def fill_in(kind: Kind, work: Work, order: FillIn, answer: Answer[Given]) -> Saved:
    """Put what the source gave into the draft; where it did not answer the form stays manual, marked 未核验."""
    assert kind.facts.prefill is not None
    row = held_draft(work, kind, order.revision_id, order.version)
    payload = row.payload.json()
    values, children = dict(payload.get("values", {})), dict(payload.get("children", {}))
    earlier = row.source_snapshot.json() if row.source_snapshot is not None else {}
    snapshot = {
        "source": (answer.value.source if answer.value else "") or kind.facts.prefill.source,
        "state": str(answer.state),
        "at": (answer.at or work.now).isoformat(),
        "key": order.key.strip(),
        "note": (answer.value.note if answer.value else "") or answer.note,
        "values": earlier.get("values", {}),
        "children": earlier.get("children", {}),
    }
    if answer.hit and answer.value is not None:
        given, lists = raw_given(kind, answer.value)
        _fill_values(values, given, earlier.get("values", {}), again=order.again)
        # A key that is a field of the form names one source; lists of lines are filled by each of several keys.
        one_source = any(one.name == kind.facts.prefill.key for one in kind.fields)
        refreshed = one_source or earlier.get("key") in (None, order.key.strip())
        before_lists = earlier.get("children", {})
        for child in kind.children:
            if child.name in lists:
                mine, before = children.get(child.name, []), before_lists.get(child.name, [])
                children[child.name] = _merged(
                    child, mine, lists[child.name], before, again=order.again, refreshed=refreshed
                )
                lists[child.name] = lists[child.name] if refreshed else _joined(child, before, lists[child.name])
        snapshot["values"], snapshot["children"] = given, {**before_lists, **lists}
        row.source_mode = SourceMode.PREFILLED
    if any(one.name == kind.facts.prefill.key for one in kind.fields) and not values.get(kind.facts.prefill.key):
        values[kind.facts.prefill.key] = order.key.strip()
    row.source_snapshot = Sealed.of_json(snapshot)
    form = read_form(kind, values, children, payload.get("files", {}))
    keep(work, kind, row, form, owner_of(row))
    work.session.flush()
    work.trail.tell(
        "DATA.UPDATE", f"{kind.name}.fill_in", about=row, digest=row.digest, detail={"is": snapshot["state"]}
    )
    return Saved(row.version, row.updated_at, (*form.findings, *_note_of(kind, answer)))


def _note_of(kind: Kind, answer: Answer[Given]) -> list[Finding]:
    assert kind.facts.prefill is not None
    if answer.hit:
        return []
    if answer.missed:
        sentence = answer.note or f"{kind.facts.prefill.source}没有查到该{kind.facts.prefill.label}，请核对或手工填写"
        return [Finding(FILLED, sentence, kind.facts.prefill.key, Severity.WARN)]
    sentence = f"{kind.facts.prefill.source}暂未应答，请手工填写；该记录标记为“{UNCHECKED}”，提交时再次核验"
    return [Finding(FILLED, sentence, kind.facts.prefill.key, Severity.PENDING)]


def source_label(row: Revision) -> str:
    """Return where the values come from, as the form shows it."""
    if row.source_snapshot is None:
        return ""
    snapshot = row.source_snapshot.json()
    state = snapshot.get("state")
    if state == AnswerState.HIT:
        return str(snapshot.get("source", ""))
    return f"{snapshot.get('source', '')}（{UNCHECKED}）"


# ------------------------------------------------------------------ merging


def raw_given(kind: Kind, given: Given) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Return the values and lists a source gave, in the representation of a form."""
    fields = {one.name: one for one in kind.fields}
    lists = {}
    for child in kind.children:
        if child.name in given.children:
            known = {one.name: one for one in child.fields}
            lists[child.name] = [_raw_line(known, line) for line in given.children[child.name]]
    return _raw_line(fields, given.values), lists


def _raw_line(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a source gave, in raw; what it says of fields we do not have, or cannot be read, is not ours."""
    line = {}
    for name, value in values.items():
        if name not in fields:
            continue
        try:
            read = fields[name].read(value)
        except Unreadable:
            read = None
        if read is not None:
            line[name] = fields[name].raw(read)
    return line


def _fill_values(values: dict[str, Any], given: Mapping[str, Any], earlier: Mapping[str, Any], *, again: bool) -> None:
    for name, value in given.items():
        # A value the source gave before and that was not edited since is the source's to change.
        if again or values.get(name) in (None, "") or values.get(name) == earlier.get(name):
            values[name] = value


Line = Mapping[str, Any]


def _merged(
    child: Child,
    mine: Sequence[Line],
    given: Sequence[Line],
    earlier: Sequence[Line],
    *,
    again: bool,
    refreshed: bool,
) -> list[dict[str, Any]]:
    """The user's list with what the source gives: his own lines stay, those of the source follow it by their business key.

    A line the source gave before and gives no more goes, unless the user has touched it.
    """
    given_by, earlier_by = by_key(child, given), by_key(child, earlier)
    merged: list[dict[str, Any]] = []
    for key, line in by_key(child, mine).items():
        kept = dict(line)
        if key in given_by:
            _fill_values(kept, given_by[key], earlier_by.get(key, {}), again=again)
        elif refreshed and dict(earlier_by.get(key, {})) == kept:
            continue
        merged.append(kept)
    have = set(by_key(child, mine))
    return merged + [dict(line) for key, line in given_by.items() if key not in have]


def _joined(child: Child, before: Sequence[Line], given: Sequence[Line]) -> list[dict[str, Any]]:
    """Return what a source gave for several keys, the newest word for each line."""
    lines = {**by_key(child, before), **by_key(child, given)}
    return [dict(line) for line in lines.values()]

"""Comparison of two versions by field and business key, and of a form with its source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.records import Revision, RevisionState
from services.engine.actor_names import person
from services.engine.copied import copy_of
from services.engine.cycle_lock import seen
from services.engine.cycle_orders import Changed, ChangedLine, Compare, Comparison, Difference, VersionLine
from services.engine.field_types.field import Field, Names
from services.engine.kept_visibility import versions_of
from services.engine.kinds import Child, Kind
from services.engine.proposals import by_key
from services.engine.references import names_of
from services.engine.refusals import NotFound
from services.engine.work import Work

#: No record has more versions, and databases no greater numbers.
_MOST_VERSIONS = 1_000_000
#: Part of a reviewer's word: the content that was returned.
RETURNED_AS = "returned"
_NO_VERSION = "没有查到要比对的版本"

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


def compare(kind: Kind, work: Work, order: Compare) -> Comparison:
    """Compare two versions of a record that the caller sees, or a version with the one it was made from.

    A reviewer sees what a record that moves into the district changes, though he does not yet see what is in force.
    """
    left, right = _pair(work, kind, order)
    versions = version_line(work, left), version_line(work, right)
    return _comparison(work, kind, versions, left.payload.json(), right.payload.json())


def since_returned(work: Work, kind: Kind, row: Revision) -> Comparison | None:
    """Compare a version under review with itself as a reviewer returned it; None where it was never returned."""
    kept = row.opinion.json().get(RETURNED_AS) if row.opinion is not None else None
    if kept is None or row.state is not RevisionState.SUBMITTED:
        return None
    version = version_line(work, row)
    return _comparison(work, kind, (version, version), kept, row.payload.json())


def _comparison(
    work: Work,
    kind: Kind,
    versions: tuple[VersionLine, VersionLine],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Comparison:
    before, after = kind.told(work.caller, before), kind.told(work.caller, after)
    fields = list(_changed(kind.fields, before.get("values", {}), after.get("values", {})))
    lines = [line for child in kind.children for line in _lines(child, before, after)]
    names = names_of(work, _references(kind, fields, lines))
    return Comparison(
        *versions,
        tuple(_shown(one, names, _Typed(before), _Typed(after)) for one in fields),
        tuple(
            ChangedLine(
                one.child.name,
                _key_shown(one.child, one.line, names),
                one.how,
                tuple(
                    _shown(cell, names, _Typed(before, one.place(one.left)), _Typed(after, one.place(one.right)))
                    for cell in one.cells
                ),
            )
            for one in lines
        ),
    )


def _pair(work: Work, kind: Kind, order: Compare) -> tuple[Revision, Revision]:
    left, right = (_version(work, kind, order.record_id, number) for number in (order.left, order.right))
    if left is None and right is not None and right.based_on == order.left:
        left = _basis(work, right)
    elif right is None and left is not None and left.based_on == order.right:
        right = _basis(work, left)
    if left is None or right is None:
        raise NotFound(_NO_VERSION)
    return left, right


def _version(work: Work, kind: Kind, record_id: UUID, number: int) -> Revision | None:
    if not 1 <= number <= _MOST_VERSIONS:
        raise NotFound(_NO_VERSION)
    wanted = versions_of(work, kind).where(Revision.record_id == record_id, Revision.version_no == number)
    row = work.session.exec(wanted.order_by(col(Revision.id))).first()
    return seen(work, kind, row.id) if row is not None else None


def _basis(work: Work, row: Revision) -> Revision | None:
    """Return the version that a visible version was made from: the one in force then."""
    wanted = select(Revision).where(
        Revision.record_id == row.record_id, Revision.kind == row.kind, Revision.version_no == row.based_on
    )
    found = work.session.exec(wanted.order_by(col(Revision.id))).first()
    return found if found is not None and found.id not in work.locked("revision") else None


def version_line(work: Work, row: Revision) -> VersionLine:
    """A version as the list of versions shows it."""
    reason = row.change_reason.json() if row.change_reason is not None else ""
    return copy_of(VersionLine, row, revision_id=row.id, change_reason=reason, author=person(work, row.author_id))


# ------------------------------------------------------------------ what changed

_Cell = tuple[Field, Any, Any]


@dataclass(frozen=True)
class _Line:
    """A line that changed; `left` and `right` are its numbers in either version, 0 for none."""

    child: Child
    line: Mapping[str, Any]
    how: str
    cells: list[_Cell]
    left: int = 0
    right: int = 0

    def place(self, number: int) -> str:
        return f"{self.child.name}.{number}."


@dataclass(frozen=True)
class _Typed:
    """Typed texts beside the normal forms of a version, of the form or of a line."""

    payload: Mapping[str, Any]
    place: str = ""

    def of(self, field: Field) -> str:
        text = self.payload.get("typed", {}).get(self.place + field.name)
        return field.typed_words(text) if text is not None else ""


def _changed(fields: Sequence[Field], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[_Cell]:
    for field in fields:
        left, right = before.get(field.name), after.get(field.name)
        if _empty(left) and _empty(right):
            continue
        if left != right:
            yield field, left, right


def _empty(value: Any) -> bool:
    return value is None or value == ""


def _lines(child: Child, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[_Line]:
    left = by_key(child, before.get("children", {}).get(child.name, ()))
    right = by_key(child, after.get("children", {}).get(child.name, ()))
    fields = child.fields
    numbers = {key: number for number, key in enumerate(left, 1)}
    for number, (key, line) in enumerate(right.items(), 1):
        if key not in left:
            yield _Line(child, line, ADDED, list(_changed(fields, {}, line)), right=number)
        elif left[key] != line and (cells := list(_changed(fields, left[key], line))):
            yield _Line(child, line, CHANGED, cells, numbers[key], number)
    for key, line in left.items():
        if key not in right:
            yield _Line(child, line, REMOVED, list(_changed(fields, line, {})), left=numbers[key])


def _references(kind: Kind, fields: Sequence[_Cell], lines: Sequence[_Line]) -> Iterator[tuple[Field, Any]]:
    keys = {child.name: [one for one in child.fields if one.name in child.key] for child in kind.children}
    cells = [*fields, *(cell for one in lines for cell in one.cells)]
    for field, left, right in cells:
        yield field, field.parsed(left)
        yield field, field.parsed(right)
    for one in lines:
        for field in keys[one.child.name]:
            yield field, field.parsed(one.line.get(field.name))


def _shown(cell: _Cell, names: Names, before: _Typed, after: _Typed) -> Changed:
    field, left, right = cell
    how = ADDED if _empty(left) else REMOVED if _empty(right) else CHANGED
    return Changed(
        field.name,
        field.label,
        field.as_read(left, names),
        field.as_read(right, names),
        how,
        "" if _empty(left) else before.of(field),
        "" if _empty(right) else after.of(field),
    )


def _key_shown(child: Child, line: Mapping[str, Any], names: Names) -> str:
    fields = {one.name: one for one in child.fields}
    return " ".join(fields[name].as_read(line.get(name), names) for name in child.key).strip()


# ------------------------------------------------------------------ beside its source


def differences(kind: Kind, snapshot: Mapping[str, Any], payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every field that differs from its source: name, source value, current value, both raw."""
    found = list(_differing(snapshot.get("values", {}), payload["values"], ""))
    for child in kind.children:
        if child.name in snapshot.get("children", {}):
            found += _list_differences(child, snapshot["children"][child.name], payload["children"].get(child.name, []))
    return found


def _differing(given: Mapping[str, Any], now: Mapping[str, Any], place: str) -> list[dict[str, Any]]:
    return [
        {"field": place + name, "given": value, "now": now.get(name)}
        for name, value in given.items()
        if now.get(name) != value
    ]


def _list_differences(
    child: Child, given: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    before, after = by_key(child, given), by_key(child, now)
    numbers = {key: number for number, key in enumerate(after, 1)}
    found: list[dict[str, Any]] = []
    for key, line in before.items():
        if key in after:
            found += _differing(line, after[key], f"{child.name}.{numbers[key]}.")
        else:
            found.append({"field": child.name, "given": _named(key), "now": None})
    found += [
        {"field": f"{child.name}.{number}", "given": None, "now": _named(key)}
        for key, number in numbers.items()
        if key not in before
    ]
    return found


def _named(key: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in key[:-1])


def differences_read(work: Work, kind: Kind, row: Revision) -> tuple[Difference, ...]:
    """Return the differences between a form and its source as people read them."""
    kept = row.prefill_diff.json() if row.prefill_diff is not None else []
    placed = [(one, place_of(kind, one["field"])) for one in kept]
    cells = [(field, field.parsed(one[side])) for one, (field, _) in placed if field for side in ("given", "now")]
    names = names_of(work, cells)
    return tuple(
        Difference(
            one["field"],
            label,
            field.as_read(one["given"], names) if field else str(one["given"] or ""),
            field.as_read(one["now"], names) if field else str(one["now"] or ""),
        )
        for one, (field, label) in placed
    )


def place_of(kind: Kind, place: str) -> tuple[Field | None, str]:
    """Return the field and the label of a place such as `child.3.name`."""
    parts = place.split(".")
    if len(parts) == 1:
        field = next((one for one in kind.fields if one.name == place), None)
        if field is not None:
            return field, field.label
    child = next((one for one in kind.children if one.name == parts[0]), None)
    if child is None:
        return None, place
    if len(parts) < 3:
        # A line that only one of both has is named by its key.
        key = next((one for one in child.fields if child.key == (one.name,)), None)
        return key, f"{child.label}第{parts[1]}行" if len(parts) == 2 else child.label
    field = next((one for one in child.fields if one.name == parts[2]), None)
    return field, f"{child.label}第{parts[1]}行{field.label if field else parts[2]}"

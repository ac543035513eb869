"""Forms read: raw values to parsed ones and back, what cannot be read and what is missing (market 2.0).

Findings name fields as forms do: `name`, `child.3.name` for the third line of a list, `files.slot` for attachments.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.records import InForce
from models.sealed import Sealed, SealedType
from services.engine.cycle_orders import Files, Lists, Raw
from services.engine.field_types.field import Field, Unreadable
from services.engine.findings import Finding
from services.engine.kinds import Child, Kind
from services.engine.refusals import Rejected
from services.engine.shapes import fields_of

FORMAT, MISSING, TWICE = "FMT", "REQ", "KEY"
_STRANGE = "内容与当前表单不一致，请刷新页面后重新填写"
#: No form of ours comes near it; what does is no form.
_MOST_LINES = 20_000


@dataclass(frozen=True)
class Form:
    """A parsed form: `values` and `children`, both also raw, and findings for unreadable values."""

    values: dict[str, Any]
    children: dict[str, list[dict[str, Any]]]
    files: dict[str, tuple[UUID, ...]]
    raw: dict[str, Any]
    raw_children: dict[str, list[dict[str, Any]]]
    findings: tuple[Finding, ...] = ()
    #: What was typed where another form of it is kept, by place (market 2.0).
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def payload(self) -> dict[str, Any]:
        """Return what a revision keeps of it."""
        files = {slot: [str(one) for one in ids] for slot, ids in self.files.items() if ids}
        typed = {"typed": dict(self.typed)} if self.typed else {}
        return {"values": self.raw, "children": self.raw_children, "files": files, **typed}


@dataclass
class _Reading:
    findings: list[Finding] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)

    def line(self, fields: Sequence[Field], raw: Raw, place: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
        """A line parsed and in raw; what cannot be read is kept as typed, and its value is None."""
        if not isinstance(raw, Mapping) or not set(raw) <= {one.name for one in fields}:
            raise Rejected(_STRANGE)
        values: dict[str, Any] = {}
        kept: dict[str, Any] = {}
        for one in fields:
            typed = raw.get(one.name)
            try:
                value = one.read(typed)
            except Unreadable as problem:
                self.findings.append(Finding(FORMAT, f"{one.label}：{problem.sentence}", place + one.name))
                values[one.name], kept[one.name] = None, _as_typed(typed)
            else:
                values[one.name] = value
                if value is not None:
                    kept[one.name] = one.raw(value)
                    if (was := one.typed_beside(typed, kept[one.name])) is not None:
                        self.typed[place + one.name] = was
        return values, kept


def _as_typed(typed: Any) -> Any:
    if isinstance(typed, int | float | bool):
        return typed
    text = typed if isinstance(typed, str) else str(typed)[:2000]
    # Half a character is in no text that can be stored.
    return text.encode("utf-8", "replace").decode()


def read_form(kind: Kind, values: Raw, children: Lists | None = None, files: Files | None = None) -> Form:
    """Read a whole form; names the kind does not have are refused, for no page of ours sends them."""
    reading = _Reading()
    children, files = children or {}, files or {}
    lists = {child.name: child for child in kind.children}
    slots = {slot.name for slot in kind.slots}
    if not set(children) <= set(lists) or not set(files) <= slots:
        raise Rejected(_STRANGE)
    parsed, raw = reading.line(kind.fields, values)
    lines: dict[str, list[dict[str, Any]]] = {}
    raw_lines: dict[str, list[dict[str, Any]]] = {}
    for name, child in lists.items():
        lines[name], raw_lines[name] = _read_lines(reading, child, children.get(name, ()))
    kept = {slot: tuple(_ids(ids)) for slot, ids in files.items()}
    return Form(parsed, lines, kept, raw, raw_lines, tuple(reading.findings), reading.typed)


def with_typed_before(kind: Kind, form: Form, before: Mapping[str, Any]) -> Form:
    """Return the form with unchanged values as they were typed, because a saved form sends normal forms."""
    kept = dict(form.typed)
    earlier: Mapping[str, str] = before.get("typed", {})
    for place, text in earlier.items():
        if place not in kept and "." not in place and form.raw.get(place) == before.get("values", {}).get(place):
            kept[place] = text
    for child in kind.children:
        its = {place: text for place, text in earlier.items() if place.startswith(f"{child.name}.")}
        if its:
            lines = before.get("children", {}).get(child.name, ())
            kept |= _typed_in_lines(child, its, lines, form.raw_children.get(child.name, ()), kept)
    return form if kept == form.typed else replace(form, typed=kept)


def _typed_in_lines(
    child: Child,
    earlier: Mapping[str, str],
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    known: Mapping[str, str],
) -> dict[str, str]:
    """Return the typed texts of unchanged lines, matched by their business key."""
    places = {key: number for number, key in enumerate(by_key(child, after), 1)}
    keys = list(by_key(child, before))
    kept = {}
    for place, text in earlier.items():
        _, number, name = place.split(".", 2)
        was = int(number) - 1
        now = places.get(keys[was]) if was < len(keys) else None
        if now is not None and before[was].get(name) == after[now - 1].get(name):
            here = f"{child.name}.{now}.{name}"
            if here not in known:
                kept[here] = text
    return kept


def form_of(kind: Kind, payload: Mapping[str, Any]) -> Form:
    """The form a revision keeps; a field its kind no longer has is left out."""
    known = {one.name for one in kind.fields}
    values = {name: value for name, value in payload.get("values", {}).items() if name in known}
    children = {}
    for child in kind.children:
        names = {one.name for one in child.fields}
        lines = payload.get("children", {}).get(child.name, ())
        children[child.name] = [{key: value for key, value in line.items() if key in names} for line in lines]
    slots = {slot.name for slot in kind.slots}
    files = {slot: ids for slot, ids in payload.get("files", {}).items() if slot in slots}
    return read_form(kind, values, children, files)


def _read_lines(reading: _Reading, child: Child, lines: Sequence[Raw]) -> tuple[list[Any], list[Any]]:
    if isinstance(lines, str) or len(lines) > _MOST_LINES:
        raise Rejected(f"“{child.label}”行数过多，最多{child.most}行")
    if len(lines) > child.most:
        sentence = f"“{child.label}”最多{child.most}行，现有{len(lines)}行，请删减"
        reading.findings.append(Finding(FORMAT, sentence, child.name))
    fields = child.fields
    read = [reading.line(fields, raw, f"{child.name}.{number}.") for number, raw in enumerate(lines, 1)]
    while read and not read[-1][1]:
        # Enter behind the last line of a list leaves an empty one.
        read.pop()
    return [values for values, _ in read], [raw for _, raw in read]


def _ids(ids: Sequence[Any]) -> Iterator[UUID]:
    for one in dict.fromkeys(ids):
        try:
            yield one if isinstance(one, UUID) else UUID(str(one))
        except ValueError as problem:
            raise Rejected(_STRANGE) from problem


# ------------------------------------------------------------------ what is missing, and what cannot be


def missing(kind: Kind, form: Form, today: date) -> list[Finding]:
    """Return findings for empty required fields, lists and slots, for values that cannot be, and for repeated lines."""
    unread = {one.field for one in form.findings}
    found = list(_missing_in(kind.fields, form.values, unread, today))
    for child in kind.children:
        fields, lines = child.fields, form.children.get(child.name, ())
        if len(lines) < child.least:
            found.append(Finding(MISSING, f"“{child.label}”至少填写{child.least}行", child.name))
        for number, line in enumerate(lines, 1):
            where = f"“{child.label}”第{number}行"
            found += _missing_in(fields, line, unread, today, f"{child.name}.{number}.", where)
        found += _twice(child, lines)
    for slot in kind.slots:
        if len(form.files.get(slot.name, ())) < slot.least:
            sentence = f"请上传“{slot.label}”" + (f"（至少{slot.least}份）" if slot.least > 1 else "")
            found.append(Finding(MISSING, sentence, f"files.{slot.name}"))
    return found


def _missing_in(
    fields: Sequence[Field], values: Mapping[str, Any], unread: set[str], today: date, place: str = "", where: str = ""
) -> Iterator[Finding]:
    for one in fields:
        value = values.get(one.name)
        # A value that cannot be read is reported once, not as missing too.
        if one.required and value is None and place + one.name not in unread:
            yield Finding(MISSING, f"{where}请填写“{one.label}”", place + one.name)
        elif value is not None and (told := one.wrong(value, values, today)):
            yield Finding(FORMAT, f"{where}{told}", place + one.name)


def _twice(child: Child, lines: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    seen: dict[tuple[Any, ...], int] = {}
    labels = {one.name: one.label for one in child.fields}
    for number, line in enumerate(lines, 1):
        key = tuple(line.get(name) for name in child.key)
        if not key or any(part is None for part in key):
            continue
        if (first := seen.setdefault(key, number)) != number:
            named = "、".join(labels[name] for name in child.key)
            sentence = f"“{child.label}”第{number}行与第{first}行的{named}重复"
            yield Finding(TWICE, sentence, f"{child.name}.{number}.{child.key[0]}")


# ------------------------------------------------------------------ rows in force


def columns_of(table: type[SQLModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a typed row for parsed values; what is not filled takes the column's default."""
    columns = {}
    for name, is_sealed, otherwise in _columns(table):
        value = values.get(name)
        columns[name] = otherwise if value is None else Sealed.of(value) if is_sealed else value
    return columns


@cache
def _columns(table: type[SQLModel]) -> tuple[tuple[str, bool, Any], ...]:
    """Name, whether it is sealed, and default of each column of the form, worked out once."""
    kinds = sa.inspect(table).columns
    given = {one.name: table.model_fields[one.name] for one in fields_of(table)}
    return tuple(
        (name, isinstance(kinds[name].type, SealedType), None if one.is_required() else one.get_default())
        for name, one in given.items()
    )


def values_of(row: SQLModel) -> dict[str, Any]:
    """The parsed values of a typed row: sealed ones opened, what is not filled as None."""
    values = {one.name: getattr(row, one.name) for one in fields_of(type(row))}
    opened = {name: value.plain if isinstance(value, Sealed) else value for name, value in values.items()}
    return {name: None if value == "" else value for name, value in opened.items()}


def raw_row(row: SQLModel) -> dict[str, Any]:
    """Return the row in form representation."""
    values = values_of(row)
    return {one.name: one.raw(values[one.name]) for one in fields_of(type(row)) if values[one.name] is not None}


def title_of(kind: Kind, values: Mapping[str, Any]) -> str:
    """Return how lists name a record; a person's name is never spelt out."""
    value = values.get(kind.look.title)
    if value is None:
        # A name the system computes is no field of the form; it was not left out.
        asked = any(one.name == kind.look.title for one in kind.fields)
        return f"未命名{kind.label}" if asked else kind.label
    personal = any(one.personal for one in kind.fields if one.name == kind.look.title)
    return Sealed(str(value), mask_kind=_mask_of(kind)).masked() if personal else str(value)[:200]


def title_of_row(kind: Kind, row: InForce) -> str:
    """Return the title of a record in force, which may be computed."""
    value = getattr(row, kind.look.title)
    if value is None or value == "":
        return f"未命名{kind.label}"
    return value.masked() if isinstance(value, Sealed) else str(value)


def _mask_of(kind: Kind) -> str:
    return next(one.mask for one in kind.fields if one.name == kind.look.title)


def line_key(child: Child, line: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the business key of a raw line."""
    return tuple(str(line.get(name) or "") for name in child.key)


def by_key(child: Child, lines: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Lines by their business key; of several with one key each keeps its turn."""
    turns: dict[tuple[str, ...], int] = defaultdict(int)
    keyed: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for line in lines:
        key = line_key(child, line)
        turns[key] += 1
        keyed[(*key, turns[key])] = line
    return keyed

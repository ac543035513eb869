"""Checks of rows against existing records: the record of each row, its changes, its references (rows 51-62)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select

from models.masking import mask
from models.records import InForceState, Revision
from services.engine.cycle_drafts import copied_lines
from services.engine.cycle_judgement import findings_of, stopping
from services.engine.field_types.field import Field
from services.engine.field_types.refs import Ref
from services.engine.kinds import Child, Kind, Owner
from services.engine.proposals import read_form, values_of
from services.engine.references import names_of, refers_to
from services.engine.refusals import Refusal
from services.engine.shapes import by_name, fields_of
from services.engine.work import Work
from services.imports.kinds import Asking
from services.imports.on_behalf import bringer, seen_by
from services.imports.row_kinds import ImportedRow, Level, Verdict
from services.records.sheet_beside import Beside, beside_of, keep_lists
from services.records.sheet_columns import KEY, SheetColumn, number_in
from services.records.sheet_files import child_columns, record_columns, title_column

UNCHANGED = "UNCHANGED"
_NOT_FOUND = "没有查到这一条记录，请填写业务编号，或在系统中与之完全相同的名称"


@dataclass
class Known:
    """The existing record of a row."""

    row: Any
    values: Mapping[str, Any]
    names: Mapping[UUID, str] = field(default_factory=dict)


def checks(kind: Kind, asking: Asking) -> Callable[[Sequence[ImportedRow]], None]:
    """Return the check of rows of a kind's table, with the visibility of the importing user."""

    def check(rows: Sequence[ImportedRow]) -> None:
        def read(work: Work) -> None:
            eyes = _eyes(work, asking, rows, kind.look.title)
            if eyes is not None:
                _check_records(eyes, kind, rows, asking.about_id)

        asking.look(read)

    return check


def check_lines(work: Work, kind: Kind, child: Child, rows: Sequence[ImportedRow], revision_id: UUID | None) -> None:
    """Find the references of a list's lines, and what a sheet of the draft showed masked."""
    find_references(work, child_columns(child), [(row, {}) for row in rows])
    unmask(child, rows, _kept_lines(work, kind, child, revision_id))


def _eyes(work: Work, asking: Asking, rows: Sequence[ImportedRow], column: str) -> Work | None:
    try:
        return seen_by(work, bringer(work, asking.account_id))
    except Refusal as refusal:
        for row in rows:
            row.find(column, Level.ERROR, "ACCOUNT", refusal.message)
        return None


def known_records(work: Work, kind: Kind, numbers: Iterable[str], *, numbered: bool = True) -> dict[str, Known]:
    """Visible records by their numbers, with the names of what they point at."""
    wanted = sorted({number for number in numbers if number})
    found: dict[str, Known] = {}
    for start in range(0, len(wanted), 500):
        part = col(kind.table.record_no).in_(wanted[start : start + 500])
        for row in work.session.exec(work.visible(kind.table).where(part)).all():
            found[row.record_no] = Known(row, values_of(row))
    names = names_of(
        work,
        ((one, known.values.get(one.name)) for known in found.values() for one in kind.fields),
        numbered=numbered,
    )
    for known in found.values():
        known.names = names
    return found


def changed_columns(kind: Kind, values: Mapping[str, str], beside: Beside, known: Known) -> list[SheetColumn]:
    """Return the columns in which a row differs from the record."""
    return [
        one
        for one in record_columns(kind)
        if one.head not in beside.lacks
        and not one.field.agrees(values.get(one.head, ""), known.values.get(one.field.name), known.names)
    ]


def changed_lists(work: Work, kind: Kind, beside: Beside, record_id: UUID) -> list[str]:
    """The lists of which a row brings other lines than are kept."""
    if not beside.lists:
        return []
    kept = copied_lines(work, kind, record_id)
    changed = []
    for name, lines in beside.lists.items():
        fields = {one.name: one for one in fields_of(kind.child(name).table)}
        before = kept.get(name, [])
        if len(before) != len(lines) or not all(
            one.agrees(line.get(key, ""), old.get(key), {})
            for line, old in zip(lines, before, strict=True)
            for key, one in fields.items()
        ):
            changed.append(name)
    return changed


def _check_records(work: Work, kind: Kind, rows: Sequence[ImportedRow], about: UUID | None) -> None:
    columns, title = record_columns(kind), title_column(kind)
    known = known_records(work, kind, (row.values.get(KEY, "") for row in rows))
    open_ones = _open_versions(work, [one.row.id for one in known.values()])
    find_references(work, columns, [(row, _kept_texts(columns, known.get(row.values.get(KEY, "")))) for row in rows])
    besides = {row.sheet_row: beside_of(row.values) for row in rows}
    _find_in_lists(work, kind, rows, besides)
    owner: Owner | str | None = None
    for row in rows:
        beside = besides[row.sheet_row]
        number = row.values.get(KEY, "")
        if number:
            _check_update(work, kind, row, beside, known.get(number), open_ones)
            continue
        if owner is None:
            owner = _owner(work, kind, about)
        if isinstance(owner, str):
            row.find(title, Level.ERROR, "OWNER", owner)
            continue
        _check_new(work, kind, row, beside, owner, columns)


def _kept_texts(columns: Sequence[SheetColumn], known: Known | None) -> dict[str, tuple[str, UUID]]:
    """Return how the references of a record are written, so that what the caller cannot look up stays as it is."""
    if known is None:
        return {}
    return {
        one.head: (known.names.get(value, ""), value)
        for one in columns
        if isinstance(one.field, Ref) and isinstance(value := known.values.get(one.field.name), UUID)
    }


def _open_versions(work: Work, ids: Sequence[UUID]) -> dict[UUID, Revision]:
    rows = select(Revision).where(col(Revision.open_key).in_([str(one) for one in ids]))
    return {row.record_id: row for row in work.session.exec(rows).all()}


def _check_update(
    work: Work,
    kind: Kind,
    row: ImportedRow,
    beside: Beside,
    known: Known | None,
    open_ones: Mapping[UUID, Revision],
) -> None:
    if known is None:
        row.find(KEY, Level.ERROR, "NOT_FOUND", "没有查到这个业务编号的记录，新增记录请把业务编号留空")
        return
    changed = changed_columns(kind, row.values, beside, known)
    if row.verdict is Verdict.REJECT:
        return
    if not changed and not changed_lists(work, kind, beside, known.row.id):
        row.find(KEY, Level.NOTE, UNCHANGED, "内容与生效版本一致，不会更新")
        return
    for one in changed:
        if one.field.personal and "*" in row.values.get(one.head, ""):
            row.find(one.head, Level.ERROR, "MASKED", "遮蔽显示的内容与现有内容不符，请填写完整内容或恢复原样")
    if known.row.in_force is not InForceState.EFFECTIVE:
        row.find(KEY, Level.ERROR, "VOIDED", f"该记录已作废，不能{kind.look.change}")
    elif (standing := open_ones.get(known.row.id)) is not None:
        told = f"该记录第{standing.version_no}版正在办理（{standing.state.label}），请先办结"
        row.find(KEY, Level.ERROR, "OPEN_VERSION", told)


def _owner(work: Work, kind: Kind, about: UUID | None) -> Owner | str:
    try:
        return kind.makers.owner(work, about)
    except Refusal as refusal:
        return refusal.message


def _check_new(
    work: Work, kind: Kind, row: ImportedRow, beside: Beside, owner: Owner, columns: Sequence[SheetColumn]
) -> None:
    failed = {one.column for one in row.findings if one.level is Level.ERROR}
    for one in columns:
        text = row.values.get(one.head, "")
        if one.field.personal and "*" in text:
            row.find(one.head, Level.ERROR, "MASKED", "遮蔽显示的内容不能导入，请填写完整")
        elif one.field.required and not text and one.head not in failed:
            level = Level.WARNING if kind.review else Level.ERROR
            row.find(one.head, level, "REQUIRED_MISSING", f"请填写{one.field.label}")
    if not kind.review and row.verdict is not Verdict.REJECT:
        _judge_now(work, kind, row, beside, owner, columns)


def _judge_now(
    work: Work, kind: Kind, row: ImportedRow, beside: Beside, owner: Owner, columns: Sequence[SheetColumn]
) -> None:
    """Return what takes effect without review is judged as if it were submitted now."""
    values = {one.field.name: row.values[one.head] for one in columns if row.values.get(one.head)}
    form = read_form(kind, values, beside.lists or {})
    version = Revision(kind=kind.name, record_id=uuid4(), version_no=1)
    heads = {one.field.name: one.head for one in columns}
    title = title_column(kind)
    for finding in stopping(findings_of(work, kind, version, form, owner, {}, references=False)):
        if not finding.field.startswith("files."):
            row.find(heads.get(finding.field, title), Level.ERROR, finding.code, finding.message)


# ------------------------------------------------------------------ what was shown masked


def _kept_lines(work: Work, kind: Kind, child: Child, revision_id: UUID | None) -> Sequence[Mapping[str, Any]]:
    """The lines of the draft a table is brought into, as far as the caller's office may write it."""
    if revision_id is None:
        return ()
    version = work.session.exec(work.visible(Revision).where(Revision.id == revision_id)).first()
    if version is None or version.kind != kind.name or version.author_unit != work.caller.unit_id:
        return ()
    lines: Sequence[Mapping[str, Any]] = version.payload.json()["children"].get(child.name, ())
    return lines


def unmask(child: Child, rows: Sequence[ImportedRow], kept: Sequence[Mapping[str, Any]]) -> None:
    """Put back what a sheet of ours showed masked, by the line it is of; masked values of no line are refused."""
    columns = child_columns(child)
    personal = [one for one in columns if one.field.personal]
    keys = [one for one in columns if one.field.name in child.key]
    left: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for line in kept:
        left[tuple(_as_shown(one.field, str(line.get(one.field.name) or "")) for one in keys)].append(line)
    for row in rows:
        masked = [one for one in personal if "*" in row.values.get(one.head, "")]
        if not masked:
            continue
        key = tuple(_as_shown(one.field, row.values.get(one.head, "")) for one in keys)
        its_own = next((one for one in left.get(key, ()) if _shows(masked, row, one)), None)
        if its_own is None:
            for one in masked:
                row.find(one.head, Level.ERROR, "MASKED", "遮蔽显示的内容不能导入，请填写完整")
            continue
        left[key].remove(its_own)
        for one in masked:
            row.values[one.head] = str(its_own[one.field.name])


def _as_shown(one: Field, text: str) -> str:
    return mask(one.mask, text) if one.personal and text and "*" not in text else text


def _shows(masked: Sequence[SheetColumn], row: ImportedRow, line: Mapping[str, Any]) -> bool:
    return all(row.values[one.head] == mask(one.field.mask, str(line.get(one.field.name) or "")) for one in masked)


# ------------------------------------------------------------------ references


def find_references(
    work: Work, columns: Sequence[SheetColumn], rows: Sequence[tuple[ImportedRow, Mapping[str, tuple[str, UUID]]]]
) -> None:
    """Put the ids of what cells point at in the place of numbers and names; only what the caller sees is found."""
    for column in columns:
        if not isinstance(column.field, Ref):
            continue
        texts = {row.values.get(column.head, "") for row, _ in rows} - {""}
        found = look_up(work, column.field, texts)
        for row, kept in rows:
            text = row.values.get(column.head, "")
            if not text:
                continue
            before, its_id = kept.get(column.head, ("", None))
            if its_id is not None and text == before:
                row.values[column.head] = str(its_id)
            elif text in found:
                row.values[column.head] = str(found[text])
            else:
                row.find(column.head, Level.ERROR, "REFERENCE", _NOT_FOUND)


def look_up(work: Work, one: Field, texts: Iterable[str]) -> dict[str, UUID]:
    """The visible records these texts name, by number or by a name that only one of them has."""
    target = refers_to(one)
    wanted = set(texts)
    if target is None or not wanted:
        return {}
    table: Any = target.table
    found: dict[str, UUID] = {}
    numbers: dict[str, list[str]] = defaultdict(list)
    for text in wanted:
        if number := number_in(text):
            numbers[number].append(text)
    rows = work.visible(table).where(col(table.record_no).in_(sorted(numbers)))
    for row in work.session.exec(rows).all():
        found.update(dict.fromkeys(numbers[row.record_no], row.id))
    left = wanted - set(found)
    title = by_name(table)[target.look.title]
    if left and not title.personal:
        named: dict[str, list[UUID]] = defaultdict(list)
        column = getattr(table, title.name)
        in_force = work.visible(table).where(column.in_(sorted(left)), table.in_force == InForceState.EFFECTIVE)
        for row in work.session.exec(in_force).all():
            named[getattr(row, title.name)].append(row.id)
        found.update({name: ids[0] for name, ids in named.items() if len(ids) == 1})
    return found


def _find_in_lists(work: Work, kind: Kind, rows: Sequence[ImportedRow], besides: Mapping[int, Beside]) -> None:
    for child in kind.children:
        columns = [one for one in child_columns(child) if isinstance(one.field, Ref)]
        for column in columns:
            name = column.field.name
            lines = [
                (row, line)
                for row in rows
                for line in (besides[row.sheet_row].lists or {}).get(child.name, ())
                if line.get(name)
            ]
            found = look_up(work, column.field, {line[name] for _, line in lines})
            for row, line in lines:
                if line[name] in found:
                    line[name] = str(found[line[name]])  # type: ignore[index]
                else:
                    row.find(f"{child.label}：{column.head}", Level.ERROR, "REFERENCE", _NOT_FOUND)
    for row in rows:
        beside = besides[row.sheet_row]
        if beside.lists:
            keep_lists(row.values, beside)

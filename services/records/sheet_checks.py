"""Checks of rows against existing records: the record of each row, its changes, its references (rows 51-62)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col

from models.masking import mask
from models.records import InForceState, Revision
from services.engine.cycle_drafts import copied_lines
from services.engine.cycle_judgement import findings_of, proposal_of, stopping
from services.engine.doubles import doubles_of
from services.engine.field_types.field import Field
from services.engine.field_types.refs import Ref
from services.engine.kinds import Child, Kind, Owner
from services.engine.proposals import read_form, values_of
from services.engine.references import names_of, refers_to
from services.engine.refusals import Refusal
from services.engine.shapes import by_name, fields_of
from services.engine.work import Work
from services.imports.kinds import Asking
from services.imports.sessions import bringer
from services.imports.sheets import Checks, ImportedRow, Level, Verdict
from services.records.sheet_columns import KEY, FieldColumn, RecordSheets, child_columns, lists_of, number_in

UNCHANGED = "UNCHANGED"
_NOT_FOUND = "没有查到这一条记录，请填写业务编号，或在系统中与之完全相同的名称"
_MASKED = "遮蔽显示的内容不能导入，请填写完整"
#: References of records as their workbooks write them, with their ids, by row and head.
_Kept = Mapping[tuple[int, str], tuple[str, UUID]]


@dataclass
class Known:
    """The existing record of a row."""

    row: Any
    values: Mapping[str, Any]
    names: Mapping[UUID, str] = field(default_factory=dict)


def checks_of(sheets: RecordSheets, asking: Asking) -> Checks:
    """The checks of a kind's rows, with the visibility of the importing user."""

    def check(rows: Sequence[ImportedRow]) -> None:
        asking.look(lambda work: read(work, rows))

    def read(work: Work, rows: Sequence[ImportedRow]) -> None:
        try:
            eyes = replace(work, caller=bringer(work, asking.account_id))
        except Refusal as refusal:
            for row in rows:
                row.find(sheets.title, Level.ERROR, "ACCOUNT", refusal.message)
        else:
            _check_records(eyes, sheets, rows, asking.about_id)

    return Checks(rows=check)


def known_records(work: Work, kind: Kind, rows: Iterable[ImportedRow]) -> dict[str, Known]:
    """Visible records by the numbers of rows, with the names of what they point at."""
    wanted = sorted({number for row in rows if (number := row.values.get(KEY, ""))})
    found: dict[str, Known] = {}
    for start in range(0, len(wanted), 500):
        part = col(kind.table.record_no).in_(wanted[start : start + 500])
        for row in work.session.exec(work.visible(kind.table).where(part)).all():
            found[row.record_no] = Known(row, values_of(row))
    cells = ((one, known.values.get(one.name)) for known in found.values() for one in kind.fields)
    names = names_of(work, cells, numbered=True)
    for known in found.values():
        known.names = names
    return found


def changed_columns(sheets: RecordSheets, row: ImportedRow, known: Known) -> list[FieldColumn]:
    """Return the columns in which a row differs from the record; those the table has not stay as they are."""
    return [
        one
        for one in sheets.columns
        if one.label in row.cells
        and not one.field.agrees(row.values.get(one.label, ""), known.values.get(one.name), known.names)
    ]


def changed_lists(work: Work, kind: Kind, row: ImportedRow, record_id: UUID) -> list[str]:
    """Return the lists of which a row brings other lines than are kept."""
    lists = lists_of(row)
    if not lists:
        return []
    kept = copied_lines(work, kind, record_id)
    changed = []
    for name, lines in lists.items():
        fields = {one.name: one for one in fields_of(kind.child(name).table)}
        before = kept.get(name, [])
        if len(before) != len(lines) or not all(
            one.agrees(line.get(key, ""), old.get(key), {})
            for line, old in zip(lines, before, strict=True)
            for key, one in fields.items()
        ):
            changed.append(name)
    return changed


def _check_records(work: Work, sheets: RecordSheets, rows: Sequence[ImportedRow], about: UUID | None) -> None:
    kind = sheets.kind
    known = known_records(work, kind, rows)
    ids = [str(one.row.id) for one in known.values()]
    versions = work.rows(Revision, col(Revision.open_key).in_(ids))
    open_ones = {one.record_id: one for one in versions}
    find_references(work, sheets.columns, rows, _kept(sheets, rows, known))
    _find_in_lists(work, kind, rows)
    owner: Owner | str | None = None
    for row in rows:
        number = row.values.get(KEY, "")
        if number:
            _check_update(work, sheets, row, known.get(number), open_ones)
            continue
        if owner is None:
            owner = _owner(work, kind, about)
        if isinstance(owner, str):
            row.find(sheets.title, Level.ERROR, "OWNER", owner)
        else:
            _check_new(work, sheets, row, owner)


def _kept(sheets: RecordSheets, rows: Sequence[ImportedRow], known: Mapping[str, Known]) -> _Kept:
    """Return how the references of records are written, so that what the caller cannot look up stays as it is."""
    kept = {}
    for row in rows:
        if (one := known.get(row.values.get(KEY, ""))) is not None:
            for column in sheets.columns:
                value = one.values.get(column.name)
                if isinstance(column.field, Ref) and isinstance(value, UUID):
                    kept[row.sheet_row, column.label] = one.names.get(value, ""), value
    return kept


def _check_update(
    work: Work, sheets: RecordSheets, row: ImportedRow, known: Known | None, open_ones: Mapping[UUID, Revision]
) -> None:
    if known is None:
        row.find(KEY, Level.ERROR, "NOT_FOUND", "没有查到这个业务编号的记录，新增记录请把业务编号留空")
        return
    changed = changed_columns(sheets, row, known)
    if row.verdict is Verdict.REJECT:
        return
    if not changed and not changed_lists(work, sheets.kind, row, known.row.id):
        row.find(KEY, Level.NOTE, UNCHANGED, "内容与生效版本一致，不会更新")
        return
    for one in changed:
        if one.mask and "*" in row.values.get(one.label, ""):
            row.find(one.label, Level.ERROR, "MASKED", "遮蔽显示的内容与现有内容不符，请填写完整内容或恢复原样")
    if known.row.in_force is not InForceState.EFFECTIVE:
        row.find(KEY, Level.ERROR, "VOIDED", f"该记录已作废，不能{sheets.kind.look.change}")
    elif (standing := open_ones.get(known.row.id)) is not None:
        told = f"该记录第{standing.version_no}版正在办理（{standing.state.label}），请先办结"
        row.find(KEY, Level.ERROR, "OPEN_VERSION", told)


def _owner(work: Work, kind: Kind, about: UUID | None) -> Owner | str:
    try:
        return kind.makers.owner(work, about)
    except Refusal as refusal:
        return refusal.message


def _check_new(work: Work, sheets: RecordSheets, row: ImportedRow, owner: Owner) -> None:
    failed = {one.column for one in row.findings if one.level is Level.ERROR}
    for one in sheets.columns:
        text = row.values.get(one.label, "")
        if one.mask and "*" in text:
            row.find(one.label, Level.ERROR, "MASKED", _MASKED)
        elif one.wanted and not text and one.label not in failed:
            level = Level.WARNING if sheets.kind.review else Level.ERROR
            row.find(one.label, level, "REQUIRED_MISSING", f"请填写{one.field.label}")
    if row.verdict is not Verdict.REJECT and (sheets.kind.facts.alike or not sheets.kind.review):
        _judge_now(work, sheets, row, owner)


def _judge_now(work: Work, sheets: RecordSheets, row: ImportedRow, owner: Owner) -> None:
    """Judge what takes effect without review as if it were submitted now; of what is reviewed find likely doubles."""
    kind = sheets.kind
    values = {one.name: text for one in sheets.columns if (text := row.values.get(one.label))}
    form = read_form(kind, values, lists_of(row))
    version = Revision(kind=kind.name, record_id=uuid4(), version_no=1)
    heads = {one.name: one.label for one in sheets.columns}
    if kind.facts.alike:
        for double in doubles_of(work, kind, proposal_of(work, kind, version, form, owner, {})):
            row.find(heads.get(double.field, sheets.title), Level.WARNING, double.code, double.message)
    found = [] if kind.review else stopping(findings_of(work, kind, version, form, owner, {}, references=False))
    for finding in found:
        if not finding.field.startswith("files."):
            row.find(heads.get(finding.field, sheets.title), Level.ERROR, finding.code, finding.message)


# The lines of one list


def check_lines(work: Work, kind: Kind, child: Child, rows: Sequence[ImportedRow], revision_id: UUID | None) -> None:
    """Find the references of a list's lines, and what a sheet of the draft showed masked."""
    find_references(work, child_columns(child), rows)
    unmask(child, rows, _kept_lines(work, kind, child, revision_id))


def _kept_lines(work: Work, kind: Kind, child: Child, revision_id: UUID | None) -> Sequence[Mapping[str, Any]]:
    """The lines of the draft a table is brought into, as far as the caller's office may write it."""
    if revision_id is None:
        return ()
    version = work.first(work.visible(Revision), Revision.id == revision_id)
    if version is None or version.kind != kind.name or version.author_unit != work.caller.unit_id:
        return ()
    lines: Sequence[Mapping[str, Any]] = version.payload.json()["children"].get(child.name, ())
    return lines


def unmask(child: Child, rows: Sequence[ImportedRow], kept: Sequence[Mapping[str, Any]]) -> None:
    """Put back what a sheet of ours showed masked, by the line it is of; masked values of no line are refused."""
    columns = child_columns(child)
    personal = [one for one in columns if one.mask]
    keys = [one for one in columns if one.name in child.key]
    left: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for line in kept:
        left[tuple(_as_shown(one.field, str(line.get(one.name) or "")) for one in keys)].append(line)
    for row in rows:
        masked = [one for one in personal if "*" in row.values.get(one.label, "")]
        if not masked:
            continue
        key = tuple(_as_shown(one.field, row.values.get(one.label, "")) for one in keys)
        its_own = next((one for one in left.get(key, ()) if _shows(masked, row, one)), None)
        if its_own is None:
            for one in masked:
                row.find(one.label, Level.ERROR, "MASKED", _MASKED)
            continue
        left[key].remove(its_own)
        for one in masked:
            row.values[one.label] = str(its_own[one.name])


def _as_shown(one: Field, text: str) -> str:
    return mask(one.mask, text) if one.personal and text and "*" not in text else text


def _shows(masked: Sequence[FieldColumn], row: ImportedRow, line: Mapping[str, Any]) -> bool:
    return all(row.values[one.label] == mask(one.mask, str(line.get(one.name) or "")) for one in masked)


# References


def find_references(
    work: Work, columns: Sequence[FieldColumn], rows: Sequence[ImportedRow], kept: _Kept | None = None
) -> None:
    """Put the ids of what cells point at in the place of numbers and names; what is `kept` needs not be seen."""
    for column in columns:
        if isinstance(column.field, Ref):
            cells = [(row, row.values, column.label) for row in rows if row.values.get(column.label)]
            _put_ids(work, column.field, column.label, cells, kept or {})


def _put_ids(
    work: Work, one: Field, head: str, cells: Sequence[tuple[ImportedRow, dict[str, Any], str]], kept: _Kept
) -> None:
    found = look_up(work, one, {values[key] for _, values, key in cells})
    for row, values, key in cells:
        text, its_id = kept.get((row.sheet_row, head), ("", None))
        if text != values[key]:
            its_id = found.get(values[key])
        if its_id is None:
            row.find(head, Level.ERROR, "REFERENCE", _NOT_FOUND)
        else:
            values[key] = str(its_id)


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
    for row in work.rows(work.visible(table), col(table.record_no).in_(sorted(numbers))):
        found.update(dict.fromkeys(numbers[row.record_no], row.id))
    left = wanted - set(found)
    title = by_name(table)[target.look.title]
    if left and not title.personal:
        named: dict[str, list[UUID]] = defaultdict(list)
        column = getattr(table, title.name)
        for row in work.rows(work.visible(table), column.in_(sorted(left)), table.in_force == InForceState.EFFECTIVE):
            named[getattr(row, title.name)].append(row.id)
        found.update({name: ids[0] for name, ids in named.items() if len(ids) == 1})
    return found


def _find_in_lists(work: Work, kind: Kind, rows: Sequence[ImportedRow]) -> None:
    """Do the same with the lines of lists, beside those that were found in the file."""
    for row in rows:
        if lists := row.beside.get("lists"):
            row.beside["found"] = {name: [dict(line) for line in lines] for name, lines in lists.items()}
    for child in kind.children:
        lines = [(row, line) for row in rows for line in lists_of(row).get(child.name, ())]
        for column in child_columns(child):
            if isinstance(column.field, Ref):
                cells = [(row, line, column.name) for row, line in lines if line.get(column.name)]
                _put_ids(work, column.field, f"{child.label}：{column.label}", cells, {})

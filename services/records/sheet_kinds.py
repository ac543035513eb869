"""Tables of records and of their lists as the importer takes them, for every kind out of its declaration (rows 51-62)."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from models.imports import ImportedLine
from models.practitioner_codes import RowState
from models.records import Revision, RevisionState, SourceMode
from services.engine.cycle import acts
from services.engine.cycle_judgement import Answers
from services.engine.cycle_orders import Begin, OneRevision, Save, StartUpdate, Submit
from services.engine.findings import Severity
from services.engine.kinds import KINDS, Kind, may_draft
from services.engine.refusals import Conflict, NotAllowed, NotFound, Refusal
from services.engine.work import Work
from services.imports.kinds import Asking, Batch, Filed, Importable, Photos, RowToFile, importables_under
from services.imports.on_behalf import acting_for, bringer
from services.imports.row_kinds import Cell, ImportColumn, ImportKind, Says
from services.imports.table_reader import FoundTable
from services.records.sheet_answers import ToFile, take_effect_at_once, with_answers
from services.records.sheet_beside import Beside, beside_column, beside_of, look_beside
from services.records.sheet_checks import changed_columns, changed_lists, checks, known_records
from services.records.sheet_columns import KEY, PLACE, hint_of, import_column
from services.records.sheet_files import (
    KEY_HINT,
    PLACE_HINT,
    record_columns,
    record_template,
    title_column,
)

FAMILY = "records"
_OPEN = (RevisionState.DRAFT, RevisionState.RETURNED)
MOST_RECORDS = 5_000
_AT_ONCE, _ASKED_AT_ONCE = 200, 20


def table_of(kind: Kind) -> str:
    """The name under which a kind's table is brought in."""
    return f"{FAMILY}.{kind.name}"


def _made(name: str) -> Importable | None:
    kind = KINDS.get(name)
    return None if kind is None else _records(kind)


importables_under(FAMILY, _made)


def _records(kind: Kind) -> Importable:
    columns, title = record_columns(kind), title_column(kind)

    def columns_and_checks(asking: Asking, photos: Photos | None) -> ImportKind:
        return ImportKind(
            (
                ImportColumn(PLACE, _as_it_stands, literal=True),
                ImportColumn(KEY, _number),
                *(import_column(one) for one in columns),
                beside_column(),
            ),
            MOST_RECORDS,
            key=KEY,
            check_all=checks(kind, asking),
        )

    def admit(work: Work, about: UUID | None) -> None:
        _may_draft(work, kind)
        if about is not None:
            try:
                kind.makers.owner(work, about)
            except Conflict:
                # The one record there may be is there: its update can still be brought in.
                return

    def also(content: bytes, found: FoundTable) -> FoundTable:
        return look_beside(kind, content, found)

    return Importable(
        name=table_of(kind),
        label=kind.label,
        kind=columns_and_checks,
        hints=(PLACE_HINT, KEY_HINT, *(hint_of(one) for one in columns)),
        prepare=lambda gathering, rows, archive: with_answers(kind, gathering, rows),
        file=_filer(lambda work, batch, ready: _file_records(work, kind, batch, ready), title),
        undo=lambda work, session_id: _undo(work, kind, session_id),
        title=title,
        masks={one.head: one.field.mask for one in columns if one.field.personal},
        # Each row that takes effect at once may wait for an outside system.
        batch=_ASKED_AT_ONCE if take_effect_at_once(kind) and kind.facts.ask is not None else _AT_ONCE,
        roles=kind.makers.draft,
        admit=admit,
        also=also,
        template=lambda: record_template(kind),
    )


def _as_it_stands(cell: Cell, says: Says) -> str:
    return cell.text.strip()


def _number(cell: Cell, says: Says) -> str:
    return cell.text.strip().upper()


def _may_draft(work: Work, kind: Kind) -> None:
    if not may_draft(kind, work.caller):
        raise NotAllowed("您的岗位不能填报这种记录")


_File = Callable[[Work, Batch, ToFile], Sequence[Filed]]


def _filer(file: _File, column: str) -> _File:
    """File rows in the name of the importing user, if still permitted."""

    def filed(work: Work, batch: Batch, ready: ToFile) -> Sequence[Filed]:
        try:
            caller = bringer(work, batch.account_id)
            with acting_for(work, caller):
                return file(work, batch, ready)
        except Refusal as refusal:
            return [_refused(column, refusal)] * len(ready.rows)

    return filed


def _refused(column: str, refusal: Refusal) -> Filed:
    reasons = tuple((column, one.code, one.message) for one in refusal.findings if one.severity is not Severity.WARN)
    return Filed(None, reasons or ((column, type(refusal).__name__.upper(), refusal.message),))


def _file_records(work: Work, kind: Kind, batch: Batch, ready: ToFile) -> Sequence[Filed]:
    return [_file_record(work, kind, batch, row, ready.answers.get(row.sheet_row)) for row in ready.rows]


def _file_record(work: Work, kind: Kind, batch: Batch, row: RowToFile, answers: Answers | None) -> Filed:
    title = title_column(kind)
    try:
        _may_draft(work, kind)
        beside = beside_of(row.values)
        if number := row.values.get(KEY, ""):
            return Filed(_update(work, kind, batch, number, row.values, beside, answers))
        return Filed(_begin(work, kind, batch, row.values, beside, answers))
    except Refusal as refusal:
        return _refused(title, refusal)


def _begin(
    work: Work, kind: Kind, batch: Batch, values: Mapping[str, str], beside: Beside, answers: Answers | None
) -> UUID:
    filled = {one.field.name: values[one.head] for one in record_columns(kind) if values.get(one.head)}
    order = Begin(batch.about_id, filled, beside.lists or {}, SourceMode.IMPORTED)
    begun = acts(kind).begin(work, order)
    _take_effect(work, kind, begun.revision_id, begun.version, answers)
    return begun.revision_id


def _update(
    work: Work,
    kind: Kind,
    batch: Batch,
    number: str,
    values: Mapping[str, str],
    beside: Beside,
    answers: Answers | None,
) -> UUID:
    """A new version with what the row says differently; a row that changes nothing leaves everything as it is."""
    known = known_records(work, kind, [number]).get(number)
    if known is None:
        raise NotFound("没有查到这个业务编号的记录")
    changed = changed_columns(kind, values, beside, known)
    lists = changed_lists(work, kind, beside, known.row.id)
    record_id: UUID = known.row.id
    if not changed and not lists:
        return record_id
    begun = acts(kind).update(work, StartUpdate(record_id, f"表格导入{kind.look.change}（批次{batch.session_no}）"))
    version = work.get(Revision, begun.revision_id)
    version.source_mode = SourceMode.IMPORTED
    payload = version.payload.json()
    fields = dict(payload["values"])
    for one in changed:
        fields[one.field.name] = values.get(one.head) or None
    children = {**payload["children"], **{name: (beside.lists or {})[name] for name in lists}}
    work.session.flush()
    saved = acts(kind).save(work, Save(version.id, version.version, fields, children, payload["files"]))
    _take_effect(work, kind, version.id, saved.version, answers)
    return begun.revision_id


def _take_effect(work: Work, kind: Kind, revision_id: UUID, version: int, answers: Answers | None) -> None:
    """Put a record without review into force at once; with any finding it stays a draft."""
    if not take_effect_at_once(kind) or not kind.makers.submit & work.caller.roles:
        return
    if kind.facts.ask is not None and answers is None:
        return
    if not acts(kind).trial(work, revision_id, answers or {}):
        acts(kind).submit(work, Submit(revision_id, version), answers or {})


def _undo(work: Work, kind: Kind, session_id: UUID) -> None:
    """Drop the drafts a table became, all of them or none."""
    became = select(ImportedLine.record_id).where(
        ImportedLine.session_id == session_id, ImportedLine.state == RowState.COMMITTED
    )
    ids = [row_id for row_id in work.session.exec(became).all() if row_id is not None]
    for start in range(0, len(ids), 500):
        part = select(Revision).where(col(Revision.id).in_(ids[start : start + 500]))
        for row in work.session.exec(part).all():
            if row.state is not RevisionState.DRAFT or row.submitted_at is not None:
                number = row.record_no or row.title.json()
                raise Conflict(f"“{number}”已提交或已生效，这个批次不能整批撤销")
            acts(kind).drop(work, OneRevision(row.id))

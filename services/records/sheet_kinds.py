"""Tables of records as the importer takes them, for every kind out of its declaration (rows 51-62)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select

from models.imports import ImportedLine, ImportSession
from models.practitioner_codes import RowState
from models.records import Revision, RevisionState, SourceMode
from services.engine.cycle import acts
from services.engine.cycle_drafts import copied_lines
from services.engine.cycle_judgement import Answers, proposal_of
from services.engine.cycle_orders import Begin, Begun, OneRevision, Save, Saved, StartUpdate, Submit
from services.engine.door import Gathering
from services.engine.findings import Severity
from services.engine.kinds import KINDS, Kind, Owner, Proposal, may_draft
from services.engine.proposals import raw_row, read_form
from services.engine.refusals import Conflict, NotAllowed, NotFound, Refusal
from services.engine.work import Work
from services.imports.kinds import Importable, importables_under
from services.imports.sessions import acting_for, bringer
from services.imports.sheets import ImportedRow, Level
from services.ports.answers import AnswerState
from services.records.sheet_checks import changed_columns, changed_lists, checks_of, known_records
from services.records.sheet_columns import KEY, RecordSheets, bring_lists, lists_of

FAMILY = "records"
_AT_ONCE, _ASKED_AT_ONCE = 200, 20


def table_of(kind: Kind) -> str:
    """The name under which a kind's table is brought in."""
    return f"{FAMILY}.{kind.name}"


def _made(name: str) -> Importable | None:
    return _records(KINDS[name]) if name in KINDS else None


importables_under(FAMILY, _made)


def _records(kind: Kind) -> Importable:
    sheets = RecordSheets(kind)

    def admit(work: Work, about: UUID | None) -> None:
        _may_draft(work, kind)
        if about is not None:
            try:
                kind.makers.owner(work, about)
            except Conflict:
                # The one record there may be is there: its update can still be brought in.
                return

    return Importable(
        name=table_of(kind),
        sheet=sheets.main,
        checks=lambda asking: checks_of(sheets, asking),
        prepare=lambda gathering, rows, archive: _answers(gathering, sheets, rows),
        file=lambda work, session, rows, answers: _file(work, sheets, session, rows, answers),
        undo=lambda work, session_id: _undo(work, kind, session_id),
        title=sheets.title,
        # Each row that takes effect at once may wait for an outside system.
        batch=_ASKED_AT_ONCE if _asks(kind) else _AT_ONCE,
        roles=kind.makers.draft,
        admit=admit,
        lists=tuple(sheets.lists.values()),
        bring_lists=lambda content, table: bring_lists(sheets, content, table),
        advice=("遮蔽显示的内容（含*）不要修改，照原样保留即视为没有变化。",),
    )


def _may_draft(work: Work, kind: Kind) -> None:
    if not may_draft(kind, work.caller):
        raise NotAllowed("您的岗位不能填报这种记录")


def _asks(kind: Kind) -> bool:
    """Return whether outside systems are asked about a record that takes effect at once."""
    return not kind.review and kind.facts.ask is not None


def _answers(gathering: Gathering, sheets: RecordSheets, rows: Sequence[ImportedRow]) -> dict[int, Answers]:
    """Ask about each row in turn; once a source is silent the rest is not waited for, and stays a draft."""
    ask = sheets.kind.facts.ask
    answers: dict[int, Answers] = {}
    if not _asks(sheets.kind) or ask is None:
        return answers
    silent: Answers | None = None
    for number, proposal in gathering.look(lambda work: _proposals(work, sheets, rows)).items():
        answers[number] = silent or ask(gathering, proposal)
        if any(one.state is AnswerState.SILENT for one in answers[number].values()):
            silent = answers[number]
    return answers


def _proposals(work: Work, sheets: RecordSheets, rows: Sequence[ImportedRow]) -> dict[int, Proposal]:
    kind, known = sheets.kind, known_records(work, sheets.kind, rows)
    proposals = {}
    for row in rows:
        before = known.get(row.values.get(KEY, ""))
        values: dict[str, Any] = {} if before is None else raw_row(before.row)
        lists: dict[str, Any] = {} if before is None else copied_lines(work, kind, before.row.id)
        values |= {one.name: row.values.get(one.label) or None for one in sheets.columns if one.label in row.cells}
        form = read_form(kind, values, {**lists, **lists_of(row)})
        version = Revision(kind=kind.name, record_id=uuid4() if before is None else before.row.id)
        proposals[row.sheet_row] = proposal_of(work, kind, version, form, Owner(), {})
    return proposals


def _file(
    work: Work,
    sheets: RecordSheets,
    session: ImportSession,
    rows: Sequence[ImportedRow],
    answers: Mapping[int, Answers],
) -> list[UUID | None]:
    """File rows in the name of the importing user, if still permitted."""
    try:
        with acting_for(work, bringer(work, session.account_id)):
            return [_file_record(work, sheets, session, row, answers.get(row.sheet_row)) for row in rows]
    except Refusal as refusal:
        for row in rows:
            _refuse(row, sheets.title, refusal)
        return [None] * len(rows)


def _refuse(row: ImportedRow, column: str, refusal: Refusal) -> None:
    stopping = [(one.code, one.message) for one in refusal.findings if one.severity is not Severity.WARN]
    for code, message in stopping or [(type(refusal).__name__.upper(), refusal.message)]:
        row.find(column, Level.ERROR, code, message)


def _file_record(
    work: Work, sheets: RecordSheets, session: ImportSession, row: ImportedRow, answers: Answers | None
) -> UUID | None:
    try:
        _may_draft(work, sheets.kind)
        file = _update if row.values.get(KEY) else _begin
        return file(work, sheets, session, row, answers)
    except Refusal as refusal:
        _refuse(row, sheets.title, refusal)
        return None


def _begin(work: Work, sheets: RecordSheets, session: ImportSession, row: ImportedRow, answers: Answers | None) -> UUID:
    filled = {one.name: text for one in sheets.columns if (text := row.values.get(one.label))}
    begun = acts(sheets.kind).begin(work, Begin(session.about_id, filled, lists_of(row), SourceMode.IMPORTED))
    return _take_effect(work, sheets.kind, begun, begun, answers)


def _update(
    work: Work, sheets: RecordSheets, session: ImportSession, row: ImportedRow, answers: Answers | None
) -> UUID:
    """A new version with what the row says differently; a row that changes nothing leaves everything as it is."""
    kind = sheets.kind
    known = known_records(work, kind, [row]).get(row.values[KEY])
    if known is None:
        raise NotFound("没有查到这个业务编号的记录")
    record_id: UUID = known.row.id
    changed, lists = changed_columns(sheets, row, known), changed_lists(work, kind, row, record_id)
    if not changed and not lists:
        return record_id
    reason = f"表格导入{kind.look.change}（批次{session.session_no}）"
    begun = acts(kind).update(work, StartUpdate(record_id, reason))
    version = work.get(Revision, begun.revision_id)
    version.source_mode = SourceMode.IMPORTED
    payload = version.payload.json()
    fields = {**payload["values"], **{one.name: row.values.get(one.label) or None for one in changed}}
    children = {**payload["children"], **{name: lists_of(row)[name] for name in lists}}
    work.session.flush()
    saved = acts(kind).save(work, Save(version.id, version.version, fields, children, payload["files"]))
    return _take_effect(work, kind, begun, saved, answers)


def _take_effect(work: Work, kind: Kind, begun: Begun, saved: Begun | Saved, answers: Answers | None) -> UUID:
    """Put a record without review into force at once; with any finding it stays a draft."""
    revision_id = begun.revision_id
    may = not kind.review and kind.makers.submit & work.caller.roles
    if may and (answers is not None or not _asks(kind)) and not acts(kind).trial(work, revision_id, answers or {}):
        acts(kind).submit(work, Submit(revision_id, saved.version), answers or {})
    return revision_id


def _undo(work: Work, kind: Kind, session_id: UUID) -> None:
    """Drop the drafts a table became, all of them or none."""
    became = select(ImportedLine.record_id).where(
        ImportedLine.session_id == session_id, ImportedLine.state == RowState.COMMITTED
    )
    ids = [row_id for row_id in work.session.exec(became).all() if row_id is not None]
    for start in range(0, len(ids), 500):
        for row in work.rows(Revision, col(Revision.id).in_(ids[start : start + 500])):
            if row.state is not RevisionState.DRAFT or row.submitted_at is not None:
                number = row.record_no or row.title.json()
                raise Conflict(f"“{number}”已提交或已生效，这个批次不能整批撤销")
            acts(kind).drop(work, OneRevision(row.id))

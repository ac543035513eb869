"""The table of practitioners as a kind that can be brought in: its template, and applications out of its rows (row 42)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from models.imports import ImportSession
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.work import Work
from services.files.archives import Archive
from services.files.zip_of_pictures import LARGEST_PICTURE
from services.imports.kinds import Asking, Importable, importable
from services.imports.sheets import Checks, ImportedRow, Level, Verdict
from services.practitioners.applications import file_rows, undo_batch_records
from services.practitioners.import_columns import ID_TYPES, SHEET, checks_of
from services.practitioners.orders import ApplyFor, FileRows, PersonData
from services.practitioners.photos import MadePortrait, make_portrait, store_portrait
from services.practitioners.records import person_of as kept_person
from services.practitioners.registry import FromHouse

_COLUMNS = {column.name: column.label for column in SHEET.columns}
_PERSON = {one.name for one in fields(PersonData)}


@dataclass(frozen=True)
class _ToFile:
    """Applications ready to be kept, and the portraits of those that have one, by place."""

    people: Sequence[PersonData]
    portraits: Mapping[int, MadePortrait]
    submit: bool


def _checks(asking: Asking) -> Checks:
    ages = asking.look(
        lambda work: (
            work.thresholds.integer("practitioners.least_age"),
            work.thresholds.integer("practitioners.most_age"),
        )
    )
    return checks_of(FromHouse(asking), asking.today, asking.photos, asking.firm, ages)


def _prepare(gathering: Gathering, rows: Sequence[ImportedRow], archive: bytes | None) -> _ToFile:
    portraits: dict[int, MadePortrait] = {}
    if archive is not None:
        zipped = Archive(archive)
        names = {PurePosixPath(name).name.casefold(): name for name in zipped.parts if not name.startswith("__MACOSX/")}
        for place, row in enumerate(rows):
            part = names.get(row.values[_COLUMNS["portrait"]].casefold())
            if part is None:
                continue
            made = make_portrait(gathering.sealer, zipped.read(part, LARGEST_PICTURE), gathering.thresholds)
            if made.sealed:
                portraits[place] = made
            else:
                _refuse(row, made.findings)
    return _ToFile([person_of(row.values) for row in rows], portraits, submit=archive is not None)


def _refuse(row: ImportedRow, findings: Sequence[Finding]) -> None:
    """Say at the columns of a row why it became no application."""
    stopping = [one for one in findings if one.severity is not Severity.WARN]
    for one in stopping or [Finding("REFUSED", "未能提交，请稍后再试")]:
        row.find(_COLUMNS.get(one.field, "证件号码"), Level.ERROR, one.code, one.message)


def _file(work: Work, session: ImportSession, rows: Sequence[ImportedRow], ready: _ToFile) -> Sequence[UUID | None]:
    """Without an archive of photos applications are kept as drafts: K07 wants a portrait before one is handed in."""
    assert session.enterprise_id is not None
    for portrait in ready.portraits.values():
        store_portrait(work, session.enterprise_id, portrait)
    if ready.portraits:
        work.session.flush()
    sound = [place for place, row in enumerate(rows) if row.verdict is not Verdict.REJECT]
    orders = []
    for place in sound:
        portrait_id = ready.portraits[place].id if place in ready.portraits else None
        orders.append(ApplyFor(ready.people[place], portrait_id, batch_id=session.id, submit=ready.submit))
    filed: list[UUID | None] = [None] * len(rows)
    if orders:
        batch = FileRows(session.id, tuple(orders))
        answers = file_rows(work, batch, firm_id=session.enterprise_id, submitted_by=session.account_id)
        for place, answer in zip(sound, answers, strict=True):
            filed[place] = answer.apply_id
            if answer.apply_id is None:
                _refuse(rows[place], answer.findings)
    return filed


def person_of(values: Mapping[str, str]) -> PersonData:
    """A judged row as a person."""
    told: dict[str, Any] = {name: values[column] for name, column in _COLUMNS.items() if name in _PERSON}
    return kept_person({**told, "id_type": ID_TYPES[told["id_type"]]})


PRACTITIONERS = importable(
    Importable(
        name="practitioners",
        sheet=SHEET,
        checks=_checks,
        prepare=_prepare,
        file=_file,
        undo=undo_batch_records,
        title="姓名",
        advice=("一次最多20000行，文件不超过20MB；照片打成一个zip压缩包，与表格一并上传，不超过20MB、2000个文件。",),
    )
)

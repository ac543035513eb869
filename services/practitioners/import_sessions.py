"""The table of practitioners as a kind that can be brought in: its template, and applications out of its rows (row 42)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.work import Work
from services.files.archives import Archive
from services.files.zip_of_pictures import LARGEST_PICTURE
from services.imports.kinds import Asking, Batch, Filed, Hint, Importable, Photos, RowToFile, importable
from services.imports.row_kinds import ImportKind
from services.practitioners.applications import file_rows, undo_batch_records
from services.practitioners.import_columns import DEGREES, ID_TYPES, POSTS, practitioners_kind
from services.practitioners.import_registry import FromHouse
from services.practitioners.orders import ApplyFor, FileRows, PersonData
from services.practitioners.photos import MadePortrait, make_portrait, store_portrait
from services.practitioners.records import person_of as kept_person

#: The column of the table each part of an application comes from.
_COLUMNS = {
    "name": "姓名",
    "id_type": "证件类型",
    "id_no": "证件号码",
    "mobile": "手机号",
    "post": "岗位",
    "education": "学历",
    "hired_on": "入职日期",
    "store": "门店",
    "contract_from": "劳动合同起",
    "contract_to": "劳动合同止",
    "portrait": "照片文件名",
    "note": "备注",
    "": "企业统一社会信用代码",
}
_PERSON = {one.name for one in fields(PersonData)}
_HINTS = (
    Hint("姓名", "与证件上的姓名一致，生僻字照原样填写", example="张三"),
    Hint("证件类型", "从下拉列表选择", "choice", tuple(ID_TYPES), 16, "居民身份证"),
    Hint("证件号码", "文本格式；居民身份证18位，末位X大写", width=22),
    Hint("手机号", "文本格式，11位数字"),
    Hint("岗位", "从下拉列表选择", "choice", POSTS, example="租赁顾问"),
    Hint("学历", "从下拉列表选择", "choice", DEGREES, example="大专"),
    Hint("入职日期", "日期，例如2026-03-01，不能晚于今天", "day", example="2026-03-01"),
    Hint("企业统一社会信用代码", "文本格式，18位，须为本企业的代码", width=24),
    Hint("门店", "所在门店的名称，没有门店的填写企业简称", width=18),
    Hint("劳动合同起", "日期，例如2026-03-01", "day", example="2026-03-01"),
    Hint("劳动合同止", "日期，不能早于劳动合同起", "day", example="2029-02-28"),
    Hint("照片文件名", "与照片压缩包内的文件名一致，例如证件号码.jpg", width=26),
    Hint("备注", "选填"),
)


@dataclass(frozen=True)
class _ToFile:
    """Applications ready to be kept; `faults` are of photos that cannot be used, by the row's place."""

    people: Sequence[PersonData]
    portraits: Mapping[int, MadePortrait]
    faults: Mapping[int, tuple[Finding, ...]]
    submit: bool


def _kind(asking: Asking, photos: Photos | None) -> ImportKind:
    return practitioners_kind(FromHouse(asking), photos, asking.firm)


def _prepare(gathering: Gathering, rows: Sequence[RowToFile], archive: bytes | None) -> _ToFile:
    people = [person_of(row.values) for row in rows]
    portraits, faults = {}, {}
    if archive is not None:
        zipped = Archive(archive)
        names = {PurePosixPath(name).name.casefold(): name for name in zipped.parts if not name.startswith("__MACOSX/")}
        for place, row in enumerate(rows):
            part = names.get(row.values["照片文件名"].casefold())
            if part is None:
                continue
            made = make_portrait(gathering.sealer, zipped.read(part, LARGEST_PICTURE), gathering.thresholds)
            if made.sealed:
                portraits[place] = made
            else:
                faults[place] = made.findings
    return _ToFile(people, portraits, faults, submit=archive is not None)


def _file(work: Work, batch: Batch, ready: _ToFile) -> Sequence[Filed]:
    """Without an archive of photos applications are kept as drafts: K07 wants a portrait before one is handed in."""
    assert batch.firm_id is not None
    places = [place for place in range(len(ready.people)) if place not in ready.faults]
    for place in places:
        if place in ready.portraits:
            store_portrait(work, batch.firm_id, ready.portraits[place])
    if ready.portraits:
        work.session.flush()
    orders = tuple(
        ApplyFor(
            ready.people[place],
            ready.portraits[place].id if place in ready.portraits else None,
            batch_id=batch.session_id,
            submit=ready.submit,
        )
        for place in places
    )
    given = (
        file_rows(work, FileRows(batch.session_id, orders), firm_id=batch.firm_id, submitted_by=batch.account_id)
        if orders
        else ()
    )
    answers = dict(zip(places, given, strict=True))
    filed = []
    for place in range(len(ready.people)):
        answer = answers.get(place)
        if answer is not None and answer.accepted:
            filed.append(Filed(answer.apply_id))
            continue
        findings = ready.faults[place] if answer is None else answer.findings
        reasons = tuple(
            (_COLUMNS.get(one.field, "证件号码"), one.code, one.message)
            for one in findings
            if one.severity is not Severity.WARN
        )
        filed.append(Filed(None, reasons or (("证件号码", "REFUSED", "未能提交，请稍后再试"),)))
    return filed


def _undo(work: Work, session_id: UUID) -> None:
    undo_batch_records(work, session_id)


def person_of(values: Mapping[str, str]) -> PersonData:
    """A judged row as a person."""

    told: dict[str, Any] = {name: values[column] for name, column in _COLUMNS.items() if name in _PERSON}
    return kept_person({**told, "id_type": ID_TYPES[told["id_type"]]})


PRACTITIONERS = importable(
    Importable(
        name="practitioners",
        label="从业人员",
        kind=_kind,
        hints=_HINTS,
        prepare=_prepare,
        file=_file,
        undo=_undo,
        title="姓名",
        masks={"姓名": "name", "证件号码": "id", "手机号": "phone", "照片文件名": "id"},
    )
)

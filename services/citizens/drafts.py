"""Drafts of citizens: saved page by page, with files, found again by the same person on any phone (row 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.citizens import DRAFT, CitizenDraft, DraftState
from models.documents import Attachment
from models.one_stop_codes import StopMaterialKind
from models.sealed import Sealed
from models.tenancy_codes import Situation
from services.citizens.forms import FIELDS, HOME, LONGEST
from services.citizens.sessions import Citizen
from services.documents.attachments import Examined, KeepAttachment, examined, store_attachment
from services.engine.door import Gathering
from services.engine.jobs import repeated
from services.engine.refusals import NotFound, Rejected, TooMany
from services.engine.registry import action, query
from services.engine.steps import take_step
from services.engine.work import Work
from services.files.inspection import inspect_material
from services.files.names import clean_file_name
from services.one_stop.materials import kind_of
from services.tenancy.predicates import number_of

OF_DRAFTS = "citizen_draft"
_GONE = NotFound("没有这份草稿，可能已经提交或者删除")
#: Drafts of one person at a time, and files of one draft.
_MOST_DRAFTS, _MOST_FILES = 10, 20
#: Drafts that the nightly job drops in one transaction.
_TOGETHER = 200


@dataclass(frozen=True)
class DraftFile:
    """A file handed in for a material."""

    material: StopMaterialKind
    file_name: str
    size: int


@dataclass(frozen=True)
class DraftView:
    """A draft as its owner sees it; `confirms` is the other side's case, `case_no` the case it changes."""

    id: UUID
    situation: Situation
    values: dict[str, str]
    files: tuple[DraftFile, ...]
    token: str
    confirms: str
    case_no: str
    edited_at: datetime


@dataclass(frozen=True)
class OfDraft:
    """A draft of the citizen who is signed in."""

    citizen: Citizen
    id: UUID


@dataclass(frozen=True)
class SaveDraft:
    """Texts of a page; fields that the page does not have stay as they are. `token` is that of a new precheck."""

    citizen: Citizen
    id: UUID
    values: Mapping[str, str]
    token: str = ""


@dataclass(frozen=True)
class BeginDraft:
    """A new draft. With `case_no` it changes a case, with `confirms` it agrees with the other side's."""

    citizen: Citizen
    situation: Situation
    values: Mapping[str, str]
    token: str = ""
    case_no: str = ""
    confirms: str = ""


@dataclass(frozen=True)
class AddFile:
    """A file for a material of a draft."""

    citizen: Citizen
    id: UUID
    material: str
    file_name: str
    content: bytes = field(repr=False)


def owned_by(work: Work, column: Any, citizen: Citizen) -> Any:
    """The where clause over rows of the citizen's number."""
    return col(column).in_(work.sealer.indexes("id_no", number_of(citizen.id_no)))


def draft_of(work: Work, order: OfDraft | SaveDraft | AddFile) -> CitizenDraft:
    """Lock and return an open draft of the citizen; another person's is not found."""
    rows = work.visible(CitizenDraft).where(
        CitizenDraft.id == order.id,
        owned_by(work, CitizenDraft.owner_no_index, order.citizen),
        CitizenDraft.state == DraftState.OPEN,
    )
    row = work.held(rows).first()
    if row is None:
        raise _GONE
    return row


def checked(values: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that a draft keeps; fields of no page are left out."""
    kept = {name: text.strip() for name, text in values.items() if name in FIELDS}
    if any(len(text) > LONGEST for text in kept.values()):
        raise Rejected("填写的内容过长，请缩短后重新提交")
    return kept


@action("citizens.begin", "新建草稿", roles={Role.SYSTEM}, event="DATA.CREATE")
def begin_draft(work: Work, order: BeginDraft) -> UUID:
    """Begin a draft; one that changes or confirms the same case goes on instead of a second one."""
    mine = work.rows(
        CitizenDraft,
        owned_by(work, CitizenDraft.owner_no_index, order.citizen),
        CitizenDraft.state == DraftState.OPEN,
    )
    for one in mine:
        content = one.content.json()
        same = one.case_no == order.case_no and content.get("confirms", "") == order.confirms
        if same and one.situation is order.situation and (order.case_no or order.confirms):
            return one.id
        if same and order.token and _home(content["values"]) == _home(order.values):
            # Checked again before it was handed in: what was filled in stays, under the new token.
            _keep(work, one, content | {"token": order.token})
            return one.id
    if len(mine) >= _MOST_DRAFTS:
        raise TooMany("草稿已满，请先提交或者删除一份草稿")
    content = {"values": checked(order.values), "files": [], "token": order.token, "confirms": order.confirms}
    row = CitizenDraft(
        owner_no=Sealed.of(number_of(order.citizen.id_no)),
        situation=order.situation,
        content=Sealed.of_json(content),
        case_no=order.case_no,
        edited_at=work.now,
    )
    return work.add(row).id


def _home(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(values.get(name, "").strip() for name in HOME)


@action("citizens.save", "保存草稿", roles={Role.SYSTEM}, event="DATA.UPDATE")
def save_draft(work: Work, order: SaveDraft) -> None:
    """Save what a page has; the draft is there again after the phone was closed."""
    row = draft_of(work, order)
    content = row.content.json()
    content["values"] = content["values"] | checked(order.values)
    if order.token:
        content["token"] = order.token
    _keep(work, row, content)


def _keep(work: Work, row: CitizenDraft, content: dict[str, Any]) -> None:
    row.content, row.edited_at = Sealed.of_json(content), work.now
    work.add(row)


@action("citizens.drop", "删除草稿", roles={Role.SYSTEM})
def drop_draft(work: Work, order: OfDraft) -> None:
    """Drop a draft with its texts; its files are no longer cited."""
    _drop(work, draft_of(work, order))


def _drop(work: Work, row: CitizenDraft) -> None:
    take_step(work, row, DRAFT, "drop")
    row.content = Sealed.of_json({"values": {}, "files": [], "token": "", "confirms": ""})  # nosec B105 # an empty token
    for file in work.rows(Attachment, Attachment.object_kind == OF_DRAFTS, Attachment.object_id == row.id):
        work.session.delete(file)
    work.add(row)


def _examine(gathering: Gathering, order: AddFile) -> Examined:
    return examined(gathering, order.content, inspect_material(order.content))


@action("citizens.file", "上传申请材料", roles={Role.SYSTEM}, gather=_examine, event="FILE.UPLOAD")
def add_file(work: Work, order: AddFile, found: Examined) -> None:
    """Store a file for a material; a later file for the same material takes the place of the earlier one."""
    row = draft_of(work, order)
    kind = kind_of(order.material)
    if kind is None:
        raise Rejected("没有这种材料")
    content = row.content.json()
    others = [one for one in content["files"] if one["material"] != kind.value]
    if len(others) >= _MOST_FILES:
        raise TooMany("材料过多")
    name = clean_file_name(order.file_name, found.inspected.extension)
    kept = KeepAttachment(kind.label, name, order.content)
    told = store_attachment(work, kept, found, object_kind=OF_DRAFTS, object_id=row.id)
    if not told.usable:
        raise Rejected(told.note)
    file = {"material": kind.value, "file_name": name, "size": len(order.content), "id": told.id.hex}
    _keep(work, row, content | {"files": [*others, file]})


def view_of(row: CitizenDraft) -> DraftView:
    content = row.content.json()
    files = tuple(
        DraftFile(StopMaterialKind.of(one["material"]), one["file_name"], one["size"]) for one in content["files"]
    )
    return DraftView(
        row.id,
        row.situation,
        content["values"],
        files,
        content.get("token", ""),
        content.get("confirms", ""),
        row.case_no,
        row.edited_at,
    )


@query("citizens.draft", "草稿", roles={Role.SYSTEM}, personal=True)
def open_draft(work: Work, order: OfDraft) -> DraftView:
    """Show a draft of the citizen."""
    return view_of(
        work.find(
            CitizenDraft,
            CitizenDraft.id == order.id,
            owned_by(work, CitizenDraft.owner_no_index, order.citizen),
            CitizenDraft.state == DraftState.OPEN,
            missing=_GONE,
        )
    )


@action("citizens.drop_old", "清除过期草稿", roles={Role.SYSTEM}, event="")
def drop_old(work: Work, order: None) -> int:
    """Drop drafts left unedited for the time the parameter says."""
    last = work.now - timedelta(days=work.thresholds.integer("citizens.draft_days"))
    rows = work.visible(CitizenDraft).where(CitizenDraft.state == DraftState.OPEN, col(CitizenDraft.edited_at) < last)
    old = work.held(rows.order_by(col(CitizenDraft.id)).limit(_TOGETHER)).all()
    for row in old:
        _drop(work, row)
    return len(old)


repeated("citizens.drop_old", "清除过期草稿", drop_old, at="01:40")

"""Bringing a table in: the files are kept sealed at once; a worker reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.columns import new_id
from models.enterprise import Enterprise
from models.imports import ImportSession
from models.practitioner_codes import IMPORT, SessionState
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.engine.door import Gathering
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.work import Work
from services.files.file_refusals import FileRefused
from services.files.names import clean_file_name
from services.files.workbook_tables import LARGEST
from services.imports.kinds import kind_of
from services.imports.sessions import BRINGERS, OFFICES, move, own_sessions, tell

_OPEN = tuple(state for state in SessionState if IMPORT.open_to("cancel") >= {state})
#: So many sessions a firm may have open; each keeps its lines until it is ended.
_MOST_OPEN = 20


@dataclass(frozen=True)
class UploadTable:
    """A workbook or CSV file as it was uploaded, and with it an archive of photos, or none."""

    kind: str
    file_name: str
    content: bytes
    pictures: bytes = b""
    #: The draft whose list takes the rows, or the owner of the new records.
    about_id: UUID | None = None


@dataclass(frozen=True)
class Uploaded:
    """`same_as` is the number of an earlier session of an identical file, which may be a mistake."""

    id: UUID
    session_no: str
    same_as: str = ""


def _seal(gathering: Gathering, order: UploadTable) -> dict[str, Any]:
    """The columns of a new session that hold its files."""
    kind = kind_of(order.kind)
    if not kind.is_for(gathering.caller):
        raise NotAllowed("您的岗位不能导入这种表格")
    gathering.look(lambda work: kind.admit(work, order.about_id))
    _is_of_a_size(order.content, "表格")
    if order.pictures:
        _is_of_a_size(order.pictures, "照片压缩包")
        if not order.pictures.startswith(b"PK\x03\x04"):
            raise FileRefused("ZIP-KIND", "照片请打成一个zip压缩包后上传")
    made, seal = new_id(), gathering.sealer.seal_file
    return {
        "id": made,
        "file_name": Sealed.of_json(clean_file_name(order.file_name, _ending(order))),
        "digest": sm3_hex(order.content),
        "workbook": seal(order.content, str(made)),
        "pictures": seal(order.pictures, str(made)) if order.pictures else None,
    }


def _is_of_a_size(content: bytes, what: str) -> None:
    if not content:
        raise FileRefused("FILE-EMPTY", f"{what}是空文件，请重新选择")
    if len(content) > LARGEST:
        raise FileRefused("FILE-SIZE", f"{what}超过20MB，请拆分后分次上传")


@action("imports.upload", "上传导入表格", roles=BRINGERS, gather=_seal, event="FILE.UPLOAD")
def upload_table(work: Work, order: UploadTable, kept: dict[str, Any]) -> Uploaded:
    """Keep the files of a new session; a worker checks what they are."""
    caller = work.caller
    if caller.account_id is None or (caller.enterprise_id is None and not caller.has(*OFFICES)):
        raise NotAllowed("只有企业可以导入本企业的人员")
    mine = select(ImportSession.session_no, ImportSession.digest).where(own_sessions(work, ImportSession))
    open_ones = work.session.exec(mine.where(col(ImportSession.state).in_(_OPEN))).all()
    if len(open_ones) >= _MOST_OPEN:
        raise Rejected(f"未结束的导入批次已有{_MOST_OPEN}个，请先提交或取消其中的批次")
    session = ImportSession(
        **kept,
        kind=order.kind,
        session_no="",
        account_id=caller.account_id,
        enterprise_id=caller.enterprise_id,
        about_id=order.about_id,
    )
    firm = select(Enterprise.district_code).where(Enterprise.id == caller.enterprise_id)
    district = work.session.exec(firm).first() or caller.district_code or "310000"
    number_later(work, "PL", district, work.today, lambda number: setattr(session, "session_no", number))
    # Added once it has its number: the column is unique, and two sessions without one would collide.
    work.then(lambda: _keep(work, session, order))
    same = next((number for number, digest in open_ones if digest == session.digest), "")
    return work.later(lambda: Uploaded(session.id, session.session_no, same))


def _ending(order: UploadTable) -> str:
    """Return the ending of the stored name: the upload's own where that is one of a table."""
    named = order.file_name.rpartition(".")[2].lower()
    return named if named in {"xlsx", "csv", "xls", "txt"} else "xlsx" if order.content.startswith(b"PK") else "csv"


def _keep(work: Work, session: ImportSession, order: UploadTable) -> None:
    work.add(session)
    detail = {"kind": order.kind, "size": len(order.content), "pictures": len(order.pictures)}
    work.trail.tell("FILE.UPLOAD", "imports.upload", about=session, digest=session.digest, detail=detail)


@dataclass(frozen=True)
class MatchHeads:
    """The position (from 0) in the file of each column; where other sheets were asked about, the places of those read too."""

    session_id: UUID
    places: Mapping[str, int] = field(default_factory=dict)
    sheets: tuple[int, ...] | None = None


@action("imports.match", "对应表头", roles=BRINGERS, step=Step(IMPORT, "map"))
def match_heads(work: Work, order: MatchHeads) -> None:
    """Say which column is which, or which other sheets are read too; the file is then read again."""
    session = work.hold(ImportSession, order.session_id)
    offered: Any = session.heads.json() if session.heads is not None else {"last_row": 1, "heads": []}
    if "sheets" in offered:
        if order.sheets is None or not set(order.sheets) <= {place for place, _, _, fits in offered["sheets"] if fits}:
            raise Rejected("请为每张表页选择一并读取或不读取")
        session.mapping = {**(session.mapping or {}), "sheets": sorted(order.sheets)}
        move(work, session, "map")
        return
    places = {place for place, _ in offered["heads"]}
    if not order.places or not set(order.places.values()) <= places:
        raise Rejected("请按列表选择对应的列")
    if len(set(order.places.values())) < len(order.places):
        raise Rejected("同一列不能对应两个栏目，请重新选择")
    if not set(order.places) <= {column.label for column in kind_of(session.kind).sheet.columns}:
        raise Rejected("没有这个栏目，请刷新页面后重新选择")
    session.mapping = {"last_row": offered["last_row"], "places": dict(order.places)}
    move(work, session, "map")


@dataclass(frozen=True)
class UploadCorrections:
    """The error workbook of a session, corrected."""

    session_id: UUID
    content: bytes


def _seal_corrections(gathering: Gathering, order: UploadCorrections) -> bytes:
    _is_of_a_size(order.content, "表格")
    return gathering.sealer.seal_file(order.content, str(order.session_id))


@action(
    "imports.upload_corrections",
    "上传改正后的错误表",
    roles=BRINGERS,
    gather=_seal_corrections,
    step=Step(IMPORT, "correct"),
    event="FILE.UPLOAD",
)
def upload_corrections(work: Work, order: UploadCorrections, sealed: bytes) -> None:
    """Go on with the session: the worker takes what was changed, row by row by its key."""
    session = work.hold(ImportSession, order.session_id)
    if session.state is SessionState.COMMITTING or session.state is SessionState.PAUSED:
        raise Conflict("正在提交，请等提交完成后再上传改正后的表格")
    session.workbook, session.digest = sealed, sm3_hex(order.content)
    tell(session, told=[])
    move(work, session, "correct")
    detail: dict[str, Any] = {"size": len(order.content)}
    work.trail.tell("FILE.UPLOAD", "imports.upload_corrections", digest=session.digest, detail=detail)

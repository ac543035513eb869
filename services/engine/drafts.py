"""Drafts: unfinished input saved on the server every few seconds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import AUTHORITY, Role
from models.engine import Draft
from models.sealed import Sealed
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import action, query
from services.engine.work import Work, visible_rows

KEEPERS = {
    Role.STREET_CLERK,
    Role.DISTRICT_CLERK,
    Role.DISTRICT_BUREAU,
    Role.CITY_CENTER,
    Role.ENTERPRISE_USER,
    Role.ENTERPRISE_ADMIN,
    *AUTHORITY,
}
_LARGEST = 512_000
#: Kinds that begin so are words begun beside a record, found again there and in no list of what is to be gone on with.
BESIDE_A_RECORD = "review."


visible_rows(Draft)(lambda work, table: table.owner_id == work.caller.account_id)


@dataclass(frozen=True)
class SaveDraft:
    """`version` is the one the page loaded; an outdated page is refused and loses nothing."""

    kind: str
    title: str
    payload: dict[str, Any]
    id: UUID | None = None
    version: int = 0


@dataclass(frozen=True)
class SavedDraft:
    id: UUID
    version: int
    at: datetime


@action("drafts.save", "保存草稿", roles=KEEPERS, event="DATA.UPDATE")
def save_draft(work: Work, order: SaveDraft) -> SavedDraft:
    """Keep what is typed; another tab's newer version is never overwritten."""
    payload = Sealed.of_json(order.payload)
    if len(payload.plain) > _LARGEST:
        raise Rejected("内容过长，无法保存，请精简附加条款")
    if work.caller.account_id is None:
        raise NotAllowed("请先登录")
    if order.id is None:
        draft = Draft(owner_id=work.caller.account_id, kind=order.kind, title=order.title[:80], payload=payload)
    else:
        draft = work.get(Draft, order.id)
        if order.version and draft.version != order.version:
            raise Conflict("该草稿已在另一页面中修改，请刷新后继续，本页内容未丢失")
        if draft.closed:
            raise Conflict("该草稿已提交，不能再修改")
        draft.title, draft.payload = order.title[:80], payload
    work.add(draft)
    work.session.flush()
    work.trail.tell("DATA.UPDATE", "drafts.save", about=draft)
    return SavedDraft(draft.id, draft.version, work.now)


@action("drafts.drop", "丢弃草稿", roles=KEEPERS, event="DATA.DELETE")
def drop_draft(work: Work, draft_id: UUID) -> None:
    draft = work.get(Draft, draft_id)
    work.session.delete(draft)
    work.trail.tell("DATA.DELETE", "drafts.drop", about=draft)


@query("drafts.mine", "我的草稿", roles=KEEPERS)
def my_drafts(work: Work, kind: str) -> list[Draft]:
    """The newest open drafts of a kind, without their contents."""
    found = work.rows(
        work.visible(Draft), Draft.kind == kind, col(Draft.closed).is_(False), by=col(Draft.updated_at).desc(), most=50
    )
    return list(found)


@dataclass(frozen=True)
class OpenedDraft:
    id: UUID
    version: int
    title: str
    payload: dict[str, Any]
    updated_at: datetime


@query("drafts.open", "打开草稿", roles=KEEPERS)
def open_draft(work: Work, draft_id: UUID) -> OpenedDraft:
    row = work.get(Draft, draft_id)
    return OpenedDraft(row.id, row.version, row.title, row.payload.json(), row.updated_at)

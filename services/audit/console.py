"""Views of the auditor: events by content, an event with its proof, the checkpoints (A6, security.md 6)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from models.access import Account, Role, login_key
from models.audit import AuditCheckpoint, AuditEvent
from models.codes import Toned
from services.audit.merkle import path_of, root_by
from services.audit.statement import read_statement
from services.audit.verification_runs import own_keys
from services.engine.audit import CHAIN
from services.engine.registry import query
from services.engine.search_terms import day_begins, day_is_over
from services.engine.work import Work, visible_rows
from services.ports.crypto import Crypto

AUDITORS = {Role.AUDITOR}
RESULTS = {"ok": "成功", "deny": "拒绝", "fail": "失败", "error": "异常"}
#: Nobody turns the pages further; counting a million rows for that would make everybody wait.
_COUNTED = 10_000


@visible_rows(AuditEvent)
def auditors_see_events(work: Work, table: type[AuditEvent]) -> Any:
    return sa.true() if work.caller.has(*AUDITORS) else sa.false()


@visible_rows(AuditCheckpoint)
def auditors_see_checkpoints(work: Work, table: type[AuditCheckpoint]) -> Any:
    return sa.true() if work.caller.has(*AUDITORS) else sa.false()


@dataclass(frozen=True)
class SearchAudit:
    """Every filter narrows; an account is named by its login or its id."""

    since: date | None = None
    until: date | None = None
    account: str = ""
    event: str = ""
    object: str = ""
    result: str = ""
    request: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class EventLine:
    id: UUID
    seq: int
    at: datetime
    event: str
    act: str
    who: str
    role: str
    object: str
    result: str
    signed: str


@dataclass(frozen=True)
class EventPage:
    """A page; `total` stops counting at ten thousand."""

    total: int
    lines: tuple[EventLine, ...]


def matching(work: Work, order: SearchAudit) -> Any:
    """The visible events an order asks for, newest first."""
    found = work.visible(AuditEvent)
    if order.since is not None:
        found = found.where(AuditEvent.at >= day_begins(order.since))
    if order.until is not None:
        found = found.where(AuditEvent.at < day_is_over(order.until))
    if order.account:
        keys = _account_keys(work.session, order.account)
        # What failed before anybody was known stands under the account it was tried on.
        tried = sa.and_(col(AuditEvent.object_kind) == "account", col(AuditEvent.object_id).in_(keys))
        found = found.where(sa.or_(col(AuditEvent.account).in_(keys), tried))
    for column, text in (
        (AuditEvent.event, order.event.upper()),
        (AuditEvent.object_id, order.object),
        (AuditEvent.result, order.result),
        (AuditEvent.request_id, order.request),
    ):
        if text:
            found = found.where(column == text.strip())
    return found


def _account_keys(session: Session, text: str) -> list[str]:
    text = text.strip()
    found = session.exec(select(Account.id).where(Account.login_key == login_key(text)[:64])).all()
    return [text, *(str(one) for one in found)]


@query("audit.search", "审计查询", roles=AUDITORS)
def search_audit(work: Work, order: SearchAudit) -> EventPage:
    found = matching(work, order)
    counted = found.with_only_columns(AuditEvent.seq).limit(_COUNTED).subquery()
    total = work.session.connection().execute(select(func.count()).select_from(counted)).scalar_one()
    size = min(max(order.size, 1), 200)
    rows = work.session.exec(
        found.order_by(col(AuditEvent.seq).desc()).limit(size).offset((max(order.page, 1) - 1) * size)
    ).all()
    logins = logins_of(work.session, {row.account for row in rows})
    signed = work.session.exec(select(func.max(col(AuditCheckpoint.last))).where(AuditCheckpoint.chain == CHAIN)).one()
    return EventPage(total, tuple(line_of(row, logins, signed or 0) for row in rows))


def line_of(row: AuditEvent, logins: dict[str, str], signed: int) -> EventLine:
    return EventLine(
        id=row.id,
        seq=row.seq,
        at=row.at,
        event=row.event,
        act=row.act,
        who=logins.get(row.account, row.account),
        role=row.role,
        object=f"{row.object_kind} {row.object_id}".strip(),
        result=row.result,
        signed=Toned("已签名", "good") if row.seq <= signed else Toned("待签名"),
    )


def logins_of(session: Session, keys: set[str]) -> dict[str, str]:
    """The logins of the accounts among these keys; a login is no personal datum, a name is."""
    ids = []
    for key in keys:
        try:
            ids.append(UUID(key))
        except ValueError:
            continue
    rows = session.exec(select(Account.id, Account.login).where(col(Account.id).in_(ids))).all() if ids else []
    return {str(row_id): login for row_id, login in rows}


@dataclass(frozen=True)
class Proof:
    """Proof of an event by a signed checkpoint."""

    first: int
    last: int
    at: datetime
    statement: str
    key: str
    signature: str
    signature_good: bool
    path: tuple[tuple[str, str], ...]
    root: str
    reaches_root: bool


@dataclass(frozen=True)
class EventView:
    """An event to the letter, and its proof where a checkpoint covers it."""

    line: EventLine
    body: str
    hash: str
    prev: str
    proof: Proof | None


@query("audit.event", "审计事件", roles=AUDITORS)
def audit_event(work: Work, event_id: UUID) -> EventView:
    row = work.get(AuditEvent, event_id)
    proof = proof_of(work.house.crypto, work.session, row)
    line = line_of(row, logins_of(work.session, {row.account}), proof.last if proof else 0)
    return EventView(line, row.body, row.hash, row.prev, proof)


def proof_of(crypto: Crypto, session: Session, row: AuditEvent) -> Proof | None:
    """The inclusion proof of an event in the checkpoint that covers it."""
    kept = session.exec(
        select(AuditCheckpoint)
        .where(AuditCheckpoint.chain == row.chain, AuditCheckpoint.first <= row.seq, AuditCheckpoint.last >= row.seq)
        .limit(1)
    ).first()
    said = read_statement(kept.statement) if kept is not None else None
    if kept is None or said is None:
        return None
    hashes = session.exec(
        select(AuditEvent.hash)
        .where(AuditEvent.chain == row.chain, col(AuditEvent.seq).between(kept.first, kept.last))
        .order_by(col(AuditEvent.seq))
    ).all()
    place = row.seq - kept.first
    path = path_of(hashes, place) if place < len(hashes) else []
    return Proof(
        kept.first,
        kept.last,
        kept.at,
        kept.statement,
        kept.key,
        kept.signature,
        own_keys(crypto)(kept.key, kept.statement, kept.signature),
        tuple(path),
        said.root,
        root_by(row.hash, path) == said.root,
    )


@dataclass(frozen=True)
class AuditState:
    """State of the audit: head, newest checkpoint, unsigned part, write stop."""

    seq: int
    signed: int
    signed_at: datetime | None
    stopped: bool
    beat_at: datetime | None


@query("audit.state", "审计状态", roles=AUDITORS)
def audit_state(work: Work, order: None) -> AuditState:
    newest = work.session.exec(work.visible(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)).first()
    kept = work.session.exec(work.visible(AuditCheckpoint).order_by(col(AuditCheckpoint.last).desc()).limit(1)).first()
    beat = work.session.exec(select(func.max(col(AuditEvent.at))).where(AuditEvent.event == "AUDIT.HEARTBEAT")).one()
    return AuditState(
        newest.seq if newest else 0,
        kept.last if kept else 0,
        kept.at if kept else None,
        work.writes_stopped,
        beat,
    )

"""Views of the auditor: events by content, an event with its proof, the checkpoints (A6, security.md 6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from models.access import Account, Role, login_key
from models.audit import AuditCheckpoint, AuditEvent
from models.codes import Toned
from services.audit.statement import path_of, read_statement, root_by
from services.audit.verification_runs import own_keys
from services.audit.words import EVENTS as EVENT_LABELS
from services.audit.words import act_label, event_label, short_object
from services.engine.audit import CHAIN
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Filter, Line, Listing, days, exact, listed
from services.engine.look_ups import uuid_of, values_by
from services.engine.registry import query
from services.engine.work import Work, shown_whole
from services.ports.crypto import Crypto

AUDITORS = {Role.AUDITOR}
RESULTS = {
    "ok": Toned("成功", "good"),
    "deny": Toned("拒绝", "warn"),
    "fail": Toned("失败", "bad"),
    "error": Toned("异常", "bad"),
}

shown_whole(AuditEvent, AuditCheckpoint, roles=AUDITORS)


def _by_account(work: Work, text: str) -> Any:
    """Events of an account, named by its login or its id."""
    found = work.rows(Account.id, Account.login_key == login_key(text)[:64])
    keys = [text, *map(str, found)]
    # A failure before sign-in is listed under the account it was tried on.
    tried = sa.and_(col(AuditEvent.object_kind) == "account", col(AuditEvent.object_id).in_(keys))
    return sa.or_(col(AuditEvent.account).in_(keys), tried)


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    # A login is no personal datum, a name is.
    logins = values_by(work, Account.id, Account.login, (uuid_of(row.account) for row in rows))
    newest = select(func.max(col(AuditCheckpoint.last))).where(AuditCheckpoint.chain == CHAIN)
    signed = work.session.exec(newest).one() or 0
    return {
        "who": lambda row: logins.get(uuid_of(row.account), row.account),
        "signed": lambda row: Toned("已签名", "good") if row.seq <= signed else Toned("待签名"),
    }


EVENTS = listed(
    Listing(
        name="audit",
        label="审计查询",
        roles=AUDITORS,
        table=AuditEvent,
        columns=(
            Column("seq", "序号", number=True, width=84),
            Column("at", "时间", width=130),
            Column("event", "事件", width=112, show=event_label),
            Column("act", "动作", width=130, show=act_label),
            Column("who", "主体", width=90, show=lambda who: "系统" if who == "system" else who),
            Column("result", "结果", width=60, show=lambda result: RESULTS.get(result, result)),
            Column("signed", "签名", width=70),
            Column("object", "对象", lambda row: f"{row.object_kind} {row.object_id}".strip(), show=short_object),
        ),
        filters=(
            *days(AuditEvent.at, "日期", width=130),
            Filter("account", "账号", _by_account, width=150),
            exact("event", "事件", AuditEvent.event, upper=True, options=EVENT_LABELS, width=170),
            exact("object", "对象编号", AuditEvent.object_id, width=160),
            exact("result", "结果", AuditEvent.result, options=RESULTS, width=100),
            exact("request", "请求号", AuditEvent.request_id, width=160),
        ),
        sort="-seq",
        look_up=_cells,
        also=("role",),
        # No reader turns the pages further, and counting a million rows would make all wait.
        counted_to=10_000,
        exporters=set(),
        empty="没有符合条件的审计事件",
    )
)


@dataclass(frozen=True)
class Proof:
    """Proof of an event by a signed checkpoint."""

    checkpoint: AuditCheckpoint
    signature_good: bool
    path: tuple[tuple[str, str], ...]
    reaches_root: bool


@dataclass(frozen=True)
class EventView:
    """An event to the letter, and its proof where a checkpoint covers it."""

    line: Line
    row: AuditEvent
    proof: Proof | None


@query("audit.event", "审计事件", roles=AUDITORS)
def audit_event(work: Work, event_id: UUID) -> EventView:
    row = work.get(AuditEvent, event_id)
    (line,) = lines_of(work, EVENTS, [row])
    return EventView(line, row, proof_of(work.house.crypto, work.session, row))


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
    good = own_keys(crypto)(kept.key, kept.statement, kept.signature)
    return Proof(kept, good, tuple(path), root_by(row.hash, path) == said.root)


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
    newest = work.first(work.visible(AuditEvent), by=col(AuditEvent.seq).desc())
    kept = work.first(work.visible(AuditCheckpoint), by=col(AuditCheckpoint.last).desc())
    beat = work.session.exec(select(func.max(col(AuditEvent.at))).where(AuditEvent.event == "AUDIT.HEARTBEAT")).one()
    return AuditState(
        newest.seq if newest else 0,
        kept.last if kept else 0,
        kept.at if kept else None,
        work.writes_stopped,
        beat,
    )

"""The audit trail: canonical events, chained by SM3, written in the transaction they log (security.md 6)."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.access import Role
from models.audit import AuditEvent, AuditHead
from models.columns import new_id
from models.dialect import bulk_insert, locked
from models.postgres import PREPARED
from models.sealing import sm3_hex
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import ClockWatch, system_now

CHAIN = "app"
Forward = Callable[[Sequence[str]], None]


@dataclass
class Trail:
    """Collects what one transaction did; the door writes it last of all."""

    caller: Caller
    request_id: str
    at: datetime
    watch: ClockWatch
    #: Gets the committed events too.
    forward: Forward | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    #: Whose events are not those of the transaction's caller, by their place: several partners' requests in one.
    others: dict[int, tuple[Caller, str]] = field(default_factory=dict)
    #: The object whose content a question shows, which the event of that question names.
    looked_at: dict[str, Any] = field(default_factory=dict)

    def shows(self, kind: str, object_id: UUID) -> None:
        """Note that a question shows the content of an object."""
        self.looked_at = {"kind": kind, "object_id": object_id}

    def tell_of(self, caller: Caller, request_id: str, event: str, act: str, **details: Any) -> None:
        """Log an event of another caller's request, for exchanges that are written together."""
        self.others[len(self.events)] = caller, request_id
        self.tell(event, act, **details)

    def tell(
        self,
        event: str,
        act: str,
        *,
        result: str = "ok",
        reason: str = "",
        about: Any = None,
        kind: str = "",
        object_id: UUID | str = "",
        detail: dict[str, Any] | None = None,
        digest: str = "",
        severity: int = 6,
    ) -> None:
        """Note one event. `about` is a row; `detail` must be small and already masked."""
        if about is not None:
            kind, object_id = about.__tablename__, about.id
        self.events.append(
            {
                "act": act,
                "det": detail or {},
                "dig": digest,
                "evt": event,
                "obj_id": str(object_id),
                "obj_t": kind,
                "res": result,
                "rsn": reason,
                "sev": severity,
            }
        )

    def write(self, session: Session) -> None:
        """Append the events to the chain: locks the head, so nothing may follow but the commit.

        An event's time is read under that lock, so that times rise with the numbers however long a transaction took.
        """
        if not self.events:
            return
        connection = session.connection()
        head = _Head(*connection.execute(locked(session, _HEAD)).one())
        now = system_now()
        at = now.replace(microsecond=now.microsecond // 1000 * 1000)
        rows: list[dict[str, Any]] = []
        if jump := self.watch.jump(at, head.at):
            rows.append(self._append(head, at, _time_jump(jump, head.at), SYSTEM, ""))
        for place, event in enumerate(self.events):
            caller, request_id = self.others.get(place, (self.caller, self.request_id))
            rows.append(self._append(head, at, event, caller, request_id))
        bulk_insert(session, _EVENTS, rows)
        connection.execute(_MOVE_HEAD, {"new_seq": head.seq, "new_hash": head.hash, "new_at": at})

    def committed(self) -> None:
        """Hand the committed events to the forwarders."""
        if not self.written:
            return
        self.watch.settle(system_now())
        if self.forward is not None:
            self.forward(self.written)

    def _append(
        self, head: "_Head", at: datetime, event: dict[str, Any], caller: Caller, request_id: str
    ) -> dict[str, Any]:
        role, org, prev, seq = _roles(caller), str(caller.unit_id or ""), head.hash, head.seq + 1
        body = canonical(
            {
                **event,
                "chain": CHAIN,
                "ip": caller.address,
                "org": org,
                "prev": prev,
                "req": request_id,
                "role": role,
                "seq": seq,
                "sid": caller.session[:16],
                "ts": event_time(at),
                "uid": _who(caller),
                "v": 1,
            }
        )
        head.seq, head.hash = seq, event_hash(body)
        self.written.append(body)
        return {
            "id": new_id(),
            "chain": CHAIN,
            "seq": seq,
            "at": at,
            "event": event["evt"],
            "severity": event["sev"],
            "account": _who(caller),
            "role": role[:32],
            "org": org,
            "object_kind": event["obj_t"],
            "object_id": event["obj_id"],
            "act": event["act"],
            "result": event["res"],
            "request_id": request_id,
            "body": body,
            "prev": prev,
            "hash": head.hash,
        }


@dataclass
class _Head:
    """The chain's newest link, as it is read and moved on."""

    seq: int
    hash: str
    at: datetime | None


# By the tables, and made once: what an object for each would cost is more than all the rest of an event.
_EVENTS: sa.Table = AuditEvent.__table__  # type: ignore[attr-defined]
_HEADS: sa.Table = AuditHead.__table__  # type: ignore[attr-defined]
_HEAD = sa.select(_HEADS.c.seq, _HEADS.c.hash, _HEADS.c.at).where(_HEADS.c.chain == CHAIN).execution_options(**PREPARED)
_MOVE_HEAD = (
    sa.update(_HEADS)
    .where(_HEADS.c.chain == CHAIN)
    .values(seq=sa.bindparam("new_seq"), hash=sa.bindparam("new_hash"), at=sa.bindparam("new_at"))
    .execution_options(**PREPARED)
)


def _who(caller: Caller) -> str:
    """An account's id, `system`, or `partner:` and the app id (security.md 6)."""
    return f"partner:{caller.key}" if caller.has(Role.PARTNER) and caller.account_id is None else caller.key


def _roles(caller: Caller) -> str:
    return ",".join(sorted(str(role) for role in caller.roles))


def _time_jump(jump: timedelta, before: datetime | None) -> dict[str, Any]:
    detail = {"ms": round(jump / timedelta(milliseconds=1)), "since": event_time(before) if before else ""}
    event = {"act": "clock", "det": detail, "dig": "", "evt": "TIME.JUMP", "obj_id": "", "obj_t": ""}
    return {**event, "res": "error", "rsn": "BACK" if jump < timedelta() else "FORWARD", "sev": 3}


def event_time(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    at = at.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def canonical(event: dict[str, Any]) -> str:
    """The one text of an event: sorted keys, no blanks, NFC, integers only."""
    return unicodedata.normalize("NFC", json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def event_hash(body: str) -> str:
    return sm3_hex(b"AUD1\n" + body.encode())


def genesis_hash(chain: str) -> str:
    return sm3_hex(b"AUD1-GENESIS\n" + chain.encode())


def start_chain(session: Session) -> None:
    """Make the head of the chain if there is none; called once at set-up."""
    if session.exec(select(AuditHead).where(col(AuditHead.chain) == CHAIN)).first() is None:
        session.add(AuditHead(chain=CHAIN, seq=0, hash=genesis_hash(CHAIN)))

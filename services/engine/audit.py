"""The audit trail: canonical events, chained by SM3, written in the transaction they tell of (security.md 6)."""

import json
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.audit import AuditEvent, AuditHead
from models.dialect import locked
from models.sealing import sm3_hex
from services.engine.callers import Caller

CHAIN = "app"


@dataclass
class Trail:
    """Collects what one transaction did; the door writes it last of all."""

    caller: Caller
    request_id: str
    at: datetime
    events: list[dict[str, Any]] = field(default_factory=list)

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
        """Append the events to the chain: locks the head, so nothing may follow but the commit."""
        if not self.events:
            return
        head = session.exec(locked(session, select(AuditHead).where(AuditHead.chain == CHAIN))).one()
        for told in self.events:
            seq = head.seq + 1
            body = canonical(
                {
                    **told,
                    "chain": CHAIN,
                    "ip": self.caller.address,
                    "org": str(self.caller.unit_id or ""),
                    "prev": head.hash,
                    "req": self.request_id,
                    "role": ",".join(sorted(str(role) for role in self.caller.roles)),
                    "seq": seq,
                    "sid": self.caller.session[:16],
                    "ts": self.at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.at.microsecond // 1000:03d}Z",
                    "uid": self.caller.key,
                    "v": 1,
                }
            )
            head.seq, head.hash = seq, event_hash(body)
            session.add(
                AuditEvent(
                    chain=CHAIN,
                    seq=seq,
                    at=self.at,
                    event=told["evt"],
                    severity=told["sev"],
                    account=self.caller.key,
                    role=",".join(sorted(str(role) for role in self.caller.roles))[:32],
                    org=str(self.caller.unit_id or ""),
                    object_kind=told["obj_t"],
                    object_id=told["obj_id"],
                    act=told["act"],
                    result=told["res"],
                    request_id=self.request_id,
                    body=body,
                    prev=json.loads(body)["prev"],
                    hash=head.hash,
                )
            )
        session.add(head)
        session.flush()


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

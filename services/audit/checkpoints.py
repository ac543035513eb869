"""Checkpoints: the head of the chain signed with no transaction open, and copied out at once (security.md 6)."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, func, select

from models.access import Role
from models.audit import AuditCheckpoint, AuditEvent, AuditHead
from models.documents import IssuedDocument
from models.sealing import CryptoError, sm3_hex
from services.audit.statement import (
    NOTHING_BEFORE,
    Checkpoint,
    Statement,
    kept_form,
    read_statement,
    root_of,
    statement_at,
)
from services.engine.audit import CHAIN
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.door import Door, Gathering
from services.engine.refusals import Unavailable
from services.engine.registry import action
from services.engine.work import Work
from services.engine.write_stop import oldest_unsigned
from services.ports.crypto import Crypto

log = logging.getLogger("shenfang.audit")
KEY = "sig.audit"
#: A checkpoint is due at so many events, or when one has waited so long.
MOST, LONGEST = 1000, timedelta(minutes=5)
EVIDENCE = "audit.checkpoint"


@dataclass(frozen=True)
class Window:
    """The events the next checkpoint is about."""

    first: int
    hashes: tuple[str, ...]
    previous: str


@dataclass(frozen=True)
class Signed:
    statement: Statement
    signature: str
    cert_sn: str


@dataclass(frozen=True)
class MakeCheckpoint:
    chain: str = CHAIN


def _sign(gathering: Gathering, order: MakeCheckpoint) -> Signed | None:
    """Digest and signature of the next window; a key that rotates in between is asked for again."""
    window = gathering.look(lambda work: next_window(work.session, order.chain))
    if window is None:
        return None
    last = window.first + len(window.hashes) - 1
    root = root_of(window.hashes)
    try:
        key = _active_key(gathering.house.crypto)
        statement = statement_at(
            order.chain,
            window.first,
            last,
            hash=window.hashes[-1],
            root=root,
            previous=window.previous,
            at=system_now(),
            key=key,
        )
        signature = gathering.house.crypto.sign(key, statement.text.encode())
    except CryptoError as problem:
        raise Unavailable("签名服务暂时不可用，审计检查点将在恢复后签署") from problem
    return Signed(statement, signature.sig_b64, signature.cert_sn)


def _active_key(crypto: Crypto) -> str:
    # The key's name is inside the signed text, so it has to be known before; a short signature gives it.
    return crypto.sign(KEY, b"shfg-rental/audit/key").kid


def next_window(session: Session, chain: str) -> Window | None:
    """Up to a thousand events that no checkpoint covers, oldest first."""
    newest = newest_checkpoint(session, chain)
    first = newest.last + 1 if newest else 1
    rows = session.exec(
        select(AuditEvent.hash)
        .where(AuditEvent.chain == chain, AuditEvent.seq >= first, AuditEvent.seq < first + MOST)
        .order_by(col(AuditEvent.seq))
    ).all()
    if not rows:
        return None
    # Of the signed text itself: the digest in the column beside it proves nothing.
    previous = sm3_hex(newest.statement.encode()) if newest else NOTHING_BEFORE
    return Window(first, tuple(rows), previous)


def newest_checkpoint(session: Session, chain: str = CHAIN) -> AuditCheckpoint | None:
    return session.exec(
        select(AuditCheckpoint)
        .where(AuditCheckpoint.chain == chain)
        .order_by(col(AuditCheckpoint.last).desc())
        .limit(1)
    ).first()


@action("audit.checkpoint", "签署审计检查点", roles={Role.SYSTEM, Role.AUDITOR}, gather=_sign, event="")
def make_checkpoint(work: Work, order: MakeCheckpoint, signed: Signed | None) -> int:
    """Store a signed window and return how many events it covers; 0 when none waited or another process was quicker."""
    if signed is None:
        return 0
    said = signed.statement
    newest = newest_checkpoint(work.session, order.chain)
    if said.first != (newest.last + 1 if newest else 1):
        return 0
    row = AuditCheckpoint(
        chain=said.chain,
        first=said.first,
        last=said.last,
        at=work.at,
        statement=said.text,
        digest=said.digest,
        key=said.key,
        cert_sn=signed.cert_sn,
        signature=signed.signature,
    )
    work.add(row)
    work.trail.tell(
        "AUDIT.CKPT", "audit.checkpoint", about=row, digest=said.digest, detail={"first": said.first, "last": said.last}
    )
    return said.last - said.first + 1


@dataclass(frozen=True)
class Waiting:
    """Unsigned part of a chain."""

    events: int
    due: bool


def waiting(session: Session, chain: str = CHAIN) -> Waiting:
    signed = session.exec(select(func.max(col(AuditCheckpoint.last))).where(AuditCheckpoint.chain == chain)).one() or 0
    head = session.exec(select(AuditHead.seq).where(AuditHead.chain == chain)).first() or 0
    since = oldest_unsigned(session, chain)
    late = since is not None and system_now() - since >= LONGEST
    return Waiting(head - signed, head - signed >= MOST or late)


def checkpoint(door: Door, *, at_once: bool = False) -> int:
    """Sign what is due in every chain, or all of it, and copy it; returns how many events were covered."""
    covered = 0
    for chain in door.look(SYSTEM, lambda work: list(work.rows(AuditHead.chain))):
        state = door.look(SYSTEM, lambda work, chain=chain: waiting(work.session, chain))  # type: ignore[misc]
        left = state.events if at_once or state.due else 0
        # The events about a checkpoint wait for the next one; signing that at once would never end.
        while left > 0 and (done := door.perform(make_checkpoint, SYSTEM, MakeCheckpoint(chain))):
            left, covered = left - done, covered + done
    if covered:
        door.write_stop.look_again()
    return covered


def copy_out(door: Door) -> int:
    """Give the second store and the evidence sink every checkpoint they do not have yet. Raises OSError."""
    copied = 0
    for chain in door.look(SYSTEM, lambda work: list(work.rows(AuditHead.chain))):
        if (store := door.house.second_store) is not None:
            for kept in _after(door, chain, store.last_checkpoint(chain)):
                store.keep_checkpoint(chain, kept.line())
                copied += 1
        if (sink := door.house.evidence) is not None:
            for kept in _after(door, chain, sink.newest(EVIDENCE, chain, "last")):
                said = read_statement(kept.text)
                digest = said.digest if said else ""
                sink.put(EVIDENCE, digest, {"of": chain, "first": kept.first, "last": kept.last})
    return copied


def _after(door: Door, chain: str, last: int) -> list[Checkpoint]:
    rows = door.look(
        SYSTEM,
        lambda work: work.rows(
            AuditCheckpoint, AuditCheckpoint.chain == chain, AuditCheckpoint.last > last, by=AuditCheckpoint.last
        ),
    )
    return [kept_form(row) for row in rows]


def used_keys(door: Door) -> list[tuple[str, str]]:
    """Name and public half of every key that signed a checkpoint or a paper, and of those active now."""

    def read(work: Work) -> set[str]:
        papers = work.session.exec(select(IssuedDocument.signature_key).distinct()).all()
        return {*work.session.exec(select(AuditCheckpoint.key).distinct()).all(), *filter(None, papers)}

    active = {door.house.crypto.sign(family, b"shfg-rental/key").kid for family in (KEY, "sig.doc")}
    return [(name, door.house.crypto.public_key(name)) for name in sorted(door.look(SYSTEM, read) | active)]

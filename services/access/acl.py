"""Membership of the access list, and how changes enter it (security.md M5).

A change is written in the transaction that makes it, carries a MAC from then on, and is signed within seconds together
with all earlier ones (`access_list_signature`). An account that differs from the list, or is missing from it, cannot
sign in.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from models.access import Account
from models.rights import AccessChange
from models.sealing import Sealer, sealer_of, sm3_hex
from services.access.access_list_book import LOCK, Book, ListBroken, book_of, change_digest, proven
from services.access.entries import canonical, difference, id_of, key_of, read_entries
from services.engine.alarms import raise_alarm
from services.engine.findings import Finding
from services.engine.refusals import Conflict
from services.engine.work import Work

#: How long an unsigned change may count.
UNSIGNED = timedelta(hours=1)
_KINDS = {"account": "账号或其授权", "unit": "机构", "policy": "委托开户策略", "partner": "对接方或其公钥"}


@dataclass(frozen=True)
class _Look:
    """The list and the tables in one view."""

    book: Book
    connection: sa.Connection
    signed: int

    def differs(self, key: str) -> str:
        kind = key.partition(":")[0]
        listed = self.book.entries.get(key)
        if listed is None:
            return f"{kind.upper()}_NOT_LISTED"
        found = read_entries(self.connection, kind, [id_of(key)]).get(key)
        return "" if found == listed else f"{kind.upper()}_DIFFERS"

    def account(self, key: str, at: datetime) -> str:
        """Return why an account does not count: a difference of it or its unit, a single hand, a missing signature."""
        if why := self.differs(key):
            return why
        entry = json.loads(self.book.entries[key])
        if why := self.differs(f"unit:{entry['unit']}"):
            return why
        seq, changed_at = self.book.last[key]
        if seq > self.signed and at - changed_at > UNSIGNED:
            return "UNSIGNED"
        return "" if entry["grants"] else "NO_GRANT"


def why_not(session: Session, account_id: UUID, at: datetime) -> str:
    """Empty when an account may come in by the list; else the reason for the audit."""
    key = key_of("account", account_id)
    return _judged(session, lambda look: look.account(key, at))


def stands(session: Session, kind: str, object_id: UUID) -> bool:
    """Return whether one unit, policy or account is as the list has it."""
    key = key_of(kind, object_id)
    return not _judged(session, lambda look: look.differs(key))


def may_sign_in(work: Work, account: Account) -> bool:
    """Return whether account and grants are in the access list as in the tables; a difference raises an alarm."""
    why = why_not(work.session, account.id, work.at)
    if why and why != "NO_GRANT":
        listed = not why.startswith("LIST_")
        tell_tamper(work, "account" if listed else "list", account.id if listed else "access_list", why)
    return not why


def tell_tamper(work: Work, kind: str, object_id: UUID | str, why: str) -> None:
    """Return an event and one alarm about what differs from the list, or about the list itself."""
    work.trail.tell("ACL.TAMPER", "access.check", kind=kind, object_id=object_id, result="deny", reason=why, severity=2)
    told = f"{_KINDS[kind]}与已签名的访问控制清单不一致" if kind in _KINDS else "访问控制清单不可信，已停止登录"
    raise_alarm(work, "ACL.TAMPER", f"{told}（{why}）", kind=kind, key=str(object_id), severity=2)


def change(work: Work, kind: str, object_id: UUID, act: str, *, reason: str = "") -> None:
    """Announce a change of an account, unit or policy before making it; what it comes to is written with the commit.

    What is not as the list has it is refused: the change would carry the forged part into the list.
    """
    key = key_of(kind, object_id)
    if key in work.session.info.get("access_changes", ()):
        return
    connection = work.session.connection()
    with LOCK:
        listed = _followed(connection, work.sealer).entries.get(key)
    if read_entries(connection, kind, [object_id]).get(key) != listed:
        raise _forged(f"该{_KINDS[kind]}与已签名的访问控制清单不一致，已停止办理，请联系安全管理员核查")
    note(work, key, act, reason=reason)


def note(work: Work, key: str, act: str, *, reason: str = "") -> None:
    """Mark an object so that its entry is written at the commit, whatever the list held before."""
    info = work.session.info
    if "access_written" in info:
        raise RuntimeError("a change of rights is announced before the work is finished")
    noted: dict[str, tuple[str, str]] = info.setdefault("access_changes", {})
    if not noted:
        work.then(lambda: _write(work, noted))
    noted[key] = (act, reason)


def _write(work: Work, noted: dict[str, tuple[str, str]]) -> None:
    session = work.session
    session.flush()
    session.info["access_written"] = True
    connection = session.connection()
    with LOCK:
        book = _followed(connection, work.sealer)
        seq, head, entries = book.seq, book.head, {key: book.entries.get(key) for key in noted}
    for key, (act, reason) in noted.items():
        kind, object_id = key.partition(":")[0], id_of(key)
        before, after = entries[key], read_entries(connection, kind, [object_id]).get(key)
        if before == after:
            continue
        seq += 1
        body = canonical(
            {
                "act": act,
                "at": work.at.isoformat(),
                "by": work.caller.key,
                "is": after or "",
                "key": key,
                "prev": head,
                "seq": seq,
                "was": sm3_hex(before.encode()) if before else "",
            }
        )
        head = change_digest(body)
        row = AccessChange(seq=seq, object_key=key, at=work.at, body=body, digest=head, proof="")
        row.proof = work.sealer.mac(proven(head))
        session.add(row)
        detail = {"change": seq, **difference(before, after)}
        work.trail.tell(
            "ACL.CHANGE", act, kind=kind, object_id=object_id, reason=reason[:60], digest=head, detail=detail
        )


def _followed(connection: sa.Connection, sealer: Sealer) -> Book:
    book = book_of(connection.engine)
    try:
        book.follow(connection, sealer)
        book.signed_up_to(connection)
    except ListBroken as broken:
        raise _forged(f"访问控制清单不可信（{broken.code}），已停止办理，请联系安全管理员核查") from broken
    return book


def _forged(message: str) -> Conflict:
    return Conflict(message, (Finding("ACL.TAMPER", message),))


def _judged(session: Session, judge: Callable[[_Look], str]) -> str:
    connection = session.connection()
    engine = connection.engine
    with LOCK:
        why = _looked(connection, engine, sealer_of(session), judge)
    if why and engine.dialect.name == "sqlite":
        # A reading transaction there sees the past, to which our own newest change is not known yet.
        fresh = sa.create_engine(engine.url, poolclass=NullPool, hide_parameters=True)
        try:
            with LOCK, fresh.connect() as newer:
                why = _looked(newer, engine, sealer_of(session), judge)
        finally:
            fresh.dispose()
    return why


def _looked(connection: sa.Connection, engine: sa.Engine, sealer: Sealer, judge: Callable[[_Look], str]) -> str:
    """Judge by list and tables; a second time where something is wrong, for both may change between the two readings."""
    book = book_of(engine)
    why = ""
    for _ in range(2):
        try:
            book.follow(connection, sealer)
            why = judge(_Look(book, connection, book.signed_up_to(connection)))
        except ListBroken as broken:
            why = f"LIST_{broken.code}"
        if not why:
            break
    return why

"""Signing the access list and checking it: at start, every ten minutes, and by `main.py acl verify` (security.md M5)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.audit import AuditEvent
from models.rights import AccessChange, AccessList
from models.sealing import CryptoError, sm3_hex
from services.access import access_list_book
from services.access.access_list_book import GENESIS, LOCK, Book, ListBroken, Seen, book_of, trust
from services.access.acl import note, stands, tell_tamper
from services.access.entries import canonical, id_of, read_all
from services.access.matrix import matrix_digest
from services.access.session_ends import end_sessions
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.refusals import Conflict, Refusal
from services.engine.registry import action
from services.engine.work import Work
from services.ports.crypto import Crypto

KEY = "sig.acl"
_LATE = timedelta(minutes=10)


def list_text(version: int, previous: str, seq: int, head: str, entries: dict[str, str], at: str) -> str:
    """Return the text that a signature covers: all entries and the matrix of the build by their digests."""
    return canonical(
        {
            "at": at,
            "count": len(entries),
            "entries": entries_digest(entries),
            "head": head,
            "matrix": matrix_digest(),
            "prev": previous,
            "seq": seq,
            "v": 1,
            "version": version,
        }
    )


def entries_digest(entries: dict[str, str]) -> str:
    """SM3 over every object's name and the SM3 of its entry, in the order of the names."""
    lines = "\n".join(f"{key} {sm3_hex(entry.encode())}" for key, entry in sorted(entries.items()))
    return sm3_hex(b"ACLE1\n" + lines.encode())


def list_digest(body: str) -> str:
    return sm3_hex(b"ACLL1\n" + body.encode())


def _draw(gathering: Gathering, order: None) -> AccessList | None:
    """Sign what the proven changes come to; the tables themselves are not asked."""

    try:
        newest, seq, head, entries = gathering.look(_proven_state)
    except ListBroken as broken:
        raise Conflict(f"访问控制清单不可信（{broken.code}），不能签名") from broken
    if not seq or (newest is not None and newest.seq == seq and _matrix_in(newest) == matrix_digest()):
        return None
    at = system_now()
    version = newest.version + 1 if newest else 1
    body = list_text(version, newest.digest if newest else GENESIS, seq, head, entries, at.isoformat())
    signature = gathering.house.crypto.sign(KEY, body.encode())
    return AccessList(
        version=version,
        seq=seq,
        body=body,
        digest=list_digest(body),
        signature=signature.sig_b64,
        signature_key=signature.kid,
        signed_at=at,
    )


def _proven_state(work: Work) -> tuple[AccessList | None, int, str, dict[str, str]]:
    connection = work.session.connection()
    newest, book = _newest(work), _own_book(connection)
    book.follow(connection, work.sealer)
    book.signed_up_to(connection)
    return newest, book.seq, book.head, book.entries


def _own_book(connection: sa.Connection) -> Book:
    """A book read from the first change on: what this process has in memory is not taken for granted."""
    with LOCK:
        return Book(seen=book_of(connection.engine).seen)


@action("access.sign", "签名访问控制清单", roles={Role.SYSTEM}, gather=_draw, event="")
def sign_list(work: Work, order: None, drawn: AccessList | None) -> int:
    """Store the next signed list; the version, or 0 when there was nothing to sign. Two at once: one of them is enough."""
    if drawn is None:
        return 0
    newest, row = _newest(work), drawn
    if json.loads(row.body)["prev"] != (newest.digest if newest else GENESIS):
        raise Conflict("访问控制清单已由另一进程签名")
    work.session.add(AccessList(**row.model_dump(exclude={"id"})))
    work.trail.tell(
        "ACL.CHANGE",
        "access.sign",
        kind="access_list",
        object_id=str(row.version),
        digest=row.digest,
        detail={"seq": row.seq, "kid": row.signature_key},
    )
    return row.version


def _is_unsigned(work: Work) -> bool:
    last = work.first(AccessChange.seq, by=col(AccessChange.seq).desc())
    newest = _newest(work)
    return (last or 0) != (newest.seq if newest else 0) or (
        newest is not None and _matrix_in(newest) != matrix_digest()
    )


@job("access.sign", "签名访问控制清单", every=5, due=_is_unsigned)
def sign_pending(door: Door) -> None:
    """Sign what was changed."""
    if door.look(SYSTEM, _is_unsigned):
        door.perform(sign_list, SYSTEM)


def _newest(work: Work) -> AccessList | None:
    return work.first(AccessList, by=col(AccessList.version).desc())


def _matrix_in(row: AccessList) -> str:
    return str(json.loads(row.body)["matrix"])


# Checking


@dataclass(frozen=True)
class Problem:
    """A fault of the list itself (`key` is empty) or of an object that differs from it."""

    code: str
    key: str = ""
    number: int = 0


@dataclass(frozen=True)
class Checked:
    """Result of a check: problems, the newest signed list, the number of changes, and their resulting entries."""

    problems: tuple[Problem, ...]
    newest: AccessList | None
    changes: int
    entries: dict[str, str]

    @property
    def list_holds(self) -> bool:
        return all(problem.key for problem in self.problems)


def check_list(door: Door, *, every_signature: bool = False) -> Checked:
    """The whole chain from its start, the signed lists, the newest seen, and every entry against the tables."""
    return check_through(door.house.crypto, lambda read: door.look(SYSTEM, read), every_signature=every_signature)


def check_through(
    crypto: Crypto, look: Callable[[Callable[[Work], Any]], Any], *, every_signature: bool = False
) -> Checked:
    """Check the list through a gatherer's short reads; signatures are verified with no transaction open."""
    read: _Read = look(_read_whole)
    problems = [read.broken] if read.broken else []
    problems += _lists_hold(crypto, read.lists, read.heads, every_signature=every_signature)
    newest = read.lists[-1] if read.lists else None
    if newest is not None and not problems:
        if newest.seq == read.book.seq and json.loads(newest.body)["entries"] != entries_digest(read.book.entries):
            problems.append(Problem("ENTRIES", number=newest.version))
        else:
            seen = Seen(newest.version, newest.digest, newest.seq, read.heads[newest.seq])
            trust(read.engine, seen)
    if not problems:
        problems += _differences(look, read)
    return Checked(tuple(problems), newest, read.book.seq, read.book.entries)


@dataclass(frozen=True)
class _Read:
    lists: list[AccessList]
    heads: dict[int, str]
    book: Book
    broken: Problem | None
    found: dict[str, str]
    engine: sa.Engine


def _read_whole(work: Work) -> _Read:
    connection = work.session.connection()
    lists = list(work.rows(AccessList, by=AccessList.version))
    heads = dict(work.session.exec(select(AccessChange.seq, AccessChange.digest)).all())
    book, broken = _own_book(connection), None
    try:
        book.follow(connection, work.sealer)
        book.signed_up_to(connection)
    except ListBroken as problem:
        broken = Problem(problem.code, number=problem.number)
    return _Read(lists, heads, book, broken, read_all(connection), connection.engine)


def _differences(look: Callable[[Callable[[Work], Any]], Any], read: _Read) -> list[Problem]:
    """Return what differs, looked at once more: a change may have come between reading the list and the tables."""
    listed, found = read.book.entries, read.found
    differing = sorted(key for key in {*listed, *found} if listed.get(key) != found.get(key))
    return [
        Problem("NOT_LISTED" if key not in listed else "GONE" if key not in found else "DIFFERS", key)
        for key in differing
        if not look(lambda work, key=key: stands(work.session, key.partition(":")[0], id_of(key)))  # type: ignore[misc]
    ]


def _lists_hold(
    crypto: Crypto, lists: list[AccessList], heads: dict[int, str], *, every_signature: bool
) -> list[Problem]:
    """Check that versions have no gap and each names the one before and its change; the newest signature covers all."""
    previous = GENESIS
    for place, row in enumerate(lists, 1):
        body: dict[str, Any] = json.loads(row.body)
        if row.version != place or body["version"] != place:
            return [Problem("LIST_GAP", number=row.version)]
        if list_digest(row.body) != row.digest or body["prev"] != previous:
            return [Problem("LIST_CHAIN", number=row.version)]
        if body["seq"] != row.seq or heads.get(row.seq) != body["head"]:
            return [Problem("LIST_HEAD", number=row.version)]
        previous = row.digest
        if (every_signature or place == len(lists)) and not _signature_holds(crypto, row):
            return [Problem("SIGNATURE", number=row.version)]
    return []


def _signature_holds(crypto: Crypto, row: AccessList) -> bool:
    if not row.signature_key.startswith(f"{KEY}."):
        return False
    try:
        return crypto.verify(row.signature_key, row.body.encode(), row.signature)
    except CryptoError as problem:
        if problem.code in {"UNAVAILABLE", "TIMEOUT"}:
            raise
        return False


@dataclass(frozen=True)
class Tampered:
    kind: str
    object_id: UUID | str
    code: str


@action("access.tell_tamper", "报告访问控制清单被改动", roles={Role.SYSTEM}, event="ACL.TAMPER")
def report_tamper(work: Work, order: Tampered) -> None:
    """Log an event, raise an alarm, and end the sessions of the account with forged rights."""
    tell_tamper(work, order.kind, order.object_id, order.code)
    if order.kind == "account" and isinstance(order.object_id, UUID):
        end_sessions(work, order.object_id, "TAMPER")


@action("access.tell_unsigned", "报告访问控制清单未签名", roles={Role.SYSTEM}, event="")
def report_unsigned(work: Work, order: None) -> bool:
    """An alarm when a change has waited for its signature too long."""
    newest = _newest(work)
    waiting = work.first(AccessChange.at, AccessChange.seq > (newest.seq if newest else 0), by=AccessChange.seq)
    if waiting is None or work.at - waiting < _LATE:
        return False
    raise_alarm(work, "ACL.UNSIGNED", "权限变更超过10分钟未能签名，请检查密码服务", kind="list", key="access_list")
    return True


@job("access.check", "核对访问控制清单", every=600)
def check_and_tell(door: Door) -> None:
    """Compare everything; report each difference and end its sessions."""
    door.perform(report_unsigned, SYSTEM)
    _tell(door, check_list(door))


def _tell(door: Door, checked: Checked) -> None:
    for problem in checked.problems:
        kind = problem.key.partition(":")[0] or "list"
        target: UUID | str = id_of(problem.key) if problem.key else "access_list"
        door.perform(report_tamper, SYSTEM, Tampered(kind, target, problem.code))


# Starting


@action("access.adopt", "建立访问控制清单", roles={Role.SYSTEM}, event="")
def adopt_tables(work: Work, order: None) -> int:
    """The first list of an installation that has accounts from before there was one; never a second time."""
    if work.first(AccessChange.id) or access_list_book.recall(work.session.connection().engine) is not None:
        return 0
    if work.has(AuditEvent, AuditEvent.event == "ACL.CHANGE", AuditEvent.act == "access.sign"):
        raise Conflict("访问控制清单已丢失，不能重新建立；请从备份恢复")
    found = read_all(work.session.connection())
    for key in sorted(found):
        note(work, key, "access.adopt")
    return len(found)


def start_list(door: Door) -> Checked:
    """At start: sign what is waiting and check; a list that cannot be believed stops the start."""
    sign_pending(door)
    checked = check_list(door)
    _tell(door, checked)
    if not checked.list_holds:
        first = checked.problems[0]
        raise Refusal(
            f"访问控制清单不可信（{first.code} {first.number}），拒绝启动；请运行 main.py acl verify 并从备份恢复"
        )
    return checked


@action("access.accept_restored", "确认恢复后的访问控制清单", roles={Role.SYSTEM}, event="ACL.CHANGE")
def accept_restored(work: Work, version: int) -> Seen:
    """Accept an older database that was restored on purpose and whose version is named; logged, with an alarm."""
    newest = _newest(work)
    if newest is None or newest.version != version:
        raise Conflict(f"数据库中最新的清单版本是{newest.version if newest else 0}，与所填版本不一致")
    head = work.only(AccessChange.digest, AccessChange.seq == newest.seq)
    if json.loads(newest.body)["head"] != head:
        raise Conflict("清单与变更记录不一致，不能确认")
    known = access_list_book.recall(work.session.connection().engine)
    seen, number = {"seen": known.version if known else 0}, str(version)
    work.trail.tell(
        "ACL.CHANGE", "access.accept_restored", kind="access_list", object_id=number, digest=newest.digest, detail=seen
    )
    raise_alarm(work, "ACL.RESTORED", "访问控制清单恢复到较早的版本，请核对其后的变更", kind="list", key=number)
    return Seen(newest.version, newest.digest, newest.seq, head)


def accept(door: Door, version: int) -> None:
    """Begin again from a restored list: what was seen before is forgotten, on purpose and by name."""
    access_list_book.write(door.database.engine, door.perform(accept_restored, SYSTEM, version))

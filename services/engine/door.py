"""The door: the one way anything is done or asked, and the only place that commits (architecture 2)."""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, overload
from uuid import UUID, uuid4

from sqlalchemy import event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from models.access import Role
from models.dialect import Database, broken_key, storage_is_full
from models.integrity import FaultKind
from models.row_mac import RowTampered
from models.sealing import CryptoError, Sealer
from services.engine.act_notes import Kind, acting
from services.engine.answered_requests import claim_request, earlier_answer, fingerprint_of, remember_answer
from services.engine.audit import Trail, start_chain
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import SHANGHAI, Clock, system_now
from services.engine.house import House
from services.engine.ledger import log_rows, versions_of, watch
from services.engine.locked_rows import LockedRows, lock_row
from services.engine.numbering import draw_all, put_back
from services.engine.parameters import thresholds_on
from services.engine.refusals import Conflict, NotAllowed, Refusal, Rejected, Unavailable
from services.engine.registry import Action, Query, open_to
from services.engine.replica_reads import reading
from services.engine.thresholds import Thresholds
from services.engine.work import LOCKED, Later, Work
from services.engine.write_stop import WriteStop
from services.engine.written_rows import follow_up, stamper, watch_rows
from services.ports.systems import Systems

log = logging.getLogger("shenfang.door")
Order = TypeVar("Order")
Result = TypeVar("Result")
Value = TypeVar("Value")

_TRIES = 4
_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,64}")
#: Answer while nothing can be sealed or opened; audit events need no key and are still written (security 3.4).
NO_CRYPTO = "密码服务暂时不可用，登录和涉及个人信息的业务暂停办理，请稍后再试；您填写的内容未丢失"
STORAGE_FULL = (
    "存储空间已满，本次操作没有保存，已保存的数据不受影响。请通知系统管理员清理或扩充数据库所在磁盘，恢复后再办理一次"
)
_BUSY = "系统繁忙，您填写的内容已保存，请稍后再试"
_NOT_SAVED = "系统暂时不能保存，您填写的内容已保留，请稍后再试"
#: For jobs and partners, who fill in nothing.
_NO_DATABASE = "数据库没有应答，本次没有办理，请稍后再试"
_UNREADABLE = "内容含有无法处理的字符，请检查后重新输入"


@dataclass(frozen=True)
class Gathering:
    """Means of a gatherer before the transaction: the outside systems, and short reads within the caller's scope.

    `perform` runs an action in a transaction of its own, for orders over many things that succeed or fail one by one.
    """

    caller: Caller
    house: House
    now: datetime
    door: "Door"

    def look(self, read: Callable[[Work], Value], *, may_lag: bool = False) -> Value:
        """Read what the caller may see, in a short session; what may be seconds old from the replica."""
        return self.door.look(self.caller, read, may_lag=may_lag)

    def perform(self, action: Action[Order, Result], order: Order) -> Result:
        """Perform an action of its own as the caller, in a transaction of its own."""
        return self.door.perform(action, self.caller, order)

    def rehearse(self, action: Action[Order, Any], order: Order, look: Callable[[Work, Any], Value]) -> Value:
        """Perform an action as the caller and undo it, with no number drawn; gives what `look` makes of its result."""
        beside = Beside(lambda work: None, look, undone=True)
        found: Any = self.door.perform(action, self.caller, order, beside=beside)
        return found  # type: ignore[no-any-return]

    @property
    def systems(self) -> Systems:
        return self.house.systems

    @property
    def sealer(self) -> Sealer:
        return self.house.sealer

    @cached_property
    def thresholds(self) -> Thresholds:
        """The parameters in force today, read when they are first asked for."""
        return self.look(lambda work: work.thresholds)


@dataclass(frozen=True)
class Beside:
    """Extra work in the transaction of an action: `first` before it, `last` after it with its result.

    Either may raise, which undoes everything. A race lost on a unique key runs all of it again. With `undone` the act is a
    rehearsal: it draws no number, is undone instead of committed, and answers what `last` found.
    """

    first: Callable[[Work], object]
    last: Callable[[Work, Any], object]
    undone: bool = False


@dataclass
class Door:
    """Performs actions and answers queries in one house."""

    house: House
    write_stop: WriteStop = field(init=False, repr=False)
    locked: LockedRows = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.write_stop = WriteStop(self.database, self.clock)
        self.locked = LockedRows(self.database)

    @property
    def database(self) -> Database:
        return self.house.database

    @property
    def systems(self) -> Systems:
        return self.house.systems

    @property
    def clock(self) -> Clock:
        return self.house.clock

    def prepare(self) -> None:
        """Bring the schema up to date and start the audit chain; safe to call again."""
        self.database.upgrade(self._tell_upgrade)
        with self.database.write() as session:
            start_chain(session)
            session.commit()

    def _tell_upgrade(self, session: Session, rewritten: list[str]) -> None:
        """Log the versions of the rows that an upgrade covered anew, in its transaction."""
        if not rewritten:
            return
        work = self._writer(session, SYSTEM, "")
        for rows in (rows for table in rewritten for rows in versions_of(session, table)):
            work.trail.tell("DATA.ROWS", "upgrade", detail={"rows": rows})
            work.trail.write(session)
            work.trail.events.clear()
        self._finish(work)

    @overload
    def perform(
        self,
        action: Action[None, Result],
        caller: Caller,
        order: None = None,
        *,
        request_id: str = "",
        beside: Beside | None = None,
    ) -> Result: ...

    @overload
    def perform(
        self,
        action: Action[Order, Result],
        caller: Caller,
        order: Order,
        *,
        request_id: str = "",
        beside: Beside | None = None,
    ) -> Result: ...

    def perform(
        self,
        action: Action[Any, Result],
        caller: Caller,
        order: Any = None,
        *,
        request_id: str = "",
        beside: Beside | None = None,
    ) -> Result:
        """Perform an action for a caller once; a repeated request id gets the earlier answer.

        With `beside`, its parts decide whether a request was seen before. Raises a `Refusal`; else it is a fault.
        """
        given, request_id = request_id, request_id if _REQUEST_ID.fullmatch(request_id) else uuid4().hex
        with self._refusals("action", action.name, caller, request_id):
            if not open_to(action, caller):
                only_looks = caller.only_reads and caller.roles & action.roles
                raise NotAllowed("您在该街镇只能查询" if only_looks else "您的岗位不能办理此项业务")
            self.write_stop.refuse(action.name)
            if given and given != request_id:
                raise Rejected("请求号不正确，请刷新页面后重新提交")
            fingerprint = fingerprint_of(order) if given and beside is None else ""
            if fingerprint:
                with self._reading(caller, request_id) as work:
                    if (earlier := earlier_answer(work, action, fingerprint)) is not None:
                        return earlier[0]  # type: ignore[no-any-return]
            facts = self._gather(action, caller, order, request_id)
            return self._transact(action, caller, order, facts, request_id, fingerprint, beside)

    @overload
    def ask(
        self, query: Query[None, Result], caller: Caller, order: None = None, *, request_id: str = ""
    ) -> Result: ...

    @overload
    def ask(self, query: Query[Order, Result], caller: Caller, order: Order, *, request_id: str = "") -> Result: ...

    def ask(self, query: Query[Any, Result], caller: Caller, order: Any = None, *, request_id: str = "") -> Result:
        """Answer one question. A question about persons is written to the audit before the answer leaves."""
        request_id = request_id or uuid4().hex
        with self._refusals("query", query.name, caller, request_id):
            if not caller.roles & query.roles:
                raise NotAllowed("您的岗位不能查询此项内容")
            if query.is_personal(order):
                self.write_stop.refuse(query.name)
            for _ in range(_TRIES):
                try:
                    facts = self._gather(query, caller, order, request_id)
                    return self._answer(query, caller, order, facts, request_id)
                except RowTampered as broken:
                    # A list goes on without the row; a caller who asks for the row itself is refused.
                    self.lock(caller, broken, request_id)
            facts = self._gather(query, caller, order, request_id)
            return self._answer(query, caller, order, facts, request_id)

    @contextmanager
    def _refusals(self, kind: Kind, name: str, caller: Caller, request_id: str) -> Iterator[None]:
        """Translate failures of an act: a tampered row, missing cryptography, an audited refusal."""
        with acting(self.house.measures, kind, name, request_id):
            try:
                yield
            except RowTampered as broken:
                self.lock(caller, broken, request_id)
                raise Conflict(LOCKED) from broken
            except CryptoError as problem:
                if not problem.retryable:
                    raise
                away = Unavailable(NO_CRYPTO)
                self._tell_refusal(name, caller, request_id, away)
                raise away from problem
            except Refusal as refusal:
                self._tell_refusal(name, caller, request_id, refusal)
                raise

    def look(self, caller: Caller, read: Callable[[Work], Value], *, may_lag: bool = False) -> Value:
        """A short read of what a caller may see, for gatherers and the engine itself."""
        with self._reading(caller, "", may_lag=may_lag) as work:
            return read(work)

    def tell(self, caller: Caller, event_code: str, act: str, **details: Any) -> None:
        """Write one audit event in a transaction of its own (sign-ins, denials)."""
        with self._writing(caller, uuid4().hex) as work:
            work.trail.tell(event_code, act, **details)
            self._finish(work)

    def lock(self, caller: Caller, broken: RowTampered, request_id: str = "") -> None:
        """Lock a row that failed its MAC: log, raise an alarm, and hide it until it is restored."""
        try:
            with self._writing(caller, request_id or uuid4().hex) as work:
                lock_row(work, broken.table, broken.row_id, FaultKind.of(broken.fault))
                self._finish(work)
        except IntegrityError:
            # Another request came upon it at the same moment.
            log.info("a tampered row of %s is locked already", broken.table)
        except DBAPIError as problem:
            log.exception("a tampered row could not be written down")
            raise Unavailable("系统暂时不能记录操作，请稍后再试") from problem
        self.locked.look()

    def lock_later(self, table: str, row_id: UUID) -> None:
        """Lock a row in the background, for callers that must not wait; a locked row is not reported again."""
        if row_id not in self.locked.of(table):
            threading.Thread(target=self.lock, args=(SYSTEM, RowTampered(table, row_id)), daemon=True).start()

    def _gather(
        self, what: Action[Any, Any] | Query[Any, Any], caller: Caller, order: Any, request_id: str
    ) -> tuple[Any, ...]:
        if what.gather is None:
            return ()
        gathering = Gathering(caller=caller, house=self.house, now=self.clock.now(), door=self)
        return (what.gather(gathering, order),)

    def _answer(
        self, query: Query[Any, Result], caller: Caller, order: Any, facts: tuple[Any, ...], request_id: str
    ) -> Result:
        try:
            if query.is_personal(order):
                with self._writing(caller, request_id) as work:
                    answer: Result = query.handler(work, order, *facts)
                    work.trail.tell("PII.READ", query.name, **work.trail.looked_at)
                    self._finish(work)
                return answer
            with self._reading(caller, request_id, may_lag=query.may_lag) as work:
                answer = query.handler(work, order, *facts)
            if work.trail.events:
                # What a question says of itself, such as a file taken along, is written before its answer leaves.
                with self._writing(caller, request_id) as kept:
                    kept.trail.events += work.trail.events
                    self._finish(kept)
            return answer
        except (DataError, UnicodeError) as problem:
            raise Rejected(_UNREADABLE) from problem
        except DBAPIError as problem:
            log.exception("database did not answer %s", query.name)
            raise Unavailable("系统繁忙，暂时不能查询，请稍后再试") from problem

    def _transact(
        self,
        action: Action[Any, Result],
        caller: Caller,
        order: Any,
        facts: tuple[Any, ...],
        request_id: str,
        fingerprint: str,
        beside: Beside | None,
    ) -> Result:
        for attempt in range(1, _TRIES + 1):
            try:
                with self._writing(caller, request_id) as work:
                    if fingerprint:
                        # A repeated request waits here for the first one, and gets its answer.
                        if (earlier := earlier_answer(work, action, fingerprint)) is not None:
                            return earlier[0]  # type: ignore[no-any-return]
                        asked = claim_request(work, action, fingerprint)
                    if beside is not None:
                        work.rehearsed = beside.undone
                        beside.first(work)
                    result: Result = action.handler(work, order, *facts)
                    silent = not work.trail.events
                    self._settle(work)
                    # A change of rights logs an event where it is written, with the difference.
                    if action.event and silent and action.event not in {one["evt"] for one in work.trail.events}:
                        work.trail.tell(action.event, action.name)
                    if isinstance(result, Later):
                        result = result.build()
                    if beside is not None:
                        found = beside.last(work, result)
                        if beside.undone:
                            return found  # type: ignore[return-value]
                    if fingerprint:
                        remember_answer(work, action, asked, result)
                    self._commit(work)
                    return result
            except StaleDataError as problem:
                # A person looks again before he goes on; a partner's message and a job's act are judged anew.
                if attempt == _TRIES or not caller.has(Role.PARTNER, Role.SYSTEM):
                    raise Conflict("该记录已被他人修改，请刷新后再办理") from problem
            except IntegrityError as problem:
                # A race is settled by a unique key; the loser looks again and is then refused by the rules.
                if attempt == _TRIES:
                    self._lock_put_back(work)
                    log.warning("%s lost the race for %s", action.name, broken_key(problem))
                    raise Conflict("同一记录正被他人办理，请刷新后重试") from problem
            except OperationalError as problem:
                if storage_is_full(problem):
                    log.exception("no storage left for %s", action.name)
                    raise Unavailable(STORAGE_FULL) from problem
                if attempt == _TRIES:
                    log.exception("database not available for %s", action.name)
                    raise Unavailable(_BUSY if caller.account_id else _NO_DATABASE) from problem
            except (DataError, UnicodeError) as problem:
                raise Rejected(_UNREADABLE) from problem
            except DBAPIError as problem:
                log.exception("database refused %s", action.name)
                raise Unavailable(_NOT_SAVED if caller.account_id else _NO_DATABASE) from problem
        raise AssertionError("unreachable")

    def _lock_put_back(self, work: Work) -> None:
        """Find out whether a race was lost again and again because a counter gives numbers that were given before."""
        with self.database.read() as session:
            broken = put_back(session, work.drawn)
        if broken is not None:
            raise broken

    def _finish(self, work: Work) -> None:
        self._settle(work)
        self._commit(work)

    def _settle(self, work: Work) -> None:
        # What follows once the numbers are there may want numbers of its own, as one act that brings another with it.
        while True:
            numbers, work.numbers = work.numbers, []
            finishing, work.finishing = work.finishing, []
            draw_all(work, numbers)
            for finish in finishing:
                finish()
            if not work.numbers and not work.finishing:
                return

    def _commit(self, work: Work) -> None:
        follow_up(work)
        if work.written is not None:
            log_rows(work.written, work.session, work.trail)
        work.trail.write(work.session)
        work.session.commit()
        work.trail.committed()

    @contextmanager
    def _writing(self, caller: Caller, request_id: str) -> Iterator[Work]:
        with self.database.write() as session:
            yield self._writer(session, caller, request_id)

    def _writer(self, session: Session, caller: Caller, request_id: str) -> Work:
        work = self._work(session, caller, request_id)
        event.listen(session, "before_flush", stamper(work))
        work.written = watch(session)
        watch_rows(session)
        return work

    @contextmanager
    def _reading(self, caller: Caller, request_id: str, *, may_lag: bool = False) -> Iterator[Work]:
        with reading(self.house, may_lag=may_lag) as (session, age):
            work = self._work(session, caller, request_id)
            work.read_age = age
            yield work

    def _work(self, session: Session, caller: Caller, request_id: str) -> Work:
        now, at = self.clock.now(), system_now()
        return Work(
            session=session,
            caller=caller,
            house=self.house,
            now=now,
            at=at,
            read_thresholds=lambda: thresholds_on(session, now.astimezone(SHANGHAI).date()),
            trail=Trail(caller, request_id, at, self.house.clock_watch, self.house.forward),
            request_id=request_id,
            locked=self.locked.of,
            writes_stopped=self.write_stop.stopped,
        )

    def _tell_refusal(self, act: str, caller: Caller, request_id: str, refusal: Refusal) -> None:
        code = "AUTHZ.DENY" if isinstance(refusal, NotAllowed) else "DATA.REFUSED"
        codes = ",".join(sorted({finding.code for finding in refusal.findings}))
        try:
            with self._writing(caller, request_id) as work:
                work.trail.tell(
                    code, act, result="deny", reason=f"{type(refusal).__name__} {codes}".strip()[:200], severity=4
                )
                self._finish(work)
        except DBAPIError as problem:
            log.exception("a refusal could not be written to the audit")
            words = STORAGE_FULL if storage_is_full(problem) else "系统暂时不能记录操作，请稍后再试"
            raise Unavailable(words) from problem

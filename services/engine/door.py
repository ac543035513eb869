"""The door: the one way anything is done or asked, and the only place that commits (architecture 2)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, get_type_hints
from uuid import uuid4

from pydantic import TypeAdapter
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, select

from models.base import Stamped
from models.dialect import Database
from models.engine import AnsweredRequest
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.engine.audit import Trail, start_chain
from services.engine.callers import Caller
from services.engine.clock import SHANGHAI, Clock, system_now
from services.engine.numbering import draw_all
from services.engine.parameters import thresholds_on
from services.engine.refusals import Conflict, NotAllowed, Refusal, Unavailable
from services.engine.registry import Action, Query
from services.engine.thresholds import Thresholds
from services.engine.work import Work
from services.ports.systems import Systems

log = logging.getLogger("shenfang.door")
Result = TypeVar("Result")
Value = TypeVar("Value")

_TRIES = 4


@dataclass(frozen=True)
class Gathering:
    """What a gatherer may use before the transaction: the systems, and short reads of what the caller may see."""

    caller: Caller
    systems: Systems
    now: datetime
    thresholds: Thresholds
    look: Callable[[Callable[[Work], Any]], Any]


@dataclass
class Door:
    """Performs actions and answers queries on one database with one set of outside systems."""

    database: Database
    systems: Systems
    clock: Clock = field(default_factory=Clock)

    def prepare(self) -> None:
        """Bring the schema up to date and start the audit chain; safe to call again."""
        self.database.upgrade()
        with self.database.write() as session:
            start_chain(session)
            session.commit()

    def perform(
        self, action: Action[Any, Result], caller: Caller, order: Any = None, *, request_id: str = ""
    ) -> Result:
        """Do one thing for one caller, once: the same request id gets the earlier answer.

        Raises a `Refusal`; anything else is our fault.
        """
        known = bool(request_id)
        request_id = request_id or uuid4().hex
        try:
            if not caller.roles & action.roles:
                raise NotAllowed("您的岗位不能办理此项业务")
            fingerprint = _fingerprint(order) if known else ""
            if known and (earlier := self._earlier(action, caller, request_id, fingerprint)) is not None:
                return earlier[0]  # type: ignore[no-any-return]
            facts = self._gather(action, caller, order, request_id)
            return self._transact(action, caller, order, facts, request_id, fingerprint)
        except Refusal as refusal:
            self._tell_refusal(action.name, caller, request_id, refusal)
            raise

    def ask(self, query: Query[Any, Result], caller: Caller, order: Any = None, *, request_id: str = "") -> Result:
        """Answer one question. A question about persons is written to the audit before the answer leaves."""
        request_id = request_id or uuid4().hex
        try:
            if not caller.roles & query.roles:
                raise NotAllowed("您的岗位不能查询此项内容")
            facts = self._gather(query, caller, order, request_id)
            if query.personal:
                with self._writing(caller, request_id) as work:
                    answer: Result = query.handler(work, order, *facts)
                    work.trail.tell("PII.READ", query.name)
                    self._finish(work)
                return answer
            with self._reading(caller, request_id) as work:
                return query.handler(work, order, *facts)
        except Refusal as refusal:
            self._tell_refusal(query.name, caller, request_id, refusal)
            raise

    def look(self, caller: Caller, read: Callable[[Work], Value]) -> Value:
        """A short read of what a caller may see, for gatherers and the engine itself."""
        with self._reading(caller, "") as work:
            return read(work)

    def tell(self, caller: Caller, event_code: str, act: str, **details: Any) -> None:
        """Write one audit event in a transaction of its own (sign-ins, denials)."""
        with self._writing(caller, uuid4().hex) as work:
            work.trail.tell(event_code, act, **details)
            self._finish(work)

    def _gather(
        self, what: Action[Any, Any] | Query[Any, Any], caller: Caller, order: Any, request_id: str
    ) -> tuple[Any, ...]:
        if what.gather is None:
            return ()
        thresholds = self.look(caller, lambda work: work.thresholds)
        gathering = Gathering(
            caller=caller,
            systems=self.systems,
            now=self.clock.now(),
            thresholds=thresholds,
            look=lambda read: self.look(caller, read),
        )
        return (what.gather(gathering, order),)

    def _transact(
        self,
        action: Action[Any, Result],
        caller: Caller,
        order: Any,
        facts: tuple[Any, ...],
        request_id: str,
        fingerprint: str,
    ) -> Result:
        for attempt in range(1, _TRIES + 1):
            try:
                with self._writing(caller, request_id) as work:
                    result: Result = action.handler(work, order, *facts)
                    if action.event and not work.trail.events:
                        work.trail.tell(action.event, action.name)
                    if fingerprint:
                        work.then(partial(_remember, work, action, fingerprint, result))
                    self._finish(work)
                    return result
            except StaleDataError as problem:
                raise Conflict("该记录已被他人修改，请刷新后再办理") from problem
            except IntegrityError as problem:
                # A race is settled by a unique key; the loser looks again and is then refused by the rules.
                if attempt == _TRIES:
                    raise Conflict("同一记录正被他人办理，请刷新后重试") from problem
            except OperationalError as problem:
                if attempt == _TRIES:
                    log.exception("database not available for %s", action.name)
                    raise Unavailable("系统繁忙，您填写的内容已保存，请稍后再试") from problem
            except DBAPIError as problem:
                log.exception("database refused %s", action.name)
                raise Unavailable("系统暂时不能保存，您填写的内容已保留，请稍后再试") from problem
        raise AssertionError("unreachable")

    def _finish(self, work: Work) -> None:
        draw_all(work.session, work.numbers)
        for finish in work.finishing:
            finish()
        work.session.flush()
        work.trail.write(work.session)
        work.session.commit()

    @contextmanager
    def _writing(self, caller: Caller, request_id: str) -> Iterator[Work]:
        with self.database.write() as session:
            work = self._work(session, caller, request_id)
            event.listen(session, "before_flush", _stamper(work))
            yield work

    @contextmanager
    def _reading(self, caller: Caller, request_id: str) -> Iterator[Work]:
        with self.database.read() as session:
            yield self._work(session, caller, request_id)

    def _work(self, session: Session, caller: Caller, request_id: str) -> Work:
        now, at = self.clock.now(), system_now()
        return Work(
            session=session,
            caller=caller,
            now=now,
            at=at,
            thresholds=thresholds_on(session, now.astimezone(SHANGHAI).date()),
            trail=Trail(caller, request_id, at),
            request_id=request_id,
        )

    def _earlier(
        self, action: Action[Any, Any], caller: Caller, request_id: str, fingerprint: str
    ) -> tuple[Any] | None:
        with self.database.read() as session:
            row = session.exec(
                select(AnsweredRequest).where(
                    AnsweredRequest.caller == caller.key,
                    AnsweredRequest.action == action.name,
                    AnsweredRequest.request_id == request_id,
                )
            ).first()
            if row is None:
                return None
            if row.fingerprint != fingerprint:
                raise Conflict("同一请求号已用于其他内容，请重新提交")
            return (_adapter(action).validate_json(row.answer.plain),)

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
            raise Unavailable("系统暂时不能记录操作，请稍后再试") from problem


def _stamper(work: Work) -> Callable[..., None]:
    def stamp(session: Session, *_: Any) -> None:
        for row in session.new:
            if isinstance(row, Stamped):
                row.created_at = row.created_at or work.now
                row.created_by = row.created_by or work.caller.account_id
                row.updated_at = work.now
        for row in session.dirty:
            if isinstance(row, Stamped) and session.is_modified(row):
                row.updated_at, row.updated_by = work.now, work.caller.account_id

    return stamp


def _adapter(action: Action[Any, Any]) -> TypeAdapter[Any]:
    return TypeAdapter(get_type_hints(action.handler)["return"])


def _remember(work: Work, action: Action[Any, Any], fingerprint: str, result: Any) -> None:
    answer = _adapter(action).dump_json(result).decode()
    work.session.add(
        AnsweredRequest(
            caller=work.caller.key,
            action=action.name,
            request_id=work.request_id,
            fingerprint=fingerprint,
            answer=Sealed.of(answer),
            at=work.at,
        )
    )


def _fingerprint(order: Any) -> str:
    text = TypeAdapter(Any).dump_json(order, fallback=repr)
    return sm3_hex(text)

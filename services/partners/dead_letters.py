"""Undelivered messages of every system: the city sends them again with their request id (rows 1, 2, 23)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, or_, select

from models.engine import Outgoing, OutgoingState
from models.partners import Partner
from services.access.visibility import CITY
from services.engine.outbox import RETRY_MINUTES
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.operations.systems import label_of
from services.partners.outgoing import addressee_in, passage_of


@dataclass(frozen=True)
class LetterFilter:
    """`waiting` shows what is still being tried instead; `number` is a business key or a request id, exact."""

    waiting: bool = False
    system: str = ""
    number: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class LetterLine:
    """A message; `error` is the reason of the last attempt in words, never its content."""

    id: UUID
    to: str
    operation: str
    business_key: str
    request_id: str
    state: str
    dead: bool
    attempts: int
    next_at: datetime | None
    error: str
    created_at: datetime


@dataclass(frozen=True)
class LetterPage:
    total: int
    lines: tuple[LetterLine, ...] = field(default_factory=tuple)
    systems: dict[str, str] = field(default_factory=dict)


@query("partners.letters", "未送达报文", roles=CITY)
def letters(work: Work, order: LetterFilter) -> LetterPage:
    """Dead messages, or those that failed and are being tried again, the newest first."""
    if not 1 <= order.size <= 200 or not 1 <= order.page <= 200:
        raise Rejected("只能查看前10000条，请缩小查询范围")
    failing = (
        (col(Outgoing.state) == OutgoingState.WAITING) & (col(Outgoing.attempts) > 0)
        if order.waiting
        else Outgoing.state == OutgoingState.DEAD
    )
    base = work.visible(Outgoing).where(failing)
    systems: list[Any] = list(work.session.exec(base.with_only_columns(Outgoing.system).distinct()).all())  # type: ignore[call-overload]
    if order.system.strip():
        base = base.where(Outgoing.system == order.system.strip())
    if number := search_word(order.number, 100):
        base = base.where(
            or_(Outgoing.request_id == number, col(Outgoing.business_key).endswith(number, autoescape=True))
        )
    total = work.session.exec(select(func.count()).select_from(base.subquery())).one()
    rows = work.session.exec(
        base.order_by(col(Outgoing.created_at).desc(), col(Outgoing.id))
        .offset((order.page - 1) * order.size)
        .limit(order.size)
    ).all()
    return LetterPage(total, tuple(_lines(work, rows)), {system: label_of(system) for system in sorted(systems)})


def _lines(work: Work, rows: Iterable[Outgoing]) -> Iterable[LetterLine]:
    labels = dict(work.session.exec(select(Partner.app_id, Partner.label)).all())
    for row in rows:
        passage = passage_of(row.system, row.operation)
        dead = row.state is OutgoingState.DEAD
        yield LetterLine(
            id=row.id,
            to=labels.get(addressee_in(row.business_key), label_of(row.system)) if passage else label_of(row.system),
            operation=passage.label if passage else row.operation,
            business_key=row.business_key.split(":", 2)[-1] if passage else row.business_key,
            request_id=row.request_id,
            state=OutgoingState.DEAD.label if dead else f"重试中（{row.attempts}/{len(RETRY_MINUTES) + 1}）",
            dead=dead,
            attempts=row.attempts,
            next_at=None if dead else row.next_at,
            error=_ERRORS.get(row.last_error, row.last_error),
            created_at=row.created_at,
        )


_ERRORS: dict[str, Any] = {"NoAnswer": "对方未应答", "": ""}

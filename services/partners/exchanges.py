"""The exchange log: every message in and out, signed or not, with findings, answer and attempts (rows 1, 2, 13-23)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.codes import Code
from models.engine import ExchangeLog, Outgoing, OutgoingState
from models.partners import Partner, PartnerExchange
from services.engine.registry import query
from services.engine.search_terms import chosen, day_begins, day_is_over, search_word
from services.engine.work import Work, visible_rows
from services.operations.systems import label_of

_LAST_PAGE = 1_000_000
READERS = {Role.CITY_CENTER, Role.CITY_BUREAU, Role.AUDITOR}


class Outcome(Code):
    DONE = "DONE", "成功", "good"
    REFUSED = "REFUSED", "业务不通过", "warn"
    FAILED = "FAILED", "被拒或失败", "bad"
    REPEATED = "REPEATED", "重复请求", "info"


@visible_rows(PartnerExchange)
@visible_rows(ExchangeLog)
def exchanges_of_the_city(work: Work, table: Any) -> Any:
    """The city answers for what is exchanged, the auditor looks into it; payloads are masked for both."""
    return sa.true() if work.caller.has(*READERS, Role.SYSTEM) else sa.false()


@dataclass(frozen=True)
class FindExchanges:
    """Filter of exchanges; empty finds all. Days are Shanghai's, both included."""

    partner: str = ""
    direction: str = ""
    operation: str = ""
    outcome: str = ""
    request_id: str = ""
    business_key: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class ExchangeLine:
    """An exchange as a line; `partner` is an app id, or the name of a system that does not sign."""

    id: UUID
    signed: bool
    at: datetime
    direction: str
    partner: str
    partner_label: str
    operation: str
    label: str
    row_no: int
    request_id: str
    business_key: str
    attempt: int
    milliseconds: int
    http_status: int
    code: str
    outcome: Outcome
    findings: str
    detail: str


@dataclass(frozen=True)
class ExchangePage:
    total: int
    lines: list[ExchangeLine]


_SIGNED: Any = PartnerExchange.__table__  # type: ignore[attr-defined]
_PLAIN: Any = ExchangeLog.__table__  # type: ignore[attr-defined]


@query("partners.exchanges", "对接日志", roles=READERS)
def find_exchanges(work: Work, order: FindExchanges) -> ExchangePage:
    """Return signed and unsigned exchanges in one list, newest first."""
    signed = _narrowed(work, order)
    plain = _narrowed_plain(work, order)
    parts = [part for part in (signed, plain) if part is not None]
    both = sa.union_all(*parts).subquery()
    session = work.session
    total = session.connection().execute(sa.select(sa.func.count()).select_from(both)).scalar_one()
    size = min(max(order.size, 1), 200)
    page = sa.select(both.c.id, both.c.signed).order_by(both.c.at.desc(), both.c.id.desc())
    page = page.offset((min(max(order.page, 1), _LAST_PAGE) - 1) * size).limit(size)
    found = session.connection().execute(page).all()
    rows: dict[UUID, Any] = {}
    for table in (PartnerExchange, ExchangeLog):
        ids = [row.id for row in found if bool(row.signed) is (table is PartnerExchange)]
        if ids:
            rows |= {row.id: row for row in session.exec(work.visible(table).where(col(table.id).in_(ids))).all()}
    labels = _labels(work)
    return ExchangePage(total, [_line(rows[row.id], labels) for row in found if row.id in rows])


def _narrowed(work: Work, order: FindExchanges) -> Any:
    table = _SIGNED
    where = [
        *_days(table, order),
        *(_equal(table.c.app_id, order.partner)),
        *(_equal(table.c.direction, order.direction)),
        *(_equal(table.c.operation, order.operation)),
        *(_equal(table.c.business_key, order.business_key)),
    ]
    if asked := search_word(order.request_id, 100):
        where.append(sa.or_(table.c.request_id == asked, table.c.idempotency_key == asked, table.c.message_id == asked))
    if order.outcome:
        where.append(_OUTCOMES[chosen(Outcome, order.outcome)](table))
    return _ids(work, PartnerExchange, table, where, signed=True)


def _narrowed_plain(work: Work, order: FindExchanges) -> Any:
    """Exchanges without a signature; they have no business key, and are never refused or repeated."""
    table = _PLAIN
    outcome = chosen(Outcome, order.outcome) if order.outcome else None
    if order.business_key.strip() or outcome in (Outcome.REFUSED, Outcome.REPEATED):
        return None
    where = [
        *_days(table, order),
        *(_equal(table.c.system, order.partner)),
        *(_equal(table.c.direction, order.direction)),
        *(_equal(table.c.operation, order.operation)),
        *(_equal(table.c.request_id, order.request_id)),
    ]
    if outcome is not None:
        arrived = table.c.outcome.in_(_ARRIVED)
        where.append(arrived if outcome is Outcome.DONE else sa.not_(arrived))
    return _ids(work, ExchangeLog, table, where, signed=False)


_ARRIVED = (str(OutgoingState.SENT), "ok", "OK")
_OUTCOMES: dict[Outcome, Any] = {
    Outcome.DONE: lambda table: sa.and_(table.c.code == "0", table.c.findings == "", sa.not_(table.c.replayed)),
    Outcome.REFUSED: lambda table: sa.and_(table.c.code == "0", table.c.findings != "", sa.not_(table.c.replayed)),
    Outcome.FAILED: lambda table: table.c.code != "0",
    Outcome.REPEATED: lambda table: sa.and_(table.c.code == "0", table.c.replayed),
}


def _ids(work: Work, model: Any, table: Any, where: list[Any], *, signed: bool) -> Any:
    visible = work.visible(model).with_only_columns(table.c.id, table.c.at, sa.literal(int(signed)).label("signed"))
    return visible.where(*where)


def _equal(column: Any, text: str) -> list[Any]:
    word = search_word(text, 100)
    return [column == word] if word else []


def _days(table: Any, order: FindExchanges) -> list[Any]:
    where = []
    if order.since is not None:
        where.append(table.c.at >= day_begins(order.since))
    if order.until is not None:
        where.append(table.c.at < day_is_over(order.until))
    return where


def outcome_of(row: PartnerExchange | ExchangeLog) -> Outcome:
    """Return how an exchange ended."""
    if isinstance(row, ExchangeLog):
        return Outcome.DONE if row.outcome in _ARRIVED else Outcome.FAILED
    if row.code != "0":
        return Outcome.FAILED
    if row.replayed:
        return Outcome.REPEATED
    return Outcome.REFUSED if row.findings else Outcome.DONE


#: What goes to the licence library, the one receiver whose messages bear no label.
_LICENCES = {"issue": "电子证照制证", "revoke": "电子证照撤证"}


def _line(row: PartnerExchange | ExchangeLog, labels: dict[str, str]) -> ExchangeLine:
    if isinstance(row, ExchangeLog):
        return ExchangeLine(
            id=row.id,
            signed=False,
            at=row.at,
            direction=row.direction,
            partner=row.system,
            partner_label=label_of(row.system),
            operation=row.operation,
            label=_LICENCES.get(row.operation, ""),
            row_no=0,
            request_id=row.request_id,
            business_key="",
            attempt=row.attempt,
            milliseconds=row.milliseconds,
            http_status=0,
            code="",
            outcome=outcome_of(row),
            findings="",
            detail=row.detail,
        )
    return ExchangeLine(
        id=row.id,
        signed=True,
        at=row.at,
        direction=row.direction,
        partner=row.app_id,
        partner_label=labels.get(row.app_id, row.app_id),
        operation=row.operation,
        label=row.label,
        row_no=row.row_no,
        request_id=row.request_id,
        business_key=row.business_key,
        attempt=row.attempt,
        milliseconds=row.milliseconds,
        http_status=row.http_status,
        code=row.code,
        outcome=outcome_of(row),
        findings=row.findings,
        detail=row.detail,
    )


def _labels(work: Work) -> dict[str, str]:
    return dict(work.session.exec(select(Partner.app_id, Partner.label)).all())


@dataclass(frozen=True)
class ExchangeDetail:
    """A signed exchange whole. Payloads are masked; `receipt` holds canonical texts, bodies as sent, signatures.

    `resend` is the queued message's id when it is dead and may be sent again (`outbox.resend`).
    """

    line: ExchangeLine
    idempotency_key: str
    message_id: str
    source: str
    body_digest: str
    reply_digest: str
    payload: Any
    reply: Any
    receipt: dict[str, Any]
    attempts: list[ExchangeLine]
    message_state: str
    resend: UUID | None


@query("partners.exchange", "对接日志详情", roles=READERS)
def open_exchange(work: Work, exchange_id: UUID) -> ExchangeDetail:
    """Return an exchange with both sides' proofs, and the other attempts of its message."""
    row = work.get(PartnerExchange, exchange_id)
    message = None
    if row.outgoing_id is not None:
        message = work.session.exec(select(Outgoing).where(Outgoing.id == row.outgoing_id)).first()
    same = work.visible(PartnerExchange).where(
        PartnerExchange.app_id == row.app_id,
        PartnerExchange.direction == row.direction,
        PartnerExchange.operation == row.operation,
        PartnerExchange.idempotency_key == row.idempotency_key if row.idempotency_key else PartnerExchange.id == row.id,
    )
    labels = _labels(work)
    attempts = work.session.exec(same.order_by(col(PartnerExchange.at)).limit(100)).all()
    dead = message is not None and message.state is OutgoingState.DEAD
    return ExchangeDetail(
        line=_line(row, labels),
        idempotency_key=row.idempotency_key,
        message_id=row.message_id,
        source=row.source,
        body_digest=row.body_digest,
        reply_digest=row.reply_digest,
        payload=row.payload.json() if row.payload else None,
        reply=row.reply.json() if row.reply else None,
        receipt=row.receipt.json() if row.receipt else {},
        attempts=[_line(one, labels) for one in attempts],
        message_state=message.state.label if message else "",
        resend=message.id if message is not None and dead else None,
    )


@dataclass(frozen=True)
class ExchangeChoices:
    """Choices of the filter: partners and systems by key, and known operations."""

    partners: dict[str, str]
    operations: dict[str, str]


@query("partners.exchange_choices", "对接日志筛选项", roles=READERS)
def exchange_choices(work: Work, order: None) -> ExchangeChoices:
    signed = dict(
        work.session.exec(
            select(PartnerExchange.operation, sa.func.max(PartnerExchange.label)).group_by(
                col(PartnerExchange.operation)
            )
        ).all()
    )
    plain = work.session.exec(select(ExchangeLog.system).distinct()).all()
    return ExchangeChoices(
        {**_labels(work), **{system: label_of(system) for system in plain}},
        {operation: label or operation for operation, label in sorted(signed.items())},
    )

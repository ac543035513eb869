"""The exchange log: every message in and out, signed or not, with findings, answer and attempts (rows 1, 2, 13-23)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.codes import Code
from models.engine import ExchangeLog, Outgoing, OutgoingState
from models.partners import Partner, PartnerExchange
from services.engine.list_filters import Control, Where, read_day
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Fetched, Filter, Filters, Line, Listing, clauses_of, listed
from services.engine.paging import Paging
from services.engine.registry import query
from services.engine.search_terms import chosen, day_begins, day_is_over, search_word
from services.engine.work import Work, shown_whole
from services.operations.systems import label_of

READERS = {Role.CITY_CENTER, Role.CITY_BUREAU, Role.AUDITOR}


class Outcome(Code):
    DONE = "DONE", "成功", "good"
    REFUSED = "REFUSED", "业务不通过", "warn"
    FAILED = "FAILED", "被拒或失败", "bad"
    REPEATED = "REPEATED", "重复请求", "info"


# The city answers for what is exchanged, the auditor looks into it; payloads are masked for both.
shown_whole(PartnerExchange, ExchangeLog, roles=READERS | {Role.SYSTEM})


DIRECTIONS = {"IN": "接收", "OUT": "发送"}
_SIGNED: Any = PartnerExchange.__table__  # type: ignore[attr-defined]
_PLAIN: Any = ExchangeLog.__table__  # type: ignore[attr-defined]
_ARRIVED = (str(OutgoingState.SENT), "ok", "OK")
_OUTCOMES: dict[Outcome, Any] = {
    Outcome.DONE: lambda table: sa.and_(table.c.code == "0", table.c.findings == "", sa.not_(table.c.replayed)),
    Outcome.REFUSED: lambda table: sa.and_(table.c.code == "0", table.c.findings != "", sa.not_(table.c.replayed)),
    Outcome.FAILED: lambda table: table.c.code != "0",
    Outcome.REPEATED: lambda table: sa.and_(table.c.code == "0", table.c.replayed),
}
#: What goes to the licence library, the one receiver whose messages bear no label.
_LICENCES = {"issue": "电子证照制证", "revoke": "电子证照撤证"}


#: A business number within the key of an outgoing message.
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2,5}\d[0-9A-Z]{7,}")


# Filters give a clause for each of the two tables.


def _word(signed: tuple[str, ...], plain: tuple[str, ...]) -> Where:
    """Exchanges with exactly the text in one of the columns; none of a table that has no such column."""

    def where(work: Work, text: str) -> Any:
        word = search_word(text, 100)
        names = {_SIGNED: signed, _PLAIN: plain}
        return lambda table: sa.or_(sa.false(), *(table.c[name] == word for name in names[table]))

    return where


def _outcome(work: Work, text: str) -> Any:
    """Exchanges without a signature are never refused or repeated."""
    wanted = chosen(Outcome, text)
    arrived = _PLAIN.c.outcome.in_(_ARRIVED)
    plain = {Outcome.DONE: arrived, Outcome.FAILED: sa.not_(arrived)}.get(wanted, sa.false())
    return lambda table: _OUTCOMES[wanted](table) if table is _SIGNED else plain


def _since(work: Work, text: str) -> Any:
    moment = day_begins(read_day(text))
    return lambda table: table.c.at >= moment


def _until(work: Work, text: str) -> Any:
    moment = day_is_over(read_day(text))
    return lambda table: table.c.at < moment


def _page(work: Work, filters: Filters, paging: Paging) -> Fetched:
    """Signed and unsigned exchanges in one list, newest first."""
    clauses = clauses_of(work, LOG, filters)
    parts = []
    for model, table in ((PartnerExchange, _SIGNED), (ExchangeLog, _PLAIN)):
        columns = (table.c.id, table.c.at, sa.literal(int(table is _SIGNED)).label("signed"))
        visible = work.visible(model).with_only_columns(*columns)
        parts.append(visible.where(*(clause(table) for clause in clauses)))
    both = sa.union_all(*parts).subquery()
    session = work.session
    total = session.connection().execute(sa.select(sa.func.count()).select_from(both)).scalar_one()
    offset, size = paging.bounds()
    page = sa.select(both.c.id, both.c.signed).order_by(both.c.at.desc(), both.c.id.desc()).offset(offset).limit(size)
    found = session.connection().execute(page).all()
    rows: dict[UUID, Any] = {}
    for model in (PartnerExchange, ExchangeLog):
        ids = [row.id for row in found if bool(row.signed) is (model is PartnerExchange)]
        if ids:
            rows |= {row.id: row for row in session.exec(work.visible(model).where(col(model.id).in_(ids))).all()}
    return Fetched(total, [rows[row.id] for row in found if row.id in rows])


def outcome_of(row: PartnerExchange | ExchangeLog) -> Outcome:
    """Return how an exchange ended."""
    if isinstance(row, ExchangeLog):
        return Outcome.DONE if row.outcome in _ARRIVED else Outcome.FAILED
    if row.code != "0":
        return Outcome.FAILED
    if row.replayed:
        return Outcome.REPEATED
    return Outcome.REFUSED if row.findings else Outcome.DONE


def _partner(row: Any) -> str:
    """Return an app id, or the name of a system that does not sign."""
    return str(row.system if isinstance(row, ExchangeLog) else row.app_id)


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    labels, numbers = _labels(work), _numbers(work, rows)

    def of_signed(key: str) -> Callable[[Any], Any]:
        return lambda row: getattr(row, key, "")

    return {
        "signed": lambda row: isinstance(row, PartnerExchange),
        "partner": _partner,
        "partner_label": lambda row: labels.get(_partner(row)) or label_of(_partner(row)),
        "label": lambda row: getattr(row, "label", "") or _LICENCES.get(row.operation, ""),
        "outcome": outcome_of,
        "business_key": lambda row: getattr(row, "business_key", "") or numbers.get(row.request_id, ""),
        **{key: of_signed(key) for key in ("code", "findings", "http_status", "row_no")},
    }


def _numbers(work: Work, rows: Sequence[Any]) -> Mapping[str, str]:
    """Return the business numbers of messages to systems that do not sign, by their request ids."""
    asked = [row.request_id for row in rows if isinstance(row, ExchangeLog) and row.direction == "OUT"]
    if not asked:
        return {}
    keys = work.session.exec(
        select(Outgoing.request_id, Outgoing.business_key).where(col(Outgoing.request_id).in_(asked))
    ).all()
    return {request_id: found.group() for request_id, key in keys if (found := _NUMBER.search(key))}


LOG = listed(
    Listing(
        name="exchange_log",
        label="对接日志",
        roles=READERS,
        columns=(
            Column("at", "时间", sql=PartnerExchange.at, width=126),
            Column("direction", "方向", width=48, show=lambda value: DIRECTIONS.get(value, value)),
            Column("outcome", "结果", width=92),
            Column("partner_label", "对接方", width=140),
            Column("label", "业务"),
            Column("business_key", "业务号", width=150),
            Column("code", "应答码", width=60),
            Column("attempt", "第几次", number=True, width=52),
            Column("milliseconds", "毫秒", number=True, width=56),
            Column("findings", "核验结论", width=120),
            Column("request_id", "请求号", width=150),
        ),
        filters=(
            Filter("partner", "对接方", _word(("app_id",), ("system",)), options={}, width=200),
            Filter("direction", "方向", _word(("direction",), ("direction",)), options=DIRECTIONS, width=120),
            Filter("operation", "业务", _word(("operation",), ("operation",)), options={}, width=220),
            Filter("outcome", "结果", _outcome, options=Outcome.labels(), width=160),
            Filter(
                "request_id",
                "请求号",
                _word(("request_id", "idempotency_key", "message_id"), ("request_id",)),
                width=230,
            ),
            Filter("business_key", "业务号", _word(("business_key",), ()), width=220),
            Filter("since", "日期自", _since, Control.DAY, width=150),
            Filter("until", "至", _until, Control.DAY, width=130),
        ),
        sort="-at",
        look_up=_cells,
        also=("operation", "detail"),
        fetch=_page,
        exporters=frozenset(),
        empty="没有符合条件的对接记录",
    )
)


def _labels(work: Work) -> dict[str, str]:
    return dict(work.session.exec(select(Partner.app_id, Partner.label)).all())


@dataclass(frozen=True)
class ExchangeDetail:
    """An exchange whole; what only a signed one has is empty otherwise.

    Payloads are masked; `receipt` holds canonical texts, bodies as sent, signatures. `resend` is the queued message's id
    when it is dead and may be sent again (`outbox.resend`).
    """

    line: Line
    idempotency_key: str = ""
    message_id: str = ""
    source: str = ""
    body_digest: str = ""
    reply_digest: str = ""
    payload: Any = None
    reply: Any = None
    receipt: dict[str, Any] = field(default_factory=dict)
    attempts: list[Line] = field(default_factory=list)
    message_state: str = ""
    resend: UUID | None = None


@query("partners.exchange", "对接日志详情", roles=READERS)
def open_exchange(work: Work, exchange_id: UUID) -> ExchangeDetail:
    """Return an exchange, a signed one with both sides' proofs and the other attempts of its message."""
    row = work.first(work.visible(PartnerExchange), PartnerExchange.id == exchange_id)
    if row is None:
        return ExchangeDetail(lines_of(work, LOG, [work.get(ExchangeLog, exchange_id)])[0])
    message = None
    if row.outgoing_id is not None:
        message = work.first(Outgoing, Outgoing.id == row.outgoing_id)
    same = work.visible(PartnerExchange).where(
        PartnerExchange.app_id == row.app_id,
        PartnerExchange.direction == row.direction,
        PartnerExchange.operation == row.operation,
        PartnerExchange.idempotency_key == row.idempotency_key if row.idempotency_key else PartnerExchange.id == row.id,
    )
    attempts = work.session.exec(same.order_by(col(PartnerExchange.at)).limit(100)).all()
    dead = message is not None and message.state is OutgoingState.DEAD
    own = ("idempotency_key", "message_id", "source", "body_digest", "reply_digest")
    return ExchangeDetail(
        lines_of(work, LOG, [row])[0],
        **{key: getattr(row, key) for key in own},
        payload=row.payload.json() if row.payload else None,
        reply=row.reply.json() if row.reply else None,
        receipt=row.receipt.json() if row.receipt else {},
        attempts=lines_of(work, LOG, attempts),
        message_state=message.state.label if message else "",
        resend=message.id if message is not None and dead else None,
    )


@query("partners.exchange_choices", "对接日志筛选项", roles=READERS)
def exchange_choices(work: Work, order: None) -> dict[str, dict[str, str]]:
    """The choices of two filters of the log: partners and systems by key, and known operations."""
    signed = dict(
        work.session.exec(
            select(PartnerExchange.operation, sa.func.max(PartnerExchange.label)).group_by(
                col(PartnerExchange.operation)
            )
        ).all()
    )
    plain = work.session.exec(select(ExchangeLog.system).distinct()).all()
    return {
        "partner": {**_labels(work), **{system: label_of(system) for system in plain}},
        "operation": {operation: label or operation for operation, label in sorted(signed.items())},
    }

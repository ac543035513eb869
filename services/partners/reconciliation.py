"""对账: by day and partner what was sent, what was confirmed, what differs and how old it is, with one order to ask again.

Messages come from the outbox, confirmations from their receipts and the exchange log. No partner's contract has a query by
receipt: the same request sent again, which changes nothing where it has arrived, is how a partner is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.codes import Toned
from models.engine import OUTGOING, ExchangeLog, Outgoing, OutgoingState
from models.partners import PartnerExchange
from services.access.visibility import CITY
from services.engine.listings import Column, Filter, Listing, days, exact, listed, named
from services.engine.outbox import RESEND, ROUTES, sending_of
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import action
from services.engine.search_terms import day_begins, day_is_over, known_day
from services.engine.steps import take_step
from services.engine.work import Work
from services.operations.systems import label_of
from services.partners.outgoing import passage_of

#: The board shows these days, today included.
SPAN = 14
#: No more messages are asked about by one order.
MOST_ASKED = 500
#: Keeps its exchanges in a log of its own, so that only its receipt confirms a message.
_OWN_LOG = "one_stop"
_ARRIVED = (str(OutgoingState.SENT), "ok", "OK")


def _exchanges() -> Any:
    """Count the exchanges of a message that the log calls successful."""
    plain = (
        select(sa.func.count())
        .where(
            ExchangeLog.request_id == Outgoing.request_id,
            ExchangeLog.direction == "OUT",
            col(ExchangeLog.outcome).in_(_ARRIVED),
        )
        .correlate(Outgoing)
        .scalar_subquery()
    )
    signed = (
        select(sa.func.count())
        .where(
            PartnerExchange.request_id == Outgoing.request_id,
            PartnerExchange.direction == "OUT",
            PartnerExchange.code == "0",
        )
        .correlate(Outgoing)
        .scalar_subquery()
    )
    return plain + signed


_SENT = col(Outgoing.state) == OutgoingState.SENT
_PROVED = sa.and_(col(Outgoing.receipt) != "", sa.or_(col(Outgoing.system) == _OWN_LOG, _exchanges() > 0))
#: The figures of a line: label and the messages that each counts.
FIGURES: dict[str, tuple[str, Any]] = {
    "confirmed": ("对方已确认", sa.and_(_SENT, _PROVED)),
    "waiting": ("等待发送或重试", col(Outgoing.state) == OutgoingState.WAITING),
    "dead": ("发送失败", col(Outgoing.state) == OutgoingState.DEAD),
    "unproved": ("记为送达而缺回执或交换记录", sa.and_(_SENT, sa.not_(_PROVED))),
    "repeated": ("对方多次确认", sa.and_(_SENT, _exchanges() > 1)),
}
#: Figures in which both sides do not say the same.
DIFFERENT = ("dead", "unproved", "repeated")


@dataclass(frozen=True)
class BoardLine:
    """The messages of a day to a system. `oldest` is when the oldest unconfirmed one was written."""

    day: date
    system: str
    sent: int
    figures: dict[str, int]
    oldest: datetime | None
    now: datetime

    @property
    def id(self) -> str:
        return f"{self.day.isoformat()}.{self.system}"

    @property
    def differs(self) -> int:
        """Number of messages of which the two sides say different things."""
        return sum(self.figures[key] for key in DIFFERENT)

    @property
    def state(self) -> str:
        if self.differs:
            return Toned("有差异", "bad")
        return Toned("待确认", "warn") if self.figures["waiting"] else Toned("一致", "good")

    @property
    def age(self) -> str:
        """Time the oldest unconfirmed message has waited, in days, hours or minutes."""
        if self.oldest is None:
            return ""
        minutes = max(0, int((self.now - self.oldest).total_seconds() // 60))
        for length, unit in ((1440, "天"), (60, "小时")):
            if minutes >= length:
                return f"{minutes // length}{unit}"
        return f"{minutes}分钟"


def board(work: Work) -> Sequence[BoardLine]:
    """The lines of the last days, the newest day first, those with differences before the others of their day."""
    first = work.today - timedelta(days=SPAN - 1)
    starts = [day_begins(first + timedelta(days=number)) for number in range(SPAN)]
    bucket = sa.case(
        *((col(Outgoing.created_at) < start, number) for number, start in enumerate(starts[1:])), else_=SPAN - 1
    )
    counted = [sa.case((clause, 1), else_=0).label(key) for key, (_, clause) in FIGURES.items()]
    unsure = sa.case((sa.not_(_SENT), col(Outgoing.created_at)), else_=None).label("unsure")
    rows: Any = work.visible(Outgoing).where(
        col(Outgoing.created_at) >= starts[0], col(Outgoing.created_at) < day_is_over(work.today)
    )
    within = rows.with_only_columns(col(Outgoing.system), bucket.label("bucket"), *counted, unsure).subquery()
    sums = [sa.func.sum(within.c[key]) for key in FIGURES]
    grouped = sa.select(within.c.system, within.c.bucket, sa.func.count(), *sums, sa.func.min(within.c.unsure))
    lines = []
    for system, number, count, *figures, oldest in work.session.connection().execute(
        grouped.group_by(within.c.system, within.c.bucket)
    ):
        told = {key: int(value or 0) for key, value in zip(FIGURES, figures, strict=True)}
        lines.append(BoardLine(first + timedelta(days=number), system, count, told, oldest, work.now))
    return sorted(lines, key=lambda line: (-line.day.toordinal(), -line.differs, line.system))


def _systems() -> dict[str, str]:
    return {system: label_of(system) for system in sorted({system for system, _ in ROUTES})}


def _of(test: Callable[[BoardLine, str], bool]) -> Callable[[Work, str], Any]:
    return lambda work, text: lambda line: test(line, text)


_STATES = {"bad": "有差异", "open": "待确认", "good": "一致"}


def _in_state(line: BoardLine, text: str) -> bool:
    return str(line.state) == _STATES.get(text)


BOARD = listed(
    Listing(
        name="reconciliation",
        label="对账看板",
        roles=CITY,
        items=board,
        columns=(
            Column("day", "日期", sortable=True, width=96),
            Column("partner", "对方", lambda line: label_of(line.system)),
            Column("sent", "本方发送", number=True, sortable=True, width=84),
            Column("confirmed", "对方确认", lambda line: line.figures["confirmed"], number=True, width=84),
            Column("waiting", "待确认", lambda line: line.figures["waiting"], number=True, width=76),
            Column("differs", "差异", number=True, sortable=True, width=64),
            Column("age", "最久未确认", width=96),
            Column("state", "结果", width=84),
        ),
        filters=(
            Filter("system", "对方", _of(lambda line, text: line.system == text), options=_systems(), width=200),
            Filter("state", "结果", _of(_in_state), options=_STATES, width=130),
        ),
        also=("system", "figures"),
        exporters=frozenset(),
        empty=f"近{SPAN}天没有发往对方的报文",
    )
)


def _operation(row: Outgoing) -> str:
    passage = passage_of(row.system, row.operation)
    return passage.label if passage else row.operation


LINES = listed(
    Listing(
        name="reconciliation_lines",
        label="对账明细",
        roles=CITY,
        table=Outgoing,
        columns=(
            Column("created_at", "产生时间", sortable=True, width=126),
            Column("partner", "对方", lambda row: label_of(row.system), width=150),
            Column("operation", "业务", _operation, width=130),
            Column("business_key", "业务号", width=220),
            Column("sending", "发送状态", sending_of, width=110),
            Column("attempts", "已试", number=True, width=52),
            Column("sent_at", "送达时间", width=126),
            Column("receipt", "回执号", width=170),
            Column("error", "原因", lambda row: row.last_error, width=130),
            Column("request_id", "请求号", width=260, shown=False),
        ),
        filters=(
            exact("system", "对方", Outgoing.system, options=_systems(), width=200),
            *days(Outgoing.created_at, "产生日期"),
            named("figure", "结果", dict(FIGURES), width=220),
        ),
        sort="-created_at",
        also=("state",),
        bulk=(RESEND,),
        exporters=frozenset(),
        empty="没有符合条件的报文",
    )
)


@dataclass(frozen=True)
class AskAgain:
    """The unconfirmed messages of a day to a system."""

    system: str
    day: date


@dataclass(frozen=True)
class Asked:
    """Numbers of failed messages queued again and of waiting ones sent now."""

    again: int
    hurried: int


@action("reconciliation.ask", "再次询问对方", roles={Role.CITY_CENTER}, event="API.OUT")
def ask_again(work: Work, order: AskAgain) -> Asked:
    """Send the unconfirmed messages of a day to a system once more with their request ids: what arrived has no second effect."""
    if order.system not in _systems():
        raise Rejected("没有这个对接方")
    day = known_day(order.day)
    rows = work.held(
        work.visible(Outgoing)
        .where(
            Outgoing.system == order.system,
            col(Outgoing.created_at) >= day_begins(day),
            col(Outgoing.created_at) < day_is_over(day),
            col(Outgoing.state) != OutgoingState.SENT,
        )
        .order_by(col(Outgoing.created_at))
        .limit(MOST_ASKED)
    ).all()
    if not rows:
        raise Conflict("该日发往该方的报文都已确认，不需要再次询问")
    again = 0
    for row in rows:
        if row.state is OutgoingState.DEAD:
            take_step(work, row, OUTGOING, "resend", log=False)
            row.attempts, again = 0, again + 1
        row.next_at = work.now
        work.add(row)
    hurried = len(rows) - again
    detail = {"system": order.system, "day": day.isoformat(), "again": again, "hurried": hurried}
    work.trail.tell("API.OUT", "reconciliation.ask", detail=detail)
    return Asked(again, hurried)

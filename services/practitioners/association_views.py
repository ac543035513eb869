"""协会往来: what passed between the association's integrity platform and us about cards, for the city (rows 45-47)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, or_, select

from models.association import UNDECIDED, AssociationEvent, AssociationReason, CardEventKind, EventState, EventWay
from models.codes import Code
from models.engine import Outgoing, OutgoingState
from models.enterprise import Enterprise
from models.partners import Partner
from models.practitioner_codes import TaskKind, TaskState
from models.practitioners import CardApply, CardTask, InfoCard
from models.sealed import indexes_of
from models.sealing import Sealer
from services.access.visibility import CITY
from services.engine.findings import Severity
from services.engine.paging import Paging, ordering
from services.engine.registry import query
from services.engine.search_terms import chosen, day_begins, day_is_over, search_word
from services.engine.work import Work
from services.practitioners.association_ledger import kept_reasons, newest_card_of
from services.practitioners.association_messages import CARD_EVENT, RESULT, SYSTEM_NAME
from services.practitioners.records import card_number

READERS = CITY
#: Of one person no more events than these are told beside one of them.
_MOST_OTHERS = 30
#: The letters of a number of ours: SF and 32 digits.
_OWN_NUMBER = 34


class EventView(Code):
    """Views of events that may need action."""

    DIFFERS = "DIFFERS", "信息不一致"
    OPEN = "OPEN", "尚未办结"
    UNSENT = "UNSENT", "尚未送达"


@dataclass(frozen=True)
class LedgerFilter:
    """Filter of events; empty fields match all. `way`, `kind`, `state`, `view` are values of their codes, days are of
    the event.

    `person` is a whole name or document number, `firm` a part of a name or a whole credit code.
    """

    way: str = ""
    kind: str = ""
    state: str = ""
    view: str = ""
    event_no: str = ""
    card_no: str = ""
    person: str = ""
    firm: str = ""
    since: date | None = None
    until: date | None = None
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class EventLine:
    """An event, its person masked. `sent` is how the message about it fares: ours, or the answer to theirs."""

    id: UUID
    way: str
    kind: str
    event_no: str
    event_at: datetime
    received_at: datetime
    name: str
    firm: str
    uscc: str
    card_no: str
    state: str
    sent: str
    words: str

    @property
    def what(self) -> str:
        """Return direction and kind in short: 报来注销, 告知激活."""
        return ("报来" if self.way == EventWay.IN.label else "告知") + self.kind


@dataclass(frozen=True)
class LedgerPage:
    total: int
    lines: tuple[EventLine, ...] = ()


_SORTS: dict[str, Any] = {
    "event_at": AssociationEvent.event_at,
    "received_at": AssociationEvent.received_at,
    "card_no": AssociationEvent.card_no,
}


@query("practitioners.assoc_events", "协会往来", roles=READERS)
def list_events(work: Work, order: LedgerFilter) -> LedgerPage:
    """The events of a filter, those received last first."""
    offset, size = order.paging.bounds()
    rows = work.visible(AssociationEvent).where(*ledger_where(work.sealer, order))
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    way = ordering(order.paging.sort, _SORTS, "-received_at")
    found = work.session.exec(rows.order_by(way, col(AssociationEvent.id)).offset(offset).limit(size)).all()
    return LedgerPage(total, tuple(ledger_lines(work, found)))


def ledger_where(sealer: Sealer, order: LedgerFilter) -> list[Any]:
    """The clauses of a filter; a value that is none of its code raises `Rejected`."""
    event = AssociationEvent
    where: list[Any] = []
    if order.way:
        where.append(event.way == chosen(EventWay, order.way))
    if order.kind:
        where.append(event.kind == chosen(CardEventKind, order.kind))
    if order.state:
        where.append(event.state == chosen(EventState, order.state))
    if order.view:
        where.append(_viewed(chosen(EventView, order.view)))
    if number := search_word(order.event_no):
        where.append(event.event_no == number)
    if card := card_number(search_word(order.card_no)):
        numbered = select(InfoCard.id).where(InfoCard.card_no == card)
        where.append(or_(event.card_no == card, col(event.card_id).in_(numbered)))
    if order.since is not None:
        where.append(col(event.event_at) >= day_begins(order.since))
    if order.until is not None:
        where.append(col(event.event_at) < day_is_over(order.until))
    if person := search_word(order.person):
        where.append(
            or_(
                col(event.name_index).in_(indexes_of(sealer, "name", person)),
                col(event.id_no_index).in_(indexes_of(sealer, "id_no", person)),
            )
        )
    if firm := search_word(order.firm):
        named = select(Enterprise.id).where(col(Enterprise.name).contains(firm, autoescape=True))
        where.append(or_(event.uscc == firm.upper(), col(event.enterprise_id).in_(named)))
    return where


def _viewed(view: EventView) -> Any:
    if view is EventView.DIFFERS:
        return AssociationEvent.state == EventState.CONFLICT
    if view is EventView.OPEN:
        return col(AssociationEvent.state).in_(UNDECIDED)
    late = select(Outgoing).where(Outgoing.system == SYSTEM_NAME, col(Outgoing.state) != OutgoingState.SENT)
    key = col(Outgoing.business_key)
    # Our events' numbers have one length and end the key of the message that tells of them.
    ours: Any = late.where(Outgoing.operation == CARD_EVENT).with_only_columns(
        func.substr(key, func.length(key) - _OWN_NUMBER + 1)
    )
    theirs: Any = late.where(Outgoing.operation == RESULT).with_only_columns(col(Outgoing.object_id))
    told = sa.and_(col(AssociationEvent.way) == EventWay.OUT, col(AssociationEvent.event_no).in_(ours))
    return or_(told, col(AssociationEvent.id).in_(theirs))


def _messages(work: Work, events: Sequence[AssociationEvent]) -> dict[UUID, list[Outgoing]]:
    """The messages about some events, the newest first: ours by its key, answers to theirs by its id."""
    keys = {_key(event): event.id for event in events if event.way is EventWay.OUT}
    answered = sa.and_(col(Outgoing.operation) == RESULT, col(Outgoing.object_id).in_([event.id for event in events]))
    found = work.session.exec(
        work.visible(Outgoing)
        .where(Outgoing.system == SYSTEM_NAME, or_(answered, col(Outgoing.business_key).in_(list(keys))))
        .order_by(col(Outgoing.created_at).desc(), col(Outgoing.id).desc())
    ).all()
    messages: dict[UUID, list[Outgoing]] = {}
    for message in found:
        messages.setdefault(keys.get(message.business_key, message.object_id), []).append(message)
    return messages


def _key(event: AssociationEvent) -> str:
    return f"{CARD_EVENT}:{event.app_id}:{event.event_no}"


def ledger_lines(work: Work, events: Sequence[AssociationEvent]) -> list[EventLine]:
    """Events as lines, their persons masked."""
    messages = _messages(work, events)
    named = select(Enterprise.id, Enterprise.name).where(
        col(Enterprise.id).in_({event.enterprise_id for event in events if event.enterprise_id})
    )
    firms = dict(work.session.exec(named).all())
    numbered = select(InfoCard.id, InfoCard.card_no).where(
        col(InfoCard.id).in_({event.card_id for event in events if event.card_id and not event.card_no})
    )
    cards = dict(work.session.exec(numbered).all())
    return [_line(event, firms, cards, messages.get(event.id, [])) for event in events]


def _line(
    event: AssociationEvent, firms: dict[UUID, str], cards: dict[UUID, str], messages: list[Outgoing]
) -> EventLine:
    return EventLine(
        id=event.id,
        way=event.way.label,
        kind=event.kind.label,
        event_no=event.event_no,
        event_at=event.event_at,
        received_at=event.received_at,
        name=event.name.masked() if event.name else "",
        firm=firms.get(event.enterprise_id, "") if event.enterprise_id else "",
        uscc=event.uscc,
        card_no=event.card_no or (cards.get(event.card_id, "") if event.card_id else ""),
        state=event.state.label,
        sent=messages[0].state.label if messages else "",
        words="；".join(reason.message for reason in kept_reasons(event)),
    )


@query("practitioners.assoc_counts", "协会往来待办数量", roles=READERS)
def count_events(work: Work, order: None) -> dict[str, int]:
    """Return how many events are in each `EventView`, by its value."""
    rows = work.visible(AssociationEvent)
    counts: dict[str, int] = {}
    for view in EventView:
        counted = select(func.count()).select_from(rows.where(_viewed(view)).subquery())
        counts[view.value] = work.session.exec(counted).one()
    return counts


# One event


@dataclass(frozen=True)
class ReasonLine:
    code: str
    severity: str
    message: str


@dataclass(frozen=True)
class Compared:
    """A value as the association has it and as we have it (K10); persons masked, `same` by their keyed hashes."""

    label: str
    theirs: str
    ours: str
    same: bool


@dataclass(frozen=True)
class MessageLine:
    """A message to the association about this event; `dead` when it can be sent again."""

    id: UUID
    label: str
    state: str
    attempts: int
    at: datetime
    sent_at: datetime | None
    next_at: datetime | None
    receipt: str
    error: str
    dead: bool


@dataclass(frozen=True)
class EventSheet:
    """An event with all its details. `others` are events of its person in order of their own time, itself included."""

    line: EventLine
    partner: str
    id_no: str
    end: str
    apply_no: str
    held_until: datetime | None
    reasons: tuple[ReasonLine, ...]
    compared: tuple[Compared, ...]
    messages: tuple[MessageLine, ...]
    others: tuple[EventLine, ...]
    task_id: UUID | None
    card_state: str


@query("practitioners.assoc_event", "查看协会往来", roles=READERS)
def open_event(work: Work, event_id: UUID) -> EventSheet:
    """Return an event with what it compares to, what was sent about it, and what else happened to the person."""
    event = work.get(AssociationEvent, event_id)
    card = _card(work, event)
    partner = work.session.exec(select(Partner.label).where(Partner.app_id == event.app_id)).first()
    apply_no = select(CardApply.apply_no).where(CardApply.id == event.apply_id)
    return EventSheet(
        line=ledger_lines(work, [event])[0],
        partner=partner or event.app_id,
        id_no=event.id_no.masked() if event.id_no else "",
        end=_end(event),
        apply_no=(work.session.exec(apply_no).first() or "") if event.apply_id else "",
        held_until=event.held_until if event.state is EventState.HELD else None,
        reasons=tuple(
            ReasonLine(one.code, Severity.of(one.severity).label, one.message) for one in kept_reasons(event)
        ),
        compared=tuple(_compared(work, event, card)) if card is not None and event.way is EventWay.IN else (),
        messages=tuple(_message(one) for one in _messages(work, [event]).get(event.id, [])),
        others=tuple(_others(work, event)),
        task_id=_task_id(work, card),
        card_state=card.state.label if card is not None else "",
    )


def _end(event: AssociationEvent) -> str:
    kept = event.content.json() if event.content is not None else {}
    reason = kept.get("reason", "")
    return AssociationReason.of(reason).label if reason in AssociationReason.labels() else ""


def _card(work: Work, event: AssociationEvent) -> InfoCard | None:
    """The card an event is about; without one of its own the person's newest."""
    if event.card_id is not None:
        return work.session.exec(select(InfoCard).where(InfoCard.id == event.card_id)).first()
    return newest_card_of(work, event.id_no.plain) if event.id_no is not None else None


def _compared(work: Work, event: AssociationEvent, card: InfoCard) -> list[Compared]:
    firm = work.session.exec(select(Enterprise).where(Enterprise.id == card.enterprise_id)).one()
    theirs = work.session.exec(select(Enterprise.name).where(Enterprise.uscc == event.uscc)).first() or "未在本系统备案"
    told = [
        Compared("企业", f"{theirs} {event.uscc}", f"{firm.name} {firm.uscc}", event.uscc == firm.uscc),
        Compared(
            "姓名",
            event.name.masked() if event.name else "",
            card.name.masked(),
            _same(work.sealer, event, card, "name"),
        ),
    ]
    if card.id_no is not None:
        shown = event.id_no.masked() if event.id_no else ""
        told.append(Compared("证件号码", shown, card.id_no.masked(), _same(work.sealer, event, card, "id_no")))
    return [one for one in told if one.theirs]


def _same(sealer: Sealer, event: AssociationEvent, card: InfoCard, name: str) -> bool:
    """Return whether event and card hold equal personal values, whichever key made each index."""
    value, other = getattr(event, name), getattr(card, name)
    return (
        value is not None
        and other is not None
        and set(indexes_of(sealer, name, value.plain)) & set(indexes_of(sealer, name, other.plain)) != set()
    )


def _message(row: Outgoing) -> MessageLine:
    return MessageLine(
        id=row.id,
        label="信息卡变动告知" if row.operation == CARD_EVENT else "新办结果回传",
        state=row.state.label,
        attempts=row.attempts,
        at=row.created_at,
        sent_at=row.sent_at,
        next_at=row.next_at if row.state is OutgoingState.WAITING else None,
        receipt=row.receipt,
        error=row.last_error,
        dead=row.state is OutgoingState.DEAD,
    )


def _others(work: Work, event: AssociationEvent) -> list[EventLine]:
    if event.id_no is None:
        return []
    same = col(AssociationEvent.id_no_index).in_(indexes_of(work.sealer, "id_no", event.id_no.plain))
    rows = work.session.exec(
        work.visible(AssociationEvent)
        .where(same)
        .order_by(col(AssociationEvent.event_at).desc(), col(AssociationEvent.id))
        .limit(_MOST_OTHERS)
    ).all()
    return ledger_lines(work, rows) if len(rows) > 1 else []


def _task_id(work: Work, card: InfoCard | None) -> UUID | None:
    """The district's open task about a difference in this card."""
    if card is None:
        return None
    return work.session.exec(
        select(CardTask.id)
        .where(
            CardTask.card_id == card.id,
            CardTask.kind == TaskKind.ASSOC_CONFLICT,
            CardTask.state == TaskState.OPEN,
        )
        .order_by(col(CardTask.raised_at).desc(), col(CardTask.id))
        .limit(1)
    ).first()

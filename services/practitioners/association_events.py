"""协会往来: what passed between the association's integrity platform and us about cards, for the city (rows 45-47)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, or_, select

from models.association import UNDECIDED, AssociationEvent, AssociationReason, CardEventKind, EventState, EventWay
from models.engine import Outgoing, OutgoingState
from models.enterprise import Enterprise
from models.normal import normal
from models.partners import Partner
from models.practitioner_codes import CardState, TaskKind
from models.practitioners import CardApply, InfoCard
from models.sealed import Sealed, indexes_of
from services.access.visibility import CITY
from services.engine.list_pages import lines_of
from services.engine.listings import (
    Column,
    Line,
    Listing,
    choice,
    days,
    either,
    exact,
    listed,
    named,
    part,
    sealed,
    through,
)
from services.engine.look_ups import row_by, values_by
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.association_ledger import kept_reasons, newest_card_of
from services.practitioners.association_messages import CARD_EVENT, RESULT, SYSTEM_NAME, Reason
from services.practitioners.listings import LONGEST
from services.practitioners.records import firm_names, numbered
from services.practitioners.tasks import open_task_id

READERS = CITY
#: Of one person no more events than these are shown beside one of them.
_MOST_OTHERS = 30
#: The letters of a number of ours: SF and 32 digits.
_OWN_NUMBER = 34


def _unsent() -> Any:
    """Events whose message has not arrived: ours, or the answer to one of theirs."""
    late = select(Outgoing).where(Outgoing.system == SYSTEM_NAME, col(Outgoing.state) != OutgoingState.SENT)
    key = col(Outgoing.business_key)
    # Our events' numbers have one length and end the key of the message about them.
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
    found = work.rows(
        work.visible(Outgoing),
        Outgoing.system == SYSTEM_NAME,
        or_(answered, col(Outgoing.business_key).in_(list(keys))),
        by=(col(Outgoing.created_at).desc(), col(Outgoing.id).desc()),
    )
    messages: dict[UUID, list[Outgoing]] = {}
    for message in found:
        messages.setdefault(keys.get(message.business_key, message.object_id), []).append(message)
    return messages


def _key(event: AssociationEvent) -> str:
    return f"{CARD_EVENT}:{event.app_id}:{event.event_no}"


def _cells(work: Work, events: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    messages = _messages(work, events)
    cards = values_by(work, InfoCard.id, InfoCard.card_no, (event.card_id for event in events if not event.card_no))
    return {
        "firm": firm_names(work, events),
        "card_no": lambda event: event.card_no or cards.get(event.card_id, ""),
        "sent": lambda event: messages[event.id][0].state if event.id in messages else "",
    }


_EVENT = AssociationEvent
LEDGER = listed(
    Listing(
        name="association_ledger",
        label="协会往来",
        roles=READERS,
        table=AssociationEvent,
        columns=(
            Column("event_no", "事件编号", shown=False),
            Column("way", "方向", shown=False),
            Column("kind", "事件", shown=False),
            Column("event_at", "事件时间", sortable=True, width=116),
            Column("what", "事项", lambda event: what_happened(event), width=66, exported=False),
            Column("received_at", "接收时间", sortable=True, shown=False),
            Column("name", "姓名", width=56),
            Column("id_no", "证件号码", shown=False),
            Column("card_no", "信息卡编号", sortable=True, width=104),
            Column("firm", "企业"),
            Column("uscc", "统一社会信用代码", shown=False),
            Column("state", "状态", width=100),
            Column("sent", "送达", width=68),
            Column(
                "words",
                "说明",
                lambda event: "；".join(reason.message for reason in kept_reasons(event)),
                shown=False,
                wraps=True,
            ),
        ),
        filters=(
            named(
                "view",
                "待办",
                {
                    "DIFFERS": ("信息不一致", _EVENT.state == EventState.CONFLICT),
                    "OPEN": ("尚未办结", col(_EVENT.state).in_(UNDECIDED)),
                    "UNSENT": ("尚未送达", _unsent()),
                },
                width=140,
            ),
            choice("way", "方向", _EVENT.way, EventWay, width=130),
            choice("kind", "事件", _EVENT.kind, CardEventKind, width=110),
            choice("state", "状态", _EVENT.state, EventState, width=160),
            either(
                "person",
                "姓名或证件号码",
                sealed("", "", _EVENT.name_index, "name"),
                sealed("", "", _EVENT.id_no_index, "id_no"),
                personal=True,
                width=190,
            ),
            either(
                "firm",
                "企业",
                through(_EVENT.enterprise_id, Enterprise.id, part("", "", Enterprise.name)),
                exact("", "", _EVENT.uscc, upper=True),
                width=180,
            ),
            either(
                "card_no",
                "卡号",
                numbered("", "", _EVENT.card_no),
                through(_EVENT.card_id, InfoCard.id, numbered("", "", InfoCard.card_no)),
                width=160,
            ),
            exact("event_no", "事件编号", _EVENT.event_no, width=190),
            *days(_EVENT.event_at, "事件日期"),
        ),
        sort="-received_at",
        look_up=_cells,
        counts="view",
        counted={"DIFFERS": "信息不一致", "OPEN": "尚未办结", "UNSENT": "尚未送达"},
        personal=True,
        persons=lambda work, events: frozenset(event.id_no_index for event in events if event.id_no_index),
        along=AssociationEvent.id,
        longest=LONGEST,
        empty="没有符合条件的往来记录",
    )
)


def what_happened(event: AssociationEvent) -> str:
    """Direction and kind of an event in short: 报来注销, 告知激活."""
    return ("报来" if event.way is EventWay.IN else "告知") + event.kind.label


# One event


@dataclass(frozen=True)
class EventSheet:
    """An event with all its details.

    `compared` are the values as the association has them and as we have them (K10), persons masked; `others` the events of
    its person in order of their own time, itself included. A message can be sent again while it is dead.
    """

    line: Line
    partner: str
    end: str
    apply_no: str
    held_until: datetime | None
    reasons: tuple[Reason, ...]
    compared: tuple[Line, ...]
    messages: tuple[Line, ...]
    others: tuple[Line, ...]
    task_id: UUID | None
    card_state: CardState | None

    @property
    def dead(self) -> Line | None:
        """The newest message that is not sent any more by itself."""
        return next((one for one in self.messages if one.state is OutgoingState.DEAD), None)


@query("practitioners.assoc_event", "查看协会往来", roles=READERS)
def open_event(work: Work, event_id: UUID) -> EventSheet:
    """Return an event with what it compares to, what was sent about it, and what else happened to the person."""
    event = work.get(AssociationEvent, event_id)
    card = _card(work, event)
    partner = work.first(Partner.label, Partner.app_id == event.app_id)
    return EventSheet(
        line=lines_of(work, LEDGER, [event])[0],
        partner=partner or event.app_id,
        end=_end(event),
        apply_no=(work.first(CardApply.apply_no, CardApply.id == event.apply_id) or "") if event.apply_id else "",
        held_until=event.held_until if event.state is EventState.HELD else None,
        reasons=kept_reasons(event),
        compared=tuple(_compared(work, event, card)) if card is not None and event.way is EventWay.IN else (),
        messages=tuple(_message(one) for one in _messages(work, [event]).get(event.id, [])),
        others=tuple(_others(work, event)),
        task_id=open_task_id(work, card.id, TaskKind.ASSOC_CONFLICT) if card is not None else None,
        card_state=card.state if card is not None else None,
    )


def _end(event: AssociationEvent) -> str:
    kept = event.content.json() if event.content is not None else {}
    reason = kept.get("reason", "")
    return AssociationReason.of(reason).label if reason in AssociationReason.labels() else ""


def _card(work: Work, event: AssociationEvent) -> InfoCard | None:
    """The card an event is about; without one of its own the person's newest."""
    if event.card_id is not None:
        return row_by(work, InfoCard, event.card_id)
    return newest_card_of(work, event.id_no.plain) if event.id_no is not None else None


def _compared(work: Work, event: AssociationEvent, card: InfoCard) -> list[Line]:
    firm = work.session.get_one(Enterprise, card.enterprise_id)
    theirs = work.first(Enterprise.name, Enterprise.uscc == event.uscc) or "未在本系统备案"
    ours = f"{firm.name} {firm.uscc}"
    return [
        Line(label="企业", theirs=f"{theirs} {event.uscc}", ours=ours, same=event.uscc == firm.uscc),
        *(
            Line(label=label, theirs=value.masked(), ours=own.masked(), same=_same(name, value, own))
            for name, label in (("name", "姓名"), ("id_no", "证件号码"))
            if (value := getattr(event, name)) is not None and (own := getattr(card, name)) is not None
        ),
    ]


def _same(name: str, value: Sealed, other: Sealed) -> bool:
    """Return whether two personal values are equal, whichever key made the index of each."""
    return normal(name, value.plain) == normal(name, other.plain)


def _message(row: Outgoing) -> Line:
    return Line(
        id=row.id,
        label="信息卡变动告知" if row.operation == CARD_EVENT else "新办结果回传",
        state=row.state,
        attempts=row.attempts,
        sent_at=row.sent_at,
        next_at=row.next_at if row.state is OutgoingState.WAITING else None,
        error=row.last_error,
    )


def _others(work: Work, event: AssociationEvent) -> list[Line]:
    if event.id_no is None:
        return []
    same = col(AssociationEvent.id_no_index).in_(indexes_of(work.sealer, "id_no", event.id_no.plain))
    rows = work.rows(
        work.visible(AssociationEvent),
        same,
        by=(col(AssociationEvent.event_at).desc(), AssociationEvent.id),
        most=_MOST_OTHERS,
    )
    return lines_of(work, LEDGER, rows) if len(rows) > 1 else []

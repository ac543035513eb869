"""某日情况: whose data a card had on a day, and who changed which field from what to what (issue 19, row 41)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.masking import mask
from models.practitioner_codes import ApplyKind, ApplyState, CardState
from models.practitioners import CardApply, InfoCard, Practitioner
from models.privacy import Shown
from models.tenancy_codes import IdType
from services.engine.actor_names import person as account_name
from services.engine.change_history import sentence_of
from services.engine.clock import SHANGHAI
from services.engine.cycle_orders import Changed
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.records import person_of
from services.practitioners.visibility import READERS
from services.privacy.accesses import note_access

_MASKED = {"name": "name", "id_no": "id", "mobile": "phone"}


@dataclass(frozen=True)
class CardOnDay:
    card_id: UUID
    day: date


@dataclass(frozen=True)
class CardChange:
    """Changes by a passed application; `by` passed it."""

    at: datetime | None
    by: str
    apply_no: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class CardPast:
    """A card at the end of a day: its state and its holder's values by label, masked as in lists; all changes, latest first."""

    state: str
    values: Mapping[str, str]
    changes: tuple[CardChange, ...]


@query("practitioners.card_past", "查看信息卡某日情况", roles=READERS, personal=True)
def card_past(work: Work, order: CardOnDay) -> CardPast:
    """Return what a card was at the end of a day, from the applications that were passed."""
    card = work.get(InfoCard, order.card_id)
    passed = work.rows(
        work.visible(CardApply),
        CardApply.card_id == card.id,
        CardApply.state == ApplyState.PASSED,
        col(CardApply.kind).in_((ApplyKind.NEW, ApplyKind.CHANGE)),
        by=(CardApply.decided_at, CardApply.id),
    )
    after = datetime.combine(order.day + timedelta(days=1), datetime.min.time(), SHANGHAI)
    values = [_values(row) for row in passed]
    then = [one for row, one in zip(passed, values, strict=True) if row.decided_at and row.decided_at < after]
    if not then:
        raise NotFound(f"{order.day}该信息卡尚未生成" if passed else "该信息卡由其他来源登记，没有历次内容")
    note_access(work, [card.id_no_index], "practitioners.card_past", Shown.MASKED, about=card)
    changes = [_change(work, row, *pair) for row, pair in zip(passed[1:], pairwise(values), strict=True)]
    return CardPast(_state(card, order.day, work.today), then[-1], tuple(reversed(changes)))


def _values(row: CardApply) -> Mapping[str, str]:
    """Return the values an application asked for by the labels of their columns."""
    columns = sa.inspect(Practitioner).columns
    told = asdict(person_of(row.after.json() if row.after else {}))
    told["id_type"] = IdType.labels().get(told["id_type"], told["id_type"])
    return {columns[name].info["label"]: _words(name, value) for name, value in told.items()}


def _words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    text = "" if value is None else str(value)
    return mask(_MASKED[name], text) if name in _MASKED else text


def _change(work: Work, row: CardApply, before: Mapping[str, str], now: Mapping[str, str]) -> CardChange:
    differing = [
        sentence_of(Changed("", label, before[label], text, "")) for label, text in now.items() if before[label] != text
    ]
    by = account_name(work, row.inspector_id) if row.inspector_id is not None else ""
    return CardChange(row.decided_at, by, row.apply_no, _of_same(differing))


def _of_same(differing: Sequence[str]) -> tuple[str, ...]:
    return tuple(differing) or ("填写的内容没有看得见的变化（照片，或者遮蔽部分）。",)


def _state(card: InfoCard, day: date, today: date) -> str:
    """Return the state of a card at the end of a day; of past suspensions only that which lasts is known."""
    if card.cancelled_on is not None and card.cancelled_on <= day:
        return CardState.CANCELLED.label
    if card.active_from is None or card.active_from > day:
        return CardState.PASSED.label
    return card.state.label if day >= today else CardState.ACTIVE.label

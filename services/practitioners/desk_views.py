"""Queries of firm and district pages beside the lists: a card's holder for a change, counts, a window case."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.practitioner_codes import ApplyChannel, ApplyKind, ApplyState, BrandState, TaskState
from models.practitioners import Brand, CardApply, CardTask, InfoCard, Practitioner
from models.privacy import Shown
from services.access.visibility import CITY, ENTERPRISE
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.orders import PersonData
from services.practitioners.records import firm_id_of_caller, of_practitioner
from services.practitioners.thresholds import LAPSE_DAYS
from services.practitioners.visibility import DISTRICT, WINDOW
from services.practitioners.window_views import WindowFilter, WindowLine, list_window
from services.privacy.accesses import note_access


@dataclass(frozen=True)
class CardHolder:
    """The recorded holder of a firm's own card in clear; `open_apply` is a change already begun."""

    card_id: UUID
    card_no: str
    person: PersonData
    portrait_id: UUID | None
    open_apply: UUID | None


@query("practitioners.card_holder", "填写信息卡变更", roles=ENTERPRISE, personal=True)
def card_holder(work: Work, card_id: UUID) -> CardHolder:
    """Return whose data a change of the card begins with."""
    firm_id = firm_id_of_caller(work)
    card = work.get(InfoCard, card_id)
    if card.enterprise_id != firm_id:
        raise NotFound
    holder = None
    if card.practitioner_id is not None:
        holder = work.session.exec(work.visible(Practitioner).where(Practitioner.id == card.practitioner_id)).first()
    if holder is None:
        raise Conflict("该信息卡由其他来源登记，不能在此变更，请注销后新办")
    note_access(work, [holder.id_no_index], "practitioners.card_holder", Shown.FULL, about=card)
    begun = work.session.exec(
        work.visible(CardApply)
        .where(
            CardApply.card_id == card.id,
            CardApply.kind == ApplyKind.CHANGE,
            col(CardApply.state).in_((ApplyState.DRAFT, ApplyState.RETURNED)),
        )
        .limit(1)
    ).first()
    return CardHolder(card.id, card.card_no, of_practitioner(holder), card.portrait_id, begun.id if begun else None)


@query("practitioners.lapse_days", "信息卡激活期限", roles=ENTERPRISE)
def lapse_days(work: Work, order: None) -> int:
    """Return how many days after inspection a card has to be activated, today."""
    return work.thresholds.integer(LAPSE_DAYS)


@query("practitioners.task_counts", "信息卡待办计数", roles=DISTRICT | CITY)
def task_counts(work: Work, order: None) -> dict[str, int]:
    """Return how many visible tasks are open and how many are done, by the codes of their states."""
    return {state.value: 0 for state in TaskState} | _by_state(work, work.visible(CardTask))


@query("practitioners.brand_counts", "企业简称审核计数", roles=DISTRICT | CITY)
def brand_counts(work: Work, order: None) -> dict[str, int]:
    """Return how many visible brands there are in each state, by its code; drafts are their firms' own affair."""
    return _by_state(work, work.visible(Brand).where(Brand.state != BrandState.DRAFT))


def _by_state(work: Work, rows: Any) -> dict[str, int]:
    found = rows.subquery()
    counted = work.session.exec(select(found.c.state, func.count()).group_by(found.c.state)).all()
    return {str(state): count for state, count in counted}


@query("practitioners.window_counts", "窗口信息卡注销计数", roles=WINDOW | DISTRICT | CITY)
def window_counts(work: Work, order: None) -> dict[str, int]:
    """Return how many visible cancellations of windows there are in each state, by its code."""
    rows = work.visible(CardApply).where(CardApply.kind == ApplyKind.CANCEL, CardApply.channel == ApplyChannel.WINDOW)
    return _by_state(work, rows)


@query("practitioners.window_case", "查看窗口信息卡注销", roles=WINDOW | DISTRICT | CITY)
def window_case(work: Work, apply_id: UUID) -> WindowLine:
    """Return an of them, as the list shows it."""
    row = work.get(CardApply, apply_id)
    if row.kind is not ApplyKind.CANCEL or row.channel is not ApplyChannel.WINDOW:
        raise NotFound
    return list_window(work, WindowFilter(state="", number=row.apply_no)).lines[0]

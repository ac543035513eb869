"""Cancellations received at the district's windows, for the person who confirms them (row 43)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, or_, select

from models.codes import Toned
from models.enterprise import Enterprise
from models.practitioner_codes import ApplyChannel, ApplyKind, ApplyState
from models.practitioners import CardApply, InfoCard
from services.access.visibility import CITY
from services.engine.paging import Paging, ordering
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work
from services.practitioners.records import card_number, opinions_of
from services.practitioners.visibility import DISTRICT, WINDOW
from services.tenancy.paper_words import clerk_name, unit_name

#: What a window's cancellation is called where it stands; the words of an application for a card do not fit it.
STATES = {ApplyState.INSPECTING: Toned("待复核", "info"), ApplyState.PASSED: Toned("已注销")}


@dataclass(frozen=True)
class WindowFilter:
    """`state` is a value of `ApplyState`, empty for all; `number` an application's or a card's."""

    state: str = ApplyState.INSPECTING.value
    number: str = ""
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class WindowLine:
    """A window cancellation with the holder masked; `own` if the caller received it."""

    id: UUID
    version: int
    apply_no: str
    card_no: str
    card_state: str
    name: str
    id_no: str
    firm: str
    reason: str
    note: str
    unit: str
    submitted_at: datetime | None
    submitted_by: str
    own: bool
    state: str
    waits: bool
    decided_at: datetime | None
    words: str


@dataclass(frozen=True)
class WindowPage:
    total: int
    lines: tuple[WindowLine, ...] = ()


@query("practitioners.window_list", "窗口信息卡注销", roles=WINDOW | DISTRICT | CITY)
def list_window(work: Work, order: WindowFilter) -> WindowPage:
    """The visible cancellations of a filter, those that wait longest first."""
    offset, size = order.paging.bounds()
    rows = work.visible(CardApply).where(CardApply.kind == ApplyKind.CANCEL, CardApply.channel == ApplyChannel.WINDOW)
    if order.state:
        rows = rows.where(CardApply.state == chosen(ApplyState, order.state))
    if number := card_number(search_word(order.number)):
        named = select(InfoCard.id).where(InfoCard.card_no == number)
        rows = rows.where(or_(CardApply.apply_no == number, col(CardApply.card_id).in_(named)))
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    waiting = order.state == ApplyState.INSPECTING.value
    known = {"submitted_at": CardApply.submitted_at}
    way = ordering(order.paging.sort, known, "submitted_at" if waiting else "-submitted_at")
    found = work.session.exec(rows.order_by(way, col(CardApply.id)).offset(offset).limit(size)).all()
    return WindowPage(total, tuple(_line(work, row) for row in found))


def _line(work: Work, row: CardApply) -> WindowLine:
    card = work.session.exec(select(InfoCard).where(InfoCard.id == row.card_id)).one()
    firm = work.session.exec(select(Enterprise.name).where(Enterprise.id == row.enterprise_id)).one()
    said = opinions_of(row)
    note = row.after.json().get("note", "") if row.after else ""
    return WindowLine(
        id=row.id,
        version=row.version,
        apply_no=row.apply_no,
        card_no=card.card_no,
        card_state=card.state.label,
        name=row.name.masked(),
        id_no=row.id_no.masked(),
        firm=firm,
        reason=row.cancel_reason.label if row.cancel_reason else "",
        note=note,
        unit=unit_name(work, row.unit_id),
        submitted_at=row.submitted_at,
        submitted_by=clerk_name(work, row.submitted_by),
        own=row.submitted_by == work.caller.account_id,
        state=STATES.get(row.state, row.state.label),
        waits=row.state is ApplyState.INSPECTING,
        decided_at=row.decided_at,
        words=said[-1].words if said else "",
    )

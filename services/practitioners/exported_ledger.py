"""Export of the ledger of events with the association, by the export rules of H23 (rows 45-47)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from models.association import AssociationEvent
from models.normal import BadText, parse_day
from models.sealed import Sealed
from services.engine.refusals import Rejected
from services.engine.sheets import Cell
from services.engine.work import Work
from services.practitioners.association_views import READERS, EventLine, LedgerFilter, ledger_lines, ledger_where
from services.practitioners.exported_lists import LONGEST_LIST
from services.privacy.listings import Criteria, Listed, Listing, offer_listing

_PART = 500
_WORDS = ("way", "kind", "state", "view", "event_no", "card_no", "person", "firm")


def _filter(criteria: Criteria) -> LedgerFilter:
    typed: dict[str, Any] = {key: criteria.get(key, "") for key in _WORDS}
    return LedgerFilter(**typed, since=_day(criteria, "since"), until=_day(criteria, "until"))


def _day(criteria: Criteria, key: str) -> date | None:
    try:
        return parse_day(criteria[key]) if criteria.get(key) else None
    except BadText as problem:
        raise Rejected("查询条件中的日期有误") from problem


def _chosen(work: Work, criteria: Criteria) -> Any:
    return work.visible(AssociationEvent).where(*ledger_where(work.sealer, _filter(criteria)))


def _count(work: Work, criteria: Criteria) -> int:
    total: int = work.session.exec(select(func.count()).select_from(_chosen(work, criteria).subquery())).one()
    return total


def _parts(work: Work, criteria: Criteria, full: bool) -> Iterator[Listed]:
    """Part by part in the order the events were received: a year of the city's is too many for memory."""
    rows = _chosen(work, criteria).order_by(col(AssociationEvent.id)).limit(_PART)
    part: Sequence[AssociationEvent] = work.session.exec(rows).all()
    while part:
        lines = zip(part, ledger_lines(work, part), strict=True)
        persons = frozenset(event.id_no_index for event in part if event.id_no_index)
        yield Listed(tuple(_cells(event, line, full) for event, line in lines), persons)
        part = work.session.exec(rows.where(col(AssociationEvent.id) > part[-1].id)).all()


def _lines(work: Work, criteria: Criteria, full: bool) -> Listed:
    parts = list(_parts(work, criteria, full))
    return Listed(
        tuple(row for part in parts for row in part.rows), frozenset[str]().union(*(part.persons for part in parts))
    )


def _cells(event: AssociationEvent, line: EventLine, full: bool) -> tuple[Cell, ...]:
    def shown(value: Sealed | None) -> str:
        if value is None:
            return ""
        return value.plain if full else value.masked()

    return (
        line.event_no,
        line.way,
        line.kind,
        line.event_at,
        line.received_at,
        shown(event.name),
        shown(event.id_no),
        line.card_no,
        line.firm,
        line.uscc,
        line.state,
        line.sent,
        line.words,
    )


offer_listing(
    Listing(
        name="association_ledger",
        label="协会往来",
        roles=frozenset(READERS),
        columns=(
            "事件编号",
            "方向",
            "事件",
            "事件时间",
            "接收时间",
            "姓名",
            "证件号码",
            "信息卡编号",
            "企业",
            "统一社会信用代码",
            "状态",
            "送达",
            "说明",
        ),
        count=_count,
        lines=_lines,
        filters=frozenset((*_WORDS, "since", "until")),
        personal=True,
        parts=_parts,
        longest=LONGEST_LIST,
    )
)

"""A firm's people and their cards as a file, by the house's export rules (H23, row 42, decision 35)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from models.practitioners import InfoCard
from services.engine.sheets import Cell
from services.engine.work import Work
from services.practitioners.listings import FILTERS, READERS, PeopleFilter, PersonLine, chosen_cards, lines_of
from services.privacy.listings import Criteria, Listed, Listing, offer_listing

_PART = 500
#: More than the city's practitioners.
LONGEST_LIST = 300_000


def _filter(criteria: Criteria) -> PeopleFilter:
    typed: dict[str, Any] = {key: text for key, text in criteria.items() if key in FILTERS}
    return PeopleFilter(**typed)


def _count(work: Work, criteria: Criteria) -> int:
    rows = chosen_cards(work, _filter(criteria)).subquery()
    total: int = work.session.exec(select(func.count()).select_from(rows)).one()
    return total


def _parts(work: Work, criteria: Criteria, full: bool) -> Iterator[Listed]:
    """Part by part after the last card number: a city's people are too many for memory."""
    rows = chosen_cards(work, _filter(criteria)).order_by(col(InfoCard.card_no))
    after = ""
    while part := work.session.exec(rows.where(col(InfoCard.card_no) > after).limit(_PART)).all():
        lines = tuple(_cells(line) for line in lines_of(work, part, full=full))
        yield Listed(lines, frozenset(card.id_no_index for card in part if card.id_no_index))
        after = part[-1].card_no


def _lines(work: Work, criteria: Criteria, full: bool) -> Listed:
    parts = list(_parts(work, criteria, full))
    return Listed(
        tuple(row for part in parts for row in part.rows), frozenset[str]().union(*(part.persons for part in parts))
    )


def _cells(line: PersonLine) -> tuple[Cell, ...]:
    return (
        line.card_no,
        line.name,
        line.id_type,
        line.id_no,
        line.mobile,
        line.post,
        line.duty,
        line.store,
        line.hired_on,
        line.firm,
        line.state,
        line.origin,
        line.issued_on,
        line.active_from,
        line.cancelled_on,
        line.cancel_reason,
    )


offer_listing(
    Listing(
        name="practitioners",
        label="从业人员与信息卡",
        roles=frozenset(READERS),
        columns=(
            "卡号",
            "姓名",
            "证件类型",
            "证件号码",
            "手机号",
            "岗位",
            "从业类型",
            "门店",
            "入职日期",
            "所在企业",
            "状态",
            "来源",
            "发卡日期",
            "激活日期",
            "注销日期",
            "注销原因",
        ),
        count=_count,
        lines=_lines,
        filters=frozenset(FILTERS),
        personal=True,
        parts=_parts,
        longest=LONGEST_LIST,
    )
)

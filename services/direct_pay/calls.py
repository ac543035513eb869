"""查询调用统计: how often the fund asked about filings, by day; each figure opens the lines of the log (rows 15, 16)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.partners import PartnerExchange
from services.access.visibility import CITY
from services.direct_pay.rent import first_of, last_of, month_of
from services.engine.list_filters import Control, read_month
from services.engine.listings import Column, Fetched, Filter, Filters, Line, Listing, clauses_of, listed
from services.engine.paging import Paging
from services.engine.refusals import Rejected
from services.engine.search_terms import day_begins, day_is_over, known_day
from services.engine.work import Work

#: What the log shows instead of a number when a person was asked for.
BY_PERSON = "按承租人"
_FILINGS, _ENDINGS = 15, 16


def _month(work: Work, text: str) -> str:
    month = read_month(text)
    try:
        known_day(first_of(month))
    except ValueError:
        raise Rejected("月份不正确，请重新选择") from None
    return month


def _page(work: Work, filters: Filters, paging: Paging) -> Fetched:
    """Every day of a month on which anything was asked, newest first; this month when none is chosen."""
    month = next(iter(clauses_of(work, CALLS, filters)), month_of(work.today))
    first, last = first_of(month), last_of(month)
    found = _days(work, [first + timedelta(days=after) for after in range((last - first).days + 1)])
    offset, size = paging.bounds()
    return Fetched(len(found), found[offset : offset + size])


CALLS = listed(
    Listing(
        name="filing_calls",
        label="备案查询统计",
        roles=CITY,
        columns=(
            Column("day", "日期", sql=PartnerExchange.at, width=110),
            Column("by_number", "按编号查询", number=True, width=120),
            Column("by_person", "按承租人查询", number=True, width=130),
            Column("endings", "终止数据查询", number=True, width=130),
            Column("all", "合计", lambda row: row.by_number + row.by_person + row.endings, number=True, width=100),
            Column("refused", "其中被拒或失败", number=True, width=140),
            Column("mean_ms", "平均毫秒", number=True, width=110),
            Column("longest_ms", "最长毫秒", number=True, width=110),
        ),
        filters=(Filter("month", "月份", _month, Control.MONTH, all="本月", width=180),),
        sort="-day",
        fetch=_page,
        empty="该月没有查询",
    )
)


def _days(work: Work, days: Sequence[date]) -> list[Line]:
    """The days of a row on which anything was asked, newest first."""
    # Where days end is said by moments, in the same words for every database; one statement for all of them.
    place = sa.case(*((col(PartnerExchange.at) < day_is_over(day), number) for number, day in enumerate(days)))
    asked = (
        select(  # type: ignore[call-overload]
            place.label("place"),
            PartnerExchange.row_no,
            PartnerExchange.milliseconds,
            sa.case((col(PartnerExchange.business_key) == BY_PERSON, 1), else_=0).label("person"),
            sa.case((col(PartnerExchange.code) != "0", 1), else_=0).label("failed"),
        )
        .where(
            PartnerExchange.direction == "IN",
            col(PartnerExchange.row_no).in_([_FILINGS, _ENDINGS]),
            PartnerExchange.at >= day_begins(days[0]),
            PartnerExchange.at < day_is_over(days[-1]),
        )
        .subquery()
    )
    figures = (
        sa.func.count(),
        sa.func.sum(asked.c.person),
        sa.func.sum(asked.c.failed),
        sa.func.sum(asked.c.milliseconds),
        sa.func.max(asked.c.milliseconds),
    )
    grouped = sa.select(asked.c.place, asked.c.row_no, *figures).group_by(asked.c.place, asked.c.row_no)
    found: dict[int, list[Any]] = {}
    for number, *row in work.session.connection().execute(grouped).all():
        found.setdefault(int(number), []).append(row)
    return [_line(days[number], found[number]) for number in sorted(found, reverse=True)]


def _line(day: date, rows: Sequence[Any]) -> Line:
    """A day: questions by number, by person, about ends; how many were refused; the mean and the longest answer."""
    counts = {row_no: (count, by_person) for row_no, count, by_person, *_ in rows}
    total = sum(count for count, _ in counts.values())
    asked, by_person = counts.get(_FILINGS, (0, 0))
    return Line(
        id=day.isoformat(),
        day=day,
        by_number=int(asked - by_person),
        by_person=int(by_person),
        endings=int(counts.get(_ENDINGS, (0, 0))[0]),
        refused=int(sum(row[3] for row in rows)),
        mean_ms=int(sum(row[4] for row in rows)) // total,
        longest_ms=int(max(row[5] for row in rows)),
    )

"""Lists as they were at the end of a day: a filter of the listings that keep what was, refused where nothing is kept.

Who may see a row is decided by today's rights; what the row said and which state it had, by that day's content.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from services.engine.list_declaration import Filters, Listing
from services.engine.list_filters import Control, Filter, read_day
from services.engine.refusals import Rejected
from services.engine.work import Work

#: The filter's key, in addresses and orders.
AS_OF = "as_of"


def _today_only(work: Work, text: str) -> Any:
    raise Rejected("查看某日内容时不能批量办理，请先清空“某日终了”")


#: Drawn at the head of a list that can be seen as of a day; reaching its clause means the reader knows only today.
ON_DAY = Filter(AS_OF, "某日终了", _today_only, Control.DAY, more=True, width=170)


def with_past(listing: Listing) -> Listing:
    """Return a listing with the filter by which it is shown as of a day."""
    shown = tuple(one for one in listing.filters if one.key != AS_OF)
    return replace(listing, filters=(*shown, ON_DAY))


def day_asked(work: Work, listing: Listing, filters: Filters) -> date | None:
    """Return the day a list is asked for; refuse a day to come, and a list that keeps no history."""
    text = filters.get(AS_OF, "").strip()
    if not text:
        return None
    if listing.on_day is None:
        raise Rejected(f"“{listing.label}”不保存历史内容，只能查看现在的内容")
    day = read_day(text)
    if day > work.today:
        raise Rejected("“某日终了”不能晚于今天")
    return day


def then(work: Work, listing: Listing, filters: Filters) -> tuple[Listing, Filters]:
    """Return the listing of the day that the filters ask for, and the other filters; the same ones without a day."""
    day = day_asked(work, listing, filters)
    if day is None or listing.on_day is None:
        return listing, filters
    return listing.on_day(day), {key: text for key, text in filters.items() if key != AS_OF}


def only(listing: Listing, *, filters: dict[str, Callable[[Work, str], Any]], **changes: Any) -> Listing:
    """Return a listing of another day: some filters narrow by other clauses, and it has no actions on its rows."""
    told = tuple(
        replace(one, where=filters[one.key], groups=None, column=None) if one.key in filters else one
        for one in listing.filters
        if one.key != AS_OF
    )
    return replace(listing, filters=told, bulk=(), on_day=None, counts="", may_lag=False, deep=False, **changes)

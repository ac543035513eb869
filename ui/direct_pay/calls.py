"""查询统计: how often the fund asked about filings, by day; a day opens its lines in the exchange log (rows 15, 16)."""

from services.direct_pay import calls
from services.engine.listings import Line
from ui.shell.list_view import list_module
from ui.shell.place import Place


async def _open_day(place: Place, line: Line) -> None:
    await place.open("exchange_log", since=line.id, until=line.id, direction="IN")


CALLS = list_module(calls.CALLS, "filing_calls", "call_received", "direct", on_enter=_open_day)

"""查询统计: how often the fund asked about filings, by day; a day opens its lines in the exchange log (rows 15, 16)."""

from services.access.visibility import CITY
from services.direct_pay.calls import AskCalls, CallsOfDay, calls_of_month
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.months import month_options
from ui.shell.place import Place
from ui.shell.sheet import Column


def order_of(view: View) -> AskCalls:
    return AskCalls(view.text("month"))


def lines_of(answer: list[CallsOfDay]) -> tuple[int, list[CallsOfDay]]:
    """A month has thirty-one days at most."""
    return len(answer), answer


async def build(place: Place) -> None:
    months = month_options(place.desk.door.clock.today())

    async def open_day(line: CallsOfDay) -> None:
        await place.open("exchange_log", since=line.id, until=line.id, direction="IN")

    grid = Grid(
        place,
        calls_of_month,
        order=order_of,
        columns=(
            Column("day", "日期", width=110),
            Column("by_number", "按编号查询", number=True, width=120),
            Column("by_person", "按承租人查询", number=True, width=130),
            Column("endings", "终止数据查询", number=True, width=130),
            Column("all", "合计", number=True, width=100),
            Column("refused", "其中被拒或失败", number=True, width=140),
            Column("mean_ms", "平均毫秒", number=True, width=110),
            Column("longest_ms", "最长毫秒", number=True, width=110),
        ),
        filters=(Filter("month", "月份", options=dict(list(months.items())[1:]), width=180, all="本月"),),
        empty="该月没有查询",
        page_of=lines_of,
        on_enter=open_day,
        size=200,
    )
    place.command("查询", grid.search, icon="search", key="f3")
    await grid.load()


CALLS = Module("filing_calls", "备案查询统计", "query_stats", "direct", frozenset(CITY), build)

"""The printed monthly report of supply: eight pages of one month from the reports' own figures (row 83)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from models.sealing import sm3_hex
from models.supply import SupplyDoubt
from printing.charts import ChartSeries, PaperChart
from printing.page import Issue
from printing.supply_report import MOST_ROWS, PaperSection, PaperTable, SupplyPaper, render
from services.engine.clock import SHANGHAI, shanghai_text
from services.engine.door import Gathering
from services.engine.registry import action, query
from services.engine.work import Work
from services.supply import indicators
from services.supply.definitions import DEFINITIONS
from services.supply.doubt_list import doubtful_at
from services.supply.exports import ReportFile
from services.supply.kept_book import KeptBook
from services.supply.report_forms import AskReport, Drawn, Report
from services.supply.report_pictures import BANDS, by_district, colour_of
from services.supply.report_views import made
from services.supply.visibility import READERS

_FIGURES = (
    ("可供应量", "total"),
    ("潜在供应", "potential"),
    ("达预售条件未取证", "S3"),
    ("库存（已取证未售）", "stock"),
    ("限制可售", "S4r"),
)
_AHEAD = (("未来3个月可上市", "near_3"), ("未来6个月可上市", "near_6"), ("未来12个月可上市", "near_12"))


@query("supply.monthly", "可供应量月报", roles=set(READERS), may_lag=True)
def monthly_page(work: Work, order: AskReport) -> SupplyPaper:
    """The page data of the monthly report of what the caller sees."""
    return _page(work, replace(order, day="", report="R1"))


def _asked(gathering: Gathering, order: AskReport) -> SupplyPaper:
    """Ask for the figures with no transaction open, from the replica where there is one."""
    return gathering.door.ask(monthly_page, gathering.caller, order)


@action("supply.print", "打印可供应量月报", roles=set(READERS), event="", gather=_asked)
def print_monthly(work: Work, order: AskReport, paper: SupplyPaper) -> ReportFile:
    """Draw the monthly report; it is logged as an export."""
    work.trail.tell("EXPORT.FILE", "supply.print", reason=paper.about[:200])
    month = order.asked(work.today).month
    name = f"可供应量_月报_{month // 12:04d}{month % 12 + 1:02d}.pdf"
    return ReportFile(name, "application/pdf", render(paper), showable=True)


def _page(work: Work, order: AskReport) -> SupplyPaper:
    """The pages, each from the figures of its reports."""
    found = {code: made(work, replace(order, report=code)) for code in ("R1", "R2", "R3", "R4", "R5", "R6", "R8", "R9")}
    first = found["R1"]
    digest = sm3_hex(repr([one.matrix() for one in found.values()]).encode())
    unit = "上海市房屋管理局" if not order.district else first.filters
    about = f"截至{first.as_of}；范围：{first.filters}；{first.version}；{shanghai_text(work.now)[:16]}由{work.caller.name}打印"
    issue = Issue(
        number=first.as_of[: first.as_of.index("月") + 1],
        unit=unit,
        issued_on=work.now.astimezone(SHANGHAI).date(),
        digest=digest,
    )
    return SupplyPaper(issue, about, tuple(_sections(work, order, found)))


def _sections(work: Work, order: AskReport, found: dict[str, Report]) -> Iterator[PaperSection]:
    told = _indicators(work, order)
    yield PaperSection(
        "本月要点",
        tuple(_sentences(told, found["R3"])),
        ((_chart(found["R1"].pictures[0]), 210.0),),
        (_key_figures(told),),
    )
    names = ("name", "S0", "S1", "S2", "potential", "S3", "S4a", "S4b", "stock", "S4r", "total", "share")
    yield PaperSection(
        "各区可供应量（万㎡）",
        ("各阶段相加等于合计；库存为S4a与S4b之和，限制可售另列。",),
        charts=((_chart(by_district(found["R1"].lines)), 170.0),),
        tables=(_table(found["R1"], names, wide={"name": 1.6}),),
    )
    yield PaperSection(
        "阶段流转与环线分布",
        ("本月各阶段之间的流转按事件计算，不是月末数之差。",),
        ((_chart(found["R1"].pictures[1]), 130.0), (_chart(found["R2"].pictures[0]), 150.0)),
        (_table(_only(found["R2"], lambda line: bool(line["total"])), wide={"ring": 1.4}),),
    )
    flows = ("month", "listed", "opened", "gross", "cancelled", "net", "price", "ratio", "stock", "depletion")
    changes = ("month", "listed_mom", "listed_yoy", "net_mom", "net_yoy", "price_mom", "price_yoy")
    yield PaperSection(
        "上市与成交",
        charts=((_chart(found["R3"].pictures[0]), 190.0),),
        tables=(
            _table(found["R3"], flows, wide={"price": 1.5}),
            _table(_only(found["R3"], _recent(found["R3"])), changes),
        ),
    )
    plates = ("name", "plate", "stock", "sets", "mean_6", "depletion_6", "depletion_12", "band")
    heat = found["R5"].pictures[0]
    yield PaperSection(
        "去化周期",
        charts=((_chart(heat), 46.0 + 16 * max(1, len(heat.series))),),
        tables=(_table(found["R5"], plates, most=MOST_ROWS - 16 - len(heat.series), wide={"name": 1.2, "plate": 1.4}),),
    )
    yield PaperSection(
        "未来12个月供应预测",
        found["R4"].notes,
        ((_chart(found["R4"].pictures[0]), 190.0),),
        (_table(found["R4"]),),
    )
    progress = (
        "item",
        "use",
        "month_actual",
        "month_plan",
        "year_actual",
        "year_plan",
        "year_percent",
        "all_actual",
        "next_3",
    )
    yield PaperSection(
        "建设进度与库存结构",
        charts=((_chart(found["R6"].pictures[0]), 110.0), (_chart(found["R8"].pictures[0]), 130.0)),
        tables=(
            _table(found["R6"], progress),
            _table(_only(found["R8"], lambda line: line["size"] == "库存时间"), wide={"size": 1.4, "price": 1.8}),
        ),
    )
    yield PaperSection(
        "全周期覆盖、数据质量与口径",
        charts=((_chart(found["R9"].pictures[0]), 120.0),),
        tables=(
            _table(found["R9"], most=14, wide={"name": 2.4}),
            _doubts(work, order.asked(work.today).month),
            _definitions(),
        ),
    )


def _indicators(work: Work, order: AskReport) -> dict[str, Any]:
    asked = order.asked(work.today)
    by = ("project_id", "item", "level", "completed", "earnest")
    return indicators.indicators(KeptBook(work, replace(asked, by=by)), asked.month)


def _sentences(told: dict[str, Any], monthly: Report) -> Iterator[str]:
    now = monthly.lines[-1]
    total, stock = told["total"], told["stock"]
    yield (
        f"月末可供应量{total['wan']}万㎡、{total['sets']:,}套，其中潜在供应{told['potential']['wan']}万㎡，"
        f"达预售条件未取证{told['S3']['wan']}万㎡，库存{stock['wan']}万㎡、{stock['sets']:,}套。"
    )
    price = f"，成交均价{now['price']:,.0f}元/㎡" if now["price"] is not None else ""
    yield (
        f"本月上市{now['listed']}万㎡（环比{_percent(now['listed_mom'])}），成交{now['net']}万㎡、{now['net_sets']:,}套"
        f"（环比{_percent(now['net_mom'])}，同比{_percent(now['net_yoy'])}）{price}，供求比{_plain(now['ratio'])}。"
    )
    yield (
        f"按近6个月平均成交，库存去化周期{told['depletion_6'] or '—'}个月，按近12个月{told['depletion_12'] or '—'}个月；"
        f"累计去化率{told['sell_through'] or '—'}%。"
    )


def _percent(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:+}%"


def _plain(value: Any) -> str:
    if value is None:
        return "—"
    return f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}" if isinstance(value, int) else str(value)


def _key_figures(told: dict[str, Any]) -> PaperTable:
    rows = [(label, told[name]["wan"], f"{told[name]['sets']:,}") for label, name in _FIGURES]
    rows += [(label, _wan(told[name]), "") for label, name in _AHEAD]
    rows += [
        ("其中已付定金", _wan(told["earnest"]["area"]), f"{told['earnest']['sets']:,}"),
        ("现房待售", _wan(told["unsold_completed"]["area"]), f"{told['unsold_completed']['sets']:,}"),
        ("批准预售面积（累计）", _wan(told["approved_presale_area"]), ""),
        ("已供未建（S0+S1）", _wan(told["land_bank"]), ""),
    ]
    levels = "；".join(f"{label}{_wan(told['by_level'][name])}万㎡" for name, label in _LEVELS.items())
    return PaperTable((("指标", 3.0), ("面积（万㎡）", 1.5), ("套数", 1.5)), (0,), tuple(rows), f"面积来源：{levels}。")


_LEVELS = {
    "CONTRACT": "合同（估算）",
    "PLANNED": "规划",
    "TABLE_FORECAST": "楼盘表预测",
    "TABLE_SURVEYED": "楼盘表实测",
}


def _wan(area: str) -> str:
    return f"{round(Decimal(area) / 10_000, 2):,}"


def _table(
    report: Report, names: Sequence[str] = (), *, most: int = MOST_ROWS, wide: dict[str, float] | None = None
) -> PaperTable:
    columns = [column for column in report.columns if not names or column.key in names]
    if names:
        columns.sort(key=lambda column: names.index(column.key))
    rows = [*report.lines[:most], *([report.total] if report.total is not None else [])]
    left_out = len(report.lines) - most
    return PaperTable(
        tuple(
            (column.label.split(" ")[0] if column.label[:1] == "S" else column.label, (wide or {}).get(column.key, 1.0))
            for column in columns
        ),
        tuple(at for at, column in enumerate(columns) if not column.number),
        tuple(
            tuple(
                _plain(row.get(column.key)) if column.number else str(row.get(column.key) or "") for column in columns
            )
            for row in rows
        ),
        f"另有{left_out}行，见系统或导出文件。" if left_out > 0 else "",
    )


def _only(report: Report, wanted: Callable[[dict[str, Any]], bool]) -> Report:
    """The report with some of its lines."""
    return replace(report, lines=tuple(line for line in report.lines if wanted(line)))


def _recent(report: Report) -> Callable[[dict[str, Any]], bool]:
    """Keep the last six months."""
    months = {line["month"] for line in report.lines[-6:]}
    return lambda line: line["month"] in months


def _doubts(work: Work, month: int) -> PaperTable:
    rows: Any = select(SupplyDoubt.doubt, func.count()).where(
        col(SupplyDoubt.id).in_(work.visible(SupplyDoubt).with_only_columns(col(SupplyDoubt.id))), doubtful_at(month)
    )
    counted = [(one.label, f"{count:,}") for one, count in work.session.exec(rows.group_by(SupplyDoubt.doubt))]
    return PaperTable((("存疑数据", 3.0), ("条数", 1.0)), (0,), tuple(counted) or (("没有存疑数据", "0"),))


def _definitions() -> PaperTable:
    return PaperTable((("指标", 1.2), ("口径", 4.0)), (0, 1), DEFINITIONS)


def _chart(drawn: Drawn) -> PaperChart:
    return PaperChart(
        drawn.kind,
        f"{drawn.title}（{drawn.unit}）",
        drawn.categories,
        tuple(
            ChartSeries(name, values, colour_of(name, at), name in drawn.lines)
            for at, (name, values) in enumerate(drawn.series)
        ),
        tuple((*link, colour_of(link[1], at)) for at, link in enumerate(drawn.links)),
        BANDS,
    )

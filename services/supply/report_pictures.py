"""The figures of the pictures beside reports: screen, workbook and paper draw the same (space 9)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from models.places_data import district
from services.engine.work import Work
from services.supply.facts import PLACES
from services.supply.figures import Selection, as_told, band_name
from services.supply.kept_book import KeptBook
from services.supply.lean import land_days, read_pairs
from services.supply.months import name_of
from services.supply.report_forms import Drawn
from services.supply.reports import MONTHS
from services.supply.rounding import Exact
from services.supply.stages import STOCK, Stage
from services.supply.sums import LABELS

_WAN = "万㎡"
#: A colour for each stage, the same on screen, in workbooks and on paper.
COLOURS = {
    Stage.LAND: "#9db8d2",
    Stage.PLANNED: "#6f9cc4",
    Stage.BUILDING: "#3f7fb5",
    Stage.READY: "#d9a441",
    Stage.LICENSED: "#8fc19f",
    Stage.OPEN: "#4f9d69",
    Stage.RESTRICTED: "#b0713a",
    Stage.SOLD: "#8a94a0",
    Stage.OFF_SALE: "#b9b3c4",
}
#: Colours of series that are no stages.
OTHERS = ("#4a86c5", "#4f9d69", "#c98a3a", "#b55a55", "#7a6fb0")
#: The bands of a depletion in months: upper bound, colour, words (R5).
BANDS = (
    (6, "#d98880", "<6 偏紧"),
    (12, "#dfe8e0", "6-12 正常"),
    (18, "#e3c667", "12-18 偏长"),
    (None, "#d98a3a", ">18 过长"),
)
#: The stages that the picture of supply over time piles up.
PILED = (Stage.LAND, Stage.PLANNED, Stage.BUILDING, Stage.READY, Stage.LICENSED, Stage.OPEN, Stage.RESTRICTED)
_STEPS = ("供地", "规划", "开工", "取证", "开盘", "成交")


def wan(area: Exact) -> float:
    """An area in 10,000 m² with two decimals."""
    return round(float(Fraction(area) / (PLACES * 10_000)), 2)


def named(stage: Stage) -> str:
    return f"{stage.value} {LABELS[stage]}"


def colour_of(name: str, at: int) -> str:
    """The colour of a series by its name or its place."""
    for stage, colour in COLOURS.items():
        if name.split(" ")[0] == stage.value:
            return colour
    return OTHERS[at % len(OTHERS)]


def stages_by_month(book: KeptBook, last: int, count: int = MONTHS) -> Drawn:
    """Stages piled up by month end."""
    months = range(last - count + 1, last + 1)
    series = tuple((named(stage), tuple(wan(book.stock(one, [stage]).area) for one in months)) for stage in PILED)
    return Drawn("stacked", "各阶段月末面积", _WAN, tuple(map(name_of, months)), series)


def moves(book: KeptBook, month: int) -> Drawn:
    """Draw the area that went from one stage to another in a month, from events."""
    found = book.moves(month)
    links = tuple(
        (named(one), named(other), wan(area))
        for (one, other), area in sorted(found.items(), key=lambda link: (link[0][0].value, link[0][1].value))
        # A flow that goes back, such as a cancelled sale, would make a circle; it is in the table of R3.
        if wan(area) > 0 and _forward(one, other)
    )
    return Drawn("flow", f"{name_of(month)}阶段流转", _WAN, links=links)


_ORDER = tuple(Stage)


def _forward(one: Stage, other: Stage) -> bool:
    return _ORDER.index(one) < _ORDER.index(other)


def by_district(lines: Sequence[Mapping[str, Any]]) -> Drawn:
    """Draw the supply of each district."""
    names = {"potential": "潜在供应", "S3": "S3 达预售条件未取证", "stock": "库存", "S4r": "S4r 限制可售"}
    series = tuple((label, _values(lines, name)) for name, label in names.items())
    places = tuple(str(line["name"]).removesuffix("新区").removesuffix("区") for line in lines)
    return Drawn("bars_stacked", "各区可供应量", _WAN, places, series)


def by_ring(lines: Sequence[Mapping[str, Any]]) -> Drawn:
    rings = list(dict.fromkeys(line["ring"] for line in lines))
    types = list(dict.fromkeys(line["type"] for line in lines))
    total = {(line["ring"], line["type"]): float(line["total"] or 0) for line in lines}
    series = tuple((kind, tuple(total.get((ring, kind), 0.0) for ring in rings)) for kind in types)
    return Drawn("bars_stacked", "可供应量：环线与物业", _WAN, tuple(rings), series)


def monthly(lines: Sequence[Mapping[str, Any]]) -> Drawn:
    """Listing and sale as bars, the price as a line."""
    return Drawn(
        "bars_line",
        "上市、成交与均价",
        "万㎡；元/㎡",
        tuple(line["month"] for line in lines),
        (
            ("上市", _values(lines, "listed")),
            ("成交", _values(lines, "net")),
            ("均价（右轴）", _values(lines, "price")),
        ),
        ("均价（右轴）",),
    )


def forecast(lines: Sequence[Mapping[str, Any]]) -> Drawn:
    names = {"ready": "S3 待取证", "building": "S2 在建", "planned": "S1 未开工", "likely_so_far": "按概率累计"}
    series = tuple((label, _values(lines, name)) for name, label in names.items())
    return Drawn("bars_line", "未来12个月供应", _WAN, tuple(line["month"] for line in lines), series, ("按概率累计",))


def depletion(book: KeptBook, last: int) -> Drawn:
    """Months that the stock lasts, by district and month."""
    months = tuple(map(name_of, range(last - MONTHS + 1, last + 1)))
    series = []
    for code, chosen in book.flows_of(lambda place: place[0]).items():
        place = district(code)
        series.append((place.name if place is not None else code, lasting(book, chosen, last, code)))
    return Drawn("heat", "去化周期：区与月", "月", months, tuple(series))


def lasting(book: KeptBook, chosen: Selection, last: int, code: str = "") -> tuple[float | None, ...]:
    """Return how many months the stock of a district or of the city lasted at each of thirteen month ends."""
    values = []
    for month in range(last - MONTHS + 1, last + 1):
        mean, stock = chosen.mean(month, 6).area, book.stock(month, STOCK, code).area
        values.append(round(float(Fraction(stock) / mean), 1) if mean > 0 else None)
    return tuple(values)


def construction(lines: Sequence[Mapping[str, Any]]) -> Drawn:
    whole = [line for line in lines if line["use"] == "合计"]
    series = (("本年实际", _values(whole, "year_actual")), ("本年计划", _values(whole, "year_plan")))
    return Drawn("bars", "本年建设进度", _WAN, tuple(line["item"] for line in whole), series)


def cohorts(work: Work, book: KeptBook, month: int, projects: Any) -> Drawn:
    """Draw what became of the land of each year: supplied, planned, begun, licensed, opened, sold."""
    years = {str(project): day.year for project, day in read_pairs(work, land_days(projects)) if day is not None}
    sums: dict[int, dict[Stage, Exact]] = defaultdict(lambda: defaultdict(int))
    for part in book.parts(month):
        if part.project in years and part.stage is not Stage.OFF_SALE:
            sums[years[part.project]][part.stage] += part.area
    after = {
        "供地": tuple(stage for stage in Stage if stage is not Stage.OFF_SALE),
        "规划": (*Stage,)[1:8],
        "开工": (*Stage,)[2:8],
        "取证": (*Stage,)[4:8],
        "开盘": (Stage.OPEN, Stage.RESTRICTED, Stage.SOLD),
        "成交": (Stage.SOLD,),
    }
    series = tuple(
        (f"{year}年", tuple(wan(sum(of.get(stage, 0) for stage in after[step])) for step in _STEPS))
        for year, of in sorted(sums.items())
    )
    return Drawn("funnel", "供地到成交：按供地年份", _WAN, _STEPS, series)


def structure(found: Mapping[str, Any], sizes: tuple[int, ...], prices: tuple[int, ...]) -> Drawn:
    """The stock by size, a series for each band of prices."""
    size_names = [band_name(at, sizes) for at in range(len(sizes) + 1)]
    price_names = [band_name(at, prices) for at in range(len(prices) + 1)]
    area = {(line["size"], line["price"]): float(line["area"]) / 10_000 for line in found["grid"]}
    series = tuple(
        (as_told(f"{price}元"), tuple(round(area.get((size, price), 0.0), 2) for size in size_names))
        for price in price_names
    )
    return Drawn(
        "bars_stacked", "住宅库存：面积段与单价段", _WAN, tuple(as_told(f"{one}㎡") for one in size_names), series
    )


def coverage(lines: Sequence[Mapping[str, Any]]) -> Drawn:
    months = [line for line in lines if "coverage" in line]
    series = (
        ("项目", _values(months, "projects")),
        ("有手册的项目", _values(months, "with_handbook")),
        ("集团覆盖率%（右轴）", _values(months, "coverage")),
    )
    return Drawn(
        "bars_line", "手册与集团覆盖", "个；%", tuple(line["name"] for line in months), series, ("集团覆盖率%（右轴）",)
    )


def _values(lines: Sequence[Mapping[str, Any]], name: str) -> tuple[float | None, ...]:
    return tuple(None if line[name] is None else float(line[name]) for line in lines)

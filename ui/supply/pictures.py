"""Figures of supply as options of the chart library: piled areas, flows, funnels, heat, bars with lines (space 9)."""

from collections.abc import Callable, Sequence
from typing import Any

from services.supply.report_forms import Drawn
from services.supply.report_pictures import BANDS, colour_of
from ui.shell.chart import INK, RULED

_GRID = {"left": 52, "right": 20, "top": 70, "bottom": 28}
#: Pixels of a row of a legend, of its symbol with the gap beside it, of a character, and of the whole row.
_ROW, _SYMBOL, _CHARACTER, _WIDE = 20, 46, 11, 320
#: So many names of a category are few.
_FEW = 8
#: So many cohorts stand beside each other; the table has them all.
_COHORTS = 5


def options_of(drawn: Drawn) -> dict[str, Any] | None:
    """The options of a picture, or None when there is nothing to draw."""
    if not drawn.links and not any(value for _, values in drawn.series for value in values):
        return None
    return {**_head(drawn), **_FORMS[drawn.kind](drawn)}


def _head(drawn: Drawn) -> dict[str, Any]:
    return {
        "aria": {**_aria(drawn), "decal": {"show": True}},
        "title": {
            "left": 0,
            "top": 0,
            "text": f"{drawn.title}（{drawn.unit}）",
            "textStyle": {"fontSize": 14, "color": INK, "fontWeight": "bold"},
        },
        "color": [colour_of(name, at) for at, (name, _) in enumerate(drawn.series)],
        "legend": {"top": 28, "left": 0, "itemGap": 10, "textStyle": {"color": INK, "fontSize": 11}},
        "tooltip": {"trigger": "axis"},
    }


def _aria(drawn: Drawn) -> dict[str, Any]:
    """The picture in words, each series with its first and last value; the library would read out its own sums of stacks."""
    told = []
    for name, values in drawn.series:
        known = [(place, value) for place, value in zip(drawn.categories, values, strict=False) if value is not None]
        ends = dict((known[0], known[-1])) if known else {}
        told.append(f"{name}：" + ("，".join(f"{place}为{value:,g}" for place, value in ends.items()) or "没有数据"))
    told += [f"{one}到{other}：{area:,g}" for one, other, area in drawn.links]
    return {"enabled": True, "label": {"description": f"{drawn.title}（{drawn.unit}）。" + "；".join(told)}}


def _axes(drawn: Drawn, *, gap: bool = True) -> dict[str, Any]:
    right = bool(drawn.lines)
    value: dict[str, Any] = {"type": "value", "axisLabel": {"color": INK, "fontSize": 11}, "splitLine": RULED}
    # A few long names stand aslant, so that none is left out; of many months some are.
    aslant = len(drawn.categories) <= _FEW and sum(map(len, drawn.categories)) * _CHARACTER > _WIDE
    return {
        "grid": {
            **_GRID,
            "top": 50 + _ROW * _rows_of([name for name, _ in drawn.series]),
            "right": 58 if right else 20,
            "bottom": 52 if aslant else 28,
        },
        "xAxis": {
            "type": "category",
            "boundaryGap": gap,
            "data": [_short(name) for name in drawn.categories],
            "axisLabel": {"color": INK, "fontSize": 11, "hideOverlap": not aslant, "rotate": 35 if aslant else 0},
        },
        "yAxis": [value, {**value, "show": right, "splitLine": {"show": False}}],
    }


def _rows_of(names: Sequence[str]) -> int:
    """The rows that a legend of these names takes; it is shown whole, never in pages."""
    rows, used = 1, 0
    for name in names:
        wide = _SYMBOL + sum(_CHARACTER if ord(one) > 255 else _CHARACTER // 2 + 1 for one in name)
        if used and used + wide > _WIDE:
            rows, used = rows + 1, 0
        used += wide
    return rows


def _short(name: str) -> str:
    """A month without its century."""
    return name[2:] if name[:2] == "20" and name[4:5] == "-" else name


def _stacked(drawn: Drawn) -> dict[str, Any]:
    series = [
        {
            "name": name,
            "type": "line",
            "stack": "all",
            "areaStyle": {"opacity": 0.9},
            "symbol": "none",
            "lineStyle": {"width": 1},
            "data": list(values),
        }
        for name, values in drawn.series
    ]
    return {**_axes(drawn, gap=False), "series": series}


def _bars(drawn: Drawn) -> dict[str, Any]:
    piled = {"stack": "all"} if drawn.kind == "bars_stacked" else {}
    series = [
        {"name": name, "type": "line", "yAxisIndex": 1, "symbolSize": 7, "data": list(values)}
        if name in drawn.lines
        else {"name": name, "type": "bar", "barMaxWidth": 30, **piled, "data": list(values)}
        for name, values in drawn.series
    ]
    return {**_axes(drawn), "series": series}


def _flow(drawn: Drawn) -> dict[str, Any]:
    # The library draws names beside their nodes, where whole ones lie upon each other; the table has the words.
    links = [(one.split(" ")[0], other.split(" ")[0], area) for one, other, area in drawn.links]
    names = list(dict.fromkeys(one for link in links for one in link[:2]))
    return {
        "legend": {"show": False},
        "tooltip": {},
        "series": [
            {
                "type": "sankey",
                "top": 40,
                "bottom": 10,
                "left": 4,
                "right": 40,
                "label": {"color": INK, "fontSize": 11},
                "data": [{"name": name, "itemStyle": {"color": colour_of(name, at)}} for at, name in enumerate(names)],
                "links": [{"source": one, "target": other, "value": area} for one, other, area in links],
                "lineStyle": {"color": "gradient", "opacity": 0.45},
            }
        ],
    }


def _funnel(drawn: Drawn) -> dict[str, Any]:
    """A funnel for each cohort, the latest ones beside each other: its steps become narrower as land becomes homes sold."""
    shown = drawn.series[-_COHORTS:]
    wide = 100 / len(shown)
    most = [max(max((value or 0) for value in values), 0.01) for _, values in shown]
    head = _head(drawn)["title"]
    return {
        # Patterns would lie over the words within the steps; these say what the colours do.
        "aria": _aria(drawn),
        "title": [
            head,
            *(
                {
                    "text": f"{name}供地",
                    "left": f"{(at + 0.5) * wide:.1f}%",
                    "top": 34,
                    "textAlign": "center",
                    "textStyle": {"fontSize": 12, "color": INK},
                }
                for at, (name, _) in enumerate(shown)
            ),
        ],
        "legend": {"show": False},
        "tooltip": {"trigger": "item", "formatter": "{a}<br/>{b}"},
        "series": [
            {
                "name": f"{name}供地",
                "type": "funnel",
                "sort": "none",
                "left": f"{at * wide + 1:.1f}%",
                "width": f"{wide - 2:.1f}%",
                "top": 60,
                "bottom": 10,
                "gap": 2,
                "min": 0,
                "max": most[at],
                "minSize": "0%",
                "maxSize": "100%",
                "label": {
                    "show": True,
                    "position": "inside",
                    "fontSize": 11,
                    "color": "#1d2630",
                    "formatter": "{b}",
                    # A step may be narrower than its words, and the ground behind it dark.
                    "backgroundColor": "rgba(255,255,255,0.8)",
                    "padding": [1, 3],
                    "borderRadius": 2,
                },
                "data": [
                    {"name": f"{step} {value or 0:,.1f}", "value": value or 0, "itemStyle": {"color": colour}}
                    for step, value, colour in zip(drawn.categories, values, _STEPS, strict=True)
                ],
            }
            for at, (name, values) in enumerate(shown)
        ],
    }


#: Colours of the steps from land to sale, light enough for dark words upon them.
_STEPS = ("#c3d3e3", "#a9c3dc", "#8fb3d4", "#e0b865", "#a9d0b4", "#84bd95")


def _heat(drawn: Drawn) -> dict[str, Any]:
    places = [name for name, _ in drawn.series]
    cells = [
        [column, row, value]
        for row, (_, values) in enumerate(drawn.series)
        for column, value in enumerate(values)
        if value is not None
    ]
    pieces: list[dict[str, Any]] = []
    lower: int | None = None
    for upper, colour, words in BANDS:
        bounds = {"gte": lower} if lower is not None else {}
        pieces.append({**bounds, **({"lt": upper} if upper is not None else {}), "color": colour, "label": words})
        lower = upper
    axes = _axes(drawn)
    return {
        "legend": {"show": False},
        "tooltip": {},
        "aria": _aria(drawn),
        "grid": {"left": 72, "right": 8, "top": 72, "bottom": 28},
        "xAxis": axes["xAxis"],
        "yAxis": {"type": "category", "data": places, "inverse": True, "axisLabel": {"color": INK, "fontSize": 11}},
        "visualMap": {
            "type": "piecewise",
            "orient": "horizontal",
            "left": 0,
            "top": 28,
            "itemGap": 6,
            "pieces": pieces,
            "textStyle": {"color": INK, "fontSize": 11},
        },
        "series": [
            {
                "type": "heatmap",
                "data": cells,
                "label": {"show": True, "fontSize": 10, "color": "#1d2630"},
                "itemStyle": {"borderColor": "#ffffff", "borderWidth": 1},
            }
        ],
    }


_FORMS: dict[str, Callable[[Drawn], dict[str, Any]]] = {
    "stacked": _stacked,
    "flow": _flow,
    "funnel": _funnel,
    "heat": _heat,
    "bars": _bars,
    "bars_stacked": _bars,
    "bars_line": _bars,
}

"""Figures of supply as options of the chart library: piled areas, flows, funnels, heat, bars with lines (space 9)."""

from collections.abc import Callable
from typing import Any

from services.supply.report_forms import Drawn
from services.supply.report_pictures import BANDS, colour_of
from ui.shell.chart import INK

_GRID = {"left": 52, "right": 20, "top": 70, "bottom": 28}


def options_of(drawn: Drawn) -> dict[str, Any] | None:
    """The options of a picture, or None when there is nothing to draw."""
    if not drawn.links and not any(value for _, values in drawn.series for value in values):
        return None
    return {**_head(drawn), **_FORMS[drawn.kind](drawn)}


def _head(drawn: Drawn) -> dict[str, Any]:
    return {
        "aria": {"enabled": True, "decal": {"show": True}},
        "title": {
            "left": 0,
            "top": 0,
            "text": f"{drawn.title}（{drawn.unit}）",
            "textStyle": {"fontSize": 14, "color": INK, "fontWeight": "bold"},
        },
        "color": [colour_of(name, at) for at, (name, _) in enumerate(drawn.series)],
        "legend": {"top": 28, "left": 0, "itemGap": 10, "type": "scroll", "textStyle": {"color": INK, "fontSize": 11}},
        "tooltip": {"trigger": "axis"},
    }


def _axes(drawn: Drawn, *, gap: bool = True) -> dict[str, Any]:
    right = bool(drawn.lines)
    value: dict[str, Any] = {"type": "value", "axisLabel": {"color": INK, "fontSize": 11}}
    return {
        "grid": {**_GRID, "right": 58 if right else 20},
        "xAxis": {
            "type": "category",
            "boundaryGap": gap,
            "data": [_short(name) for name in drawn.categories],
            "axisLabel": {"color": INK, "fontSize": 11, "hideOverlap": True},
        },
        "yAxis": [value, {**value, "show": right, "splitLine": {"show": False}}],
    }


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
    """A bar for each step, grouped by cohort: what a cohort has come to is read from its falling bars."""
    return _bars(drawn)


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
        "aria": {"enabled": True},
        "grid": {"left": 72, "right": 8, "top": 60, "bottom": 28},
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

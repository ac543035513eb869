"""Charts beside a table: bars of counts and a line of a share; the table holds the figures for all users."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nicegui import events
from nicegui import ui as web

#: Tones that can be distinguished in grey and on a dark ground.
COLOURS = ("#4a86c5", "#4f9d69", "#c98a3a", "#b55a55")
INK = _INK = "#8a94a0"
#: Lines behind the bars, quiet on a white and on a dark ground.
RULED = {"lineStyle": {"color": "rgba(138, 148, 160, 0.28)"}}
#: Widths are measured outside the page, so that the font must be named.
_FONT = (
    "'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', 'Shenfang Fallback', system-ui, sans-serif"
)


@dataclass(frozen=True)
class Series:
    """A series of figures. `share` is in hundredths and uses the right axis."""

    name: str
    values: Sequence[float | int | None]
    share: bool = False


@dataclass
class Chart:
    """Draws itself into the current container; `on_pick(category)` is called for a clicked bar."""

    label: str
    on_pick: Callable[[str], Awaitable[object] | object] | None = None
    height: int = 220
    categories: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.box = (
            web.element("figure")
            .classes("sf-chart")
            .style(f"height: {self.height}px; flex: none; margin: 0; padding: 4px 8px")
        )
        self.box.props["aria-label"] = self.label
        self.box.props("role=img")
        self.chart: web.echart | None = None
        self.box.set_visibility(False)

    def _make(self, options: dict[str, Any]) -> None:
        with self.box:
            self.chart = web.echart(options, on_point_click=self._clicked, renderer="svg")
            self.chart.style("height: 100%; width: 100%").mark(self.label)

    def show(self, categories: Sequence[str], series: Sequence[Series]) -> None:
        """Show these figures; without any category the chart is not there."""
        self.categories = list(categories)
        self.box.set_visibility(bool(self.categories))
        if self.categories:
            self._redraw(_options(self.categories, series))

    def draw(self, options: dict[str, Any] | None, categories: Sequence[str] = ()) -> None:
        """Draw other forms than bars by their own options; nothing hides the chart."""
        self.categories = list(categories)
        self.box.set_visibility(options is not None)
        if options is not None:
            text = {"color": _INK, "fontFamily": _FONT}
            self._redraw({"animation": False, "textStyle": text, **options})

    def _redraw(self, options: dict[str, Any]) -> None:
        if self.chart is None or _forms(options) != _forms(self.chart.options):
            # Made with its first figures: the library's component fails when it goes before it was drawn. Options of as many
            # series are laid over those before: titles and legend of another form would stay.
            self.box.clear()
            self._make(options)
            return
        self.chart.options.clear()
        self.chart.options.update(options)
        self.chart.update()

    async def _clicked(self, event: events.EChartPointClickEventArguments) -> None:
        if self.on_pick is None or not 0 <= event.data_index < len(self.categories):
            return
        done = self.on_pick(self.categories[event.data_index])
        if isinstance(done, Awaitable):
            await done


def _forms(options: dict[str, Any]) -> list[str]:
    return [one["type"] for one in options.get("series", ())]


def _options(categories: Sequence[str], series: Sequence[Series]) -> dict[str, Any]:
    shares = any(one.share for one in series)
    return {
        "animation": False,
        "color": list(COLOURS),
        "textStyle": {"color": _INK, "fontFamily": _FONT},
        "grid": {"left": 44, "right": 48 if shares else 16, "top": 34, "bottom": 28},
        "legend": {
            "top": 2,
            "itemGap": 18,
            "textStyle": {"color": _INK, "fontFamily": _FONT},
            "data": [one.name for one in series],
        },
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "data": [(name if len(name) <= 8 else name[:7] + "…") for name in categories],
            "axisLabel": {"color": _INK, "interval": 0, "hideOverlap": True},
        },
        "yAxis": [
            {"type": "value", "minInterval": 1, "axisLabel": {"color": _INK}, "splitLine": RULED},
            {
                "type": "value",
                "min": 0,
                "max": 100,
                "show": shares,
                "axisLabel": {"color": _INK, "formatter": "{value}%"},
                "splitLine": {"show": False},
            },
        ],
        "series": [_drawn(one) for one in series],
    }


def _drawn(one: Series) -> Mapping[str, Any]:
    if one.share:
        return {"name": one.name, "type": "line", "yAxisIndex": 1, "data": list(one.values), "symbolSize": 7}
    return {"name": one.name, "type": "bar", "barMaxWidth": 28, "data": list(one.values)}

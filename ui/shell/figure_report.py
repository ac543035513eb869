"""The page form of a report of some months: a chart, lines with their sum, and figures that open the lists they count."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from nicegui import ui as web

from services.engine.figure_reports import Figure, FigureLines
from services.engine.registry import Query
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.chart import Chart, Series
from ui.shell.fields import Field, choice_field
from ui.shell.form import Form
from ui.shell.grid import View
from ui.shell.months import month_options
from ui.shell.parts import note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown

#: The report begins so many months before this one.
_MONTHS_BEFORE = 5


class FigureReport:
    """A report page; a subclass asks, draws words and chart of the answer, and says how a line narrows a list."""

    label: ClassVar[str]
    empty: ClassVar[str]
    months: ClassVar[str] = "月份自"
    columns: ClassVar[Sequence[Column]]
    figures: ClassVar[Sequence[Figure]]
    #: The attribute by which a line is called.
    named: ClassVar[str] = "label"
    height: ClassVar[int] = 220

    def __init__(self, place: Place) -> None:
        self.place = place
        self.found = FigureLines()
        self.line: Any = None
        months = month_options(place.desk.door.clock.today())
        newest = list(months)
        with Form(columns=3) as self.form:
            self.form.add(
                *self.choices(),
                self.choice("since", self.months, months, newest[min(_MONTHS_BEFORE, len(newest) - 1)]),
                self.choice("until", "至", months, newest[0]),
            )
        self.words = note("")
        self.chart = Chart(f"{self.label}图", height=self.height, on_pick=self._picked_bar)
        bar = web.element("div").classes("sf-bar").props("role=group aria-label=所选行的明细")
        self.buttons = bar.style("flex-wrap: wrap")
        with web.element("div").classes("sf-list"):
            self.rows = Rows(
                self.columns, label=self.label, empty=self.empty, on_pick=self._pick, on_enter=self._open_all
            )
            self.rows.table.classes("sf-wrap")
        place.command("刷新", self.load, icon="refresh", key="f3")

    def choices(self) -> Sequence[Field]:
        """Further choices before those of the months."""
        return ()

    def question(self, chosen: Mapping[str, str]) -> tuple[Query[Any, FigureLines], Any]:
        """The query with its order for what is chosen."""
        raise NotImplementedError

    def told(self, total: Any) -> str:
        """The sum in a sentence."""
        raise NotImplementedError

    def drawn(self, found: FigureLines) -> tuple[list[str], tuple[Series, ...]]:
        """The bars of the chart and their series."""
        raise NotImplementedError

    def narrowed(self, line: Any, module: str) -> Mapping[str, str]:
        """The filters by which a list has the rows of a line."""
        raise NotImplementedError

    def further(self, line: Any) -> Iterator[tuple[str, Figure]]:
        """Further figures of a line, with the words of their buttons."""
        yield from ()

    def choice(self, key: str, label: str, options: Mapping[str, str], value: str) -> Field:
        """A choice that is kept in the address; the report is asked for anew when it changes."""
        kept = self.place.params.get(key, value)
        known = kept if kept in options else next(iter(options))
        return choice_field(key, label, options, value=known, required=True, on_change=self.load)

    @property
    def chosen(self) -> dict[str, str]:
        return {key: str(box.value or "") for key, box in self.form.fields.items()}

    @property
    def total(self) -> int:
        return len(self.rows.lines)

    @property
    def view(self) -> View:
        return View(filters=self.chosen)

    async def load(self) -> None:
        """Count again for what is chosen."""
        self.place.keep(**self.chosen)
        found = (await call(*self.question(self.chosen))).or_end()
        self.found, self.line = found, found.total
        self.words.text = self.told(found.total) if found.total else ""
        self.chart.show(*self.drawn(found))
        self.rows.show([*found.lines, *([found.total] if found.total else [])])
        self._draw_figures()

    def _pick(self, line: Any) -> None:
        self.line = line
        self._draw_figures()

    async def _picked_bar(self, label: str) -> None:
        line = next((one for one in self.found.lines if getattr(one, self.named) == label), None)
        if line is not None:
            await self._open_all(line)

    async def _open_all(self, line: Any) -> None:
        await self._open(line, Figure("", "", self.figures[0].module))

    def _draw_figures(self) -> None:
        self.buttons.clear()
        line = self.line
        self.buttons.set_visibility(line is not None)
        if line is None:
            return
        with self.buttons:
            web.label(f"{getattr(line, self.named)}：")
            for figure in self.figures:
                if count := getattr(line, figure.name):
                    words = f"{figure.label} {shown(count)}"
                    plain_button(words, self._opener(line, figure)).mark(f"figure-{figure.name}")
            for words, figure in self.further(line):
                plain_button(words, self._opener(line, figure)).mark(f"reason-{figure.name}")

    def _opener(self, line: Any, figure: Figure) -> Callable[[], Awaitable[None]]:
        async def open_list() -> None:
            await self._open(line, figure)

        return open_list

    async def _open(self, line: Any, figure: Figure) -> None:
        await self.place.open(figure.module, **{**figure.narrow, **self.narrowed(line, figure.module)})


def percent(value: Any) -> str:
    """A share in hundredths as a cell."""
    return "" if value is None else f"{value}%"

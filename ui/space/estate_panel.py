"""Beside the picture of an estate: its legend, the home in hand, and the sums of what is selected (row 82)."""

from collections.abc import Callable, Mapping, Set
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from services.space.estate_sums import SelectionSums
from services.space.home_facts import EstateFacts
from ui.shell.parts import facts, head, note
from ui.shell.unit_colours import Colouring, Look
from ui.space.estate_colours import STATE_LOOKS


class Legend:
    """The colours of a picture with the homes of each; `pressed(place)` is called for the colour of a place.

    Drawn anew it would lose the keyboard, so that only other colours are.
    """

    def __init__(self, pressed: Callable[[int], object]) -> None:
        self.pressed = pressed
        self.box = web.element("div").classes("sf-units")
        self.looks: list[Look] | None = None
        self.lines: list[tuple[Element, TextElement]] = []

    def show(self, colouring: Colouring, areas: Mapping[UUID, Decimal], only: Set[int]) -> None:
        """Say how many homes have each colour, and which colours alone are shown."""
        if self.looks != list(colouring.looks):
            self._draw(colouring)
        for place, (look, (button, counted)) in enumerate(zip(colouring.looks, self.lines, strict=True)):
            homes = [unit for unit, one in colouring.of.items() if one == place]
            button.props["aria-pressed"] = "true" if place in only else "false"
            button.props["aria-label"] = f"{look.label}，{len(homes)}户"
            area = sum((areas[unit] for unit in homes), Decimal(0))
            counted.text = f"{len(homes):,}户 {rounded(area)}㎡"
        mark = colouring.mark
        self.hatched.text = f"斜线：{mark.label} {len(colouring.marked)}户" if mark is not None else ""

    def _draw(self, colouring: Colouring) -> None:
        self.looks, self.lines = list(colouring.looks), []
        self.box.clear()
        with self.box:
            legend = web.element("div").classes("sf-units-legend sf-estate-legend")
            legend.props("role=group aria-label=图例").mark("legend")
            with legend:
                for place, look in enumerate(colouring.looks):
                    with web.element("button").props("type=button") as button:
                        letter = TextElement(tag="i", text=look.letter).style(f"background:{look.colour}")
                        letter.props("aria-hidden=true")
                        TextElement(tag="span", text=look.label)
                        self.lines.append((button, TextElement(tag="b", text="")))
                    button.on("click", partial(self.pressed, place))
            self.hatched = note("")


def draw_home(known: EstateFacts, unit: UUID | None, title: str) -> None:
    """Draw what is known of a home; its prices for those who may see them."""
    head(title)
    one = known.homes.get(unit) if unit is not None else None
    if one is None:
        note("未与楼盘表匹配，没有业务数据")
        return
    words = {"单元": one.section} if one.section else {}
    words |= {
        "销售状态": STATE_LOOKS[one.state].label + ("，限制" if one.restricted else ""),
        "销售属性": one.role.label,
        "用途": one.use,
        "面积": f"{rounded(one.area)} ㎡" if one.area is not None else "无面积",
    }
    if known.prices:
        words["备案单价"] = f"{one.price:,.2f} 元/㎡" if one.price is not None else "—"
        words["合同总价"] = f"{one.amount:,.2f} 元" if one.amount is not None else ""
    facts(words, columns=1)


def draw_sums(told: SelectionSums, said: str) -> None:
    """Draw the homes of a selection by stage, and what is sold of them."""
    head(f"统计：{said}")
    with web.element("table").classes("sf-plain-table"):
        with web.element("thead"), web.element("tr"):
            for title in ("阶段", "套数", "面积（㎡）"):
                TextElement(tag="th", text=title).props("scope=col")
        with web.element("tbody"):
            for stage in told.stages:
                if stage.sets or stage.area:
                    _row(stage.label, stage.sets, stage.area)
            _row("合计", told.sets, told.area)
    sold = f"{told.sold_percent}%" if told.sold_percent is not None else "—"
    words = {"去化率": sold, "截至": str(told.on)}
    if told.prices:
        average = told.average_price
        words["成交均价"] = f"{average:,.2f} 元/㎡" if average is not None else "—"
    facts(words, columns=1)


def _row(label: str, sets: int, area: Decimal) -> None:
    with web.element("tr"):
        TextElement(tag="th", text=label).props("scope=row")
        TextElement(tag="td", text=f"{sets:,}").classes("sf-number")
        TextElement(tag="td", text=rounded(area)).classes("sf-number")


def rounded(area: Decimal) -> str:
    """An area with two decimals."""
    return f"{area.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"

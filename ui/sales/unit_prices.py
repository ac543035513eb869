"""房屋与价格: the units of a plan in the building table, roles and prices given to many at once, sums at every change (row 76)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.building_tables import SaleRole
from services.engine.cycle_orders import RevisionView
from services.engine.findings import Finding, numbered
from services.engine.kinds import Child
from services.imports.workbooks import XLSX
from services.sales.made_plan import plan_settings
from services.sales.plan_facts import KIND
from services.sales.plan_prices import PriceSheet, PricesRead, ReadPrices, price_sheet, read_prices
from services.sales.plan_sums import outliers, sums_of, total_of
from ui.construction.unit_looks import ROLE_LOOKS
from ui.records.list_editors import list_editor
from ui.shell.buttons import main_button, plain_button, press
from ui.shell.call import call
from ui.shell.dialogs import question
from ui.shell.fields import choice_field, number_field
from ui.shell.file_box import FileBox
from ui.shell.form import Form
from ui.shell.parts import note
from ui.shell.unit_colours import Colouring, Look, by_code
from ui.shell.unit_table import Cell, UnitTable
from ui.shell.values import large_money, shown

_OPEN = Look("bad", "？", "未定")
ROLES: dict[SaleRole | None, Look] = {role: ROLE_LOOKS[role] for role in SaleRole}
PRICED: Mapping[str, Look] = {
    "priced": Look("good", "价", "已定价"),
    "outlier": Look("warn", "异", "价格异常"),
    "missing": Look("bad", "缺", "未定价"),
    "none": Look("none", "－", "不定价"),
}
_LABELS = {one.label: one for one in SaleRole}
_MOST_TOLD = 200


def role_of(value: Any) -> SaleRole | None:
    """Return the role a line has, in the form of its editor or of its readers."""
    if isinstance(value, SaleRole):
        return value
    text = str(value or "")
    return SaleRole.of(text) if text in SaleRole.__members__ else _LABELS.get(text)


def number_of(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value).replace(",", "")) if value not in (None, "") else None
    except InvalidOperation:
        return None


def parsed(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return what sums are made of."""
    return {
        "sale_role": role_of(line.get("sale_role")),
        **{name: number_of(line.get(name)) for name in ("gross_area", "unit_price", "total_price")},
    }


def unit_id(line: Mapping[str, Any]) -> UUID:
    return uuid5(NAMESPACE_OID, str(line.get("house_code")))


class UnitPrices:
    """A building's table with the units ticked, roles and prices beside it, the sums of the whole plan above."""

    def __init__(self, child: Child, view: RevisionView, changed: Callable[[], object] | None) -> None:
        self.child, self.view, self.changed = child, view, changed
        self.lines: list[dict[str, Any]] = [dict(line) for line in view.children.get(child.name, ())]
        self.wrong: dict[int, list[str]] = {}
        self.chosen: frozenset[UUID] = frozenset()
        self.table: UnitTable | None = None
        #: Until it is known nothing is marked.
        self.number, self.factor = "", Decimal(1000)
        self.root = web.element("div").classes("sf-prices")
        self.building = next((str(line.get("building_name")) for line in self.lines), "")
        self._draw()
        with self.root:
            web.timer(0.1, self._load, once=True)

    # Shown

    async def _load(self) -> None:
        """Load the plan's number and the factor by which a price may differ."""
        answer = await call(plan_settings, self.view.revision_id, quiet=True)
        if answer.ok and not self.root.is_deleted:
            self.number, self.factor = answer.value.number, answer.value.factor
            self._colour()
            self._show_sums()

    def _draw(self) -> None:
        self.root.clear()
        with self.root:
            self.sums = TextElement(tag="p", text="").classes("sf-note").props("role=status").mark("plan-sums")
            if not self.lines:
                note("勾选销售楼幢后，各户列在此处。")
                self._show_sums()
                return
            with web.element("div").classes("sf-buttons").props("role=group aria-label=楼幢"):
                names = dict.fromkeys(str(line.get("building_name")) for line in self.lines)
                self.buttons = {
                    name: plain_button(name, partial(self._show_building, name)).mark(f"plan-building-{name}")
                    for name in names
                }
                if self.changed is not None:
                    self._draw_workbook()
            with web.element("div").classes("sf-prices-split"):
                self.middle = web.element("div").classes("sf-building-table")
                self.side = web.element("aside").classes("sf-building-unit").props("aria-label=所选房屋")
        self._show_building(self.building)
        self._show_sums()

    def _show_building(self, name: str) -> None:
        self.building, self.chosen = name, frozenset()
        press(self.buttons, name)
        mine = [(place, line) for place, line in enumerate(self.lines) if str(line.get("building_name")) == name]
        floors, cells = _placed([line for _, line in mine])
        self.middle.clear()
        with self.middle:
            self.table = UnitTable(
                floors,
                cells,
                self._colourings(),
                label=f"{name}房屋与价格",
                picked=self._picked,
                ticked=self._tick if self.changed is not None else None,
            )
        self._draw_side()

    def _colourings(self) -> list[Colouring]:
        mine = [(place, line) for place, line in enumerate(self.lines) if line.get("building_name") == self.building]
        far = outliers([parsed(line) for line in self.lines], self.factor)
        roles = {unit_id(line): role_of(line.get("sale_role")) for _, line in mine}
        priced = {unit_id(line): _priced(line, outlier=place in far) for place, line in mine}
        return [by_code("role", "销售属性", roles, {**ROLES, None: _OPEN}), by_code("price", "定价", priced, PRICED)]

    def _show_sums(self) -> None:
        lines = [parsed(line) for line in self.lines]
        sums, far = sums_of(lines), outliers(lines, self.factor)
        parts = [f"方案编号{self.number}"] if self.number else []
        parts += [f"{role.label}{one.sets}户 {one.area:,.2f}㎡" for role, one in sums.roles.items()]
        if sums.undecided:
            parts.append(f"未定属性{sums.undecided}户")
        if sums.average is not None:
            parts.append(f"均价{sums.average:,.2f}元，{sums.lowest:,.0f}至{sums.highest:,.0f}元")
        left = sums.sets(SaleRole.FOR_SALE) - sums.priced
        if left:
            parts.append(f"未定价{left}户")
        if far:
            names = "、".join(_name(self.lines[place]) for place in list(far)[:5])
            parts.append(f"价格异常{len(far)}户：{names}")
        self.sums.text = "；".join(parts) or "尚无房屋"

    # Chosen units

    def _tick(self, units: frozenset[UUID]) -> None:
        self.chosen = units
        self._draw_side()

    def _picked(self, unit: UUID) -> None:
        if unit not in self.chosen:
            self.chosen = frozenset({unit})
        self._draw_side()

    def _mine(self) -> list[int]:
        return [place for place, line in enumerate(self.lines) if unit_id(line) in self.chosen]

    def _draw_side(self) -> None:
        self.side.clear()
        places = self._mine()
        with self.side:
            if not places:
                then = "查看" if self.changed is None else "定属性和价格"
                note(f"空格选取一户，Shift加方向键选取一片，Ctrl+A全选；选好后在此{then}。")
                return
            self._draw_chosen(places)
            if self.changed is None:
                return
            options = {one.value: one.label for one in SaleRole}
            with Form(columns=1) as form:
                role = form.add(choice_field("set-role", "销售属性", options, empty="不变"))
                price = form.add(number_field("set-price", "单价", unit="元/㎡"))
                step = form.add(number_field("set-step", "每层加价", unit="元/㎡"))
            wrong = TextElement(tag="small", text="").classes("sf-wrong").props("role=alert")

            def apply() -> None:
                wrong.text = self._apply(places, *(str(one.value or "") for one in (role, price, step)))

            for field in (price, step):
                field.control.on("keydown.enter", apply)
            main_button(f"用于所选{len(places)}户", apply).mark("apply-prices")

    def _draw_chosen(self, places: Sequence[int]) -> None:
        if len(places) > 1:
            sums = sums_of([parsed(self.lines[place]) for place in places])
            area = sum((number_of(self.lines[place].get("gross_area")) or Decimal(0) for place in places), Decimal(0))
            average = f"，均价{sums.average:,.2f}元" if sums.average is not None else ""
            note(f"已选{len(places)}户，{area:,.2f}㎡{average}").props("role=status").mark("chosen-units")
            return
        line = self.lines[places[0]]
        role = role_of(line.get("sale_role"))
        price, total = number_of(line.get("unit_price")), number_of(line.get("total_price"))
        told = {
            "房屋": _name(line),
            "用途": str(line.get("planned_use") or ""),
            "建筑面积": f"{line.get('gross_area') or '—'} ㎡",
            "销售属性": role.label if role is not None else "未定",
            "单价": f"{shown(price)} 元/㎡" if price is not None else "—",
            "总价": f"{shown(total)} 元{large_money(total)}" if total is not None else "—",
        }
        with web.element("dl").classes("sf-summary").mark("chosen-units"):
            for term, value in told.items():
                TextElement(tag="dt", text=term)
                TextElement(tag="dd", text=value)
        for words in self.wrong.get(places[0], ()):
            TextElement(tag="small", text=words).classes("sf-wrong").props("role=alert")

    def _apply(self, places: Sequence[int], role: str, price: str, step: str) -> str:
        """Give role and price to the units; returns what is wrong, else nothing. A step adds to the price storey by storey."""
        base, rise = number_of(price), number_of(step)
        if (price and (base is None or base <= 0)) or (step and rise is None):
            return "单价请填写大于0的数"
        if step and base is None:
            return "填写每层加价时，请先填写最低一层的单价"
        ranks = {label: rank for rank, label in enumerate(_labels(self.lines[place] for place in places))}
        for place in places:
            line = self.lines[place]
            if role:
                line["sale_role"] = role
            for_sale = role_of(line.get("sale_role")) is SaleRole.FOR_SALE
            if not for_sale:
                line.pop("unit_price", None)
                line.pop("total_price", None)
            elif base is not None:
                value = base + (rise or 0) * ranks[str(line.get("nominal_floor") or "")]
                total = total_of(number_of(line.get("gross_area")), value)
                line["unit_price"], line["total_price"] = f"{value:.2f}", f"{total}" if total is not None else ""
            self.wrong.pop(place, None)
        self._after_change()
        return ""

    def _colour(self) -> None:
        if self.table is not None:
            for one in self._colourings():
                self.table.recolour(one)

    def _after_change(self) -> None:
        self._colour()
        self._show_sums()
        self._draw_side()
        if self.changed is not None:
            self.changed()

    # Workbook

    def _draw_workbook(self) -> None:
        web.space()
        plain_button("下载一房一价表", self._get, icon="download").mark("get-prices")
        box = FileBox("读入一房一价表", self._take)
        box.upload.mark("prices-file")
        box.button("读入一房一价表").mark("read-prices")

    async def _get(self) -> None:
        done = (await call(price_sheet, PriceSheet(self.view.revision_id, tuple(self.lines)))).or_end()
        web.download.content(done, "一房一价.xlsx", XLSX)

    async def _take(self, name: str, content: bytes) -> None:
        """Take the prices of good rows; what is wrong with the others is listed."""
        answer = await call(read_prices, ReadPrices(self.view.revision_id, tuple(self.lines), content))
        if not answer.ok or self.root.is_deleted:
            return
        read = answer.value
        for place, values in read.values.items():
            self.lines[place].update(values)
            self.wrong.pop(place, None)
        with self.root:
            await _tell_read(read)
            self._after_change()

    # Findings

    def tell(self, findings: Sequence[tuple[int, str, Finding]]) -> None:
        """Keep what is wrong with each unit; the first one is shown."""
        wrong: dict[int, list[str]] = defaultdict(list)
        for row, _, finding in findings:
            wrong[row].append(finding.message)
        self.wrong = dict(wrong)
        if self.lines:
            self._draw_side()

    def reach(self, row: int, name: str) -> None:
        """Go to a unit."""
        if not 0 <= row < len(self.lines):
            return
        line = self.lines[row]
        if line.get("building_name") != self.building:
            self._show_building(str(line.get("building_name")))
        self.chosen = frozenset({unit_id(line)})
        if self.table is not None:
            self.table.choose(unit_id(line))
            self.table.focus_table()
        self._draw_side()


async def _tell_read(read: PricesRead) -> None:
    """Say how many rows were taken, and list what was found row by row."""
    title = f"读入{read.rows}行：{len(read.values)}户已更新，{read.refused}行未采用"
    with question(title, classes="sf-compare") as dialog:
        for words in read.notes:
            note(words)
        if read.told:
            with web.element("div").classes("sf-scroll"), web.element("table").classes("sf-plain-table"):
                with web.element("thead"), web.element("tr"):
                    for words in ("行", "房屋", "结论", "栏目", "说明"):
                        TextElement(tag="th", text=words).props("scope=col")
                with web.element("tbody"):
                    for one in read.told[:_MOST_TOLD]:
                        with web.element("tr"):
                            verdict = "未采用" if one.refused else "提示"
                            for words in (str(one.row), one.unit, verdict, one.column, numbered(one.code, one.message)):
                                TextElement(tag="td", text=words)
        with web.element("div").classes("sf-buttons"):
            plain_button("关闭", lambda: dialog.submit(None)).props("autofocus").mark("prices-read")
    await dialog
    dialog.delete()


def _priced(line: Mapping[str, Any], *, outlier: bool) -> str:
    if role_of(line.get("sale_role")) is not SaleRole.FOR_SALE:
        return "none"
    if not line.get("unit_price"):
        return "missing"
    return "outlier" if outlier else "priced"


def _name(line: Mapping[str, Any]) -> str:
    return f"{line.get('building_name') or ''}{line.get('room_no') or '无室号'}"


def _floor(label: str) -> tuple[int, str]:
    """Return the key to sort a storey by: 3A comes above 3, -1 below 1."""
    digits = "".join(sign for sign in label if sign.isdigit() or sign == "-")
    try:
        return int(digits), label
    except ValueError:
        return 0, label


def _labels(lines: Any) -> list[str]:
    """Return the storeys of units from the lowest up."""
    return sorted({str(line.get("nominal_floor") or "") for line in lines}, key=_floor)


def _placed(lines: Sequence[Mapping[str, Any]]) -> tuple[list[tuple[int, str]], list[Cell]]:
    """Lay units out by storey and section in the order of the building table."""
    labels = {label: place for place, label in enumerate(_labels(lines), 1)}
    taken: dict[tuple[str, int], int] = defaultdict(int)
    cells = []
    for line in lines:
        section, floor = str(line.get("section_no") or ""), labels[str(line.get("nominal_floor") or "")]
        column = taken[section, floor]
        taken[section, floor] += 1
        words = f"{line.get('planned_use') or ''} {line.get('layout') or ''} {line.get('gross_area') or '—'}㎡"
        cells.append(Cell(unit_id(line), section, column, 1, floor, floor, str(line.get("room_no") or "无室号"), words))
    return [(place, label) for label, place in labels.items()], cells


@list_editor(KIND, "units")
def unit_prices(child: Child, view: RevisionView, changed: Callable[[], object] | None) -> UnitPrices:
    """Draw the units of a plan in its building tables."""
    return UnitPrices(child, view, changed)


class SoldBuildings:
    """The buildings of a plan, which are changed by ticking them anew."""

    def __init__(self, child: Child, view: RevisionView, changed: Callable[[], object] | None) -> None:
        self.child = child
        self.lines: list[dict[str, Any]] = [dict(line) for line in view.children.get(child.name, ())]
        self.told = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert")
        with web.element("ul").classes("sf-note").props("aria-label=销售楼幢 tabindex=-1"):
            for line in self.lines:
                TextElement(tag="li", text=f"{line.get('building_name') or ''}（{line.get('natural_building_no')}）")
        if not self.lines:
            note("尚未勾选楼幢，请用“调整楼幢”（F9）勾选。")

    def tell(self, findings: Sequence[tuple[int, str, Finding]]) -> None:
        self.told.text = "；".join(finding.message for _, _, finding in findings)

    def reach(self, row: int, name: str) -> None:
        self.told.run_method("scrollIntoView")


@list_editor(KIND, "buildings")
def sold_buildings(child: Child, view: RevisionView, changed: Callable[[], object] | None) -> SoldBuildings:
    """List the buildings of a plan."""
    return SoldBuildings(child, view, changed)

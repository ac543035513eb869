"""参数管理: the dated thresholds of every rule, changed by one and confirmed by another (leasing 4.1)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from models.codes import Toned
from models.companies import District
from models.engine import Parameter, ParameterState
from services.engine.parameters import (
    STAFF,
    TAKEN_BACK,
    ConfirmParameter,
    ParameterLine,
    ProposeParameter,
    confirm_parameter,
    parameter_lines,
    propose_parameter,
)
from services.engine.thresholds import Threshold
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import choice_field, date_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import badge, head
from ui.shell.place import Place
from ui.shell.values import shown

READERS = frozenset(STAFF | {Role.DISTRICT_BUREAU, Role.DISTRICT_CLERK, Role.STREET_CLERK})
_FLAGS = {"true": "是", "false": "否"}


@dataclass(frozen=True)
class _Line:
    """A parameter as a line of the list."""

    id: str
    label: str
    value: str
    waiting: str
    source: str
    whole: ParameterLine


def lines_of(answer: list[ParameterLine], sought: str = "") -> tuple[int, list[_Line]]:
    """All parameters on one page, or those with some words in name or source: there are hundreds, never thousands."""
    lines = []
    for line in answer:
        if sought not in line.threshold.label and sought not in line.threshold.source:
            continue
        waiting = sum(row.state is ParameterState.PROPOSED for row in line.rows)
        lines.append(
            _Line(
                id=line.threshold.key,
                label=line.threshold.label,
                value=value_text(line.threshold, line.value),
                waiting=Toned(f"{waiting}项待复核") if waiting else "",
                source=line.threshold.source,
                whole=line,
            )
        )
    return len(lines), lines


def value_text(threshold: Threshold, value: str) -> str:
    if value == TAKEN_BACK:
        return "恢复按全市"
    if threshold.kind == "flag":
        return _FLAGS.get(value, value)
    return f"{value} {threshold.unit}".strip()


def range_of(row: Parameter) -> str:
    """Return where a value holds: the whole city, or the district it was set for."""
    return District.labels().get(row.key.partition("@")[2], "全市")


def may_end(rows: Sequence[Parameter], today: date) -> set[UUID]:
    """The rows by which a district has a value of its own, today or from a day to come, whose end is not proposed yet."""
    held: dict[tuple[str, date], Parameter] = {}
    for row in sorted(rows, key=lambda one: (one.valid_from, one.confirmed_at or one.created_at)):
        if row.state is ParameterState.CONFIRMED and "@" in row.key:
            held[row.key, max(row.valid_from, today)] = row
    ends = {
        (row.key, max(row.valid_from, today))
        for row in rows
        if row.state is ParameterState.PROPOSED and row.value == TAKEN_BACK
    }
    return {row.id for place, row in held.items() if row.value != TAKEN_BACK and place not in ends}


class ParametersPage:
    """The list on the left; the parameter in hand with its changes on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chosen = place.params.get("key", "")
        self.sought = ""
        with web.element("div").classes("sf-split"):
            self.grid = Grid(
                place,
                parameter_lines,
                order=self._order,
                columns=(
                    Column("label", "参数", width=300),
                    Column("value", "现行值", number=True, width=110),
                    Column("waiting", "待办", width=90),
                    Column("source", "依据"),
                ),
                filters=(Filter("words", "参数或依据", width=220),),
                page_of=lambda answer: lines_of(answer, self.sought),
                on_pick=lambda line: self.choose(line.id),
                on_enter=lambda line: self.choose(line.id),
                on_loaded=lambda answer: self.draw_detail(),
                empty="没有符合条件的参数",
                size=500,
            )
            self.grid.table.classes("sf-wrap")
            self.detail = web.element("section").props("aria-label=参数详情")

    def _order(self, view: View) -> None:
        self.sought = view.text("words").strip()

    async def choose(self, key: str) -> None:
        self.chosen = key
        self.place.keep(key=key)
        self.draw_detail()
        self.place.reveal(self.detail)

    def draw_detail(self) -> None:
        """The parameter in hand, its changes, and the form for another one."""
        self.detail.clear()
        line = self.grid.lines.get(self.chosen)
        with self.detail:
            if line is None:
                TextElement(tag="p", text="请在列表中选择一个参数").classes("sf-empty")
                return
            whole: ParameterLine = line.whole
            head(whole.threshold.label)
            with web.element("div").classes("sf-form").style("--columns: 1"):
                shown_field("现行值", line.value)
                shown_field("依据", whole.threshold.source)
                shown_field("默认值", value_text(whole.threshold, whole.threshold.default))
                if whole.threshold.numeric:
                    shown_field("可填范围", whole.threshold.span)
            if self.place.may(propose_parameter):
                self._draw_form(whole.threshold)
            head("修改记录")
            if not whole.rows:
                TextElement(tag="p", text="未曾修改，按默认值执行").classes("sf-empty")
            ends = may_end(whole.rows, self.place.desk.door.clock.today())
            for row in whole.rows:
                self._draw_change(whole.threshold, row)
                if row.id in ends and self.place.may(propose_parameter):
                    with web.element("div").classes("sf-buttons sf-pad"):
                        plain_button("恢复按全市", self._taker_back(whole.threshold, row)).mark("take-back")

    def _draw_form(self, threshold: Threshold) -> None:
        head("提出修改")
        with Form(columns=1) as form:
            if threshold.kind == "flag":
                form.add(choice_field("value", "新值", _FLAGS, required=True))
            else:
                words = threshold.kind == "words"
                hint = "多个字样以顿号“、”分隔" if words else f"可填{threshold.span}" if threshold.numeric else ""
                form.add(text_field("value", "新值", required=True, longest=200 if words else 12, help=hint))
            if threshold.local:
                hint = "选择区的，只在该区代替全市的值"
                form.add(choice_field("district", "适用范围", District.labels(), empty="全市", help=hint))
            form.add(date_field("valid_from", "生效日期", required=True, value=self.place.desk.door.clock.today()))
            form.add(text_field("reason", "修改理由", required=True, lines=2, help="不少于4个字"))

        async def send() -> None:
            values = form.read()
            if values is None:
                return
            values["district"] = values.get("district") or ""
            answer = await call(propose_parameter, ProposeParameter(key=threshold.key, **values), button=button)
            if answer.ok:
                self.place.say("已提出，待另一位同事复核后生效", "good")
                await self.grid.load()

        with web.element("div").classes("sf-buttons sf-pad"):
            button = main_button("提交复核", send)

    def _draw_change(self, threshold: Threshold, row: Parameter) -> None:
        value = value_text(threshold, row.value)
        with web.element("div").classes("sf-form").style("--columns: 1"):
            shown_field("新值", value)
            if threshold.local:
                shown_field("适用范围", range_of(row))
            shown_field("生效日期", row.valid_from)
            shown_field("修改理由", row.reason)
            with web.element("div").classes("sf-field"):
                TextElement(tag="span", text="状态").classes("sf-label")
                with web.element("div"):
                    badge(row.state)
            if row.confirmed_at:
                shown_field("复核时间", shown(row.confirmed_at))
        own = row.proposed_by == self.place.caller.account_id
        if self.place.may(confirm_parameter, row) and not own:
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button("不同意", self._decider(threshold, row, agree=False))
                main_button("同意", self._decider(threshold, row, agree=True)).mark("agree")

    def _taker_back(self, threshold: Threshold, row: Parameter) -> Callable[[], Awaitable[None]]:
        async def take_back() -> None:
            since, district = max(row.valid_from, self.place.desk.door.clock.today()), row.key.partition("@")[2]
            summary = {
                "参数": threshold.label,
                "适用范围": range_of(row),
                "该区的值": value_text(threshold, row.value),
                "恢复日期": shown(since),
            }
            question = (
                "确定提出恢复按全市执行？复核后自恢复日期起该区不再有单独的值；该区另有以后生效的值的，须分别恢复。"
            )
            reason = await ask_reason(question, summary=summary, yes="提交复核")
            if reason is None:
                return
            order = ProposeParameter(threshold.key, TAKEN_BACK, since, reason, district, take_back=True)
            if (await call(propose_parameter, order)).ok:
                self.place.say("已提出，待另一位同事复核后生效", "good")
                await self.grid.load()

        return take_back

    def _decider(self, threshold: Threshold, row: Parameter, *, agree: bool) -> Callable[[], Awaitable[None]]:
        async def decide() -> None:
            summary = {
                "参数": threshold.label,
                "新值": value_text(threshold, row.value),
                **({"适用范围": range_of(row)} if threshold.local else {}),
                "生效日期": shown(row.valid_from),
            }
            question = "确定同意此项修改？生效后的受理按新值执行。" if agree else "确定不同意此项修改？"
            if not await confirm(question, summary=summary, yes="同意" if agree else "不同意", danger=not agree):
                return
            answer = await call(confirm_parameter, ConfirmParameter(row.id, agree))
            if answer.ok:
                self.place.say("已复核", "good")
                await self.grid.load()

        return decide


async def build(place: Place) -> None:
    page = ParametersPage(place)
    place.command("刷新", page.grid.load, icon="refresh", key="f3")
    await page.grid.load()


PARAMETERS = Module("parameters", "参数管理", "tune", "manage", READERS, build)

"""参数管理: the dated thresholds of every rule, changed by one and confirmed by another (leasing 4.1)."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.companies import District
from models.engine import Parameter, ParameterState
from services.engine.orders import Decide
from services.engine.parameter_list import FLAGS, ParameterLine, one_parameter, value_text
from services.engine.parameter_list import PARAMETERS as PARAMETER_LIST
from services.engine.parameters import (
    TAKEN_BACK,
    ProposeParameter,
    confirm_parameter,
    own_districts,
    propose_parameter,
    sets,
)
from services.engine.rule_replays import simulate
from services.engine.thresholds import Threshold
from ui.shell.buttons import main_button, plain_button
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import choice_field, date_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import empty, facts, head, note
from ui.shell.values import shown

#: So many uses are named; what follows is counted.
_MOST_USES = 12


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


class ParametersDesk(ListDesk[ParameterLine]):
    """The parameter in hand with its changes, and the form for another one."""

    listing = PARAMETER_LIST
    look = one_parameter
    part = "参数详情"
    classes = ""

    def begin(self) -> None:
        if self.place.may(confirm_parameter):
            for label, icon, key, agree in (("同意", "check", "f8", True), ("不同意", "close", "f9", False)):
                decide = partial(self._decide_first, agree=agree)
                self.command(label, decide, icon=icon, key=key, needs="没有等您复核的修改", when=self._waits)

    def _waits(self, view: ParameterLine) -> bool:
        return any(self._may_decide(row) for row in view.rows)

    def _may_decide(self, row: Parameter) -> bool:
        mine = row.proposed_by == self.place.caller.account_id
        return self.place.may(confirm_parameter, row) and not mine and sets(self.place.caller, row.key)

    async def _decide_first(self, view: ParameterLine, *, agree: bool) -> None:
        """Decide on the change that waits for this user, of several on the one from the latest day."""
        row = next(row for row in view.rows if self._may_decide(row))
        await self._decide(view.threshold, row, agree=agree)

    def draw(self, view: ParameterLine) -> None:
        threshold, may_propose = view.threshold, self.place.may(propose_parameter)
        head(threshold.label)
        facts(
            {
                "现行值": value_text(threshold, view.value),
                "依据": threshold.source,
                "默认值": value_text(threshold, threshold.default),
                "可填范围": threshold.span,
                "业务": view.area,
            },
            columns=1,
        )
        head(f"用在（{len(view.uses)}）")
        with web.element("ul").classes("sf-line-changes").props("aria-label=用在"):
            for one in view.uses[:_MOST_USES]:
                TextElement(tag="li", text=one)
        if len(view.uses) > _MOST_USES:
            note(f"等 {len(view.uses)} 处")
        if not view.uses:
            note("由系统运行使用，不对应单项规则或功能")
        if may_propose:
            self._draw_form(threshold)
        head("修改记录")
        if not view.rows:
            empty("未曾修改，按默认值执行")
        ends = may_end(view.rows, self.place.desk.door.clock.today())
        for row in view.rows:
            self._draw_change(threshold, row)
            if row.id in ends and may_propose and sets(self.place.caller, row.key):
                with web.element("div").classes("sf-buttons sf-pad"):
                    plain_button("恢复按全市", partial(self._take_back, threshold, row)).mark("take-back")

    def _draw_form(self, threshold: Threshold) -> None:
        head("提出修改")
        with Form(columns=1) as form:
            if threshold.kind == "flag":
                form.add(choice_field("value", "新值", FLAGS, required=True))
            else:
                words = threshold.kind == "words"
                hint = "多个字样以顿号“、”分隔" if words else f"可填{threshold.span}" if threshold.numeric else ""
                form.add(text_field("value", "新值", required=True, longest=200 if words else 12, help=hint))
            if own := own_districts(self.place.caller):
                mine = {code: District.labels()[code] for code in sorted(own)}
                form.add(
                    choice_field(
                        "district", "适用范围", mine, value=min(own), required=True, help="只在本区代替全市的值"
                    )
                )
            elif threshold.local:
                hint = "选择区的，只在该区代替全市的值"
                form.add(choice_field("district", "适用范围", District.labels(), empty="全市", help=hint))
            form.add(date_field("valid_from", "生效日期", required=True, value=self.place.desk.door.clock.today()))
            form.add(text_field("reason", "修改理由", required=True, lines=2, help="不少于4个字"))

        async def send(values: dict[str, Any]) -> None:
            values["district"] = values.get("district") or ""
            await self._propose(ProposeParameter(key=threshold.key, **values))

        form.sends("提交复核", send)

    async def _propose(self, order: ProposeParameter) -> None:
        await self.act(propose_parameter, order, "已提出，待另一位同事复核后生效")

    def _draw_change(self, threshold: Threshold, row: Parameter) -> None:
        told = {
            "适用范围": range_of(row) if threshold.local else "",
            "生效日期": row.valid_from,
            "修改理由": row.reason,
            "复核时间": row.confirmed_at,
        }
        head(f"新值：{value_text(threshold, row.value)}", row.state)
        facts(told, columns=1)
        if row.state is ParameterState.PROPOSED and row.value != TAKEN_BACK and self.place.may(simulate):
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button("在近期办件上试算", partial(self._try, row), icon="science").mark("try-value")
        if self._may_decide(row):
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button("不同意", partial(self._decide, threshold, row, agree=False))
                main_button("同意", partial(self._decide, threshold, row, agree=True)).mark("agree")

    async def _try(self, row: Parameter) -> None:
        """Open the trial of a proposed value; its key names a district after an @."""
        key, _, district = row.key.partition("@")
        told = {"key": key, "value": FLAGS.get(row.value, row.value), "district": district}
        await self.place.workspace.open("simulation", told)

    async def _take_back(self, threshold: Threshold, row: Parameter) -> None:
        since, district = max(row.valid_from, self.place.desk.door.clock.today()), row.key.partition("@")[2]
        summary = {
            "参数": threshold.label,
            "适用范围": range_of(row),
            "该区的值": value_text(threshold, row.value),
            "恢复日期": shown(since),
        }
        question = "确定提出恢复按全市执行？复核后自恢复日期起该区不再有单独的值；该区另有以后生效的值的，须分别恢复。"
        reason = await ask_reason(question, summary=summary, yes="提交复核")
        await self._propose(ProposeParameter(threshold.key, TAKEN_BACK, since, reason, district, take_back=True))

    async def _decide(self, threshold: Threshold, row: Parameter, *, agree: bool) -> None:
        summary = {
            "参数": threshold.label,
            "新值": value_text(threshold, row.value),
            **({"适用范围": range_of(row)} if threshold.local else {}),
            "生效日期": shown(row.valid_from),
        }
        question = "确定同意此项修改？生效后的受理按新值执行。" if agree else "确定不同意此项修改？"
        await confirm(question, summary=summary, yes="同意" if agree else "不同意", danger=not agree)
        await self.act(confirm_parameter, Decide(row.id, agree), "已复核")


PARAMETERS = desk_module(ParametersDesk, "parameters", "tune", "manage", title="参数管理")

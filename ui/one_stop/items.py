"""事项定义: the versions of an item on the left; what is in force, and the city's edit of it, on the right (row 3)."""

from datetime import date
from typing import Any

from nicegui import ui as web

from models.one_stop_codes import StopMaterialKind
from models.tenancy_codes import Situation
from services.engine.listings import Line
from services.one_stop.item_edits import ITEMS, EditItem, ItemOfDay, edit_item, item_definition
from services.one_stop.items import ITEM, Item, item_codes
from ui.shell.call import call
from ui.shell.fields import choice_field, count_field, date_field, flag_field, reason_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note
from ui.shell.rows import Rows
from ui.shell.sheet import Column

_QUESTIONS = 6


class Items(ListDesk[Line]):
    """F2 edits the merged item; a line shows the definition as it is from its day on."""

    listing = ITEMS
    part = "事项定义"

    def begin(self) -> None:
        self.place.command("现行定义", self.show_today, icon="menu_book", key="f4")
        if self.place.may(edit_item):
            self.place.command("修改定义", self.edit, icon="edit", key="f2")

    async def load(self) -> None:
        """Load the versions; without one, show the definition that came with the product."""
        await super().load()
        if not self.grid.lines:
            await self.show_today()

    async def draw(self, view: Line) -> None:
        """Show the definition from the day of a version on."""
        answer = await call(item_definition, ItemOfDay(view.item_code, view.valid_from))
        if answer.ok:
            _draw_item(answer.value, f"自{view.valid_from}起")

    async def show_today(self) -> None:
        """Show the definition that is in force today."""
        item = (await call(item_definition, ItemOfDay())).or_end()
        self.draw_over(lambda: _draw_item(item, "现行"))

    async def edit(self) -> None:
        """Draw the form of a new version, filled from the one in force."""
        item = (await call(item_definition, ItemOfDay())).or_end()
        self.draw_over(lambda: self._draw_form(item))

    def _draw_form(self, item: Item) -> None:
        head("修改事项定义")
        with Form(columns=2) as form:
            form.add(
                choice_field("item_code", "事项编码", {code: code for code in item_codes()}, value=ITEM, required=True),
                date_field(
                    "valid_from", "生效日期", required=True, help="不早于今天；已提交的办件按提交当日的定义办理"
                ),
                count_field("limit_days", "办理时限（工作日）", value=item.limit_days, required=True),
                text_field("counters", "办理窗口", value=item.counters, longest=500, span=2),
            )
            for situation in Situation:
                needed = item.needed(situation)
                for kind in StopMaterialKind:
                    label = f"{situation.label}：{kind.label}"
                    form.add(flag_field(f"{situation.value}.{kind.value}", label, value=kind in needed))
            for place in range(_QUESTIONS):
                ask, answer = item.questions[place] if place < len(item.questions) else ("", "")
                form.add(
                    text_field(f"ask.{place}", f"问题{place + 1}", value=ask, longest=200),
                    text_field(f"answer.{place}", f"回答{place + 1}", value=answer, longest=1000),
                )
            form.add(reason_field("修改说明", least=4))

        async def send(values: dict[str, Any]) -> None:
            done = await call(edit_item, _order(values))
            if done.ok:
                await self.done(f"已保存第{done.value}版，自生效日期起使用")
            else:
                form.mark(done.findings)

        with web.element("div").classes("sf-buttons sf-pad"):
            form.sends("保存新版本", send, mark="edit-item")
        form.focus("valid_from")


def _order(values: dict[str, Any]) -> EditItem:
    def materials(situation: Situation) -> tuple[StopMaterialKind, ...]:
        return tuple(kind for kind in StopMaterialKind if values[f"{situation.value}.{kind.value}"])

    pairs = ((values[f"ask.{place}"] or "", values[f"answer.{place}"] or "") for place in range(_QUESTIONS))
    return EditItem(
        item_code=str(values["item_code"]),
        valid_from=values["valid_from"] if isinstance(values["valid_from"], date) else date.min,
        new_materials=materials(Situation.NEW),
        cancel_materials=materials(Situation.CANCEL),
        limit_days=int(values["limit_days"]),
        counters=str(values["counters"] or ""),
        questions=tuple((str(ask), str(answer)) for ask, answer in pairs if ask and answer),
        reason=str(values["reason"]),
    )


def _draw_item(item: Item, when: str) -> None:
    head(f"{item.name}（{when}）")
    facts(
        {
            "事项编码": item.item_code,
            "版本": item.version_no or "系统自带",
            "办理时限": f"{item.limit_days}个工作日",
            "办理窗口": item.counters,
            "归并到": f"{item.redirects_to}（自{item.redirects_from}起）" if item.redirects_to else "",
        },
        columns=1,
    )
    head("材料")
    Rows(
        (
            Column("kind", "材料", value=lambda one: one.kind.label),
            Column("when", "情形", value=lambda one: "、".join(sorted(each.label for each in one.situations))),
        ),
        item.materials,
        label="材料",
    )
    if item.questions:
        head("常见问题")
        facts(dict(item.questions), columns=1)
    note("电子证照库已有的本人有效证照免于提交，不因事项定义列出而要求重复提交。")


STOP_ITEMS = desk_module(Items, "stop_items", "menu_book", "manage", title="事项定义")

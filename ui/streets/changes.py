"""街镇变更: streets that were merged or renamed, by their day (row 50)."""

from datetime import date
from typing import Any

from nicegui import ui as web

from models.places_data import streets
from models.streets import StreetChangeKind
from services.engine.listings import Line
from services.engine.orders import Reasoned
from services.streets.changes import KEEPERS, AddChange, add_change, drop_change
from services.streets.listings import CHANGES as CHANGE_LIST
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.fields import choice_field, date_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import head, note


class Changes(ListDesk[Line]):
    """The city keeps the changes; F2 adds one, one that is still to come can be taken back."""

    listing = CHANGE_LIST
    part = "变更详情"

    def begin(self) -> None:
        if not self.place.caller.has(*KEEPERS):
            return
        self.place.command("登记变更", lambda: self.draw_over(self._draw_form), icon="merge", key="f2")
        self.command("撤销", self.drop, icon="undo", key="f8", needs="请先选择一条尚未生效的变更")

    def _draw_form(self) -> None:
        names = {one.code: one.name for one in streets() if one.official}
        head("登记街镇变更")
        with Form(columns=2) as form:
            form.add(
                text_field("old_code", "原街镇代码", required=True, longest=9),
                text_field("old_name", "原街镇名称", required=True, longest=40),
                choice_field("change", "变更方式", StreetChangeKind.labels(), required=True),
                date_field("effective", "生效日期", required=True),
                text_field("new_code", "现街镇代码", required=True, longest=9),
                text_field("new_name", "现街镇名称", required=True, longest=40),
            )
        for code, name in (("old_code", "old_name"), ("new_code", "new_name")):
            form.fields[code].control.on_value_change(lambda event, name=name: fill(str(event.value or ""), name))
        note("自生效日期起，原街镇的用户关联转到现街镇；原街镇办理过的记录由现街镇继续办理和查询。")

        def fill(code: str, name: str) -> None:
            if code.strip() in names and not form.fields[name].value:
                form.fields[name].value = names[code.strip()]

        async def send(values: dict[str, Any]) -> None:
            order = AddChange(
                str(values["old_code"]),
                str(values["old_name"]),
                StreetChangeKind.of(values["change"]),
                str(values["new_code"]),
                str(values["new_name"]),
                values["effective"] if isinstance(values["effective"], date) else date.min,
            )
            answer = await call(add_change, order)
            if not answer.ok:
                form.mark(answer.findings)
                return
            await self.take(answer.value)
            self.place.say("已登记，到生效日期自动转接", "good")

        with web.element("div").classes("sf-buttons sf-pad"):
            form.sends("登记", send, mark="add-change")

    async def drop(self, line: Line) -> None:
        """Withdraw the selected change before its day."""
        words = await ask_reason(
            "撤销这项变更？", summary={"原街镇": line.old_name, "现街镇": line.new_name}, yes="撤销"
        )
        if words is not None:
            await self.act(drop_change, Reasoned(line.id, words), "变更已撤销")


CHANGES = desk_module(Changes, "street_changes", "merge", "streets")

"""强制上下架: the district window puts homes on or off the public display, with a reason (row 30)."""

from typing import Any

from models.verification_codes import SHELF, ShelfState
from services.engine.listings import Line
from services.verification.forced_shelf import FORCED_SHELF, ForceShelf, force_off, force_on, lift_force_off
from ui.shell.fields import reason_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import head, note


class ForcedShelf(ListDesk[Line]):
    """The code in hand, with what may be done with its display."""

    listing = FORCED_SHELF
    part = "上架状态"

    def begin(self) -> None:
        for label, step, act, icon in (
            ("强制上架", "force_on", force_on, "publish"),
            ("强制下架", "force_off", force_off, "unpublished"),
            ("解除强制下架", "lift", lift_force_off, "lock_open"),
        ):
            if self.place.may(act):
                self.command(label, self._asking(label, act), icon=icon, when=self._starts(step))

    def _starts(self, step: str) -> Any:
        return lambda line: line.shelf in SHELF.open_to(step)

    def _asking(self, label: str, act: Any) -> Any:
        async def ask(line: Line) -> None:
            self.draw_over(lambda: self._form(label, act, line))

        return ask

    def _form(self, label: str, act: Any, line: Line) -> None:
        head(f"{label}：{line.code_no}")
        note("公开查询页随即变化，发布企业收到消息。普通房源强制下架须填写投诉编号。")
        with Form(columns=1) as form:
            form.add(reason_field("事由", least=5), text_field("reference", "文号或投诉编号", longest=60))

        async def send(values: dict[str, Any]) -> None:
            shown: ShelfState = line.shelf
            order = ForceShelf(line.id, values["reason"], shown, values["reference"] or "")
            await self.act(act, order, f"已{label}")

        form.sends(label, send, mark="force-shelf")


FORCED_SHELF_DESK = desk_module(ForcedShelf, "forced_shelf", "storefront", "counter")

"""上传的材料: files that were handed in; looked at again, labelled with a reason (D08, D17)."""

from typing import Any

from nicegui import ui as web

from models.labels import Label
from services.access.record_labels import SetLabel, set_label
from services.documents.attachments import VIRUS
from services.documents.material_list import MATERIALS as MATERIAL_LIST
from services.engine.listings import Line
from ui.shell.fields import choice_field, text_field
from ui.shell.files import ATTACHMENTS
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note


class Materials(ListDesk[Line]):
    """The file in hand, with its label, is opened from the toolbar."""

    listing = MATERIAL_LIST
    part = "材料详情"
    classes = ""

    def begin(self) -> None:
        needs = "请先选择一份可以查看的材料"
        self.command("查看", self.open, icon="visibility", key="f8", needs=needs, when=_opens)

    def draw(self, view: Line) -> None:
        head(view.category)
        facts(
            {
                "格式": f"{view.kind}，{view.kilobytes:,} KB",
                "查毒": view.state,
                "隔离原因": view.kept_apart,
                "上传时间": view.created_at,
                "SM3 摘要": view.digest,
                "安全标记": view.label,
            },
            columns=1,
        )
        self._draw_label(view)

    def _draw_label(self, line: Line) -> None:
        head("修改安全标记")
        with Form(columns=1) as form:
            form.add(choice_field("label", "安全标记", Label.labels(), value=str(line.label), required=True))
            form.add(text_field("reason", "原因", required=True, longest=200, help="不少于4个字"))
        note("不能高于本人的安全标记；降低级别由市级人员办理。")

        async def save(values: dict[str, Any]) -> None:
            order = SetLabel("attachment", line.id, Label.of(values["label"]), values["reason"])
            await self.act(set_label, order, "安全标记已修改")

        form.sends("修改安全标记", save, mark="set-label", plain=True)

    def open(self, line: Line) -> None:
        """Open the file in a new tab; the access is logged."""
        web.navigate.to(f"{ATTACHMENTS}{line.id}", new_tab=True)


def _opens(line: Line) -> bool:
    return VIRUS not in line.kept_apart


MATERIALS = desk_module(Materials, "materials", "attach_file", "search")

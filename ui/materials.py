"""上传的材料: files that were handed in; looked at again, labelled with a reason (D08, D17)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.documents import FileState
from models.labels import Label
from services.access.record_labels import SetLabel, set_label
from services.access.visibility import CITY, CLERKS
from services.documents.material_list import FindMaterials, MaterialLine, list_materials
from ui.shell.attachments import ATTACHMENTS
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.fields import choice_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place


def order_of(view: View) -> FindMaterials:
    return FindMaterials(view.text("category"), view.text("state"), view.text("label"), view.page, view.size)


class MaterialsPage:
    """The files on the left; the one in hand, with its label, on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chosen = place.params.get("material", "")
        self.opening = place.command("查看", self.open, icon="visibility", key="f8", needs="请先选择一份可以查看的材料")
        place.command("刷新", self.load, icon="refresh", key="f3")
        with web.element("div").classes("sf-split"):
            self.grid = Grid(
                place,
                list_materials,
                order=order_of,
                columns=(
                    Column("category", "材料"),
                    Column("kind", "格式", width=90),
                    Column("kilobytes", "大小（KB）", number=True, width=90),
                    Column("state", "查毒", width=90),
                    Column("label", "安全标记", width=90),
                    Column("at", "上传时间", width=130),
                ),
                filters=(
                    Filter("category", "材料", width=200),
                    Filter("state", "查毒", options=FileState.labels(), width=150),
                    Filter("label", "安全标记", options=Label.labels(), width=150),
                ),
                on_pick=lambda line: self.choose(line.id),
                on_enter=lambda line: self.choose(line.id),
                on_loaded=lambda answer: self.draw(),
                empty="没有上传的材料。窗口人员看到本人上传的，市级看到全部。",
            )
            self.detail = web.element("section").props("aria-label=材料详情")

    async def load(self) -> None:
        await self.grid.load()

    async def choose(self, row_id: object) -> None:
        self.chosen = str(row_id)
        self.place.keep(material=self.chosen)
        self.draw()
        self.place.reveal(self.detail)

    @property
    def line(self) -> MaterialLine | None:
        found: MaterialLine | None = self.grid.lines.get(self.chosen)
        return found

    def draw(self) -> None:
        """The file in hand and its label."""
        line = self.line
        self.opening.enable(line is not None and line.opens)
        self.detail.clear()
        with self.detail:
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text=line.category if line else "材料详情")
            if line is None:
                TextElement(tag="p", text="请在列表中选择一份材料").classes("sf-empty")
                return
            with web.element("div").classes("sf-form").style("--columns: 1"):
                shown_field("格式", f"{line.kind}，{line.kilobytes:,} KB")
                shown_field("查毒", line.state)
                if line.why:
                    shown_field("隔离原因", line.why)
                shown_field("上传时间", line.at)
                shown_field("SM3 摘要", line.digest)
                shown_field("安全标记", line.label)
            self._draw_label(line)

    def _draw_label(self, line: MaterialLine) -> None:
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text="修改安全标记")
        with Form(columns=1) as form:
            form.add(choice_field("label", "安全标记", Label.labels(), value=str(line.label), required=True))
            form.add(text_field("reason", "原因", required=True, longest=200, help="不少于4个字"))
        TextElement(tag="p", text="不能高于本人的安全标记；降低级别由市级人员办理。").classes("sf-note")

        async def save() -> None:
            values = form.read()
            if values is None:
                return
            order = SetLabel("attachment", line.id, Label.of(values["label"]), values["reason"])
            if not (await call(set_label, order, button=button)).ok:
                return
            await self.load()
            self.place.say("安全标记已修改", "good")

        with web.element("div").classes("sf-buttons sf-pad"):
            button = plain_button("修改安全标记", save).mark("set-label")

    def open(self) -> None:
        """Open the file in a new tab; the access is logged."""
        line = self.line
        if line is not None and line.opens:
            web.navigate.to(f"{ATTACHMENTS}{line.id}", new_tab=True)


async def build(place: Place) -> None:
    await MaterialsPage(place).load()


MATERIALS = Module("materials", "上传的材料", "attach_file", "search", frozenset(CLERKS | CITY), build)

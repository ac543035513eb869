"""指派地块: a head company gives its parcel, whole or in part, to one of its own project companies (row 57)."""

from collections.abc import Mapping
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from services.parcels.link_choices import Assignable, assignable
from services.parcels.project_links import AssignParcel, assign_parcel
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import area_field, choice_field, text_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import empty, head
from ui.shell.place import Place


def _options(labels: Mapping[UUID, str]) -> dict[str, str]:
    return {str(key): label for key, label in labels.items()}


class AssigningPage:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.box = web.element("section").props("aria-label=指派地块")

    async def load(self) -> None:
        self.place.commands.clear()
        self.place.command("刷新", self.load, icon="refresh", key="f3")
        answer = await call(assignable)
        if answer.ok and not self.box.is_deleted:
            self._draw(answer.value)

    def _draw(self, found: Assignable) -> None:
        self.box.clear()
        with self.box:
            head("指派地块")
            if not found.parcels:
                empty("没有可指派的地块：地块须先与本公司关联并经双方确认")
                return
            if not found.companies:
                empty("没有已准入的项目公司，请先办理项目公司准入")
                return
            words = "整块指派的不填部分面积；一块地由两家项目公司开发的，分别填写部分面积，合计不超过地块面积。"
            TextElement(tag="p", text=words).classes("sf-note")
            with Form(columns=1) as self.form:
                self.form.add(
                    choice_field("parcel", "地块", _options(found.parcels), required=True),
                    choice_field("project_company_id", "项目公司", _options(found.companies), required=True),
                    area_field("part_area", "部分面积", help="整块指派不填"),
                    text_field("words", "说明", longest=500, lines=2),
                )
            with web.element("div").classes("sf-buttons sf-pad"):
                main_button("指派（F8）", self._assign, icon="assignment_ind").mark("assign-parcel")
            self.place.command("指派", self._assign, icon="assignment_ind", key="f8")

    async def _assign(self) -> None:
        values = self.form.complete()
        order = AssignParcel(
            UUID(values["parcel"]), UUID(values["project_company_id"]), values["part_area"], values["words"] or ""
        )
        with self.box:
            answer = await call(assign_parcel, order)
            if not answer.ok:
                self.form.mark(answer.findings)
                return
            self.place.say("已指派，等待项目公司确认", "good")
            await self.load()
        await self.place.open("parcel_assignments", id=answer.value)


async def build(place: Place) -> None:
    await AssigningPage(place).load()


ASSIGN = Module(
    "parcel_assign", "指派地块", "assignment_ind", "parcels", frozenset({Role.HEAD_ADMIN}), build, hidden=True
)

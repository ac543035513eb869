"""Step 3: what is let, room by room from the registered plan, and who will live there (row 6)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.tenancy_codes import LeaseMode, Relation
from services.tenancy.counter_forms import new_resident
from ui.shell.buttons import plain_button
from ui.shell.parts import head, note
from ui.tenancy.card_reader import read_card
from ui.tenancy.elements import Tick, TickList, head_box
from ui.tenancy.filing_steps.parties import PERSON_IDS
from ui.tenancy.filing_steps.people import PeopleStep

_N1 = {
    "n1_material_ok": "采用轻质不燃材料隔断",
    "n1_daylight_ok": "采光通风符合要求",
    "n1_verified": "已经平台核验",
}


class RoomsStep(PeopleStep):
    key, title = "rooms", "房间与居住人"
    lists: ClassVar[Mapping[str, str]] = {"residents": "居住人"}
    least = 0
    owns = ("rooms", "mode", "leased_area", "purpose", "residents", "dormitory", *_N1)

    async def draw(self) -> None:
        sheet = self.sheet
        head("出租部位")
        with web.element("div").classes("sf-form"):
            sheet.choice("mode", "出租方式", LeaseMode.labels(), required=True, on_change=self._mode_changed)
            sheet.area("leased_area", "租赁面积", help="不填按整套建筑面积或所选房间使用面积")
        sheet.spot("rooms")
        self._draw_rooms()
        with head_box("共同居住人"):
            plain_button("增加居住人", partial(self.add, "residents"), icon="person_add")
        self.fits = TextElement(tag="p", text="").classes("sf-callout").props("role=status")
        sheet.spot("residents")
        self.hand &= set(self.paths())
        if not self.people("residents"):
            note("除承租人外没有其他居住人的，不用填写。")
        self.draw_people("residents")
        self._count()
        self.form.buttons()

    def _draw_rooms(self) -> None:
        sheet, house = self.sheet, self.form.draft.house
        mode = sheet.text("mode")
        if mode == LeaseMode.WHOLE.value:
            if house and house.rooms:
                words = "、".join(f"{room.kind}{room.label}（{room.area}㎡）" for room in house.rooms)
                note(f"整套出租：{words}")
            return
        if house is None or not house.rooms:
            field = sheet.line("room_text", "房间号", help="登记户型未取得，请按户型图填写，多间用顿号分开")
            field.control.set_value("、".join(sheet.get("rooms") or []))
            field.control.on_value_change(lambda event: self._take_rooms(_cut(event.value)))
            return
        lines = [
            Tick(
                room.label,
                cells=(
                    f"{room.kind}{room.label}",
                    f"{room.area} ㎡",
                    f"{room.fits}人" if room.fits else "—",
                    "原始设计" if room.as_designed else "非原始设计",
                ),
                badge="" if room.fits or room.hall else "不能单独出租",
            )
            for room in house.rooms
        ]
        columns = ("房间", "使用面积", "可住", "设计")
        TickList("出租房间", lines, value=sheet.get("rooms") or [], columns=columns, on_change=self._take_rooms)
        if mode == LeaseMode.N1.value:
            ticked = [key for key in _N1 if sheet.get(key)]
            TickList(
                "客厅隔间声明", [Tick(key, words) for key, words in _N1.items()], value=ticked, on_change=self._declare
            )
            for key in _N1:
                sheet.spot(key)

    def _take_rooms(self, labels: list[str]) -> None:
        self.sheet.put("rooms", labels)
        self.sheet.told.pop("rooms", None)
        self.sheet.show()
        self._count()

    def _declare(self, ticked: list[str]) -> None:
        for key in _N1:
            self.sheet.put(key, key in ticked)

    def new_person(self) -> dict[str, Any]:
        return new_resident()

    def draw_person(self, path: str) -> None:
        sheet = self.sheet
        with web.element("div").classes("sf-form"):
            sheet.line(f"{path}.name", "姓名", required=True)
            sheet.choice(f"{path}.relation", "与承租人关系", Relation.labels(), required=True)
            sheet.line(f"{path}.mobile", "联系电话")
            sheet.choice(f"{path}.id_type", "证件种类", PERSON_IDS, required=True)
            sheet.line(f"{path}.id_no", "证件号码", required=True)
            rooms = {label: label for label in sheet.get("rooms") or self._bedrooms()}
            sheet.choice(f"{path}.room", "居住房间", rooms, empty="不指定")

    def _bedrooms(self) -> list[str]:
        house = self.form.draft.house
        return [room.label for room in house.rooms if room.fits] if house else []

    def _count(self) -> None:
        house, rooms = self.form.draft.house, self.sheet.get("rooms") or []
        persons = len(self.sheet.raw["lessees"]) + len(self.people("residents"))
        words = f"本次居住{persons}人（承租人{len(self.sheet.raw['lessees'])}人）"
        if house is not None and house.rooms:
            whole = self.sheet.text("mode") == LeaseMode.WHOLE.value
            fits = sum(room.fits for room in house.rooms if whole or room.label in rooms)
            words += f"，{'整套' if whole else '所选房间'}按规定可住{fits}人"
            self.fits.classes(
                replace="sf-callout sf-callout-bad" if persons > fits and (whole or rooms) else "sf-callout"
            )
        self.fits.text = words

    async def read_card(self) -> None:
        card = await read_card("读取证件：共同居住人")
        residents = self.people("residents")
        empty = next((place for place, one in enumerate(residents) if not one.get("id_no")), len(residents))
        filled = {"name": card.name, "id_no": card.id_no, "id_type": card.id_type, "mobile": card.mobile}
        one = {**(residents[empty] if empty < len(residents) else new_resident()), **filled}
        self.sheet.put("residents", [*residents[:empty], one, *residents[empty + 1 :]])
        self.hand = {f"residents.{empty}"}
        await self.form.draw()
        self.sheet.focus(f"residents.{empty}.relation")

    async def _mode_changed(self) -> None:
        if self.sheet.text("mode") == LeaseMode.WHOLE.value:
            self.sheet.put("rooms", [])
        await self.form.draw()


def _cut(text: Any) -> list[str]:
    for mark in "，,；; ":
        text = str(text or "").replace(mark, "、")
    return [part for part in text.split("、") if part]

"""个人转租登记: the units on the left; registering one, and the unit in hand, on the right (row 49)."""

from nicegui import ui as web

from models.places_data import districts_by_code
from services.engine.listings import Line
from services.practitioners.import_columns import ID_TYPES
from services.sublets.listings import UNITS as UNIT_LIST
from services.sublets.units import RegisterUnit, Sublessor, end_unit, register_unit
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import choice_field, date_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import head, note
from ui.tenancy.scan_upload import MaterialField

_KINDS = {code: label for label, code in ID_TYPES.items()}


class Units(ListDesk[Line]):
    """The unit in hand is ended from the toolbar; F2 registers another."""

    listing = UNIT_LIST
    part = "转租登记"

    def begin(self) -> None:
        if self.place.may(register_unit):
            self.place.command("登记转租", self.begin_form, icon="add_home", key="f2")
            self.command(
                "结束转租",
                self.end,
                icon="event_busy",
                key="f4",
                needs="请先选择一条转租中的登记",
                when=lambda line: self.place.may(end_unit, line),
            )

    def begin_form(self) -> None:
        """Draw the form of a registration beside the list."""
        self.draw_over(self._draw_form)

    def _draw_form(self) -> None:
        head("登记转租")
        with Form(columns=2) as self.form:
            self.form.add(
                text_field("name", "转租人姓名", required=True, longest=60),
                choice_field("id_type", "证件种类", _KINDS, value="11", required=True),
                text_field("id_no", "证件号码", required=True, longest=40),
                text_field("mobile", "手机", longest=20, help="用于告知办照指引"),
                choice_field("district", "主要区", districts_by_code(), help="不选时为第一套房屋所在区"),
                text_field("house_code", "房屋编码或权属证明编号", required=True, longest=80),
                text_field("part", "转租部位", longest=120, help="整套不填；按间转租填写房间号，如 1+2"),
                date_field("head_from", "上手租约起", required=True),
                date_field("head_to", "上手租约止", required=True),
            )
            self.consent = MaterialField(self.form, "consent", "出租人同意转租的材料")
        note("系统按登记和备案合并计数：整套计1，按间转租按间数计；超过标准的，自动预警并告知有关区。")
        with web.element("div").classes("sf-buttons sf-pad"):
            self.form.sends("登记", self._register, mark="register-sublet")

    async def _register(self, values: dict[str, object]) -> None:
        text = {key: str(value or "") for key, value in values.items()}
        order = RegisterUnit(
            Sublessor(text["name"], text["id_no"], text["id_type"], text["mobile"], text["district"]),
            text["house_code"],
            values["head_from"],  # type: ignore[arg-type]
            values["head_to"],  # type: ignore[arg-type]
            text["part"],
            self.consent.reference,
        )
        answer = await call(register_unit, order)
        if not answer.ok:
            self.form.mark(answer.findings)
            return
        done = answer.value
        if done.intercepted:
            await self.done(f"已登记{done.register_no}，但该房屋已由他人登记转租，核实前不计数")
        else:
            await self.done(f"已登记{done.register_no}，该转租人现有{done.units}套（间）")

    async def end(self, line: Line) -> None:
        """End the unit in hand as its person declares."""
        await confirm("结束这一套（间）的转租？", summary={"房屋": line.address, "部位": line.part}, yes="结束转租")
        await self.act(end_unit, line.id, "已结束转租，计数已更新")


UNITS = desk_module(Units, "sublet_units", "holiday_village", "counter")

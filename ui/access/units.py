"""机构管理: the offices, their public data, and their numbers of accounts."""

from typing import Any

from models.access import Role, UnitKind
from models.places_data import districts, districts_by_code, streets, streets_of
from services.access.units import UNITS as UNIT_LIST
from services.access.units import CreateUnit, EditUnit, create_unit, edit_unit
from services.engine.listings import Line
from ui.shell.fields import choice_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head

_MADE_HERE = {value: label for value, label in UnitKind.labels().items() if value != UnitKind.ENTERPRISE}


class Units(ListDesk[Line]):
    """Units on the left; the one in hand, or a new one, on the right."""

    listing = UNIT_LIST
    part = "机构详情"
    classes = ""

    def begin(self) -> None:
        if self.place.may(create_unit):
            self.place.command("新建机构", lambda: self.draw_over(self.draw_new), icon="add_business", key="f2")

    def draw(self, view: Line) -> None:
        head(view.name)
        street = next((one.name for one in streets() if one.code == view.street_code), "")
        area = f"{districts_by_code().get(view.district_code, '')} {street}".strip() or "全市"
        facts({"单位编码": view.unit_code, "类别": view.kind, "区、街镇": area}, columns=1)
        with Form(columns=1) as form:
            form.add(text_field("name", "单位名称", value=view.name, required=True, longest=80))
            form.add(text_field("address", "办公地址", value=view.address, longest=120))
            form.add(text_field("phone", "联系电话", value=view.phone, longest=32))
            form.add(text_field("hours", "办公时间", value=view.hours, longest=60))

        async def save(values: dict[str, Any]) -> None:
            order = EditUnit(view.id, **{key: text or "" for key, text in values.items()})
            await self.act(edit_unit, order, "已保存")

        form.sends("保存", save)

    def draw_new(self) -> None:
        """The form for a new office; the streets follow the district."""
        areas = {"310000": "全市", **{district.code: district.name for district in districts()}}
        head("新建机构")
        with Form(columns=1) as form:
            form.add(text_field("unit_code", "单位编码", required=True, longest=32, help="字母和数字，如ST310115020"))
            form.add(text_field("name", "单位名称", required=True, longest=80))
            form.add(choice_field("kind", "类别", _MADE_HERE, required=True))
            form.add(choice_field("district_code", "所在区", areas, required=True, on_change=lambda: follow()))
            street = form.add(choice_field("street_code", "所在街镇", {}, help="只有社区事务受理服务中心填写"))
            form.add(text_field("address", "办公地址", longest=120))
            form.add(text_field("phone", "联系电话", longest=32))
            form.add(text_field("hours", "办公时间", longest=60))

        def follow() -> None:
            found = streets_of(str(form.fields["district_code"].value or ""))
            street.control.set_options({one.code: one.name for one in found if one.official})

        async def send(values: dict[str, Any]) -> None:
            kind = UnitKind.of(values.pop("kind"))
            order = CreateUnit(kind=kind, **{key: text or "" for key, text in values.items()})
            await self.act(create_unit, order, "机构已建立")

        form.sends("建立机构", send)
        form.focus("unit_code")


UNITS = desk_module(Units, "units", "domain", "manage", title="机构管理", roles={Role.SYS_ADMIN})

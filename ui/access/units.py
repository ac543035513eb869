"""机构管理: the offices, their public data, and their numbers of accounts."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role, UnitKind
from models.places_data import districts, streets_of
from services.access.units import UNITS as UNIT_LIST
from services.access.units import CreateUnit, EditUnit, create_unit, edit_unit
from services.engine.listings import Line
from ui.access.accounts import head
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import Field, choice_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.place import Place

_MADE_HERE = {value: label for value, label in UnitKind.labels().items() if value != UnitKind.ENTERPRISE}


class UnitsPage:
    """Units on the left; the one in hand, or a new one, on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        place.command("新建机构", self.draw_new, icon="add_business", key="f2")
        with web.element("div").classes("sf-split"):
            self.grid = ListView(place, UNIT_LIST, on_pick=self.choose, on_enter=self.choose)
            self.detail = web.element("section").props("aria-label=机构详情")
        with self.detail:
            TextElement(tag="p", text="请在列表中选择一个机构，或按 F2 新建").classes("sf-empty")

    def choose(self, line: Line) -> None:
        self.detail.clear()
        with self.detail:
            head(line.name)
            with web.element("div").classes("sf-form").style("--columns: 1"):
                shown_field("单位编码", line.unit_code)
                shown_field("类别", line.kind)
                shown_field("区、街镇", f"{line.district_code} {line.street_code}".strip())
            with Form(columns=1) as form:
                form.add(text_field("name", "单位名称", value=line.name, required=True, longest=80))
                form.add(text_field("address", "办公地址", value=line.address, longest=120))
                form.add(text_field("phone", "联系电话", value=line.phone, longest=32))
                form.add(text_field("hours", "办公时间", value=line.hours, longest=60))

            async def save() -> None:
                values = form.read()
                if values is None:
                    return
                order = EditUnit(line.id, **{key: text or "" for key, text in values.items()})
                if (await call(edit_unit, order, button=button)).ok:
                    self.place.say("已保存", "good")
                    await self.grid.load()

            with web.element("div").classes("sf-buttons sf-pad"):
                button = main_button("保存", save)
        self.place.reveal(self.detail)

    def draw_new(self) -> None:
        """The form for a new office; the streets follow the district."""
        self.detail.clear()
        areas = {"310000": "全市", **{district.code: district.name for district in districts()}}
        with self.detail:
            head("新建机构")
            with Form(columns=1) as form:
                form.add(
                    text_field("unit_code", "单位编码", required=True, longest=32, help="字母和数字，如ST310115020")
                )
                form.add(text_field("name", "单位名称", required=True, longest=80))
                form.add(choice_field("kind", "类别", _MADE_HERE, required=True))
                form.add(choice_field("district_code", "所在区", areas, required=True, on_change=lambda: follow()))
                street = form.add(choice_field("street_code", "所在街镇", {}, help="只有社区事务受理服务中心填写"))
                form.add(text_field("address", "办公地址", longest=120))
                form.add(text_field("phone", "联系电话", longest=32))
                form.add(text_field("hours", "办公时间", longest=60))

            def follow() -> None:
                _offer(street, str(form.fields["district_code"].value or ""))

            async def send() -> None:
                values = form.read()
                if values is None:
                    return
                kind = UnitKind.of(values.pop("kind"))
                order = CreateUnit(kind=kind, **{key: text or "" for key, text in values.items()})
                if (await call(create_unit, order, button=button)).ok:
                    self.place.say("机构已建立", "good")
                    await self.grid.load()

            with web.element("div").classes("sf-buttons sf-pad"):
                button = main_button("建立机构", send)
        form.focus("unit_code")
        self.place.reveal(self.detail)


def _offer(street: Field, district_code: str) -> None:
    street.control.set_options({one.code: one.name for one in streets_of(district_code) if one.official})


async def build(place: Place) -> None:
    await UnitsPage(place).grid.load()


UNITS = Module("units", "机构管理", "domain", "manage", frozenset({Role.SYS_ADMIN}), build)

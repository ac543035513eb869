"""叠加分析: what lies in a drawn polygon, around a project, in its red line, a district or a plate, by project (row 82)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.geometry import Geometry
from models.places_data import districts_by_code
from models.space_models import ModelPlane
from services.space.estate import READERS
from services.space.map_ground import overlay_ground
from services.space.overlay import AreaKind, Overlay, OverlayLine, OverlayResult, overlay, overlay_file
from services.space.planes import Pair
from services.space.spatial_areas import area_choices
from services.supply.stages import POTENTIAL, STOCK, Stage
from ui.shell.call import call
from ui.shell.fields import choice_field, count_field, flag_field, text_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import empty, head, note, uuid_of
from ui.shell.place import Place
from ui.space.outline_box import OutlineBox, text_of

KEY = "overlay"
_PAIR = re.compile(r"(-?\d{1,9}\.\d{2}),(-?\d{1,9}\.\d{2})")
#: Points of a drawn polygon that an address carries.
_MOST_CARRIED = 100
#: The whole city in each plane.
CITY = {
    ModelPlane.CGCS2000_GK3_40.value: (582e3, 3398e3, 716e3, 3530e3),
    ModelPlane.SH2000.value: (-60e3, -62e3, 72e3, 70e3),
}
_COLUMNS: tuple[tuple[str, tuple[Stage, ...]], ...] = (
    ("潜在", POTENTIAL),
    ("达预售条件", (Stage.READY,)),
    ("可售", STOCK),
    ("限制", (Stage.RESTRICTED,)),
    ("已售", (Stage.SOLD,)),
)


@dataclass
class Asked:
    """The last question, for its export."""

    order: Overlay | None = None


def _is(kind: AreaKind, value: Any) -> bool:
    return bool(value == kind.value)


def plane_named(value: str) -> ModelPlane:
    """The plane system of this key, zone 40 for any other text."""
    return next((one for one in ModelPlane if one.value == value), ModelPlane.CGCS2000_GK3_40)


def outline_words(points: Sequence[Pair]) -> str:
    """A polygon as a page's address carries it: centimetres are enough for what was clicked."""
    return " ".join(f"{e:.2f},{n:.2f}" for e, n in points[:_MOST_CARRIED])


def _points(words: str) -> list[Pair]:
    return [(float(e), float(n)) for e, n in _PAIR.findall(words)][:_MOST_CARRIED]


class OverlayPage:
    """The area above, the projects in it below."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.project_id = uuid_of(place.params.get("id", ""))
        self.asked = Asked()
        self.root = web.element("div").classes("sf-models")

    async def load(self) -> None:
        with self.root:
            self.root.clear()
            self.place.commands.clear()
            self.place.command("导出结果", self.export, icon="download", key="f8")
            head("叠加分析")
            note(
                "在图上绘制范围，或改选行政区、板块、已存的范围，然后按“分析”。建筑重心在范围内的计入；勾选后按基底面积一半以上在范围内计入。"
            )
            self.areas = {str(one): name for one, name in (await call(area_choices)).or_end()}
            given = self.place.params.get("points", "")
            plane = plane_named(self.place.params.get("plane", ""))
            kinds = {one.value: one.label for one in AreaKind}
            # The map of districts and red lines is what a visitor without a project sees first.
            usual = AreaKind.BUFFER if self.project_id is not None else AreaKind.DRAWN
            with Form() as form:
                self.form = form
                form.add(choice_field("kind", "范围", kinds, value=(AreaKind.DRAWN if given else usual).value))
                form.add(count_field("metres", "周边距离", value=500, unit="米"))
                form.add(choice_field("district", "行政区", districts_by_code(), value=""))
                form.add(text_field("plate", "板块", longest=40))
                form.add(choice_field("area", "已存的范围", self.areas, value=next(iter(self.areas), "")))
                form.add(
                    choice_field("plane", "坐标系", {one.value: one.label for one in ModelPlane}, value=plane.value)
                )
                form.add(flag_field("by_half", "按基底面积一半以上计入"))
            for key, kind in (
                ("metres", AreaKind.BUFFER),
                ("district", AreaKind.DISTRICT),
                ("plate", AreaKind.PLATE),
                ("area", AreaKind.KEPT),
                ("plane", AreaKind.DRAWN),
            ):
                form.only_when("kind", partial(_is, kind), key)
            self._draw_map(given)
            form.sends("分析", self.analyse, mark="analyse")
            self.result = web.element("section").props("aria-label=分析结果 role=status")
        if given:
            await self.analyse(form.complete())

    def _draw_map(self, given: str) -> None:
        """The map on which an area is drawn, with the table of its points for the keyboard."""
        with web.element("div").classes("sf-overlay-map") as self.drawing:
            self.map = OutlineBox(text_of([[_points(given)]]), label="分析范围", editable=True, drawn_as="绘制范围")
        kind, plane = self.form.fields["kind"].control, self.form.fields["plane"].control
        self.ground = ""

        async def follow(*_: object) -> None:
            shown = _is(AreaKind.DRAWN, self.form.fields["kind"].value)
            self.drawing.set_visibility(shown)
            wanted = str(self.form.fields["plane"].value)
            if shown and wanted != self.ground:
                self.ground = wanted
                answer = await call(overlay_ground, plane_named(wanted), quiet=True)
                if answer.ok and not self.map.is_deleted:
                    self.map.surroundings(answer.value, CITY[wanted])

        kind.on_value_change(follow)
        plane.on_value_change(follow)
        self.drawing.set_visibility(_is(AreaKind.DRAWN, self.form.fields["kind"].value))
        web.timer(0.1, follow, once=True)

    async def analyse(self, values: dict[str, Any]) -> None:
        """Ask for the projects in the chosen area."""
        with self.root:
            kind = next(one for one in AreaKind if one.value == values["kind"])
            outline = Geometry.of(self.map.value) if kind is AreaKind.DRAWN and self.map.value else None
            order = Overlay(
                kind,
                outline,
                plane_named(str(self.form.fields["plane"].value)),
                self.project_id,
                int(values["metres"] or 0),
                (values["district"] if kind is AreaKind.DISTRICT else values["plate"]) or "",
                uuid_of(values["area"] or ""),
                bool(values["by_half"]),
            )
            result: OverlayResult = (await call(overlay, order)).or_end()
            self.asked.order = order
            self.result.clear()
            with self.result:
                self._draw(result)
            # The answer is below the map and the table of its points.
            self.result.client.run_javascript(
                f"document.getElementById({self.result.html_id!r})?.scrollIntoView({{block: 'nearest'}})"
            )

    def _draw(self, result: OverlayResult) -> None:
        homes = sum(one.sets for line in result.lines for one in line.stages)
        inside = sum(line.inside for line in result.lines)
        head(f"{result.area}：{len(result.lines)}个项目，{inside}幢，{homes:,}套（截至{result.on}）")
        if not result.lines:
            empty("范围内没有已建模的建筑")
            return
        with web.element("table").classes("sf-plain-table").mark("overlay"):
            with web.element("thead"), web.element("tr"):
                for title in ("项目", "幢数", *(f"{name}（套/㎡）" for name, _ in _COLUMNS), "去化率"):
                    TextElement(tag="th", text=title).props("scope=col")
            with web.element("tbody"):
                for line in result.lines:
                    self._row(line)

    def _row(self, line: OverlayLine) -> None:
        with web.element("tr"):
            TextElement(tag="th", text=line.project).props("scope=row")
            TextElement(tag="td", text=f"{line.inside}/{line.buildings}（{line.share}%）")
            for _, stages in _COLUMNS:
                TextElement(tag="td", text=f"{line.sets(*stages):,} / {line.area(*stages):,.2f}").classes("sf-number")
            TextElement(tag="td", text=f"{line.sold_percent}%" if line.sold_percent is not None else "—")

    async def export(self) -> None:
        with self.root:
            if self.asked.order is None:
                self.place.say("请先分析，再导出", "warn")
                return
            content = (await call(overlay_file, self.asked.order)).or_end()
            web.download(content, "叠加分析.csv", "text/csv")
            self.place.say("已导出", "good")


async def build(place: Place) -> None:
    await OverlayPage(place).load()


OVERLAY = Module(KEY, "叠加分析", "layers", "space", frozenset(READERS), build)

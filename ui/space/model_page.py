"""A version of a model: its storeys' plans, the division of homes, and the match to the building table (row 81)."""

import re
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.element import Element

from models.space_models import DivisionMethod, DrawingUse
from services.engine.cycle_orders import RevisionView
from services.engine.kinds import MARKET_OFFICES
from services.space.building_model import Method
from services.space.drawing_queue import LARGEST_DRAWING, DrawingStatus, TakeVersionDrawing, take_version_drawing
from services.space.model_drafts import Divide, MatchHome, divide, match_home
from services.space.model_view import ModelView, PartView, StoreyView, model_view
from ui.records.beside import beside
from ui.records.record_page import RecordPage, open_record
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.fields import choice_field, number_field, text_field
from ui.shell.file_box import Accepted, FileBox
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import empty, facts, head, note, uuid_of, warning
from ui.shell.place import Place
from ui.space.drawing_wait import DrawingWait

KEY = "building-model"
_NUMBERS = re.compile(r"[,，、;；\s]+")
_MOST_LISTED = 200


class StoreyPlan(Element, component="plan.js"):
    """The plan of a storey; `picked(part)` is called for a home, `cut(start, end)` for a line drawn in cutting mode."""

    def __init__(self, view: ModelView, storey: StoreyView, *, picked: Any, cut: Any) -> None:
        super().__init__()
        self._props["size"] = view.size
        self._props["label"] = f"{storey.label}层平面"
        self._props["cutting"] = False
        self._props["cuts"] = ()
        self._props["picked"] = ""
        self._props["parts"] = tuple(_part(one, storey) for one in storey.parts)
        self.mark("plan")
        known = {one.part for one in storey.parts}

        def chosen(event: events.GenericEventArguments) -> object:
            return picked(event.args) if event.args in known else None

        def drawn(event: events.GenericEventArguments) -> object:
            ends = event.args
            if not (
                isinstance(ends, list)
                and len(ends) == 2
                and all(isinstance(one, list) and len(one) == 2 for one in ends)
            ):
                return None
            return cut(*((float(one[0]), float(one[1])) for one in ends))

        self.on("pick", chosen)
        self.on("cut", drawn)

    def hold(self, **prop: Any) -> None:
        self._props.update(prop)


def _part(one: PartView, storey: StoreyView) -> dict[str, Any]:
    matched = "" if one.common else f"，{one.how}" if one.house_code else "，未匹配"
    schematic = "，示意" if storey.schematic else ""
    name = "公共部位" if one.common else one.room or one.part
    tone = "sf-plan-common" if one.common else "sf-plan-matched" if one.house_code else "sf-plan-alone"
    return {
        "part": one.part,
        "label": "" if one.common and one.part != "整层" else name if one.part != "整层" else "整层",
        "title": f"{name} {one.area:,.2f}㎡{matched}{schematic}",
        "common": one.common,
        "tone": f"{tone} sf-plan-schematic" if storey.schematic else tone,
        "rings": one.rings,
    }


class ModelPage:
    """Storeys on the left, the plan of the chosen one, and how its homes are matched."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.revision_id = uuid_of(place.params.get("r", ""))
        self.root = web.element("div").classes("sf-building-page")
        self.view: ModelView | None = None
        self.storey: int | None = None
        self.cuts: list[tuple[tuple[float, float], tuple[float, float]]] = []
        self.picked = ""

    async def load(self) -> None:
        with self.root:
            if self.revision_id is None:
                empty("请从三维建模的页面进入")
                return
            answer = await call(model_view, self.revision_id, quiet=True)
            self.root.clear()
            self.place.commands.clear()
            if not answer.ok:
                empty(answer.message)
                return
            self.view = view = answer.value
            self.place.keep(r=self.revision_id)
            self.place.rename(f"模型 {view.building_no}"[:22])
            self.place.command("打开记录", self.open_record, icon="description", key="f8")
            self.place.command("刷新", self.load, icon="refresh", key="f3")
            numbers = [one.number for one in view.storeys]
            if self.storey not in numbers:
                self.storey = 1 if 1 in numbers else numbers[-1] if numbers else None
            with web.element("nav").classes("sf-building-list sf-model-storeys").props("aria-label=楼层"):
                for one in view.storeys:
                    told = f"{one.label}层　{one.method}"
                    button = plain_button(told, partial(self.show, one.number)).mark(f"storey-{one.number}")
                    button.props["aria-pressed"] = "true" if one.number == self.storey else "false"
            with web.element("section").classes("sf-building-table"):
                head(view.building or view.building_no)
                self.middle = web.element("div")
                if view.editable:
                    self._draw_tools(view)
            with web.element("aside").classes("sf-building-unit").props("aria-label=匹配报告"):
                self.side = web.element("div").props("role=status")
                self._draw_report(view)
            self._draw_plan()

    async def open_record(self) -> None:
        assert self.view is not None
        await open_record(self.place, "building_model", self.view.record_id)

    async def show(self, number: int) -> None:
        self.storey, self.cuts, self.picked = number, [], ""
        await self.load()

    def _now(self) -> StoreyView | None:
        assert self.view is not None
        return next((one for one in self.view.storeys if one.number == self.storey), None)

    def _draw_plan(self) -> None:
        storey = self._now()
        self.middle.clear()
        if storey is None or self.view is None:
            with self.middle:
                empty("模型没有楼层")
            return
        with self.middle:
            schematic = "。示意：位置为推测，不可量测" if storey.schematic else ""
            note(f"{storey.label}层，层底{storey.base}米，层高{storey.height}米，{storey.method}{schematic}。")
            self.plan = StoreyPlan(self.view, storey, picked=self.pick, cut=self.draw_cut)

    def _draw_report(self, view: ModelView) -> None:
        head("匹配报告")
        facts(
            {
                "楼盘表": f"{view.in_table}户",
                "模型": f"{view.homes}户",
                "已匹配": f"{view.matched}户（{view.rate}）",
                "按次序推断": f"{view.inferred}户" if view.inferred else "",
                "人工匹配": f"{view.by_hand}户" if view.by_hand else "",
            },
            columns=1,
        )
        for title, words in (
            ("只在模型中", view.model_only),
            ("只在楼盘表中", tuple(one.label for one in view.table_only)),
            ("重复", view.twice),
        ):
            if words:
                note(f"{title}（{len(words)}）：{'、'.join(words[:_MOST_LISTED])}")

    # -------------------------------------------------------------- matching

    async def pick(self, part: str) -> None:
        """Show the chosen home, and let it be tied to a home of the table."""
        with self.root:
            storey = self._now()
            one = next((one for one in storey.parts if one.part == part), None) if storey else None
            if storey is None or one is None or self.view is None:
                return
            self.picked = part
            self.plan.hold(picked=part)
            self.side.clear()
            with self.side:
                head(f"{storey.label}层 {one.room or one.part}")
                facts(
                    {"面积": f"{one.area:,.2f} ㎡", "房屋编码": one.house_code or "未匹配", "匹配方式": one.how},
                    columns=1,
                )
                if self.view.editable:
                    self._draw_match(storey, one)

    def _draw_match(self, storey: StoreyView, one: PartView) -> None:
        assert self.view is not None
        loose = {found.house_code: found.label for found in self.view.table_only}
        here = {
            found.house_code: f"{storey.label}层 {found.room}（现配{found.part}）"
            for found in storey.parts
            if found.house_code
        }
        with Form(columns=1) as form:
            form.add(choice_field("code", "楼盘表房屋", {**here, **loose}, value=one.house_code, empty="按规则匹配"))

        async def tie(values: dict[str, Any]) -> None:
            assert self.view is not None
            order = MatchHome(self.view.revision_id, self.view.version, storey.number, one.part, values["code"] or "")
            (await call(match_home, order)).or_end()
            await self.load()
            self.place.say("已按人工匹配更新", "good")

        form.sends("匹配", tie, mark="match", plain=True)

    # -------------------------------------------------------------- dividing

    def _draw_tools(self, view: ModelView) -> None:
        head("分户")
        methods = {one.value: one.label for one in DivisionMethod}
        with Form() as form:
            form.add(choice_field("method", "分户方式", methods, value=DivisionMethod.MANUAL.value))
            form.add(
                text_field("storeys", "楼层", value=str(self.storey or ""), help="例如3-17或1,2；不填为全部地上层")
            )
            form.add(text_field("distances", "切线位置（米）", help="距长轴左端，用逗号分隔；也可在平面上点两点画切线"))
            form.add(
                text_field(
                    "rooms", "各部分室号", help="从左到右、从南到北，用逗号分隔；公共部位写“公共”，不填为01、02……"
                )
            )
            form.add(number_field("core", "公共部位比例", value="0", unit="%", help="示意分户时留给楼梯、电梯"))
        manual = DivisionMethod.MANUAL.value
        form.only_when("method", lambda value: value == manual, "distances", "rooms")
        form.only_when("method", lambda value: value == DivisionMethod.AUTO_SPLIT.value, "core")

        async def apply(values: dict[str, Any]) -> None:
            await self.divide(values)

        form.sends("分户", apply, mark="divide")
        plain_button("在平面上画切线", self.toggle_cutting, icon="content_cut").mark("cutting")
        accepted, take = Accepted("DXF文件", ".dxf", LARGEST_DRAWING >> 20), partial(self.take_plan, form)
        box = FileBox("平面图（DXF）", take, accepted, classes="sf-models-box")
        box.button("按平面图分户").mark("floor-plan")
        self.waits = web.element("div")

    async def toggle_cutting(self) -> None:
        with self.root:
            cutting = not self.plan._props["cutting"]
            self.cuts = []
            self.plan.hold(cutting=cutting, cuts=())
            self.place.say("在平面上点两点画一条切线，画完按“分户”" if cutting else "已停止画切线")

    async def draw_cut(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.cuts.append((start, end))
        self.plan.hold(cuts=tuple(self.cuts))

    async def take_plan(self, form: Form, name: str, content: bytes) -> None:
        """Keep a floor plan drawing, wait for the worker, and divide the storeys named in the form by it."""
        with self.root:
            assert self.view is not None
            storeys = str(form.fields["storeys"].value or "")
            order = TakeVersionDrawing(self.view.revision_id, DrawingUse.FLOOR_PLAN, name, content)
            reading_id = (await call(take_version_drawing, order)).or_end()

            async def read(_: DrawingStatus) -> None:
                with self.root:
                    self.waits.clear()
                    await self._apply(storeys, method=Method.CAD_FLOOR_PLAN, reading_id=reading_id)

            def refused(message: str) -> None:
                self.waits.clear()
                with self.waits:
                    warning(message)

            self.waits.clear()
            with self.waits:
                DrawingWait(reading_id, read=read, refused=refused)

    async def divide(self, values: dict[str, Any]) -> None:
        with self.root:
            if values["method"] == DivisionMethod.CAD_FLOOR_PLAN.value:
                self.place.say("请按“按平面图分户”选择平面图文件", "warn")
                return
            try:
                distances = tuple(float(one) for one in _NUMBERS.split(values["distances"] or "") if one)
                core = Decimal(values["core"] or "0")
            except (ValueError, InvalidOperation):
                self.place.say("切线位置和比例请填写数值", "warn")
                return
            rooms = tuple(one for one in _NUMBERS.split(values["rooms"] or "") if one)
            await self._apply(
                values["storeys"] or "",
                method=Method(values["method"]),
                lines=tuple(self._in_plane(one) for one in self.cuts),
                distances=distances,
                rooms=rooms,
                core=core,
            )

    def _in_plane(self, line: Any) -> Any:
        assert self.view is not None
        west, south = self.view.corner
        return tuple((east + west, north + south) for east, north in line)

    async def _apply(self, storeys: str, **order: Any) -> None:
        assert self.view is not None
        done = (await call(divide, Divide(self.view.revision_id, self.view.version, storeys=storeys, **order))).or_end()
        self.cuts = []
        await self.load()
        table = f"，楼盘表{done.in_table}户已匹配{done.matched}户" if done.in_table else ""
        self.place.say(f"已分户：{done.homes}户{table}", "good")


@beside("building_model")
def open_plan(page: RecordPage, view: RevisionView) -> None:
    """A version of a model has its plans and its match report."""
    page.place.command("平面与匹配", partial(_open, page.place, view.revision_id), icon="grid_on")


async def _open(place: Place, revision_id: UUID) -> None:
    await place.open(KEY, r=str(revision_id))


async def build(place: Place) -> None:
    await ModelPage(place).load()


BUILDING_MODEL_PAGE = Module(
    KEY, "三维模型", "grid_on", "projects", frozenset(MARKET_OFFICES.readers), build, hidden=True, several=True
)

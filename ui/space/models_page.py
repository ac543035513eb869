"""三维建模: the models of a project, and drafts made from a site plan or a CityJSON file (row 81)."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.records import RevisionState
from models.space_models import DrawingUse, ModelPlane
from services.engine.clock import shanghai_text
from services.engine.cycle_orders import RevisionView
from services.engine.kinds import MARKET_OFFICES
from services.space.building_model import StoreyPlans
from services.space.drawing_layers import Wanted
from services.space.drawing_queue import (
    LARGEST_DRAWING,
    DrawingStatus,
    ReadAgain,
    TakeDrawing,
    read_again,
    take_drawing,
)
from services.space.model_drafts import DraftedModel, DraftModels, TiedOutline, draft_models, drawing_name
from services.space.model_exchange import CityAnswer, city_json, files_given_out, read_city
from services.space.plan_outlines import (
    ModelLine,
    PlanOutline,
    ProjectModels,
    ReadPlanAnswer,
    project_models,
)
from services.space.space_findings import SpaceFinding
from ui.records.beside import beside
from ui.records.record_page import RecordPage
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.fields import Field, choice_field, count_field, flag_field, number_field, text_field
from ui.shell.file_box import Accepted, FileBox
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import badge, empty, head, note, uuid_of, warning
from ui.shell.place import Place
from ui.space.drawing_wait import DrawingWait

KEY, VERSION = "building-models", "building-model"
_MOST_LAYERS = 30


@dataclass
class Row:
    """The fields of an outline in the list."""

    outline: PlanOutline
    chosen: Field
    number: Field
    above: Field
    below: Field
    natural: Field
    planned: Field


class ModelsPage:
    """The models of a project above, below them what was read of a drawing."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.project_id = uuid_of(place.params.get("id", ""))
        self.content, self.name = b"", ""
        self.reading: UUID | None = None
        self.layers = Wanted()
        self.rows: list[Row] = []
        self.storeys: dict[int, StoreyPlans] = {}
        self.root = web.element("div").classes("sf-models")

    async def load(self) -> None:
        with self.root:
            self.root.clear()
            self.place.commands.clear()
            if self.project_id is None:
                empty("请从项目的页面进入三维建模")
                return
            answer = await call(project_models, self.project_id, quiet=True)
            if not answer.ok:
                empty(answer.message)
                return
            self.place.keep(id=self.project_id)
            self.place.rename(f"三维建模 {answer.value.project}"[:22])
            self._commands(answer.value)
            self._draw_standing(answer.value)
            self.given = web.element("div")
            await self._draw_given()
            self.read_box = web.element("section").classes("sf-models-read").props("aria-label=读取的图纸")

    def _commands(self, models: ProjectModels) -> None:
        if self.place.may(draft_models):
            drawing = Accepted("DXF文件", ".dxf,.dwg", LARGEST_DRAWING >> 20)
            self.drawing = FileBox("上传总平面图（DXF）", self.take_drawing, drawing, classes="sf-models-box")
            city = Accepted("CityJSON文件", ".json,.city.json", 50)
            self.city = FileBox("导入CityJSON", self.take_city, city, classes="sf-models-box")
            self.place.command("上传总平面图", self.drawing.choose, icon="upload_file", key="f2")
            self.place.command("导入CityJSON", self.city.choose, icon="data_object")
        if models.in_force:
            self.place.command("导出CityJSON", self.export_city, icon="download")
            self.place.command("三维展示", self.open_estate, icon="view_in_ar", key="f8")
        self.place.command("刷新", self.load, icon="refresh", key="f3")

    def _draw_standing(self, models: ProjectModels) -> None:
        head(f"{models.project}：三维模型（{len(models.in_force)}幢生效）")
        known = {row.id: row for row in models.in_force}
        if not models.lines:
            note("还没有模型。空间数据作业员按F2上传总平面图（DXF），选定轮廓对应的建筑后生成草稿。")
        else:
            with web.element("table").classes("sf-plain-table").mark("models"), web.element("tbody"):
                for line in models.lines:
                    self._draw_line(line, known.get(line.record_id))
        if models.tables_alone:
            names = "、".join(f"{name}（{number}）" for number, name in models.tables_alone[:20])
            note(f"有楼盘表而没有模型：{names}。三维展示中不显示，楼盘表照常使用。")
        if models.planned_alone:
            note(f"规划建筑物没有模型：{'、'.join(models.planned_alone[:30])}。")

    def _draw_line(self, line: ModelLine, row: Any) -> None:
        with web.element("tr"):
            TextElement(tag="th", text=line.number or "未填楼号").props("scope=row")
            with web.element("td"):
                badge(line.state)
                TextElement(tag="span", text=f" 第{line.version_no}版")
            told = "—"
            if row is not None and line.state is RevisionState.EFFECTIVE:
                rate = f"，匹配{row.match_rate:.1f}%" if row.match_rate is not None else "，无楼盘表"
                told = f"{row.method.label}，{row.homes_total}户{rate}"
            TextElement(tag="td", text=told)
            with web.element("td"):
                plain_button("平面与匹配", partial(self.open_version, line.revision_id)).mark(f"model-{line.number}")

    async def open_version(self, revision_id: UUID) -> None:
        await self.place.open(VERSION, r=str(revision_id))

    async def open_estate(self) -> None:
        await self.place.open("estate", id=str(self.project_id))

    async def export_city(self) -> None:
        with self.root:
            assert self.project_id is not None
            given = (await call(city_json, self.project_id)).or_end()
            web.download(given.content, "建筑模型.city.json", "application/json")
            self.place.say(f"已导出生效模型，SM3 {given.digest[:12]}", "good")
            await self._draw_given()

    # -------------------------------------------------------------- reading

    async def take_drawing(self, name: str, content: bytes) -> None:
        """Keep a drawing that was handed in and wait until the worker has read it."""
        with self.root:
            assert self.project_id is not None
            self.name, self.content = name, content
            self._say("正在保存图纸……")
            kept = await call(take_drawing, TakeDrawing(self.project_id, name, content), quiet=True)
            if not kept.ok:
                self._refuse(kept.message)
                return
            self.reading, self.layers = kept.value, Wanted()
            self._wait()

    async def read_drawing(self, layers: Wanted) -> None:
        """Have the drawing read again with these layers."""
        with self.root:
            assert self.reading is not None
            (await call(read_again, ReadAgain(self.reading, layers))).or_end()
            self.layers = layers
            self._wait()

    def _say(self, words: str) -> None:
        self.read_box.clear()
        with self.read_box:
            head(f"图纸：{self.name[-60:]}")
            note(words).props("role=status")

    def _refuse(self, message: str) -> None:
        self.read_box.clear()
        with self.read_box:
            head(f"图纸：{self.name[-60:]}")
            warning(message)

    def _wait(self) -> None:
        """Wait for the worker, and say what is waited for."""
        assert self.reading is not None
        self.read_box.clear()
        with self.read_box:
            head(f"图纸：{self.name[-60:]}")
            DrawingWait(self.reading, read=self._show_read, refused=self._refuse)

    async def _show_read(self, status: DrawingStatus) -> None:
        with self.root:
            if status.read is not None:
                self._draw_read(status.read)
            else:
                await self._show_city()

    def _draw_read(self, read: ReadPlanAnswer) -> None:
        self.read_box.clear()
        with self.read_box:
            head(f"图纸：{self.name[-60:]}")
            self.storeys = {}
            self._draw_layers(read, self.layers)
            self._draw_findings(read.findings)
            self._draw_outlines(read.outlines, read.plane, read)

    def _draw_layers(self, read: ReadPlanAnswer, layers: Wanted) -> None:
        names = {name: f"{name}（{count}个图形）" for name, count in read.layers[:_MOST_LAYERS]}
        with web.element("details").props("" if read.outlines else "open"):
            TextElement(tag="summary", text="图层")
            with Form() as form:
                for key, label in (("outline", "建筑轮廓"), ("label", "楼号标注"), ("red_line", "用地红线")):
                    chosen = getattr(layers, key)
                    form.add(
                        choice_field(key, label, names, value=chosen if chosen in names else "", empty="按常用名称")
                    )

            async def again(values: dict[str, Any]) -> None:
                await self.read_drawing(Wanted(values["outline"], values["label"], values["red_line"]))

            form.sends("按所选图层重新读取", again, mark="again", plain=True)

    def _draw_findings(self, findings: tuple[SpaceFinding, ...]) -> None:
        if findings:
            with web.element("ul").classes("sf-models-findings").props("aria-label=读图发现"):
                for one in findings[:60]:
                    with web.element("li"):
                        badge(one.rule or "提示", "muted" if one.note else "warn")
                        named = f"{one.subject}：" if one.subject else ""
                        TextElement(tag="span", text=f" {named}{one.message}")

    def _draw_outlines(self, outlines: tuple[PlanOutline, ...], plane: ModelPlane | None, read: ReadPlanAnswer) -> None:
        self.rows = []
        if not outlines:
            return
        naturals = {number: f"{name}（{number}）" for number, name in read.naturals}
        planned = {number: f"{number} {name}".strip() for number, name in read.planned}
        with Form() as form:
            options = {one.value: one.label for one in ModelPlane}
            form.add(
                choice_field(
                    "plane", "坐标系", options, value=plane.value if plane else "", empty="请选择", required=True
                )
            )
            if any(one.base is None for one in outlines):
                form.add(number_field("base", "首层标高", value="0", unit="m"))
        note(
            f"{len(outlines)}个轮廓。核对楼号、层数和对应建筑；不建模的取消勾选。有楼盘表的按表示意分户，之后可按平面图或手工改。"
        )
        with web.element("div").classes("sf-models-outlines").mark("outlines"):
            for place, one in enumerate(outlines):
                self._draw_outline(place, one, naturals, planned)

        async def make(values: dict[str, Any]) -> None:
            await self.draft(values)

        form.sends("生成模型草稿", make, mark="draft")

    def _draw_outline(self, place: int, one: PlanOutline, naturals: dict[str, str], planned: dict[str, str]) -> None:
        with web.element("fieldset").classes("sf-models-outline"):
            under = f"，裙房{one.podium}上" if one.podium else ""
            homes = f"，图中画有{len(one.homes)}户" if one.homes else ""
            height = f"，高{one.height:g}米" if one.height else ""
            standing = f"，已有{one.standing}" if one.standing else ""
            base = "" if one.base is None else f"，首层标高{one.base:g}米"
            legend = f"{one.number or '无楼号'}　{one.outline.area:,.2f}㎡{height}{base}{under}{homes}{standing}"
            TextElement(tag="legend", text=legend)
            with Form() as form:
                chosen = form.add(flag_field(f"chosen-{place}", "建模", value=True))
                number = form.add(text_field(f"number-{place}", "楼号", value=one.number, longest=20))
                above = form.add(count_field(f"above-{place}", "地上层数", value=one.above, unit="层"))
                below = form.add(count_field(f"below-{place}", "地下层数", value=one.below or 0, unit="层"))
                natural = form.add(
                    choice_field(f"natural-{place}", "自然幢", naturals, value=one.natural_no, empty="无楼盘表")
                )
                kept = one.planned_no if one.planned_no in planned else ""
                plan = form.add(choice_field(f"planned-{place}", "规划建筑物", planned, value=kept, empty="不对应"))
            self.rows.append(Row(one, chosen, number, above, below, natural, plan))

    async def draft(self, values: dict[str, Any]) -> None:
        """Make drafts of the ticked outlines."""
        with self.root:
            chosen = [(place, row) for place, row in enumerate(self.rows) if row.chosen.value]
            if not values["plane"]:
                self.place.say("请选择坐标系", "warn")
                return
            try:
                base = Decimal(values.get("base") or "0")
                tied = tuple(
                    TiedOutline(
                        row.outline,
                        str(row.number.value or ""),
                        int(row.above.value or 0),
                        int(row.below.value or 0),
                        row.natural.value or "",
                        row.planned.value or "",
                    )
                    for _, row in chosen
                )
            except (ValueError, InvalidOperation):
                self.place.say("层数请填写整数，标高请填写数值", "warn")
                return
            assert self.project_id is not None
            told = {at: self.storeys[place] for at, (place, _) in enumerate(chosen) if place in self.storeys}
            name = drawing_name(self.name, self.content)
            order = DraftModels(self.project_id, ModelPlane.of(values["plane"]), name, tied, self.reading, base, told)
            made = (await call(draft_models, order)).or_end()
            await self.load()
            with self.read_box:
                self._draw_made(made)
            self.place.say(f"已生成{len(made)}份草稿", "good")

    def _draw_made(self, made: tuple[DraftedModel, ...]) -> None:
        head("已生成的草稿")
        with web.element("ul").mark("drafted"):
            for one in made:
                with web.element("li"):
                    table = f"楼盘表{one.in_table}户，匹配{one.matched}户" if one.in_table else "无楼盘表，只有外轮廓"
                    how = "，示意分户" if one.schematic else ""
                    TextElement(tag="span", text=f"{one.number}：{table}{how}。{one.note}")
                    main_button("平面与匹配", partial(self.open_version, one.revision_id))

    async def take_city(self, name: str, content: bytes) -> None:
        """Keep a CityJSON file that was handed in and wait until the worker has read it."""
        with self.root:
            assert self.project_id is not None
            self.name, self.content = name, content
            order = TakeDrawing(self.project_id, name, content, use=DrawingUse.CITY_JSON)
            kept = await call(take_drawing, order, quiet=True)
            if not kept.ok:
                self._refuse(kept.message)
                return
            self.reading = kept.value
            self._wait()

    async def _show_city(self) -> None:
        assert self.reading is not None
        answer = await call(read_city, self.reading, quiet=True)
        if not answer.ok:
            self._refuse(answer.message)
            return
        read: CityAnswer = answer.value
        self.read_box.clear()
        with self.read_box:
            head(f"CityJSON：{self.name[-60:]}")
            if read.ignored:
                note("未读取：" + "、".join(f"{kind} {count}个" for kind, count in read.ignored))
            self._draw_findings(read.read.findings)
            self.storeys = dict(enumerate(read.storeys))
            self._draw_outlines(read.read.outlines, read.read.plane, read.read)

    async def _draw_given(self) -> None:
        """List the CityJSON files that were given out, each to be opened again."""
        assert self.project_id is not None
        answer = await call(files_given_out, self.project_id, quiet=True)
        self.given.clear()
        with self.given:
            if answer.ok and answer.value:
                head("已导出的CityJSON")
                with web.element("ul").mark("given-out"):
                    for one in answer.value:
                        with web.element("li"):
                            words = f"{shanghai_text(one.at)}　{one.size:,}字节　SM3 {one.digest}"
                            web.link(words, f"/attachments/{one.id}")


@beside("project")
def open_models(page: RecordPage, view: RevisionView) -> None:
    """A project in force has its models."""
    if view.state is RevisionState.EFFECTIVE:
        page.place.command("三维建模", partial(page.place.open, KEY, id=str(view.record_id)), icon="architecture")


async def build(place: Place) -> None:
    await ModelsPage(place).load()


BUILDING_MODELS = Module(
    KEY, "三维建模", "architecture", "projects", frozenset(MARKET_OFFICES.readers), build, hidden=True
)

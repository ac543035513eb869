"""The outline of a red line in its form: read from a file or pasted, repaired, drawn, and checked while it is edited (row 80)."""

from functools import partial
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.red_lines import PlaneSystem
from models.space_models import DrawingUse
from services.engine.cycle_orders import RevisionView
from services.engine.field_types.field import Field as Shape
from services.space.coordinate_files import is_drawing
from services.space.drawing_queue import DrawingStatus, TakeVersionDrawing, take_version_drawing
from services.space.outline_edits import EditOutline, edit_outline
from services.space.outline_repairs import Reading, edges_told, ways_of
from services.space.planes import GEO, SH2000, SH_OLD, Pair
from services.space.red_line import KIND
from services.space.red_line_views import (
    Around,
    LookAround,
    LookAt,
    OutlineView,
    ReadOutline,
    Repair,
    look_around,
    look_at,
    read_outline,
    repair_outline,
    rings_of,
)
from services.space.space_findings import SpaceFinding
from ui.records.form import CONTROLS, RecordForm
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.choice import Choice
from ui.shell.dialogs import answer_buttons, answer_of, question
from ui.shell.fields import Field, text_field
from ui.shell.file_box import Accepted, FileBox
from ui.shell.form import Form, ask_form
from ui.shell.parts import note
from ui.space.drawing_wait import DrawingWait
from ui.space.outline_box import OutlineBox, shape_of, stops
from ui.space.outline_shown import draw_compared, draw_found

TYPES = ".txt,.csv,.xlsx,.json,.geojson,.dxf"
SYSTEM_FIELD, SLOT = "plane_system", "coordinates"
_SYSTEMS = {
    SH2000.key: "上海2000坐标系",
    PlaneSystem.CGCS2000_GK3_40.value: "CGCS2000 第40带",
    GEO: "CGCS2000 经纬度",
    SH_OLD: "上海城市坐标系（旧）",
}
_PASTE = "每行一个界址点：点号、X（北）、Y（东）；内圈写在后面，各圈末点重复首点。也可粘贴电子报盘全文。"
_WAIT = 0.6


class RedLineBox(OutlineBox):
    """An outline in a form: above the map how it is brought in, below it what was found."""

    form: RecordForm
    view: RevisionView
    reading: Reading | None = None

    def of_record(self, form: RecordForm, view: RevisionView) -> None:
        """Draw what belongs to the outline around its control, once the form is there."""
        self.form, self.view = form, view
        self.cut, self.merge, self.looked = self._split, partial(self._edit, "merge"), self._look_around
        self.drawn = partial(self._edit, "snap", quiet=True)
        box = form.fields[_named(form, self)].box.classes("sf-outline-field")
        #: The field that names the system; a record without one is in SH2000.
        self.plane = next((name for name in (SYSTEM_FIELD, "plane") if name in form.fields), "")
        if self.plane and not form.fields[self.plane].value:
            form.fields[self.plane].control.set_value(PlaneSystem.CGCS2000_GK3_40.value)
        with box:
            top = web.element("div").classes("sf-outline-bring")
            self.waits = web.element("div").classes("sf-outline-waits")
            self.below = web.element("div").classes("sf-outline-below")
        top.move(box, target_index=1)
        self.waits.move(box, target_index=2)
        with top:
            accepted = Accepted("TXT、CSV、XLSX、GeoJSON、DXF", TYPES)
            self.files = FileBox("上传坐标文件", self._upload, accepted, say=lambda words, _: self.say(words))
            self.files.button("上传坐标文件").mark("outline-upload")
            plain_button("粘贴坐标", self._paste, icon="content_paste").mark("outline-paste")
            self.system = Choice(_SYSTEMS, name="坐标系", empty="坐标系按文件说明")
            self.system.mark("outline-system")
            plain_button("吸附相邻点", partial(self._edit, "snap")).mark("outline-snap")
            plain_button("按点号分割", self._split_at).mark("outline-split")
            plain_button("检查", self.check).mark("outline-check")
        self.on_value_change(self._soon)
        for name in (self.plane, "report_area", "certificate_area", "parcel_id", "survey_class"):
            if name in form.fields:
                form.fields[name].control.on_value_change(self._soon)
        self._soon()

    # ---------------------------------------------------------------- bringing in

    async def _upload(self, name: str, content: bytes) -> None:
        if is_drawing(content):
            await self._queue(name, content)
            return
        await self._read(name, content, ReadOutline(content, self.system.value or ""))

    async def _queue(self, name: str, content: bytes) -> None:
        """Hand a drawing to the worker, and read its outline once it is there."""
        order = TakeVersionDrawing(self.view.revision_id, DrawingUse.RED_LINE, name, content)
        kept = await call(take_version_drawing, order, quiet=True)
        if self.is_deleted:
            return
        if not kept.ok:
            self._refuse(kept.message)
            return

        async def read(_: DrawingStatus) -> None:
            with self.waits:
                await self._read(name, content, ReadOutline(system=self.system.value or "", reading_id=kept.value))

        self.waits.clear()
        with self.waits:
            DrawingWait(kept.value, read=read, refused=self._refuse)

    async def _read(self, name: str, content: bytes, order: ReadOutline) -> None:
        answer = await call(read_outline, order, quiet=True)
        if self.is_deleted:
            return
        if not answer.ok:
            self._refuse(answer.message)
            return
        await self._take(answer.value, name)
        if self.form.files is not None and any(slot.name == SLOT for slot in self.form.kind.slots):
            await self.form.files.add(SLOT, name, content)

    async def _paste(self) -> None:
        with question("粘贴界址点坐标") as dialog:
            note(_PASTE)
            text = web.textarea().props("outlined autofocus input-style='height: 240px; font-family: monospace'")
            text.props["aria-label"] = "坐标"
            text.mark("pasted")
            answer_buttons(dialog, "读取", lambda: dialog.submit(str(text.value or "")))
        pasted = await answer_of(dialog, str)
        answer = await call(read_outline, ReadOutline(pasted.encode(), self.system.value or ""), quiet=True)
        if answer.ok:
            await self._take(answer.value, "粘贴的坐标")
        else:
            self._refuse(answer.message)

    def _refuse(self, message: str) -> None:
        self.reading = None
        self.waits.clear()
        with self.waits:
            TextElement(tag="p", text=message).classes("sf-callout sf-callout-bad").props("role=alert").mark(
                "outline-refused"
            )

    async def _take(self, reading: Reading, name: str) -> None:
        """Show what must be repaired of a file, or take its outline over when nothing is left."""
        outline = reading.outline
        if outline is not None:
            self.reading = None
            self.waits.clear()
            self._notes(reading)
            if self.plane:
                self.form.fields[self.plane].value = reading.plane_key
            if reading.stated_area is not None and "report_area" in self.form.fields:
                area = self.form.fields["report_area"]
                area.value = area.value or f"{reading.stated_area:.2f}"
            if "edge_check" in self.form.fields:
                self.form.fields["edge_check"].value = edges_told(reading)
            self.set_value(str(outline), f"已载入{name[-40:]}")
            self.run_method("take_up")
            return
        self.reading = reading
        if reading.extent.plane.has_map and not reading.extent.whole.is_empty:
            self.preview([Around("read", "待修复", rings_of(reading.extent.whole))], reading.waiting)
        self.waits.clear()
        with self.waits, web.element("section").classes("sf-callout sf-callout-bad").props("role=alert") as box:
            box.mark("outline-waits")
            TextElement(tag="strong", text=f"{name[-40:]}：下列问题改正后才能载入")
            with web.element("ul").classes("sf-outline-faults"):
                for place, finding in enumerate(reading.extent.findings):
                    if not finding.note and finding in reading.waiting:
                        self._draw_fault(reading, place, finding, name)
            with web.element("div").classes("sf-buttons"):
                if any(ways_of(reading, finding) for finding in reading.waiting):
                    main_button("全部修复并载入", partial(self._repair, reading, -1, "", name)).mark("repair-all")
                plain_button("不载入", self._drop)

    def _draw_fault(self, reading: Reading, place: int, finding: SpaceFinding, name: str) -> None:
        with web.element("li"):
            named = f"{finding.subject}：" if finding.subject else ""
            TextElement(tag="span", text=f"{finding.rule} {named}{finding.message}".strip())
            for way, label in ways_of(reading, finding):
                plain_button(label, partial(self._repair, reading, place, way, name)).mark(f"repair-{way}")
            if finding.place is not None and reading.extent.plane.has_map:
                plain_button("定位", partial(self.go, finding.place)).mark("fault-place")

    async def _repair(self, reading: Reading, place: int, way: str, name: str) -> None:
        done = (await call(repair_outline, Repair(reading, place, way))).or_end()
        await self._take(done, name)

    def _notes(self, reading: Reading) -> None:
        notes = [finding.message for finding in reading.extent.findings if finding.note]
        if notes:
            with self.waits:
                TextElement(tag="p", text="；".join(notes)).classes("sf-callout").props("role=status")

    async def _drop(self) -> None:
        self.reading = None
        self.waits.clear()
        self.surround([])
        await self.check()

    # ---------------------------------------------------------------- editing

    async def _split(self, line: list[Pair]) -> None:
        await self._edit("split", tuple(line))

    async def _split_at(self) -> None:
        """Split a polygon between two of its points, named by their numbers: the keyboard's way to cut."""
        shape = shape_of(self.value)

        def draw(form: Form) -> None:
            if len(shape) > 1:
                form.add(text_field("polygon", "第几块", value="1", required=True, longest=4))
            form.add(text_field("first", "从点号", value="J1", required=True, longest=6))
            form.add(text_field("second", "到点号", required=True, longest=6))

        asked = await ask_form("在两个界址点之间分割", draw, yes="分割")
        number = _number(asked.get("polygon", "1"))
        points = [place for ring in shape[number - 1] for place in ring] if 0 < number <= len(shape) else []
        ends = [_number(asked[name]) for name in ("first", "second")]
        if all(0 < end <= len(points) for end in ends) and ends[0] != ends[1]:
            await self._split([points[end - 1] for end in ends])
        else:
            self.say(f"没有这两个界址点：该块的点号为J1至J{len(points)}" if points else "没有这一块")

    async def _edit(self, way: str, line: tuple[Pair, ...] = (), *, quiet: bool = False) -> None:
        """Edit the outline by the server; `quiet` says nothing unless it changed."""
        order = EditOutline(self.view.revision_id, self.value, self._system(), way, line)
        answer = await call(edit_outline, order, quiet=True)
        if self.is_deleted:
            return
        if answer.ok and str(answer.value.outline) != self.value:
            self.set_value(str(answer.value.outline), answer.value.told)
        elif not quiet:
            self.say(answer.value.told if answer.ok else answer.message)

    async def _look_around(self, box: tuple[float, float, float, float]) -> None:
        if self.reading is not None:
            return
        answer = await call(look_around, LookAround(self.view.revision_id, self._system(), box), quiet=True)
        if answer.ok and not self.is_deleted:
            self.surround(answer.value)

    def _system(self) -> PlaneSystem:
        if not self.plane:
            return PlaneSystem.SH2000
        chosen = str(self.form.fields[self.plane].value or "")
        return next((one for one in PlaneSystem if one.value == chosen), PlaneSystem.CGCS2000_GK3_40)

    # ---------------------------------------------------------------- checking

    def _soon(self, *_: object) -> None:
        """Check again a moment after the last change."""
        self._asked = getattr(self, "_asked", 0) + 1
        asked = self._asked

        async def later() -> None:
            if asked == self._asked and not self.is_deleted:
                await self.check()

        with self.below:
            web.timer(_WAIT, later, once=True)

    async def check(self) -> None:
        """Check the outline in the form, and show what was found, the areas and the neighbours."""
        values: dict[str, Any] = self.form.values()
        answer = await call(look_at, LookAt(self.view.revision_id, values), quiet=True)
        if self.is_deleted or not answer.ok:
            return
        view: OutlineView = answer.value
        self.show(view)
        self.below.clear()
        with self.below:
            if view.polygons:
                draw_found(view.findings, self.go, sound=self.view.kind == KIND)
                draw_compared(view)
            if (wrong := stops(view.findings)) and view.polygons:
                note(f"有{wrong}处须改正后才能提交")


def _number(text: object) -> int:
    """The number in a point's name; 0 for none."""
    digits = str(text).strip().lstrip("Jj")
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _named(form: RecordForm, control: Any) -> str:
    return next(name for name, field in form.fields.items() if field.control is control)


def draw_outline(shape: Shape, text: str, names: Any, columns: int, **told: Any) -> Field:
    """The control of an outline over the whole width of its form."""
    return Field(shape.name, shape.label, RedLineBox(text, label=shape.label, editable=True), str, span=columns, **told)


CONTROLS["outline"] = draw_outline

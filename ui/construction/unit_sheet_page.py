"""成批填报单位工程: the unit works of a permit in a grid with copied rows, submitted together or some of them (row 68)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import KEEPERS
from models.construction import UnitEngineering
from models.records import ChildRow
from services.construction.unit_sheet import (
    MOST,
    PERMIT,
    SaveSheet,
    SheetLine,
    SheetUnit,
    SubmitSheet,
    Submitted,
    UnitSheet,
    drop_unit,
    save_sheet,
    submit_sheet,
    unit_sheet,
)
from services.engine.cycle_orders import OneRevision
from services.engine.field_types.field import Field
from services.engine.findings import Severity
from services.engine.kinds import Child
from services.engine.shapes import fields_of
from ui.records.child_table import ChildTable
from ui.records.record_page import open_record
from ui.shell.call import call
from ui.shell.dialogs import answer_buttons, answer_of, ask_reason, question
from ui.shell.modules import Module
from ui.shell.parts import empty, head, note, uuid_of
from ui.shell.place import Place

KEY = "unit-sheet"
_VERSION = "_version"


@dataclass(frozen=True)
class _Grid(Child):
    """The unit works of a permit as lines: all fields of their form but the permit."""

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for field in fields_of(UnitEngineering) if field.name != PERMIT)


GRID = _Grid("units", "单位工程", ChildRow, ("unit_no",), MOST)


class UnitSheetPage:
    """A permit's unit works: those that may be edited in a grid, the others below with their states."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.permit_id = uuid_of(place.params.get("id", ""))
        self.sheet: UnitSheet | None = None
        self.table: ChildTable | None = None
        self.root = web.element("div").classes("sf-unit-sheet")

    async def load(self) -> None:
        with self.root:
            if self.permit_id is None:
                empty("请从施工许可证的页面进入")
                return
            answer = await call(unit_sheet, self.permit_id, quiet=True)
            self.root.clear()
            self.place.commands.clear()
            if not answer.ok:
                empty(answer.message)
                return
            self.sheet = answer.value
            self.place.keep(id=self.permit_id)
            self.place.rename(f"单位工程 {self.sheet.permit_no}"[:22])
            self._draw(self.sheet)

    def _draw(self, sheet: UnitSheet) -> None:
        edits = self.place.may(save_sheet)
        if edits:
            self.place.command("保存", self.save, icon="save", key="f4")
        if self.place.may(submit_sheet):
            self.place.command("保存并提交", self.submit, icon="send", key="f8")
        self.place.command(
            "打开施工许可证",
            partial(open_record, self.place, "construction_permit", sheet.permit_id),
            icon="open_in_new",
        )
        self.place.command("刷新", self.load, icon="refresh", key="f3")
        lines = [one for one in sheet.units if one.editable]
        others = [one for one in sheet.units if not one.editable]
        with web.element("header").classes("sf-record-head"):
            TextElement(tag="h2", text=f"施工许可证 {sheet.permit_no}").classes("sf-title")
            TextElement(tag="span", text=_sums(sheet)).classes("sf-record-no")
        if edits:
            head("填报中的单位工程")
            for one in lines:
                if one.opinion:
                    note(f"{one.values.get('unit_no') or '（未编号）'} 退回意见：{one.opinion}")
            self.table = ChildTable(
                GRID,
                [{**one.values, "_id": str(one.revision_id), _VERSION: str(one.version)} for one in lines],
                editable=True,
                unseen=("_id", _VERSION),
            )
        head("已提交和已生效的单位工程")
        self._draw_others(others)

    def _draw_others(self, units: Sequence[SheetUnit]) -> None:
        if not units:
            note("还没有已提交或已生效的单位工程")
            return
        fields = {one.name: one for one in GRID.fields}
        shown = ("unit_no", "name", "kind", "floors_above", "floors_below", "gfa", "planned_start", "planned_finish")
        sheet = web.element("div").classes("sf-sheet")
        sheet.move(web.element("div").classes("sf-grid sf-child"))
        with sheet, web.element("table").props("aria-label=已提交和已生效的单位工程"):
            with web.element("thead"), web.element("tr"):
                for name in (*shown, ""):
                    TextElement(tag="th", text=fields[name].label if name else "状态").props("scope=col")
            with web.element("tbody"):
                for one in units:
                    self._draw_unit(one, [fields[name] for name in shown])

    def _draw_unit(self, unit: SheetUnit, fields: Sequence[Field]) -> None:
        with web.element("tr"):
            for place, field in enumerate(fields):
                given = field.shown(field.parsed(unit.values.get(field.name)), {})
                value = f"{given:,.2f}" if isinstance(given, Decimal) else "" if given is None else str(given)
                with web.element("td").props(f"data-label={field.label}"):
                    if place:
                        TextElement(tag="span", text=value)
                    else:
                        link = TextElement(tag="button", text=value or "打开").classes("sf-link").props("type=button")
                        link.on("click", partial(self._open, unit))
            with web.element("td").props("data-label=状态"):
                TextElement(tag="span", text=unit.state).classes(f"sf-badge sf-{unit.tone}")

    async def _open(self, unit: SheetUnit) -> None:
        await open_record(self.place, "unit_engineering", unit.record_id, unit.revision_id)

    # ---------------------------------------------------------------- saving

    async def save(self) -> None:
        await self._save()
        self.place.say("已保存", "good")

    async def _save(self) -> None:
        """Save the lines and take away those that were removed, then show what is kept."""
        assert self.sheet is not None
        assert self.table is not None
        lines = [line for line in self.table.lines if line]
        kept = {line.get("_id") for line in lines}
        gone = [one for one in self.sheet.units if one.editable and str(one.revision_id) not in kept]
        with self.root:
            order = SaveSheet(self.sheet.permit_id, tuple(_line(one) for one in lines))
            saved = (await call(save_sheet, order)).or_end() if lines else ()
            for one in gone:
                assert one.revision_id is not None
                (await call(drop_unit, OneRevision(one.revision_id, one.version))).or_end()
        await self.load()
        numbered = {one.revision_id: one.findings for one in saved}
        self._mark({one: found for one, found in numbered.items() if found})

    def _mark(self, findings: Mapping[UUID, Sequence[Any]]) -> None:
        """Show what is wrong at its cell."""
        if self.table is None:
            return
        places = {line.get("_id"): place for place, line in enumerate(self.table.lines)}
        wrong = [
            (places[str(of)], one.field, one) for of, found in findings.items() for one in found if str(of) in places
        ]
        self.table.tell(wrong)
        if wrong:
            self.table.reach(wrong[0][0], wrong[0][1])

    # ---------------------------------------------------------------- submitting

    async def submit(self) -> None:
        """Submit the chosen units; a warning asks for one reason for all of them."""
        await self._save()
        assert self.sheet is not None
        units = [one for one in self.sheet.units if one.editable and one.revision_id is not None]
        if not units:
            self.place.say("没有可以提交的单位工程", "warn")
            return
        with self.root:
            chosen = await _ask_which(units)
            results = (await call(submit_sheet, SubmitSheet(chosen))).or_end()
            warned = _only_warned(results)
            if warned:
                codes = sorted({one.code for result in warned for one in result.findings})
                told = next(one.message for result in warned for one in result.findings)
                reason = await ask_reason(
                    f"{len(warned)}个单位工程有提示项：{told}", yes="说明并提交", least=5, label="理由"
                )
                again = SubmitSheet(
                    {one.revision_id: chosen[one.revision_id] for one in warned}, dict.fromkeys(codes, reason)
                )
                later = {one.revision_id: one for one in (await call(submit_sheet, again)).or_end()}
                results = tuple(later.get(one.revision_id, one) for one in results)
        await self.load()
        done = sum(one.ok for one in results)
        left = [one for one in results if not one.ok]
        self._mark({one.revision_id: one.findings for one in left})
        why = f"：{left[0].findings[0].message if left[0].findings else left[0].message}" if left else ""
        self.place.say(
            f"已提交{done}个单位工程" + (f"，{len(left)}个未提交{why}" if left else ""),
            "warn" if left else "good",
        )


def _only_warned(results: Sequence[Submitted]) -> list[Submitted]:
    """Results in whose way there are only warnings."""
    return [
        one
        for one in results
        if not one.ok and one.findings and all(found.severity is Severity.WARN for found in one.findings)
    ]


async def _ask_which(units: Sequence[SheetUnit]) -> dict[UUID, int]:
    """Ask which units are submitted; all are ticked."""
    ticked = {one.revision_id: True for one in units}
    with question(f"提交单位工程（共{len(units)}个）") as dialog:
        with web.element("div").classes("sf-unit-choice"):
            for one in units:
                label = "　".join(str(one.values.get(name) or "") for name in ("unit_no", "name"))
                box = web.checkbox(label, value=True).props("dense")
                box.on_value_change(lambda event, of=one.revision_id: ticked.__setitem__(of, bool(event.value)))
        chosen = {one.revision_id: one.version for one in units if one.revision_id is not None}
        answer_buttons(dialog, "提交", lambda: dialog.submit({of: v for of, v in chosen.items() if ticked[of]}))
    return await answer_of(dialog, dict)


def _line(line: Mapping[str, Any]) -> SheetLine:
    values = {name: value for name, value in line.items() if not name.startswith("_")}
    revision_id = uuid_of(str(line.get("_id") or ""))
    return SheetLine(values, revision_id, int(line.get(_VERSION) or 0))


def _sums(sheet: UnitSheet) -> str:
    """The sum of the units beside the permit's area."""
    whole = Decimal(0)
    for one in sheet.units:
        try:
            whole += Decimal(str(one.values.get("gfa") or 0))
        except InvalidOperation:
            continue
    permitted = Decimal(sheet.works_area)
    return f"{len(sheet.units)}个单位工程，面积合计{whole:,.2f}㎡；施工许可面积{permitted:,.2f}㎡，相差{whole - permitted:,.2f}㎡"


async def build(place: Place) -> None:
    await UnitSheetPage(place).load()


UNIT_SHEET = Module(KEY, "成批填报单位工程", "grid_on", "projects", frozenset(KEEPERS), build, hidden=True)

"""单位工程关联规划建筑物: dragged onto each other, tied by equal numbers, shares changed, ties cut (row 69)."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from models.access import KEEPERS
from services.construction.tie_board import TieBoard, tie_board
from services.construction.ties import NewTie, Share, TieUnits, cut_tie, set_share, tie_units
from ui.shell.call import call
from ui.shell.dialogs import answer_buttons, answer_of, confirm, question
from ui.shell.fields import text_field
from ui.shell.modules import Module
from ui.shell.parts import empty, note, uuid_of
from ui.shell.place import Place

KEY = "unit-ties"


class Ties(Element, component="ties.js"):
    """Both sides drawn; `told(what, sent)` is called with `tie`, `cut` or `share` and what was sent."""

    def __init__(self, board: TieBoard, *, editable: bool, told: Callable[[str, dict[str, Any]], object]) -> None:
        super().__init__()
        self._props["editable"] = editable
        self._props["units"] = tuple(
            {
                "id": str(one.id),
                "no": one.unit_no,
                "name": one.name,
                "permit": one.permit_no,
                "floors": one.floors,
                "gfa": f"{one.gfa:,.2f}",
                "locked": one.locked,
                "differs": list(one.differs),
                "ties": [{"id": str(tie.id), "no": tie.building_no, "ratio": _plain(tie.ratio)} for tie in one.ties],
            }
            for one in board.units
        )
        self._props["buildings"] = tuple(
            {
                "id": str(one.id),
                "no": one.building_no,
                "permit": one.permit_no,
                "use": one.use,
                "floors": one.floors,
                "gfa": f"{one.gfa:,.2f}",
                "share": _plain(one.share),
            }
            for one in board.buildings
        )
        self.mark("ties")
        if editable:
            for what in ("tie", "cut", "share"):
                self.on(what, _sends(told, what))


def _sends(
    told: Callable[[str, dict[str, Any]], object], what: str
) -> Callable[[events.GenericEventArguments], object]:
    def sent(event: events.GenericEventArguments) -> object:
        return told(what, event.args) if isinstance(event.args, dict) else None

    return sent


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


class TiesPage:
    """The board of a project."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.project_id = uuid_of(place.params.get("id", ""))
        self.board: TieBoard | None = None
        self.root = web.element("div").classes("sf-ties-page")

    async def load(self) -> None:
        with self.root:
            if self.project_id is None:
                empty("请从项目或施工许可证的页面进入")
                return
            answer = await call(tie_board, self.project_id, quiet=True)
            self.root.clear()
            self.place.commands.clear()
            if not answer.ok:
                empty(answer.message)
                return
            self.board = board = answer.value
            self.place.keep(id=self.project_id)
            self.place.rename(f"关联 {board.project}"[:22])
            edits = self.place.may(tie_units)
            if edits:
                self.place.command("按编号关联", self.by_number, icon="auto_fix_high", key="f2")
            self.place.command("刷新", self.load, icon="refresh", key="f3")
            with web.element("header").classes("sf-record-head"):
                TextElement(tag="h2", text=f"{board.project}：单位工程关联规划建筑物").classes("sf-title")
            if edits and board.proposed:
                note(f"有{len(board.proposed)}个单位工程与未关联的规划建筑物编号相同，可按F2一并关联。")
            if board.lapsed:
                note(f"已失效的关联：{'、'.join(board.lapsed)}")
            Ties(board, editable=edits, told=self._told)

    async def _told(self, what: str, sent: dict[str, Any]) -> None:
        with self.root:
            if what == "tie":
                await self._tie(uuid_of(str(sent.get("unit") or "")), uuid_of(str(sent.get("building") or "")))
            elif (tie_id := uuid_of(str(sent.get("id") or ""))) is not None:
                await (self._cut(tie_id, sent) if what == "cut" else self._share(tie_id, sent))

    async def _tie(self, unit_id: UUID | None, building_id: UUID | None) -> None:
        if unit_id is None or building_id is None or self.board is None:
            return
        building = next((one for one in self.board.buildings if one.id == building_id), None)
        left = Decimal(1) - building.share if building is not None and building.share < 1 else Decimal(1)
        done = (await call(tie_units, TieUnits((NewTie(unit_id, building_id, left),)))).or_end()
        await self.load()
        told = "；".join(one.message for one in done.findings)
        self.place.say(f"已关联。{told}" if told else "已关联", "warn" if told else "good")

    async def _cut(self, tie_id: UUID, sent: dict[str, Any]) -> None:
        await confirm(f"解除与规划建筑物{sent.get('no', '')}的关联？", yes="解除", danger=True)
        (await call(cut_tie, tie_id)).or_end()
        await self.load()
        self.place.say("已解除关联", "good")

    async def _share(self, tie_id: UUID, sent: dict[str, Any]) -> None:
        with question(f"占规划建筑物{sent.get('no', '')}的份额") as dialog:
            with web.element("div").classes("sf-enter"):
                field = text_field("ratio", "份额（0到1）", value=str(sent.get("ratio") or "1"))

            def agree() -> None:
                try:
                    dialog.submit(Decimal(str(field.value)))
                except InvalidOperation:
                    field.mark("请填写0到1之间的数，例如0.5")

            answer_buttons(dialog, "保存", agree)
        ratio = await answer_of(dialog, Decimal)
        (await call(set_share, Share(tie_id, ratio))).or_end()
        await self.load()
        self.place.say("份额已修改", "good")

    async def by_number(self) -> None:
        """Tie all units and buildings of equal number, after showing them."""
        with self.root:
            board = self.board
            if board is None or not board.proposed:
                self.place.say("没有编号相同、尚未关联的单位工程和规划建筑物", "warn")
                return
            units = {one.id: one for one in board.units}
            buildings = {one.id: one for one in board.buildings}
            pairs = {
                f"{units[unit].unit_no} {units[unit].name}": f"{buildings[of].building_no} {buildings[of].use}（{buildings[of].permit_no}）"
                for unit, of in board.proposed
            }
            await confirm(f"按编号关联{len(pairs)}个单位工程", summary=pairs, yes="全部关联")
            order = TieUnits(tuple(NewTie(unit, of) for unit, of in board.proposed))
            done = (await call(tie_units, order)).or_end()
            await self.load()
            told = f"，{len(done.findings)}处与规划不一致" if done.findings else ""
            self.place.say(f"已关联{len(done.ids)}个单位工程{told}", "warn" if told else "good")


async def build(place: Place) -> None:
    await TiesPage(place).load()


TIES = Module(KEY, "单位工程关联规划建筑物", "link", "projects", frozenset(KEEPERS), build, hidden=True)

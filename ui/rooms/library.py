"""集中式房源: the rooms in the library with their past; changes and cancellations begin here (rows 35, 36)."""

from models.rooms import ApplyKind, CentralRoomState, LineKind
from services.rooms.applications import begin_apply, keep_lines
from services.rooms.change_rules import FIELDS
from services.rooms.listings import ROOM_LIST
from services.rooms.orders import BeginApply, KeepLines, LineForm
from services.rooms.views import RoomView, view_room
from ui.shell.call import call
from ui.shell.fields import text_field
from ui.shell.form import Form, ask_form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head
from ui.shell.rows import Rows
from ui.shell.sheet import Column

_PAST = (
    Column("at", "时间", width=126),
    Column("kind", "类别", width=60),
    Column("content", "内容"),
    Column("apply_no", "申请编号", width=180),
)


class Library(ListDesk[RoomView]):
    """The rooms on the left; on the right one with its fields and its past."""

    listing = ROOM_LIST
    look = view_room
    part = "房间详情"

    def begin(self) -> None:
        if self.place.may(begin_apply):
            needs = "请先选择一间在库的房间"
            self.command("申请变更", self.change, icon="edit", key="f4", needs=needs, when=_is_kept)
            self.command("申请注销", self.cancel, icon="home_work", key="f9", needs=needs, when=_is_kept)

    def draw(self, view: RoomView) -> None:
        room = view.room
        head(f"{view.project} {room.building}{room.room_no}", room.state)
        told = {label: view.fields[name] for name, label in FIELDS.items()}
        facts({"房间编码": room.room_code, **told}, columns=2)
        head("变更历史")
        Rows(_PAST, view.past, label="变更历史", wraps=True, empty="入库后没有变更")

    async def change(self, view: RoomView) -> None:
        """Put every field that is changed into a new application."""

        def draw(form: Form) -> None:
            for name, label in FIELDS.items():
                form.add(text_field(name, label, value=view.fields[name], longest=60))
            form.add(text_field("paper", "依据文件", longest=60, help="变更是否纳管必填"))
            form.add(text_field("reason", "申请理由", required=True, longest=200))

        title = f"申请变更：{view.room.building}{view.room.room_no}"
        values = await ask_form(title, draw, yes="填入申请", classes="sf-dialog-wide")
        paper, reason = values.pop("paper") or "", values.pop("reason")
        lines = tuple(
            self._line(view, LineKind.CHANGE, name, view.fields[name], str(after or ""), paper)
            for name, after in values.items()
            if str(after or "") != view.fields[name]
        )
        if not lines:
            self.place.say("没有改动任何一项", "warn")
            return
        await self._apply(view, lines, reason)

    async def cancel(self, view: RoomView) -> None:
        """Put the cancellation of the room into a new application."""

        def draw(form: Form) -> None:
            form.add(text_field("reason", "申请理由", required=True, longest=200))

        values = await ask_form(f"申请注销：{view.room.building}{view.room.room_no}", draw, yes="填入申请")
        await self._apply(view, (self._line(view, LineKind.CANCEL),), values["reason"])

    def _line(
        self, view: RoomView, kind: LineKind, name: str = "", before: str = "", after: str = "", paper: str = ""
    ) -> LineForm:
        return LineForm(kind, view.room.building, view.room.room_no, name, before, after, paper=paper)

    async def _apply(self, view: RoomView, lines: tuple[LineForm, ...], reason: str) -> None:
        begun = await call(begin_apply, BeginApply(view.room.project_id, ApplyKind.CHANGE, reason))
        if not begun.ok:
            return
        if (await call(keep_lines, KeepLines(begun.value, lines))).ok:
            await self.place.open("room_applies", id=begun.value)


def _is_kept(view: RoomView) -> bool:
    return view.room.state is not CentralRoomState.CANCELLED


LIBRARY_PAGE = desk_module(Library, "central_rooms", "meeting_room", "rooms")

"""完整性异常: rows found changed past the product; locked until they are as they were, released with a note (D19, H65)."""

from nicegui import run
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from models.codes import Toned
from models.integrity import FaultKind
from services.integrity.faults import FaultLine, ReleaseRow, list_faults, release_row
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.fields import shown_field
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place

READERS = frozenset({Role.SEC_ADMIN, Role.AUDITOR})

#: What somebody on duty does about each kind, before he may release the row.
ADVICE = {
    FaultKind.CHANGED: "请核对审计中该记录的最后一次变更，从最近一份备份恢复该记录后解除锁定。",
    FaultKind.OLDER: "记录被换成了旧版本。请从最近一份备份恢复最新版本后解除锁定。",
    FaultKind.MISSING: "记录被删除。请从最近一份备份恢复该记录后解除锁定。",
    FaultKind.UNKNOWN: "记录不是由本系统写入的。请查明来历并删除该记录后解除锁定。",
}


def _order(view: View) -> bool:
    return view.text("closed") == "closed"


def state_of(line: FaultLine) -> str:
    return Toned("锁定", "bad") if line.closed_at is None else Toned("已解除")


class _Line:
    """A fault as a line of the list."""

    def __init__(self, fault: FaultLine) -> None:
        self.fault, self.id = fault, fault.id
        self.label, self.kind, self.found_at = fault.label, fault.kind, fault.found_at
        self.number = f"…{str(fault.row_id)[-12:]}"
        self.state = state_of(fault)


class LockedRowsPage:
    """The locked rows on the left; the one in hand, and what to do about it, on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chosen = place.params.get("fault", "")
        self.releasing = None
        if place.may(release_row):
            self.releasing = place.command(
                "解除锁定", self.release, icon="lock_open", key="f8", needs="请先选择一条未解除的异常"
            )
        place.command("刷新", self.load, icon="refresh", key="f3")
        with web.element("div").classes("sf-split"):
            self.grid = Grid(
                place,
                list_faults,
                order=_order,
                columns=(
                    Column("label", "数据表", width=160),
                    Column("kind", "问题", width=150),
                    Column("number", "记录"),
                    Column("found_at", "发现时间", width=130),
                    Column("state", "状态", width=80),
                ),
                filters=(Filter("closed", "范围", options={"closed": "含已解除"}, width=170, all="锁定中"),),
                page_of=lambda answer: (len(answer), [_Line(fault) for fault in answer]),
                on_pick=lambda line: self.choose(line.id),
                on_enter=lambda line: self.choose(line.id),
                on_loaded=lambda answer: self.draw(),
                empty="没有被锁定的记录，最近一次检查未发现异常",
                size=200,
            )
            self.detail = web.element("section").props("aria-label=异常详情")

    async def load(self) -> None:
        await self.grid.load()

    async def choose(self, row_id: object) -> None:
        self.chosen = str(row_id)
        self.place.keep(fault=self.chosen)
        self.draw()
        self.place.reveal(self.detail)

    @property
    def fault(self) -> FaultLine | None:
        line = self.grid.lines.get(self.chosen)
        return line.fault if line is not None else None

    def draw(self) -> None:
        """Draw the selected fault, without the content of its row."""
        fault = self.fault
        if self.releasing is not None:
            self.releasing.enable(fault is not None and fault.closed_at is None)
        self.detail.clear()
        with self.detail:
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text="异常详情")
            if fault is None:
                TextElement(tag="p", text="请在列表中选择一条记录").classes("sf-empty")
                return
            with web.element("div").classes("sf-form").style("--columns: 1"):
                shown_field("数据表", f"{fault.label}（{fault.table}）")
                shown_field("记录编号", str(fault.row_id))
                shown_field("问题", fault.kind)
                shown_field("发现时间", fault.found_at)
                shown_field("状态", state_of(fault))
                if fault.closed_at is not None:
                    shown_field("解除时间", fault.closed_at)
                    shown_field("处理说明", fault.note)
            if fault.closed_at is None:
                TextElement(tag="p", text=ADVICE[fault.kind] + "锁定期间任何人都看不到该记录。").classes("sf-note")

    async def release(self) -> None:
        """Free the row in hand, if it is whole again."""
        fault = self.fault
        if fault is None:
            return
        note = await ask_reason(
            "解除这条记录的锁定？系统会再次核对记录是否已恢复原样。",
            summary={"数据表": fault.label, "问题": fault.kind.label},
            yes="解除锁定",
            label="修复经过",
        )
        if note is None or not (await call(release_row, ReleaseRow(fault.id, note))).ok:
            return
        # This process sees it at once, the others within seconds.
        await run.io_bound(self.place.desk.door.locked.look)
        await self.load()
        self.place.say("已解除锁定", "good")


async def build(place: Place) -> None:
    await LockedRowsPage(place).load()


LOCKED_ROWS = Module("locked_rows", "完整性异常", "lock_person", "manage", READERS, build)

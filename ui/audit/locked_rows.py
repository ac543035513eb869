"""完整性异常: rows found changed past the product; locked until they are as they were, released with a note (D19, H65)."""

from nicegui import run

from models.integrity import FaultKind
from services.engine.listings import Line
from services.engine.orders import Reasoned
from services.integrity.faults import FAULTS, release_row
from ui.shell.dialogs import ask_reason
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import note

#: What the administrator on duty does about each kind before releasing the row.
ADVICE = {
    FaultKind.CHANGED: "请核对审计中该记录的最后一次变更，从最近一份备份恢复该记录后解除锁定。",
    FaultKind.OLDER: "记录被换成了旧版本。请从最近一份备份恢复最新版本后解除锁定。",
    FaultKind.MISSING: "记录被删除。请从最近一份备份恢复该记录后解除锁定。",
    FaultKind.UNKNOWN: "记录不是由本系统写入的。请查明来历并删除该记录后解除锁定。",
    FaultKind.DETAILS: "记录的明细（或某日登记的记录）与写入时的行数、校验和不符。请从最近一份备份恢复缺少的行、删除来历不明的行后"
    "解除锁定；坐落检索字由系统按坐落重新写入，无须恢复。",
}


class LockedRows(ListDesk[Line]):
    """The locked rows on the left; the one in hand, without its content, and what to do about it, on the right."""

    listing = FAULTS
    part = "异常详情"
    classes = ""

    def begin(self) -> None:
        if self.place.may(release_row):
            self.command(
                "解除锁定",
                self.release,
                icon="lock_open",
                key="f8",
                needs="请先选择一条未解除的异常",
                when=lambda line: line.closed_at is None,
            )

    def draw(self, view: Line) -> None:
        super().draw(view)
        if view.closed_at is None:
            note(ADVICE[view.kind] + "锁定期间任何人都看不到该记录。")

    async def release(self, line: Line) -> None:
        """Free the row in hand, if it is whole again."""
        reason = await ask_reason(
            "解除这条记录的锁定？系统会再次核对记录是否已恢复原样。",
            summary={"数据表": line.label, "问题": line.kind.label},
            yes="解除锁定",
            label="修复经过",
        )
        if (await self.act(release_row, Reasoned(line.id, reason), "已解除锁定")).ok:
            # This process sees it at once, the others within seconds.
            await run.io_bound(self.place.desk.door.locked.look)


LOCKED_ROWS = desk_module(LockedRows, "locked_rows", "lock_person", "manage")

"""手册归档: what was put aside, verified and handed out (row 79)."""

from nicegui import ui as web

from models.handbooks import ArchiveState
from services.engine.listings import Line
from services.handbook.archives import verify_archive, voided_since
from services.handbook.listings import ARCHIVES
from ui.shell.call import call
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import note

PACKAGES = "/handbooks/archive/"


class HandbookArchives(ListDesk[Line]):
    """Verify an archive, take its package, see which of its records were voided since."""

    listing = ARCHIVES
    part = "归档"

    def begin(self) -> None:
        self.command("核验", self.verify, icon="verified", key="f8")
        self.command("下载归档包", self.download, icon="download", key="f6")

    async def verify(self, line: Line) -> None:
        """Compute the archive's digests again."""
        done = (await call(verify_archive, line.id)).or_end()
        await self.reload()
        if done is ArchiveState.INTACT:
            self.place.say("核验完好：归档包与归档时一致", "good")
        else:
            self.place.say("归档包被改动，已报告安全管理员", "bad")

    def download(self, line: Line) -> None:
        """Take the signed package."""
        web.navigate.to(f"{PACKAGES}{line.id}.zip")

    async def draw(self, view: Line) -> None:
        self.draw_cells(view)
        gone = (await call(voided_since, view.id, quiet=True)).or_end()
        if gone:
            note(f"归档后作废的记录：{'、'.join(gone)}。归档内容不变。")


HANDBOOK_ARCHIVES = desk_module(HandbookArchives, "handbook_archives", "archive", "space")

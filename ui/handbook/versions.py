"""电子开发项目手册: versions on the left, the chapters of one with what they lack and what changed on the right (rows 77, 78)."""

from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle import acts
from services.engine.kinds import KINDS
from services.engine.listings import Line
from services.handbook.archives import ARCHIVERS, ArchiveHandbook, archive_handbook
from services.handbook.listings import VERSIONS
from services.handbook.paper import PRINTED
from services.handbook.versions import (
    ChapterView,
    CompareHandbook,
    HandbookView,
    compare_handbook,
    compile_handbook,
    open_handbook,
)
from ui.records.beside import own_page
from ui.records.list_page import begin_record
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.fields import flag_field
from ui.shell.form import Form, ask_form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

PAPERS = "/handbooks/"


class Handbooks(ListDesk[HandbookView]):
    """Compile, preview, compare, put aside."""

    listing = VERSIONS
    look = open_handbook
    part = "手册"

    def begin(self) -> None:
        newest = "请先选择现行版"
        if self.place.may(compile_handbook):
            self.command("立即汇编", self.compile, icon="auto_stories", key="f4", needs=newest, when=_is_latest)
        self.command("预览 PDF", self.preview, icon="picture_as_pdf", key="ctrl+p")
        self.command("比较上一版", self.compare, icon="difference", key="f6", needs="请先选择手册版本")
        if self.place.caller.has(*ARCHIVERS):
            self.command("归档", self.archive, icon="inventory_2", key="f8", needs=newest, when=_is_latest)

    async def compile(self, view: HandbookView) -> None:
        """Compile the project's handbook now."""
        done = await self.act(compile_handbook, view.project_id, "已汇编新的一版")
        if done.ok and done.value == view.id:
            self.place.say(f"内容没有变化，现行版仍为{view.label}")
        elif done.ok:
            await self.take(done.value)

    async def preview(self, view: HandbookView) -> None:
        """Open the handbook as PDF, of all chapters or of those that are chosen."""

        def draw(form: Form) -> None:
            for no, title in PRINTED.items():
                form.add(flag_field(f"chapter_{no}", f"第{no}章　{title}", value=True))

        ticked = await ask_form(
            "选择要预览的章节", draw, yes="预览", summary={"版次": view.label}, classes="sf-long-labels"
        )
        chosen = [str(no) for no in PRINTED if ticked[f"chapter_{no}"]]
        if not chosen:
            self.place.say("请至少选择一章", "bad")
            return
        part = "" if len(chosen) == len(PRINTED) else f"?chapters={','.join(chosen)}"
        web.navigate.to(f"{PAPERS}{view.id}.pdf{part}", new_tab=True)

    async def archive(self, view: HandbookView) -> None:
        """Archive the newest version."""
        reason = await ask_reason(
            "归档现行版手册？归档后任何人不能修改或删除",
            summary={"项目": view.project, "版次": view.label},
            yes="归档",
            label="归档原因",
        )
        if reason is not None:
            await self.act(archive_handbook, ArchiveHandbook(view.project_id, reason), "已归档")

    async def compare(self, view: HandbookView) -> None:
        """Show what differs from the version before, chapter by chapter."""
        lines: list[dict[str, object]] = []
        for chapter in view.chapters:
            if chapter.changed:
                answer = await call(compare_handbook, CompareHandbook(view.id, chapter.no))
                for one in answer.or_end():
                    lines.append(
                        {
                            "chapter": str(chapter.no),
                            "record": one.record,
                            "label": one.label,
                            "before": one.before,
                            "now": one.now,
                        }
                    )
        with self.detail:
            self.detail.clear()
            head(f"{view.project} {view.label} 版与上一版的不同")
            rows = Rows(
                (
                    Column("chapter", "章", width=36),
                    Column("record", "记录", width=130),
                    Column("label", "内容", width=100),
                    Column("before", "上一版", width=110),
                    Column("now", "本版", width=110),
                ),
                label="不同之处",
                wraps=True,
                empty="没有上一版，或内容相同",
            )
            rows.show([Line(id=number, **line) for number, line in enumerate(lines)])

    def draw(self, view: HandbookView) -> None:
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=f"{view.project}　{view.label} 版")
        facts(
            {
                "成因": view.cause,
                "汇编时间": view.compiled_at,
                "内容摘要": view.digest[:16],
                "现行版": "是" if view.latest else "否",
            },
            columns=2,
        )
        if view.stale:
            note("汇编后有记录变化，今晚自动汇编，也可以立即汇编。")
        head("章节")
        rows = Rows(
            (
                Column("no", "章", width=40),
                Column("title", "标题", width=150),
                Column("records", "记录", number=True, width=48),
                Column("filled", "现已填", number=True, width=64),
                Column("changed", "变化", width=76),
                Column("missing", "还缺"),
            ),
            label="章节",
            wraps=True,
            empty="没有章节",
        )
        rows.show([Line(id=one.no, **_line(one)) for one in view.chapters])
        missing = [found for one in view.chapters for found in one.missing]
        own = [(KINDS[name], label) for name, label in missing if name in KINDS and self._may_begin(name)]
        if own:
            head("去填报")
            with web.element("div").classes("sf-buttons").style("flex-wrap: wrap"):
                for kind, label in own:
                    plain_button(label, partial(begin_record, self.place, kind, view.project_id), icon="edit_note")

    def _may_begin(self, kind: str) -> bool:
        return self.place.may(acts(KINDS[kind]).begin)


def _line(one: ChapterView) -> dict[str, object]:
    return {
        "no": str(one.no),
        "title": one.title,
        "records": one.records,
        "filled": f"{one.filled} / {one.wanted}" if one.wanted else "—",
        "changed": "有变化" if one.changed else "",
        "missing": "、".join(label for _, label in one.missing),
    }


def _is_latest(view: HandbookView) -> bool:
    return view.latest


@own_page("handbook")
async def open_handbooks(place: Place, project_id: UUID, kind: str, record_id: UUID | None) -> None:
    """Lead from the project's page to the versions of its handbook."""
    await place.workspace.open_anew(HANDBOOKS.key, {"project": str(project_id)})


HANDBOOKS = desk_module(Handbooks, "handbooks", "auto_stories", "space")

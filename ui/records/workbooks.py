"""Tables of a kind: template, import with a report of every row, export; and those of a single list on its form."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle_orders import RevisionView
from services.engine.findings import Finding
from services.engine.kinds import Child, Kind
from services.imports.kinds import kind_of
from services.imports.listings import template
from services.imports.uploads import UploadTable, upload_table
from services.imports.workbooks import XLSX
from services.records.list_sheets import ListSheet, ReadLines, list_sheet, read_lines
from services.records.sheet_kinds import table_of
from ui.records.child_table import ChildTable
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.file_box import TABLE, Accepted, FileBox
from ui.shell.place import Place

_NONE = "尚未选择表格"


class TableUpload:
    """A table chosen or dropped, and an archive of photos where its kind takes them; handed in, its session opens.

    `ready` is called with whether there is a table to hand in, `sent` is awaited after it was handed in.
    """

    def __init__(
        self,
        place: Place,
        kind: str,
        *,
        photos: bool = False,
        about: UUID | None = None,
        ready: Callable[[bool], object] = lambda may: None,
        sent: Callable[[], Awaitable[object]],
    ) -> None:
        self.place, self.kind, self.about, self.ready, self.sent = place, kind, about, ready, sent
        self.table: tuple[str, bytes] | None = None
        self.photos = "", b""
        what = "表格（.xlsx、.csv）" + ("和照片压缩包（.zip）" if photos else "")
        accepted = Accepted(what, TABLE.endings + (",.zip" if photos else ""))
        self.box = FileBox(f"把{what}拖到这里", self._take, accepted, several=True, classes="sf-drop-box")
        self.box.upload.mark("import-table")
        with web.element("div").classes("sf-buttons"):
            self.box.button("选择文件", "folder_open").mark("choose-table")
            self.chosen = TextElement(tag="span", text=_NONE).props("role=status").mark("chosen")
            web.space()
            plain_button("下载模板", self.get_template, icon="description").mark("get-template")
            self.sending = main_button("上传并核验", self.send, icon="playlist_add_check").mark("send-table")
        self.sending.disable()

    async def _take(self, name: str, content: bytes) -> None:
        if name.lower().endswith(".zip"):
            self.photos = name, content
        else:
            self.table = name, content
        self._show()

    def _show(self) -> None:
        parts = [f"表格：{self.table[0]}" if self.table else _NONE]
        if self.photos[0]:
            parts.append(f"照片：{self.photos[0]}")
        self.chosen.text = "；".join(parts)
        self.sending.set_enabled(self.table is not None)
        self.ready(self.table is not None)

    async def send(self) -> None:
        """Hand the files in; the worker reads them, the session's page shows how far it is."""
        if self.table is None:
            self.place.say("请先选择表格", "warn")
            return
        order = UploadTable(self.kind, *self.table, self.photos[1], self.about)
        done = (await call(upload_table, order, button=self.sending)).or_end()
        self.box.reset()
        self.table, self.photos = None, ("", b"")
        self._show()
        await self.sent()
        told = f"批次 {done.session_no} 已上传，正在逐行核验"
        if done.same_as:
            told += f"；同一文件已在批次 {done.same_as} 中，请留意不要重复提交"
        self.place.say(told, "warn" if done.same_as else "good")
        await self.place.open("import_session", id=done.id)

    async def get_template(self) -> None:
        """Download the empty workbook of the kind."""
        done = (await call(template, self.kind)).or_end()
        web.download.content(done, f"{kind_of(self.kind).sheet.label}导入模板.xlsx", XLSX)
        self.place.say("模板已下载；最后一页说明每一栏怎么填", "good")


async def ask_table(place: Place, kind: Kind, about: UUID | None = None) -> None:
    """Have a table of records chosen or dropped."""
    with web.dialog(value=True).props("persistent") as dialog, web.card().classes("sf-dialog"):
        TextElement(tag="h2", text=f"导入{kind.label}")
        TextElement(
            tag="p", text="先下载模板填写，或修改导出的表格；上传后逐行核验，可只提交无误的行，提交后成为草稿。"
        )

        async def close() -> None:
            dialog.close()

        TableUpload(place, table_of(kind), about=about, sent=close)
        plain_button("取消", dialog.close)
        dialog.on("keydown.escape", dialog.close)
    dialog.on("hide", dialog.delete)


def draw_list_buttons(
    place: Place, kind: Kind, child: Child, view: RevisionView, table: ChildTable, changed: Callable[[], object]
) -> None:
    """On the head of a list: its lines as a workbook, and lines read from one."""

    async def get() -> None:
        done = (await call(list_sheet, ListSheet(view.revision_id, child.name))).or_end()
        web.download.content(done, f"{kind.label}-{child.label}.xlsx", XLSX)

    async def take(name: str, content: bytes, *, add: bool = False) -> None:
        answer = await call(read_lines, ReadLines(kind.name, child.name, content, view.revision_id))
        if not answer.ok or table.is_deleted:
            return
        read = answer.value
        before = list(table.lines) if add else []
        table.fill([*before, *read.lines])
        places = [place_ for finding in read.findings if (place_ := cell_of(finding)) is not None]
        table.tell([(row + len(before), name, finding) for row, name, finding in places])
        changed()
        wrong = len(read.findings)
        words = f"已{'追加' if add else '读入'}{len(read.lines)}行" + (f"，{wrong}处需要核对，已标出" if wrong else "")
        place.say("；".join((words, *read.notes)), "warn" if wrong else "good")

    plain_button("下载表格", get, icon="download").mark(f"sheet-{child.name}")
    for label, then, mark in (
        ("从表格读入", take, f"lines-{child.name}"),
        ("从表格追加", partial(take, add=True), f"more-{child.name}"),
    ):
        box = FileBox(f"{label}{child.label}", then)
        box.upload.mark(mark)
        box.button(label)


def cell_of(finding: Finding) -> tuple[int, str, Finding] | None:
    """Row from 0, field, and the finding, of one about a cell such as `rooms.3.area`."""
    parts = finding.field.split(".")
    if len(parts) != 3 or not parts[1].isdigit():
        return None
    return int(parts[1]) - 1, parts[2], finding

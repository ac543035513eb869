"""批量导入: the firm's sessions, and a new one by dropping a table and its photos (row 42)."""

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.practitioner_codes import SessionState
from services.access.visibility import ENTERPRISE
from services.engine.listings import Line
from services.files.workbook_tables import LARGEST
from services.imports.listings import SESSIONS, template
from services.imports.uploads import UploadTable, upload_table
from services.imports.workbooks import XLSX
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.list_view import ListView, order_of
from ui.shell.modules import Module
from ui.shell.parts import head, note
from ui.shell.place import Place
from ui.shell.quiet import look
from ui.tenancy.file_choice import choose_file

KIND = "practitioners"
_EVERY = 3.0
_WORKS = {SessionState.READING, SessionState.COMMITTING}


class SessionList:
    """The upload above, the sessions below."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.table: tuple[str, bytes] | None = None
        self.photos: tuple[str, bytes] | None = None
        self._draw_upload()
        self.grid = ListView(
            place,
            SESSIONS,
            on_enter=self.open,
            on_pick=lambda line: place.say(f"已选择批次 {line.session_no}，按回车打开"),
        )
        place.command("选择文件", self.choose, icon="upload_file", key="f2")
        self.handing = place.command("上传表格", self.send, icon="playlist_add_check", key="f8", needs="请先选择表格")
        place.command("下载模板", self.get_template, icon="description")
        web.timer(_EVERY, self._watch, immediate=False)

    def _draw_upload(self) -> None:
        with web.element("section").classes("sf-drop").props("aria-label=上传导入表格"):
            head("上传表格")
            with web.element("div").classes("sf-pad"):
                self.upload = web.upload(
                    on_upload=self._take, auto_upload=True, multiple=True, max_files=20, max_file_size=LARGEST
                )
                self.upload.props("accept=.xlsx,.csv,.zip flat bordered hide-upload-btn").classes("sf-drop-box")
                self.upload.props["label"] = "把表格（.xlsx、.csv）和照片压缩包（.zip）拖到这里"
                refused = "只接受不超过20MB的表格（.xlsx、.csv）和照片压缩包（.zip）"
                self.upload.on("rejected", lambda: self.place.say(refused, "bad"))
                with web.element("div").classes("sf-buttons"):
                    self.choosing = plain_button("选择文件", icon="folder_open")
                    self.choosing.on("click", js_handler=choose_file(self.upload)).mark("choose-table")
                    self.chosen = TextElement(tag="span", text="尚未选择表格").props("role=status").mark("chosen")
                    web.space()
                    self.sending = main_button("上传并核验（F8）", self.send, icon="playlist_add_check").mark(
                        "send-table"
                    )
            note("每行都会核验：有误的行可以在网页上改，或者下载错误表改好再传；无误的行可以先提交。")
        self.sending.disable()

    def choose(self) -> None:
        """Open the browser's own dialog."""
        handler = choose_file(self.upload)
        web.run_javascript(f"({handler})()")

    async def _take(self, event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        name = event.file.name
        if name.lower().endswith(".zip"):
            self.photos = name, content
        else:
            self.table = name, content
        parts = [f"表格：{self.table[0]}" if self.table else "尚未选择表格"]
        if self.photos:
            parts.append(f"照片：{self.photos[0]}")
        self.chosen.text = "；".join(parts)
        self._may_send(self.table is not None)

    def _may_send(self, may: bool) -> None:
        self.sending.set_enabled(may)
        self.handing.enable(may)

    async def send(self) -> None:
        """Hand both in; the worker reads them, the session's page shows how far it is."""
        if self.table is None:
            self.place.say("请先选择表格", "warn")
            return
        name, content = self.table
        order = UploadTable(KIND, name, content, self.photos[1] if self.photos else b"")
        answer = await call(upload_table, order, button=self.sending)
        if not answer.ok:
            return
        # Not between two files: it would call off the one still on its way.
        self.upload.reset()
        self.table = self.photos = None
        self.chosen.text = "尚未选择表格"
        self._may_send(False)
        await self.grid.load()
        told = f"批次 {answer.value.session_no} 已上传，正在逐行核验"
        if answer.value.same_as:
            told += f"；同一文件已在批次 {answer.value.same_as} 中，请留意不要重复提交"
        self.place.say(told, "warn" if answer.value.same_as else "good")
        await self.place.open("import_session", id=answer.value.id)

    async def open(self, line: Line) -> None:
        await self.place.open("import_session", id=line.id)

    async def get_template(self) -> None:
        answer = await call(template, KIND)
        if answer.ok:
            web.download.content(answer.value, "从业人员导入模板.xlsx", XLSX)
            self.place.say("模板已下载；第二页说明每一栏怎么填", "good")

    async def _watch(self) -> None:
        """While the worker has something to do, the list follows it by itself."""
        if not any(line.state in _WORKS for line in self.grid.lines.values()):
            return
        found = await look(self.place.desk, (SESSIONS.query, order_of(self.grid.view)))
        if found is not None and not self.grid.box.is_deleted:
            self.grid.lines = {str(line.id): line for line in found[0].lines}
            self.grid.table.show(found[0].lines, sort=self.grid.view.sort)


async def build(place: Place) -> None:
    await SessionList(place).grid.load()


IMPORTS = Module("imports", "批量导入", "upload_file", "practitioners", frozenset(ENTERPRISE), build)

"""批量导入: the firm's sessions, and a new one by dropping a table and its photos (row 42)."""

from nicegui import ui as web

from models.practitioner_codes import SessionState
from services.access.visibility import ENTERPRISE
from services.engine.listings import Line
from services.imports.listings import SESSIONS
from ui.records.workbooks import TableUpload
from ui.shell.list_view import ListView, order_of
from ui.shell.modules import Module
from ui.shell.parts import head, note
from ui.shell.place import Place
from ui.shell.status_count import look

KIND = "practitioners"
_EVERY = 3.0
_WORKS = {SessionState.READING, SessionState.COMMITTING}


class SessionList:
    """The upload above, the sessions below."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with web.element("section").classes("sf-drop").props("aria-label=上传导入表格"):
            head("上传表格")
            with web.element("div").classes("sf-pad"):
                upload = TableUpload(place, KIND, photos=True, ready=self._may_send, sent=self.load)
            note("每行都会核验：有误的行可以在网页上改，或者下载错误表改好再传；无误的行可以先提交。")
        self.grid = ListView(
            place,
            SESSIONS,
            on_enter=self.open,
            on_pick=lambda line: place.say(f"已选择批次 {line.session_no}，按回车打开"),
        )
        place.command("选择文件", upload.box.choose, icon="upload_file", key="f2")
        self.handing = place.command("上传表格", upload.send, icon="playlist_add_check", key="f8", needs="请先选择表格")
        web.timer(_EVERY, self._watch, immediate=False)

    def _may_send(self, may: bool) -> None:
        self.handing.enable(may)

    async def load(self) -> None:
        await self.grid.load()

    async def open(self, line: Line) -> None:
        await self.place.open("import_session", id=line.id)

    async def _watch(self) -> None:
        """While the worker has something to do, the list follows it by itself."""
        if not any(line.state in _WORKS for line in self.grid.lines.values()):
            return
        found = await look(self.place.desk, (SESSIONS.query, order_of(self.grid.view)))
        if found is not None and not self.grid.box.is_deleted:
            self.grid.lines = {str(line.id): line for line in found[0].lines}
            self.grid.table.show(found[0].lines, sort=self.grid.view.sort)


async def build(place: Place) -> None:
    await SessionList(place).load()


IMPORTS = Module(
    "imports", "批量导入", "upload_file", "practitioners", frozenset(ENTERPRISE), build, listing=SESSIONS.name
)

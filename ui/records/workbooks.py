"""Tables of a kind: template, import with a report of every row, export; and those of a single list on its form."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle_orders import RevisionView
from services.engine.findings import Finding
from services.engine.kinds import Child, Kind
from services.files.workbook_tables import LARGEST
from services.imports.listings import template
from services.imports.uploads import UploadTable, upload_table
from services.imports.workbooks import XLSX
from services.records.list_sheets import ListSheet, ReadLines, list_sheet, read_lines
from services.records.sheet_kinds import table_of
from ui.records.child_table import ChildTable
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.place import Place
from ui.tenancy.file_choice import choose_file

_REJECTED = "只接受不超过20MB的表格（.xlsx、.csv）"


async def ask_table(place: Place, kind: Kind, about: UUID | None = None) -> None:
    """Have a table chosen or dropped; its session opens, in which every row is reported."""
    chosen: dict[str, bytes] = {}
    with web.dialog(value=True).props("persistent") as dialog, web.card().classes("sf-dialog"):
        TextElement(tag="h2", text=f"导入{kind.label}")
        TextElement(
            tag="p", text="先下载模板填写，或修改导出的表格；上传后逐行核验，可只提交无误的行，提交后成为草稿。"
        )

        async def take(event: events.UploadEventArguments) -> None:
            chosen.clear()
            chosen[event.file.name] = await event.file.read()
            told.text = event.file.name
            sending.enable()

        upload = web.upload(on_upload=take, auto_upload=True, max_files=20, max_file_size=LARGEST)
        upload.props("accept=.xlsx,.csv flat bordered hide-upload-btn").classes("sf-drop-box")
        upload.props["label"] = "把表格（.xlsx、.csv）拖到这里"
        upload.mark("records-table")
        upload.on("rejected", lambda: place.say(_REJECTED, "bad"))

        async def send() -> None:
            name, content = next(iter(chosen.items()))
            answer = await call(
                upload_table, UploadTable(table_of(kind), name, content, about_id=about), button=sending
            )
            if answer.ok:
                dialog.close()
                await place.open("import_session", id=answer.value.id)

        with web.element("div").classes("sf-buttons"):
            told = TextElement(tag="span", text="尚未选择表格").props("role=status")
            web.space()
            plain_button("下载模板", partial(get_template, place, kind), icon="description").mark("get-template")
            pick = plain_button("选择文件", icon="folder_open")
            pick.on("click", js_handler=choose_file(upload))
            plain_button("取消", dialog.close)
            sending = main_button("上传并核验", send).mark("send-table")
            sending.disable()
        dialog.on("keydown.escape", dialog.close)
    dialog.on("hide", dialog.delete)


async def get_template(place: Place, kind: Kind) -> None:
    answer = await call(template, table_of(kind))
    if answer.ok:
        web.download.content(answer.value, f"{kind.label}导入模板.xlsx", XLSX)
        place.say("模板已下载；第二页说明每一栏怎么填", "good")


def draw_list_buttons(
    place: Place, kind: Kind, child: Child, view: RevisionView, table: ChildTable, changed: Callable[[], object]
) -> None:
    """On the head of a list: its lines as a workbook, and lines read from one."""

    async def get() -> None:
        answer = await call(list_sheet, ListSheet(view.revision_id, child.name))
        if answer.ok:
            web.download.content(answer.value, f"{kind.label}-{child.label}.xlsx", XLSX)

    async def take(event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        answer = await call(read_lines, ReadLines(kind.name, child.name, content, view.revision_id))
        if answer.gone or upload.is_deleted:
            return
        upload.reset()
        if not answer.ok:
            return
        read = answer.value
        table.fill(read.lines)
        table.tell([place_ for finding in read.findings if (place_ := cell_of(finding)) is not None])
        changed()
        wrong = len(read.findings)
        words = f"已读入{len(read.lines)}行" + (f"，{wrong}处需要核对，已标出" if wrong else "")
        place.say("；".join((words, *read.notes)), "warn" if wrong else "good")

    upload = web.upload(on_upload=take, auto_upload=True, max_files=20, max_file_size=LARGEST)
    upload.props("accept=.xlsx,.csv flat bordered hide-upload-btn").classes("sf-upload-box")
    upload.props["label"] = f"从表格读入{child.label}"
    upload.mark(f"lines-{child.name}")
    upload.on("rejected", lambda: place.say(_REJECTED, "bad"))
    plain_button("下载表格", get, icon="download").mark(f"sheet-{child.name}")
    plain_button("从表格读入", icon="upload_file").on("click", js_handler=choose_file(upload))


def cell_of(finding: Finding) -> tuple[int, str, Finding] | None:
    """Row from 0, field, and the finding, of one about a cell such as `rooms.3.area`."""
    parts = finding.field.split(".")
    if len(parts) != 3 or not parts[1].isdigit():
        return None
    return int(parts[1]) - 1, parts[2], finding

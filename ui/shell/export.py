"""导出: asks for the list in view as a file; what is long or in clear waits for the superior unit (H23)."""

from typing import Any, Protocol

from models.privacy import ExportMedia
from services.privacy.exports import RequestExport, request_export
from services.privacy.listings import TABLES, listing_of
from ui.shell.call import call
from ui.shell.fields import choice_field, flag_field, reason_field
from ui.shell.form import Form, ask_form
from ui.shell.grid import Grid, View
from ui.shell.place import Place
from ui.shell.reveal import confirm_password


class Exportable(Protocol):
    """A list that can be exported: its number of lines, and its filters."""

    @property
    def total(self) -> int: ...

    @property
    def view(self) -> View: ...


def offer_export(place: Place, grid: Exportable, listing: str) -> None:
    """Put 导出 into the toolbar of a list's page, for those who may export it."""
    if place.caller.roles & listing_of(listing).roles:
        place.command("导出", lambda: _export(place, grid, listing), icon="download")


async def _export(place: Place, grid: Exportable, listing: str) -> None:
    if not grid.total:
        place.say("没有可导出的记录", "warn")
        return
    offered = listing_of(listing)
    criteria = {key: text for key, text in grid.view.filters.items() if text and key in offered.filters}
    columns = grid.tools.chosen if isinstance(grid, Grid) and grid.tools is not None else ()
    await ask_for_file(place, listing, criteria, grid.total, columns=columns, sort=grid.view.sort)


async def ask_for_file(
    place: Place, listing: str, criteria: dict[str, str], total: int, *, columns: tuple[str, ...] = (), sort: str = ""
) -> None:
    """Ask for format and purpose, have the worker make the file, and show where it will be."""
    offered = listing_of(listing)
    asked = await _ask(offered.label, total, personal=offered.personal)
    full = asked.get("full", False)
    if full:
        await confirm_password()
    order = RequestExport(listing, criteria, asked["media"], asked["reason"], full, columns, sort)
    done = (await call(request_export, order)).or_end()
    # An open list would not show what was just asked for.
    await place.workspace.close("exports", ask=False)
    await place.open("exports")
    if done.waits:
        place.say(f"{done.request_no}：共{done.rows}条，已提交上级单位审批", "warn")
    else:
        place.say(f"{done.request_no}：共{done.rows}条，正在生成，请稍候下载", "good")


async def _ask(label: str, total: int, *, personal: bool) -> dict[str, Any]:
    summary = {
        "范围": f"当前查询结果，{total:,} 条",
        "说明": "文件带有导出人标记，保留3天；条数较多或含完整信息的，须经上级单位审批",
    }

    def draw(form: Form) -> None:
        kinds = {kind.value: kind.label for kind in TABLES}
        form.add(choice_field("media", "格式", kinds, value=ExportMedia.XLSX.value, required=True))
        if personal:
            form.add(flag_field("full", "含完整个人信息", help="须重新验证口令并经审批"))
        form.add(reason_field("用途", least=4))

    return await ask_form(f"导出“{label}”", draw, yes="导出", summary=summary)

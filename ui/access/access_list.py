"""访问控制清单与权限矩阵: validity of the signed list, differences, last changes; and the permission matrix."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from models.codes import Toned
from services.access.list_state import ListState, list_state
from services.access.matrix import MATRIX as MATRIX_LIST
from services.access.matrix_export import export_matrix
from ui.shell.call import call
from ui.shell.fields import shown_field
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.parts import badge_field, head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

READERS = frozenset({Role.SEC_ADMIN, Role.AUDITOR})


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AccessListPage:
    """The state of the list above, its last changes below."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with web.element("div").classes("sf-list"):
            self.state = web.element("div")
            head("最近变更")
            self.changes = Rows(
                (
                    Column("seq", "序号", number=True, width=70),
                    Column("at", "时间", width=140),
                    Column("act", "变更", width=180),
                    Column("what", "对象"),
                    Column("by", "办理人", width=120),
                ),
                label="最近变更",
                empty="还没有变更",
            )

    async def load(self) -> None:
        """Check everything now and show it."""
        done = (await call(list_state)).or_end()
        self._draw(done)
        self.changes.show(done.latest)

    def _draw(self, one: ListState) -> None:
        self.state.clear()
        with self.state:
            head("核对结果")
            newest = one.checked.newest
            with web.element("div").classes("sf-form").style("--columns: 2"):
                badge_field("结论", Toned("不一致，已告警", "bad") if one.problems else Toned("一致", "good"))
                shown_field("清单版本", f"第{newest.version if newest else 0}版")
                shown_field("签名时间", newest and newest.signed_at)
                shown_field("签名密钥", newest and newest.signature_key)
                shown_field("对象数", f"{len(one.checked.entries)}个，变更{one.checked.changes}次")
                shown_field("待签名", f"{one.waiting}次变更" if one.waiting else "无")
                shown_field("清单摘要", newest and newest.digest, span=2)
            for problem in one.problems:
                TextElement(tag="p", text=problem).classes("sf-wrong sf-note").props("role=alert")


async def build_list(place: Place) -> None:
    page = AccessListPage(place)
    place.command("重新核对", page.load, icon="fact_check", key="f3")
    await page.load()


async def build_matrix(place: Place) -> None:
    with web.element("div").classes("sf-list sf-matrix"):
        view = ListView(place, MATRIX_LIST)

    async def export() -> None:
        file, today = (await call(export_matrix)).or_end(), place.desk.door.clock.today()
        web.download.content(file.content, f"权限矩阵-{today:%Y%m%d}.xlsx", XLSX)
        place.say(f"已导出 {file.lines:,} 行，矩阵摘要 {file.digest[:16]}，与签名清单中的一致", "good")

    place.command("导出", export, icon="download", key="f8")
    await view.load()


ACCESS_LIST = Module("access_list", "访问控制清单", "verified_user", "manage", READERS, build_list)
MATRIX = Module("matrix", "权限矩阵", "grid_on", "manage", READERS, build_matrix)

"""需求跟踪矩阵: the modules of the order on the left; where one is found and how its tests went on the right."""

from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.catalogue.requirements import REQUIREMENTS
from services.engine.listings import Line
from ui.manual import modules_on, title_of
from ui.shell.buttons import plain_button
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.modules import GROUPS, KNOWN
from ui.shell.parts import empty, facts, head, note
from ui.shell.rows import Rows
from ui.shell.sheet import Column

_FILES = (
    Column("kind", "验证方式", width=96),
    Column("file", "验收测试文件"),
    Column("passed", "通过", number=True, width=44),
    Column("failed", "未通过", number=True, width=56),
    Column("skipped", "跳过", number=True, width=44),
    Column("missing", "未运行", number=True, width=56),
)
#: Names beside each other that go on in the next line.
_PLACES = "display: flex; flex-wrap: wrap; gap: 6px 10px; padding: 8px 12px"


class RequirementsDesk(ListDesk[Line]):
    """Requirement, manual, places in the menus and tests of one module; nothing here can be changed."""

    listing = REQUIREMENTS
    part = "模块"

    def draw(self, view: Line) -> None:
        head(f"{view.number}　{view.module}", view.shown_result)
        facts({"子系统": view.system, "要求": view.requirement}, columns=1)
        head("操作说明")
        with web.element("div").style(_PLACES):
            for name in view.pages:
                if "/" in name:
                    TextElement(tag="span", text=f"管理手册 {name}.md")
                else:
                    link = TextElement(tag="a", text=f"《{title_of(name)}》").props("target=_blank rel=noopener")
                    link.props["href"] = f"/manual/{name}"
        head("在产品中的位置")
        self._draw_places(view)
        head(f"验收测试（{view.tests}）")
        note("结果取自发布前最近的测试记录；未运行的不计为通过。")
        files = Rows(_FILES, view.files, label="验收测试", wraps=True, empty="没有验收测试", id_of=lambda one: one.file)
        # A path has no place for a break; unbroken it would push the counts out of the pane.
        files.table.style("overflow-wrap: anywhere")

    def _draw_places(self, view: Line) -> None:
        """Draw the modules that the manual's pages are about: a link where the reader has the module, else its place."""
        keys = dict.fromkeys(key for name in view.pages for key in modules_on(name))
        found = [KNOWN[key] for key in keys if key in KNOWN and not KNOWN[key].hidden]
        if not found:
            empty("该模块没有菜单页面：由接口、命令或后台任务实现")
            return
        own = self.place.workspace.modules
        with web.element("div").style(_PLACES):
            for one in found:
                words = f"{GROUPS[one.group].label} → {one.title}"
                if one.key in own:
                    plain_button(words, partial(self.place.open, one.key), icon=one.icon).mark(f"go-{one.key}")
                else:
                    TextElement(tag="span", text=words).classes("sf-badge sf-muted")


REQUIREMENTS_PAGE = desk_module(RequirementsDesk, "requirements", "library_add_check", "report")

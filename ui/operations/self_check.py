"""系统自检: every check with its light, what was found and what is to be done; made anew by one key."""

from nicegui import ui as web

from services.operations.self_check import BAD, DOUBTFUL, GOOD, READERS, Checked, self_check
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.parts import badge, head, note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

_COLUMNS = (
    Column("label", "检查", width=110),
    Column("light", "结果", width=80),
    Column("words", "现状", width=300),
    Column("to_do", "怎么办"),
)
_NOTE = (
    "结果为刚才在这个网页进程中检查所得，按 F3 再查一次。交技术支持时，在服务器上执行 main.py diagnose --out 文件，"
    "得到一份不含个人信息和密钥的诊断包。"
)


class SelfCheckPage:
    """The lights in numbers over the checks, those that need something first."""

    def __init__(self, place: Place) -> None:
        with web.element("div").classes("sf-scroll"):
            head("自检结果")
            self.counts = web.element("div").classes("sf-bar").mark("lights").props("role=status")
            self.rows = Rows(_COLUMNS, label="检查", wraps=True, empty="正在检查")
            note(_NOTE)
        place.command("再查一次", self.load, icon="refresh", key="f3")

    async def load(self) -> None:
        found = (await call(self_check)).or_end()
        worst_first = sorted(found, key=lambda one: _WORST_FIRST.index(one.light))
        self.rows.show(worst_first)
        self._count(found)

    def _count(self, found: tuple[Checked, ...]) -> None:
        self.counts.clear()
        with self.counts:
            for light in _WORST_FIRST:
                if count := sum(one.light == light for one in found):
                    badge(f"{light} {count}", light.tone)


_WORST_FIRST = (BAD, DOUBTFUL, GOOD)


async def build(place: Place) -> None:
    await SelfCheckPage(place).load()


SELF_CHECK = Module("self_check", "系统自检", "troubleshoot", "manage", frozenset(READERS), build)

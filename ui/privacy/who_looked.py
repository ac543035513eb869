"""谁看过我的信息: at the counter for the citizen, and for an investigation by the city centre or the auditor (D23)."""

from typing import Any

from nicegui import events
from nicegui import ui as web

from services.access.visibility import CLERKS
from services.privacy.who_looked import (
    INVESTIGATORS,
    AskWhoLooked,
    InvestigateLooks,
    Looks,
    investigate_looks,
    who_looked,
)
from ui.shell.buttons import plain_button
from ui.shell.call import Answer, call
from ui.shell.modules import Module
from ui.shell.parts import head, note, print_pdf, show_pdf, steps
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.card_reader import card_of, read_card

_COLUMNS = (
    Column("at", "时间", width=130),
    Column("unit", "单位", width=230),
    Column("role", "岗位", width=120),
    Column("official", "人员", width=120),
    Column("act", "业务", width=170),
    Column("what", "内容", width=110),
    Column("purpose", "目的"),
)

#: What a citizen at the counter and an investigator go through.
_ASKED = (
    ("请本人出示证件", "F4读卡或输入号码后按回车；只向本人出示。"),
    ("逐次列出", "谁、哪个单位、什么时候、因何事由、看到了哪些内容；工作人员姓名按规定隐去。"),
    ("打印给本人", "Ctrl+P打印。本人有异议的，由本单位负责人核实，并报审计管理员。"),
)
_INVESTIGATED = (
    ("写明调查事由", "输入证件号码和调查事由（不少于4个字），按回车；事由记入查看记录。"),
    ("逐次列出", "谁、哪个单位、什么时候、因何业务、看到了哪些内容，人员为全名。"),
    ("查到底", "同一人短时间内看了许多人、或者没有业务而查看的，由审计管理员在审计查询中核对前后经过。"),
)

_EMPTY = {True: "请输入证件号码和调查事由", False: "请读取证件或输入证件号码"}


class WhoLookedPage:
    """Number or card above, the looks below; nothing of the person but his masked number is shown."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.found: Looks | None = None
        self.investigating = not place.may(who_looked)
        with web.element("div").classes("sf-filters sf-enter-own").props("role=search"):
            hint = "输入证件号码" if self.investigating else "读卡，或输入证件号码后按回车"
            self.number = web.input(placeholder=hint).classes("sf-intake-number")
            self.number.props("dense outlined autocomplete=off maxlength=120 autofocus aria-label=证件号码")
            self.number.mark("looks-number")
            # The reader is faster than the field: its content is read in the browser.
            self.number.on("keydown.enter", self._entered, js_handler="(e) => emit(e.target.value)")
            self.reason: Any = None
            if self.investigating:
                self.reason = web.input(placeholder="调查事由（不少于4个字）").classes("sf-intake-number")
                self.reason.props("dense outlined autocomplete=off maxlength=200 aria-label=调查事由").mark(
                    "looks-reason"
                )
                self.reason.on("keydown.enter", self._typed)
            else:
                plain_button("读卡（F4）", self.read, icon="badge")
            plain_button("查询", self._typed, icon="search").mark("looks-search")
        note(
            "显示完整姓名，仅限调查使用；本次查询也会记入查看记录。"
            if self.investigating
            else "向本人出示其信息被查看的情况；本次查询也会记入查看记录。"
        )
        self.title = head("查看记录")
        self.lines = Rows(_COLUMNS, label="查看记录", empty=_EMPTY[self.investigating])
        self.steps = steps(*(_INVESTIGATED if self.investigating else _ASKED))
        if not self.investigating:
            place.command("读卡", self.read, icon="badge", key="f4")
        self.printing = place.command("打印", self.print, icon="print", key="ctrl+p", needs="请先读取证件")
        self.preview = place.command("预览", self.show, icon="visibility", needs="请先读取证件")
        place.command("换人查询", self.start_over, icon="restart_alt", key="f3")
        place.on_left = self.start_over

    async def _entered(self, event: events.GenericEventArguments) -> None:
        if self.investigating and not self.reason.value:
            self.reason.run_method("focus")
            return
        await self._ask(str(event.args or ""), "TYPED")

    async def _typed(self) -> None:
        await self._ask(str(self.number.value or ""), "TYPED")

    async def read(self) -> None:
        await self._ask((await read_card()).id_no, "CARD")

    async def _ask(self, typed: str, how: str) -> None:
        card = card_of(typed, (), reader=how == "CARD")
        number = card.id_no if card is not None else typed
        answer: Answer[Looks]
        if self.investigating:
            answer = await call(investigate_looks, InvestigateLooks(number, str(self.reason.value or "")))
        else:
            answer = await call(who_looked, AskWhoLooked(number, how))
        if not answer.ok:
            return
        self.found = found = answer.value
        self.number.set_value("")
        self.title.text = f"证件号码 {found.number} 的查看记录（共 {found.total:,} 次）"
        self.lines.show(found.lines)
        self.steps.set_visibility(False)
        self._may_print(True)
        more = f"，显示最近{len(found.lines)}次" if found.total > len(found.lines) else ""
        self.place.say(f"共{found.total}次{more}", "good")

    def start_over(self) -> None:
        """The next person: nothing of the last one stays on the screen."""
        self.found = None
        self.number.set_value("")
        if self.reason is not None:
            self.reason.set_value("")
        self.title.text = "查看记录"
        self.lines.show(())
        self.steps.set_visibility(True)
        self._may_print(False)

    def _may_print(self, may: bool) -> None:
        self.printing.enable(may)
        self.preview.enable(may)

    def print(self) -> None:
        if self.found is not None:
            print_pdf(f"/privacy/looks/{self.found.look_id}.pdf")

    def show(self) -> None:
        if self.found is not None:
            show_pdf(f"/privacy/looks/{self.found.look_id}.pdf")


def build(place: Place) -> None:
    WhoLookedPage(place)


WHO_LOOKED = Module("who_looked", "谁看过我的信息", "visibility", "search", frozenset(CLERKS | INVESTIGATORS), build)

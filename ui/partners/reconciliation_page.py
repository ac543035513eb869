"""对账看板: each day and partner with what was confirmed; a figure opens exactly its messages, one button asks again."""

from dataclasses import replace
from functools import partial

from nicegui import ui as web

from services.engine.listings import Line
from services.operations.systems import label_of
from services.partners.reconciliation import BOARD, FIGURES, LINES, AskAgain, ask_again
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.list_view import list_module
from ui.shell.parts import facts, head, note


class ReconciliationDesk(ListDesk[Line]):
    """A day of a partner in hand: its figures, and the messages behind each."""

    listing = BOARD
    part = "对账结果"
    classes = ""

    def begin(self) -> None:
        if self.place.may(ask_again):
            self.command("再次询问", self.ask, icon="send", key="f8", needs="没有未确认的报文", when=_is_open)

    def draw(self, view: Line) -> None:
        head(f"{view.day} {view.partner}", view.state)
        facts({"最久未确认": view.age}, columns=1)
        with web.element("div").classes("sf-figures"):
            self._figure(view, "", "本方发送", view.sent)
            for key, (label, _) in FIGURES.items():
                self._figure(view, key, label, view.figures[key])
        note("点击数字打开对应的报文。再次询问按原请求号重新发送，对方已收到的不会重复生效。")

    def _figure(self, view: Line, key: str, label: str, count: int) -> None:
        button = plain_button(f"{label}：{count:,}", partial(self.open_lines, view, key)).mark(
            f"figure-{key or 'sent'}"
        )
        button.set_enabled(count > 0)

    async def open_lines(self, view: Line, key: str) -> None:
        """Open the messages that a figure counts."""
        day = view.day.isoformat()
        told = {"system": view.system, "since": day, "until": day, "figure": key}
        await self.place.workspace.open_anew(
            "reconciliation_lines", {name: text for name, text in told.items() if text}
        )

    async def ask(self, view: Line) -> None:
        """Ask the partner about the unconfirmed messages of the day, after a confirmation."""
        summary = {
            "日期": view.day.isoformat(),
            "对方": label_of(view.system),
            "发送失败": str(view.figures["dead"]),
            "等待中": str(view.figures["waiting"]),
        }
        await confirm("确定按原请求号再次发送未确认的报文？", summary=summary, yes="再次询问")
        done = (await call(ask_again, AskAgain(view.system, view.day))).or_end()
        await self.done(f"已重新排队 {done.again} 件，{done.hurried} 件立即发送")


def _is_open(view: Line) -> bool:
    return bool(view.figures["dead"] or view.figures["waiting"])


RECONCILIATION = desk_module(ReconciliationDesk, "reconciliation", "grading", "exchange")
RECONCILIATION_LINES = replace(list_module(LINES, "reconciliation_lines", "view_headline", "exchange"), hidden=True)

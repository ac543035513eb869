"""未送达报文: what did not arrive, of every system; the city sends it again (rows 1, 2, 23)."""

from services.access.visibility import CITY
from services.engine.outbox import Resend, resend
from services.partners.dead_letters import LetterFilter, LetterLine, LetterPage, letters
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Column


def order_of(view: View) -> LetterFilter:
    return LetterFilter(view.text("waiting") == "waiting", "", view.text("number"), view.page, view.size)


class LettersPage:
    """The list; the line in hand, or every dead one of the page, is sent again."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line: LetterLine | None = None
        self.grid = Grid(
            place,
            letters,
            order=order_of,
            columns=(
                Column("created_at", "产生时间", width=126),
                Column("to", "发往", width=170),
                Column("operation", "业务", width=150),
                Column("business_key", "业务号", width=220),
                Column("state", "发送状态", width=120),
                Column("attempts", "已试", number=True, width=52),
                Column("next_at", "下次发送", width=126),
                Column("error", "原因"),
                Column("request_id", "请求号", width=260),
            ),
            filters=(
                Filter("waiting", "范围", options={"waiting": "失败后重试中"}, width=190, all="发送失败"),
                Filter("number", "编号", width=260),
            ),
            empty="没有发送失败的报文",
            on_pick=self.choose,
            on_enter=self.choose,
            on_loaded=self._loaded,
        )
        self.again = None
        if place.may(resend):
            self.again = place.command("重新发送", self.resend, icon="send", key="f8", needs="没有发送失败的报文")
        place.command("查询", self.grid.search, icon="search", key="f3")

    def _loaded(self, page: LetterPage) -> None:
        self.line = None
        if self.again is not None:
            self.again.enable(any(line.dead for line in page.lines))

    def choose(self, line: LetterLine) -> None:
        self.line = line
        self.place.say(f"已选择发往{line.to}的报文（{line.state}）")

    async def resend(self) -> None:
        """Put the chosen message, or every dead one of this page, back into the outbox."""
        chosen = [self.line] if self.line is not None else list(self.grid.lines.values())
        dead = [line for line in chosen if line.dead]
        if not dead:
            self.place.say("所选的报文还在自动重试，不需要重新发送", "warn")
            return
        summary = {"报文数": f"{len(dead)} 条", "发往": "、".join(dict.fromkeys(line.to for line in dead[:5]))}
        question = "重新发送？仍用原请求号，对方已收到的不会重复生效。"
        if not await confirm(question, summary=summary, yes="重新发送"):
            return
        sent = 0
        for line in dead:
            answer = await call(resend, Resend(line.id))
            if answer.gone:
                return
            sent += answer.ok
        await self.grid.load()
        self.place.say(f"已重新排队发送 {sent} 条", "good")


async def build(place: Place) -> None:
    await LettersPage(place).grid.load()


LETTERS = Module("letters", "未送达报文", "sms_failed", "exchange", frozenset(CITY), build)

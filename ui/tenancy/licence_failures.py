"""制证异常: failed licence messages; the filing is valid, the city sends them again (row 7)."""

from functools import partial

from services.engine.listings import Line
from services.engine.outbox import Resend, resend
from services.tenancy.licence_failures import FAILURES
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.tenancy.filing_list import open_lease


class FailuresPage:
    """The list; the line in hand can be sent again by the city."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line: Line | None = None
        self.grid = ListView(
            place, FAILURES, on_pick=self.choose, on_enter=partial(open_lease, place), on_loaded=self._loaded
        )
        self.again = None
        if place.may(resend):
            self.again = place.command("重新发送", self.resend, icon="send", key="f8", needs="没有发送失败的证照")

    def _loaded(self, page: object) -> None:
        self.line = None
        if self.again is not None:
            self.again.enable(bool(self._dead(list(self.grid.lines.values()))))

    def _dead(self, lines: list[Line]) -> list[Line]:
        return [line for line in lines if self.place.may(resend, line)]

    def choose(self, line: Line) -> None:
        """Take a message in hand."""
        self.line = line
        self.place.say(f"已选择 {line.filing_no}（{line.sending}）")

    async def resend(self) -> None:
        """Put the chosen message, or every dead one of this page, back into the outbox."""
        dead = self._dead([self.line] if self.line is not None else list(self.grid.lines.values()))
        if not dead:
            self.place.say("所选的消息还在自动重试，不需要重新发送", "warn")
            return
        summary = {"消息数": f"{len(dead)} 条", "备案编号": "、".join(line.filing_no for line in dead[:5])}
        if not await confirm("重新发送？仍用原请求号，对方已收到的不会重复生效。", summary=summary, yes="重新发送"):
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
    await FailuresPage(place).grid.load()


LICENCE_FAILURES = Module(
    "licence_failures",
    "制证异常",
    "sms_failed",
    "exchange",
    frozenset(FAILURES.roles),
    build,
    listing=FAILURES.name,
)

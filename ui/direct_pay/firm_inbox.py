"""收件箱: new mandates, payment results and terminations of the firm; unread ones are counted in the status bar."""

from services.access.visibility import ENTERPRISE
from services.direct_pay.firm_desk import INBOX, unread_count
from services.direct_pay.mandate_intake import Acknowledge, acknowledge
from services.engine.listings import Line, ListPage
from services.engine.notices import read_notice
from ui.shell.call import call
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.status_count import status_count


class InboxList:
    """The list; Enter opens the mandate a line is about and takes the line as read."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line: Line | None = None
        self.grid = ListView(place, INBOX, on_enter=self.open, on_pick=self.choose, on_loaded=self._loaded)
        self.taking = place.command("确认收到", self.take, icon="done_all", key="f8", needs="本页没有待确认的消息")
        self.reading = place.command("本页标为已读", self.read_all, icon="drafts", needs="本页没有未读的消息")

    def _loaded(self, page: ListPage) -> None:
        self.line = self.grid.lines.get(str(self.line.id)) if self.line is not None else None
        self.taking.enable(any(line.ack is not None for line in page.lines))
        self.reading.enable(any(line.read_at is None for line in page.lines))

    def choose(self, line: Line) -> None:
        self.line = line
        waits = "，还没有确认收到" if line.ack is not None else ""
        self.place.say(f"已选择：{line.subject}{waits}")

    async def open(self, line: Line) -> None:
        await self._read(line)
        await self.grid.load()
        if line.mandate_id is None:
            self.place.say("这条消息没有对应的委托", "warn")
            return
        await self.place.open("mandate", id=line.mandate_id)

    async def _read(self, line: Line) -> None:
        if line.read_at is None:
            await call(read_notice, line.id)

    async def take(self) -> None:
        """Say that the firm has the line in hand, or everything of this page that waits for that word."""
        lines = [self.line] if self.line is not None else list(self.grid.lines.values())
        waiting = [line for line in lines if line.ack is not None]
        if not waiting:
            self.place.say("所选的消息已经确认过，不需要再确认", "warn")
            return
        done = 0
        for line in waiting:
            assert line.ack is not None
            answer = await call(acknowledge, Acknowledge(line.ack, line.number))
            done += answer.ok
            await self._read(line)
        self.line = None
        await self.grid.load()
        if done == len(waiting):
            self.place.say(f"已确认收到 {done} 条", "good")

    async def read_all(self) -> None:
        for line in list(self.grid.lines.values()):
            await self._read(line)
        await self.grid.load()


async def build(place: Place) -> None:
    page = InboxList(place)
    place.refresh = page.grid.load
    await page.grid.load()


_COUNT = status_count(
    unread_count,
    "firm_inbox",
    lambda count: (count, f"收件箱 {count}"),
    mark="inbox-count",
    params={"unread": "unread"},
)
FIRM_INBOX = Module("firm_inbox", "收件箱", "all_inbox", "direct", frozenset(ENTERPRISE), build, status=_COUNT)

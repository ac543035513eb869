"""A queue as a page: the list on the left, the evidence on the right, a word, then the next record by itself."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any
from uuid import UUID, uuid4

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.listings import ListPage
from services.engine.look_ups import uuid_of
from services.engine.registry import action_for
from ui.review.decision_bar import DecisionBar
from ui.review.declaration import Decision, Queue, Standing
from ui.review.kept_reason import KeptReasons
from ui.review.keys import QueueKeys
from ui.review.undo_strip import UndoStrip
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.list_desk import ALONE
from ui.shell.list_view import ListView, order_of
from ui.shell.modules import Module
from ui.shell.parts import empty
from ui.shell.place import Place
from ui.shell.status_count import look

EVERY_SECONDS = 15.0


class QueuePage:
    """A reviewer in front of one queue."""

    def __init__(self, place: Place, queue: Queue) -> None:
        self.place, self.queue = place, queue
        self.chosen = uuid_of(place.params.get("id", ""))
        self.standing: Standing | None = None
        #: What the sheet answered of the record in view.
        self._record: Any = None
        self.may = [one for one in queue.decisions if place.may(one.action)]
        self.holds = queue.hold is not None and place.may(queue.hold.take)
        #: The last record was in his hands, so the next one comes into them too.
        self._working = False
        self._turn = 0
        self._request = ""
        #: How many waited when the list was last loaded.
        self._waiting = 0
        self._came = 0
        self._reasons = KeptReasons(queue.listing.name)
        with web.element("div").classes("sf-split sf-split-wide sf-review") as self.split:
            with web.element("section").props(f"aria-label={queue.listing.label}列表"):
                self._draw_list()
            with web.element("section").classes("sf-review-sheet").props("aria-label=材料与核验结果") as self.right:
                self.evidence = web.element("div").classes("sf-review-evidence")
                self.bar = DecisionBar(
                    queue,
                    decide=self._here(self.decide),
                    take=self._here(self.take),
                    release=self._here(self.release),
                    skip=self._here(self.skip),
                    typed=self._typed,
                    unsaid=self._here(self._unsaid),
                )
                self.undo = UndoStrip()
        self._draw_commands()
        web.timer(EVERY_SECONDS, self._watch, immediate=False)

    def _here(self, act: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """Run a method in the page's own context, because its button is redrawn meanwhile."""

        async def run(*what: Any) -> None:
            with self.right:
                await act(*what)

        return run

    # ---------------------------------------------------------------- the list

    def _draw_list(self) -> None:
        queue = self.queue
        self.grid = ListView(
            self.place,
            queue.listing,
            on_pick=lambda line: self.choose(line.id),
            on_enter=lambda line: self.choose(line.id, take=True),
            on_loaded=self._loaded,
            on_acted=self._acted,
        )
        QueueKeys(self._letters(), self._help(), self._letter)

    def _letters(self) -> list[str]:
        letters = [one.letter for one in self.may]
        return [*letters, "s", *(("enter", "u") if self.holds else ()), *("z" if self.queue.take_back else "")]

    def _help(self) -> list[tuple[str, str]]:
        shown = [("J / K", "下一条 / 上一条")]
        if self.holds:
            shown += [("回车", "领取"), ("U", "放回")]
        shown += [(one.letter.upper(), one.label) for one in self.may]
        shown.append(("S", "跳过"))
        if self.queue.take_back:
            shown.append(("Z", "撤销刚才的决定"))
        return [*shown, ("X", "勾选")] if self.grid.bulk else shown

    def _draw_commands(self) -> None:
        if self.holds:
            self.place.command("领取下一件", self.take_next, icon="front_hand", key="f2")
        if self.queue.overview is not None:
            self.place.command("照片总览", self._look_over, icon="grid_view", key="f4")
        self.place.command("复制链接", self._copy_link, icon="link")

    async def _look_over(self) -> None:
        """Show the records of the page at once, and open the one that is chosen."""
        overview = self.queue.overview
        assert overview is not None
        with self.right:
            chosen = await overview(tuple(self.grid.lines.values()))
            if chosen is not None:
                await self.choose(chosen)

    def _copy_link(self) -> None:
        """The view in hand as an address; it names no person, for personal filters never enter it."""
        web.run_javascript("navigator.clipboard?.writeText(location.href)")
        self.place.say("已复制当前查询的链接，可收藏或发给同事")

    def _loaded(self, page: ListPage) -> None:
        """Show how many records have come since the reviewer last loaded the list."""
        self._waiting = page.counts.get("", 0)
        if self._came > 0:
            with self.grid.counts:
                TextElement(tag="span", text=f"新到{self._came}件").classes("sf-badge sf-info").props("role=status")

    async def load(self) -> None:
        """The list, the counts, and the record the address names."""
        await self.reload()
        await self._load_sheet()

    async def _acted(self) -> None:
        """Show the list and the record in view as they are after a bulk action."""
        await self.reload()
        await self._load_sheet()

    async def reload(self) -> None:
        """Load the list and the counts anew."""
        self._came = 0
        await self.grid.load()

    async def _watch(self) -> None:
        """Refresh counts and list in the background, without counting as activity of the session."""
        asked = order_of(self.grid.view)
        found = await look(self.place.desk, (self.queue.listing.query, asked))
        if found is None or self.grid.box.is_deleted or asked != order_of(self.grid.view):
            return
        self._came += max(0, found[0].counts.get("", 0) - self._waiting)
        await self.grid.show(found[0])

    # ---------------------------------------------------------------- the record in hand

    async def choose(self, row_id: UUID, *, take: bool = False) -> None:
        """Show a record, and take it into hand when asked to."""
        # No word is taken until it is this record that is shown.
        self.chosen, self.standing = row_id, None
        self.place.keep(id=row_id)
        self.grid.table.choose(row_id)
        if take:
            await self._take(row_id)
        else:
            self._working = False
        await self._load_sheet()
        self.place.reveal(self.right)
        if take:
            # The list shows who has it, too.
            await self.reload()

    async def _load_sheet(self) -> None:
        self._turn += 1
        mine, row_id = self._turn, self.chosen
        self.standing = None
        with self.right:
            answer = await call(self.queue.sheet, row_id, quiet=True) if row_id is not None else None
            begun = await self._reasons.of(row_id) if row_id is not None and self.may else None
            # He may have gone on meanwhile: only the last one asked for is shown.
            if mine != self._turn:
                return
            self.evidence.clear()
            self._request = uuid4().hex
            self._show_right(answer is not None or self.undo.offers)
            with self.evidence:
                if answer is None:
                    empty("请在列表中选择一件，或按 J 从第一件看起")
                elif not answer.ok:
                    empty(answer.message)
                else:
                    await self._draw(answer.value)
            self.bar.show(self.standing, self._open_now(), begun)
            web.run_javascript(f"const box = getHtmlElement({self.evidence.id}); if (box) box.scrollTop = 0")

    def _show_right(self, shown: bool) -> None:
        """Show the record beside the list; with none in view the list has the whole width."""
        self.right.set_visibility(shown)
        self.split.classes(remove=ALONE) if shown else self.split.classes(ALONE)

    async def _draw(self, found: Any) -> None:
        self.standing, self._record = self.queue.standing(found), found
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=self.standing.title)
            TextElement(tag="span", text=self.standing.state).classes(
                f"sf-badge sf-{'info' if self.standing.waits else 'muted'}"
            )
        drawn = self.queue.draw(self.place, found)
        if isawaitable(drawn):
            await drawn

    async def _letter(self, letter: str) -> None:
        if letter == "s":
            await self.skip()
        elif letter == "enter":
            await self.take()
        elif letter == "u":
            await self.release()
        elif letter == "z":
            await self._press_undo()
        elif self.standing is None and self.chosen is not None:
            # A reviewer decides about what he sees.
            self.place.say("正在载入这一件，看清后请再按一次", "warn")
        elif self.standing is not None and self.standing.waits and self.standing.bar:
            self.place.say(self.standing.bar, "warn")
        elif self.standing is not None and self.standing.waits:
            decision = next((one for one in self._open_now() if one.letter == letter), None)
            if decision is None:
                self.place.say("这一件不能这样办理", "warn")
            elif await self._in_hand():
                await self.bar.pressed(decision)

    def _open_now(self) -> list[Decision]:
        """Return the decisions that can be made about the record in view."""
        return [one for one in self.may if self._record is not None and one.when(self._record)]

    async def take(self) -> None:
        """Take the record in view into hand."""
        if self.chosen is not None and self.standing is not None and self.standing.waits and not self.standing.mine:
            await self.choose(self.chosen, take=True)

    async def _take(self, row_id: UUID) -> None:
        hold = self.queue.hold
        if hold is not None and self.holds:
            record = self.grid.lines.get(str(row_id), self._record)
            self._working = (await call(action_for(hold.take, record), hold.order(row_id))).ok

    async def release(self) -> None:
        """Put the record in view back for others."""
        if self.chosen is None or not await self._put_back():
            return
        self._working = False
        await self.reload()
        await self._load_sheet()
        self.place.say("已放回待审")

    async def _put_back(self) -> bool:
        hold = self.queue.hold
        if hold is None or self.chosen is None or self.standing is None or not self.standing.mine:
            return False
        return (await call(action_for(hold.release, self._record), hold.order(self.chosen))).ok

    async def skip(self) -> None:
        """Leave this one to others and go on to the next."""
        working, order = self._working, list(self.grid.lines)
        at = order.index(str(self.chosen)) + 1 if str(self.chosen) in order else 0
        left = self.chosen
        if self.standing is not None and self.standing.mine:
            await self._put_back()
            await self.grid.load()
        await self._open_next(at, working, but=left)

    async def take_next(self) -> None:
        """Claim the first free record."""
        await self.reload()
        await self._open_next(0, True)

    async def _open_next(self, at: int, working: bool, *, but: UUID | None = None) -> None:
        """The next free record from a place in the list on, around its end."""
        lines = list(self.grid.lines.values())
        for line in lines[at:] + lines[:at]:
            if line.id != but and self.queue.free(line):
                await self.choose(line.id, take=working)
                return
        self.chosen = None
        self.place.keep(id="")
        await self._load_sheet()
        self.place.say("本页没有其他等待处理的记录")

    # ---------------------------------------------------------------- words

    async def _in_hand(self) -> bool:
        """Return whether the caller holds the record; a free one is claimed, to be looked at before the decision."""
        if self.queue.hold is None or (self.standing is not None and self.standing.mine):
            return True
        if self.standing is not None and self.standing.holder and not self.standing.overdue:
            self.place.say(f"{self.standing.holder}正在处理这一件，请选择其他记录", "warn")
            return False
        await self.take()
        if self._working:
            self.place.say("已领取，请核对后再按一次")
        return False

    async def decide(self, decision: Decision, words: str) -> None:
        """Speak a word, then open the next record."""
        row_id, standing = self.chosen, self.standing
        if row_id is None or standing is None:
            return
        asked = {"记录": standing.title}
        if decision.ask:
            await confirm(decision.ask, summary=asked, yes=decision.label, danger=decision.danger)
        form = self.bar.form
        button = form.button if form is not None and decision.reason else self.bar.buttons.get(decision.letter)
        # Sent once more after the line dropped it is the same request, and is answered as the first one was.
        answer = await call(
            action_for(decision.action, self._record),
            decision.order(row_id, words, standing.version),
            button=button,
            request_id=f"{self._request}{decision.letter}",
        )
        if not answer.ok:
            if answer.message:
                await self._after_refusal(row_id, answer.message)
            return
        await self._reasons.drop(row_id)
        order = list(self.grid.lines)
        at = order.index(str(row_id)) if str(row_id) in order else 0
        working = self._working
        await self.reload()
        await self._open_next(at, working, but=row_id)
        self.place.say(f"{standing.title}：{decision.told}", "good")
        await self._offer_undo(row_id, f"{standing.title}：{decision.told}")

    async def _offer_undo(self, row_id: UUID, told: str) -> None:
        """Offer to take back what was just decided, if it can be."""
        back = self.queue.take_back
        if back is None or not self.place.may(back.action):
            return
        left = await call(back.left, row_id, quiet=True)
        if left.ok and left.value > 0 and not self.undo.box.is_deleted:
            with self.right:
                self.undo.offer(told, left.value, lambda: self._take_back(row_id))
                self._show_right(True)

    async def _press_undo(self) -> None:
        if self.undo.offers:
            await self.undo.press()
        else:
            self.place.say("没有可以撤销的决定：超过时限，或该决定不能撤销", "warn")

    async def _take_back(self, row_id: UUID) -> None:
        """Undo a decision and show its record again, as it was before."""
        back = self.queue.take_back
        assert back is not None
        with self.right:
            answer = await call(action_for(back.action, self._record), back.order(row_id))
            if answer.ok:
                await self.reload()
                await self.choose(row_id)
                self.place.say("已撤销，该件回到待审核，未发出的消息不再发送", "good")

    async def _after_refusal(self, row_id: UUID, message: str) -> None:
        """Reload after a refusal, because another reviewer may have been quicker; the written words stay."""
        self._request = uuid4().hex
        await self.grid.load()
        line = self.grid.lines.get(str(row_id))
        if line is None or not self.queue.free(line):
            await self._load_sheet()
        self.place.say(message, "bad")

    async def _typed(self, decision: Decision, words: str) -> None:
        if self.chosen is not None:
            await self._reasons.keep(self.chosen, decision.letter, words)

    async def _unsaid(self) -> None:
        if self.chosen is not None:
            await self._reasons.drop(self.chosen)


def review_module(queue: Queue) -> Module:
    """The module of a queue."""

    async def build(place: Place) -> None:
        await QueuePage(place, queue).load()

    listing = queue.listing
    roles = frozenset(listing.roles) if queue.roles is None else queue.roles
    return Module(listing.name, listing.label, queue.icon, queue.group, roles, build)

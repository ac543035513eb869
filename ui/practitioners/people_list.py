"""从业人员, 激活 and 信息卡查询: cards of a firm, a district or the city, and what is done with them (rows 39, 41, 42)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.normal import BadText
from models.practitioner_codes import CardState
from services.access.visibility import CITY, ENTERPRISE
from services.engine.listings import Line
from services.engine.orders import OneRow
from services.engine.registry import Action
from services.practitioners.cancellation import leave
from services.practitioners.card_files import MEDIA, DownloadCards, download_cards
from services.practitioners.card_moves import activate, lapse_days, resume, suspend
from services.practitioners.card_past import CardOnDay, CardPast, card_past
from services.practitioners.listings import PEOPLE, WAITING
from services.practitioners.orders import LeaveFirm, Told
from services.practitioners.tasks import dispute
from services.practitioners.visibility import DISTRICT
from ui.practitioners.apply_page import open_new
from ui.practitioners.parts import portrait
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.choice import Choice
from ui.shell.dialogs import answer_buttons, answer_of, ask_reason, confirm, question
from ui.shell.fields import date_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.list_view import order_of
from ui.shell.parts import facts, head, note
from ui.shell.values import shown


@dataclass(frozen=True)
class Left:
    """The day a person left, and a remark."""

    on: date | None
    words: str


async def ask_leaving(summary: Mapping[str, str], today: date, *, active: bool) -> Left:
    """Ask for the day; None when it was called off."""
    title = "人员离职，注销信息卡？" if active else "人员离职，放弃这张未激活的信息卡？"
    with question(title, summary, classes="sf-enter") as dialog:
        TextElement(tag="p", text="注销立即生效并公示，不能恢复；再次从业须重新申办。").classes("sf-note")
        on = date_field("left_on", "离职日期", value=today, required=True)
        on.control.mark("left-on")
        words = text_field("words", "说明", longest=200)
        with web.element("div").classes("sf-buttons"):

            def agree() -> None:
                try:
                    day = on.read()
                except BadText as problem:
                    on.mark(problem.sentence)
                    return
                if day > today:
                    on.mark("离职日期不能晚于今天")
                    return
                dialog.submit(Left(day, str(words.value or "").strip()))

            plain_button("取消", lambda: dialog.submit(None)).props("autofocus")
            danger_button("注销信息卡", agree).mark("dialog-yes")
    return await answer_of(dialog, Left)


async def ask_media(count: str) -> str:
    """Ask which kind of file."""
    kinds = {media.value: media.label for media in MEDIA}
    with question(f"下载信息卡（{count}）") as dialog:
        TextElement(
            tag="p", text="文件由系统生成，完成后在“导出记录”中下载。已注销、暂停和逾期的卡不包含在内，文件中会写明。"
        )
        choice = Choice(kinds, value=MEDIA[0].value, name="格式").mark("card-media")
        answer_buttons(dialog, "生成文件", lambda: dialog.submit(str(choice.value or MEDIA[0].value)))
    return await answer_of(dialog, str)


class CardDesk(ListDesk[Line]):
    """Cards with their counts on the left; the holder of the card in hand and what can be done on the right."""

    listing = PEOPLE
    classes = ""

    def draw(self, view: Line) -> None:
        own = self.place.caller.has(*ENTERPRISE)
        head(f"{view.name}　{view.card_no}", view.state)
        with web.element("div").classes("sf-with-portrait"):
            portrait(view.portrait_id, view.name)
            self.draw_cells(view, without=("card_no", "name", "state", *(("firm",) if own else ())))
        self.draw_acts(view)
        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button("某日情况与变更", partial(self.show_past, view), icon="history").mark("card-past")

    async def show_past(self, line: Line) -> None:
        """Show what the card was at the end of a day, today first, and every change below."""
        today = self.place.desk.door.clock.today()
        # Asked before anything is drawn: of a card without a past there is nothing to open.
        now = (await call(card_past, CardOnDay(line.id, today))).or_end()
        with question(f"{line.name}　{line.card_no}", classes="sf-enter sf-outcomes") as dialog:
            with Form(columns=2) as form:
                form.add(date_field("day", "某日终了", value=today, required=True))
            with web.element("div").props("aria-live=polite") as past:
                _draw_past(now, today)

            async def look() -> None:
                day = form.complete()["day"]
                past.clear()
                found = (await call(card_past, CardOnDay(line.id, day))).or_end()
                with past:
                    _draw_past(found, day)

            form.fields["day"].control.on("keydown.enter", look)
            with web.element("div").classes("sf-buttons"):
                plain_button("查看", look).mark("past-look")
                main_button("关闭", lambda: dialog.submit(None)).mark("past-close")
        await answer_of(dialog, object)

    def draw_acts(self, line: Line) -> None:
        """Draw the buttons of the card in hand."""
        raise NotImplementedError


def _draw_past(found: CardPast, day: date) -> None:
    head(f"{day}的内容", found.state)
    facts(found.values, columns=2)
    head(f"变更（{len(found.changes)}次）")
    if not found.changes:
        note("验看通过以来没有变更。")
    with web.element("ul").classes("sf-said").props("aria-label=变更"):
        for one in found.changes:
            with web.element("li"):
                TextElement(tag="time", text=shown(one.at)[:16])
                with web.element("div"):
                    TextElement(tag="strong", text=f"{one.apply_no}，{one.by or '系统'}验看通过")
                    for sentence in one.sentences:
                        TextElement(tag="p", text=sentence).classes("sf-opinion")


class PeopleList(CardDesk):
    """The firm's own people."""

    part = "人员详情"

    def begin(self) -> None:
        self.place.command("新增人员", partial(open_new, self.place), icon="person_add", key="f2")
        self.place.command("下载信息卡", self.download, icon="badge", key="f9")

    def draw_acts(self, line: Line) -> None:
        may = partial(self.place.may, record=line)
        if may(activate):
            note("验看已通过，激活后信息卡生效并公示。人员已离职的，请直接注销。")
        elif may(leave) and line.practitioner_id is None:
            note("该信息卡由其他来源登记，变更和注销请联系区房屋管理部门。")
        elif line.state is CardState.SUSPENDED:
            note("信息卡已暂停，由区房屋管理部门处理；恢复前不能用于备案和房源发布。")
        with web.element("div").classes("sf-buttons sf-pad"):
            if may(activate):
                main_button("激活", partial(self.activate, line)).mark("activate-one")
            if line.may_change:
                change = partial(self.place.open, "firm_apply", id=f"change-{line.id}", card=line.id)
                plain_button("变更信息", change, icon="edit").mark("change-card")
            if may(leave) and line.practitioner_id is not None:
                danger_button("离职注销", partial(self.leave, line)).mark("leave-card")
            if may(dispute):
                plain_button("提出异议", partial(self.object, line)).mark("object-card")

    async def leave(self, line: Line) -> None:
        """Cancel the card of a person who left, at once."""
        with self.split:
            today = self.place.desk.door.clock.today()
            left = await ask_leaving(_summary(line), today, active=not self.place.may(activate, line))
            await self.act(leave, LeaveFirm(line.id, left.on, left.words), f"信息卡 {line.card_no} 已注销")

    async def object(self, line: Line) -> None:
        """The firm does not agree with what was done with a card; nothing waits for it."""
        with self.split:
            words = await ask_reason(
                "对这张信息卡的处理提出异议？异议由区房屋管理部门核实，不影响已办理的事项。",
                summary=_summary(line),
                yes="提出异议",
                least=5,
                label="异议内容",
            )
            await self.act(dispute, Told(line.id, words), "异议已提交区房屋管理部门")

    async def activate(self, line: Line) -> None:
        """Put the card in force."""
        with self.split:
            await confirm("激活信息卡？激活后立即生效并公示。", summary=_summary(line), yes="激活")
            await self.act(activate, OneRow(line.id), f"信息卡 {line.card_no} 已激活")

    async def download(self) -> None:
        """Have the worker make a file of the ticked cards, or of all that are found."""
        whole = self.grid.whole
        ids: tuple[UUID, ...] = () if whole else tuple(line.id for line in self.grid.ticked)
        if not ids and not self.grid.total:
            self.place.say("没有可以下载的信息卡", "warn")
            return
        media = await ask_media(f"勾选的 {len(ids)} 张" if ids else f"当前查询结果 {self.grid.total:,} 张")
        asked = (await call(download_cards, DownloadCards(media, ids, order_of(self.grid.view).filters))).or_end()
        await self.place.workspace.close("exports", ask=False)
        await self.place.open("exports")
        left = f"；{len(asked.left_out)} 张不能下载，文件中会写明" if asked.left_out else ""
        self.place.say(f"{asked.request_no}：{asked.cards} 张信息卡正在生成{left}", "warn" if left else "good")


def _summary(line: Line) -> dict[str, str]:
    return {"人员": line.name, "信息卡": f"{line.card_no}（{line.state.label}）"}


class ActivationList(PeopleList):
    """The firm's cards that wait for activation."""

    listing = WAITING

    def above(self) -> None:
        self.days = note("")

    async def load(self) -> None:
        done = (await call(lapse_days)).or_end()
        self.days.text = f"验看通过的信息卡须在 {done} 日内激活，逾期失效，须重新申办。勾选（X）后按 F8 激活。"
        await super().load()


FIRM_PEOPLE = desk_module(PeopleList, "firm_people", "group", "practitioners", title="从业人员", roles=ENTERPRISE)
FIRM_ACTIVATION = desk_module(ActivationList, "firm_activation", "task_alt", "practitioners", title="激活")


class CardRegister(CardDesk):
    """All cards in sight of an authority."""

    part = "信息卡详情"

    def draw_acts(self, line: Line) -> None:
        may_suspend = self.place.may(suspend, line)
        if may_suspend:
            note("调查期间可以暂停；暂停后扫码和公示页立即显示“暂停”，企业收到通知。")
        with web.element("div").classes("sf-buttons sf-pad"):
            if may_suspend:
                danger_button("暂停信息卡", partial(self._move, line, suspend, "暂停")).mark("suspend-card")
            if self.place.may(resume, line):
                main_button("恢复信息卡", partial(self._move, line, resume, "恢复")).mark("resume-card")

    async def _move(self, line: Line, act: Action[Told, Any], word: str) -> None:
        with self.split:
            reason = await ask_reason(
                f"{word}这张信息卡？",
                summary={"信息卡": f"{line.card_no}，{line.name}", "企业": line.firm},
                yes=f"{word}信息卡",
                least=5,
                danger=act is suspend,
                label=f"{word}原因",
            )
            answer = await call(act, Told(line.id, reason, line.version))
            await self.reload()
            if answer.ok and act is resume and answer.value is CardState.SUSPENDED:
                self.place.say(f"信息卡 {line.card_no} 的调查已结束，企业恢复服务后自动恢复", "warn")
            elif answer.ok:
                self.place.say(f"信息卡 {line.card_no} 已{word}", "good")
            else:
                self.place.say(answer.message, "bad")


CARD_REGISTER = desk_module(CardRegister, "cards", "contact_page", "search", title="信息卡查询", roles=DISTRICT | CITY)

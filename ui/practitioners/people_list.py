"""从业人员 and 激活: the firm's people with their cards; change, cancel, object, download, activate (rows 39, 41, 42)."""

from functools import partial
from uuid import UUID

from nicegui import ui as web

from models.practitioner_codes import CardState
from services.access.visibility import ENTERPRISE
from services.engine.listings import Line
from services.practitioners.activation import activate, lapse_days
from services.practitioners.cancellation import leave
from services.practitioners.card_files import DownloadCards, download_cards
from services.practitioners.listings import PEOPLE, WAITING
from services.practitioners.orders import LeaveFirm, One, Told
from services.practitioners.tasks import dispute
from ui.practitioners.apply_page import open_new
from ui.practitioners.card_dialogs import ask_leaving, ask_media
from ui.practitioners.parts import portrait
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.list_view import order_of
from ui.shell.parts import facts, head, note


class CardDesk(ListDesk[Line]):
    """Cards with their counts on the left; the holder of the card in hand and what can be done on the right."""

    listing = PEOPLE
    classes = ""

    def draw(self, view: Line) -> None:
        head(f"{view.name}　{view.card_no}", view.state)
        with web.element("div").classes("sf-with-portrait"):
            portrait(view.portrait_id, view.name)
            facts(
                {
                    "企业": "" if self.place.caller.has(*ENTERPRISE) else view.firm,
                    "证件种类": view.id_type,
                    "证件号码": view.id_no,
                    "手机号": view.mobile,
                    "岗位": view.post,
                    "从业类型": view.duty,
                    "门店": view.store,
                    "入职日期": view.hired_on,
                    "来源": view.origin,
                    "制卡日期": view.issued_on,
                    "激活日期": view.active_from,
                    "注销日期": view.cancelled_on,
                    "注销原因": view.cancel_reason,
                },
                columns=1,
            )
        self.draw_acts(view)

    def draw_acts(self, line: Line) -> None:
        """Draw the buttons of the card in hand."""
        raise NotImplementedError


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
            if left is not None:
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
            if words is not None:
                await self.act(dispute, Told(line.id, words), "异议已提交区房屋管理部门")

    async def activate(self, line: Line) -> None:
        """Put the card in force."""
        with self.split:
            if await confirm("激活信息卡？激活后立即生效并公示。", summary=_summary(line), yes="激活"):
                await self.act(activate, One(line.id), f"信息卡 {line.card_no} 已激活")

    async def download(self) -> None:
        """Have the worker make a file of the ticked cards, or of all that are found."""
        whole = self.grid.bulk is not None and self.grid.bulk.whole
        ids: tuple[UUID, ...] = () if whole else tuple(line.id for line in self.grid.ticked)
        if not ids and not self.grid.total:
            self.place.say("没有可以下载的信息卡", "warn")
            return
        media = await ask_media(f"勾选的 {len(ids)} 张" if ids else f"当前查询结果 {self.grid.total:,} 张")
        if media is None:
            return
        answer = await call(download_cards, DownloadCards(media, ids, order_of(self.grid.view).filters))
        if not answer.ok:
            return
        asked = answer.value
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
        days = await call(lapse_days)
        if days.ok:
            self.days.text = (
                f"验看通过的信息卡须在 {days.value} 日内激活，逾期失效，须重新申办。勾选（X）后按 F8 激活。"
            )
            await super().load()


FIRM_PEOPLE = desk_module(PeopleList, "firm_people", "groups", "practitioners", title="从业人员", roles=ENTERPRISE)
FIRM_ACTIVATION = desk_module(ActivationList, "firm_activation", "task_alt", "practitioners", title="激活")

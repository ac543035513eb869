"""A mandate on a page: state, timeline, bills, and messages that can be sent again (row 23)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from services.access.visibility import CITY, ENTERPRISE
from services.direct_pay.month_steps import gaps
from services.direct_pay.progress_paper import issue_progress
from services.direct_pay.timeline import Event, timeline
from services.direct_pay.visibility import WATCHERS
from services.engine.listings import Line
from services.engine.outbox import resend
from services.tenancy.endings import contract_of_filing
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.modules import Module
from ui.shell.parts import badge, empty, facts, head, uuid_of
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown
from ui.tenancy.print_panel import print_issued, printed_words


class MandatePage:
    """The page of a mandate, redrawn after each resend."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.found: Line | None = None
        self.chosen: Line | None = None
        self.box = web.element("div").classes("sf-scroll")
        place.command("刷新", self.load, icon="refresh", key="f3")
        self.lease = None
        if not place.caller.has(*ENTERPRISE):
            self.lease = place.command("打开合同", self.open_lease, icon="description", needs="这份委托没有对应的合同")
        place.command("打印进度单", self.print, icon="print", key="ctrl+p")
        self.again = None
        if place.may(resend):
            self.again = place.command("重新发送", self.resend, icon="send", key="f8", needs="没有发送失败的报文")

    async def load(self) -> None:
        entrustment_id = uuid_of(self.place.params.get("id", ""))
        if entrustment_id is None:
            with self.box:
                empty("没有找到这份委托书")
            return
        answer = await call(timeline, entrustment_id)
        if not answer.ok:
            self.box.clear()
            with self.box:
                empty(answer.message)
            return
        self.found = answer.value
        self.place.rename(f"委托 {self.found.entrust_no}")
        if self.lease is not None:
            self.lease.enable(self.found.filing_id is not None)
        self._choose(None)
        self.box.clear()
        with self.box:
            self._draw(self.found)

    def _draw(self, one: Line) -> None:
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=f"委托书 {one.entrust_no}")
            badge(one.state)
            for wrong in one.abnormal:
                if wrong.label != one.state.label:
                    badge(wrong)
        facts(
            {
                "承租人": one.tenant,
                "配偶": one.spouse,
                "企业": one.enterprise,
                "项目": one.project,
                "备案编号": one.filing_no,
                "合同编号": one.contract_no,
                "月租金": one.monthly_rent,
                "提取周期": one.pay_cycle,
                "提取月份": one.draw,
                "收款账户": one.payee,
                "备案终止": one.filing_ended_on,
                "停止提取": f"自 {one.stops_from} 起" if one.stops_from else "",
                "核验结果": "；".join(one.findings),
            }
        )
        stopped = gaps(one.months)
        head("逐月", *((Toned(f"{stopped}个缺口", "bad"),) if stopped else ()))
        months = Rows(
            (
                Column("month", "月份", width=80),
                Column("due", "应付（元）", number=True, width=100),
                Column("bill", "账单"),
                Column("sent", "送公积金中心", width=150),
                Column("paid", "支付（元）", width=170),
                Column("confirmed", "企业确认", width=130),
            ),
            label="逐月办理",
            empty="还没有到提取起始月",
        )
        months.show(one.months)
        head(f"时间线（{len(one.events)}）")
        self._draw_events(one.events)
        head(f"账单（{len(one.bills)}）")
        bills = Rows(
            (
                Column("bill_no", "账单编号", width=190),
                Column("period", "账期", width=190),
                Column("rent_fee", "租金", number=True, width=90),
                Column("paid_amount", "实付", number=True, width=90),
                Column("state", "状态", width=130),
                Column("reason", "说明"),
                Column("received_at", "接收时间", width=130),
            ),
            label="账单",
            empty="还没有账单",
        )
        bills.show(one.bills)
        if self.place.caller.has(*WATCHERS):
            self._draw_messages(one.messages)

    def _draw_events(self, events: tuple[Event, ...]) -> None:
        rows = Rows(
            (
                Column("at", "时间", width=126),
                Column("who", "发起方", width=100),
                Column("what", "事项", width=200),
                Column("detail", "内容"),
                Column("receipt", "回执", width=200),
            ),
            label="时间线",
        )
        # The events of a long mandate are its bills; the newest come first on the screen.
        rows.show([Line(**vars(one) | {"what": Toned(one.what, one.tone)}) for one in events[::-1]])

    def _draw_messages(self, messages: tuple[Line, ...]) -> None:
        head(f"报文（{len(messages)}）")
        rows = Rows(
            (
                Column("what", "内容", width=110),
                Column("business_key", "业务编号", width=220),
                Column("state", "发送状态", width=120),
                Column("attempts", "已试", number=True, width=56),
                Column("next_at", "下次发送", width=126),
                Column("receipt", "回执", width=200),
                Column("request_id", "请求号"),
            ),
            label="报文",
            empty="没有发出的报文",
            on_pick=self._choose,
            on_enter=self._open_exchanges,
        )
        rows.show(messages)

    async def _open_exchanges(self, message: Line) -> None:
        """Every attempt of a message with its proofs, for those who may look into the log."""
        self._choose(message)
        if self.place.caller.has(*CITY):
            await self.place.open("exchange_log", request_id=message.request_id)

    def _choose(self, message: Line | None) -> None:
        self.chosen = message
        dead = self._dead()
        if self.again is not None:
            self.again.enable(bool(dead))
        if message is not None:
            self.place.say(f"已选择{message.what}报文（{shown(message.state)}）")

    def _dead(self) -> list[Line]:
        if self.chosen is not None:
            return [self.chosen] if self.chosen.dead else []
        return [message for message in self.found.messages if message.dead] if self.found else []

    async def resend(self) -> None:
        """Put the chosen dead message, or every dead one of this mandate, back into the outbox."""
        dead = self._dead()
        if not dead:
            self.place.say("没有发送失败的报文；还在自动重试的不需要重新发送", "warn")
            return
        summary = {"报文数": f"{len(dead)} 条", "内容": "、".join(dict.fromkeys(message.what for message in dead))}
        question = "重新发送？仍用原请求号，对方已收到的不会重复生效。"
        await confirm(question, summary=summary, yes="重新发送")
        sent = 0
        for message in dead:
            answer = await call(resend, message.id)
            sent += answer.ok
        await self.load()
        self.place.say(f"已重新排队发送 {sent} 条", "good")

    async def print(self) -> None:
        """Issue the present progress, and print it."""
        if self.found is None:
            return
        paper_id = (await call(issue_progress, self.found.id)).or_end()
        if (done := await print_issued(paper_id, ready=False)) is not None:
            self.place.say(printed_words(done), "good")

    async def open_lease(self) -> None:
        if self.found is None or self.found.filing_id is None:
            return
        done = (await call(contract_of_filing, self.found.filing_id)).or_end()
        await self.place.open("contract", id=done)


async def build(place: Place) -> None:
    await MandatePage(place).load()


MANDATE = Module(
    "mandate",
    "委托时间线",
    "timeline",
    "direct",
    frozenset(WATCHERS | ENTERPRISE),
    build,
    hidden=True,
    several=True,
)

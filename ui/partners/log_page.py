"""对接日志: every message in and out, signed or not; the one in hand with payload, proofs and attempts (rows 1, 2, 13-23)."""

import json
from collections.abc import Mapping
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.outbox import Resend, resend
from services.partners.exchanges import (
    READERS,
    ExchangeDetail,
    ExchangeLine,
    FindExchanges,
    Outcome,
    exchange_choices,
    find_exchanges,
    open_exchange,
)
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import facts, head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

DIRECTIONS = {"IN": "接收", "OUT": "发送"}
#: Of a receipt the texts that were signed and the signatures are shown; bodies stay sealed, their digests are in the texts.
_RECEIPT = (
    ("request", "canonical", "请求规范串"),
    ("request", "signature", "请求签名"),
    ("reply", "canonical", "应答规范串"),
    ("reply", "signature", "应答签名"),
)


def order_of(view: View) -> FindExchanges:
    return FindExchanges(
        partner=view.text("partner"),
        direction=view.text("direction"),
        operation=view.text("operation"),
        outcome=view.text("outcome"),
        request_id=view.text("request_id"),
        business_key=view.text("business_key"),
        since=view.day("since"),
        until=view.day("until"),
        page=view.page,
        size=view.size,
    )


class LogPage:
    """The list on the left; the exchange in hand on the right."""

    def __init__(self, place: Place, partners: Mapping[str, str], operations: Mapping[str, str]) -> None:
        self.place = place
        self.detail: ExchangeDetail | None = None
        with web.element("div").classes("sf-split"):
            self.grid = Grid(
                place,
                find_exchanges,
                order=order_of,
                columns=(
                    Column("at", "时间", width=126),
                    Column("direction", "方向", width=48, show=lambda value: DIRECTIONS.get(value, value)),
                    Column("outcome", "结果", width=92),
                    Column("partner_label", "对接方", width=140),
                    Column("label", "业务"),
                    Column("code", "应答码", width=60),
                    Column("attempt", "第几次", number=True, width=52),
                    Column("milliseconds", "毫秒", number=True, width=56),
                    Column("findings", "核验结论", width=120),
                    Column("business_key", "业务号", width=150),
                    Column("request_id", "请求号", width=150),
                ),
                filters=(
                    Filter("partner", "对接方", options=partners, width=200),
                    Filter("direction", "方向", options=DIRECTIONS, width=120),
                    Filter("operation", "业务", options=operations, width=220),
                    Filter("outcome", "结果", options=Outcome.labels(), width=160),
                    Filter("request_id", "请求号", width=230),
                    Filter("business_key", "业务号", width=220),
                    Filter("since", "日期自", day=True, width=150),
                    Filter("until", "至", day=True, width=130),
                ),
                empty="没有符合条件的对接记录",
                on_pick=self.choose,
                on_enter=self.choose,
            )
            self.side = web.element("section").props("aria-label=对接详情")
        with self.side:
            head("对接详情")
            TextElement(tag="p", text="请在列表中选择一条记录").classes("sf-empty")
        self.again = None
        if place.may(resend):
            self.again = place.command(
                "重新发送", self.resend, icon="send", key="f8", needs="请先选择一条发送失败的记录"
            )
        place.command("查询", self.grid.search, icon="search", key="f3")

    async def choose(self, line: ExchangeLine) -> None:
        self.detail = None
        if line.signed:
            answer = await call(open_exchange, line.id)
            if not answer.ok:
                return
            self.detail = answer.value
        if self.again is not None:
            self.again.enable(self.detail is not None and self.detail.resend is not None)
        self.side.clear()
        with self.side:
            self._draw_line(line, self.detail)
            if self.detail is not None:
                self._draw_detail(self.detail)
        self.place.reveal(self.side)

    def _draw_line(self, line: ExchangeLine, whole: ExchangeDetail | None) -> None:
        head(f"{DIRECTIONS.get(line.direction, line.direction)}：{line.label or line.operation}")
        told: dict[str, Any] = {
            "时间": line.at,
            "对接方": f"{line.partner_label}（{line.partner}）",
            "接口": line.operation,
            "需求行号": f"第 {line.row_no} 行" if line.row_no else "",
            "业务号": line.business_key,
            "请求号": line.request_id,
            "结果": f"{line.outcome.label} {line.code}".strip(),
            "核验结论": line.findings,
            "说明": line.detail,
            "HTTP 状态": line.http_status or "",
            "第几次": line.attempt,
            "耗时": f"{line.milliseconds} 毫秒",
        }
        if whole is not None:
            told |= {
                "幂等键": whole.idempotency_key,
                "消息号": whole.message_id,
                "来源": whole.source,
                "报文状态": whole.message_state,
                "请求摘要": whole.body_digest,
                "应答摘要": whole.reply_digest,
            }
        else:
            told["签名"] = "该系统不使用签名交换，只记录结果"
        facts(told, columns=1)

    def _draw_detail(self, one: ExchangeDetail) -> None:
        for title, body in (("请求内容（已脱敏）", one.payload), ("应答内容（已脱敏）", one.reply)):
            if body is not None:
                head(title)
                _draw_text(json.dumps(body, ensure_ascii=False, indent=2), title)
        if len(one.attempts) > 1:
            head(f"各次尝试（{len(one.attempts)}）")
            attempts = Rows(
                (
                    Column("attempt", "第几次", number=True, width=52),
                    Column("at", "时间", width=126),
                    Column("outcome", "结果", width=92),
                    Column("code", "应答码", width=60),
                    Column("detail", "说明"),
                    Column("milliseconds", "毫秒", number=True, width=56),
                ),
                label="各次尝试",
            )
            attempts.show(one.attempts)
        if one.receipt:
            head("双方凭据（规范串与签名）")
            for side, part, label in _RECEIPT:
                if value := dict(one.receipt.get(side) or {}).get(part):
                    TextElement(tag="p", text=label).classes("sf-note")
                    _draw_text(str(value), label)

    async def resend(self) -> None:
        """Put the dead message behind the exchange in hand back into the outbox."""
        if self.detail is None or self.detail.resend is None:
            self.place.say("这条报文不需要重新发送", "warn")
            return
        line = self.detail.line
        summary = {"对接方": line.partner_label, "业务": line.label, "业务号": line.business_key}
        question = "重新发送？仍用原请求号，对方已收到的不会重复生效。"
        if not await confirm(question, summary=summary, yes="重新发送"):
            return
        if (await call(resend, Resend(self.detail.resend))).ok:
            self.place.say("已重新排队发送", "good")
            await self.grid.load()


def _draw_text(text: str, label: str) -> None:
    block = TextElement(tag="pre", text=text).classes("sf-pre").props("tabindex=0")
    block.props["aria-label"] = label


async def build(place: Place) -> None:
    choices = await call(exchange_choices)
    if not choices.ok:
        return
    await LogPage(place, choices.value.partners, choices.value.operations).grid.load()


EXCHANGE_LOG = Module("exchange_log", "对接日志", "swap_horiz", "exchange", frozenset(READERS), build)

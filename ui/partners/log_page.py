"""对接日志: every message in and out, signed or not; the one in hand with payload, proofs and attempts (rows 1, 2, 13-23)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nicegui.elements.mixins.text_element import TextElement

from services.engine.listings import Line
from services.engine.outbox import resend
from services.partners.exchanges import DIRECTIONS, LOG, READERS, ExchangeDetail, exchange_choices, open_exchange
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.finder import rows
from ui.shell.list_desk import ListDesk
from ui.shell.modules import Module
from ui.shell.parts import facts, head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.workspace import Workspace

#: Of a receipt the texts that were signed and the signatures are shown; bodies stay sealed, their digests are in the texts.
_RECEIPT = (
    ("request", "canonical", "请求规范串"),
    ("request", "signature", "请求签名"),
    ("reply", "canonical", "应答规范串"),
    ("reply", "signature", "应答签名"),
)


class LogPage(ListDesk[ExchangeDetail]):
    """The exchange in hand with payload, proofs and attempts."""

    listing = LOG
    look = open_exchange
    part = "对接详情"
    classes = ""

    def __init__(self, place: Place, choices: Mapping[str, Mapping[str, str]]) -> None:
        filters = (replace(one, options=choices.get(one.key, one.options)) for one in LOG.filters)
        self.listing = replace(LOG, filters=tuple(filters))  # type: ignore[misc]
        super().__init__(place)

    def begin(self) -> None:
        if self.place.may(resend):
            self.command(
                "重新发送",
                self.resend,
                icon="send",
                key="f8",
                needs="请先选择一条发送失败的记录",
                when=lambda view: view.resend is not None,
            )

        self.command(
            "打开业务",
            self.open_business,
            icon="open_in_new",
            key="f6",
            needs="这条记录没有业务号",
            when=lambda view: bool(view.line.business_key),
        )

    async def open_business(self, view: ExchangeDetail) -> None:
        """Open the row that the message is about, found by its number in the lists of this user."""
        number = view.line.business_key.rsplit(":", 1)[-1]
        workspace = self.place.workspace
        assert isinstance(workspace, Workspace)
        hits = await rows(workspace, number)
        if not hits:
            self.place.say(f"您的列表中没有业务号 {number}", "warn")
            return
        await workspace.open_anew(hits[0].module.key, hits[0].filters)

    def draw(self, view: ExchangeDetail) -> None:
        self._draw_line(view.line, view)
        self._draw_detail(view)

    def _draw_line(self, line: Line, whole: ExchangeDetail) -> None:
        head(f"{DIRECTIONS.get(line.direction, line.direction)}：{line.label or line.operation}")
        told: dict[str, Any] = {
            "时间": line.at,
            "对接方": f"{line.partner_label}（{line.partner}）",
            "接口": line.operation,
            "对应需求": f"第 {line.row_no} 项" if line.row_no else "",
            "业务号": line.business_key,
            "请求号": line.request_id,
            "结果": f"{line.outcome.label} {line.code}".strip(),
            "核验结论": line.findings,
            "说明": line.detail,
            "HTTP 状态": line.http_status or "",
            "第几次": line.attempt,
            "耗时": f"{line.milliseconds} 毫秒",
        }
        if line.signed:
            told |= {
                "防重复编号": whole.idempotency_key,
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

    async def resend(self, view: ExchangeDetail) -> None:
        """Put the dead message behind the exchange in hand back into the outbox."""
        if view.resend is None:
            return
        line = view.line
        summary = {"对接方": line.partner_label, "业务": line.label, "业务号": line.business_key}
        question = "重新发送？仍用原请求号，对方已收到的不会重复生效。"
        await confirm(question, summary=summary, yes="重新发送")
        await self.act(resend, view.resend, "已重新排队发送")


def _draw_text(text: str, label: str) -> None:
    block = TextElement(tag="pre", text=text).classes("sf-pre").props("tabindex=0")
    block.props["aria-label"] = label


async def build(place: Place) -> None:
    done = (await call(exchange_choices)).or_end()
    await LogPage(place, done).load()


EXCHANGE_LOG = Module("exchange_log", "对接日志", "receipt", "exchange", frozenset(READERS), build, listing=LOG.name)

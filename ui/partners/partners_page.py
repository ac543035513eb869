"""对接方: who exchanges signed messages with us; line tests, maintenance; the registry for its two administrators."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui as web

from models.partners import ChangeKind, PartnerKeyState
from services.engine.listings import Line
from services.engine.orders import Decide, Reasoned
from services.partners.line_test import test_line
from services.partners.registry import (
    MaintainPartner,
    confirm_change,
    disable_partner,
    maintain_partner,
    propose_enabling,
    propose_partner,
    revoke_key,
)
from services.partners.registry_queries import PARTNERS as PARTNER_LIST
from services.partners.registry_queries import PartnerSheet, open_changes, open_partner
from ui.partners.proposals import KeyForm, PartnerForm, wanted_words
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import draw_key, empty, facts, head
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown


class Partners(ListDesk[PartnerSheet]):
    """Changes that wait above the partners; the partner in hand on the right."""

    listing = PARTNER_LIST
    look = open_partner
    part = "对接方详情"
    classes = ""

    def above(self) -> None:
        self.keeps = self.place.may(disable_partner)
        self.waiting = web.element("section").props("aria-label=待确认的变更")

    def begin(self) -> None:
        if self.place.may(test_line):
            self.command("线路测试", self.test, icon="network_check", key="f9")
        if self.place.may(propose_partner):
            self.command("维护模式", self.maintain, icon="build")
            self.place.command("登记对接方", self.new, icon="add", key="f2")

    async def load(self) -> None:
        await super().load()
        await self._load_changes()

    async def reload(self) -> None:
        await super().reload()
        await self._load_changes()

    async def _load_changes(self) -> None:
        if not self.keeps:
            return
        done = (await call(open_changes)).or_end()
        self._draw_waiting(done)

    def draw(self, view: PartnerSheet) -> None:
        line = view.line
        head(f"{line.label}（{line.app_id}）")
        told = {
            "类别": line.kind,
            "企业或区": line.owner,
            "状态": line.state,
            "接口基址": line.base_url or "未登记，只接收不发送",
            "接口权限": line.rights or "无",
            "最近交换": line.last_at,
            "待发报文": f"{line.waiting} 条",
        }
        if self.keeps:
            told |= {"来源网段": view.networks or "不限", "维护开始": view.maintenance_since}
        facts(told, columns=1)
        if not self.keeps:
            return
        self._draw_acts(view)
        head(f"公钥（{len(view.keys)}）")
        for key in view.keys:
            self._draw_key(key)
        if not view.keys:
            empty("还没有登记公钥，请求不会被接受")
        if view.changes:
            head("变更记录")
            history = Rows(
                (
                    Column("kind", "变更", width=100),
                    Column("state", "状态", width=80),
                    Column("proposed_by", "提出人", width=90),
                    Column("proposed_at", "提出时间", width=126),
                    Column("decided_at", "确认时间"),
                ),
                label="变更记录",
            )
            history.show(view.changes)

    def _draw_acts(self, sheet: PartnerSheet) -> None:
        with web.element("div").classes("sf-buttons sf-pad"):
            if self.place.may(propose_partner):
                plain_button("修改", lambda: self._propose(sheet)).mark("edit-partner")
                plain_button("登记公钥", lambda: self._propose_key(sheet)).mark("new-key")
                if self.place.may(propose_enabling, sheet.line):
                    plain_button("申请恢复启用", lambda: self._enable(sheet)).mark("enable-partner")
            if self.place.may(disable_partner, sheet.line):
                danger_button("停用", lambda: self._stop(sheet)).mark("disable-partner")

    def _draw_key(self, key: Line) -> None:
        state = "使用中" if key.in_use else key.state.label if key.state is PartnerKeyState.REVOKED else "不在有效期"
        facts(
            {
                "密钥标识": f"{key.kid}（{key.use.label}，{state}）",
                "有效期": f"{shown(key.valid_from)} 至 {shown(key.valid_to)}",
            },
            columns=1,
        )
        draw_key(key.public_key)
        if self.place.may(revoke_key, key):
            with web.element("div").classes("sf-buttons sf-pad"):
                danger_button("撤销公钥", self._revoker(key)).mark("revoke-key")

    def _draw_waiting(self, changes: Sequence[Line]) -> None:
        self.waiting.clear()
        with self.waiting:
            head(f"待确认的变更（{len(changes)}）")
            if not changes:
                empty("没有待确认的变更")
            for change in changes:
                self._draw_change(change)

    def _draw_change(self, change: Line) -> None:
        told = {
            "变更": f"{change.kind.label}：{change.app_id}",
            "提出": f"{change.proposed_by}，{shown(change.proposed_at)}",
        }
        facts(told | wanted_words(change), columns=1)
        if change.kind is ChangeKind.KEY:
            draw_key(change.wanted.get("public_key", ""))
        if self.place.may(confirm_change, change) and not change.mine:
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button("不同意", self._decider(change, agree=False)).mark("refuse-change")
                main_button("确认", self._decider(change, agree=True)).mark("confirm-change")

    def new(self) -> None:
        """Draw the form of a new partner."""
        self.draw_over(lambda: PartnerForm(self.place, None, self.done))

    def _propose(self, sheet: PartnerSheet) -> None:
        self.draw_over(lambda: PartnerForm(self.place, sheet, self.done))

    def _propose_key(self, sheet: PartnerSheet) -> None:
        self.draw_over(lambda: KeyForm(self.place, sheet, self.done))

    async def _enable(self, sheet: PartnerSheet) -> None:
        question = f"申请恢复启用“{sheet.line.label}”？由安全管理员确认后生效。"
        await confirm(question, yes="提出申请")
        await self.act(propose_enabling, sheet.line.id, "已提出，等待安全管理员确认")

    async def _stop(self, sheet: PartnerSheet) -> None:
        question = f"停用“{sheet.line.label}”？立即生效：不再接受它的请求，待发报文保留。"
        reason = await ask_reason(question, yes="停用", label="原因", danger=True)
        order = Reasoned(sheet.line.id, reason)
        await self.act(disable_partner, order, "已停用；恢复启用须两名管理员办理")

    def _revoker(self, key: Line) -> Callable[[], Awaitable[None]]:
        async def revoke() -> None:
            question = f"撤销公钥 {key.kid}？立即生效，不能恢复。"
            reason = await ask_reason(question, yes="撤销", label="原因", danger=True)
            await self.act(revoke_key, Reasoned(key.id, reason), "公钥已撤销")

        return revoke

    def _decider(self, change: Line, *, agree: bool) -> Callable[[], Awaitable[None]]:
        async def decide() -> None:
            question = "确认这项变更？公钥请与对接方书面交来的逐组核对。" if agree else "不同意这项变更？"
            summary = {"变更": change.kind.label, "应用标识": change.app_id, "提出人": change.proposed_by}
            await confirm(question, summary=summary, yes="确认" if agree else "不同意", danger=not agree)
            order = Decide(change.id, agree)
            await self.act(confirm_change, order, "变更已生效" if agree else "已退回")

        return decide

    async def test(self, view: PartnerSheet) -> None:
        """Send a signed question to the partner in hand."""
        told = (await call(test_line, view.line.id)).or_end()
        await self.reload()
        if told.error:
            self.place.say(f"{told.app_id} 线路不通：{told.error}", "bad")
        else:
            self.place.say(f"{told.app_id} 线路正常，双方签名已核验，{told.milliseconds} 毫秒", "good")

    async def maintain(self, view: PartnerSheet) -> None:
        """Hold messages while the partner's system is in maintenance, or send them again."""
        line = view.line
        if line.maintenance:
            await confirm(f"结束“{line.label}”的维护模式？待发报文随后送出。", yes="结束维护")
            await self.act(maintain_partner, MaintainPartner(line.id, False), "维护模式已结束，待发报文随后送出")
            return
        question = f"“{line.label}”进入维护模式？报文暂不发送，全部保留。"
        reason = await ask_reason(question, yes="进入维护", label="原因")
        await self.act(maintain_partner, MaintainPartner(line.id, True, reason), "已进入维护模式，报文暂不发送")


PARTNERS = desk_module(Partners, "partners", "hub", "exchange")

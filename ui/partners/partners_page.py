"""对接方: who exchanges signed messages with us; line tests, maintenance; the registry for its two administrators."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from models.partners import ChangeKind, PartnerKeyState, PartnerState
from services.partners.firms import firm_of
from services.partners.line_test import TestLine, test_line
from services.partners.registry import (
    READERS,
    DecidePartnerChange,
    MaintainPartner,
    ProposeEnabling,
    RevokeKey,
    StopPartner,
    confirm_change,
    disable_partner,
    maintain_partner,
    propose_enabling,
    propose_partner,
    revoke_key,
)
from services.partners.registry_queries import (
    ChangeLine,
    KeyLine,
    PartnerLine,
    PartnerSheet,
    list_partners,
    open_changes,
    open_partner,
)
from ui.partners.proposals import KeyForm, PartnerForm, area_name, draw_key, wanted_words
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.modules import Module
from ui.shell.parts import facts, head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown


class _Row:
    """A partner as the list shows it: maintenance is a state of its own."""

    def __init__(self, line: PartnerLine) -> None:
        self.line, self.id = line, line.id
        self.app_id, self.label, self.kind = line.app_id, line.label, line.kind
        self.owner = line.enterprise or area_name(line.district_code)
        stopped = line.state is PartnerState.DISABLED
        self.state = line.state.label if stopped or not line.maintenance else Toned("维护中", "warn")
        self.last_at, self.waiting = line.last_at, line.waiting
        self.last = "" if line.last_ok is None else Toned("成功", "good") if line.last_ok else Toned("失败", "bad")


class PartnersPage:
    """Partners above, changes that wait below; the partner in hand on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chosen: PartnerLine | None = None
        self.keeps = place.may(disable_partner)
        with web.element("div").classes("sf-split"):
            with web.element("div").classes("sf-scroll"):
                self.rows = Rows(
                    (
                        Column("app_id", "应用标识", width=150),
                        Column("label", "名称"),
                        Column("kind", "类别", width=90),
                        Column("owner", "企业或区", width=160),
                        Column("state", "状态", width=76),
                        Column("last", "最近交换", width=76),
                        Column("last_at", "时间", width=126),
                        Column("waiting", "待发", number=True, width=52),
                    ),
                    label="对接方",
                    empty="还没有登记对接方",
                    on_pick=self.choose,
                    on_enter=self.choose,
                )
                self.waiting = web.element("section").props("aria-label=待确认的变更")
            self.side = web.element("section").props("aria-label=对接方详情")
        self._draw_nothing()
        self.testing = self.maintaining = None
        if place.may(test_line):
            self.testing = place.command(
                "线路测试", self.test, icon="network_check", key="f9", needs="请先选择一个对接方"
            )
        if place.may(propose_partner):
            self.maintaining = place.command("维护模式", self.maintain, icon="build", needs="请先选择一个对接方")
            place.command("登记对接方", self.new, icon="add", key="f2")
        place.command("刷新", self.load, icon="refresh", key="f3")

    async def load(self) -> None:
        answer = await call(list_partners)
        if not answer.ok:
            return
        self.rows.show([_Row(line) for line in answer.value])
        if self.keeps:
            changes = await call(open_changes)
            if not changes.ok:
                return
            self._draw_waiting(changes.value, await self._firms(changes.value))
        if self.chosen is not None:
            mine = next((line for line in answer.value if self.chosen and line.id == self.chosen.id), None)
            await self._open(mine)

    async def _firms(self, changes: Sequence[ChangeLine]) -> dict[str, str]:
        """The firms that proposals name, by what they are named with."""
        names = {}
        for key in {change.wanted.get("enterprise_id", "") for change in changes} - {""}:
            answer = await call(firm_of, UUID(key), quiet=True)
            names[key] = f"{answer.value.name}（{answer.value.uscc}）" if answer.ok else "没有该企业"
        return names

    def _draw_nothing(self) -> None:
        self.side.clear()
        with self.side:
            head("对接方详情")
            TextElement(tag="p", text="请在列表中选择一个对接方").classes("sf-empty")

    async def choose(self, row: _Row) -> None:
        await self._open(row.line)
        self.place.reveal(self.side)

    async def _open(self, line: PartnerLine | None) -> None:
        self.chosen = line
        for command in (self.testing, self.maintaining):
            if command is not None:
                command.enable(line is not None)
        if line is None:
            self._draw_nothing()
            return
        sheet: PartnerSheet | None = None
        if self.keeps:
            answer = await call(open_partner, line.id)
            if not answer.ok:
                return
            sheet = answer.value
        self.side.clear()
        with self.side:
            self._draw(line, sheet)

    def _draw(self, line: PartnerLine, sheet: PartnerSheet | None) -> None:
        head(f"{line.label}（{line.app_id}）")
        told = {
            "类别": line.kind,
            "企业": line.enterprise,
            "区": area_name(line.district_code),
            "状态": line.state,
            "接口基址": line.base_url or "未登记，只接收不发送",
            "接口权限": "、".join(line.scopes) or "无",
            "最近交换": line.last_at,
            "待发报文": f"{line.waiting} 条",
        }
        if sheet is not None:
            told |= {"来源网段": sheet.networks or "不限", "维护开始": sheet.maintenance_since}
        facts(told, columns=1)
        if sheet is None:
            return
        self._draw_acts(sheet)
        head(f"公钥（{len(sheet.keys)}）")
        for key in sheet.keys:
            self._draw_key(key)
        if not sheet.keys:
            TextElement(tag="p", text="还没有登记公钥，请求不会被接受").classes("sf-empty")
        if sheet.changes:
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
            history.show(sheet.changes)

    def _draw_acts(self, sheet: PartnerSheet) -> None:
        with web.element("div").classes("sf-buttons sf-pad"):
            if self.place.may(propose_partner):
                plain_button("修改", lambda: self._propose(sheet)).mark("edit-partner")
                plain_button("登记公钥", lambda: self._propose_key(sheet)).mark("new-key")
                if self.place.may(propose_enabling, sheet.line):
                    plain_button("申请恢复启用", lambda: self._enable(sheet)).mark("enable-partner")
            if self.place.may(disable_partner, sheet.line):
                danger_button("停用", lambda: self._stop(sheet)).mark("disable-partner")

    def _draw_key(self, key: KeyLine) -> None:
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

    def _draw_waiting(self, changes: Sequence[ChangeLine], firms: dict[str, str]) -> None:
        self.waiting.clear()
        with self.waiting:
            head(f"待确认的变更（{len(changes)}）")
            if not changes:
                TextElement(tag="p", text="没有待确认的变更").classes("sf-empty")
            for change in changes:
                self._draw_change(change, firms.get(change.wanted.get("enterprise_id", ""), ""))

    def _draw_change(self, change: ChangeLine, firm: str) -> None:
        told = {
            "变更": f"{change.kind.label}：{change.app_id}",
            "提出": f"{change.proposed_by}，{shown(change.proposed_at)}",
        }
        facts(told | wanted_words(change, firm), columns=1)
        if change.kind is ChangeKind.KEY:
            draw_key(change.wanted.get("public_key", ""))
        if self.place.may(confirm_change, change) and not change.mine:
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button("不同意", self._decider(change, agree=False)).mark("refuse-change")
                main_button("确认", self._decider(change, agree=True)).mark("confirm-change")

    def new(self) -> None:
        self._form(lambda: PartnerForm(self.place, None, self._proposed))

    def _propose(self, sheet: PartnerSheet) -> None:
        self._form(lambda: PartnerForm(self.place, sheet, self._proposed))

    def _propose_key(self, sheet: PartnerSheet) -> None:
        self._form(lambda: KeyForm(self.place, sheet, self._proposed))

    def _form(self, draw: Callable[[], object]) -> None:
        self.side.clear()
        with self.side:
            draw()
        self.place.reveal(self.side)

    async def _proposed(self, told: str) -> None:
        await self.load()
        if self.chosen is None:
            self._draw_nothing()
        self.place.say(told, "good")

    async def _enable(self, sheet: PartnerSheet) -> None:
        question = f"申请恢复启用“{sheet.line.label}”？由安全管理员确认后生效。"
        if not await confirm(question, yes="提出申请"):
            return
        if (await call(propose_enabling, ProposeEnabling(sheet.line.id))).ok:
            await self._proposed("已提出，等待安全管理员确认")

    async def _stop(self, sheet: PartnerSheet) -> None:
        question = f"停用“{sheet.line.label}”？立即生效：不再接受它的请求，待发报文保留。"
        reason = await ask_reason(question, yes="停用", label="原因", danger=True)
        if reason is not None and (await call(disable_partner, StopPartner(sheet.line.id, reason))).ok:
            await self._proposed("已停用；恢复启用须两名管理员办理")

    def _revoker(self, key: KeyLine) -> Callable[[], Awaitable[None]]:
        async def revoke() -> None:
            question = f"撤销公钥 {key.kid}？立即生效，不能恢复。"
            reason = await ask_reason(question, yes="撤销", label="原因", danger=True)
            if reason is not None and (await call(revoke_key, RevokeKey(key.id, reason))).ok:
                await self._proposed("公钥已撤销")

        return revoke

    def _decider(self, change: ChangeLine, *, agree: bool) -> Callable[[], Awaitable[None]]:
        async def decide() -> None:
            question = "确认这项变更？公钥请与对接方书面交来的逐组核对。" if agree else "不同意这项变更？"
            summary = {"变更": change.kind.label, "应用标识": change.app_id, "提出人": change.proposed_by}
            if not await confirm(question, summary=summary, yes="确认" if agree else "不同意", danger=not agree):
                return
            if (await call(confirm_change, DecidePartnerChange(change.id, agree))).ok:
                await self._proposed("变更已生效" if agree else "已退回")

        return decide

    async def test(self) -> None:
        """Return a signed question to the partner in hand."""
        if self.chosen is None:
            return
        answer = await call(test_line, TestLine(self.chosen.id))
        if not answer.ok:
            return
        told = answer.value
        if told.error:
            self.place.say(f"{told.app_id} 线路不通：{told.error}", "bad")
        else:
            self.place.say(f"{told.app_id} 线路正常，双方签名已核验，{told.milliseconds} 毫秒", "good")
        await self.load()

    async def maintain(self) -> None:
        """Hold what is to be sent while the partner's system is being looked after, or let it go again."""
        line = self.chosen
        if line is None:
            return
        if line.maintenance:
            if not await confirm(f"结束“{line.label}”的维护模式？待发报文随后送出。", yes="结束维护"):
                return
            order, told = MaintainPartner(line.id, False), "维护模式已结束，待发报文随后送出"
        else:
            question = f"“{line.label}”进入维护模式？报文暂不发送，全部保留。"
            reason = await ask_reason(question, yes="进入维护", label="原因")
            if reason is None:
                return
            order, told = MaintainPartner(line.id, True, reason), "已进入维护模式，报文暂不发送"
        if (await call(maintain_partner, order)).ok:
            await self.load()
            self.place.say(told, "good")


async def build(place: Place) -> None:
    await PartnersPage(place).load()


PARTNERS = Module("partners", "对接方", "hub", "exchange", frozenset(READERS), build)

"""账号管理: accounts made, disabled, unlocked, reset and given a certificate; what they may do is not decided here."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import AccountSort, Role
from services.access.account_list import ACCOUNTS as ACCOUNT_LIST
from services.access.account_list import AccountDetail, AccountWord, open_account
from services.access.accounts import (
    ChangeAccount,
    CreateAccount,
    ForAccount,
    NewEnd,
    SetHolder,
    change_account,
    create_account,
    disable_account,
    enable_account,
    reset_password,
    set_holder,
    unlock_account,
)
from services.access.bindings import ProposeBinding, propose_binding
from services.access.first_password import LinkGiven
from services.engine.registry import Action
from services.privacy.field_reveal import reveal_account
from ui.access.holder_form import HOLDER, PERSONAL, ask_holder, draw_holder, told_missing
from ui.access.one_time_link import show_once
from ui.access.unit_picker import unit_field
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.fields import choice_field, date_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.reveal import Revealing
from ui.shell.values import shown


def head(text: str) -> None:
    with web.element("div").classes("sf-head"):
        TextElement(tag="span", text=text)


class AccountsPage:
    """Accounts on the left; the one in hand, or a new one, on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.shown: AccountDetail | None = None
        self.revealing = Revealing(place, "account", PERSONAL, self._draw_again, noun=HOLDER, act=reveal_account)
        place.command("新建账号", self.draw_new, icon="person_add", key="f2")
        with web.element("div").classes("sf-split") as self.root:
            self.grid = ListView(
                place,
                ACCOUNT_LIST,
                on_pick=lambda line: self.choose(line.id),
                on_enter=lambda line: self.choose(line.id),
            )
            self.detail = web.element("section").props("aria-label=账号详情")
        with self.detail:
            TextElement(tag="p", text="请在列表中选择一个账号，或按 F2 新建").classes("sf-empty")

    async def load(self) -> None:
        await self.grid.load()

    async def choose(self, account_id: UUID) -> None:
        answer = await call(open_account, account_id)
        if answer.ok:
            self._draw(answer.value)
            self.place.reveal(self.detail)

    def draw_new(self) -> None:
        """The form for a new account; it may do nothing until the security administrator has granted it something."""
        self.shown = None
        self.detail.clear()

        def unit_chosen() -> None:
            of_company = unit.control.company
            for key in PERSONAL:
                form.fields[key].require(of_company)
            asked.set_visibility(of_company)

        with self.detail:
            head("新建账号")
            with Form(columns=1) as form:
                form.add(text_field("login", "登录名", required=True, longest=32, help="小写字母开头，能对应到本人"))
                asked = ask_holder(form, required=False).hint("所属单位是房地产开发企业，身份证号码和手机号必填")
                unit = form.add(unit_field(on_change=unit_chosen))
                form.add(text_field("window", "窗口", longest=20, help="窗口人员填写，如5号窗口"))
                form.add(choice_field("sort", "账号类别", AccountSort.labels(), value="STAFF", required=True))
                form.add(date_field("valid_to", "有效期至", help="临时人员、对接系统账号必填"))
            TextElement(
                tag="p", text="建立后由安全管理员授权、确认证书，账号才能使用。首次口令链接请交给本人，由其设置口令。"
            ).classes("sf-note")

            async def send() -> None:
                values = form.read()
                if values is None:
                    return
                order = CreateAccount(
                    values["login"],
                    values["name"],
                    UUID(values["unit_id"]),
                    AccountSort.of(values["sort"]),
                    values["window"] or "",
                    values["valid_to"],
                    values["id_no"] or "",
                    values["mobile"] or "",
                )
                answer = await call(create_account, order, button=button)
                if answer.ok:
                    await self._handed_out(answer.value, "账号已建立，待安全管理员授权")

            with web.element("div").classes("sf-buttons sf-pad"):
                button = main_button("建立账号", send).mark("create-account")
        form.focus("login")
        self.place.reveal(self.detail)

    async def _handed_out(self, given: LinkGiven, said: str) -> None:
        await show_once(given)
        await self.grid.load()
        await self.choose(given.account_id)
        self.place.say(said, "good")

    def _draw_again(self) -> None:
        """Redraw only the personal data, because the forms below may hold input."""
        if self.shown is not None:
            self.personal.clear()
            with self.personal:
                self._draw_personal(self.shown)

    def _draw_personal(self, one: AccountDetail) -> None:
        shown_field("姓名", one.name)
        for key, label in PERSONAL.items():
            shown_field(label, self.revealing.value(one.id, key, getattr(one, key)))

    def _draw(self, one: AccountDetail) -> None:
        self.shown = one
        self.detail.clear()
        own = one.id == self.place.caller.account_id
        with self.detail:
            head(f"{one.login}（{one.word.label}）")
            with web.element("div").classes("sf-form").style("--columns: 1"):
                with web.element("div").style("display: contents") as self.personal:
                    self._draw_personal(one)
                shown_field("所属单位", one.unit)
                shown_field("窗口", one.window)
                shown_field("账号类别", one.sort)
                shown_field("有效期至", one.valid_to)
                shown_field("最近登录", one.last_seen_at)
                if one.word is AccountWord.LOCKED:
                    shown_field("锁定至", one.locked_until)
                if one.one_time_until is not None:
                    shown_field("链接有效至" if one.waiting else "初始口令至", one.one_time_until)
            if own:
                TextElement(tag="p", text="自己的账号由另一名系统管理员办理").classes("sf-note")
                return
            self._draw_acts(one)
            self._draw_certificate(one)
            self._draw_move(one)
            draw_holder(one, self.root, partial(self._keep_holder, one))

    def _draw_acts(self, one: AccountDetail) -> None:
        if one.of_company and self.place.may(enable_account, one):
            told_missing(one)
        with web.element("div").classes("sf-buttons sf-pad"):
            if self.place.may(enable_account, one):
                main_button("启用", self._giver(one, enable_account, "启用账号", "账号已启用")).mark("enable")
                return
            if one.locked_until is not None:
                plain_button("解除锁定", self._doer(one, unlock_account, "解除锁定", "已解除锁定"))
            anew = ("生成新链接", "新链接已生成") if one.waiting else ("重置口令", "口令已重置")
            plain_button(anew[0], self._giver(one, reset_password, *anew)).mark("reset")
            if present := [key for key in PERSONAL if getattr(one, key)]:
                whose = f"{one.name}（{one.login}）"
                plain_button("查看完整信息", lambda: self.revealing.ask(one.id, whose, present)).mark("reveal")
            danger_button("停用", self._doer(one, disable_account, "停用账号", "账号已停用")).mark("disable")

    def _doer(
        self, one: AccountDetail, act: Action[ForAccount, None], question: str, said: str
    ) -> Callable[[], Awaitable[None]]:
        async def do() -> None:
            reason = await ask_reason(f"{question}：{one.login}", yes=question, label="原因")
            if reason is None:
                return
            answer = await call(act, ForAccount(one.id, reason))
            if answer.ok:
                self.place.desk.book.forget_account(one.id)
                await self.grid.load()
                await self.choose(one.id)
                self.place.say(said, "good")

        return do

    def _giver(
        self, one: AccountDetail, act: Action[ForAccount, LinkGiven], question: str, said: str
    ) -> Callable[[], Awaitable[None]]:
        async def do() -> None:
            reason = await ask_reason(f"{question}：{one.login}", yes=question, label="原因")
            if reason is None:
                return
            answer = await call(act, ForAccount(one.id, reason))
            if answer.ok:
                self.place.desk.book.forget_account(one.id)
                await self._handed_out(answer.value, said)

        return do

    def _draw_certificate(self, one: AccountDetail) -> None:
        head("证书")
        with web.element("div").classes("sf-form").style("--columns: 1"):
            shown_field("已绑定", one.certificate[:16] + "…" if one.certificate else "未绑定")
            for row in one.bindings[:3]:
                shown_field(row.state.label, f"{row.fingerprint[:16]}… {shown(row.proposed_at)}")
        with Form(columns=1) as form:
            form.add(text_field("fingerprint", "证书指纹", required=True, longest=100, help="证书的SM3摘要，64位"))
            form.add(text_field("serial", "序列号", longest=80))
            form.add(text_field("issuer", "颁发者", longest=200))

        async def propose() -> None:
            values = form.read()
            if values is None:
                return
            order = ProposeBinding(one.id, values["fingerprint"], values["issuer"] or "", values["serial"] or "")
            answer = await call(propose_binding, order, button=button)
            if answer.ok:
                await self.choose(one.id)
                self.place.say("证书已登记，待安全管理员确认", "good")

        with web.element("div").classes("sf-buttons sf-pad"):
            button = plain_button("登记证书", propose).mark("propose")

    def _draw_move(self, one: AccountDetail) -> None:
        head("有效期、单位和窗口")

        def unit_chosen() -> None:
            joins = unit.control.company and unit.value != str(one.unit_id)
            missing.set_visibility(joins and not (one.id_no and one.mobile))

        with Form(columns=1) as form:
            form.add(date_field("valid_to", "有效期至", value=one.valid_to))
            unit = form.add(unit_field(value=one.unit_id, label=one.unit, on_change=unit_chosen))
            missing = unit.hint("该单位是房地产开发企业，请先补录证件和手机，再调入")
            form.add(text_field("window", "窗口", value=one.window, longest=20))
        TextElement(tag="p", text="调到另一单位后，原有授权全部收回，由安全管理员重新授权。").classes("sf-note")

        async def save() -> None:
            values = form.read()
            if values is None:
                return
            unit_id, window, end = UUID(values["unit_id"]), values["window"] or "", values["valid_to"]
            if (unit_id, window, end) == (one.unit_id, one.window, one.valid_to):
                self.place.say("没有修改")
                return
            reason = await ask_reason(f"修改账号：{one.login}", yes="保存", label="原因")
            if reason is None:
                return
            order = ChangeAccount(
                one.id,
                reason,
                NewEnd(end) if end != one.valid_to else None,
                unit_id if unit_id != one.unit_id else None,
                window if window != one.window else None,
            )
            if not (await call(change_account, order)).ok:
                return
            self.place.desk.book.forget_account(one.id)
            await self.grid.load()
            await self.choose(one.id)
            self.place.say("已保存", "good")

        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button("保存修改", save)

    async def _keep_holder(self, one: AccountDetail, id_no: str, mobile: str, reason: str) -> None:
        if (await call(set_holder, SetHolder(one.id, reason, id_no, mobile))).ok:
            await self.choose(one.id)
            self.place.say("已保存", "good")


async def build(place: Place) -> None:
    await AccountsPage(place).load()


ACCOUNTS = Module("accounts", "账号管理", "manage_accounts", "manage", frozenset({Role.SYS_ADMIN}), build)

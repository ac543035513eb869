"""企业账号: the city opens those of head companies, a head company those of its project companies (rows 52, 54)."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from services.access.first_password import LinkGiven
from services.companies.accounts import (
    KEEPERS,
    ChangeAccount,
    CompanyAccount,
    CompanyAccounts,
    CompanyChoice,
    FindAccounts,
    OneAccount,
    OpenAccount,
    SetHolder,
    change_account,
    disable_account,
    enable_account,
    find_accounts,
    open_account,
    reset_account,
    reveal_account,
    set_holder,
)
from services.engine.registry import Action
from ui.access.holder_form import HOLDER, PERSONAL, ask_holder, draw_holder, told_missing
from ui.access.one_time_link import show_once
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.fields import choice_field, date_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.grid import Column, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import head, note, uuid_of
from ui.shell.place import Place
from ui.shell.reveal import Revealing


class CompanyAccountsPage:
    """Accounts on the left; the one in hand, or a new one, on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.company = uuid_of(place.params.get("company", ""))
        self.companies: tuple[CompanyChoice, ...] = ()
        self.roles: dict[str, str] = {}
        self.shown: CompanyAccount | None = None
        fields = {"name": "姓名", **PERSONAL}
        self.revealing = Revealing(place, "account", fields, self._draw_again, noun=HOLDER, act=reveal_account)
        place.command("开立账号", self.draw_new, icon="person_add", key="f2")
        place.command("刷新", self.load, icon="refresh", key="f3")
        with web.element("div").classes("sf-split") as self.root:
            self.grid = Grid(
                place,
                find_accounts,
                order=self.order_of,
                columns=(
                    Column("login", "登录名", width=130),
                    Column("name", "姓名", width=70),
                    Column("company", "企业"),
                    Column("role_label", "岗位", width=120),
                    Column("word", "状态", width=92),
                    Column("valid_to", "有效期至", width=92),
                    Column("last_seen_at", "最近登录", width=126),
                ),
                on_pick=lambda line: self.draw(line),
                on_enter=lambda line: self.draw(line),
                on_loaded=self._loaded,
                empty="还没有账号",
            )
            self.detail = web.element("section").props("aria-label=账号详情")
        with self.detail:
            TextElement(tag="p", text="请在列表中选择一个账号，或按 F2 开立").classes("sf-empty")

    def order_of(self, view: View) -> FindAccounts:
        return FindAccounts(self.company, view.page, view.size)

    def _loaded(self, page: CompanyAccounts) -> None:
        self.companies = page.companies
        self.roles = {role.value: role.label for role in page.roles}

    async def load(self) -> None:
        await self.grid.load()

    def draw_new(self) -> None:
        """The form for a new account, for companies that are admitted and have room."""
        open_ones = {str(one.id): f"{one.name}（{one.used}/{one.quota}）" for one in self.companies if one.open}
        self.shown = None
        self.detail.clear()
        with self.detail:
            head("开立账号")
            if not open_ones:
                note("没有可以开立账号的企业：企业须已准入。")
                return
            only = next(iter(open_ones)) if len(open_ones) == 1 else ""
            role = next(iter(self.roles)) if len(self.roles) == 1 else ""
            with Form(columns=1) as form:
                form.add(choice_field("company_id", "企业", open_ones, value=only, required=True))
                form.add(
                    text_field("login", "登录名", required=True, longest=30, help="6至30位，字母开头，能对应到本人")
                )
                ask_holder(form, required=True)
                form.add(choice_field("role", "岗位", self.roles, value=role, required=True))
                form.add(date_field("valid_to", "有效期至", help="不填为长期"))
            note("开立后把首次口令链接交给使用人本人，由其设置口令；证书绑定后才能登录。")

            async def send() -> None:
                values = form.read()
                if values is None:
                    return
                order = OpenAccount(
                    UUID(values["company_id"]),
                    values["login"],
                    values["name"],
                    Role.of(values["role"]),
                    values["valid_to"],
                    values["id_no"],
                    values["mobile"],
                )
                answer = await call(open_account, order, button=button)
                if answer.ok:
                    await self._handed_out(answer.value, "账号已开立")

            with web.element("div").classes("sf-buttons sf-pad"):
                button = main_button("开立账号", self.rooted(send)).mark("open-account")
        form.focus("company_id" if not only else "login")
        self.place.reveal(self.detail)

    def rooted(self, act: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Run an act in the page's own context, because its button may be redrawn meanwhile."""

        async def go() -> None:
            with self.root:
                await act()

        return go

    async def _handed_out(self, given: LinkGiven, said: str) -> None:
        await show_once(given)
        await self.again(given.account_id)
        self.place.say(said, "good")

    async def again(self, account_id: UUID) -> None:
        """Reload the list and select the account again."""
        await self.grid.load()
        line = next((one for one in self.grid.lines.values() if one.id == account_id), None)
        if line is not None:
            self.draw(line)

    def _draw_again(self) -> None:
        """Redraw only the personal data, because the forms below may hold input."""
        if self.shown is not None:
            self.personal.clear()
            with self.personal:
                self._draw_personal(self.shown)

    def draw(self, one: CompanyAccount) -> None:
        self.shown = one
        self.detail.clear()
        with self.detail:
            head(f"{one.login}（{one.word.label}）")
            with web.element("div").classes("sf-form").style("--columns: 1"):
                with web.element("div").style("display: contents") as self.personal:
                    self._draw_personal(one)
                shown_field("企业", one.company)
                shown_field("岗位", one.role_label)
                shown_field("有效期至", one.valid_to)
                shown_field("最近登录", one.last_seen_at)
                if one.waiting:
                    shown_field("链接有效至", one.link_until)
            if self.place.may(enable_account, one):
                told_missing(one)
                with web.element("div").classes("sf-buttons sf-pad"):
                    main_button("启用", self._giver(one, enable_account, "启用账号", "账号已启用")).mark("enable")
            else:
                self._draw_acts(one)
                self._draw_change(one)
            draw_holder(one, self.root, partial(self._keep_holder, one))
        self.place.reveal(self.detail)

    def _draw_acts(self, one: CompanyAccount) -> None:
        with web.element("div").classes("sf-buttons sf-pad"):
            anew = ("生成新链接", "新链接已生成") if one.waiting else ("重置口令", "口令已重置")
            plain_button(anew[0], self._giver(one, reset_account, *anew)).mark("reset")
            present = [key for key in self.revealing.fields if getattr(one, key)]
            whose = f"{one.name}（{one.login}）"
            plain_button("查看完整信息", lambda: self.revealing.ask(one.id, whose, present)).mark("reveal")
            danger_button("停用", self._disabler(one)).mark("disable")

    def _draw_personal(self, one: CompanyAccount) -> None:
        for key, label in self.revealing.fields.items():
            shown_field(label, self.revealing.value(one.id, key, getattr(one, key)))

    def _draw_change(self, one: CompanyAccount) -> None:
        head("岗位和有效期")
        with Form(columns=1) as form:
            form.add(choice_field("role", "岗位", self.roles, value=one.role.value if one.role else "", required=True))
            form.add(date_field("valid_to", "有效期至", value=one.valid_to))

        async def save() -> None:
            values = form.read()
            if values is None:
                return
            reason = await ask_reason(f"调整账号：{one.login}", yes="保存", least=5, label="原因")
            if reason is None:
                return
            order = ChangeAccount(one.id, Role.of(values["role"]), values["valid_to"], reason, one.version)
            if (await call(change_account, order)).ok:
                self.place.desk.book.forget_account(one.id)
                await self.again(one.id)
                self.place.say("已保存", "good")

        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button("保存修改", self.rooted(save)).mark("save-account")

    async def _keep_holder(self, one: CompanyAccount, id_no: str, mobile: str, reason: str) -> None:
        if (await call(set_holder, SetHolder(one.id, reason, id_no, mobile, one.version))).ok:
            await self.again(one.id)
            self.place.say("已保存", "good")

    def _giver(
        self, one: CompanyAccount, act: Action[OneAccount, LinkGiven], question: str, said: str
    ) -> Callable[[], Awaitable[None]]:
        async def do() -> None:
            reason = await ask_reason(f"{question}：{one.login}", yes=question, least=5, label="原因")
            if reason is None:
                return
            answer = await call(act, OneAccount(one.id, reason, one.version))
            if answer.ok:
                self.place.desk.book.forget_account(one.id)
                await self._handed_out(answer.value, said)

        return self.rooted(do)

    def _disabler(self, one: CompanyAccount) -> Callable[[], Awaitable[None]]:
        async def do() -> None:
            reason = await ask_reason(f"停用账号：{one.login}", yes="停用", least=5, label="原因", danger=True)
            if reason is not None and (await call(disable_account, OneAccount(one.id, reason, one.version))).ok:
                self.place.desk.book.forget_account(one.id)
                await self.again(one.id)
                self.place.say("账号已停用", "good")

        return self.rooted(do)


async def build(place: Place) -> None:
    await CompanyAccountsPage(place).load()


COMPANY_ACCOUNTS = Module("company_accounts", "企业账号", "manage_accounts", "subjects", frozenset(KEEPERS), build)

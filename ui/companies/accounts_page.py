"""企业账号: the city opens those of head companies, a head company those of its project companies (rows 52, 54)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models.access import Role
from services.companies.accounts import ACCOUNTS as ACCOUNT_LIST
from services.companies.accounts import (
    ChangeAccount,
    CompanyChoice,
    OpenAccount,
    change_account,
    disable_account,
    enable_account,
    open_account,
    openings,
    reset_account,
    reveal_account,
    roles_opened_by,
    set_holder,
)
from services.engine.listings import Line
from ui.access.account_desk import PERSONAL, AccountDesk
from ui.shell.call import call
from ui.shell.fields import choice_field, date_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import desk_module
from ui.shell.parts import head, note


class CompanyAccounts(AccountDesk):
    """The accounts of the companies a keeper looks after."""

    listing = ACCOUNT_LIST
    enable, disable, reset = enable_account, disable_account, reset_account
    put_holder, reveal = set_holder, reveal_account
    opening = "开立账号"
    masked: Mapping[str, str] = {"name": "姓名", **PERSONAL}  # type: ignore[misc]

    @property
    def roles(self) -> dict[str, str]:
        return {role.value: role.label for role in roles_opened_by(self.place.caller)}

    def told(self, one: Line) -> Mapping[str, Any]:
        told = {"企业": one.company, "岗位": one.role, "有效期至": one.valid_to, "最近登录": one.last_seen_at}
        return {**told, "链接有效至": one.one_time_until} if one.waiting else told

    async def open_new(self) -> None:
        """Draw the form for a new account, for companies that are admitted and have room."""
        self.companies: list[CompanyChoice] = (await call(openings)).or_end()
        self.draw_over(self.draw_new)

    def draw_new(self) -> None:
        open_ones = {str(one.id): f"{one.name}（{one.used}/{one.quota}）" for one in self.companies}
        head("开立账号")
        if not open_ones:
            note("没有可以开立账号的企业：企业须已准入。")
            return
        named = self.place.params.get("company", "")
        only = next(iter(open_ones)) if len(open_ones) == 1 else named if named in open_ones else ""
        role = next(iter(self.roles)) if len(self.roles) == 1 else ""
        with Form(columns=1) as form:
            form.add(choice_field("company_id", "企业", open_ones, value=only, required=True))
            form.add(text_field("login", "登录名", required=True, longest=30, help="6至30位，字母开头，能对应到本人"))
            self.ask_holder(form, required=True)
            form.add(choice_field("role", "岗位", self.roles, value=role, required=True))
            form.add(date_field("valid_to", "有效期至", help="不填为长期"))
        note("开立后把首次口令链接交给使用人本人，由其设置口令；证书绑定后才能登录。")

        async def send(values: dict[str, Any]) -> None:
            company, held = UUID(values.pop("company_id")), Role.of(values.pop("role"))
            await self.create(open_account, OpenAccount(company_id=company, role=held, **values), "账号已开立")

        form.sends("开立账号", send, mark="open-account")
        form.focus("company_id" if not only else "login")

    def draw_forms(self, one: Line) -> None:
        if self.place.may(enable_account, one):
            return
        head("岗位和有效期")
        with Form(columns=1) as form:
            form.add(choice_field("role", "岗位", self.roles, value=one.role.value if one.role else "", required=True))
            form.add(date_field("valid_to", "有效期至", value=one.valid_to))

        async def save(values: dict[str, Any]) -> None:
            role, end = Role.of(values["role"]), values["valid_to"]
            await self.change(
                one,
                change_account,
                lambda reason: ChangeAccount(one.id, role, end, reason, one.version),
                "调整账号",
                "已保存",
                yes="保存",
            )

        form.sends("保存修改", save, mark="save-account", plain=True)


COMPANY_ACCOUNTS = desk_module(CompanyAccounts, "company_accounts", "manage_accounts", "subjects")

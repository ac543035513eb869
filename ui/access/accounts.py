"""账号管理: accounts made, disabled, unlocked, reset and given a certificate; what they may do is not decided here."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from nicegui import ui as web

from models.access import AccountSort
from services.access.account_list import ACCOUNTS as ACCOUNT_LIST
from services.access.account_list import AccountWord, open_account
from services.access.accounts import (
    ChangeAccount,
    CreateAccount,
    NewEnd,
    change_account,
    create_account,
    disable_account,
    enable_account,
    reset_password,
    set_holder,
    unlock_account,
)
from services.access.bindings import ProposeBinding, propose_binding
from services.access.units import UNITS
from services.engine.listings import Line, ListRows
from services.engine.paging import Paging
from services.engine.references import Reference
from services.privacy.field_reveal import reveal_account
from ui.access.account_desk import PERSONAL, AccountDesk
from ui.records.picker import Picker
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.fields import Field, choice_field, date_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import desk_module
from ui.shell.parts import head, note
from ui.shell.values import shown

#: As many as are shown; a user who does not see his unit types more of its name.
_MOST = 30


class UnitPicker(Picker):
    """`value` is a unit's id as text."""

    def __init__(self, *, value: str, label: str, name: str, on_change: Callable[..., Any]) -> None:
        #: Units that were offered whose accounts want number and telephone.
        self._companies: set[str] = set()
        super().__init__(
            "org_unit", value=value, label=label, name=name, empty="输入单位名称或编码查找", on_change=on_change
        )

    async def find(self, text: str) -> list[Reference]:
        answer = await call(UNITS.query, ListRows({"text": text[:60]}, Paging(size=_MOST)))
        if not answer.ok:
            return []
        self._companies |= {str(unit.id) for unit in answer.value.lines if unit.company}
        return [Reference(unit.id, f"{unit.name}（{unit.unit_code}）") for unit in answer.value.lines]

    @property
    def company(self) -> bool:
        """Return whether the unit that was chosen is the office of a company of the property market."""
        return str(self.value or "") in self._companies


def unit_field(*, value: UUID | None = None, label: str = "", on_change: Callable[..., Any]) -> Field:
    """The unit of an account; `label` names the one it has, which was chosen before."""
    picker = UnitPicker(value=str(value or ""), label=label, name="所属单位", on_change=on_change)
    return Field("unit_id", "所属单位", picker, str, required=True)


class Accounts(AccountDesk):
    """The accounts of all offices and firms, in the system administrator's hand."""

    listing = ACCOUNT_LIST
    look = open_account
    enable, disable, reset = enable_account, disable_account, reset_password
    put_holder, reveal = set_holder, reveal_account
    opening = "新建账号"

    def told(self, one: Line) -> Mapping[str, Any]:
        told = {
            "所属单位": one.unit,
            "窗口": one.window,
            "账号类别": one.sort,
            "有效期至": one.valid_to,
            "最近登录": one.last_seen_at,
        }
        if one.word is AccountWord.LOCKED:
            told["锁定至"] = one.locked_until
        if one.one_time_until is not None:
            told["链接有效至" if one.waiting else "初始口令至"] = one.one_time_until
        return told

    def draw_new(self) -> None:
        """The form for a new account; it may do nothing until the security administrator has granted it something."""

        def unit_chosen() -> None:
            of_company = unit.control.company
            for key in PERSONAL:
                form.fields[key].require(of_company)
            asked.set_visibility(of_company)

        head("新建账号")
        with Form(columns=1) as form:
            form.add(text_field("login", "登录名", required=True, longest=32, help="小写字母开头，能对应到本人"))
            asked = self.ask_holder(form, required=False).hint("所属单位是房地产开发企业，身份证号码和手机号必填")
            unit = form.add(unit_field(on_change=unit_chosen))
            form.add(text_field("window", "窗口", longest=20, help="窗口人员填写，如5号窗口"))
            form.add(choice_field("sort", "账号类别", AccountSort.labels(), value="STAFF", required=True))
            form.add(date_field("valid_to", "有效期至", help="临时人员、对接系统账号必填"))
        note("建立后由安全管理员授权、确认证书，账号才能使用。首次口令链接请交给本人，由其设置口令。")

        async def send(values: dict[str, Any]) -> None:
            sort, unit_id, end = AccountSort.of(values.pop("sort")), UUID(values.pop("unit_id")), values.pop("valid_to")
            words = {key: text or "" for key, text in values.items()}
            order = CreateAccount(unit_id=unit_id, sort=sort, valid_to=end, **words)
            await self.create(create_account, order, "账号已建立，待安全管理员授权")

        form.sends("建立账号", send, mark="create-account")

    def draw_buttons(self, one: Line) -> None:
        if one.locked_until is not None:
            plain_button("解除锁定", lambda: self.give(one, unlock_account, "解除锁定", "已解除锁定"))

    def draw_forms(self, one: Line) -> None:
        self._draw_certificate(one)
        self._draw_move(one)

    def _draw_certificate(self, one: Line) -> None:
        head("证书")
        with web.element("div").classes("sf-form").style("--columns: 1"):
            shown_field("已绑定", one.cert_fingerprint[:16] + "…" if one.cert_fingerprint else "未绑定")
            for row in one.bindings:
                shown_field(row.state.label, f"{row.fingerprint[:16]}… {shown(row.proposed_at)}")
        with Form(columns=1) as form:
            form.add(text_field("fingerprint", "证书指纹", required=True, longest=100, help="证书的SM3摘要，64位"))
            form.add(text_field("serial", "序列号", longest=80))
            form.add(text_field("issuer", "颁发者", longest=200))

        async def propose(values: dict[str, Any]) -> None:
            order = ProposeBinding(one.id, **{key: text or "" for key, text in values.items()})
            await self.act(propose_binding, order, "证书已登记，待安全管理员确认")

        form.sends("登记证书", propose, mark="propose", plain=True)

    def _draw_move(self, one: Line) -> None:
        head("有效期、单位和窗口")

        def unit_chosen() -> None:
            joins = unit.control.company and unit.value != str(one.unit_id)
            missing.set_visibility(joins and not (one.id_no and one.mobile))

        with Form(columns=1) as form:
            form.add(date_field("valid_to", "有效期至", value=one.valid_to))
            unit = form.add(unit_field(value=one.unit_id, label=one.unit, on_change=unit_chosen))
            missing = unit.hint("该单位是房地产开发企业，请先补录证件和手机，再调入")
            form.add(text_field("window", "窗口", value=one.window, longest=20))
        note("调到另一单位后，原有授权全部收回，由安全管理员重新授权。")

        async def save(values: dict[str, Any]) -> None:
            unit_id, window, end = UUID(values["unit_id"]), values["window"] or "", values["valid_to"]
            if (unit_id, window, end) == (one.unit_id, one.window, one.valid_to):
                self.place.say("没有修改")
                return
            changed: dict[str, Any] = {
                "end": NewEnd(end) if end != one.valid_to else None,
                "unit_id": unit_id if unit_id != one.unit_id else None,
                "window": window if window != one.window else None,
            }
            await self.change(
                one,
                change_account,
                lambda reason: ChangeAccount(one.id, reason, **changed),
                "修改账号",
                "已保存",
                yes="保存",
            )

        form.sends("保存修改", save, mark="save-account", plain=True)


ACCOUNTS = desk_module(Accounts, "accounts", "person_add", "manage", title="账号管理")

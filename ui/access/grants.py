"""授权管理: what each account may do and read; the accounts themselves are another's."""

from functools import partial
from typing import Any

from nicegui import ui as web

from models.access import AccountRole, Role, ScopeKind
from models.labels import Label
from models.places_data import districts, streets
from models.rights import CertificateBinding
from services.access.account_list import GRANTS as GRANT_LIST
from services.access.account_list import open_grants
from services.access.bindings import confirm_binding
from services.access.grants import GiveGrant, SetClearance, end_grant, give_grant, set_clearance
from services.access.scopes import SCOPES
from services.engine.listings import Line
from services.engine.orders import Decide, Reasoned
from services.engine.registry import Action
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import choice_field, date_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import empty, facts, head, note
from ui.shell.values import shown

ROLES = {str(role): role.label for role in SCOPES}


def _areas(kind: str) -> dict[str, str]:
    if kind == ScopeKind.DISTRICT:
        return {district.code: district.name for district in districts()}
    if kind == ScopeKind.STREET:
        return {street.code: f"{street.district_name} {street.name}" for street in streets() if street.official}
    return {}


class Grants(ListDesk[Line]):
    """Accounts with their roles on the left; the rights of the one in hand on the right."""

    listing = GRANT_LIST
    look = open_grants
    part = "授权详情"
    classes = ""

    def draw(self, view: Line) -> None:
        own = view.id == self.place.caller.account_id
        head(f"{view.login}（{view.word.label}）")
        self.draw_cells(view, without={"login", "roles", "word"})
        if own:
            note("自己的权限由另一名安全管理员办理")
        head("岗位")
        held = [grant for grant in view.grants if grant.ended_at is None]
        if not held:
            empty("尚未授权，账号不能登录")
        for grant in held:
            self._draw_grant(view, grant, own=own)
        if not own:
            self._draw_form(view)
            self._draw_clearance(view)
            self._draw_bindings(view)
        past = [grant for grant in view.grants if grant.ended_at is not None]
        if past:
            head("已收回")
            with web.element("div").classes("sf-form").style("--columns: 1"):
                for grant in past:
                    shown_field(grant.role.label, f"{_scope(grant)}，{shown(grant.ended_at)}，{grant.end_reason}")

    async def change(self, one: Line, action: Action[Any, Any], order: Any, said: str) -> None:
        """Perform an action on the rights of an account, whose sessions are looked at anew."""
        if (await self.act(action, order, said)).ok:
            self.place.desk.book.forget_account(one.id)

    def _draw_grant(self, one: Line, grant: AccountRole, *, own: bool) -> None:
        with web.element("div").classes("sf-form").style("--columns: 1"):
            shown_field(grant.role.label, _scope(grant))
            shown_field("期限", f"{grant.valid_from} 至 {grant.valid_to or '长期'}")
            shown_field("依据", grant.reason + ("（委托开户）" if grant.policy_id is not None else ""))
        if own:
            return

        async def end() -> None:
            question = f"收回“{grant.role.label}”，该账号将立即退出登录"
            with self.split:
                reason = await ask_reason(question, yes="收回", label="原因", danger=True)
            await self.change(one, end_grant, Reasoned(grant.id, reason), "岗位已收回")

        with web.element("div").classes("sf-buttons sf-pad"):
            danger_button("收回", end).mark("end-grant")

    def _draw_form(self, one: Line) -> None:
        head("授予岗位")
        with Form(columns=1) as form:
            role = form.add(choice_field("role", "岗位", ROLES, required=True, on_change=lambda: role_chosen()))
            kind = form.add(choice_field("kind", "数据范围", {}, required=True, on_change=lambda: kind_chosen()))
            area = form.add(choice_field("area", "区、街镇", {}))
            code = form.add(text_field("code", "范围代码", longest=64, help="对接系统或项目的代码"))
            form.add(date_field("valid_to", "有效期至", help="不填为长期"))
            form.add(text_field("reason", "依据", required=True, longest=200, help="不少于4个字"))

        def role_chosen() -> None:
            kinds = SCOPES[Role.of(role.value)] if role.value else ()
            only = str(kinds[0]) if len(kinds) == 1 else ""
            kind.control.set_options({str(one): one.label for one in kinds}, value=only)
            kind_chosen()

        def kind_chosen() -> None:
            areas = _areas(str(kind.value or ""))
            area.control.set_options(areas)
            area.set_visibility(bool(areas))
            typed = kind.value == ScopeKind.PROJECT or role.value == Role.PARTNER
            code.set_visibility(typed)

        kind_chosen()

        async def give(values: dict[str, Any]) -> None:
            order = GiveGrant(
                one.id,
                Role.of(values["role"]),
                ScopeKind.of(values["kind"]),
                values["area"] or values["code"] or "",
                values["valid_to"],
                values["reason"],
            )
            await self.change(one, give_grant, order, "岗位已授予")

        form.sends("授予", give, mark="give-grant")

    def _draw_clearance(self, one: Line) -> None:
        head("安全标记")
        with Form(columns=1) as form:
            form.add(choice_field("clearance", "可读级别", Label.labels(), value=str(one.clearance), required=True))

        async def save(values: dict[str, Any]) -> None:
            label = Label.of(values["clearance"])
            with self.split:
                reason = await ask_reason(f"把安全标记改为“{label.label}”", yes="修改", label="原因")
            await self.change(one, set_clearance, SetClearance(one.id, label, reason), "安全标记已修改")

        form.sends("修改安全标记", save, mark="set-clearance", plain=True)

    def _draw_bindings(self, one: Line) -> None:
        head("证书")
        with web.element("div").classes("sf-form").style("--columns: 1"):
            shown_field("已绑定", one.cert_fingerprint or "未绑定")
        for row in one.bindings:
            if self.place.may(confirm_binding, row):
                facts(
                    {
                        "待确认": row.fingerprint,
                        "序列号": row.serial,
                        "颁发者": row.issuer,
                        "登记时间": row.proposed_at,
                    },
                    columns=1,
                )
                with web.element("div").classes("sf-buttons sf-pad"):
                    plain_button("不同意", partial(self.decide, one, row, agree=False))
                    main_button("确认绑定", partial(self.decide, one, row, agree=True)).mark("confirm-binding")

    async def decide(self, one: Line, row: CertificateBinding, *, agree: bool) -> None:
        question = "请核对证书持有人就是账号本人。确认绑定？" if agree else "确定不同意绑定这张证书？"
        summary = {"账号": one.login, "指纹": row.fingerprint}
        with self.split:
            await confirm(question, summary=summary, yes="确认绑定" if agree else "不同意", danger=not agree)
        told = "证书已绑定" if agree else "已退回登记"
        await self.change(one, confirm_binding, Decide(row.id, agree), told)


def _scope(grant: AccountRole) -> str:
    return f"{grant.scope_kind.label} {grant.scope_code}".strip()


GRANTS = desk_module(Grants, "grants", "admin_panel_settings", "manage", title="授权管理")

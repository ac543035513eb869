"""授权管理: what each account may do and read; the accounts themselves are another's."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role, ScopeKind
from models.labels import Label
from models.places_data import districts, streets
from services.access.account_list import GRANTS as GRANT_LIST
from services.access.account_list import AccountDetail, BindingLine, GrantLine, open_grants
from services.access.bindings import DecideBinding, confirm_binding
from services.access.grants import EndGrant, GiveGrant, SetClearance, end_grant, give_grant, set_clearance
from services.access.scopes import SCOPES
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import choice_field, date_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.values import shown

ROLES = {str(role): role.label for role in SCOPES}


def _head(text: str) -> None:
    with web.element("div").classes("sf-head"):
        TextElement(tag="span", text=text)


def _areas(kind: str) -> dict[str, str]:
    if kind == ScopeKind.DISTRICT:
        return {district.code: district.name for district in districts()}
    if kind == ScopeKind.STREET:
        return {street.code: f"{street.district_name} {street.name}" for street in streets() if street.official}
    return {}


class GrantsPage:
    """Accounts with their roles on the left; the rights of the one in hand on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with web.element("div").classes("sf-split"):
            self.grid = ListView(
                place, GRANT_LIST, on_pick=lambda line: self.choose(line.id), on_enter=lambda line: self.choose(line.id)
            )
            self.detail = web.element("section").props("aria-label=授权详情")
        with self.detail:
            TextElement(tag="p", text="请在列表中选择一个账号").classes("sf-empty")

    async def choose(self, account_id: UUID) -> None:
        answer = await call(open_grants, account_id)
        if answer.ok:
            self._draw(answer.value)
            self.place.reveal(self.detail)

    def _draw(self, one: AccountDetail) -> None:
        self.detail.clear()
        own = one.id == self.place.caller.account_id
        with self.detail:
            _head(f"{one.login}（{one.word.label}）")
            with web.element("div").classes("sf-form").style("--columns: 1"):
                shown_field("姓名", one.name)
                shown_field("所属单位", one.unit)
                shown_field("账号类别", one.sort)
                shown_field("安全标记", one.clearance)
            if own:
                TextElement(tag="p", text="自己的权限由另一名安全管理员办理").classes("sf-note")
            _head("岗位")
            held = [grant for grant in one.grants if grant.ended_at is None]
            if not held:
                TextElement(tag="p", text="尚未授权，账号不能登录").classes("sf-empty")
            for grant in held:
                self._draw_grant(one, grant, own=own)
            if not own:
                self._draw_form(one)
                self._draw_clearance(one)
                self._draw_bindings(one)
            past = [grant for grant in one.grants if grant.ended_at is not None]
            if past:
                _head("已收回")
                with web.element("div").classes("sf-form").style("--columns: 1"):
                    for grant in past:
                        shown_field(grant.role.label, f"{grant.scope}，{shown(grant.ended_at)}，{grant.end_reason}")

    def _draw_grant(self, one: AccountDetail, grant: GrantLine, *, own: bool) -> None:
        with web.element("div").classes("sf-form").style("--columns: 1"):
            shown_field(grant.role.label, grant.scope)
            shown_field("期限", f"{grant.valid_from} 至 {grant.valid_to or '长期'}")
            shown_field("依据", grant.reason + ("（委托开户）" if grant.delegated else ""))
        if own:
            return

        async def end() -> None:
            reason = await ask_reason(
                f"收回“{grant.role.label}”，该账号将立即退出登录", yes="收回", label="原因", danger=True
            )
            if reason is not None and (await call(end_grant, EndGrant(grant.id, reason))).ok:
                await self._changed(one, "岗位已收回")

        with web.element("div").classes("sf-buttons sf-pad"):
            danger_button("收回", end).mark("end-grant")

    async def _changed(self, one: AccountDetail, said: str) -> None:
        self.place.desk.book.forget_account(one.id)
        await self.grid.load()
        await self.choose(one.id)
        # Said last: what stands on the page by then may be clicked.
        self.place.say(said, "good")

    def _draw_form(self, one: AccountDetail) -> None:
        _head("授予岗位")
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

        async def give() -> None:
            values = form.read()
            if values is None:
                return
            order = GiveGrant(
                one.id,
                Role.of(values["role"]),
                ScopeKind.of(values["kind"]),
                values["area"] or values["code"] or "",
                values["valid_to"],
                values["reason"],
            )
            if (await call(give_grant, order, button=button)).ok:
                await self._changed(one, "岗位已授予")

        with web.element("div").classes("sf-buttons sf-pad"):
            button = main_button("授予", give).mark("give-grant")

    def _draw_clearance(self, one: AccountDetail) -> None:
        _head("安全标记")
        with Form(columns=1) as form:
            form.add(choice_field("clearance", "可读级别", Label.labels(), value=str(one.clearance), required=True))

        async def save() -> None:
            values = form.read()
            if values is None:
                return
            label = Label.of(values["clearance"])
            reason = await ask_reason(f"把安全标记改为“{label.label}”", yes="修改", label="原因")
            if reason is not None and (await call(set_clearance, SetClearance(one.id, label, reason))).ok:
                await self._changed(one, "安全标记已修改")

        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button("修改安全标记", save)

    def _draw_bindings(self, one: AccountDetail) -> None:
        _head("证书")
        with web.element("div").classes("sf-form").style("--columns: 1"):
            shown_field("已绑定", one.certificate or "未绑定")
        for row in one.bindings:
            if self.place.may(confirm_binding, row):
                with web.element("div").classes("sf-form").style("--columns: 1"):
                    shown_field("待确认", row.fingerprint)
                    shown_field("序列号", row.serial)
                    shown_field("颁发者", row.issuer)
                    shown_field("登记时间", row.proposed_at)
                with web.element("div").classes("sf-buttons sf-pad"):
                    plain_button("不同意", self._decider(one, row, agree=False))
                    main_button("确认绑定", self._decider(one, row, agree=True)).mark("confirm-binding")

    def _decider(self, one: AccountDetail, row: BindingLine, *, agree: bool) -> Callable[[], Awaitable[None]]:
        async def decide() -> None:
            question = "请核对证书持有人就是账号本人。确认绑定？" if agree else "确定不同意绑定这张证书？"
            summary = {"账号": one.login, "指纹": row.fingerprint}
            if not await confirm(question, summary=summary, yes="确认绑定" if agree else "不同意", danger=not agree):
                return
            if (await call(confirm_binding, DecideBinding(row.id, agree))).ok:
                await self._changed(one, "证书已绑定" if agree else "已退回登记")

        return decide


async def build(place: Place) -> None:
    page = GrantsPage(place)
    place.command("刷新", page.grid.load, icon="refresh", key="f3")
    await page.grid.load()


GRANTS = Module("grants", "授权管理", "admin_panel_settings", "manage", frozenset({Role.SEC_ADMIN}), build)

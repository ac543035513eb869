"""委托开户: under which policies firms and city handlers open accounts themselves (decision 10)."""

from typing import Any

from nicegui import ui as web

from models.access import Role
from services.access.delegation import MAY_OPEN, POLICIES, MakePolicy, end_policy, make_policy
from services.engine.listings import Line
from services.engine.orders import Reasoned
from ui.shell.buttons import danger_button
from ui.shell.dialogs import ask_reason
from ui.shell.fields import choice_field, count_field, date_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import head

_PAIRS = {
    f"{grantor} {grantee}": f"{grantor.label}开立{grantee.label}"
    for grantor, may in MAY_OPEN.items()
    for grantee in sorted(may)
}


class DelegationDesk(ListDesk[Line]):
    """Policies on the left; the one in hand, or the form for another, on the right."""

    listing = POLICIES
    part = "策略详情"
    classes = ""

    def begin(self) -> None:
        if self.place.may(make_policy):
            self.place.command("新建策略", lambda: self.draw_over(self.draw_new), icon="add", key="f2")

    def draw(self, view: Line) -> None:
        head(f"{view.grantor_role.label}开立{view.grantee_role.label}")
        self.draw_cells(view, without={"grantor_role", "grantee_role"})
        if self.place.may(end_policy) and view.ended_at is None:
            with web.element("div").classes("sf-buttons sf-pad"):
                danger_button("终止策略", lambda: self.end(view))

    async def end(self, line: Line) -> None:
        reason = await ask_reason("终止后不能再按此策略开户，已开的账号不受影响", yes="终止", label="原因", danger=True)
        await self.act(end_policy, Reasoned(line.id, reason), "策略已终止")

    def draw_new(self) -> None:
        """Draw the form for a policy; it takes effect once it is in the signed access list."""
        head("新建策略")
        with Form(columns=1) as form:
            form.add(choice_field("pair", "委托内容", _PAIRS, required=True))
            form.add(count_field("quota", "名额", unit="个/企业", required=True))
            form.add(date_field("valid_to", "失效日期", help="不填为长期"))
            form.add(text_field("note", "依据", required=True, longest=200, lines=2, help="不少于4个字"))

        async def send(values: dict[str, Any]) -> None:
            grantor, grantee = (Role.of(part) for part in values["pair"].split())
            order = MakePolicy(grantor, grantee, values["quota"], values["note"], valid_to=values["valid_to"])
            await self.act(make_policy, order, "策略已建立")

        form.sends("建立策略", send, mark="make-policy")


DELEGATION = desk_module(DelegationDesk, "delegation", "group_add", "manage", title="委托开户")

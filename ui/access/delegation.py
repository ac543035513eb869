"""委托开户: under which policies firms and city handlers open accounts themselves (decision 10)."""

from collections.abc import Sequence

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from models.codes import Toned
from services.access.delegation import (
    MAY_OPEN,
    EndPolicy,
    MakePolicy,
    PolicyLine,
    end_policy,
    list_policies,
    make_policy,
)
from ui.shell.buttons import danger_button, main_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.fields import choice_field, count_field, date_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.grid import Column, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.values import shown

_PAIRS = {
    f"{grantor} {grantee}": f"{grantor.label}开立{grantee.label}"
    for grantor, may in MAY_OPEN.items()
    for grantee in sorted(may)
}


def _everything(view: View) -> None:
    return None


def _page_of(answer: list[PolicyLine]) -> tuple[int, Sequence[PolicyLine]]:
    return len(answer), answer


class DelegationPage:
    """Policies on the left; the one in hand, or the form for another, on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.may = place.may(make_policy)
        if self.may:
            place.command("新建策略", self.draw_new, icon="add", key="f2")
        with web.element("div").classes("sf-split"):
            self.grid = Grid(
                place,
                list_policies,
                order=_everything,
                columns=(
                    Column("grantor_role", "开户岗位", width=110),
                    Column("grantee_role", "可授岗位", width=120),
                    Column("enterprise", "限定企业"),
                    Column("quota", "名额", number=True, width=70),
                    Column("used", "已用", number=True, width=70),
                    Column("valid_to", "失效日期", width=100),
                    Column("ended", "状态", width=80, show=_state),
                ),
                page_of=_page_of,
                on_pick=self.choose,
                on_enter=self.choose,
                empty="没有委托开户策略，企业和市级经办不能自行开户",
                size=200,
            )
            self.detail = web.element("section").props("aria-label=策略详情")
        with self.detail:
            TextElement(tag="p", text="请在列表中选择一条策略").classes("sf-empty")

    def choose(self, line: PolicyLine) -> None:
        self.detail.clear()
        with self.detail:
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text=f"{line.grantor_role.label}开立{line.grantee_role.label}")
            with web.element("div").classes("sf-form").style("--columns: 1"):
                shown_field("限定企业", line.enterprise)
                shown_field("名额", f"{line.quota}（每家企业），已用{line.used}")
                shown_field("期限", f"{line.valid_from} 至 {shown(line.valid_to) or '长期'}")
                shown_field("依据", line.note)
            if self.may and not line.ended:

                async def end() -> None:
                    reason = await ask_reason(
                        "终止后不能再按此策略开户，已开的账号不受影响", yes="终止", label="原因", danger=True
                    )
                    if reason is not None and (await call(end_policy, EndPolicy(line.id, reason))).ok:
                        self.place.say("策略已终止", "good")
                        self.detail.clear()
                        await self.grid.load()

                with web.element("div").classes("sf-buttons sf-pad"):
                    danger_button("终止策略", end)
        self.place.reveal(self.detail)

    def draw_new(self) -> None:
        """Draw the form for a policy; it takes effect once it is in the signed access list."""
        self.detail.clear()
        with self.detail:
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text="新建策略")
            with Form(columns=1) as form:
                form.add(choice_field("pair", "委托内容", _PAIRS, required=True))
                form.add(count_field("quota", "名额", unit="个/企业", required=True))
                form.add(date_field("valid_to", "失效日期", help="不填为长期"))
                form.add(text_field("note", "依据", required=True, longest=200, lines=2, help="不少于4个字"))

            async def send() -> None:
                values = form.read()
                if values is None:
                    return
                grantor, grantee = (Role.of(part) for part in values["pair"].split())
                order = MakePolicy(grantor, grantee, values["quota"], values["note"], valid_to=values["valid_to"])
                if (await call(make_policy, order, button=button)).ok:
                    self.place.say("策略已建立", "good")
                    await self.grid.load()

            with web.element("div").classes("sf-buttons sf-pad"):
                button = main_button("建立策略", send).mark("make-policy")
        form.focus("pair")
        self.place.reveal(self.detail)


def _state(ended: bool) -> str:
    return Toned("已终止") if ended else Toned("生效", "good")


async def build(place: Place) -> None:
    page = DelegationPage(place)
    place.command("刷新", page.grid.load, icon="refresh", key="f3")
    await page.grid.load()


DELEGATION = Module("delegation", "委托开户", "group_add", "manage", frozenset({Role.SEC_ADMIN, Role.AUDITOR}), build)

"""Accounts of a keeper: the same page for the system administrator, the city and a head company (D05; market 2.6)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.access.accounts import SetHolder
from services.access.passwords import LinkGiven
from services.documents.issuance import public_address
from services.engine.listings import Line
from services.engine.orders import Reasoned
from services.engine.registry import Action
from services.engine.words import LEAST_WORDS
from services.privacy.field_reveal import RevealField
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.desk import desk
from ui.shell.dialogs import answer_of, ask_reason, question
from ui.shell.fields import Field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk
from ui.shell.parts import head, note
from ui.shell.reveal import Revealing
from ui.shell.values import shown

HOLDER = "账号使用人"
PERSONAL = {"id_no": "身份证号码", "mobile": "手机号"}


class AccountDesk(ListDesk[Line]):
    """Accounts on the left; the one in hand, or a new one, on the right. A subclass names the actions of its keeper."""

    part = "账号详情"
    classes = ""
    enable: ClassVar[Action[Reasoned, LinkGiven]]
    disable: ClassVar[Action[Reasoned, None]]
    reset: ClassVar[Action[Reasoned, LinkGiven]]
    put_holder: ClassVar[Action[SetHolder, None]]
    reveal: ClassVar[Action[RevealField, str]]
    #: What the button for a new account is called.
    opening: ClassVar[str]
    #: What is masked and may be revealed.
    masked: ClassVar[Mapping[str, str]] = PERSONAL

    def begin(self) -> None:
        self.revealing = Revealing(self.place, "account", self.masked, self._draw_again, noun=HOLDER, act=self.reveal)
        self.place.command(self.opening, self.open_new, icon="person_add", key="f2")

    async def open_new(self) -> None:
        """Draw the form of a new account."""
        self.draw_over(self.draw_new)

    def draw_new(self) -> None:
        """Draw the form of a new account on the right."""
        raise NotImplementedError

    def told(self, one: Line) -> Mapping[str, Any]:
        """Return what is shown of an account beside its holder, by label."""
        raise NotImplementedError

    def draw_forms(self, one: Line) -> None:
        """Draw the forms by which an account is changed."""

    def draw_buttons(self, one: Line) -> None:
        """Draw further buttons of an account in use."""

    def draw(self, view: Line) -> None:
        head(f"{view.login}（{view.word.label}）")
        with web.element("div").classes("sf-form").style("--columns: 1"):
            with web.element("div").style("display: contents") as self.personal:
                self._draw_personal(view)
            for label, value in self.told(view).items():
                shown_field(label, value)
        if view.id == self.place.caller.account_id:
            note("自己的账号由另一名管理员办理")
            return
        self._draw_acts(view)
        self.draw_forms(view)
        self._draw_holder(view)

    def _draw_again(self) -> None:
        """Redraw only the personal data, because the forms below may hold input."""
        if self.view is not None:
            self.personal.clear()
            with self.personal:
                self._draw_personal(self.view)

    def _draw_personal(self, one: Line) -> None:
        for key, label in {"name": "姓名", **PERSONAL}.items():
            masked = getattr(one, key) or ""
            shown_field(label, self.revealing.value(one.id, key, masked) if key in self.masked else masked)

    def _draw_acts(self, one: Line) -> None:
        missing = "、".join(label for key, label in PERSONAL.items() if not getattr(one, key))
        if missing and one.of_company and self.place.may(self.enable, one):
            note(f"该账号缺{missing}，请先补录，再启用。")
        with web.element("div").classes("sf-buttons sf-pad"):
            if self.place.may(self.enable, one):
                main_button("启用", partial(self.give, one, self.enable, "启用账号", "账号已启用")).mark("enable")
                return
            self.draw_buttons(one)
            anew = ("生成新链接", "新链接已生成") if one.waiting else ("重置口令", "口令已重置")
            plain_button(anew[0], partial(self.give, one, self.reset, *anew)).mark("reset")
            if present := [key for key in self.masked if getattr(one, key)]:
                whose = f"{one.name}（{one.login}）"
                plain_button("查看完整信息", partial(self.show_clear, one.id, whose, present)).mark("reveal")
            danger_button("停用", partial(self.give, one, self.disable, "停用账号", "账号已停用")).mark("disable")

    async def show_clear(self, account_id: UUID, whose: str, present: Sequence[str]) -> None:
        with self.split:
            await self.revealing.ask(account_id, whose, present)

    async def give(
        self, one: Line, action: Action[Reasoned, LinkGiven] | Action[Reasoned, None], question: str, said: str
    ) -> None:
        """Ask why and act; a link that comes of it is shown once."""
        await self.change(one, action, lambda reason: Reasoned(one.id, reason, one.version), question, said)

    async def change(
        self,
        one: Line,
        action: Action[Any, Any],
        order: Callable[[str], Any],
        question: str,
        said: str,
        *,
        yes: str = "",
    ) -> None:
        """Ask why, perform the action, and show the account anew."""
        # Not in the context of the button that was pressed: it may be drawn anew meanwhile.
        with self.split:
            reason = await ask_reason(f"{question}：{one.login}", yes=yes or question, least=LEAST_WORDS, label="原因")
            done = (await call(action, order(reason))).or_end()
            self.place.desk.book.forget_account(one.id)
            await self.handed_out(one.id, done, said)

    async def create(self, action: Action[Any, LinkGiven], order: Any, said: str) -> None:
        """Make an account and show its link once."""
        with self.split:
            done = (await call(action, order)).or_end()
            await self.handed_out(done.account_id, done, said)

    async def handed_out(self, account_id: object, given: LinkGiven | None, said: str) -> None:
        if given is not None:
            await show_once(given)
        await self.take(account_id)
        self.place.say(said, "good")

    def ask_holder(self, form: Form, *, required: bool) -> Field:
        """Draw name, number and telephone of a new account's user; returns the last field."""
        form.add(text_field("name", "姓名", required=True, longest=40))
        form.add(text_field("id_no", PERSONAL["id_no"], required=required, longest=30, help="账号使用人本人的"))
        return form.add(text_field("mobile", PERSONAL["mobile"], required=required, longest=20))

    def _draw_holder(self, one: Line) -> None:
        head("证件和手机")
        with Form(columns=1) as form:
            if not one.id_no:
                form.add(text_field("id_no", PERSONAL["id_no"], longest=30, help="账号使用人本人的"))
            replaces = "填写后代替原手机号" if one.mobile else ""
            form.add(text_field("mobile", PERSONAL["mobile"], longest=20, help=replaces))
        note("账号不能转给他人；换人使用的，停用后另开账号。")

        async def save(values: dict[str, Any]) -> None:
            if not any(values.values()):
                self.place.say("没有修改")
                return
            id_no, mobile = values.get("id_no") or "", values["mobile"] or ""
            await self.change(
                one,
                self.put_holder,
                lambda reason: SetHolder(one.id, reason, id_no, mobile, one.version),
                f"修改{HOLDER}",
                "已保存",
                yes="保存",
            )

        form.sends("保存证件和手机", save, mark="save-holder", plain=True)


# Without encryption a browser has no clipboard for us; then the marked text is copied as by hand.
_COPY = """() => {
    const link = document.querySelector('output[aria-label="首次口令链接"]');
    window.getSelection().selectAllChildren(link);
    if (navigator.clipboard) navigator.clipboard.writeText(link.textContent); else document.execCommand('copy');
}"""


async def show_once(given: LinkGiven) -> None:
    """Show the link until the user confirms having it; it cannot be shown again."""
    summary = {"登录名": given.login, "有效至": shown(given.until)}
    with question("首次口令链接，请交给账号使用人本人", summary, escape=False) as dialog:
        link = (
            TextElement(tag="output", text=public_address(desk().door.house, given.path))
            .classes("sf-handed")
            .mark("first-link")
        )
        link.props["aria-label"] = "首次口令链接"
        TextElement(
            tag="p",
            text="使用人打开链接，设置自己的口令。链接只能用一次；关闭后不会再次显示，丢失或过期的请重新生成，旧链接随即失效。",
        ).classes("sf-note")
        with web.element("div").classes("sf-buttons"):
            copy = plain_button("复制链接", icon="content_copy").mark("copy-link")
            copy.on("click", js_handler=_COPY)
            main_button("已交付，关闭", dialog.close).props("autofocus").mark("handed-out")
    await answer_of(dialog, object)

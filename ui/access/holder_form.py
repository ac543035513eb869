"""The holder of an account: number and telephone, asked and corrected by every keeper of accounts (D05; market 2.6)."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.words import LEAST_WORDS
from ui.shell.buttons import plain_button
from ui.shell.desk import desk
from ui.shell.dialogs import ask_reason
from ui.shell.fields import Field, text_field
from ui.shell.form import Form
from ui.shell.parts import head, note

HOLDER = "账号使用人"
PERSONAL = {"id_no": "身份证号码", "mobile": "手机号"}


class Held(Protocol):
    """An account as its page shows it: number and telephone masked, empty where not known."""

    @property
    def login(self) -> str: ...
    @property
    def id_no(self) -> str: ...
    @property
    def mobile(self) -> str: ...


def ask_holder(form: Form, *, required: bool) -> Field:
    """Draw name, number and telephone of a new account's user; returns the last field."""
    form.add(text_field("name", "姓名", required=True, longest=40))
    form.add(text_field("id_no", PERSONAL["id_no"], required=required, longest=30, help="账号使用人本人的"))
    return form.add(text_field("mobile", PERSONAL["mobile"], required=required, longest=20))


def draw_holder(one: Held, root: web.element, keep: Callable[[str, str, str], Awaitable[None]]) -> None:
    """Draw the form of an existing account; `keep` receives number, telephone (either may be empty) and the reason.

    `root` is a part of the page that stays, because the form may be redrawn during the question.
    """
    head("证件和手机")
    with Form(columns=1) as form:
        if not one.id_no:
            form.add(text_field("id_no", PERSONAL["id_no"], longest=30, help="账号使用人本人的"))
        replaces = "填写后代替原手机号" if one.mobile else ""
        form.add(text_field("mobile", PERSONAL["mobile"], longest=20, help=replaces))
    note("账号不能转给他人；换人使用的，停用后另开账号。")

    async def save() -> None:
        values = form.read()
        if values is None:
            return
        if not any(values.values()):
            desk().say("没有修改")
            return
        with root:
            reason = await ask_reason(f"修改{HOLDER}：{one.login}", yes="保存", least=LEAST_WORDS, label="原因")
            if reason is not None:
                await keep(values.get("id_no") or "", values["mobile"] or "", reason)

    with web.element("div").classes("sf-buttons sf-pad"):
        plain_button("保存证件和手机", save).mark("save-holder")


def told_missing(one: Held) -> None:
    """Show what a disabled company account lacks before it can be enabled."""
    missing = "、".join(label for key, label in PERSONAL.items() if not getattr(one, key))
    if missing:
        TextElement(tag="p", text=f"该账号缺{missing}，请先补录，再启用。").classes("sf-note")

"""A one-time password shown once, to be handed over in person."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.access.accounts import HandedOut
from ui.shell.buttons import main_button
from ui.shell.values import shown


async def show_once(given: HandedOut) -> None:
    """Until the administrator says that he has it written down; it cannot be shown again."""
    with web.dialog().props("persistent") as dialog, web.card().classes("sf-dialog"):
        TextElement(tag="h2", text="一次性口令，请当面交给本人")
        with web.element("dl").classes("sf-summary"):
            for term, value in (("登录名", given.login), ("有效至", shown(given.until))):
                TextElement(tag="dt", text=term)
                TextElement(tag="dd", text=value)
        TextElement(tag="p", text=given.password).classes("sf-number-big").props("aria-label=一次性口令")
        TextElement(tag="p", text="首次登录必须修改。关闭后不会再次显示，丢失时请重置口令。").classes("sf-note")
        with web.element("div").classes("sf-buttons"):
            main_button("已记下，关闭", dialog.close).props("autofocus").mark("handed-out")
    await dialog
    if not dialog.is_deleted:
        dialog.delete()

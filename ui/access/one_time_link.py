"""A one-time link, shown once for handing over; it is not stored."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.access.first_password import LinkGiven
from services.documents.issuance import public_address
from ui.shell.buttons import main_button, plain_button
from ui.shell.desk import desk
from ui.shell.dialogs import answer_of, question
from ui.shell.values import shown

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

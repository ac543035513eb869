"""Questions over the page that must be answered first: a confirmation, a reason, a typed word, or a form of one's own."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from nicegui import ElementFilter
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import Ended

_QUESTION = "question"
#: Marks the dialog of Ctrl+K.
FINDER = "finder-dialog"
Value = TypeVar("Value")
#: Shows what an answer leads to, given the text in hand.
Preview = Callable[[str], Awaitable[object]]


@contextmanager
def question(
    title: str, summary: Mapping[str, str] | None = None, *, classes: str = "", escape: bool = True
) -> Iterator[web.dialog]:
    """Draw a question over the page; its content is drawn inside, and `answer_of` waits for what is submitted."""
    with web.dialog().props("persistent") as dialog, web.card().classes(f"sf-dialog {classes}"):
        TextElement(tag="h2", text=title)
        if summary:
            with web.element("dl").classes("sf-summary"):
                for term, value in summary.items():
                    TextElement(tag="dt", text=term)
                    TextElement(tag="dd", text=value)
        yield dialog
    if escape:
        dialog.on("keydown.escape", lambda: dialog.submit(None))


def answer_buttons(dialog: web.dialog, yes: str, agree: Callable[[], Any]) -> web.button:
    """Draw 取消 and the button that agrees."""
    with web.element("div").classes("sf-buttons"):
        plain_button("取消", lambda: dialog.submit(None))
        return main_button(yes, agree).mark("dialog-yes")


async def answer_of(dialog: web.dialog, kind: type[Value]) -> Value:
    """Wait for the answer; to call the question off ends the event it was asked in."""
    answer = await dialog
    if not dialog.is_deleted:
        dialog.delete()
    if not isinstance(answer, kind):
        raise Ended
    return answer


async def confirm(
    title: str,
    *,
    summary: Mapping[str, str] | None = None,
    yes: str = "确定",
    danger: bool = False,
    typed: str = "",
    preview: Preview | None = None,
) -> None:
    """Ask before something that is hard to take back. `summary` shows what; `typed` must be copied by hand.

    `preview` shows the paper the answer would issue, while the question stays open.
    """
    await _ask(title, summary or {}, yes=yes, danger=danger, typed=typed, preview=preview)


async def ask_reason(
    title: str,
    *,
    summary: Mapping[str, str] | None = None,
    yes: str = "确定",
    least: int = 4,
    danger: bool = False,
    label: str = "理由",
    preview: Preview | None = None,
) -> str:
    """Ask for a reason, or what `label` says, of at least `least` characters; `preview` is as for `confirm`."""
    return await _ask(title, summary or {}, yes=yes, danger=danger, least=least, label=label, preview=preview)


def _is_asking() -> bool:
    """Return whether a question is open on this page."""
    return is_covered(_QUESTION)


def is_covered(marker: str | None = None) -> bool:
    """Return whether a dialog is open over this page, of any kind or with a marker."""
    return any(dialog.value for dialog in ElementFilter(kind=web.dialog, marker=marker))


async def _ask(
    title: str,
    summary: Mapping[str, str],
    *,
    yes: str,
    danger: bool,
    typed: str = "",
    least: int = 0,
    label: str = "",
    preview: Preview | None = None,
) -> str:
    if _is_asking():
        # A key pressed twice asks once.
        raise Ended
    with question(title, summary) as dialog:
        dialog.mark(_QUESTION)
        field: Any = None
        wrong = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert")
        if least:
            field = web.textarea().props("dense outlined autofocus rows=3 maxlength=200").mark("dialog-text")
            field.props["aria-label"] = label
            field.props["placeholder"] = f"{label}（不少于{least}个字），Ctrl+回车{yes}"
        elif typed:
            TextElement(tag="p", text=f"请输入“{typed}”以确认：")
            field = web.input().props("dense outlined autofocus aria-label=确认内容").mark("dialog-text")
            field.on("keydown.enter", lambda: agree())
        with web.element("div").classes("sf-buttons"):

            def filled() -> str | None:
                text = str(field.value or "").strip() if field is not None else ""
                wrong.text = f"请填写{label}（不少于{least}个字）" if least and len(text) < least else ""
                return None if wrong.text else text

            def agree() -> None:
                if typed and filled() != typed:
                    wrong.text = "输入的内容不一致"
                elif (text := filled()) is not None:
                    dialog.submit(text)

            async def look() -> None:
                if preview is not None and (text := filled()) is not None:
                    await preview(text)

            if preview is not None:
                plain_button("预览文书", look, icon="visibility").mark("dialog-preview")
            no = plain_button("取消", lambda: dialog.submit(None))
            button = danger_button(yes, agree) if danger else main_button(yes, agree)
            button.mark("dialog-yes")
            if field is None:
                # Enter must not be what takes something away.
                (no if danger else button).props("autofocus")
    return await answer_of(dialog, str)

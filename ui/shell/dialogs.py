"""Questions that must be answered first: a confirmation with what will happen, a reason, a typed word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nicegui import ElementFilter
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.shell.buttons import danger_button, main_button, plain_button

_QUESTION = "question"


@dataclass(frozen=True)
class _Asked:
    agreed: bool = False
    text: str = ""


async def confirm(
    question: str,
    *,
    summary: Mapping[str, str] | None = None,
    yes: str = "确定",
    danger: bool = False,
    typed: str = "",
) -> bool:
    """Ask before something that is hard to take back. `summary` shows what; `typed` must be copied by hand."""
    return (await _ask(question, summary or {}, yes=yes, danger=danger, typed=typed)).agreed


async def ask_reason(
    question: str,
    *,
    summary: Mapping[str, str] | None = None,
    yes: str = "确定",
    least: int = 4,
    danger: bool = False,
    label: str = "理由",
) -> str | None:
    """Ask for a reason, or what `label` says, of at least `least` characters; None when it was called off."""
    asked = await _ask(question, summary or {}, yes=yes, danger=danger, least=least, label=label)
    return asked.text if asked.agreed else None


def _is_asking() -> bool:
    """Return whether a question is open on this page."""
    asked = ElementFilter(kind=web.dialog, marker=_QUESTION)
    return any(dialog.value for dialog in asked)


async def _ask(
    question: str,
    summary: Mapping[str, str],
    *,
    yes: str,
    danger: bool,
    typed: str = "",
    least: int = 0,
    label: str = "",
) -> _Asked:
    if _is_asking():
        # A key pressed twice asks once.
        return _Asked()
    with web.dialog().props("persistent").mark(_QUESTION) as dialog, web.card().classes("sf-dialog"):
        TextElement(tag="h2", text=question)
        if summary:
            with web.element("dl").classes("sf-summary"):
                for term, value in summary.items():
                    TextElement(tag="dt", text=term)
                    TextElement(tag="dd", text=value)
        field: Any = None
        wrong = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert")
        if least:
            field = web.textarea().props("dense outlined autofocus rows=3 maxlength=200").mark("dialog-text")
            field.props["aria-label"] = label
            field.props["placeholder"] = f"{label}（不少于{least}个字）"
        elif typed:
            TextElement(tag="p", text=f"请输入“{typed}”以确认：")
            field = web.input().props("dense outlined autofocus aria-label=确认内容").mark("dialog-text")
        with web.element("div").classes("sf-buttons"):

            def agree() -> None:
                text = str(field.value or "").strip() if field is not None else ""
                if typed and text != typed:
                    wrong.text = "输入的内容不一致"
                elif least and len(text) < least:
                    wrong.text = f"请填写{label}（不少于{least}个字）"
                else:
                    dialog.submit(_Asked(True, text))

            no = plain_button("取消", lambda: dialog.submit(_Asked()))
            button = danger_button(yes, agree) if danger else main_button(yes, agree)
            button.mark("dialog-yes")
            if field is None:
                # Enter must not be what takes something away.
                (no if danger else button).props("autofocus")
        dialog.on("keydown.escape", lambda: dialog.submit(_Asked()))
    answer = await dialog
    if not dialog.is_deleted:
        dialog.delete()
    return answer if isinstance(answer, _Asked) else _Asked()

"""Reasons for accepting warnings, asked before a record is submitted (market 3.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.findings import Finding
from ui.shell.buttons import main_button, plain_button
from ui.shell.dialogs import answer_of, question

LEAST = 5


async def ask_reasons(warnings: Sequence[Finding], given: Mapping[str, str]) -> dict[str, str] | None:
    """Ask for reasons by rule code, prefilled with earlier ones. None when cancelled."""
    if not warnings:
        return {}
    by_code: dict[str, list[str]] = {}
    for one in warnings:
        by_code.setdefault(one.code, []).append(one.message)
    boxes: dict[str, tuple[Any, TextElement]] = {}
    with question(f"有{len(by_code)}项提示，请说明理由后提交") as dialog:
        with web.element("div").classes("sf-enter sf-reasons-asked"):
            for code, messages in by_code.items():
                TextElement(tag="p", text="；".join(dict.fromkeys(messages)))
                box = web.textarea(value=given.get(code, "")).props("dense outlined rows=2 maxlength=300")
                box.props["aria-label"] = f"{code} 的理由"
                box.props["placeholder"] = f"理由（不少于{LEAST}个字）"
                box.mark(f"reason-{code}")
                if not boxes:
                    box.props("autofocus")
                boxes[code] = (box, TextElement(tag="p", text="").classes("sf-wrong").props("role=alert"))

        def agree() -> None:
            reasons = {code: str(box.value or "").strip() for code, (box, _) in boxes.items()}
            for code, (_, wrong) in boxes.items():
                wrong.text = "" if len(reasons[code]) >= LEAST else f"请填写理由（不少于{LEAST}个字）"
            if all(len(reason) >= LEAST for reason in reasons.values()):
                dialog.submit(reasons)

        with web.element("div").classes("sf-buttons"):
            plain_button("返回修改", lambda: dialog.submit(None))
            main_button("提交", agree).mark("reasons-yes")
    return await answer_of(dialog, dict)

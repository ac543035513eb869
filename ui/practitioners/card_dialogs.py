"""Dialogs before a firm changes its cards: the day of leaving, the file to make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.normal import BadText
from services.practitioners.card_files import MEDIA
from ui.shell.buttons import danger_button, plain_button
from ui.shell.choice import Choice
from ui.shell.dialogs import answer_buttons, answer_of, question
from ui.shell.fields import date_field, text_field


@dataclass(frozen=True)
class Left:
    """The day a person left, and a remark."""

    on: date | None
    words: str


async def ask_leaving(summary: Mapping[str, str], today: date, *, active: bool) -> Left | None:
    """Ask for the day; None when it was called off."""
    title = "人员离职，注销信息卡？" if active else "人员离职，放弃这张未激活的信息卡？"
    with question(title, summary, classes="sf-enter") as dialog:
        TextElement(tag="p", text="注销立即生效并公示，不能恢复；再次从业须重新申办。").classes("sf-note")
        on = date_field("left_on", "离职日期", value=today, required=True)
        on.control.mark("left-on")
        words = text_field("words", "说明", longest=200)
        with web.element("div").classes("sf-buttons"):

            def agree() -> None:
                try:
                    day = on.read()
                except BadText as problem:
                    on.mark(problem.sentence)
                    return
                if day > today:
                    on.mark("离职日期不能晚于今天")
                    return
                dialog.submit(Left(day, str(words.value or "").strip()))

            plain_button("取消", lambda: dialog.submit(None)).props("autofocus")
            danger_button("注销信息卡", agree).mark("dialog-yes")
    return await answer_of(dialog, Left)


async def ask_media(count: str) -> str | None:
    """Ask which kind of file; None when it was called off."""
    kinds = {media.value: media.label for media in MEDIA}
    with question(f"下载信息卡（{count}）") as dialog:
        TextElement(
            tag="p", text="文件由系统生成，完成后在“导出记录”中下载。已注销、暂停和逾期的卡不包含在内，文件中会写明。"
        )
        choice = Choice(kinds, value=MEDIA[0].value, name="格式").mark("card-media")
        answer_buttons(dialog, "生成文件", lambda: dialog.submit(str(choice.value or MEDIA[0].value)))
    return await answer_of(dialog, str)

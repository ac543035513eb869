"""转交审核: who reviews from now on is chosen among those who may, with a reason (market 3.3)."""

from collections.abc import Sequence
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle_reassignment import Reviewer, Taker, step_reviewers
from services.engine.words import LEAST_WORDS
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import answer_of, question
from ui.shell.fields import choice_field, text_field
from ui.shell.form import Form
from ui.shell.parts import note

_QUEUE = "queue"
_LONGEST = 200


async def ask_who(ids: Sequence[UUID], told: str, *, held: bool) -> Taker | None:
    """Over the page; None when it was called off. With `held` a step may be given back to the queue as well."""
    answer = await call(step_reviewers, tuple(ids))
    if not answer.ok:
        return None
    people: list[Reviewer] = answer.value
    options = {str(one.id): _words(one, len(ids)) for one in people}
    if held:
        options[_QUEUE] = "放回待审，由有权审核的人员领取"
    with question("转交审核", classes="sf-reassign") as dialog:
        dialog.mark("reassigning").open()
        TextElement(tag="p", text=told)
        note("期限不变。原承办人和接手人都会收到消息，原承办人已打开的页面不能再审核。")
        if not options:
            note("没有其他可以审核这一环节的人员，请先由系统管理员和安全管理员增加审核岗位。")
        with Form(columns=1) as form:
            to = choice_field("to", "转交给", options, required=True)
            to.control.mark("reassign-to")
            form.add(to)
            reason = text_field("reason", "转交原因", longest=_LONGEST, required=True, lines=2)
            reason.control.mark("reassign-reason")
            form.add(reason)

        def agree() -> None:
            values = form.read()
            if values is None:
                return
            if len(values["reason"]) < LEAST_WORDS:
                reason.mark(f"请填写转交原因（不少于{LEAST_WORDS}个字）")
                return
            to_account = None if values["to"] == _QUEUE else UUID(values["to"])
            dialog.submit(Taker(to_account, values["reason"]))

        with web.element("div").classes("sf-buttons"):
            plain_button("取消", lambda: dialog.submit(None))
            main_button("转交", agree).mark("reassign-yes")
        form.focus("to")
    return await answer_of(dialog, Taker)


def _words(one: Reviewer, many: int) -> str:
    able = f"，可接手{one.able}/{many}件" if one.able < many else ""
    return f"{one.name}（{one.office}，在办{one.holds}件{able}）"

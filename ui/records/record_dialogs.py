"""Questions about a record: reasons for warnings, whose content to keep after a conflict, who reviews from now on (market 3.2-3.4)."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle_orders import Changed, RevisionView
from services.engine.cycle_reassignment import Person, Taker, step_reviewers
from services.engine.field_types.field import Field
from services.engine.field_types.refs import Ref
from services.engine.findings import Finding
from services.engine.kinds import Kind
from services.engine.words import LEAST_WORDS
from ui.records.shown import draw_beside, draw_changes, reason_label
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import answer_of, question
from ui.shell.fields import choice_field, reason_field
from ui.shell.form import Form, ask_form
from ui.shell.parts import note


async def ask_reasons(warnings: Sequence[Finding], given: Mapping[str, str]) -> dict[str, str]:
    """Ask for reasons by rule code, prefilled with earlier ones."""
    if not warnings:
        return {}
    by_code: dict[str, list[Finding]] = {}
    for one in warnings:
        by_code.setdefault(one.code, []).append(one)

    def draw(form: Form) -> None:
        for code, found in by_code.items():
            note("；".join(dict.fromkeys(one.message for one in found)))
            for one in found:
                draw_beside(one)
            form.add(reason_field(reason_label(code), least=LEAST_WORDS, key=code, value=given.get(code, ""), lines=2))

    return await ask_form(f"有{len(by_code)}项提示，请说明理由后提交", draw, yes="提交")


class Choice(Enum):
    LATEST = "latest"
    MINE = "mine"


async def choose_between(kind: Kind, message: str, mine: Mapping[str, Any], latest: RevisionView) -> Choice:
    """Ask which content to keep, unless the user postpones the choice."""
    with question("这份草稿已被修改", classes="sf-compare") as dialog:
        dialog.mark("overtaken")
        TextElement(tag="p", text=message)
        box = web.element("div")
        with web.element("div").classes("sf-buttons"):
            plain_button("稍后处理", lambda: dialog.submit(None))
            plain_button("对比", lambda: _draw(box, kind, mine, latest), icon="difference").mark("overtaken-compare")
            danger_button("保留我填写的", lambda: dialog.submit(Choice.MINE)).mark("overtaken-mine")
            main_button("载入最新", lambda: dialog.submit(Choice.LATEST)).props("autofocus").mark("overtaken-latest")
    return await answer_of(dialog, Choice)


def _draw(box: web.element, kind: Kind, mine: Mapping[str, Any], latest: RevisionView) -> None:
    """Draw every field that differs."""
    box.clear()
    different = [
        Changed(field.name, field.label, _words(field, mine.get(field.name)), _words(field, now), "changed")
        for field in kind.fields
        if field.as_text(mine.get(field.name)) != field.as_text(now := latest.values.get(field.name))
    ]
    with box:
        if different:
            draw_changes(("项目", "我填写的", f"最新（{latest.updated_by}）"), different)
        else:
            TextElement(tag="p", text="各栏内容相同，明细或附件可能有变化。")


def _words(field: Field, value: Any) -> str:
    text = field.as_text(value)
    return "（另一条记录）" if isinstance(field, Ref) else field.options().get(text, text)


_QUEUE = "queue"
_LONGEST = 200


async def ask_who(ids: Sequence[UUID], told: str, *, held: bool) -> Taker:
    """Over the page. With `held` a step may be given back to the queue as well."""
    people: list[Person] = (await call(step_reviewers, tuple(ids))).or_end()
    options = {str(one.id): _reviewer_words(one, len(ids)) for one in people}
    if held:
        options[_QUEUE] = "放回待审，由有权审核的人员领取"
    words = [told, "期限不变。原承办人和接手人都会收到消息，原承办人已打开的页面不能再审核。"]
    if not options:
        words.append("没有其他可以审核这一环节的人员，请先由系统管理员和安全管理员增加审核岗位。")

    def draw(form: Form) -> None:
        form.add(choice_field("to", "转交给", options, required=True))
        form.add(reason_field("转交原因", least=LEAST_WORDS, lines=2))

    asked = await ask_form("转交审核", draw, yes="转交", told=words, classes="sf-reassign")
    return Taker(None if asked["to"] == _QUEUE else UUID(asked["to"]), asked["reason"])


def _reviewer_words(one: Person, many: int) -> str:
    able = f"，可接手{one.able}/{many}件" if one.able < many else ""
    return f"{one.name}（{one.office}，在办{one.holds}件{able}）"

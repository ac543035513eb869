"""A link: the parcel, both sides, whose turn it is, what either has said, and what the caller may do (rows 55, 57)."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.registry import Action
from services.parcels.head_links import AnswerLink, cancel_link, confirm_link, decline_link, release_link
from services.parcels.link_choices import mergeable
from services.parcels.link_views import LinkLine, link_steps
from services.parcels.project_links import (
    ConfirmAssignment,
    cancel_assignment,
    confirm_assignment,
    decline_assignment,
    release_assignment,
)
from ui.parcels.parts import draw_steps, next_words
from ui.parcels.routes import PROOFS
from ui.records.record_page import open_record
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.dialogs import confirm as ask
from ui.shell.fields import choice_field
from ui.shell.parts import badge, facts, head
from ui.shell.place import Place
from ui.shell.values import shown


class LinkDetail:
    """Draws into `box`; `changed` is called when something was done."""

    def __init__(self, place: Place, box: web.element, changed: Callable[[], Awaitable[object]]) -> None:
        self.place, self.box, self.changed = place, box, changed
        self.line: LinkLine | None = None
        self.draw_empty()

    def draw_empty(self) -> None:
        self.box.clear()
        with self.box:
            head("关联详情")
            TextElement(tag="p", text="请在列表中选择一条关联").classes("sf-empty")

    async def show(self, line: LinkLine) -> None:
        """Draw a link with its time line."""
        self.line = line
        with self.box:
            answer = await call(link_steps, line.id)
        if not answer.ok or self.box.is_deleted or self.line is not line:
            return
        self.box.clear()
        with self.box:
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text=line.parcel_name)
                badge(line.state)
            TextElement(tag="p", text=next_words(line)).classes("sf-callout").props("role=status").mark("link-next")
            self._draw_facts(line)
            self._draw_acts(line)
            head(f"双方记录（{len(answer.value)}）")
            draw_steps(answer.value)

    def _draw_facts(self, line: LinkLine) -> None:
        project = bool(line.company)
        rivals = f"另有{line.rivals}家总公司的申请待处理" if line.rivals else ""
        facts(
            {
                "地块编号": line.parcel_no,
                "所在区": line.district,
                "总公司": line.head,
                "项目公司": line.company if project else None,
                "份额": f"{line.share.normalize():f}%" if line.share is not None else None,
                "指派面积": (f"{line.part_area.normalize():,f} ㎡" if line.part_area is not None else "整块")
                if project
                else None,
                "发起方": line.offered_side.label,
                "发起时间": shown(line.offered_at),
                "确认期限": line.expires_on,
                "同一地块": rivals,
            },
            columns=2,
        )

    def _draw_acts(self, line: LinkLine) -> None:
        with web.element("div").classes("sf-buttons sf-pad"):
            if "confirm" in line.ways:
                main_button("确认", self._confirm).mark("link-confirm")
            if "decline" in line.ways:
                danger_button("拒绝", self._decline).mark("link-decline")
            if "cancel" in line.ways:
                plain_button("撤回", self._cancel, icon="undo").mark("link-cancel")
            if "release" in line.ways:
                danger_button("解除关联", self._release).mark("link-release")
            if line.proof_id is not None:
                link = TextElement(tag="a", text="成交确认书").props("target=_blank rel=noopener").classes("sf-link")
                link.props["href"] = f"{PROOFS}{line.id}"
            plain_button("打开地块", self._open_parcel, icon="open_in_new").mark("link-parcel")
            if line.made_project_id is not None:
                plain_button("打开项目", self._open_project, icon="open_in_new").mark("link-project")

    async def _open_parcel(self) -> None:
        if self.line is not None:
            await open_record(self.place, "parcel", self.line.parcel_id)

    async def _open_project(self) -> None:
        if self.line is not None and self.line.made_project_id is not None:
            await open_record(self.place, "project", self.line.made_project_id)

    # ---------------------------------------------------------------- acts

    async def _confirm(self) -> None:
        line = self.line
        if line is None:
            return
        # Not in the context of the button that was pressed: it stands in what is drawn anew.
        with self.box:
            if line.company:
                await self._confirm_assignment(line)
                return
            summary = {"地块": f"{line.parcel_name}（{line.parcel_no}）", "总公司": line.head}
            if line.share is not None:
                summary["份额"] = f"{line.share.normalize():f}%"
            if await ask("确认该地块关联？", summary=summary, yes="确认"):
                await self._do(confirm_link, AnswerLink(line.id), "已确认，地块已归属该总公司")

    async def _confirm_assignment(self, line: LinkLine) -> None:
        answer = await call(mergeable)
        if not answer.ok:
            return
        options = {str(one.id): one.label for one in answer.value}
        chosen = await _ask_project(line, options)
        if chosen is None:
            return
        into = UUID(chosen) if chosen else None
        said = "已确认，地块并入所选项目" if into else "已确认，项目草稿已自动生成"
        await self._do(confirm_assignment, ConfirmAssignment(line.id, into), said)

    async def _decline(self) -> None:
        await self._with_reason("拒绝该地块关联？", "拒绝", decline_link, decline_assignment, "已拒绝，已告知对方")

    async def _release(self) -> None:
        await self._with_reason(
            "解除该地块关联？解除后企业不再看到该地块", "解除关联", release_link, release_assignment, "已解除"
        )

    async def _cancel(self) -> None:
        line = self.line
        if line is None:
            return
        with self.box:
            if await ask(f"撤回“{line.parcel_name}”的申请？", yes="撤回"):
                act = cancel_assignment if line.company else cancel_link
                await self._do(act, AnswerLink(line.id), "已撤回")

    async def _with_reason(
        self, question: str, yes: str, of_head: Action[Any, Any], of_project: Action[Any, Any], said: str
    ) -> None:
        line = self.line
        if line is None:
            return
        with self.box:
            reason = await ask_reason(
                question, summary={"地块": line.parcel_name}, yes=yes, least=5, danger=True, label="理由"
            )
            if reason is not None:
                await self._do(of_project if line.company else of_head, AnswerLink(line.id, reason), said)

    async def _do(self, act: Action[Any, Any], order: Any, said: str) -> None:
        answer = await call(act, order)
        if answer.ok:
            self.place.say(said, "good")
            await self.changed()


async def _ask_project(line: LinkLine, options: dict[str, str]) -> str | None:
    """A project the parcel joins: its id, "" for a new one, None when it was called off."""
    with web.dialog().props("persistent") as dialog, web.card().classes("sf-dialog"):
        TextElement(tag="h2", text="确认该地块指派？")
        with web.element("dl").classes("sf-summary"):
            TextElement(tag="dt", text="地块")
            TextElement(tag="dd", text=f"{line.parcel_name}（{line.parcel_no}）")
        TextElement(tag="p", text="确认后自动生成项目草稿；与其他地块合并开发的，请选择要并入的项目。").classes(
            "sf-note"
        )
        field = choice_field("into", "并入项目", options, empty="新建项目") if options else None
        with web.element("div").classes("sf-buttons"):
            plain_button("取消", lambda: dialog.submit(None))
            yes = main_button("确认", lambda: dialog.submit(str(field.value or "") if field is not None else ""))
            yes.mark("dialog-yes").props("autofocus")
        dialog.on("keydown.escape", lambda: dialog.submit(None))
    answer = await dialog
    if not dialog.is_deleted:
        dialog.delete()
    return answer if isinstance(answer, str) else None

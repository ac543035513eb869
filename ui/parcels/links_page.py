"""地块关联 and 地块指派: what one side said and the other answers, the time line of both beside it (rows 55, 57)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.listings import Line
from services.engine.registry import Action
from services.parcels.head_links import (
    AnswerLink,
    cancel_link,
    claim_parcel,
    confirm_link,
    decline_link,
    offer_parcel,
    release_link,
)
from services.parcels.link_choices import mergeable
from services.parcels.link_views import ASSIGNMENTS, HEAD_LINKS, link_steps
from services.parcels.project_links import (
    ConfirmAssignment,
    assign_parcel,
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
from ui.shell.dialogs import answer_buttons, answer_of, ask_reason, question
from ui.shell.dialogs import confirm as ask
from ui.shell.fields import choice_field
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head
from ui.shell.values import shown


class LinksDesk(ListDesk[Line]):
    """The link in hand: the parcel, both sides, whose turn it is, what either has said, and what the user may do."""

    part = "关联详情"
    #: The answers, by what a link's `ways` call them.
    answers: ClassVar[Mapping[str, Action[AnswerLink, None]]]
    #: Pages that begin a link: the action, what it is called, its page and icon; the first the user may is offered.
    beginnings: ClassVar[tuple[tuple[Action[Any, Any], str, str, str], ...]]

    def begin(self) -> None:
        for action, label, page, icon in self.beginnings:
            if self.place.may(action):
                self.place.command(label, partial(self.place.open, page), icon=icon, key="f2")
                break
        if self.place.may(self.answers["decline"]):
            self.command("确认", self.confirm, icon="check", key="f8", when=lambda line: "confirm" in line.ways)
            self.command("拒绝", self.decline, icon="block", key="f9", when=lambda line: "decline" in line.ways)

    def more_facts(self, line: Line) -> Mapping[str, Any]:
        """Return what is shown of this kind of link beside what both have."""
        raise NotImplementedError

    async def confirm(self, line: Line) -> None:
        """Ask once more, then confirm."""
        raise NotImplementedError

    async def draw(self, view: Line) -> None:
        answer = await call(link_steps, view.id)
        if not answer.ok:
            return
        head(view.parcel_name, view.state)
        TextElement(tag="p", text=next_words(view)).classes("sf-callout").props("role=status").mark("link-next")
        facts(
            {
                "地块编号": view.parcel_no,
                "所在区": view.district,
                "总公司": view.head,
                **self.more_facts(view),
                "发起方": view.offered_side.label,
                "发起时间": shown(view.offered_at),
                "确认期限": view.expires_on,
                "同一地块": f"另有{view.rivals}家总公司的申请待处理" if view.rivals else "",
            },
            columns=2,
        )
        with web.element("div").classes("sf-buttons sf-pad"):
            self.draw_buttons(view)
        head(f"双方记录（{len(answer.value)}）")
        draw_steps(answer.value)

    def draw_buttons(self, line: Line) -> None:
        """Draw what the user may do with a link."""
        if "confirm" in line.ways:
            main_button("确认（F8）", partial(self.confirm, line)).mark("link-confirm")
        if "decline" in line.ways:
            danger_button("拒绝（F9）", partial(self.decline, line)).mark("link-decline")
        if "cancel" in line.ways:
            plain_button("撤回", partial(self.take_back, line), icon="undo").mark("link-cancel")
        if "release" in line.ways:
            question = "解除该地块关联？解除后企业不再看到该地块"
            end = partial(self.say_why, "release", line, question, "解除关联", "已解除")
            danger_button("解除关联", end).mark("link-release")
        opening = partial(open_record, self.place, "parcel", line.parcel_id)
        plain_button("打开地块", opening, icon="open_in_new").mark("link-parcel")

    async def decline(self, line: Line) -> None:
        await self.say_why("decline", line, "拒绝该地块关联？", "拒绝", "已拒绝，已告知对方")

    async def say_why(self, way: str, line: Line, question: str, yes: str, said: str) -> None:
        """Decline or release with a reason."""
        summary = {"地块": line.parcel_name}
        reason = await ask_reason(question, summary=summary, yes=yes, least=5, danger=True, label="理由")
        await self.act(self.answers[way], AnswerLink(line.id, reason), said)

    async def take_back(self, line: Line) -> None:
        """Withdraw an offer or a claim."""
        await ask(f"撤回“{line.parcel_name}”的申请？", yes="撤回")
        await self.act(self.answers["cancel"], AnswerLink(line.id), "已撤回")


class HeadLinks(LinksDesk):
    """Links of parcels to head companies."""

    listing = HEAD_LINKS
    answers: ClassVar = {"decline": decline_link, "cancel": cancel_link, "release": release_link}
    beginnings = (
        (offer_parcel, "推送地块", "parcel_unlinked", "send"),
        (claim_parcel, "认领地块", "parcel_claim", "back_hand"),
    )

    def more_facts(self, line: Line) -> Mapping[str, Any]:
        return {"份额": f"{line.share.normalize():f}%"}

    def draw_buttons(self, line: Line) -> None:
        super().draw_buttons(line)
        if line.proof_id is not None:
            link = TextElement(tag="a", text="成交确认书").props("target=_blank rel=noopener").classes("sf-link")
            link.props["href"] = f"{PROOFS}{line.id}"

    async def confirm(self, line: Line) -> None:
        summary = {"地块": f"{line.parcel_name}（{line.parcel_no}）", "总公司": line.head, **self.more_facts(line)}
        await ask("确认该地块关联？", summary=summary, yes="确认")
        await self.act(confirm_link, AnswerLink(line.id), "已确认，地块已归属该总公司")


class Assignments(LinksDesk):
    """Assignments of parcels to project companies."""

    listing = ASSIGNMENTS
    answers: ClassVar = {"decline": decline_assignment, "cancel": cancel_assignment, "release": release_assignment}
    beginnings = ((assign_parcel, "指派地块", "parcel_assign", "assignment_ind"),)

    def more_facts(self, line: Line) -> Mapping[str, Any]:
        part = f"{line.part_area.normalize():,f} ㎡" if line.part_area is not None else "整块"
        return {"项目公司": line.company, "指派面积": part}

    def draw_buttons(self, line: Line) -> None:
        super().draw_buttons(line)
        if line.made_project_id is not None:
            opening = partial(open_record, self.place, "project", line.made_project_id)
            plain_button("打开项目", opening, icon="open_in_new").mark("link-project")

    async def confirm(self, line: Line) -> None:
        done = (await call(mergeable)).or_end()
        chosen = await _ask_project(line, {str(key): name for key, name in done.items()})
        into = UUID(chosen) if chosen else None
        said = "已确认，地块并入所选项目" if into else "已确认，项目草稿已自动生成"
        await self.act(confirm_assignment, ConfirmAssignment(line.id, into), said)


async def _ask_project(line: Line, options: dict[str, str]) -> str:
    """A project the parcel joins: its id, or "" for a new one."""
    with question("确认该地块指派？", {"地块": f"{line.parcel_name}（{line.parcel_no}）"}) as dialog:
        TextElement(tag="p", text="确认后自动生成项目草稿；与其他地块合并开发的，请选择要并入的项目。").classes(
            "sf-note"
        )
        field = choice_field("into", "并入项目", options, empty="新建项目") if options else None
        yes = answer_buttons(dialog, "确认", lambda: dialog.submit(str(field.value or "") if field is not None else ""))
        yes.props("autofocus")
    return await answer_of(dialog, str)


LINKS = desk_module(HeadLinks, "parcel_links", "link", "parcels")
ASSIGNED = desk_module(Assignments, "parcel_assignments", "account_tree", "parcels")

"""通知书模板: the city centre edits the words of the verification notice in versions, with a preview (row 25)."""

from nicegui import ui as web

from models.verification_codes import TemplateState
from services.verification.notice_templates import (
    TEMPLATES,
    VARIABLES,
    OneTemplate,
    SaveTemplate,
    TemplateView,
    begin_template,
    drop_template,
    publish_template,
    save_template,
    view_template,
)
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import head, note, print_pdf


class Templates(ListDesk[TemplateView]):
    """The version in hand: its words, what is wrong with them, and for a draft the editor."""

    listing = TEMPLATES
    look = view_template
    part = "通知书模板"

    def begin(self) -> None:
        if self.place.may(save_template):
            self.place.command("另起新版", self.new, icon="add", key="f2")
            self.command("保存", self.save, icon="save", key="ctrl+s", when=_is_draft)
            self.command("启用", self.publish, icon="done", key="f8", when=_is_draft)
            self.command("作废草稿", self.drop, icon="delete", when=_is_draft)
        self.command("预览", self.preview, icon="visibility")

    def draw(self, view: TemplateView) -> None:
        head(f"第{view.version_no}版", view.state)
        note(
            "第一行是通知书的开头，以后每行一条说明。可以使用的变量：" + "、".join(f"{{{name}}}" for name in VARIABLES)
        )
        editable = _is_draft(view) and self.place.may(save_template)
        self.body = web.textarea(value=view.body).props("outlined autogrow").classes("sf-wide").mark("template-body")
        self.body.props["aria-label"] = "正文"
        self.words = web.input(value=view.note).props("dense outlined maxlength=200").mark("template-note")
        self.words.props["aria-label"] = "修改内容"
        self.words.props["placeholder"] = "修改内容"
        if not editable:
            self.body.props("readonly")
            self.words.props("readonly")
        for words in view.problems:
            note(words)

    async def new(self) -> None:
        answer = await call(begin_template, None)
        if answer.ok:
            await self.grid.load()
            self.place.say("已另起新版草稿", "good")

    async def _kept(self, view: TemplateView) -> int | None:
        order = SaveTemplate(view.id, view.version, str(self.body.value or ""), str(self.words.value or ""))
        answer = await call(save_template, order)
        return answer.value if answer.ok else None

    async def save(self, view: TemplateView) -> None:
        if await self._kept(view) is not None:
            await self.grid.load()
            self.place.say("已保存", "good")

    async def publish(self, view: TemplateView) -> None:
        """Save, then put the version in force."""
        with self.split:
            told = {"版次": f"第{view.version_no}版", "说明": "以后签发的通知书使用本版，已签发的不变"}
            await confirm("启用本版模板？", summary=told, yes="启用")
            version = await self._kept(view)
            if version is not None and (await call(publish_template, OneTemplate(view.id, version))).ok:
                self.place.say("已启用", "good")
            await self.grid.load()

    async def drop(self, view: TemplateView) -> None:
        await self.act(drop_template, OneTemplate(view.id, view.version), "草稿已作废")

    async def preview(self, view: TemplateView) -> None:
        print_pdf(f"/papers/template/{view.id}.pdf")


def _is_draft(view: TemplateView) -> bool:
    return view.state is TemplateState.DRAFT


TEMPLATE_DESK = desk_module(Templates, "notice_templates", "edit_note", "manage")

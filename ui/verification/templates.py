"""通知书模板: the city centre edits the words of the verification notice in versions, with a preview (row 25)."""

from functools import partial

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
from ui.shell.fields import text_field
from ui.shell.form import Form
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
            self.command("保存", self.save, icon="save", key="ctrl+s", when=partial(self.place.may, save_template))
            self.command("启用", self.publish, icon="done", key="f8", when=partial(self.place.may, publish_template))
            self.command("作废草稿", self.drop, icon="delete", when=partial(self.place.may, drop_template))
        self.command("预览", self.preview, icon="visibility")

    def draw(self, view: TemplateView) -> None:
        head(f"第{view.version_no}版", view.state)
        note(
            "第一行是通知书的开头，以后每行一条说明。可以使用的变量：" + "、".join(f"{{{name}}}" for name in VARIABLES)
        )
        editable = self.place.may(save_template, view)
        with Form(columns=1) as self.form:
            self.form.add(
                text_field("body", "正文", value=view.body, lines=14, longest=4_000, required=True),
                text_field("note", "修改内容", value=view.note, longest=200, help="写明改了什么，列在版本列表中"),
            )
        if not editable:
            for field in self.form.fields.values():
                field.control.props("readonly")
        for words in view.problems:
            note(words)

    async def new(self) -> None:
        answer = await call(begin_template, None)
        if answer.ok:
            await self.grid.load()
            self.place.say("已另起新版草稿", "good")

    async def _kept(self, view: TemplateView) -> int | None:
        body, words = (str(self.form.fields[name].value or "") for name in ("body", "note"))
        order = SaveTemplate(view.id, view.version, body, words)
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


TEMPLATE_DESK = desk_module(Templates, "notice_templates", "edit_note", "manage")

"""查看完整信息: one field in clear for a stated reason, masked again after a minute or when the page is left (decision 8)."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.registry import Action
from services.privacy.field_reveal import LEAST_REASON, RevealField, RevealSeveral, reveal_field, reveal_several
from services.privacy.reauthentication import Reauthenticate, reauthenticate
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.desk import desk
from ui.shell.dialogs import answer_of, ask_reason, question
from ui.shell.fields import choice_field, reason_field
from ui.shell.form import Form, ask_form
from ui.shell.place import Place

SECONDS = 60
TOLD = "理由将记入审计、计入当日查看次数，本人查询时可以看到"


class Revealing:
    """Personal values shown in clear on a page for a minute.

    `noun` names their record; `changed` redraws what may be in clear, and no part with input; `act` reveals.
    """

    def __init__(
        self,
        place: Place,
        kind: str,
        fields: Mapping[str, str],
        changed: Callable[[], object],
        *,
        noun: str,
        act: Action[RevealField, str] = reveal_field,
    ) -> None:
        self.place, self.kind, self.fields, self._act = place, kind, fields, act
        self._noun = noun
        self._changed = changed
        self._shown: dict[tuple[UUID, str], str] = {}
        self._timer = web.timer(SECONDS, self.mask, active=False)
        place.on_left = self.mask

    def value(self, row_id: UUID, field: str, masked: str) -> str:
        """The plain value while it is shown, else the mask."""
        return self._shown.get((row_id, field), masked)

    def shows(self, row_id: UUID) -> bool:
        return any(owner == row_id for owner, _ in self._shown)

    def mask(self) -> None:
        """Mask all values again."""
        self._timer.deactivate()
        if self._shown:
            self._shown.clear()
            self._changed()
            self.place.say("完整信息已重新遮蔽")

    async def ask(self, row_id: UUID, whose: str, present: Sequence[str]) -> None:
        """Ask which of the fields that are there, and why; show it."""
        hidden = {key: self.fields[key] for key in present if (row_id, key) not in self._shown}
        if not hidden:
            self.place.say(f"该{self._noun}的信息已全部显示")
            return

        def draw(form: Form) -> None:
            form.add(choice_field("field", "查看内容", hidden, value=next(iter(hidden)), required=True))
            form.add(reason_field("理由", least=LEAST_REASON))

        asked = await ask_form("查看完整信息", draw, yes="查看", summary={self._noun: whose, "说明": TOLD})
        answer = await call(self._act, RevealField(self.kind, row_id, asked["field"], asked["reason"]))
        if answer.ok:
            self._show({(row_id, asked["field"]): answer.value})

    async def ask_all(self, row_ids: Sequence[UUID], whose: str) -> None:
        """Reveal all values of several records after a repeated password check."""
        reason = await ask_reason(f"查看{whose}的全部完整信息？", summary={"说明": TOLD}, yes="查看")
        await confirm_password()
        order = RevealSeveral(self.kind, tuple(row_ids), tuple(self.fields), reason)
        answer = await call(reveal_several, order)
        if answer.ok:
            self._show({(one.id, one.field): one.value for one in answer.value})

    def _show(self, values: Mapping[tuple[UUID, str], str]) -> None:
        self._shown.update(values)
        self._timer.deactivate()
        self._timer.activate()
        self._changed()
        self.place.say(f"已显示明文，请注意保护个人信息；{SECONDS}秒后或离开本页时重新遮蔽", "warn")


async def confirm_password() -> None:
    """Have the password typed again until it is right."""
    with question("请重新输入登录口令") as dialog:
        words = "此操作涉及多人完整信息。验证后5分钟内有效。"
        TextElement(tag="p", text=words + ("演示账号没有口令，请输入登录名。" if desk().door.house.demo else ""))
        box = web.input(password=True).props("dense outlined autofocus autocomplete=current-password maxlength=200")
        box.props["aria-label"] = "登录口令"
        box.mark("password-again")
        wrong = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert")

        async def agree() -> None:
            answer = await call(reauthenticate, Reauthenticate(str(box.value or "")), quiet=True)
            if dialog.is_deleted:
                return
            if answer.ok and answer.value.ok:
                dialog.submit(True)
            else:
                box.set_value("")
                wrong.text = answer.value.message if answer.ok else answer.message

        box.on("keydown.enter", agree)
        with web.element("div").classes("sf-buttons"):
            plain_button("取消", lambda: dialog.submit(None))
            main_button("确定", agree).mark("password-yes")
    await answer_of(dialog, bool)

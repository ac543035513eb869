"""信息卡查询: every card of a district or the city; suspended while something is looked into, and put back (3.8)."""

from functools import partial

from nicegui import ui as web

from models.practitioner_codes import CardState
from services.access.visibility import CITY
from services.engine.listings import Line
from services.engine.registry import Action
from services.practitioners.orders import CardMove, Told
from services.practitioners.suspension import resume, suspend
from services.practitioners.visibility import DISTRICT
from ui.practitioners.people_list import CardDesk
from ui.shell.buttons import danger_button, main_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.list_desk import desk_module
from ui.shell.parts import note


class CardRegister(CardDesk):
    """All cards in sight of an authority."""

    part = "信息卡详情"

    def draw_acts(self, line: Line) -> None:
        may_suspend = self.place.may(suspend, line)
        if may_suspend:
            note("调查期间可以暂停；暂停后扫码和公示页立即显示“暂停”，企业收到通知。")
        with web.element("div").classes("sf-buttons sf-pad"):
            if may_suspend:
                danger_button("暂停信息卡", partial(self._move, line, suspend, "暂停")).mark("suspend-card")
            if self.place.may(resume, line):
                main_button("恢复信息卡", partial(self._move, line, resume, "恢复")).mark("resume-card")

    async def _move(self, line: Line, act: Action[Told, CardMove], word: str) -> None:
        with self.split:
            reason = await ask_reason(
                f"{word}这张信息卡？",
                summary={"信息卡": f"{line.card_no}，{line.name}", "企业": line.firm},
                yes=f"{word}信息卡",
                least=5,
                danger=act is suspend,
                label=f"{word}原因",
            )
            if reason is None:
                return
            answer = await call(act, Told(line.id, reason, line.version))
            if answer.gone:
                return
            await self.reload()
            if answer.ok and act is resume and answer.value.state is CardState.SUSPENDED:
                self.place.say(f"信息卡 {answer.value.card_no} 的调查已结束，企业恢复服务后自动恢复", "warn")
            elif answer.ok:
                self.place.say(f"信息卡 {answer.value.card_no} 已{word}", "good")
            else:
                self.place.say(answer.message, "bad")


CARD_REGISTER = desk_module(CardRegister, "cards", "contact_page", "search", title="信息卡查询", roles=DISTRICT | CITY)

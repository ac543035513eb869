"""导览: a first visit is shown round once; it is offered in a line under the toolbar and can be had again from the help menu."""

import json

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.shell.buttons import main_button, plain_button
from ui.shell.own_desk import TOUR_SEEN, OwnDesk

#: What is shown: a part of the frame, its name, what it is for.
_STEPS = (
    (".sf-tree", "功能列表", "您的岗位能用的功能。常用的按 S 或右侧星号收藏，会排在最前；↑ ↓ 移动，回车打开。"),
    (".sf-find", "查找 Ctrl+K", "输入功能名称、拼音首字母、业务编号、企业或项目名称，直接打开。"),
    (".sf-toolbar", "本页能做的事", "每个按钮旁写着快捷键；按 F10 到这些按钮。灰色的按下时会说明还缺什么。"),
    (".sf-tabs", "已打开的页面", "最多同时打开10个，Alt+1…9 切换，Alt+0 关闭。内容自动保存为草稿。"),
    (".sf-bell", "消息与待办", "等您办的和告诉您的都在这里，按 Alt+N 或点开，就到要办的地方，办完自动消失。"),
    (".sf-status", "状态和提示", "系统的答复显示在最下一行；连接中断也在这里提示。按 F1 打开本页的使用手册。"),
)


def show_tour() -> None:
    """Show the user round."""
    web.run_javascript(f"sfTour({json.dumps(_STEPS, ensure_ascii=False)})")


class TourOffer:
    """The line that offers the tour on a first visit."""

    def __init__(self, own: OwnDesk, name: str) -> None:
        self.own, self.name = own, name
        self.box = web.element("div").classes("sf-offer").props("role=note").mark("tour-offer")
        self.box.set_visibility(False)

    def offer(self) -> None:
        """Offer it to a user who has not seen it."""
        if self.box.is_deleted or TOUR_SEEN in self.own.keys:
            return
        with self.box:
            TextElement(tag="span", text=f"{self.name}，欢迎。第一次来？半分钟看一遍桌面怎么用。")
            main_button("看一遍", self._show)
            plain_button("不用了", self._end)
        self.box.set_visibility(True)

    async def _show(self) -> None:
        show_tour()
        await self._end()

    async def _end(self) -> None:
        self.box.set_visibility(False)
        await self.own.keep([*self.own.keys, TOUR_SEEN])

"""转租预警 and 转租人排行: what districts handle and the city watches (row 49)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.listings import Line
from services.engine.orders import Reasoned
from services.sublets.alerts import HANDLERS, NoteTalk, close_alert, handle_alert, note_talk
from services.sublets.listings import ALERTS as ALERT_LIST
from services.sublets.listings import PERSONS as PERSON_LIST
from services.sublets.listings import one_alert
from services.sublets.notice_paper import issue_notice
from services.sublets.units import NoteFirm, note_firm
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.list_view import list_module
from ui.shell.parts import badge, facts, head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.print_panel import print_issued, printed_words


class SubletAlerts(ListDesk[Line]):
    """The alert in hand is handled from the toolbar; its districts, units and history are beside the list."""

    listing = ALERT_LIST
    look = one_alert
    part = "预警详情"

    def begin(self) -> None:
        if not self.place.caller.has(*HANDLERS):
            return
        open_one = "请先选择一条未关闭的预警"
        self.command(
            "接手处理",
            lambda line: self.act(handle_alert, line.id, "已接手，请约谈并记录处理情况"),
            icon="pan_tool",
            key="f4",
            needs="请先选择一条待处理的预警",
            when=lambda line: self.place.may(handle_alert, line),
        )
        for label, urged, icon in (("记录约谈", False, "forum"), ("督促办照", True, "assignment_late")):
            self.command(
                label,
                lambda line, urged=urged, label=label: self.note(line, label, urged=urged),  # type: ignore[misc]
                icon=icon,
                needs=open_one,
                when=lambda line: self.place.may(close_alert, line),
            )
        self.command("打印通知单", self.print, icon="print", key="ctrl+p")
        self.command("已办市场主体", self.firm, icon="storefront", needs=open_one, when=self._open)
        self.command("按误报关闭", self.close, icon="task_alt", key="f8", needs=open_one, when=self._open)

    def _open(self, line: Line) -> bool:
        return self.place.may(close_alert, line)

    async def note(self, line: Line, label: str, *, urged: bool) -> None:
        """Record a talk, or a demand to register a business."""
        words = await ask_reason(
            f"{label}：请写明对象、时间和结果", summary=self._of(line), yes="记录", label="处理情况"
        )
        if words is not None:
            await self.act(note_talk, NoteTalk(line.id, urged, words), "已记录")

    async def print(self, line: Line) -> None:
        """Issue the notice for this district, or open the one issued before, and print it."""
        answer = await call(issue_notice, line.id)
        if answer.ok and (done := await print_issued(answer.value, ready=False)) is not None:
            self.place.say(printed_words(done), "good")

    async def firm(self, line: Line) -> None:
        """Note the business that the person registered, which ends the count."""
        words = await ask_reason(
            "该转租人已登记市场主体？请填写统一社会信用代码", summary=self._of(line), yes="登记", label="信用代码"
        )
        if words is not None:
            await self.act(note_firm, NoteFirm(line.person_id, words), "已登记，不再按个人转租计数")

    async def close(self, line: Line) -> None:
        """Close an alert that is a mistake."""
        words = await ask_reason(
            "按误报关闭这条预警？再次超过标准时会重新预警", summary=self._of(line), yes="关闭", label="误报原因"
        )
        if words is not None:
            await self.act(close_alert, Reasoned(line.id, words), "预警已关闭")

    def _of(self, line: Line) -> dict[str, str]:
        return {"转租人": line.name, "预警编号": line.alert_no, "现有": f"{line.units_now}套（间）"}

    def draw(self, view: Line) -> None:
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=view.alert_no)
            badge(view.state)
        facts(
            {
                "转租人": view.name,
                "套（间）数": f"预警时{view.units}，现在{view.units_now}；标准{view.threshold}",
                "预警时间": view.opened_at,
                "预警次数": view.times,
                "已登记市场主体": view.firm_uscc,
                "关闭原因": view.closing,
            },
            columns=1,
        )
        head("涉及的区")
        self._rows(
            "涉及的区",
            (
                Column("district", "区", width=90),
                Column("main", "", width=60),
                Column("units", "套（间）", number=True, width=70),
                Column("streets", "街镇"),
            ),
            view.districts,
        )
        head("计入的房屋")
        places = [
            {"district": district, "street": street, "address": address, "part": part}
            for district, street, address, part in view.places
        ]
        self._rows(
            "计入的房屋",
            (
                Column("district", "区", width=90),
                Column("street", "街镇", width=110),
                Column("address", "坐落"),
                Column("part", "部位", width=64),
            ),
            places,
            empty="计入的房屋都不在本区",
        )
        head("办理过程")
        self._rows(
            "办理过程",
            (
                Column("at", "时间", width=126),
                Column("act", "事项", width=76),
                Column("units", "套（间）", number=True, width=64),
                Column("by", "办理人", width=80),
                Column("note", "说明"),
            ),
            view.steps,
        )

    def _rows(
        self, label: str, columns: tuple[Column, ...], lines: list[dict[str, object]], *, empty: str = "没有记录"
    ) -> None:
        rows = Rows(columns, label=label, wraps=True, empty=empty)
        rows.show([Line(id=number, **line) for number, line in enumerate(lines)])


ALERTS = desk_module(SubletAlerts, "sublet_alerts", "crisis_alert", "review")


async def _open_alerts(place: Place, line: Line) -> None:
    if line.alert:
        await place.open("sublet_alerts", state="ALL")
    else:
        place.say("该转租人没有预警", "warn")


PERSONS = list_module(PERSON_LIST, "sublet_persons", "leaderboard", "report", on_enter=_open_alerts)

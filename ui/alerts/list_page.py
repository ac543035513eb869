"""风险预警: open alerts by grade on the left; the selected one with its history and actions on the right (row 54)."""

from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import due_day
from services.alerts.life import (
    LEAST,
    MOST,
    MOST_FILES,
    Explain,
    KeepAlertFile,
    acknowledge,
    close_alert,
    explain,
    keep_file,
)
from services.alerts.listings import ALERTS, one_alert
from services.engine.listings import Line
from services.engine.orders import OneRow, Reasoned
from ui.alerts.routes import FILES, NOTICES
from ui.records.record_page import open_record
from ui.shell.buttons import danger_button, icon_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.file_box import PAPERS, FileBox
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import badge, facts, head, show_pdf
from ui.shell.values import shown

#: Subjects that have a page of their own, by the table they stand in.
_RECORDS = frozenset({"group_company", "head_company", "project_company", "project", "parcel"})


def _offers(way: str, view: Line) -> bool:
    return way in view.ways


class Alerts(ListDesk[Line]):
    """The list with its counts; a click on a count narrows it."""

    listing = ALERTS
    look = one_alert
    part = "预警详情"
    classes = "sf-alert-split"

    def begin(self) -> None:
        if self.place.may(explain):
            self.command("提交说明", self._explain, icon="send", key="f8", when=partial(_offers, "explain"))
            self.command("确认收到", self._acknowledge, icon="done", key="f9", when=partial(_offers, "acknowledge"))
        if self.place.may(close_alert):
            self.command("关闭预警", self._close, icon="task_alt", key="f8", when=partial(_offers, "close"))
        self.command("告知单", self._print, icon="print", key="ctrl+p")

    def draw(self, view: Line) -> None:
        self.files: list[tuple[UUID, str]] = []
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=view.alert_no)
            badge(view.grade)
            badge(view.state)
        with web.element("div").classes("sf-alert-title"):
            TextElement(tag="strong", text=view.title)
            if view.subject_type in _RECORDS:
                link = TextElement(tag="button", text=view.subject_label).classes("sf-link").props("type=button")
                link.on("click", lambda: open_record(self.place, view.subject_type, view.subject_id))
            else:
                TextElement(tag="span", text=view.subject_label)
        TextElement(tag="p", text=view.detail).classes("sf-note")
        self._draw_compared(view)
        facts(
            {
                "规则": f"{view.rule_code} {view.rule}",
                "判定标准": view.threshold,
                "依据": view.basis,
                "处理要求": view.todo,
                "告知对象": view.told,
                "数据时间": view.data_time,
                "首次发现": view.first_seen,
                "最近发现": f"{shown(view.last_seen)}（共{view.hits}次）",
                "确认期限": view.acknowledge_by,
                "处理期限": due_day(view.due_on, late=view.overdue),
                "了结时间": view.ended_at,
            },
            columns=1,
        )
        self._draw_acts(view)
        self._draw_steps(view)

    def _draw_compared(self, view: Line) -> None:
        if not view.compared:
            return
        with web.element("table").classes("sf-alert-compared").props("aria-label=比对数据"):
            with web.element("thead"), web.element("tr"):
                for label in ("事项", "原值或标准", "现值"):
                    TextElement(tag="th", text=label).props("scope=col")
            with web.element("tbody"):
                for one in view.compared:
                    with web.element("tr"):
                        TextElement(tag="th", text=one.label).props("scope=row")
                        TextElement(tag="td", text=one.old or "—").classes("sf-removed" if one.old else "")
                        TextElement(tag="td", text=one.new or "—").classes("sf-added" if one.new else "")

    def _draw_acts(self, view: Line) -> None:
        if not view.ways:
            return
        if "explain" in view.ways:
            head("情况说明")
            with web.element("div").classes("sf-pad"):
                self.text = web.textarea().props(f"dense outlined autogrow rows=3 maxlength={MOST}").mark("explanation")
                self.text.props["aria-label"] = "情况说明"
                self.text.props["placeholder"] = f"请说明原因和处理安排（不少于{LEAST}个字），可附文件"
                self._draw_files(view)
        with web.element("div").classes("sf-buttons sf-pad"):
            if "explain" in view.ways:
                main_button("提交说明（F8）", lambda: self._explain(view)).mark("explain-alert")
            if "acknowledge" in view.ways:
                plain_button("确认收到（F9）", lambda: self._acknowledge(view), icon="done").mark("acknowledge-alert")
            if "close" in view.ways:
                danger_button("关闭预警（F8）", lambda: self._close(view)).mark("close-alert")

    def _draw_files(self, view: Line) -> None:
        box = FileBox("说明附件", self._keep_file, PAPERS)
        with web.element("div").classes("sf-buttons"):
            box.button("添加附件").mark("alert-file")
        self.list = web.element("ul").classes("sf-files")

    async def _keep_file(self, name: str, content: bytes) -> None:
        view = self.view
        if view is None:
            return
        if len(self.files) >= MOST_FILES:
            self.place.say(f"一次最多提交{MOST_FILES}个文件", "bad")
            return
        answer = await call(keep_file, KeepAlertFile(view.id, name, content))
        if not answer.ok or self.list.is_deleted:
            return
        if not answer.value.usable:
            self.place.say(answer.value.note, "bad")
            return
        self.files.append((answer.value.id, name))
        self._list_files()

    def _list_files(self) -> None:
        self.list.clear()
        with self.list:
            for kept in self.files:
                with web.element("li").classes("sf-file"):
                    TextElement(tag="span", text=kept[1])
                    icon_button("close", f"去掉{kept[1]}", lambda _, one=kept: self._drop_file(one))

    def _drop_file(self, kept: tuple[UUID, str]) -> None:
        self.files.remove(kept)
        self._list_files()

    def _draw_steps(self, view: Line) -> None:
        head(f"办理过程（{len(view.steps)}）")
        with web.element("ol").classes("sf-alert-steps"):
            for step in reversed(view.steps):
                self._draw_step(view, step)

    def _draw_step(self, view: Line, step: Line) -> None:
        with web.element("li").classes(f"sf-step-{step.grade.tone}"):
            with web.element("div"):
                TextElement(tag="strong", text=step.act.label)
                badge(step.grade)
                TextElement(tag="time", text=shown(step.at)).classes("sf-help")
            who = " ".join(part for part in (step.unit, step.by) if part)
            TextElement(tag="span", text=who).classes("sf-help")
            if step.text:
                TextElement(tag="p", text=step.text)
            for file, name in step.files.items():
                link = TextElement(tag="a", text=name).props("target=_blank rel=noopener")
                link.props["href"] = f"{FILES}{view.id}/{file}"

    async def _acknowledge(self, view: Line) -> None:
        await self.act(acknowledge, OneRow(view.id, view.version), "已确认，请在处理期限前提交说明")

    def _print(self, view: Line) -> None:
        with self.split:
            show_pdf(f"{NOTICES}{view.id}.pdf")

    async def _explain(self, view: Line) -> None:
        order = Explain(view.id, str(self.text.value or ""), tuple(file for file, _ in self.files), view.version)
        if not (await self.act(explain, order, "说明已提交，等待主管部门审阅")).ok and not self.text.is_deleted:
            # F8 is pressed in the list, too: what is to be written is written there.
            self.text.run_method("focus")

    async def _close(self, view: Line) -> None:
        # Not in the context of the button that was pressed: it is in what is drawn anew.
        with self.split:
            reason = await ask_reason(
                "关闭这条预警？情形未加重前不再重复预警",
                summary={"预警": f"{view.alert_no} {view.title}", "对象": view.subject_label},
                yes="关闭预警",
                least=LEAST,
                danger=True,
                label="关闭理由",
            )
        await self.act(close_alert, Reasoned(view.id, reason, view.version), "预警已关闭")


ALERT_LIST = desk_module(Alerts, "alerts", "warning_amber", "alerts", title="风险预警")

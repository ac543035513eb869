"""风险预警: open alerts by grade on the left, the selected alert on the right (row 54)."""

from collections.abc import Callable
from uuid import UUID

from nicegui import ui as web

from models.access import MARKET
from models.alerts import AlertGrade
from services.alerts.catalogue import RULES
from services.alerts.listings import AlertCounts, AlertFilter, AlertLine, AlertPage, count_alerts, list_alerts
from services.engine.paging import Paging
from ui.alerts.detail import AlertDetail
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Column

VIEWS = {"unseen": "待确认", "overdue": "已超期", "ended": "已了结", "all": "全部"}


def order_of(view: View) -> AlertFilter:
    return AlertFilter(
        view=view.text("view"),
        grade=view.text("grade"),
        rule=view.text("rule"),
        text=view.text("text"),
        paging=Paging(view.page, view.size, view.sort),
    )


class AlertsPage:
    """The list with its counts; a click on a count narrows it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.counts: AlertCounts | None = None
        with web.element("div").classes("sf-split sf-alert-split"):
            with web.element("section").props("aria-label=预警列表"):
                self.bar = web.element("div").classes("sf-bar").props("role=group aria-label=按级别计数")
                self.grid = Grid(
                    place,
                    list_alerts,
                    order=order_of,
                    columns=(
                        Column("grade", "级别", sortable=True, width=56),
                        Column("title", "事项"),
                        Column("subject_label", "对象", sortable=True),
                        Column("state", "状态", width=76),
                        Column("rule_code", "规则", sortable=True, width=66),
                        Column("first_seen", "首次发现", sortable=True, width=124),
                        Column("due_on", "处理期限", sortable=True, width=88),
                        Column("hits", "次数", sortable=True, number=True, width=48),
                    ),
                    filters=(
                        Filter("view", "范围", options=VIEWS, width=168, all="未了结"),
                        Filter("grade", "级别", options=AlertGrade.labels(), width=152),
                        Filter("text", "对象或编号", width=190),
                        Filter(
                            "rule",
                            "规则",
                            options={code: f"{code} {rule.label}" for code, rule in RULES.items()},
                            width=240,
                            more=True,
                        ),
                    ),
                    empty="没有需要处理的预警",
                    on_pick=self.choose,
                    on_enter=self.choose,
                    on_loaded=self._loaded,
                )
            box = web.element("section").props("aria-label=预警详情")
        self.detail = AlertDetail(place, box, self.load)
        place.command("刷新", self.load, icon="refresh", key="f3")
        self.detail.draw()

    async def load(self) -> None:
        answer = await call(count_alerts, AlertFilter(), quiet=True)
        if answer.gone:
            return
        if answer.ok:
            self.counts = answer.value
        await self.grid.load()
        chosen = _uuid(self.place.params.get("id", ""))
        if chosen is not None:
            await self.detail.show(chosen)

    def _loaded(self, page: AlertPage) -> None:
        counts = self.counts
        self.bar.clear()
        if counts is None:
            return
        with self.bar:
            view, grade = self.grid.view.text("view"), self.grid.view.text("grade")
            self._count("未了结", counts.standing, "", "", on=not view and not grade)
            for one in reversed(AlertGrade):
                on = grade == one.value and not view
                self._count(one.label, counts.by_grade.get(one.value, 0), "", one.value, on=on, tone=one.tone)
            self._count("待确认", counts.unseen, "unseen", "", on=view == "unseen")
            self._count("已超期", counts.overdue, "overdue", "", on=view == "overdue")

    def _count(self, label: str, count: int, view: str, grade: str, *, on: bool, tone: str = "") -> None:
        button = plain_button(f"{label} {count:,}", self._chooser(view, grade))
        if tone and count:
            button.classes(f"sf-count-{tone}")
        if on:
            button.classes("sf-on").props("aria-pressed=true")

    def _chooser(self, view: str, grade: str) -> Callable[[], object]:
        def choose() -> None:
            self.grid.set_filter("view", view)
            self.grid.set_filter("grade", grade)

        return choose

    async def choose(self, line: AlertLine) -> None:
        self.place.keep(id=line.id)
        if await self.detail.show(line.id):
            self.place.reveal(self.detail.box)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def build(place: Place) -> None:
    await AlertsPage(place).load()


ALERT_LIST = Module("alerts", "风险预警", "warning_amber", "alerts", frozenset(MARKET), build)

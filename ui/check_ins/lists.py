"""入住信息, 退租信息, 在住与备案差异: the lists behind the monitor's figures (row 14)."""

from models.push_codes import DifferenceKind, DifferenceState, MoveOutState
from services.check_ins.listings import (
    OUTCOMES,
    TAKEN,
    DifferenceFilter,
    StayFilter,
    StayLine,
    list_differences,
    list_move_outs,
    list_stays,
)
from services.engine.paging import Paging
from ui.broker_pushes.pushes import READERS
from ui.shell.export import offer_export
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.months import month_options
from ui.shell.place import Place
from ui.shell.sheet import Column

TONES = {
    "已备案": "good",
    "核验中": "info",
    "等待原住户退租": "info",
    "系统拦截": "warn",
    "未通过": "bad",
    "已退租": "muted",
    "已注销备案": "good",
    "已登记退租": "muted",
    "未消除": "bad",
    "已消除": "muted",
}


def stay_filter(view: View) -> StayFilter:
    return StayFilter(
        since=view.text("since"),
        until=view.text("until"),
        project=view.text("project"),
        outcome=view.text("outcome"),
        late=view.text("late"),
        number=view.text("number"),
        paging=Paging(view.page, view.size, view.sort),
    )


async def build_stays(place: Place) -> None:
    months = month_options(place.desk.door.clock.today())

    async def open_lease(line: StayLine) -> None:
        if line.contract_id is None:
            place.say(line.reasons or "该入住没有形成合同", "warn")
        else:
            await place.open("contract", id=line.contract_id)

    grid = Grid(
        place,
        list_stays,
        order=stay_filter,
        columns=(
            Column("checkin_no", "入住编号", width=120),
            Column("project", "项目", width=150),
            Column("room", "房间", width=84),
            Column("checked_in_at", "入住时间", sortable=True, width=126),
            Column("late_days", "补报天数", sortable=True, number=True, width=72),
            Column("persons", "人数", number=True, width=48),
            Column("month_rent", "月租金（元）", number=True, width=96),
            Column("state", "状态", width=116, tones=TONES),
            Column("filing_no", "备案编号", width=170),
            Column("reasons", "原因"),
        ),
        filters=(
            Filter("since", "入住月份自", options=months, width=170),
            Filter("until", "至", options=months, width=130),
            Filter("project", "项目编号", width=200),
            Filter("outcome", "结果", options={key: label for key, (label, _) in OUTCOMES.items()}, width=170),
            Filter("late", "补报", options={"1": "是"}, width=100),
            Filter("number", "入住编号", width=180),
        ),
        empty="没有符合条件的入住信息",
        on_enter=open_lease,
    )
    grid.table.classes("sf-wrap")
    place.command("查询", grid.search, icon="search", key="f3")
    offer_export(place, grid, "check_ins")
    await grid.load()


async def build_move_outs(place: Place) -> None:
    months = month_options(place.desk.door.clock.today())
    grid = Grid(
        place,
        list_move_outs,
        order=stay_filter,
        columns=(
            Column("checkout_no", "退租编号", width=150),
            Column("checkin_no", "入住编号", width=120),
            Column("project", "项目", width=150),
            Column("room", "房间", width=84),
            Column("left_on", "退租日期", sortable=True, width=92),
            Column("received_at", "接收时间", sortable=True, width=126),
            Column("room_change", "换房", width=56),
            Column("state", "状态", width=96, tones=TONES),
            Column("filing_no", "备案编号", width=170),
            Column("reasons", "原因"),
        ),
        filters=(
            Filter("since", "退租月份自", options=months, width=170),
            Filter("until", "至", options=months, width=130),
            Filter("project", "项目编号", width=200),
            Filter("outcome", "状态", options={TAKEN: "已受理", **MoveOutState.labels()}, width=150),
            Filter("number", "退租编号", width=180),
        ),
        empty="没有符合条件的退租信息",
    )
    grid.table.classes("sf-wrap")
    place.command("查询", grid.search, icon="search", key="f3")
    await grid.load()


async def build_differences(place: Place) -> None:
    grid = Grid(
        place,
        list_differences,
        order=lambda view: DifferenceFilter(
            view.text("project"), view.text("kind"), view.text("state"), Paging(view.page, view.size, view.sort)
        ),
        columns=(
            Column("project", "项目", width=160),
            Column("kind", "差异", width=116),
            Column("room", "房间", width=90),
            Column("checkin_no", "入住编号", width=130),
            Column("detail", "说明"),
            Column("found_on", "发现日期", sortable=True, width=92),
            Column("closed_on", "消除日期", width=92),
            Column("days", "持续天数", number=True, width=72),
            Column("state", "状态", width=76, tones=TONES),
        ),
        filters=(
            Filter("project", "项目编号", width=200),
            Filter("kind", "差异", options=DifferenceKind.labels(), width=170),
            Filter("state", "状态", options=DifferenceState.labels(), width=130),
        ),
        empty="在住房间与有效备案一致，没有差异",
    )
    grid.table.classes("sf-wrap")
    place.command("查询", grid.search, icon="search", key="f3")
    offer_export(place, grid, "stay_differences")
    await grid.load()


STAYS = Module("check_ins", "入住信息", "login", "search", READERS, build_stays)
MOVE_OUTS = Module("move_outs", "退租信息", "logout", "search", READERS, build_move_outs)
DIFFERENCES = Module("stay_differences", "在住与备案差异", "difference", "review", READERS, build_differences)

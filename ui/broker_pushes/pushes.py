"""协会报送件: every pushed lease with what became of it; the figures of the report open this list (row 13)."""

from models.access import Role
from models.places_data import districts
from models.push_codes import PushState
from services.access.visibility import CITY
from services.broker_pushes.listings import (
    BatchFilter,
    BatchLine,
    PushFilter,
    PushLine,
    list_batches,
    list_pushes,
)
from services.engine.paging import Paging
from ui.shell.export import offer_export
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.months import month_options
from ui.shell.place import Place
from ui.shell.sheet import Column

TONES = {"已备案": "good", "核验中": "info", "系统拦截": "warn", "未通过": "bad"}
READERS = frozenset(CITY | {Role.DISTRICT_BUREAU})
_YES = {"1": "是"}


def order_of(view: View) -> PushFilter:
    return PushFilter(
        since=view.text("since"),
        until=view.text("until"),
        member=view.text("member"),
        district=view.text("district"),
        state=view.text("state"),
        reason=view.text("reason"),
        late=view.text("late"),
        unusual=view.text("unusual"),
        batch=view.text("batch"),
        own_no=view.text("own_no"),
        paging=Paging(view.page, view.size, view.sort),
    )


async def build(place: Place) -> None:
    months = month_options(place.desk.door.clock.today())

    async def open_lease(line: PushLine) -> None:
        if line.contract_id is None:
            place.say(line.reasons or "该件没有形成合同", "warn")
        else:
            await place.open("contract", id=line.contract_id)

    grid = Grid(
        place,
        list_pushes,
        order=order_of,
        columns=(
            Column("received_at", "接收时间", sortable=True, width=126),
            Column("batch_no", "批次号", width=112),
            Column("member", "会员机构", width=168),
            Column("own_no", "自编号", width=100),
            Column("district", "区", width=76),
            Column("month_rent", "月租金（元）", sortable=True, number=True, width=96),
            Column("late_days", "逾期天数", sortable=True, number=True, width=72),
            Column("state", "状态", width=80, tones=TONES),
            Column("filing_no", "备案编号", width=170),
            Column("reasons", "原因"),
        ),
        filters=(
            Filter("since", "报送月份自", options=months, width=170),
            Filter("until", "至", options=months, width=130),
            Filter("member", "会员信用代码", width=210),
            Filter("district", "区", options={**{one.code: one.name for one in districts()}, "-": "未识别"}, width=140),
            Filter("state", "状态", options=PushState.labels(), width=130),
            Filter("reason", "原因规则", width=130),
            Filter("late", "逾期", options=_YES, width=100),
            Filter("unusual", "租金异常", options=_YES, width=120),
            Filter("batch", "批次号", width=170),
            Filter("own_no", "自编号", width=150),
        ),
        empty="没有符合条件的报送件",
        on_enter=open_lease,
    )
    grid.table.classes("sf-wrap")
    place.command("查询", grid.search, icon="search", key="f3")
    offer_export(place, grid, "broker_pushes")
    await grid.load()


async def build_batches(place: Place) -> None:
    async def open_items(line: BatchLine) -> None:
        await place.open("broker_pushes", batch=line.batch_no)

    grid = Grid(
        place,
        list_batches,
        order=lambda view: BatchFilter(view.text("batch_no"), Paging(view.page, view.size, view.sort)),
        columns=(
            Column("batch_no", "批次号"),
            Column("received_at", "接收时间", sortable=True, width=126),
            Column("seconds", "用时（秒）", number=True, width=80),
            Column("total", "报送", number=True, width=64),
            Column("filed", "已备案", number=True, width=64),
            Column("waiting", "核验中", number=True, width=64),
            Column("intercepted", "拦截", number=True, width=60),
            Column("refused", "未通过", number=True, width=64),
            Column("repeated", "重复", number=True, width=60),
            Column("state", "状态", width=80, tones={"已答复": "good", "接收中": "info"}),
        ),
        filters=(Filter("batch_no", "批次号", width=220),),
        empty="还没有收到协会报送的批次",
        on_enter=open_items,
    )
    place.command("查询", grid.search, icon="search", key="f3")
    await grid.load()


PUSHES = Module("broker_pushes", "协会报送件", "playlist_add_check", "search", READERS, build)
BATCHES = Module("broker_batches", "协会报送批次", "inventory_2", "exchange", frozenset(CITY), build_batches)

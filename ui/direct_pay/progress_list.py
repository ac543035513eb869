"""进度查询: mandates by everything they are known by; any number of pages, each begun after the last line of the one before."""

from models.direct_pay_codes import EntrustState
from services.direct_pay.abnormal import Abnormal
from services.direct_pay.progress import ProgressFilter, ProgressLine, ProgressPage, progress
from services.direct_pay.visibility import WATCHERS
from ui.shell.export import offer_export
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Column


class ProgressList:
    """The list; Enter opens a mandate's timeline."""

    def __init__(self, place: Place) -> None:
        self.place = place
        #: Where each page begins, as far as somebody has turned; for this search only.
        self._marks: dict[int, str] = {}
        self._asked: tuple[object, ...] = ()
        self.grid = Grid(
            place,
            progress,
            order=self.order,
            columns=(
                Column("entrust_no", "委托书编号", width=150),
                Column("tenant", "承租人", width=74),
                Column("enterprise", "企业"),
                Column("project", "项目", width=130),
                Column("filing_no", "备案编号", width=186),
                Column("monthly_rent", "月租金", number=True, width=84),
                Column("state", "状态", width=96),
                Column("bills", "账单", number=True, width=46),
                Column("paid", "已付", number=True, width=46),
                Column("unpaid", "未付", number=True, width=46),
                Column("waiting", "待办", number=True, width=46),
                Column("abnormal", "异常", width=128),
                Column("received_at", "接收时间", sortable=True, width=122),
            ),
            filters=(
                Filter("number", "编号", width=210),
                Filter("tenant", "承租人姓名", personal=True, width=180),
                Filter("id_no", "证件号码", personal=True, width=220),
                Filter("enterprise", "企业", width=180),
                Filter("project", "项目", width=170),
                Filter("state", "状态", options=EntrustState.labels(), width=150),
                Filter("abnormal", "异常", options=Abnormal.labels(), width=160),
                Filter("since", "接收日期自", day=True, width=180),
                Filter("until", "至", day=True, width=130),
            ),
            empty="没有符合条件的委托。编号可填委托书、备案、合同或账单编号，须完整；姓名须完整。",
            on_enter=self.open,
            on_loaded=self._loaded,
        )
        place.command("查询", self.grid.search, icon="search", key="f3")
        offer_export(place, self.grid, "direct_pay")

    def order(self, view: View) -> ProgressFilter:
        asked = (tuple(sorted(view.filters.items())), view.sort, view.size)
        if asked != self._asked:
            self._asked, self._marks = asked, {}
        return ProgressFilter(
            number=view.text("number"),
            id_no=view.text("id_no"),
            tenant=view.text("tenant"),
            enterprise=view.text("enterprise"),
            project=view.text("project"),
            state=view.text("state"),
            abnormal=view.text("abnormal"),
            since=view.day("since"),
            until=view.day("until"),
            oldest_first=view.sort == "received_at",
            after=self._marks.get(view.page, ""),
            page=view.page,
            size=view.size,
        )

    def _loaded(self, page: ProgressPage) -> None:
        if page.lines:
            self._marks[self.grid.view.page + 1] = page.lines[-1].mark

    async def open(self, line: ProgressLine) -> None:
        await self.place.open("mandate", id=line.id)


async def build(place: Place) -> None:
    await ProgressList(place).grid.load()


PROGRESS = Module("direct_pay_progress", "直付进度查询", "timeline", "direct", frozenset(WATCHERS), build)

"""租赁备案信息综合查询: a right holder asks at the counter, rows are picked, the result is printed (row 10)."""

from dataclasses import replace
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from services.tenancy.filing_search import FilingLine, FilingsFound, SearchFilings, search_filings
from services.tenancy.query_papers import CAPACITIES, IssueResult, issue_result
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import choice_field, date_field, text_field
from ui.shell.form import Form
from ui.shell.grid import Column, Grid
from ui.shell.modules import Module
from ui.shell.parts import head, note, steps
from ui.shell.place import Place
from ui.shell.values import shown
from ui.tenancy.card_reader import read_card
from ui.tenancy.print_panel import print_issued, printed_words

PURPOSES = ("办理居住证", "子女入学", "公积金提取", "房屋交易核查", "诉讼或仲裁", "个人核对")
_PURPOSES = dict(zip(PURPOSES, PURPOSES, strict=True))
_NOT_HOLDER = "申请人不是所查房屋现在或所查期间的权利人，或没有登记房屋。"


class QueryPage:
    """The requester's form, what was found, and the paper of it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.asked = SearchFilings("")
        self.picked: set[UUID] = set()
        head("申请人与查询范围（结果仅反映查询时点的备案情况，承租人姓名已作保护处理）")
        with Form(columns=3) as self.form:
            self.form.add(
                text_field("id_no", "证件号码", required=True, longest=30, help="读卡或输入后按回车"),
                text_field("name", "申请人姓名", longest=60),
                choice_field("capacity", "申请人身份", CAPACITIES, value="OWNER", required=True),
                text_field("principal_id_no", "权利人证件号码", longest=30),
                text_field("mandate", "委托书编号", longest=60),
                text_field("cert_no", "权属证明编号", longest=60, help="不填则查本人名下全部房屋"),
                text_field("address", "坐落含", longest=60),
                date_field("since", "查询期间自"),
                date_field("until", "至"),
                choice_field("purpose", "查询用途", _PURPOSES, value=PURPOSES[5], required=True),
            )
        self.form.only_when("capacity", lambda capacity: capacity == "AGENT", "principal_id_no", "mandate")
        with web.element("div").classes("sf-buttons sf-pad"):
            main_button("查询", self.search, icon="search").mark("search")
        self.summary = web.element("div")
        with self.summary:
            steps(
                (
                    "读申请人的证件",
                    "F4读卡，或输入号码后按回车。权利人查名下房屋的备案，承租人查本人的备案，代理人另填委托书。",
                ),
                ("缩小范围", "只查一处的填权属证明编号或坐落；只查一段时间的填期间。不填就是名下全部房屋。"),
                ("勾选要出具的", "按空格勾选备案；承租人姓名已作保护，查询记入查看记录，本人可以查到。"),
                ("出具查询结果", "Ctrl+P出具，带编号和二维码，交给申请人；核对真伪扫二维码。"),
            )
        self.grid = Grid(
            place,
            search_filings,
            order=lambda view: replace(self.asked, page=view.page, size=view.size),
            columns=(
                Column("picked", "选", width=34, value=lambda line: "☑" if line.id in self.picked else "☐"),
                Column("filing_no", "备案编号", width=190),
                Column("address", "房屋坐落"),
                Column("part", "部位", width=90),
                Column("tenants", "承租人", width=110),
                Column("term", "租期", width=180, value=lambda line: f"{line.start} 至 {line.term_end}"),
                Column("valid_to", "有效期止", width=96),
                Column("state", "状态", width=110),
                Column("unit", "受理单位", width=180),
            ),
            label="查询结果",
            size=20,
            on_pick=self._toggle,
            on_enter=self._toggle,
            on_loaded=self._show,
        )
        self.grid.box.set_visibility(False)
        place.command("查询", self.search, icon="search", key="f3")
        place.command("读卡", self.card_read, icon="badge", key="f4")
        self.printing = place.command(
            "出具查询结果", self.print, icon="print", key="ctrl+p", needs="请先读取申请人证件并查询"
        )

    async def card_read(self) -> None:
        """The requester's card from the reader, then the search."""
        card = await read_card("读取申请人证件")
        self.form.fill({"id_no": card.id_no, "name": card.name})
        await self.search()

    def order(self) -> SearchFilings | None:
        values = self.form.read()
        if values is None:
            return None
        return SearchFilings(**{key: value for key, value in values.items() if value is not None})

    async def search(self) -> None:
        """Search again with the form."""
        order = self.order()
        if order is not None:
            self.asked, self.grid.view.page = order, 1
            self.picked.clear()
            await self.grid.load()

    def _show(self, found: FilingsFound) -> None:
        self.summary.clear()
        with self.summary:
            nothing = "未查询到备案" if found.holder else "无查询权限或无房屋"
            head(f"查询结果：{found.criteria}", *([] if found.total else [Toned(nothing, "warn")]))
            with web.element("ul").classes("sf-sources"):
                for source in found.sources:
                    age = f"，{shown(source.at)}" if source.at else ""
                    words = "未应答，以下按本系统留存的登记快照" if source.silent else f"{source.state}{age}"
                    TextElement(tag="li", text=f"{source.source}：{words}")
            if found.holder:
                note(f"权利人房屋 {len(found.houses)} 处：{'；'.join(found.houses)}")
        empty = "未查询到有效备案信息，可出具无备案记录的查询结果。" if found.holder else _NOT_HOLDER
        self.grid.box.set_visibility(True)
        self.grid.none.text = empty
        self._count_picked()
        self.printing.enable(found.holder or not (self.asked.cert_no or self.asked.address))
        self.place.say(f"查到 {found.total} 条备案" if found.total else empty, "good" if found.total else "warn")
        if found.total:
            self.grid.table.focus_first()

    def _count_picked(self) -> None:
        self.grid.count.text = f"共 {self.grid.total:,} 条，已选 {len(self.picked)} 条（不选则全部打印）"

    def _toggle(self, line: FilingLine) -> None:
        self.picked ^= {line.id}
        self.grid.draw_again()
        self._count_picked()

    async def print(self) -> None:
        """Issue the result as a paper and open the print dialog; with nothing found it is the negative certificate."""
        current = self.order() if self.printing.enabled else None
        if current is None:
            return
        if replace(current, purpose="") != replace(self.asked, purpose=""):
            self.place.say("查询条件已修改，请重新查询后再出具", "warn")
            return
        self.printing.enable(False)
        try:
            answer = await call(issue_result, IssueResult(current, tuple(self.picked)))
            if not answer.ok:
                return
            done = await print_issued(answer.value.paper_id, ready=False, purpose=current.purpose)
            if done is not None:
                self.place.say(f"查询结果 {answer.value.query_no} 已出具。{printed_words(done)}", "good")
        finally:
            self.printing.enable(True)


async def build(place: Place) -> None:
    page = QueryPage(place)
    page.form.focus("id_no")


FILING_QUERY = Module("filing_query", "备案信息综合查询", "person_search", "search", search_filings.roles, build)

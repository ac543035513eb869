"""备案记录: the filings a workspace sees, searched exactly or by address, paged on the server (row 10)."""

from models.tenancy_codes import FilingState
from services.access.visibility import ENTERPRISE, STAFF
from services.engine.paging import Paging
from services.tenancy.filed_lease import contract_of_filing
from services.tenancy.filing_search import FilingLine
from services.tenancy.listings import FilingFilter, list_filings
from ui.shell.call import call
from ui.shell.export import offer_export
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Column
from ui.tenancy.parts import STATE_TONES


def order_of(view: View) -> FilingFilter:
    return FilingFilter(
        number=view.text("number"),
        id_no=view.text("id_no"),
        cert_no=view.text("cert_no"),
        address=view.text("address"),
        state=view.text("state"),
        since=view.day("since"),
        until=view.day("until"),
        paging=Paging(view.page, view.size, view.sort),
    )


async def build(place: Place) -> None:
    async def open_lease(line: FilingLine) -> None:
        answer = await call(contract_of_filing, line.id)
        if answer.ok:
            await place.open("contract", id=answer.value)

    grid = Grid(
        place,
        list_filings,
        order=order_of,
        columns=(
            Column("filing_no", "备案编号", sortable=True, width=190),
            Column("address", "房屋坐落"),
            Column("part", "部位", width=90),
            Column("tenants", "承租人", width=120),
            Column("valid_from", "有效期起", sortable=True, width=96),
            Column("valid_to", "有效期止", sortable=True, width=96),
            Column("state", "状态", width=110, tones=STATE_TONES),
            Column("unit", "受理单位", width=190),
        ),
        filters=(
            Filter("number", "备案编号", width=220),
            Filter("id_no", "证件号码", personal=True, width=220),
            Filter("cert_no", "权属证明", personal=True, width=220),
            Filter("address", "坐落", width=190),
            Filter("state", "状态", options=FilingState.labels(), width=130),
            Filter("since", "备案日期自", day=True, width=180),
            Filter("until", "至", day=True, width=130),
        ),
        empty="没有符合条件的备案。窗口人员看到本单位受理的备案；其他备案请用“合同查询及打印”精确查找。",
        on_enter=open_lease,
    )
    place.command("查询", grid.search, icon="search", key="f3")
    offer_export(place, grid, "filings")
    await grid.load()


FILING_LIST = Module("filings", "备案记录", "list_alt", "search", frozenset(STAFF | ENTERPRISE), build)

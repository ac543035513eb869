"""未关联地块: the authority finds parcels not wholly held and offers them to head companies (row 55)."""

from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import AUTHORITY
from models.companies import District
from services.parcels.head_links import OfferParcel, offer_parcel
from services.parcels.link_choices import ParcelLine, heads, unlinked
from services.parcels.link_views import LinkFilter
from ui.parcels.parts import share_in
from ui.records.record_page import open_record
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.fields import choice_field, number_field, text_field
from ui.shell.form import Form
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import facts, head
from ui.shell.place import Place


def order_of(view: View) -> LinkFilter:
    return LinkFilter(
        text=view.text("text"), district=view.text("district"), sort=view.sort, page=view.page, size=view.size
    )


class OfferingPage:
    """Parcels on the left, the offer on the right."""

    def __init__(self, place: Place, companies: dict[str, str]) -> None:
        self.place, self.companies = place, companies
        self.line: ParcelLine | None = None
        with web.element("div").classes("sf-split sf-split-wide"):
            with web.element("section").props("aria-label=未关联地块"):
                self.grid = Grid(
                    place,
                    unlinked,
                    order=order_of,
                    columns=(
                        Column("parcel_name", "地块", sortable=True),
                        Column("parcel_no", "编号", sortable=True, width=90),
                        Column("district", "所在区", sortable=True, width=80),
                        Column("land_area", "面积（㎡）", sortable=True, number=True, width=106),
                        Column("held", "已关联（%）", number=True, width=86),
                        Column("waiting", "待答复", number=True, width=58),
                    ),
                    filters=(
                        Filter("text", "地块名称、编号或合同号", width=280),
                        Filter("district", "所在区", options=District.labels(), width=170),
                    ),
                    empty="没有未关联的地块",
                    on_pick=self.choose,
                    on_enter=self.choose,
                )
            self.box = web.element("section").props("aria-label=推送地块")
        place.command("刷新", self.grid.load, icon="refresh", key="f3")
        self._draw()

    async def choose(self, line: ParcelLine) -> None:
        self.line = line
        self._draw()
        self.place.reveal(self.box)

    def _draw(self) -> None:
        self.box.clear()
        line = self.line
        with self.box:
            head("推送地块")
            if line is None:
                TextElement(tag="p", text="请在列表中选择一个地块").classes("sf-empty")
                return
            facts(
                {
                    "地块": line.parcel_name,
                    "编号": line.parcel_no,
                    "合同号": line.contract_no,
                    "计容面积": f"{line.far_area.normalize():,f} ㎡",
                    "已关联份额": f"{line.held.normalize():f}%",
                    "待答复的申请": f"{line.waiting}件" if line.waiting else "无",
                },
                columns=2,
            )
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button("打开地块", self._open, icon="open_in_new")
            if not self.place.may(offer_parcel):
                return
            with Form(columns=1) as self.form:
                self.form.add(
                    choice_field("head", "总公司", self.companies, required=True),
                    number_field(
                        "share",
                        "份额",
                        value=f"{(100 - line.held).normalize():f}",
                        unit="%",
                        required=True,
                        help="联合竞得的，按各总公司的份额分别推送",
                    ),
                    text_field("words", "说明", longest=500, lines=2),
                )
            with web.element("div").classes("sf-buttons sf-pad"):
                main_button("推送", self._offer, icon="send").mark("offer-parcel")

    async def _open(self) -> None:
        if self.line is not None:
            await open_record(self.place, "parcel", self.line.id)

    async def _offer(self) -> None:
        line, values = self.line, self.form.read()
        if line is None or values is None:
            return
        if (share := share_in(self.form, values)) is None:
            return
        order = OfferParcel(line.id, UUID(values["head"]), share, values["words"] or "")
        with self.box:
            answer = await call(offer_parcel, order)
        if not answer.ok:
            self.form.mark(answer.findings)
            return
        self.place.say("已推送，等待总公司确认", "good")
        self.line = None
        self._draw()
        await self.grid.load()


async def build(place: Place) -> None:
    companies: dict[str, str] = {}
    if place.may(offer_parcel):
        answer = await call(heads, "")
        if not answer.ok:
            return
        companies = {str(one.id): one.label for one in answer.value}
    await OfferingPage(place, companies).grid.load()


UNLINKED = Module("parcel_unlinked", "未关联地块", "travel_explore", "parcels", frozenset(AUTHORITY), build)

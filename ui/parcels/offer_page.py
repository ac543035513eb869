"""未关联地块: the authority finds parcels not wholly held and offers them to head companies (row 55)."""

from functools import partial
from uuid import UUID

from nicegui import ui as web

from services.engine.listings import Line
from services.parcels.head_links import OfferParcel, offer_parcel
from services.parcels.link_choices import UNLINKED, heads
from ui.parcels.parts import share_in
from ui.records.record_page import open_record
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.fields import choice_field, number_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head


class OfferingDesk(ListDesk[Line]):
    """Parcels on the left, the offer of the one in hand on the right."""

    listing = UNLINKED
    part = "推送地块"

    def begin(self) -> None:
        if self.place.may(offer_parcel):
            self.command("推送", self.offer, icon="send", key="f8")

    async def draw(self, view: Line) -> None:
        head("推送地块")
        facts(
            {
                "地块": view.parcel_name,
                "编号": view.parcel_no,
                "合同号": view.contract_no,
                "计容面积": f"{view.far_area.normalize():,f} ㎡",
                "已关联份额": f"{view.held.normalize():f}%",
                "待答复的申请": f"{view.waiting}件" if view.waiting else "无",
            },
            columns=2,
        )
        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button("打开地块", partial(open_record, self.place, "parcel", view.id), icon="open_in_new")
        if not self.place.may(offer_parcel):
            return
        answer = await call(heads, "")
        companies = {str(key): name for key, name in answer.value.items()} if answer.ok else {}
        with Form(columns=1) as self.form:
            self.form.add(
                choice_field("head", "总公司", companies, required=True),
                number_field(
                    "share",
                    "份额",
                    value=f"{(100 - view.held).normalize():f}",
                    unit="%",
                    required=True,
                    help="联合竞得的，按各总公司的份额分别推送",
                ),
                text_field("words", "说明", longest=500, lines=2),
            )
        with web.element("div").classes("sf-buttons sf-pad"):
            main_button("推送（F8）", partial(self.offer, view), icon="send").mark("offer-parcel")

    async def offer(self, line: Line) -> None:
        """Offer the parcel to the chosen head company."""
        values = self.form.read()
        if values is None or (share := share_in(self.form, values)) is None:
            return
        order = OfferParcel(line.id, UUID(values["head"]), share, values["words"] or "")
        answer = await self.act(offer_parcel, order, "已推送，等待总公司确认")
        if not answer.ok:
            self.form.mark(answer.findings)


UNLINKED_PARCELS = desk_module(OfferingDesk, "parcel_unlinked", "travel_explore", "parcels")

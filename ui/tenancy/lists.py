"""备案记录, whose notices are printed again many at once, and 制证异常: each line opens its lease (rows 7 and 10)."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from services.documents.paper_sets import set_pages
from services.documents.print_log import Requester
from services.engine.listings import Line
from services.tenancy.licences import FAILURES
from services.tenancy.listings import FILINGS
from services.tenancy.reprints import SetHandout, reprint_notice
from ui.shell.call import Ended, call
from ui.shell.fields import choice_field, text_field
from ui.shell.form import Form, ask_form
from ui.shell.list_view import ListView, list_module
from ui.shell.modules import Module
from ui.shell.parts import print_pdf
from ui.shell.place import Place
from ui.tenancy.print_panel import PURPOSES


async def open_lease(place: Place, line: Line) -> None:
    """Open the lease of a filing in a list."""
    await place.open("contract", id=line.contract_id)


#: Notices of one document for the printer.
_MOST_NOTICES = 200


class FilingsPage:
    """The filings, whose leases `page` opens, and the notices of those ticked as one document."""

    def __init__(self, place: Place, page: str = "contract") -> None:
        self.place = place
        self.handout: SetHandout | None = None
        self.grid = ListView(
            place,
            FILINGS,
            on_enter=lambda line: place.open(page, id=line.contract_id),
            asks={reprint_notice.name: self._ask},
            on_acted=self._print,
        )

    async def _ask(self, ids: Sequence[UUID]) -> SetHandout:
        """Ask to whom and for what the copies are handed out."""

        def draw(form: Form) -> None:
            form.add(
                choice_field("purpose", "用途", {one: one for one in list(PURPOSES)[:-1]}, required=True),
                text_field("name", "领取人", longest=60, required=True),
                text_field("capacity", "与合同关系", longest=20, help="如：代理人、单位经办人"),
            )

        if len(ids) > _MOST_NOTICES:
            self.place.say(f"一次最多补打{_MOST_NOTICES}份，请缩小范围", "warn")
            raise Ended
        told = ["每份单独计数并留存领取人，合为一份文件送浏览器打印。"]
        asked = await ask_form(f"补打 {len(ids):,} 份备案通知书", draw, yes="补打", told=told)
        self.handout = SetHandout(uuid4(), Requester(asked["name"], asked["capacity"] or ""), asked["purpose"])
        return self.handout

    async def _print(self) -> None:
        """Send what was counted to the print dialog; nothing if every row was refused."""
        await self.grid.load()
        if self.handout is not None and (await call(set_pages, self.handout.set_id, quiet=True)).ok:
            print_pdf(f"/papers/set/{self.handout.set_id}.pdf")


async def build_filings(place: Place) -> None:
    await FilingsPage(place).grid.load()


FILING_LIST = Module(
    "filings", FILINGS.label, "list_alt", "search", frozenset(FILINGS.roles), build_filings, listing=FILINGS.name
)


LICENCE_FAILURES = list_module(FAILURES, "licence_failures", "sms_failed", "exchange", on_enter=open_lease)

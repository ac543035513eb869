"""The search for one lease at the counter: a number together with its party, exact or nothing (rows 8 and 9)."""

from collections.abc import Awaitable, Callable

from nicegui import ui as web

from services.tenancy.contract_search import FindContract, FoundContract, find_contract
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import text_field
from ui.shell.form import Form
from ui.shell.parts import head, note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.card_reader import read_card


class FindPanel:
    """The form and what it found; a single hit is opened at once."""

    def __init__(self, place: Place, on_found: Callable[[FoundContract], Awaitable[object]]) -> None:
        self.place, self.on_found = place, on_found
        head("查找合同")
        with Form(columns=3) as self.form:
            self.form.add(
                text_field("number", "编号", required=True, longest=60, help="合同编号、备案编号或权属证明编号"),
                text_field("id_no", "证件号码", longest=30, help="当事人或其代理人的证件；可用读卡器读入"),
                text_field("name", "当事人姓名", longest=60, help="只有权属证明编号时，可用姓名查找"),
            )
            # A reader ends with Enter; with the number there already nothing more is to be typed.
            self.form.fields["id_no"].control.on("keydown.enter", self._find_if_complete)
            self.form.fields["name"].control.on("keydown.enter", self.find)
        with web.element("div").classes("sf-buttons sf-pad"):
            self.button = main_button("查找", self.find, icon="search").mark("find")
        note("只按编号和当事人精确查找。查到的合同当日内对本人开放，并记入审计。")
        self.rows = Rows(
            (
                Column("contract_no", "合同编号", width=190),
                Column("address", "房屋坐落"),
                Column("state", "合同状态", width=100),
            ),
            label="查到的合同",
            empty="请输入编号和证件号码后按回车",
            on_enter=on_found,
        )

    async def find(self) -> None:
        """Search with the form."""
        values = self.form.read()
        if values is None:
            return
        if not values["id_no"] and not values["name"]:
            self.form.fields["id_no"].mark("请读取或输入当事人的证件号码")
            self.form.focus("id_no")
            return
        order = FindContract(values["number"], values["id_no"] or "", values["name"] or "")
        answer = await call(find_contract, order, button=self.button)
        if answer.gone:
            return
        if not answer.ok:
            self.rows.show(())
            self.rows.none.text = answer.message
            self.form.fields["number"].mark(answer.message)
            return
        self.rows.show(answer.value)
        if len(answer.value) == 1:
            self.place.say("已查到合同", "good")
            await self.on_found(answer.value[0])
        else:
            self.place.say(f"查到{len(answer.value)}份合同，请用上下键选择后按回车打开", "good")
            self.rows.focus()

    async def _find_if_complete(self) -> None:
        if all(str(self.form.fields[key].value or "").strip() for key in ("number", "id_no")):
            await self.find()

    async def read_card(self) -> None:
        """Fill in the number from the reader; search when the lease's number is there already."""
        card = await read_card("读取当事人证件")
        if card is None:
            return
        self.form.fields["id_no"].value = card.id_no
        if str(self.form.fields["number"].value or "").strip():
            await self.find()
        else:
            self.form.focus("number")

    def commands(self) -> None:
        """The keys of this panel."""
        self.place.command("查找", self.find, icon="search", key="f3")
        self.place.command("读卡", self.read_card, icon="badge", key="f4")

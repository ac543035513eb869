"""凭继承或司法文书查询: one clerk asks, another looks at the papers too, then the lease is open (row 9)."""

from nicegui import ui as web

from models.codes import Toned
from models.tenancy import PapersRequest
from services.tenancy.contract_search import (
    AskByPapers,
    SeenPapers,
    ask_by_papers,
    paper_requests,
    seen_papers,
)
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import choice_field, text_field
from ui.shell.form import Form
from ui.shell.parts import head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

CAPACITIES = {"HEIR": "继承人（公证书）", "COURT": "司法机关（协助查询文书）"}


class PaperRequests:
    """The form, and today's requests of the office."""

    def __init__(self, place: Place) -> None:
        self.place = place
        head("凭继承或司法文书查询（须另一名工作人员当日复核）")
        with Form(columns=3) as self.form:
            self.form.add(
                text_field("lease_no", "合同编号", required=True, longest=40),
                choice_field("capacity", "申请人身份", CAPACITIES, required=True),
                text_field("papers", "文书编号", required=True, longest=200, help="公证书或协助查询文书的名称、编号"),
            )
            self.form.fields["papers"].control.on("keydown.enter", self.ask)
        with web.element("div").classes("sf-buttons sf-pad"):
            self.button = plain_button("提交复核", self.ask).classes("sf-next")
        self.rows = Rows(
            (
                Column("number", "合同编号", width=190),
                Column("capacity", "申请人身份", value=_capacity),
                Column("state", "复核", width=120, value=_state),
            ),
            label="今日凭文书查询申请",
            empty="今日没有凭文书查询的申请",
            on_enter=self.decide,
        )

    async def load(self) -> None:
        answer = await call(paper_requests)
        if answer.ok:
            self.rows.show(answer.value)

    async def ask(self) -> None:
        """Hand the request to a colleague."""
        values = self.form.read()
        if values is None:
            return
        answer = await call(
            ask_by_papers, AskByPapers(values["lease_no"], values["capacity"], values["papers"]), button=self.button
        )
        if answer.ok:
            self.form.fill(dict.fromkeys(values, ""))
            self.place.say("已提交，请本单位另一名工作人员在此列表中复核", "good")
            await self.load()

    async def decide(self, row: PapersRequest) -> None:
        """Decide one request as the second clerk."""
        mine = row.clerk_id == self.place.caller.account_id
        if row.decided_by is not None:
            self.place.say(f"该申请{_state(row)}。" + ("同意后请用合同编号查找。" if mine else ""))
            return
        if mine:
            self.place.say("此类查询须由本单位另一名工作人员复核", "warn")
            return
        agree = await confirm(
            "是否已查看申请人的文书原件，同意查询？",
            summary={"合同编号": row.number, "申请人身份": _capacity(row)},
            yes="同意查询",
        )
        if not agree:
            return
        answer = await call(seen_papers, SeenPapers(row.id, True))
        if answer.ok:
            self.place.say("已复核，合同当日内对申请人员开放", "good")
            await self.load()


def _capacity(row: PapersRequest) -> str:
    return CAPACITIES.get(row.capacity, row.capacity)


def _state(row: PapersRequest) -> Toned:
    if row.decided_by is None:
        return Toned("待复核", "warn")
    return Toned("已同意", "good") if row.agreed else Toned("未同意", "bad")

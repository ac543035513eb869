"""凭继承或司法文书查询: one clerk asks, another looks at the papers too, then the lease is open (row 9)."""

from dataclasses import dataclass
from uuid import UUID

from nicegui import ui as web

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


@dataclass(frozen=True)
class _Line:
    id: UUID
    number: str
    capacity: str
    state: str
    mine: bool
    waiting: bool


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
                Column("capacity", "申请人身份"),
                Column("state", "复核", width=120, tones={"待复核": "warn", "已同意": "good", "未同意": "bad"}),
            ),
            label="今日凭文书查询申请",
            empty="今日没有凭文书查询的申请",
            on_enter=self.decide,
        )

    async def load(self) -> None:
        answer = await call(paper_requests)
        if answer.ok:
            self.rows.show([self._line(row) for row in answer.value])

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

    async def decide(self, line: _Line) -> None:
        """The second clerk's word on one request."""
        if not line.waiting:
            self.place.say(f"该申请{line.state}。" + ("同意后请用合同编号查找。" if line.mine else ""))
            return
        if line.mine:
            self.place.say("此类查询须由本单位另一名工作人员复核", "warn")
            return
        agree = await confirm(
            "是否已查看申请人的文书原件，同意查询？",
            summary={"合同编号": line.number, "申请人身份": line.capacity},
            yes="同意查询",
        )
        if not agree:
            return
        answer = await call(seen_papers, SeenPapers(line.id, True))
        if answer.ok:
            self.place.say("已复核，合同当日内对申请人员开放", "good")
            await self.load()

    def _line(self, row: PapersRequest) -> _Line:
        waiting = row.decided_by is None
        return _Line(
            row.id,
            row.number,
            CAPACITIES.get(row.capacity, row.capacity),
            "待复核" if waiting else "已同意" if row.agreed else "未同意",
            row.clerk_id == self.place.caller.account_id,
            waiting,
        )

"""合同查询及打印: a lease is found for its party, exact or nothing; or by papers that two clerks have seen (rows 8 and 9)."""

from nicegui import ui as web

from models.codes import Toned
from models.tenancy import PapersRequest
from services.access.matches import CARD, TYPED
from services.engine.orders import Decide
from services.tenancy.contract_search import (
    AskByPapers,
    FindContract,
    FoundContract,
    ask_by_papers,
    find_contract,
    paper_requests,
    seen_papers,
)
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import choice_field, text_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import head, note, steps
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.card_reader import read_card

_FIND = (
    "填编号，读证件",
    "通知书、合同上的编号，或权属证明编号；证件按F4读，不能读的输入号码后按回车。只有一份时直接打开。",
)
#: How one goes on with the lease that is found, by the module it opens in.
_THEN = {
    "cancel_lease": (
        ("记下到场的人", "F4逐个读双方的证件，读过的记为到场；只有一方到场的，按单方申请办理，另一方有告知期。"),
        ("选原因，预检", "选注销原因，填解约协议或判决的编号；F9预检，不符合的逐项列出怎样处理。"),
        ("提交注销", "F8提交，输入“注销”确认。注销通知书当场签发、打印，网签平台和证照库同时更新。"),
    ),
    "contract": (
        ("查看", "合同、备案、核验、材料在一页；当日内再次打开不用再读证件。"),
        ("打印", "Ctrl+P打印全部文书；补打的写用途，打印记录写明交给了谁。"),
        ("接着办", "F9注销，F8变更，“续租”办下一期；房屋、条款和今日读过证件的当事人自动带出。"),
    ),
}


class FindPanel:
    """The form and what it found, to be opened in the module `opens`; a single hit is opened at once."""

    def __init__(self, place: Place, opens: str) -> None:
        self.place, self.opens = place, opens
        #: The number a reader gave; one typed over it is only typed.
        self._read = ""
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
            on_enter=self.open,
        )
        steps(_FIND, *_THEN.get(opens, ()))
        self.place.command("查找", self.find, icon="search", key="f3")
        self.place.command("读卡", self.read_card, icon="badge", key="f4")
        self.form.focus("number")

    async def open(self, found: FoundContract) -> None:
        """Open a lease that was found."""
        await self.place.open(self.opens, id=found.id)

    async def find(self) -> None:
        """Search with the form."""
        values = self.form.complete()
        if not values["id_no"] and not values["name"]:
            self.form.fields["id_no"].mark("请读取或输入当事人的证件号码")
            self.form.focus("id_no")
            return
        id_no = values["id_no"] or ""
        how = CARD if id_no and id_no == self._read else TYPED
        order = FindContract(values["number"], id_no, values["name"] or "", how)
        answer = await call(find_contract, order, button=self.button)
        if not answer.ok:
            self.rows.show(())
            self.rows.none.text = answer.message
            self.form.fields["number"].mark(answer.message)
            return
        self.rows.show(answer.value)
        if len(answer.value) == 1:
            self.place.say("已查到合同", "good")
            await self.open(answer.value[0])
        else:
            self.place.say(f"查到{len(answer.value)}份合同，请用上下键选择后按回车打开", "good")
            self.rows.focus()

    async def _find_if_complete(self) -> None:
        if all(str(self.form.fields[key].value or "").strip() for key in ("number", "id_no")):
            await self.find()

    async def read_card(self) -> None:
        """Fill in the number from the reader; search when the lease's number is there already."""
        card = await read_card("读取当事人证件")
        self.form.fields["id_no"].value = card.id_no
        self._read = card.id_no if card.read else ""
        if str(self.form.fields["number"].value or "").strip():
            await self.find()
        else:
            self.form.focus("number")


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
        done = (await call(paper_requests)).or_end()
        self.rows.show(done)

    async def ask(self) -> None:
        """Hand the request to a colleague."""
        values = self.form.complete()
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
        await confirm(
            "是否已查看申请人的文书原件，同意查询？",
            summary={"合同编号": row.number, "申请人身份": _capacity(row)},
            yes="同意查询",
        )
        (await call(seen_papers, Decide(row.id, True))).or_end()
        self.place.say("已复核，合同当日内对申请人员开放", "good")
        await self.load()


def _capacity(row: PapersRequest) -> str:
    return CAPACITIES.get(row.capacity, row.capacity)


def _state(row: PapersRequest) -> Toned:
    if row.decided_by is None:
        return Toned("待复核", "warn")
    return Toned("已同意", "good") if row.agreed else Toned("未同意", "bad")


async def build(place: Place) -> None:
    FindPanel(place, "contract")
    requests = PaperRequests(place)
    await requests.load()


CONTRACT_FIND = Module("contract_find", "合同查询及打印", "manage_search", "counter", find_contract.roles, build)

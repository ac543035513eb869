"""Step 4: term, rent, deposit, costs and the other terms, with what is usual filled in (row 6)."""

from decimal import Decimal

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.amounts import LARGEST, capital_amount
from models.normal import BadText, parse_money
from models.tenancy_codes import DealKind, FeeItem, PayCycle, RentUnit
from services.engine.findings import Finding
from services.tenancy.counter_forms import FACILITIES, TERMS, short_day
from ui.shell.buttons import plain_button
from ui.shell.fields import Field
from ui.shell.parts import head, note
from ui.tenancy.elements import Tick, TickList
from ui.tenancy.filing_form import Step

_PAYEES = {"LESSOR": "出租人", "AGENT": "出租人的代理人"}
_CUSTODY = {"LESSOR": "出租人保管", "SUPERVISED": "资金监管账户", "BANK": "银行托管"}
_SUBLET = {"NO": "不得转租", "WITH_CONSENT": "经书面同意可以转租", "YES": "可以转租"}
_DISPUTES = {"COURT": "向房屋所在地法院起诉", "ARBITRATION": "上海仲裁委员会仲裁"}
_MORTGAGE = {"未设定抵押": "未设定抵押", "已设定抵押": "已设定抵押"}
_WORDS = {
    "add_occupant_rule": "增加居住人",
    "use_rule": "房屋使用",
    "repair_rule": "维修责任",
    "return_state": "返还状态",
    "early_end_rule": "提前解除",
    "renew_rule": "续租约定",
    "breach": "违约责任",
    "rent_adjust_rule": "租金调整",
    "other_terms": "其他约定",
}


class TermsStep(Step):
    key, title = "terms", "租期、租金与费用"
    owns = (
        "start",
        "end",
        "signed_on",
        "handover_on",
        "rent",
        "rent_unit",
        "pay_cycle",
        "pay_months",
        "pay_day",
        "pay_method",
        "payee",
        "payee_account",
        "rent_changes_a_year",
        "deposit",
        "deposit_return_days",
        "deposit_deduct_rule",
        "deposit_custody",
        "supervised_account",
        "fees",
        "facilities",
        "sublet_rule",
        "dispute_way",
        "mortgaged_told",
        "head_lease_end",
        *_WORDS,
    )

    #: The articles are in hand instead of the figures.
    words = False

    async def draw(self) -> None:
        if self.words:
            self._draw_words()
        else:
            self._draw_money()
        self.form.buttons()

    def faults(self) -> list[Finding]:
        if self.sheet.text("deposit").strip():
            return []
        return [Finding("FORM", "请填写押金，没有押金的填0", "deposit")]

    def aim(self, path: str) -> None:
        self.words = path in _WORDS

    def _draw_money(self) -> None:
        sheet = self.sheet
        head("租期")
        with web.element("div").classes("sf-form sf-form-4"):
            start = sheet.date("start", "起租日期", required=True)
            sheet.date("end", "止租日期", required=True, help="可输入 +1y、+6m")
            sheet.date("handover_on", "交付日期")
            sheet.date("signed_on", "签订日期", required=True)
            start.control.on("blur", self._start_left)
        self._start = sheet.text("start")
        head("租金")
        with web.element("div").classes("sf-form sf-form-4"):
            rent = sheet.money("rent", "租金", required=True)
            self._with_capitals(rent, "rent")
            rent.control.on("blur", self._rent_left)
            sheet.choice("rent_unit", "计租单位", RentUnit.labels(), required=True)
            sheet.choice("pay_cycle", "付租周期", PayCycle.labels(), required=True)
            sheet.count("pay_day", "付租日", unit="日", required=True)
            sheet.line("pay_method", "付租方式")
            sheet.choice("payee", "收款人", _PAYEES)
            sheet.line("payee_account", "收款账户", span=2)
        head("押金")
        with web.element("div").classes("sf-form sf-form-4"):
            self._with_capitals(sheet.money("deposit", "押金", required=True, help="没有押金的填0"), "deposit")
            sheet.count("deposit_return_days", "返还期限", unit="天")
            sheet.choice("deposit_custody", "押金保管", _CUSTODY, on_change=self._custody_changed)
            self._account = web.element("div")
            self._draw_account()
            sheet.line("deposit_deduct_rule", "扣减情形", span=4)
        head("费用与设施")
        with web.element("div").classes("sf-form sf-form-1"):
            lessor = [fee["item"] for fee in sheet.get("fees") or [] if fee.get("by") == "LESSOR"]
            note("下列费用由承租人承担；由出租人承担的请打钩。")
            TickList(
                "由出租人承担的费用", [Tick(key, label) for key, label in _fees()], value=lessor, on_change=self._fees
            )
            note("随房屋交付的设施：")
            found = [name for name in sheet.get("facilities") or [] if name in FACILITIES]
            TickList("附属设施", [Tick(name, name) for name in FACILITIES], value=found, on_change=self._facilities)
        head("其他")
        with web.element("div").classes("sf-form sf-form-4"):
            sheet.choice("mortgaged_told", "抵押告知", _MORTGAGE)
            sheet.choice("sublet_rule", "转租约定", _SUBLET)
            sheet.choice("dispute_way", "争议解决", _DISPUTES)
            if sheet.text("deal") == DealKind.SUBLET.value:
                sheet.date("head_lease_end", "原租赁到期日", required=True)
        with web.element("div").classes("sf-row"):
            TextElement(tag="span", text="维修、使用、返还、解除、续租、违约等约定已填好常用条款。")
            plain_button("修改条款", self.open_words, icon="edit_note")

    def _draw_words(self) -> None:
        head("合同条款")
        with web.element("div").classes("sf-form sf-form-1"):
            for key, label in _WORDS.items():
                self.sheet.line(key, label, lines=2)
        with web.element("div").classes("sf-row"):
            plain_button("恢复常用条款", self._usual, icon="restart_alt")
            plain_button("返回租金与费用", self.close_words, icon="arrow_back")

    async def open_words(self) -> None:
        self.words = True
        await self.form.draw()

    async def close_words(self) -> None:
        self.words = False
        await self.form.draw()

    async def _usual(self) -> None:
        for key, words in TERMS.items():
            self.sheet.put(key, words)
        await self.form.draw()

    def _with_capitals(self, field: Field, path: str) -> None:
        """The amount in Chinese capitals under its figures."""
        with field.inside:
            capitals = TextElement(tag="small", text="").classes("sf-capitals")

        def tell() -> None:
            capitals.text = _capitals(self.sheet.text(path))

        tell()
        self.sheet.listen(path, tell)

    def _start_left(self) -> None:
        """Move the other dates with the start while the user has not chosen them."""
        sheet, before = self.sheet, self._start
        now = sheet.text("start")
        day = sheet.day("start")
        if now == before or day is None:
            return
        self._start = now
        sheet.put("end", short_day("+1y", start=day, today=sheet.today))
        sheet.put("handover_on", day.isoformat())
        for path in ("end", "handover_on"):
            sheet.refill(path)

    async def settle(self) -> None:
        if not self.words:
            self._start_left()
            self._rent_left()

    def _rent_left(self) -> None:
        """Propose a month's rent, the usual deposit, once it is typed right."""
        if _capitals(self.sheet.text("rent")) and not self.sheet.text("deposit").strip():
            self.sheet.put("deposit", self.sheet.text("rent"))
            self.sheet.refill("deposit")

    def _custody_changed(self) -> None:
        self._draw_account()

    def _draw_account(self) -> None:
        sheet = self.sheet
        self._account.clear()
        sheet.forget("supervised_account")
        due = sheet.text("deposit_custody") == "SUPERVISED" or "supervised_account" in sheet.told
        if due or sheet.text("supervised_account").strip():
            with self._account:
                sheet.line("supervised_account", "监管账户", required=due)

    def _fees(self, lessor: list[str]) -> None:
        self.sheet.put("fees", [{"item": key, "by": "LESSOR" if key in lessor else "LESSEE"} for key, _ in _fees()])

    def _facilities(self, names: list[str]) -> None:
        self.sheet.put("facilities", names)


def _fees() -> list[tuple[str, str]]:
    return [(item.value, item.label) for item in FeeItem if item is not FeeItem.OTHER]


def _capitals(text: str) -> str:
    try:
        amount = parse_money(text)
        return capital_amount(amount) if Decimal(0) < amount <= LARGEST else ""
    except (BadText, ValueError):
        return ""

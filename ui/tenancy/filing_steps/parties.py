"""Step 2: landlords and tenants, agents where they are needed, and through whom the deal was made (row 6)."""

from functools import partial
from typing import Any

from nicegui import ui as web

from models.tenancy_codes import AgentKind, DealKind, IdType, LessorCapacity, PartyKind
from services.engine.findings import Finding, Severity
from services.tenancy.counter_forms import new_party
from services.tenancy.lease_form import PartyForm
from services.tenancy.predicates import party_is_minor, tells_birthday
from ui.shell.buttons import plain_button
from ui.shell.parts import head
from ui.tenancy.card_reader import Card, read_card
from ui.tenancy.elements import head_box
from ui.tenancy.filing_steps.people import PeopleStep

SIDES = {"lessors": "出租人", "lessees": "承租人"}
_ORG = {"51", "52", "53", "54", "55"}
PERSON_IDS = {code: label for code, label in IdType.labels().items() if code not in _ORG}
ORG_IDS = {code: label for code, label in IdType.labels().items() if code in _ORG}
_ABROAD = {"21", "22", "23", "24", "25", "31", "32"}
#: Documents whose number does not say when its holder was born, or not always.
_NO_BIRTHDAY = _ABROAD | {"13", "14"}
_AGENTS = AgentKind.labels()


class PartiesStep(PeopleStep):
    key, title = "parties", "当事人与代理人"
    lists = SIDES
    owns = (
        "lessors",
        "lessees",
        "lessor_capacity",
        "deal",
        "applicant",
        "broker_uscc",
        "enterprise_uscc",
        "card_no",
    )

    async def draw(self) -> None:
        sheet = self.sheet
        everybody = self.paths()
        self.hand &= set(everybody)
        if len(everybody) <= 2:
            self.hand = set(everybody)
        elif not self.hand:
            self.hand = {next((path for path in everybody if not self._whole(path)), everybody[0])}
        for side, word in SIDES.items():
            with head_box(word):
                plain_button(f"增加{word}", partial(self.add, side), icon="person_add")
            sheet.spot(side)
            self.draw_people(side)
        head("成交方式")
        with web.element("div").classes("sf-form"):
            sheet.choice("deal", "成交方式", DealKind.labels(), required=True, on_change=self.form.draw)
            sheet.choice("lessor_capacity", "出租人身份", LessorCapacity.labels(), required=True)
            self._draw_firm(sheet.text("deal"))
        self.form.buttons()

    def _draw_firm(self, deal: str) -> None:
        if deal == DealKind.BROKER.value:
            self.sheet.line("broker_uscc", "经纪机构代码", help="统一社会信用代码")
        elif deal == DealKind.ENTERPRISE.value:
            self.sheet.line("enterprise_uscc", "租赁企业代码", help="统一社会信用代码")
        if deal in {DealKind.BROKER.value, DealKind.ENTERPRISE.value}:
            self.sheet.line("card_no", "从业信息卡编号")

    def new_person(self) -> dict[str, Any]:
        return new_party()

    def draw_person(self, path: str) -> None:
        sheet = self.sheet
        org = sheet.text(f"{path}.kind") == PartyKind.ORG.value
        with web.element("div").classes("sf-form"):
            kinds = PartyKind.labels()
            sheet.choice(f"{path}.kind", "主体类型", kinds, required=True, on_change=partial(self._kind_changed, path))
            sheet.line(f"{path}.name", "单位名称" if org else "姓名", required=True)
            sheet.choice(
                f"{path}.id_type",
                "证件种类",
                ORG_IDS if org else PERSON_IDS,
                required=True,
                on_change=partial(self._id_type_changed, path),
            )
            number = sheet.line(f"{path}.id_no", "证件号码", required=True)
            number.control.on("blur", partial(self._number_left, path))
            if not org and sheet.text(f"{path}.id_type") in _NO_BIRTHDAY:
                born = sheet.date(f"{path}.born_on", "出生日期", required=True)
                born.control.on("blur", partial(self._number_left, path))
            sheet.line(f"{path}.mobile", "联系电话", required=True)
            if org:
                sheet.line(f"{path}.legal_rep", "法定代表人")
            elif sheet.text(f"{path}.id_type") in _ABROAD:
                sheet.line(f"{path}.nationality", "国籍（地区）")
            sheet.line(f"{path}.address", "通讯地址", span=2)
            agents = partial(self._agent_changed, path)
            sheet.choice(f"{path}.agent_kind", "代理方式", _AGENTS, on_change=agents)
            if sheet.text(f"{path}.agent_kind") not in {"", AgentKind.NONE.value}:
                guardian = sheet.text(f"{path}.agent_kind") == AgentKind.STATUTORY.value
                word = "监护人" if guardian else "代理人"
                sheet.line(f"{path}.agent_name", f"{word}姓名", required=True)
                sheet.choice(f"{path}.agent_id_type", f"{word}证件", PERSON_IDS)
                sheet.line(f"{path}.agent_id_no", f"{word}证件号码", required=True)

    def faults(self) -> list[Finding]:
        """Return findings for birthdays that no document contains: a minor needs a guardian (P05)."""
        return [
            Finding("FORM", f"请填写{SIDES[path.partition('.')[0]]}出生日期", f"{path}.born_on", Severity.CORRECT)
            for path in self.paths()
            if self._birthday_missing(path)
        ]

    def _birthday_missing(self, path: str) -> bool:
        text = self.sheet.text
        asked = text(f"{path}.kind") == "PERSON" and text(f"{path}.id_type") in _NO_BIRTHDAY
        return asked and not text(f"{path}.born_on").strip() and not tells_birthday(text(f"{path}.id_no"))

    def _is_minor(self, path: str) -> bool:
        born_on = self.sheet.day(f"{path}.born_on")
        return party_is_minor(PartyForm(id_no=self.sheet.text(f"{path}.id_no"), born_on=born_on), self.sheet.today)

    def _whole(self, path: str) -> bool:
        return all(self.sheet.text(f"{path}.{key}").strip() for key in ("name", "id_no", "mobile"))

    async def act(self) -> None:
        """On to the next party that is not whole, then to the next step."""
        for path in self.paths():
            if not self._whole(path) and path not in self.hand:
                await self.open_one(path)
                return
        await super().act()

    async def read_card(self) -> None:
        target = self._target()
        side, _, place = target.partition(".")
        await self.take_card(target, await read_card(f"读取证件：{SIDES[side]}{int(place) + 1}"))

    async def take_card(self, path: str, card: Card) -> None:
        """Fill a party from a card, as a reader does."""
        sheet = self.sheet
        known = {"name": card.name, "id_no": card.id_no, "address": card.address, "mobile": card.mobile}
        if card.id_no != sheet.text(f"{path}.id_no"):
            known |= {key: "" for key in ("name", "address", "mobile") if not known[key]}
        sheet.put(f"{path}.kind", "PERSON")
        sheet.put(f"{path}.id_type", card.id_type)
        for key, value in known.items():
            if value or key in {"name", "id_no"}:
                sheet.put(f"{path}.{key}", value or sheet.text(f"{path}.{key}"))
        sheet.put(f"{path}.card_read", True)
        self.hand.add(path)
        if len(self.hand) > 2:
            self.hand = {path}
        await self.form.draw()
        if not sheet.focus_missing():
            self.form.focus_in(".sf-next")
        self.form.place.say("已读取证件", "good")

    def _target(self) -> str:
        """The party the card is for: the first without a number, else the one the cursor was last in."""
        paths = self.paths()
        empty = next((path for path in paths if not self.sheet.text(f"{path}.id_no").strip()), "")
        return empty or (self.took if self.took in paths else paths[-1])

    async def _kind_changed(self, path: str) -> None:
        org = self.sheet.text(f"{path}.kind") == PartyKind.ORG.value
        self.sheet.put(f"{path}.id_type", "51" if org else "11")
        await self.form.draw()
        self.sheet.focus(f"{path}.name")

    async def _id_type_changed(self, path: str) -> None:
        await self.form.draw()
        self.sheet.focus(f"{path}.id_no")

    async def _agent_changed(self, path: str) -> None:
        await self.form.draw()
        asked = self.sheet.text(f"{path}.agent_kind") not in {"", AgentKind.NONE.value}
        self.sheet.focus(f"{path}.{'agent_name' if asked else 'agent_kind'}")

    async def _number_left(self, path: str) -> None:
        """A child's number asks for the guardian at once."""
        sheet = self.sheet
        minor = sheet.text(f"{path}.kind") == "PERSON" and self._is_minor(path)
        if minor and sheet.text(f"{path}.agent_kind") in {"", AgentKind.NONE.value}:
            sheet.put(f"{path}.agent_kind", AgentKind.STATUTORY.value)
            await self.form.draw()
            sheet.focus(f"{path}.mobile")
            self.form.place.say("当事人未满18周岁，请填写监护人并收取监护证明", "warn")

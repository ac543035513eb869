"""窗口受理: a card or a number, and at once that person's houses, leases and cases, each with the age of its source (row 6)."""

from functools import partial
from typing import Any
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.house import HouseCategory, ProofKind, RestrictionKind
from models.tenancy_codes import IdType
from services.access.visibility import CLERKS
from services.engine.drafts import DraftLine, DropDraft, SaveDraft, drop_draft, my_drafts, save_draft
from services.tenancy.counter_forms import new_form
from services.tenancy.intake import (
    CaseLine,
    HouseLine,
    LeaseLine,
    OpenLease,
    PersonOverview,
    ReadPerson,
    open_lease,
    read_person,
)
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.choice import Choice
from ui.shell.dialogs import confirm
from ui.shell.modules import Module
from ui.shell.parts import head
from ui.shell.place import Place
from ui.shell.values import shown
from ui.tenancy.ages import age_text
from ui.tenancy.card_reader import Card, card_of, cards_of_demo, draw_demo_cards, read_card
from ui.tenancy.filing_form import DRAFT_KIND
from ui.tenancy.lines import LineColumn, Lines
from ui.tenancy.parts import STATE_TONES
from ui.tenancy.sheet import focus_selector

_PROOF_OF = {
    HouseCategory.OWNED.value: ProofKind.A1,
    HouseCategory.PRESALE.value: ProofKind.A2,
    HouseCategory.PUBLIC.value: ProofKind.A4,
    HouseCategory.RESETTLE.value: ProofKind.B1,
    HouseCategory.HOMESTEAD.value: ProofKind.B2,
    HouseCategory.MARKET_CENTRAL.value: ProofKind.C1,
}


class IntakePage:
    """Number or card above; below the drafts, and after a card is read all that is known of the person."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.client = web.context.client
        self.card: Card | None = None
        self.overview: PersonOverview | None = None
        self.houses: Lines | None = None
        self.leases: Lines | None = None

    async def draw(self) -> None:
        self.demo = await cards_of_demo()
        with web.element("div").classes("sf-intake"):
            with web.element("div").classes("sf-filters sf-enter-own").props("role=search"):
                TextElement(tag="label", text="证件号码").classes("sf-label").props("for=sf-intake-number")
                self.kind = Choice(IdType.labels(), value=IdType.ID_CARD.value, name="证件种类").classes(
                    "sf-intake-kind"
                )
                self.box = (
                    web.input(placeholder="读卡，或输入证件号码后按回车")
                    .classes("sf-intake-number")
                    .mark("intake-number")
                )
                self.box.props(
                    "dense outlined autocomplete=off maxlength=120 autofocus for=sf-intake-number aria-label=证件号码"
                )
                self.box.on("keydown.enter", self._entered, js_handler="(e) => emit(e.target.value)")
                plain_button("读卡（F4）", self.read_card, icon="badge")
                self.wrong = TextElement(tag="span", text="").classes("sf-wrong").props("role=alert")
            self.result = web.element("div").classes("sf-intake-result").props("aria-live=polite")
        self.place.command("新增备案", self.new_filing, icon="post_add", key="f2")
        self.place.command("读卡", self.read_card, icon="badge", key="f4")
        self.place.command("换人办理", self.start_over, icon="restart_alt", key="f3")
        await self.show_drafts()
        focus_selector(self.client, "[name=sf-intake-number]")

    # ---------------------------------------------------------------- nobody read yet

    async def show_drafts(self) -> None:
        """Return what was begun and not finished."""
        answer = await call(my_drafts, DRAFT_KIND, quiet=True)
        if answer.gone or self.result.is_deleted:
            return
        self.result.clear()
        with self.result:
            head("继续上次未完成的办理")
            self.drafts = Lines(
                "未完成的办理",
                {
                    "title": LineColumn("房屋", lambda line: line.title),
                    "at": LineColumn("上次保存", lambda line: shown(line.updated_at), 160),
                },
                answer.value if answer.ok else [],
                key=lambda line: str(line.id),
                on_enter=self._open_draft,
                empty="没有未完成的办理",
            )
            if self.drafts.lines:
                with web.element("div").classes("sf-row"):
                    TextElement(tag="small", text="↓ 选择，回车继续。").classes("sf-help")
                    plain_button("删除选中的草稿", self._drop_draft, icon="delete_outline")
            draw_demo_cards(self.demo)

    async def _open_draft(self, line: DraftLine) -> None:
        await self.place.open("filing_form", id=line.id)

    async def _drop_draft(self) -> None:
        line = self.drafts.held
        if line is None:
            self.place.say("请先选择一份草稿", "warn")
            return
        if await confirm("删除这份草稿？删除后不能恢复。", summary={"房屋": line.title}, yes="删除", danger=True):
            answer = await call(drop_draft, DropDraft(line.id))
            if answer.ok:
                await self.show_drafts()

    # ---------------------------------------------------------------- somebody is read

    async def _entered(self, event: events.GenericEventArguments) -> None:
        card = card_of(str(event.args or ""), self.demo, reader=False)
        if card is None:
            self.wrong.text = "请输入完整的证件号码"
            return
        kind = card.id_type if card.read else str(self.kind.value or IdType.ID_CARD.value)
        await self.show(Card(card.id_no, card.name, kind, card.address, card.mobile, card.read))

    async def read_card(self) -> None:
        card = await read_card()
        if card is not None:
            await self.show(card)

    async def start_over(self) -> None:
        """The next person: nothing of the last one stays on the screen."""
        self.card = self.overview = self.houses = self.leases = None
        self.box.set_value("")
        self.wrong.text = ""
        await self.show_drafts()
        focus_selector(self.client, "[name=sf-intake-number]")

    async def show(self, card: Card) -> None:
        """Read one person and show all there is."""
        self.wrong.text = ""
        self.box.set_value(card.id_no)
        order = ReadPerson(card.id_no, IdType.of(card.id_type), card.name, "CARD" if card.read else "TYPED")
        answer = await call(read_person, order, quiet=True)
        if answer.gone or self.result.is_deleted:
            return
        if not answer.ok:
            self.wrong.text = answer.message
            self.place.say(answer.message, "bad")
            return
        self.card, self.overview = card, answer.value
        self.result.clear()
        with self.result, web.element("div") as lists:
            self._draw_person(answer.value)
        found = answer.value
        self.place.say(f"房屋{len(found.houses)}套，合同{len(found.leases)}份，在办{len(found.cases)}件", "good")
        # Named by its id: the rows of the drafts may still stand in the browser.
        some = found.houses or found.leases or found.cases
        focus_selector(self.client, f"#{lists.html_id} tbody tr[tabindex]" if some else "[name=sf-intake-number]")

    def _draw_person(self, found: PersonOverview) -> None:
        now = self.place.desk.door.clock.now()
        with web.element("div").classes("sf-who-bar"):
            TextElement(tag="strong", text=found.name or "（姓名未知）")
            TextElement(tag="span", text=found.id_no)
            TextElement(tag="span", text="已读卡" if self.card and self.card.read else "手工输入").classes(
                "sf-badge sf-muted"
            )
            for source in found.sources:
                words = "没有应答" if source.silent else f"{source.state} · {age_text(source.at, now)}"
                text = TextElement(tag="span", text=f"{source.source}：{words}")
                text.classes(f"sf-badge sf-{'warn' if source.silent else 'muted'}")
        if silent := [source.source for source in found.sources if source.silent]:
            words = f"{'、'.join(silent)}暂时没有应答，下列房屋可能不全；本系统保存的登记快照已列出。"
            TextElement(tag="p", text=words).classes("sf-callout").props("role=alert")
        head(f"房屋（{len(found.houses)}）　回车或F2：为选中的房屋新增备案")
        self.houses = _houses(found, self._file_house)
        head(f"合同与备案（{len(found.leases)}）　回车：打开")
        self.leases = _leases(found, self._open_lease)
        if found.cases:
            head(f"在办件（{len(found.cases)}）")
            _cases(found, partial(self._open_case, found))

    async def _open_lease(self, line: LeaseLine) -> None:
        await self._open_contract(line.contract_id)

    async def _open_contract(self, contract_id: UUID) -> None:
        assert self.overview is not None
        answer = await call(open_lease, OpenLease(contract_id, self.overview.id_no))
        if answer.ok:
            await self.place.open("contract", id=answer.value)

    async def _open_case(self, found: PersonOverview, line: CaseLine) -> None:
        lease = next((lease for lease in found.leases if lease.address == line.address), None)
        if lease is not None:
            await self._open_contract(lease.contract_id)

    async def new_filing(self) -> None:
        """F2: with the house in hand, or an empty form with this landlord."""
        await self._file_house(self.houses.held if self.houses is not None else None)

    async def _file_house(self, house: HouseLine | None) -> None:
        """Save the draft before the form opens, so that no name enters the address."""
        raw = new_form(self.place.desk.door.clock.today())
        if self.overview is not None and self.card is not None:
            _take_person(raw, self.overview, self.card)
        if house is not None:
            raw["house"] |= {
                "house_code": house.house_code,
                "category": house.category,
                "proof_kind": _PROOF_OF.get(house.category, ProofKind.A1).value,
                "cert_no": house.cert_no,
                "room_no": house.room,
            }
        payload = {"raw": raw, "kept": {}, "step": "house"}
        title = house.address if house is not None else "未填写房屋"
        answer = await call(save_draft, SaveDraft(DRAFT_KIND, title, payload))
        if answer.ok:
            await self.place.open("filing_form", id=answer.value.id)


def _take_person(raw: dict[str, Any], found: PersonOverview, card: Card) -> None:
    raw["lessors"][0] |= {
        "name": found.name or card.name,
        "id_type": card.id_type,
        "id_no": found.id_no,
        "address": card.address,
        "mobile": card.mobile,
        "card_read": card.read,
    }


def _houses(found: PersonOverview, on_enter: Any) -> Lines:
    labels, kinds = HouseCategory.labels(), RestrictionKind.labels()
    columns = {
        "address": LineColumn("坐落", lambda line: line.address),
        "cert": LineColumn("权属证明编号", lambda line: line.cert_no, 230),
        "category": LineColumn("类别", lambda line: labels.get(line.category, line.category), 90),
        "use": LineColumn("用途", lambda line: line.use, 60),
        "area": LineColumn("建筑面积", lambda line: f"{line.area} ㎡", 90),
        "holding": LineColumn("权利", lambda line: line.holding, 90),
        "limits": LineColumn(
            "限制", lambda line: "、".join(kinds.get(kind, kind) for kind in line.restrictions), 110, lambda line: "bad"
        ),
    }
    return Lines(
        "房屋",
        columns,
        found.houses,
        key=lambda line: f"{line.house_code}{line.cert_no}",
        on_enter=on_enter,
        empty="没有登记在该人名下的房屋",
    )


def _leases(found: PersonOverview, on_enter: Any) -> Lines:
    columns = {
        "address": LineColumn("坐落", lambda line: line.address),
        "part": LineColumn("部位", lambda line: line.part, 70),
        "no": LineColumn("备案编号", lambda line: line.filing_no or "（未备案）", 190),
        "capacity": LineColumn("身份", lambda line: line.capacity, 80),
        "term": LineColumn("租期", lambda line: f"{line.start} 至 {line.end}", 190),
        "state": LineColumn("状态", lambda line: line.state, 100, lambda line: STATE_TONES.get(line.state, "muted")),
        "unit": LineColumn("受理单位", lambda line: line.unit, 190),
    }
    return Lines(
        "合同与备案",
        columns,
        found.leases,
        key=lambda line: str(line.contract_id),
        on_enter=on_enter,
        empty="没有合同和备案记录",
    )


def _cases(found: PersonOverview, on_enter: Any) -> Lines:
    columns = {
        "no": LineColumn("办件编号", lambda line: line.case_no, 190),
        "address": LineColumn("坐落", lambda line: line.address),
        "state": LineColumn("状态", lambda line: line.state, 100, lambda line: STATE_TONES.get(line.state, "muted")),
        "at": LineColumn("收件时间", lambda line: shown(line.received_at), 150),
    }
    return Lines("在办件", columns, found.cases, key=lambda line: str(line.case_id), on_enter=on_enter)


async def build(place: Place) -> None:
    await IntakePage(place).draw()


INTAKE = Module("intake", "窗口受理", "support_agent", "counter", frozenset(CLERKS), build)

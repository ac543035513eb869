"""窗口受理: a card or a number, and at once that person's houses, leases and cases, each with the age of its source (row 6)."""

from operator import attrgetter
from typing import Any
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from models.engine import Draft
from models.house import HouseCategory, ProofKind, RestrictionKind
from models.tenancy_codes import IdType
from services.engine.drafts import SaveDraft, drop_draft, my_drafts, save_draft
from services.engine.listings import Line
from services.tenancy.counter_forms import new_form
from services.tenancy.counter_house import CATEGORY_OF
from services.tenancy.intake import HouseLine, LeaseLine, OpenLease, PersonOverview, ReadPerson, open_lease, read_person
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.choice import Choice
from ui.shell.dialogs import confirm
from ui.shell.modules import Module
from ui.shell.parts import badge, head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import as_of_text
from ui.tenancy.card_reader import Card, card_of, cards_of_demo, draw_demo_cards, read_card
from ui.tenancy.filing_form import DRAFT_KIND
from ui.tenancy.sheet import focus_selector

#: The certificate a house is usually proved by.
_PROOF_OF = {category.value: proof for proof, category in reversed(CATEGORY_OF.items())}


class IntakePage:
    """Number or card above; below the drafts, and after a card is read all that is known of the person."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.client = web.context.client
        self.card: Card | None = None
        self.overview: PersonOverview | None = None
        self.houses: Rows | None = None

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

    # ---------------------------------------------------------------- no person read yet

    async def show_drafts(self) -> None:
        """Return what was begun and not finished."""
        answer = await call(my_drafts, DRAFT_KIND, quiet=True)
        if self.result.is_deleted:
            return
        self.result.clear()
        with self.result:
            head("继续上次未完成的办理")
            self.drafts = Rows(
                (Column("title", "房屋"), Column("updated_at", "上次保存", width=160)),
                label="未完成的办理",
                lines=answer.value if answer.ok else (),
                on_enter=self._open_draft,
                empty="没有未完成的办理",
            )
            if self.drafts.lines:
                with web.element("div").classes("sf-row"):
                    TextElement(tag="small", text="↓ 选择，回车继续。").classes("sf-help")
                    plain_button("删除选中的草稿", self._drop_draft, icon="delete_outline")
            draw_demo_cards(self.demo)

    async def _open_draft(self, line: Draft) -> None:
        await self.place.open("filing_form", id=line.id)

    async def _drop_draft(self) -> None:
        line = self.drafts.held
        if line is None:
            self.place.say("请先选择一份草稿", "warn")
            return
        await confirm("删除这份草稿？删除后不能恢复。", summary={"房屋": line.title}, yes="删除", danger=True)
        (await call(drop_draft, line.id)).or_end()
        await self.show_drafts()

    # ---------------------------------------------------------------- a person is read

    async def _entered(self, event: events.GenericEventArguments) -> None:
        card = card_of(str(event.args or ""), self.demo, reader=False)
        if card is None:
            self.wrong.text = "请输入完整的证件号码"
            return
        kind = card.id_type if card.read else str(self.kind.value or IdType.ID_CARD.value)
        await self.show(Card(card.id_no, card.name, kind, card.address, card.mobile, card.read))

    async def read_card(self) -> None:
        await self.show(await read_card())

    async def start_over(self) -> None:
        """The next person: nothing of the last one stays on the screen."""
        self.card = self.overview = self.houses = None
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
        if self.result.is_deleted:
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
            badge("已读卡" if self.card and self.card.read else "手工输入")
            for source in found.sources:
                words = "没有应答" if source.silent else f"{source.state} · {as_of_text(source.at, now)}"
                badge(f"{source.source}：{words}", "warn" if source.silent else "muted")
        if silent := [source.source for source in found.sources if source.silent]:
            words = f"{'、'.join(silent)}暂时没有应答，下列房屋可能不全；本系统保存的登记快照已列出。"
            TextElement(tag="p", text=words).classes("sf-callout").props("role=alert")
        head(f"房屋（{len(found.houses)}）　回车或F2：为选中的房屋新增备案")
        self.houses = Rows(
            (
                Column("address", "坐落"),
                Column("cert_no", "权属证明编号", width=230),
                Column("category", "类别", width=90, show=lambda category: HouseCategory.stored(category).label),
                Column("use", "用途", width=60),
                Column("area", "建筑面积", width=90, show=lambda area: f"{area} ㎡"),
                Column("holding", "权利", width=90),
                Column("limits", "限制", width=110, value=_limits),
            ),
            label="房屋",
            # The keyboard begins on the first row: what may not be let comes last.
            lines=sorted(found.houses, key=lambda line: bool(line.restrictions)),
            id_of=lambda line: f"{line.house_code}{line.cert_no}",
            on_enter=self._file_house,
            empty="没有登记在该人名下的房屋",
        )
        head(f"合同与备案（{len(found.leases)}）　回车：打开")
        Rows(
            (
                Column("address", "坐落"),
                Column("part", "部位", width=70),
                Column("filing_no", "备案编号", width=190, show=lambda number: number or "（未备案）"),
                Column("capacity", "身份", width=80),
                Column("term", "租期", width=190, value=lambda line: f"{line.start} 至 {line.end}"),
                Column("state", "状态", width=100),
                Column("unit", "受理单位", width=190),
            ),
            label="合同与备案",
            lines=found.leases,
            id_of=attrgetter("contract_id"),
            on_enter=self._open_lease,
            empty="没有合同和备案记录",
        )
        if found.cases:
            head(f"在办件（{len(found.cases)}）")
            Rows(
                (
                    Column("case_no", "办件编号", width=190),
                    Column("address", "坐落"),
                    Column("state", "状态", width=100),
                    Column("received_at", "收件时间", width=150),
                ),
                label="在办件",
                lines=found.cases,
                on_enter=self._open_case,
            )

    async def _open_lease(self, line: LeaseLine) -> None:
        await self._open_contract(line.contract_id)

    async def _open_contract(self, contract_id: UUID) -> None:
        assert self.overview is not None
        done = (await call(open_lease, OpenLease(contract_id, self.overview.id_no))).or_end()
        await self.place.open("contract", id=done)

    async def _open_case(self, line: Line) -> None:
        await self._open_contract(line.contract_id)

    async def new_filing(self) -> None:
        """F2: with the house in hand, or an empty form with this landlord."""
        await self._file_house(self.houses.held if self.houses is not None else None)

    async def _file_house(self, house: HouseLine | None) -> None:
        """Save the draft before the form opens, so that no name enters the address."""
        if house is not None and house.restrictions:
            told = {"坐落": house.address, "限制": str(_limits(house))}
            await confirm("这套房屋有限制，备案不会通过。仍要填写？", summary=told, yes="仍要填写", danger=True)
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
        done = (await call(save_draft, SaveDraft(DRAFT_KIND, title, payload))).or_end()
        await self.place.open("filing_form", id=done.id)


def _take_person(raw: dict[str, Any], found: PersonOverview, card: Card) -> None:
    raw["lessors"][0] |= {
        "name": found.name or card.name,
        "id_type": card.id_type,
        "id_no": found.id_no,
        "address": card.address,
        "mobile": card.mobile,
        "card_read": card.read,
    }


def _limits(line: HouseLine) -> Toned:
    return Toned("、".join(RestrictionKind.stored(kind).label for kind in line.restrictions), "bad")


async def build(place: Place) -> None:
    await IntakePage(place).draw()


INTAKE = Module("intake", "窗口受理", "support_agent", "counter", read_person.roles, build)

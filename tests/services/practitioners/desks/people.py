"""A firm, its district and a window at work with people's cards, for tests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID

import httpx
from PIL import Image
from sqlmodel import col, select

from models.enterprise import Enterprise
from models.identity import id_check_character
from models.practitioner_codes import ApplyState
from models.practitioners import CardApply, CardTask, InfoCard
from services.engine.callers import Caller
from services.engine.listings import Line, Listing, ListPage, ListRows
from services.engine.orders import OneRow
from services.engine.paging import Paging
from services.engine.refusals import Refusal
from services.engine.registry import Action, Query
from services.practitioners.applications import apply_for_card
from services.practitioners.brands import put_brand
from services.practitioners.cancellation import ReadHolder, WindowReceipt, cancel_at_window, read_holder
from services.practitioners.card_moves import activate
from services.practitioners.inspection import pass_apply
from services.practitioners.orders import (
    ApplyAnswer,
    ApplyFor,
    BrandAnswer,
    BrandForm,
    CancelAtWindow,
    KeptPortrait,
    PersonData,
    Told,
)
from services.practitioners.photos import keep_portrait
from tests.drawn_portraits import drawn_face
from tests.world import World, in_order

_SERIAL = count(1)
#: 沪寓公寓 in 310115 and 安居经纪 in 310104, each with a user; 江畔寓所 is suspended and has none.
HUYU, ANJU, JIANGPAN = "91310115MA1K000016", "91310104MA7A000029", "91310106MAXF40002A"


def sound_number(born: str = "19900315", *, region: str = "310115") -> str:
    """A document number nobody has had before."""
    first = f"{region}{born}{next(_SERIAL) % 1000:03d}"
    return first + id_check_character(first)


@cache
def portrait(
    width: int = 295, height: int = 413, *, kind: str = "JPEG", orientation: int = 1, blank: bool = False
) -> bytes:
    """Somebody drawn, or nothing, with what a camera writes about place and time."""
    image = Image.new("RGB", (width, height), (230, 235, 240)) if blank else drawn_face(1).resize((width, height))
    exif = image.getexif()
    exif[0x0112], exif[0x010F], exif[0x9003] = orientation, "Secret Camera", "2026:11:01 08:00:00"
    out = BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def logo(side: int = 300, *, kind: str = "PNG", height: int | None = None) -> bytes:
    image = Image.new("RGB", (side, height or side), "white")
    image.paste((180, 20, 40), (side // 4, side // 4, side // 2, side // 2))
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def somebody(name: str = "顾晓晨", **changes: Any) -> PersonData:
    """Somebody who fits every rule."""
    given: dict[str, Any] = {
        "name": name,
        "id_type": "11",
        "id_no": sound_number(),
        "mobile": "13800002345",
        "education": "本科",
        "post": "租赁顾问",
        "store": "花木店",
        "hired_on": date(2027, 2, 20),
        "contract_from": date(2027, 2, 20),
        "contract_to": date(2029, 2, 19),
    }
    return PersonData(**(given | changes))


def codes(answer: Any) -> set[str]:
    """The rules that found something, of an answer or a refusal."""
    return {finding.code for finding in answer.findings}


@dataclass
class Desks:
    """Who works: two firms, two inspectors of 浦东新区, one of 徐汇区, two clerks of 浦东's window, the city."""

    world: World

    def __post_init__(self) -> None:
        self.firm, self.other_firm = self.world.caller("huyu01"), self.world.caller("anju01")
        self.inspector, self.foreign = self.world.caller("pdju01"), self.world.caller("xhju01")
        # A second inspector of the same office: no act of ours needs more of him than his account.
        self.colleague = replace(self.inspector, account_id=self.world.caller("shi02").account_id)
        self.clerk, self.second = self.world.caller("pudong01"), self.world.caller("pudong02")
        self.city = self.world.caller("shi01")

    @property
    def today(self) -> date:
        return self.world.door.clock.today()

    def act(self, action: Action[Any, Any], order: Any, caller: Caller | None = None) -> Any:
        return self.world.door.perform(action, caller or self.firm, order)

    def ask(self, query: Query[Any, Any], order: Any = None, caller: Caller | None = None) -> Any:
        return self.world.door.ask(query, caller or self.firm, order)

    def page(self, listing: Listing, caller: Caller | None = None, **filters: str) -> ListPage:
        """A page of a listing, with the lines of these filters."""
        return self.world.door.ask(listing.query, caller or self.firm, ListRows(filters, Paging(1, 200)))

    def lines(self, listing: Listing, caller: Caller | None = None, **filters: str) -> Sequence[Line]:
        return self.page(listing, caller, **filters).lines

    def refused(self, action: Action[Any, Any], order: Any, caller: Caller | None = None) -> Refusal:
        """How an act is refused; that it is done is a fault."""
        try:
            self.act(action, order, caller)
        except Refusal as refusal:
            return refusal
        raise AssertionError(f"{action.name} was done")

    def rows(self, table: Any, *where: Any) -> list[Any]:
        """The rows of a table, the oldest first."""
        found = select(table).where(*where).order_by(in_order(table))
        return list(self.world.read(lambda work: work.session.exec(found).all()))

    def public(self, card_id: UUID) -> dict[str, str]:
        """What anybody may see of a card."""
        shown = self.card(card_id).public
        assert shown is not None
        told: dict[str, str] = shown.json()
        return told

    def card(self, card_id: UUID) -> InfoCard:
        found: InfoCard = self.rows(InfoCard, InfoCard.id == card_id)[0]
        return found

    def kept(self, apply_id: UUID | None) -> CardApply:
        found: CardApply = self.rows(CardApply, CardApply.id == apply_id)[0]
        return found

    def tasks_of(self, card_id: UUID) -> Sequence[CardTask]:
        return self.rows(CardTask, CardTask.card_id == card_id)

    def firm_row(self, uscc: str = HUYU) -> Enterprise:
        found: Enterprise = self.rows(Enterprise, Enterprise.uscc == uscc)[0]
        return found

    def move_firm(self, **values: Any) -> None:
        """Give 沪寓公寓 another record, service or district, as the owner of the record would."""
        self.world.rewrite(Enterprise, col(Enterprise.uscc) == HUYU, **values)

    # Steps

    def photo(self, content: bytes | None = None, caller: Caller | None = None) -> KeptPortrait:
        order = portrait() if content is None else content
        kept: KeptPortrait = self.act(keep_portrait, order, caller)
        return kept

    def order(self, person: PersonData | None = None, caller: Caller | None = None, **changes: Any) -> ApplyFor:
        if "portrait_id" not in changes:
            changes["portrait_id"] = self.photo(caller=caller).portrait_id
        return ApplyFor(person or somebody(), **changes)

    def handed_in(self, person: PersonData | None = None, caller: Caller | None = None, **changes: Any) -> UUID:
        """The id of an application that was taken in."""
        apply_id = self.applied(person, caller, **changes).apply_id
        assert apply_id is not None
        return apply_id

    def applied(self, person: PersonData | None = None, caller: Caller | None = None, **changes: Any) -> ApplyAnswer:
        answer: ApplyAnswer = self.act(apply_for_card, self.order(person, caller, **changes), caller)
        return answer

    def waiting(self, person: PersonData | None = None) -> UUID:
        """An application that waits for the inspector."""
        answer = self.applied(person)
        assert answer.state is ApplyState.INSPECTING, answer
        assert answer.apply_id is not None
        return answer.apply_id

    def passed(self, person: PersonData | None = None) -> UUID:
        """A card that is drawn up."""
        card_id: UUID = self.act(pass_apply, Told(self.waiting(person)), self.inspector)
        return card_id

    def active(self, person: PersonData | None = None) -> UUID:
        """A card in force."""
        card_id = self.passed(person)
        self.act(activate, OneRow(card_id))
        return card_id

    def brand(self, short_name: str, caller: Caller | None = None, **changes: Any) -> BrandAnswer:
        form = BrandForm(short_name, changes.pop("logo", logo()), **changes)
        answer: BrandAnswer = self.act(put_brand, form, caller)
        return answer

    def read_card(self, person: PersonData, caller: Caller | None = None, how: str = "CARD") -> Any:
        order = ReadHolder(person.id_no, how)
        return self.act(read_holder, order, caller or self.clerk)

    def at_window(self, person: PersonData, card_id: UUID) -> WindowReceipt:
        self.read_card(person)
        order = CancelAtWindow(card_id, person.name, person.id_type, person.id_no)
        receipt: WindowReceipt = self.act(cancel_at_window, order, self.clerk)
        return receipt

    # The outside

    def list_number(self, id_no: str, category: str = "严重违规从业", **changes: Any) -> None:
        """Put a number on the association's list, or take it off without a category."""
        order = {"id_no": id_no, "category": category, **{key: str(value) for key, value in changes.items()}}
        httpx.post(f"{self.world.simulators.base_url('blacklist')}/sim/change", json=order).raise_for_status()

    def rename(self, id_no: str, name: str = "") -> None:
        """Have the police know a number under this name, or not at all."""
        order = {"id_no": id_no, "name": name}
        httpx.post(f"{self.world.simulators.base_url('police')}/sim/change", json=order).raise_for_status()

    def days_later(self, days: int) -> None:
        self.world.let_pass(**{"days": days})

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

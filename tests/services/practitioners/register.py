"""Firms with people and cards of every state, made by the product's own acts, for tests of what is shown of them."""

from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID

from PIL import Image
from sqlmodel import select

from models.columns import new_id
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.practitioner_codes import BrandState, CardEnd, CardPause, CardState
from models.practitioners import Brand, InfoCard, Portrait
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.access.access_list_signature import sign_pending
from services.engine.callers import Caller
from services.engine.work import Work
from services.practitioners.cards import (
    CardEvent,
    activate_card,
    cancel_card,
    make_card,
    resume_card,
    store_person,
    suspend_card,
    tell_card,
)
from services.practitioners.orders import PersonData
from tests.firms_made import sign_up
from tests.world import World, sealer

HERE, THERE = "310115", "310104"
ACCOUNT = "31001500000000001234"
MOBILE = "13800000001"
_serial = count(1)


def citizen_number(serial: int, born: str = "19900101") -> str:
    """A number with its check character; nobody has it."""
    digits = f"310101{born}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def next_number() -> str:
    """A number that no card has, born on another day than those a test names itself."""
    serial = next(_serial)
    return citizen_number(serial % 1000, f"19{70 + serial // 1000}0202")


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def face(shade: int = 90) -> bytes:
    """A picture that looks like nobody."""
    with BytesIO() as kept:
        Image.radial_gradient("L").resize((240, 336)).point(lambda dot: (dot + shade) % 256).convert("RGB").save(
            kept, "JPEG", quality=80
        )
        return kept.getvalue()


def code_of(card: InfoCard) -> str:
    """What the card's QR code holds behind the address."""
    assert card.token is not None
    return card.token.plain


@dataclass
class Register:
    """The firms of a test's world."""

    world: World
    logins: dict[UUID, str] = field(default_factory=dict)

    def firm(self, name: str = "", *, district: str = HERE, short: str = "", **values: Any) -> UUID:
        """A firm on record with an account at its desk."""
        serial = next(_serial)
        firm = Enterprise(
            name=name or f"上海测试租赁{serial}有限公司",
            kind=EnterpriseKind.RENTAL,
            uscc=f"91310115MA{serial:07d}K",
            short_name=short,
            district_code=district,
            street_code=f"{district}005",
            **{
                "record_no": f"沪租备{serial:06d}",
                "record_state": RecordState.RECORDED,
                "supervised_account": Sealed.of(ACCOUNT),
                "supervised_bank": "中国测试银行浦东支行",
                **values,
            },
        )
        self.logins[firm.id] = login = f"reg{serial:04d}"

        def found(work: Work) -> None:
            work.add(firm)
            sign_up(work, firm, login)

        self.world.act(found)
        sign_pending(self.world.door)
        return firm.id

    def desk(self, firm_id: UUID) -> Caller:
        """Whoever sits at the firm's desk."""
        return self.world.caller(self.logins[firm_id])

    def card(
        self,
        firm_id: UUID,
        name: str,
        *,
        state: CardState = CardState.ACTIVE,
        photo: bytes | None = None,
        id_no: str = "",
        **person: Any,
    ) -> InfoCard:
        """A card of a person with a photo (none with `b""`), brought into its state step by step."""
        data = PersonData(name, "11", id_no or next_number(), **{"post": "租赁顾问", "mobile": MOBILE, **person})

        def made(work: Work) -> UUID:
            firm = work.session.exec(select(Enterprise).where(Enterprise.id == firm_id)).one()
            portrait = self._portrait(work, firm_id, face() if photo is None else photo)
            holder = store_person(work, firm, data, portrait)
            card = make_card(work, firm, holder, portrait)
            work.session.flush()
            return card.id

        card_id = self.world.act(made)
        if state is CardState.LAPSED:
            self.step(card_id, state)
        elif state is not CardState.PASSED:
            self.step(card_id, CardState.ACTIVE)
            if state is not CardState.ACTIVE:
                self.step(card_id, state)
        return self.of(card_id)

    def _portrait(self, work: Work, firm_id: UUID, photo: bytes) -> UUID | None:
        if not photo:
            return None
        made = new_id()
        row = Portrait(
            id=made,
            enterprise_id=firm_id,
            digest=sm3_hex(photo),
            width=240,
            height=336,
            content=sealer().seal_file(photo, str(made)),
            kept_at=work.now,
        )
        work.add(row)
        return made

    def step(self, card_id: UUID, state: CardState) -> None:
        """Take a card to its next state as the product does."""

        def moved(work: Work) -> None:
            card = work.session.exec(select(InfoCard).where(InfoCard.id == card_id)).one()
            if state is CardState.ACTIVE and card.state is CardState.PASSED:
                activate_card(work, card)
            elif state is CardState.ACTIVE:
                resume_card(work, card)
            elif state is CardState.SUSPENDED:
                suspend_card(work, card, next(iter(CardPause)))
            elif state is CardState.CANCELLED:
                cancel_card(work, card, CardEnd.LEFT)
            else:
                card.state, card.live = state, None
                work.add(card)
                tell_card(work, card, CardEvent.LAPSED)

        self.world.act(moved)

    def of(self, card_id: UUID) -> InfoCard:
        """A card as it is stored now."""
        found: InfoCard = self.world.read(
            lambda work: work.session.exec(select(InfoCard).where(InfoCard.id == card_id)).one()
        )
        return found

    def brand(self, firm_id: UUID, short_name: str, logo: bytes, state: BrandState = BrandState.APPROVED) -> UUID:
        """A short name and a logo; approved ones are the firm's."""
        made = new_id()

        def kept(work: Work) -> None:
            firm = work.session.exec(select(Enterprise).where(Enterprise.id == firm_id)).one()
            brand = Brand(
                id=made,
                enterprise_id=firm_id,
                short_name=short_name,
                logo_digest=sm3_hex(logo),
                logo_side=200,
                logo=sealer().seal_file(logo, str(made)),
                state=state,
                district_code=firm.district_code,
                street_code=firm.street_code,
            )
            work.add(brand)
            if state is BrandState.APPROVED:
                firm.short_name, firm.brand_id = short_name, made
                work.add(firm)

        self.world.act(kept)
        return made

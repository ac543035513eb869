"""从业人员查询: by full name, card number or firm; a card in force is listed, another one only found exactly (row 48)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from models.access import Role
from models.enterprise import Enterprise
from models.normal import BadText, clean_name
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.sealed import indexes_of
from models.sealing import Sealer
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.practitioners.photos import portrait_of
from services.practitioners.public_entries import card_stands, in_force, public_content, told_now
from services.practitioners.records import card_number as kept_number
from services.practitioners.records import sound
from services.public_check.answers import CardAnswer, Verdict, card_verdict
from services.public_practitioners.visitor import Found, found_page, sound_rows

_LONGEST_NUMBER = 40
NOBODY = UUID(int=0)
_SHOWN = (CardState.ACTIVE, CardState.SUSPENDED, CardState.CANCELLED)
FULL_NAME = "请输入完整姓名（至少两个字），不能只输入姓氏"


@dataclass(frozen=True)
class FindPeople:
    """Typed search terms; at least one of three."""

    name: str = ""
    card_no: str = ""
    firm: str = ""
    page: int = 1


@dataclass(frozen=True)
class PersonFound:
    """A card as a line of the list: public words only."""

    name: str
    card_no: str
    duty: str
    firm: str
    record_no: str
    state: str
    in_force: bool


@query("public.people", "公众查询从业人员", roles={Role.SYSTEM})
def find_people(work: Work, order: FindPeople) -> Found:
    """Cards in force, with a firm in order, that fit everything typed; suspended and cancelled ones by card number, or name and firm, exactly."""
    chosen = (
        select(InfoCard, Enterprise)
        .join(Enterprise, col(Enterprise.id) == InfoCard.enterprise_id)
        .where(*_where(work.sealer, checked(order)), sound(work, InfoCard, Enterprise))
    )
    by = sa.case((in_force(), 0), else_=1), col(InfoCard.card_no)
    return found_page(work, chosen, *by, page=order.page, line=lambda row: _line(*row))


def checked(order: FindPeople) -> FindPeople:
    """Return the typed terms in normal form, or raise `Rejected`, before any question is audited."""
    name, number, firm = _name(order.name), card_number(order.card_no), search_word(order.firm)
    if not (name or number or firm):
        raise Rejected("请输入姓名、卡号或者企业名称")
    if firm and len(firm) < 2:
        raise Rejected("企业名称请至少输入2个字")
    return FindPeople(name, number, firm, order.page)


def _where(sealer: Sealer, order: FindPeople) -> list[Any]:
    name, number, firm = order.name, order.card_no, order.firm
    where: list[Any] = []
    if name:
        where.append(col(InfoCard.name_index).in_(indexes_of(sealer, "name", name)))
    if number:
        where.append(InfoCard.card_no == number)
    exact = or_(Enterprise.name == firm, Enterprise.short_name == firm) if firm else sa.false()
    if firm:
        held = or_(
            col(Enterprise.name).contains(firm, autoescape=True),
            col(Enterprise.short_name).contains(firm, autoescape=True),
        )
        where.append(held)
    active = in_force()
    if number:
        where.append(col(InfoCard.state).in_(_SHOWN))
    elif name and firm:
        where.append(or_(active, sa.and_(exact, col(InfoCard.state).in_(_SHOWN), ~_has_newer())))
    else:
        where.append(active)
    return where


def _has_newer() -> Any:
    """Build a clause for cards with a later card of that person and firm, which is shown instead (row 47)."""
    newer: Any = aliased(InfoCard)
    return (
        select(newer.id)
        .where(
            newer.id_no_index == InfoCard.id_no_index,
            newer.enterprise_id == InfoCard.enterprise_id,
            newer.state.in_(_SHOWN),
            newer.id > InfoCard.id,
        )
        .exists()
    )


def _name(typed: str) -> str:
    try:
        name = clean_name(typed)
    except BadText as problem:
        raise Rejected(problem.sentence) from problem
    if len(name) == 1:
        raise Rejected(FULL_NAME)
    return name


def card_number(typed: str) -> str:
    """A card number as it is kept: half-width, without blanks, upper case."""
    number = kept_number(search_word(typed))
    if len(number) > _LONGEST_NUMBER:
        raise Rejected(f"卡号最多{_LONGEST_NUMBER}位，请核对")
    return number


def _line(card: InfoCard, firm: Enterprise) -> PersonFound:
    now = card_stands(card, firm)
    return PersonFound(
        name=card.name.plain,
        card_no=card.card_no,
        duty=card.duty,
        firm=firm.name,
        record_no=firm.record_no,
        state=now.label,
        in_force=now is CardState.ACTIVE,
    )


@dataclass(frozen=True)
class CardFound:
    """A card with what is public of it. `photo_id` is the card's when its face is shown; `logo_id` is its firm's.

    `uscc` is empty where nothing is said of the firm.
    """

    verdict: Verdict
    content: dict[str, object]
    uscc: str
    photo_id: UUID | None = None
    logo_id: UUID | None = None


@query("public.card", "公众查看信息卡", roles={Role.SYSTEM})
def find_card(work: Work, card_no: str) -> CardFound | None:
    """Return the card of a number (as `card_number` gives it); inactive, lapsed and unknown cards are None alike.

    Of a card or firm changed past the product, only that it is under examination.
    """
    statement = sound_rows(work, InfoCard).where(InfoCard.card_no == card_no, col(InfoCard.state).in_(_SHOWN))
    card: InfoCard | None = work.session.exec(statement).first()
    if card is None:
        return _in_doubt(card_no) if _is_locked(work, card_no) else None
    firm = work.session.exec(sound_rows(work, Enterprise).where(Enterprise.id == card.enterprise_id)).first()
    if firm is None:
        return _in_doubt(card_no)
    now = card_stands(card, firm)
    content = told_now(public_content(work, card, firm), now, firm.record_state)
    told = CardAnswer(card.id, card.card_no, now, content, card.portrait_id is not None)
    return CardFound(
        card_verdict(told),
        content,
        firm.uscc,
        photo_id=card.id if told.shows_photo else None,
        logo_id=firm.brand_id if now is CardState.ACTIVE else None,
    )


def _is_locked(work: Work, card_no: str) -> bool:
    locked = work.locked("info_card")
    return bool(locked) and work.has(InfoCard, InfoCard.card_no == card_no, col(InfoCard.id).in_(locked))


def _in_doubt(card_no: str) -> CardFound:
    return CardFound(
        card_verdict(CardAnswer(NOBODY, card_no, CardState.CANCELLED, sound=False)), {"card_no": card_no}, ""
    )


@query("public.portrait", "公众查看信息卡照片", roles={Role.SYSTEM})
def card_portrait(work: Work, card_id: UUID) -> bytes:
    """The JPEG of a card in force today; empty where there is none to show."""
    # The firm is read whole: only then its MAC is looked at, and what vouches for the card is the firm's too.
    row = work.session.exec(
        select(InfoCard, Enterprise)
        .join(Enterprise, col(Enterprise.id) == InfoCard.enterprise_id)
        .where(InfoCard.id == card_id, sound(work, InfoCard, Enterprise), in_force())
    ).first()
    return portrait_of(work, row[0].portrait_id) if row is not None else b""

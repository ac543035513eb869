"""激活、暂停、恢复: a card put in force by its firm, suspended and put back by the district or with the firm (rows 41, 44)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.access import Role
from models.enterprise import RECORDED, Enterprise
from models.practitioner_codes import CARD, CardPause, CardState, TaskKind
from models.practitioners import InfoCard
from services.access.visibility import ENTERPRISE, firm_id_of_caller
from services.engine.look_ups import held
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action, query
from services.engine.words import enough_words
from services.engine.work import Work
from services.practitioners.cards import activate_card, resume_card, suspend_card
from services.practitioners.orders import Told
from services.practitioners.records import firm_of, is_suspended, sound, tell_firm
from services.practitioners.tasks import open_task_id, raise_task
from services.practitioners.visibility import DISTRICT


@action("practitioners.activate", "激活信息卡", roles=ENTERPRISE, step=Step(CARD, "activate"))
def activate(work: Work, order: OneRow) -> CardState:
    """Put a card in force (K09): only by the firm that applied, from 未生效, while its record and service are valid."""
    card = held(work, InfoCard, order.id, order.version)
    if card.enterprise_id != firm_id_of_caller(work):
        raise NotAllowed("仅申请企业可激活")
    if card.state is CardState.ACTIVE:
        since = f"（{card.active_from:%Y-%m-%d}）" if card.active_from else ""
        raise Conflict(f"信息卡{card.card_no}已经激活{since}，无需重复办理")
    if card.state is not CardState.PASSED:
        raise Conflict(f"信息卡{card.card_no}现为“{card.state.label}”，不能激活")
    firm = firm_of(work, card.enterprise_id)
    if firm.record_state not in RECORDED:
        raise Rejected(f"企业未备案（{firm.record_state.label}），不能激活")
    if is_suspended(firm):
        raise Rejected("企业服务已暂停，恢复后再激活")
    days = work.thresholds.integer("practitioners.lapse_days")
    if card.issued_on is not None and card.issued_on + timedelta(days=days) < work.today:
        raise Conflict(f"信息卡{card.card_no}超过{days}日未激活，已经失效，请重新申办")
    if is_doubted(work, card.id):
        raise Conflict("该人员的从业资格正在由区房屋管理部门核查，核查结束后再激活")
    activate_card(work, card)
    return card.state


def is_doubted(work: Work, card_id: UUID) -> bool:
    """Return whether a hit on the list is being looked into."""
    return open_task_id(work, card_id, TaskKind.BLACKLIST) is not None


@query("practitioners.lapse_days", "信息卡激活期限", roles=ENTERPRISE)
def lapse_days(work: Work, order: None) -> int:
    """Return how many days after inspection a card has to be activated, today."""
    return work.thresholds.integer("practitioners.lapse_days")


@action("practitioners.suspend", "暂停信息卡", roles=DISTRICT, step=Step(CARD, "suspend"))
def suspend(work: Work, order: Told) -> CardState:
    """Suspend a card during an inquiry of the district, and notify the firm of the reason."""
    reason = enough_words(order.reason, "暂停原因", most=500)
    card = held(work, InfoCard, order.id, order.version)
    suspend_card(work, card, CardPause.INQUIRY)
    body = f"信息卡{card.card_no}已暂停，原因：{reason}。暂停期间请勿安排持卡人从业，有疑问请联系区房屋管理部门。"
    tell_firm(work, card.enterprise_id, "信息卡已暂停", body, card)
    return card.state


@action("practitioners.resume", "恢复信息卡", roles=DISTRICT | {Role.CITY_CENTER}, step=Step(CARD, "resume"))
def resume(work: Work, order: Told) -> CardState:
    """Resume a suspended card as district or city, unless a blacklist hit is under review.

    While the firm is suspended the inquiry ends all the same, and the card resumes with its firm.
    """
    reason = enough_words(order.reason, "恢复原因", most=500)
    card = held(work, InfoCard, order.id, order.version)
    if is_doubted(work, card.id):
        raise Conflict("该信息卡有黑名单命中待核查，请先在待办中处理")
    if is_suspended(firm_of(work, card.enterprise_id)):
        if card.pause is not CardPause.INQUIRY:
            raise Conflict("企业服务仍为暂停，企业恢复后信息卡自动恢复")
        card.pause = CardPause.FIRM
        work.add(card)
        work.trail.tell("DATA.UPDATE", "practitioners.resume", about=card)
        told = f"信息卡{card.card_no}的调查已结束，企业恢复服务后自动恢复。{reason}"
        tell_firm(work, card.enterprise_id, "信息卡调查已结束", told, card)
        return card.state
    resume_card(work, card)
    tell_firm(work, card.enterprise_id, "信息卡已恢复", f"信息卡{card.card_no}已恢复有效。{reason}", card)
    return card.state


def suspend_for_list(work: Work, card: InfoCard, detail: dict[str, str]) -> None:
    """A hit on the list suspends a card at once and is put before the district (decision 29).

    What a card was suspended for already is kept with the hit, for the day the hit is lifted.
    """
    if card.state is CardState.ACTIVE:
        suspend_card(work, card, CardPause.BLACKLIST)
    elif card.state is CardState.SUSPENDED:
        detail = {**detail, "pause": str(card.pause or "")}
        card.pause = CardPause.BLACKLIST
        work.add(card)
    raise_task(work, TaskKind.BLACKLIST, card=card, detail=detail)
    told = "已暂停" if card.state is CardState.SUSPENDED else "暂不能激活"
    body = f"信息卡{card.card_no}的持卡人不符合从业要求，信息卡{told}，由区房屋管理部门核查。"
    tell_firm(work, card.enterprise_id, f"信息卡{told}", body, card)


def cards_to_follow(work: Work, firm: Enterprise, most: int) -> list[InfoCard]:
    """Cards that have to follow what the firm's service has become: to be suspended with it, or to be put back."""
    behind: Any = InfoCard.state == CardState.ACTIVE
    if not is_suspended(firm):
        behind = sa.and_(InfoCard.state == CardState.SUSPENDED, InfoCard.pause == CardPause.FIRM)  # type: ignore[arg-type]
    return _cards_of(work, firm, behind, most)


def live_cards_of(work: Work, firm: Enterprise, most: int) -> list[InfoCard]:
    return _cards_of(work, firm, InfoCard.live == 1, most)


def follow_firm(work: Work, card: InfoCard, firm: Enterprise) -> None:
    """Return what the firm's service has become its card becomes."""
    if is_suspended(firm):
        suspend_card(work, card, CardPause.FIRM)
    else:
        resume_card(work, card)


def _cards_of(work: Work, firm: Enterprise, which: Any, most: int) -> list[InfoCard]:
    """Cards of ours; those loaded from other sources (decision 26) have no holder on record and stay as they are."""
    return list(
        work.rows(
            InfoCard,
            InfoCard.enterprise_id == firm.id,
            col(InfoCard.practitioner_id).is_not(None),
            sound(work, InfoCard),
            which,
            by=InfoCard.id,
            most=most,
        )
    )

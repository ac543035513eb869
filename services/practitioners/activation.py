"""激活: the firm that applied puts a card in force, and the public sees it at once (row 41)."""

from datetime import timedelta
from uuid import UUID

from models.enterprise import RECORDED
from models.practitioner_codes import CARD, CardState, TaskKind
from models.practitioners import InfoCard
from services.access.visibility import ENTERPRISE
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action, query
from services.engine.work import Work
from services.practitioners.cards import activate_card
from services.practitioners.orders import CardMove, One
from services.practitioners.records import firm_id_of_caller, firm_of, held, is_suspended
from services.practitioners.tasks import open_task_id
from services.practitioners.thresholds import LAPSE_DAYS


@action("practitioners.activate", "激活信息卡", roles=ENTERPRISE, step=Step(CARD, "activate"))
def activate(work: Work, order: One) -> CardMove:
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
    days = work.thresholds.integer(LAPSE_DAYS)
    if card.issued_on is not None and card.issued_on + timedelta(days=days) < work.today:
        raise Conflict(f"信息卡{card.card_no}超过{days}日未激活，已经失效，请重新申办")
    if is_doubted(work, card.id):
        raise Conflict("该人员的从业资格正在由区房屋管理部门核查，核查结束后再激活")
    activate_card(work, card)
    return CardMove(card.id, card.card_no, card.state)


def is_doubted(work: Work, card_id: UUID) -> bool:
    """Return whether a hit on the list is being looked into."""
    return open_task_id(work, card_id, TaskKind.BLACKLIST) is not None


@query("practitioners.lapse_days", "信息卡激活期限", roles=ENTERPRISE)
def lapse_days(work: Work, order: None) -> int:
    """Return how many days after inspection a card has to be activated, today."""
    return work.thresholds.integer(LAPSE_DAYS)

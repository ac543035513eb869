"""反映问题: a citizen reports a card or a person at work, and the district of the firm's record examines it (row 48)."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select

from models.access import OrgUnit, Role, UnitKind
from models.codes import Code
from models.enterprise import Enterprise
from models.practitioner_codes import TaskKind, TaskState
from models.practitioners import CardTask, InfoCard
from models.sealed import Sealed
from services.engine.notices import notify
from services.engine.refusals import Rejected, TooMany
from services.engine.registry import action
from services.engine.words import some_words
from services.engine.work import Work
from services.public_practitioners.people import card_number
from services.public_practitioners.visitor import sound_rows

SHORTEST, LONGEST = 5, 500
LONGEST_CONTACT = 60
#: Where a report goes that names no card of ours.
_CITY = "310000"
#: Open reports of one card; more say nothing new to who already looks into it.
_MOST_OPEN = 20


class ReportReason(Code):
    FORGED = "FORGED", "信息卡扫码未查询到或者疑似假冒"
    NOT_THE_PERSON = "NOT_THE_PERSON", "持卡人与照片、姓名不一致"
    NOT_IN_FORCE = "NOT_IN_FORCE", "卡已暂停或者注销，仍在从业"
    WRONG = "WRONG", "公示的信息有误"
    CONDUCT = "CONDUCT", "从业行为不规范"
    OTHER = "OTHER", "其他问题"


@dataclass(frozen=True)
class ReportCard:
    """A citizen's report; `card_no` as printed on the card, if any, `contact` only if an answer is wanted."""

    reason: str
    text: str
    card_no: str = ""
    contact: str = ""


@action("public.report", "公众反映", roles={Role.SYSTEM}, event="DATA.CREATE")
def report_card(work: Work, order: ReportCard) -> str:
    """Open a task for the district of the firm's record, for the city where the card is none of ours; return who examines it."""
    order = checked(order)
    number = order.card_no
    card = work.session.exec(sound_rows(work, InfoCard).where(InfoCard.card_no == number)).first() if number else None
    firm = None
    if card is not None:
        _refuse_a_flood(work, card)
        # Of a firm that was changed past the product the district is unknown: the city looks into it.
        firm = work.session.exec(sound_rows(work, Enterprise).where(Enterprise.id == card.enterprise_id)).first()
    task = CardTask(
        kind=TaskKind.REPORT,
        card_id=card.id if card is not None else None,
        enterprise_id=firm.id if firm is not None else None,
        detail=Sealed.of_json(
            {
                "reason": ReportReason.of(order.reason).label,
                "text": order.text,
                "card_no": number,
                "contact": order.contact,
            }
        ),
        raised_at=work.now,
        district_code=firm.district_code if firm is not None else _CITY,
        street_code=firm.street_code if firm is not None else "",
    )
    work.add(task)
    work.trail.tell("DATA.CREATE", "public.report", about=task, detail={"reason": order.reason, "known": bool(card)})
    unit = _looks_into_it(work, task.district_code)
    if unit is not None:
        notify(work, "收到公众反映", ReportReason.of(order.reason).label, about=task, to_unit=unit.id)
    return unit.name if unit is not None else "市住房租赁管理事务中心"


def checked(order: ReportCard) -> ReportCard:
    """Return what was typed as it is kept, or `Rejected`; the page asks this first."""
    if order.reason not in ReportReason.labels():
        raise Rejected("请选择反映的问题")
    text = some_words(order.text, "具体情况", most=LONGEST)
    contact = some_words(order.contact, "联系方式", most=LONGEST_CONTACT)
    if len(text) < SHORTEST:
        raise Rejected(f"请说明具体情况（至少{SHORTEST}个字）")
    return ReportCard(order.reason, text, card_number(order.card_no), contact)


def _refuse_a_flood(work: Work, card: InfoCard) -> None:
    waiting = select(func.count()).where(
        CardTask.card_id == card.id, CardTask.kind == TaskKind.REPORT, CardTask.state == TaskState.OPEN
    )
    if work.session.exec(waiting).one() >= _MOST_OPEN:
        raise TooMany("这张卡已有多条反映正在处理，暂不再接收；紧急情况请拨打962269")


def _looks_into_it(work: Work, district_code: str) -> OrgUnit | None:
    kind = UnitKind.CITY_CENTER if district_code == _CITY else UnitKind.DISTRICT_BUREAU
    statement = select(OrgUnit).where(OrgUnit.kind == kind)
    if kind is UnitKind.DISTRICT_BUREAU:
        statement = statement.where(OrgUnit.district_code == district_code)
    return work.session.exec(statement.order_by(col(OrgUnit.unit_code)).limit(1)).first()

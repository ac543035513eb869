"""Alerts about persons above the threshold: opened, notified, handled, closed and opened again (U01, row 49)."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlmodel import col, select

from models.access import Role
from models.identity import check_mobile
from models.normal import normal_phone
from models.places_data import districts_by_code, streets
from models.sealed import Sealed
from models.sublets import (
    ALERT,
    SubletAct,
    SubletAlert,
    SubletAlertDistrict,
    SubletAlertState,
    SubletAlertStep,
    SubletClosing,
    SubletPerson,
)
from services.engine.notices import notify
from services.engine.numbering import number_later
from services.engine.orders import Reasoned
from services.engine.outbox import route, send
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.sublets.sublet_count import THRESHOLD, Count, count_of, documents_of
from services.tenancy.short_messages import SWITCH, deliver_text

_GUIDE = "sublet_guide"
_OPEN = (SubletAlertState.OPEN, SubletAlertState.HANDLING)
HANDLERS = {Role.DISTRICT_BUREAU}


def recount(work: Work, person: SubletPerson) -> Count:
    """Count a person anew, and open, close or reopen the alert as the count crosses the threshold."""
    work.session.flush()
    main, *joined = documents_of(work, person)
    # Two registrations of a person at once are counted one after the other.
    main = work.held(select(SubletPerson).where(SubletPerson.id == main.id)).one()
    for document in joined:
        document.units = 0
        work.add(document)
        if (own := alert_of(work, document)) is not None and own.state in _OPEN:
            _close(work, own, SubletClosing.REDUCED, 0, "已并入同一人的主记录")
    count, before = count_of(work, main), main.units
    main.units, main.most, main.counted_at = count.units, max(main.most, count.units), work.now
    work.add(main)
    threshold, alert = work.thresholds.integer(THRESHOLD), alert_of(work, main)
    if count.units > threshold:
        _above(work, main, alert, count, threshold, crossed=before <= threshold)
    elif alert is not None and alert.state in _OPEN:
        _close(work, alert, SubletClosing.FIRM if main.firm_since else SubletClosing.REDUCED, count.units, "")
    return count


def alert_of(work: Work, person: SubletPerson) -> SubletAlert | None:
    """Return the alert about a person, open or closed."""
    return work.first(SubletAlert, SubletAlert.person_id == person.id)


def _above(
    work: Work, person: SubletPerson, alert: SubletAlert | None, count: Count, threshold: int, *, crossed: bool
) -> None:
    """Open the alert; one that was closed as a mistake is opened again only when the count crosses anew."""
    if alert is None:
        alert = SubletAlert(person_id=person.id, units=count.units, threshold=threshold, opened_at=work.now)
        work.add(alert)
        number_later(work, "ZY", person.district_code, work.today, lambda number: _number(work, alert, number))
        act = SubletAct.OPENED
    elif alert.state is SubletAlertState.CLOSED and (crossed or alert.closing is not SubletClosing.MISTAKEN):
        take_step(work, alert, ALERT, "reopen", reason=f"{count.units}套（间）")
        alert.units, alert.threshold, alert.opened_at, alert.times = count.units, threshold, work.now, alert.times + 1
        alert.closing = alert.closed_at = alert.handler_id = None
        act = SubletAct.REOPENED
    else:
        return
    work.add(alert)
    _step(work, alert, act, count.units)
    _tell(work, person, alert, count)


def _number(work: Work, alert: SubletAlert, number: str) -> None:
    alert.alert_no = number
    work.add(alert)


def _tell(work: Work, person: SubletPerson, alert: SubletAlert, count: Count) -> None:
    """Tell each district in which units lie, and the main one; and the person how to register a business."""
    known = {one.district_code: one for one in work.rows(SubletAlertDistrict, SubletAlertDistrict.alert_id == alert.id)}
    lies = count.by_district()
    names = {one.code: one.name for one in streets()}
    for district in sorted({*lies, person.district_code}):
        row = known.pop(district, None) or SubletAlertDistrict(alert_id=alert.id, district_code=district)
        here = lies.get(district, Count(frozenset()))
        row.main, row.units = district == person.district_code, here.units
        row.streets = "、".join(names.get(street, street) for street in here.streets())[:400]
        work.add(row)
        words = f"有个人转租{count.units}套（间），其中{districts_by_code().get(district, '')}{here.units}套（间），超过预警标准{alert.threshold}套（间），请核查处理。"
        notify(work, "个人转租预警", words, about=alert, to_district=district)
    for row in known.values():
        work.session.delete(row)
    _guide(work, person, alert)


def _guide(work: Work, person: SubletPerson, alert: SubletAlert) -> None:
    """Send the person the guide to register a business, while the parameter `sms.on` says so."""
    phone = normal_phone(person.mobile.plain) if person.mobile else ""
    if not work.thresholds.flag(SWITCH) or not check_mobile(phone).ok:
        return
    send(
        work,
        to="short_messages",
        operation=_GUIDE,
        business_key=f"{_GUIDE}:{alert.id.hex}:{alert.times}",
        kind=SubletAlert.__tablename__,
        object_id=alert.id,
        payload={
            "phone": phone,
            "text": f"【申房】您登记的转租已超过{alert.threshold}套（间），应依法办理市场主体登记。"
            "办理指引：携本人身份证件、经营场所材料，到所在区行政服务中心或通过“一网通办”办理。",
        },
        request_id=uuid5(alert.id, f"{_GUIDE}:{alert.times}").hex,
    )


route("short_messages", _GUIDE, deliver_text)


def _step(work: Work, alert: SubletAlert, act: SubletAct, units: int, note: str = "") -> None:
    work.add(
        SubletAlertStep(
            alert_id=alert.id,
            act=act,
            at=work.now,
            units=units,
            by_account=work.caller.account_id,
            note=Sealed.of(note) if note else None,
        )
    )


def _close(work: Work, alert: SubletAlert, closing: SubletClosing, units: int, note: str) -> None:
    take_step(work, alert, ALERT, "close", reason=closing.label)
    alert.closing, alert.closed_at = closing, work.now
    work.add(alert)
    _step(work, alert, SubletAct.CLOSED, units, note or closing.label)


# What a district does about one


@action("sublets.handle", "接手处理转租预警", roles=HANDLERS, step=Step(ALERT, "handle"))
def handle_alert(work: Work, alert_id: UUID) -> None:
    """Take an alert over."""
    alert = work.get(SubletAlert, alert_id)
    take_step(work, alert, ALERT, "handle")
    alert.handler_id = work.caller.account_id
    work.add(alert)
    _step(work, alert, SubletAct.TAKEN, _units(work, alert))


@dataclass(frozen=True)
class NoteTalk:
    """`urged` for a demand to register a business, else a talk; `note` says with whom, and what came of it."""

    alert_id: UUID
    urged: bool
    note: str


@action("sublets.note_talk", "记录约谈、督促办照", roles=HANDLERS, event="DATA.UPDATE")
def note_talk(work: Work, order: NoteTalk) -> None:
    """Record a talk with the person, or the demand to register a business."""
    alert = work.get(SubletAlert, order.alert_id)
    if alert.state is SubletAlertState.OPEN:
        take_step(work, alert, ALERT, "handle")
        alert.handler_id = work.caller.account_id
        work.add(alert)
    act = SubletAct.URGED if order.urged else SubletAct.TALKED
    _step(work, alert, act, _units(work, alert), enough_words(order.note, "处理情况"))


@action("sublets.close", "按误报关闭预警", roles=HANDLERS, step=Step(ALERT, "close"))
def close_alert(work: Work, order: Reasoned) -> None:
    """Close an alert whose count is a mistake; it is opened again when the count crosses the threshold anew."""
    alert = work.get(SubletAlert, order.id)
    reason = enough_words(order.reason, "误报原因", least=10)
    _close(work, alert, SubletClosing.MISTAKEN, _units(work, alert), reason)


def _units(work: Work, alert: SubletAlert) -> int:
    return work.only(SubletPerson.units, col(SubletPerson.id) == alert.person_id)

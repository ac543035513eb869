"""What passed between the association and us in the demo: recorded, held, in conflict, unknown, and told by us (rows 45, 46)."""

import logging
from datetime import timedelta

from sqlmodel import col, select

from deploy.demo.drawn_portraits import drawn_portrait
from models.access import Account, Role, ScopeKind
from models.association import AssociationEvent, AssociationReason, EventState
from models.identity import id_check_character
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.sealed import indexes_of
from services.access.sessions import caller_of
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.door import Door
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.practitioners.activation import activate
from services.practitioners.association_batches import receive_people
from services.practitioners.association_cancellations import receive_cancellation
from services.practitioners.association_orders import ReceiveCancellation, ReceivePeople, RecordedPerson
from services.practitioners.orders import One, PersonData

log = logging.getLogger("shenfang.demo")

_APP = "broker-assoc"
_HUYU, _ANJU, _NOBODY = "91310115MA1K000016", "91310104MA7A000029", "91310000MA1H000097"


def load_association(door: Door) -> int:
    """Have the association report some people and cancellations, once; gives how many events there are."""
    if door.look(SYSTEM, lambda work: work.session.exec(select(AssociationEvent.id).limit(1)).first()) is not None:
        return 0
    sender = Caller(_APP, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, _APP),))
    try:
        _report(door, sender)
    except Refusal as refusal:
        log.warning("the association's events were not loaded: %s", refusal.message)
    return door.look(SYSTEM, lambda work: len(work.session.exec(select(AssociationEvent.id)).all()))


def _report(door: Door, sender: Caller) -> None:
    now = door.clock.now().replace(microsecond=0)
    held = door.look(SYSTEM, lambda work: _card(work, "沈一鸣"))
    differing = door.look(SYSTEM, lambda work: _card(work, "欧阳静雯"))
    people = [(_HUYU, "钟灵秀", _number("19940308", 801)), (_NOBODY, "毛知远", _number("19910611", 802))]
    if held is not None and held.id_no is not None:
        people.append((_ANJU, held.name.plain, held.id_no.plain))
    told = [
        RecordedPerson(
            position,
            f"XH{now:%Y%m%d}{position:04d}",
            uscc,
            now - timedelta(minutes=30 - position),
            PersonData(name, "11", id_no, mobile=f"139000{position:05d}", post="租赁顾问", hired_on=door.clock.today()),
            photo=drawn_portrait(40 + position),
        )
        for position, (uscc, name, id_no) in enumerate(people, 1)
    ]
    answer = door.perform(receive_people, sender, ReceivePeople(f"XHPC{now:%Y%m%d}", tuple(told)))
    recorded = answer.people[0]
    if recorded.state is EventState.DONE and recorded.card_state is CardState.PASSED:
        card_id = door.look(SYSTEM, lambda work: _of_number(work, recorded.card_no).id)
        door.perform(activate, _firm(door), One(card_id))
    if differing is not None:
        _cancel(door, sender, f"XHZX{now:%Y%m%d}01", _ANJU, differing.card_no)
    _cancel(door, sender, f"XHZX{now:%Y%m%d}02", _HUYU, "SH2500000010")


def _cancel(door: Door, sender: Caller, number: str, uscc: str, card_no: str) -> None:
    at = door.clock.now().replace(microsecond=0)
    door.perform(receive_cancellation, sender, ReceiveCancellation(number, at, uscc, AssociationReason.LEFT, card_no))


def _card(work: Work, name: str) -> InfoCard | None:
    """The card in force of a demo person."""
    return work.session.exec(
        select(InfoCard)
        .where(col(InfoCard.name_index).in_(indexes_of(work.sealer, "name", name)), InfoCard.state == CardState.ACTIVE)
        .order_by(col(InfoCard.card_no))
        .limit(1)
    ).first()


def _of_number(work: Work, card_no: str) -> InfoCard:
    return work.session.exec(select(InfoCard).where(InfoCard.card_no == card_no)).one()


def _firm(door: Door) -> Caller:
    def read(work: Work) -> Caller:
        account = work.session.exec(select(Account).where(col(Account.login) == "huyu01")).one()
        return caller_of(work.session, account, "demo", "127.0.0.1", work.today)

    found: Caller = door.look(SYSTEM, read)
    return found


def _number(born: str, serial: int) -> str:
    first = f"310115{born}{serial:03d}"
    return first + id_check_character(first)

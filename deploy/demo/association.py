"""Events of the association in the demo: people recorded, held, unknown and in conflict, and cancellations (rows 45, 46)."""

from datetime import timedelta

from sqlmodel import col

from deploy.demo.stories import caller_named, id_number, left_out, picture, there
from models.access import Role, ScopeKind
from models.association import AssociationEvent, AssociationReason, EventState
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.sealed import indexes_of
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.door import Door
from services.engine.orders import OneRow
from services.engine.work import Work
from services.practitioners.association_cards import receive_cancellation
from services.practitioners.association_messages import ReceiveCancellation, ReceivePeople, RecordedPerson
from services.practitioners.association_registration import receive_people
from services.practitioners.card_moves import activate
from services.practitioners.orders import PersonData

_APP = "broker-assoc"
_HUYU, _ANJU, _NOBODY = "91310115MA1K000016", "91310104MA7A000029", "91310000MA1H000097"


def load_association(door: Door) -> int:
    """Have the association report some people and cancellations, once; gives how many events there are."""
    if there(door, AssociationEvent):
        return 0
    sender = Caller(_APP, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, _APP),))
    with left_out("what the association reports"):
        _report(door, sender)
    return door.look(SYSTEM, lambda work: len(work.rows(AssociationEvent.id)))


def _report(door: Door, sender: Caller) -> None:
    now = door.clock.now().replace(microsecond=0)
    held = door.look(SYSTEM, lambda work: _card(work, "沈一鸣"))
    differing = door.look(SYSTEM, lambda work: _card(work, "欧阳静雯"))
    people = [(_HUYU, "钟灵秀", id_number("31011519940308801")), (_NOBODY, "毛知远", id_number("31011519910611802"))]
    if held is not None and held.id_no is not None:
        people.append((_ANJU, held.name.plain, held.id_no.plain))
    told = [
        RecordedPerson(
            position,
            f"XH{now:%Y%m%d}{position:04d}",
            uscc,
            now - timedelta(minutes=30 - position),
            PersonData(name, "11", id_no, mobile=f"139000{position:05d}", post="租赁顾问", hired_on=door.clock.today()),
            photo=picture(f"person_{40 + position}.jpg"),
        )
        for position, (uscc, name, id_no) in enumerate(people, 1)
    ]
    answer = door.perform(receive_people, sender, ReceivePeople(f"XHPC{now:%Y%m%d}", tuple(told)))
    recorded = answer.people[0]
    if recorded.state is EventState.DONE and recorded.card_state is CardState.PASSED:
        card_id = door.look(SYSTEM, lambda work: work.only(InfoCard, InfoCard.card_no == recorded.card_no).id)
        door.perform(activate, caller_named(door, "huyu01"), OneRow(card_id))
    if differing is not None:
        _cancel(door, sender, f"XHZX{now:%Y%m%d}01", _ANJU, differing.card_no)
    _cancel(door, sender, f"XHZX{now:%Y%m%d}02", _HUYU, "SH2500000010")


def _cancel(door: Door, sender: Caller, number: str, uscc: str, card_no: str) -> None:
    at = door.clock.now().replace(microsecond=0)
    door.perform(receive_cancellation, sender, ReceiveCancellation(number, at, uscc, AssociationReason.LEFT, card_no))


def _card(work: Work, name: str) -> InfoCard | None:
    """The card in force of a demo person."""
    return work.first(
        InfoCard,
        col(InfoCard.name_index).in_(indexes_of(work.sealer, "name", name)),
        InfoCard.state == CardState.ACTIVE,
        by=InfoCard.card_no,
    )

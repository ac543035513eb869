"""Batches of persons recorded by the association: up to 500, each judged and answered separately (row 45)."""

import logging
from concurrent.futures import ThreadPoolExecutor

from models.access import Role
from models.association import EventState
from services.engine.door import Gathering
from services.engine.refusals import Refusal, Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.practitioners.association_ledger import only_the_association
from services.practitioners.association_orders import (
    MOST_PEOPLE,
    PeopleAnswer,
    PersonAnswer,
    Reason,
    ReceivePeople,
    RecordedPerson,
)
from services.practitioners.association_registration import RegisterPerson, ask_about, register_person
from services.practitioners.facts import Answers

log = logging.getLogger("shenfang.practitioners")
#: People in hand at once.
_AT_ONCE = 8


def _each(gathering: Gathering, order: ReceivePeople) -> tuple[PersonAnswer, ...]:
    """Every person is an action of its own, so that a failing one is rolled back alone."""
    if not order.people:
        raise Rejected("批次内没有人员")
    if len(order.people) > MOST_PEOPLE:
        raise Rejected(f"每批最多报送{MOST_PEOPLE}人，请分批报送")
    gathering.look(only_the_association)
    answers = ask_about(gathering, order.people)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="recorded") as pool:
        return tuple(pool.map(lambda one: _one(gathering, one, answers), order.people))


def _one(gathering: Gathering, item: RecordedPerson, answers: dict[int, Answers]) -> PersonAnswer:
    try:
        answer: PersonAnswer = gathering.perform(
            register_person, RegisterPerson(item, answers.get(item.position, Answers()))
        )
    except Refusal as refusal:
        return _again(item, refusal.message)
    except Exception:
        # The fault is ours and in the log; the other people of the batch have nothing to do with it.
        log.exception("a person recorded at the association could not be dealt with")
        return _again(item, "系统繁忙，本人未处理")
    return answer


def _again(item: RecordedPerson, words: str) -> PersonAnswer:
    reason = Reason("I01", "PENDING", "", f"{words.rstrip('。')}，请稍后用原编号重新报送")
    return PersonAnswer(item.position, item.own_no, None, reasons=(reason,))


@action("practitioners.assoc_receive", "接收协会新办", roles={Role.PARTNER}, gather=_each, event="API.IN")
def receive_people(work: Work, order: ReceivePeople, answered: tuple[PersonAnswer, ...]) -> PeopleAnswer:
    """Return the results of the persons in the order of the batch; each was processed in its own transaction."""
    answer = PeopleAnswer(order.batch_no, answered)
    detail = {"people": len(answered), "done": answer.count(EventState.DONE), "again": answer.count(None)}
    work.trail.tell("API.IN", "practitioners.assoc_receive", detail=detail)
    return answer

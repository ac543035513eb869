"""A batch of the association: every item judged and answered by itself, one bad item spoils no other (row 13)."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from models.access import Role
from models.push_codes import BATCH, BatchState, PushState
from models.pushes import BrokerBatch
from services.broker_pushes.filing import FileItem, FileItems, Number, file_items, number_of, numbers_there, read_item
from services.broker_pushes.orders import MOST_ITEMS, BatchAnswer, ItemAnswer, PushedItem, Reason, ReceiveBatch
from services.broker_pushes.result_callbacks import tell_batch
from services.broker_pushes.transaction_groups import apart, relations
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.refusals import Conflict, Refusal, Rejected
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.ports.answers import Answer, AnswerState, LegalEntity, PersonQuestion, SamePerson
from services.ports.systems import LEGAL_ENTITIES, POLICE
from services.tenancy.fact_sources import Known, people_to_ask
from services.tenancy.lease_form import LeaseForm

log = logging.getLogger("shenfang.broker_pushes")
#: Groups in hand at once: while some wait for outside systems, others are judged.
_AT_ONCE = 4
#: Items filed in one transaction: what every transaction costs is paid once for all of them.
_TOGETHER = 8
#: People the police are asked about in one question.
_PEOPLE = 200


@dataclass(frozen=True)
class OpenBatch:
    batch_no: str
    fingerprint: str
    total: int


@action("broker_pushes.open_batch", "登记报送批次", roles={Role.PARTNER}, event="")
def open_batch(work: Work, order: OpenBatch) -> UUID:
    """The batch's row, made when it comes for the first time; a batch that broke off is gone on with."""
    row = work.first(BrokerBatch, BrokerBatch.app_id == work.caller.name, BrokerBatch.batch_no == order.batch_no)
    if row is None:
        row = BrokerBatch(
            app_id=work.caller.name,
            batch_no=order.batch_no,
            fingerprint=order.fingerprint,
            received_at=work.now,
            total=order.total,
        )
        work.add(row)
        work.trail.tell("DATA.CREATE", "broker_pushes.open_batch", about=row, detail={"items": order.total})
    elif row.fingerprint != order.fingerprint:
        raise Conflict("该批次号已报送过其他内容，请更换批次号")
    return row.id


@dataclass(frozen=True)
class _Answered:
    batch_id: UUID
    items: tuple[ItemAnswer, ...]


def _each(gathering: Gathering, order: ReceiveBatch) -> _Answered:
    """Items go in groups of unrelated ones; a group with a failing item is rolled back and each of it tried alone."""
    if not order.items:
        raise Rejected("批次内没有报送件")
    if len(order.items) > MOST_ITEMS:
        raise Rejected(f"每批最多报送{MOST_ITEMS}件，请分批报送")
    batch_id: UUID = gathering.perform(open_batch, OpenBatch(order.batch_no, order.fingerprint, len(order.items)))
    orders = _prepared(gathering, order.items)
    rounds = apart(orders, gathering.look(lambda work: relations(work, orders)), _TOGETHER)
    answers: list[ItemAnswer] = []
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="pushes") as pool:
        for groups in rounds:
            answers += [answer for told in pool.map(partial(_group, gathering, batch_id), groups) for answer in told]
    places = {one.item.position: place for place, one in enumerate(orders)}
    return _Answered(batch_id, tuple(sorted(answers, key=lambda answer: places[answer.position])))


def _prepared(gathering: Gathering, items: Sequence[PushedItem]) -> list[FileItem]:
    """Return every item's order with the facts that a single look and a few questions give for all."""
    there: set[Number] = gathering.look(lambda work: numbers_there(work, items))
    fresh = [number_of(item) not in there for item in items]
    readings = [read_item(item) if new else None for item, new in zip(items, fresh, strict=True)]
    asking = [item for item, new in zip(items, fresh, strict=True) if new]
    clean = [reading.form for reading in readings if reading is not None and reading.clean]
    known = Known(_members(gathering, asking), _people(gathering, clean))
    return [FileItem(item, new, reading, known) for item, new, reading in zip(items, fresh, readings, strict=True)]


def _members(gathering: Gathering, items: Sequence[PushedItem]) -> dict[str, Answer[LegalEntity]]:
    """Ask about the members' firms; those without an answer are asked about again with their item."""
    library = gathering.systems.at(LEGAL_ENTITIES)
    usccs = {item.member_uscc for item in items if item.member_uscc}
    answers = together({uscc: ("法人库", partial(library.entity_of, uscc)) for uscc in sorted(usccs)})
    return {uscc: answer for uscc, answer in answers.items() if not answer.silent}


def _people(gathering: Gathering, forms: Sequence[LeaseForm]) -> dict[PersonQuestion, Answer[SamePerson]]:
    """Ask the police about all persons in the leases at once; the unanswered are asked about with their item."""
    people = list(dict.fromkeys(asked for form in forms for asked in people_to_ask(form).values()))
    parts = [people[start : start + _PEOPLE] for start in range(0, len(people), _PEOPLE)]
    asking = {
        str(place): ("公安人口库", partial(gathering.systems.at(POLICE).same_people, part))
        for place, part in enumerate(parts)
    }
    answers = together(asking)
    known: dict[PersonQuestion, Answer[SamePerson]] = {}
    for place, part in enumerate(parts):
        answer = answers[str(place)]
        for person, same in zip(part, answer.value or (), strict=False):
            state = AnswerState.MISS if same is None else AnswerState.HIT
            known[person] = replace(answer, state=state, value=same)
    return known


def _group(gathering: Gathering, batch_id: UUID, group: tuple[FileItem, ...]) -> tuple[ItemAnswer, ...]:
    """File a group in one transaction; when that does not come off, each by itself."""
    try:
        answers: tuple[ItemAnswer, ...] = gathering.perform(file_items, FileItems(batch_id, group))
    except Refusal as refusal:
        if len(group) == 1:
            return (_again(group[0].item, refusal.message),)
    except Exception:
        # The fault is ours and in the log; the other items of the batch have nothing to do with it.
        log.exception("%d items of a batch could not be dealt with", len(group))
        if len(group) == 1:
            return (_again(group[0].item, "系统繁忙，本件未处理"),)
    else:
        return answers
    return tuple(answer for one in group for answer in _group(gathering, batch_id, (one,)))


def _again(item: PushedItem, words: str) -> ItemAnswer:
    reason = Reason("I01", "PENDING", "", f"{words.rstrip('。')}，请稍后用原编号重新报送")
    return ItemAnswer(item.position, item.own_no, item.member_uscc, item.attempt, None, reasons=(reason,))


@action("broker_pushes.receive", "接收协会报送批次", roles={Role.PARTNER}, gather=_each, event="")
def receive_batch(work: Work, order: ReceiveBatch, answered: _Answered) -> BatchAnswer:
    """Write down how the batch was answered; the items are done already, each by itself."""
    batch = work.get(BrokerBatch, answered.batch_id)
    answer = BatchAnswer(order.batch_no, answered.items)
    first = batch.state is BatchState.RECEIVING
    batch.filed, batch.waiting = answer.count(PushState.FILED), answer.count(PushState.WAITING)
    batch.intercepted, batch.refused = answer.count(PushState.INTERCEPTED), answer.count(PushState.REFUSED)
    batch.answered_at = work.now
    if first:
        take_step(work, batch, BATCH, "answer")
        tell_batch(work, batch, answer)
    work.add(batch)
    return answer

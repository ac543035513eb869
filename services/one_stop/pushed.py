"""Cases the portal pushes by the signed API, and those the minute's sweep pulls from the case library's feed (rows 1, 2)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.one_stop import StopMessage
from models.one_stop_codes import MessageOutcome, StopState
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job, one_by_one, together_or_apart
from services.engine.registry import action
from services.engine.work import Work
from services.one_stop.intake import TakeMessage, Taken, ask_for, ask_library, keep_raw, raw_of, take_in, take_message
from services.one_stop.messages import LibraryMessage, message_json
from services.partners.wire_fields import WireModel
from services.ports.answers import Answer, HeldLicences
from services.ports.case_library import CASE_LIBRARY, FeedLine

log = logging.getLogger("shenfang.one_stop")
#: Messages asked for at once, and how many a sweep takes at most.
BATCH, _MOST = 200, 5000
#: Messages of one transaction.
TOGETHER = 20


class CaseResult(WireModel):
    """Outcome of a pushed message, and the state of its case."""

    accepted: bool = Field(title="是否接收")
    outcome: MessageOutcome = Field(title="处理结果")
    case_no: Annotated[str, Field(max_length=40)] = Field(title="办件编号")
    state: StopState | None = Field(None, title="办件状态")
    note: Annotated[str, Field(max_length=200)] = Field("", title="说明")


def result_body(taken: Taken) -> dict[str, Any]:
    """Answer a push: a message that came too late was understood, and is refused by its outcome."""
    return {
        "accepted": taken.outcome is not MessageOutcome.REFUSED,
        "outcome": taken.outcome,
        "case_no": taken.case_no,
        "state": taken.state,
        "note": taken.note,
    }


def _ask(gathering: Gathering, message: LibraryMessage) -> Answer[HeldLicences]:
    return ask_library(gathering, message)


@action("one_stop.push", "报送一网通办办件", roles={Role.PARTNER}, gather=_ask, event="API.IN")
def push_case(work: Work, message: LibraryMessage, held: Answer[HeldLicences]) -> Taken:
    """Take in a message that the portal pushes; a repetition is answered alike and has no second effect."""
    return take_in(work, message, message_json(message), held)


def _cursor(work: Work) -> int:
    """The position of the feed up to which messages were pulled."""
    return work.session.exec(select(func.max(col(StopMessage.feed_no)))).one() or 0


@dataclass(frozen=True)
class TakeMany:
    """Messages of the feed in its order, taken in together."""

    messages: tuple[TakeMessage, ...]


def _ask_for_all(gathering: Gathering, order: TakeMany) -> list[Answer[HeldLicences]]:
    return [ask_for(gathering, one) for one in order.messages]


@action("one_stop.take_many", "成批接收一网通办报文", roles={Role.SYSTEM}, gather=_ask_for_all, event="API.IN")
def take_many(work: Work, order: TakeMany, held: list[Answer[HeldLicences]]) -> list[Taken]:
    """Take several messages in, in one transaction: all of them, or none."""
    return [take_message(work, one, answer) for one, answer in zip(order.messages, held, strict=True)]


def _take(door: Door, lines: Sequence[FeedLine]) -> None:
    together_or_apart(
        [TakeMessage(line.message, line.feed_no) for line in lines],
        lambda some: door.perform(take_many, SYSTEM, TakeMany(tuple(some))),
        lambda one, why: door.perform(keep_failed, SYSTEM, Failed(one, why)),
    )


@dataclass(frozen=True)
class Failed:
    """A message that could not be taken in, and the kind of the failure."""

    message: TakeMessage
    why: str


@action("one_stop.keep_failed", "留存处理失败的报文", roles={Role.SYSTEM}, event="API.IN")
def keep_failed(work: Work, order: Failed) -> None:
    """Keep a message whose intake failed, so that the feed goes on and it is taken in anew."""
    keep_raw(work, order.message, MessageOutcome.FAILED, f"处理失败（{order.why}），系统将再次处理")


def _failed(work: Work) -> list[TakeMessage]:
    rows = work.rows(StopMessage, StopMessage.outcome == MessageOutcome.FAILED, by=StopMessage.received_at, most=100)
    return [TakeMessage(raw_of(row), row.feed_no) for row in rows]


one_by_one("one_stop.take_failed", "再次处理失败的一网通办报文", take_message, _failed, every=600)


@dataclass(frozen=True)
class Swept:
    """The messages a sweep took in, and whether the library answered."""

    taken: int
    answered: bool


def sweep(door: Door) -> Swept:
    """Pull what is new in the feed, in its order; where the library is down, the next sweep goes on from there."""
    library, total = door.systems.find(CASE_LIBRARY), 0
    if library is None:
        return Swept(0, False)
    while total < _MOST:
        answer = library.changes_after(door.look(SYSTEM, _cursor), BATCH)
        if answer.silent:
            log.warning("the case library did not answer: %s", answer.note)
            return Swept(total, False)
        if not answer.value:
            break
        for start in range(0, len(answer.value), TOGETHER):
            _take(door, answer.value[start : start + TOGETHER])
        total += len(answer.value)
    return Swept(total, True)


# Each minute, beside what the portal pushes: a push that was lost arrives by the feed.
@job("one_stop.pull", "拉取一网通办办件", every=60)
def pull_cases(door: Door) -> int:
    return sweep(door).taken

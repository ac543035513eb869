"""对账看板: figures from outbox, receipts and exchange log, opening exactly their rows; asking again over real HTTP (issue 21)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models.audit import AuditEvent
from models.engine import ExchangeLog, Outgoing, OutgoingState
from services.engine.listings import ListRows
from services.engine.outbox import send_waiting
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.partners.reconciliation import BOARD, FIGURES, LINES, AskAgain, BoardLine, ask_again
from tests.services.tenancy.counter import Counter, Filed

LIBRARY = "licence_library"


def message(counter: Counter, filed: Filed) -> Outgoing:
    wanted = select(Outgoing).where(Outgoing.object_id == filed.filing_id, Outgoing.operation == "issue")
    found: Outgoing = counter.world.read(lambda work: work.session.exec(wanted).one())
    return found


def line(counter: Counter, day: date) -> Any:
    """The library's line of a day as the city sees it."""
    page = counter.world.door.ask(BOARD.query, counter.clerk("shi01"), ListRows({"system": LIBRARY}))
    return next(one for one in page.lines if one.day == day)


def opened(counter: Counter, day: date, figure: str) -> int:
    told = {"system": LIBRARY, "since": day.isoformat(), "until": day.isoformat(), "figure": figure}
    return counter.world.door.ask(LINES.query, counter.clerk("shi01"), ListRows(told)).total


def tried(counter: Counter, minutes: tuple[int, ...]) -> None:
    for wait in minutes:
        counter.world.let_pass(minutes=wait)
        while send_waiting(counter.world.door):
            pass


def ask(counter: Counter, day: date, login: str = "shi01") -> Any:
    return counter.world.door.perform(ask_again, counter.clerk(login), AskAgain(LIBRARY, day))


@pytest.mark.parametrize("fault", ["error", "half"])
def test_a_partner_that_is_dead_or_answers_half_is_asked_again_with_one_effect(counter: Counter, fault: str) -> None:
    counter.world.let_pass(days=3)
    day = counter.world.door.clock.today()
    filed = counter.filed()
    counter.run("papers.render")
    counter.world.fault(LIBRARY, fault)
    tried(counter, (0, 2, 6, 31))
    counter.world.heal()
    assert message(counter, filed).state is OutgoingState.DEAD
    before = line(counter, day)
    assert (before.figures["dead"], str(before.state)) == (1, "有差异")
    assert {key: opened(counter, day, key) for key in FIGURES} == before.figures
    assert opened(counter, day, "") == before.sent
    told = ask(counter, day)
    assert told.again == 1
    tried(counter, (0,))
    sent = message(counter, filed)
    assert (sent.state, bool(sent.receipt), sent.attempts) == (OutgoingState.SENT, True, 1)
    after = line(counter, day)
    assert (after.figures["dead"], after.figures["confirmed"], str(after.state)) == (0, after.sent, "一致")
    with pytest.raises(Conflict, match="都已确认"):
        ask(counter, day)
    wanted = select(AuditEvent.act).where(AuditEvent.act == "reconciliation.ask")
    assert counter.world.read(lambda work: work.session.exec(wanted).first()) == "reconciliation.ask"


def test_a_receipt_without_exchange_and_a_second_confirmation_differ(counter: Counter) -> None:
    counter.world.let_pass(days=3)
    day = counter.world.door.clock.today()
    filed, other = counter.filed(), counter.filed()
    counter.run("papers.render")
    tried(counter, (0, 1))
    assert line(counter, day).differs == 0
    first, second = message(counter, filed), message(counter, other)

    def disturb(work: Any) -> None:
        """Take one exchange out of the log, and write another one twice."""
        work.session.delete(work.only(ExchangeLog, ExchangeLog.request_id == first.request_id))
        kept = work.only(ExchangeLog, ExchangeLog.request_id == second.request_id)
        told = {name: getattr(kept, name) for name in ExchangeLog.model_fields if name not in ("id", "mac")}
        work.add(ExchangeLog(**told))

    counter.world.act(disturb)
    found = line(counter, day)
    assert (found.figures["unproved"], found.figures["repeated"], found.differs) == (1, 1, 2)
    assert (opened(counter, day, "unproved"), opened(counter, day, "repeated")) == (1, 1)


def test_only_the_city_s_centre_asks_and_only_known_partners(counter: Counter) -> None:
    day = counter.world.door.clock.today()
    with pytest.raises(NotAllowed):
        ask(counter, day, "huamu01")
    with pytest.raises(Rejected, match="没有这个对接方"):
        counter.world.door.perform(ask_again, counter.clerk("shi01"), AskAgain("nobody", day))


def test_the_age_of_the_oldest_is_told_in_one_unit() -> None:
    now = datetime(2027, 3, 1, 8, tzinfo=UTC)
    for span, words in (
        (timedelta(minutes=5), "5分钟"),
        (timedelta(hours=3, minutes=5), "3小时"),
        (timedelta(days=2, hours=1), "2天"),
    ):
        one = BoardLine(date(2027, 3, 1), LIBRARY, 1, dict.fromkeys(FIGURES, 0), now - span, now)
        assert one.age == words

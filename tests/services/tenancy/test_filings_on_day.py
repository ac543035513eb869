"""备案记录 as of a day: cancelled, expired and restored filings in the state they had (issue 21)."""

from datetime import date

from models.tenancy import LeaseFiling
from services.engine.listings import ListRows
from services.engine.past_lists import AS_OF
from services.tenancy.endings import restore_filing
from services.tenancy.listings import FILINGS
from tests.services.tenancy.counter import Counter, Filed


def state_on(counter: Counter, filed: Filed, day: date, **more: str) -> str:
    """The state a clerk is shown; empty where the filing is not in the list."""
    filters = {"number": _number(counter, filed), AS_OF: day.isoformat(), **more}
    found = counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows(filters))
    return str(found.lines[0].state) if found.lines else ""


def _number(counter: Counter, filed: Filed) -> str:
    return str(counter.world.read(lambda work: work.only(LeaseFiling.filing_no, LeaseFiling.id == filed.filing_id)))


def test_a_filing_has_the_state_of_the_day_through_cancelling_and_restoring(counter: Counter) -> None:
    world = counter.world
    filed_on = world.door.clock.today()
    filed = counter.filed()
    world.let_pass(days=7)
    cancelled_on = world.door.clock.today()
    counter.cancel(filed)
    world.let_pass(days=7)
    restored_on = world.door.clock.today()
    world.act(lambda work: restore_filing(work, work.only(LeaseFiling, LeaseFiling.id == filed.filing_id), "录入有误"))
    before = date.fromordinal(filed_on.toordinal() - 1)
    assert state_on(counter, filed, before) == ""
    assert state_on(counter, filed, filed_on).startswith("有效")
    assert state_on(counter, filed, cancelled_on) == "已注销"
    assert state_on(counter, filed, cancelled_on, state="CANCELLED") == "已注销"
    assert state_on(counter, filed, cancelled_on, state="ACTIVE") == ""
    assert state_on(counter, filed, restored_on).startswith("有效")
    assert state_on(counter, filed, restored_on, state="ACTIVE").startswith("有效")


def test_a_filing_past_its_last_day_had_expired(counter: Counter) -> None:
    filed = counter.filed()
    until = counter.world.read(lambda work: work.only(LeaseFiling.valid_to, LeaseFiling.id == filed.filing_id))
    counter.world.let_pass(days=(until - counter.world.door.clock.today()).days + 3)
    assert state_on(counter, filed, until) == "有效"
    assert state_on(counter, filed, date.fromordinal(until.toordinal() + 1)) == "已到期"

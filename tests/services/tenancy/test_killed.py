"""Row 7's crash drill: a process that files is killed again and again; every number has its filing and nothing is half."""

import json
import time
from collections import Counter as Count
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.documents import IssuedDocument
from models.engine import NumberCounter, Outgoing
from models.tenancy import FilingPart, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CaseState, ContractState, FilingState
from services.engine.numbering import has_check_digit
from services.engine.work import Work
from tests.drills import write_drill
from tests.ready import start
from tests.services.tenancy.counter import Counter, somebody
from tests.world import provider

pytestmark = pytest.mark.row(7)

KILLS, LEASES = 3, 20


def begun(
    counter: Counter, leases: list[UUID], kill_after: int, *, child_module: str = "tests.services.tenancy.filing_child"
) -> None:
    """Let a process of its own file these leases and kill it while it is at one of them; 0 lets it finish."""
    world, keys = counter.world, provider().key_ring()
    told = {
        "url": world.door.database.url,
        "systems": world.simulators.urls(),
        "shift": world.door.clock.shift.total_seconds(),
        "keys": {kid: key.hex() for kid, key in keys.keys.items()},
        "active": dict(keys.active),
        "leases": [str(lease) for lease in leases],
    }
    child = start("-m", child_module, talks=True)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(told))
    child.stdin.close()
    try:
        _wait_for(iter(child.stdout.readline, ""), kill_after)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def _wait_for(lines: Iterator[str], kill_after: int) -> None:
    for number, line in enumerate(lines, 1):
        if number == kill_after or line.strip() == "done":
            return
    raise AssertionError("the process ended by itself")


def all_of(counter: Counter, table: Any) -> list[Any]:
    return list(counter.world.read(lambda work: work.session.exec(select(table)).all()))


def test_whoever_is_killed_at_the_counter_leaves_no_half_filing_and_loses_no_number(counter: Counter) -> None:
    file_under_kills(counter, KILLS, LEASES)


@pytest.mark.soak
@pytest.mark.both_engines
def test_thirty_kills_at_the_counter_leave_no_half_filing(counter: Counter) -> None:
    started = time.monotonic()
    file_under_kills(counter, 30, 110)
    engine = "SQLite" if counter.world.door.database.sqlite else "PostgreSQL"
    told = "110 份合同，受理进程强制结束 30 次；每份恰有一个备案、一个办件、两份文书、一条待发报文，编号不重不漏"
    write_drill("受理中强制结束", engine, told, time.monotonic() - started)


def file_under_kills(counter: Counter, kills: int, count: int) -> None:
    """File so many leases by processes of which so many are killed, then see that nothing is half."""
    leases = [counter.sign(counter.form(counter.free_flat(), somebody())) for _ in range(count)]
    for kill in range(kills):
        begun(counter, _unfiled(counter, leases), kill_after=kill % 3 + 2)
    begun(counter, _unfiled(counter, leases), kill_after=0)
    nothing_is_half(counter, leases)


def nothing_is_half(counter: Counter, leases: list[UUID]) -> None:
    """See that each of these leases, and nothing else, is filed once with all that belongs to it, and no number is lost."""
    count = len(leases)
    contracts = {row.id: row for row in all_of(counter, LeaseContract)}
    filings = all_of(counter, LeaseFiling)
    assert sorted(filing.contract_id for filing in filings) == sorted(leases)
    for filing in filings:
        assert filing.state is FilingState.ACTIVE
        assert contracts[filing.contract_id].state is ContractState.EFFECTIVE
        assert contracts[filing.contract_id].contract_no
        assert has_check_digit(filing.filing_no)
    assert Count(part.filing_id for part in all_of(counter, FilingPart)) == Count(filing.id for filing in filings)
    assert Count(row.object_id for row in all_of(counter, Outgoing)) == Count(filing.id for filing in filings)
    assert {case.state for case in all_of(counter, GovCase)} == {CaseState.DONE}
    assert len(all_of(counter, GovCase)) == count
    assert len(all_of(counter, IssuedDocument)) >= 2 * count
    _assert_every_number_is_used(counter, filings, list(contracts.values()))


def _assert_every_number_is_used(counter: Counter, filings: list[LeaseFiling], contracts: list[LeaseContract]) -> None:
    used = [filing.filing_no for filing in filings] + [contract.contract_no or "" for contract in contracts]
    used += [case.case_no for case in all_of(counter, GovCase)]
    series = {row.series: row.version for row in all_of(counter, NumberCounter)}
    assert len(used) == len(set(used))
    assert Count(number[:14] for number in used) == Count(series)


def _unfiled(counter: Counter, leases: list[UUID]) -> list[UUID]:
    def read(work: Work) -> list[UUID]:
        statement = select(LeaseContract.id).where(
            col(LeaseContract.id).in_(leases), LeaseContract.state == ContractState.SIGNED
        )
        return list(work.session.exec(statement).all())

    found: list[UUID] = counter.world.read(read)
    return found

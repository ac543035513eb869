"""What is gone is noticed where it is needed: on opening, in proofs, by the night, and when numbers are drawn (decision 72)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

import models.dialect
from models.alarms import Alarm
from models.columns import new_id
from models.details import count, details_of, owner_column
from models.engine import ExchangeLog
from models.integrity import DetailTally, FaultKind, IntegrityFault
from models.remac import layout_of, stored_rows
from models.row_mac import message, version_in
from models.sealed import Sealed
from models.tenancy import CheckRun, ContractParty, FilingPart
from models.tenancy_codes import PartyKind, Side
from services.catalogue.retention import REGISTER
from services.engine.callers import SYSTEM
from services.engine.details import details_fit
from services.engine.listings import ListRows
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict
from services.engine.work import Work
from services.integrity.faults import FAULTS, release_row
from services.integrity.nightly_scan import Fault, scan
from services.operations.erasure import erase
from services.tenancy.address_search import places_of
from services.tenancy.contract_views import contract_view
from services.tenancy.evidence_package import ExportEvidence, export_evidence
from tests.services.integrity.every_table import keys_off, keys_on
from tests.services.integrity.test_row_macs import find_all, guard, tamperer
from tests.services.tenancy.counter import Counter, Filed
from tests.world import at_once, sealer

pytestmark = pytest.mark.proves("M6", "D19", "H65", "H67")


def table(name: str) -> sa.Table:
    return SQLModel.metadata.tables[name]


def faults(counter: Counter) -> list[Fault]:
    with counter.world.door.database.read() as session:
        return list(scan(session).faults)


def lessee(counter: Counter, contract_id: UUID) -> dict[str, Any]:
    rows = tamperer(counter).rows(table("contract_party"))
    return next(row for row in rows if row["contract_id"] == contract_id and row["side"] is Side.LESSEE)


def without_keys(counter: Counter, statement: Any) -> None:
    """Write past the product and past its foreign keys."""
    with counter.world.door.database.engine.connect() as connection:
        keys_off(connection)
        connection.execute(statement)
        connection.commit()
        keys_on(connection)


def party(contract_id: UUID, position: int) -> ContractParty:
    name, id_no = Sealed.of(f"合住人{position}"), Sealed.of(f"31010119990101{position:04d}")
    return ContractParty(
        contract_id=contract_id,
        side=Side.OCCUPANT,
        position=position,
        kind=next(iter(PartyKind)),
        name=name,
        id_type="01",
        id_no=id_no,
    )


def test_a_contract_without_its_lessee_is_opened_by_nobody(counter: Counter) -> None:
    filed, other, door = counter.filed(), counter.filed(), counter.world.door
    gone = lessee(counter, filed.contract_id)
    without_keys(counter, table("contract_party").delete().where(table("contract_party").c.id == gone["id"]))
    with pytest.raises(Conflict, match="完整性校验未通过"):
        door.ask(contract_view, counter.clerk(), filed.contract_id)
    assert door.ask(contract_view, counter.clerk(), other.contract_id)
    # The night finds nothing that reading has not locked already, and says how many are gone.
    assert find_all(counter) == {("lease_contract", str(filed.contract_id)): FaultKind.DETAILS}
    assert [fault.said for fault in faults(counter)] == ["contract_party少1条"]
    # The row put back from a backup, it is whole again.
    tamperer(counter).write(table("contract_party").insert().values(gone))
    fault = door.ask(FAULTS.query, guard(), ListRows()).lines[0]
    door.perform(release_row, guard(), Reasoned(fault.id, "已从备份恢复"))
    door.locked.look()
    assert door.ask(contract_view, counter.clerk(), filed.contract_id)


@pytest.mark.parametrize("name", ["contract_party", "filing_part", "check_item", "check_run"])
def test_no_proof_is_given_of_a_filing_with_something_missing(counter: Counter, name: str) -> None:
    filed, door = counter.filed(), counter.world.door
    row, number = tamperer(counter).rows(table(name))[-1], filed.decision.filing_no
    assert door.perform(export_evidence, SYSTEM, ExportEvidence(number))
    without_keys(counter, table(name).delete().where(table(name).c.id == row["id"]))
    with pytest.raises(Conflict, match="完整性校验未通过"):
        door.perform(export_evidence, SYSTEM, ExportEvidence(number))


def test_a_tally_taken_away_or_put_back_with_its_details_is_noticed(counter: Counter) -> None:
    filed = counter.filed()
    contract, tallies, parties = filed.contract_id, table("detail_tally"), table("contract_party")
    old = next(row for row in tamperer(counter).rows(tallies) if row["id"] == contract)
    counter.world.act(lambda work: work.add(party(contract, 7)))
    new = next(row for row in tamperer(counter).rows(parties) if row["position"] == 7)
    assert faults(counter) == []
    without_keys(counter, parties.delete().where(parties.c.id == new["id"]))
    tamperer(counter).write(tallies.update().where(tallies.c.id == contract).values(**old))
    found = {(fault.table, fault.kind) for fault in faults(counter)}
    assert found == {("detail_tally", FaultKind.OLDER), ("lease_contract", FaultKind.DETAILS)}
    without_keys(counter, parties.delete().where(parties.c.contract_id == contract))
    without_keys(counter, table("confirmation").delete().where(table("confirmation").c.contract_id == contract))
    tamperer(counter).write(tallies.delete().where(tallies.c.id == contract))
    found = {(fault.table, fault.kind) for fault in faults(counter)}
    assert found == {("detail_tally", FaultKind.MISSING), ("lease_contract", FaultKind.DETAILS)}


@pytest.mark.parametrize("owner", ["lease_contract", "lease_filing", "check_run"])
def test_what_is_never_stored_without_details_is_not_opened_without_any(counter: Counter, owner: str) -> None:
    filed, door, tallies = counter.filed(), counter.world.door, table("detail_tally")
    (run,) = counter.world.read(
        lambda work: work.session.exec(select(CheckRun).where(CheckRun.object_id == filed.decision.case_id)).all()
    )
    row_id = {"lease_contract": filed.contract_id, "lease_filing": filed.filing_id, "check_run": run.id}[owner]
    for detail in details_of(owner):
        without_keys(counter, detail.delete().where(detail.c[owner_column(detail)] == row_id))
    tamperer(counter).write(tallies.delete().where(tallies.c.id == row_id))
    with door.database.read() as session:
        assert not details_fit(session, owner, row_id)
    if owner == "lease_contract":
        with pytest.raises(Conflict, match="完整性校验未通过"):
            door.ask(contract_view, counter.clerk(), row_id)


def test_a_log_line_taken_away_is_missed_on_its_day(counter: Counter) -> None:
    counter.filed()
    row_id = new_id()
    counter.world.act(lambda work: work.add(_line(work, row_id)))
    assert faults(counter) == []
    tamperer(counter).write(table("exchange_log").delete().where(table("exchange_log").c.id == row_id))
    (fault,) = faults(counter)
    assert (fault.table, fault.kind, fault.said[-3:]) == ("exchange_log", FaultKind.DETAILS, "少1条")
    find_all(counter)
    told = counter.world.read(lambda work: work.session.exec(select(Alarm.subject)).all())
    assert any("exchange_log" in text and fault.said in text for text in told)


def _line(work: Work, row_id: UUID, **age: float) -> ExchangeLog:
    at = work.at - timedelta(**age)
    return ExchangeLog(id=row_id, at=at, system="演练", direction="OUT", operation="x", request_id="r", outcome="OK")


@pytest.mark.parametrize("old_mac", [False, True])
def test_a_counter_set_back_draws_nothing_and_is_told(counter: Counter, old_mac: bool) -> None:
    counters, door = table("number_counter"), counter.world.door
    _filed(counter)
    before = tamperer(counter).rows(counters)
    _filed(counter)
    for row in before:
        values = row if old_mac else {"version": row["version"]}
        tamperer(counter).write(counters.update().where(counters.c.id == row["id"]).values(**values))
    with pytest.raises(Conflict, match="完整性校验未通过"):
        _filed(counter)
    told = counter.world.read(lambda work: work.session.exec(select(Alarm.alarm_code)).all())
    assert "INTEGRITY.FAIL" in told
    # The audit knows what was drawn last, which no backup does.
    find_all(counter)
    for fault in door.ask(FAULTS.query, guard(), ListRows()).lines:
        door.perform(release_row, guard(), Reasoned(fault.id, "按审计重新写入"))
    door.locked.look()
    assert faults(counter) == []
    assert _filed(counter).filing_id


def test_a_counter_set_forward_draws_nothing(counter: Counter) -> None:
    counters = table("number_counter")
    _filed(counter)
    tamperer(counter).write(counters.update().values(version=counters.c.version + 1000))
    with pytest.raises(Conflict, match="完整性校验未通过"):
        _filed(counter)


def test_a_counter_taken_away_is_told_when_its_numbers_come_again(counter: Counter) -> None:
    _filed(counter)
    tamperer(counter).write(table("number_counter").delete())
    with pytest.raises(Conflict, match="完整性校验未通过"):
        _filed(counter)
    assert {kind for (name, _), kind in find_all(counter).items() if name == "number_counter"} == {FaultKind.MISSING}


def _filed(counter: Counter) -> Filed:
    """A filing of one district, so that all draw from the same counters."""
    return counter.filed(counter.free_flat("310115"))


def test_a_house_that_search_lost_is_found_again(counter: Counter) -> None:
    world, cuts = counter.world, table("address_cut")
    house = tamperer(counter).rows(table("house"))[0]

    def found() -> bool:
        places = world.read(lambda work: places_of(work.session, house["address"]))
        return house["id"] in (places.house_ids or ())

    assert found()
    tamperer(counter).write(cuts.delete().where(cuts.c.house_id == house["id"]))
    assert not found()
    assert find_all(counter) == {("address_cut", str(house["id"])): FaultKind.DETAILS}
    fault = world.door.ask(FAULTS.query, guard(), ListRows()).lines[0]
    world.door.perform(release_row, guard(), Reasoned(fault.id, "由系统重新写入"))
    assert found()
    assert faults(counter) == []


def test_what_is_erased_in_its_time_is_not_missed(counter: Counter) -> None:
    counter.filed()
    world = counter.world
    world.act(lambda work: [work.add(_line(work, new_id(), days=age)) for age in (0, 2000, 2000)])
    before = len(tamperer(counter).rows(table("exchange_log")))
    for place, rule in enumerate(REGISTER):
        if rule.table is ExchangeLog:
            world.door.perform(erase, SYSTEM, place)
    assert len(tamperer(counter).rows(table("exchange_log"))) == before - 2
    assert faults(counter) == []


def test_writers_at_the_same_moment_are_all_counted(counter: Counter) -> None:
    filed = counter.filed()
    one, two = filed.contract_id, counter.filed().contract_id
    orders = [(one, two), (two, one)] * 4

    def add(place: int) -> Any:
        def write(work: Work) -> None:
            for contract in orders[place]:
                work.add(party(contract, 100 + place))

        return counter.world.act(write)

    results = at_once([lambda place=place: add(place) for place in range(len(orders))])  # type: ignore[misc]
    assert [one for one in results if one is not None] == []
    assert faults(counter) == []
    text = counter.world.read(
        lambda work: work.session.exec(select(DetailTally.tallies).where(DetailTally.id == one)).one()
    )
    assert f"contract_party={2 + len(orders)}:" in text


def test_two_who_change_one_detail_at_once_are_told_apart(counter: Counter) -> None:
    """As long as one of them wrote over what the other had written, the sum was of neither."""
    filed = counter.filed()
    where = col(FilingPart.filing_id) == filed.filing_id

    def rewrite(persons: int) -> Any:
        return counter.world.rewrite(FilingPart, where, persons=persons)

    results = at_once([lambda place=place: rewrite(place) for place in range(1, 9)])  # type: ignore[misc]
    assert {type(one) for one in results} <= {type(None), Conflict}
    assert faults(counter) == []


def test_details_covered_anew_after_a_change_of_schema_are_counted_anew(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed, database = counter.filed(), counter.world.door.database
    with database.engine.connect() as connection:
        layout = layout_of(connection)
    known = layout["contract_party"] - {"position"}
    counter.world.act(lambda work: _cover_without(work, table("contract_party"), known))
    monkeypatch.setattr(models.dialect, "layout_of", lambda _: {**layout, "contract_party": known})
    # An earlier release had not come as far.
    monkeypatch.setattr(models.dialect, "stored_revision", lambda _: "")
    counter.world.door.prepare()
    assert faults(counter) == []
    assert counter.world.door.ask(contract_view, counter.clerk(), filed.contract_id)
    assert counter.world.read(lambda work: work.session.exec(select(IntegrityFault)).first()) is None


def _cover_without(work: Work, covered: sa.Table, known: frozenset[str]) -> None:
    """Give rows MACs over fewer columns, and count them so, as an earlier release would have."""
    for row in list(stored_rows(work.session.connection(), covered)):
        mac = sealer().mac(message(covered, row, version=version_in(row), known=known))
        work.session.connection().execute(covered.update().where(covered.c.id == row["id"]).values(mac=mac))
        count(work.session, covered, row, before=row["mac"], after=mac)

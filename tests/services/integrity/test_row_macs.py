"""Whoever writes past the product is found: when the row is read, and by the nightly scan (H65-H67, M5, M6)."""

import json
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

import models.tables  # noqa: F401
from models.access import Account, AccountRole, AccountState, SignInSession
from models.alarms import Alarm
from models.audit import AuditEvent
from models.dialect import Database
from models.integrity import FaultKind, IntegrityFault
from models.remac import layout_of, remac
from models.row_mac import fits, is_protected, mac_of
from models.sealing import CryptoError, aad
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState
from services.access.own_account import demo_accounts
from services.access.sessions import SessionBook
from services.access.sign_in import SignIn, sign_in
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.listings import ListRows
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict
from services.integrity import nightly_scan
from services.integrity.faults import FAULTS, release_row
from services.integrity.nightly_scan import check_rows, scan
from services.tenancy.contract_views import contract_view
from services.tenancy.listings import FILINGS
from tests.hostile import newest, since
from tests.services.integrity.tampering import Tamperer
from tests.services.tenancy.counter import Counter
from tests.world import sealer


def find_all(counter: Counter) -> dict[tuple[str, str], FaultKind]:
    check_rows(counter.world.door)
    faults = counter.world.read(lambda work: work.session.exec(select(IntegrityFault)).all())
    return {(fault.table_name, str(fault.row_id)): fault.kind for fault in faults}


def guard() -> Caller:
    from models.access import Role, ScopeKind
    from models.columns import new_id

    return Caller("安全管理员", (Scope(Role.SEC_ADMIN, ScopeKind.CITY),), account_id=new_id())


def tamperer(counter: Counter) -> Tamperer:
    return Tamperer(counter.world.door.database, seed=1)


@pytest.mark.proves("M6", "D19")
def test_every_table_carries_a_mac_or_says_why_not() -> None:
    bare = {table.name: table.info for table in SQLModel.metadata.sorted_tables if not is_protected(table)}
    assert [
        name for name, info in bare.items() if not name.startswith(("bench_", "test_")) and not info.get("unprotected")
    ] == []


def test_a_mac_fits_no_copy_of_its_row_under_another_id() -> None:
    table: sa.Table = Alarm.__table__  # type: ignore[attr-defined]
    row: dict[str, Any] = {"id": uuid4()}
    row["mac"] = mac_of(sealer(), table, row)
    assert fits(sealer(), table, row)
    assert not fits(sealer(), table, {**row, "id": uuid4()})


@pytest.mark.parametrize(("name", "value"), [("times", 0), ("object_kind", "")])
def test_a_mac_tells_zero_and_an_empty_text_from_nothing(name: str, value: object) -> None:
    table: sa.Table = Alarm.__table__  # type: ignore[attr-defined]
    row: dict[str, Any] = {"id": uuid4(), name: value}
    row["mac"] = mac_of(sealer(), table, row)
    assert fits(sealer(), table, row)
    assert not fits(sealer(), table, {**row, name: None})


def test_the_demos_sign_in_leaves_out_the_accounts_whose_grants_were_changed(counter: Counter) -> None:
    """README invites to change a row by hand: the page stays, however many rows it meets (acceptance D16)."""
    world = counter.world
    before = world.door.ask(demo_accounts, SYSTEM)
    logins = [account.login for account in before if len(account.roles) == 1][:3]
    grants = world.read(
        lambda work: work.session.exec(
            select(AccountRole.id)
            .join(Account, col(Account.id) == col(AccountRole.account_id))
            .where(col(Account.login).in_(logins))
        ).all()
    )
    with world.door.database.engine.begin() as connection:
        table = SQLModel.metadata.tables["account_role"]
        connection.execute(sa.update(table).where(table.c.id.in_(grants)).values(reason="由数据库直接修改"))
    after = world.door.ask(demo_accounts, SYSTEM)
    assert {account.login for account in before} - {account.login for account in after} == set(logins)


@pytest.mark.proves("H65", "M6")
def test_a_changed_row_is_locked_told_and_alarmed_when_read(counter: Counter) -> None:
    filed, other = counter.filed(), counter.filed()
    clerk, door = counter.clerk(), counter.world.door
    table = SQLModel.metadata.tables["lease_contract"]
    tamperer(counter).write(table.update().where(table.c.id == filed.contract_id).values(deposit=1))
    with pytest.raises(Conflict, match="完整性校验未通过"):
        door.ask(contract_view, clerk, filed.contract_id)
    assert door.ask(contract_view, clerk, other.contract_id)
    told = counter.world.read(
        lambda work: work.session.exec(select(AuditEvent).where(AuditEvent.event == "INTEGRITY.FAIL")).all()
    )
    assert [(event.object_kind, event.object_id) for event in told] == [("lease_contract", str(filed.contract_id))]
    alarms = counter.world.read(lambda work: work.session.exec(select(Alarm.alarm_code)).all())
    assert "INTEGRITY.FAIL" in alarms


@pytest.mark.proves("H65", "M6")
def test_a_row_whose_mac_was_removed_is_locked_when_read(counter: Counter) -> None:
    filed, door = counter.filed(), counter.world.door
    table = SQLModel.metadata.tables["lease_contract"]
    tamperer(counter).write(table.update().where(table.c.id == filed.contract_id).values(deposit=1, mac=None))
    with pytest.raises(Conflict, match="完整性校验未通过"):
        door.ask(contract_view, counter.clerk(), filed.contract_id)


@pytest.mark.proves("H66", "M7")
@pytest.mark.parametrize("how", ["rows", "columns"])
def test_sealed_values_that_changed_places_open_for_nobody_and_are_told(counter: Counter, how: str) -> None:
    filed, other = counter.filed(), counter.filed()
    door, table = counter.world.door, SQLModel.metadata.tables["contract_party"]
    rows = [row for row in tamperer(counter).rows(table) if row["contract_id"] == filed.contract_id]
    one, two = rows[0], next(row for row in tamperer(counter).rows(table) if row["contract_id"] == other.contract_id)
    swapped = {"name": two["name"]} if how == "rows" else {"name": one["id_no"], "id_no": one["name"]}
    tamperer(counter).write(table.update().where(table.c.id == one["id"]).values(**swapped))
    before = newest(counter.world)
    with pytest.raises(Conflict, match="完整性校验未通过"):
        door.ask(contract_view, counter.clerk(), filed.contract_id)
    bodies = since(counter.world, before)
    told = {(event["evt"], event["obj_id"]) for event in map(json.loads, bodies)}
    assert ("INTEGRITY.FAIL", str(one["id"])) in told
    assert not any(word in body for word in (filed.tenant.name, filed.tenant.id_no) for body in bodies)
    with pytest.raises(CryptoError, match="AUTH_FAILED"):
        sealer().open(swapped["name"].token, aad("contract_party", "name", one["id"]))


@pytest.mark.proves("H65")
def test_a_list_goes_on_without_the_row(counter: Counter) -> None:
    filed, other = counter.filed(), counter.filed()
    table = SQLModel.metadata.tables["lease_filing"]
    tamperer(counter).write(table.update().where(table.c.id == filed.filing_id).values(state=FilingState.CANCELLED))
    check_rows(counter.world.door)
    shown = {row.id for row in counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows()).lines}
    assert other.filing_id in shown
    assert filed.filing_id not in shown


@pytest.mark.proves("H65", "H67")
@pytest.mark.parametrize("value", ["state = 'X'", "month_rent = 'viel'", "valid_to = 'bald'"])
def test_a_value_of_no_kind_stops_neither_the_scan_nor_a_list(
    counter: Counter, value: str, database_engine: str
) -> None:
    if database_engine == "postgresql" and value != "state = 'X'":
        value = "state = 'Y'"
    filed, other = counter.filed(), counter.filed()
    tamperer(counter).write(sa.text(f"UPDATE lease_filing SET {value} WHERE filing_no = '{_number(counter, filed)}'"))
    if value.startswith("state"):
        shown = {row.id for row in counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows()).lines}
        assert other.filing_id in shown
        assert filed.filing_id not in shown
    assert find_all(counter) == {("lease_filing", str(filed.filing_id)): FaultKind.CHANGED}
    shown = {row.id for row in counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows()).lines}
    assert other.filing_id in shown
    assert filed.filing_id not in shown


def _number(counter: Counter, filed: Any) -> str:
    number: str = counter.world.read(
        lambda work: work.session.exec(select(LeaseFiling.filing_no).where(LeaseFiling.id == filed.filing_id)).one()
    )
    return number


@pytest.mark.proves("H65")
def test_a_list_that_has_seen_a_row_sees_every_change_of_it(counter: Counter) -> None:
    filed, other = counter.filed(), counter.filed()
    door = counter.world.door

    def shown() -> dict[object, dict[str, object]]:
        return {row.id: vars(row) for row in door.ask(FILINGS.query, counter.clerk(), ListRows()).lines}

    before = shown()
    assert shown() == before
    # As the product itself writes it: the list follows.
    counter.world.rewrite(LeaseFiling, col(LeaseFiling.id) == other.filing_id, state=FilingState.CANCELLED)
    assert shown()[other.filing_id] == before[other.filing_id] | {"state": FilingState.CANCELLED.label}
    # Past the product: one column, its MAC left as it was, of what stands in the list and of what only its MAC covers.
    filings, parties = (SQLModel.metadata.tables[name] for name in ("lease_filing", "contract_party"))
    tamperer(counter).write(filings.update().where(filings.c.id == filed.filing_id).values(late_days=999))
    assert filed.filing_id not in shown()
    of_other = sa.select(filings.c.contract_id).where(filings.c.id == other.filing_id).scalar_subquery()
    tamperer(counter).write(parties.update().where(parties.c.contract_id == of_other).values(position=7))
    with pytest.raises(Conflict):
        shown()


@pytest.mark.proves("H65")
def test_a_session_moved_to_another_account_is_none(counter: Counter) -> None:
    world = counter.world
    token = world.door.perform(sign_in, SYSTEM, SignIn("huamu01", "", "10.0.0.1", demo=True)).token
    assert SessionBook(world.door).find(token) is not None
    boss = world.read(lambda work: work.session.exec(select(Account.id).where(Account.login == "shi01")).one())
    table = SignInSession.__table__  # type: ignore[attr-defined]
    tamperer(counter).write(table.update().values(account_id=boss))
    assert SessionBook(world.door).find(token) is None
    assert ("sign_in_session", FaultKind.CHANGED) in {(key[0], kind) for key, kind in find_all(counter).items()}


@pytest.mark.proves("H65", "M5")
def test_an_account_enabled_by_sql_does_not_sign_in(counter: Counter) -> None:
    world = counter.world
    world.rewrite(Account, col(Account.login) == "huamu02", state=AccountState.DISABLED)
    table = Account.__table__  # type: ignore[attr-defined]
    tamperer(counter).write(table.update().where(table.c.login == "huamu02").values(state=AccountState.ACTIVE))
    with pytest.raises(Conflict, match="完整性"):
        world.door.perform(sign_in, SYSTEM, SignIn("huamu02", "", "10.0.0.1", demo=True))


@pytest.mark.proves("H67", "M6")
def test_an_old_version_with_its_old_mac_is_found_by_the_scan(counter: Counter) -> None:
    filed = counter.filed()
    tampering = tamperer(counter)
    table = SQLModel.metadata.tables["lease_contract"]
    old = next(row for row in tampering.rows(table) if row["id"] == filed.contract_id)
    assert find_all(counter) == {}
    counter.world.rewrite(LeaseContract, col(LeaseContract.id) == filed.contract_id, deposit=old["deposit"] + 100)
    assert find_all(counter) == {}
    tampering.put_back(table, old)
    assert find_all(counter) == {("lease_contract", str(filed.contract_id)): FaultKind.OLDER}


@pytest.mark.proves("H67", "M6")
def test_a_deleted_and_a_copied_object_are_found_by_the_scan(counter: Counter) -> None:
    filed = counter.filed()
    tampering = tamperer(counter)
    gone = tampering.take_away(SQLModel.metadata.tables["issued_document"])
    assert gone is not None
    assert find_all(counter) == {(gone.table, str(gone.row_id)): FaultKind.MISSING}
    table = SQLModel.metadata.tables["lease_filing"]
    row = next(row for row in tampering.rows(table) if row["id"] == filed.filing_id)
    copy = {**row, "id": filed.contract_id, "filing_no": "X", "ticket": 999}
    tampering.write(table.insert().values(**copy))
    assert find_all(counter)["lease_filing", str(filed.contract_id)] is FaultKind.CHANGED


@pytest.mark.parametrize("between", ["last_told", "_newest"])
def test_what_is_written_while_the_scan_begins_is_no_fault(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    """The scan first notes how far the audit has come; whatever is written after that is left for the next night."""
    real = getattr(nightly_scan, between)
    written: list[Any] = []

    def slow(*asked: Any, **more: Any) -> Any:
        answer = real(*asked, **more)
        if not written:
            written.append(counter.filed())
        return answer

    monkeypatch.setattr(nightly_scan, between, slow)
    assert find_all(counter) == {}
    assert written


def test_a_locked_row_is_free_again_only_when_it_is_as_it_was(counter: Counter) -> None:
    filed, door = counter.filed(), counter.world.door
    table = SQLModel.metadata.tables["lease_filing"]
    tampering = tamperer(counter)
    good = next(row for row in tampering.rows(table) if row["id"] == filed.filing_id)
    tampering.write(table.update().where(table.c.id == filed.filing_id).values(state=FilingState.CANCELLED))
    assert len(find_all(counter)) == 1
    fault = door.ask(FAULTS.query, guard(), ListRows()).lines[0]
    with pytest.raises(Conflict, match="仍未恢复原样"):
        door.perform(release_row, guard(), Reasoned(fault.id, "已从备份恢复"))
    tampering.put_back(table, good)
    door.perform(release_row, guard(), Reasoned(fault.id, "已从备份恢复"))
    door.locked.look()
    assert counter.world.read(
        lambda work: work.session.exec(work.visible(LeaseFiling).where(LeaseFiling.id == filed.filing_id)).first()
    )


def test_new_columns_are_covered_and_old_faults_stay_faults(counter: Counter) -> None:
    filed, other = counter.filed(), counter.filed()
    database = counter.world.door.database
    table = SQLModel.metadata.tables["lease_contract"]
    with database.engine.connect() as connection:
        before = layout_of(connection)
    known = before["lease_contract"] - {"mobile_changed"}
    tamperer(counter).write(table.update().where(table.c.id == filed.contract_id).values(deposit=1))
    # As if `district_code` had just been added: what fits without it is covered with it.
    narrowed = {**before, "lease_contract": known - {"district_code"}}
    _cover_without(database, table, narrowed["lease_contract"])
    with database.engine.begin() as connection:
        assert remac(connection, narrowed, sealer()) == ["lease_contract"]
    with database.read() as session:
        faults = scan(session).faults
    assert [(fault.table, fault.row_id) for fault in faults] == [("lease_contract", str(filed.contract_id))]
    assert str(other.contract_id) not in {fault.row_id for fault in faults}


def _cover_without(database: Database, table: sa.Table, known: frozenset[str]) -> None:
    """Give the sound rows MACs over fewer columns, as an earlier schema would have."""
    from models.remac import stored_rows
    from models.row_mac import fits, message, version_in

    with database.engine.begin() as connection:
        for row in list(stored_rows(connection, table)):
            if fits(sealer(), table, row):
                mac = sealer().mac(message(table, row, version=version_in(row), known=known))
                connection.execute(table.update().where(table.c.id == row["id"]).values(mac=mac))

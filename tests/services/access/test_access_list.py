"""M5, H71: rights written past the product count for nothing, an older list put back is refused, nobody else is locked out."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models.access import Account, SignInSession
from models.columns import new_id
from models.labels import Label
from models.rights import AccessChange, AccessList
from models.sealing import CryptoError
from services.access import access_list_book
from services.access.access_list_book import change_digest
from services.access.access_list_signature import (
    accept,
    adopt_tables,
    check_and_tell,
    check_list,
    sign_list,
    sign_pending,
    start_list,
)
from services.access.accounts import disable_account
from services.access.acl import why_not
from services.access.entries import canonical, key_of
from services.access.grants import SetClearance, end_grant, set_clearance
from services.access.matrix_export import access_export
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, Refusal
from services.ports import crypto as port
from tests.services.access.hands import REASON, alarms, by_sql, enter, events, granted, made, unit_id, working
from tests.world import World, at_once, provider, running_world

pytestmark = pytest.mark.proves("M5")


def reason(world: World, account_id: UUID) -> str:
    return str(world.read(lambda work: why_not(work.session, account_id, work.at)))


def role_added_by_sql(world: World, account_id: UUID) -> None:
    by_sql(
        world,
        "INSERT INTO account_role (id, account_id, role, scope_kind, scope_code, valid_from, reason, end_reason, version,"
        " updated_at, mac) SELECT :id, account_id, 'CITY_BUREAU', 'CITY', '', valid_from, reason, end_reason, version,"
        " updated_at, mac FROM account_role WHERE account_id = :account",
        id=new_id(),
        account=account_id,
    )


@pytest.mark.proves("H71")
def test_h71_a_role_added_by_sql_lets_nobody_in_and_is_an_alarm(world: World) -> None:
    account = working(world)
    assert enter(world, account).ok
    role_added_by_sql(world, account.account_id)
    refused = enter(world, account)
    assert not refused.ok
    told = events(world, "ACL.TAMPER", about=account.account_id)
    assert [event["rsn"] for event in told] == ["ACCOUNT_DIFFERS"]
    assert alarms(world, "ACL.TAMPER", str(account.account_id)) == 1
    assert "刘燕" not in str(told) + refused.message
    assert enter(world, working(world)).ok


@pytest.mark.proves("H71")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account_role SET role = 'SEC_ADMIN' WHERE account_id = :id",
        "UPDATE account_role SET scope_code = '310104016' WHERE account_id = :id",
        "UPDATE account_role SET valid_to = NULL, valid_from = '2020-01-01' WHERE account_id = :id",
        "UPDATE account SET clearance = 'HIGH' WHERE id = :id",
        "UPDATE account SET cert_fingerprint = 'aa' WHERE id = :id",
        "UPDATE account SET valid_to = '2099-01-01' WHERE id = :id",
        "UPDATE account SET clearance = 'NOTHING' WHERE id = :id",
        "UPDATE account SET unit_id = (SELECT id FROM org_unit WHERE unit_code = 'CB310000') WHERE id = :id",
    ],
)
def test_h71_whatever_of_the_rights_is_changed_by_sql_is_found(world: World, statement: str) -> None:
    account = working(world)
    assert reason(world, account.account_id) == ""
    assert by_sql(world, statement, id=account.account_id) == 1
    assert reason(world, account.account_id) == "ACCOUNT_DIFFERS"


@pytest.mark.proves("H71")
def test_h71_a_disabled_account_enabled_by_sql_stays_out(world: World) -> None:
    account = working(world)
    world.door.perform(disable_account, world.caller("xitong01"), Reasoned(account.account_id, REASON))
    by_sql(world, "UPDATE account SET state = 'ACTIVE' WHERE id = :id", id=account.account_id)
    assert reason(world, account.account_id) == "ACCOUNT_DIFFERS"


@pytest.mark.proves("H71")
def test_h71_an_account_made_by_sql_is_in_no_list(world: World) -> None:
    account, stranger = working(world), new_id()
    columns = (
        'login, name, name_index, unit_id, "window", password, password_changed_at, state, sort, clearance, failures,'
    )
    columns += " demo, version, updated_at, mac"
    by_sql(
        world,
        f"INSERT INTO account (id, login_key, {columns}) SELECT :new, 'stranger', {columns} FROM account WHERE id = :id",
        new=stranger,
        id=account.account_id,
    )
    assert reason(world, stranger) == "ACCOUNT_NOT_LISTED"


@pytest.mark.proves("H71")
def test_h71_a_unit_made_a_firms_own_by_sql_lets_its_people_in_no_more(own: World) -> None:
    account = working(own)
    by_sql(own, "UPDATE org_unit SET enterprise_id = :firm WHERE id = :id", firm=new_id(), id=unit_id(own))
    assert reason(own, account.account_id) == "UNIT_DIFFERS"


@pytest.mark.proves("H71")
def test_h71_a_grant_that_was_taken_back_is_not_put_back_with_its_old_row(world: World) -> None:
    account = made(world)
    grant = granted(world, account.account_id)
    image = world.read(
        lambda work: (
            work.session.connection()
            .execute(sa.text("SELECT * FROM account_role WHERE id = :id"), {"id": _driver(world, grant)})
            .mappings()
            .one()
        )
    )
    world.door.perform(end_grant, world.caller("anquan01"), Reasoned(grant, REASON))
    assert reason(world, account.account_id) == "NO_GRANT"
    told = ", ".join(f'"{name}" = :{name}' for name in image if name != "id")
    by_sql(world, f"UPDATE account_role SET {told} WHERE id = :id", **dict(image))
    assert reason(world, account.account_id) == "ACCOUNT_DIFFERS"


def _driver(world: World, row_id: UUID) -> object:
    return row_id.hex if world.door.database.sqlite else row_id


def test_a_forged_row_is_not_carried_into_the_list_by_the_next_change(world: World) -> None:
    account = working(world)
    role_added_by_sql(world, account.account_id)
    order = SetClearance(account.account_id, Label.SENSITIVE, REASON)
    with pytest.raises(Conflict, match="与已签名的访问控制清单不一致"):
        world.door.perform(set_clearance, world.caller("anquan01"), order)
    sign_pending(world.door)
    assert reason(world, account.account_id) == "ACCOUNT_DIFFERS"


def test_the_check_finds_what_was_forged_tells_it_and_ends_the_sessions(own: World) -> None:
    account = working(own)
    assert enter(own, account).ok
    role_added_by_sql(own, account.account_id)
    check_and_tell(own.door)
    assert alarms(own, "ACL.TAMPER", str(account.account_id)) == 1
    ended = select(SignInSession.end_reason).where(SignInSession.account_id == account.account_id)
    assert own.read(lambda work: work.session.exec(ended).all()) == ["TAMPER"]
    assert [problem.code for problem in check_list(own.door).problems] == ["DIFFERS"]


def test_an_untouched_installation_has_nothing_to_tell(own: World) -> None:
    working(own)
    sign_pending(own.door)
    checked = check_list(own.door, every_signature=True)
    assert checked.problems == ()
    assert checked.newest is not None
    assert checked.newest.seq == checked.changes > 20


# Changes and signatures


def test_every_change_is_an_event_and_stands_in_the_next_signed_list(own: World) -> None:
    account = made(own)
    granted(own, account.account_id)
    told = events(own, "ACL.CHANGE", about=account.account_id)
    assert [event["act"] for event in told] == ["accounts.create", "grants.give"], told
    assert told[1]["det"]["given"] == "STREET_CLERK/STREET/310115016"
    assert "刘燕" not in str(told)
    assert account.token not in str(told)
    before = check_list(own.door).newest
    sign_pending(own.door)
    after = check_list(own.door).newest
    assert before is not None
    assert after is not None
    assert (after.version, after.seq) == (before.version + 1, before.seq + 2)


def test_signing_twice_signs_once(own: World) -> None:
    made(own)
    assert own.door.perform(sign_list, SYSTEM) == 2
    assert own.door.perform(sign_list, SYSTEM) == 0


def test_two_signers_at_once_make_one_list(own: World) -> None:
    made(own)
    results = at_once([lambda: own.door.perform(sign_list, SYSTEM)] * 4)
    assert results.count(2) == 1
    assert check_list(own.door, every_signature=True).problems == ()


def test_many_changes_at_once_stand_in_one_chain(own: World) -> None:
    accounts = [made(own) for _ in range(4)]
    results = at_once([lambda one=one: granted(own, one.account_id) for one in accounts])  # type: ignore[misc]
    assert all(isinstance(result, UUID) for result in results), results
    assert [reason(own, one.account_id) for one in accounts] == [""] * 4
    sign_pending(own.door)
    assert check_list(own.door).problems == ()


class Silent:
    """A provider that does not answer."""

    def sign(self, key: str, data: bytes) -> port.Signature:
        raise CryptoError("UNAVAILABLE")


def test_a_change_counts_before_it_is_signed_but_not_for_ever(own: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account = working(own)
    monkeypatch.setattr(own.door.house, "crypto", Silent())
    with pytest.raises(CryptoError):
        sign_pending(own.door)
    assert reason(own, account.account_id) == ""
    late = own.read(lambda work: why_not(work.session, account.account_id, work.at + timedelta(minutes=61)))
    assert late == "UNSIGNED"
    monkeypatch.setattr(own.door.house, "crypto", provider())
    sign_pending(own.door)
    late = own.read(lambda work: why_not(work.session, account.account_id, work.at + timedelta(minutes=61)))
    assert late == ""


def test_a_change_nobody_signs_is_an_alarm(own: World) -> None:
    made(own)
    by_sql(own, "UPDATE access_change SET at = :at", at=system_now() - timedelta(minutes=11))
    check_and_tell(own.door)
    assert alarms(own, "ACL.UNSIGNED", "access_list") == 1


def test_after_a_crash_before_the_signature_the_change_is_signed_from_its_own_record(own: World) -> None:
    account = made(own)
    granted(own, account.account_id)
    by_sql(own, "UPDATE account_role SET role = 'DISTRICT_BUREAU' WHERE account_id = :id", id=account.account_id)
    access_list_book.keep_in(own.door.database.engine, None)  # What the dead process had in memory is gone.
    start_list(own.door)
    entry = json.loads(check_list(own.door).entries[key_of("account", account.account_id)])
    assert [grant["role"] for grant in entry["grants"]] == ["STREET_CLERK"]
    assert reason(own, account.account_id) == "ACCOUNT_DIFFERS"
    assert enter(own, working(own)).ok


# The list itself


def broken(world: World) -> list[str]:
    return [problem.code for problem in check_list(world.door, every_signature=True).problems]


def test_a_change_written_by_sql_proves_nothing_and_nobody_comes_in_by_the_list(own: World) -> None:
    account = working(own)
    last = own.read(lambda work: work.session.exec(select(AccessChange).order_by(sa.desc("seq")).limit(1)).one())
    body = canonical({**json.loads(last.body), "prev": last.digest, "seq": last.seq + 1})
    forged = AccessChange(
        seq=last.seq + 1, object_key="x", at=last.at, body=body, digest=change_digest(body), proof=last.proof
    )
    own.act(lambda work: work.session.add(forged))
    assert broken(own) == ["PROOF"]
    refused = enter(own, account)
    assert not refused.ok
    assert events(own, "ACL.TAMPER")[-1]["rsn"] == "LIST_PROOF"
    with pytest.raises(Conflict, match="访问控制清单不可信"):
        made(own)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE access_change SET body = replace(body, 'STREET_CLERK', 'CITY_BUREAU') WHERE seq = 20", "HASH"),
        ("DELETE FROM access_change WHERE seq = 12", "GAP"),
        ("UPDATE access_list SET signature = 'MEUCIQ' WHERE version = 1", "SIGNATURE"),
        ("UPDATE access_list SET signature_key = 'sig.doc.1' WHERE version = 1", "SIGNATURE"),
        ("UPDATE access_list SET body = replace(body, 'count', 'amount') WHERE version = 1", "LIST_CHAIN"),
        ("UPDATE access_list SET version = 3 WHERE version = 1", "LIST_GAP"),
    ],
)
def test_a_list_that_was_changed_stops_the_start(own: World, statement: str, code: str) -> None:
    assert by_sql(own, statement.replace("seq = 20", f"seq = {_first_grant(own)}")) == 1
    access_list_book.keep_in(own.door.database.engine, None)
    assert broken(own)[0] == code
    with pytest.raises(Refusal, match="拒绝启动"):
        start_list(own.door)
    assert alarms(own, "ACL.TAMPER", "access_list") >= 1


def _first_grant(world: World) -> int:
    rows = world.read(lambda work: work.session.exec(select(AccessChange.seq, AccessChange.body)).all())
    first: int = min(seq for seq, body in rows if "STREET_CLERK" in body)
    return first


def older_database(world: World) -> int:
    """Everything since the first signed list is undone by SQL, as a restored copy would have it."""
    signed: int = world.read(
        lambda work: work.session.exec(select(AccessList.seq).where(AccessList.version == 1)).one()
    )
    for statement in (
        "DELETE FROM access_list WHERE version > 1",
        "DELETE FROM account_role WHERE account_id = :id",
        "DELETE FROM street_link WHERE account_id = :id",
        "DELETE FROM account WHERE id = :id",
        "DELETE FROM access_change WHERE seq > :seq",
    ):
        by_sql(world, statement, id=_newest_account(world), seq=signed)
    return 1


def _newest_account(world: World) -> UUID:
    found: UUID = world.read(
        lambda work: work.session.exec(select(Account.id).where(Account.login == "zhaolei")).first() or new_id()
    )
    return found


@pytest.mark.proves("H71")
def test_h71_an_older_signed_list_put_back_is_refused_until_somebody_names_it(own: World, tmp_path: Path) -> None:
    place = tmp_path / "access-list.json"
    access_list_book.keep_in(own.door.database.engine, place)
    assert start_list(own.door).problems == ()
    account = made(own, "zhaolei")
    granted(own, account.account_id)
    start_list(own.door)
    other = own.caller("huamu01").account_id
    assert other is not None
    older_database(own)
    access_list_book.keep_in(
        own.door.database.engine, place
    )  # A new process, which knows only what was kept outside the database.
    assert broken(own)[0] == "ROLLBACK"
    assert reason(own, other) == "LIST_ROLLBACK"
    with pytest.raises(Refusal, match="拒绝启动"):
        start_list(own.door)
    assert events(own, "ACL.TAMPER")[-1]["rsn"] == "ROLLBACK"
    with pytest.raises(Conflict):
        accept(own.door, 2)
    accept(own.door, 1)
    access_list_book.keep_in(own.door.database.engine, place)
    assert start_list(own.door).problems == ()
    assert reason(own, other) == ""
    assert alarms(own, "ACL.RESTORED", "1") == 1


@pytest.mark.proves("H71")
def test_h71_a_running_process_notices_the_older_list_without_any_file(own: World) -> None:
    made(own, "zhaolei")
    start_list(own.door)
    other = own.caller("huamu01").account_id
    assert other is not None
    older_database(own)
    assert reason(own, other) == "LIST_ROLLBACK"


def test_accounts_from_before_there_was_a_list_are_taken_in_once(own: World) -> None:
    by_sql(own, "DELETE FROM access_list")
    by_sql(own, "DELETE FROM access_change")
    access_list_book.keep_in(own.door.database.engine, None)
    with pytest.raises(Conflict, match="访问控制清单已丢失"):
        own.door.perform(adopt_tables, SYSTEM)


def test_an_installation_of_the_version_before_gets_its_list(fresh_database_url: str) -> None:
    with running_world(fresh_database_url, houses=False) as old:
        _forget_everything(old)
        assert old.door.perform(adopt_tables, SYSTEM) > 20
        assert start_list(old.door).problems == ()
        assert old.door.perform(adopt_tables, SYSTEM) == 0


def _forget_everything(world: World) -> None:
    """As the database of a version without an access list: neither list nor events of it."""
    engine = world.door.database.engine
    with engine.begin() as connection:
        for table in ("access_list", "access_change"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        names = ("audit_event_update", "audit_event_delete") if world.door.database.sqlite else ("audit_event_kept",)
        for name in names:
            on = "" if world.door.database.sqlite else " ON audit_event"
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")
        connection.exec_driver_sql("DELETE FROM audit_event WHERE event = 'ACL.CHANGE'")
    access_list_book.keep_in(engine, None)


def test_the_export_names_no_person_and_its_signature_holds(own: World) -> None:
    told = access_export(own.door)
    assert told["problems"] == []
    text = json.dumps(told, ensure_ascii=False)
    assert "huamu01" not in text
    assert "李敏" not in text
    signed = told["list"]
    assert provider().verify_peer(signed["public_key"], signed["body"].encode(), signed["signature"])
    assert json.loads(signed["body"])["matrix"] == told["matrix_sm3"]
    assert {line["role"] for line in told["matrix"]} >= {"STREET_CLERK", "SYS_ADMIN", "SEC_ADMIN", "AUDITOR"}

"""What is told when a store is away, and how strangers are slowed down and written down (H55)."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

from integrations.wire.exchange import request_judgement
from integrations.wire.exchange.throttle import Strangers
from models.alarms import Alarm
from models.audit import AuditEvent
from models.partners import Partner, PartnerKey
from models.sealing import CryptoError
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.partners.partner_cache import registry_mark
from services.partners.request_log import FRESH, REPLAYED, STALE, Arrival, Batch, forget_nonces, keep_batch
from services.ports.crypto import Crypto
from tests.partner.independent import KeyPair
from tests.partner.rig import Rig, serve
from tests.world import provider

NOTES = "/api/v1/test/notes"


@contextmanager
def table_away(rig: Rig, table: str) -> Iterator[None]:
    """A store that cannot be reached: its table answers to another name."""
    with rig.door.database.engine.begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    try:
        yield
    finally:
        with rig.door.database.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {table}_away RENAME TO {table}"))


class Away:
    """A crypto service that answers nothing of some kind."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Any:
        if name in self._names:

            def silent(*_: Any) -> Any:
                raise CryptoError("UNAVAILABLE", retryable=True)

            return silent
        return getattr(provider(), name)


@contextmanager
def crypto_away(rig: Rig, *names: str) -> Iterator[None]:
    rig.door.house.crypto = cast(Crypto, Away(*names))
    try:
        yield
    finally:
        rig.door.house.crypto = provider()


@pytest.mark.proves("H55")
@pytest.mark.parametrize("table", ["partner_nonce", "audit_head", "partner_reply", "access_change"])
def test_a_store_that_is_away_lets_nothing_happen(rig: Rig, table: str) -> None:
    no = f"away-{secrets.token_hex(4)}"
    with table_away(rig, table):
        reply = rig.note(no)
        assert (reply.status, reply.code) == (503, "E1020")
        assert reply.headers["retry-after"] == "1"
    assert rig.effects(no) == 0
    assert rig.note(no).code == "0"
    assert rig.effects(no) == 1


@pytest.mark.proves("H55")
@pytest.mark.parametrize("names", [("verify_peer",), ("open_key",), ("sign",), ("seal_key",)])
def test_a_crypto_service_that_is_away_is_told_as_such(rig: Rig, names: tuple[str, ...]) -> None:
    no = f"crypto-{secrets.token_hex(4)}"
    with crypto_away(rig, *names):
        reply = rig.note(no)
    assert (reply.status, reply.code) == (503, "E1020")
    # Nobody could sign in one of the cases, and whatever was done once is not done again.
    assert ("x-signature" in reply.headers) is (names != ("sign",))
    assert rig.note(no).code == "0"
    assert rig.effects(no) == 1


@pytest.mark.both_engines
@pytest.mark.proves("D24")
@pytest.mark.parametrize(("seconds", "refused"), [(55, False), (65, True)])
def test_a_clock_a_minute_off_the_database_hosts_answers_no_partner(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, seconds: int, refused: bool
) -> None:
    """SQLite lies on the same host, whose jumps the audit tells."""
    ahead = system_now() - timedelta(seconds=seconds)
    monkeypatch.setattr(request_judgement, "system_now", lambda: ahead)
    node, _ = serve(rig.door)
    no = f"clock-{secrets.token_hex(4)}"
    try:
        code = rig.send(rig.fund.request(NOTES, {"no": no}, key=f"key-{no}"), url=node.url).code
    finally:
        node.stop()
    refused = refused and not rig.door.database.sqlite
    assert (code, rig.effects(no)) == (("E1020", 0) if refused else ("0", 1))


def test_strangers_are_slowed_down_and_counted(rig: Rig) -> None:
    asked = select(AuditEvent).where(AuditEvent.account == "partner:?")
    before = len(rig.world.read(lambda work: work.session.exec(asked).all()))
    node, _ = serve(rig.door, strangers_per_second=1)
    stranger = rig.fund.request(NOTES, {"no": "1"}, key="stranger-key", app_id="nobody-here", keys=KeyPair.fresh())
    try:
        codes = [rig.send(stranger, url=node.url).code for _ in range(12)]
    finally:
        node.stop()
    assert codes[0] == "E1004"
    assert "E1010" in codes
    assert len(rig.world.read(lambda work: work.session.exec(asked).all())) == before + 1


def test_forged_signatures_of_a_known_app_are_slowed_down_before_they_cost_anything(rig: Rig) -> None:
    node, _ = serve(rig.door, strangers_per_second=1)
    signed = rig.fund.request(NOTES, {"no": "1"}, key="forged-key-1", keys=KeyPair.fresh())
    try:
        codes = [rig.send(signed, url=node.url).code for _ in range(12)]
    finally:
        node.stop()
    assert codes[0] == "E1006"
    assert "E1010" in codes


def test_ten_tries_a_second_are_let_through_and_memory_is_bounded() -> None:
    now = [0.0]
    strangers = Strangers(clock=lambda: now[0])
    for _ in range(10):
        assert strangers.may_try("192.0.2.1")
        strangers.failed("192.0.2.1")
    assert not strangers.may_try("192.0.2.1")
    assert strangers.may_try("192.0.2.2")
    now[0] = 0.5
    assert strangers.may_try("192.0.2.1")
    for number in range(20_000):
        strangers.failed(f"10.0.{number // 256}.{number % 256}")
    assert strangers.may_try("192.0.2.1")


def test_the_audit_hears_of_strangers_once_a_minute_each_and_of_sixty_in_all() -> None:
    now = [0.0]
    strangers = Strangers(clock=lambda: now[0])
    assert [strangers.to_tell("192.0.2.1") for _ in range(5)] == [1, 0, 0, 0, 0]
    now[0] = 61.0
    assert strangers.to_tell("192.0.2.1") == 5
    assert sum(strangers.to_tell(f"10.0.0.{number}") > 0 for number in range(200)) == 59


def test_what_comes_past_the_gateway_is_refused(rig: Rig) -> None:
    node, _ = serve(rig.door, enter=lambda scope: None)
    try:
        assert rig.send(rig.fund.request("/api/v1/ping", {}, encrypted=False), url=node.url).code == "E1009"
    finally:
        node.stop()


def test_other_paths_are_not_ours(rig: Rig) -> None:
    assert rig.line.get(f"{rig.url}/login").status_code == 418


@pytest.mark.proves("H65", "H71")
@pytest.mark.parametrize("what", ["public_key", "base_url", "scopes"])
def test_a_partner_changed_by_sql_is_not_believed_and_raises_an_alarm(rig: Rig, what: str) -> None:
    client = rig.partner(f"sql-{what.replace('_', '-')}-{secrets.token_hex(2)}")
    ping = ("/api/v1/ping", {"message": "x"})
    assert rig.send(client.request(*ping, encrypted=False), client).code == "0"
    thief = KeyPair.fresh()
    row, key = rig.row(client.app_id), rig.key_row(client.sign_kid)
    table, row_id = (PartnerKey, key.id) if what == "public_key" else (Partner, row.id)
    value = {"public_key": thief.public, "base_url": "https://thief.example.com", "scopes": "test.notes,other.scope"}[
        what
    ]
    changed = SQLModel.metadata.tables[str(table.__tablename__)]
    with rig.door.database.engine.begin() as connection:
        connection.execute(sa.update(changed).where(changed.c.id == row_id).values({what: value}))
    # A process that has just believed him looks again soon; another one, or this one then, is not deceived.
    node, _ = serve(rig.door, strangers_per_second=1000)
    try:
        for keys in (thief, client.sign_keys):
            signed = client.request(*ping, encrypted=False, keys=keys)
            assert client.send(node.url, signed).code == "E1004"
    finally:
        node.stop()
    alarms = rig.world.read(lambda work: work.session.exec(select(Alarm)).all())
    assert str(row_id) in {alarm.object_key for alarm in alarms}


def test_a_whole_old_row_put_back_is_not_believed(rig: Rig) -> None:
    from models.partners import PartnerKeyState
    from services.access.acl import change
    from services.engine.work import Work

    client = rig.partner(f"old-{secrets.token_hex(3)}")
    key = rig.key_row(client.sign_kid)
    table: sa.Table = PartnerKey.__table__  # type: ignore[attr-defined]
    with rig.door.database.engine.begin() as connection:
        before = dict(connection.execute(sa.select(table).where(table.c.id == key.id)).mappings().one())

    def revoke(work: Work) -> None:
        row = work.session.exec(select(PartnerKey).where(PartnerKey.id == key.id)).one()
        change(work, "partner", row.partner_id, "test.act")
        row.state = PartnerKeyState.REVOKED
        work.add(row)

    rig.world.act(revoke)
    with rig.door.database.engine.begin() as connection:
        connection.execute(sa.update(table).where(table.c.id == key.id).values(before))
    # Its own MAC is right, but the signed list knows better.
    assert client.send(rig.url, client.request("/api/v1/ping", {}, encrypted=False)).code == "E1004"
    alarms = rig.world.read(lambda work: work.session.exec(select(Alarm).where(Alarm.alarm_code == "ACL.TAMPER")).all())
    assert str(key.partner_id) in {alarm.object_key for alarm in alarms}


def test_nonces_are_forgotten_when_their_time_is_over(rig: Rig) -> None:
    assert rig.note(f"forget-{secrets.token_hex(4)}").code == "0"
    assert rig.door.perform(forget_nonces, SYSTEM) == 0
    with rig.door.database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE partner_nonce SET until = '2020-01-01 00:00:00'"))
    assert rig.door.perform(forget_nonces, SYSTEM) > 0


def test_who_was_believed_by_an_older_list_is_not_let_in_and_keeps_his_nonce(rig: Rig) -> None:
    mark = rig.world.read(lambda work: registry_mark(work.session.connection()))
    nonce = secrets.token_hex(16)

    def told(mark: int) -> list[str]:
        return rig.door.perform(keep_batch, SYSTEM, Batch((Arrival(rig.fund.app_id, nonce, mark),)))

    assert told(mark - 1) == [STALE]
    assert told(mark) == [FRESH]
    assert told(mark - 1) == [STALE]
    assert told(mark) == [REPLAYED]


def test_a_list_that_changed_for_somebody_else_refuses_nobody_and_costs_no_second_effect(rig: Rig) -> None:
    no = f"moved-{secrets.token_hex(4)}"
    assert rig.note(f"{no}-1").code == "0"
    rig.partner(f"moved-{secrets.token_hex(3)}")
    assert rig.note(no).code == "0"
    assert rig.effects(no) == 1

"""What those on duty are told of keys: an end that comes near, a key that is gone, software keys in production."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from integrations.cloud_crypto.keystore import PERIODS
from integrations.cloud_crypto.local import BANNER, LocalProvider
from integrations.cloud_crypto.provider import Bound
from models.alarms import Alarm
from models.audit import AuditEvent
from models.keys import KeyRecord
from services.engine.callers import SYSTEM
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.keys.life import MoveKey, count_key, follow_keys, inventory, move_key, tell_local_crypto
from services.keys.rotation import RotateKey, rotate_key
from tests.world import World, running_world


@pytest.fixture(scope="module")
def short(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world whose data keys end in twenty days."""
    folder = tmp_path_factory.mktemp("keys")
    provider = LocalProvider(folder, mode="test", periods={**PERIODS, "dek": 20, "sig": 31})
    with running_world(database_url, houses=False, keys=provider) as world:
        yield world


def alarms(world: World, code: str) -> dict[str, int]:
    rows = world.read(lambda work: work.session.exec(select(Alarm).where(Alarm.alarm_code == code)).all())
    return {row.object_key: row.times for row in rows}


@pytest.mark.proves("D16")
def test_an_end_within_thirty_days_raises_an_alarm(short: World) -> None:
    short.door.perform(follow_keys, SYSTEM, None)
    assert set(alarms(short, "KEY.EXPIRY")) == {"dek.pii.1", "dek.auth.1", "dek.doc.1", "dek.cfg.1"}
    short.door.perform(follow_keys, SYSTEM, None)
    assert set(alarms(short, "KEY.EXPIRY").values()) == {2}


def test_a_key_that_is_gone_raises_an_alarm(short: World) -> None:
    short.door.perform(follow_keys, SYSTEM, None)

    def put(work: Work) -> None:
        row = KeyRecord(kid="dek.pii.99", family="dek.pii", state="retired", made_at=short.door.clock.now())
        work.add(row)

    short.act(put)
    short.door.perform(follow_keys, SYSTEM, None)
    assert list(alarms(short, "KEY.MISSING")) == ["dek.pii.99"]


@pytest.mark.proves("D24")
@pytest.mark.parametrize("login", ["shi01", "huamu01", "pdju01"])
def test_only_the_security_administrator_keeps_keys(short: World, login: str) -> None:
    caller = short.caller(login)
    orders: tuple[tuple[Any, object], ...] = (
        (rotate_key, RotateKey("dek.pii", "年度例行轮换")),
        (move_key, MoveKey("dek.pii.1", "destroyed", "不再需要")),
        (count_key, "dek.pii.1"),
    )
    for act, order in orders:
        with pytest.raises(NotAllowed):
            short.door.perform(act, caller, order)
    with pytest.raises(NotAllowed):
        short.door.ask(inventory, caller)


def test_the_inventory_shows_every_key_and_no_secret(short: World) -> None:
    answer = short.door.ask(inventory, short.caller("anquan01"))
    own = short.bound.provider
    assert {line.id for line in answer.lines} == {key.kid for key in own.keys("")}
    assert {line.days_left for line in answer.lines if line.family.startswith("dek")} == {19}
    for key in own.key_ring().keys.values():
        assert key.hex() not in repr(answer)


@pytest.mark.parametrize(
    ("kid", "state", "refusal"),
    [("dek.pii.77", "destroyed", NotFound), ("", "destroyed", NotFound), ("dek.pii.1", "pre", Rejected)],
)
def test_an_order_without_sense_is_refused(short: World, kid: str, state: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        short.door.perform(move_key, short.caller("anquan01"), MoveKey(kid, state, "不再需要"))  # type: ignore[arg-type]


@pytest.mark.proves("G10")
def test_software_keys_in_production_are_told_on_every_page_and_in_the_audit(
    fresh_database_url: str, tmp_path: Path
) -> None:
    """G10."""
    provider = LocalProvider(tmp_path / "keys", mode="production", root_file=tmp_path / "root", allow_local_crypto=True)
    with running_world(fresh_database_url, houses=False) as world:
        opened = Bound(provider)
        assert opened.banner == BANNER
        tell_local_crypto(world.door)
        events = world.read(
            lambda work: work.session.exec(select(AuditEvent).where(AuditEvent.event == "KEY.LOCAL")).all()
        )
        assert [event.severity for event in events] == [3]

"""Rotation: everything that carries the old key is written anew, nothing of it changes, and whoever is killed goes on."""

import json
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models.alarms import Alarm
from models.audit import AuditEvent
from models.integrity import IntegrityFault
from models.keys import RotationStage
from models.sealing import family_of
from services.engine.callers import SYSTEM
from services.engine.refusals import Conflict, Rejected
from services.keys import carriers, rotation
from services.keys.families import REWRITTEN
from services.keys.life import MoveKey, count_key, follow_keys, move_key
from services.keys.rotation import RotateKey, rotate_key
from tests.ready import start
from tests.services.keys.keeping import REASON, Keeping


def carried(keeping: Keeping, kid: str) -> int:
    found: int = keeping.counter.world.read(lambda work: carriers.count(work.session, family_of(kid), kid))
    return found


def told(keeping: Keeping, event: str) -> list[dict[str, Any]]:
    bodies = keeping.counter.world.read(
        lambda work: work.session.exec(
            select(AuditEvent.body).where(col(AuditEvent.event) == event).order_by(col(AuditEvent.seq))
        ).all()
    )
    return [json.loads(body) for body in bodies]


_BY_NIGHT = ("dek.auth", "dek.doc")


@pytest.mark.proves("M7")
@pytest.mark.parametrize(
    "family", [pytest.param(one, marks=[pytest.mark.night] if one in _BY_NIGHT else []) for one in REWRITTEN]
)
def test_a_rotation_writes_everything_anew_and_changes_nothing(keeping: Keeping, family: str) -> None:
    before, old = keeping.plain(), keeping.provider.keys(family)[-1].kid
    assert carried(keeping, old) > 0 or family == "dek.cfg"
    row = keeping.whole(family)
    assert (row.stage, row.old_kid, row.still_old) == (RotationStage.DONE, old, 0)
    assert carried(keeping, old) == 0
    assert row.rewritten > 0 or family == "dek.cfg"
    after = keeping.plain()
    assert {key: after[key] for key in before if key in after} == before
    assert keeping.unfit() == []


def test_a_lease_is_filed_found_and_printed_after_a_rotation_of_everything(keeping: Keeping) -> None:
    for family in REWRITTEN:
        keeping.whole(family)
    filed = keeping.counter.filed()
    keeping.counter.draw_papers(filed.contract_id, filed.filing_id)
    assert keeping.counter.cancel(filed).apply_id is not None


@pytest.mark.proves("H67")
def test_the_nightly_check_finds_nothing_wrong_after_a_rotation_of_everything(keeping: Keeping) -> None:
    """H67: a row rewritten by a rotation is told to the audit, so that it is not taken for one put back."""
    for family in REWRITTEN:
        keeping.whole(family)
    for name in ("integrity.check", "integrity.files"):
        keeping.counter.run(name)
    faults = keeping.counter.world.read(lambda work: work.session.exec(select(IntegrityFault)).all())
    assert faults == []
    results = keeping.raw("SELECT last_result FROM job_lease WHERE job LIKE 'integrity.%'")
    assert all(result.startswith("ok") for (result,) in results)


def test_a_prepared_key_is_not_written_with_before_everybody_knows_it(keeping: Keeping) -> None:
    row = keeping.rotate("idx.pii")
    keeping.carry_on()
    assert keeping.rotation(row.id).stage is RotationStage.PREPARED
    assert carriers.writing_kid(keeping.bound.sealer, "idx.pii") == row.old_kid
    keeping.let_lead_pass()
    keeping.carry_on()
    assert keeping.rotation(row.id).stage is RotationStage.RUNNING
    assert carriers.writing_kid(keeping.bound.sealer, "idx.pii") == row.new_kid
    keeping.carry_on()
    assert keeping.rotation(row.id).stage is RotationStage.DONE


def test_on_sqlite_a_round_rests_as_long_as_it_wrote(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its one writer goes to whoever asks at the right moment: batches without a gap kept sign-ins out for 12 seconds."""
    moments, rests = count(), list[float]()
    row = keeping.rotate("idx.pii")
    keeping.let_lead_pass()
    keeping.carry_on()
    monkeypatch.setattr(rotation, "monotonic", lambda: float(next(moments)))
    monkeypatch.setattr(rotation, "sleep", rests.append)
    monkeypatch.setattr(rotation, "_ROUND_SECONDS", 10_000.0)
    keeping.carry_on()
    assert keeping.rotation(row.id).stage is RotationStage.DONE
    assert set(rests) == ({1.0} if keeping.counter.world.door.database.sqlite else set())


def test_a_process_that_does_not_hold_the_new_key_yet_rewrites_nothing(keeping: Keeping) -> None:
    row = keeping.rotate("dek.auth")
    keeping.let_lead_pass()
    held = keeping.provider.key_ring()
    keeping.carry_on()
    keeping.bound.sealer.hold(held)
    assert carriers.writing_kid(keeping.bound.sealer, "dek.auth") == row.old_kid
    keeping.counter.run("keys.rotate")
    assert keeping.rotation(row.id).rewritten == 0
    keeping.bound.sealer.hold(keeping.provider.key_ring())
    keeping.carry_on()
    assert keeping.rotation(row.id).stage is RotationStage.DONE


def test_a_family_is_rotated_one_change_at_a_time(keeping: Keeping) -> None:
    keeping.rotate("dek.cfg")
    with pytest.raises(Conflict, match="尚未完成"):
        keeping.rotate("dek.cfg")
    keeping.let_lead_pass()
    keeping.carry_on()
    keeping.carry_on()


@pytest.mark.parametrize("family", ["sig.doc", "sig.api", "enc.api", "kek.root", "mac.sess", "mac.qr"])
def test_keys_that_carry_nothing_are_changed_without_rewriting(keeping: Keeping, family: str) -> None:
    row = keeping.whole(family)
    assert (row.stage, row.rewritten) == (RotationStage.DONE, 0)
    assert keeping.plain()


def test_papers_issued_before_a_rotation_stay_proven(keeping: Keeping) -> None:
    filed = keeping.counter.filed()
    keeping.counter.draw_papers(filed.contract_id)
    signed = keeping.raw("SELECT signature_key, signature, digest FROM issued_document WHERE signature <> ''")
    keeping.whole("sig.doc")
    assert signed
    for kid, signature, digest in signed:
        assert keeping.provider.verify(kid, bytes.fromhex(digest), signature)


@pytest.mark.parametrize(
    ("order", "message"), [(RotateKey("dek.pii", "换"), "理由"), (RotateKey("dek.x", REASON), "没有")]
)
def test_an_order_without_sense_makes_no_key(keeping: Keeping, order: RotateKey, message: str) -> None:
    before = keeping.provider.keys("")
    with pytest.raises(Rejected, match=message):
        keeping.counter.world.door.perform(rotate_key, keeping.keeper, order)
    assert keeping.provider.keys("") == before


def test_the_audit_tells_who_changed_which_key_and_shows_none(keeping: Keeping) -> None:
    row = keeping.whole("dek.doc")
    rotate, activate, rewritten = (
        told(keeping, event)[-1] for event in ("KEY.ROTATE", "KEY.ACTIVATE", "KEY.REWRITTEN")
    )
    assert rotate["uid"] == str(keeping.keeper.account_id)
    assert (rotate["rsn"], rotate["det"]["old"], rotate["det"]["new"]) == (REASON, row.old_kid, row.new_kid)
    assert activate["uid"] == rewritten["uid"] == "system"
    bodies = "".join(body for (body,) in keeping.raw("SELECT body FROM audit_event WHERE event LIKE 'KEY.%'"))
    for key in keeping.provider.key_ring().keys.values():
        assert key.hex() not in bodies


# The end of a key


@pytest.mark.proves("D22")
def test_a_key_is_destroyed_only_when_nothing_carries_it(keeping: Keeping) -> None:
    row = keeping.rotate("dek.pii")
    keeping.let_lead_pass()
    keeping.carry_on()
    order = MoveKey(row.old_kid, "destroyed", "已无数据使用")
    with pytest.raises(Conflict, match="仍有"):
        keeping.counter.world.door.perform(move_key, keeping.keeper, order)
    keeping.carry_on()
    keeping.counter.world.door.perform(move_key, keeping.keeper, order)
    keeping.bound.follow()
    assert row.old_kid not in keeping.provider.key_ring().keys
    assert keeping.plain()
    assert told(keeping, "KEY.STATE")[-1]["det"] == {"kid": row.old_kid, "state": "destroyed"}


def test_a_key_in_use_is_not_ended(keeping: Keeping) -> None:
    kid = keeping.provider.key_ring().active["dek.cfg"]
    for state in ("destroyed", "compromised"):
        with pytest.raises(Conflict):
            keeping.counter.world.door.perform(move_key, keeping.keeper, MoveKey(kid, state, "不再需要"))
    with pytest.raises(Rejected, match="轮换"):
        keeping.counter.world.door.perform(move_key, keeping.keeper, MoveKey(kid, "active", "不再需要"))
    assert keeping.provider.key_ring().active["dek.cfg"] == kid


def test_qr_keys_stay_as_long_as_papers_do(keeping: Keeping) -> None:
    row = keeping.whole("mac.qr")
    with pytest.raises(Conflict, match="仍有"):
        keeping.counter.world.door.perform(move_key, keeping.keeper, MoveKey(row.old_kid, "destroyed", "不再需要"))


def test_a_row_changed_past_the_product_is_not_made_whole_by_a_rotation(keeping: Keeping) -> None:
    """H65: the rotation leaves it as it is, raises the alarm, and its key cannot be destroyed."""
    world = keeping.counter.world
    filed = keeping.counter.filed()
    row_id = filed.contract_id
    with world.door.database.engine.begin() as connection:
        table = sa.table("lease_contract", sa.column("id", sa.Uuid), sa.column("mac"))
        before = connection.execute(sa.select(table.c.mac).where(table.c.id == row_id)).scalar_one()
        spoilt = before[:-1] + ("A" if before[-1] != "A" else "B")
        connection.execute(sa.update(table).where(table.c.id == row_id).values(mac=spoilt))
    row = keeping.whole("dek.pii")
    assert (row.stage, row.still_old, row.unfit) == (RotationStage.DONE, 1, 1)
    alarms = world.read(lambda work: work.session.exec(select(Alarm).where(Alarm.alarm_code == "KEY.UNFIT")).all())
    assert [alarm.object_key for alarm in alarms] == [str(row_id)]
    with pytest.raises(Conflict, match="仍有1项"):
        world.door.perform(move_key, keeping.keeper, MoveKey(row.old_kid, "destroyed", "不再需要"))
    with world.door.database.engine.begin() as connection:
        connection.execute(sa.update(table).where(table.c.id == row_id).values(mac=before))
    assert keeping.whole("dek.pii").still_old == 0


# What the provider tells


def test_a_key_changed_past_the_product_is_told(keeping: Keeping) -> None:
    door = keeping.counter.world.door
    door.perform(follow_keys, SYSTEM, None)
    before = len(told(keeping, "KEY.OUTSIDE"))
    keeping.whole("sig.acl")
    door.perform(follow_keys, SYSTEM, None)
    assert len(told(keeping, "KEY.OUTSIDE")) == before
    made = keeping.provider.rotate("sig.acl")
    door.perform(follow_keys, SYSTEM, None)
    outside = told(keeping, "KEY.OUTSIDE")[before:]
    assert {body["obj_id"] for body in outside} == {made.kid, f"sig.acl.{int(made.kid[-1]) - 1}"}
    door.perform(follow_keys, SYSTEM, None)
    assert len(told(keeping, "KEY.OUTSIDE")) == before + 2


def test_uses_are_counted_and_kept(keeping: Keeping) -> None:
    keeping.counter.world.door.perform(follow_keys, SYSTEM, None)
    kid = keeping.provider.key_ring().active["dek.auth"]
    counted = keeping.counter.world.door.perform(count_key, keeping.keeper, kid)
    assert counted == carried(keeping, kid) > 0


# Killed


def child(keeping: Keeping, kill_after: int) -> bool:
    """Let a process of its own carry the rotations on and kill it at a batch; 0 lets it finish. True when it finished."""
    told = {"url": keeping.counter.world.door.database.url, "keys": str(keeping.folder)}
    process = start("-m", "tests.services.keys.rotation_child", talks=True)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(told))
    process.stdin.close()
    try:
        for number, line in enumerate(iter(process.stdout.readline, ""), 1):
            if line.strip() == "done":
                return True
            if number == kill_after:
                return False
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    raise AssertionError("the process ended by itself")


@pytest.mark.proves("M7", "P-x")
@pytest.mark.parametrize(
    "family", ["dek.pii", *(pytest.param(family, marks=pytest.mark.night) for family in ("idx.pii", "mac.row"))]
)
def test_whoever_is_killed_while_rewriting_loses_nothing_and_goes_on(keeping: Keeping, family: str) -> None:
    before = keeping.plain()
    row = keeping.rotate(family)
    keeping.let_lead_pass()
    keeping.carry_on()
    done = [0]
    for kill_after in (1, 3):
        assert not child(keeping, kill_after)
        assert keeping.plain().items() >= before.items()
        assert keeping.unfit() == []
        done.append(keeping.rotation(row.id).rewritten)
    assert done == sorted(done)
    assert done[-1] > 0
    assert child(keeping, 0)
    finished = keeping.rotation(row.id)
    assert (finished.stage, finished.still_old) == (RotationStage.DONE, 0)
    assert carried(keeping, row.old_kid) == 0
    assert keeping.plain().items() >= before.items()


@pytest.mark.parametrize("family", ["dek.auth", "idx.pii"])
def test_a_kill_between_the_key_and_what_is_written_of_it_loses_nothing(keeping: Keeping, family: str) -> None:
    before, actives = keeping.plain(), keeping.provider.key_ring().active
    # Killed when the key was made and its rotation not yet written: the same key is taken up again.
    prepared = keeping.provider.prepare(family)
    assert keeping.provider.key_ring().active == actives
    row = keeping.rotate(family)
    assert row.new_kid == prepared.kid
    # Killed when the key was made active and the rotation did not know it yet.
    keeping.let_lead_pass()
    keeping.provider.set_state(row.new_kid, "active")
    keeping.carry_on()
    assert child(keeping, 0)
    finished = keeping.rotation(row.id)
    assert (finished.stage, finished.still_old) == (RotationStage.DONE, 0)
    assert keeping.plain().items() >= before.items()
    assert keeping.unfit() == []

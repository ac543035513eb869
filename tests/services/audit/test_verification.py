"""Verification names the first bad entry and why, after changes an owner of the database would make (H68, H69)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from deploy.commands.audit import given_keys
from integrations.cloud_crypto import sm2
from models.alarms import Alarm
from models.audit import AuditCheckpoint, AuditEvent
from services.audit.sources import DatabaseSource, FolderSource
from services.audit.statement import read_statement
from services.audit.verification import Fault, verify
from services.audit.verification_runs import VerifyAudit, own_keys, verify_audit
from services.engine.audit import CHAIN, event_hash, genesis_hash
from services.engine.callers import SYSTEM
from tests.services.audit.conftest import Audited
from tests.world import provider

BODY = "UPDATE audit_event SET body = :body WHERE seq = :seq"
WHOLE = "UPDATE audit_event SET body = :body, hash = :hash, prev = :prev WHERE seq = :seq"


def signed_trail(audited: Audited, count: int = 12) -> int:
    """So many events and more under two checkpoints, with a few behind them; gives the number of the last signed."""
    audited.tell(count)
    audited.sign()
    audited.tell(count)
    audited.sign()
    audited.tell(3)
    return newest(audited).last


def newest(audited: Audited) -> AuditCheckpoint:
    statement = select(AuditCheckpoint).order_by(col(AuditCheckpoint.last).desc()).limit(1)
    found: AuditCheckpoint = audited.world.read(lambda work: work.session.exec(statement).one())
    return found


def event(audited: Audited, seq: int) -> AuditEvent:
    found: AuditEvent = audited.world.read(
        lambda work: work.session.exec(select(AuditEvent).where(AuditEvent.seq == seq)).one()
    )
    return found


def fault(audited: Audited) -> Fault | None:
    """What is found, and that it is found through the door with its event and its alarm too."""
    report = audited.verify()
    told = audited.world.door.perform(verify_audit, SYSTEM, VerifyAudit())
    assert told.fault == report.fault
    last = audited.world.read(
        lambda work: work.session.exec(
            select(AuditEvent).where(AuditEvent.event == "AUDIT.VERIFY").order_by(col(AuditEvent.seq).desc())
        ).first()
    )
    assert last.result == ("fail" if report.fault else "ok")
    if report.fault is not None:
        assert f"{report.fault.code} {report.fault.seq}" in last.body
        codes = audited.world.read(lambda work: work.session.exec(select(Alarm.alarm_code)).all())
        assert "AUDIT.BROKEN" in codes
        assert str(report.fault.seq) in report.sentence
        assert report.fault.code in report.sentence
    return report.fault


def rewritten(audited: Audited, first: int, **changes: str) -> list[tuple[int, str, str, str]]:
    """Events from one on, the first with changes, the chain made good again from there: number, text, digest, prev."""
    rows = audited.world.read(
        lambda work: work.session.exec(
            select(AuditEvent).where(AuditEvent.seq >= first).order_by(col(AuditEvent.seq))
        ).all()
    )
    done, prev = [], rows[0].prev
    for row in rows:
        said = json.loads(row.body)
        said |= (changes if row.seq == first else {}) | {"prev": prev}
        body = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        done.append((row.seq, body, event_hash(body), prev))
        prev = event_hash(body)
    return done


def put(audited: Audited, rows: list[tuple[int, str, str, str]]) -> None:
    for seq, body, digest, prev in rows:
        audited.past_us(WHOLE, seq=seq, body=body, hash=digest, prev=prev)
    seq, _, digest, _ = rows[-1]
    audited.past_us("UPDATE audit_head SET hash = :hash WHERE seq = :seq", seq=seq, hash=digest)


def test_an_untouched_trail_is_whole(audited: Audited) -> None:
    signed = signed_trail(audited)
    report = audited.verify()
    assert (report.fault, report.covered, report.external) == (None, signed, 2)
    assert report.last > signed
    assert fault(audited) is None


@dataclass(frozen=True)
class Growing:
    """A trail in which somebody works, signs and copies out each time before it is read."""

    audited: Audited
    of: DatabaseSource | FolderSource

    def __getattr__(self, name: str) -> Any:
        self.audited.tell(2)
        self.audited.sign()
        self.audited.tell()
        return getattr(self.of, name)


def test_a_trail_that_grows_while_it_is_verified_is_whole(audited: Audited) -> None:
    signed_trail(audited)
    source: Any = Growing(audited, DatabaseSource(audited.world.door.database.url))
    outside: Any = Growing(audited, FolderSource(audited.folder))
    report = verify(source, own_keys(provider()), external=outside)
    assert report.fault is None
    assert report.covered > 0


@pytest.mark.proves("H68", "M6", "D10")
def test_h68_a_changed_event_is_named(audited: Audited) -> None:
    signed_trail(audited)
    body = event(audited, 7).body.replace('"uid":"system"', '"uid":"nobody"')
    audited.past_us(BODY, seq=7, body=body)
    assert fault(audited) == Fault(7, "HASH")


@pytest.mark.proves("H68")
def test_h68_an_event_that_was_changed_with_its_own_hash_breaks_the_next_link(audited: Audited) -> None:
    signed_trail(audited)
    [(seq, body, digest, prev), *_] = rewritten(audited, newest(audited).last + 1, dig="0" * 64)
    audited.past_us(WHOLE, seq=seq, body=body, hash=digest, prev=prev)
    assert fault(audited) == Fault(seq + 1, "ORDER")


@pytest.mark.proves("H68")
@pytest.mark.parametrize("column", ["account", "act", "result", "object_id", "event", "request_id"])
def test_h68_a_column_that_says_something_else_than_the_text_is_named(audited: Audited, column: str) -> None:
    signed_trail(audited)
    audited.past_us(f"UPDATE audit_event SET {column} = 'other' WHERE seq = 9")
    assert fault(audited) == Fault(9, "HASH")


@pytest.mark.proves("H68")
def test_h68_a_deleted_event_is_named(audited: Audited) -> None:
    signed_trail(audited)
    audited.past_us("DELETE FROM audit_event WHERE seq = 8")
    assert fault(audited) == Fault(8, "GAP")


@pytest.mark.proves("H68")
def test_h68_a_deleted_event_whose_gap_was_closed_is_named(audited: Audited) -> None:
    signed_trail(audited)
    audited.past_us(
        "DELETE FROM audit_event WHERE seq = 8",
        "UPDATE audit_event SET seq = -seq WHERE seq > 8",
        "UPDATE audit_event SET seq = -seq - 1 WHERE seq < 0",
        "UPDATE audit_head SET seq = seq - 1",
    )
    assert fault(audited) == Fault(8, "ORDER")


@pytest.mark.proves("H68")
def test_h68_an_inserted_event_is_named(audited: Audited) -> None:
    signed_trail(audited)
    row = event(audited, 8)
    said = json.loads(row.body) | {"seq": 9, "prev": row.hash, "uid": "ghost"}
    body = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    audited.past_us(
        "UPDATE audit_event SET seq = -seq WHERE seq > 8",
        "UPDATE audit_event SET seq = -seq + 1 WHERE seq < 0",
        "UPDATE audit_head SET seq = seq + 1",
        "UPDATE audit_event SET seq = 9, body = :body, hash = :hash, prev = :prev WHERE seq = 10",
        body=body,
        hash=event_hash(body),
        prev=row.hash,
    )
    found = fault(audited)
    assert found is not None
    assert (found.seq, found.code) in {(9, "HASH"), (10, "GAP"), (9, "ORDER")}


@pytest.mark.proves("H68")
def test_h68_two_events_that_changed_places_are_named(audited: Audited) -> None:
    signed_trail(audited)
    audited.past_us(
        "UPDATE audit_event SET seq = -1 WHERE seq = 6",
        "UPDATE audit_event SET seq = 6 WHERE seq = 7",
        "UPDATE audit_event SET seq = 7 WHERE seq = -1",
    )
    assert fault(audited) == Fault(6, "ORDER")


@pytest.mark.proves("H68", "M6")
def test_h68_a_chain_made_good_again_after_a_change_no_longer_fits_its_checkpoint(audited: Audited) -> None:
    signed_trail(audited)
    first = newest(audited).first
    rows = rewritten(audited, first + 2, dig="0" * 64)
    put(audited, rows)
    assert fault(audited) == Fault(first, "CKPT_MISMATCH")


def cut(audited: Audited, after: int) -> None:
    """The tail and every trace of it in the database."""
    row = event(audited, after)
    audited.past_us(
        "DELETE FROM audit_event WHERE seq > :seq",
        "DELETE FROM audit_checkpoint WHERE last > :seq",
        "UPDATE audit_head SET seq = :seq, hash = :hash",
        seq=after,
        hash=row.hash,
    )


@pytest.mark.proves("H69", "M6", "D10")
def test_h69_a_tail_cut_after_a_checkpoint_is_found_by_the_second_store(audited: Audited) -> None:
    signed = signed_trail(audited)
    cut(audited, signed - 4)
    assert audited.verify(external=None).ok
    assert fault(audited) == Fault(signed - 3, "TAIL_TRUNCATED")


@pytest.mark.proves("H69")
def test_h69_a_tail_cut_without_care_is_found_in_the_database_alone(audited: Audited) -> None:
    signed = signed_trail(audited)
    audited.past_us("DELETE FROM audit_event WHERE seq > :seq", seq=signed - 2)
    report = audited.verify(external=None)
    assert report.fault == Fault(signed - 1, "TAIL_TRUNCATED")


@pytest.mark.proves("H69")
def test_h69_a_database_set_back_that_went_on_is_a_rollback(audited: Audited) -> None:
    signed = signed_trail(audited)
    first = newest(audited).first
    cut(audited, first - 1)
    audited.tell(signed)
    assert fault(audited) == Fault(first, "ROLLBACK")


@pytest.mark.proves("H69")
def test_h69_a_checkpoint_signed_with_another_key_is_named(audited: Audited) -> None:
    signed_trail(audited)
    kept = newest(audited)
    forged = sm2.sign(sm2.PrivateKey.fresh(), kept.statement.encode())
    import base64

    audited.past_us(
        "UPDATE audit_checkpoint SET signature = :sig WHERE last = :last",
        sig=base64.b64encode(forged).decode(),
        last=kept.last,
    )
    assert fault(audited) == Fault(kept.first, "CKPT_SIG")


@pytest.mark.proves("H69")
def test_h69_a_checkpoint_whose_text_was_changed_is_named(audited: Audited) -> None:
    signed_trail(audited)
    kept = newest(audited)
    said = read_statement(kept.statement)
    assert said is not None
    text = kept.statement.replace(said.root, "0" * 64)
    audited.past_us("UPDATE audit_checkpoint SET statement = :text WHERE last = :last", text=text, last=kept.last)
    assert fault(audited) == Fault(kept.first, "CKPT_SIG")


@pytest.mark.proves("H69")
def test_h69_a_missing_checkpoint_is_named(audited: Audited) -> None:
    signed_trail(audited)
    audited.past_us("DELETE FROM audit_checkpoint WHERE first = 1")
    assert fault(audited) == Fault(1, "CKPT_CHAIN")


@pytest.mark.proves("H69")
def test_h69_a_newest_checkpoint_that_was_deleted_is_missed_outside(audited: Audited) -> None:
    signed_trail(audited)
    first = newest(audited).first
    audited.past_us("DELETE FROM audit_checkpoint WHERE first = :first", first=first)
    assert fault(audited) == Fault(first, "CKPT_CHAIN")


def test_time_that_goes_back_without_a_word_is_named(audited: Audited) -> None:
    signed_trail(audited)
    first = newest(audited).last + 2
    put(audited, rewritten(audited, first, ts="2020-01-01T00:00:00.000Z"))
    audited.past_us("UPDATE audit_event SET at = '2020-01-01 00:00:00.000000+00' WHERE seq = :seq", seq=first) if (
        not audited.world.door.database.sqlite
    ) else audited.past_us("UPDATE audit_event SET at = '2020-01-01 00:00:00.000000' WHERE seq = :seq", seq=first)
    assert fault(audited) == Fault(first, "TIME")


def test_a_part_is_verified_by_itself(audited: Audited) -> None:
    signed = signed_trail(audited)
    audited.past_us(BODY, seq=5, body=event(audited, 5).body.replace('"v":1', '"v":2'))
    assert audited.verify(first=6).fault is None
    assert audited.verify(first=6, last=signed).events == signed - 5
    assert audited.verify(last=10).fault == Fault(5, "HASH")


@pytest.fixture
def exported(audited: Audited) -> FolderSource:
    signed_trail(audited)
    return audited.export()


def by_public_key(audited: Audited) -> Callable[[str, str, str], bool]:
    return given_keys([f"sig.audit.1 {provider().public_key('sig.audit')}"])


@pytest.mark.proves("D10")
def test_an_export_is_verified_without_the_database(audited: Audited, exported: FolderSource) -> None:
    report = verify(exported, by_public_key(audited))
    assert report.ok
    assert report.checkpoints == 2
    assert not verify(exported, given_keys([sm2.PrivateKey.fresh().public.hex])).ok


@pytest.mark.proves("H68", "H69")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: [*lines[:6], lines[6].replace("system", "nobody"), *lines[7:]], Fault(7, "HASH")),
        (lambda lines: [*lines[:6], *lines[7:]], Fault(7, "GAP")),
        (lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], Fault(6, "GAP")),
        (lambda lines: lines[:10], Fault(11, "GAP")),
    ],
)
def test_h68_a_changed_export_is_found(
    audited: Audited, exported: FolderSource, change: Callable[[list[str]], list[str]], expected: Fault
) -> None:
    (path,) = exported.folder.glob("*.events")
    lines = path.read_text().splitlines()
    path.chmod(0o600)
    path.write_text("\n".join(change(lines)) + "\n")
    assert verify(exported, by_public_key(audited)).fault == expected


@pytest.mark.night
def test_many_events_are_walked_by_several_processes_with_the_same_result(
    audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.audit import verification

    signed_trail(audited, 40)
    audited.past_us(BODY, seq=61, body=event(audited, 61).body.replace('"v":1', '"v":2'))
    alone = audited.verify()
    monkeypatch.setattr(verification, "_ALONE", 10)
    monkeypatch.setattr(verification, "_CHUNK", 25)
    assert audited.verify(workers=2).fault == alone.fault == Fault(61, "HASH")
    assert verification._walk is not None


def test_an_empty_chain_is_whole(tmp_path: Path) -> None:
    report = verify(FolderSource(tmp_path), given_keys([]))
    assert (report.ok, report.events) == (True, 0)
    assert genesis_hash(CHAIN)

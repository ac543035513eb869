"""Checkpoints: the vector of the specification, Merkle proofs, windows, copies, the daily export (security 6, D10, D11)."""

import base64
import json
import os
import stat
from itertools import pairwise

import pytest
from sqlmodel import select

from integrations.cloud_crypto import sm2
from models.alarms import Alarm
from models.audit import AuditCheckpoint, AuditEvent
from services.audit.checkpoints import checkpoint, copy_out
from services.audit.jobs import orderly_stop, sign_and_copy
from services.audit.statement import NOTHING_BEFORE, Statement, path_of, read_statement, root_by, root_of
from services.engine.audit import genesis_hash
from tests.evidence import first_bad_line
from tests.services.audit.conftest import Audited
from tests.world import provider

HASH = "42dcea8cb34bc3fa6ce81ddaab533e97cbb6f60a2227fb46e84e6788eccec353"
ROOT = "f9af869cec780c1c5370f93590b7341b93bf64f239c4b0898f18030af81e6707"
TEXT = f"shfg-rental/audit/app\n1\n1\n{HASH}\n{ROOT}\n{'0' * 64}\n2026-11-24T02:05:00.000Z\nsig.audit.1\n"
SIGNATURE = "MEUCIQCYJ8VTWmuvRS+qYs58KkAxEqem226X+QxezOv2eT8KAQIgU0oPLNPaIr0HhM2w5XtIOUS7xvLa8EYjOTqSfrq+e0g="
#: The test key dS and the fixed nonce of security 4.9; they protect nothing.
SAMPLE = sm2.PrivateKey.of("a47d8a5d3896db12fb8ef268c345c9826f6c993101faff0246f0648237972a9f")
K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21


@pytest.mark.proves("M6", "D10")
def test_the_checkpoint_of_the_specification_comes_out() -> None:
    said = Statement("app", 1, 1, HASH, root_of([HASH]), NOTHING_BEFORE, "2026-11-24T02:05:00.000Z", "sig.audit.1")
    assert said.text == TEXT
    assert read_statement(TEXT) == said
    assert base64.b64encode(sm2.sign_by_us(SAMPLE, TEXT.encode(), _k=K)).decode() == SIGNATURE


@pytest.mark.parametrize(
    "text", [TEXT[:-1], TEXT + "\n", TEXT.replace("\n1\n", "\n01\n", 1), TEXT.replace("Z", "+00:00")]
)
def test_a_text_that_is_no_checkpoint_to_the_letter_says_nothing(text: str) -> None:
    assert read_statement(text) is None


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 100])
def test_every_event_of_a_window_is_proven_by_its_path_and_no_other_is(count: int) -> None:
    hashes = [genesis_hash(str(number)) for number in range(count)]
    root = root_of(hashes)
    for place, digest in enumerate(hashes):
        path = path_of(hashes, place)
        assert root_by(digest, path) == root
        assert root_by(genesis_hash("foreign"), path) != root


def test_a_tree_splits_at_the_largest_power_of_two() -> None:
    """RFC 6962: the tree over seven is one over four and one over three."""
    hashes = [genesis_hash(str(number)) for number in range(7)]
    left, right = bytes.fromhex(root_of(hashes[:4])), bytes.fromhex(root_of(hashes[4:]))
    from models.sealing import sm3_hex

    assert root_of(hashes) == sm3_hex(b"\x01" + left + right)


def checkpoints(audited: Audited) -> list[AuditCheckpoint]:
    statement = select(AuditCheckpoint).order_by(AuditCheckpoint.last)  # type: ignore[arg-type]
    return list(audited.world.read(lambda work: work.session.exec(statement).all()))


@pytest.mark.proves("M6", "D10")
def test_checkpoints_cover_every_event_in_windows_of_a_thousand_at_most(audited: Audited) -> None:
    audited.tell(1100)
    checkpoint(audited.world.door)
    assert [row.last - row.first + 1 for row in checkpoints(audited)][:1] == [1000]
    audited.sign_all()
    kept = checkpoints(audited)
    assert kept[0].first == 1
    assert all(one.last + 1 == other.first for one, other in pairwise(kept))
    assert all(provider().verify(row.key, row.statement.encode(), row.signature) for row in kept)
    assert audited.verify().ok


def test_nothing_is_signed_before_it_is_due(audited: Audited) -> None:
    audited.sign_all()  # the loaded database may be older than the longest wait
    audited.tell(3)
    assert checkpoint(audited.world.door) == 0
    assert checkpoint(audited.world.door, at_once=True) > 0


@pytest.mark.proves("D10")
def test_checkpoints_are_copied_at_once_and_the_sink_gets_digests_only(audited: Audited) -> None:
    audited.tell(3)
    orderly_stop(audited.world.door)
    kept = checkpoints(audited)
    lines = (audited.folder / "app.checkpoints").read_text().splitlines()
    assert [json.loads(line)["text"] for line in lines] == [row.statement for row in kept]
    entries = [json.loads(line) for line in audited.sink.path.read_text().splitlines()]
    assert [entry["sm3"] for entry in entries] == [row.digest for row in kept]
    assert {name for entry in entries for name in entry["meta"]} == {"of", "first", "last"}
    assert first_bad_line(audited.sink.path, provider()) == 0


def test_a_changed_line_of_the_evidence_file_is_named(audited: Audited) -> None:
    for _ in range(3):
        audited.tell()
        audited.sign()
    lines = audited.sink.path.read_text().splitlines()
    audited.sink.path.write_text("\n".join([lines[0], lines[1].replace('"n":2', '"n":7'), lines[2]]) + "\n")
    assert first_bad_line(audited.sink.path, provider()) == 2
    audited.sink.path.write_text("\n".join([lines[0], lines[2]]) + "\n")
    assert first_bad_line(audited.sink.path, provider()) == 2


def test_the_second_store_is_its_owners_alone(audited: Audited) -> None:
    audited.tell()
    audited.sign()
    audited.export()
    files = [path for path in audited.folder.iterdir() if path.is_file()]
    assert {path.suffix for path in files} >= {".checkpoints", ".events"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_copy_that_was_cut_by_a_kill_is_made_whole_the_next_time(audited: Audited) -> None:
    for _ in range(2):
        audited.tell()
        audited.sign()
    path = audited.folder / "app.checkpoints"
    whole = path.read_text()
    os.truncate(path, len(whole.encode()) - 40)
    copy_out(audited.world.door)
    good = [line for line in path.read_text().splitlines() if line.endswith("}")]
    assert "".join(line + "\n" for line in good) == whole
    assert audited.verify().ok


@pytest.mark.proves("D10")
def test_the_daily_export_holds_every_event_once(audited: Audited) -> None:
    audited.tell(5)
    source = audited.export()
    audited.tell(2)
    source = audited.export()
    rows = audited.world.read(lambda work: work.session.exec(select(AuditEvent).order_by(AuditEvent.seq)).all())  # type: ignore[arg-type]
    assert [(link.seq, link.body, link.hash) for link in source.links(1, 10**6)] == [
        (row.seq, row.body, row.hash) for row in rows
    ]


def test_a_second_store_that_takes_nothing_raises_an_alarm_and_gets_it_later(audited: Audited) -> None:
    audited.tell()
    audited.folder.rename(audited.folder.with_name("away"))
    sign_and_copy(audited.world.door, at_once=True)
    codes = audited.world.read(lambda work: work.session.exec(select(Alarm.alarm_code)).all())
    assert "AUDIT.COPY" in codes
    audited.folder.with_name("away").rename(audited.folder)
    sign_and_copy(audited.world.door, at_once=True)
    assert audited.store.last_checkpoint("app") == checkpoints(audited)[-1].last


def test_without_a_second_store_checkpoints_are_made_all_the_same(audited: Audited) -> None:
    house = audited.world.door.house
    house.evidence = house.second_store = None
    audited.tell()
    audited.sign()
    assert len(checkpoints(audited)) == 1

"""A process that signs the audit is killed at any moment: nothing is lost, and the next one goes on where it stood."""

import json
from pathlib import Path

import pytest

from integrations.cloud_crypto.local import LocalProvider
from integrations.evidence_sink.local import LocalSink
from services.audit.jobs import sign_and_copy
from tests.evidence import first_bad_line
from tests.ready import start
from tests.services.audit.conftest import Audited


def killed_while_signing(audited: Audited, keys: Path, *, rounds: int) -> None:
    """The child is killed as soon as it says that this round begins, which is somewhere inside it."""
    order = {"url": audited.world.door.database.url, "folder": str(audited.folder.parent), "keys": str(keys)}
    child = start("-m", "tests.services.audit.signing_child", talks=True)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(order))
    child.stdin.close()
    begun = 0
    for line in iter(child.stdout.readline, ""):
        begun += line == "begin\n"
        if begun == rounds:
            break
    child.kill()
    child.wait()
    child.stdout.close()
    assert begun == rounds


@pytest.mark.proves("M6", "D10")
def test_a_kill_during_a_checkpoint_loses_nothing(
    audited: Audited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = LocalProvider(tmp_path / "keys", mode="test")
    house = audited.world.door.house
    monkeypatch.setattr(house, "crypto", keys)
    monkeypatch.setattr(house, "evidence", LocalSink(audited.sink.path.parent, keys))
    for rounds in (1, 2, 3):
        killed_while_signing(audited, tmp_path / "keys", rounds=rounds)
        assert audited.verify().ok
    sign_and_copy(audited.world.door, at_once=True)
    report = audited.verify()
    assert report.ok
    assert report.last - report.covered == 1
    assert audited.store.last_checkpoint("app") == report.covered
    assert first_bad_line(audited.sink.path, keys) == 0

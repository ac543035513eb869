"""The worker as a process of its own, killed in the middle of a table: another one goes on, and nobody is there twice (row 42)."""

import json
import os
import threading
from pathlib import Path

import pytest

from models.practitioner_codes import SessionState
from services.imports.commit_run import commit_session
from tests.browser import ROOT
from tests.people_made import person, table
from tests.ready import start
from tests.services.imports.desk import Desk
from tests.world import key_folder

ROWS = 2_500


@pytest.mark.row(42)
def test_a_killed_worker_is_followed_and_every_row_is_committed_once(desk: Desk, tmp_path: Path) -> None:
    session_id = desk.read(table([person(n) for n in range(ROWS)]))
    environment = os.environ | {
        "MODE": "test",
        "DATABASE_URL": desk.world.door.database.url.replace("postgresql+psycopg", "postgresql"),
        "DATA_DIR": str(tmp_path),
        "KEY_DIR": str(key_folder()),
        "SYSTEM_URLS": json.dumps(desk.world.simulators.urls()),
    }
    with (tmp_path / "worker.log").open("wb") as log:
        worker = start(str(ROOT / "main.py"), "worker", env=environment, output=log)
    pause = threading.Event()
    try:
        desk.do(commit_session, session_id)
        while not desk.view(session_id).committed:
            assert worker.poll() is None, (tmp_path / "worker.log").read_text()
            pause.wait(0.02)
    finally:
        worker.kill()
        worker.wait()
    view = desk.view(session_id)
    assert view.state is SessionState.COMMITTING
    assert 0 < view.committed < ROWS
    assert len(desk.applies(session_id)) == view.committed
    desk.work()
    assert desk.state(session_id) is SessionState.DONE
    numbers = [one.id_no.plain for one in desk.applies(session_id)]
    assert len(numbers) == len(set(numbers)) == ROWS

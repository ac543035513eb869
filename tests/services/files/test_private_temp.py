"""Temporary files: a folder of one's own, and nothing of the dead in it (D22, H45)."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from services.engine.sheets import write_xlsx
from services.files.private_temp import use_private_temp


@pytest.mark.proves("D22", "H45")
def test_files_are_for_this_process_only_and_the_dead_leave_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    home = tmp_path / "tmp"
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    (home / dead.stdout.decode().strip()).mkdir(parents=True)
    (home / "stray").mkdir()
    own = use_private_temp(home)
    assert [one.name for one in home.iterdir()] == [own.name]
    assert (home.stat().st_mode & 0o777, own.stat().st_mode & 0o777) == (0o700, 0o700)
    with tempfile.NamedTemporaryFile() as file:
        assert Path(file.name).parent == own
        assert Path(file.name).stat().st_mode & 0o777 == 0o600
    write_xlsx("清单", ["甲"], [["乙"]])
    assert list(own.iterdir()) == []

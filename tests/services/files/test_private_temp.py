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
    begin = (
        sys.executable,
        "-c",
        "from services.files.private_temp import *; import sys; print(use_private_temp(Path(sys.argv[1])).name, flush=True); input()",
        str(home),
    )
    with (
        subprocess.Popen(begin, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as living,
        subprocess.Popen(begin, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as dying,
    ):
        assert living.stdout is not None
        assert dying.stdout is not None
        lives, dead = living.stdout.readline().strip(), dying.stdout.readline().strip()
        # By another number: two containers that share the folder have the same.
        (home / lives).rename(home / "1-a")
        dying.kill()
        dying.wait()
        assert (home / dead).is_dir()
        (home / "stray").mkdir()
        own = use_private_temp(home)
        assert {one.name for one in home.iterdir() if one.is_dir()} == {own.name, "1-a"}
        living.communicate("")
    assert (home.stat().st_mode & 0o777, own.stat().st_mode & 0o777) == (0o700, 0o700)
    with tempfile.NamedTemporaryFile() as file:
        assert Path(file.name).parent == own
        assert Path(file.name).stat().st_mode & 0o777 == 0o600
    write_xlsx("清单", ["甲"], [["乙"]])
    assert [one.name for one in own.iterdir()] == [".lock"]

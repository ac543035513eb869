"""A recorded month of applications is replayed through the door: every line, and the library afterwards (rows 35, 36)."""

import csv
import json
from pathlib import Path

import pytest

from tests.commands import run_main
from tests.rooms_made import SHARED


def rows(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def replayed(home: Path, *options: str) -> list[dict[str, object]]:
    done = run_main(home, "replay", "room-changes", str(SHARED), *options)
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


@pytest.mark.row(35, 36)
@pytest.mark.skipif(not SHARED.exists(), reason="the shared sets are not here")
def test_every_line_of_the_shared_set_agrees(tmp_path: Path) -> None:
    wanted = [
        {
            "apply_no": row["apply_no"],
            "line_no": int(row["line_no"]),
            "submit": row["expected_submit"],
            "codes": row["expected_codes"].split(),
            "result": row["expected_result"],
            "review_codes": row["expected_review_codes"].split(),
        }
        for row in rows("room_changes.csv")
    ]
    assert replayed(tmp_path, "--json") == wanted


@pytest.mark.row(36)
@pytest.mark.skipif(not SHARED.exists(), reason="the shared sets are not here")
def test_the_library_afterwards_agrees(tmp_path: Path) -> None:
    assert replayed(tmp_path, "--library-json") == rows("room_changes_library_after.csv")

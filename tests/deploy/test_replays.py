"""`main.py replay`: a recorded month is played in a process of its own, and leaves nothing behind."""

import csv
import json
from pathlib import Path

import pytest

from tests.browser import ROOT
from tests.commands import run_apart, run_main
from tests.replayed import houses_of, told_by_command
from tests.world import DATA

HOUSES = DATA / "houses_2000.csv"
SHARED = ROOT.parent / "shared" / "data"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


EVENTS = """seq,time,event,person_id,person_name,house_id,part,head_from,head_to,consent,deal,lessor_id,lessee_id,filing_ref,date_from,date_to,other_id
1,2026-03-04T09:00:00,REGISTER,310101199901010018,陈晓明,{0},WHOLE,2025-07-01,2026-04-30,是,,,,,,,
2,2026-03-04T10:00:00,REGISTER,310101199901010018,陈晓明,{1},WHOLE,2025-07-01,2027-06-30,否,,,,,,,
3,2026-03-05T09:00:00,FILING,310101199901010018,陈晓明,{1},WHOLE,,,,SUBLET,310101199901010018,310104199506150028,B1,2026-03-05,2027-02-28,
4,2026-03-06T09:00:00,REGISTER,310115198808080031,王磊,{0},WHOLE,2025-07-01,2027-06-30,是,,,,,,,
5,2026-05-01T09:00:00,CHECK,310101199901010018,陈晓明,,,,,,,,,,,,
6,2026-05-02T09:00:00,FILING_END,310101199901010018,陈晓明,{1},,,,,,,,B1,,,
"""


def folder_of(tmp_path: Path) -> Path:
    folder = tmp_path / "month"
    folder.mkdir()
    houses = [one["house_id"] for one in rows_of(HOUSES)[:2]]
    houses_of(HOUSES, houses, folder / "houses.csv")
    (folder / "sublets.csv").write_text(EVENTS.format(*houses), encoding="utf-8")
    (folder / "sublet_persons.csv").write_text("id_type,id_no,name,main_district\n", encoding="utf-8")
    (folder / "sublet_barred_houses.csv").write_text("house_id,kind\n", encoding="utf-8")
    return folder


@pytest.mark.row(49)
def test_sublets_are_counted_as_they_were_registered_and_filed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    # As a user would, with a data directory that must stay empty.
    line = ("replay", "sublets", str(folder), "--houses", str(folder / "houses.csv"), "--json")
    done = run_apart(tmp_path, *line, MODE="demo", DATA_DIR=str(tmp_path / "data"))
    assert done.code == 0, done.out
    told = [json.loads(line) for line in done.out.splitlines()]
    assert [(one["seq"], one["result"], one["codes"], one["count"]) for one in told] == [
        (1, "OK", [], 1),
        (2, "REFUSED", ["U03"], 1),
        (3, "OK", [], 2),
        (4, "INTERCEPTED", ["U04"], 0),
        (5, "OK", [], 1),
        (6, "OK", [], 0),
    ]
    assert set(told[0]) == {"seq", "result", "codes", "count", "watch", "alert", "action", "districts", "streets"}
    assert not (tmp_path / "data").exists()


def test_a_folder_without_its_tables_is_one_sentence(tmp_path: Path) -> None:
    done = run_main(tmp_path, "replay", "sublets", str(tmp_path), "--houses", str(HOUSES))
    assert (done.code, done.out) == (2, "")
    assert "sublets.csv" in done.err
    done = run_main(tmp_path, "replay", "sublets", str(tmp_path / "nowhere"), "--houses", str(HOUSES))
    assert (done.code, len(done.err.splitlines())) == (2, 1)


@pytest.mark.row(49)
@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference data is not beside this clone")
def test_every_line_of_the_reference_month_of_sublets_agrees(tmp_path: Path) -> None:
    folder = SHARED / "leasing"
    told = told_by_command("sublets", folder, "--houses", SHARED / "houses" / "houses_2000.csv", "--json")
    expected = rows_of(folder / "sublets.csv")
    assert len(told) == len(expected)
    for got, line in zip(told, expected, strict=True):
        assert got == {
            "seq": int(line["seq"]),
            "result": line["expected_result"],
            "codes": line["expected_codes"].split(),
            "count": int(line["expected_count"]),
            "watch": line["expected_watch"] == "是",
            "alert": line["expected_alert"],
            "action": line["expected_action"],
            "districts": line["expected_districts"].split(),
            "streets": line["expected_streets"].split(),
        }, line["planted"]

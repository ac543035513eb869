"""`main.py replay one-stop` agrees with the recorded results of the shared set and of sets of its maker (rows 1-3)."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy.replays.one_stop import CASE, FILING_MADE
from tests.replayed import houses_of, played, share_of, told_by_command
from tests.services.tenancy.counter import Flat, library
from tests.world import DATA

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
MAKER = SHARED / "make" / "make_leasing.py"
HOUSES = SHARED / "houses" / "houses_2000.csv"
OPEN = {"ACCEPTED", "GROUPED", "CHECKING", "INTERCEPTED"}
_STATES = {"OPEN": OPEN, "DONE_OR_OPEN": OPEN | {"DONE"}}
_LISTS = ("codes", "warnings", "gaps", "conflict_fields", "refused_messages")
_TEXTS = ("situation", "item_code", "cancel_state", "termination_date", "objection_until")
_GROUPS = {"merge_group": "merge_group", "suggestion_group": "suggestion_group", "filing_label": "filing"}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _without_answers(folder: Path, copy: Path, cases: Collection[str]) -> Path:
    """A copy of a set with these cases, without its files of results: the product must not need them."""
    copy.mkdir()
    for path in folder.glob("one_stop*"):
        if "expected" not in path.name:
            (copy / path.name).write_bytes(path.read_bytes())
    stream = copy / "one_stop_stream.jsonl"
    with stream.open("w", encoding="utf-8") as out:
        for text in (folder / stream.name).read_text(encoding="utf-8").splitlines(keepends=True):
            line = json.loads(text)
            if "control" in line or line["message"]["case_no"] in cases:
                out.write(text)
    return copy


def _messages(folder: Path) -> Iterator[dict[str, Any]]:
    for text in (folder / "one_stop_stream.jsonl").read_text(encoding="utf-8").splitlines():
        if message := json.loads(text).get("message"):
            yield message


def _share(folder: Path) -> set[str]:
    """The first case of each sort, with those of the same house, filing or group."""
    houses = {line["filing_label"]: line["house_id"] for line in _rows(folder / "one_stop_filings_expected.csv")}
    given = {
        line[name]: {line["house_id"], line["title_cert_no"]}
        for line in _rows(folder / "one_stop_filings.csv")
        for name in ("filing_no", "contract_no")
    }
    wanted = {line["case_no"]: line for line in _rows(folder / "one_stop_expected.csv")}
    keys = {case: {name + line[name] for name in _GROUPS if line[name] != "*"} for case, line in wanted.items()}
    for message in _messages(folder):
        form = message.get("form", {})
        house = form.get("house", {})
        told = {
            houses.get(wanted[message["case_no"]]["filing_label"]),
            house.get("title_cert_no"),
            house.get("house_id"),
        }
        keys[message["case_no"]] |= told.union(
            *(given.get(form.get(name), ()) for name in ("filing_no", "contract_no"))
        )
    return share_of({case: (line["kind"], keys[case] - {"", None, *_GROUPS}) for case, line in wanted.items()})


def _partition(cases: Sequence[str], label: Callable[[str], str]) -> dict[str, frozenset[str]]:
    """The cases that share a label with each case; the label itself is free."""
    shared: dict[str, set[str]] = {}
    for case in cases:
        if named := label(case):
            shared.setdefault(named, set()).add(case)
    return {case: frozenset(together) for together in shared.values() for case in together}


def _differences(told: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, str]]) -> list[str]:
    answers = {str(one["case_no"]): one for one in told}
    assert list(answers) == sorted(line["case_no"] for line in wanted)
    shares = {}
    for column, field in _GROUPS.items():
        asserted = {line["case_no"]: "" if line[column] == "*" else line[column] for line in wanted}
        left_open = {line["case_no"] for line in wanted if line[column] == "*"}
        cases = [case for case in answers if case not in left_open]
        mine = _partition(cases, lambda case, field=field: str(answers[case][field]))  # type: ignore[misc]
        shares[column] = (_partition(cases, asserted.__getitem__), mine)
    different = []
    for line in wanted:
        answer, case = answers[line["case_no"]], line["case_no"]
        wrong = [name for name in _TEXTS if line[name] != answer[name]]
        wrong += [name for name in _LISTS if sorted(line[name].split()) != sorted(answer[name])]
        if answer["state"] not in _STATES.get(line["final_state"], {line["final_state"]}):
            wrong.append("state")
        for name, times in answer["sent"].items():
            if line[f"sent_{name}"] and int(line[f"sent_{name}"]) != times:
                wrong.append(f"sent.{name}")
        wrong += [column for column, (theirs, mine) in shares.items() if theirs.get(case) != mine.get(case)]
        if wrong:
            different.append(f"{case} {line['kind']}: {wrong} {answer}")
    return different


def _agree(folder: Path, bare: Path, cases: Collection[str], houses: Path) -> None:
    told = played("one_stop", bare, houses)
    expected = _rows(folder / "one_stop_expected.csv")
    assert _differences(told[CASE], [line for line in expected if line["case_no"] in cases]) == []
    made = told[FILING_MADE]
    wanted = [
        line for line in _rows(folder / "one_stop_filings_expected.csv") if set(line["cases"].split()) & set(cases)
    ]
    fields = [name for name in wanted[0] if name != "filing_label"]
    assert sorted([one[name] for name in fields] for one in made) == sorted(
        [one[name] for name in fields] for one in wanted
    )
    assert len({one["filing_label"] for one in made}) == len(made)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_every_case_and_filing_of_the_shared_set_agrees(tmp_path: Path, whole: bool) -> None:
    """The houses of the first case of each sort; the whole set is a drill."""
    folder = SHARED / "leasing"
    cases = {message["case_no"] for message in _messages(folder)} if whole else _share(folder)
    _agree(folder, _without_answers(folder, tmp_path / "bare", cases), cases, HOUSES)


@pytest.mark.soak
@pytest.mark.skipif(not MAKER.exists(), reason="the maker of the data is not here")
@pytest.mark.parametrize("seed", ["1", "5", "23"])
def test_any_set_of_the_maker_agrees(seed: str, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    subprocess.run([sys.executable, str(MAKER), "--seed", seed, "--out", str(folder)], check=True, capture_output=True)
    cases = {message["case_no"] for message in _messages(folder)}
    _agree(folder, _without_answers(folder, tmp_path / "bare", cases), cases, HOUSES)


TENANTS = (("李静", "310104199506150028"), ("王磊", "310115198808080031"))


def _message(flat: Flat, number: int, tenant: int, *, case: int, version: int = 1, **more: Any) -> dict[str, Any]:
    people = [{"name": name, "id_type": "11", "id_no": id_no, "mobile": "13800000000"} for name, id_no in TENANTS]
    owners = [{"name": one.name, "id_type": "11", "id_no": one.id_no} for one in flat.owners]
    papers = more.pop("papers", ("APPLICATION", "ID", "TITLE", "CONTRACT"))
    sizes = more.pop("sizes", {})
    names = {"APPLICATION": "申请书.pdf", "ID": "身份证.jpg", "TITLE": "产权证.pdf", "CONTRACT": "合同.pdf"}
    return {
        "msg_id": f"M{number:04}",
        "case_no": f"YWTB2026061000{case:04}",
        "version": version,
        "event_time": f"2026-06-10T09:{number:02}:00+08:00",
        "kind": "SUBMIT" if version == 1 else "SUPPLEMENT",
        "item_code": "310-ZLBA-0001",
        "situation": "NEW",
        "channel": "YWTB",
        "accept_center_code": "310115",
        "applicant": {**people[tenant], "role": "LESSEE"},
        "form": {
            "house": {"proof_type": "A1", "title_cert_no": flat.cert_no, "district_code": flat.line["district_code"]},
            "deal_kind": "SELF",
            "lease_mode": "WHOLE",
            "rooms": [],
            "lessors": owners,
            "lessees": people,
            "co_occupants": [],
            "sign_date": "2026-06-01",
            "start_date": "2026-07-01",
            "end_date": "2027-06-30",
            "rent_amount": "5200.00",
            "rent_unit": "MONTH",
        },
        "attachments": [{"material": kind, "file_name": names[kind], "size": sizes.get(kind, 4096)} for kind in papers],
        **more,
    }


@pytest.mark.row(1)
def test_a_strangers_set_is_played_without_the_shared_data(tmp_path: Path) -> None:
    """Two tenants of one lease, the second with an empty file and a supplement that arrives first, then decided once."""
    flat, other = [one for one in library() if one.line["house_kind"] != "租用公有住房"][:2]
    folder = tmp_path / "day"
    folder.mkdir()
    lines: list[dict[str, Any]] = [
        {"arrived": f"2026-06-10T09:{minute:02}:30.000+08:00", "message": message}
        for minute, message in (
            (1, _message(flat, 1, 0, case=1)),
            (2, _message(flat, 1, 0, case=1)),
            (4, _message(flat, 3, 1, case=2, version=2)),
            (5, _message(flat, 2, 1, case=2, sizes={"CONTRACT": 0})),
            (6, _message(other, 4, 0, case=3, papers=("APPLICATION", "ID"))),
        )
    ]
    lines.append({"arrived": "2026-06-10T18:00:00.000+08:00", "control": "DECIDE"})
    lines.append({"arrived": "2026-07-12T18:00:00.000+08:00", "control": "DECIDE"})
    (folder / "one_stop_stream.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    houses = houses_of(
        DATA / "houses_2000.csv", [flat.line["house_id"], other.line["house_id"]], tmp_path / "houses.csv"
    )
    one, two, three = told_by_command("one-stop", folder, "--houses", houses, "--json")
    assert (one["state"], one["filing"] != "", one["filing"]) == ("DONE", True, two["filing"])
    assert (two["merge_group"], two["gaps"], two["sent"]["correction"]) == (one["merge_group"], [], 0)
    assert (three["state"], three["codes"], three["gaps"]) == ("CLOSED_TIMEOUT", ["F08"], ["CONTRACT", "TITLE"])
    (filing,) = told_by_command("one-stop", folder, "--houses", houses, "--filings-json")
    assert filing["cases"] == "YWTB20260610000001 YWTB20260610000002"

"""`main.py replay verification` agrees with the recorded answers of our own small set, of the shared one and of its maker's
others (rows 26-32)."""

import csv
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from deploy.replays.verification import ANSWER, CODE
from tests.replayed import houses_of, played, share_of, told_by_command

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
MAKER = SHARED / "make" / "make_leasing.py"
#: Eighteen lines of our own over the demo's houses: what each must come to was worked out by the rules (leasing 4.9).
OWN, OWN_HOUSES = ROOT / "tests" / "data" / "verification", ROOT / "deploy" / "data" / "houses_2000.csv"
#: Of seeds that have enough houses of every kind.
SEEDS = ("1", "5", "23")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _without_answers(folder: Path, copy: Path, lines: list[dict[str, str]]) -> Path:
    """A copy of a set with these lines, whose columns of answers are empty: the product must not need them."""
    copy.mkdir()
    for path in folder.glob("*.csv"):
        if "expected" not in path.name:
            (copy / path.name).write_bytes(path.read_bytes())
    answers = [name for name in lines[0] if name.startswith("expected_") or name in ("also_acceptable", "planted")]
    with (copy / "verification_requests.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(lines[0]))
        writer.writeheader()
        writer.writerows({**line, **dict.fromkeys(answers, "")} for line in lines)
    return copy


def _differences(answers: Sequence[Mapping[str, object]], lines: Sequence[Mapping[str, str]]) -> list[str]:
    different = []
    for answer, line in zip(answers, lines, strict=True):
        wanted = {
            "seq": int(line["seq"]),
            "request_id": line["request_id"],
            "verdict": line["expected_verdict"],
            "codes": sorted(line["expected_codes"].split()),
            "shelf": line["expected_shelf"],
        }
        told = {name: answer[name] for name in wanted}
        forceable = line["expected_forceable"]
        if told != wanted or (forceable and answer["forceable"] is not (forceable == "是")):
            different.append(f"{line['request_id']}: {answer}")
    return different


@pytest.fixture(scope="module")
def own_houses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The houses that our own set names."""
    named = "".join(path.read_text(encoding="utf-8-sig") for path in OWN.glob("*.csv"))
    ids = {line["house_id"] for line in _rows(OWN_HOUSES) if line["house_id"] in named or line["cert_no"] in named}
    return houses_of(OWN_HOUSES, ids, tmp_path_factory.mktemp("own") / "houses.csv")


def test_every_line_of_our_own_set_agrees_without_its_answers(tmp_path: Path, own_houses: Path) -> None:
    bare = _without_answers(OWN, tmp_path / OWN.name, _rows(OWN / "verification_requests.csv"))
    told = told_by_command("verification", bare, "--houses", own_houses, "--json")
    assert _differences(told, _rows(OWN / "verification_requests.csv")) == []


def test_every_code_of_our_own_set_agrees(own_houses: Path) -> None:
    told = told_by_command("verification", OWN, "--houses", own_houses, "--codes-json")
    assert told == _rows(OWN / "codes_expected.csv")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_every_line_and_code_of_the_shared_set_agrees(tmp_path: Path, whole: bool) -> None:
    """The houses of the first line of each sort that was planted; the whole set is a drill."""
    lines = _rows(SHARED / "leasing" / "verification_requests.csv")
    names = ("house_id", "request_id", "code_ref")
    cases = {line["seq"]: (line["planted"], {line[name] for name in names} - {""}) for line in lines}
    # Codes are those of the day of the last line.
    last, (_, keys) = cases.popitem()
    chosen = share_of({**cases, last: ("last", keys)})
    lines = lines if whole else [line for line in lines if line["seq"] in chosen]
    _agree(SHARED / "leasing", _without_answers(SHARED / "leasing", tmp_path / "bare", lines), lines)


@pytest.mark.soak
@pytest.mark.skipif(not MAKER.exists(), reason="the maker is not here")
@pytest.mark.parametrize("seed", SEEDS)
def test_sets_of_other_seeds_agree(tmp_path: Path, seed: str) -> None:
    folder = tmp_path / "set"
    subprocess.run([sys.executable, str(MAKER), "--seed", seed, "--out", str(folder)], check=True, capture_output=True)
    _agree(folder, folder, _rows(folder / "verification_requests.csv"))


def _agree(folder: Path, bare: Path, lines: list[dict[str, str]]) -> None:
    told = played("verification", bare, SHARED / "houses" / "houses_2000.csv")
    assert _differences(told[ANSWER], lines) == []
    asked = {line["house_id"] for line in lines}
    assert told[CODE] == [line for line in _rows(folder / "codes_expected.csv") if line["house_id"] in asked]

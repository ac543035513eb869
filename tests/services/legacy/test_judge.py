"""The bulk judge comes to the maker's verdict on every row, and refuses files it cannot read."""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from models.own_data import DATA
from services.engine.refusals import Rejected
from services.legacy.judge import LegacyReport, judge_files
from services.legacy.periods import Periods
from services.legacy.profile import CONTRACT_CHECKS, HOUSE_CHECKS

MAKER = DATA / "make" / "make_houses.py"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    rows = list(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def wrong_lines(lines: Iterable[dict[str, object]], expected: list[dict[str, str]], number: str) -> list[object]:
    """Rows on which the report and the maker differ."""
    found: list[object] = []
    for place, (line, row) in enumerate(zip(lines, expected, strict=True), 1):
        wanted = {
            "row": place,
            number: row[number],
            "verdict": row["expected_verdict"],
            "codes": row["expected_codes"].split(),
        }
        if line != wanted:
            found.append((line, wanted))
    return found


@pytest.fixture(scope="module")
def shipped() -> LegacyReport:
    return judge_files(DATA / "houses_2000.csv", DATA / "contracts_2000.csv", DATA / "rules.csv")


def test_every_shipped_row_gets_its_expected_verdict(shipped: LegacyReport) -> None:
    assert wrong_lines(shipped.house_lines(), rows_of(DATA / "houses_2000.csv"), "house_id") == []
    assert wrong_lines(shipped.contract_lines(), rows_of(DATA / "contracts_2000.csv"), "contract_no") == []


@pytest.mark.parametrize(("seed", "problems"), [("elsewhere", "0.6"), ("19491001", "0.15")])
def test_another_seed_gets_its_expected_verdicts_too(tmp_path: Path, seed: str, problems: str) -> None:
    maker = [sys.executable, str(MAKER), "--houses", "700", "--contracts", "900"]
    maker += ["--problems", problems, "--seed", seed, "--out", str(tmp_path)]
    subprocess.run(maker, check=True, capture_output=True)
    houses, contracts = tmp_path / "houses_700.csv", tmp_path / "contracts_900.csv"

    report = judge_files(houses, contracts, tmp_path / "rules.csv")

    assert wrong_lines(report.house_lines(), rows_of(houses), "house_id") == []
    assert wrong_lines(report.contract_lines(), rows_of(contracts), "contract_no") == []


def test_every_rule_speaks_on_the_shipped_files(shipped: LegacyReport) -> None:
    counts = {rule["code"]: rule["count"] for rule in shipped.summary()["rules"]}
    assert len(counts) == len(HOUSE_CHECKS) + len(CONTRACT_CHECKS) == 32
    assert [code for code, count in counts.items() if count == 0] == []


def test_the_summary_adds_up_to_the_lines(shipped: LegacyReport) -> None:
    tally = shipped.summary()["contracts"]
    lines = list(shipped.contract_lines())
    assert tally["rows"] == len(lines) == 2000
    assert tally["pass"] == sum(line["verdict"] == "pass" for line in lines)
    assert tally["pass"] + tally["manual"] + tally["fail"] == 2000


def test_rules_left_out_of_the_parameters_are_off(tmp_path: Path) -> None:
    rules = write(tmp_path / "rules.csv", [row for row in rows_of(DATA / "rules.csv") if row["code"] == "RENT"])
    report = judge_files(DATA / "houses_2000.csv", DATA / "contracts_2000.csv", rules)
    assert {code for line in report.contract_lines() for code in line["codes"]} == {"RENT"}
    assert {line["verdict"] for line in report.house_lines()} == {"pass"}


def test_the_parameters_decide_how_grave_a_rule_is(tmp_path: Path) -> None:
    lines = [row | {"verdict": "manual"} for row in rows_of(DATA / "rules.csv") if row["code"] == "RENT"]
    rules = write(tmp_path / "rules.csv", lines)
    report = judge_files(DATA / "houses_2000.csv", DATA / "contracts_2000.csv", rules)
    assert {line["verdict"] for line in report.contract_lines() if line["codes"]} == {"manual"}


HOUSE = {
    "house_id": "H1",
    "district_code": "310101",
    "road": "云南中路",
    "address": "云南中路1号101室",
    "house_kind": "产权房",
    "cert_no": "沪（2021）黄字不动产权第000001号",
    "reg_date": "2020-01-01",
    "use": "居住",
    "floors_total": "6",
    "floor": "1",
    "floor_area": "60",
    "inner_area": "50",
    "rooms": "1:卧室:15.0;2:卧室:15.0;K1:厨房:5.0",
    "owners": "陈晓明/310101199901010018/100",
    "limit_status": "正常",
    "safety_status": "正常",
}
CONTRACT = {
    "contract_no": "C1",
    "house_id": "H1",
    "mode": "整租",
    "room_no": "",
    "lessor_id": "310101199901010018",
    "lessor_role": "权利人",
    "authorised": "",
    "lessees": "李静/310104199506150028",
    "occupants": "1",
    "family": "否",
    "sign_date": "2025-01-01",
    "start_date": "2025-01-05",
    "end_date": "2026-01-04",
    "monthly_rent": "3000",
    "status": "有效",
    "cancel_date": "",
}


def judged(tmp_path: Path, *contracts: dict[str, str], house: dict[str, str] | None = None) -> list[list[str]]:
    houses = write(tmp_path / "h.csv", [HOUSE | (house or {})])
    lines = write(tmp_path / "c.csv", [CONTRACT | change for change in contracts])
    report = judge_files(houses, lines, DATA / "rules.csv")
    return [line["codes"] for line in report.contract_lines()]


def test_a_sound_contract_passes(tmp_path: Path) -> None:
    assert judged(tmp_path, {}) == [[]]


def test_contracts_are_judged_in_the_order_they_were_signed(tmp_path: Path) -> None:
    later, earlier = {"contract_no": "C2", "sign_date": "2025-03-01"}, {"sign_date": "2025-02-01"}
    assert judged(tmp_path, later, earlier) == [["OVERLAP"], []]


def test_a_refused_contract_blocks_nobody_but_keeps_its_number(tmp_path: Path) -> None:
    refused, same_number = {"monthly_rent": "0"}, {"sign_date": "2025-01-02"}
    assert judged(tmp_path, refused, same_number) == [["RENT"], ["NO_DUP"]]


def test_two_rooms_are_let_side_by_side_but_not_beside_the_whole(tmp_path: Path) -> None:
    one, two = ({"mode": "分间", "room_no": room, "contract_no": f"C{room}"} for room in "12")
    whole = {"contract_no": "C3"}
    assert judged(tmp_path, one, two, whole) == [[], [], ["OVERLAP"]]


@pytest.mark.parametrize(("days", "codes"), [(0, ["INTERVAL"]), (7, ["INTERVAL"]), (8, [])])
def test_the_same_tenants_wait_seven_days_after_cancelling(tmp_path: Path, days: int, codes: list[str]) -> None:
    cancelled = {"status": "已注销", "cancel_date": "2025-06-01"}
    signed = date(2025, 6, 1) + timedelta(days=days)
    again = {
        "contract_no": "C2",
        "sign_date": signed.isoformat(),
        "start_date": "2025-06-20",
        "end_date": "2026-06-19",
    }
    assert judged(tmp_path, cancelled, again) == [[], codes]


@pytest.mark.parametrize(
    ("end", "codes"), [("2045-01-04", []), ("2045-01-05", ["TERM_OVER_20Y"]), ("2025-01-04", ["TERM_ORDER"])]
)
def test_the_term_is_measured_to_the_day(tmp_path: Path, end: str, codes: list[str]) -> None:
    assert judged(tmp_path, {"end_date": end}) == [codes]


def test_extra_columns_do_no_harm(tmp_path: Path) -> None:
    assert judged(tmp_path, {"remark": "无"}, house={"colour": "白"}) == [[]]


def _without(column: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda row: {key: value for key, value in row.items() if key != column}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_without("lessees"), "缺少列：lessees"),
        (lambda row: row | {"sign_date": "2025-02-30"}, "第1行的“sign_date”列"),
        (lambda row: row | {"monthly_rent": "三千"}, "第1行的“monthly_rent”列"),
        (lambda row: row | {"monthly_rent": "nan"}, "不是数字"),
        (lambda row: row | {"occupants": "1.5"}, "不是整数"),
        (lambda row: row | {"lessees": "李静"}, "第1行的“lessees”列"),
        (lambda row: row | {"house_id": ""}, "第1行的“house_id”列为空"),
        (lambda row: row | {"mode": "床位"}, "第1行的“mode”列"),
        (lambda row: row | {"status": "已注销"}, "第1行的“cancel_date”列"),
    ],
)
def test_a_contract_that_cannot_be_read_is_named(
    tmp_path: Path, change: Callable[[dict[str, str]], dict[str, str]], words: str
) -> None:
    houses = write(tmp_path / "h.csv", [HOUSE])
    contracts = write(tmp_path / "c.csv", [change(CONTRACT)])
    with pytest.raises(Rejected) as refusal:
        judge_files(houses, contracts, DATA / "rules.csv")
    assert words in refusal.value.message
    assert "李静" not in refusal.value.message


@pytest.mark.parametrize(
    ("column", "value"),
    [("rooms", "1:卧室"), ("rooms", "1:卧室:大"), ("owners", "陈晓明/1"), ("owners", "a/b/一半"), ("floor", "")],
)
def test_a_house_that_cannot_be_read_is_named(tmp_path: Path, column: str, value: str) -> None:
    with pytest.raises(Rejected, match=f"第1行的“{column}”列"):
        judged(tmp_path, {}, house={column: value})


def test_the_row_that_is_wrong_is_counted_from_the_first_data_row(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="第2行的“end_date”列"):
        judged(tmp_path, {}, {"end_date": "昨天"})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "是空的"),
        ("合同编号,房屋".encode("gbk"), "不是UTF-8编码"),
        (b"\xff\xfe\x00", "不是UTF-8编码"),
        (b'contract_no\n"' + b"x" * 200_000, "缺少列"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    contracts = tmp_path / "c.csv"
    contracts.write_bytes(content)
    houses = write(tmp_path / "h.csv", [HOUSE])
    with pytest.raises(Rejected, match=words):
        judge_files(houses, contracts, DATA / "rules.csv")


def test_a_row_cut_short_is_refused(tmp_path: Path) -> None:
    contracts = write(tmp_path / "c.csv", [CONTRACT])
    contracts.write_text(contracts.read_text(encoding="utf-8-sig") + "C2,H1\n", encoding="utf-8")
    with pytest.raises(Rejected, match="第2行的“mode”列没有值"):
        judge_files(write(tmp_path / "h.csv", [HOUSE]), contracts, DATA / "rules.csv")


def test_a_missing_file_is_refused_by_its_name_only(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refusal:
        judge_files(tmp_path / "none.csv", DATA / "contracts_2000.csv", DATA / "rules.csv")
    assert "none.csv" in refusal.value.message
    assert str(tmp_path) not in refusal.value.message


@pytest.mark.parametrize(
    ("change", "words"),
    [({"code": "NEW_RULE"}, "不是已知的规则"), ({"verdict": "maybe"}, "应为 fail 或 manual")],
)
def test_a_rule_nobody_knows_is_refused(tmp_path: Path, change: dict[str, str], words: str) -> None:
    rules = write(tmp_path / "rules.csv", [rows_of(DATA / "rules.csv")[0] | change])
    with pytest.raises(Rejected, match=words):
        judge_files(DATA / "houses_2000.csv", DATA / "contracts_2000.csv", rules)


def test_kept_periods_answer_like_all_of_them() -> None:
    day = date(2025, 1, 1)
    periods = Periods()
    everything: list[tuple[date, date]] = []
    # Every order of short, long, nested and even reversed periods, as cancelled leases can leave them.
    for place in range(400):
        start, end = day + timedelta(days=place * 37 % 101), day + timedelta(days=place * 53 % 97)
        expected = any(start <= other_end and other_start <= end for other_start, other_end in everything)
        assert periods.meet(start, end) == expected
        if place % 5 == 0:
            periods.add(start, end)
            everything.append((start, end))

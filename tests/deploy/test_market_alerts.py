"""`main.py market alerts` and `market load`: an export of the register, loaded and watched (rows 70-75, issue 16)."""

import csv
import json
import logging
from pathlib import Path

import pytest

from tests.commands import run_main
from tests.market_export import write_export

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "market"
DAYS = ("2026-03-08", "2026-04-17", "2026-06-30")


def alerts(folder: Path, *days: str) -> list[tuple[str, ...]]:
    wanted = [part for day in days for part in ("--on", day)]
    told = run_main(folder, "market", "alerts", str(folder), *wanted, "--json", MODE="test")
    assert told.code == 0, told.err
    return [tuple(json.loads(line).values()) for line in told.out.splitlines()]


@pytest.mark.row(75)
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared market set is not beside the clone")
@pytest.mark.night
def test_the_shared_set_gives_exactly_its_alerts() -> None:
    with (SHARED / "expected" / "alerts_expected.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = [tuple(row.values()) for row in csv.DictReader(file)]
    found = alerts(SHARED, *DAYS)
    assert len(found) == len(set(found))
    assert set(found) == set(expected)


#: Companies and one project under two permits: works A and B, of which B is not begun.
BASE = {
    "companies": [
        {
            "id": "H1",
            "kind": "HEAD",
            "name": "上海甲集团(测试)",
            "uscc": "91310115MAYHA0017M",
            "district_code": "310115",
        },
        {
            "id": "C1",
            "kind": "PROJECT",
            "name": "上海甲置业(测试)",
            "uscc": "91310115MAYPA0014U",
            "head_company_id": "H1",
            "district_code": "310115",
            "admission_state": "ADMITTED",
        },
    ],
    "projects": [
        {
            "id": "P1",
            "name": "甲苑(测试)",
            "project_code": "2501-310115-70-01-100000",
            "effective_from": "2024-12-01T00:00:00Z",
        }
    ],
    "planning_permits": [
        {
            "id": "EP1",
            "project_id": "P1",
            "permit_no": "建字第1号",
            "issued_on": "2024-12-10",
            "effective_from": "2024-12-11T00:00:00Z",
        },
        # Of a leap day: a year later it is the last of February.
        {
            "id": "EP2",
            "project_id": "P1",
            "permit_no": "建字第2号",
            "issued_on": "2024-02-29",
            "effective_from": "2024-12-11T00:00:00Z",
        },
    ],
    "construction_permits": [
        {
            "id": "CP1",
            "project_id": "P1",
            "permit_no": "310115202501050101",
            "planning_permit_ids": "EP1",
            "issued_on": "2025-01-05",
            "effective_from": "2025-01-06T00:00:00Z",
        },
        {
            "id": "CP2",
            "project_id": "P1",
            "permit_no": "310115202411300101",
            "planning_permit_ids": "EP2",
            "issued_on": "2024-11-30",
            "effective_from": "2025-01-06T00:00:00Z",
        },
    ],
    "unit_engineerings": [
        {
            "id": "UA",
            "construction_permit_id": "CP1",
            "unit_no": "1#",
            "name": "1#住宅楼",
            "effective_from": "2025-01-07T00:00:00Z",
        },
        {
            "id": "UB",
            "construction_permit_id": "CP2",
            "unit_no": "2#",
            "name": "2#住宅楼",
            "effective_from": "2025-01-07T00:00:00Z",
        },
    ],
}


def milestone(subject: str, code: str, planned: str = "", actual: str = "", known: str = "") -> dict[str, str]:
    scope = "BUILDING" if subject.startswith("N") else "UNIT"
    recorded = known or (f"{actual}T02:00:00Z" if actual else "")
    return {
        "project_id": "P1",
        "scope": scope,
        "scope_id": subject,
        "code": code,
        "planned_on": planned,
        "actual_on": actual,
        "recorded_at": recorded,
    }


def report(period: str, known: str) -> dict[str, str]:
    return {
        "id": f"R{period}",
        "project_id": "P1",
        "period": period,
        "report_on": known,
        "effective_from": f"{known}T03:00:00Z",
    }


def payment(period: str, known: str, **more: str) -> dict[str, str]:
    return {
        "id": f"PY{period}",
        "construction_permit_id": "CP1",
        "period": period,
        "effective_from": f"{known}T03:00:00Z",
        **more,
    }


@pytest.mark.row(75)
def test_works_permits_and_payments_raise_what_their_days_say(tmp_path: Path) -> None:
    """A starts a day before its permit, its reports of two months are missing; B never starts; less than 80 % is paid."""
    lines = [{"report_id": f"R2025-0{month}", "unit_engineering_id": "UA", "percent": "30"} for month in (1, 2, 3)]
    write_export(
        tmp_path,
        **BASE,
        milestones=[
            milestone("UA", "M07", "2025-01-03", "2025-01-04"),
            milestone("UA", "M12", "2025-06-14"),
            milestone("UB", "M07", "2025-06-14"),
        ],
        progress_reports=[
            report("2025-01", "2025-02-03"),
            report("2025-02", "2025-03-03"),
            report("2025-03", "2025-04-03"),
        ],
        progress_lines=lines,
        payments=[
            payment("2025-01", "2025-02-08"),
            payment("2025-02", "2025-03-08", paid_cum="790000.00", labour_paid_period="0.00"),
        ],
    )
    found = alerts(tmp_path, "2025-06-15")
    assert found == sorted(
        {
            ("2025-06-15", "CON-02", "RED", "P1", "construction_permit", "CP2", "2025-02-28", "107"),
            ("2025-06-15", "CON-04", "RED", "P1", "unit_engineering", "UA", "2025-01-04", "1"),
            ("2025-06-15", "CON-11", "RED", "P1", "construction_permit", "CP1", "2025-03", "66"),
            ("2025-06-15", "CON-11", "RED", "P1", "construction_permit", "CP1", "2025-04", "36"),
            ("2025-06-15", "CON-11", "BLUE", "P1", "construction_permit", "CP1", "2025-05", "5"),
            ("2025-06-15", "CON-12", "YELLOW", "P1", "construction_permit", "CP1", "2025-02", "0.7900"),
            ("2025-06-15", "CON-13", "YELLOW", "P1", "construction_permit", "CP1", "2025-02", ""),
            ("2025-06-15", "PLN-09", "RED", "P1", "planning_permit", "EP2", "2025-02-28", "107"),
            ("2025-06-15", "PRG-01", "RED", "P1", "project", "P1", "2025-04", "41"),
            ("2025-06-15", "PRG-01", "YELLOW", "P1", "project", "P1", "2025-05", "10"),
            ("2025-06-15", "PRG-02", "RED", "P1", "project", "P1", "2025-05", "1"),
            ("2025-06-15", "PRG-03", "BLUE", "P1", "unit_engineering", "UA", "M12", "1"),
            ("2025-06-15", "PRG-03", "BLUE", "P1", "unit_engineering", "UB", "M07", "1"),
            ("2025-06-15", "PRG-06", "YELLOW", "P1", "unit_engineering", "UA", "2025-03", "30"),
        },
        key=lambda one: (one[1], one[3], one[5], one[6]),
    )


@pytest.mark.row(75)
def test_what_was_known_by_the_end_of_the_day_in_shanghai_counts(tmp_path: Path) -> None:
    """A report known at 23:59 is there on that day, one known a minute later is not; the project is then finished."""
    write_export(
        tmp_path,
        **{**BASE, "construction_permits": BASE["construction_permits"][:1], "planning_permits": []},
        milestones=[
            milestone("UA", "M07", "", "2025-05-20"),
            milestone("UA", "M17", "", "2025-06-20", "2025-06-25T02:00:00Z"),
        ],
        progress_reports=[
            {**report("2025-05", "2025-06-06"), "effective_from": "2025-06-06T15:59:00Z"},
            {**report("2025-06", "2025-07-06"), "effective_from": "2025-07-06T16:00:00Z"},
        ],
        payments=[payment(period, "2025-06-02") for period in ("2025-05", "2025-06")],
    )
    days = ("2025-06-05", "2025-06-06", "2025-07-06", "2025-07-07", "2026-01-10")
    found = [one[:2] for one in alerts(tmp_path, *days) if one[1].startswith("PRG")]
    assert found == [("2025-07-06", "PRG-01")]


@pytest.mark.row(75)
def test_sales_raise_what_the_register_of_units_says(tmp_path: Path) -> None:
    units = [
        {"id": f"U{number}", "natural_building_id": "N1", "room_no": f"10{number}", "opening_unit_id": "O1"}
        for number in (1, 2, 3)
    ]
    units.append({"id": "U4", "natural_building_id": "N1", "room_no": "104", "sale_role": "SELF_HELD"})
    units.append({"id": "U5", "natural_building_id": "N2", "room_no": "101"})

    def event(number: int, unit: str, kind: str, on: str, contract: str = "", amount: str = "") -> dict[str, str]:
        return {
            "event_no": f"E{number}",
            "house_unit_id": unit,
            "type": kind,
            "happened_on": on,
            "recorded_at": f"{on}T03:00:00Z",
            "contract_no": contract,
            "area": "100.00" if kind == "SIGN" else "",
            "amount": amount,
        }

    write_export(
        tmp_path,
        **{**BASE, "construction_permits": [], "planning_permits": [], "unit_engineerings": []},
        natural_buildings=[
            {"id": "N1", "project_id": "P1", "natural_building_no": "N1", "building_name": "1#"},
            {"id": "N2", "project_id": "P1", "natural_building_no": "N2", "building_name": "2#"},
        ],
        house_units=units,
        milestones=[milestone("N1", "M22", "", "2025-06-01")],
        presale_permits=[
            {
                "id": "PS1",
                "project_id": "P1",
                "permit_no": "浦东房管(2025)预字9000001号",
                "building_ids": "N1",
                "issued_on": "2025-05-15",
                "issued_at": "2025-05-15T02:00:00Z",
                "recorded_at": "2025-05-15T03:00:00Z",
            }
        ],
        opening_units=[{"id": "O1", "project_id": "P1", "presale_permit_id": "PS1", "code": "O1", "mode": "定期开盘"}],
        sale_events=[
            event(1, "U1", "SIGN", "2025-05-20", "C1", "5000001.00"),
            event(2, "U2", "SIGN", "2025-05-20", "C2", "5100000.00"),
            event(3, "U2", "REGISTER", "2025-05-25", "C2"),
            event(4, "U3", "SIGN", "2025-05-20", "C3", "4900000.00"),
            event(5, "U3", "CANCEL", "2025-05-22", "C3"),
            event(6, "U4", "SIGN", "2025-05-20", "C4", "4900000.00"),
            event(7, "U5", "EARNEST", "2025-05-20", "C5"),
        ],
    )
    assert alerts(tmp_path, "2025-06-20") == [
        ("2025-06-20", "CMP-07", "RED", "P1", "natural_building", "N1", "2025-06-01", ""),
        ("2025-06-20", "SAL-21", "BLUE", "P1", "house_unit", "U1", "C1", "31"),
        ("2025-06-20", "SAL-22", "RED", "P1", "house_unit", "U5", "", ""),
        ("2025-06-20", "SAL-23", "RED", "P1", "house_unit", "U4", "SELF_HELD", ""),
        ("2025-06-20", "SAL-24", "YELLOW", "P1", "house_unit", "U2", "C2", "2.00"),
        ("2025-06-20", "SAL-25", "YELLOW", "P1", "presale_permit", "PS1", "3", "36"),
    ]


@pytest.mark.row(75)
def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write_export(tmp_path, **BASE)
    (tmp_path / "milestones.csv").unlink()
    told = run_main(tmp_path, "market", "alerts", str(tmp_path), "--on", "2025-06-15", MODE="test")
    assert (told.code, told.out) == (2, "")
    assert "milestones.csv" in told.err
    # Only the throw-away house is quiet: this process logs its warnings as before.
    assert logging.getLogger("shenfang.database").isEnabledFor(logging.WARNING)

"""The requirements matrix of the product: all rows, and no row called passed of which a test did not pass."""

import csv
import json
from pathlib import Path

import pytest

from deploy import rows
from deploy.rows import ROWS, SNAPSHOT, MarkedTest, built_rows, write_snapshot
from services.catalogue.requirements import AcceptanceFile, Requirement, requirements


def _row(*files: AcceptanceFile) -> Requirement:
    return Requirement(1, "子系统", "模块", "要求", ("filing",), built=True, files=files)


def test_every_row_of_the_order_is_in_the_matrix_with_its_tests() -> None:
    lines = requirements()
    assert [one.id for one in lines] == list(ROWS)
    assert [one.id for one in lines if not one.tests] == [row for row in ROWS if row not in built_rows()]


@pytest.mark.parametrize(
    ("counts", "result"),
    [
        ((3, 0, 0, 0), "passed"),
        ((3, 1, 0, 0), "failed"),
        ((3, 0, 1, 0), "open"),
        ((3, 0, 0, 1), "open"),
    ],
)
def test_a_row_has_passed_only_when_every_test_ran_and_passed(counts: tuple[int, int, int, int], result: str) -> None:
    assert _row(AcceptanceFile("ui/test_a.py", *counts, "2026-11-29")).result == result


def test_a_row_without_tests_has_not_passed() -> None:
    assert _row().result == "open"


def test_the_snapshot_has_the_outcomes_of_the_last_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = "tests/services/tenancy/test_row_5.py::test_a"
    marked = [MarkedTest(5, node, "A", runs=True), MarkedTest(6, f"{node}_b", "B", runs=True)]
    monkeypatch.setattr(rows, "acceptance_tests", lambda: marked)
    results = tmp_path / "results.json"
    results.write_text(json.dumps({f"{node}[sqlite]": {"outcome": "failed", "at": 1795951034.0}}), encoding="utf-8")
    monkeypatch.setattr(rows, "RESULTS", results)
    target = tmp_path / SNAPSHOT
    target.parent.mkdir(parents=True)
    write_snapshot(tmp_path)
    with target.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["row"], line["failed"], line["missing"], line["passed"]) for line in lines] == [
        ("5", "1", "0", "0"),
        ("6", "0", "1", "0"),
    ]
    assert lines[0]["at"] == "2026-11-29"

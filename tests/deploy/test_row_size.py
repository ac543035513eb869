"""Rows 64 to 75 stay within their lines, and no module of theirs is left out of the count (issue 16, decision 136)."""

import csv

from deploy.row_size import ROOT, SOURCES, row_lines

PACKAGES = [f"{layer}/{area}" for layer in ("services", "ui") for area in ("construction", "completion", "progress")]


def test_a_certificate_has_120_lines_at_most_and_the_others_700_on_average() -> None:
    rows = row_lines()
    assert {row: parts["certificate"] for row, parts in rows.items() if parts.get("certificate", 0) > 120} == {}
    whole = [parts["own"] for parts in rows.values() if "own" in parts]
    assert len(whole) == 7
    assert sum(whole) / len(whole) <= 700


def test_every_module_of_their_packages_is_counted() -> None:
    with SOURCES.open(encoding="utf-8", newline="") as lines:
        named = {line["source"] for line in csv.DictReader(lines)}
    found = {
        path.relative_to(ROOT).as_posix()
        for package in (*PACKAGES, "services/planning")
        for path in (ROOT / package).glob("*.py")
        if path.name != "__init__.py"
    }
    assert found - named == set()

"""Reads the tables of plain facts that ship with the product in `deploy/data`."""

import csv
from collections.abc import Mapping
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "deploy" / "data"


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header, UTF-8 with or without a mark."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def own_rows(name: str) -> list[Mapping[str, str]]:
    """The rows of a file named relative to `deploy/data`."""
    return list(read_rows(DATA / name))

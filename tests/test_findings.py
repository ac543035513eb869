"""The page of findings names every finding and tests there are (docs/security/findings.md)."""

import ast
import re
from functools import cache

from tests.browser import ROOT

PAGE = ROOT / "docs" / "security" / "findings.md"
#: How many findings of each kind there were.
COUNTS = {"D": 18, "Q": 1, "S-F": 13, "A": 12, "O-F": 7, "桌面": 15}
_ROW = re.compile(r"^\| ([A-Z-]+|桌面)(\d+) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_finding_is_listed_once_with_a_test() -> None:
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert [f"{kind}{number}" for kind, number, *_ in rows] == [
        f"{kind}{number}" for kind, count in COUNTS.items() for number in range(1, count + 1)
    ]
    assert [f"{kind}{number}" for kind, number, _, tests, _ in rows if not _TEST.search(tests)] == []


def test_every_named_test_is_there() -> None:
    named = _TEST.findall(PAGE.read_text(encoding="utf-8"))
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []

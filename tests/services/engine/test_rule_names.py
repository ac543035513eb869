"""No person reads a code of English words: a rule shows its number, or a name in Chinese (issue 19)."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.engine.findings import numbered, rule_name, rule_names, rule_number
from services.rooms.change_rules import MESSAGES
from tests.browser import ROOT

#: Where the code stands among the arguments of what finds something in a row of a table.
_PLACES = {"error": 0, "warn": 0, "note": 0, "fail": 0, "find": 2, "one_of": 1, "_whole": 0, "_as_told": 0}


@pytest.mark.parametrize(
    ("code", "number"),
    [("T16", "T16"), ("PRJ-03", "PRJ-03"), ("E1001", "E1001"), ("S4a", "S4a"), ("DATE_TEXT", ""), ("FORM", "")],
)
def test_only_a_number_is_shown_beside_a_sentence(code: str, number: str) -> None:
    assert rule_number(code) == number
    assert numbered(code, "请核对") == f"{number} 请核对".strip()


def test_a_list_shows_names_once_each_and_nothing_of_an_unknown_code() -> None:
    assert rule_names(["Z07", "FILING_UNKNOWN", "Z07", "STALE", "NO_SUCH_CODE"]) == "Z07、备案库未应答、库中已变"


def _codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = _PLACES.get(name, len(node.args))
            for one in ast.walk(node.args[place]) if place < len(node.args) else ():
                code = one.value if isinstance(one, ast.Constant) else None
                if isinstance(code, str) and re.fullmatch(r"[A-Z][A-Z0-9_]*[A-Z0-9]", code):
                    yield f"{code}_FORMAT" if name == "_whole" else code


def test_every_code_of_a_row_brought_in_has_a_name() -> None:
    # Drawings and outlines are told in sentences alone.
    files = [one for one in (ROOT / "services").rglob("*.py") if "space" not in one.parts]
    codes = {code for one in files for code in _codes_in(one)} | set(MESSAGES)
    assert {"DATE_TEXT", "ENT_OTHER", "FLOOR_FORMAT", "FILING_UNKNOWN"} <= codes
    assert sorted(code for code in codes if not rule_name(code)) == []


def test_names_are_short_and_chinese() -> None:
    names = tomllib.loads((ROOT / "services" / "engine" / "rule_names.toml").read_text(encoding="utf-8"))
    assert [one for one in names.values() if len(one) > 8 or not re.search("[\u4e00-\u9fff]", one)] == []

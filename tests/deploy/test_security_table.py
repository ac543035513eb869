"""The table of security requirements: every line is there, points into the tree, and is shown by a test or owned up to."""

from pathlib import Path

import pytest

from deploy import security_table
from deploy.rows import ROOT
from deploy.rows import tests_in as marks_of
from deploy.security_table import NOT_MET, Line, lines, page, state_of

HOSTILE = ROOT / "docs" / "security" / "hostile.md"


def test_the_table_has_every_line_once() -> None:
    names = [line.id for line in lines()]
    assert len(names) == len(set(names))
    wanted = {f"M{number}" for number in range(1, 8)}
    wanted |= {f"D{number:02}" for number in range(1, 25)}
    wanted |= {f"H{number:02}" for number in range(1, 77)}
    wanted |= {f"G{number}" for number in range(1, 11)}
    assert wanted <= set(names)
    assert all(line.requirement and line.how and line.where for line in lines())


def test_every_place_is_in_the_tree() -> None:
    assert security_table.astray() == []


def test_every_line_has_a_test_or_is_owned_up_to() -> None:
    assert security_table.gaps() == []
    assert security_table.outlived() == []
    assert all(len(why) > 6 for why in NOT_MET.values())


def test_what_others_answer_for_names_them() -> None:
    told = [line.elsewhere for line in lines() if line.elsewhere]
    assert len(told) > 10
    assert all(who.startswith(("平台责任：", "组织措施：")) for who in told)


def test_every_hostile_case_says_what_it_leaves_in_the_audit() -> None:
    """docs/security/hostile.md: the event of each case, or why there is none."""
    rows = [line.split("|") for line in HOSTILE.read_text(encoding="utf-8").splitlines() if line.startswith("| H")]
    told = {row[1].strip(): row for row in rows}
    cases = [line.id for line in lines() if line.section.startswith("7 ")]
    assert [case for case in cases if case not in told] == []
    assert all(told[case][3].strip() for case in cases)


def test_no_test_proves_a_line_that_does_not_exist() -> None:
    assert security_table.unknown() == []


def test_lines_shown_by_others_name_lines_that_exist() -> None:
    names = {line.id for line in lines()}
    assert [line.id for line in lines() if not set(line.shown_by) <= names] == []


def test_marks_with_several_ids_and_of_parameters_are_read(tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text(
        "import pytest\n\n@pytest.mark.proves('H41', 'D17')\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.proves('H42'))])\ndef test_a(x): ...\n",
        encoding="utf-8",
    )
    assert {test.value for test in marks_of(tmp_path / "test_sample.py", "proves")} == {"H41", "D17", "H42"}


def test_a_line_is_as_good_as_its_worst_test(monkeypatch: pytest.MonkeyPatch) -> None:
    line = next(one for one in lines() if one.id == "D15")
    nodes = [test.node for test in security_table.tests_of(line)]
    assert len(nodes) > 2
    passed = {node: {"passed"} for node in nodes}
    assert state_of(line, passed) == "通过"
    assert state_of(line, passed | {nodes[0]: {"passed", "failed"}}) == "未通过"
    assert state_of(line, {nodes[0]: {"passed"}}) == f"通过（{len(nodes) - 1} 项未运行）"
    assert state_of(line, {}) == "未运行"
    monkeypatch.setitem(NOT_MET, "H99", "将来才建")
    assert state_of(Line("H99", "", "", "", (), ()), {}) == "未建成"


def test_the_page_links_each_line_to_its_tests() -> None:
    text = page({})
    assert text.count("\n| ") >= len(lines())
    assert "(../../tests/deploy/test_supply_gates.py)" in text
    for line in lines():
        assert f"| {line.id} |" in text
    assert (ROOT / "deploy" / "security_lines.csv").exists()

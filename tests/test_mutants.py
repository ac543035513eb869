"""The list of planted faults fits the code, and the runner tells a fault that is found from one that is not (`make mutants`)."""

from pathlib import Path

import pytest

from tests.mutants.__main__ import gone_on, report
from tests.mutants.faults import KINDS, Fault, all_faults, problems_of
from tests.mutants.runner import Bench, Outcome, named

LEAST = 66

_PRODUCT = "def doubled(number: int) -> int:\n    return number * 2\n"
_TEST = "from product import doubled\n\n\ndef test_two_is_doubled() -> None:\n    assert doubled(2) == 4\n"


@pytest.fixture(autouse=True)
def without_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small tree of these tests wants none of the plugins of the house, which take seconds to load."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_every_fault_of_the_list_can_be_planted() -> None:
    assert problems_of(all_faults()) == []


def test_the_list_has_faults_of_every_kind() -> None:
    faults = all_faults()
    assert len(faults) >= LEAST
    assert {fault.kind for fault in faults} == KINDS


def test_a_fault_whose_text_is_gone_or_stands_twice_is_a_problem(tmp_path: Path) -> None:
    tree = _tree(tmp_path)
    gone, twice = _fault("gone", "number * 3", "number"), _fault("twice", "number", "n")
    broken = _fault("broken", "number * 2", "number *")
    told = problems_of((gone, twice, broken), tree)
    assert [line.partition(":")[0] for line in told] == ["gone", "twice", "broken"]


@pytest.mark.night
def test_a_found_fault_names_its_test_and_a_fault_nobody_finds_is_told(tmp_path: Path) -> None:
    tree = _tree(tmp_path)
    found = _fault("found", "number * 2", "number * 3")
    missed = _fault("missed", "number * 2", "number + number")
    outcomes = list(Bench(tree).outcomes([found, missed]))
    assert [(one.found_by, one.note) for one in outcomes] == [
        ("test_product.py::test_two_is_doubled", ""),
        ("", "every test passed"),
    ]
    assert (tree / "product.py").read_text() == _PRODUCT


@pytest.mark.night
def test_a_test_that_fails_without_the_fault_finds_nothing(tmp_path: Path) -> None:
    tree = _tree(tmp_path)
    (tree / "test_product.py").write_text(_TEST.replace("== 4", "== 5"))
    [outcome] = Bench(tree).outcomes([_fault("any", "number * 2", "number * 3")])
    assert not outcome.found
    assert outcome.note == "test_product.py::test_two_is_doubled fails without the fault too"


@pytest.mark.night
def test_a_fault_is_looked_for_in_the_wider_tests_too(tmp_path: Path) -> None:
    tree = _tree(tmp_path)
    (tree / "test_nothing.py").write_text("def test_nothing() -> None:\n    assert True\n")
    fault = Fault("f", "rule", "", "product.py", "number * 2", "number", ("test_nothing.py",), ("test_product.py",))
    [outcome] = Bench(tree).outcomes([fault])
    assert isinstance(outcome, Outcome)
    assert (outcome.found, outcome.narrow) == (True, False)


def test_a_run_that_was_broken_off_goes_on_while_the_tree_is_the_same(tmp_path: Path) -> None:
    found, missed = _fault("found", "number * 2", "number * 3"), _fault("missed", "number * 2", "number + number")
    path = tmp_path / "reports" / "mutants.txt"
    assert gone_on(path, "a tree") == set()
    assert report(iter([Outcome(found, "test_product.py"), Outcome(missed, note="every test passed")]), path) == 1
    assert gone_on(path, "a tree") == {"found"}
    assert gone_on(path, "another tree") == set()
    assert gone_on(path, "a tree") == set()


def test_a_line_in_the_log_of_a_test_is_not_the_test_that_failed() -> None:
    log = "ERROR    shenfang.jobs:jobs.py:245 job failed\n=== short test summary info ===\nFAILED tests/test_jobs.py::test_one - x\n"
    assert list(named(log, "FAILED", "ERROR")) == ["tests/test_jobs.py::test_one"]


def _tree(folder: Path) -> Path:
    tree = folder / "tree"
    tree.mkdir()
    (tree / ".venv").mkdir()
    (tree / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    (tree / "product.py").write_text(_PRODUCT)
    (tree / "test_product.py").write_text(_TEST)
    return tree


def _fault(name: str, before: str, after: str) -> Fault:
    return Fault(name, "rule", "", "product.py", before, after, ("test_product.py",), ("test_product.py",))

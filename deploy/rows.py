"""The 85 rows of the order: which acceptance tests each one has, and how they went last (`make rows`)."""

from __future__ import annotations

import ast
import csv
import json
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
ROWS = range(1, 86)
BUILT = ROOT / "tests" / "rows_built.txt"
RESULTS = ROOT / "build" / "test-results.json"
#: What the product shows of the last results in its requirements matrix, below the root of the product.
SNAPSHOT = Path("services") / "catalogue" / "module_results.csv"
LABELS = {"passed": "通过", "failed": "未通过", "skipped": "跳过", None: "未运行"}


class MarkedTest(NamedTuple):
    """A test function and one value of a mark it carries; `node` is pytest's name of it without parameters."""

    value: int | str
    node: str
    sentence: str
    runs: bool

    @property
    def row(self) -> int:
        return int(self.value)


def built_rows() -> list[int]:
    """The rows claimed as built, one number a line; `#` starts a remark."""
    lines = (line.split("#", 1)[0].strip() for line in BUILT.read_text(encoding="utf-8").splitlines())
    return [int(line) for line in lines if line]


def acceptance_tests(folder: Path = ROOT / "tests") -> list[MarkedTest]:
    """Every test under a folder that is marked `row(n)`."""
    return marked_tests("row", folder)


def marked_tests(mark: str, folder: Path = ROOT / "tests") -> list[MarkedTest]:
    """Every test under a folder with this mark, once for each of its values, read from the source without running it."""
    return [test for path in sorted(folder.rglob("test_*.py")) for test in tests_in(path, mark)]


def tests_in(path: Path, mark: str) -> list[MarkedTest]:
    text = path.read_text(encoding="utf-8")
    if f".{mark}(" not in text:
        return []
    tree = ast.parse(text)
    module = [mark for line in tree.body if is_pytestmark(line) for mark in marks_in(line)]
    place = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    found = []
    for inside, marks, test in functions(tree, []):
        marks = [*module, *marks, *(mark for decorator in test.decorator_list for mark in marks_in(decorator))]
        runs = not any(name in ("skip", "xfail", "soak", "night") for name, _ in marks)
        values = {value for name, values in marks if name == mark for value in values}
        node = "::".join([place, *inside, test.name])
        sentence = (ast.get_docstring(test) or test.name.removeprefix("test_").replace("_", " ")).splitlines()[0]
        found += [MarkedTest(value, node, sentence, runs) for value in sorted(values)]
    return found


Mark = tuple[str, list[Any]]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module | ast.ClassDef, marks: list[Mark]) -> list[tuple[list[str], list[Mark], Function]]:
    """Test functions with the classes around them and the marks of those classes."""
    found: list[tuple[list[str], list[Mark], Function]] = []
    for line in tree.body:
        if isinstance(line, (ast.FunctionDef, ast.AsyncFunctionDef)) and line.name.startswith("test"):
            found.append(([], marks, line))
        elif isinstance(line, ast.ClassDef):
            own = [*marks, *(mark for decorator in line.decorator_list for mark in marks_in(decorator))]
            found += [([line.name, *inside], within, test) for inside, within, test in functions(line, own)]
    return found


def is_pytestmark(line: ast.stmt) -> bool:
    return isinstance(line, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in line.targets
    )


def marks_in(node: ast.AST) -> list[Mark]:
    """The `pytest.mark.name(values…)` found anywhere in an expression."""
    found: list[Mark] = []
    for part in ast.walk(node):
        values = [arg.value for arg in part.args if isinstance(arg, ast.Constant)] if isinstance(part, ast.Call) else []
        mark = part.func if isinstance(part, ast.Call) else part
        if isinstance(mark, ast.Attribute) and isinstance(mark.value, ast.Attribute) and mark.value.attr == "mark":
            found.append((mark.attr, values))
    return found


def standing_tests(folder: Path = ROOT / "tests") -> set[str]:
    """Return the names of all tests there are, without parameters: results of others are of tests that are gone."""
    return {
        "::".join([path.relative_to(folder.parent).as_posix(), *inside, test.name])
        for path in folder.rglob("test_*.py")
        for inside, _, test in functions(ast.parse(path.read_text(encoding="utf-8")), [])
    }


def last_results() -> dict[str, set[str]]:
    """Outcomes by test without parameters, from the runs on this machine."""
    outcomes: dict[str, set[str]] = defaultdict(set)
    if RESULTS.exists():
        for node, result in json.loads(RESULTS.read_text(encoding="utf-8")).items():
            outcomes[node.split("[", 1)[0]].add(result["outcome"])
    return outcomes


def outcome_of(outcomes: set[str]) -> str:
    """Return a word for a test in all its parameters: the worst of them."""
    return LABELS[next((word for word in ("failed", "passed", "skipped") if word in outcomes), None)]


def write_snapshot(root: Path = ROOT) -> int:
    """Write the last outcomes of the acceptance tests into a product, by row and file; returns how many lines.

    Without results on this machine what the product has stays.
    """
    if not RESULTS.exists():
        return 0
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    newest: dict[str, float] = defaultdict(float)
    for node, result in found.items():
        file = node.split("::", 1)[0]
        newest[file] = max(newest[file], result.get("at", 0.0))
    results = last_results()
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for test in acceptance_tests():
        outcome = outcome_of(results.get(test.node, set()))
        counts[test.row, test.node.split("::", 1)[0]][outcome] += 1
    with (root / SNAPSHOT).open("w", encoding="utf-8", newline="") as file_out:
        lines = csv.writer(file_out, lineterminator="\n")
        lines.writerow(("row", "file", "passed", "failed", "skipped", "missing", "at"))
        for (row, file), one in sorted(counts.items()):
            told = (one[LABELS[word]] for word in ("passed", "failed", "skipped", None))
            lines.writerow((row, file.removeprefix("tests/"), *told, _day(newest[file])))
    return len(counts)


def _day(seconds: float) -> str:
    """The day of a result in Shanghai; empty where there is none."""
    moment = datetime.fromtimestamp(seconds, UTC) + timedelta(hours=8)
    return moment.date().isoformat() if seconds else ""


def main() -> None:
    if sys.argv[1:2] == ["--write"]:
        print(f"{SNAPSHOT}：{write_snapshot(*map(Path, sys.argv[2:3]))} 行")
        return
    tests, results, built = acceptance_tests(), last_results(), set(built_rows())
    for row in ROWS:
        own = [test for test in tests if test.row == row]
        state = "已建成" if row in built else "未建成"
        print(f"第 {row:>2} 行  {state}  验收测试 {len(own)} 个")
        for test in own:
            print(f"    {outcome_of(results.get(test.node, set()))}  {test.node}  {test.sentence}")
    passed = {
        row
        for row in built
        if (own := [test for test in tests if test.row == row])
        and all(results.get(test.node) == {"passed"} for test in own)
    }
    print(f"\n共 85 行：已建成 {len(built)} 行，其中最近一次运行全部通过 {len(passed)} 行。")


if __name__ == "__main__":
    main()

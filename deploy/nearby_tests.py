"""Choose the tests near a change by the import graph, as many as fit into half a minute: `make quick`.

Distance is counted in imports from the changed modules to a test file. Modules that import everything (registries) are no
way from one area to another. Files that are no modules, such as pages of the manual, are near the tests that name them.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "test-results.json"
PACKAGES = ("ui", "integrations", "services", "printing", "models", "deploy", "tests")
#: Processor seconds that two cores spend on tests in half a minute, when each worker has been started: that takes the rest.
BUDGET = 18.0
#: The tests of a file that has never been run are taken to need so many seconds, and their world so many.
A_TEST, A_WORLD = 0.15, 2.0
#: A module of the product that imports so many areas is a registry.
MANY_AREAS = 20
SHOWN = 12


@dataclass(frozen=True)
class Candidate:
    """A test file, its distance from the change, and the processor seconds it took last."""

    file: str
    distance: int
    cost: float


@dataclass(frozen=True)
class Choice:
    """The test files to run, nearest first, and those there is no time for."""

    changed: tuple[str, ...]
    chosen: tuple[Candidate, ...]
    left_out: tuple[Candidate, ...]

    @property
    def files(self) -> list[str]:
        return [candidate.file for candidate in self.chosen]

    def told(self) -> str:
        """Return what is run and what is not, in the words of the person at the console."""
        lines = [
            f"改动 {len(self.changed)} 个文件；运行相近的测试文件 {len(self.chosen)} 个，PostgreSQL 只用于两种数据库可能不同之处。"
        ]
        if self.left_out:
            total = sum(candidate.cost for candidate in self.left_out)
            lines.append(
                f"未运行：受影响的测试文件还有 {len(self.left_out)} 个（约 {total:.0f} 处理器秒）和全部浏览器测试，由 make test 运行："
            )
            lines += [f"  {candidate.file}（相距 {candidate.distance}）" for candidate in self.left_out[:SHOWN]]
            if len(self.left_out) > SHOWN:
                lines.append(f"  …… 另 {len(self.left_out) - SHOWN} 个")
        else:
            lines.append("未运行：全部浏览器测试，由 make test 运行。")
        return "\n".join(lines)


def choose(since: str | None = None, budget: float = BUDGET) -> Choice:
    """The tests near what differs from a commit: by default from the last one, or what the last one changed."""
    changed = changed_files(since)
    graph = grimp.build_graph(*PACKAGES, cache_dir=str(ROOT / ".import_linter_cache"))
    importers = importers_of(graph)
    tests = [path for path in sorted((ROOT / "tests").rglob("test_*.py")) if "e2e" not in path.parts]
    distances = distances_of(changed, importers, tests)
    costs = known_costs()
    near = sorted(
        (
            Candidate(file, distance, costs.get(file) or guessed_cost(ROOT / file))
            for file, distance in distances.items()
        ),
        key=lambda candidate: (candidate.distance, candidate.cost),
    )
    chosen, left_out = within(budget, near)
    return Choice(tuple(changed), chosen, left_out)


def within(budget: float, near: Iterable[Candidate]) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """Tests that fit, in their order, and those that do not."""
    chosen, left_out = [], []
    for candidate in near:
        if candidate.cost <= budget:
            budget -= candidate.cost
            chosen.append(candidate)
        else:
            left_out.append(candidate)
    return tuple(chosen), tuple(left_out)


def changed_files(since: str | None) -> list[str]:
    """Paths that differ from a commit, with those git does not know yet."""
    found = [*_git("diff", "--name-only", since or "HEAD"), *_git("ls-files", "--others", "--exclude-standard")]
    if not found and since is None:
        found = _git("diff", "--name-only", "HEAD~1", "HEAD")
    return sorted(set(found))


def _git(*order: str) -> list[str]:
    done = subprocess.run(["git", *order], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def importers_of(graph: grimp.ImportGraph) -> dict[str, set[str]]:
    """The modules that import each module, registries left out; tests import the `conftest` of each folder above them."""
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        imported = graph.find_modules_directly_imported_by(module)
        areas = {".".join(name.split(".")[:2]) for name in imported}
        if not module.startswith("tests.") and len(areas) >= MANY_AREAS:
            continue
        for name in imported:
            importers[name].add(module)
        if module.startswith("tests.") and module.rpartition(".")[2].startswith("test_"):
            folder = module.rpartition(".")[0]
            while folder != "tests":
                importers[f"{folder}.conftest"].add(module)
                folder = folder.rpartition(".")[0]
    return importers


def distances_of(changed: Iterable[str], importers: Mapping[str, set[str]], tests: Iterable[Path]) -> dict[str, int]:
    """Return how far each test file that is affected lies from the change."""
    files = {path.relative_to(ROOT).as_posix(): path for path in tests}
    distances: dict[str, int] = {}
    modules = {}
    for path in changed:
        if path in files:
            distances[path] = 0
        if path.endswith(".py"):
            modules[module_of(path)] = 0
            # What only a registry imports is used by the tests of its own area all the same.
            folder = f"tests/{path.rpartition('/')[0]}/"
            distances |= {file: min(1, distances.get(file, 1)) for file in files if file.startswith(folder)}
        else:
            name = path.rpartition("/")[2]
            distances |= {file: 1 for file, test in files.items() if name in test.read_text(encoding="utf-8")}
    waiting = list(modules)
    for module in waiting:
        for importer in importers.get(module, ()):
            if importer not in modules:
                modules[importer] = modules[module] + 1
                waiting.append(importer)
    for file in files:
        if (distance := modules.get(module_of(file))) is not None:
            distances[file] = min(distance, distances.get(file, distance))
    return distances


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def known_costs() -> dict[str, float]:
    """The processor seconds each test file took when it was run last."""
    if not RESULTS.exists():
        return {}
    costs: defaultdict[str, float] = defaultdict(float)
    for node, result in json.loads(RESULTS.read_text(encoding="utf-8")).items():
        costs[node.split("::")[0]] += result.get("processor", 0.0)
    return costs


def guessed_cost(path: Path) -> float:
    return A_WORLD + A_TEST * path.read_text(encoding="utf-8").count("def test_")

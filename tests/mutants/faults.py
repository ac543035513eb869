"""The list of planted faults, and planting one of them in a copy of the tree."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LISTS = Path(__file__).resolve().parent / "lists"
KINDS = frozenset({"audit", "lock", "mac", "mask", "rounding", "rule", "scope", "step"})
DATABASES = frozenset({"sqlite", "postgresql"})


class NotPlanted(Exception):
    """The text of a fault does not stand exactly once in its file: the fault must be pointed to where the code went."""


@dataclass(frozen=True)
class Fault:
    """One fault: `before` stands exactly once in `file` and becomes `after`; `tests` find it, else `wider` do."""

    id: str
    kind: str
    what: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]
    wider: tuple[str, ...]
    database: str = "sqlite"

    def planted(self, root: Path) -> str:
        """The content of the file with the fault in it."""
        path = root / self.file
        if not path.is_file():
            raise NotPlanted(f"{self.id}: there is no file {self.file}")
        text = path.read_text(encoding="utf-8")
        if (found := text.count(self.before)) != 1:
            raise NotPlanted(f"{self.id}: its text stands {found} times in {self.file}, not once")
        return text.replace(self.before, self.after)

    def missing_tests(self, root: Path) -> list[str]:
        """The tests and files the list names and the tree does not have."""
        return [name for name in (*self.tests, *self.wider) if not _stands(root, *name.split("::"))]


def _stands(root: Path, file: str, *names: str) -> bool:
    path = root / file
    return path.exists() and all(
        re.search(rf"^ *(async )?(def|class) {name}\b", path.read_text(), re.M) for name in names
    )


def read_list(path: Path) -> Iterator[Fault]:
    """The faults of one file, in order."""
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    for given in content["fault"]:
        yield Fault(**{**given, "tests": tuple(given["tests"]), "wider": tuple(given.get("wider", content["wider"]))})


def all_faults(folder: Path = LISTS) -> tuple[Fault, ...]:
    """Every fault of every list."""
    return tuple(fault for path in sorted(folder.glob("*.toml")) for fault in read_list(path))


def problems_of(faults: tuple[Fault, ...], root: Path = ROOT) -> list[str]:
    """What is wrong with the list: texts that do not match, tests that are gone, faults that do not compile."""
    found = []
    for fault in faults:
        try:
            compile(fault.planted(root), fault.file, "exec")
        except NotPlanted as problem:
            found.append(str(problem))
        except SyntaxError as problem:
            found.append(f"{fault.id}: the planted file does not compile: {problem.msg}, line {problem.lineno}")
        found += [f"{fault.id}: there is no test {name}" for name in fault.missing_tests(root)]
        if fault.kind not in KINDS or fault.database not in DATABASES:
            found.append(f"{fault.id}: unknown kind or database")
    names = [fault.id for fault in faults]
    found += [f"{name}: stands twice in the list" for name in sorted({one for one in names if names.count(one) > 1})]
    return found

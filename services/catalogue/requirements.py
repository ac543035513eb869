"""需求跟踪: the 85 modules of the order, with the tests that accept each one and how they went in the last run on record."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from models.access import Role
from models.codes import Toned
from models.own_data import read_rows
from services.engine.listings import Column, Filter, Listing, listed
from services.engine.search_terms import search_word

READERS = {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR}
MODULES = Path(__file__).parent / "modules.csv"
#: Written by `python -m deploy.rows --write` from the results of the last runs.
RESULTS = Path(__file__).parent / "module_results.csv"
#: What tests of a folder look at, the longest folder first.
_KINDS = {
    "services": "业务规则与办理",
    "ui": "页面",
    "ui_public": "公众页面",
    "e2e": "真实浏览器全流程",
    "integrations": "对接（真实 HTTP 模拟系统）",
    "partner": "对接报文",
    "deploy": "部署与命令",
    "printing": "文书",
    "walks": "各岗位越权",
    "conformance": "记录类别一致性",
    "models": "数据模型",
    "hosts": "多台主机",
}
_SHORT = {"住房租赁": "租赁", "房地产市场": "市场", "密码": "密码"}
_PASSED, _FAILED, _OPEN = "passed", "failed", "open"
_STATES = {_PASSED: "全部通过", _FAILED: "有未通过", _OPEN: "未全部运行"}


@dataclass(frozen=True)
class AcceptanceFile:
    """The acceptance tests of a module in one file, by their last outcome; `at` is the day of the newest."""

    file: str
    passed: int
    failed: int
    skipped: int
    missing: int
    at: str

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.skipped + self.missing

    @property
    def kind(self) -> str:
        """Subject of the tests in this file."""
        return kind_of(self.file)


def kind_of(file: str) -> str:
    """Return what the tests of a file look at, by its folder below tests."""
    return _KINDS.get(file.split("/")[0], "全系统")


@dataclass(frozen=True)
class Requirement:
    """A module of the order. `pages` are names of the manual's pages about it."""

    id: int
    system: str
    module: str
    requirement: str
    pages: tuple[str, ...]
    built: bool
    files: tuple[AcceptanceFile, ...]

    @property
    def part(self) -> str:
        """The subsystem in one word."""
        return next((word for name, word in _SHORT.items() if self.system.startswith(name)), self.system)

    @property
    def tests(self) -> int:
        return sum(one.total for one in self.files)

    @property
    def at(self) -> str:
        """The day of the newest result."""
        return max((one.at for one in self.files), default="")

    @property
    def result(self) -> str:
        """The state of the last results: passed only where every test ran and passed."""
        if any(one.failed for one in self.files):
            return _FAILED
        whole = bool(self.files) and all(one.passed == one.total for one in self.files)
        return _PASSED if whole else _OPEN

    @property
    def shown_result(self) -> str:
        """The outcomes with their numbers, in a tone."""
        counted = {
            "通过": sum(one.passed for one in self.files),
            "未通过": sum(one.failed for one in self.files),
            "跳过": sum(one.skipped for one in self.files),
            "未运行": sum(one.missing for one in self.files),
        }
        words = "，".join(f"{word} {count}" for word, count in counted.items() if count)
        tones: dict[str, Any] = {_PASSED: "good", _FAILED: "bad", _OPEN: "warn"}
        return Toned(words or "没有验收测试", tones[self.result])


@cache
def requirements() -> tuple[Requirement, ...]:
    """Every module of the order; the files do not change while a process runs."""
    ordered = sorted(read_rows(RESULTS), key=lambda line: int(line["row"]))
    files = {row: tuple(map(_file, lines)) for row, lines in groupby(ordered, key=lambda line: int(line["row"]))}
    return tuple(
        Requirement(
            id=int(line["row"]),
            system=line["system"],
            module=line["module"],
            requirement=line["requirement"],
            pages=tuple(line["pages"].split()),
            built=int(line["row"]) in files,
            files=files.get(int(line["row"]), ()),
        )
        for line in read_rows(MODULES)
    )


def _file(line: dict[str, str]) -> AcceptanceFile:
    passed, failed, skipped, missing = (int(line[word]) for word in ("passed", "failed", "skipped", "missing"))
    return AcceptanceFile(line["file"], passed, failed, skipped, missing, line["at"])


def _with_words(work: object, text: str) -> Callable[[Requirement], bool]:
    word = search_word(text)
    return lambda one: word in one.module or word in one.requirement or word == str(one.id)


SYSTEMS = {one.system: one.system for one in requirements()}

REQUIREMENTS = listed(
    Listing(
        name="requirements",
        label="需求跟踪矩阵",
        roles=READERS,
        items=lambda work: requirements(),
        columns=(
            Column("number", "序号", lambda one: one.id, number=True, width=60),
            Column("module", "模块", wraps=True),
            Column("part", "子系统", width=64),
            Column("tests", "验收测试", number=True, width=84, sortable=True),
            Column("shown_result", "最近结果", width=140),
            Column("at", "最近运行", width=92, sortable=True),
        ),
        filters=(
            Filter("words", "模块或要求", _with_words, width=200),
            Filter("system", "子系统", lambda work, text: lambda one: one.system == text, options=SYSTEMS, width=260),
            Filter("result", "最近结果", lambda work, text: lambda one: one.result == text, options=_STATES, width=150),
        ),
        also=("system", "requirement", "pages", "built", "files"),
        exporters=frozenset(),
        empty="没有符合条件的模块",
    )
)

"""Contents of each document of the handover: what code, catalogue, tests and handbooks know, and pages written by hand."""

import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path

import models.tables  # noqa: F401
from deploy import security_table
from deploy.handover.blocks import Block, Bullets, Document, Grid, Heading, Text, from_markdown, pages
from deploy.handover.moves import Code, machines, told_moves
from deploy.rows import RESULTS, MarkedTest, acceptance_tests, built_rows, last_results, outcome_of, standing_tests
from integrations.systems import outside_systems
from models.own_data import read_rows
from services.catalogue.entries import catalogue
from services.catalogue.requirements import MODULES, AcceptanceFile, Requirement, kind_of
from services.catalogue.requirements import requirements as requirement_lines
from services.engine.clock import SHANGHAI
from services.engine.jobs import JOBS
from services.engine.registry import ACTIONS, QUERIES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN = DOCS / "handover"
#: A document names at most so many tests of a row; the rest are counted.
_NAMED = 12


@dataclass(frozen=True)
class ModuleRow:
    """A module of the order: its number, subsystem, name, requirement, and the pages of the manual about it."""

    row: int
    system: str
    module: str
    requirement: str
    pages: tuple[Path, ...]


@cache
def modules() -> tuple[ModuleRow, ...]:
    """The modules of the order."""
    return tuple(
        ModuleRow(int(line["row"]), line["system"], line["module"], line["requirement"], _pages(line["pages"]))
        for line in read_rows(MODULES)
    )


def _pages(names: str) -> tuple[Path, ...]:
    return tuple(DOCS / (f"{name}.md" if "/" in name else f"manual/{name}.md") for name in names.split())


@cache
def tests_by_row() -> Mapping[int, tuple[MarkedTest, ...]]:
    found: dict[int, list[MarkedTest]] = defaultdict(list)
    for test in acceptance_tests():
        found[test.row].append(test)
    return {row: tuple(tests) for row, tests in found.items()}


def result_of(row: int) -> str:
    """The outcomes of a row's acceptance tests in the last run on this machine, else in those the release was made after."""
    results = last_results()
    if not results and (told := shipped().get(row)) is not None:
        return f"{told.shown_result}（{told.at}）"
    words = [outcome_of(results.get(test.node, set())) for test in tests_by_row().get(row, ())]
    if not words:
        return "没有验收测试"
    counted = [f"{word} {words.count(word)}" for word in ("通过", "未通过", "跳过", "未运行") if word in words]
    return "，".join(counted)


def shipped() -> Mapping[int, Requirement]:
    """The results that came with the product, by row; used where no test was run on this machine."""
    return {one.id: one for one in requirement_lines()}


def title_of(page: Path) -> str:
    """The title of a page of the handbooks."""
    return page.read_text(encoding="utf-8").splitlines()[0].lstrip("# ").strip()


def requirements() -> Iterator[Block]:
    yield from from_markdown(WRITTEN / "requirements.md")
    for system, rows in groupby(modules(), key=lambda row: row.system):
        yield Heading(1, system)
        for row in rows:
            yield Heading(2, f"{row.row}　{row.module}")
            yield Text(row.requirement)
            yield _guide(row)


def _guide(row: ModuleRow) -> Text:
    """The pages of the manual about a module."""
    return Text("操作说明：" + "；".join(f"《{title_of(page)}》" for page in row.pages))


def outline() -> Iterator[Block]:
    yield from from_markdown(WRITTEN / "outline.md")
    yield Heading(1, "子系统和模块")
    for name, rows in groupby(modules(), key=lambda row: row.system):
        yield Heading(2, name)
        yield Grid(("序号", "模块"), tuple((str(row.row), row.module) for row in rows), (1, 9))
    yield Heading(1, "外部系统")
    yield Text("我们询问的系统，各有一个契约、一个客户端和同一契约的模拟系统；报文见《接口规范》和各契约。")
    yield Grid(
        ("名称", "系统", "是否必须"),
        tuple((one.name, one.port.label, "可以没有" if one.optional else "必须") for one in outside_systems()),
        (3, 5, 2),
    )
    yield Heading(1, "规模")
    yield Text(f"业务动作 {len(ACTIONS)} 个，查询 {len(QUERIES)} 个，后台任务 {len(JOBS)} 个，都经同一个入口。")
    areas: dict[str, list[str]] = defaultdict(list)
    for entry in catalogue():
        areas[entry.area].append(entry.table)
    yield Grid(
        ("数据范围", "数据表", "字段"),
        tuple((area, str(len(set(tables))), str(len(tables))) for area, tables in sorted(areas.items())),
        (8, 2, 2),
    )


def design() -> Iterator[Block]:
    yield Heading(1, "编制说明")
    yield Text(
        "本文由程序的登记内容生成：业务动作、查询、状态、后台任务以程序实际登记的为准。办理一律经过统一入口，由它核对岗位、范围，记录审计。"
    )
    yield Heading(1, "业务动作")
    yield Grid(
        ("动作", "名称", "岗位"),
        tuple((one.name, one.label, _roles(one.roles)) for _, one in sorted(ACTIONS.items())),
        (3.8, 3, 4.2),
    )
    yield Heading(1, "查询")
    yield Grid(
        ("查询", "名称", "岗位"),
        tuple((one.name, one.label, _roles(one.roles)) for _, one in sorted(QUERIES.items())),
        (3.8, 3, 4.2),
    )
    yield Heading(1, "状态")
    yield Text(
        "业务动作由程序的源码得出：一步由多个动作引起的，列出三个并计数；后台任务和对方的报文也经业务动作办理。由管理记录的审核带动的，列为“随其他办理”。"
    )
    code = Code()
    for name, machine in sorted(machines().items()):
        yield Heading(2, name)
        yield Grid(("业务动作", "从", "到"), tuple(told_moves(machine, code)), (4, 5, 2))
    yield Heading(1, "后台任务")
    yield Grid(
        ("任务", "名称", "时间"),
        tuple(
            (job.name, job.label, f"每日{job.at}" if job.at else f"每{job.every}秒") for _, job in sorted(JOBS.items())
        ),
    )


def _roles(roles: frozenset[object]) -> str:
    return "、".join(sorted(str(getattr(role, "label", role)) for role in roles))


#: How values of personal columns are masked, by the code in the catalogue.
_MASKS = {
    "": "",
    "id": "证件号码",
    "name": "姓名",
    "phone": "电话",
    "party": "姓名或名称",
    "cert": "权属证号",
    "acct": "账号",
}


def database() -> Iterator[Block]:
    yield Heading(1, "编制说明")
    yield Text(
        "本文由数据编目生成，与 main.py catalog export 的内容相同。“级别”为分类分级的级别；“加密”为密钥类别，“脱敏”为遮盖方式，都由字段类型决定。"
    )
    for area, entries in groupby(sorted(catalogue(), key=lambda one: (one.area, one.table)), key=lambda one: one.area):
        yield Heading(1, area)
        for (table, label), columns in groupby(entries, key=lambda one: (one.table, one.table_label)):
            yield Heading(2, f"{label}（{table}）")
            yield Grid(
                ("字段", "名称", "类型", "级别", "加密", "脱敏"),
                tuple(
                    (one.column, one.label, one.kind, one.level_text, one.sealed, _MASKS[one.mask]) for one in columns
                ),
                (4, 5, 3, 2, 2, 3),
            )


def interfaces() -> Iterator[Block]:
    names = (
        "README",
        "connecting",
        "signing",
        "envelope",
        "endpoints",
        "errors",
        "reasons",
        "pushes",
        "cards",
        "sandbox",
        "test-data",
    )
    yield from pages(DOCS / "partners" / f"{name}.md" for name in names)


def functions() -> Iterator[Block]:
    built = set(built_rows())
    yield Heading(1, "应用软件功能清单")
    yield Text(
        f"共 {len(modules())} 个模块，已建成 {len(built)} 个。测试结果取自本机最近一次测试，本机没有运行的取自发布时的记录。"
    )
    for name, rows in groupby(modules(), key=lambda row: row.system):
        yield Heading(2, name)
        yield Grid(
            ("序号", "模块", "操作说明", "状态", "验收测试", "最近结果"),
            tuple(
                (
                    str(row.row),
                    row.module,
                    "；".join(title_of(page) for page in row.pages),
                    "已建成" if row.row in built else "未建成",
                    str(len(tests_by_row().get(row.row, ()))),
                    result_of(row.row),
                )
                for row in rows
            ),
            (1.4, 8, 6, 1.9, 2.2, 4.4),
        )


def matrix() -> Iterator[Block]:
    results = last_results()
    yield Heading(1, "需求跟踪矩阵")
    yield Text(
        "每个模块的要求、操作说明、验收测试和最近结果。测试以“文件::用例”标明，未列出的只计数；本机没有运行测试的，列出发布时的记录。"
    )
    for row in modules():
        tests = tests_by_row().get(row.row, ())
        yield Heading(2, f"{row.row}　{row.module}")
        yield Text(row.requirement)
        yield _guide(row)
        if results:
            yield Grid(
                ("验收测试", "验证方式", "最近结果"),
                tuple(
                    (
                        test.node.removeprefix("tests/"),
                        kind_of(test.node.removeprefix("tests/")),
                        outcome_of(results.get(test.node, set())),
                    )
                    for test in tests[:_NAMED]
                ),
                (7, 2.4, 1.4),
            )
        else:
            yield _file_grid(shipped()[row.row].files if row.row in shipped() else ())
        if len(tests) > _NAMED:
            yield Text(f"共 {len(tests)} 个，合计：{result_of(row.row)}。")


def _file_grid(files: Sequence[AcceptanceFile]) -> Grid:
    """The acceptance tests of a module by file, as they came with the product."""
    lines = ((one.file, one.kind, *map(str, (one.passed, one.failed, one.skipped, one.missing))) for one in files)
    return Grid(("验收测试文件", "验证方式", "通过", "未通过", "跳过", "未运行"), tuple(lines), (6, 3, 1, 1.2, 1, 1.2))


def test_report() -> Iterator[Block]:
    told = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    standing = standing_tests() if told else set()
    found = {node: result for node, result in told.items() if node.split("[", 1)[0] in standing}
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for node, result in found.items():
        file = node.split("::")[0].removeprefix("tests/")
        counts[kind_of(file), "/".join(file.split("/")[:2])][result["outcome"]] += 1
    yield Heading(1, "范围和方法")
    yield Text(
        "用例由 make test 自动运行：规则、业务动作、各岗位越权、页面（真实浏览器）、对接（真实 HTTP 模拟系统）、两种数据库、恶意输入、部署文件。"
    )
    if not found:
        yield from _shipped_report()
        return
    words = ("passed", "failed", "skipped")
    total = [sum(one[word] for one in counts.values()) for word in words]
    moments = sorted(result["at"] for result in found.values())
    yield Text(
        f"最近一次（{_minute(moments[0])}至{_minute(moments[-1])}）：通过 {total[0]}，未通过 {total[1]}，跳过 {total[2]}。"
        "同类的更多样本（第二种数据库、更多种子和页面）另由 make test-all 运行，长时演练由 make soak 运行，结果见《性能测试报告》“长时演练记录”；"
        "这一次没有运行的列为“未运行”。"
    )
    yield Heading(1, "按部分统计")
    for kind, lines in groupby(sorted(counts.items()), key=lambda line: line[0][0]):
        yield Heading(2, kind)
        yield Grid(
            ("测试所在", "通过", "未通过", "跳过"),
            tuple((place, *(str(one[word]) for word in words)) for (_, place), one in lines),
            (5, 1, 1, 1),
        )
    yield Heading(1, "按模块统计")
    yield Grid(
        ("序号", "模块", "结果"), tuple((str(row.row), row.module, result_of(row.row)) for row in modules()), (1, 8, 4)
    )
    failed = sorted(node for node, result in found.items() if result["outcome"] == "failed")
    yield Heading(1, "未通过的用例")
    yield Bullets(tuple(failed)) if failed else Text("无。")


def _minute(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, SHANGHAI).strftime("%Y年%m月%d日%H:%M")


def _shipped_report() -> Iterator[Block]:
    """The results that came with the product: those of the acceptance tests, by what they look at and by module."""
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for one in {file.file: file for row in shipped().values() for file in row.files}.values():
        by_kind[one.kind] += Counter(
            {"passed": one.passed, "failed": one.failed, "skipped": one.skipped, "missing": one.missing}
        )
    newest = max((row.at for row in shipped().values()), default="")
    yield Text(
        f"本机没有运行测试；以下为发布前的验收测试记录，最近一次运行在 {newest or '（没有记录）'}。未运行的不计为通过。"
    )
    yield Heading(1, "按验证方式统计")
    words = ("passed", "failed", "skipped", "missing")
    yield Grid(
        ("验证方式", "通过", "未通过", "跳过", "未运行"),
        tuple((kind, *(str(counts[word]) for word in words)) for kind, counts in sorted(by_kind.items())),
        (5, 1, 1, 1, 1),
    )
    yield Heading(1, "按模块统计")
    yield Grid(
        ("序号", "模块", "结果"), tuple((str(row.row), row.module, result_of(row.row)) for row in modules()), (1, 8, 4)
    )


@dataclass(frozen=True)
class Target:
    """A target of docs/performance.md in Chinese, with whether the last measurement met it."""

    item: str
    aim: str
    result: str
    met: bool


_TARGETS = re.compile(r"\| target \| met \| figure \|\n\|(?:-+\|)+\n((?:\|.*\n)+)")


def measured() -> dict[str, tuple[str, str]]:
    """The targets that docs/performance.md lists: whether each is met, and its figure."""
    found = _TARGETS.search((DOCS / "performance.md").read_text(encoding="utf-8"))
    assert found is not None
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()]
    return {target: (met, figure) for target, met, figure in cells}


def targets() -> tuple[Target, ...]:
    """Every measured target, in the order of the page; `docs/handover/performance.csv` says it in Chinese."""
    said = {line["target"]: line for line in read_rows(WRITTEN / "performance.csv")}
    return tuple(
        Target(said[target]["item"], said[target]["aim"], said[target]["result"], met == "yes")
        for target, (met, _) in measured().items()
    )


def performance() -> Iterator[Block]:
    yield from from_markdown(WRITTEN / "performance.md")
    yield Heading(1, "指标和结果")
    met = targets()
    yield Text(f"共 {len(met)} 项，达到 {sum(one.met for one in met)} 项。")
    yield Grid(
        ("项目", "要求", "结果", "是否达到"),
        tuple((one.item, one.aim, one.result, "达到" if one.met else "未达到") for one in met),
        (5, 4, 6, 1.6),
    )
    yield from from_markdown(DOCS / "admin" / "capacity.md")
    yield from from_markdown(DOCS / "drills.md")


def security() -> Iterator[Block]:
    results = last_results()
    yield Heading(1, "安全自查表")
    yield Text("逐条列出等保三级、商用密码应用和数据安全要求的实现方式和测试结果。平台和制度承担的部分另列。")
    if not results:
        yield Text("本机没有运行测试；结果为发布前的记录（docs/security/requirements.md）。未运行的不计为通过。")
    for section, lines in groupby(security_table.lines(), key=lambda line: line.section):
        # Numbered as in the source of the requirements, of which this document has not every chapter.
        yield Heading(2, section.split(" ", 1)[1])
        yield Grid(
            ("编号", "要求", "如何满足", "结果"),
            tuple(
                (
                    line.id,
                    line.requirement,
                    line.how,
                    security_table.state_of(line, results) if results else security_table.recorded()[line.id],
                )
                for line in lines
            ),
            (1.3, 5, 6, 2),
        )
    yield Heading(1, "平台和制度承担的部分")
    yield Bullets(tuple(f"{line.id}：{line.elsewhere}" for line in security_table.lines() if line.elsewhere))


def manual() -> Iterator[Block]:
    """The pages in the order in which the first one names them."""
    first = DOCS / "manual" / "README.md"
    named = re.findall(r"\]\(([\w-]+\.md)", first.read_text(encoding="utf-8"))
    yield from pages([first, *(first.with_name(name) for name in dict.fromkeys(named))])


def deployment() -> Iterator[Block]:
    yield from pages(
        DOCS / "admin" / f"{name}.md"
        for name in (
            "install",
            "quick-install",
            "settings",
            "several-hosts",
            "containers",
            "capacity",
            "rehearsal",
            "files",
            "partners",
            "bare-machines",
        )
    )


def upkeep() -> Iterator[Block]:
    yield from pages(DOCS / "admin" / f"{name}.md" for name in ("README", "operations", "monitoring"))


def emergency() -> Iterator[Block]:
    yield from from_markdown(WRITTEN / "emergency.md")
    yield from from_markdown(DOCS / "admin" / "emergency.md")


def training() -> Iterator[Block]:
    yield from from_markdown(WRITTEN / "training.md")


def supply_chain() -> Iterator[Block]:
    yield from from_markdown(DOCS / "security" / "licences.md")


#: Every document in the order of the list, with the function that gives its contents.
CONTENTS: tuple[tuple[str, Callable[[], Iterator[Block]]], ...] = (
    ("用户需求说明书", requirements),
    ("系统概要设计说明书", outline),
    ("系统详细设计说明书", design),
    ("数据库设计说明书", database),
    ("接口规范", interfaces),
    ("应用软件功能清单", functions),
    ("需求跟踪矩阵", matrix),
    ("测试报告", test_report),
    ("性能测试报告", performance),
    ("安全自查表", security),
    ("用户使用手册", manual),
    ("系统部署文档", deployment),
    ("运行维护手册", upkeep),
    ("应急预案", emergency),
    ("培训教材", training),
    ("供应链物料清单", supply_chain),
)


def documents() -> Iterator[Document]:
    """Every document with its contents."""
    for number, (title, contents) in enumerate(CONTENTS, 1):
        yield Document(number, title, tuple(contents()))


def version() -> str:
    """The version of the product."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])

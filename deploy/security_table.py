"""The lines of the security requirements: how each is met, where, by which tests, and how those went last (`make security`)."""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from deploy.rows import LABELS, ROOT, MarkedTest, last_results, marked_tests, outcome_of

LINES = ROOT / "deploy" / "security_lines.csv"
PAGE = ROOT / "docs" / "security" / "requirements.md"
HEAD = "| 编号 | 要求 | 如何满足 | 实现位置 | 测试 | 最近结果 |"
#: More tests of one line than this are counted, not named.
SHOWN = 6

#: Lines no test shows yet, each with why. A line that has a test must leave the list.
NOT_MET: dict[str, str] = {}


@dataclass(frozen=True)
class Line:
    """A requirement; `shown_by` names other lines whose tests show this one too.

    `elsewhere` is what the product cannot do alone, and who does it; the tests show the product's part.
    """

    id: str
    section: str
    requirement: str
    how: str
    where: tuple[str, ...]
    shown_by: tuple[str, ...]
    elsewhere: str = ""


@cache
def lines() -> tuple[Line, ...]:
    with LINES.open(encoding="utf-8", newline="") as source:
        return tuple(
            Line(
                row["id"],
                row["section"],
                row["requirement"],
                row["how"],
                tuple(row["where"].split()),
                tuple(row["shown_by"].split()),
                row["elsewhere"],
            )
            for row in csv.DictReader(source)
        )


@cache
def proofs() -> dict[str, tuple[MarkedTest, ...]]:
    """The tests that carry `proves(id)`, by id."""
    found: dict[str, list[MarkedTest]] = defaultdict(list)
    for test in marked_tests("proves"):
        found[str(test.value)].append(test)
    return {name: tuple(tests) for name, tests in found.items()}


def tests_of(line: Line) -> list[MarkedTest]:
    """The tests of a line, its own first, then those of the lines that show it."""
    found: dict[str, MarkedTest] = {}
    for name in (line.id, *line.shown_by):
        for test in proofs().get(name, ()):
            found.setdefault(test.node, test)
    return list(found.values())


def gaps() -> list[str]:
    """Return lines without a running test that are not listed as unmet."""
    return [line.id for line in lines() if line.id not in NOT_MET and not any(test.runs for test in tests_of(line))]


def outlived() -> list[str]:
    """Lines listed as not met that have a test by now."""
    known = {line.id: line for line in lines()}
    return [name for name in NOT_MET if name not in known or any(test.runs for test in tests_of(known[name]))]


def unknown() -> list[str]:
    """Marks that name no line."""
    known = {line.id for line in lines()}
    return sorted({f"{test.node}: {name}" for name, tests in proofs().items() if name not in known for test in tests})


def astray() -> list[str]:
    """Places the table points to that are not in the tree."""
    return sorted({f"{line.id}: {place}" for line in lines() for place in line.where if not (ROOT / place).exists()})


def state_of(line: Line, results: dict[str, set[str]]) -> str:
    """Return a word for a line: the worst of its tests, or that it is not met."""
    if line.id in NOT_MET:
        return "未建成"
    tests = tests_of(line)
    if not tests:
        return "无测试"
    words = [outcome_of(results.get(test.node, set())) for test in tests]
    order = ("未通过", "通过", "跳过", "未运行")
    worst = next(word for word in order if word in words)
    unrun = words.count(LABELS[None])
    return f"{worst}（{unrun} 项未运行）" if worst == "通过" and unrun else worst


def page(results: dict[str, set[str]]) -> str:
    """The table of docs/security."""
    done = [state_of(line, results) for line in lines()]
    text = [
        "# 安全要求逐条对照",
        "",
        "由 `make security` 按 `deploy/security_lines.csv`、测试中的 `proves` 标记和本机最近一次测试结果生成，请勿手改。",
        "",
        f"共 {len(done)} 条：最近结果为通过的 {sum(word.startswith('通过') for word in done)} 条，"
        f"未通过 {done.count('未通过')} 条，未建成 {done.count('未建成')} 条，其余未在本机运行或无测试。",
        "",
    ]
    section = ""
    for line in lines():
        if line.section != section:
            section = line.section
            text += [*([""] if text[-1] else []), f"## {section}", "", HEAD, "|---|---|---|---|---|---|"]
        where = "<br>".join(f"[{place}](../../{place})" for place in line.where)
        cells = (line.id, line.requirement, line.how, where, _tests(line), state_of(line, results))
        text.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    text += ["", "## 平台责任与组织措施", "", "下列要求中，测试证明的是本系统承担的部分，其余由平台或制度承担。", ""]
    text += [f"- {line.id}：{line.elsewhere}" for line in lines() if line.elsewhere]
    text += ["", "## 尚未满足", ""]
    text += [f"- {name}：{why}" for name, why in NOT_MET.items()] + [f"- {name}：没有测试" for name in gaps()]
    return "\n".join(text) + "\n"


def recorded() -> dict[str, str]:
    """The results that the written page shows, by line."""
    return dict(re.findall(r"^\| (\S+) \| .* \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def _tests(line: Line) -> str:
    tests = tests_of(line)
    if not tests:
        return NOT_MET.get(line.id, "")
    own = [f"[{test.node.rsplit('::', 1)[1]}](../../{test.node.split('::', 1)[0]})" for test in tests[:SHOWN]]
    return "<br>".join([*own, *([f"等 {len(tests)} 项"] if len(tests) > SHOWN else [])])


def main() -> int:
    results = last_results()
    for line in lines():
        print(f"{line.id:<6}{state_of(line, results):<12}{len(tests_of(line)):>3} 项测试  {line.requirement}")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(results), encoding="utf-8")
    print(f"\n已写入 {PAGE.relative_to(ROOT)}")
    wrong = [
        *(f"没有测试：{name}" for name in gaps()),
        *(f"已有测试，应移出未建成清单：{name}" for name in outlived()),
        *(f"标记的编号不存在：{one}" for one in unknown()),
        *(f"实现位置不存在：{one}" for one in astray()),
    ]
    for one in wrong:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

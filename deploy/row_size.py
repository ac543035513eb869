"""Count the non-empty lines of rows 63 to 75 for docs/size.md: of certificates apart from their rules, of others whole (decision 136)."""

from __future__ import annotations

import ast
import csv
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "deploy" / "row_sources.csv"
#: Keywords of a certificate's declaration that are there for its rules: what they look up, and why it may not be.
OF_RULES = frozenset({"rules", "found", "earlier", "dependants", "known", "offers"})
PARTS = ("own", "certificate", "rules", "more")
HEAD = """
## 第63至75行

证书为表、登记和生效时的处理；规则含其查询、夜间核对和导入检查；另有为表格命令和两证同页。第72行两份证书各计一行。其余各行含规则；
三行共用的楼盘表按三分之一计。外部系统、Vue组件和样例数据不计。

| 行 | 证书 | 规则 | 另有 | 其余各行 |
|---|---:|---:|---:|---:|
"""


def row_lines() -> dict[str, dict[str, Fraction]]:
    """Return the lines of each row by part."""
    found: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    with SOURCES.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            for part, number in _counted(line["part"], ROOT / line["source"], set(line["names"].split())):
                found[line["row"]][part] += Fraction(number, int(line["shared"] or 1))
    return found


def row_page() -> str:
    """Return the part of docs/size.md about rows."""
    rows = row_lines()
    shown = [
        f"| {row} | "
        + " | ".join(f"{round(parts[part]):,}" if part in parts else "" for part in (*PARTS[1:], "own"))
        + " |"
        for row, parts in sorted(rows.items(), key=lambda one: int(one[0].split()[0]))
    ]
    whole = [parts["own"] for parts in rows.values() if "own" in parts]
    return HEAD + "\n".join([*shown, f"| 平均 | | | | {round(sum(whole) / len(whole)):,} |"]) + "\n"


def _counted(part: str, path: Path, names: set[str]) -> Iterator[tuple[str, int]]:
    """Yield the lines of a module, or of its named definitions, by part; a kind's are divided."""
    text = path.read_text(encoding="utf-8")
    body, lines = ast.parse(text).body, text.splitlines()
    if part == "kind":
        of_certificate = _reached(body)
        for node in body:
            yield "certificate" if node in of_certificate else "rules", _lines(lines, node)
    elif names:
        yield (
            "certificate" if part == "table" else part,
            sum(_lines(lines, one) for one in body if _defined(one) & names),
        )
    else:
        yield part, sum(bool(line.strip()) for line in lines)


def _reached(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements that a declaration needs other than by keywords of its rules, and the module's docstring."""
    known = {name: node for node in body for name in _defined(node)}
    found: list[ast.stmt] = [node for node in body if isinstance(node, ast.Expr)]
    ahead: list[ast.stmt] = [
        node for node in body if isinstance(node, ast.Assign) and "kept(" in ast.unparse(node)[:60]
    ]
    while ahead:
        node = ahead.pop()
        if node not in found:
            found.append(node)
            ahead += [known[name] for name in _named(node) if name in known]
    return found


def _named(node: ast.AST) -> Iterator[str]:
    for inner in ast.iter_child_nodes(node):
        if not (isinstance(inner, ast.keyword) and inner.arg in OF_RULES):
            if isinstance(inner, ast.Name):
                yield inner.id
            yield from _named(inner)


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {one.asname or one.name for one in node.names}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}


def _lines(lines: list[str], node: ast.stmt) -> int:
    """Count a statement with its decorators and the comment above it."""
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    return sum(bool(line.strip()) for line in lines[first - 1 : node.end_lineno])

"""Count the non-empty lines of source by package, without tests and migrations, and write docs/size.md: `make size`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from deploy.row_size import row_page

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "size.md"
#: Packages that are shown by their sub-packages.
BY_AREA = ("services", "ui", "integrations")
WHOLE = ("models", "printing", "deploy")
#: Made by a tool, or data.
LEFT_OUT = ("deploy/alembic/versions/", "deploy/data/")
HEAD = """# 源代码规模

由 `make size` 生成，请勿手改。非空行数，按包；不含测试、数据库迁移和样例数据。

| 包 | 非空行 |
|---|---:|
"""


def count() -> Counter[str]:
    """Non-empty lines of each package."""
    lines: Counter[str] = Counter()
    for path in sources():
        lines[package_of(path)] += sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return lines


def sources() -> list[Path]:
    found = [path for package in (*BY_AREA, *WHOLE) for path in sorted((ROOT / package).rglob("*.py"))]
    kept = [path for path in found if not path.relative_to(ROOT).as_posix().startswith(LEFT_OUT)]
    return [*kept, ROOT / "main.py"]


def package_of(path: Path) -> str:
    """`services/tenancy`, `ui` for a module right below it, `models`."""
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[:2]) if parts[0] in BY_AREA and len(parts) > 2 else parts[0].removesuffix(".py")


def page(lines: Counter[str]) -> str:
    tops: Counter[str] = Counter()
    for package, number in lines.items():
        tops[package.split("/")[0]] += number
    shown = []
    for top in (*BY_AREA, *WHOLE, "main"):
        shown.append(f"| **{top}** | **{tops[top]:,}** |")
        inner = [(package, number) for package, number in lines.items() if package.startswith(f"{top}/")]
        shown += [f"| {package} | {number:,} |" for package, number in sorted(inner)]
    return HEAD + "\n".join([*shown, f"| **合计** | **{lines.total():,}** |"]) + "\n"


def main() -> None:
    lines = count()
    PAGE.write_text(page(lines) + row_page(), encoding="utf-8")
    for package, number in sorted(lines.items()):
        print(f"{number:8,}  {package}")
    print(f"{lines.total():8,}  合计")


if __name__ == "__main__":
    main()
